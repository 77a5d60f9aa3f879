//! Answers that come before the body is sent: heard at once, whatever the server does then.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::support::{Ended, Home};

/// Answers with these bytes when the head is complete, then does as `after` says.
fn post_to(response: &'static str, after: fn(TcpStream)) -> (Ended, Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
            head.push(byte[0]);
        }
        for piece in response.split('|') {
            stream.write_all(piece.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(50));
        }
        after(stream);
    });
    let home = Home::empty()
        .var("APICALL_URL", format!("http://{address}/MAAS"))
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
    home.file("big", vec![0; 8 << 20]);
    let started = Instant::now();
    let ended = home.run(&["post", "/files/", "--body", "@big", "Content-Type:a/b"]);
    (ended, started.elapsed())
}

const REFUSAL: &str = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!";

#[test]
fn a_refusal_is_heard_without_the_body() {
    let keep_open: fn(TcpStream) = |stream| {
        std::thread::sleep(Duration::from_secs(40));
        drop(stream);
    };
    let close: fn(TcpStream) = drop;
    for (response, after) in [
        (REFUSAL, keep_open),
        (REFUSAL, close),
        (
            "HTTP/1.1 413 Too |Large\r\nContent-Length: 3\r\n\r\n|no!",
            keep_open,
        ),
    ] {
        let (ended, took) = post_to(response, after);
        ended.fails(4, "413 Too Large: no!");
        assert!(took < Duration::from_secs(30), "{took:?}");
    }
}

#[test]
fn a_refusal_after_a_part_of_the_body_is_heard() {
    // Says that it wants the body, reads some of it, refuses and hangs up.
    let (ended, _) = post_to("HTTP/1.1 100 Continue\r\n\r\n", |mut stream| {
        let mut some = vec![0; 100_000];
        stream.read_exact(&mut some).unwrap();
        stream.write_all(REFUSAL.as_bytes()).unwrap();
    });
    ended.fails(4, "413 Too Large");
}

/// Reads a head from a connection, without its empty line.
fn head_of(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

#[test]
fn a_refused_expectation_is_left_out() {
    const REFUSAL: &str = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n";
    let big = vec![7; 3 << 20];
    for (args, stdin, late) in [
        (
            ["post", "/files/", "--body", "@big", "Content-Type:a/b"],
            false,
            false,
        ),
        (
            ["put", "/files/", "--body", "@big", "Content-Type:a/b"],
            false,
            true,
        ),
        // Nothing was read of it yet.
        (
            ["post", "/files/", "--body", "-", "Content-Type:a/b"],
            true,
            false,
        ),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let first = head_of(&mut stream);
            if late {
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
                stream.read_exact(&mut vec![0; 100_000]).unwrap();
            }
            stream.write_all(REFUSAL.as_bytes()).unwrap();
            drop(stream);
            let (mut stream, _) = listener.accept().unwrap();
            let second = head_of(&mut stream);
            let mut body = vec![0; 3 << 20];
            if second.contains("chunked") {
                let mut all = Vec::new();
                while !all.ends_with(b"\r\n0\r\n\r\n") {
                    let n = stream.read(&mut body).unwrap();
                    all.extend_from_slice(&body[..n]);
                }
                all.retain(|b| *b == 7);
                assert_eq!(all.len(), 3 << 20);
            } else {
                stream.read_exact(&mut body).unwrap();
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
                .unwrap();
            (first, second)
        });
        let home = Home::empty()
            .var("APICALL_URL", format!("http://{address}/MAAS"))
            .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
        home.file("big", &big);
        let ended = home.run_with(&args, if stdin { &big } else { b"" });
        assert_eq!(ended.code(0).stdout(), "OK");
        let (first, second) = server.join().unwrap();
        assert!(first.contains("Expect: 100-continue") || first.contains("expect: 100-continue"));
        assert!(!second.to_lowercase().contains("expect:"), "{second}");
        assert_ne!(
            first.lines().find(|l| l.contains("OAuth")),
            second.lines().find(|l| l.contains("OAuth")),
            "signed anew"
        );
    }
}

