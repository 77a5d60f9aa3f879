//! Implements the grammar of JSON as a state machine over bytes.
//!
//! Any chunk may end anywhere. `token` continues split tokens, `rare` holds what the main loop
//! seldom meets. Knows nothing of layout.

use std::io;

use super::fault::{Before, Error, Fault};
use super::nesting::Nesting;
use super::scan::{Digits, Input, Inside};
use super::sink::{Container, Scalar, Sink, TokenPart};

mod rare;
mod token;

/// Reads one JSON text (RFC 8259) in chunks and passes its tokens to a [`Sink`].
///
/// Strict: the whole grammar is checked, and that strings are UTF-8. Numbers
/// may be of any size, keys may repeat, escaped surrogates may be alone, and a
/// byte order mark may come first; an input without a text is no fault.
/// Nothing is kept of the text but one bit for each open object or array.
#[derive(Debug)]
pub struct Lexer {
    state: State,
    /// The place in a key or string that goes on in the next chunk.
    inside: Inside,
    /// The place in such a number.
    digits: Digits,
    /// How much of such a literal or byte order mark has come.
    matched: usize,
    nesting: Nesting,
    /// The length of the chunks before the current one; the offset of a fault.
    offset: u64,
    /// The reason of a fault.
    reason: &'static str,
    /// What stands before it.
    before: Before,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Anything, at the very start.
    Start,
    /// More of a byte order mark.
    InMark,
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
    /// More of a key.
    InKey,
    /// More of a scalar.
    In(Scalar),
    /// Nothing: there was a fault.
    Fault,
}

