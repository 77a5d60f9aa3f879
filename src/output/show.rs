//! Streams a successful response's body to stdout.
//!
//! Decodes, picks bytes, text or a pipeline, and copies to stderr for `-vv`. Memory does not grow
//! with the body.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use crate::client::{Head, Response};
use crate::error::{Exit, Failure};
use crate::json::{Fault, Palette};

use super::charset::{self, Decoding};
use super::decode::{as_it_came, decode, read_failure};
use super::format::Format;
use super::pipeline::{Pipeline, Source, not_json};
use super::redact::Redactor;
use super::shown::Shown;
use super::tally::Tally;
use super::values::Report;
use super::visible::VisibleWriter;

/// Returns the format for a body with this label; `None` where it passes as it is. `raw_strings`
/// makes no JSON of what is labeled as something else: there are no strings in it.
fn format_for(shown: &Shown, is_json: bool, source: Source) -> Option<Format> {
    let are_strings = shown.raw_strings && source == Source::Lines;
    let says_json = are_strings || shown.each || shown.filter.is_some();
    let asked = shown.format.or(says_json.then_some(Format::Json));
    match asked.or(is_json.then_some(Format::Json)) {
        Some(Format::Raw) => None,
        format => format,
    }
}

/// Colors that are readable on light and dark grounds: the terminal's own sixteen.
#[must_use]
pub fn palette() -> Palette {
    Palette {
        key: "\x1b[34;1m",
        string: "\x1b[32m",
        number: "\x1b[36m",
        literal: "\x1b[33m",
        punctuation: "",
        reset: "\x1b[0m",
    }
}

/// Pieces of this size are read and written.
const BLOCK: usize = 32 * 1024;

/// The first piece is smaller: most responses are, and memory that is not touched costs nothing. It is
/// no size that servers send in, so that what they send before a pause does not just fill it.
const FIRST: usize = 4 * 1024 - 1;

/// Streams the body of a response to `out`, and to `echo` for `-vv`; counts in it where `tally` is
/// given.
///
/// Gives what there is to report about the output. Fails where the body is cut short, broken or not
/// the JSON it says it is; all that came is written before.
pub fn show(
    response: Response,
    shown: &Shown,
    out: &mut dyn Write,
    echo: Option<&mut dyn Write>,
    tally: Option<&mut Tally>,
) -> anyhow::Result<Report> {
    let mut out = Lines::new(out);
    let result = stream(response, shown, &mut out, echo, tally);
    if shown.is_terminal {
        out.end_line()?;
    }
    result
}

/// Remembers how the output ended: what comes next on a terminal, a message or the prompt, begins
/// a line of its own.
pub struct Lines<'a> {
    out: &'a mut dyn Write,
    last: u8,
}

impl<'a> Lines<'a> {
    /// Begins a line.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self { out, last: b'\n' }
    }

    /// Ends the line, where one has begun.
    pub fn end_line(&mut self) -> io::Result<()> {
        if self.last == b'\n' {
            return Ok(());
        }
        self.write_all(b"\n")
    }
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.last = bytes[..n].last().copied().unwrap_or(self.last);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn stream(
    response: Response,
    shown: &Shown,
    out: &mut dyn Write,
    echo: Option<&mut dyn Write>,
    mut tally: Option<&mut Tally>,
) -> anyhow::Result<Report> {
    let is_json = response.head.is_json();
    let source = if response.head.is_json_lines() {
        Source::Lines
    } else {
        Source::Text
    };
    let label = response.head.header("content-type").map(str::to_owned);
    let head = response.head.clone();
    let foreign = charset::foreign(&head).filter(|_| is_json && shown.format != Some(Format::Raw));
    let mut body = match shown.format {
        Some(Format::Raw) => as_it_came(response)?,
        _ => decode(response)?,
    };
    let mut writer = Writer::new(source, is_json, &head, shown, out);
    let mut echo = echo.map(|echo| Echo::new(echo, is_json, shown.secrets));
    let mut signatures = shown.signatures.clone();
    let mut buf = vec![0; FIRST];
    loop {
        let n = match body.read(&mut buf) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => {
                writer.break_off()?;
                return Err(read_failure(&e).into());
            }
        };
        let chunk = match &mut signatures {
            Some(signatures) => signatures.feed(&buf[..n]),
            None => Cow::Borrowed(&buf[..n]),
        };
        if let Some(tally) = &mut tally {
            tally.feed(&chunk);
        }
        if let Some(echo) = &mut echo {
            echo.write(&chunk);
        }
        // What is not ASCII would be read as another text.
        if let Some(foreign) = foreign.as_ref().filter(|_| !chunk.is_ascii()) {
            writer.break_off()?;
            return Err(charset::not_utf8(foreign).into());
        }
        writer.write(&chunk)?;
        // A short read means that the server pauses: people see what has come.
        if n < buf.len() {
            writer.flush()?;
        } else if n < BLOCK {
            buf.resize(BLOCK, 0);
        }
    }
    if let Some(signatures) = &mut signatures {
        writer.write(&signatures.end())?;
    }
    if let Some(echo) = echo {
        echo.finish();
    }
    match writer.finish()? {
        None => Ok(writer.report()),
        Some(_) if foreign.is_some() => Err(charset::not_utf8(&foreign.unwrap_or_default()).into()),
        Some(_) if shown.filter.is_some() && !is_json && source == Source::Text => {
            Err(unlabelled(label.as_deref()).into())
        }
        Some(fault) => Err(not_json(fault).into()),
    }
}

