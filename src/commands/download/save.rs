//! Writes the body of a response to its file, whatever ends it.
//!
//! Knows which of the sinks of `output::download` it becomes, and what is reported of what is kept;
//! sends nothing.

use std::path::Path;

use crate::cli::OutputArgs;
use crate::client::Response;
use crate::error::{Exit, Failure};
use crate::files::Mode;
use crate::output::decode::as_it_came;
use crate::output::download::{self, Broken, Kept, Next, PartialFile, Record, Sink, Target};
use crate::output::read_failure;
use crate::request::Url;
use crate::signals;
use crate::ui::bytes;

use super::super::Context;
use super::super::partial::Partial;
use super::super::response::Exchange;
use super::begun::Begun;

/// A download whose response is there.
pub struct Saving {
    /// What was settled before.
    pub begun: Begun,
    /// What the response means for an earlier part.
    pub next: Next,
}

/// What is written to.
struct Opened {
    target: Target,
    sink: Sink,
    /// How many bytes are there already.
    before: u64,
    /// How many there are to be in the end, where the rest of a part comes.
    length: Option<u64>,
}

/// Writes the body of a response to its file, from where an earlier part ends.
pub fn save(
    exchange: &Exchange<'_>,
    response: Response,
    saving: Saving,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let label = exchange.label();
    let replaces = !saving.begun.is_new;
    // A signal must not leave a file that nobody knows of.
    let hold = signals::hold();
    let Opened {
        target,
        sink,
        before,
        length: wanted,
    } = saving.open(exchange, &response, context)?;
    let length = response.head.header("content-length");
    let is_coded = response.head.header("content-encoding").is_some();
    let total = length
        .and_then(|l| l.parse::<u64>().ok())
        .filter(|_| !is_coded)
        .map(|l| l + before);
    let service = exchange.session.profile.service();
    let mut partial = Partial::of(service, exchange.plan, &response);
    let progress = context.ui.progress(context.env);
    progress.begin(before, total);
    let mut written = before;
    let result = match as_it_came(response) {
        Err(failure) => {
            let cause = std::io::Error::from(std::io::ErrorKind::InvalidData);
            drop(sink.abandon(&Broken::Read(cause)));
            progress.end();
            return Err(failure.of(&label).into());
        }
        Ok(mut body) => download::copy(&mut body, &sink, &mut |bytes| {
            written += bytes.len() as u64;
            partial.feed(bytes);
            progress.advance(bytes.len());
        }),
    };
    progress.end();
    // Chunks say nothing of the length of a range.
    let result = match wanted {
        Some(wanted) if result.is_ok() && written < wanted => Err(Broken::Short),
        Some(wanted) if result.is_ok() && written > wanted => Err(Broken::Long),
        _ => result,
    };
    match result {
        Ok(()) => {
            sink.finish(&target, replaces).map_err(|e| e.of(&label))?;
            drop(hold);
            say_saved(written, &target, exchange.output, context);
            partial.judge(&label)
        }
        Err(Broken::Signal) => {
            if let Kept::Part(path, have) = sink.abandon(&Broken::Signal) {
                context.ui.say(&format!("apicall: {}", kept(&path, have)));
            }
            // Where a signal is pending, this ends the process.
            drop(hold);
            Err(Failure::new(signals::pending().unwrap_or(Exit::Other), "ended").into())
        }
        Err(broken) => {
            let failure = match &broken {
                Broken::Write(e) => {
                    Failure::new(Exit::Other, format!("{}: {e}", target.path.display()))
                }
                Broken::Read(e) => read_failure(e),
                Broken::Short => Failure::new(
                    Exit::NoConnection,
                    "the response was cut short: it ended before its range did",
                ),
                Broken::Long => Failure::new(
                    Exit::NoConnection,
                    "the response has more bytes than its range",
                ),
                Broken::Signal => Failure::new(Exit::Other, "ended"),
            };
            let is_cut = matches!(failure.exit, Exit::NoConnection | Exit::TimedOut);
            let mut failure = failure.of(&label);
            match sink.abandon(&broken) {
                Kept::Part(path, have) => failure.hint = Some(kept(&path, have)),
                Kept::Nothing if is_cut && failure.hint.is_none() => {
                    failure.hint =
                        Some("nothing is kept: the server does not support resuming".to_owned());
                }
                Kept::Nothing => {}
            }
            Err(failure.into())
        }
    }
}

impl Saving {
    /// Opens what is written to.
    fn open(
        self,
        exchange: &Exchange<'_>,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Result<Opened, Failure> {
        let Self { begun, next } = self;
        let label = exchange.label();
        let target = match begun.target {
            Some(target) => target,
            None => named_by(response, &exchange.plan.url).map_err(|e| e.of(&label))?,
        };
        if let Some(why) = &begun.anew {
            context
                .ui
                .say(&format!("apicall: {label}: {why}; starting over"));
        }
        let Target { path, permissions } = target.clone();
        if next == Next::Append
            && let Some((mut part, _)) = begun.resumed
        {
            part.to_end()?;
            return Ok(Opened {
                target,
                before: part.have(),
                sink: Sink::Part(part),
                length: download::length_behind(&response.head),
            });
        }
        let is_get = exchange.plan.method == "GET";
        let record = Record::of(&response.head, &begun.address).filter(|_| is_get);
        let part = match (begun.resumed, record) {
            (Some((part, _)), Some(record)) => Some(part.restart(&record)?),
            (Some((part, _)), None) => {
                part.remove();
                None
            }
            (None, Some(record)) => {
                PartialFile::begin(&path, &record, &Mode::of(permissions.as_ref()))?
            }
            (None, None) => None,
        };
        let sink = match part {
            Some(part) => Sink::Part(part),
            None => Sink::temporary(&path, permissions.as_ref())?,
        };
        Ok(Opened {
            target,
            sink,
            before: 0,
            length: None,
        })
    }
}

/// Returns the new file that `-O` writes, by the name that the response, or what it responds to,
/// gives.
pub fn named_by(response: &Response, called: &Url) -> Result<Target, Failure> {
    let disposition = response.head.header("content-disposition");
    let url = response.url(called);
    let mut parameters = url.parameters();
    let filename = parameters.find(|(name, _)| name == "filename");
    let filename = filename.as_ref().map(|(_, value)| &**value);
    let name = download::remote_name(disposition, url.path(), filename)?;
    let path = Path::new(&name);
    download::refuse_occupied(path)?;
    Target::of(path, "`-o raw`")
}

fn kept(path: &Path, have: u64) -> String {
    format!(
        "`{}` has {} of it: `-c` continues from there",
        path.display(),
        bytes(have)
    )
}

pub fn say_saved(written: u64, target: &Target, output: &OutputArgs, context: &mut Context<'_>) {
    if output.verbose == 0 && !context.ui.stderr_is_terminal() {
        return;
    }
    context.ui.say(&format!(
        "apicall: saved {} to `{}`",
        bytes(written),
        target.path.display()
    ));
}
