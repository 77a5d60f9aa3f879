//! CONTRACT: "Printing starts with the first bytes; memory does not grow with the answer", and
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

/// What no call may need, in KiB. The program itself takes 11 MiB of it in a debug build; an answer
/// that was kept in memory would take 16 MiB more.
const MOST: u64 = 18 * 1024;

const MIB: usize = 1024 * 1024;

/// The peak of a process's resident memory in KiB.
fn peak(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let line = line.expect("the process still runs");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A server of one long answer: `[`, one element again and again, and `0]` once it is told to end.
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
    assert_eq!(copied, length as u64, "the answer is whole");
}

#[test]
fn a_large_answer_needs_no_memory_and_is_seen_from_its_start() {
    for (flags, content_type, length, start) in [
        (
            "",
            "application/json",
            16 * MIB,
            "[\n  {\n    \"system_id\": ",
        ),
        (
            "-o compact",
            "application/json",
            16 * MIB,
            "[{\"system_id\":\"4y3h7n\",",
        ),
        ("-o raw", "application/json", 64 * MIB, "[{\"system_id\": "),
        ("", "text/plain", 64 * MIB, "[{\"system_id\": "),
    ] {
        let fountain = Fountain::start(length, content_type);
        let home = Home::empty()
            .var("APICALL_URL", &fountain.url)
            .var("APICALL_KEY", "tenant.name.0123456789abcdef")
            .var("APICALL_SERVICE", "macrometa");
        let mut child = home.spawn(&words(&format!("get /x {flags}")));
        let mut stdout = BufReader::with_capacity(MIB, child.stdout.take().unwrap());
        let mut first = vec![0; start.len()];
        stdout.read_exact(&mut first).unwrap();
        assert_eq!(String::from_utf8(first).unwrap(), start, "{flags}");
        // All but the end, which the server holds back: each form prints at least this much of it.
        skip(&mut stdout, length / 2);
        let peak = peak(&child);
        assert!(peak < MOST, "{peak} KiB for {length} bytes ({flags})");
        fountain.release.send(()).unwrap();
        let mut rest = Vec::new();
        stdout.read_to_end(&mut rest).unwrap();
        let end: String = String::from_utf8_lossy(&rest[rest.len() - 8..]).into();
        let end: String = end.split_whitespace().collect();
        assert!(end.ends_with(",0]"), "{end}");
        assert!(child.wait().unwrap().success(), "{flags}");
        fountain.thread.join().unwrap();
    }
}

/// A packed answer is unpacked as it comes.
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
