//! A row of a batch on its way: its call, and how often it was tried.
//!
//! Values alone; `flow::batch` decides when a job is sent and sent again.

use std::time::{Duration, Instant};

use crate::request::Plan;

/// A row that is ready to be sent.
#[derive(Debug)]
pub struct Job {
    /// Its number, from 1.
    pub row: u64,
    /// Its JSON.
    pub input: Vec<u8>,
    /// The call.
    pub plan: Plan,
    /// Whether a run before has sent it.
    pub has_begun: bool,
    /// How often the server has put it off, and how often it was sent before.
    pub(super) put_off: u32,
    pub(super) attempts: u32,
    pub(super) spent: Duration,
    pub(super) began: Instant,
}

impl Job {
    /// A row that was not sent yet.
    #[must_use]
    pub fn new(row: u64, input: Vec<u8>, plan: Plan) -> Self {
        Self {
            row,
            input,
            plan,
            has_begun: false,
            put_off: 0,
            attempts: 0,
            spent: Duration::ZERO,
            began: Instant::now(),
        }
    }
}
