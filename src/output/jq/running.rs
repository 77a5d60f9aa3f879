//! Whether a filter runs, and whether it is to stop: seen from its thread and from the one that waits.

use std::sync::atomic::{AtomicU8, Ordering};

/// What a filter does.
#[derive(Debug, Default)]
pub struct Running(AtomicU8);

const IDLE: u8 = 0;
const RUNS: u8 = 1;
const STOPPED: u8 = 2;

impl Running {
    /// Says that the filter runs from here on: its input has been read.
    pub fn begin(&self) {
        self.change(IDLE, RUNS);
    }

    /// Says that the filter has ended.
    pub fn end(&self) {
        self.change(RUNS, IDLE);
    }

    /// Makes the filter stop, for good.
    pub fn stop(&self) {
        self.0.store(STOPPED, Ordering::Relaxed);
    }

    /// Returns whether the filter runs.
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed) == RUNS
    }

    /// Returns whether the filter is to stop.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed) == STOPPED
    }

    /// A stop is never taken back.
    fn change(&self, from: u8, to: u8) {
        let _ = self
            .0
            .compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
    }
}
