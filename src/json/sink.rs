//! Defines the tokens that a lexer reports, and the trait that takes them.
//!
//! Printing, splitting, picking and filtering are all sinks of one lexer.

use std::io;

/// The two kinds of value that hold others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
}

/// The kinds of value that hold no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A string that is no key.
    String,
    /// A number, of any size and precision.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// Says which part of its token a slice is.
///
/// A token that lies in one chunk comes complete; one that was split comes in
/// several parts, of which the last may be empty (a number has ended only
/// when the byte after it is known).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenPart {
    /// The token starts with this slice.
    pub first: bool,
    /// The token ends with this slice.
    pub last: bool,
}

impl TokenPart {
    /// The only part of a token.
    pub const WHOLE: TokenPart = TokenPart {
        first: true,
        last: true,
    };
    /// The last part of several.
    pub const END: TokenPart = TokenPart {
        first: false,
        last: true,
    };
}

/// Takes the tokens of one JSON text, in order.
///
/// Slices are bytes of the source, quotes and escapes included, and hold until
/// the call returns. The order of calls follows the grammar as far as the
/// input does; on a fault the bytes of the token before it were handed over,
/// but its last part never comes. An error stops the lexer and is passed on.
///
/// Depth is the number of `begin` calls less that of `end` calls, so a sink
/// for the elements of a top-level array takes what comes at depth one.
pub trait Sink {
    /// Takes bytes of a byte order mark, which can only come first.
    fn byte_order_mark(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _ = bytes;
        Ok(())
    }

    /// Takes the start of an object or array.
    fn begin(&mut self, kind: Container) -> io::Result<()>;

    /// Takes the end of the innermost object or array, which is of `kind`.
    fn end(&mut self, kind: Container) -> io::Result<()>;

    /// Takes a member's key, or a part of it.
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()>;

    /// Takes a string, number or literal, or a part of it.
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()>;

    /// Takes the `:` between key and value.
    fn colon(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes the `,` between two members or elements.
    fn comma(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes a whole key with the `:` that follows it at once: the same as the two calls.
    ///
    /// The key is the first `length` bytes of `source`, ASCII without escapes, and the `:` is the
    /// next. That the source goes on allows copies of a fixed size, which are much faster than short
    /// ones of any length.
    #[inline]
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        self.key(&source[..length], TokenPart::WHOLE)?;
        self.colon()
    }

    /// Takes a whole scalar, the first `length` bytes of `source`.
    #[inline]
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        self.scalar(kind, &source[..length], TokenPart::WHOLE)
    }
}

/// Takes tokens of a text that is only checked, or whose elements are only counted.
#[derive(Clone, Copy, Debug)]
pub struct Ignored;

impl Sink for Ignored {
    fn begin(&mut self, _: Container) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _: Container) -> io::Result<()> {
        Ok(())
    }

    fn key(&mut self, _: &[u8], _: TokenPart) -> io::Result<()> {
        Ok(())
    }

    fn scalar(&mut self, _: Scalar, _: &[u8], _: TokenPart) -> io::Result<()> {
        Ok(())
    }
}
