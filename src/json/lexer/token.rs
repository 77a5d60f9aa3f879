//! Reads the tokens that can continue in the next chunk, each from where it stands.
//!
//! Strings, numbers, literals and the byte order mark; where they may stand is the lexer's.

use std::io;

use super::super::scan::{Digits, Input, Inside};
use super::super::sink::{Scalar, Sink, TokenPart};
use super::{Lexer, State};

pub(super) const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

impl Lexer {
    /// Reads a key from its opening quote.
    #[inline]
    pub(super) fn key<S: Sink>(
        &mut self,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let from = input.at;
        let chunk = input.chunk;
        if input.skip_plain_string() {
            let length = input.at - from;
            if input.peek() == Some(b':') {
                sink.key_and_colon(&chunk[from..], length)?;
                input.at += 1;
                // The one space that mostly follows in indented text.
                input.at += usize::from(input.peek() == Some(b' '));
                return Ok(State::Value);
            }
            sink.key(&chunk[from..input.at], TokenPart::WHOLE)?;
            return Ok(State::Colon);
        }
        self.inside = Inside::Text;
        input.apart(|input| self.more_key(from, true, input, sink))
    }

    /// Reads on in a key, of which the bytes since `from` were not reported.
    #[inline(never)]
    pub(super) fn more_key<S: Sink>(
        &mut self,
        from: usize,
        first: bool,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let outcome = self.inside.scan(input);
        let last = outcome == Ok(true);
        if input.at > from {
            sink.key(&input.chunk[from..input.at], TokenPart { first, last })?;
        }
        Ok(match outcome {
            Ok(true) => State::Colon,
            Ok(false) => State::InKey,
            Err(reason) => self.fault(reason),
        })
    }

    /// Reads a string from its opening quote.
    #[inline]
    pub(super) fn string<S: Sink>(
        &mut self,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let from = input.at;
        input.at += 1;
        self.inside = Inside::Text;
        self.more_string(from, true, input, sink)
    }

    /// Reads on in a string, of which the bytes since `from` were not reported.
    #[inline(never)]
    pub(super) fn more_string<S: Sink>(
        &mut self,
        from: usize,
        first: bool,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let outcome = self.inside.scan(input);
        let last = outcome == Ok(true);
        if input.at > from {
            let bytes = &input.chunk[from..input.at];
            sink.scalar(Scalar::String, bytes, TokenPart { first, last })?;
        }
        Ok(match outcome {
            Ok(true) => self.after_value(),
            Ok(false) => State::In(Scalar::String),
            Err(reason) => self.fault(reason),
        })
    }

    /// Reads a number, of which the first byte makes these `digits`.
    #[inline]
    pub(super) fn number<S: Sink>(
        &mut self,
        digits: Digits,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let from = input.at;
        input.at += 1;
        self.digits = digits;
        self.more_number(from, true, input, sink)
    }

    /// Reads on in a number, of which the bytes since `from` were not reported.
    #[inline(never)]
    pub(super) fn more_number<S: Sink>(
        &mut self,
        from: usize,
        first: bool,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let outcome = self.digits.scan(input);
        let last = outcome == Ok(true);
        if last || input.at > from {
            let bytes = &input.chunk[from..input.at];
            sink.scalar(Scalar::Number, bytes, TokenPart { first, last })?;
        }
        Ok(match outcome {
            Ok(true) => self.after_value(),
            Ok(false) => State::In(Scalar::Number),
            Err(reason) => self.fault(reason),
        })
    }

    /// Reads a literal from its first byte.
    #[inline]
    pub(super) fn literal<S: Sink>(
        &mut self,
        kind: Scalar,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        self.matched = 0;
        self.more_literal(kind, input, sink)
    }

    /// Reads on in a literal.
    #[inline(never)]
    pub(super) fn more_literal<S: Sink>(
        &mut self,
        kind: Scalar,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let expected = &literal(kind)[self.matched..];
        let same = expected.iter().zip(input.rest());
        let count = same.take_while(|(one, other)| one == other).count();
        let part = TokenPart {
            first: self.matched == 0,
            last: count == expected.len(),
        };
        input.at += count;
        self.matched += count;
        if count > 0 {
            sink.scalar(kind, &expected[..count], part)?;
        }
        Ok(match input.peek() {
            _ if part.last => self.after_value(),
            None => State::In(kind),
            Some(_) => self.fault("expected `true`, `false` or `null`"),
        })
    }

    /// Reads a byte of a byte order mark.
    #[inline(never)]
    pub(super) fn mark<S: Sink>(
        &mut self,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        let expected = &BYTE_ORDER_MARK[self.matched..=self.matched];
        if !input.rest().starts_with(expected) {
            return Ok(self.fault("incomplete byte order mark"));
        }
        input.at += 1;
        self.matched += 1;
        sink.byte_order_mark(expected)?;
        Ok(if self.matched == BYTE_ORDER_MARK.len() {
            State::Text
        } else {
            State::InMark
        })
    }
}

/// Returns the bytes of a literal.
fn literal(kind: Scalar) -> &'static [u8] {
    match kind {
        Scalar::True => b"true",
        Scalar::False => b"false",
        _ => b"null",
    }
}
