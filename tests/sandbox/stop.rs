//! The end of the sandbox, for threads that pause or stall: waiting always ends when the server does.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::lock;

/// A flag that threads can sleep on.
#[derive(Debug, Default)]
pub struct Stop {
    set: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Sets the flag and wakes all.
    pub fn set(&self) {
        *lock(&self.set) = true;
        self.changed.notify_all();
    }

    /// Whether the flag is set.
    pub fn is_set(&self) -> bool {
        *lock(&self.set)
    }

    /// Sleeps so long, or until the flag is set.
    pub fn pause(&self, time: Duration) {
        drop(
            self.changed
                .wait_timeout_while(lock(&self.set), time, |set| !*set),
        );
    }

    /// Sleeps until the flag is set.
    pub fn wait(&self) {
        drop(self.changed.wait_while(lock(&self.set), |set| !*set));
    }
}
