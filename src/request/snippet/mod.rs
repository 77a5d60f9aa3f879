//! A plan as a program in another language, for `--as`.
//!
//! [`Outline`] says what every program has to do, with no secret in it: what `--dry-run` would mask
//! comes from variables of the environment. Each language is a file that writes an outline down;
//! `values` holds the pieces of a program and the variables
//! in it, `shell` what `curl` and `httpie` share. Pure: text out, nothing sent, no key read.

mod curl;
mod fish;
mod httpie;
mod javascript;
mod json;
mod outline;
mod python;
mod ruby;
mod shell;
mod values;

use crate::error::Failure;

use outline::Header;
pub use outline::Outline;
use values::Piece;

/// What a program is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// POSIX shell with curl 7.76 or newer.
    Curl,
    /// POSIX shell with HTTPie 3 or newer.
    Httpie,
    /// fish with curl.
    Fish,
    /// Python 3, its standard library only.
    Python,
    /// Ruby, its standard library only.
    Ruby,
    /// JavaScript for Node 18 or newer, without packages.
    Javascript,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Curl,
        Self::Httpie,
        Self::Fish,
        Self::Python,
        Self::Ruby,
        Self::Javascript,
    ];

    /// Returns the word that `--as` takes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Httpie => "httpie",
            Self::Fish => "fish",
            Self::Python => "python",
            Self::Ruby => "ruby",
            Self::Javascript => "javascript",
        }
    }
}

/// Writes the program. Fails with a usage failure where the language has no way to say it.
pub fn program(language: Language, outline: &Outline<'_>) -> Result<String, Failure> {
    match language {
        Language::Curl => curl::program(outline),
        Language::Httpie => httpie::program(outline),
        Language::Fish => fish::program(outline),
        Language::Python => python::program(outline),
        Language::Ruby => ruby::program(outline),
        Language::Javascript => javascript::program(outline),
    }
}

/// Returns whether a character is written as an escape: it cannot be seen, or reorders what can.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes a text as a literal of one line between two quotes. What is special gets a backslash,
/// what is hidden is written by its code.
fn quoted_in(text: &str, quote: char, special: &[char], hidden: impl Fn(u32) -> String) -> String {
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            c if special.contains(&c) => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => out.push_str(&hidden(u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Returns the lines that describe a program, as comments. The first is not the user's: Python and
/// Ruby read an encoding out of the first two lines of a file.
fn comments(outline: &Outline<'_>, language: Language, mark: &str) -> String {
    let needs = match language {
        Language::Curl | Language::Fish => "; needs curl 7.76 or newer",
        Language::Httpie => "; needs HTTPie 3 or newer",
        Language::Javascript => "; needs Node 18 or newer",
        Language::Python | Language::Ruby => "",
    };
    let made = format!("Made by `apicall --as {}`{needs}.", language.as_str());
    let lines: Vec<String> = std::iter::once(made)
        .chain(outline.about())
        .map(|line| format!("{mark} {line}\n"))
        .collect();
    lines.concat()
}

/// Seconds as a number without needless zeros.
fn seconds(time: std::time::Duration) -> String {
    time.as_secs_f64().to_string()
}

/// Refuses to write a program that would trust more than the profile does.
fn refuse_pin(outline: &Outline<'_>, library: &str) -> Result<(), Failure> {
    if outline.tls.pin.is_none() {
        return Ok(());
    }
    Err(Failure::usage(format!("{library} cannot look at a `pin`"))
        .hint("`--as curl` and `--as fish` can; `--ca-file` goes before the profile's pin"))
}

/// Returns the values of each header's name, in the order of the first.
fn grouped(headers: &[Header]) -> Vec<(&str, Vec<&[Piece]>)> {
    let mut groups: Vec<(&str, Vec<&[Piece]>)> = Vec::new();
    for (name, value) in headers {
        match groups
            .iter_mut()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    groups
}

/// Returns whether a value is known to be ASCII; a variable may hold anything.
fn is_ascii(value: &[Piece]) -> bool {
    value.iter().all(|piece| match piece {
        Piece::Text(text) => text.is_ascii(),
        piece => *piece == Piece::Boundary,
    })
}
