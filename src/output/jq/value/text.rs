//! Values as JSON texts.

use super::Val;

impl Val {
    /// The value as jq's `tojson` writes it.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write(self, &mut out, &mut |n, out| out.push_str(&n.canonical()));
        out
    }

    /// Appends the value as a line of output: numbers that were read stand as they were.
    pub fn print(&self, out: &mut String) {
        write(self, out, &mut |n, out| match n {
            super::Number::Read(spelling) => out.push_str(spelling),
            super::Number::Float(_) => out.push_str(&n.spelled()),
        });
    }

    /// The text of jq's `tostring`: texts as they are, others as JSON.
    pub fn to_text(&self) -> super::Text {
        match self {
            Val::Text(text) => text.clone(),
            other => other.to_json().into(),
        }
    }
}

fn write(value: &Val, out: &mut String, number: &mut dyn FnMut(&super::Number, &mut String)) {
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
                write(item, out, number);
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
                write(value, out, number);
            }
            out.push('}');
        }
    }
}

/// Tells whether a character of a string is escaped where values are told.
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
