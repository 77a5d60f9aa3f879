//! Runs a command for each profile at once, and merges what comes.
//!
//! Each has a thread and streams of its own: what it prints is spooled until its turn, what it
//! reports is one line. Only the main thread prints, in the order of the profiles. Must not know
//! which command it is; how bodies are merged is `output::merge`'s.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use serde_json::{Map, Value};

use crate::error::{self, Exit, Failure};
use crate::files::Spool;
use crate::flow::fanout::{self, Event, Reporter};
use crate::output::columns::Column;
use crate::output::merge::{self, Merge};
use crate::output::{Lines, Shown};
use crate::profile::Overrides;
use crate::ui::{Ui, Voice};

use super::super::response::{self, named};
use super::super::{Context, formats};
use super::who::selected;

/// What a doctor's list of checks becomes.
#[derive(Clone, Copy)]
pub struct Checks {
    /// One row, and not the list.
    pub is_text: bool,
}

impl Checks {
    /// The list or the row, and what failed first.
    fn judge(self, list: &Value) -> (Option<Value>, Option<String>) {
        let checks = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
        let of = |status: &str| checks.iter().find(|check| check["status"] == status);
        let said = |check: &Value| format!("{}: {}", text(check, "check"), text(check, "detail"));
        let failed = of("fail").map(said);
        if !self.is_text {
            return (None, failed);
        }
        let mut row: Map<String, Value> = checks
            .iter()
            .map(|check| (text(check, "check"), check["status"].clone()))
            .collect();
        let problem = failed.clone().or_else(|| of("warn").map(said));
        row.insert("problem".to_owned(), problem.into());
        (Some(Value::Array(vec![row.into()])), failed)
    }
}

/// What came of a profile.
struct Done {
    spool: Spool,
    exit: Exit,
    is_json: bool,
}

