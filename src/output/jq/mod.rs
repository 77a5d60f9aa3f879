//! `--jq`: filters in the language of jq, as jaq understands it.
//!
//! The only place that names jaq. [`Filter`] is a filter that was found to be right before anything
//! is sent; [`Filtered`] takes a response or its elements and gives the results to an output. Plain
//! filters (`plain`) pick what they need from the tokens; others get a value (`value`). Filters see
//! no files, and of the environment what is no secret (`library`). `caret` and `told` say what is
//! wrong with a filter, and what went wrong in it.

mod caret;
mod filtered;
mod library;
mod plain;
mod spread;
mod told;
mod truth;
pub mod value;

#[cfg(test)]
mod tests;

use std::cell::{OnceCell, RefCell};
use std::io;
use std::ops::Range;

use jaq_core::compile::Undefined;
use jaq_core::load::{Arena, Error, File, Loader, import, lex, parse};
use jaq_core::{Compiler, Ctx, Vars};
use jaq_json::{Map, Val};

use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::secret::is_sensitive_name;

use library::{Data, Kind};
use plain::Plain;

pub use filtered::{Filtered, Results};
pub use spread::Spread;

/// A filter that is right.
pub struct Filter {
    text: String,
    /// What `--arg` and `--argjson` gave.
    named: Vec<(String, Val)>,
    /// The variables of the environment that the filter may see.
    env: Vec<(String, String)>,
    /// The filter, where it only picks members.
    plain: Option<Plain>,
    /// What it does with each element, where it goes through a list and only picks members.
    of_elements: Option<Plain>,
    compiled: OnceCell<Compiled>,
}

struct Compiled {
    filter: jaq_core::Filter<Kind>,
    vars: Vars<Val>,
    env: Val,
}

/// Whether there is more to do after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The next value can come.
    GoOn,
    /// The filter has called `halt`.
    Halted,
}

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
        let filter = Self {
            text: text.to_owned(),
            named: named(args, json_args)?,
            env: env.texts().filter(|(name, _)| may_see(name)).collect(),
            plain: Plain::parse(text),
            of_elements: plain::of_elements(text),
            compiled: OnceCell::new(),
        };
        // The library is not read for a filter that does without.
        if filter.plain.is_none() && filter.of_elements.is_none() {
            filter.compiled().map_err(|e| e.of(flag))?;
        }
        Ok(filter)
    }

    /// Tells whether the filter goes through a list and only picks members: see [`Spread`].
    #[must_use]
    pub fn spreads(&self) -> bool {
        self.of_elements.is_some()
    }

    fn compiled(&self) -> Result<&Compiled, Failure> {
        if let Some(compiled) = self.compiled.get() {
            return Ok(compiled);
        }
        let new = self.build()?;
        Ok(self.compiled.get_or_init(|| new))
    }

    fn build(&self) -> Result<Compiled, Failure> {
        let text = self.text.as_str();
        let arena = Arena::default();
        let modules = Loader::new(library::definitions())
            .load(
                &arena,
                File {
                    code: text,
                    path: (),
                },
            )
            .map_err(|errors| wrong(text, errors.iter().map(|(_, e)| of_load(text, e))))?;
        import(&modules, |_| Err(String::new()))
            .map_err(|errors| wrong(text, errors.iter().map(|(_, e)| of_load(text, e))))?;
        let names: Vec<String> = ["ENV", "ARGS"]
            .into_iter()
            .chain(self.named.iter().map(|(name, _)| name.as_str()))
            .map(|name| format!("${name}"))
            .collect();
        let filter = Compiler::default()
            .with_funs(library::functions())
            .with_global_vars(names.iter().map(String::as_str))
            .compile(modules)
            .map_err(|errors| {
                let faults = errors.iter().flat_map(|(_, e)| e);
                wrong(
                    text,
                    faults.map(|(found, what)| undefined(text, found, what)),
                )
            })?;
        let object = |members: Vec<(String, Val)>| {
            let members = members.into_iter().map(|(k, v)| (Val::from(k), v));
            Val::obj(members.collect::<Map>())
        };
        let env = self.env.iter().cloned();
        let env = object(env.map(|(k, v)| (k, Val::from(v))).collect());
        let args = object(vec![
            ("positional".to_owned(), Val::Arr(Vec::new().into())),
            ("named".to_owned(), object(self.named.clone())),
        ]);
        let values = self.named.iter().map(|(_, value)| value.clone());
        let vars = Vars::new([env.clone(), args].into_iter().chain(values));
        Ok(Compiled { filter, vars, env })
    }

    /// Runs the filter on a value and gives each result. Fails where the filter does, or `each`.
    pub fn run(
        &self,
        input: Val,
        each: &mut dyn FnMut(&Val) -> io::Result<()>,
    ) -> anyhow::Result<Flow> {
        let compiled = self.compiled()?;
        let said = RefCell::default();
        let data = Data {
            lut: &compiled.filter.lut,
            env: &compiled.env,
            said: &said,
        };
        let context = Ctx::<Kind>::new(&data, compiled.vars.clone());
        for result in compiled.filter.id.run((context, input)) {
            let exception = match result {
                Ok(value) => {
                    each(&value)?;
                    continue;
                }
                Err(exception) => exception,
            };
            let exception = match exception.get_err() {
                Ok(error) => return Err(told::failure(error).into()),
                Err(exception) => exception,
            };
            return match exception.get_halt() {
                Ok(0) => Ok(Flow::Halted),
                Ok(code) => Err(halted(&said.borrow(), code).into()),
                Err(_) => Err(Failure::new(Exit::Other, "`break` without its label").into()),
            };
        }
        Ok(Flow::GoOn)
    }
}

