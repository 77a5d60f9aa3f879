//! The grammar of JSON as a state machine over bytes.

use std::io;

use super::fault::{Error, Fault};
use super::nesting::Nesting;
use super::scan::{Digits, Input, Inside};
use super::sink::{Container, Part, Scalar, Sink};

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Reads one JSON text (RFC 8259) in chunks and tells a [`Sink`] its tokens.
///
/// Strict: the whole grammar is checked, and that strings are UTF-8. Numbers
/// may be of any size, keys may repeat, escaped surrogates may be alone, and a
/// byte order mark may come first; an input without a text is no fault.
/// Nothing is kept of the text but one bit for each open object or array.
#[derive(Debug)]
pub struct Lexer {
    state: State,
    nesting: Nesting,
    /// The length of the chunks before the current one.
    offset: u64,
    fault: Option<Fault>,
}

/// What may come next.
#[derive(Debug, Clone, Copy)]
enum State {
    /// Anything, at the very start.
    Start,
    /// The rest of a byte order mark, of which so many bytes came.
    Mark(u8),
    /// The text, after a mark or blanks.
    Text,
    /// A value.
    Value,
    /// A value, or the end of an array.
    FirstValue,
    /// A key.
    Key,
    /// A key, or the end of an object.
    FirstKey,
    /// `:`
    Colon,
    /// `,` or the end of a container.
    Next,
    /// Nothing but blanks.
    Done,
    /// More of a string.
    String(Role, Inside),
    /// More of a number.
    Number(Digits),
    /// More of a literal, of which so many bytes came.
    Literal(Scalar, u8),
}

/// What a string is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Key,
    Value,
}

/// Why the state machine stopped within a chunk.
enum Stop {
    Fault(&'static str),
    Sink(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Sink(error)
    }
}

impl Default for Lexer {
    fn default() -> Self {
        Lexer::new()
    }
}

impl Lexer {
    /// Makes a lexer for one text.
    #[must_use]
    pub fn new() -> Self {
        Lexer {
            state: State::Start,
            nesting: Nesting::default(),
            offset: 0,
            fault: None,
        }
    }

    /// Reads the next chunk of the input.
    ///
    /// On a fault, all that came before its offset has been told, and the
    /// offset is within this chunk; later calls return the same fault.
    pub fn feed<S: Sink>(&mut self, chunk: &[u8], sink: &mut S) -> Result<(), Error> {
        if let Some(fault) = self.fault {
            return Err(Error::Fault(fault));
        }
        let mut input = Input { chunk, at: 0 };
        match self.run(&mut input, sink) {
            Ok(()) => {
                self.offset += chunk.len() as u64;
                Ok(())
            }
            Err(Stop::Fault(reason)) => {
                self.offset += input.at as u64;
                Err(self.fail(reason))
            }
            Err(Stop::Sink(error)) => Err(Error::Sink(error)),
        }
    }

    /// Tells that the input has ended.
    ///
    /// Ends a top-level number, which nothing else can; a text that is not
    /// complete is a fault at the length of the input.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), Error> {
        if let Some(fault) = self.fault {
            return Err(Error::Fault(fault));
        }
        let reason = match (self.state, self.nesting.top()) {
            (State::Start | State::Text | State::Done, _) => return Ok(()),
            (State::Number(digits), None) if digits.may_end() => {
                self.state = State::Done;
                let part = Part {
                    first: false,
                    last: true,
                };
                return sink.scalar(Scalar::Number, &[], part).map_err(Error::Sink);
            }
            (State::String(..), _) => "unexpected end inside a string",
            (State::Number(digits), _) if !digits.may_end() => "unexpected end inside a number",
            (State::Literal(..), _) => "unexpected end inside a literal",
            (_, Some(Container::Object)) => "unexpected end inside an object",
            (_, Some(Container::Array)) => "unexpected end inside an array",
            (_, None) => "unexpected end",
        };
        Err(self.fail(reason))
    }

    /// Notes a fault at the place reached.
    fn fail(&mut self, reason: &'static str) -> Error {
        let fault = Fault {
            offset: self.offset,
            reason,
        };
        self.fault = Some(fault);
        Error::Fault(fault)
    }

