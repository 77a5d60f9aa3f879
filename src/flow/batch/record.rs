//! The journal of a batch: a line when a call begins, a line when it has ended, and what they say
//! the next run.
//!
//! Each line is complete by itself: `{"row":5,"began":"POST /MAAS/…/?op=release"}`,
//! `{"row":5,"ended":"done","status":200,"exit":0}`. No value of a field is in them. What begins is
//! on the disk before it goes out, unless it may be sent twice; lines of calls that begin together
//! reach the disk together.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;

use crate::error::{Exit, Failure};
use crate::flow::journal::Journal;
use crate::secret::Masks;

use super::call::{Fate, Sent, may_repeat};
use super::job::Job;

/// How long a line that can wait is kept from the disk.
const LAZY: Duration = Duration::from_secs(1);

/// What is known of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// Nothing was sent.
    #[default]
    Unknown,
    /// It was not carried out, or may be sent again.
    Open,
    /// It has begun, and nobody knows how it ended.
    Began,
    /// It may have been carried out.
    Uncertain,
    /// Refused for good.
    Failed,
    /// Carried out.
    Done,
}

/// The states of all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States(Vec<State>);

impl States {
    /// Reads an entry of a journal; the last one of a row counts.
    pub fn read(&mut self, entry: &Value) {
        let Some((row, state)) = read(entry) else {
            return;
        };
        self.set(row, state);
    }

    /// Takes the better of what is known here and there: another machine has made the call.
    pub fn merge(&mut self, other: &Self) {
        for (at, state) in other.0.iter().enumerate() {
            let row = at as u64 + 1;
            if *state > self.of(row) {
                self.set(row, *state);
            }
        }
    }

    /// The state of a row, counted from 1.
    #[must_use]
    pub fn of(&self, row: u64) -> State {
        let at = usize::try_from(row.saturating_sub(1)).unwrap_or(usize::MAX);
        self.0.get(at).copied().unwrap_or_default()
    }

    fn set(&mut self, row: u64, state: State) {
        // A journal of ours has no row beyond what memory holds.
        const MOST: u64 = 1 << 32;
        let Some(at) = row.checked_sub(1).filter(|at| *at < MOST) else {
            return;
        };
        let Ok(at) = usize::try_from(at) else { return };
        if at >= self.0.len() {
            self.0.resize(at + 1, State::Unknown);
        }
        self.0[at] = state;
    }
}

fn read(entry: &Value) -> Option<(u64, State)> {
    let row = entry.get("row")?.as_u64()?;
    let state = match entry.get("ended").map(Value::as_str) {
        None => State::Began,
        Some(Some("done")) => State::Done,
        Some(Some("failed")) => State::Failed,
        Some(Some("open")) => State::Open,
        // What a later version says is not to be sent again.
        Some(_) => State::Uncertain,
    };
    Some((row, state))
}

/// The line of a call that begins.
#[derive(Serialize)]
struct Begun {
    row: u64,
    began: String,
}

/// The line of a call that has ended.
#[derive(Serialize)]
struct Over {
    row: u64,
    ended: &'static str,
    status: Option<u16>,
    exit: u8,
}

/// A journal that is kept.
#[derive(Debug)]
pub struct Record {
    journal: Journal,
    masks: Masks,
    /// Since when something is not on the disk.
    lazy: Option<Instant>,
}

impl Record {
    /// Keeps a journal, in which nothing is written that `masks` knows.
    #[must_use]
    pub fn new(journal: Journal, masks: Masks) -> Self {
        Self {
            journal,
            masks,
            lazy: None,
        }
    }

    /// Begins a journal, or continues one, of the run that `what` describes.
    pub fn open(
        path: &Path,
        what: &Value,
        resumes: bool,
        masks: &Masks,
    ) -> Result<(Self, States), Failure> {
        let mut what = what.clone();
        masks.apply_json(&mut what);
        let what = &what;
        let mut states = States::default();
        if resumes {
            Journal::remove_blank(path);
        }
        // A loop may say `--resume` from the first run on.
        if !resumes || !path.exists() {
            let journal = Journal::begin(path, what)?;
            return Ok((Self::new(journal, masks.clone()), states));
        }
        let (journal, before) = Journal::resume_with(path, &mut |entry| states.read(entry))?;
        check_same(&before, what, path)?;
        Ok((Self::new(journal, masks.clone()), states))
    }

