//! Moves through the bytes of one chunk: blanks, strings, numbers.
//!
//! Knows what a token may consist of, not where it may stand. The scanners of
//! strings and numbers can stop at the end of any chunk and go on in the next.

#![expect(
    clippy::inline_always,
    reason = "the main loop keeps its place in registers only where all that moves it is inlined"
)]

use super::lanes::{self, Lanes};
use super::sink::Scalar;

/// A chunk and the place reached in it.
///
/// A copy goes to what is not inlined, so that the one of the main loop lives in registers.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) chunk: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Input<'a> {
    /// Returns the next byte.
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.chunk.get(self.at).copied()
    }

    /// Returns the bytes not yet passed.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.chunk.get(self.at..).unwrap_or_default()
    }

    /// Calls what is not inlined.
    #[inline]
    pub(super) fn apart<T>(&mut self, call: impl FnOnce(&mut Self) -> T) -> T {
        let mut copy = *self;
        let result = call(&mut copy);
        self.at = copy.at;
        result
    }

    /// Passes blanks, and returns whether there were any.
    #[inline(always)]
    pub(super) fn skip_blanks(&mut self) -> bool {
        let start = self.at;
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
            // Indentation.
            self.skip_lanes(lanes::spaces);
        }
        self.at > start
    }

    /// Passes decimal digits.
    #[inline(always)]
    pub(super) fn skip_digits(&mut self) {
        if !self.skip_lanes(lanes::digits) {
            while let Some(b'0'..=b'9') = self.peek() {
                self.at += 1;
            }
        }
    }

    /// Passes bytes of a string that stand for themselves: ASCII other than
    /// quote, backslash and control characters.
    #[inline(always)]
    pub(super) fn skip_text(&mut self) {
        if !self.skip_lanes(lanes::text) {
            while self.peek().is_some_and(|byte| !lanes::is_mark(byte)) {
                self.at += 1;
            }
        }
    }

    /// Passes the bytes that `count` counts, and returns whether their end was
    /// reached; it was not where the chunk ends too soon.
    #[inline(always)]
    fn skip_lanes(&mut self, count: impl Fn(&Lanes) -> usize) -> bool {
        while let Some(lanes) = self.rest().first_chunk() {
            let count = count(lanes);
            self.at += count;
            if count < lanes.len() {
                return true;
            }
        }
        false
    }

    /// Passes whole characters that are not ASCII, and returns whether there
    /// were any.
    fn skip_characters(&mut self) -> bool {
        let rest = self.rest();
        let run = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
        let length = match str::from_utf8(&rest[..run]) {
            Ok(_) => run,
            Err(error) => error.valid_up_to(),
        };
        self.at += length;
        length > 0
    }

    /// Passes a string from its opening quote, if it ends in this chunk and is
    /// nothing but text; else its opening quote and some of
    /// the text.
    #[inline(always)]
    pub(super) fn skip_plain_string(&mut self) -> bool {
        self.at += 1;
        self.skip_text();
        let ends = self.peek() == Some(b'"');
        self.at += usize::from(ends);
        ends
    }

    /// Passes a scalar from its first byte, if it is plain and ends in this
    /// chunk, and returns its kind; else some of it.
    ///
    /// Plain are literals, strings without escapes in ASCII, and whole numbers
    /// from 1.
    #[inline(always)]
    pub(super) fn skip_plain_scalar(&mut self, first: u8) -> Option<Scalar> {
        let (kind, is_plain) = match first {
            b'"' => (Scalar::String, self.skip_plain_string()),
            b'1'..=b'9' => {
                self.skip_digits();
                let is_plain = !matches!(self.peek(), None | Some(b'.' | b'e' | b'E'));
                (Scalar::Number, is_plain)
            }
            b't' => (Scalar::True, self.skip_word(*b"true")),
            b'f' => (Scalar::False, self.skip_word(*b"false")),
            b'n' => (Scalar::Null, self.skip_word(*b"null")),
            _ => return None,
        };
        is_plain.then_some(kind)
    }

    /// Passes these bytes, if they come next.
    #[inline]
    fn skip_word<const N: usize>(&mut self, word: [u8; N]) -> bool {
        let is_next = self.rest().first_chunk() == Some(&word);
        self.at += if is_next { N } else { 0 };
        is_next
    }
}

/// Where a string stands between two of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Between characters.
    Text,
    /// After a backslash.
    Escape,
    /// Within `\u`, with so many digits to come.
    Hex(u8),
    /// Within a character of several bytes: so many are to come, and the next
    /// is within these bounds (RFC 3629, section 4).
    Character { left: u8, low: u8, high: u8 },
}

