//! CONTRACT: "Printing starts with the first bytes; memory does not grow with the response", and
//! files are streamed from disk.
//!
//! The peak of the process's memory is read from `/proc` while its last bytes are held back.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::sandbox::{Effect, Fault, Options, Sandbox};
use crate::support::Home;
use crate::typed::words;

/// What no call may need, in KiB. The program itself takes up to 16 MiB of it in a debug build; the
/// answers and bodies here are larger than the rest.
const MOST: u64 = 24 * 1024;

const MIB: usize = 1024 * 1024;

/// The peak of a process's resident memory in KiB.
fn peak(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let line = line.expect("the process still runs");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A server of one long response: `[`, one element again and again, and `0]` once it is to end.
struct Fountain {
    url: String,
    release: Sender<()>,
    thread: JoinHandle<()>,
}

const ELEMENT: &str = "{\"system_id\": \"4y3h7n\", \"tags\": [\"gpu\", \"nvme\"], \"n\": 1.10},";

impl Fountain {
    fn start(length: usize, content_type: &'static str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (release, released) = channel();
        let thread = std::thread::spawn(move || {
            // A client that goes away early is the test's own doing.
            let _ = serve(&listener, length, content_type, &released);
        });
        Self {
            url,
            release,
            thread,
        }
    }
}

fn serve(
    listener: &TcpListener,
    length: usize,
    content_type: &str,
    released: &Receiver<()>,
) -> std::io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut request = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        request.read_line(&mut line)?;
    }
    let block = ELEMENT.repeat(MIB / ELEMENT.len());
    let blocks = length / block.len();
    let whole = blocks * block.len() + "[0]".len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {whole}\r\n\r\n["
    )?;
    for _ in 0..blocks {
        stream.write_all(block.as_bytes())?;
    }
    let _ = released.recv();
    stream.write_all(b"0]")
}

/// Reads `length` bytes and looks at them no further.
fn skip(from: &mut impl Read, length: usize) {
    let copied = std::io::copy(&mut from.take(length as u64), &mut std::io::sink()).unwrap();
    assert_eq!(copied, length as u64, "the response is whole");
}

/// A form, how its output of a fountain starts, and how it ends but for blanks.
const FORMS: &[(&str, &str, &str)] = &[
    ("", "[\n  {\n    \"system_id\": ", "},0]"),
    ("-o compact", "[{\"system_id\":\"4y3h7n\",", "},0]"),
    ("-o raw", "[{\"system_id\": ", "},0]"),
    ("-o ndjson", "{\"system_id\":\"4y3h7n\",", "}0"),
    ("-o csv", "system_id,tags,n\n4y3h7n,\"[\"\"gpu\"\"", ",,"),
    ("-o tsv", "system_id\ttags\tn\n4y3h7n\t[\"gpu", "1.10"),
    ("-o table", "SYSTEM_ID     N\n4y3h7n     1.10\n", "1.10"),
    (
        "--columns n,system_id",
        "   N  SYSTEM_ID\n1.10  4y3h7n\n",
        "4y3h7n",
    ),
];

fn home_of(fountain: &Fountain) -> Home {
    Home::empty()
        .var("APICALL_URL", &fountain.url)
        .var("APICALL_KEY", "tenant.name.0123456789abcdef")
        .var("APICALL_SERVICE", "macrometa")
}

#[test]
fn a_large_answer_needs_no_memory_and_is_seen_from_its_start() {
    let json = FORMS.iter().map(|form| ("application/json", form));
    let text = ("text/plain", &("", "[{\"system_id\": ", "},0]"));
    for (content_type, (flags, start, end)) in json.chain([text]) {
        let length = match (*flags, content_type) {
            ("-o raw", _) | (_, "text/plain") => 64 * MIB,
            ("" | "-o compact", _) => 16 * MIB,
            _ => 12 * MIB,
        };
        let fountain = Fountain::start(length, content_type);
        let home = home_of(&fountain);
        let mut child = home.spawn(&words(&format!("get /x {flags}")));
        let mut stdout = BufReader::with_capacity(MIB, child.stdout.take().unwrap());
        let mut first = vec![0; start.len()];
        stdout.read_exact(&mut first).unwrap();
        assert_eq!(String::from_utf8(first).unwrap(), *start, "{flags}");
        // All but the end, which the server holds back: each form prints at least this much of it.
        skip(&mut stdout, length / 5);
        let peak = peak(&child);
        assert!(peak < MOST, "{peak} KiB for {length} bytes ({flags})");
        fountain.release.send(()).unwrap();
        let mut rest = Vec::new();
        stdout.read_to_end(&mut rest).unwrap();
        let last: String = String::from_utf8_lossy(&rest[rest.len() - 32..]).into();
        let last: String = last.split_whitespace().collect();
        assert!(last.ends_with(end), "{flags}: {last}");
        assert!(child.wait().unwrap().success(), "{flags}");
        fountain.thread.join().unwrap();
    }
}

