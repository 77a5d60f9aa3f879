//! From the text of a filter to tokens.

use std::ops::Range;

use super::{DEEPEST, Wrong};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub at: Range<usize>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `.name`
    Field(String),
    /// A name or a keyword.
    Word(String),
    /// `$name`
    Var(String),
    /// `@name`
    Format(String),
    Number(String),
    Text(Vec<Piece>),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Tokens(Vec<Token>),
}

/// Longer ones first.
const SIGNS: [&str; 34] = [
    "?//", "//=", "..", "==", "!=", "<=", ">=", "|=", "+=", "-=", "*=", "/=", "%=", "//", ".", "[",
    "]", "(", ")", "{", "}", "|", ",", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%", "?",
];

/// Reads all tokens of a filter.
pub fn tokens(text: &str) -> Result<Vec<Token>, Wrong> {
    let mut lexer = Lexer { text, at: 0 };
    lexer.until(None, 0)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take_while(&mut self, is: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let end = rest.find(|c| !is(c)).unwrap_or(rest.len());
        let taken = rest[..end].to_owned();
        self.at += end;
        taken
    }

    /// Reads tokens up to the end, or up to the parenthesis that ends `\(`.
    fn until(&mut self, opened: Option<usize>, depth: usize) -> Result<Vec<Token>, Wrong> {
        if depth > DEEPEST {
            return Err(Wrong::new(self.at..self.at + 1, "too much is nested here"));
        }
        let mut tokens = Vec::new();
        // What is open, and where.
        let mut open: Vec<(&'static str, usize)> = Vec::new();
        loop {
            self.blanks();
            let start = self.at;
            let Some(c) = self.peek() else {
                return match (open.last(), opened) {
                    (Some((sign, at)), _) => Err(unclosed(sign, *at)),
                    (None, Some(at)) => Err(unclosed("(", at)),
                    (None, None) => Ok(tokens),
                };
            };
            if opened.is_some() && open.is_empty() && c == ')' {
                self.at += 1;
                return Ok(tokens);
            }
            let kind = self.token(c, depth)?;
            if let Kind::Sign(sign) = kind {
                match sign {
                    "(" | "[" | "{" => {
                        open.push((sign, start));
                        if open.len() > DEEPEST {
                            return Err(Wrong::new(start..self.at, "too much is nested here"));
                        }
                    }
                    ")" | "]" | "}" => match open.pop() {
                        Some(("(", _)) if sign == ")" => {}
                        Some(("[", _)) if sign == "]" => {}
                        Some(("{", _)) if sign == "}" => {}
                        // It closes something further out: this one was forgotten.
                        Some((other, at)) => return Err(unclosed(other, at)),
                        None => return Err(unexpected(c, start)),
                    },
                    _ => {}
                }
            }
            tokens.push(Token {
                kind,
                at: start..self.at,
            });
        }
    }

    /// Passes over blanks and comments; a comment goes on behind a line that ends with `\`.
    fn blanks(&mut self) {
        loop {
            self.take_while(|c| c.is_ascii_whitespace());
            if self.peek() != Some('#') {
                return;
            }
            loop {
                let line = self.take_while(|c| c != '\n');
                let line = line.strip_suffix('\r').unwrap_or(&line);
                let slashes = line.bytes().rev().take_while(|b| *b == b'\\').count();
                if slashes % 2 == 0 || self.at == self.text.len() {
                    break;
                }
                self.at += 1;
            }
        }
    }

    fn token(&mut self, c: char, depth: usize) -> Result<Kind, Wrong> {
        let start = self.at;
        let next = self.rest().chars().nth(1);
        match c {
            '"' => return self.string(depth),
            '.' if next.is_some_and(is_word_start) => {
                self.at += 1;
                return Ok(Kind::Field(self.take_while(is_word)));
            }
            '0'..='9' => return Ok(Kind::Number(self.number())),
            '.' if next.is_some_and(|c| c.is_ascii_digit()) => {
                return Ok(Kind::Number(self.number()));
            }
            '$' if next.is_some_and(is_word_start) => {
                self.at += 1;
                return Ok(Kind::Var(self.name()));
            }
            '@' if next.is_some_and(is_word) => {
                self.at += 1;
                return Ok(Kind::Format(self.take_while(is_word)));
            }
            '$' | '@' => {
                return Err(Wrong::new(
                    start..start + 1,
                    format!("expected a name behind `{c}`"),
                ));
            }
            c if is_word_start(c) => return Ok(Kind::Word(self.name())),
            _ => {}
        }
        for sign in SIGNS {
            if self.rest().starts_with(sign) {
                self.at += sign.len();
                return Ok(Kind::Sign(sign));
            }
        }
        Err(unexpected(c, start))
    }

    /// A name, of a module or not.
    fn name(&mut self) -> String {
        let mut name = self.take_while(is_word);
        while let Some(rest) = self.rest().strip_prefix("::")
            && rest.starts_with(is_word_start)
        {
            self.at += 2;
            name.push_str("::");
            name.push_str(&self.take_while(is_word));
        }
        name
    }

    fn number(&mut self) -> String {
        let mut number = self.take_while(|c| c.is_ascii_digit());
        if self.peek() == Some('.') {
            self.at += 1;
            number.push('.');
            number.push_str(&self.take_while(|c| c.is_ascii_digit()));
        }
        let mut exponent = self.rest().chars();
        if matches!(exponent.next(), Some('e' | 'E')) {
            let sign = exponent.next().filter(|c| "+-".contains(*c));
            let first = if sign.is_some() {
                exponent.next()
            } else {
                self.rest().chars().nth(1)
            };
            if first.is_some_and(|c| c.is_ascii_digit()) {
                let length = 1 + usize::from(sign.is_some());
                number.push_str(&self.rest()[..length]);
                self.at += length;
                number.push_str(&self.take_while(|c| c.is_ascii_digit()));
            }
        }
        number
    }

    fn string(&mut self, depth: usize) -> Result<Kind, Wrong> {
        let start = self.at;
        self.at += 1;
        let mut pieces = Vec::new();
        let mut text = String::new();
        loop {
            text.push_str(&self.take_while(|c| c != '"' && c != '\\'));
            match self.peek() {
                None => return Err(unclosed("\"", start)),
                Some('"') => {
                    self.at += 1;
                    if !text.is_empty() {
                        pieces.push(Piece::Text(text));
                    }
                    return Ok(Kind::Text(pieces));
                }
                Some(_) => {}
            }
            let escape = self.at;
            self.at += 1;
            let c = self.peek();
            self.at += c.map_or(0, char::len_utf8);
            match c {
                Some(c @ ('"' | '\\' | '/')) => text.push(c),
                Some('b') => text.push('\u{8}'),
                Some('f') => text.push('\u{c}'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('u') => text.push(self.unicode(escape)?),
                Some('(') => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(Piece::Tokens(self.until(Some(escape + 1), depth + 1)?));
                }
                _ => {
                    return Err(Wrong::new(
                        escape..self.at,
                        "expected one of `\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u \\(`",
                    ));
                }
            }
        }
    }

    fn hex(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4)?;
        let unit = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let unit = unit.then(|| u16::from_str_radix(digits, 16).ok())??;
        self.at += 4;
        Some(unit)
    }

    /// The character of `\uXXXX`, or of two of them.
    fn unicode(&mut self, escape: usize) -> Result<char, Wrong> {
        let mut units = vec![self.hex()];
        if matches!(units[0], Some(0xD800..0xDC00)) && self.rest().starts_with("\\u") {
            self.at += 2;
            units.push(self.hex());
        }
        let units: Option<Vec<u16>> = units.into_iter().collect();
        let mut chars = char::decode_utf16(units.unwrap_or_else(|| vec![0xD800]));
        match chars.next() {
            Some(Ok(c)) => Ok(c),
            _ => Err(Wrong::new(
                escape..self.at,
                "expected four hexadecimal digits, of a character or of a pair of surrogates",
            )),
        }
    }
}

fn unclosed(sign: &str, at: usize) -> Wrong {
    Wrong::new(at..at + 1, format!("`{sign}` is not closed"))
}

fn unexpected(c: char, at: usize) -> Wrong {
    Wrong::new(
        at..at + c.len_utf8(),
        format!("nothing begins with `{c}` here"),
    )
}
