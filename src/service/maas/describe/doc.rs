//! The text of an action: title, help, and the parameters that are described nowhere else.
//!
//! Two styles are in use. Regions response with the first; the second is the one of MAAS's source,
//! which passes through where a region does not render it:
//!
//! ```text
//! :param name: Required.  The name of the tag,        @param (string) "name" [required=true] The
//! continued, until its type follows.                  name of the tag, until the next `@`.
//! :type name: String                                  @success (json) "success" …
//! ```

mod styles;

use crate::service::operation::{Parameter, ParameterPlace};

use styles::{Described, of_annotations, of_fields};

/// A longer text is read to here, in bytes; the longest of a MAAS 3.8 has 14 KB.
const LONGEST: usize = 32 * 1024;

/// Further parameters are not looked at; the action of a MAAS 3.8 with the most has 43.
const MOST_PARAMETERS: usize = 500;

/// What the text of an action says.
#[derive(Debug, Default)]
pub struct Read {
    pub summary: String,
    pub help: String,
    pub parameters: Vec<Parameter>,
}

/// Reads a text. `path` are the names of what varies in the action's path.
pub fn read(doc: &str, path: &[String], method: &str) -> Read {
    let end = (0..=doc.len().min(LONGEST)).rfind(|at| doc.is_char_boundary(*at));
    let doc = cleaned(&doc[..end.unwrap_or_default()]);
    let mut raw = if doc.lines().any(|l| l.trim_start().starts_with('@')) {
        of_annotations(&doc)
    } else {
        of_fields(&doc)
    };
    raw.described.truncate(MOST_PARAMETERS);
    let (title, more) = title_and_rest(raw.text.trim_start());
    let (summary, rest) = first_sentence(&title);
    let help = [rest, more]
        .into_iter()
        .map(paragraphs)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    let summary = summary.trim_end_matches('.');
    // Many texts begin with their title again.
    let help = match help.strip_prefix(summary) {
        Some(rest) if rest.is_empty() || rest.trim_start_matches('.').starts_with("\n\n") => {
            rest.trim_start_matches('.').trim_start().to_owned()
        }
        Some(".") => String::new(),
        _ => help,
    };
    Read {
        summary: summary.to_owned(),
        help,
        parameters: parameters(raw.described, path, method),
    }
}

/// Splits title and text as the `maas` command line does: at the first blank line, the title's
/// lines joined (maascli's `parse_docstring`).
pub fn split(doc: &str) -> (String, String) {
    let doc = cleaned(doc);
    let (title, body) = title_and_rest(&doc);
    (title, body.to_owned())
}

fn title_and_rest(doc: &str) -> (String, &str) {
    let (title, body) = match doc.find("\n\n") {
        None => (doc, ""),
        Some(at) => (&doc[..at], doc[at..].trim_start_matches('\n')),
    };
    (
        title.lines().map(str::trim).collect::<Vec<_>>().join(" "),
        body,
    )
}

/// Takes indentation away as Python's `inspect.cleandoc` does; line ends become `\n`.
fn cleaned(doc: &str) -> String {
    let doc = doc
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "        ");
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut lines = doc.split('\n');
    let first = lines.next().unwrap_or_default();
    let margin = lines
        .clone()
        .filter(|line| !line.trim_start().is_empty())
        .map(indent)
        .min()
        .unwrap_or_default();
    let mut cleaned = first.trim_start().to_owned();
    for line in lines {
        cleaned.push('\n');
        cleaned.push_str(line.get(margin..).unwrap_or_default());
    }
    cleaned.trim_matches('\n').to_owned()
}

/// Splits a title of several sentences into a summary and some help.
fn first_sentence(title: &str) -> (&str, &str) {
    match title.find(". ") {
        Some(at) => (&title[..at], &title[at + 2..]),
        None => (title, ""),
    }
}

fn parameter(described: Described, place: ParameterPlace) -> Parameter {
    let help = paragraphs(&described.text);
    let place = if place == ParameterPlace::Body && is_file(&described.name, &help) {
        ParameterPlace::File
    } else {
        place
    };
    Parameter {
        default: described.default.or_else(|| default_in(&help)),
        required: place == ParameterPlace::Path || described.required == Some(true),
        kind: kind(&described.kind),
        name: described.name,
        place,
        help,
    }
}

