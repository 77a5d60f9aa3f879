//! CONTRACT: what is held in memory whole has a limit and an error that names it; nothing ends in a
//! panic. A table of hostile input by kinds, whose counts are printed.

#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;
use crate::typed::words;

const MIB: usize = 1024 * 1024;

/// What a run may take of address space, in KiB: the stack that filters have is reserved in it.
const ADDRESS_SPACE: usize = 3 * 1024 * 1024;

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A JSON text of many bytes in few: start, one block again and again, end.
fn bomb(start: &str, block: &str, end: &str) -> Vec<u8> {
    let block = packed(block.repeat(MIB / block.len()).as_bytes());
    [
        packed(start.as_bytes()),
        block.repeat(72),
        packed(end.as_bytes()),
    ]
    .concat()
}

/// Answers every request with the same bytes.
fn serve(body: Vec<u8>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that has had enough hangs up.
            let _ = respond(&stream, &body);
        }
    });
    url
}

fn respond(mut stream: &TcpStream, body: &[u8]) -> std::io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while line != "\r\n" {
        line.clear();
        request.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    std::io::copy(&mut request.take(length), &mut std::io::sink())?;
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

/// Runs in a small address space; gives stderr and exit status.
fn run_small(home: &Home, line: &str) -> (String, i32) {
    let own = home.command(&[""]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -v $0 && exec \"$@\""])
        .arg(ADDRESS_SPACE.to_string())
        .arg(own.get_program())
        .args(words(line))
        .env_clear()
        .envs(own.get_envs().filter_map(|(k, v)| Some((k, v?))))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let ended = command.spawn().unwrap().wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&ended.stderr).into_owned();
    (stderr, ended.status.code().unwrap_or(-1))
}

#[test]
fn what_is_held_whole_has_a_limit_that_is_named() {
    let string = bomb("[{\"a\":\"", "xxxxxxxx", "\"}]");
    let top = bomb("\"", "xxxxxxxx", "\"");
    let object = bomb("{\"x\":\"", "xxxxxxxx", "\"}");
    let rows = bomb(
        "[0",
        ",{\"a\":\"0123456789012345678901234567890123456789\"}",
        "]",
    );
    let lists = bomb("[[[]", ",[]", "]]");
    let tiny = bomb("[0", ",{\"a\":1}", "]");
    let page = bomb("{\"hasMore\":false,\"result\":[0", ",0", "]}");
    let mut count = 0;
    for (body, lines) in [
        (
            &string,
            &[
                "get /x --each --jq .b",
                "get /x --jq length",
                "get /x -o csv",
                "get /x -o tsv",
                "get /x -o table",
                "get /x --columns a",
                "get /x -o csv --columns a,a",
                "get /x -o ndjson --sort a",
                "get /x -o yaml",
                "wait /x --until .a",
            ][..],
        ),
        (&top, &["get /x -r"]),
        (&object, &["get /x -o ndjson", "get /x -o csv"]),
        (
            &rows,
            &["get /x -o table --sort a", "get /x -o ndjson --sort a"],
        ),
        (&lists, &["get /x --each --jq length", "get /x -o csv"]),
        (&tiny, &["get /x --jq length", "wait /x --until .a"]),
        (&page, &["query RETURN+1", "export c"]),
    ] {
        assert!(body.len() < 2 * MIB, "{} bytes", body.len());
        let home = Home::empty()
            .var("APICALL_URL", serve(body.clone()))
            .var("APICALL_KEY", "tenant.name.0123456789abcdef")
            .var("APICALL_SERVICE", "macrometa");
        count += refused_by_size(&home, lines);
    }
    let events = bomb(
        "{\"count\":1,\"events\":[{\"id\":1,\"hostname\":\"",
        "xxxxxxxx",
        "\"}]}",
    );
    let many = bomb("{\"count\":1,\"events\":[0", ",{\"a\":1}", "]}");
    let images = bomb("[{}", ",{\"a\":1}", "]");
    let description = bomb(
        "{\"hash\":\"a\",\"resources\":[{\"name\":\"",
        "xxxxxxxx",
        "\"}]}",
    );
    for (body, lines) in [
        (
            &events,
            &["events", "get /events/ --op query --paginate"][..],
        ),
        (&many, &["events"]),
        (
            &images,
            &["upload-image Cargo.toml name=a architecture=a/b"],
        ),
        (&description, &["ops"]),
        (&string, &["wait --for ready abc", "get /machines/@n/"]),
    ] {
        let home = Home::empty()
            .var("APICALL_URL", format!("{}/MAAS", serve(body.clone())))
            .var("APICALL_KEY", "consumer:token:secret")
            .var("APICALL_SERVICE", "maas");
        count += refused_by_size(&home, lines);
    }
    println!("memory: {count} ways to hold 72 MiB out of 2 MB, all refused by name");
}

