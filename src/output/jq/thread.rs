//! The thread of a filter, from inside: texts come in, results go out as such.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use super::fault::Fault;
use super::lang::Wrong;
use super::lang::term::Term;
use super::run::{Hooks, Machine, Program, Run, Stop, compile};
use super::running::Running;
use super::value::{Members, Text, Val, build, large};
use super::wording;
use crate::error::{Exit, Failure};
use crate::json::Lexer;

/// Kept free for what goes through values level by level.
const RESERVE: usize = 1 << 25;

/// Results are sent once there is so much of them.
const CHUNK: usize = 1 << 16;

/// Whether there is more to do after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The next value can come.
    GoOn,
    /// The filter has called `halt`.
    Halted,
}

/// What a filter needs besides its input.
#[derive(Clone, Debug)]
pub struct Setting {
    pub term: Term,
    /// The variables by name, as JSON texts.
    pub named: Vec<(String, String)>,
    /// The variables of the environment that the filter may see.
    pub env: Vec<(String, String)>,
}

/// Texts to run the filter on, each ended by a line end; the last may go on in the next job.
pub struct Job {
    pub text: Vec<u8>,
    /// Whether what came before is forgotten.
    pub is_start: bool,
}

/// What the thread sends.
pub enum Reply {
    /// Results, each on a line.
    Results(Vec<u8>),
    /// Something for stderr.
    Note(String),
    /// The job is done.
    Done(Result<Flow, Failure>),
}

/// The failure of a thread that has ended before its time.
pub fn ended() -> Failure {
    Failure::new(Exit::Other, "the filter's thread has ended")
}

/// What a thread is connected by.
pub struct Channels {
    pub jobs: Receiver<Job>,
    pub replies: SyncSender<Reply>,
    /// Says whether the filter is right.
    pub ready: SyncSender<Result<(), Wrong>>,
    pub running: Arc<Running>,
}

/// Compiles the filter, and runs it on what comes until nothing more does.
pub fn work(setting: &Setting, channels: Channels, stack: usize) {
    let names: Vec<String> = ["ENV", "ARGS"]
        .into_iter()
        .chain(setting.named.iter().map(|(name, _)| name.as_str()))
        .map(str::to_owned)
        .collect();
    let program = match compile(&setting.term, &names) {
        Ok(program) => program,
        Err(wrong) => {
            let _ = channels.ready.send(Err(wrong));
            return;
        }
    };
    let _ = channels.ready.send(Ok(()));
    let results = Results {
        lines: Rc::default(),
        replies: channels.replies,
    };
    let mut thread = Thread::new(setting, &program, (&results, &channels.running), stack);
    while let Ok(job) = channels.jobs.recv() {
        let ended = thread.job(&job);
        let sent = results.send().and_then(|()| {
            let done = Reply::Done(ended);
            results.replies.send(done).map_err(|_| Stop::Gone)
        });
        if sent.is_err() {
            return;
        }
    }
}

/// Results on their way, each on a line.
#[derive(Clone)]
struct Results {
    lines: Rc<RefCell<Vec<u8>>>,
    replies: SyncSender<Reply>,
}

impl Results {
    fn put(&self, line: &str) -> Run {
        let mut lines = self.lines.borrow_mut();
        lines.extend_from_slice(line.as_bytes());
        lines.push(b'\n');
        if lines.len() < CHUNK {
            return Ok(());
        }
        drop(lines);
        self.send()
    }

    fn send(&self) -> Run {
        let lines = self.lines.take();
        if lines.is_empty() {
            return Ok(());
        }
        let reply = Reply::Results(lines);
        self.replies.send(reply).map_err(|_| Stop::Gone)
    }

    /// Sends a note, after the results before it.
    fn note(&self, note: String) -> Run {
        self.send()?;
        let reply = Reply::Note(note);
        self.replies.send(reply).map_err(|_| Stop::Gone)
    }
}

/// What lives on the thread.
struct Thread<'p> {
    machine: Machine<'p>,
    globals: Vec<Val>,
    lexer: Lexer,
    builder: build::Builder,
    results: Results,
    running: Arc<Running>,
    /// Bytes of the value that comes.
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
    fn new(
        setting: &Setting,
        program: &'p Program,
        (results, running): (&Results, &Arc<Running>),
        stack: usize,
    ) -> Self {
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
        let notes = results.clone();
        let hooks = Hooks {
            note: Box::new(move |note| notes.note(note)),
            running: Arc::clone(running),
        };
        Self {
            machine: Machine::new(program, env, hooks, stack - RESERVE),
            globals,
            lexer: Lexer::new(),
            builder: build::Builder::default(),
            results: results.clone(),
            running: Arc::clone(running),
            read: 0,
        }
    }

    fn job(&mut self, job: &Job) -> Result<Flow, Failure> {
        if job.is_start {
            self.lexer = Lexer::new();
            self.builder = build::Builder::default();
        }
        let mut rest = &job.text[..];
        while let Some(at) = memchr::memchr(b'\n', rest) {
            let (line, behind) = (&rest[..at], &rest[at + 1..]);
            self.read += line.len();
            let lexer = &mut self.lexer;
            lexer.feed(line, &mut self.builder).map_err(of_lexer)?;
            std::mem::take(lexer)
                .finish(&mut self.builder)
                .map_err(of_lexer)?;
            rest = behind;
            if let Some(value) = self.builder.take()
                && self.value(value)? == Flow::Halted
            {
                return Ok(Flow::Halted);
            }
        }
        self.read += rest.len();
        self.lexer.feed(rest, &mut self.builder).map_err(of_lexer)?;
        Ok(Flow::GoOn)
    }

    fn value(&mut self, value: Val) -> Result<Flow, Failure> {
        // What a response is made of may be printed several times; what a filter makes of little not.
        let most = large::LONGEST_TEXT.max(std::mem::take(&mut self.read).saturating_mul(8));
        let results = &self.results;
        self.running.begin();
        let mut line = String::new();
        let ended = self.machine.run(&self.globals, value, &mut |result| {
            line.clear();
            if !result.print(&mut line, most) {
                return Err(
                    Fault::said(format!("a result is longer than {} MiB", most >> 20)).into(),
                );
            }
            results.put(&line)
        });
        self.running.end();
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

/// The failure of a text that cannot be made a value.
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
