//! The journal of a batch: a line when a call begins, a line when it has ended. `states` is what they
//! say the next run.
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
use super::states::States;

/// How long a line that can wait is kept from the disk.
const LAZY: Duration = Duration::from_secs(1);

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

/// A journal of runs before this one: locked, and read.
#[derive(Debug)]
pub struct Before {
    journal: Journal,
    what: Value,
}

impl Before {
    /// Opens a journal to continue it; `None` where there is none yet, because a loop may say
    /// `--resume` from the first run on.
    pub fn open(path: &Path, states: &mut States) -> Result<Option<Self>, Failure> {
        Journal::remove_blank(path);
        if !path.exists() {
            return Ok(None);
        }
        let (journal, what) = Journal::resume_with(path, &mut |entry| states.read(entry))?;
        Ok(Some(Self { journal, what }))
    }

    /// Fails where the journal is of another run than `now` describes.
    pub fn check(&self, now: &Value, path: &Path) -> Result<(), Failure> {
        check_same(&self.what, now, path)
    }
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

    /// Begins a journal of the run that `what` describes.
    pub fn create(path: &Path, what: &Value, masks: &Masks) -> Result<Self, Failure> {
        Ok(Self::new(Journal::begin(path, what)?, masks.clone()))
    }

    /// Continues a journal.
    #[must_use]
    pub fn resume(before: Before, masks: &Masks) -> Self {
        Self::new(before.journal, masks.clone())
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
    fn another_run_is_named_by_what_differs() {
        let before = json!({"apicall": "batch", "rows": "a", "template": "b", "shard": null});
        assert!(differences(&before, &before.clone()).is_empty());
        let now = json!({"apicall": "batch", "rows": "x", "template": "b", "shard": [1, 2]});
        assert_eq!(differences(&before, &now), ["`rows`", "`shard`"]);
    }
}
