//! Sends a response, or what the faults of a request make of it.
//!
//! All framing is decided here: `Date`, `Content-Length` or chunks, `Connection`, no body for HEAD and 204. Every pause ends at
//! once when the sandbox is dropped.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::clock;
use super::fault::{Effect, Gzip};
use super::response::{Response, reason};
use super::stop::Stop;

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum After {
    /// It stays open for the next request.
    KeepAlive,
    /// It is closed properly.
    Close,
    /// It is reset.
    Reset,
}

/// What a response needs to know about its request and its server.
pub struct Delivery<'a> {
    /// The effects of the request's fault.
    pub effects: &'a [Effect],
    /// Whether the client wants to use the connection again.
    pub keep_alive: bool,
    /// Whether the request was HEAD.
    pub head_only: bool,
    /// The server's clock error in seconds.
    pub skew: i64,
    /// Ends all pauses.
    pub stop: &'a Stop,
}

impl Delivery<'_> {
    fn find<T>(&self, pick: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        self.effects.iter().find_map(pick)
    }

    fn has(&self, wanted: impl Fn(&Effect) -> bool) -> bool {
        self.effects.iter().any(wanted)
    }

    /// Sends `response`; an error means that the client went away.
    pub fn send(&self, out: &mut dyn Write, mut response: Response) -> io::Result<After> {
        for effect in self.effects {
            match effect {
                Effect::ResetBeforeAnswer => return Ok(After::Reset),
                Effect::CloseBeforeAnswer => return Ok(After::Close),
                Effect::Delay(pause) => self.stop.pause(*pause),
                Effect::StallBeforeHead => self.stop.wait(),
                Effect::Raw(bytes) => {
                    out.write_all(bytes)?;
                    out.flush()?;
                    return Ok(After::Close);
                }
                Effect::Lost(instead) => response = instead.clone(),
                Effect::Header(name, value) => response = response.header(name, value.as_str()),
                Effect::ManyHeaders(count) => {
                    response.headers.extend(
                        (0..*count).map(|number| (format!("X-Filler-{number}"), "x".repeat(40))),
                    );
                }
                Effect::LongHeader(length) => {
                    response = response.header("X-Long", "x".repeat(*length));
                }
                Effect::Trailing(bytes) => response.body.extend_from_slice(bytes),
                Effect::Gzip(kind) => response = gzip(response, *kind)?,
                _ => {}
            }
        }
        let chunks = self.find(|effect| {
            if let Effect::Chunked(size) = effect {
                Some((*size).max(1))
            } else {
                None
            }
        });
        let until_close = self.has(|effect| matches!(effect, Effect::UntilClose));
        let wrong = self.find(|effect| {
            if let Effect::WrongLength(by) = effect {
                Some(*by)
            } else {
                None
            }
        });
        let bodiless = self.head_only || matches!(response.status, 204 | 304);
        let cuts = |effect: &Effect| {
            matches!(
                effect,
                Effect::CutInHead
                    | Effect::CutInBody(_)
                    | Effect::WrongLength(_)
                    | Effect::StallInHead
                    | Effect::StallInBody(_)
                    | Effect::ResetInAnswer(_)
            )
        };
        let keep = self.keep_alive && !response.close && !until_close && !self.has(cuts);

        let mut head = self.head(&response, keep);
        if matches!(response.status, 204 | 304) || until_close {
            // Neither a length nor chunks.
        } else if chunks.is_some() {
            head.push_str("Transfer-Encoding: chunked\r\n");
        } else {
            let length = i64::try_from(response.body.len())
                .unwrap_or(i64::MAX)
                .saturating_add(wrong.unwrap_or(0))
                .max(0);
            let _ = write!(head, "Content-Length: {length}\r\n");
        }
        head.push_str("\r\n");

        if self.has(|effect| matches!(effect, Effect::CutInHead | Effect::StallInHead)) {
            out.write_all(&head.as_bytes()[..head.len() / 2])?;
            out.flush()?;
            if self.has(|effect| matches!(effect, Effect::StallInHead)) {
                self.stop.wait();
            }
            return Ok(After::Close);
        }
        let body = if bodiless {
            &[][..]
        } else {
            response.body.as_slice()
        };
        self.send_body(
            out,
            head.into_bytes(),
            body,
            if bodiless { None } else { chunks },
        )?;
        Ok(
            if self.has(|effect| matches!(effect, Effect::ResetInAnswer(_))) {
                After::Reset
            } else if keep {
                After::KeepAlive
            } else {
                After::Close
            },
        )
    }

    fn head(&self, response: &Response, keep: bool) -> String {
        let date = clock::http_date(clock::unix_time(self.skew));
        let mut head = format!(
            "HTTP/1.1 {} {}\r\nDate: {date}\r\n",
            response.status,
            reason(response.status)
        );
        for (name, value) in &response.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(
            head,
            "Connection: {}\r\n",
            if keep { "keep-alive" } else { "close" }
        );
        head
    }

    /// Sends the head with the body's first piece in one write, as servers do, unless there is a pause between them.
    fn send_body(
        &self,
        out: &mut dyn Write,
        mut pending: Vec<u8>,
        body: &[u8],
        chunks: Option<usize>,
    ) -> io::Result<()> {
        let early_end = self.find(|effect| match effect {
            Effect::CutInBody(at) | Effect::StallInBody(at) | Effect::ResetInAnswer(at) => {
                Some(*at)
            }
            _ => None,
        });
        let drip = self.find(|effect| {
            if let Effect::Drip(size, pause) = effect {
                Some(((*size).max(1), *pause))
            } else {
                None
            }
        });
        let shown = &body[..early_end.unwrap_or(body.len()).min(body.len())];
        let piece = chunks
            .or(drip.map(|(size, _)| size))
            .unwrap_or(shown.len())
            .max(1);
        if drip.is_some() {
            out.write_all(&std::mem::take(&mut pending))?;
            out.flush()?;
        }
        for part in shown.chunks(piece) {
            if let Some((_, pause)) = drip {
                self.stop.pause(pause);
            }
            if chunks.is_some() {
                let _ = write!(pending, "{:x}\r\n", part.len());
            }
            pending.extend_from_slice(part);
            if chunks.is_some() {
                pending.extend_from_slice(b"\r\n");
            }
            if drip.is_some() || pending.len() > 256 * 1024 {
                out.write_all(&std::mem::take(&mut pending))?;
                out.flush()?;
            }
        }
        if chunks.is_some() && early_end.is_none() {
            pending.extend_from_slice(b"0\r\n\r\n");
        }
        out.write_all(&pending)?;
        out.flush()?;
        if self.has(|effect| matches!(effect, Effect::StallInBody(_))) {
            self.stop.wait();
        } else if self.has(|effect| matches!(effect, Effect::ResetInAnswer(_))) {
            // A reset overtakes what the client has not read yet, so the bytes get a moment to arrive.
            self.stop.pause(Duration::from_millis(50));
        }
        Ok(())
    }
}

fn gzip(mut response: Response, kind: Gzip) -> io::Result<Response> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    match kind {
        Gzip::Lie => return Ok(response.header("Content-Encoding", "gzip")),
        Gzip::Bomb(size) => {
            let filler = vec![b'a'; 1 << 20];
            encoder.write_all(b"\"")?;
            for at in (0..size).step_by(filler.len()) {
                let rest = usize::try_from(size - at)
                    .unwrap_or(usize::MAX)
                    .min(filler.len());
                encoder.write_all(&filler[..rest])?;
            }
            encoder.write_all(b"\"")?;
        }
        Gzip::Good | Gzip::Broken | Gzip::Cut => encoder.write_all(&response.body)?,
    }
    response.body = encoder.finish()?;
    let length = response.body.len();
    match kind {
        Gzip::Broken => {
            // The middle and the checksum: whichever the decoder looks at first, it must fail.
            response.body[length / 2] ^= 0xff;
            response.body[length - 6] ^= 0xff;
        }
        Gzip::Cut => response.body.truncate(length / 2),
        Gzip::Good | Gzip::Bomb(_) | Gzip::Lie => {}
    }
    Ok(response.header("Content-Encoding", "gzip"))
}
