//! The text of an action: title, help, and the parameters that are described nowhere else.
//!
//! Two styles are in use. Regions answer with the first; the second is the one of MAAS's source,
//! which passes through where a region does not render it:
//!
//! ```text
//! :param name: Required.  The name of the tag,        @param (string) "name" [required=true] The
//! continued, until its type follows.                  name of the tag, until the next `@`.
//! :type name: String                                  @success (json) "success" …
//! ```

use crate::service::operation::{Parameter, Place, placeholder};

/// What the text of an action says.
#[derive(Debug, Default)]
pub struct Read {
    pub summary: String,
    pub help: String,
    pub parameters: Vec<Parameter>,
}

/// Reads a text. `path` are the names of what varies in the action's path.
pub fn read(doc: &str, path: &[String], method: &str) -> Read {
    let doc = cleaned(doc);
    let raw = if doc.lines().any(|l| l.trim_start().starts_with('@')) {
        of_annotations(&doc)
    } else {
        of_fields(&doc)
    };
    let (title, more) = title_and_rest(raw.text.trim_start());
    let (summary, rest) = first_sentence(&title);
    let help = [rest, more]
        .into_iter()
        .map(paragraphs)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    Read {
        summary: summary.trim_end_matches('.').to_owned(),
        help,
        parameters: parameters(raw.described, path, method),
    }
}

/// Title and text as the `maas` command line parts them: at the first blank line, the title's
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

/// A title of several sentences is a summary and some help.
fn first_sentence(title: &str) -> (&str, &str) {
    match title.find(". ") {
        Some(at) => (&title[..at], &title[at + 2..]),
        None => (title, ""),
    }
}

/// A text with its parameters taken out.
#[derive(Default)]
struct Raw {
    text: String,
    described: Vec<Described>,
}

/// A parameter as it is described.
#[derive(Default)]
struct Described {
    name: String,
    kind: String,
    required: Option<bool>,
    default: Option<String>,
    /// Whether it is said to be one of the path.
    is_of_path: bool,
    text: String,
}

/// Where a line of the text belongs to.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Text,
    /// The description of the last parameter.
    Parameter,
    /// Something that is not shown: results, examples, errors.
    Nothing,
}

/// Reads the style with `:param x:`.
fn of_fields(doc: &str) -> Raw {
    let lines: Vec<&str> = doc.lines().collect();
    let mut raw = Raw::default();
    let mut at = At::Text;
    for (number, line) in lines.iter().enumerate() {
        match field(line) {
            Some(("param", name, text)) => {
                raw.described.push(Described {
                    name: name.to_owned(),
                    text: text.to_owned(),
                    ..Described::default()
                });
                at = At::Parameter;
            }
            Some(("type", name, text)) => {
                if let Some(last) = raw.described.iter_mut().rfind(|d| d.name == name) {
                    text.clone_into(&mut last.kind);
                }
                at = At::Text;
            }
            Some(_) => at = At::Nothing,
            None => {
                // Without a type behind it, a blank line ends a description.
                if line.trim().is_empty() && !has_type(&lines[number..]) {
                    at = At::Text;
                }
                match (at, raw.described.last_mut()) {
                    (At::Parameter, Some(last)) => push_line(&mut last.text, line),
                    (At::Text, _) => push_line(&mut raw.text, line),
                    _ => {}
                }
            }
        }
    }
    for described in &mut raw.described {
        described.read_marks();
    }
    raw
}

/// Tells whether a `:type` comes before the next `:param`.
fn has_type(lines: &[&str]) -> bool {
    lines
        .iter()
        .filter_map(|line| field(line))
        .find(|(kind, ..)| matches!(*kind, "param" | "type"))
        .is_some_and(|(kind, ..)| kind == "type")
}

/// `:param name: text` in its three parts. Only the words of field lists count: the names of
/// configuration items are written alike.
fn field(line: &str) -> Option<(&str, &str, &str)> {
    let (head, text) = line.trim_start().strip_prefix(':')?.split_once(':')?;
    let (kind, name) = head.split_once(' ').unwrap_or((head, ""));
    matches!(
        kind,
        "param" | "type" | "return" | "returns" | "rtype" | "raise" | "raises"
    )
    .then_some((kind, name.trim(), text.trim()))
}

/// Reads the style with `@param`.
fn of_annotations(doc: &str) -> Raw {
    let mut raw = Raw::default();
    let mut at = At::Text;
    for line in doc.lines() {
        let Some(annotation) = line.trim_start().strip_prefix('@') else {
            match (at, raw.described.last_mut()) {
                (At::Parameter, Some(last)) => push_line(&mut last.text, line),
                (At::Text, _) => push_line(&mut raw.text, line),
                _ => {}
            }
            continue;
        };
        let (word, text) = annotation
            .split_once(char::is_whitespace)
            .unwrap_or((annotation, ""));
        at = match word {
            "description-title" => {
                raw.text = format!("{text}\n\n{}", raw.text);
                At::Text
            }
            "description" => {
                push_line(&mut raw.text, text);
                At::Text
            }
            "param" => match annotated(text) {
                Some(described) => {
                    raw.described.push(described);
                    At::Parameter
                }
                None => At::Nothing,
            },
            _ => At::Nothing,
        };
    }
    raw
}

