//! Masks bodies on stderr: members and fields named like secrets show `***`.
//!
//! Streams; memory does not grow with the body.

use std::io::{self, Write};

use crate::json::{Container, Formatter, Layout, Lexer, Scalar, Sink, Style, TokenPart};
use crate::secret::{MASK, is_sensitive_name};

/// Keys longer than this are not looked at; no name of a secret is as long.
const LONGEST_KEY: usize = 128;

/// Prints a JSON document with the values of sensitive members masked, as far as it is JSON; what
/// follows a fault is left out, because it cannot be reported what is secret there.
pub struct Redactor<W: Write> {
    lexer: Lexer,
    sink: Masking<Formatter<W>>,
    faulty: bool,
}

struct Masking<S> {
    inner: S,
    /// Names that are masked besides those that sound like a secret.
    secrets: &'static [&'static str],
    key: Vec<u8>,
    /// The next value is masked.
    armed: bool,
    /// The nesting inside a masked value; nothing is passed on there.
    hidden: usize,
}

impl<W: Write> Redactor<W> {
    /// Makes a redactor that writes to `out`, in the same layout as responses; it masks members of the
    /// names `secrets`, too.
    pub fn new(out: W, secrets: &'static [&'static str]) -> Self {
        let style = Style {
            layout: Layout::Pretty,
            palette: None,
            visible: true,
        };
        Self {
            lexer: Lexer::new(),
            sink: Masking {
                inner: Formatter::new(out, style),
                secrets,
                key: Vec::new(),
                armed: false,
                hidden: 0,
            },
            faulty: false,
        }
    }

    /// Prints the next piece. A fault ends the printing and is reported by `finish`.
    pub fn write(&mut self, chunk: &[u8]) {
        if !self.faulty {
            self.faulty = self.lexer.feed(chunk, &mut self.sink).is_err();
        }
    }

    /// Ends the document. `false` where it was not JSON.
    pub fn finish(mut self) -> bool {
        let whole = !self.faulty && self.lexer.finish(&mut self.sink).is_ok();
        self.sink.inner.flush().is_ok() && whole
    }
}

/// Masks one whole document.
#[must_use]
pub fn json(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut redactor = Redactor::new(&mut out, &[]);
    redactor.write(text);
    redactor.finish().then_some(out)
}

impl<S: Sink> Masking<S> {
    fn mask(&mut self) -> io::Result<()> {
        self.armed = false;
        let masked = format!("\"{MASK}\"");
        self.inner
            .scalar(Scalar::String, masked.as_bytes(), TokenPart::WHOLE)
    }
}

impl<S: Sink> Sink for Masking<S> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        if self.hidden > 0 {
            self.hidden += 1;
            return Ok(());
        }
        if self.armed {
            self.hidden = 1;
            return self.mask();
        }
        self.inner.begin(kind)
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        if self.hidden > 0 {
            self.hidden -= 1;
            return Ok(());
        }
        self.inner.end(kind)
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.hidden > 0 {
            return Ok(());
        }
        if part.first {
            self.key.clear();
        }
        if self.key.len() < LONGEST_KEY {
            self.key
                .extend_from_slice(&bytes[..bytes.len().min(LONGEST_KEY)]);
        }
        if part.last {
            let name = String::from_utf8_lossy(&self.key);
            self.armed = is_sensitive_name(&name) || self.secrets.contains(&name.trim_matches('"'));
        }
        self.inner.key(bytes, part)
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.hidden > 0 {
            return Ok(());
        }
        if self.armed {
            // `null` and booleans show nothing, and say whether there is a secret at all.
            if matches!(kind, Scalar::String | Scalar::Number) {
                return if part.last { self.mask() } else { Ok(()) };
            }
            if part.last {
                self.armed = false;
            }
        }
        self.inner.scalar(kind, bytes, part)
    }

    fn colon(&mut self) -> io::Result<()> {
        if self.hidden > 0 {
            Ok(())
        } else {
            self.inner.colon()
        }
    }

    fn comma(&mut self) -> io::Result<()> {
        if self.hidden > 0 {
            Ok(())
        } else {
            self.inner.comma()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_named_like_secrets_are_masked() {
        let text = br#"{"name":"a","token":"x","deep":{"api_key":"y","n":1},
            "secrets":[1,{"z":"z"}],"password":null,"list":[{"token_secret":"\u0041"}]}"#;
        let out = String::from_utf8(json(text).unwrap()).unwrap();
        for secret in ["\"x\"", "\"y\"", "\"z\"", "0041"] {
            assert!(!out.contains(secret), "{out}");
        }
        let compact: String = out.split_whitespace().collect();
        assert_eq!(
            compact,
            r#"{"name":"a","token":"***","deep":{"api_key":"***","n":1},"secrets":"***","password":null,"list":[{"token_secret":"***"}]}"#
        );
        assert!(json(b"{\"a\":").is_none());
    }

    #[test]
    fn a_value_split_into_pieces_does_not_leak() {
        let text = br#"{"password":"hunter2","n":12}"#;
        let mut out = Vec::new();
        let mut redactor = Redactor::new(&mut out, &[]);
        for byte in text {
            redactor.write(&[*byte]);
        }
        assert!(redactor.finish());
        let out = String::from_utf8(out).unwrap();
        assert!(
            !out.contains("hunter2") && out.contains("***") && out.contains("12"),
            "{out}"
        );
    }
}
