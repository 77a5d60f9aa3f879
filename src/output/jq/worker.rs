//! The thread that a filter runs on.
//!
//! Filters may call themselves as deep as they like, and need not end: they have a thread with a
//! large stack of its own, and whoever waits for it looks at the clock. Values never leave that
//! thread: JSON texts go in, each on a line, and results come out as such.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Instant;

use super::fault::Fault;
use super::lang::Wrong;
use super::lang::term::Term;
use super::run::{Machine, Program, Stop, compile};
use super::value::{Members, Text, Val, build, large};
use super::wording;
use crate::error::{Exit, Failure};
use crate::json::Lexer;
use crate::threads;

/// Stacks that are asked for, the largest first. Memory is taken only as it is used.
const STACKS: [usize; 3] = [1 << 30, 1 << 28, 1 << 26];

/// Kept free for what goes through values level by level.
const RESERVE: usize = 1 << 25;

/// Results are reported once there is so much of them.
const CHUNK: usize = 1 << 16;

/// What a filter needs besides its input.
#[derive(Clone, Debug)]
pub struct Setting {
    pub term: Term,
    /// The variables by name, as JSON texts.
    pub named: Vec<(String, String)>,
    /// The variables of the environment that the filter may see.
    pub env: Vec<(String, String)>,
}

/// Whether there is more to do after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The next value can come.
    GoOn,
    /// The filter has called `halt`.
    Halted,
}

/// A filter on its thread.
#[derive(Debug)]
pub struct Worker {
    jobs: SyncSender<Job>,
    replies: Receiver<Reply>,
}

/// Texts to run the filter on, each ended by a line end; the last may go on in the next job.
struct Job {
    text: Vec<u8>,
    /// Whether what came before is forgotten.
    is_start: bool,
}

/// What the thread sends.
enum Reply {
    /// Results, each on a line.
    Results(Vec<u8>),
    /// Something for stderr.
    Notes(Vec<String>),
    /// The job is done.
    Done(Result<Flow, Failure>),
}

impl Worker {
    /// Starts the thread and compiles the filter on it.
    ///
    /// Fails where the filter is wrong, or where there can be no thread.
    pub fn start(setting: &Setting) -> Result<Self, Unstarted> {
        let mut failed = ended();
        for stack in STACKS {
            let (jobs, receive) = sync_channel(1);
            let (report, replies) = sync_channel(4);
            let (ready, is_ready) = sync_channel(1);
            let setting = setting.clone();
            let started = threads::with_stack(stack, move || {
                work(&setting, stack, (&receive, &report), &ready);
            });
            if let Err(failure) = started {
                failed = failure.of("the filter");
                continue;
            }
            return match is_ready.recv() {
                Ok(Ok(())) => Ok(Self { jobs, replies }),
                Ok(Err(wrong)) => Err(Unstarted::Wrong(wrong)),
                Err(_) => Err(Unstarted::Failed(ended())),
            };
        }
        Err(Unstarted::Failed(failed))
    }

    /// Gives the filter texts, and takes what it sends until all of them are done.
    ///
    /// Fails where the filter does, where `each` does, and where it is past the deadline.
    pub fn run(
        &self,
        text: Vec<u8>,
        is_start: bool,
        deadline: Option<Instant>,
        each: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> anyhow::Result<Ran> {
        let mut notes = Vec::new();
        self.jobs
            .send(Job { text, is_start })
            .map_err(|_| ended())?;
        loop {
            let reply = match deadline {
                None => self.replies.recv().map_err(|_| ended())?,
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    match self.replies.recv_timeout(left) {
                        Ok(reply) => reply,
                        Err(RecvTimeoutError::Disconnected) => return Err(ended().into()),
                        Err(RecvTimeoutError::Timeout) => return Err(late().into()),
                    }
                }
            };
            match reply {
                Reply::Results(results) => {
                    for result in results.split(|b| *b == b'\n').filter(|r| !r.is_empty()) {
                        each(result)?;
                    }
                }
                Reply::Notes(new) => notes.extend(new),
                Reply::Done(ended) => return Ok(Ran { ended, notes }),
            }
        }
    }
}

/// How a run ended, and what was said on the way.
#[derive(Debug)]
pub struct Ran {
    pub ended: Result<Flow, Failure>,
    pub notes: Vec<String>,
}