/// `(string) "name" [required=true,default=x] text`.
fn annotated(text: &str) -> Option<Described> {
    let mut described = Described::default();
    let mut rest = text.trim_start();
    if let Some((kind, more)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
        kind.clone_into(&mut described.kind);
        rest = more.trim_start();
    }
    let (name, more) = rest.strip_prefix('"')?.split_once('"')?;
    // Braces mark those of the path.
    let bare = placeholder(name);
    described.is_of_path = bare.is_some();
    bare.unwrap_or(name).clone_into(&mut described.name);
    rest = more.trim_start();
    if let Some((marks, more)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        for (mark, value) in marks.split(',').filter_map(|m| m.split_once('=')) {
            match mark.trim() {
                "required" => described.required = Some(value.trim() == "true"),
                "default" => described.default = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        rest = more.trim_start();
    }
    rest.clone_into(&mut described.text);
    Some(described)
}

impl Described {
    /// Takes `Required.` and `Optional.` off the text.
    fn read_marks(&mut self) {
        for (mark, required) in [("Required.", true), ("Optional.", false)] {
            if let Some(rest) = self.text.strip_prefix(mark) {
                self.required = Some(required);
                self.text = rest.trim_start().to_owned();
            }
        }
    }

    fn parameter(self, place: Place) -> Parameter {
        let help = paragraphs(&self.text);
        let place = if place == Place::Body && is_file(&self.name, &help) {
            Place::File
        } else {
            place
        };
        Parameter {
            default: self.default.or_else(|| default_in(&help)),
            required: place == Place::Path || self.required == Some(true),
            kind: kind(&self.kind),
            name: self.name,
            place,
            help,
        }
    }
}

/// Those of the path first, then the described ones, each name once in each place.
fn parameters(described: Vec<Described>, path: &[String], method: &str) -> Vec<Parameter> {
    let in_body = !matches!(method, "GET" | "DELETE");
    let rest = if in_body { Place::Body } else { Place::Query };
    let mut parameters: Vec<Parameter> = path
        .iter()
        .map(|name| {
            let described = Described {
                name: name.clone(),
                ..Described::default()
            };
            described.parameter(Place::Path)
        })
        .collect();
    for described in described.into_iter().filter(|d| !d.name.is_empty()) {
        let of_path = parameters
            .iter_mut()
            .find(|p| p.place == Place::Path && p.name == described.name);
        // In a body the same name is another thing: a tag's new name, the id of a link.
        // But a `system_id` always names the object of the path.
        if let Some(of_path) = of_path
            && (!in_body || described.is_of_path || described.name == "system_id")
        {
            *of_path = described.parameter(Place::Path);
            continue;
        }
        let parameter = described.parameter(rest);
        match parameters
            .iter_mut()
            .find(|p| p.place != Place::Path && p.name == parameter.name)
        {
            Some(known) => merge(known, parameter),
            None => parameters.push(parameter),
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
        known.help = format!("{}\n\n{}", known.help, other.help);
    }
}

fn kind(written: &str) -> String {
    match written.trim().to_ascii_lowercase().as_str() {
        "unicode" | "str" => "string".to_owned(),
        other => other.to_owned(),
    }
}

/// Tells whether a field of a body is a file; only its text says so.
fn is_file(name: &str, help: &str) -> bool {
    help.contains("file upload") || (name == "file" && help.contains("application/octet-stream"))
}

/// The one word behind `Default:` or `Defaults to`, where it is one.
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

fn push_line(text: &mut String, line: &str) {
    text.push('\n');
    text.push_str(line);
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

/// Tells whether a line begins an item of a list: `- x`, `:name: x`.
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
        let told: Vec<_> = read
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
            told,
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
        let places = |method| -> Vec<(String, Place, String)> {
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
                row("id", Place::Path, "Which."),
                row("x", Place::Query, "A.\n\nB.")
            ]
        );
        assert_eq!(
            places("POST"),
            [
                row("id", Place::Path, ""),
                row("id", Place::Body, "Which."),
                row("x", Place::Body, "A.\n\nB.")
            ]
        );
    }

    #[test]
    fn annotations_name_those_of_the_path() {
        let doc = "@description-title T\n@param (int) \"{id}\" [required=true] Which.\n\
                   @param (string) \"name\" [required=false] New name,\n  or none.\n\
                   @param-example \"name\" [x] not shown\n@success (json) \"x\" not shown";
        let path = ["id".to_owned(), "name".to_owned()];
        let told: Vec<_> = read(doc, &path, "PUT")
            .parameters
            .into_iter()
            .map(|p| (p.name, p.place, p.required, p.help))
            .collect();
        let row = |name: &str, place, required, help: &str| {
            (name.to_owned(), place, required, help.to_owned())
        };
        assert_eq!(
            told,
            [
                row("id", Place::Path, true, "Which."),
                row("name", Place::Path, true, ""),
                row("name", Place::Body, false, "New name, or none."),
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
