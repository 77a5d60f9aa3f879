//! `--jq`: filters in jq's language, as jq 1.8 has it.
//!
//! The only place that knows that language. `lang` reads it, `run` runs it, `library` has its
//! functions, `value` its values. [`Filter`] is a filter that was found to be right before anything
//! is sent; it runs on a thread of its own (`worker`). [`Filtered`] takes a response or its elements
//! and gives the results to an output; plain filters (`plain`) pick what they need from the tokens.
//! Filters see no files, and of the environment what is no secret. `caret` and `reported` say what is
//! wrong with a filter, and what went wrong in it.

mod caret;
mod fault;
mod filtered;
mod lang;
mod library;
mod plain;
mod results;
mod run;
mod running;
mod spread;
mod thread;
mod truth;
mod value;
mod wording;
mod worker;

#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::io;
use std::time::{Duration, Instant};

use crate::env::Env;
use crate::error::Failure;
use crate::output::bounded::Bounded;
use crate::secret::is_sensitive_name;

use lang::Wrong;
use plain::Plain;
use thread::{Job, Setting};
use worker::{Taker, Unstarted, Worker};

pub use filtered::Filtered;
pub use results::Results;
pub use spread::Spread;
pub use thread::Flow;

/// A filter that is right.
pub struct Filter {
    text: String,
    setting: Setting,
    /// The filter, where it only picks members.
    plain: Option<Plain>,
    /// What it does with each element, where it goes through a list and only picks members.
    of_elements: Option<Plain>,
    /// Its thread, once there is one, while it is of use.
    worker: RefCell<Option<Worker>>,
    limit: Cell<Option<Duration>>,
    aside: RefCell<Aside>,
}

/// Takes what a filter wants on stderr.
type Aside = Box<dyn FnMut(&str)>;

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Filter").field(&self.text).finish()
    }
}

impl Filter {
    /// Compiles the filter of a flag. `args` and `json_args` are names and values, one after the
    /// other.
    ///
    /// Fails where it is wrong, or where a name or JSON is, with a usage failure.
    pub fn compile(
        flag: &str,
        text: &str,
        args: &[String],
        json_args: &[String],
        env: &Env,
    ) -> Result<Self, Failure> {
        let named = named(args, json_args)?;
        let term = lang::parse(text).map_err(|wrong| refused(text, wrong).of(flag))?;
        let filter = Self {
            text: text.to_owned(),
            plain: Plain::of(&term),
            of_elements: plain::of_elements(&term),
            setting: Setting {
                term,
                named,
                env: env.texts().filter(|(name, _)| may_see(name)).collect(),
            },
            worker: RefCell::default(),
            limit: Cell::new(None),
            aside: RefCell::new(Box::new(|_| ())),
        };
        // No thread is made for a filter that does without.
        if filter.plain.is_none() && filter.of_elements.is_none() {
            let worker = filter.worker().map_err(|e| e.of(flag))?;
            filter.worker.replace(Some(worker));
        }
        Ok(filter)
    }

    /// Sets how long a run may take on what it was given, before it fails with a timeout.
    pub fn end_within(&self, limit: Option<Duration>) {
        self.limit.set(limit);
    }

    /// Returns whether the filter goes through a list and only picks members: see [`Spread`].
    #[must_use]
    pub fn spreads(&self) -> bool {
        self.of_elements.is_some()
    }

    /// Sets what takes the texts of `debug` and `stderr`, at once.
    pub fn speak_to(&self, aside: impl FnMut(&str) + 'static) {
        *self.aside.borrow_mut() = Box::new(aside);
    }

    /// Takes the filter's thread, or makes one.
    fn worker(&self) -> Result<Worker, Failure> {
        if let Some(worker) = self.worker.take() {
            return Ok(worker);
        }
        Worker::start(&self.setting).map_err(|error| match error {
            Unstarted::Wrong(wrong) => refused(&self.text, wrong),
            Unstarted::Failed(failure) => failure,
        })
    }

    /// Runs the filter on texts, each ended by a line end, and gives each result as compact JSON.
    /// `is_start` forgets a text that was begun before.
    fn feed(
        &self,
        text: Vec<u8>,
        is_start: bool,
        each: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> anyhow::Result<Flow> {
        let deadline = self
            .limit
            .get()
            .and_then(|limit| Instant::now().checked_add(limit));
        let worker = self.worker()?;
        let mut taker = Taken {
            each,
            aside: &self.aside,
        };
        let ended = worker.run(Job { text, is_start }, deadline, &mut taker)?;
        // One that was stopped is not used again.
        self.worker.replace(Some(worker));
        Ok(ended?)
    }

    /// Runs the filter on one JSON text and gives each result as compact JSON.
    ///
    /// Fails where the text is not JSON, where the filter does, or `each`.
    pub fn run(
        &self,
        text: &[u8],
        each: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> anyhow::Result<Flow> {
        let tokens = crate::json::Text::default();
        let mut tokens = Bounded::new(tokens, "the value that is filtered").of_memory(true);
        value::build::replay(text, &mut tokens)?;
        let mut text = tokens.into_inner().0;
        text.push(b'\n');
        self.feed(text, true, each)
    }
}

/// Where results go, and what is said beside them.
struct Taken<'a> {
    each: &'a mut dyn FnMut(&[u8]) -> io::Result<()>,
    aside: &'a RefCell<Aside>,
}

impl Taker for Taken<'_> {
    fn result(&mut self, result: &[u8]) -> io::Result<()> {
        (self.each)(result)
    }

    fn note(&mut self, note: &str) {
        (self.aside.borrow_mut())(note);
    }
}

/// Variables that are named like a secret are not for filters, whose results are printed.
fn may_see(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !is_sensitive_name(name)
        && !["key", "pass", "auth", "cookie"]
            .iter()
            .any(|w| lower.contains(w))
}

fn named(args: &[String], json_args: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let mut named: Vec<(String, String)> = Vec::new();
    let texts = args.chunks_exact(2).map(|pair| ("--arg", pair));
    let json = json_args.chunks_exact(2).map(|pair| ("--argjson", pair));
    for (flag, pair) in texts.chain(json) {
        let (name, text) = (&pair[0], &pair[1]);
        let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && !name.is_empty();
        if !is_word {
            return Err(
                Failure::usage(format!("{flag}: `{name}` cannot name a variable"))
                    .hint("letters, digits and `_`, as in `--arg pool lab --jq '.[] | select(.pool.name == $pool)'`"),
            );
        }
        if named.iter().any(|(n, _)| n == name) {
            return Err(Failure::usage(format!("{flag}: `{name}` is given twice")));
        }
        let value = if flag == "--arg" {
            let mut quoted = String::new();
            value::text::quote(text, &mut quoted);
            quoted
        } else {
            value::build::parse(text.as_bytes())
                .map_err(|e| Failure::usage(format!("{flag} {name}: not JSON: {e}")))?
                .ok_or_else(|| Failure::usage(format!("{flag} {name}: there is not JSON")))?;
            text.clone()
        };
        named.push((name.clone(), value));
    }
    Ok(named)
}

/// The failure of a filter that is wrong, with the place shown.
fn refused(text: &str, wrong: Wrong) -> Failure {
    let (cause, place) = caret::message(&wrong.what, text, wrong.at);
    let failure = Failure::usage(cause).at(place);
    match wrong.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
