//! What is ready before the first page of a list is asked for.
//!
//! A server keeps a cursor from the moment that it works on the first request, and names it in the
//! response only. So the clean-up is known before the request is sent: a signal that comes while
//! the first page is on its way waits a short time for it, and has its cursor deleted.

use std::sync::Arc;

use crate::client::Response;
use crate::error::Failure;
use crate::request::Plan;
use crate::service::page::Way;
use crate::session::{CallError, Session};
use crate::signals::{self, Awaited, Guard};

use super::held::Held;
use super::{Pages, Run};

/// A list whose first page is about to be asked for.
#[derive(Debug)]
pub struct Ahead {
    pub(super) way: Way,
    pub(super) held: Arc<Held>,
    pub(super) guard: Option<Guard>,
    awaited: Option<Awaited>,
}

impl Ahead {
    /// Gets ready for a list that is read this way.
    pub fn of(way: Way, session: &Session) -> Result<Self, Failure> {
        let held = Arc::new(Held::new(session));
        // Links and offsets leave nothing behind; a signal may end the process at once.
        let leaves = matches!(way, Way::Cursor(_));
        let guard = leaves.then(|| {
            held.ask_first();
            let held = Arc::clone(&held);
            signals::guard(move || drop(held.release()))
        });
        Ok(Self {
            way,
            held,
            guard: guard.transpose()?,
            awaited: leaves.then(signals::awaited),
        })
    }

    /// Reads the response to the first request, which was a success, and continues from there.
    pub fn start(self, run: Run, plan: Plan, first: Response) -> Result<Pages, CallError> {
        Pages::of(self, run, plan, first)
    }

    /// Notes that the first page has come, or will not.
    pub(super) fn arrived(&mut self, release: Option<Plan>) {
        self.held.response(release);
        self.awaited = None;
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        // Where it has arrived, nobody asks any more.
        if self.awaited.is_some() {
            self.held.fail(true);
        }
    }
}
