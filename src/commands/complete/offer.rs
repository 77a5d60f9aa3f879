//! The only way out to a shell: which candidates are offered, and how.
//!
//! Descriptions come unsigned or from a cache, lists from a server, profiles from files that a
//! person wrote, and a shell runs what it takes for more than a word. So every candidate, whatever
//! its source, passes [`lines`]: plain words by a list of harmless characters, in a number that a
//! shell sorts at once, with texts that cannot control a terminal. Pure.

use std::fmt::Write as _;

use crate::service::complete::Candidate;

/// More are none to choose from; another letter makes them fewer.
const MOST: usize = 4000;

/// The longest word, in bytes.
const LONGEST_VALUE: usize = 200;

/// The longest text beside a word, in characters.
const LONGEST_HELP: usize = 100;

/// Returns the lines for the completion scripts: each `VALUE`, or `VALUE`, a tab and its text.
pub fn lines(candidates: &[Candidate], word: &str) -> String {
    let offered: Vec<&Candidate> = candidates
        .iter()
        .filter(|c| c.value.starts_with(word) && is_plain(&c.value))
        .take(MOST + 1)
        .collect();
    let mut text = String::new();
    if offered.len() > MOST {
        return text;
    }
    for candidate in offered {
        text.push_str(&candidate.value);
        let help = shown(&candidate.help);
        if !help.is_empty() {
            text.push('\t');
            text.push_str(&help);
        }
        text.push('\n');
    }
    text
}

/// Returns whether bash, zsh and fish take the word for itself, wherever it stands: nothing is
/// expanded, split or run, and it is no option.
fn is_plain(value: &str) -> bool {
    let is_harmless = |b: u8| b.is_ascii_alphanumeric() || b"/._:@,+-=%".contains(&b);
    !value.is_empty()
        && value.len() <= LONGEST_VALUE
        && value.bytes().all(is_harmless)
        // An option; a command of zsh's; a job of fish's.
        && !value.starts_with(['-', '=', '%'])
}

/// Returns a text as one line, with what would control a terminal or reorder its text as `\u{…}`.
fn shown(help: &str) -> String {
    let mut line = String::new();
    let mut left = LONGEST_HELP;
    for word in help.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if left == 0 {
                line.push('…');
                return line;
            }
            left -= 1;
            if is_controlling(c) {
                let _ = write!(line, "\\u{{{:x}}}", u32::from(c));
            } else {
                line.push(c);
            }
        }
    }
    line
}

/// Returns whether a character is a control character, or invisible and changes what is seen (its
/// category `Cf`, where it is not part of a script).
fn is_controlling(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(value: &str, help: &str) -> String {
        let candidate = Candidate {
            value: value.to_owned(),
            help: help.to_owned(),
        };
        lines(&[candidate], "")
    }

    #[test]
    fn plain_words_alone() {
        for value in [
            "deploy",
            "/machines/@node1/",
            "/subnets/@10.0.0.0/24/",
            "/scripts/a%20b",
            "hostname=",
            "content@",
            "data:=",
            "X-Header:",
            "52:54:00:aa:bb:cc",
            "lab,eu",
        ] {
            assert_eq!(offered(value, ""), format!("{value}\n"));
        }
        let long = "a".repeat(LONGEST_VALUE + 1);
        for value in [
            "",
            "deploy;touch${IFS}F;#",
            "$(touch F)",
            "`touch F`",
            "a b",
            "a\nb",
            "a\tb",
            "a'b",
            "a\"b",
            "a\\b",
            "a|b",
            "a&b",
            "a>b",
            "a*b",
            "a?b",
            "[ab]",
            "{a,b}",
            "~root",
            "x=~",
            "!x",
            "#x",
            "a^b",
            "-o",
            "--config=x",
            "=ls",
            "%1",
            "b\u{fc}ro",
            "a\u{202e}b",
            "a\0b",
            &long,
        ] {
            assert_eq!(offered(value, "help"), "", "{value:?}");
        }
    }

    #[test]
    fn texts_are_seen() {
        for (help, want) in [
            ("", "a\n"),
            ("two\n\twords ", "a\ttwo words\n"),
            ("\u{1b}[31mred", "a\t\\u{1b}[31mred\n"),
            ("a\u{202e}b\u{200f}c", "a\ta\\u{202e}b\\u{200f}c\n"),
            ("caf\u{e9} 100%", "a\tcaf\u{e9} 100%\n"),
        ] {
            assert_eq!(offered("a", help), want);
        }
        let long = offered("a", &"x".repeat(LONGEST_HELP + 1));
        assert_eq!(long, format!("a\t{}…\n", "x".repeat(LONGEST_HELP)));
    }

    #[test]
    fn too_many_are_none() {
        let mut all: Vec<Candidate> = (0..MOST)
            .map(|n| Candidate::new(format!("n{n}"), ""))
            .collect();
        assert_eq!(lines(&all, "").lines().count(), MOST);
        all.push(Candidate::new("x", ""));
        assert_eq!(lines(&all, ""), "");
        assert_eq!(lines(&all, "x"), "x\n");
    }
}