/// Runs calls that would hold too much, and returns how many they are.
fn refused_by_size(home: &Home, lines: &[&str]) -> usize {
    for line in lines {
        let (stderr, code) = run_small(home, line);
        assert_eq!(code, 1, "{line}: {stderr}");
        assert!(
            [
                "larger than 64 MiB",
                "longer than 64 MiB",
                "more than 512 MiB of memory",
                "more than 100000 events",
                "more than 2097152 values",
            ]
            .iter()
            .any(|limit| stderr.contains(limit)),
            "{line}: {stderr}"
        );
    }
    lines.len()
}

#[test]
fn nothing_ends_in_a_panic() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let mut count = 0;
    let mut check = |home: &Home, args: &[&str], want: &[i32]| {
        let ended = home.run_with(args, b"{\"a\":1}\n{\"a\":2}\n");
        let shown: String = args.join(" ").chars().take(100).collect();
        assert!(!ended.stderr.contains("a bug"), "{shown}: {}", ended.stderr);
        assert!(want.contains(&ended.code), "{shown}: {ended:#?}");
        count += 1;
    };
    // Nesting of one's own.
    let deep = format!("a{}=1", "[b]".repeat(40_000));
    check(&home, &["post", "document/x", &deep, "-p", "play"], &[2]);
    let lists = format!("a:={}{}", "[".repeat(60_000), "]".repeat(60_000));
    check(
        &home,
        &["post", "document/x", &lists, "-p", "play", "--dry-run"],
        &[0, 2],
    );
    // Durations near the largest integer.
    for time in [
        "18446744073709551615",
        "18446744073709551615s",
        "9223372036854775807ms",
        "1e300",
    ] {
        check(&home, &["get", "/x", "--timeout", time], &[2]);
        check(
            &home,
            &["wait", "/x", "--until", ".a", "--timeout", time],
            &[2],
        );
    }
    for time in [
        "18446744073709551615",
        "9223372036854775807",
        "99999999999999999999",
    ] {
        sandbox.fault(Fault::status(503).retry_after(time));
        check(&home, &["get", "/tags/"], &[5]);
        sandbox.fault(Fault::status(429).retry_after(time));
        check(&home, &["post", "/tags/", "name=x"], &[4]);
    }
    // Nesting of the server's.
    let deep = packed(&b"[".repeat(4 * MIB));
    let far = Home::empty()
        .var("APICALL_URL", serve(deep))
        .var("APICALL_KEY", "tenant.name.0123456789abcdef")
        .var("APICALL_SERVICE", "macrometa");
    for flags in [
        "-o compact",
        "-o yaml",
        "-o csv",
        "-o table",
        "--jq .",
        "--each --jq .",
        "--sort a -o ndjson",
    ] {
        let line = format!("get /x {flags}");
        let ended = far.run(&words(&line));
        assert!(!ended.stderr.contains("a bug"), "{line}: {}", ended.stderr);
        assert!([1, 7].contains(&ended.code), "{line}: {}", ended.stderr);
        count += 1;
    }
    // Columns wider than formatters of the language take.
    let wide = Home::empty();
    let long = "x".repeat(70_000);
    wide.write_config(&format!(
        "[profiles.a]\nservice = \"maas\"\nurl = \"http://127.0.0.1:1/{long}\"\n[profiles.b]\nservice = \"maas\"\nurl = \"http://127.0.0.1:1/MAAS\"\n"
    ));
    let ended = wide.run(&["profile", "list"]).ok();
    assert!(ended.stdout().contains(&long));
    println!("panics: {} ways to bring one about, none did", count + 1);
}

/// A thread whose stack does not fit is one that cannot be made.
#[test]
fn threads_that_can_not_be_made_are_errors() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox).var("RUST_MIN_STACK", "70368744177664");
    let mut count = 0;
    let url = sandbox.url().replace("127.0.0.1", "localhost");
    for (args, want) in [
        (&["get", "/tags/"][..], &[0][..]),
        (
            &[
                "query",
                "FOR a IN addresses RETURN a",
                "-p",
                "play",
                "--batch-size",
                "1",
            ],
            &[0, 1],
        ),
        (&["import", "addresses", "-", "-p", "play"], &[1]),
        (&["doctor"], &[0, 1]),
        (&["get", "/events/", "--op", "query", "--paginate"], &[0, 1]),
        (
            &[
                "login",
                &url,
                "--service",
                "maas",
                "-p",
                "new",
                "--key-stdin",
            ],
            &[1, 7, 9],
        ),
    ] {
        let ended = home.run_with(args, b"{\"a\":1}\n{\"a\":2}\n");
        assert!(!ended.stderr.contains("a bug"), "{args:?}: {ended:#?}");
        assert!(want.contains(&ended.code), "{args:?}: {ended:#?}");
        if ended.code == 1 {
            let all = format!("{}{}", ended.stdout(), ended.stderr);
            assert!(
                all.contains("a thread could not be started"),
                "{args:?}: {all}"
            );
        }
        count += 1;
    }
    println!("threads: {count} commands without any more, each ended with its code");
}
