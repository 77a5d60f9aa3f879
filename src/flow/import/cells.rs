//! Rows of CSV as JSON objects. Pure.
//!
//! All cells are text unless types are named or guessing was asked for: a postal code, a version
//! or a phone number that becomes a number is lost.

use serde::de::IgnoredAny;

use crate::error::Failure;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text, as it stands.
    Text,
    /// A number, as it is written.
    Number,
    /// `true` or `false`.
    Bool,
    /// Any JSON.
    Json,
    /// `true`, `false`, `null` and numbers whose spelling a server keeps, else text.
    Guess,
}

/// The types of columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Types {
    named: Vec<(String, ColumnType)>,
    guess: bool,
    /// The column that becomes the key, where it is named. A key is a text whatever it looks like.
    key: Option<String>,
}

impl Types {
    /// Reads `name=number,flag=bool`.
    pub fn parse(texts: &[String], guess: bool) -> Result<Self, Failure> {
        let mut named = Vec::new();
        for part in texts.iter().flat_map(|text| text.split(',')) {
            let (name, kind) = part
                .rsplit_once('=')
                .filter(|(name, _)| !name.is_empty())
                .ok_or_else(|| {
                    Failure::usage(format!("`{part}` does not name a column's type"))
                        .hint("write it as `--types age=number,active=bool`")
                })?;
            let kind = match kind {
                "text" | "string" => ColumnType::Text,
                "number" => ColumnType::Number,
                "bool" | "boolean" => ColumnType::Bool,
                "json" => ColumnType::Json,
                _ => {
                    return Err(Failure::usage(format!("`{kind}` is not a column type"))
                        .hint("types are text, number, bool and json"));
                }
            };
            named.push((name.to_owned(), kind));
        }
        Ok(Self {
            named,
            guess,
            key: None,
        })
    }

    /// Names the column that becomes the key; without one it is `_key`.
    #[must_use]
    pub fn with_key(mut self, name: Option<&str>) -> Self {
        self.key = name.map(str::to_owned);
        self
    }

    /// Returns the columns that must be there: those with a type of their own, and the named key.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let named = self.named.iter().map(|(name, _)| name.as_str());
        named.chain(self.key.as_deref())
    }

    /// Returns the type of a column.
    #[must_use]
    pub fn of(&self, name: &str) -> ColumnType {
        let guesses = self.guess && self.key.as_deref().unwrap_or("_key") != name;
        let other = if guesses {
            ColumnType::Guess
        } else {
            ColumnType::Text
        };
        self.named
            .iter()
            .find(|(n, _)| n == name)
            .map_or(other, |(_, kind)| *kind)
    }
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The name as JSON with the colon behind it, which each row has.
    key: Vec<u8>,
    kind: ColumnType,
}

impl Column {
    /// A column of a name and a type.
    #[must_use]
    pub fn new(name: &str, kind: ColumnType) -> Self {
        let mut key = Vec::new();
        write_string(name, &mut key);
        key.push(b':');
        Self {
            name: name.to_owned(),
            key,
            kind,
        }
    }
}

/// Writes the JSON of a cell. An empty cell of a type that has no empty value is `null`.
fn write_value(cell: &str, kind: ColumnType, json: &mut Vec<u8>) -> Result<(), String> {
    let trimmed = cell.trim();
    let written = match kind {
        ColumnType::Text => None,
        _ if trimmed.is_empty() && kind != ColumnType::Guess => Some("null"),
        ColumnType::Number if is_number(trimmed) => Some(trimmed),
        ColumnType::Number => return Err(format!("`{trimmed}` is not a number")),
        ColumnType::Bool if matches!(trimmed, "true" | "false") => Some(trimmed),
        ColumnType::Bool => return Err(format!("`{trimmed}` is neither `true` nor `false`")),
        ColumnType::Json if is_json(trimmed) => Some(trimmed),
        ColumnType::Json => return Err(format!("`{trimmed}` is not JSON")),
        ColumnType::Guess if matches!(cell, "true" | "false" | "null") => Some(cell),
        ColumnType::Guess => Some(cell).filter(|cell| is_plain_number(cell)),
    };
    match written {
        Some(written) => json.extend_from_slice(written.as_bytes()),
        None => write_string(cell, json),
    }
    Ok(())
}

fn write_string(text: &str, json: &mut Vec<u8>) {
    // Writing into memory does not fail.
    let _ = serde_json::to_writer(json, text);
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && is_json(text)
}

