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
//!
//! A batch that comes back refused as a whole is split, and its halves are batches of their own in
//! the journal: what is stored of it is known to the document.

pub mod batch;
pub mod cells;
mod counts;
mod documents;
mod elements;
pub mod read;
mod record;
pub mod rejects;
mod rows;
pub mod send;
pub mod source;
mod table;

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Exit, Failure};
use crate::flow::journal::{Journal, Past, Span};
use crate::session::{Notice, Notices};
use crate::threads;

use batch::{Batch, Cutter, Reject};
pub use counts::Counts;
use rejects::Rejects;
use send::{Left, Outcome, Stop};

/// What comes while documents are stored.
#[derive(Debug)]
pub enum ImportEvent<'a> {
    /// A notice of a call.
    Notice(Notice),
    /// What a batch could not store.
    Rejected(&'a [Reject]),
    /// A batch that stays uncertain.
    Left(&'a Left),
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

/// Sends a batch, passing on lines for stderr: [`send::Sender::send`], or a script of a test.
pub type Send = dyn Fn(Batch, Notices<'_>) -> Result<Outcome, Box<Stop>> + std::marker::Send + Sync;

/// A run.
pub struct Import {
    send: Arc<Send>,
    jobs: usize,
    journal: Option<Journal>,
    rejects: Option<Rejects>,
    counts: Counts,
    done: Vec<Span>,
    uncertain: Vec<Span>,
    /// Second halves of split batches, by their first place: each waits for what stands before it,
    /// so that of two documents with one key the first is stored, as in a batch that is not split.
    waiting: BTreeMap<u64, Batch>,
}

impl std::fmt::Debug for Import {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import")
            .field("jobs", &self.jobs)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

/// What a thread sends.
enum Said {
    Notice(Notice),
    Over(Span, Result<Outcome, Box<Stop>>),
}

impl Import {
    /// Makes a run of so many calls side by side.
    #[must_use]
    pub fn new(send: Arc<Send>, jobs: usize) -> Self {
        Self {
            send,
            jobs,
            journal: None,
            rejects: None,
            counts: Counts::default(),
            done: Vec::new(),
            uncertain: Vec::new(),
            waiting: BTreeMap::new(),
        }
    }

    /// Keeps what is not stored in a file.
    pub fn keep_rejects(&mut self, rejects: Rejects) {
        self.rejects = Some(rejects);
    }

    /// Keeps a journal, which may hold earlier runs.
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
        report: &mut dyn FnMut(ImportEvent<'_>),
    ) -> Result<Counts, Broken> {
        let done = std::mem::take(&mut self.done);
        let uncertain = std::mem::take(&mut self.uncertain);
        let mut cutter = Cutter::new(reader, most, done, uncertain);
        let (batches, taken) = sync_channel::<Batch>(self.jobs);
        let (said, heard) = channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..self.jobs {
            let (send, taken, said) = (Arc::clone(&self.send), Arc::clone(&taken), said.clone());
            if let Err(failure) = threads::start(move || work(&*send, &taken, &said)) {
                return Err(Broken {
                    stop: Box::new(local(failure)),
                    counts: self.counts,
                });
            }
        }
        let mut stop = None;
        let mut ended = false;
        let mut running = 0;
        let mut next: VecDeque<Batch> = VecDeque::new();
        loop {
            if next.is_empty() && !ended && stop.is_none() {
                match cutter.next_batch() {
                    Ok(batch) => {
                        ended = batch.is_none();
                        next.extend(batch);
                    }
                    Err(failure) => stop = Some(Box::new(local(failure))),
                }
            }
            if running < self.jobs
                && stop.is_none()
                && let Some(batch) = next.pop_front()
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
                Ok(Said::Notice(notice)) => report(ImportEvent::Notice(notice)),
                Ok(Said::Over(span, result)) => {
                    running -= 1;
                    match self.end(span, result, report) {
                        Ok(half) => {
                            if let Some(half) = half {
                                next.push_front(half);
                            }
                        }
                        Err(other) => {
                            next.clear();
                            stop = stop.or(Some(other));
                        }
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

    /// Accounts for a batch that came back; gives the half of a split one that is to be sent now.
    fn end(
        &mut self,
        span: Span,
        result: Result<Outcome, Box<Stop>>,
        report: &mut dyn FnMut(ImportEvent<'_>),
    ) -> Result<Option<Batch>, Box<Stop>> {
        let stored = match result {
            Ok(Outcome::Settled(stored)) => stored,
            Ok(Outcome::Refused(batch)) => {
                self.undone(span, !batch.uncertain);
                let (first, second) = batch.halved();
                self.waiting
                    .extend(second.map(|half| (half.span.first, half)));
                return Ok(Some(first));
            }
            Ok(Outcome::Left(left)) => {
                self.counts.uncertain += left.count;
                report(ImportEvent::Left(&left));
                return Ok(self.waiting.remove(&span.end()));
            }
            Err(stop) => {
                self.undone(span, stop.certain);
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
            report(ImportEvent::Rejected(&stored.rejects));
        }
        report(ImportEvent::Counted(&self.counts));
        Ok(self.waiting.remove(&span.end()))
    }

    /// Notes that nothing of a batch is stored, where that is certain.
    fn undone(&mut self, span: Span, is_certain: bool) {
        if let Some(journal) = self.journal.as_mut().filter(|_| is_certain) {
            // Where this fails the batch counts as uncertain, which is safe.
            let _ = journal.undone(span);
        }
    }
}

/// Returns the end of the rejects that the journal vouches for.
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
        format!("the {what} cannot be written: {error}"),
    )
}

/// Returns a failure on our side.
fn local(failure: Failure) -> Stop {
    Stop {
        failure,
        response: None,
        certain: true,
    }
}

fn work(send: &Send, batches: &Mutex<Receiver<Batch>>, said: &std::sync::mpsc::Sender<Said>) {
    loop {
        // The lock is kept while waiting: whoever has it takes the next batch.
        let batch = batches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(batch) = batch else { return };
        let span = batch.span;
        let result = send(batch, &mut |notice| {
            let _ = said.send(Said::Notice(notice));
        });
        if said.send(Said::Over(span, result)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::send::Stored;
    use super::*;
    use crate::flow::import::cells::Types;
    use crate::flow::import::source::Format;
    use serde_json::json;
    use std::path::Path;

    /// What a scripted server does with a batch.
    fn served(batch: Batch, stored: &Mutex<Vec<String>>, dies: bool) -> Result<Outcome, Box<Stop>> {
        let text = |d: &batch::Document| String::from_utf8(d.text.clone()).unwrap();
        let is_poison = |d: &batch::Document| text(d).contains("poison");
        let mut rejects = batch.broken.clone();
        if batch.documents.iter().any(is_poison) {
            if batch.documents.len() > 1 {
                return Ok(Outcome::Refused(Box::new(batch)));
            }
            rejects.extend(batch.documents.iter().map(|d| Reject {
                place: Some(d.place),
                line: Some(d.line),
                number: Some(600),
                reason: "poison".to_owned(),
                text: d.text.clone(),
                sent: true,
                request: None,
            }));
            return Ok(Outcome::Settled(Stored {
                stored: 0,
                replaced: Some(0),
                rejects,
            }));
        }
        if dies {
            return Err(Box::new(local(Failure::new(Exit::Other, "cut"))));
        }
        let mut all = stored.lock().unwrap();
        all.extend(batch.documents.iter().map(text));
        Ok(Outcome::Settled(Stored {
            stored: batch.documents.len() as u64,
            replaced: Some(0),
            rejects,
        }))
    }

    /// Runs an import of `text` whose calls fail from the one numbered `fails` on.
    fn run(
        text: &'static str,
        journal: &Path,
        fails: usize,
        stored: &Arc<Mutex<Vec<String>>>,
    ) -> (Result<Counts, Counts>, Vec<u64>) {
        let calls = std::sync::atomic::AtomicUsize::new(0);
        let stored = Arc::clone(stored);
        let send = move |batch, _: Notices<'_>| {
            let n = calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            served(batch, &stored, n >= fails)
        };
        let mut import = Import::new(Arc::new(send), 1);
        if journal.exists() {
            let (journal, _, past) = Journal::resume(journal).unwrap();
            import.keep_journal(journal, past);
        } else {
            let journal = Journal::begin(journal, &json!({"apicall": "import"})).unwrap();
            import.keep_journal(journal, Past::default());
        }
        let reader =
            read::Reader::new(Box::new(text.as_bytes()), Format::Ndjson, &Types::default());
        let mut lines = Vec::new();
        let result = import.run(reader.unwrap(), 8, &mut |event| {
            if let ImportEvent::Rejected(rejects) = event {
                lines.extend(rejects.iter().filter_map(|r| r.line));
            }
        });
        (result.map_err(|broken| broken.counts), lines)
    }

    #[test]
    fn each_document_is_accounted_for_once_whatever_breaks() {
        let text = "{\"a\":1}\n{\"a\":2}\n{\"poison\":3}\nx\n{\"a\":5}\n{\"a\":6}\n{\"poison\":7}\n{\"a\":8}\n{\"a\":9}\n{\"a\":10}\n";
        let good = [1, 2, 5, 6, 8, 9, 10].map(|n| format!("{{\"a\":{n}}}"));
        for fails in 0..18 {
            let folder = tempfile::tempdir().unwrap();
            let journal = folder.path().join("j");
            let stored = Arc::default();
            let (first, mut rejected) = run(text, &journal, fails, &stored);
            if first.is_err() {
                let (second, more) = run(text, &journal, usize::MAX, &stored);
                rejected.extend(more);
                assert_eq!(second.unwrap().failed(), 3, "{fails}");
            }
            let mut all = stored.lock().unwrap().clone();
            all.sort_by_key(|text| good.iter().position(|g| g == text));
            assert_eq!(all, good, "{fails}");
            rejected.sort_unstable();
            assert_eq!(rejected, [3, 4, 7], "{fails}");
            assert!(
                first.is_ok() || fails < 17,
                "{fails}: the script has an end"
            );
        }
    }
}
