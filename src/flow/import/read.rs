//! Documents out of a text, one after the other, with the lines they begin on.
//!
//! What cannot be read as a document is reported as `Record::document`'s error and reading continues
//! behind it, except inside a JSON array: where that breaks, nobody knows where the next begins.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use crate::error::{Exit, Failure};
use crate::json::{Container, Error, Lexer, Scalar, Sink, Splitter, Text, TokenPart, Values};

use super::cells::{Column, Types, object};
use super::documents::Documents;
use super::record::{LONGEST, Record, too_long, unreadable};
use super::rows::{Dialect, Quoting, Rows};
use super::source::{Format, Layout, format_flag};

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
            Way::Array(elements) => elements.splitter.values().takes_any = true,
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

/// The elements of a JSON text.
struct Elements {
    lexer: Lexer,
    splitter: Splitter<Collected>,
    ended: bool,
    fault: Option<Failure>,
    /// Elements given, and the bytes that came since.
    given: u64,
    held: usize,
}

/// Elements that were read and not taken.
#[derive(Default)]
struct Collected {
    line: u64,
    /// Where the present element begins.
    begins: u64,
    takes_any: bool,
    text: Text,
    done: VecDeque<Record>,
}

impl Elements {
    fn new() -> Self {
        let collected = Collected {
            line: 1,
            ..Collected::default()
        };
        Self {
            lexer: Lexer::new(),
            splitter: Splitter::new(collected),
            ended: false,
            fault: None,
            given: 0,
            held: 0,
        }
    }

    fn next(&mut self, text: &mut dyn BufRead) -> Result<Option<Record>, Failure> {
        loop {
            if let Some(record) = self.splitter.values().done.pop_front() {
                self.given += 1;
                self.held = 0;
                let (Ok(text) | Err((_, text))) = &record.document;
                if text.len() > LONGEST {
                    return Err(self.too_long(record.line));
                }
                return Ok(Some(record));
            }
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            if self.ended {
                return Ok(None);
            }
            let chunk = match text.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(unreadable(&e)),
            };
            let n = chunk.len();
            let result = if n == 0 {
                self.ended = true;
                self.lexer
                    .finish(&mut self.splitter)
                    .and_then(|()| self.splitter.end_text().map(drop).map_err(Error::Sink))
            } else {
                feed(&mut self.lexer, &mut self.splitter, chunk)
            };
            text.consume(n);
            self.held += n;
            // What collects elements fails for their length alone.
            let overflows = matches!(result, Err(Error::Sink(_)));
            let is_long = overflows || self.held > LONGEST;
            if is_long && self.splitter.values().done.is_empty() {
                self.given += 1;
                let line = self.splitter.values().begins;
                return Err(self.too_long(line));
            }
            if let Err(error) = result {
                self.ended = true;
                let values = self.splitter.values();
                let (line, flag) = (values.line, format_flag(values.takes_any));
                self.fault = Some(
                    Failure::new(Exit::Other, format!("line {line}: not JSON: {error}"))
                        .hint(format!("a broken array has no next document; `{flag} ndjson` reads a document on each line")),
                );
            }
        }
    }
}

impl Elements {
    /// Returns the failure of the element that was given last, which is too long.
    fn too_long(&self, line: u64) -> Failure {
        too_long(&format!("document {}, on line {line},", self.given))
    }
}

/// Feeds line by line, so that elements know where they begin. A text that follows another is read
/// like the first: responses may come one after another.
fn feed(lexer: &mut Lexer, splitter: &mut Splitter<Collected>, chunk: &[u8]) -> Result<(), Error> {
    for line in chunk.split_inclusive(|b| *b == b'\n') {
        let mut rest = line;
        loop {
            let begins = lexer.offset();
            let Err(error) = lexer.feed(rest, splitter) else {
                break;
            };
            // The fault is the first byte behind a text that is no blank.
            let after = match &error {
                Error::Fault(fault) if lexer.is_behind_text() => {
                    let at = usize::try_from(fault.offset - begins).unwrap_or(usize::MAX);
                    &rest[at.min(rest.len())..]
                }
                _ => return Err(error),
            };
            if !matches!(after.first(), Some(b'[' | b'{')) {
                return Err(error);
            }
            splitter.end_text().map_err(Error::Sink)?;
            *lexer = Lexer::new();
            rest = after;
        }
        if line.last() == Some(&b'\n') {
            splitter.values().line += 1;
        }
    }
    Ok(())
}

impl Collected {
    fn begin_token(&mut self) {
        if self.text.0.is_empty() {
            self.begins = self.line;
        }
    }
}

