//! The same work for several profiles at once, each on a thread of its own.
//!
//! What the threads report comes over one channel to the thread that began them, which alone prints.
//! Knows neither calls nor formats: what is done is a closure, and what comes of it a value.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use crate::error::Failure;
use crate::threads;

/// What a thread sends.
#[derive(Debug)]
pub enum Event<T> {
    /// Bytes for stderr, whole lines.
    Said(Vec<u8>),
    /// The work of the profile at this place has ended.
    Done(usize, T),
}

/// Reports to the thread that prints.
#[derive(Debug)]
pub struct Reporter<T>(Sender<Event<T>>);

impl<T> Reporter<T> {
    /// Has bytes printed to stderr.
    pub fn say(&self, bytes: Vec<u8>) {
        // Nobody hears when the run has ended.
        let _ = self.0.send(Event::Said(bytes));
    }
}

impl<T> Clone for Reporter<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Does the work for so many at once and gives what is reported in the order it comes; ends when all
/// have ended, or `hear` fails.
pub fn each<T: Send + 'static, E: From<Failure>>(
    count: usize,
    work: impl Fn(usize, &Reporter<T>) -> T + Send + Sync + 'static,
    hear: &mut dyn FnMut(Event<T>) -> Result<(), E>,
) -> Result<(), E> {
    let (report, received) = mpsc::channel();
    let work = Arc::new(work);
    for at in 0..count {
        let reporter = Reporter(report.clone());
        let work = Arc::clone(&work);
        threads::start(move || {
            let done = work(at, &reporter);
            let _ = reporter.0.send(Event::Done(at, done));
        })?;
    }
    drop(report);
    for event in received {
        hear(event)?;
    }
    Ok(())
}
