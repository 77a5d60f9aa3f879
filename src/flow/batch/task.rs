//! What a batch is given, what it tells while it runs, and how it ends. Values alone.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Exit, Failure};
use crate::request::Plan;
use crate::session::{Notice, Notices};

use super::call::Sent;
use super::job::Job;
use super::most::{Counts, MaxFail};
use super::record::Record;

/// Why no more calls were started.
#[derive(Debug)]
pub enum Stop {
    /// `--max-fail`.
    MaxFail,
    /// The key was refused.
    Unauthorized,
    /// A signal.
    Signal(Exit),
    /// Something of ours: the rows or the journal.
    Broken(Failure),
}

/// What comes while a batch runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// A notice of a call.
    Notice(Notice),
    /// A row has ended.
    Ended(&'a Job, &'a Sent),
    /// The server wants to be left alone for so long.
    PutOff(Duration),
    /// A signal came: calls that are under way are waited for.
    Ending(usize),
    /// Nothing more is to be reported at once: what was printed may be flushed.
    Pause(&'a Counts),
}

/// How a batch ended.
#[derive(Debug)]
pub struct Ended {
    /// What became of the rows.
    pub counts: Counts,
    /// Why not all were sent.
    pub stop: Option<Stop>,
}

/// Makes a call: [`super::call::send`], or a script of a test.
pub type Call = dyn Fn(&Plan, Notices<'_>) -> Sent + Send + Sync;

/// Gives the next row; nothing at the end.
pub type Next<'a> = &'a mut dyn FnMut() -> Result<Option<Job>, Failure>;

/// A batch.
pub struct Batch {
    /// Makes the calls.
    pub call: Arc<Call>,
    /// How many at once.
    pub jobs: usize,
    /// Whether rows are reported in their order.
    pub ordered: bool,
    /// Calls a second.
    pub rate: Option<f64>,
    /// When no more are started.
    pub max_fail: Option<MaxFail>,
    /// The journal.
    pub record: Option<Record>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("jobs", &self.jobs)
            .finish_non_exhaustive()
    }
}
