//! Prints events: as lines for people, or in any format of responses.
//!
//! Owns the line's layout. Must not know how events are fetched.

use std::io::{self, Write};

use crate::cli::EventsArgs;
use crate::commands::Context;
use crate::error::{Exit, Failure};
use crate::json::{self, Container, Lexer, Scalar, Sink, Splitter, Text, TokenPart, Values};
use crate::output::decode;
use crate::output::pipeline::{Pipeline, Source};
use crate::output::visible;
use crate::output::{Format, Report, Shown};
use crate::service::maas::event::Logged;

/// Refuses forms that an endless list does not have.
pub fn check(args: &EventsArgs) -> Result<(), Failure> {
    if args.output.output == Some(Format::Raw) {
        return Err(
            Failure::usage("`-o raw` prints a response, and `events` prints events")
                .hint("`-o ndjson` changes nothing inside them"),
        );
    }
    if args.select.follow && !args.output.sort.is_empty() {
        return Err(Failure::usage(
            "`--sort` needs the end of the list, and `--follow` has none",
        ));
    }
    Ok(())
}

/// The format that is asked for; `None` for lines of text.
pub fn shown(args: &EventsArgs, shown: Shown) -> Option<Shown> {
    let asks = shown.format.is_some() || shown.filter.is_some() || shown.each || shown.raw_strings;
    if args.select.text || (shown.is_terminal && !asks) {
        return None;
    }
    Some(Shown {
        format: shown.format.or(Some(Format::Ndjson)),
        // An endless list has no whole that a filter could run on.
        each: shown.each || shown.filter.is_some(),
        ..shown
    })
}

/// An event as it came.
#[derive(Clone, Debug)]
pub struct LogEvent {
    /// Its id.
    pub id: Option<u64>,
    /// What it says.
    pub logged: Logged,
    text: Vec<u8>,
}

/// Splits a page, newest event first, into its events, oldest first.
pub fn split(page: &[u8]) -> Result<Vec<LogEvent>, Failure> {
    let broken = |e: &dyn std::fmt::Display| Failure::new(Exit::Other, e.to_string());
    let mut splitter = Splitter::new(Texts::default());
    let mut lexer = Lexer::new();
    lexer
        .feed(page, &mut splitter)
        .and_then(|()| lexer.finish(&mut splitter))
        .map_err(|e| match e {
            json::Error::Fault(_) => Failure::new(Exit::Other, "the page is not valid JSON"),
            json::Error::Sink(e) => broken(&e),
        })?;
    splitter.end_text().map_err(|e| broken(&e))?;
    let texts = std::mem::take(&mut splitter.values().all);
    let event = |text: Vec<u8>| {
        let value = decode::parsed(&text).unwrap_or_default();
        let logged = Logged::read(&value);
        LogEvent {
            id: logged.id,
            logged,
            text,
        }
    };
    Ok(texts.into_iter().rev().map(event).collect())
}

/// A page that is held has at most so many events; MAAS sends 1,000.
const MOST_EVENTS: usize = 100_000;

/// Keeps the texts of elements.
#[derive(Default)]
struct Texts {
    text: Text,
    all: Vec<Vec<u8>>,
}

impl Sink for Texts {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.text.begin(kind)
    }
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.text.end(kind)
    }
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.text.key(bytes, part)
    }
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.text.scalar(kind, bytes, part)
    }
    fn colon(&mut self) -> io::Result<()> {
        self.text.colon()
    }
    fn comma(&mut self) -> io::Result<()> {
        self.text.comma()
    }
}

impl Values for Texts {
    fn end_value(&mut self) -> io::Result<()> {
        if self.all.len() == MOST_EVENTS {
            let what = format!("the page has more than {MOST_EVENTS} events");
            return Err(io::Error::other(what));
        }
        self.all.push(std::mem::take(&mut self.text.0));
        Ok(())
    }
}

/// How lines look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    is_colored: bool,
    /// Whether a person reads them.
    pub is_terminal: bool,
}

impl Look {
    /// Reads the look from the terminal and the flags.
    pub fn of(context: &Context<'_>) -> Self {
        Self {
            is_colored: context.ui.stdout_has_color(context.env),
            is_terminal: context.ui.stdout_is_terminal(),
        }
    }
}

/// Prints events as they come.
pub struct Printer<'a> {
    to: To<'a>,
    /// The number of events printed.
    pub count: u64,
}

enum To<'a> {
    /// As lines; the widest name of a machine so far.
    Text(&'a mut dyn Write, Look, usize),
    /// In a format.
    Format(Box<Pipeline<'a>>),
}

impl<'a> Printer<'a> {
    /// Prints in the format, or as lines where there is none.
    pub fn new(shown: Option<&'a Shown>, look: Look, out: &'a mut dyn Write) -> Self {
        let to = match shown {
            Some(shown) => To::Format(Box::new(Pipeline::new(Source::Pages, shown, out))),
            None => To::Text(out, look, 0),
        };
        Self { to, count: 0 }
    }

    /// Prints events, the oldest first, at once.
    pub fn print(&mut self, events: Vec<LogEvent>) -> anyhow::Result<()> {
        self.count += events.len() as u64;
        match &mut self.to {
            To::Text(out, look, width) => {
                let widths = events.iter().map(|e| e.logged.host.chars().count());
                *width = widths.chain([*width]).max().unwrap_or(0).min(40);
                let lines: String = events
                    .iter()
                    .map(|e| line(&e.logged, *look, *width))
                    .collect();
                out.write_all(lines.as_bytes())?;
            }
            To::Format(pipeline) => {
                for event in events {
                    pipeline.write(b"[")?;
                    pipeline.write(&event.text)?;
                    pipeline.write(b"]")?;
                    pipeline.end_text()?;
                }
                pipeline.flush()?;
            }
        }
        Ok(())
    }

    /// Writes what can be shown by now.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        match &mut self.to {
            To::Text(out, ..) => Ok(out.flush()?),
            To::Format(pipeline) => pipeline.flush(),
        }
    }

    /// Ends the list.
    pub fn finish(&mut self) -> anyhow::Result<()> {
        match &mut self.to {
            To::Text(out, ..) => Ok(out.flush()?),
            // What goes in was checked: there is no fault in it.
            To::Format(pipeline) => Ok(pipeline.finish().map(drop)?),
        }
    }

    /// What there is to report about the output.
    pub fn report(&mut self) -> Report {
        match &mut self.to {
            To::Text(..) => Report::default(),
            To::Format(pipeline) => pipeline.report(),
        }
    }
}

/// Formats an event: `2026-08-21 06:05:08 WARNING node18 Failed to query node's BMC: timed out`
fn line(logged: &Logged, look: Look, width: usize) -> String {
    let level = format!("{:8}", logged.level);
    let level = match color(&logged.level).filter(|_| look.is_colored) {
        Some(color) => format!("{color}{level}\x1b[0m"),
        None => visible::line(&level).into_owned(),
    };
    let host = if logged.host.is_empty() {
        "-"
    } else {
        &logged.host
    };
    format!(
        "{}  {level}  {:width$}  {}\n",
        visible::line(&logged.time),
        visible::line(host),
        visible::line(&logged.what)
    )
}

fn color(level: &str) -> Option<&'static str> {
    match level {
        "CRITICAL" => Some("\x1b[31;1m"),
        "ERROR" => Some("\x1b[31m"),
        "WARNING" => Some("\x1b[33m"),
        "INFO" => Some("\x1b[32m"),
        "DEBUG" => Some("\x1b[2m"),
        "AUDIT" => Some("\x1b[36m"),
        _ => None,
    }
}
