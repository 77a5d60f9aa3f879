//! The responses of several profiles as one list, or as one object with a member for each.
//!
//! The first response decides: a list at the top begins a list of the elements of all, anything
//! else an object. Formats of rows and `--each` take the elements of envelopes, too. `_profile` is
//! put first into every object of a list. Numbers and bytes stay as they came. Knows no server and
//! no thread; responses are read in the order they are to be printed.

mod labeled;

use std::io::{self, Read, Write};

use crate::error::{Exit, Failure};
use crate::json::{self, Ignored, Lexer, MOST_HELD, Splitter};

use labeled::Labeled;
pub use labeled::MEMBER;

use super::format::Format;
use super::pipeline::{Pipeline, Source};
use super::shown::Shown;
use super::values::Report;

/// Pieces of this size are read.
const BLOCK: usize = 32 * 1024;

/// What the responses become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    /// A list of elements; those that are no objects are put into one where there are columns.
    List { wraps: bool },
    /// An object of responses.
    Object,
}

/// Writes responses one after another as one.
pub struct Merge<'a> {
    shown: &'a Shown,
    out: Option<&'a mut dyn Write>,
    /// Once the first response has come.
    begun: Option<(Pipeline<'a>, Whole)>,
    count: usize,
}

impl<'a> Merge<'a> {
    /// Begins; nothing is written before the first response.
    pub fn new(shown: &'a Shown, out: &'a mut dyn Write) -> Self {
        Self {
            shown,
            out: Some(out),
            begun: None,
            count: 0,
        }
    }

    /// Adds the response of a profile; `first` are its first bytes, which `rest` continues.
    ///
    /// What is not JSON text is a string; see [`text`] for what can be none.
    pub fn add(&mut self, name: &str, body: &mut dyn Read, is_json: bool) -> anyhow::Result<()> {
        let mut body = body;
        let mut first = vec![0; BLOCK];
        let n = fill(&mut body, &mut first)?;
        first.truncate(n);
        let start = first.iter().find(|b| !b.is_ascii_whitespace()).copied();
        // A body of nothing is a valid input of JSON, but no value.
        let is_json = is_json && start.is_some();
        if self.begun.is_none() {
            let has_rows = self.shown.each || self.shown.format.is_some_and(Format::is_of_elements);
            let whole = if has_rows || (is_json && start == Some(b'[')) {
                Whole::List { wraps: has_rows }
            } else {
                Whole::Object
            };
            let Some(out) = self.out.take() else {
                return Ok(());
            };
            let source = match whole {
                Whole::List { .. } => Source::Pages,
                Whole::Object => Source::Text,
            };
            self.begun = Some((Pipeline::new(source, self.shown, out), whole));
        }
        let Some((pipeline, whole)) = &mut self.begun else {
            return Ok(());
        };
        let mut whole_body = io::Cursor::new(first).chain(body);
        let mut quoted;
        let body: &mut dyn Read = if is_json {
            &mut whole_body
        } else {
            quoted = io::Cursor::new(match text(&mut whole_body)?.as_str() {
                "" => b"null".to_vec(),
                text => serde_json::to_vec(text)?,
            });
            &mut quoted
        };
        match whole {
            Whole::List { wraps } => {
                let elements = Labeled::new(name, *wraps)?;
                list(elements, body, pipeline)?;
                pipeline.end_text()?;
            }
            Whole::Object => {
                let lead = if self.count == 0 { "{" } else { "," };
                let name = serde_json::to_string(name)?;
                pipeline.write(format!("{lead}{name}:").as_bytes())?;
                copy(body, pipeline)?;
            }
        }
        self.count += 1;
        pipeline.flush()
    }

    /// Ends what was begun; without a response nothing is written.
    pub fn finish(&mut self) -> anyhow::Result<Report> {
        let Some((pipeline, whole)) = &mut self.begun else {
            return Ok(Report::default());
        };
        if *whole == Whole::Object {
            pipeline.write(b"}")?;
        }
        // What went in was checked when it was received.
        pipeline.finish()?;
        Ok(pipeline.report())
    }
}

/// Returns whether a body is a JSON text and nothing else.
pub fn is_json(body: &mut dyn Read) -> io::Result<bool> {
    let mut lexer = Lexer::new();
    let mut buf = vec![0; BLOCK];
    loop {
        let n = body.read(&mut buf)?;
        if n == 0 {
            return Ok(lexer.finish(&mut Ignored).is_ok());
        }
        if lexer.feed(&buf[..n], &mut Ignored).is_err() {
            return Ok(false);
        }
    }
}

