//! Responses whose end two readers could see in two places, or that are no proper HTTP: each is
//! refused by name, once, with exit code 7.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;

#[test]
fn odd_responses_are_refused_by_name() {
    let head = |headers: &str| format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n[]");
    let chunks =
        |body: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (response, want) in [
        (
            head("X-Folded: a\r\n b\r\nContent-Length: 2"),
            "the response's header `X-Folded` is folded over two lines",
        ),
        (
            "HTTP/1.1 200 OK\nContent-Length: 2\n\n[]".to_owned(),
            "a line of the response's headers ends in LF alone",
        ),
        (
            head("X: a\0b\r\nContent-Length: 2"),
            "the response's headers hold a NUL",
        ),
        (
            head("X: a\x1b[2J\r\nContent-Length: 2"),
            "the response's header `X` holds a control character",
        ),
        (
            head("Content-Length : 2"),
            "a header of the response has a blank before its colon",
        ),
        (
            head("Content-Length: 2\r\nContent-Length: 3"),
            "the response has two `Content-Length`s that differ",
        ),
        (
            head("Content-Length: -2"),
            "the response's `Content-Length` is not a length",
        ),
        (
            head("Content-Length: 2\r\nTransfer-Encoding: chunked"),
            "the response has both `Content-Length` and `Transfer-Encoding`",
        ),
        (
            head("Transfer-Encoding: gzip, chunked"),
            "the response's `Transfer-Encoding` is not `chunked` alone: `gzip, chunked`",
        ),
        (
            head("Content-Encoding: gzip, gzip\r\nContent-Length: 2"),
            "the response's `Content-Encoding` is more than one: `gzip, gzip`",
        ),
        (
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n".to_owned(),
            "the response is HTTP/1.0, which has no `Transfer-Encoding`",
        ),
        (
            chunks("2\n[]\n0\n\n"),
            "a line between the response's chunks ends in LF alone",
        ),
        (
            chunks("-2\r\n[]\r\n0\r\n\r\n"),
            "a chunk of the response has a negative size",
        ),
        (
            chunks("two\r\n[]\r\n0\r\n\r\n"),
            "the size of a chunk of the response is not a hexadecimal number",
        ),
        (
            chunks("ffffffffffffffff\r\n[]\r\n0\r\n\r\n"),
            "a chunk of the response is larger than any can be",
        ),
        (
            chunks("2\r\n[]]\r\n0\r\n\r\n"),
            "a chunk of the response is longer than it says",
        ),
        (
            chunks(&format!(
                "2\r\n[]\r\n0\r\n{}\r\n",
                "X: y\r\n".repeat(20_000)
            )),
            "the response's trailers are longer than 64 KiB",
        ),
        (
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(101) + &head("Content-Length: 2"),
            "the server sent more than 100 interim responses (1xx)",
        ),
    ] {
        sandbox.forget_requests();
        sandbox.fault(Fault::raw(response.as_bytes()));
        let ended = home.run(&["get", "/tags/"]).code(7);
        let lines: Vec<_> = ended.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "a line and a hint: {ended:?}");
        assert!(lines[0].starts_with("apicall: lab: GET "), "{ended:?}");
        assert!(lines[0].contains(want), "{want}: {ended:?}");
        assert_eq!(sandbox.requests().len(), 1, "no retry helps: {want}");
    }
}

#[test]
fn what_is_unusual_and_proper_is_read() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n[]",
        "HTTP/1.1 200\r\nContent-Length: 2\r\nX-Empty:\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n02;a=b\r\n[]\r\n000\r\nX: y\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n[]",
    ] {
        sandbox.fault(Fault::raw(response.as_bytes()));
        let ended = home.run(&["get", "/tags/", "-o", "raw"]).ok();
        assert_eq!(ended.stdout(), "[]", "{response:?}");
    }
}

#[test]
fn headers_are_read_in_whatever_pieces_they_come() {
    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\n[]";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let sizes = 1..5;
    let served = sizes.clone();
    std::thread::spawn(move || {
        for size in served {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_nodelay(true).unwrap();
            let mut request = [0; 8192];
            assert!(stream.read(&mut request).unwrap() > 0);
            for piece in RESPONSE.chunks(size) {
                // One that has had enough hangs up, which its exit status shows.
                let _ = stream.write_all(piece);
                std::thread::sleep(Duration::from_millis(3));
            }
        }
    });
    let home = Home::empty()
        .var("APICALL_URL", format!("http://{address}/MAAS"))
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
    for size in sizes {
        let ended = home.run(&["get", "/tags/", "-o", "raw"]).ok();
        assert_eq!(ended.stdout(), "[]", "{size}");
    }
}