    /// Reads a chunk to its end, or to what stops it.
    fn run<S: Sink>(&mut self, input: &mut Input<'_>, sink: &mut S) -> Result<(), Stop> {
        // A local variable, so that it can live in a register.
        let mut state = self.state;
        while let Some(byte) = input.peek() {
            state = match state {
                State::Start | State::Text | State::Value | State::FirstValue => match byte {
                    b'"' => self.string(Role::Value, input, sink)?,
                    b'{' => self.begin(Container::Object, input, sink)?,
                    b'[' => self.begin(Container::Array, input, sink)?,
                    b'-' | b'0'..=b'9' => self.number(byte, input, sink)?,
                    b't' => self.literal(Scalar::True, 0, input, sink)?,
                    b'f' => self.literal(Scalar::False, 0, input, sink)?,
                    b'n' => self.literal(Scalar::Null, 0, input, sink)?,
                    _ => self.no_value(state, byte, input, sink)?,
                },
                State::Key | State::FirstKey => match (byte, state) {
                    (b'"', _) => self.string(Role::Key, input, sink)?,
                    (b'}', State::FirstKey) => self.end(Container::Object, input, sink)?,
                    (_, State::FirstKey) => blanks(state, input, "expected a key or `}`")?,
                    _ => blanks(state, input, "expected a key")?,
                },
                State::Colon => match byte {
                    b':' => {
                        input.at += 1;
                        sink.colon()?;
                        State::Value
                    }
                    _ => blanks(state, input, "expected `:`")?,
                },
                State::Next => match (byte, self.nesting.top()) {
                    (b',', top) => {
                        input.at += 1;
                        sink.comma()?;
                        match top {
                            Some(Container::Object) => State::Key,
                            _ => State::Value,
                        }
                    }
                    (b'}', Some(kind @ Container::Object))
                    | (b']', Some(kind @ Container::Array)) => self.end(kind, input, sink)?,
                    (_, Some(Container::Object)) => blanks(state, input, "expected `,` or `}`")?,
                    _ => blanks(state, input, "expected `,` or `]`")?,
                },
                State::Done => blanks(state, input, "text after the document")?,
                State::String(role, inside) => {
                    self.more_string(role, inside, input.at, false, input, sink)?
                }
                State::Number(digits) => self.more_number(digits, input.at, false, input, sink)?,
                State::Literal(kind, matched) => self.literal(kind, matched, input, sink)?,
                State::Mark(matched) => mark(matched, input, sink)?,
            };
        }
        self.state = state;
        Ok(())
    }

    /// Handles what may stand before a value, or instead of one.
    #[inline(never)]
    fn no_value<S: Sink>(
        &mut self,
        state: State,
        byte: u8,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        match (state, byte) {
            (State::Start, b) if b == BYTE_ORDER_MARK[0] => mark(0, input, sink),
            // Blanks have come: no mark can come any more.
            (State::Start, _) => blanks(State::Text, input, "expected a value"),
            (State::FirstValue, b']') => self.end(Container::Array, input, sink),
            (State::FirstValue, _) => blanks(state, input, "expected a value or `]`"),
            _ => blanks(state, input, "expected a value"),
        }
    }

    /// What comes after a value.
    #[inline]
    fn after_value(&self) -> State {
        match self.nesting.top() {
            Some(_) => State::Next,
            None => State::Done,
        }
    }

    /// Opens a container.
    #[inline]
    fn begin<S: Sink>(
        &mut self,
        kind: Container,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        input.at += 1;
        self.nesting.push(kind);
        sink.begin(kind)?;
        Ok(match kind {
            Container::Object => State::FirstKey,
            Container::Array => State::FirstValue,
        })
    }

    /// Closes the innermost container, which is of this kind.
    #[inline]
    fn end<S: Sink>(
        &mut self,
        kind: Container,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        input.at += 1;
        self.nesting.pop();
        sink.end(kind)?;
        Ok(self.after_value())
    }

