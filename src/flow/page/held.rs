//! What the server keeps for the next page, and its end.
//!
//! A cursor that nobody reads on takes room on the server until its time is over. [`Held`] knows
//! its DELETE, and sends it once, whoever asks first: the end of printing, or a signal. A page that
//! is just being asked for may be the last, and a cursor in use may not be deleted, so the DELETE
//! waits for it a short time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::client::Limits;
use crate::request::Plan;
use crate::session::Session;

/// How long a DELETE waits for a page that is being asked for.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long it may take: people wait for the prompt.
const LIMIT: Duration = Duration::from_secs(2);

/// What the server keeps.
#[derive(Debug)]
pub struct Held {
    session: Session,
    state: Mutex<State>,
    settled: Condvar,
}

#[derive(Debug)]
struct State {
    /// The DELETE, while there is something to free.
    release: Option<Plan>,
    /// Whether a page is being asked for.
    asking: bool,
    /// Whether no page may be asked for any more.
    over: bool,
    /// Whether the first page is being asked for, whose response names what is kept.
    first: bool,
}

impl Held {
    /// Makes it for a list of which nothing is kept yet.
    pub fn new(session: &Session) -> Self {
        Self {
            session: session.within(LIMIT),
            state: Mutex::new(State {
                release: None,
                asking: false,
                over: false,
                first: false,
            }),
            settled: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the first page is asked for.
    pub fn ask_first(&self) {
        let mut state = self.lock();
        (state.asking, state.first) = (true, true);
    }

    /// Notes that a page is asked for. `false` where none must be.
    pub fn ask(&self) -> bool {
        let mut state = self.lock();
        state.asking = !state.over;
        state.asking
    }

    /// Notes that the page has come, or has not, and what is kept from now on.
    pub fn response(&self, release: Option<Plan>) {
        let mut state = self.lock();
        (state.asking, state.first) = (false, false);
        state.release = release;
        self.settled.notify_all();
    }

    /// Notes that the page has failed; `gone` where nothing is kept any more, or the server is not
    /// to be reached.
    pub fn fail(&self, gone: bool) {
        let mut state = self.lock();
        (state.asking, state.first) = (false, false);
        if gone {
            state.release = None;
        }
        self.settled.notify_all();
    }

    /// Frees what is kept, where something is; gives how it went, for `-v`.
    pub fn release(&self) -> Option<String> {
        let mut state = self.lock();
        state.over = true;
        if state.release.is_some() || state.first {
            // Only the first page says what is kept: it is worth a longer wait.
            let patience = if state.first { LIMIT } else { PATIENCE };
            let waited = self
                .settled
                .wait_timeout_while(state, patience, |state| state.asking);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let plan = state.release.take()?;
        // The lock is kept: whoever comes second waits until it is done.
        let limits = Limits::default();
        let how = match self.session.send(&plan, &limits, &mut |_| {}) {
            Ok(response) => response.head.status_text(),
            Err(error) => error.bare().to_string(),
        };
        drop(state);
        Some(format!("{}: {how}", plan.summary()))
    }
}
