//! Waits until things are in a state: looks, sleeps, looks again.
//!
//! [`Wait::next`] gives one event after the other; whoever drives it shows them. Things are
//! machines, of which a poll asks for all that are left at once, or paths, each with a call of its
//! own (`look`). The first look is an ordinary call; later ones take a server that is gone for a
//! while as nothing but a delay. `pace` says when the next look is due.

mod look;
mod pace;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::request::Plan;
use crate::session::{CallError, Notices, Session};

pub use crate::service::maas::states::Verdict;
pub use look::{Found, Look};
use pace::Pace;

/// Something that is waited for.
#[derive(Debug)]
pub struct Thing {
    /// Its id, or its path.
    pub id: String,
    /// What people call it; a machine's is empty until it was seen.
    pub name: String,
    /// Its state in words, once it was seen.
    pub state: Option<String>,
    /// Whether it is still waited for.
    pub verdict: Verdict,
    /// It as the server gave it last, JSON; kept once the wait for it is over.
    pub body: Option<Vec<u8>>,
}

impl Thing {
    /// Returns what it is called where there is room for one name.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.name.is_empty() {
            &self.id
        } else {
            &self.name
        }
    }
}

/// What happens while something is waited for.
#[derive(Debug)]
pub enum WaitEvent {
    /// A thing is in another state than at the last look, or was seen for the first time.
    Change {
        /// Which one.
        thing: usize,
        /// The state before; `None` at the first look.
        from: Option<String>,
    },
    /// All things have been looked at once.
    Looked,
    /// The server is not to be reached, or not well. The wait continues.
    Trouble(String),
    /// The server is back after so long.
    Back(Duration),
    /// Time passes.
    Idle,
}

/// Why a wait ends without having seen the end of everything.
#[derive(Debug)]
pub enum Stopped {
    /// The call failed in a way that does not pass.
    Broken(CallError),
    /// The server refused.
    Refused(Box<Response>, Box<Plan>),
    /// The response was no use.
    Useless(anyhow::Error),
    /// The limit was reached.
    TimedOut,
}

/// How often who drives the wait hears that time passes.
const TICK: Duration = Duration::from_millis(200);

/// Once the server has responded, a look is retried once at most: that is enough for a connection
/// that was closed meanwhile, and the next look comes anyway.
const RETRIES: u32 = 1;

/// What is waited for, and until when.
#[derive(Debug)]
pub struct Task {
    /// How things are looked at.
    pub look: Look,
    /// The ids or paths of things, and what people call them.
    pub things: Vec<(String, String)>,
    /// The longest pause between two looks.
    pub interval: Duration,
    /// When the wait is over.
    pub deadline: Instant,
    /// Whether the server was reached just now, so that a failure of the first look passes, too.
    pub trusts: bool,
}

/// A wait under way.
pub struct Wait<'a> {
    session: &'a Session,
    look: Look,
    things: Vec<Thing>,
    pace: Pace,
    started: Instant,
    deadline: Instant,
    /// What is left of the present poll.
    plans: VecDeque<(Plan, Vec<usize>)>,
    due: Instant,
    events: VecDeque<WaitEvent>,
    /// Whether every thing has been seen.
    seen_all: bool,
    /// Whether the server is known to be there.
    trusts: bool,
    trouble: Option<Instant>,
}

impl<'a> Wait<'a> {
    /// Begins to wait. Nothing is sent yet.
    #[must_use]
    pub fn new(session: &'a Session, task: Task) -> Self {
        let Task {
            look,
            things,
            interval,
            deadline,
            trusts,
        } = task;
        let now = Instant::now();
        let things = things.into_iter().map(|(id, name)| Thing {
            id,
            name,
            state: None,
            verdict: Verdict::Pending,
            body: None,
        });
        Self {
            session,
            look,
            things: things.collect(),
            pace: Pace::new(interval),
            started: now,
            deadline,
            plans: VecDeque::new(),
            due: now,
            events: VecDeque::new(),
            seen_all: false,
            trusts,
            trouble: None,
        }
    }

    /// Returns the things, in the order they were named.
    #[must_use]
    pub fn things(&self) -> &[Thing] {
        &self.things
    }

    /// Returns whether the things are machines.
    #[must_use]
    pub fn is_of_machines(&self) -> bool {
        matches!(self.look, Look::Machines { .. })
    }

    /// Returns how long it has taken so far.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Returns since when the server has not been reached.
    #[must_use]
    pub fn trouble(&self) -> Option<Instant> {
        self.trouble
    }

