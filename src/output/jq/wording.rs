//! What a filter that failed says, fit for one line.
//!
//! jq puts values into its messages. They may be long, and hold members that are nobody's
//! business: containers are shown as `[…]` and `{…}`, long texts cut.

use super::fault::{Fault, Word};
use super::value::{Val, text::quote};

/// Texts in messages are cut to this many characters, and messages to four times that.
const LONGEST: usize = 60;

/// The words for people, and a hint where there is one.
pub fn message(fault: &Fault) -> (String, Option<&'static str>) {
    let words = match fault {
        // What `error` was given is said as it is.
        Fault::Given(Val::Text(text)) => return (self::text(text), None),
        Fault::Given(value) => return (shown(value), None),
        Fault::Said(words) => words,
    };
    let mut message = String::new();
    for word in words.iter() {
        match word {
            Word::Text(text) => message.push_str(text),
            Word::Value(value) => message.push_str(&shown(value)),
            Word::Aside(text) => message.push_str(text),
        }
    }
    if message == "break" {
        return ("there is no further input".to_owned(), None);
    }
    let hint = if message.starts_with("Cannot index array with string") {
        Some("the value is a list: `.[]` goes through its elements")
    } else if message.starts_with("Cannot iterate over null") {
        Some("there is no such member: `.[]?` skips it")
    } else {
        None
    };
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    (
        text(&first.into_iter().chain(chars).collect::<String>()),
        hint,
    )
}

/// A text that a filter ends with, on one line and cut.
pub fn text(text: &str) -> String {
    let mut cut: String = text.chars().take(4 * LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut.replace('\n', " ")
}

/// A value without what is nobody's business.
fn shown(value: &Val) -> String {
    match value {
        Val::List(list) if !list.items.is_empty() => "[…]".to_owned(),
        Val::Object(object) if !object.members.is_empty() => "{…}".to_owned(),
        Val::Text(text) => {
            let mut short: String = text.chars().take(LONGEST).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            let mut out = String::new();
            quote(&short, &mut out);
            out
        }
        other => other.begun(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shortened() {
        let long = "x".repeat(100);
        let list = Val::list(vec![Val::text("secret")]);
        for (fault, want) in [
            (
                Fault::pair(list.clone(), Val::text("b"), "cannot be added"),
                "array ([…]) and string (\"b\") cannot be added",
            ),
            (
                Fault::about(Val::list(Vec::new()), "is it"),
                "array ([]) is it",
            ),
            (
                Fault::of(["Bad ".into(), Val::text("a[\"{").into()]),
                "bad \"a[\\\"{\"",
            ),
            (
                Fault::about(Val::text(long.as_str()), "is it"),
                &format!("string (\"{}…\") is it", "x".repeat(LONGEST)),
            ),
            (Fault::Given(Val::text("no [x]\nhere")), "no [x] here"),
            (Fault::Given(Val::Null), "null"),
            (Fault::Given(list), "[…]"),
        ] {
            assert_eq!(message(&fault).0, want);
        }
    }
}