fn halted(said: &str, code: i32) -> Failure {
    let text = said.trim_end();
    Failure::new(
        Exit::Other,
        match text {
            "" => format!("halted with {code}"),
            text => told::text(text),
        },
    )
}

/// Variables that are named like a secret are not for filters, whose results are printed.
fn may_see(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !is_sensitive_name(name)
        && !["key", "pass", "auth", "cookie"]
            .iter()
            .any(|w| lower.contains(w))
}

fn named(args: &[String], json_args: &[String]) -> Result<Vec<(String, Val)>, Failure> {
    let mut named: Vec<(String, Val)> = Vec::new();
    let texts = args.chunks_exact(2).map(|pair| ("--arg", pair));
    let json = json_args.chunks_exact(2).map(|pair| ("--argjson", pair));
    for (flag, pair) in texts.chain(json) {
        let (name, text) = (&pair[0], &pair[1]);
        let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && !name.is_empty();
        if !is_word {
            return Err(
                Failure::usage(format!("{flag}: `{name}` can not name a variable"))
                    .hint("letters, digits and `_`, as in `--arg pool lab --jq '.[] | select(.pool.name == $pool)'`"),
            );
        }
        if named.iter().any(|(n, _)| n == name) {
            return Err(Failure::usage(format!("{flag}: `{name}` is given twice")));
        }
        let value = if flag == "--arg" {
            Val::from(text.clone())
        } else {
            value::parse(text.as_bytes())
                .map_err(|e| Failure::usage(format!("{flag} {name}: not JSON: {e}")))?
                .ok_or_else(|| Failure::usage(format!("{flag} {name}: there is no JSON")))?
        };
        named.push((name.clone(), value));
    }
    Ok(named)
}

/// Something wrong with a filter: where, what, and what to do.
struct Wrong {
    at: Range<usize>,
    what: String,
    hint: Option<String>,
}

/// Makes a failure of the first thing that is wrong.
fn wrong(text: &str, faults: impl Iterator<Item = Wrong>) -> Failure {
    let Some(first) = faults.min_by_key(|w| w.at.start) else {
        return Failure::usage("the filter is wrong");
    };
    let (cause, place) = caret::message(&first.what, text, first.at);
    let failure = Failure::usage(cause).at(place);
    match first.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Where a part of the filter stands in it.
fn span(text: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let start = start.min(text.len());
    start..(start + part.len()).min(text.len())
}

fn of_load(text: &str, error: &Error<&str>) -> Wrong {
    let first = match error {
        Error::Lex(errors) => errors
            .iter()
            .map(|e| of_lexer(text, e))
            .min_by_key(|w| w.at.start),
        Error::Parse(errors) => errors
            .iter()
            .map(|e| of_parser(text, e))
            .min_by_key(|w| w.at.start),
        Error::Io(errors) => errors
            .iter()
            .map(|(path, _)| Wrong {
                at: span(text, path),
                what: "filters read no files".to_owned(),
                hint: None,
            })
            .next(),
    };
    first.unwrap_or(Wrong {
        at: 0..0,
        what: "the filter is wrong".to_owned(),
        hint: None,
    })
}

fn of_lexer(text: &str, (expected, found): &lex::Error<&str>) -> Wrong {
    let rest = span(text, found);
    let end = found.chars().next().map_or(0, char::len_utf8);
    let (at, what) = match expected {
        lex::Expect::Delim(open) => (span(text, open), format!("`{open}` is not closed")),
        expected => (
            rest.start..rest.start + end,
            format!(
                "expected {}, found {}",
                with_article(expected.as_str()),
                found_there(&found[..end])
            ),
        ),
    };
    Wrong {
        at,
        what,
        hint: None,
    }
}

fn of_parser(text: &str, (expected, found): &parse::Error<&str>) -> Wrong {
    let at = span(text, found);
    let short = found.chars().next().filter(|c| "([{\"".contains(*c));
    let shown = short.map_or_else(|| (*found).to_owned(), String::from);
    let expected = match expected {
        parse::Expect::Nothing => "the end".to_owned(),
        parse::Expect::Just(word) => format!("`{word}`"),
        expected => with_article(expected.as_str()),
    };
    Wrong {
        at: at.start..at.start + shown.len(),
        what: format!("expected {expected}, found {}", found_there(&shown)),
        hint: None,
    }
}

fn with_article(name: &str) -> String {
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

fn found_there(found: &str) -> String {
    match found {
        "" => "the end".to_owned(),
        found => format!("`{found}`"),
    }
}

fn undefined(text: &str, found: &str, what: &Undefined) -> Wrong {
    let mut hint = None;
    let what = match what {
        Undefined::Filter(0) => {
            hint = Some(format!("a member is `.{found}`, a text `\"{found}\"`"));
            format!("there is no function `{found}`")
        }
        Undefined::Filter(count) => format!(
            "there is no function `{found}` with {count} argument{}",
            if *count == 1 { "" } else { "s" }
        ),
        Undefined::Var => {
            let name = found.trim_start_matches('$');
            hint = Some(format!("`--arg {name} VALUE` makes one"));
            format!("there is no variable `{found}`")
        }
        other => format!("there is no {} `{found}`", other.as_str()),
    };
    Wrong {
        at: span(text, found),
        what,
        hint,
    }
}
