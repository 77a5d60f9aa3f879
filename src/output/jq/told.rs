//! What a filter that failed says, fit for one line.
//!
//! The language puts whole values into its messages. They may be long, and hold members that are
//! nobody's business: containers are shown as `[…]` and `{…}`, long texts cut.

use std::fmt::{self, Write as _};

use jaq_json::{Error, Val};

use crate::error::{Exit, Failure};

/// Strings in messages are cut to this many characters, and messages to four times that.
const LONGEST: usize = 60;

/// The failure of a filter that ended with an error.
pub fn failure(error: Error) -> Failure {
    let message = message(error);
    let is_name = message.contains(" with \"");
    let hint = if message.starts_with("cannot index […]") && is_name {
        Some("the value is a list: `.[]` goes through its elements")
    } else if message.starts_with("cannot use null as iterable") {
        Some("there is no such member: `.[]?` passes over it")
    } else {
        None
    };
    let failure = Failure::new(Exit::Other, message);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn message(error: Error) -> String {
    let mut start = Start(String::new());
    // Ends early, by an error: the rest is not looked at.
    let _ = write!(start, "{error}");
    let is_own = ["cannot ", "invalid path "]
        .iter()
        .any(|word| start.0.starts_with(word));
    let mut words = Words::default();
    if is_own {
        let _ = write!(words, "{error}");
        return words.done();
    }
    match error.into_val() {
        // What `error` was given is said as it is.
        Val::TStr(text) => self::text(&String::from_utf8_lossy(&text)),
        value => {
            let _ = write!(words, "{value}");
            words.done()
        }
    }
}

/// A text that a filter ends with, on one line and cut.
pub fn text(text: &str) -> String {
    let mut cut: String = text.chars().take(4 * LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut.replace('\n', " ")
}

/// Takes the first bytes only.
struct Start(String);

impl fmt::Write for Start {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        if self.0.len() > 16 {
            return Err(fmt::Error);
        }
        Ok(())
    }
}

/// Takes a message and leaves out what is inside containers, and the rest of long strings.
#[derive(Default)]
struct Words {
    text: String,
    /// Open containers.
    depth: usize,
    /// Whether the outermost of them has something inside.
    any: bool,
    in_string: bool,
    escaped: bool,
    /// Characters of the string so far.
    length: usize,
    /// Characters of the text so far.
    total: usize,
}

impl Words {
    fn done(self) -> String {
        self.text
    }

    fn push(&mut self, c: char) {
        self.total += 1;
        match self.total {
            n if n < 4 * LONGEST => self.text.push(if c == '\n' { ' ' } else { c }),
            n if n == 4 * LONGEST => self.text.push('…'),
            _ => {}
        }
    }

    fn take(&mut self, c: char) {
        let was_in_string = self.in_string;
        if self.in_string {
            self.in_string = self.escaped || c != '"';
            self.escaped = c == '\\' && !self.escaped;
        } else if c == '"' {
            self.in_string = true;
            self.length = 0;
        }
        if self.depth > 0 {
            if !was_in_string && !self.in_string {
                match c {
                    '[' | '{' => self.depth += 1,
                    ']' | '}' => self.depth -= 1,
                    _ => {}
                }
            }
            if self.depth > 0 {
                self.any = true;
                return;
            }
            if self.any {
                self.push('…');
            }
            return self.push(c);
        }
        if was_in_string && self.in_string {
            self.length += 1;
            match self.length {
                n if n <= LONGEST => self.push(c),
                n if n == LONGEST + 1 => self.push('…'),
                _ => {}
            }
            return;
        }
        if matches!(c, '[' | '{') {
            self.depth = 1;
            self.any = false;
        }
        self.push(c);
    }
}

impl fmt::Write for Words {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().for_each(|c| self.take(c));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shortened() {
        let long = "x".repeat(100);
        for (text, want) in [
            (
                "cannot index [1,{\"a\":\"]\"}] with \"b\"",
                "cannot index […] with \"b\"",
            ),
            ("cannot index [] with {}", "cannot index [] with {}"),
            ("cannot use \"a[\\\"{\" as x", "cannot use \"a[\\\"{\" as x"),
            (
                &format!("cannot use \"{long}\" as (y)"),
                &format!("cannot use \"{}…\" as (y)", "x".repeat(LONGEST)),
            ),
            ("{\"password\":\"p\"}", "{…}"),
        ] {
            let mut words = Words::default();
            // In pieces, as the language writes them.
            for c in text.chars() {
                words.write_char(c).unwrap();
            }
            assert_eq!(words.done(), want, "{text}");
        }
    }

    #[test]
    fn the_message_of_error_is_said_as_it_is() {
        for (value, want) in [
            (Val::from("no [x] here".to_owned()), "no [x] here"),
            (Val::from("two\nlines".to_owned()), "two lines"),
            (Val::Null, "null"),
            (Val::Arr(vec![Val::Null].into()), "[…]"),
        ] {
            assert_eq!(message(Error::new(value)), want);
        }
    }
}
