//! What filters can call: the functions of jq's manual.
//!
//! Functions of values are here, by theme: `strings`, `lists`, `numbers`, `formats`, `regex`,
//! `time`; what is shorter in the language itself is in [`DEFINITIONS`]. Functions of filters are
//! `run`'s. Nothing here reads files, the network or the environment.

mod calendar;
mod formats;
mod lists;
mod numbers;
mod regex;
mod strings;
mod time;

use super::run::{Form, Native};
use super::value::Val;

pub use formats::{format, is_known as is_format, named as named_format};
pub use lists::by_keys;

/// Functions in the language itself.
pub const DEFINITIONS: &str = include_str!("definitions.jq");

/// Functions of filters.
pub fn form(name: &str, count: usize) -> Option<Form> {
    Some(match (name, count) {
        ("empty" | "inputs", 0) => Form::Empty,
        ("error", 0 | 1) => Form::Error,
        ("path", 1) => Form::Path,
        ("getpath", 1) => Form::GetPath,
        ("recurse", 0 | 1) => Form::Recurse,
        ("first", 1) => Form::First,
        ("last", 1) => Form::Last,
        ("limit", 2) => Form::Limit,
        ("skip", 2) => Form::Skip,
        ("nth", 2) => Form::Nth,
        ("range", 1..=3) => Form::Range,
        ("until", 2) => Form::Until,
        ("while", 2) => Form::While,
        ("repeat", 1) => Form::Repeat,
        ("any", 0..=2) => Form::Any,
        ("all", 0..=2) => Form::All,
        ("isempty", 1) => Form::IsEmpty,
        ("add", 0 | 1) => Form::Add,
        ("sort_by", 1) => Form::SortBy,
        ("group_by", 1) => Form::GroupBy,
        ("unique_by", 1) => Form::UniqueBy,
        ("min_by", 1) => Form::MinBy,
        ("max_by", 1) => Form::MaxBy,
        ("input", 0) => Form::Input,
        ("debug", 0 | 1) => Form::Debug,
        ("stderr", 0) => Form::Stderr,
        ("halt", 0) => Form::Halt,
        ("halt_error", 0 | 1) => Form::HaltError,
        ("env", 0) => Form::Env,
        ("del", 1) => Form::Del,
        ("input_line_number", 0) => Form::LineNumber,
        _ => return None,
    })
}

/// Functions that always give the same.
pub fn constant(name: &str, count: usize) -> Option<Val> {
    if count > 0 {
        return None;
    }
    Some(match name {
        "null" | "input_filename" | "get_prog_origin" | "get_jq_origin" => Val::Null,
        "true" | "have_decnum" | "have_literal_numbers" => Val::Bool(true),
        "false" => Val::Bool(false),
        "nan" => Val::float(f64::NAN),
        "infinite" => Val::float(f64::INFINITY),
        "get_search_list" => Val::list(Vec::new()),
        "builtins" => Val::list(builtins()),
        _ => return None,
    })
}

/// Functions of values.
pub fn native(name: &str, count: usize) -> Option<Native> {
    strings::native(name, count)
        .or_else(|| lists::native(name, count))
        .or_else(|| numbers::native(name, count))
        .or_else(|| regex::native(name, count))
        .or_else(|| time::native(name, count))
        .or_else(|| (name == "format" && count == 1).then_some(formats::named as Native))
}

/// What `builtins` lists: names and the number of arguments.
const BUILTINS: &str = include_str!("builtins.txt");

fn builtins() -> Vec<Val> {
    BUILTINS.split_whitespace().map(Val::text).collect()
}
