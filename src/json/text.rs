//! Keeps the text of a value while its tokens pass, and replays it to another sink.
//!
//! Without blanks; a number stays as it was written.

use std::io;

use super::fault::Error;
use super::held::{ELEMENT, MOST_HELD, hold, too_large};
use super::lexer::Lexer;
use super::sink::{Container, Scalar, Sink, TokenPart};

/// Keeps the tokens of values as they are written, without blanks.
#[derive(Debug, Default)]
pub struct Text(pub Vec<u8>);

impl Text {
    fn hold(&mut self, bytes: &[u8]) -> io::Result<()> {
        hold(&mut self.0, bytes, ELEMENT)
    }

    fn hold_first(&mut self, source: &[u8], count: usize) -> io::Result<()> {
        if self.0.len() + count > MOST_HELD {
            return Err(too_large(ELEMENT));
        }
        append(&mut self.0, source, count);
        Ok(())
    }
}

impl Sink for Text {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.hold(match kind {
            Container::Object => b"{",
            Container::Array => b"[",
        })
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.hold(match kind {
            Container::Object => b"}",
            Container::Array => b"]",
        })
    }

    fn key(&mut self, bytes: &[u8], _: TokenPart) -> io::Result<()> {
        self.hold(bytes)
    }

    fn scalar(&mut self, _: Scalar, bytes: &[u8], _: TokenPart) -> io::Result<()> {
        self.hold(bytes)
    }

    fn colon(&mut self) -> io::Result<()> {
        self.hold(b":")
    }

    fn comma(&mut self) -> io::Result<()> {
        self.hold(b",")
    }

    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        self.hold_first(source, length + 1)
    }

    fn whole_scalar(&mut self, _: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        self.hold_first(source, length)
    }
}

/// Appends the first `count` bytes of `source`, which are mostly few of many: a copy of known length
/// is much faster than a short one of any length.
#[inline]
pub fn append(text: &mut Vec<u8>, source: &[u8], count: usize) {
    match source.first_chunk::<32>() {
        Some(start) if count <= start.len() => {
            let length = text.len() + count;
            text.extend_from_slice(start);
            text.truncate(length);
        }
        _ => text.extend_from_slice(&source[..count]),
    }
}

/// Reads a complete text. The error is the fault, or that of the sink.
pub fn replay<S: Sink>(text: &[u8], sink: &mut S) -> io::Result<()> {
    let mut lexer = Lexer::new();
    lexer
        .feed(text, sink)
        .and_then(|()| lexer.finish(sink))
        .map_err(|e| match e {
            Error::Sink(e) => e,
            Error::Fault(fault) => io::Error::other(fault),
        })
}