/// Lists the parameters: those of the path first, then the described ones, each name once per
/// place.
fn parameters(described: Vec<Described>, path: &[String], method: &str) -> Vec<Parameter> {
    let in_body = !matches!(method, "GET" | "DELETE");
    let rest = if in_body {
        ParameterPlace::Body
    } else {
        ParameterPlace::Query
    };
    let mut parameters: Vec<Parameter> = path
        .iter()
        .map(|name| {
            let described = Described {
                name: name.clone(),
                ..Described::default()
            };
            parameter(described, ParameterPlace::Path)
        })
        .collect();
    for described in described.into_iter().filter(|d| !d.name.is_empty()) {
        let of_path = parameters
            .iter_mut()
            .find(|p| p.place == ParameterPlace::Path && p.name == described.name);
        // In a body the same name is another thing: a tag's new name, the id of a link.
        // But a `system_id` always names the object of the path.
        if let Some(of_path) = of_path
            && (!in_body || described.is_of_path || described.name == "system_id")
        {
            *of_path = parameter(described, ParameterPlace::Path);
            continue;
        }
        let other = parameter(described, rest);
        match parameters
            .iter_mut()
            .find(|p| p.place != ParameterPlace::Path && p.name == other.name)
        {
            Some(known) => merge(known, other),
            None => parameters.push(other),
        }
    }
    parameters
}

/// Joins two descriptions of one parameter, as for several kinds of interface.
fn merge(known: &mut Parameter, other: Parameter) {
    known.required &= other.required;
    if known.default != other.default {
        known.default = None;
    }
    if known.kind.is_empty() {
        known.kind = other.kind;
    }
    if !other.help.is_empty() {
        known.help.push_str("\n\n");
        known.help.push_str(&other.help);
    }
}

fn kind(written: &str) -> String {
    match written.trim().to_ascii_lowercase().as_str() {
        "unicode" | "str" => "string".to_owned(),
        other => other.to_owned(),
    }
}

/// Returns whether a field of a body is a file; only its text says so.
fn is_file(name: &str, help: &str) -> bool {
    help.contains("file upload") || (name == "file" && help.contains("application/octet-stream"))
}

/// Returns the one word behind `Default:` or `Defaults to`, where it is one.
fn default_in(help: &str) -> Option<String> {
    let first = help.split("\n\n").next()?;
    let lower = first.to_ascii_lowercase();
    let start = ["default: ", "defaults to "]
        .into_iter()
        .filter_map(|mark| Some(lower.find(mark)? + mark.len()))
        .min()?;
    let rest = &first[start..];
    let end = rest
        .char_indices()
        .find(|&(at, c)| {
            matches!(c, ')' | ',' | ';')
                || (c == '.' && !rest[at + 1..].starts_with(|c: char| c.is_alphanumeric()))
        })
        .map_or(rest.len(), |(at, _)| at);
    let value = rest[..end].trim_matches(|c| "`'\"".contains(c));
    (!value.is_empty() && !value.contains(char::is_whitespace)).then(|| value.to_owned())
}

/// Lines joined to paragraphs; what is indented or a list keeps its lines.
fn paragraphs(text: &str) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() {
            is_open = false;
            continue;
        }
        let begins = is_item(bare);
        match paragraphs.last_mut().filter(|_| is_open) {
            Some(last) => {
                last.push(if begins { '\n' } else { ' ' });
                last.push_str(bare);
            }
            None => paragraphs.push(bare.to_owned()),
        }
        is_open = true;
    }
    paragraphs.join("\n\n")
}

