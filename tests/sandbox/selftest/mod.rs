//! The sandbox's own rules, tried with bytes on a socket: no HTTP client whose habits could hide a mistake.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::sandbox::Sandbox;

mod behavior;
mod describe;
mod events;
mod gdn_bulk;
mod gdn_cursors;
mod gdn_services;
mod images;
mod lists;
mod machines;
mod rules;
mod wire;

fn oauth(key: &str) -> String {
    static NONCES: AtomicUsize = AtomicUsize::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let parts: Vec<&str> = key.split(':').collect();
    format!(
        "Authorization: OAuth oauth_version=\"1.0\", oauth_signature_method=\"PLAINTEXT\", oauth_consumer_key=\"{}\", oauth_token=\"{}\", oauth_signature=\"%26{}\", oauth_nonce=\"{}\", oauth_timestamp=\"{}\"\r\n",
        parts[0],
        parts[1],
        parts[2],
        NONCES.fetch_add(1, Ordering::Relaxed),
        now
    )
}

/// Sends bytes and reads until the server ends the connection or says nothing for a while; the error's kind comes last.
fn talk(sandbox: &Sandbox, bytes: &[u8]) -> (String, Option<std::io::ErrorKind>) {
    converse(sandbox, bytes, Duration::from_millis(400))
}

fn converse(
    sandbox: &Sandbox,
    bytes: &[u8],
    patience: Duration,
) -> (String, Option<std::io::ErrorKind>) {
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    // A reset that is there already is reported by the write, and then no more by the read.
    match stream.write_all(bytes) {
        Ok(()) => drain(&mut stream),
        Err(error) => (String::new(), Some(error.kind())),
    }
}

fn drain(stream: &mut impl Read) -> (String, Option<std::io::ErrorKind>) {
    let (mut all, mut chunk) = (Vec::new(), [0; 4096]);
    let end = loop {
        match stream.read(&mut chunk) {
            Ok(0) => break None,
            Ok(count) => all.extend_from_slice(&chunk[..count]),
            Err(error) => break Some(error.kind()),
        }
    };
    (String::from_utf8_lossy(&all).into_owned(), end)
}

fn request(sandbox: &Sandbox, line: &str, more: &str, body: &str) -> (u16, String) {
    let length = if body.is_empty() {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    let text = format!(
        "{line} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n{more}{length}\r\n{body}"
    );
    // The server ends the connection, so patience costs nothing; a long list takes its time.
    let (response, _) = converse(sandbox, text.as_bytes(), Duration::from_secs(30));
    let status = response
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    (
        status,
        response
            .split_once("\r\n\r\n")
            .map_or(String::new(), |(_, body)| body.to_owned()),
    )
}

const VERSION: &str = "GET /MAAS/api/2.0/version/";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn close_get(sandbox: &Sandbox) -> (String, Option<std::io::ErrorKind>) {
    talk(
        sandbox,
        format!("{VERSION} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes(),
    )
}
