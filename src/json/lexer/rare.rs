//! Handles what the main loop seldom meets, apart from it so that it stays short.
//!
//! Ends of containers, first values, values that are not plain. Never inlined.

use std::io;

use super::super::scan::{Digits, Input};
use super::super::sink::{Container, Scalar, Sink};
use super::{Lexer, State, token};

impl Lexer {
    /// Handles the end of a container, and what may stand before it.
    #[inline(never)]
    pub(super) fn next<S: Sink>(
        &mut self,
        byte: u8,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        Ok(match (byte, self.nesting.top()) {
            (b'}', Some(kind @ Container::Object)) | (b']', Some(kind @ Container::Array)) => {
                self.end(kind, input, sink)?
            }
            (_, Some(Container::Object)) => self.blanks(State::Next, input, "expected `,` or `}`"),
            _ => self.blanks(State::Next, input, "expected `,` or `]`"),
        })
    }

    /// Handles what is seldom met between values.
    #[inline(never)]
    pub(super) fn unusual<S: Sink>(
        &mut self,
        state: State,
        byte: u8,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        Ok(match state {
            State::FirstKey if byte == b'}' => self.end(Container::Object, input, sink)?,
            State::FirstKey => self.blanks(state, input, "expected a key or `}`"),
            State::Key => self.blanks(state, input, "expected a key"),
            State::Colon if byte == b':' => {
                input.at += 1;
                sink.colon()?;
                State::Value
            }
            State::Colon => self.blanks(state, input, "expected `:`"),
            State::Done => self.blanks(state, input, "text after the document"),
            State::InKey => self.more_key(input.at, false, input, sink)?,
            State::In(Scalar::String) => self.more_string(input.at, false, input, sink)?,
            State::In(Scalar::Number) => self.more_number(input.at, false, input, sink)?,
            State::In(kind) => self.more_literal(kind, input, sink)?,
            State::InMark => self.mark(input, sink)?,
            state => self.value(state, byte, input, sink)?,
        })
    }

    /// Handles a value that is not plain, and what may stand before a value or instead of one.
    #[inline(never)]
    pub(super) fn value<S: Sink>(
        &mut self,
        state: State,
        byte: u8,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        match (byte, state) {
            (b'"', _) => self.string(input, sink),
            (b'{', _) => self.begin(Container::Object, input, sink),
            (b'[', _) => self.begin(Container::Array, input, sink),
            (b'-', _) => self.number(Digits::Minus, input, sink),
            (b'0', _) => self.number(Digits::Zero, input, sink),
            (b'1'..=b'9', _) => self.number(Digits::Whole, input, sink),
            (b't', _) => self.literal(Scalar::True, input, sink),
            (b'f', _) => self.literal(Scalar::False, input, sink),
            (b'n', _) => self.literal(Scalar::Null, input, sink),
            (_, State::Start) if byte == token::BYTE_ORDER_MARK[0] => self.mark(input, sink),
            (b']', State::FirstValue) => self.end(Container::Array, input, sink),
            (_, State::FirstValue) => Ok(self.blanks(state, input, "expected a value or `]`")),
            // After blanks no mark can come any more.
            (_, State::Start) => Ok(self.blanks(State::Text, input, "expected a value")),
            _ => Ok(self.blanks(state, input, "expected a value")),
        }
    }
}