/// Returns whether a line begins an item of a list: `- x`, `:name: x`.
fn is_item(line: &str) -> bool {
    line.starts_with("- ")
        || line.starts_with("* ")
        || (line.starts_with(':') && line[1..].contains(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_parted_as_the_maas_command_line_does() {
        for (doc, title, body) in [
            ("One\n\nTwo\n  three\n", "One", "Two\n  three"),
            ("One\n  two\n\n\n three", "One two", "three"),
            ("", "", ""),
            ("\n  One\n\n  two\n\n ", "One", "two"),
            ("One\r\n\r\ntwo", "One", "two"),
        ] {
            assert_eq!(split(doc), (title.into(), body.into()), "{doc:?}");
        }
    }

    #[test]
    fn fields_become_parameters() {
        let doc = "Title. More of it\nhere\n\nHelp\nof it.\n\n- a\n- b\n\n:param a: Required.  First\nline, \
                   (Default: ``x-1``).\n\n- one\n- two\n:type a: Int\n\n :param b: Old style,\n    \
                   defaults to 1.5.\n\nAfter.\n:return: a thing\n  of lines\n:param c: Optional.  \
                   It has (default: to 60 minutes).";
        let read = read(doc, &[], "POST");
        assert_eq!(read.summary, "Title");
        assert_eq!(
            read.help,
            "More of it here\n\nHelp of it.\n\n- a\n- b\n\nAfter."
        );
        let reported: Vec<_> = read
            .parameters
            .iter()
            .map(|p| {
                (
                    &*p.name,
                    &*p.kind,
                    p.required,
                    p.default.as_deref(),
                    &*p.help,
                )
            })
            .collect();
        assert_eq!(
            reported,
            [
                (
                    "a",
                    "int",
                    true,
                    Some("x-1"),
                    "First line, (Default: ``x-1``).\n\n- one\n- two"
                ),
                ("b", "", false, Some("1.5"), "Old style, defaults to 1.5."),
                ("c", "", false, None, "It has (default: to 60 minutes)."),
            ]
        );
    }

    #[test]
    fn one_name_in_several_places() {
        let doc = "T\n\n:param id: Required.  Which.\n:type id: Int\n:param x: Optional.  A.\n\
                   :param x: Optional.  B.";
        let path = ["id".to_owned()];
        let places = |method| -> Vec<(String, ParameterPlace, String)> {
            read(doc, &path, method)
                .parameters
                .into_iter()
                .map(|p| (p.name, p.place, p.help))
                .collect()
        };
        let row = |name: &str, place, help: &str| (name.to_owned(), place, help.to_owned());
        assert_eq!(
            places("GET"),
            [
                row("id", ParameterPlace::Path, "Which."),
                row("x", ParameterPlace::Query, "A.\n\nB.")
            ]
        );
        assert_eq!(
            places("POST"),
            [
                row("id", ParameterPlace::Path, ""),
                row("id", ParameterPlace::Body, "Which."),
                row("x", ParameterPlace::Body, "A.\n\nB.")
            ]
        );
    }

    #[test]
    fn annotations_name_those_of_the_path() {
        let doc = "@description-title T\n@param (int) \"{id}\" [required=true] Which.\n\
                   @param (string) \"name\" [required=false] New name,\n  or none.\n\
                   @param-example \"name\" [x] not shown\n@success (json) \"x\" not shown";
        let path = ["id".to_owned(), "name".to_owned()];
        let reported: Vec<_> = read(doc, &path, "PUT")
            .parameters
            .into_iter()
            .map(|p| (p.name, p.place, p.required, p.help))
            .collect();
        let row = |name: &str, place, required, help: &str| {
            (name.to_owned(), place, required, help.to_owned())
        };
        assert_eq!(
            reported,
            [
                row("id", ParameterPlace::Path, true, "Which."),
                row("name", ParameterPlace::Path, true, ""),
                row("name", ParameterPlace::Body, false, "New name, or none."),
            ]
        );
    }

    #[test]
    fn nothing_in_a_text_can_stop_it() {
        for doc in [
            "@param",
            "@param (string \"x",
            "@param \"x\" [required",
            ":param",
            ":param :",
            ":type x: y",
            "\u{a0}\n\u{a0}é\n ü",
            ". ",
            "default: ",
        ] {
            let read = read(doc, &[], "GET");
            assert!(read.parameters.len() < 2, "{doc:?}: {read:?}");
        }
    }
}
