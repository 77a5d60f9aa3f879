//! The thread that a filter runs on.
//!
//! Filters may call themselves as deep as they like, and need not end: they have a thread with a
//! large stack of its own, and whoever waits for it looks at the clock. Values never leave that
//! thread: JSON texts go in, each on a line, and results come out as such.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::lang::Wrong;
use super::running::Running;
use super::thread::{self, Channels, Flow, Job, Reply, Setting};
use super::value::large;
use crate::error::{Exit, Failure};
use crate::threads;

/// Stacks that are asked for, the largest first. Memory is taken only as it is used.
const STACKS: [usize; 3] = [1 << 30, 1 << 28, 1 << 26];

/// How often the memory of a filter that runs is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// A filter on its thread.
#[derive(Debug)]
pub struct Worker {
    jobs: SyncSender<Job>,
    replies: Receiver<Reply>,
    running: Arc<Running>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.running.stop();
    }
}

/// What takes what a filter gives.
pub trait Taker {
    /// Takes a result: compact JSON.
    fn result(&mut self, result: &[u8]) -> io::Result<()>;

    /// Takes a text that the filter wants on stderr, at once.
    fn note(&mut self, note: &str);
}

impl Worker {
    /// Starts the thread and compiles the filter on it.
    ///
    /// Fails where the filter is wrong, or where there can be no thread.
    pub fn start(setting: &Setting) -> Result<Self, Unstarted> {
        let mut failed = thread::ended();
        for stack in STACKS {
            let (jobs, receive) = sync_channel(1);
            let (report, replies) = sync_channel(4);
            let (ready, is_ready) = sync_channel(1);
            let setting = setting.clone();
            let running = Arc::<Running>::default();
            let theirs = Arc::clone(&running);
            let started = threads::with_stack(stack, move || {
                thread::work(
                    &setting,
                    Channels {
                        jobs: receive,
                        replies: report,
                        ready,
                        running: theirs,
                    },
                    stack,
                );
            });
            if let Err(failure) = started {
                failed = failure.of("the filter");
                continue;
            }
            return match is_ready.recv() {
                Ok(Ok(())) => Ok(Self {
                    jobs,
                    replies,
                    running,
                }),
                Ok(Err(wrong)) => Err(Unstarted::Wrong(wrong)),
                Err(_) => Err(Unstarted::Failed(thread::ended())),
            };
        }
        Err(Unstarted::Failed(failed))
    }

    /// Gives the filter texts, and takes what it gives until all of them are done.
    ///
    /// Fails where the taker does, and where the filter is past the deadline or takes too much memory:
    /// then it is stopped, and the worker is of no more use.
    pub fn run(
        &self,
        job: Job,
        deadline: Option<Instant>,
        taker: &mut dyn Taker,
    ) -> anyhow::Result<Result<Flow, Failure>> {
        self.jobs.send(job).map_err(|_| thread::ended())?;
        let mut memory = Memory::default();
        loop {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            match self.replies.recv_timeout(left.unwrap_or(LOOK).min(LOOK)) {
                Ok(Reply::Results(results)) => {
                    for result in results.split(|b| *b == b'\n').filter(|r| !r.is_empty()) {
                        taker.result(result)?;
                    }
                }
                Ok(Reply::Note(note)) => taker.note(&note),
                Ok(Reply::Done(ended)) => return Ok(ended),
                Err(RecvTimeoutError::Disconnected) => return Err(thread::ended().into()),
                Err(RecvTimeoutError::Timeout) if left.is_some_and(|left| left <= LOOK) => {
                    return Err(late().into());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.running.is_on() {
                memory.look()?;
            }
        }
    }
}

/// How the memory of the process grows while a filter runs.
#[derive(Default)]
struct Memory {
    before: Option<usize>,
    looked: Option<Instant>,
}

impl Memory {
    /// Fails where it has grown too much. Looks only now and then.
    fn look(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        if self.looked.is_some_and(|at| now - at < LOOK) {
            return Ok(());
        }
        self.looked = Some(now);
        // Where the system does not say, there is no limit but that of single values.
        let Some(stats) = memory_stats::memory_stats() else {
            return Ok(());
        };
        let before = *self.before.get_or_insert(stats.physical_mem);
        large::check_memory(before, stats.physical_mem)
            .map_err(|said| Failure::new(Exit::Other, said))
    }
}

fn late() -> Failure {
    Failure::new(
        Exit::TimedOut,
        "the filter has not ended within the limit of `--timeout`",
    )
}

/// Why a filter could not be started.
#[derive(Debug)]
pub enum Unstarted {
    Wrong(Wrong),
    Failed(Failure),
}
