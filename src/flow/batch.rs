//! One call for each row: many at once, each noted before and after, none twice that must not be.
//!
//! ```text
//! rows ─▶ template | ready ─▶ pace ─▶ record ─▶ call (threads) ─▶ record ─▶ outcome ─▶ caller
//! ```
//!
//! [`Batch::run`] reads rows, keeps the journal and reports events on the caller's thread; only calls
//! are made by others, which share one session. There are never more rows in memory than calls
//! under way (with `ordered`, a few times as many), however many rows there are. Nothing is printed.

pub mod call;
pub mod feed;
pub mod job;
pub mod outcome;
pub mod pace;
pub mod ready;
pub mod record;
pub mod rows;
pub mod template;

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Exit, Failure};
use crate::request::Plan;
use crate::session::{Notice, Notices};
use crate::signals;
use crate::threads;

use call::{Fate, Sent};
pub use job::Job;
use pace::Pace;
use record::Record;

/// How often a row is sent again that the server has put off.
const MOST_PUT_OFF: u32 = 10;

/// How often who drives a batch hears that time passes, and signals are looked for.
const TICK: Duration = Duration::from_millis(100);

/// How many rows may have ended before one whose turn it is to be printed, for each call at once.
const AHEAD: usize = 16;

/// When no more calls are started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaxFail {
    /// After so many failures.
    Count(u64),
    /// Above so many percent of the rows that have ended, from 10 on.
    Percent(f64),
}

impl MaxFail {
    /// Reads `5` or `10%`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "write it as `5` or `10%`".to_owned();
        match text.strip_suffix('%') {
            Some(percent) => match percent.parse::<f64>() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Self::Percent(percent)),
                _ => Err(wrong()),
            },
            None => match text.parse() {
                Ok(count) if count > 0 => Ok(Self::Count(count)),
                _ => Err(wrong()),
            },
        }
    }

    /// Returns whether it is reached.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
    pub fn is_reached(self, counts: &Counts) -> bool {
        match self {
            Self::Count(most) => counts.failed >= most,
            Self::Percent(most) => {
                counts.ended >= 10 && counts.failed as f64 * 100.0 > most * counts.ended as f64
            }
        }
    }
}

/// What became of rows so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that have ended.
    pub ended: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// Those of the failed that may have been carried out.
    pub uncertain: u64,
}

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

/// Makes a call: [`call::send`], or a script of a test.
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

/// What a thread sends.
enum Said {
    Notice(Notice),
    Over(Box<(Job, Sent)>),
}

/// A batch under way.
struct Run<'a> {
    batch: Batch,
    pace: Pace,
    jobs: SyncSender<Job>,
    heard: Receiver<Said>,
    /// Rows that the server has put off.
    again: VecDeque<Job>,
    running: usize,
    counts: Counts,
    stop: Option<Stop>,
    is_drained: bool,
    /// Rows in the order they were started, and those of them that have ended.
    order: VecDeque<u64>,
    held: BTreeMap<u64, (Job, Sent)>,
    report: &'a mut dyn FnMut(Event<'_>),
}

impl Batch {
    /// Makes the calls of all rows that `next` gives. Fails where no threads can be started; nothing
    /// was sent then.
    pub fn run(self, next: Next<'_>, report: &mut dyn FnMut(Event<'_>)) -> Result<Ended, Failure> {
        let (jobs, taken) = sync_channel::<Job>(self.jobs);
        let (said, heard) = channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..self.jobs {
            let (call, taken, said) = (Arc::clone(&self.call), Arc::clone(&taken), said.clone());
            threads::start(move || work(&*call, &taken, &said))?;
        }
        let mut run = Run {
            pace: Pace::new(self.rate, Instant::now()),
            batch: self,
            jobs,
            heard,
            again: VecDeque::new(),
            running: 0,
            counts: Counts::default(),
            stop: None,
            is_drained: false,
            order: VecDeque::new(),
            held: BTreeMap::new(),
            report,
        };
        run.all(next);
        if let Some(record) = &mut run.batch.record
            && let Err(failure) = record.settle(true)
        {
            run.stop = Some(Stop::Broken(failure));
        }
        Ok(Ended {
            counts: run.counts,
            stop: run.stop,
        })
    }
}

