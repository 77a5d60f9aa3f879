//! Describes what can stop the reading of JSON: the text itself, or the sink.
//!
//! A fault has an offset and a reason, and quotes nothing of the input, which may be secret.

use std::fmt;
use std::io;

/// A place where a text stops being JSON.
///
/// `reason` is short, lower-case English without a full stop, for use in a
/// line such as "`reason` at byte `offset`"; it quotes nothing of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Bytes from the start of the input to the first byte that no JSON text
    /// with this beginning can have, or the length of an input that ends early.
    pub offset: u64,
    /// What was expected there, or what is wrong.
    pub reason: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.reason, self.offset)
    }
}

impl std::error::Error for Fault {}

/// Where a fault stands among the tokens: what became of the blanks just before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// In a token, which has all that was passed.
    Token,
    /// Behind a token that a layout puts nothing behind.
    Bare,
    /// Behind a colon or comma, where a layout may put blanks of its own.
    Mark,
    /// Behind the text, where its line has ended.
    End,
}

/// The reason why a [`Lexer`](super::Lexer) stopped.
#[derive(Debug)]
pub enum Error {
    /// The input is not JSON.
    Fault(Fault),
    /// The sink failed; the lexer cannot be used after this.
    Sink(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Fault(fault) => fault.fmt(f),
            Error::Sink(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Both are shown by `Display` already: point past them.
            Error::Fault(_) => None,
            Error::Sink(error) => error.source(),
        }
    }
}
