//! Counts in a body while it streams past: how many items, and what an import says of itself.
//!
//! Looks and changes nothing.

use std::io;

use crate::json::{Container, Lexer, Scalar, Sink, TokenPart};

/// Watches one JSON document.
#[derive(Debug, Default)]
pub struct Tally {
    lexer: Lexer,
    counts: Counts,
    broken: bool,
    /// The body, where it is kept.
    kept: Option<Vec<u8>>,
}

/// What was counted.
#[derive(Debug, Default)]
pub struct Counts {
    depth: usize,
    top_is_array: bool,
    items: u64,
    /// The path of keys of the innermost two objects, as far as it matters here.
    in_result: bool,
    key: Vec<u8>,
    number: Vec<u8>,
    errors: Option<u64>,
    unprocessed: u64,
    /// Documents of an import that did not fail.
    good: Option<u64>,
}

/// What an import's response counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import {
    /// Documents that were refused.
    pub errors: u64,
    /// Those that were not even tried.
    pub unprocessed: u64,
    /// All documents, where the response counts those that are stored.
    pub all: Option<u64>,
}

impl Import {
    /// Documents that are not stored.
    #[must_use]
    pub fn failed(self) -> u64 {
        self.errors.saturating_add(self.unprocessed)
    }
}

/// A longer body is not kept.
const MOST_KEPT: usize = 1 << 20;

/// Keys and numbers longer than this are none of those looked for.
const LONGEST: usize = 24;

impl Tally {
    /// Keeps the body, where it is short.
    #[must_use]
    pub fn keeping() -> Self {
        Self {
            kept: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// Returns the body, where it was kept.
    #[must_use]
    pub fn kept(&self) -> Option<&[u8]> {
        self.kept.as_deref()
    }

    /// Looks at the next piece. What is not JSON is not counted; saying so is the printer's part.
    pub fn feed(&mut self, chunk: &[u8]) {
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(chunk);
            if kept.len() > MOST_KEPT {
                self.kept = None;
            }
        }
        if !self.broken {
            self.broken = self.lexer.feed(chunk, &mut self.counts).is_err();
        }
    }

    /// Returns the number of elements of the array at the top; `None` where the top is something
    /// else.
    #[must_use]
    pub fn items(&self) -> Option<u64> {
        self.counts.top_is_array.then_some(self.counts.items)
    }

    /// Returns what an import's response counts at the top or in `result`.
    #[must_use]
    pub fn import(&self) -> Option<Import> {
        let errors = self.counts.errors?;
        let unprocessed = self.counts.unprocessed;
        let counted = Import {
            errors,
            unprocessed,
            all: None,
        };
        // A server can count anything.
        let all = |good: u64| good.saturating_add(counted.failed());
        Some(Import {
            all: self.counts.good.map(all),
            ..counted
        })
    }
}

impl Sink for Counts {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        if self.depth == 0 {
            self.top_is_array = kind == Container::Array;
        } else if self.depth == 1 {
            self.items += 1;
            self.in_result = kind == Container::Object && self.key == b"\"result\"";
        }
        self.depth += 1;
        Ok(())
    }

    fn end(&mut self, _: Container) -> io::Result<()> {
        self.depth -= 1;
        if self.depth == 1 {
            self.in_result = false;
        }
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.depth <= 2 {
            collect(&mut self.key, bytes, part);
        }
        Ok(())
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.depth == 1 && part.first {
            self.items += 1;
        }
        let counts = !self.top_is_array && (self.depth == 1 || (self.depth == 2 && self.in_result));
        if kind == Scalar::Number && counts {
            collect(&mut self.number, bytes, part);
            if part.last {
                match (self.key.as_slice(), count(&self.number)) {
                    (b"\"errors\"", Some(n)) => self.errors = Some(n),
                    (b"\"unprocessed\"", Some(n)) => self.unprocessed = n,
                    (b"\"created\"" | b"\"updated\"" | b"\"ignored\"" | b"\"empty\"", Some(n)) => {
                        self.good = Some(self.good.unwrap_or(0).saturating_add(n));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// Reads a count in any spelling of a number: `3`, `3.0`, `3e0`. One that is larger than all counts
/// is the largest.
fn count(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        let whole = format!("{:.0}", number.ceil().max(0.0));
        Some(whole.parse().unwrap_or(u64::MAX))
    })
}

fn collect(into: &mut Vec<u8>, bytes: &[u8], part: TokenPart) {
    if part.first {
        into.clear();
    }
    if into.len() <= LONGEST {
        into.extend_from_slice(&bytes[..bytes.len().min(LONGEST + 1)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(text: &str) -> Tally {
        let mut tally = Tally::default();
        for byte in text.as_bytes() {
            tally.feed(&[*byte]);
        }
        tally
    }

    #[test]
    fn items_and_imports_are_counted() {
        for (text, items, import) in [
            ("[]", Some(0), None),
            (r#"[{"a":[1,2]},3,"x",null,[4]]"#, Some(5), None),
            (r#"{"created":2,"errors":1}"#, None, Some((1, Some(3)))),
            (r#"{"errors":1}"#, None, Some((1, None))),
            (r#"{"errors":1.0}"#, None, Some((1, None))),
            (r#"{"errors":0.5}"#, None, Some((1, None))),
            (r#"{"errors":2e0}"#, None, Some((2, None))),
            (r#"{"errors":-1}"#, None, Some((0, None))),
            (r#"{"errors":1e400}"#, None, Some((u64::MAX, None))),
            (
                r#"{"errors":18446744073709551616}"#,
                None,
                Some((u64::MAX, None)),
            ),
            (
                r#"{"created":18446744073709551615,"errors":18446744073709551615,"unprocessed":2}"#,
                None,
                Some((u64::MAX, Some(u64::MAX))),
            ),
            (
                r#"{"result":{"created":1,"errors":0,"unprocessed":2,"details":{"errors":[]}}}"#,
                None,
                Some((2, Some(3))),
            ),
            (
                r#"{"result":{"created":9,"updated":2,"errors":3},"code":200}"#,
                None,
                Some((3, Some(14))),
            ),
            (r#"{"result":{"x":{"errors":7}}}"#, None, None),
            (r#"{"other":{"errors":7}}"#, None, None),
            (r#"[{"errors":7}]"#, Some(1), None),
        ] {
            let t = tally(text);
            let counted = t.import().map(|i| (i.failed(), i.all));
            assert_eq!((t.items(), counted), (items, import), "{text}");
        }
    }
}