impl Run<'_> {
    fn all(&mut self, next: Next<'_>) {
        loop {
            self.look_for_signals();
            if self.stop.is_none()
                && let Err(failure) = self.start(next)
            {
                self.stop = Some(Stop::Broken(failure));
            }
            let is_over = self.stop.is_some() || (self.is_drained && self.again.is_empty());
            if self.running == 0 && is_over {
                break;
            }
            let wait = self
                .pace
                .wait(Instant::now())
                .map_or(TICK, |wait| wait.min(TICK));
            let first = match self.heard.recv_timeout(wait) {
                Ok(said) => said,
                Err(RecvTimeoutError::Timeout) => {
                    self.pause();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let failure = Failure::new(Exit::Other, "the threads that send have ended");
                    self.stop = Some(Stop::Broken(failure));
                    break;
                }
            };
            self.hear(first);
            while let Ok(said) = self.heard.try_recv() {
                self.hear(said);
            }
            self.pause();
        }
        // Those that were put off and not sent again leave gaps.
        for (job, sent) in std::mem::take(&mut self.held).into_values() {
            (self.report)(Event::Ended(&job, &sent));
        }
        self.pause();
    }

    fn look_for_signals(&mut self) {
        if let Some(exit) = signals::pending()
            && !matches!(self.stop, Some(Stop::Signal(_)))
        {
            self.stop = Some(Stop::Signal(exit));
            signals::let_next_end();
            (self.report)(Event::Ending(self.running));
        }
    }

    /// Starts as many calls as may begin now. Those that begin together are noted together.
    fn start(&mut self, next: Next<'_>) -> Result<(), Failure> {
        let mut group = Vec::new();
        let mut broken = None;
        while self.running + group.len() < self.batch.jobs {
            let now = Instant::now();
            let is_ahead = self.batch.ordered && self.order.len() >= self.batch.jobs * AHEAD;
            if self.pace.wait(now).is_some() || (is_ahead && self.again.is_empty()) {
                break;
            }
            let job = match self.again.pop_front() {
                Some(job) => Some(job),
                None if self.is_drained => None,
                None => match next() {
                    Ok(job) => {
                        if let (Some(job), true) = (&job, self.batch.ordered) {
                            self.order.push_back(job.row);
                        }
                        job
                    }
                    Err(failure) => {
                        broken = Some(failure);
                        None
                    }
                },
            };
            let Some(mut job) = job else {
                self.is_drained = true;
                break;
            };
            self.pace.begin(now);
            job.began = now;
            group.push(job);
        }
        if !group.is_empty() {
            if let Some(record) = &mut self.batch.record {
                record.begin(&group)?;
            }
            for job in group {
                let sent = self.jobs.send(job);
                sent.map_err(|_| Failure::new(Exit::Other, "the threads that send have ended"))?;
                self.running += 1;
            }
        }
        broken.map_or(Ok(()), Err)
    }

    fn hear(&mut self, said: Said) {
        match said {
            Said::Notice(notice) => (self.report)(Event::Notice(notice)),
            Said::Over(over) => {
                self.running -= 1;
                self.end(*over);
            }
        }
    }

    /// Accounts for a call that has ended.
    fn end(&mut self, (mut job, mut sent): (Job, Sent)) {
        let now = Instant::now();
        if let Some(wait) = sent.put_off.filter(|_| sent.fate == Fate::Open) {
            self.pace.put_off(job.began, now, wait);
            if job.put_off < MOST_PUT_OFF && self.stop.is_none() {
                (self.report)(Event::PutOff(wait));
                if let Some(record) = &mut self.batch.record
                    && let Err(failure) = record.end(&job, &sent)
                {
                    self.stop = Some(Stop::Broken(failure));
                }
                job.put_off += 1;
                job.attempts += sent.attempts;
                job.spent += sent.took;
                self.again.push_back(job);
                return;
            }
        } else {
            self.pace.taken(now);
        }
        sent.attempts += job.attempts;
        sent.took += job.spent;
        if let Some(record) = &mut self.batch.record
            && let Err(failure) = record.end(&job, &sent)
        {
            self.stop = Some(Stop::Broken(failure));
        }
        self.counts.ended += 1;
        self.counts.failed += u64::from(sent.failure.is_some());
        self.counts.uncertain += u64::from(sent.fate == Fate::Uncertain);
        if self.stop.is_none() {
            if sent.status == Some(401) {
                self.stop = Some(Stop::Unauthorized);
            } else if (self.batch.max_fail).is_some_and(|max| max.is_reached(&self.counts)) {
                self.stop = Some(Stop::MaxFail);
            }
        }
        if !self.batch.ordered {
            return (self.report)(Event::Ended(&job, &sent));
        }
        self.held.insert(job.row, (job, sent));
        while let Some(row) = self.order.front()
            && let Some((job, sent)) = self.held.remove(row)
        {
            self.order.pop_front();
            (self.report)(Event::Ended(&job, &sent));
        }
    }

    fn pause(&mut self) {
        if let Some(record) = &mut self.batch.record
            && let Err(failure) = record.settle(false)
        {
            self.stop = Some(Stop::Broken(failure));
        }
        (self.report)(Event::Pause(&self.counts));
    }
}

