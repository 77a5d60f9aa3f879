//! A server with one response, on a loopback port, in threads of this process.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::cursor::Cursor;
use crate::machines::Machines;

/// Bytes are sent and taken in pieces of this size.
const BLOCK: usize = 128 * 1024;

static ZEROS: [u8; BLOCK] = [0; BLOCK];

/// What every request is answered with.
pub struct Response {
    /// Lines of the head.
    head: &'static str,
    body: Body,
    length: u64,
}

enum Body {
    Bytes(&'static [u8]),
    Zeros,
    Machines(Machines),
    File(PathBuf),
    Cursor(Cursor),
}

const JSON: &str = "Content-Type: application/json; charset=utf-8\r\n";

impl Response {
    /// A JSON document.
    pub fn json(body: &'static [u8]) -> Self {
        Self {
            head: JSON,
            body: Body::Bytes(body),
            length: body.len() as u64,
        }
    }

    /// That many bytes.
    pub fn bytes(length: u64) -> Self {
        Self {
            head: "Content-Type: application/octet-stream\r\n",
            body: Body::Zeros,
            length,
        }
    }

    /// A list of machines.
    pub fn machines(machines: Machines) -> Self {
        Self {
            head: JSON,
            length: machines.length(),
            body: Body::Machines(machines),
        }
    }

    /// A JSON document that lies packed in a file.
    pub fn packed(file: PathBuf) -> Self {
        Self {
            head: "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
            length: file.metadata().unwrap().len(),
            body: Body::File(file),
        }
    }

    /// The pages of a query.
    pub fn cursor(cursor: Cursor) -> Self {
        Self {
            head: JSON,
            length: 0,
            body: Body::Cursor(cursor),
        }
    }

    fn send(&self, method: &str, stream: &mut impl Write) -> io::Result<()> {
        let mut out = BufWriter::new(stream);
        if let Body::Cursor(cursor) = &self.body {
            let (status, page) = cursor.response(method);
            let length = page.len();
            write!(
                out,
                "HTTP/1.1 {status}\r\n{JSON}Content-Length: {length}\r\n\r\n"
            )?;
            out.write_all(page.as_bytes())?;
            return out.flush();
        }
        write!(
            out,
            "HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n",
            self.head, self.length
        )?;
        match &self.body {
            Body::Cursor(_) => {}
            Body::Bytes(bytes) => out.write_all(bytes)?,
            Body::Zeros => {
                let mut left = self.length;
                while left > 0 {
                    let count = piece(left, BLOCK);
                    out.write_all(&ZEROS[..count])?;
                    left -= count as u64;
                }
            }
            Body::Machines(machines) => machines.write_to(&mut out)?,
            Body::File(file) => drop(io::copy(&mut File::open(file)?, &mut out)?),
        }
        out.flush()
    }
}

/// When a request is answered.
#[derive(Clone)]
pub enum Manner {
    /// At once.
    Soon,
    /// After so long.
    Late(Duration),
    /// At once, but with 429 where more than so many come in a second.
    AtMost(u32, Arc<Counts>),
}

/// What a server did that takes so many calls in a second.
#[derive(Default)]
pub struct Counts {
    taken: AtomicU64,
    refused: AtomicU64,
    /// The second since the start, and what came in it.
    present: Mutex<Option<(Instant, u64, u32)>>,
}

impl Counts {
    /// How many calls were taken and refused.
    pub fn get(&self) -> (u64, u64) {
        (
            self.taken.load(Ordering::Relaxed),
            self.refused.load(Ordering::Relaxed),
        )
    }

    fn takes(&self, most: u32) -> bool {
        let mut present = self.present.lock().unwrap();
        let (start, second, count) = present.get_or_insert_with(|| (Instant::now(), 0, 0));
        let now = start.elapsed().as_secs();
        if now != *second {
            (*second, *count) = (now, 0);
        }
        *count += 1;
        let takes = *count <= most;
        let counted = if takes { &self.taken } else { &self.refused };
        counted.fetch_add(1, Ordering::Relaxed);
        takes
    }
}

impl Manner {
    /// At most so many a second, and what counts them.
    pub fn at_most(most: u32) -> (Self, Arc<Counts>) {
        let counts = Arc::new(Counts::default());
        (Self::AtMost(most, Arc::clone(&counts)), counts)
    }

    fn answer(&self, response: &Response, method: &str, stream: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Soon => {}
            Self::Late(latency) => std::thread::sleep(*latency),
            Self::AtMost(most, counts) => {
                if !counts.takes(*most) {
                    stream.write_all(
                        b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n\
                          Content-Length: 0\r\n\r\n",
                    )?;
                    return stream.flush();
                }
            }
        }
        response.send(method, stream)
    }
}

/// Answers every request, in TLS where there is a configuration for it, and gives the address.
pub fn start(response: Response, tls: Option<Arc<ServerConfig>>) -> SocketAddr {
    start_with(response, tls, Manner::Soon)
}

/// Answers every request in a manner of its own.
pub fn start_with(
    response: Response,
    tls: Option<Arc<ServerConfig>>,
    manner: Manner,
) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let response = Arc::new(response);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let response = Arc::clone(&response);
            let (tls, manner) = (tls.clone(), manner.clone());
            std::thread::spawn(move || {
                // A client that hangs up ends its thread and nothing else.
                let _ = serve(stream, tls, (&response, &manner));
            });
        }
    });
    address
}

/// What a request is answered with, and when.
type Answer<'a> = (&'a Response, &'a Manner);

fn serve(stream: TcpStream, tls: Option<Arc<ServerConfig>>, answer: Answer<'_>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match tls {
        None => answer_all(stream, answer),
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            answer_all(StreamOwned::new(connection, stream), answer)
        }
    }
}

/// Takes head and body of a request, answers, and so on until the client hangs up.
fn answer_all(mut stream: impl Read + Write, (response, manner): Answer<'_>) -> io::Result<()> {
    let mut buffer = vec![0; BLOCK];
    let mut filled = 0;
    loop {
        let count = stream.read(&mut buffer[filled..])?;
        if count == 0 {
            return Ok(());
        }
        filled += count;
        let text = String::from_utf8_lossy(&buffer[..filled]);
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let method = head.split(' ').next().unwrap_or_default().to_owned();
        let body_start = head.len() + 4;
        let length: u64 = header(head, "content-length").map_or(0, |l| l.parse().unwrap_or(0));
        if header(head, "expect").is_some() {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            stream.flush()?;
        }
        let mut left = length.saturating_sub((filled - body_start) as u64);
        while left > 0 {
            let most = piece(left, BLOCK);
            match stream.read(&mut buffer[..most])? {
                0 => return Ok(()),
                count => left -= count as u64,
            }
        }
        filled = 0;
        manner.answer(response, &method, &mut stream)?;
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

fn piece(left: u64, most: usize) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(most)
}
