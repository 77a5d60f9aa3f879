//! Turns bodies of errors into one readable line.
//!
//! JSON is read whatever its label says, of HTML the title counts; bounded in length. Pure.

use serde_json::Value;

use crate::secret::{MASK, is_sensitive_name};

/// The longest line made of a body, in characters.
const LONGEST: usize = 300;

/// What an error's body is.
#[derive(Clone, Debug, PartialEq)]
pub enum ErrorBody {
    /// Nothing, or blanks.
    Empty,
    /// JSON, whatever its label says: errors are small and labels of errors often wrong.
    Json(Value),
    /// Text, blanks folded to one line, with whether the line holds all of it.
    Text(String, bool),
    /// An HTML page: its title or first heading.
    Html(String),
    /// Bytes that are not text.
    Binary,
}

impl ErrorBody {
    /// Looks at the start of a body.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(body) else {
            return Self::Binary;
        };
        let text = text.trim();
        if text.is_empty() {
            return Self::Empty;
        }
        if text.starts_with(['{', '[', '"'])
            && let Ok(value) = serde_json::from_str(text)
        {
            return Self::Json(value);
        }
        if is_html(text) {
            return Self::Html(html_title(text));
        }
        let line = one_line(text);
        let whole = line.chars().count() <= LONGEST;
        Self::Text(cut(&line), whole)
    }
}

/// Returns whether a text begins as an HTML page does.
fn is_html(text: &str) -> bool {
    let start: String = text.chars().take(200).collect();
    let start = start.to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.contains("<html")
}

/// Folds blanks and control characters to single blanks.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Cuts a line to what fits an error message.
#[must_use]
pub fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Returns a JSON value inside a sentence: texts bare, everything else compact, secrets masked.
#[must_use]
pub fn inline(value: &Value) -> String {
    match value {
        Value::String(s) => one_line(s),
        Value::Array(items) => items.iter().map(inline).collect::<Vec<_>>().join(", "),
        other => masked(other).to_string(),
    }
}

/// Returns the value with `***` for members named like secrets.
fn masked(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let shown = if is_sensitive_name(name) {
                    MASK.into()
                } else {
                    masked(value)
                };
                (name.clone(), shown)
            })
            .collect(),
        Value::Array(items) => items.iter().map(masked).collect(),
        other => other.clone(),
    }
}

fn html_title(page: &str) -> String {
    // `to_ascii_lowercase` keeps byte positions, so they hold in the page itself too.
    let lower = page.to_ascii_lowercase();
    for tag in ["title", "h1"] {
        let Some(open) = lower.find(&format!("<{tag}")) else {
            continue;
        };
        let Some(start) = lower[open..].find('>').map(|i| open + i + 1) else {
            continue;
        };
        let Some(end) = lower[start..].find(&format!("</{tag}")).map(|i| start + i) else {
            continue;
        };
        let title = one_line(&page[start..end]);
        if !title.is_empty() {
            return cut(&title);
        }
    }
    "an HTML page".to_owned()
}

/// Returns a number for people: `2,500`.
#[must_use]
pub fn digits(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_distinguished() {
        for (body, want) in [
            (&b""[..], ErrorBody::Empty),
            (b" \n", ErrorBody::Empty),
            (b"\xff\xfe", ErrorBody::Binary),
            (
                b"No  Machine\nmatches.",
                ErrorBody::Text("No Machine matches.".into(), true),
            ),
            (
                b"<html>\r\n<head><title>413 Request Entity Too Large</title></head></html>",
                ErrorBody::Html("413 Request Entity Too Large".into()),
            ),
            (
                b"<!DOCTYPE html><p>x",
                ErrorBody::Html("an HTML page".into()),
            ),
            (b"\x1b[31mred", ErrorBody::Text("[31mred".into(), true)),
        ] {
            assert_eq!(ErrorBody::read(body), want);
        }
        assert!(matches!(ErrorBody::read(b"{\"a\":1}"), ErrorBody::Json(_)));
        // Whatever letter stands where a start is cut off.
        for before in ["", "x", "xx", "xxx"] {
            for letter in ["é", "€", "😀"] {
                let long = format!("{before}{}", letter.repeat(400));
                assert!(matches!(
                    ErrorBody::read(long.as_bytes()),
                    ErrorBody::Text(_, false)
                ));
            }
        }
    }
}
