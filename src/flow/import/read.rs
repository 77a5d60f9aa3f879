//! Documents out of a text, one after the other, with the lines they begin on.
//!
//! What cannot be read as a document is reported as `Record::document`'s error and reading continues
//! behind it, except inside a JSON array: where that breaks, nobody knows where the next begins.

use std::io::{self, BufRead};

use crate::error::Failure;

use super::cells::Types;
use super::documents::Documents;
use super::elements::Elements;
use super::record::{LONGEST, Record, too_long, unreadable};
use super::source::{Format, Layout};
use super::table::Table;

/// Reads documents.
pub struct Reader {
    text: Box<dyn BufRead>,
    way: Way,
}

enum Way {
    Documents(Box<Documents>),
    Lines(Lines),
    Array(Box<Elements>),
    Table(Box<Table>),
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

impl Reader {
    /// Begins to read; `types` are those of CSV's columns.
    pub fn new(
        text: Box<dyn BufRead>,
        layout: impl Into<Layout>,
        types: &Types,
    ) -> Result<Self, Failure> {
        let layout = layout.into();
        let (text, way): (Box<dyn BufRead>, _) = match layout.format {
            Format::Ndjson => (text, Way::Documents(Box::default())),
            Format::Lines => (text, Way::Lines(Lines::default())),
            Format::Json => (text, Way::Array(Box::new(Elements::new()))),
            Format::Csv | Format::Tsv => (
                Box::new(io::empty()),
                Way::Table(Box::new(Table::new(text, layout, types)?)),
            ),
        };
        Ok(Self { text, way })
    }

    /// From here on any JSON value is taken, not only objects: rows of a batch.
    #[must_use]
    pub fn of_values(mut self) -> Self {
        match &mut self.way {
            Way::Documents(documents) => documents.take_any(),
            Way::Array(elements) => elements.take_any(),
            Way::Lines(_) | Way::Table(_) => {}
        }
        self
    }

