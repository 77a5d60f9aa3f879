//! Rows of cells (RFC 4180, or tabs with escapes) out of a text, as bytes and as cells.
//!
//! A row is found first, as the bytes between two line ends, and read into cells then: what is
//! wrong with it is an error of this row alone, and its bytes are there to be kept. Each byte is
//! looked at a fixed number of times. Must not know what the cells become.

use std::io::{self, BufRead};

use memchr::{memchr, memchr_iter};

use super::record::{LONGEST, too_long, unreadable};
use crate::error::Failure;

/// How cells are set apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between two cells.
    pub separator: u8,
    /// How a cell holds separators and line ends.
    pub quoting: Quoting,
}

/// How a cell holds separators and line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Between quotes, where a quote is written twice: CSV, and the tables of spreadsheets.
    Quotes,
    /// As `\t`, `\n`, `\r` and `\\`: what `-o tsv` and jq's `@tsv` write.
    Escapes,
}

/// Reads rows.
pub struct Rows {
    text: Box<dyn BufRead>,
    dialect: Dialect,
    /// Line ends passed.
    lines: u64,
    /// Rows read.
    count: u64,
    /// Whether the last row ended with CR, to which LF may belong.
    is_after_cr: bool,
}

/// A row.
#[derive(Debug, Default)]
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its bytes, without the line's end.
    pub raw: Vec<u8>,
    /// Whether its line ended with CR and LF.
    pub ends_with_cr: bool,
}

/// Where the next byte of a row stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Start,
    Plain,
    Quoted,
    /// Behind a quote that ends the quoted part, unless another one follows.
    Closed,
}

impl Rows {
    /// Begins to read.
    #[must_use]
    pub fn new(text: Box<dyn BufRead>, dialect: Dialect) -> Self {
        Self {
            text,
            dialect,
            lines: 0,
            count: 0,
            is_after_cr: false,
        }
    }

    /// Sets how cells are set apart from here on.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// Returns the next row that is not empty. Fails where the text cannot be read, or a row is
    /// too long to be held.
    pub fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        let mut row = Row {
            line: self.lines + 1,
            ..Row::default()
        };
        let mut place = Place::Start;
        loop {
            let chunk = match self.text.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(unreadable(&e)),
            };
            if chunk.is_empty() {
                self.count += 1;
                return Ok((!row.raw.is_empty()).then_some(row));
            }
            if std::mem::take(&mut self.is_after_cr) && chunk[0] == b'\n' {
                self.text.consume(1);
                continue;
            }
            let (taken, end) = taken(chunk, &mut place, self.dialect);
            let bytes = &chunk[..taken];
            row.raw.extend_from_slice(bytes);
            // Line ends inside quotes.
            self.lines += memchr_iter(b'\n', bytes).count() as u64;
            let passed = taken + usize::from(end.is_some());
            self.text.consume(passed);
            if row.raw.len() > LONGEST {
                let what = format!("line {}: row {}", row.line, self.count);
                return Err(too_long(&what).hint("is a quote not closed?"));
            }
            let Some(end) = end else { continue };
            self.lines += 1;
            self.is_after_cr = end == b'\r';
            if row.raw.is_empty() {
                row.line = self.lines + 1;
                place = Place::Start;
                continue;
            }
            row.ends_with_cr = end == b'\r';
            self.count += 1;
            return Ok(Some(row));
        }
    }

    /// Returns the cells of a row, or what is wrong with it.
    pub fn cells(&self, row: &Row) -> Result<csv::ByteRecord, String> {
        if memchr(0, &row.raw).is_some() {
            return Err("holds a NUL, which is not text".to_owned());
        }
        let mut cells = csv::ByteRecord::new();
        match self.dialect.quoting {
            Quoting::Quotes => quoted(&row.raw, self.dialect.separator, &mut cells)?,
            Quoting::Escapes => {
                for cell in row.raw.split(|b| *b == self.dialect.separator) {
                    cells.push_field(&unescaped(cell));
                }
            }
        }
        Ok(cells)
    }
}

/// Returns how many bytes of a chunk belong to the row, and the byte behind them that ends it.
fn taken(chunk: &[u8], place: &mut Place, dialect: Dialect) -> (usize, Option<u8>) {
    let has_quotes = dialect.quoting == Quoting::Quotes;
    let mut at = 0;
    while let Some(byte) = chunk.get(at) {
        if *place == Place::Quoted {
            match memchr(b'"', &chunk[at..]) {
                Some(n) => {
                    at += n + 1;
                    *place = Place::Closed;
                }
                None => return (chunk.len(), None),
            }
            continue;
        }
        *place = match (*place, *byte) {
            (_, b'\n' | b'\r') => return (at, Some(*byte)),
            (_, separator) if separator == dialect.separator => Place::Start,
            (Place::Start | Place::Closed, b'"') if has_quotes => Place::Quoted,
            _ => Place::Plain,
        };
        at += 1;
    }
    (chunk.len(), None)
}

