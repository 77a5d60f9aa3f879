//! What happens on the wire while a call is made, for those who show it.
//!
//! The meter gives a [`Pulse`] from within ureq, on the thread that called: between two writes, and
//! whenever nothing came for a quarter of a second. Nothing waits for the watcher but the call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What a call is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// A large body goes out.
    Sent {
        /// How much of the request has left.
        bytes: u64,
        /// How much there is, where it is known.
        total: Option<u64>,
    },
    /// No byte of the response has come for so long.
    Waiting(Duration),
    /// The response has begun, and nothing more of it has come for a moment.
    Stalled,
    /// The attempt is over, with a head or without.
    Over,
}

/// Observes the progress of a call.
#[derive(Clone)]
pub struct Watch(Arc<dyn Fn(Pulse) + Send + Sync>);

impl Watch {
    /// Wraps a function; it must not call the client.
    pub fn new(f: impl Fn(Pulse) + Send + Sync + 'static) -> Self {
        Self(Arc::new(f))
    }

    pub(super) fn report(&self, pulse: Pulse) {
        (self.0)(pulse);
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
