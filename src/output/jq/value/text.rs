//! Values as JSON texts.

use super::{Val, large};
use crate::output::jq::fault::Result;

impl Val {
    /// The value as jq's `tojson` writes it.
    ///
    /// Fails where the text is too long: a value that holds another one twice is small itself.
    pub fn to_json(&self) -> Result<String> {
        let mut out = String::new();
        let mut number = |n: &super::Number, out: &mut String| out.push_str(&n.canonical());
        write(self, &mut out, large::LONGEST_TEXT, &mut number);
        large::check_length(out.len())?;
        Ok(out)
    }

    /// The beginning of the value as JSON, for messages: at least `most` bytes where it has them.
    pub fn begun(&self, most: usize) -> String {
        let mut out = String::new();
        let mut number = |n: &super::Number, out: &mut String| out.push_str(&n.canonical());
        write(self, &mut out, most, &mut number);
        out
    }

    /// Appends the value as a line of output: numbers that were read stand as they were.
    ///
    /// `false` where that are more bytes than `most`.
    #[must_use]
    pub fn print(&self, out: &mut String, most: usize) -> bool {
        write(self, out, most, &mut |n, out| match n {
            super::Number::Read(spelling) => out.push_str(spelling),
            super::Number::Float(_) => out.push_str(&n.spelled()),
        });
        out.len() <= most
    }

    /// The text of jq's `tostring`: texts as they are, others as JSON.
    pub fn to_text(&self) -> Result<super::Text> {
        match self {
            Val::Text(text) => Ok(text.clone()),
            other => Ok(other.to_json()?.into()),
        }
    }
}

/// Writes a value, and leaves off where there are more bytes than `most`.
fn write(
    value: &Val,
    out: &mut String,
    most: usize,
    number: &mut dyn FnMut(&super::Number, &mut String),
) {
    if out.len() > most {
        return;
    }
    match value {
        Val::Null => out.push_str("null"),
        Val::Bool(true) => out.push_str("true"),
        Val::Bool(false) => out.push_str("false"),
        Val::Number(n) => number(n, out),
        Val::Text(text) => quote(text, out),
        Val::List(list) => {
            out.push('[');
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out, most, number);
                if out.len() > most {
                    return;
                }
            }
            out.push(']');
        }
        Val::Object(object) => {
            out.push('{');
            for (at, (key, value)) in object.members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                write(value, out, most, number);
                if out.len() > most {
                    return;
                }
            }
            out.push('}');
        }
    }
}

/// Returns whether a character of a string is escaped where values are reported.
#[must_use]
pub fn is_escaped(byte: u8) -> bool {
    matches!(byte, 0x00..=0x1f | b'"' | b'\\' | 0x7f)
}

/// Appends a text as a JSON string.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_escaped) {
        out.push_str(&rest[..at]);
        let short = match rest.as_bytes()[at] {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            8 => "\\b",
            12 => "\\f",
            other => {
                out.push_str(&format!("\\u{other:04x}"));
                ""
            }
        };
        out.push_str(short);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}