impl Sink for Collected {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.begin_token();
        self.text.begin(kind)
    }
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.text.end(kind)
    }
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.text.key(bytes, part)
    }
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.begin_token();
        self.text.scalar(kind, bytes, part)
    }
    fn colon(&mut self) -> io::Result<()> {
        self.text.colon()
    }
    fn comma(&mut self) -> io::Result<()> {
        self.text.comma()
    }
}

impl Values for Collected {
    fn end_value(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.text.0);
        let document = if self.takes_any || text.first() == Some(&b'{') {
            Ok(text)
        } else {
            Err(("not an object".to_owned(), text))
        };
        self.done.push_back(Record {
            line: self.begins,
            document,
        });
        Ok(())
    }
}

/// Rows under a line of names.
struct Table {
    rows: Rows,
    columns: Vec<Column>,
}

impl Table {
    fn new(mut text: Box<dyn BufRead>, layout: Layout, types: &Types) -> Result<Self, Failure> {
        let fail = |what: &str| Failure::new(Exit::Other, what);
        let dialect = dialect(&mut *text, layout)?;
        let mut rows = Rows::new(text, dialect);
        let mut header = rows.next_row()?.unwrap_or_default();
        if layout.separator.is_none()
            && let Some([separator]) = header.raw.strip_prefix(b"sep=")
        {
            // Excel reads this line, and so it is written for it.
            rows.set_dialect(Dialect {
                separator: *separator,
                quoting: Quoting::Quotes,
            });
            header = rows.next_row()?.unwrap_or_default();
        }
        let names =
            (rows.cells(&header)).map_err(|reason| fail(&format!("the header line: {reason}")))?;
        let mut columns: Vec<Column> = Vec::new();
        for name in &names {
            let name = std::str::from_utf8(name).map_err(|_| {
                fail("the header line is not UTF-8").hint(
                    "`iconv -f WINDOWS-1252 -t UTF-8 FILE` converts what older programs write",
                )
            })?;
            if name.is_empty() {
                return Err(fail(&format!("column {} has no name", columns.len() + 1)));
            }
            if columns.iter().any(|column| column.name == name) {
                return Err(fail(&format!("two columns are named `{name}`")));
            }
            columns.push(Column::new(name, types.of(name)));
        }
        if let [Column { name, .. }] = &columns[..]
            && layout.separator != Some(b',')
            && let Some(other) =
                (name.bytes()).find(|b| *b != dialect.separator && b";\t,".contains(b))
        {
            let shown = if other == b'\t' {
                "\\t".to_owned()
            } else {
                char::from(other).to_string()
            };
            return Err(
                Failure::usage(format!("the only column is `{}`", name.escape_debug()))
                    .hint(format!("`--separator '{shown}'` makes several of it")),
            );
        }
        let is_missing = |name: &&str| !columns.iter().any(|column| column.name == *name);
        if let Some(unknown) = types.names().find(is_missing) {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            return Err(Failure::usage(format!("there is no column `{unknown}`"))
                .hint(format!("the columns are {}", names.join(", "))));
        }
        Ok(Self { rows, columns })
    }

    fn next(&mut self) -> Result<Option<Record>, Failure> {
        let Some(row) = self.rows.next_row()? else {
            return Ok(None);
        };
        let document = (self.rows.cells(&row)).and_then(|cells| object(&self.columns, &cells));
        Ok(Some(Record {
            line: row.line,
            document: document.map_err(|reason| (reason, row.raw)),
        }))
    }
}

/// Returns how a table sets its cells apart. Tabs stand between cells with escapes, as `-o tsv`
/// writes them, unless a spreadsheet wrote the text: by its byte order mark, CR and LF, or quoted
/// names.
fn dialect(text: &mut dyn BufRead, layout: Layout) -> Result<Dialect, Failure> {
    if layout.format == Format::Csv || layout.separator.is_some() {
        return Ok(Dialect {
            separator: layout.separator.unwrap_or(b','),
            quoting: Quoting::Quotes,
        });
    }
    let start = text.fill_buf().map_err(|e| unreadable(&e))?;
    let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
    let names = &start[..end];
    let has_quotes = layout.is_marked
        || names.last() == Some(&b'\r')
        || names
            .split(|b| *b == b'\t')
            .any(|name| name.first() == Some(&b'"'));
    Ok(Dialect {
        separator: b'\t',
        quoting: if has_quotes {
            Quoting::Quotes
        } else {
            Quoting::Escapes
        },
    })
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