#[test]
fn hints_before_the_answer_are_passed_over() {
    // A 103 is neither the response nor the word that the body is wanted.
    const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
    const REFUSED: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
                           HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!";
    for (before, piece) in [
        ([HINTS, "HTTP/1.1 100 Continue\r\n\r\n"].concat(), 999),
        ([HINTS, HINTS].concat(), 999),
        (["HTTP/1.1 100 Continue\r\n\r\n", HINTS].concat(), 999),
        // Heads come in pieces, too.
        (
            [HINTS, "HTTP/1.1 100 Continue\r\n\r\n"].concat(),
            HINTS.len() - 2,
        ),
        ([HINTS, HINTS].concat(), 11),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            head_of(&mut stream);
            stream.set_nodelay(true).unwrap();
            for piece in before.as_bytes().chunks(piece) {
                stream.write_all(piece).unwrap();
                std::thread::sleep(Duration::from_millis(20));
            }
            stream.read_exact(&mut vec![0; 3 << 20]).unwrap();
            stream.write_all(HINTS.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(50));
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
                .unwrap();
        });
        let home = Home::empty()
            .var("APICALL_URL", format!("http://{address}/MAAS"))
            .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
        home.file("big", vec![7; 3 << 20]);
        let ended = home.run(&[
            "post",
            "/files/",
            "--body",
            "@big",
            "Content-Type:a/b",
            "-i",
            "--timeout",
            "20s",
        ]);
        let ended = ended.code(0);
        assert!(ended.stdout().starts_with("HTTP/1.1 200 OK\n"), "{ended:?}");
    }
    // A refusal behind them is heard without the body, though the server keeps the connection.
    let (ended, took) = post_to(REFUSED, |stream| {
        std::thread::sleep(Duration::from_secs(40));
        drop(stream);
    });
    ended.fails(4, "413 Too Large: no!");
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[test]
fn hints_for_ever_are_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        head_of(&mut stream);
        // Ends when the client goes.
        while stream
            .write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            .is_ok()
        {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let home = Home::empty()
        .var("APICALL_URL", format!("http://{address}/MAAS"))
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
    let started = Instant::now();
    home.run(&["get", "/machines/", "--timeout", "1s"])
        .fails(6, "timed out");
    assert!(started.elapsed() < Duration::from_secs(40));
}

#[test]
fn a_refused_expectation_where_the_input_is_gone() {
    // Standard input can be read once.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        head_of(&mut stream);
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
        stream.read_exact(&mut vec![0; 2 << 20]).unwrap();
        stream
            .write_all(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
            .unwrap();
        std::thread::sleep(Duration::from_secs(1));
    });
    let home = Home::empty()
        .var("APICALL_URL", format!("http://{address}/MAAS"))
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
    let ended = home.run_with(
        &["post", "/files/", "--body", "-", "Content-Type:a/b"],
        &vec![7; 3 << 20],
    );
    let ended = ended.fails(4, "417 Expectation Failed");
    assert!(ended.stderr.contains("`Expect:`"), "{ended:?}");
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_an_error() {
    for (len, what) in [(1 << 20, "shorter"), (6 << 20, "longer")] {
        let home = Home::empty();
        let file = home.file("image", vec![7; 4 << 20]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
                head.push(byte[0]);
            }
            // The length has been promised; now the file becomes another.
            let file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
            file.set_len(len).unwrap();
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
            std::io::copy(&mut stream, &mut std::io::sink()).unwrap_or_default()
        });
        let home = home
            .var("APICALL_URL", format!("http://{address}/MAAS"))
            .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
        home.run(&["put", "/files/", "--body", "@image", "Content-Type:a/b"])
            .fails(1, "a file changed while it was sent");
        assert!(server.join().unwrap() <= 4 << 20, "{what}");
    }
}