    /// Returns the next one. Fails where the source cannot be read any further.
    pub fn next_record(&mut self) -> Result<Option<Record>, Failure> {
        match &mut self.way {
            Way::Documents(documents) => documents.next(&mut *self.text),
            Way::Lines(lines) => lines.next(&mut *self.text),
            Way::Array(elements) => elements.next(&mut *self.text),
            Way::Table(table) => table.next(),
        }
    }
}

/// Few lines are longer.
const USUAL: usize = 4096;

/// Lines that are strings.
#[derive(Default)]
struct Lines {
    /// Lines read.
    count: u64,
    /// The last one; its room serves the next.
    line: Vec<u8>,
}

impl Lines {
    fn next(&mut self, text: &mut dyn BufRead) -> Result<Option<Record>, Failure> {
        loop {
            self.line.clear();
            // One long line is no reason to keep its room.
            self.line.shrink_to(USUAL);
            let n = io::Read::take(&mut *text, LONGEST as u64 + 1)
                .read_until(b'\n', &mut self.line)
                .map_err(|e| unreadable(&e))?;
            if n == 0 {
                return Ok(None);
            }
            self.count += 1;
            if n > LONGEST {
                return Err(too_long(&format!("line {}", self.count)));
            }
            let kept = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
            let kept = kept.strip_suffix(b"\r").unwrap_or(kept);
            if kept.trim_ascii().is_empty() {
                continue;
            }
            let document = match std::str::from_utf8(kept) {
                Ok(text) => Ok(quoted(text)),
                Err(_) => Err(("not UTF-8".to_owned(), kept.to_vec())),
            };
            return Ok(Some(Record {
                line: self.count,
                document,
            }));
        }
    }
}

/// Returns a text as a JSON string.
fn quoted(text: &str) -> Vec<u8> {
    let mut json = Vec::with_capacity(text.len() + "\"\"".len());
    // Writing into memory does not fail.
    let _ = serde_json::to_writer(&mut json, text);
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `LINE:DOCUMENT` or `LINE!REASON` of each record, and the failure that ended them.
    fn read(format: Format, text: &'static str, types: &str) -> (Vec<String>, Option<String>) {
        let types: Vec<String> = (!types.is_empty())
            .then(|| types.to_owned())
            .into_iter()
            .collect();
        let types = Types::parse(&types, false).unwrap();
        // Small pieces, as a pipe gives them.
        let text = io::BufReader::with_capacity(7, text.as_bytes());
        let mut reader = match Reader::new(Box::new(text), format, &types) {
            Ok(reader) => reader,
            Err(failure) => return (Vec::new(), Some(failure.to_string())),
        };
        let mut reported = Vec::new();
        loop {
            match reader.next_record() {
                Ok(None) => return (reported, None),
                Err(failure) => return (reported, Some(failure.to_string())),
                Ok(Some(Record { line, document })) => reported.push(match document {
                    Ok(text) => format!("{line}:{}", String::from_utf8(text).unwrap()),
                    Err((reason, text)) => {
                        format!("{line}!{reason}|{}", String::from_utf8(text).unwrap())
                    }
                }),
            }
        }
    }

    #[test]
    fn lines() {
        let (reported, failure) = read(
            Format::Ndjson,
            "{\"a\": 1.10}\n\n  {\"b\":[1]}\r\n{\"c\":\n[1]\n{\"d\":1}",
            "",
        );
        assert_eq!(
            reported,
            [
                "1:{\"a\": 1.10}",
                "3:{\"b\":[1]}",
                "4!not JSON: unexpected end inside an object at byte 5|{\"c\":",
                "5!not an object|[1]",
                "6:{\"d\":1}"
            ]
        );
        assert_eq!(failure, None);
    }

    #[test]
    fn arrays() {
        let text = "[\n  {\"a\": 1},\n  {\n    \"b\": [1e400]\n  }, 7,\n {\"c\":3}\n]\n";
        let (reported, failure) = read(Format::Json, text, "");
        assert_eq!(
            reported,
            [
                "2:{\"a\":1}",
                "3:{\"b\":[1e400]}",
                "5!not an object|7",
                "6:{\"c\":3}"
            ]
        );
        assert_eq!(failure, None);
        let (reported, failure) = read(Format::Json, "[{\"a\":1},\n{\"b\"]", "");
        assert_eq!(reported, ["1:{\"a\":1}"]);
        assert!(failure.unwrap().starts_with("line 2: not JSON: "));
        let (reported, _) = read(Format::Json, "{\"result\":[{\"a\":1}],\"code\":200}", "");
        assert_eq!(reported, ["1:{\"a\":1}"]);
    }

    #[test]
    fn rows() {
        let text = "name,n\nAda,1\n\"a\nb\",2\nx\ny,z\n";
        let (reported, failure) = read(Format::Csv, text, "n=number");
        assert_eq!(
            reported,
            [
                "2:{\"name\":\"Ada\",\"n\":1}",
                "3:{\"name\":\"a\\nb\",\"n\":2}",
                "5!1 cell under 2 names|x",
                "6!n: `z` is not a number|y,z"
            ]
        );
        assert_eq!(failure, None);
        let (reported, failure) = read(Format::Csv, "a,b\n1,2\nx,\"y", "");
        assert_eq!(
            reported,
            [
                "2:{\"a\":\"1\",\"b\":\"2\"}",
                "3!a quote is not closed|x,\"y"
            ]
        );
        assert_eq!(failure, None);
        let (reported, _) = read(Format::Csv, "a,b\n\"x,\"\"y\"\"\"\n", "");
        assert_eq!(reported, ["2!1 cell under 2 names|\"x,\"\"y\"\"\""]);
        for (text, types, want) in [
            ("a,a\n", "", "two columns are named `a`"),
            ("a,\n", "", "column 2 has no name"),
            ("a\n", "b=number", "there is no column `b`"),
            ("a,\"b\n1,2\n", "", "the header line: a quote is not closed"),
        ] {
            assert_eq!(read(Format::Csv, text, types).1.as_deref(), Some(want));
        }
    }
}