    /// Notes calls that are about to begin.
    pub fn begin(&mut self, jobs: &[Job]) -> Result<(), Failure> {
        let entries = jobs.iter().map(|job| Begun {
            row: job.row,
            began: self.masks.apply(&job.plan.summary()).into_owned(),
        });
        self.journal.append(entries).map_err(|e| unwritten(&e))?;
        self.lazy.get_or_insert_with(Instant::now);
        if jobs.iter().all(|job| may_repeat(&job.plan)) {
            return self.settle(false);
        }
        self.settle(true)
    }

    /// Notes a call that has ended.
    pub fn end(&mut self, job: &Job, sent: &Sent) -> Result<(), Failure> {
        let ended = match sent.fate {
            Fate::Done => "done",
            Fate::Failed => "failed",
            Fate::Open => "open",
            Fate::Uncertain => "uncertain",
        };
        let entry = Over {
            row: job.row,
            ended,
            status: sent.status,
            exit: sent.failure.as_ref().map_or(0, |f| f.exit.code()),
        };
        self.journal.append([entry]).map_err(|e| unwritten(&e))?;
        self.lazy.get_or_insert_with(Instant::now);
        Ok(())
    }

    /// Has the lines reach the disk, at once or where one waits for long.
    pub fn settle(&mut self, at_once: bool) -> Result<(), Failure> {
        if self
            .lazy
            .is_some_and(|since| at_once || since.elapsed() > LAZY)
        {
            self.journal.sync().map_err(|e| unwritten(&e))?;
            self.lazy = None;
        }
        Ok(())
    }
}

fn unwritten(error: &io::Error) -> Failure {
    Failure::new(
        Exit::Other,
        format!("the journal cannot be written: {error}"),
    )
}

/// Fails where a journal is of another run.
fn check_same(before: &Value, now: &Value, path: &Path) -> Result<(), Failure> {
    let differs = differences(before, now);
    if differs.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the journal `{}` belongs to another run: {} differ{}",
        path.display(),
        differs.join(", "),
        if differs.len() == 1 { "s" } else { "" }
    );
    Err(Failure::usage(message)
        .hint("resume with the rows, the call and the profile of the first run; a new run needs another journal"))
}

/// The members of `now` that are other ones in `before`, quoted.
#[must_use]
pub fn differences(before: &Value, now: &Value) -> Vec<String> {
    let members = now.as_object().into_iter().flatten();
    members
        .filter(|(name, value)| before.get(name.as_str()).unwrap_or(&Value::Null) != *value)
        .map(|(name, _)| format!("`{name}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_give_the_states() {
        use State::{Began, Done, Failed, Uncertain, Unknown};
        let mut states = States::default();
        for entry in [
            json!({"row": 1, "began": "POST /x/"}),
            json!({"row": 2, "began": "POST /x/"}),
            json!({"row": 1, "ended": "done", "status": 200, "exit": 0}),
            json!({"row": 3, "began": "POST /x/"}),
            json!({"row": 3, "ended": "open"}),
            json!({"row": 3, "began": "POST /x/"}),
            json!({"row": 5, "ended": "failed"}),
            json!({"row": 6, "ended": "hm"}),
            json!({"row": 0, "ended": "done"}),
            json!({"other": 7}),
        ] {
            states.read(&entry);
        }
        let all: Vec<State> = (1..=7).map(|row| states.of(row)).collect();
        assert_eq!(
            all,
            [Done, Began, Began, Unknown, Failed, Uncertain, Unknown]
        );
        let mut other = States::default();
        other.read(&json!({"row": 2, "ended": "done"}));
        other.read(&json!({"row": 1, "ended": "open"}));
        other.read(&json!({"row": 8, "began": ""}));
        states.merge(&other);
        let all: Vec<State> = [1, 2, 8].map(|row| states.of(row)).to_vec();
        assert_eq!(all, [Done, Done, Began]);
    }

    #[test]
    fn another_run_is_named_by_what_differs() {
        let before = json!({"apicall": "batch", "rows": "a", "template": "b", "shard": null});
        assert!(differences(&before, &before.clone()).is_empty());
        let now = json!({"apicall": "batch", "rows": "x", "template": "b", "shard": [1, 2]});
        assert_eq!(differences(&before, &now), ["`rows`", "`shard`"]);
    }
}
