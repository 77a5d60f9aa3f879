//! Documents in bulk: read, cut into batches, sent side by side, and accounted for.
//!
//! ```text
//! source ─▶ read ─▶ batch ─▶ journal ─▶ send (threads) ─▶ rejects ─▶ journal
//! ```
//!
//! [`Import::run`] reads and keeps the books on the caller's thread; only sending is done by
//! others. A batch is journalled before it is sent, and again when its rejects are on the disk, so
//! that whatever ends a run, the next knows what is done and what is uncertain. Nothing is printed:
//! events go to the caller. Memory is that of a batch for each thread and one more.

pub mod batch;
pub mod cells;
mod quotes;
pub mod read;
pub mod rejects;
pub mod send;
pub mod source;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::{Value, json};

use crate::error::{Exit, Failure};
use crate::flow::journal::{Journal, Past, Span};

use batch::{Batch, Cutter, Reject};
use rejects::Rejects;
use send::{Sender, Stop, Stored};

/// What became of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Stored.
    pub created: u64,
    /// Not stored, by error number.
    pub by_number: BTreeMap<u64, u64>,
    /// Not sent, because they are no documents.
    pub unread: u64,
    /// Not stored for a reason without a number.
    pub others: u64,
}

impl Counts {
    /// How many were not stored.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.by_number.values().sum::<u64>() + self.unread + self.others
    }

    fn add(&mut self, other: &Self) {
        self.created += other.created;
        self.unread += other.unread;
        self.others += other.others;
        for (number, count) in &other.by_number {
            *self.by_number.entry(*number).or_default() += count;
        }
    }

    fn of(stored: &Stored) -> Self {
        let mut counts = Self {
            created: stored.stored,
            ..Self::default()
        };
        for reject in &stored.rejects {
            match reject.number {
                Some(number) => *counts.by_number.entry(number).or_default() += 1,
                None if !reject.sent => counts.unread += 1,
                None => counts.others += 1,
            }
        }
        counts
    }

    fn to_json(&self, rejects_end: u64) -> Value {
        let by_number: serde_json::Map<String, Value> = self
            .by_number
            .iter()
            .map(|(number, count)| (number.to_string(), json!(count)))
            .collect();
        json!({"created": self.created, "failed": by_number, "unread": self.unread, "others": self.others, "rejects": rejects_end})
    }

    /// Reads what [`Counts::to_json`] wrote.
    fn read(how: &Value) -> Self {
        let number = |name: &str| how.get(name).and_then(Value::as_u64).unwrap_or(0);
        let failed = how.get("failed").and_then(Value::as_object);
        Self {
            created: number("created"),
            unread: number("unread"),
            others: number("others"),
            by_number: failed
                .into_iter()
                .flatten()
                .filter_map(|(n, count)| Some((n.parse().ok()?, count.as_u64()?)))
                .collect(),
        }
    }
}

