//! Where the thread that drives a batch meets those that make its calls.
//!
//! Calls that may begin lie ready on one side, what is heard of calls on the other. Waking a thread
//! costs as much as half a small call. So more calls may lie ready than threads are free, and the
//! driver is woken where few are left, where a call has failed, or where it has nothing else to do.
//! Knows no rows, pace or journal.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Exit, Failure};
use crate::session::Notice;
use crate::threads;

use super::call::Sent;
use super::job::Job;
use super::task::Call;

/// How long what is heard may lie before the driver looks, where more comes all the time.
const BRIEF: Duration = Duration::from_millis(10);

/// What is heard of a call.
#[derive(Debug)]
pub enum Said {
    /// A notice while it is made.
    Notice(Notice),
    /// It has ended.
    Over(Box<(Job, Sent)>),
}

/// The meeting place. The threads end with it.
#[derive(Debug)]
pub struct Desk(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Something lies ready, or all is over.
    ready: Condvar,
    /// The driver has to look.
    heard: Condvar,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing")]
struct State {
    ready: VecDeque<Job>,
    heard: Vec<Said>,
    /// Threads without a call.
    idle: usize,
    /// So few calls left ready wake the driver.
    few: usize,
    /// Whether the driver waits for anything at all.
    is_eager: bool,
    is_urgent: bool,
    /// Whether no call begins after one that has failed until the driver says so.
    shuts: bool,
    is_shut: bool,
    is_over: bool,
    is_broken: bool,
}

impl Desk {
    /// Starts so many threads. Fails where the system has none left.
    pub fn open(threads: usize, call: &Arc<Call>) -> Result<Self, Failure> {
        let desk = Self(Arc::default());
        for _ in 0..threads {
            let (shared, call) = (Arc::clone(&desk.0), Arc::clone(call));
            threads::start(move || shared.work(&*call))?;
        }
        Ok(desk)
    }

    /// Wakes the driver where so few calls lie ready. With `shuts` no call begins after one that has
    /// failed until [`Desk::reopen`].
    pub fn set(&self, few: usize, shuts: bool) {
        let mut state = self.0.lock();
        (state.few, state.shuts) = (few, shuts);
    }

    /// Lays calls ready.
    pub fn put(&self, jobs: Vec<Job>) {
        let mut state = self.0.lock();
        let woken = jobs.len().min(state.idle);
        state.ready.extend(jobs);
        drop(state);
        for _ in 0..woken {
            self.0.ready.notify_one();
        }
    }

    /// Takes the calls back that have not begun.
    pub fn take_back(&self) -> VecDeque<Job> {
        std::mem::take(&mut self.0.lock().ready)
    }

    /// Lets calls begin again after one has failed.
    pub fn reopen(&self) {
        let mut state = self.0.lock();
        if std::mem::take(&mut state.is_shut) && !state.ready.is_empty() {
            drop(state);
            self.0.ready.notify_all();
        }
    }

    /// Waits until there is a reason to look, at most so long, and gives what was heard. Fails where a
    /// thread has ended.
    pub fn listen(&self, most: Duration, into: &mut Vec<Said>) -> Result<(), Failure> {
        let mut state = self.0.wait(self.0.lock(), most.min(BRIEF));
        let more = most.saturating_sub(BRIEF);
        if state.heard.is_empty() && !more.is_zero() {
            state.is_eager = true;
            state = self.0.wait(state, more);
            state.is_eager = false;
        }
        state.is_urgent = false;
        std::mem::swap(&mut state.heard, into);
        if state.is_broken {
            let message = "the threads that send have ended";
            return Err(Failure::new(Exit::Other, message));
        }
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.ready.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, most: Duration) -> MutexGuard<'a, State> {
        let waits = |state: &mut State| !state.is_urgent;
        self.heard
            .wait_timeout_while(state, most, waits)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    /// Makes calls until all is over.
    fn work(&self, call: &Call) {
        let _lost = Lost(self);
        let mut state = self.lock();
        loop {
            if state.is_over {
                return;
            }
            let next = if state.is_shut {
                None
            } else {
                state.ready.pop_front()
            };
            let Some(mut job) = next else {
                state.idle += 1;
                state = (self.ready.wait(state)).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
                continue;
            };
            drop(state);
            job.began = Instant::now();
            let sent = call(&job.plan, &mut |notice| self.tell(Said::Notice(notice)));
            state = self.lock();
            let has_failed = sent.failure.is_some();
            state.is_shut |= has_failed && state.shuts;
            state.heard.push(Said::Over(Box::new((job, sent))));
            if has_failed || state.is_eager || state.ready.len() <= state.few {
                self.wake(&mut state);
            }
        }
    }

    fn tell(&self, said: Said) {
        let mut state = self.lock();
        state.heard.push(said);
        if state.is_eager {
            self.wake(&mut state);
        }
    }

    fn wake(&self, state: &mut State) {
        if !std::mem::replace(&mut state.is_urgent, true) {
            self.heard.notify_one();
        }
    }
}

/// Reports a thread that ends before all is over.
struct Lost<'a>(&'a Shared);

impl Drop for Lost<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut state = self.0.lock();
            state.is_broken = true;
            self.0.wake(&mut state);
        }
    }
}