    /// Waits for the next event; `None` where nothing is waited for any more.
    pub fn next(&mut self, notices: Notices<'_>) -> Result<Option<WaitEvent>, Stopped> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            let is_over = self.plans.is_empty() && self.pending().next().is_none();
            if is_over && self.seen_all {
                return Ok(None);
            }
            let now = Instant::now();
            if now >= self.deadline {
                return Err(Stopped::TimedOut);
            }
            if self.plans.is_empty() && now < self.due {
                let until = self.due.min(self.deadline);
                std::thread::sleep(until.saturating_duration_since(now).min(TICK));
                return Ok(Some(WaitEvent::Idle));
            }
            self.step(notices)?;
        }
    }

    fn pending(&self) -> impl Iterator<Item = usize> + '_ {
        self.things
            .iter()
            .enumerate()
            .filter(|(_, thing)| thing.verdict == Verdict::Pending)
            .map(|(at, _)| at)
    }

    /// Sends the next call of a poll, and notes what it says.
    fn step(&mut self, notices: Notices<'_>) -> Result<(), Stopped> {
        let Some((plan, asked)) = self.plans.pop_front() else {
            let pending: Vec<usize> = self.pending().collect();
            self.plans = self
                .look
                .plans(&self.things, &pending, self.session.profile.place())
                .map_err(|e| Stopped::Useless(e.into()))?;
            return Ok(());
        };
        let asked_at = Instant::now();
        let limits = Limits {
            deadline: Some(self.deadline),
            retries: self.trusts.then_some(RETRIES),
            ..Limits::default()
        };
        let response = match self.session.send(&plan, &limits, notices) {
            Ok(response) => response,
            Err(error) => {
                let exit = error.exit();
                if Instant::now() >= self.deadline && exit == Exit::TimedOut {
                    return Err(Stopped::TimedOut);
                }
                if self.trusts && matches!(exit, Exit::TimedOut | Exit::NoConnection) {
                    self.fail(error.bare().to_string());
                    return Ok(());
                }
                return Err(Stopped::Broken(error));
            }
        };
        let status = response.head.status;
        if Exit::of_status(status) != Exit::Success {
            if self.trusts && may_pass(status) {
                let why = response.head.status_text();
                self.fail(why);
                return Ok(());
            }
            return Err(Stopped::Refused(Box::new(response), Box::new(plan)));
        }
        let found = match self
            .look
            .read(response, &asked, &self.things, self.elapsed())
        {
            Ok(found) => found,
            Err(look::Unread::Cut(failure))
                if failure.exit == Exit::TimedOut && Instant::now() >= self.deadline =>
            {
                return Err(Stopped::TimedOut);
            }
            Err(look::Unread::Cut(failure)) if self.trusts => {
                self.fail(failure.to_string());
                return Ok(());
            }
            Err(look::Unread::Cut(failure)) => {
                return Err(Stopped::Broken(self.session.useless(failure, &plan)));
            }
            Err(look::Unread::Useless(error)) => return Err(Stopped::Useless(error)),
        };
        if let Some(since) = self.trouble.take() {
            self.events.push_back(WaitEvent::Back(since.elapsed()));
        }
        self.trusts = true;
        for (thing, found) in found {
            self.note(thing, found);
        }
        if self.plans.is_empty() {
            if !self.seen_all {
                self.seen_all = true;
                self.events.push_back(WaitEvent::Looked);
            }
            // A server that thinks long is asked less often.
            let took = asked_at.elapsed();
            self.due = Instant::now() + self.pace.next().max(took);
        }
        Ok(())
    }

    fn note(&mut self, at: usize, found: Found) {
        let thing = &mut self.things[at];
        thing.name = found.name;
        thing.verdict = found.verdict;
        if found.verdict != Verdict::Pending {
            thing.body = found.body;
        }
        if thing.state.as_deref() != Some(&found.state) || found.verdict != Verdict::Pending {
            let from = thing.state.replace(found.state);
            self.events.push_back(WaitEvent::Change { thing: at, from });
        }
    }

    fn fail(&mut self, why: String) {
        self.plans.clear();
        self.due = Instant::now() + self.pace.next();
        if self.trouble.is_none() {
            self.trouble = Some(Instant::now());
            self.events.push_back(WaitEvent::Trouble(why));
        }
    }
}

/// Returns whether a response is that of a server that is busy, or not all there.
fn may_pass(status: u16) -> bool {
    status >= 500 || matches!(status, 408 | 409 | 429)
}

/// Returns a filter's failure with the flag and the path that it was run for.
fn named_filter(error: anyhow::Error, flag: &str, path: &str) -> anyhow::Error {
    match error.downcast::<Failure>() {
        Ok(failure) => failure.of(flag).of(path).into(),
        Err(error) => error,
    }
}

/// Returns the failure of a thing that is not there at the first look.
fn missing(ids: &[&str]) -> Failure {
    let named: Vec<String> = ids.iter().take(10).map(|id| format!("`{id}`")).collect();
    let more = match ids.len().saturating_sub(10) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Failure::new(
        Exit::ClientError,
        format!("there is no machine {}{more}", named.join(", ")),
    )
    .hint(format!(
        "a machine is named by its id, or as `@{}` by its name",
        ids.first().unwrap_or(&"node18")
    ))
}
