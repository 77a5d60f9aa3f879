//! A batch under way: starts calls, accounts for those that have ended, stops.
//!
//! Runs on the caller's thread, which alone reads rows, keeps the journal and reports events.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::error::Failure;
use crate::signals;

use super::call::{Fate, Sent};
use super::desk::{Desk, Said};
use super::job::Job;
use super::most::Counts;
use super::pace::Pace;
use super::task::{Batch, Ended, Event, Next, Stop};

/// How often a row is sent again that the server has put off.
const MOST_PUT_OFF: u32 = 10;

/// How often who drives a batch hears that time passes, and signals are looked for.
const TICK: Duration = Duration::from_millis(100);

/// How many rows may have ended before one whose turn it is to be printed, for each call at once.
const AHEAD: usize = 16;

/// How many calls may lie ready for each that is under way, where nothing says when each begins; and
/// how many bytes of rows, beyond those under way.
const READY: usize = 3;
const MOST_READY: usize = 1 << 20;

impl Batch {
    /// Makes the calls of all rows that `next` gives. Fails where no threads can be started; nothing
    /// was sent then.
    pub fn run(self, next: Next<'_>, report: &mut dyn FnMut(Event<'_>)) -> Result<Ended, Failure> {
        Ok(Run::new(self, report)?.all(next))
    }
}

/// A batch under way.
struct Run<'a> {
    batch: Batch,
    pace: Pace,
    desk: Desk,
    /// Rows that are to be sent before others: the server has put them off, or they had no turn.
    again: VecDeque<Job>,
    /// Calls that were handed over and have not ended, and the bytes of their rows.
    out: usize,
    bytes: usize,
    counts: Counts,
    stop: Option<Stop>,
    is_drained: bool,
    /// Rows in the order they were started, and those of them that have ended.
    order: VecDeque<u64>,
    held: BTreeMap<u64, (Job, Sent)>,
    report: &'a mut dyn FnMut(Event<'_>),
}

