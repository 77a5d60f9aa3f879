//! All pages of a list, one after the other, the next one fetched while the present one is used.
//!
//! [`Pages`] reads the first page, then a thread of its own asks for the others by the rules of
//! `service::page`: page N+1 is asked for when page N is taken, so that at most two are in memory,
//! and only after page N was read whole, so that one connection serves all. It yields [`PageEvent`]s
//! and never prints. What the server keeps for the next page is freed when the reader stops early,
//! and on a signal, however long server or reader let us wait.
//!
//! ```text
//! thread   page 2 ─────▶ page 3 ─────▶ page 4
//! reader   uses page 1   uses page 2   uses page 3
//! ```

mod ahead;
mod empty;
mod held;
mod reading;
mod step;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::output::amounts;
use crate::request::Plan;
use crate::service::page::{Tail, Way};
use crate::session::{CallError, Notice, Session};
use crate::signals::{self, Guard};
use crate::threads;

pub use ahead::Ahead;
use empty::EmptyPages;
use held::Held;
pub use step::{size, way};

/// What all pages of a run share.
#[derive(Clone, Debug)]
pub struct Run {
    /// What sends.
    pub session: Session,
    /// The most elements that are wanted; pages beyond them are not asked for.
    pub most: Option<u64>,
    /// When the run is to end.
    pub deadline: Option<Instant>,
}

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its number, from 1.
    pub number: u64,
    /// Its JSON, whole and valid.
    pub bytes: Vec<u8>,
    /// The number of its elements.
    pub items: u64,
    /// What it says besides them.
    pub tail: Tail,
}

/// What comes.
#[derive(Debug)]
pub enum PageEvent {
    /// A notice of a call.
    Notice(Notice),
    /// A page.
    Page(Page),
    /// The list cannot be had whole; nothing comes after this.
    Failed(CallError),
}

/// Returns whether the server keeps nothing any more after this error, or is not there to be reported.
fn leaves_nothing(error: &CallError) -> bool {
    let responded = matches!(
        error.exit(),
        Exit::Redirect | Exit::ClientError | Exit::ServerError | Exit::Other
    );
    !responded || error.status() == Some(404)
}

/// Returns the failure of a list that broke off after so many elements.
#[must_use]
pub fn broken_after(items: u64, error: &CallError) -> Failure {
    let after = format!("after {}", amounts::items(items));
    error.bare().of(&after).of(&error.label)
}

/// The pages of a list, in order.
#[derive(Debug)]
pub struct Pages {
    first: Option<Page>,
    events: Option<Receiver<PageEvent>>,
    taken: Sender<()>,
    held: Arc<Held>,
    _guard: Option<Guard>,
}

impl Pages {
    /// Reads the response to `plan`, which was a success, and starts asking for the pages after it.
    pub fn start(run: Run, way: Way, plan: Plan, first: Response) -> Result<Self, CallError> {
        match Ahead::of(way, &run.session) {
            Ok(ahead) => ahead.start(run, plan, first),
            Err(failure) => Err(run.session.useless(failure, &plan)),
        }
    }

    /// Returns whether the first page has no elements.
    #[must_use]
    pub fn begins_empty(&self) -> bool {
        self.first.as_ref().is_some_and(|page| page.items == 0)
    }

    fn of(mut ahead: Ahead, run: Run, plan: Plan, first: Response) -> Result<Self, CallError> {
        let way = ahead.way;
        let read = run.read(&plan, first)?;
        ahead.arrived(step::release(way, &plan, &read.tail));
        let held = Arc::clone(&ahead.held);
        if matches!(way, Way::Cursor(_)) && !read.is_list {
            held.release();
            let message = "the response holds no list of rows (`result`)";
            let failure = Failure::new(Exit::Other, message);
            return Err(run.session.useless(failure, &plan));
        }
        let guard = ahead.guard.take();
        let session = run.session.clone();
        let (events, received) = channel();
        let (taken, wanted) = channel();
        let fetcher = Fetcher {
            seen: HashSet::from([plan.url.target.clone()]),
            last: matches!(way, Way::Offset(_)).then(|| hash(&read.bytes)),
            run,
            way,
            held: Arc::clone(&held),
            events,
            wanted,
        };
        let page = Page {
            number: 1,
            items: read.tail.items,
            bytes: read.bytes,
            tail: read.tail.clone(),
        };
        let first_plan = plan.clone();
        if let Err(failure) = threads::start(move || fetcher.fetch_all(plan, read.tail)) {
            held.release();
            return Err(session.useless(failure, &first_plan));
        }
        Ok(Self {
            first: Some(page),
            events: Some(received),
            taken,
            held,
            _guard: guard,
        })
    }

    /// Ends the run: no further page is asked for, and what the server keeps is freed. Gives how
    /// that went, where there was something to free.
    pub fn close(&mut self) -> Option<String> {
        self.events = None;
        self.held.release()
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.close();
    }
}

impl Iterator for Pages {
    type Item = PageEvent;