impl Inside {
    /// Passes the bytes of a string up to and with its closing quote, and
    /// returns whether that was reached.
    ///
    /// On an error `input` is at the byte that cannot stand there.
    pub(super) fn scan(&mut self, input: &mut Input<'_>) -> Result<bool, &'static str> {
        loop {
            if *self == Inside::Text {
                input.skip_text();
            }
            let Some(byte) = input.peek() else {
                return Ok(false);
            };
            *self = match (*self, byte) {
                (Inside::Text, b'"') => {
                    input.at += 1;
                    return Ok(true);
                }
                (Inside::Text, b'\\') => match input.rest() {
                    [_, b'u', a, b, c, d, ..]
                        if [a, b, c, d].iter().all(|d| d.is_ascii_hexdigit()) =>
                    {
                        input.at += 6;
                        continue;
                    }
                    [
                        _,
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                        ..,
                    ] => {
                        input.at += 2;
                        continue;
                    }
                    // What is split, or wrong, is looked at byte by byte.
                    _ => Inside::Escape,
                },
                (Inside::Text, 0x80..) if input.skip_characters() => continue,
                (Inside::Text, 0x80..) => Inside::lead(byte)?,
                (Inside::Text, _) => return Err("control character inside a string"),
                (Inside::Escape, b'u') => Inside::Hex(4),
                (Inside::Escape, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                    Inside::Text
                }
                (Inside::Hex(left), b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => match left {
                    1 => Inside::Text,
                    _ => Inside::Hex(left - 1),
                },
                (Inside::Escape | Inside::Hex(_), _) => return Err("invalid escape in a string"),
                (Inside::Character { left, low, high }, _) if (low..=high).contains(&byte) => {
                    match left {
                        1 => Inside::Text,
                        _ => Inside::Character {
                            left: left - 1,
                            low: 0x80,
                            high: 0xbf,
                        },
                    }
                }
                (Inside::Character { .. }, _) => return Err("invalid UTF-8"),
            };
            input.at += 1;
        }
    }

    /// Returns what must follow the first byte of a character.
    fn lead(byte: u8) -> Result<Inside, &'static str> {
        let (left, low, high) = match byte {
            0xc2..=0xdf => (1, 0x80, 0xbf),
            // Nothing that would fit in fewer bytes,
            0xe0 => (2, 0xa0, 0xbf),
            // no surrogates,
            0xed => (2, 0x80, 0x9f),
            0xe1..=0xef => (2, 0x80, 0xbf),
            0xf0 => (3, 0x90, 0xbf),
            0xf1..=0xf3 => (3, 0x80, 0xbf),
            // and nothing above U+10FFFF.
            0xf4 => (3, 0x80, 0x8f),
            _ => return Err("invalid UTF-8"),
        };
        Ok(Inside::Character { left, low, high })
    }
}

/// Where a number stands after one of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digits {
    /// After the minus sign.
    Minus,
    /// After a zero that came first.
    Zero,
    /// After a digit before the point.
    Whole,
    /// After the point.
    Point,
    /// After a digit behind the point.
    Fraction,
    /// After `e`.
    E,
    /// After the sign of the exponent.
    Sign,
    /// After a digit of the exponent.
    Exponent,
}

impl Digits {
    /// Returns whether the number may end here.
    pub(super) fn may_end(self) -> bool {
        matches!(
            self,
            Digits::Zero | Digits::Whole | Digits::Fraction | Digits::Exponent
        )
    }

    /// Passes the bytes of a number, and returns whether one was reached that
    /// is none of it.
    ///
    /// On an error `input` is at the byte that cannot stand there.
    #[inline]
    pub(super) fn scan(&mut self, input: &mut Input<'_>) -> Result<bool, &'static str> {
        let mut digits = *self;
        loop {
            if matches!(digits, Digits::Whole | Digits::Fraction | Digits::Exponent) {
                input.skip_digits();
            }
            let Some(byte) = input.peek() else {
                *self = digits;
                return Ok(false);
            };
            digits = match (digits, byte) {
                (Digits::Minus, b'0') => Digits::Zero,
                (Digits::Minus, b'1'..=b'9') => Digits::Whole,
                (Digits::Zero, b'0'..=b'9') => return Err("number with a leading zero"),
                (Digits::Zero | Digits::Whole, b'.') => Digits::Point,
                (Digits::Point, b'0'..=b'9') => Digits::Fraction,
                (Digits::Zero | Digits::Whole | Digits::Fraction, b'e' | b'E') => Digits::E,
                (Digits::E, b'+' | b'-') => Digits::Sign,
                (Digits::E | Digits::Sign, b'0'..=b'9') => Digits::Exponent,
                _ if digits.may_end() => return Ok(true),
                _ => return Err("expected a digit"),
            };
            input.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_marks_at_every_place_in_every_length() {
        for length in 0..100 {
            for byte in 0..=255 {
                for place in (0..length).chain([usize::MAX]) {
                    let mut chunk = vec![b'a'; length];
                    // What follows a hit must not matter.
                    if let Some(tail) = chunk.get_mut(place..) {
                        tail.fill(byte ^ 1);
                        tail[0] = byte;
                    }
                    let mut input = Input {
                        chunk: &chunk,
                        at: 0,
                    };
                    input.skip_text();
                    let expected = chunk
                        .iter()
                        .position(|b| matches!(b, b'"' | b'\\' | ..0x20 | 0x80..))
                        .unwrap_or(length);
                    assert_eq!(input.at, expected, "{byte:#x} at {place} of {length}");
                }
            }
        }
    }

    #[test]
    fn passes_blanks_only() {
        for (text, length) in [
            ("", 0),
            ("a", 0),
            (" a", 1),
            ("\n        a", 9),
            ("\r\n\t       \t \n           x   ", 24),
            ("                                 ", 33),
            ("\u{b}", 0),
            (" \u{c}", 1),
            ("\u{a0}", 0),
            ("       \u{0}", 7),
        ] {
            let mut input = Input {
                chunk: text.as_bytes(),
                at: 0,
            };
            assert_eq!(input.skip_blanks(), length > 0, "{text:?}");
            assert_eq!(input.at, length, "{text:?}");
        }
    }

    #[test]
    fn agrees_with_std_on_every_short_sequence_of_bytes() {
        // Each byte class's edges, in every sequence of up to four.
        let edges = [
            0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
            0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
        ];
        let count = edges.len();
        for number in 0..count.pow(4) {
            let mut text: Vec<u8> = (0..4)
                .map(|place| edges[number / count.pow(place) % count])
                .collect();
            text.push(b'"');
            let mut input = Input {
                chunk: &text,
                at: 0,
            };
            let found = Inside::Text.scan(&mut input);
            assert_eq!(
                found.is_ok(),
                std::str::from_utf8(&text).is_ok(),
                "{text:x?}"
            );
        }
    }
}