impl<'a> Run<'a> {
    /// Starts the threads. Nothing is sent yet.
    fn new(batch: Batch, report: &'a mut dyn FnMut(Event<'_>)) -> Result<Self, Failure> {
        Ok(Self {
            pace: Pace::new(batch.rate, Instant::now()),
            desk: Desk::open(batch.jobs, &batch.call)?,
            batch,
            again: VecDeque::new(),
            out: 0,
            bytes: 0,
            counts: Counts::default(),
            stop: None,
            is_drained: false,
            order: VecDeque::new(),
            held: BTreeMap::new(),
            report,
        })
    }

    fn all(mut self, next: Next<'_>) -> Ended {
        let mut heard = Vec::new();
        loop {
            self.look_for_signals();
            if self.stop.is_none()
                && let Err(failure) = self.start(next)
            {
                self.stop = Some(Stop::Broken(failure));
            }
            if self.stop.is_some() {
                // What has not begun does not begin.
                drop(self.take_back());
            }
            let is_over = self.stop.is_some() || (self.is_drained && self.again.is_empty());
            if self.out == 0 && is_over {
                break;
            }
            let wait = self
                .pace
                .wait(Instant::now())
                .map_or(TICK, |wait| wait.min(TICK));
            if let Err(failure) = self.desk.listen(wait, &mut heard) {
                self.stop = Some(Stop::Broken(failure));
                break;
            }
            for said in heard.drain(..) {
                match said {
                    Said::Notice(notice) => (self.report)(Event::Notice(notice)),
                    Said::Over(over) => self.end(*over),
                }
            }
            if self.stop.is_none() {
                if self.pace.wait(Instant::now()).is_some() {
                    let mut back = self.take_back();
                    back.append(&mut self.again);
                    self.again = back;
                }
                self.desk.reopen();
            }
            self.pause(false);
        }
        // Those that were put off and not sent again leave gaps.
        for (job, sent) in std::mem::take(&mut self.held).into_values() {
            (self.report)(Event::Ended(&job, &sent));
        }
        self.pause(true);
        Ended {
            counts: self.counts,
            stop: self.stop,
        }
    }

    fn look_for_signals(&mut self) {
        if let Some(exit) = signals::pending()
            && !matches!(self.stop, Some(Stop::Signal(_)))
        {
            drop(self.take_back());
            self.stop = Some(Stop::Signal(exit));
            signals::let_next_end();
            (self.report)(Event::Ending(self.out));
        }
    }

    /// Takes calls back that have not begun. What the journal says has begun begins.
    fn take_back(&mut self) -> VecDeque<Job> {
        if self.batch.record.is_some() {
            return VecDeque::new();
        }
        let back = self.desk.take_back();
        self.out -= back.len();
        self.bytes -= back.iter().map(|job| job.input.len()).sum::<usize>();
        back
    }

    /// Whether calls may lie ready: nothing is to be known of when each of them begins, and no call
    /// that ends well ends the batch.
    fn lies_ready(&self) -> bool {
        self.batch.record.is_none() && self.batch.max_fail.is_none() && !self.pace.is_set()
    }

    /// Hands over as many calls as may begin now. Those that begin together are noted together.
    fn start(&mut self, next: Next<'_>) -> Result<(), Failure> {
        let mut group = Vec::new();
        let mut broken = None;
        let jobs = self.batch.jobs;
        let (most, few) = if self.lies_ready() {
            (jobs * (1 + READY), jobs)
        } else {
            (jobs, usize::MAX)
        };
        self.desk.set(few, self.batch.record.is_none());
        while self.out < jobs || (self.out < most && self.bytes < MOST_READY) {
            let now = Instant::now();
            let is_ahead = self.batch.ordered && self.order.len() >= jobs * AHEAD;
            let rests = self.pace.wait(now).is_some();
            if (rests && (self.is_drained || !self.again.is_empty()))
                || (is_ahead && self.again.is_empty())
            {
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
            let Some(job) = job else {
                self.is_drained = true;
                break;
            };
            // There is one more: it waits its turn. After the last one nobody waits.
            if rests {
                self.again.push_front(job);
                break;
            }
            self.pace.begin(now);
            self.out += 1;
            self.bytes += job.input.len();
            group.push(job);
        }
        if !group.is_empty() {
            if let Some(record) = &mut self.batch.record
                && let Err(failure) = record.begin(&group)
            {
                self.out -= group.len();
                return Err(failure);
            }
            self.desk.put(group);
        }
        broken.map_or(Ok(()), Err)
    }

    /// Accounts for a call that has ended.
    fn end(&mut self, (mut job, mut sent): (Job, Sent)) {
        let now = Instant::now();
        if job.has_begun && sent.status == Some(404) && job.plan.method == "DELETE" {
            // As where one run sends it twice: it is gone.
            sent.failure = None;
            sent.fate = Fate::Done;
        }
        self.out -= 1;
        self.bytes = self.bytes.saturating_sub(job.input.len());
        if let Some(wait) = sent.put_off.filter(|_| sent.fate == Fate::Open) {
            self.pace.put_off(job.began, now, wait);
            if job.put_off < MOST_PUT_OFF && self.stop.is_none() {
                (self.report)(Event::PutOff(wait));
                self.note(&job, &sent);
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
        self.note(&job, &sent);
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

    /// Notes in the journal how a call has ended.
    fn note(&mut self, job: &Job, sent: &Sent) {
        if let Some(record) = &mut self.batch.record
            && let Err(failure) = record.end(job, sent)
        {
            self.stop = Some(Stop::Broken(failure));
        }
    }

    fn pause(&mut self, is_last: bool) {
        if let Some(record) = &mut self.batch.record
            && let Err(failure) = record.settle(is_last)
        {
            self.stop = Some(Stop::Broken(failure));
        }
        (self.report)(Event::Pause(&self.counts));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::address::Address;
    use crate::error::Exit;
    use crate::flow::batch::body::Body;
    use crate::flow::batch::most::MaxFail;
    use crate::profile::Place;
    use crate::request::Plan;
    use crate::service::Service;
    use crate::session::Notices;
    use std::sync::Arc;

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
            body: Body::default(),
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

    /// With a pause of an hour: this ends, or never.
    #[test]
    fn nobody_waits_after_the_last_row() {
        for ordered in [false, true] {
            let change = |batch: &mut Batch| {
                batch.rate = Some(1.0 / 3600.0);
                batch.ordered = ordered;
            };
            let (reported, ended) = run(1, change, |_| 200);
            assert_eq!(reported, [(1, 200, 1)]);
            assert!(ended.stop.is_none());
        }
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
}