fn ended() -> Failure {
    Failure::new(Exit::Other, "the filter's thread has ended")
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

fn work(
    setting: &Setting,
    stack: usize,
    (jobs, report): (&Receiver<Job>, &SyncSender<Reply>),
    ready: &SyncSender<Result<(), Wrong>>,
) {
    let names: Vec<String> = ["ENV", "ARGS"]
        .into_iter()
        .chain(setting.named.iter().map(|(name, _)| name.as_str()))
        .map(str::to_owned)
        .collect();
    let program = match compile(&setting.term, &names) {
        Ok(program) => program,
        Err(wrong) => {
            let _ = ready.send(Err(wrong));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    let mut thread = Thread::new(setting, &program, stack);
    while let Ok(job) = jobs.recv() {
        let ended = thread.job(&job, report);
        let notes = thread.machine.notes.take();
        let rest = std::mem::take(&mut thread.results);
        let sent = report
            .send(Reply::Results(rest))
            .and_then(|()| report.send(Reply::Notes(notes)))
            .and_then(|()| report.send(Reply::Done(ended)));
        if sent.is_err() {
            return;
        }
    }
}

/// What lives on the thread.
struct Thread<'p> {
    machine: Machine<'p>,
    globals: Vec<Val>,
    lexer: Lexer,
    builder: build::Builder,
    results: Vec<u8>,
    /// Bytes of the values that came.
    read: usize,
}

fn object(members: impl Iterator<Item = (String, Val)>) -> Val {
    Val::object(
        members
            .map(|(k, v)| (Text::from(k), v))
            .collect::<Members>(),
    )
}

impl<'p> Thread<'p> {
    fn new(setting: &Setting, program: &'p Program, stack: usize) -> Self {
        let env = setting.env.iter().cloned();
        let env = object(env.map(|(name, value)| (name, Val::text(value))));
        let value = |text: &str| build::parse(text.as_bytes()).ok().flatten();
        let named = setting.named.iter();
        let named: Vec<(String, Val)> = named
            .map(|(name, text)| (name.clone(), value(text).unwrap_or(Val::Null)))
            .collect();
        let args = object(
            [
                ("positional".to_owned(), Val::list(Vec::new())),
                ("named".to_owned(), object(named.iter().cloned())),
            ]
            .into_iter(),
        );
        let mut globals = vec![env.clone(), args];
        globals.extend(named.into_iter().map(|(_, value)| value));
        Self {
            machine: Machine::new(program, env, stack - RESERVE),
            globals,
            lexer: Lexer::new(),
            builder: build::Builder::default(),
            results: Vec::new(),
            read: 0,
        }
    }

    fn job(&mut self, job: &Job, report: &SyncSender<Reply>) -> Result<Flow, Failure> {
        if job.is_start {
            self.lexer = Lexer::new();
            self.builder = build::Builder::default();
        }
        self.read = self.read.saturating_add(job.text.len());
        let mut rest = &job.text[..];
        while let Some(at) = memchr::memchr(b'\n', rest) {
            let (line, behind) = (&rest[..at], &rest[at + 1..]);
            let lexer = &mut self.lexer;
            lexer.feed(line, &mut self.builder).map_err(of_lexer)?;
            std::mem::take(lexer)
                .finish(&mut self.builder)
                .map_err(of_lexer)?;
            rest = behind;
            if let Some(value) = self.builder.take()
                && self.value(value, report)? == Flow::Halted
            {
                return Ok(Flow::Halted);
            }
        }
        self.lexer.feed(rest, &mut self.builder).map_err(of_lexer)?;
        Ok(Flow::GoOn)
    }

    fn value(&mut self, value: Val, report: &SyncSender<Reply>) -> Result<Flow, Failure> {
        // What a response is made of may be printed several times; what a filter makes of little not.
        let most = large::LONGEST_TEXT.max(self.read.saturating_mul(8));
        let results = &mut self.results;
        let mut line = String::new();
        let ended = self.machine.run(&self.globals, value, &mut |result| {
            line.clear();
            if !result.print(&mut line, most) {
                return Err(Fault::said("a result is too long").into());
            }
            results.extend_from_slice(line.as_bytes());
            results.push(b'\n');
            if results.len() >= CHUNK {
                let full = std::mem::take(results);
                report.send(Reply::Results(full)).map_err(|_| Stop::Gone)?;
            }
            Ok(())
        });
        let wrong = |message: String| Failure::new(Exit::Other, message);
        match ended {
            Ok(()) => Ok(Flow::GoOn),
            Err(Stop::Halt(0, _)) => Ok(Flow::Halted),
            Err(Stop::Halt(code, said)) => Err(wrong(match said.trim_end() {
                "" => format!("halted with {code}"),
                said => wording::text(said),
            })),
            Err(Stop::Fault(fault)) => {
                let (message, hint) = wording::message(&fault);
                let failure = wrong(message);
                Err(match hint {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                })
            }
            Err(Stop::TooDeep) => Err(wrong("its functions call each other too deep".to_owned())),
            Err(Stop::Break(_)) => Err(wrong("`break` without its label".to_owned())),
            Err(Stop::Gone) => Err(self::ended()),
        }
    }
}

/// The failure of a text that can not be made a value.
fn of_lexer(error: crate::json::Error) -> Failure {
    match error {
        crate::json::Error::Fault(fault) => Failure::new(
            Exit::Other,
            format!("the response is not valid JSON: {fault}"),
        ),
        crate::json::Error::Sink(error) => match error.downcast::<Failure>() {
            Ok(failure) => failure,
            Err(error) => Failure::new(Exit::Other, error.to_string()),
        },
    }
}
