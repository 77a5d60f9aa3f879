//! Writes JSON text with variables in the place of secrets.
//!
//! Keeps the text as typed where it has no secret.

use std::io;

use crate::json::{Container, Scalar, Sink, Text, TokenPart, replay};
use crate::secret::is_sensitive_name;

use super::values::{Form, Piece, Values, push_text};

/// Appends a JSON text with its secrets as variables; any other text with `***` in their place.
pub fn append(text: &str, values: &mut Values<'_>, out: &mut Vec<Piece>) {
    match pieces(text, values) {
        Some(pieces) => out.extend(pieces),
        None => push_text(out, &values.plain(text)),
    }
}

/// Returns the text in pieces; as it was typed where there is no secret in it, else without blanks.
/// `None` where it is not JSON.
fn pieces(text: &str, values: &mut Values<'_>) -> Option<Vec<Piece>> {
    let mut hiding = Hiding {
        values,
        pieces: Vec::new(),
        token: Text::default(),
        key: String::new(),
        secret: None,
        depth: 0,
    };
    replay(text.as_bytes(), &mut hiding).ok()?;
    if hiding.pieces.iter().all(|p| matches!(p, Piece::Text(_))) {
        return Some(vec![Piece::Text(text.to_owned())]);
    }
    Some(hiding.pieces)
}

struct Hiding<'a, 'b> {
    values: &'a mut Values<'b>,
    pieces: Vec<Piece>,
    /// What has come of a key or value.
    token: Text,
    /// The last key, without its quotes.
    key: String,
    /// The depth at which a secret container starts, while it is open.
    secret: Option<usize>,
    depth: usize,
}

impl Hiding<'_, '_> {
    fn text(&mut self, text: &str) {
        push_text(&mut self.pieces, text);
    }

    fn taken(&mut self) -> String {
        let bytes = std::mem::take(&mut self.token.0);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Puts a variable that holds JSON in the place of a value.
    fn hide(&mut self, json: &str) {
        let key = self.key.clone();
        let piece = self
            .values
            .variable(&key, "JSON of the member", json, Form::Plain);
        self.pieces.push(piece);
    }

    fn value(&mut self, kind: Scalar) {
        let token = self.taken();
        let is_sensitive = is_sensitive_name(&self.key);
        match kind {
            Scalar::String => {
                let text: String = serde_json::from_str(&token).unwrap_or_default();
                let key = self.key.clone();
                if self.values.is_secret(&key, &text) || self.values.hides(&token) {
                    let piece = self.values.variable(&key, "member", &text, Form::Json);
                    self.pieces.push(piece);
                } else {
                    self.text(&token);
                }
            }
            Scalar::Number if is_sensitive => self.hide(&token),
            // `null` and booleans show nothing.
            _ => self.text(&token),
        }
    }
}

impl Sink for Hiding<'_, '_> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.depth += 1;
        if self.secret.is_none() && is_sensitive_name(&self.key) {
            self.secret = Some(self.depth);
        }
        if self.secret.is_some() {
            return self.token.begin(kind);
        }
        self.text(if kind == Container::Object { "{" } else { "[" });
        Ok(())
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        if let Some(start) = self.secret {
            self.token.end(kind)?;
            if self.depth < start {
                self.secret = None;
                let json = self.taken();
                self.hide(&json);
                self.key.clear();
            }
            return Ok(());
        }
        self.key.clear();
        self.text(if kind == Container::Object { "}" } else { "]" });
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.token.key(bytes, part)?;
        if part.last && self.secret.is_none() {
            let token = self.taken();
            self.key = serde_json::from_str(&token).unwrap_or_default();
            let shown = self.values.plain(&token);
            self.text(&shown);
        }
        Ok(())
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.token.scalar(kind, bytes, part)?;
        if part.last && self.secret.is_none() {
            self.value(kind);
        }
        Ok(())
    }

    fn colon(&mut self) -> io::Result<()> {
        if self.secret.is_some() {
            return self.token.colon();
        }
        self.text(":");
        Ok(())
    }

    fn comma(&mut self) -> io::Result<()> {
        if self.secret.is_some() {
            return self.token.comma();
        }
        self.text(",");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Masks;

    fn shown(text: &str) -> Option<String> {
        let mut masks = Masks::default();
        masks.add("hidden-key");
        let pieces = pieces(text, &mut Values::new(&masks))?;
        let shown: Vec<String> = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Variable(name, form) => {
                    format!("<{} {form:?}>", name.trim_start_matches("APICALL_SECRET_"))
                }
                other => format!("{other:?}"),
            })
            .collect();
        Some(shown.concat())
    }

    #[test]
    fn secrets_become_variables() {
        for (text, want) in [
            (
                "{\"a\" : 1.10, \"b\": [1e400]}",
                "{\"a\" : 1.10, \"b\": [1e400]}",
            ),
            (
                "{\"password\": \"x\", \"a\": \"y\"}",
                "{\"password\":<PASSWORD Json>,\"a\":\"y\"}",
            ),
            (
                "[{\"token\": 17, \"n\": 1.10}, {\"token\": 18}]",
                "[{\"token\":<TOKEN Plain>,\"n\":1.10},{\"token\":<TOKEN_2 Plain>}]",
            ),
            (
                "{\"tokens\": [\"a\", {\"b\": 1}], \"c\": [2], \"secret\": null, \"pwd\": true}",
                "{\"tokens\":<TOKENS Plain>,\"c\":[2],\"secret\":null,\"pwd\":true}",
            ),
            (
                "{\"list\": [\"is hidden-key\", \"is not\"], \"password\": \"\"}",
                "{\"list\":[<LIST Json>,\"is not\"],\"password\":\"\"}",
            ),
            ("\"hidden-key\"", "<VALUE Json>"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(want), "{text}");
        }
        assert_eq!(shown("no JSON"), None);
    }
}
