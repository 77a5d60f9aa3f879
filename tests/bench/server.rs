//! A server with one response, on a loopback port, in threads of this process.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

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

/// Answers every request, in TLS where there is a configuration for it, and gives the address.
pub fn start(response: Response, tls: Option<Arc<ServerConfig>>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let response = Arc::new(response);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let response = Arc::clone(&response);
            let tls = tls.clone();
            std::thread::spawn(move || {
                // A client that hangs up ends its thread and nothing else.
                let _ = serve(stream, tls, &response);
            });
        }
    });
    address
}

fn serve(stream: TcpStream, tls: Option<Arc<ServerConfig>>, response: &Response) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match tls {
        None => answer_all(stream, response),
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            answer_all(StreamOwned::new(connection, stream), response)
        }
    }
}

/// Takes head and body of a request, answers, and so on until the client hangs up.
fn answer_all(mut stream: impl Read + Write, response: &Response) -> io::Result<()> {
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
        response.send(&method, &mut stream)?;
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