/// Reads cells of which some are quoted.
fn quoted(raw: &[u8], separator: u8, cells: &mut csv::ByteRecord) -> Result<(), String> {
    let mut at = 0;
    let mut cell = Vec::new();
    loop {
        cell.clear();
        if raw.get(at) == Some(&b'"') {
            at += 1;
            loop {
                let Some(n) = memchr(b'"', &raw[at..]) else {
                    return Err("a quote is not closed".to_owned());
                };
                cell.extend_from_slice(&raw[at..at + n]);
                at += n + 1;
                if raw.get(at) != Some(&b'"') {
                    break;
                }
                cell.push(b'"');
                at += 1;
            }
            if raw.get(at).is_some_and(|b| *b != separator) {
                let number = cells.len() + 1;
                return Err(format!("cell {number} continues after its closing quote"));
            }
            cells.push_field(&cell);
        } else {
            let end = memchr(separator, &raw[at..]).map_or(raw.len(), |n| at + n);
            cells.push_field(&raw[at..end]);
            at = end;
        }
        if at == raw.len() {
            return Ok(());
        }
        at += 1;
    }
}

/// Returns a cell without its escapes; others than those of [`Quoting::Escapes`] stay.
fn unescaped(cell: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if memchr(b'\\', cell).is_none() {
        return cell.into();
    }
    let mut out = Vec::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(at) = memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let meant = match rest.get(at + 1) {
            Some(b't') => b'\t',
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b'\\') => b'\\',
            _ => {
                out.push(b'\\');
                rest = &rest[at + 1..];
                continue;
            }
        };
        out.push(meant);
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Dialect = Dialect {
        separator: b',',
        quoting: Quoting::Quotes,
    };
    const TSV: Dialect = Dialect {
        separator: b'\t',
        quoting: Quoting::Escapes,
    };

    /// `LINE:CELL|CELL` or `LINE!REASON` of each row, in chunks of `size`.
    fn rows(text: &str, dialect: Dialect, size: usize) -> Vec<String> {
        let text = io::BufReader::with_capacity(size, io::Cursor::new(text.to_owned()));
        let mut rows = Rows::new(Box::new(text), dialect);
        let mut reported = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            reported.push(match rows.cells(&row) {
                Ok(cells) => {
                    let cells: Vec<_> = cells.iter().map(String::from_utf8_lossy).collect();
                    format!("{}:{}", row.line, cells.join("|"))
                }
                Err(reason) => format!("{}!{reason}", row.line),
            });
        }
        reported
    }

    #[test]
    fn cells_of_rows() {
        for (dialect, text, want) in [
            (CSV, "a,b\n1,2", &["1:a|b", "2:1|2"][..]),
            (CSV, "a,b\r\n\r\n1,\r\n", &["1:a|b", "3:1|"]),
            (CSV, "a\rb\r", &["1:a", "2:b"]),
            (CSV, "\"a\n\"\"b\"\"\",2\nc,d", &["1:a\n\"b\"|2", "3:c|d"]),
            (CSV, "\"a,b\",\"\"\n", &["1:a,b|"]),
            (CSV, "5\" disk,a\"b\"c\n", &["1:5\" disk|a\"b\"c"]),
            (
                CSV,
                "\"x\"y,1\nz,2\n",
                &["1!cell 1 continues after its closing quote", "2:z|2"],
            ),
            (
                CSV,
                "1,\"x\" \n2,3\n",
                &["1!cell 2 continues after its closing quote", "2:2|3"],
            ),
            (CSV, "1,2\n3,\"x\n4", &["1:1|2", "2!a quote is not closed"]),
            (CSV, "\"\"\n", &["1:"]),
            (
                TSV,
                "a\tb\n\"1\"\t\\t\\n\\\\\\x\\\n",
                &["1:a|b", "2:\"1\"|\t\n\\\\x\\"],
            ),
            (CSV, "", &[]),
        ] {
            for size in [1, 2, 3, 7, 100] {
                assert_eq!(rows(text, dialect, size), want, "{text} {size}");
            }
        }
    }

    /// What the program writes is read back as it was.
    #[test]
    fn written_rows_are_read_back() {
        use proptest::prelude::*;
        let cell = "[a\"\\\\,;\t\r\n tnr]{0,6}";
        proptest!(|(cells in prop::collection::vec(cell, 2..5), size in 1_usize..9)| {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&cells).unwrap();
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(rows(&text, CSV, size), [format!("1:{}", cells.join("|"))]);
            let escaped: Vec<_> = cells.iter().map(|cell| {
                let cell = cell.replace('\\', "\\\\").replace('\t', "\\t");
                cell.replace('\n', "\\n").replace('\r', "\\r")
            }).collect();
            let text = escaped.join("\t") + "\n";
            prop_assert_eq!(rows(&text, TSV, size), [format!("1:{}", cells.join("|"))]);
        });
    }
}
