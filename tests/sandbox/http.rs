//! Reads HTTP/1.1 requests off a connection: head, `Content-Length` and chunked bodies.
//!
//! It judges no route; refusing is left to the caller, who gets a status.

use std::io::{self, Read, Write};

use super::head::{Framing, HeadEnd, parse};

/// What both plain and TLS connections are.
pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// More than any sane request head; a longer one ends in 400 here, after `connection` judged the request line.
const HEAD_LIMIT: usize = 256 * 1024;

/// What reading a body came to.
#[derive(Debug, PartialEq)]
pub enum BodyEnd {
    /// All of it arrived.
    Complete,
    /// It is longer than allowed; the rest is unread.
    TooLarge,
    /// So many bytes arrived as were asked for.
    Stopped,
    /// The client went away or sent nonsense.
    Broken,
}

/// How much of a body to take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Refuse more than this.
    pub refuse_over: Option<u64>,
    /// Keep only so many bytes; the rest is counted.
    pub keep: usize,
    /// Stop once so many bytes have arrived.
    pub stop_after: Option<u64>,
}

/// A connection with what was read ahead of need.
pub struct Wire {
    /// The connection; answers are written to it directly.
    pub stream: Box<dyn Stream>,
    buffer: Vec<u8>,
}

impl Wire {
    /// Starts on a fresh connection.
    pub fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Whether bytes of a next request are here already.
    pub fn has_buffered(&self) -> bool {
        !self.buffer.is_empty()
    }

    fn fill(&mut self) -> io::Result<usize> {
        let mut chunk = [0; 16 * 1024];
        let count = loop {
            match self.stream.read(&mut chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.buffer.extend_from_slice(&chunk[..count]);
        Ok(count)
    }

    /// Reads one head.
    pub fn read_head(&mut self) -> HeadEnd {
        loop {
            match parse(&self.buffer) {
                Ok(Some((head, length))) => {
                    self.buffer.drain(..length);
                    return head;
                }
                Ok(None) if self.buffer.len() < HEAD_LIMIT => {}
                Ok(None) if memchr::memchr(b'\n', &self.buffer).is_none() => {
                    return HeadEnd::Refuse(414);
                }
                Ok(None) | Err(()) => return HeadEnd::Refuse(400),
            }
            match self.fill() {
                Ok(0) | Err(_) => return HeadEnd::Gone,
                Ok(_) => {}
            }
        }
    }

    /// Reads a body into `kept`, and the number of its bytes into `total`.
    pub fn read_body(
        &mut self,
        framing: Framing,
        limits: Limits,
        kept: &mut Vec<u8>,
        total: &mut u64,
    ) -> BodyEnd {
        match framing {
            Framing::Empty => BodyEnd::Complete,
            Framing::Length(length) => self.take(length, limits, kept, total),
            Framing::Chunked => loop {
                let Some(line) = self.line() else {
                    return BodyEnd::Broken;
                };
                let digits = line.split(';').next().unwrap_or_default().trim();
                let Ok(size) = u64::from_str_radix(digits, 16) else {
                    return BodyEnd::Broken;
                };
                if size == 0 {
                    return self.trailers();
                }
                match self.take(size, limits, kept, total) {
                    BodyEnd::Complete => {}
                    other => return other,
                }
                if self.line().as_deref() != Some("") {
                    return BodyEnd::Broken;
                }
            },
        }
    }

    fn trailers(&mut self) -> BodyEnd {
        loop {
            match self.line() {
                Some(line) if line.is_empty() => return BodyEnd::Complete,
                Some(_) => {}
                None => return BodyEnd::Broken,
            }
        }
    }

    fn take(
        &mut self,
        length: u64,
        limits: Limits,
        kept: &mut Vec<u8>,
        total: &mut u64,
    ) -> BodyEnd {
        let end = *total + length;
        while *total < end {
            if limits.refuse_over.is_some_and(|most| *total > most) {
                return BodyEnd::TooLarge;
            }
            if limits.stop_after.is_some_and(|most| *total >= most) {
                return BodyEnd::Stopped;
            }
            if self.buffer.is_empty() && !matches!(self.fill(), Ok(1..)) {
                return BodyEnd::Broken;
            }
            let want = usize::try_from(end - *total)
                .unwrap_or(usize::MAX)
                .min(self.buffer.len());
            let room = limits.keep.saturating_sub(kept.len()).min(want);
            kept.extend_from_slice(&self.buffer[..room]);
            self.buffer.drain(..want);
            *total += want as u64;
        }
        if limits.refuse_over.is_some_and(|most| *total > most) {
            BodyEnd::TooLarge
        } else {
            BodyEnd::Complete
        }
    }

    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer) {
                let line: Vec<u8> = self.buffer.drain(..=at).collect();
                return line
                    .strip_suffix(b"\r\n")
                    .map(|line| String::from_utf8_lossy(line).into_owned());
            }
            if self.buffer.len() > 4096 || !matches!(self.fill(), Ok(1..)) {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Text(io::Cursor<Vec<u8>>);
    impl Read for Text {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            // A few bytes at a time, so that every parser sees its input broken up.
            let most = buffer.len().min(3);
            self.0.read(&mut buffer[..most])
        }
    }
    impl Write for Text {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn read(text: &str, limits: Limits) -> (HeadEnd, Option<BodyEnd>, String, u64) {
        let mut wire = Wire::new(Box::new(Text(io::Cursor::new(text.as_bytes().to_vec()))));
        let head = wire.read_head();
        let (mut body, mut total) = (Vec::new(), 0);
        let end = match &head {
            HeadEnd::Head(head) => {
                Some(wire.read_body(head.framing, limits, &mut body, &mut total))
            }
            _ => None,
        };
        (head, end, String::from_utf8(body).unwrap(), total)
    }

    #[test]
    fn bodies() {
        let all = Limits {
            keep: 100,
            ..Limits::default()
        };
        let cases = [
            (
                "Content-Length: 5\r\n\r\nhello",
                all,
                BodyEnd::Complete,
                "hello",
                5,
            ),
            (
                "Content-Length: 6\r\n\r\nhello",
                all,
                BodyEnd::Broken,
                "hello",
                5,
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: x\r\n\r\n",
                all,
                BodyEnd::Complete,
                "hello",
                5,
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
                all,
                BodyEnd::Broken,
                "hel",
                3,
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\n-3\r\nhel\r\n",
                all,
                BodyEnd::Broken,
                "",
                0,
            ),
            (
                "Content-Length: 5\r\n\r\nhello",
                Limits { keep: 2, ..all },
                BodyEnd::Complete,
                "he",
                5,
            ),
            (
                "Content-Length: 5\r\n\r\nhello",
                Limits {
                    refuse_over: Some(4),
                    ..all
                },
                BodyEnd::TooLarge,
                "hello",
                5,
            ),
            ("\r\n", all, BodyEnd::Complete, "", 0),
        ];
        for (rest, limits, end, body, total) in cases {
            let found = read(&format!("POST / HTTP/1.1\r\nHost: x\r\n{rest}"), limits);
            assert_eq!(
                (found.1, found.2.as_str(), found.3),
                (Some(end), body, total),
                "{rest}"
            );
        }
    }

    #[test]
    fn heads_refused() {
        for head in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "nonsense\r\n\r\n",
        ] {
            assert!(
                matches!(read(head, Limits::default()).0, HeadEnd::Refuse(400)),
                "{head}"
            );
        }
        assert!(matches!(
            read("GET / HTTP/1.1\r\nHo", Limits::default()).0,
            HeadEnd::Gone
        ));
    }
}