/// Does the work for each profile and prints what comes, merged in their order.
pub fn run(
    names: Vec<String>,
    work: impl Fn(&str, &mut Context<'_>) -> anyhow::Result<Exit> + Send + Sync + 'static,
    shown: Shown,
    checks: Option<Checks>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let shown = labeled(shown);
    // A server may know the key of another. That of a command is known once it has run.
    for name in &names {
        let overrides = Overrides {
            profile: Some(name.clone()),
            ..Overrides::default()
        };
        if let Some(profile) = selected(&overrides, context) {
            context.ui.masks().merge(&profile.masks(context.env));
            context.mask_typed(&profile);
        }
    }
    let env = context.env.clone();
    let known = context.ui.known();
    let of_threads = Arc::new(names);
    let names = Arc::clone(&of_threads);
    let (stdout, mut voice) = context.ui.apart();
    let mut out = Lines::new(stdout);
    let mut failed = false;
    let mut merge = Merge::new(&shown, &mut out);
    let mut waiting: Vec<Option<Done>> = names.iter().map(|_| None).collect();
    let mut next = 0;
    let mut seen = HashSet::new();
    let mut held = Vec::new();
    let printed = fanout::each(
        names.len(),
        move |at, reporter| {
            let spool = Shared::default();
            let said = Said(reporter.clone(), Vec::new());
            let mut ui = Ui::of_one(Box::new(spool.clone()), Box::new(said), known.clone());
            let mut context = Context {
                env: &env,
                ui: &mut ui,
            };
            one(&of_threads[at], &spool, &mut context, &work)
        },
        &mut |event| {
            let (at, done) = match event {
                // What is printed of the others so far may end inside a line of the terminal.
                Event::Said(line) if shown.is_terminal && next > 0 => {
                    held.push(line);
                    return Ok(());
                }
                Event::Said(line) => {
                    say(&line, &mut seen, &mut voice);
                    return Ok(());
                }
                Event::Done(at, done) => (at, done),
            };
            waiting[at] = Some(done);
            while let Some(done) = waiting.get_mut(next).and_then(Option::take) {
                failed |= done.exit != Exit::Success;
                add(&mut merge, &names[next], &done, checks, &mut voice)?;
                next += 1;
            }
            Ok(())
        },
    );
    let report = printed.and_then(|()| merge.finish());
    drop(merge);
    if shown.is_terminal {
        // Where this fails, so has the printing.
        let _ = out.end_line();
    }
    for line in held {
        say(&line, &mut seen, &mut voice);
    }
    let earned = if failed { Exit::Partial } else { Exit::Success };
    let label = names.join(",");
    let result = report.map(
        |report| match formats::reported(&report, &label, &mut voice) {
            Exit::Success => earned,
            _ if failed => Exit::Partial,
            lacking => lacking,
        },
    );
    let result = result.map_err(|e| named(e, &label));
    response::judged(result, earned, &label)
}

/// Adds what came of a profile to what is printed.
fn add(
    merge: &mut Merge<'_>,
    name: &str,
    done: &Done,
    checks: Option<Checks>,
    voice: &mut Voice<'_>,
) -> anyhow::Result<()> {
    let mut body = done.spool.read()?;
    let Some(checks) = checks else {
        // Of a part that failed the rest is there.
        if matches!(done.exit, Exit::Success | Exit::Partial) {
            merge.add(name, &mut body, done.is_json)?;
        }
        return Ok(());
    };
    let Ok(mut list) = serde_json::from_reader(&mut body) else {
        return Ok(());
    };
    voice.masks().apply_json(&mut list);
    let (row, failed) = checks.judge(&list);
    if let Some(failed) = failed {
        voice.say(&format!("apicall: {name}: {failed}"));
    }
    let body = row.unwrap_or(list).to_string();
    merge.add(name, &mut body.as_bytes(), true)
}

/// Runs the command for one profile, whose streams the context has.
fn one(
    name: &str,
    spool: &Shared,
    context: &mut Context<'_>,
    work: &(impl Fn(&str, &mut Context<'_>) -> anyhow::Result<Exit> + ?Sized),
) -> Done {
    let result = work(name, context);
    let ui = &mut *context.ui;
    let mut exit = result.unwrap_or_else(|error| {
        let error = of_profile(error, name);
        ui.error(&error);
        error::exit_of(&error)
    });
    let spool = std::mem::take(&mut *spool.0.lock().unwrap_or_else(PoisonError::into_inner));
    let is_json = is_json(&spool).unwrap_or_else(|error| {
        let error = of_profile(error, name);
        ui.error(&error);
        exit = error::exit_of(&error);
        false
    });
    Done {
        spool,
        exit,
        is_json,
    }
}

/// Returns whether what a profile's command printed is JSON. Fails where it is nothing that can be
/// merged.
fn is_json(spool: &Spool) -> anyhow::Result<bool> {
    let open = || spool.read().context("temporary file");
    let is_json = merge::is_json(&mut open()?).context("temporary file")?;
    if !is_json {
        merge::text(&mut open()?)?;
    }
    Ok(is_json)
}

/// Names the profile in an error that does not begin with it.
fn of_profile(error: anyhow::Error, name: &str) -> anyhow::Error {
    if format!("{error:#}").starts_with(&format!("{name}: ")) {
        return error;
    }
    match error.downcast::<Failure>() {
        Ok(failure) => failure.of(name).into(),
        Err(error) => error.context(name.to_owned()),
    }
}

/// A line of a profile's; a warning that several have is said once.
fn say(line: &[u8], seen: &mut HashSet<Vec<u8>>, voice: &mut Voice<'_>) {
    let is_warning = line.starts_with(b"apicall: warning: ");
    if !is_warning || seen.insert(line.to_vec()) {
        let _ = voice.masked().write_all(line);
    }
}

/// What a thread writes to its standard output.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Spool>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut spool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spool.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a thread writes to its stderr, reported line by line.
struct Said(Reporter<Done>, Vec<u8>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.extend_from_slice(bytes);
        while let Some(end) = memchr::memchr(b'\n', &self.1) {
            let rest = self.1.split_off(end + 1);
            self.0.say(std::mem::replace(&mut self.1, rest));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Puts the profile into the columns that were asked for, and into those that are known.
fn labeled(mut shown: Shown) -> Shown {
    shown.tabular.leads = Some(merge::MEMBER);
    if let Some(columns) = &mut shown.tabular.columns
        && !columns.iter().any(|column| &*column.name == merge::MEMBER)
    {
        let column = Column::known(merge::MEMBER);
        columns.insert(0, column);
    }
    shown
}
