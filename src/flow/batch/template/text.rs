//! A text with places for members of a row: how it is read, and how it is filled. Pure.

use crate::error::Failure;
use crate::request::url::encode_segment;

use super::members::Members;

/// The length of most members.
const MEMBER: usize = 24;

/// A text with places for members of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    /// The number of a name in the template's list.
    Member(usize),
}

/// How a member is written into a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As it is.
    Plain,
    /// Percent-encoded as one segment of a path.
    Segment,
    /// As JSON.
    Json,
}

impl Text {
    /// Reads `a{name}b`; `{{` and `}}` are braces.
    pub fn parse(typed: &str, names: &mut Vec<String>) -> Result<Self, Failure> {
        const BRACES: &str = "`{name}` is a member of the row; `{{` and `}}` are braces";
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = typed;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let behind = &rest[at + 1..];
            if let Some(behind) = behind.strip_prefix(brace)
                // `{{}` can only be a brace and an end that is missing.
                && !(brace == "{" && behind.starts_with('}') && !behind.starts_with("}}"))
            {
                literal.push_str(brace);
                rest = behind;
                continue;
            }
            let end = behind.find('}').filter(|_| brace == "{");
            let Some(end) = end else {
                return Err(Failure::usage(format!("a `{brace}` has no other half")).hint(BRACES));
            };
            let name = &behind[..end];
            if name.contains(['{', '"']) || name.trim() != name {
                return Err(
                    Failure::usage(format!("`{{{name}}}` is not a field name")).hint(BRACES)
                );
            }
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            let known = names.iter().position(|known| known == name);
            pieces.push(Piece::Member(known.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            })));
            rest = &behind[end + 1..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self(pieces))
    }

    /// Whether a character stands in what was typed.
    #[must_use]
    pub fn has_literal(&self, searched: char) -> bool {
        let has = |piece: &Piece| match piece {
            Piece::Literal(literal) => literal.contains(searched),
            Piece::Member(_) => false,
        };
        self.0.iter().any(has)
    }

    /// Puts the members of a row into their places.
    pub fn fill(&self, manner: Manner, members: &Members<'_>) -> Result<String, Failure> {
        let mut text = String::with_capacity(self.room());
        let mut in_string = false;
        for piece in &self.0 {
            let number = match piece {
                Piece::Literal(literal) => {
                    in_string = manner == Manner::Json && ends_in_string(literal, in_string);
                    text.push_str(literal);
                    continue;
                }
                Piece::Member(number) => *number,
            };
            match manner {
                Manner::Plain => text.push_str(&members.text(number)?),
                Manner::Segment => text.push_str(&encode_segment(&members.text(number)?)),
                Manner::Json if in_string => {
                    let quoted = serde_json::Value::from(&*members.text(number)?).to_string();
                    text.push_str(&quoted[1..quoted.len() - 1]);
                }
                Manner::Json => text.push_str(&members.json(number)?),
            }
        }
        Ok(text)
    }

    /// How long a filled text is, as a rule.
    fn room(&self) -> usize {
        let length = |piece: &Piece| match piece {
            Piece::Literal(literal) => literal.len(),
            Piece::Member(_) => MEMBER,
        };
        self.0.iter().map(length).sum()
    }
}

/// Returns whether JSON ends inside a string, where it began inside one or not.
fn ends_in_string(json: &str, mut inside: bool) -> bool {
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => inside = !inside,
            b'\\' if inside => drop(bytes.next()),
            _ => {}
        }
    }
    inside
}
