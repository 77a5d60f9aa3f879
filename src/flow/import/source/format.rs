//! The formats of documents, known by a file's name or by the first bytes.
//!
//! Pure: names and bytes in, formats out.

use std::path::{Path, PathBuf};

use crate::json::{Ignored, Lexer, Text};

/// How documents are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON objects one after another, each on a line or over several.
    Ndjson,
    /// A JSON array, or the response of a call that holds one.
    Json,
    /// Comma-separated values under a line of names.
    Csv,
    /// Tab-separated values under a line of names.
    Tsv,
    /// A string on each line: no documents, but rows of a batch.
    Lines,
}

impl Format {
    /// Returns the name, as flags and journals have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Lines => "lines",
        }
    }

    /// Returns whether documents are rows of cells.
    #[must_use]
    pub fn is_table(self) -> bool {
        match self {
            Self::Csv | Self::Tsv => true,
            Self::Ndjson | Self::Json | Self::Lines => false,
        }
    }
}

/// Reads a separator: one ASCII character, or `\t`.
pub fn separator(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" | b"tab" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0) => Ok(*byte),
        _ => Err("one character is needed, e.g. `;` or `\\t`".to_owned()),
    }
}

/// Returns the format by a file's name, where the name is unambiguous: `.json` is used for both
/// kinds.
pub fn of_name(path: &Path) -> Option<Format> {
    match end_of(path)?.as_str() {
        "csv" => Some(Format::Csv),
        "tsv" | "tab" => Some(Format::Tsv),
        "ndjson" | "jsonl" => Some(Format::Ndjson),
        _ => None,
    }
}

/// Returns what a name ends in, in lower case and before a `.gz`.
#[must_use]
pub fn end_of(path: &Path) -> Option<String> {
    let mut name = PathBuf::from(path.file_name()?.to_ascii_lowercase());
    if name.extension().is_some_and(|e| e == "gz") {
        name.set_extension("");
    }
    Some(name.extension()?.to_str()?.to_owned())
}

/// Returns whether a name says that a file is packed.
#[must_use]
pub fn is_packed_name(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("gz"))
}

/// Returns whether a name says that a file is JSON, of whatever form.
pub fn is_json_name(path: &Path) -> bool {
    end_of(path).is_some_and(|end| end == "json")
}

/// Returns the format by the first bytes; `None` where they are none of a document or of a table.
pub fn of_start(start: &[u8], is_json: bool) -> Option<Format> {
    let text = start.trim_ascii_start();
    match text.first() {
        None => return Some(Format::Ndjson),
        Some(b'[') => return Some(Format::Json),
        Some(b'{') => {
            let is_list = is_response(text);
            return Some(if is_list {
                Format::Json
            } else {
                Format::Ndjson
            });
        }
        Some(_) => {}
    }
    // A first line that is no document stands among documents, or names the columns of rows.
    let mut lines = text.split(|b| *b == b'\n');
    let names = lines.next().unwrap_or_default();
    if lines.any(is_object) {
        Some(Format::Ndjson)
    } else if is_json || text.first() == Some(&b'<') {
        None
    } else if names.contains(&b'\t') {
        Some(Format::Tsv)
    } else {
        Some(Format::Csv)
    }
}

/// Returns whether a line is one JSON object.
fn is_object(line: &[u8]) -> bool {
    let mut lexer = Lexer::new();
    let line = line.trim_ascii();
    line.first() == Some(&b'{')
        && lexer.feed(line, &mut Ignored).is_ok()
        && lexer.finish(&mut Ignored).is_ok()
}

/// Returns whether a text is one object, as far as it can be seen, that looks like the response of a
/// call with a list, not like a document.
fn is_response(text: &[u8]) -> bool {
    let mut lexer = Lexer::new();
    let mut first = Text::default();
    // Others behind it make it one of several, and a fault none.
    if lexer.feed(text, &mut first).is_err() {
        return false;
    }
    let holds = |name: &[u8]| memchr::memmem::find(&first.0, name).is_some();
    let lists = [b"\"result\":[".as_slice(), b"\"events\":[", b"\"data\":["];
    let says_how_it_went = ["\"error\":", "\"code\":", "\"hasMore\":", "\"next_uri\":"];
    let is_response = says_how_it_went.iter().any(|name| holds(name.as_bytes()));
    first.0.starts_with(b"{\"result\":[") || (lists.iter().any(|l| holds(l)) && is_response)
}