    fn next(&mut self) -> Option<PageEvent> {
        if let Some(page) = self.first.take() {
            return Some(PageEvent::Page(page));
        }
        let event = self.events.as_ref()?.recv().ok()?;
        if matches!(event, PageEvent::Page(_)) {
            // A thread that has asked for the last page waits no more.
            let _ = self.taken.send(());
        }
        Some(event)
    }
}

impl Run {
    /// Reads a page whose response is a success, and judges what its envelope says.
    fn read(&self, plan: &Plan, response: Response) -> Result<reading::Read, CallError> {
        let service = self.session.profile.service();
        let head = response.head.clone();
        let read = reading::read(response).map_err(|failure| self.broken(plan, failure))?;
        match crate::service::page::failed(service, &read.tail) {
            None => Ok(read),
            Some(status) => Err(self.session.contradicted(&head, read.bytes, status, plan)),
        }
    }

    fn broken(&self, plan: &Plan, failure: Failure) -> CallError {
        self.session.useless(failure, plan)
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// Asks for the pages after the first, on a thread of its own.
struct Fetcher {
    run: Run,
    way: Way,
    held: Arc<Held>,
    events: Sender<PageEvent>,
    /// Notes that a page was taken.
    wanted: Receiver<()>,
    /// Where pages came from: a server that links in a circle would never end.
    seen: HashSet<String>,
    /// The last page of an offset list, as its hash: a server that passes the offset over would
    /// give the same page for ever.
    last: Option<u64>,
}

impl Fetcher {
    fn fetch_all(mut self, mut plan: Plan, mut tail: Tail) {
        let mut number = 1;
        let mut items = tail.items;
        let mut empty = EmptyPages::default();
        empty.note(items);
        while self.run.most.is_none_or(|most| items < most) {
            match self.turn(&plan, &tail) {
                Ok(Some(next)) => plan = next,
                Ok(None) => return,
                Err(broken) => return self.send(PageEvent::Failed(broken)),
            }
            let Some(pause) = empty.pause() else {
                let message = format!(
                    "{} pages in a row were empty, with more to come",
                    empty::MOST
                );
                let failure = Failure::new(Exit::Other, message);
                return self.send(PageEvent::Failed(self.run.broken(&plan, failure)));
            };
            std::thread::sleep(pause);
            if !self.held.ask() {
                return;
            }
            let read = match self.fetch(&plan) {
                Ok(read) => read,
                // A signal ends the wait as well. The list is not broken then: the guard frees
                // what is kept and ends the process, and nobody may hear of an end before.
                Err(_) if signals::pending().is_some() => {
                    self.held.fail(false);
                    loop {
                        std::thread::park();
                    }
                }
                Err(broken) => {
                    self.held.fail(leaves_nothing(&broken));
                    return self.send(PageEvent::Failed(broken));
                }
            };
            if let Some(broken) = self.repeated(&plan, &read) {
                return self.send(PageEvent::Failed(broken));
            }
            self.held
                .response(step::release(self.way, &plan, &read.tail));
            tail = read.tail;
            number += 1;
            items += tail.items;
            empty.note(tail.items);
            self.send(PageEvent::Page(Page {
                number,
                bytes: read.bytes,
                items: tail.items,
                tail: tail.clone(),
            }));
            if self.wanted.recv().is_err() {
                return;
            }
        }
    }

    /// Returns the plan of the next page.
    fn turn(&mut self, plan: &Plan, tail: &Tail) -> Result<Option<Plan>, CallError> {
        let next =
            step::next(self.way, plan, tail).map_err(|failure| self.run.broken(plan, failure))?;
        if let (Way::Events, Some(next)) = (self.way, &next)
            && !self.seen.insert(next.url.target.clone())
        {
            let failure = Failure::new(Exit::Other, "the link to the next page leads back");
            return Err(self.run.broken(plan, failure));
        }
        Ok(next)
    }

    /// Returns an error where a page of an offset list is the one before.
    fn repeated(&mut self, plan: &Plan, read: &reading::Read) -> Option<CallError> {
        let before = self.last?;
        let now = hash(&read.bytes);
        self.last = Some(now);
        (before == now && read.tail.items > 0).then(|| {
            let message =
                "the page is the same as the one before: does the server support `offset`?";
            self.run.broken(plan, Failure::new(Exit::Other, message))
        })
    }

    fn fetch(&self, plan: &Plan) -> Result<reading::Read, CallError> {
        let run = &self.run;
        let limits = Limits {
            deadline: run.deadline,
            ..Limits::default()
        };
        let response = run
            .session
            .call(plan, &limits, &mut |n| self.send(PageEvent::Notice(n)))?;
        let read = run.read(plan, response)?;
        if !read.is_list {
            let failure = Failure::new(Exit::Other, "the page holds no list");
            return Err(run.broken(plan, failure));
        }
        Ok(read)
    }

    /// Sends an event; where nobody listens any more, the next page is not asked for either.
    fn send(&self, event: PageEvent) {
        let _ = self.events.send(event);
    }
}