/// Returns whether a text is a number that every printer of doubles writes like this: no exponent, no
/// zeros that could be left out, no more digits than a double holds. Others are names, versions,
/// codes (`12e9`, `4e500`, `007`, `1.10`, `-0`), and lose that as numbers.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = match digits.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (digits, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && whole.len() + part.map_or(0, str::len) <= 15
        // Smaller ones are printed with an exponent.
        && part.is_none_or(|p| is_digits(p) && !p.ends_with('0') && !p.starts_with("0000"))
        && text != "-0"
}

/// Returns the object of a row.
pub fn object(columns: &[Column], cells: &csv::ByteRecord) -> Result<Vec<u8>, String> {
    if cells.len() != columns.len() {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        return Err(format!(
            "{} under {}",
            count(cells.len(), "cell"),
            count(columns.len(), "name")
        ));
    }
    let keys: usize = columns.iter().map(|column| column.key.len()).sum();
    let frames = "{}".len() + "\"\",".len() * columns.len();
    let mut json = Vec::with_capacity(keys + cells.as_slice().len() + frames);
    json.push(b'{');
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let cell = std::str::from_utf8(cell).map_err(|_| "not UTF-8".to_owned())?;
        if at > 0 {
            json.push(b',');
        }
        json.extend_from_slice(&column.key);
        let name = &column.name;
        write_value(cell, column.kind, &mut json).map_err(|e| format!("{name}: {e}"))?;
    }
    json.push(b'}');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_every_type() {
        for (cell, kind, want) in [
            ("007", ColumnType::Text, Some("\"007\"")),
            ("", ColumnType::Text, Some("\"\"")),
            ("a\"b", ColumnType::Text, Some("\"a\\\"b\"")),
            ("1.10", ColumnType::Number, Some("1.10")),
            (" 7 ", ColumnType::Number, Some("7")),
            ("", ColumnType::Number, Some("null")),
            ("007", ColumnType::Number, None),
            ("x", ColumnType::Number, None),
            ("true", ColumnType::Bool, Some("true")),
            ("yes", ColumnType::Bool, None),
            ("[1,{}]", ColumnType::Json, Some("[1,{}]")),
            ("[1", ColumnType::Json, None),
            ("12", ColumnType::Guess, Some("12")),
            ("-1e3", ColumnType::Guess, Some("\"-1e3\"")),
            ("12e9", ColumnType::Guess, Some("\"12e9\"")),
            ("4e500", ColumnType::Guess, Some("\"4e500\"")),
            ("1.10", ColumnType::Guess, Some("\"1.10\"")),
            ("1.0", ColumnType::Guess, Some("\"1.0\"")),
            ("-0", ColumnType::Guess, Some("\"-0\"")),
            ("0.00001", ColumnType::Guess, Some("\"0.00001\"")),
            ("1.", ColumnType::Guess, Some("\"1.\"")),
            (".5", ColumnType::Guess, Some("\".5\"")),
            ("-0.25", ColumnType::Guess, Some("-0.25")),
            ("0", ColumnType::Guess, Some("0")),
            ("-12.5", ColumnType::Guess, Some("-12.5")),
            ("null", ColumnType::Guess, Some("null")),
            ("007", ColumnType::Guess, Some("\"007\"")),
            ("", ColumnType::Guess, Some("\"\"")),
            (
                "12345678901234567890",
                ColumnType::Guess,
                Some("\"12345678901234567890\""),
            ),
        ] {
            let mut cells = csv::ByteRecord::new();
            cells.push_field(cell.as_bytes());
            let row = object(&[Column::new("a\"", kind)], &cells).ok();
            let want = want.map(|want| format!("{{\"a\\\"\":{want}}}").into_bytes());
            assert_eq!(row, want, "{cell} {kind:?}");
        }
    }

    #[test]
    fn types_are_read() {
        let types = Types::parse(&["a=number,b=c=bool".to_owned()], false).unwrap();
        assert_eq!(types.of("a"), ColumnType::Number);
        assert_eq!(types.of("b=c"), ColumnType::Bool);
        assert_eq!(types.of("x"), ColumnType::Text);
        for wrong in ["a", "=number", "a=date", ""] {
            assert!(Types::parse(&[wrong.to_owned()], false).is_err(), "{wrong}");
        }
    }
}
