//! Reads the two styles in which parameters are described, out of the text around them.
//!
//! `:param name: text`, and `(string) "name" […] text`. Pure.

use crate::service::operation::placeholder;

/// A text with its parameters taken out.
#[derive(Default)]
pub struct Raw {
    pub text: String,
    pub described: Vec<Described>,
}

/// A parameter as it is described.
#[derive(Default)]
pub struct Described {
    pub name: String,
    pub kind: String,
    pub required: Option<bool>,
    pub default: Option<String>,
    /// Whether it is said to be one of the path.
    pub is_of_path: bool,
    pub text: String,
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
pub fn of_fields(doc: &str) -> Raw {
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

/// How far the type of a parameter may be from a blank line of its text.
const MOST_LINES: usize = 200;

/// Returns whether a `:type` comes before the next `:param`.
fn has_type(lines: &[&str]) -> bool {
    lines
        .iter()
        .take(MOST_LINES)
        .filter_map(|line| field(line))
        .find(|(kind, ..)| matches!(*kind, "param" | "type"))
        .is_some_and(|(kind, ..)| kind == "type")
}

/// Splits `:param name: text` into its three parts. Only the words of field lists count: the names
/// of configuration items are written alike.
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
pub fn of_annotations(doc: &str) -> Raw {
    let mut raw = Raw::default();
    let mut titles = Vec::new();
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
                titles.push(text);
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
    if !titles.is_empty() {
        titles.reverse();
        raw.text = format!("{}\n\n{}", titles.join("\n\n"), raw.text);
    }
    raw
}

/// Reads `(string) "name" [required=true,default=x] text`.
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
}

fn push_line(text: &mut String, line: &str) {
    text.push('\n');
    text.push_str(line);
}
