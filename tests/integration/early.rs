//! Answers that come before the body is sent: heard at once, whatever the server does then.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::support::{Ended, Home};

/// Answers with these bytes when the head is complete, then does as `after` says.
fn post_to(answer: &'static str, after: fn(TcpStream)) -> (Ended, Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
            head.push(byte[0]);
        }
        for piece in answer.split('|') {
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
    let ended = home.run(&["post", "/files/", "--body", "@big"]);
    (ended, started.elapsed())
}

const REFUSAL: &str = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!";

#[test]
fn a_refusal_is_heard_without_the_body() {
    let keep_open: fn(TcpStream) = |stream| {
        std::thread::sleep(Duration::from_secs(8));
        drop(stream);
    };
    let close: fn(TcpStream) = drop;
    for (answer, after) in [
        (REFUSAL, keep_open),
        (REFUSAL, close),
        (
            "HTTP/1.1 413 Too |Large\r\nContent-Length: 3\r\n\r\n|no!",
            keep_open,
        ),
    ] {
        let (ended, took) = post_to(answer, after);
        ended.fails(4, "413 Too Large: no!");
        assert!(took < Duration::from_secs(4), "{took:?}");
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
        home.run(&["put", "/files/", "--body", "@image"])
            .fails(1, "a file changed while it was sent");
        assert!(server.join().unwrap() <= 4 << 20, "{what}");
    }
}
