//! Formats operations as text: a line each, or a page.
//!
//! Pure; the terminal's width comes in as a number.

use crate::output::aligned;
use crate::service::macrometa::path::short;
use crate::service::operation::{Operation, Parameter, ParameterPlace};

/// As wide as help is, where nothing says how wide the output is.
const WIDTH: usize = 100;

/// Text is not set narrower than this.
const NARROWEST: usize = 30;

/// Returns a line for each: method, path as it is typed, op and summary. On a terminal a line is
/// cut to its width.
pub fn list<'a>(operations: impl Iterator<Item = &'a Operation>, width: Option<usize>) -> String {
    let rows: Vec<(String, &str)> = operations
        .map(|o| {
            let call = format!("{:<6} {}", o.method, target(o, short(&o.path)));
            (call, &*o.summary)
        })
        .collect();
    let longest = rows.iter().map(|(call, _)| chars(call)).max();
    // A few long paths must not push all summaries out of sight.
    let column = longest
        .unwrap_or_default()
        .min(width.map_or(usize::MAX, |w| w / 2));
    let mut text = String::new();
    for (call, summary) in rows {
        let line = format!("{call:<column$}  {summary}");
        text.push_str(&cut(line.trim_end(), width));
        text.push('\n');
    }
    text
}

/// Columns with headings.
pub fn table<'a>(operations: impl Iterator<Item = &'a Operation>) -> String {
    let mut rows = vec![["METHOD", "PATH", "OP", "SUMMARY"]];
    rows.extend(operations.map(|o| {
        [
            &*o.method,
            &*o.path,
            o.op.as_deref().unwrap_or_default(),
            &*o.summary,
        ]
    }));
    aligned(&rows)
}

/// Returns all that is known of one: call, text, parameters, example.
pub fn page(operation: &Operation, example: &str, width: Option<usize>) -> String {
    let width = width.unwrap_or(WIDTH).min(WIDTH);
    let mut text = format!(
        "{} {}\n",
        operation.method,
        target(operation, &operation.path)
    );
    set(&operation.summary, 2, width, &mut text);
    if !operation.help.is_empty() {
        text.push('\n');
        set(&operation.help, 2, width, &mut text);
    }
    match (operation.signed, operation.anonymous) {
        (true, true) => text.push_str("\n  Needs no key.\n"),
        (false, true) => text.push_str("\n  Only there for calls without a key.\n"),
        (_, false) => {}
    }
    if !operation.parameters.is_empty() {
        text.push_str("\nParameters:\n");
        for parameter in &operation.parameters {
            text.push_str(&format!("  {}\n", head(parameter, &operation.method)));
            set(&parameter.help, 6, width, &mut text);
        }
    }
    text.push_str(&format!("\nExample:\n  {example}\n"));
    text
}

/// Formats the arguments of a call: `/machines/{system_id}/ --op deploy`.
fn target(operation: &Operation, path: &str) -> String {
    match &operation.op {
        Some(op) => format!("{path} --op {op}"),
        None => path.to_owned(),
    }
}

/// Formats a parameter's first line: `size int, required`.
fn head(parameter: &Parameter, method: &str) -> String {
    let mut words = Vec::new();
    if !parameter.kind.is_empty() {
        words.push(parameter.kind.clone());
    }
    let place = match parameter.place {
        ParameterPlace::Path => "in the path",
        ParameterPlace::File => "a file",
        ParameterPlace::Header => "a header",
        ParameterPlace::Whole => "the complete body",
        // Where a plain `k=v` goes elsewhere.
        ParameterPlace::Query if sends_body(method) => "in the query",
        ParameterPlace::Body if !sends_body(method) => "in the body",
        ParameterPlace::Query | ParameterPlace::Body => "",
    };
    if !place.is_empty() {
        words.push(place.to_owned());
    }
    if parameter.required {
        words.push("required".to_owned());
    }
    if let Some(default) = &parameter.default {
        words.push(format!("default {default}"));
    }
    let words = words.join(", ");
    format!("{}  {words}", parameter.name).trim_end().to_owned()
}

fn sends_body(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

/// Sets paragraphs in lines of a width, indented. The double backticks of the description's
/// markup become single ones.
fn set(help: &str, indent: usize, width: usize, text: &mut String) {
    let help = help.replace("``", "`");
    let width = width.saturating_sub(indent).max(NARROWEST);
    for line in help.lines() {
        if line.is_empty() {
            text.push('\n');
            continue;
        }
        let mut column = 0;
        for word in line.split(' ').filter(|w| !w.is_empty()) {
            if column > 0 && column + 1 + chars(word) > width {
                text.push('\n');
                column = 0;
            }
            if column == 0 {
                text.push_str(&" ".repeat(indent));
            } else {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += chars(word);
        }
        text.push('\n');
    }
}

fn cut(line: &str, width: Option<usize>) -> String {
    match width {
        Some(width) if chars(line) > width => {
            let kept: String = line.chars().take(width.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
        _ => line.to_owned(),
    }
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(op: Option<&str>, parameters: Vec<Parameter>) -> Operation {
        Operation {
            method: "POST".to_owned(),
            path: "/machines/{id}/".to_owned(),
            op: op.map(str::to_owned),
            name: "x".to_owned(),
            group: "machine".to_owned(),
            summary: "Deploy a machine".to_owned(),
            help: "Installs ``it``.\n\n- one\n- two".to_owned(),
            signed: true,
            anonymous: true,
            parameters,
        }
    }

    #[test]
    fn lines_are_aligned_and_cut() {
        let all = [operation(Some("deploy"), vec![]), operation(None, vec![])];
        assert_eq!(
            list(all.iter(), None),
            "POST   /machines/{id}/ --op deploy  Deploy a machine\n\
             POST   /machines/{id}/              Deploy a machine\n"
        );
        assert_eq!(
            list(all.iter(), Some(40)),
            "POST   /machines/{id}/ --op deploy  Dep…\n\
             POST   /machines/{id}/  Deploy a machine\n"
        );
        assert_eq!(
            table(all.iter()),
            "METHOD  PATH             OP      SUMMARY\n\
             POST    /machines/{id}/  deploy  Deploy a machine\n\
             POST    /machines/{id}/          Deploy a machine\n"
        );
    }

    #[test]
    fn pages_show_all() {
        let size = Parameter {
            name: "size".to_owned(),
            place: ParameterPlace::Body,
            kind: "int".to_owned(),
            required: true,
            default: Some("4".to_owned()),
            help: "How large it is, in bytes or so.".to_owned(),
        };
        let bare = Parameter {
            name: "id".to_owned(),
            place: ParameterPlace::Body,
            kind: String::new(),
            required: false,
            default: None,
            help: String::new(),
        };
        let page = page(&operation(None, vec![size, bare]), "apicall …", Some(36));
        assert_eq!(
            page,
            "POST /machines/{id}/\n  Deploy a machine\n\n  Installs `it`.\n\n  - one\n  - two\n\n  \
             Needs no key.\n\nParameters:\n  size  int, required, default 4\n      How large it is, in \
             bytes or\n      so.\n  id\n\nExample:\n  apicall …\n"
        );
    }
}