impl Before {
    /// Returns what stands before a place where this may come.
    fn of(state: State) -> Self {
        match state {
            State::Start
            | State::Text
            | State::FirstValue
            | State::FirstKey
            | State::Colon
            | State::Next => Before::Bare,
            State::Value | State::Key => Before::Mark,
            State::Done => Before::End,
            State::InMark | State::InKey | State::In(_) | State::Fault => Before::Token,
        }
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
            inside: Inside::Text,
            digits: Digits::Zero,
            matched: 0,
            nesting: Nesting::default(),
            offset: 0,
            reason: "",
            before: Before::Token,
        }
    }

    /// Reads the next chunk of the input.
    ///
    /// On a fault, all that came before its offset has been reported, and the
    /// offset is within this chunk; later calls return the same fault.
    pub fn feed<S: Sink>(&mut self, chunk: &[u8], sink: &mut S) -> Result<(), Error> {
        if self.state != State::Fault {
            self.offset += self.run(chunk, sink).map_err(Error::Sink)? as u64;
        }
        self.outcome()
    }

    /// Ends the input.
    ///
    /// Ends a top-level number, which nothing else can; a text that is not
    /// complete is a fault at the length of the input.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), Error> {
        let top = self.nesting.top();
        if self.state != State::Fault {
            self.before = Before::of(self.state);
        }
        self.state = match self.state {
            State::Start | State::Text | State::Done => State::Done,
            State::In(Scalar::Number) if top.is_none() && self.digits.may_end() => {
                sink.scalar(Scalar::Number, &[], TokenPart::END)
                    .map_err(Error::Sink)?;
                State::Done
            }
            State::Fault => State::Fault,
            state => self.fault(match (state, top) {
                (State::InKey | State::In(Scalar::String), _) => "unexpected end inside a string",
                (State::In(Scalar::Number), _) if !self.digits.may_end() => {
                    "unexpected end inside a number"
                }
                (State::In(Scalar::True | Scalar::False | Scalar::Null), _) => {
                    "unexpected end inside a literal"
                }
                (_, Some(Container::Object)) => "unexpected end inside an object",
                (_, Some(Container::Array)) => "unexpected end inside an array",
                (_, None) => "unexpected end",
            }),
        };
        self.outcome()
    }

    /// Returns how many bytes were read, up to a fault.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns whether a complete text has come, which blanks may follow and nothing else. A number
    /// at the top is complete only when [`Lexer::finish`] says so.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Returns whether the fault is that something follows a complete text.
    #[must_use]
    pub fn is_behind_text(&self) -> bool {
        self.state == State::Fault && self.before == Before::End
    }

    /// Returns what stands before the fault.
    pub(super) fn before_fault(&self) -> Before {
        self.before
    }

    /// Returns the fault, if there was one.
    fn outcome(&self) -> Result<(), Error> {
        match self.state {
            State::Fault => Err(Error::Fault(Fault {
                offset: self.offset,
                reason: self.reason,
            })),
            _ => Ok(()),
        }
    }

    /// Notes a fault at the place reached.
    ///
    /// A state and not an error: results that fit into registers are what
    /// makes the rest quick.
    fn fault(&mut self, reason: &'static str) -> State {
        self.reason = reason;
        State::Fault
    }

    /// Reads a chunk to its end, or to a fault, and returns how far it came.
    ///
    /// A turn mostly takes a comma, a key and a value. What is usual is here, and each call of the
    /// sink stands in one place, so that all of it is inlined and lives in registers.
    fn run<S: Sink>(&mut self, chunk: &[u8], sink: &mut S) -> io::Result<usize> {
        let mut input = Input { chunk, at: 0 };
        let mut state = self.state;
        while let Some(mut byte) = input.peek() {
            if state == State::Next && byte == b',' {
                state = self.comma(&mut input, sink)?;
                let Some(next) = input.peek() else { break };
                byte = next;
            }
            if byte == b'"' && matches!(state, State::Key | State::FirstKey) {
                state = self.key(&mut input, sink)?;
                let Some(next) = input.peek() else { break };
                byte = next;
            }
            // Not a `match`: its jump is harder to foresee.
            state = if matches!(state, State::Value | State::FirstValue) {
                let from = input;
                if matches!(byte, b'{' | b'[') {
                    let kind = match byte {
                        b'{' => Container::Object,
                        _ => Container::Array,
                    };
                    input.apart(|input| self.begin(kind, input, sink))?
                } else if let Some(kind) = input.skip_plain_scalar(byte) {
                    sink.whole_scalar(kind, &chunk[from.at..], input.at - from.at)?;
                    self.after_value()
                } else {
                    input = from;
                    input.apart(|input| self.value(state, byte, input, sink))?
                }
            } else if state == State::Next {
                input.apart(|input| self.next(byte, input, sink))?
            } else if state == State::Fault {
                break;
            } else {
                input.apart(|input| self.unusual(state, byte, input, sink))?
            };
        }
        self.state = state;
        Ok(input.at)
    }

    /// Passes blanks; where there are none, `reason` is the fault.
    #[inline]
    fn blanks(&mut self, state: State, input: &mut Input<'_>, reason: &'static str) -> State {
        if input.skip_blanks() {
            state
        } else {
            self.before = Before::of(state);
            self.fault(reason)
        }
    }

    /// Returns what comes after a value.
    #[inline]
    fn after_value(&self) -> State {
        match self.nesting.top() {
            Some(_) => State::Next,
            None => State::Done,
        }
    }

    /// Passes a comma.
    #[inline]
    fn comma<S: Sink>(&mut self, input: &mut Input<'_>, sink: &mut S) -> io::Result<State> {
        input.at += 1;
        sink.comma()?;
        input.skip_blanks();
        Ok(match self.nesting.top() {
            Some(Container::Object) => State::Key,
            _ => State::Value,
        })
    }

    /// Opens a container.
    #[inline]
    fn begin<S: Sink>(
        &mut self,
        kind: Container,
        input: &mut Input<'_>,
        sink: &mut S,
    ) -> io::Result<State> {
        input.at += 1;
        self.nesting.push(kind);
        sink.begin(kind)?;
        input.skip_blanks();
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
    ) -> io::Result<State> {
        input.at += 1;
        self.nesting.pop();
        sink.end(kind)?;
        Ok(self.after_value())
    }
}
