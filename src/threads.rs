//! Starts threads.
//!
//! The one place that does: `std::thread::spawn` panics where the system has no thread left
//! (`ulimit -u`, a container's limit of processes), and here that is an error like any other. Knows
//! nothing of what a thread does.

use std::thread::{Builder, JoinHandle};

use crate::error::{Exit, Failure};

/// Starts a thread. The error says that the system has none left.
pub fn start<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Failure> {
    spawn(Builder::new(), work)
}

/// Starts a thread with a stack of so many bytes. The error says that there is no room for it.
pub fn with_stack<T: Send + 'static>(
    stack: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Failure> {
    spawn(Builder::new().stack_size(stack), work)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that starts threads"
)]
fn spawn<T: Send + 'static>(
    builder: Builder,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Failure> {
    builder.spawn(work).map_err(|e| {
        Failure::new(Exit::Other, format!("a thread could not be started: {e}"))
            .hint("`ulimit -u` shows how many processes and threads this user may have")
    })
}