    /// Reads a string from its opening quote.
    #[inline]
    fn string<S: Sink>(
        &mut self,
        role: Role,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        let from = input.at;
        input.at += 1;
        input.skip_text();
        if input.peek() != Some(b'"') {
            return self.more_string(role, Inside::Text, from, true, input, sink);
        }
        input.at += 1;
        let bytes = &input.chunk[from..input.at];
        match role {
            Role::Key => {
                sink.key(bytes, Part::WHOLE)?;
                Ok(State::Colon)
            }
            Role::Value => {
                sink.scalar(Scalar::String, bytes, Part::WHOLE)?;
                Ok(self.after_value())
            }
        }
    }

    /// Reads on in a string, of which the bytes since `from` were not told.
    #[inline(never)]
    fn more_string<S: Sink>(
        &mut self,
        role: Role,
        mut inside: Inside,
        from: usize,
        first: bool,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        let outcome = inside.scan(input);
        let part = Part {
            first,
            last: outcome == Ok(true),
        };
        let bytes = &input.chunk[from..input.at];
        if !bytes.is_empty() {
            match role {
                Role::Key => sink.key(bytes, part)?,
                Role::Value => sink.scalar(Scalar::String, bytes, part)?,
            }
        }
        match (outcome.map_err(Stop::Fault)?, role) {
            (false, _) => Ok(State::String(role, inside)),
            (true, Role::Key) => Ok(State::Colon),
            (true, Role::Value) => Ok(self.after_value()),
        }
    }

    /// Reads a number from its first byte.
    #[inline]
    fn number<S: Sink>(
        &mut self,
        byte: u8,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        let from = input.at;
        input.at += 1;
        let digits = match byte {
            b'-' => Digits::Minus,
            b'0' => Digits::Zero,
            _ => Digits::Whole,
        };
        self.more_number(digits, from, true, input, sink)
    }

    /// Reads on in a number, of which the bytes since `from` were not told.
    #[inline]
    fn more_number<S: Sink>(
        &mut self,
        mut digits: Digits,
        from: usize,
        first: bool,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        let outcome = digits.scan(input);
        let part = Part {
            first,
            last: outcome == Ok(true),
        };
        let bytes = &input.chunk[from..input.at];
        if part.last || !bytes.is_empty() {
            sink.scalar(Scalar::Number, bytes, part)?;
        }
        if outcome.map_err(Stop::Fault)? {
            Ok(self.after_value())
        } else {
            Ok(State::Number(digits))
        }
    }

    /// Reads a literal, of which so many bytes came in earlier chunks.
    #[inline]
    fn literal<S: Sink>(
        &mut self,
        kind: Scalar,
        matched: u8,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> Result<State, Stop> {
        let literal: &[u8] = match kind {
            Scalar::True => b"true",
            Scalar::False => b"false",
            _ => b"null",
        };
        if matched == 0 && input.rest().starts_with(literal) {
            input.at += literal.len();
            sink.scalar(kind, literal, Part::WHOLE)?;
            return Ok(self.after_value());
        }
        let from = input.at;
        let mut now = matched;
        while let Some(&expected) = literal.get(usize::from(now))
            && input.peek() == Some(expected)
        {
            input.at += 1;
            now += 1;
        }
        let part = Part {
            first: matched == 0,
            last: usize::from(now) == literal.len(),
        };
        if now > matched {
            sink.scalar(kind, &input.chunk[from..input.at], part)?;
        }
        match input.peek() {
            _ if part.last => Ok(self.after_value()),
            None => Ok(State::Literal(kind, now)),
            Some(_) => Err(Stop::Fault("expected `true`, `false` or `null`")),
        }
    }
}

/// Passes blanks; where there are none, `reason` is the fault.
#[inline]
fn blanks(state: State, input: &mut Input<'_>, reason: &'static str) -> Result<State, Stop> {
    if input.skip_blanks() {
        Ok(state)
    } else {
        Err(Stop::Fault(reason))
    }
}

/// Reads a byte order mark, of which so many bytes came in earlier chunks.
fn mark<S: Sink>(matched: u8, input: &mut Input<'_>, sink: &mut S) -> Result<State, Stop> {
    let expected = &BYTE_ORDER_MARK[usize::from(matched)..=usize::from(matched)];
    if !input.rest().starts_with(expected) {
        return Err(Stop::Fault("incomplete byte order mark"));
    }
    input.at += 1;
    sink.byte_order_mark(expected)?;
    Ok(match matched {
        2 => State::Text,
        _ => State::Mark(matched + 1),
    })
}
