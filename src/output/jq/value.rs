//! Between tokens and the values of the filter language.
//!
//! [`Builder`] makes a value of tokens, [`tell`] makes tokens of a value. Numbers stay as they are
//! written, and what is told is JSON whatever the filter made.

use std::io;

use jaq_json::{Map, Num, Val};

use crate::error::{Exit, Failure};
use crate::json::{Container, Lexer, Part, Scalar, Sink};
use crate::output::pipeline::wrapped;
use crate::output::values::text_of;

/// Values are built no deeper than this. The filter language goes through values level by level on
/// the stack; what people and services write is not a tenth as deep.
pub const DEEPEST: usize = 512;

/// Integers with more digits are decimals: they could not be computed with anyway.
const LONGEST_INTEGER: usize = 400;

/// Makes a value of the tokens it takes.
#[derive(Default)]
pub struct Builder {
    open: Vec<Open>,
    value: Option<Val>,
    /// The token that comes in parts.
    token: Vec<u8>,
}

enum Open {
    Array(Vec<Val>),
    /// The members so far, and the key of the next.
    Object(Map, Val),
}

impl Builder {
    /// The value whose tokens have passed, and makes room for the next.
    pub fn take(&mut self) -> Option<Val> {
        self.value.take()
    }

    fn put(&mut self, value: Val) {
        match self.open.last_mut() {
            Some(Open::Array(items)) => items.push(value),
            Some(Open::Object(members, key)) => {
                members.insert(std::mem::take(key), value);
            }
            None => self.value = Some(value),
        }
    }

    /// The whole token, once its last part has come.
    fn whole(&mut self, bytes: &[u8], part: Part) -> Option<Vec<u8>> {
        if part == Part::WHOLE {
            return Some(bytes.to_vec());
        }
        self.token.extend_from_slice(bytes);
        part.last.then(|| std::mem::take(&mut self.token))
    }
}

/// Builds the value of a text that was checked before.
pub fn parse(text: &[u8]) -> io::Result<Option<Val>> {
    let mut builder = Builder::default();
    retell(text, &mut builder)?;
    Ok(builder.take())
}

/// Tells the tokens of a text that was checked before.
pub fn retell<S: Sink>(text: &[u8], sink: &mut S) -> io::Result<()> {
    let mut lexer = Lexer::new();
    lexer
        .feed(text, sink)
        .and_then(|()| lexer.finish(sink))
        .map_err(|e| match e {
            crate::json::Error::Sink(e) => e,
            crate::json::Error::Fault(fault) => io::Error::other(fault),
        })
}

fn string(token: Vec<u8>) -> Val {
    if token.contains(&b'\\') {
        return Val::from(text_of(&token));
    }
    let mut text = token;
    text.pop();
    text.remove(0);
    Val::utf8_str(text)
}

fn number(token: &[u8]) -> Val {
    let text = String::from_utf8_lossy(token);
    let is_integer = token.len() <= LONGEST_INTEGER
        && token != b"-0"
        && !token.iter().any(|b| matches!(b, b'.' | b'e' | b'E'));
    Val::Num(
        is_integer
            .then(|| Num::from_str_radix(&text, 10))
            .flatten()
            .unwrap_or_else(|| Num::Dec(text.into_owned().into())),
    )
}

impl Sink for Builder {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        if self.open.len() == DEEPEST {
            return Err(wrapped(Failure::new(
                Exit::Other,
                format!("values nested deeper than {DEEPEST} levels can not be filtered"),
            )));
        }
        self.open.push(match kind {
            Container::Array => Open::Array(Vec::new()),
            Container::Object => Open::Object(Map::default(), Val::Null),
        });
        Ok(())
    }

    fn end(&mut self, _: Container) -> io::Result<()> {
        match self.open.pop() {
            Some(Open::Array(items)) => self.put(Val::Arr(items.into())),
            Some(Open::Object(members, _)) => self.put(Val::obj(members)),
            None => {}
        }
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: Part) -> io::Result<()> {
        if let Some(token) = self.whole(bytes, part)
            && let Some(Open::Object(_, key)) = self.open.last_mut()
        {
            *key = string(token);
        }
        Ok(())
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: Part) -> io::Result<()> {
        if let Some(token) = self.whole(bytes, part) {
            self.put(match kind {
                Scalar::String => string(token),
                Scalar::Number => number(&token),
                Scalar::True => Val::Bool(true),
                Scalar::False => Val::Bool(false),
                Scalar::Null => Val::Null,
            });
        }
        Ok(())
    }
}

/// Tells the tokens of a value.
pub fn tell<S: Sink>(value: &Val, sink: &mut S) -> io::Result<()> {
    let (kind, text) = match value {
        Val::Null => (Scalar::Null, b"null".to_vec()),
        Val::Bool(true) => (Scalar::True, b"true".to_vec()),
        Val::Bool(false) => (Scalar::False, b"false".to_vec()),
        // As jq has them: JSON knows neither.
        Val::Num(Num::Float(x)) if x.is_nan() => (Scalar::Null, b"null".to_vec()),
        Val::Num(Num::Float(x)) if x.is_infinite() => {
            let sign = if *x < 0.0 { "-" } else { "" };
            let text = format!("{sign}1.7976931348623157e308");
            (Scalar::Number, text.into_bytes())
        }
        // What was calculated and is whole, as jq writes it; what was read stands as it was written.
        Val::Num(Num::Float(x)) if x.fract() == 0.0 && x.abs() < 1e17 => {
            (Scalar::Number, format!("{x:.0}").into_bytes())
        }
        Val::Num(n) => (Scalar::Number, n.to_string().into_bytes()),
        Val::TStr(text) | Val::BStr(text) => (Scalar::String, quoted(text)),
        Val::Arr(items) => {
            sink.begin(Container::Array)?;
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    sink.comma()?;
                }
                tell(item, sink)?;
            }
            return sink.end(Container::Array);
        }
        Val::Obj(members) => {
            sink.begin(Container::Object)?;
            for (at, (key, value)) in members.iter().enumerate() {
                if at > 0 {
                    sink.comma()?;
                }
                let key = match key {
                    Val::TStr(text) | Val::BStr(text) => quoted(text),
                    // The filter language has objects with other keys; JSON has not.
                    other => quoted(other.to_string().as_bytes()),
                };
                sink.key(&key, Part::WHOLE)?;
                sink.colon()?;
                tell(value, sink)?;
            }
            return sink.end(Container::Object);
        }
    };
    sink.scalar(kind, &text, Part::WHOLE)
}

/// Tells whether a character of a string is escaped where values are told.
#[must_use]
pub fn is_escaped(byte: u8) -> bool {
    matches!(byte, 0x00..=0x1f | b'"' | b'\\' | 0x7f)
}

/// A text as a JSON string. Bytes that are no UTF-8 become U+FFFD.
fn quoted(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(b'"');
    if text.bytes().any(is_escaped) {
        for c in text.chars() {
            match c {
                '"' => out.extend(b"\\\""),
                '\\' => out.extend(b"\\\\"),
                '\n' => out.extend(b"\\n"),
                '\r' => out.extend(b"\\r"),
                '\t' => out.extend(b"\\t"),
                '\u{8}' => out.extend(b"\\b"),
                '\u{c}' => out.extend(b"\\f"),
                '\0'..='\u{1f}' | '\u{7f}' => {
                    out.extend(format!("\\u{:04x}", u32::from(c)).into_bytes());
                }
                c => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out
}
