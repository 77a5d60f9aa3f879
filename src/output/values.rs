//! Defines what takes values at the end of a pipeline.
//!
//! [`Printed`] writes each on its own, [`Joined`] all of them as one array. Tables and the like are
//! further ones.

use std::io::{self, Write};

use crate::error::Failure;
use crate::json::{Container, Formatter, Scalar, Sink, Style, TokenPart, Values, hold};

use super::visible::visible;

/// Takes values and writes them in some format.
pub trait Output: Values {
    /// Writes what can be shown by now: the input pauses.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes the rest; no value follows.
    fn finish(&mut self) -> io::Result<()>;

    /// Writes what came before a fault, after which nothing follows.
    fn break_off(&mut self) -> io::Result<()> {
        self.flush()
    }

    /// What there is to report about the output, once it is written.
    fn report(&mut self) -> Report {
        Report::default()
    }
}

/// Wraps a failure so that a sink can return it.
#[must_use]
pub fn wrapped(failure: Failure) -> io::Error {
    io::Error::other(failure)
}

/// What is known of an output once it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What a user has to know about it.
    pub notes: Vec<String>,
    /// Whether it has nothing of what was asked for: no column, or no result that holds.
    pub is_wanting: bool,
    /// Whether the last result of a filter is something other than `null` and `false`; `None`
    /// where there was no result.
    pub holds: Option<bool>,
}

/// Writes each value as a text of its own.
pub struct Printed<W> {
    formatter: Formatter<W>,
    /// Where strings at the top are written without quotes: whether the output is a terminal.
    strings: Option<Strings>,
    depth: usize,
}

struct Strings {
    is_terminal: bool,
    text: Vec<u8>,
}

impl<W: Write> Printed<W> {
    /// Makes one that writes to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Self {
            formatter: Formatter::new(out, style),
            strings: None,
            depth: 0,
        }
    }

    /// Writes strings at the top as the text they stand for (`-r`), on a terminal made visible.
    #[must_use]
    pub fn with_raw_strings(mut self, is_terminal: bool) -> Self {
        self.strings = Some(Strings {
            is_terminal,
            text: Vec::new(),
        });
        self
    }
}

/// The text that a JSON string stands for. A lone surrogate, which is not text, becomes U+FFFD.
#[must_use]
pub fn text_of(string: &[u8]) -> String {
    let inner = string.get(1..string.len().saturating_sub(1));
    let inner = inner.unwrap_or_default();
    if !inner.contains(&b'\\') {
        return String::from_utf8_lossy(inner).into_owned();
    }
    match serde_json::from_slice::<String>(string) {
        Ok(text) => text,
        // The lexer has checked it: only surrogates are left to fail.
        Err(_) => replace_surrogates(&String::from_utf8_lossy(inner)),
    }
}

fn replace_surrogates(inner: &str) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
            continue;
        }
        units.push(match rest.next() {
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let hex: String = rest.by_ref().take(4).collect();
                u16::from_str_radix(&hex, 16).unwrap_or(0xFFFD)
            }
            Some(c) => u16::try_from(u32::from(c)).unwrap_or(0xFFFD),
            None => 0xFFFD,
        });
    }
    String::from_utf16_lossy(&units)
}

impl<W: Write> Sink for Printed<W> {
    fn byte_order_mark(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.formatter.byte_order_mark(bytes)
    }

    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.depth += 1;
        self.formatter.begin(kind)
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        self.formatter.end(kind)
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.formatter.key(bytes, part)
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if let (Some(strings), Scalar::String, 0) = (&mut self.strings, kind, self.depth) {
            hold(&mut strings.text, bytes, "a string of the response")?;
            if part.last {
                let mut text = text_of(&strings.text);
                strings.text.clear();
                if strings.is_terminal {
                    text = visible(&text).into_owned();
                }
                text.push('\n');
                self.formatter.text(text.as_bytes())?;
            }
            return Ok(());
        }
        self.formatter.scalar(kind, bytes, part)
    }

    fn colon(&mut self) -> io::Result<()> {
        self.formatter.colon()
    }

    fn comma(&mut self) -> io::Result<()> {
        self.formatter.comma()
    }

    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        self.formatter.key_and_colon(source, length)
    }

    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        if self.strings.is_some() {
            return self.scalar(kind, &source[..length], TokenPart::WHOLE);
        }
        self.formatter.whole_scalar(kind, source, length)
    }
}