/// What comes while documents are stored.
#[derive(Debug)]
pub enum Event<'a> {
    /// A line for stderr.
    Told(String),
    /// What a batch could not store.
    Rejected(&'a [Reject]),
    /// How far it is.
    Counted(&'a Counts),
}

/// A run that did not come to its end.
#[derive(Debug)]
pub struct Broken {
    /// Why.
    pub stop: Box<Stop>,
    /// What became of documents before.
    pub counts: Counts,
}

/// A run.
#[derive(Debug)]
pub struct Import {
    sender: Arc<Sender>,
    jobs: usize,
    journal: Option<Journal>,
    rejects: Option<Rejects>,
    counts: Counts,
    done: Vec<Span>,
    uncertain: Vec<Span>,
}

/// What a thread tells.
enum Said {
    Told(String),
    Over(Span, Result<Stored, Box<Stop>>),
}

impl Import {
    /// Makes a run of so many calls side by side.
    #[must_use]
    pub fn new(sender: Sender, jobs: usize) -> Self {
        Self {
            sender: Arc::new(sender),
            jobs,
            journal: None,
            rejects: None,
            counts: Counts::default(),
            done: Vec::new(),
            uncertain: Vec::new(),
        }
    }

    /// Keeps what is not stored in a file.
    pub fn keep_rejects(&mut self, rejects: Rejects) {
        self.rejects = Some(rejects);
    }

    /// Keeps a journal, which may tell of runs before.
    pub fn keep_journal(&mut self, journal: Journal, past: Past) {
        self.journal = Some(journal);
        for (span, how) in past.done {
            self.counts.add(&Counts::read(&how));
            self.done.push(span);
        }
        self.uncertain = past.uncertain;
    }

    /// Stores all documents that `reader` gives, `most` in a call.
    pub fn run(
        mut self,
        reader: read::Reader,
        most: u64,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Counts, Broken> {
        let done = std::mem::take(&mut self.done);
        let uncertain = std::mem::take(&mut self.uncertain);
        let mut cutter = Cutter::new(reader, most, done, uncertain);
        let (batches, taken) = sync_channel::<Batch>(self.jobs);
        let (said, heard) = channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..self.jobs {
            let (sender, taken, said) =
                (Arc::clone(&self.sender), Arc::clone(&taken), said.clone());
            thread::spawn(move || work(&sender, &taken, &said));
        }
        let mut stop = None;
        let mut ended = false;
        let mut running = 0;
        let mut next: Option<Batch> = None;
        loop {
            if next.is_none() && !ended && stop.is_none() {
                match cutter.next_batch() {
                    Ok(batch) => {
                        ended = batch.is_none();
                        next = batch;
                    }
                    Err(failure) => stop = Some(Box::new(local(failure))),
                }
            }
            if running < self.jobs
                && stop.is_none()
                && let Some(batch) = next.take()
            {
                match self.begin(batch, &batches) {
                    Ok(()) => running += 1,
                    Err(failure) => stop = Some(Box::new(local(failure))),
                }
                continue;
            }
            if running == 0 {
                break;
            }
            match heard.recv() {
                Ok(Said::Told(line)) => tell(Event::Told(line)),
                Ok(Said::Over(span, result)) => {
                    running -= 1;
                    if let Err(other) = self.end(span, result, tell) {
                        next = None;
                        stop = stop.or(Some(other));
                    }
                }
                Err(_) => {
                    let failure = Failure::new(Exit::Other, "a thread that sends has ended");
                    stop = Some(Box::new(local(failure)));
                    break;
                }
            }
        }
        match stop {
            None => Ok(self.counts),
            Some(stop) => Err(Broken {
                stop,
                counts: self.counts,
            }),
        }
    }

    /// Notes and sends a batch.
    fn begin(&mut self, batch: Batch, batches: &SyncSender<Batch>) -> Result<(), Failure> {
        if let Some(journal) = &mut self.journal
            && !batch.documents.is_empty()
        {
            journal
                .begun(batch.span)
                .map_err(|e| unwritten("journal", &e))?;
        }
        batches
            .send(batch)
            .map_err(|_| Failure::new(Exit::Other, "the threads that send have ended"))
    }

    /// Accounts for a batch that came back.
    fn end(
        &mut self,
        span: Span,
        result: Result<Stored, Box<Stop>>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Box<Stop>> {
        let stored = match result {
            Ok(stored) => stored,
            Err(stop) => {
                if let Some(journal) = self.journal.as_mut().filter(|_| stop.certain) {
                    // Where this fails the batch counts as uncertain, which is safe.
                    let _ = journal.undone(span);
                }
                return Err(stop);
            }
        };
        let mut rejects_end = 0;
        if let Some(rejects) = &mut self.rejects {
            rejects
                .write(&stored.rejects, self.journal.is_some())
                .map_err(|e| Box::new(local(unwritten("rejects", &e))))?;
            rejects_end = rejects.end();
        }
        let counts = Counts::of(&stored);
        if let Some(journal) = &mut self.journal {
            journal
                .done(span, &counts.to_json(rejects_end))
                .map_err(|e| Box::new(local(unwritten("journal", &e))))?;
        }
        self.counts.add(&counts);
        if !stored.rejects.is_empty() {
            tell(Event::Rejected(&stored.rejects));
        }
        tell(Event::Counted(&self.counts));
        Ok(())
    }
}

/// The end of the rejects that the journal vouches for.
#[must_use]
pub fn rejects_end(past: &Past) -> u64 {
    let ends = past
        .done
        .iter()
        .filter_map(|(_, how)| how.get("rejects")?.as_u64());
    ends.max().unwrap_or(0)
}

fn unwritten(what: &str, error: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Other,
        format!("the {what} can not be written: {error}"),
    )
}

/// A failure on our side.
fn local(failure: Failure) -> Stop {
    Stop {
        failure,
        response: None,
        certain: true,
    }
}

fn work(
    sender: &Arc<Sender>,
    batches: &Mutex<Receiver<Batch>>,
    said: &std::sync::mpsc::Sender<Said>,
) {
    loop {
        // The lock is kept while waiting: whoever has it takes the next batch.
        let batch = batches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(batch) = batch else { return };
        let span = batch.span;
        let result = sender.send(batch, &mut |line| {
            let _ = said.send(Said::Told(line));
        });
        if said.send(Said::Over(span, result)).is_err() {
            return;
        }
    }
}