fn work(call: &Call, jobs: &Mutex<Receiver<Job>>, said: &Sender<Said>) {
    loop {
        // The lock is kept while waiting: whoever has it takes the next row.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        let sent = call(&job.plan, &mut |notice| {
            let _ = said.send(Said::Notice(notice));
        });
        if said.send(Said::Over(Box::new((job, sent)))).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::profile::Place;
    use crate::service::Service;

    fn job(row: u64) -> Job {
        let address = Address::parse("http://m/MAAS").unwrap();
        let place = Place {
            service: Service::Maas,
            address: &address,
            fabric: "",
        };
        let plan = Plan::get(&format!("/machines/{row}/"), place).unwrap();
        Job::new(row, b"{}".to_vec(), plan)
    }

    fn sent(status: u16) -> Sent {
        let failed = status >= 300;
        Sent {
            attempts: 1,
            took: Duration::ZERO,
            status: Some(status),
            body: Vec::new(),
            failure: failed.then(|| Failure::new(Exit::of_status(status), "refused")),
            fate: match status {
                429 => Fate::Open,
                _ if failed => Fate::Failed,
                _ => Fate::Done,
            },
            put_off: (status == 429).then_some(Duration::from_millis(1)),
        }
    }

    /// Runs so many rows of a script; gives the rows as they were reported with status and attempts.
    fn run(
        rows: u64,
        change: impl FnOnce(&mut Batch),
        script: impl Fn(u64) -> u16 + Send + Sync + 'static,
    ) -> (Vec<(u64, u16, u32)>, Ended) {
        let mut batch = Batch {
            call: Arc::new(move |plan, _: Notices<'_>| {
                let row = plan.url.path().trim_end_matches('/').rsplit('/').next();
                sent(script(row.unwrap().parse().unwrap()))
            }),
            jobs: 4,
            ordered: false,
            rate: None,
            max_fail: None,
            record: None,
        };
        change(&mut batch);
        let mut given = 0;
        let mut reported = Vec::new();
        let ended = batch
            .run(
                &mut || {
                    given += 1;
                    Ok((given <= rows).then(|| job(given)))
                },
                &mut |event| {
                    if let Event::Ended(job, sent) = event {
                        reported.push((job.row, sent.status.unwrap(), sent.attempts));
                    }
                },
            )
            .unwrap();
        (reported, ended)
    }

    #[test]
    fn each_row_ends_once_and_in_order_where_asked() {
        let (mut reported, ended) = run(100, |_| {}, |row| if row % 10 == 0 { 404 } else { 200 });
        assert!(ended.stop.is_none());
        assert_eq!((ended.counts.ended, ended.counts.failed), (100, 10));
        reported.sort_unstable();
        assert_eq!(
            reported.iter().map(|t| t.0).collect::<Vec<_>>(),
            (1..=100).collect::<Vec<_>>()
        );
        let slow = |row: u64| {
            std::thread::sleep(Duration::from_micros((row * 7919) % 900));
            200
        };
        let (reported, _) = run(100, |batch| batch.ordered = true, slow);
        assert_eq!(
            reported.iter().map(|t| t.0).collect::<Vec<_>>(),
            (1..=100).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_row_that_is_put_off_comes_again_ten_times() {
        let calls = Mutex::new(0);
        let (reported, ended) = run(
            3,
            |_| {},
            move |row| {
                let mut calls = calls.lock().unwrap();
                *calls += u32::from(row == 2);
                if row == 2 && *calls <= 3 { 429 } else { 200 }
            },
        );
        assert!(reported.contains(&(2, 200, 4)), "{reported:?}");
        assert_eq!(ended.counts.failed, 0);
        let (reported, ended) = run(1, |_| {}, |_| 429);
        assert_eq!(reported, [(1, 429, 11)]);
        assert_eq!(ended.counts.failed, 1);
    }

    #[test]
    fn what_stops_a_batch() {
        let one = |batch: &mut Batch| batch.jobs = 1;
        let (reported, ended) = run(50, one, |row| if row == 3 { 401 } else { 200 });
        assert!(matches!(ended.stop, Some(Stop::Unauthorized)));
        assert_eq!(reported.len(), 3);
        let count = |batch: &mut Batch| {
            batch.jobs = 1;
            batch.max_fail = Some(MaxFail::Count(2));
        };
        let (reported, ended) = run(50, count, |row| if row % 2 == 0 { 404 } else { 200 });
        assert!(matches!(ended.stop, Some(Stop::MaxFail)));
        assert_eq!(reported.len(), 4);
        let percent = |batch: &mut Batch| {
            batch.jobs = 1;
            batch.max_fail = Some(MaxFail::Percent(20.0));
        };
        let (reported, _) = run(50, percent, |row| if row <= 3 { 404 } else { 200 });
        assert_eq!(reported.len(), 10, "30 % of the first ten");
        let (reported, _) = run(50, percent, |row| if row <= 2 { 404 } else { 200 });
        assert_eq!(reported.len(), 50);
    }

    #[test]
    fn most_failures() {
        assert_eq!(MaxFail::parse("5"), Ok(MaxFail::Count(5)));
        assert_eq!(MaxFail::parse("2.5%"), Ok(MaxFail::Percent(2.5)));
        for wrong in ["", "0", "-1", "%", "101%", "x%", "NaN%", "1.5"] {
            assert!(MaxFail::parse(wrong).is_err(), "{wrong}");
        }
    }
}
