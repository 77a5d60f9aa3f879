//! Splits a query into tokens and says where each begins, for the error messages.

use super::Refused;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A name or keyword; backquotes are gone.
    Name(String),
    /// A quoted string, decoded.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// `@name`, or `@@name` with its second `@`.
    Bind(String),
    /// Punctuation.
    Sign(&'static str),
    /// The end.
    End,
}

/// A token and the byte where it begins.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it begins.
    pub at: usize,
}

/// Longer signs come first.
const SIGNS: [&str; 27] = [
    "..", "==", "!=", "<>", "<=", ">=", "&&", "||", "=", "<", ">", "!", "+", "-", "*", "/", "%",
    "(", ")", "[", "]", "{", "}", ",", ":", ".", "?",
];

/// Splits a query.
pub fn split(text: &str) -> Result<Vec<Token>, Refused> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            tokens.push(Token {
                kind: Kind::End,
                at,
            });
            return Ok(tokens);
        };
        let (kind, length) = match first {
            '\'' | '"' | '`' => quoted(rest, first).ok_or_else(|| {
                unexpected(text, at, "unterminated quoted string (while parsing)")
            })?,
            '@' => {
                let second = usize::from(rest[1..].starts_with('@'));
                let name = name_length(&rest[1 + second..]);
                let length = 1 + second + name;
                (Kind::Bind(rest[1..length].to_owned()), length)
            }
            '0'..='9' => {
                let length = number_length(rest);
                (Kind::Number(rest[..length].to_owned()), length)
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                let length = name_length(rest);
                (Kind::Name(rest[..length].to_owned()), length)
            }
            other => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Kind::Sign(sign), sign.len()),
                None => {
                    let what = format!("unexpected character '{other}'");
                    return Err(unexpected(text, at, &what));
                }
            },
        };
        tokens.push(Token { kind, at });
        rest = &rest[length..];
    }
}

fn name_length(text: &str) -> usize {
    text.find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(text.len())
}

/// A point counts only before a digit: `1..3` is a range.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = bytes
            .get(length + 1 + sign)
            .map_or(0, |_| digits(length + 1 + sign));
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

fn quoted(text: &str, quote: char) -> Option<(Kind, usize)> {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.push(match letters.next()?.1 {
                'n' => '\n',
                't' => '\t',
                other => other,
            }),
            letter if letter == quote => {
                let kind = if quote == '`' {
                    Kind::Name(value)
                } else {
                    Kind::Text(value)
                };
                return Some((kind, at + 1));
            }
            letter => value.push(letter),
        }
    }
    None
}

/// The service's message for a place that it does not understand.
pub fn unexpected(text: &str, at: usize, what: &str) -> Refused {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    let mut near: String = text[at..].chars().take(32).collect();
    if near.len() < text[at..].len() {
        near.push_str("...");
    }
    let message =
        format!("syntax error, {what} near '{near}' at position {line}:{column} (while parsing)");
    Refused::new(400, 1501, message)
}