impl<W: Write> Values for Printed<W> {
    fn end_value(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Output for Printed<W> {
    fn flush(&mut self) -> io::Result<()> {
        self.formatter.flush_complete()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.formatter.flush()
    }
}

/// Writes all values as the elements of one array.
pub struct Joined<W> {
    formatter: Formatter<W>,
    any: bool,
    single: Single,
    /// Whether the next token begins a value.
    fresh: bool,
}

/// What is done with a text that is no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Single {
    /// It is an element of the list.
    Listed,
    /// It will be written as it is, should it come.
    Awaited,
    /// It has come.
    Come,
}

impl<W: Write> Joined<W> {
    /// Makes one that writes to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Self {
            formatter: Formatter::new(out, style),
            any: false,
            single: Single::Listed,
            fresh: true,
        }
    }

    /// Writes the one text that comes as it is where it is no list.
    #[must_use]
    pub fn or_single(mut self) -> Self {
        self.single = Single::Awaited;
        self
    }

    #[inline]
    fn lead(&mut self) -> io::Result<()> {
        if !self.fresh || self.single == Single::Come {
            return Ok(());
        }
        self.fresh = false;
        if self.any {
            return self.formatter.comma();
        }
        self.any = true;
        self.formatter.begin(Container::Array)
    }
}

impl<W: Write> Sink for Joined<W> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.lead()?;
        self.formatter.begin(kind)
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.formatter.end(kind)
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.formatter.key(bytes, part)
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.lead()?;
        self.formatter.scalar(kind, bytes, part)
    }

    fn colon(&mut self) -> io::Result<()> {
        self.formatter.colon()
    }

    fn comma(&mut self) -> io::Result<()> {
        self.formatter.comma()
    }

    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        self.formatter.key_and_colon(source, length)
    }

    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        self.lead()?;
        self.formatter.whole_scalar(kind, source, length)
    }
}

impl<W: Write> Values for Joined<W> {
    fn end_value(&mut self) -> io::Result<()> {
        self.fresh = true;
        Ok(())
    }

    fn begin_single(&mut self) {
        if self.single == Single::Awaited {
            self.single = Single::Come;
        }
    }
}

impl<W: Write> Output for Joined<W> {
    fn flush(&mut self) -> io::Result<()> {
        self.formatter.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.single == Single::Come {
            return self.formatter.flush();
        }
        if !self.any {
            self.formatter.begin(Container::Array)?;
        }
        self.formatter.end(Container::Array)?;
        self.formatter.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Layout, Lexer};

    #[test]
    fn strings_stand_for_text() {
        for (string, text) in [
            (r#""""#, ""),
            (r#""a\u00e9\n\"""#, "aé\n\""),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""x\ud800y\/""#, "x\u{fffd}y/"),
        ] {
            assert_eq!(text_of(string.as_bytes()), text);
        }
    }

    #[test]
    fn joined_is_one_array() {
        for (texts, want) in [
            (&[][..], "[]\n"),
            (&["1"], "[1]\n"),
            (
                &["1", "[ ]", r#"{"a": [1, 2]}"#, r#""x""#],
                "[1,[],{\"a\":[1,2]},\"x\"]\n",
            ),
        ] {
            let mut out = Vec::new();
            let style = Style {
                layout: Layout::Compact,
                ..Style::default()
            };
            let mut joined = Joined::new(&mut out, style);
            for text in texts {
                let mut lexer = Lexer::new();
                for byte in text.as_bytes() {
                    lexer.feed(&[*byte], &mut joined).unwrap();
                }
                lexer.finish(&mut joined).unwrap();
                joined.end_value().unwrap();
            }
            joined.finish().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }
}
