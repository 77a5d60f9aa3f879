//! The operations of Macrometa, from the catalog inside the binary.
//!
//! `catalog.txt` is made from the description of Macrometa's API by a test of this repository,
//! which also has our own line of help for each. It is read only when operations are asked for,
//! and no server is needed. A section `[GROUP]` holds a line per operation:
//!
//! ```text
//! METHOD PATH | HELP | PARAMETER…      `+METHOD` where only Macrometa's SDKs know it
//! ```
//!
//! A parameter is a sign for its place (`/` path, `?` query, `.` member of the body, `#` header,
//! `@` file, `*` the body itself), its name, `:TYPE` unless it is a string, `=DEFAULT`, and `!`
//! where it is required. Parameters of the path are strings and required unless they are listed.

use super::path::short;
use crate::service::operation::{Operation, Parameter, ParameterPlace, placeholder, segments};

const CATALOG: &str = include_str!("catalog.txt");

/// What is said of operations that the document lacks.
const UNDOCUMENTED: &str =
    "Macrometa's SDKs call it; the description of Macrometa's API does not name it.";

/// What is said of the fabric that a path begins with.
const FABRIC: &str = "the profile's, or that of `--fabric`, where the path is typed without \
                      `/_fabric/…/_api/`";

/// Returns all operations, by group.
#[must_use]
pub fn operations() -> Vec<Operation> {
    read(CATALOG)
}

/// Reads a catalog. Lines that begin with `#` are comments.
#[must_use]
pub fn read(text: &str) -> Vec<Operation> {
    let mut group = "";
    let mut operations = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            group = name;
        } else if !line.starts_with('#') {
            operations.extend(operation(line, group));
        }
    }
    operations
}

fn operation(line: &str, group: &str) -> Option<Operation> {
    let mut columns = line.split(" | ");
    let (method, path) = columns.next()?.split_once(' ')?;
    let summary = columns.next()?;
    let listed: Vec<Parameter> = columns
        .next()
        .unwrap_or_default()
        .split(' ')
        .filter_map(parameter)
        .collect();
    let (in_path, elsewhere): (Vec<_>, Vec<_>) = listed
        .into_iter()
        .partition(|p| p.place == ParameterPlace::Path);
    let mut parameters: Vec<Parameter> = segments(path)
        .filter_map(placeholder)
        .map(|name| {
            let kind = in_path
                .iter()
                .find(|p| p.name == name)
                .map_or("string", |p| &*p.kind);
            new_parameter(name, ParameterPlace::Path, kind)
        })
        .collect();
    if let Some(fabric) = parameters.first_mut().filter(|_| short(path) != path) {
        FABRIC.clone_into(&mut fabric.help);
    }
    parameters.extend(elsewhere);
    let is_documented = !method.starts_with('+');
    let is_open = path.starts_with("/_open/");
    let name = summary.split([' ', ';', ',']).next().unwrap_or_default();
    Some(Operation {
        method: method.trim_start_matches('+').to_owned(),
        path: path.to_owned(),
        op: None,
        name: name.to_lowercase(),
        group: group.to_owned(),
        summary: summary.to_owned(),
        help: if is_documented { "" } else { UNDOCUMENTED }.to_owned(),
        signed: !is_open,
        anonymous: is_open,
        parameters,
    })
}

fn parameter(text: &str) -> Option<Parameter> {
    let mut rest = text.chars();
    let place = match rest.next()? {
        '/' => ParameterPlace::Path,
        '?' => ParameterPlace::Query,
        '.' => ParameterPlace::Body,
        '#' => ParameterPlace::Header,
        '@' => ParameterPlace::File,
        '*' => ParameterPlace::Whole,
        _ => return None,
    };
    let rest = rest.as_str();
    let (rest, required) = match rest.strip_suffix('!') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (rest, default) = match rest.split_once('=') {
        Some((rest, default)) => (rest, Some(default.to_owned())),
        None => (rest, None),
    };
    let (name, kind) = rest.split_once(':').unwrap_or((rest, "string"));
    // A body that is one value has no name of its own.
    let name = if name.is_empty() { "body" } else { name };
    Some(Parameter {
        required,
        default,
        ..new_parameter(name, place, kind)
    })
}

fn new_parameter(name: &str, place: ParameterPlace, kind: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        place,
        kind: kind.to_owned(),
        required: true,
        default: None,
        help: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let all = read(
            "# about\n[streams]\n\
             POST /s/{stream}/{seconds} | Let it go, now | /seconds:integer ?global:boolean=true! .a #If-Match *:array!\n\
             +GET /_open/x | Read it\n",
        );
        assert_eq!(all.len(), 2);
        let (first, second) = (&all[0], &all[1]);
        assert_eq!((&*first.name, &*first.group), ("let", "streams"));
        assert_eq!((&*first.summary, &*first.help), ("Let it go, now", ""));
        let got: Vec<_> = first
            .parameters
            .iter()
            .map(|p| {
                (
                    &*p.name,
                    p.place,
                    &*p.kind,
                    p.required,
                    p.default.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            got,
            [
                ("stream", ParameterPlace::Path, "string", true, None),
                ("seconds", ParameterPlace::Path, "integer", true, None),
                (
                    "global",
                    ParameterPlace::Query,
                    "boolean",
                    true,
                    Some("true")
                ),
                ("a", ParameterPlace::Body, "string", false, None),
                ("If-Match", ParameterPlace::Header, "string", false, None),
                ("body", ParameterPlace::Whole, "array", true, None),
            ]
        );
        assert_eq!(
            (&*second.method, second.anonymous, second.signed),
            ("GET", true, false)
        );
        assert_eq!(second.help, UNDOCUMENTED);
    }

    #[test]
    fn no_operation_is_there_twice() {
        let all = operations();
        let documented = all.iter().filter(|o| o.help.is_empty()).count();
        assert_eq!(documented, 313);
        let mut calls: Vec<_> = all.iter().map(|o| (&o.method, &o.path)).collect();
        calls.sort();
        calls.dedup();
        assert_eq!(calls.len(), all.len());
    }
}
