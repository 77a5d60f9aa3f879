//! The body of a response as a result has it: the JSON that its label says it is, else a string.
//!
//! No byte is lost: text is decoded by its charset, and what is no text is Base64 and says so. Pure.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::client::Head;
use crate::error::{Exit, Failure};
use crate::json::{Text, replay};
use crate::output::charset;

/// A body as a result has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// JSON without blanks; empty where there is no body.
    pub json: Vec<u8>,
    /// Whether it is a string that holds bytes in Base64.
    pub is_base64: bool,
}

/// What the headers of a response say its body is.
#[derive(Debug)]
pub enum Label {
    /// JSON, and the charset where it is another one than UTF-8.
    Json(Option<String>),
    /// Anything else, with the headers that say its charset.
    Other(Box<Head>),
}

impl Label {
    /// Reads the label of a body.
    #[must_use]
    pub fn of(head: &Head) -> Self {
        if head.is_json() {
            Self::Json(charset::foreign(head))
        } else {
            Self::Other(Box::new(head.clone()))
        }
    }

    /// Makes a body what a result has of it; the failure is that of JSON that is none.
    #[must_use]
    pub fn body(&self, bytes: &[u8]) -> (Body, Option<Failure>) {
        if bytes.iter().all(u8::is_ascii_whitespace) && matches!(self, Self::Json(_)) {
            return (Body::default(), None);
        }
        match self {
            _ if bytes.is_empty() => (Body::default(), None),
            Self::Other(head) => (text(&charset::decoded(head, bytes)), None),
            Self::Json(Some(foreign)) if !bytes.is_ascii() => {
                let failure = charset::not_utf8(foreign);
                (
                    text(bytes),
                    Some(Failure {
                        hint: None,
                        ..failure
                    }),
                )
            }
            Self::Json(_) => match compact(bytes) {
                Ok(json) => (
                    Body {
                        json,
                        is_base64: false,
                    },
                    None,
                ),
                Err(error) => {
                    let message = format!("the response is not valid JSON: {error}");
                    (text(bytes), Some(Failure::new(Exit::Other, message)))
                }
            },
        }
    }
}

fn compact(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = Text(Vec::with_capacity(unmarked.len()));
    replay(unmarked, &mut text)?;
    Ok(text.0)
}

/// Bytes as a JSON string.
fn text(bytes: &[u8]) -> Body {
    let text = std::str::from_utf8(bytes);
    let is_base64 = text.is_err();
    let text = text.map_or_else(|_| STANDARD.encode(bytes), str::to_owned);
    Body {
        json: serde_json::to_vec(&text).unwrap_or_default(),
        is_base64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_what_its_label_says() {
        for (label, bytes, want, failure) in [
            (
                "application/json",
                &b" {\"a\" : 1e400,\n\"a\":2}\n"[..],
                "{\"a\":1e400,\"a\":2}",
                "",
            ),
            (
                "application/problem+json; charset=utf-8",
                b"\xef\xbb\xbf[1]",
                "[1]",
                "",
            ),
            ("application/json", b"", "", ""),
            ("application/json", b" \n", "", ""),
            (
                "application/json",
                b"{\"a\":",
                "\"{\\\"a\\\":\"",
                "not valid JSON",
            ),
            ("application/json", b"7 8", "\"7 8\"", "not valid JSON"),
            ("application/json; charset=latin1", b"{}", "{}", ""),
            (
                "application/json; charset=latin1",
                b"\"\xe9\"",
                "\"Iuki\" base64",
                "JSON in `latin1`",
            ),
            ("text/plain", b"OK\n", "\"OK\\n\"", ""),
            // Nothing is sniffed.
            (
                "text/html; charset=utf-8",
                b"{ \"a\": 1 }",
                "\"{ \\\"a\\\": 1 }\"",
                "",
            ),
            ("text/plain", b"12", "\"12\"", ""),
            (
                "text/plain; charset=iso-8859-1",
                b"h\xe9",
                "\"h\u{e9}\"",
                "",
            ),
            (
                "application/octet-stream",
                b"\xff\x00\x01",
                "\"/wAB\" base64",
                "",
            ),
            ("", b"\xff", "\"/w==\" base64", ""),
        ] {
            let head = Head::default().with([("content-type", label)]);
            let (body, found) = Label::of(&head).body(bytes);
            let mark = if body.is_base64 { " base64" } else { "" };
            let shown = format!("{}{mark}", String::from_utf8(body.json).unwrap());
            assert_eq!(shown, want, "{label}");
            let found = found.map(|failure| failure.to_string()).unwrap_or_default();
            assert!(
                found.contains(failure) && found.is_empty() == failure.is_empty(),
                "{found}"
            );
        }
    }
}