/// Returns the failure of a response that is not JSON, and does not say that it is.
fn unlabelled(label: Option<&str>) -> Failure {
    let what = label.map_or("of no type".to_owned(), |label| format!("`{label}`"));
    Failure::new(Exit::Other, format!("the response is not JSON, but {what}")).of("--jq")
}

/// Writes a body that is in memory, as [`show`] would; a fault in it is not judged.
pub fn show_bytes(
    body: &[u8],
    is_json: bool,
    shown: &Shown,
    out: &mut dyn Write,
) -> anyhow::Result<Report> {
    let mut writer = Writer::new(Source::Text, is_json, &Head::default(), shown, out);
    writer.write(body)?;
    writer.finish()?;
    Ok(writer.report())
}

/// Writes a whole JSON body to stderr, for `-vv`.
pub fn echo(body: &[u8], out: &mut dyn Write) {
    let mut echo = Echo::new(out, true, &[]);
    echo.write(body);
    echo.finish();
}

/// A body on stderr, for `-vv`: JSON with secrets masked, text made visible.
enum Echo<'a> {
    Json(Box<Redactor<&'a mut dyn Write>>),
    Text(VisibleWriter<&'a mut dyn Write>),
}

impl<'a> Echo<'a> {
    fn new(out: &'a mut dyn Write, is_json: bool, secrets: &'static [&'static str]) -> Self {
        if is_json {
            Self::Json(Box::new(Redactor::new(out, secrets)))
        } else {
            Self::Text(VisibleWriter::new(out))
        }
    }

    // Failures of stderr are nobody's business.
    fn write(&mut self, chunk: &[u8]) {
        match self {
            Self::Json(redactor) => redactor.write(chunk),
            Self::Text(out) => drop(out.write_all(chunk)),
        }
    }

    fn finish(self) {
        match self {
            Self::Json(redactor) => drop(redactor.finish()),
            Self::Text(mut out) => drop(out.finish()),
        }
    }
}

enum Writer<'a> {
    Bytes(&'a mut dyn Write),
    Json(Box<Pipeline<'a>>),
    /// Text for a person, and whether it has been looked at.
    Terminal(Decoding<VisibleWriter<&'a mut dyn Write>>, bool),
}

impl<'a> Writer<'a> {
    fn new(
        source: Source,
        is_json: bool,
        head: &Head,
        shown: &'a Shown,
        out: &'a mut dyn Write,
    ) -> Self {
        match format_for(shown, is_json, source) {
            Some(_) => Self::Json(Box::new(Pipeline::new(source, shown, out))),
            None if shown.is_terminal && shown.format.is_none() => {
                Self::Terminal(Decoding::of(head, VisibleWriter::new(out)), false)
            }
            None => Self::Bytes(out),
        }
    }

    fn write(&mut self, chunk: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::Bytes(out) => out.write_all(chunk)?,
            Self::Json(pipeline) => pipeline.write(chunk)?,
            Self::Terminal(out, looked) => {
                if !*looked && !out.is_foreign() && is_binary(chunk) {
                    return Err(Failure::new(Exit::Other, "the response is binary")
                        .hint("`--download FILE` writes it to a file, `-o raw` to the terminal")
                        .into());
                }
                *looked = true;
                out.pass(chunk, false)?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Bytes(out) => out.flush()?,
            Self::Json(pipeline) => pipeline.flush()?,
            Self::Terminal(out, _) => out.out().flush()?,
        }
        Ok(())
    }

    fn break_off(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Json(pipeline) => pipeline.break_off(),
            _ => self.flush(),
        }
    }

    fn report(&mut self) -> Report {
        match self {
            Self::Json(pipeline) => pipeline.report(),
            Self::Bytes(_) | Self::Terminal(..) => Report::default(),
        }
    }

    fn finish(&mut self) -> anyhow::Result<Option<Fault>> {
        match self {
            Self::Bytes(out) => out.flush()?,
            Self::Json(pipeline) => return pipeline.finish(),
            Self::Terminal(out, _) => {
                out.pass(b"", true)?;
                out.out().finish()?;
            }
        }
        Ok(None)
    }
}

/// Returns whether the start of a body is something other than text.
fn is_binary(start: &[u8]) -> bool {
    let start = &start[..start.len().min(1024)];
    start.contains(&0) || std::str::from_utf8(start).is_err_and(|e| e.error_len().is_some())
}