/// A limit of the address space holds whatever is allocated, and when. `APICALL_BIG=1` sends 1 GB
/// through every form, which takes minutes without optimisation.
#[test]
fn a_huge_answer_fits_a_small_address_space() {
    let is_big = std::env::var_os("APICALL_BIG").is_some();
    let length = if is_big { 1_000_000_000 } else { 32 * MIB };
    for (flags, ..) in FORMS {
        if !is_big && !["-o raw", "-o ndjson", "-o csv", "-o table"].contains(flags) {
            continue;
        }
        let fountain = Fountain::start(length, "application/json");
        let home = home_of(&fountain);
        fountain.release.send(()).unwrap();
        let apicall = home.command(&[""]).get_program().to_owned();
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -v $0 && exec \"$@\""])
            .arg(ADDRESS_SPACE.to_string())
            .arg(apicall)
            .args(words(&format!("get /x {flags}")))
            .env_clear()
            .envs(
                home.command(&[""])
                    .get_envs()
                    .filter_map(|(k, v)| Some((k, v?))),
            )
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let printed = std::io::copy(&mut stdout, &mut std::io::sink()).unwrap();
        assert!(child.wait().unwrap().success(), "{flags}");
        assert!(
            usize::try_from(printed).unwrap() > length / 5,
            "{printed} bytes of {flags}"
        );
        fountain.thread.join().unwrap();
    }
}

/// What a run with a limited address space has, in KiB. The program itself takes 28 MiB of it in a
/// debug build; a response that was kept would not fit into the rest.
const ADDRESS_SPACE: u64 = 44 * 1024;

/// `| head -1`
#[test]
fn a_reader_that_goes_away_ends_a_large_answer_quietly() {
    for (flags, ..) in FORMS {
        let fountain = Fountain::start(64 * MIB, "application/json");
        let home = home_of(&fountain);
        let mut child = home.spawn(&words(&format!("get /x {flags}")));
        let mut line = Vec::new();
        let mut stdout = BufReader::with_capacity(64, child.stdout.take().unwrap());
        // `-o compact` and `-o raw` have no line that ends.
        let mut start = stdout.by_ref().take(64);
        start.read_until(b'\n', &mut line).unwrap();
        assert!(!line.is_empty(), "{flags}");
        drop(stdout);
        // The server has not sent all: the end does not wait for it.
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{flags}: {ended:?}");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{flags}");
        drop(fountain);
    }
}

/// A packed response is unpacked as it comes.
#[test]
fn a_packed_answer_needs_no_memory() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let bomb = crate::sandbox::Gzip::Bomb(24 * MIB as u64);
    let body = Fault::body(200, "application/json", "").and(Effect::Gzip(bomb));
    // The whole string is printed before the last piece of the body is missed.
    sandbox.fault(body);
    let mut child = home.spawn(&words("get x"));
    let mut stdout = child.stdout.take().unwrap();
    skip(&mut stdout, 20 * MIB);
    let peak = peak(&child);
    assert!(peak < MOST, "{peak} KiB");
    skip(&mut stdout, 4 * MIB + "\"\"\n".len());
    assert!(child.wait().unwrap().success());
}

/// 200 MB as a part and as a body: read from disk as they are sent, with their length known.
#[test]
fn a_large_file_is_streamed() {
    const SIZE: u64 = 200_000_000;
    let sandbox = Sandbox::with(Options {
        maas_body_limit: u64::MAX,
        record_limit: MIB,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    let file = home.file("image", "");
    // A file with a hole: it reads as zeros and takes no room.
    File::options()
        .write(true)
        .open(&file)
        .unwrap()
        .set_len(SIZE)
        .unwrap();
    for line in [
        "post files filename=x file@image",
        "put x --body @image -p play",
        "put document/addresses/a1 --body @image -p play",
    ] {
        sandbox.forget_requests();
        sandbox.fault(Fault::from(Effect::StallBeforeHead).times(1));
        let mut child = home.spawn(&words(line));
        let request = until(&mut child, || {
            let last = sandbox.requests().pop();
            last.filter(|request| request.complete)
        });
        assert!(request.body_length >= SIZE, "{line}");
        let length = request.header("content-length").unwrap();
        assert_eq!(length, request.body_length.to_string(), "{line}");
        let peak = peak(&child);
        assert!(peak < MOST, "{peak} KiB: {line}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// Waits until something is there while a process runs.
fn until<T>(child: &mut Child, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = look() {
            return found;
        }
        let running = child.try_wait().unwrap().is_none();
        assert!(running && Instant::now() < end, "nothing came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Its length is not known, so it goes out in chunks.
#[test]
fn standard_input_is_streamed() {
    let sandbox = Sandbox::with(Options {
        record_limit: MIB,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::from(Effect::StallBeforeHead));
    let mut zeros = Command::new("head")
        .args(["-c", "64000000", "/dev/zero"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut child = home
        .command(&words("post x - -p play"))
        .stdin(zeros.stdout.take().unwrap())
        .spawn()
        .unwrap();
    let request = until(&mut child, || {
        sandbox.requests().pop().filter(|request| request.complete)
    });
    assert_eq!(request.body_length, 64_000_000);
    assert_eq!(request.header("transfer-encoding"), Some("chunked"));
    let peak = peak(&child);
    assert!(peak < MOST, "{peak} KiB");
    child.kill().unwrap();
    child.wait().unwrap();
    zeros.wait().unwrap();
}