/// Reads a body that is no JSON text. Fails where it can be no string, or is too large for one.
pub fn text(body: &mut dyn Read) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    body.take(MOST_HELD as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MOST_HELD {
        return Err(json::too_large("the response").into());
    }
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(
            Exit::Other,
            "the response is neither JSON nor text in UTF-8",
        )
        .hint("one profile alone prints it as it came")
        .into()
    })
}

fn fill(body: &mut dyn Read, buf: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < buf.len() {
        match body.read(&mut buf[n..])? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

fn copy(body: &mut dyn Read, pipeline: &mut Pipeline<'_>) -> anyhow::Result<()> {
    let mut buf = vec![0; BLOCK];
    loop {
        match body.read(&mut buf)? {
            0 => return Ok(()),
            n => pipeline.write(&buf[..n])?,
        }
    }
}

/// Writes the elements of a body as a page of a list.
fn list(elements: Labeled, body: &mut dyn Read, pipeline: &mut Pipeline<'_>) -> anyhow::Result<()> {
    let mut splitter = Splitter::new(elements);
    let mut lexer = Lexer::new();
    let mut buf = vec![0; BLOCK];
    pipeline.write(b"[")?;
    loop {
        let n = body.read(&mut buf)?;
        if n == 0 {
            break;
        }
        lexer.feed(&buf[..n], &mut splitter).map_err(bare)?;
        pipeline.write(&splitter.values().take())?;
    }
    lexer.finish(&mut splitter).map_err(bare)?;
    splitter.end_text()?;
    pipeline.write(&splitter.values().take())?;
    pipeline.write(b"]")
}

fn bare(error: json::Error) -> anyhow::Error {
    match error {
        json::Error::Sink(error) => error.into(),
        json::Error::Fault(fault) => super::pipeline::not_json(fault).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(format: Format, bodies: &[(&str, &str)]) -> String {
        let shown = Shown {
            format: Some(format),
            ..Shown::default()
        };
        let mut out = Vec::new();
        let mut merge = Merge::new(&shown, &mut out);
        for (name, body) in bodies {
            let is_json = is_json(&mut body.as_bytes()).unwrap();
            merge.add(name, &mut body.as_bytes(), is_json).unwrap();
        }
        merge.finish().unwrap();
        drop(merge);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn responses_become_one() {
        for (format, bodies, want) in [
            (
                Format::Compact,
                &[
                    ("eu", r#"[{"a":1.10,"a":1e400},{}, 7]"#),
                    ("us", "[ ]"),
                    ("x", r#"[{"b":[{"c":1}]}]"#),
                ][..],
                "[{\"_profile\":\"eu\",\"a\":1.10,\"a\":1e400},{\"_profile\":\"eu\"},7,{\"_profile\":\"x\",\"b\":[{\"c\":1}]}]\n",
            ),
            (
                Format::Compact,
                &[("eu", r#"{"result":[1]}"#), ("us", "[2]"), ("x", "3")],
                "{\"eu\":{\"result\":[1]},\"us\":[2],\"x\":3}\n",
            ),
            (
                Format::Compact,
                &[("eu", "3.8.0 \"x\"\n"), ("us", "")],
                "{\"eu\":\"3.8.0 \\\"x\\\"\\n\",\"us\":null}\n",
            ),
            (Format::Compact, &[("eu", "[]")], "[]\n"),
            // Whose an element is says the profile, and nobody else.
            (
                Format::Compact,
                &[
                    (
                        "eu",
                        r#"[{"_profile":"us","a":1},{"a":1,"_profile":{"x":[1,{"_profile":2}],"y":3},"b":{"_profile":4}},{"a":1,"\u005fprofile":[]}]"#,
                    ),
                    ("us", r#"[{"_profile":null},[1,["_profile"]],"_profile"]"#),
                ][..],
                "[{\"_profile\":\"eu\",\"a\":1},{\"_profile\":\"eu\",\"a\":1,\"b\":{\"_profile\":4}},{\"_profile\":\"eu\",\"a\":1},{\"_profile\":\"us\"},[1,[\"_profile\"]],\"_profile\"]\n",
            ),
            (Format::Compact, &[], ""),
            (
                Format::Ndjson,
                &[
                    ("eu", r#"{"result":[{"k":1},2],"hasMore":false}"#),
                    ("us", r#"{"k":3}"#),
                ],
                "{\"_profile\":\"eu\",\"k\":1}\n{\"_profile\":\"eu\",\"value\":2}\n{\"_profile\":\"us\",\"k\":3}\n",
            ),
            (
                Format::Csv,
                &[("eu", r#"[{"k":1}]"#), ("us", r#"[{"k":2}]"#)],
                "_profile,k\neu,1\nus,2\n",
            ),
        ] {
            assert_eq!(merged(format, bodies), want, "{bodies:?}");
        }
    }
}
