//! Documents out of a text, one after the other, with the lines they begin on.
//!
//! What can not be read as a document is told as [`Record::document`]'s error and reading goes on
//! behind it, except inside a JSON array: where that breaks, nobody knows where the next begins.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::rc::Rc;

use crate::error::{Exit, Failure};
use crate::json::{Container, Error, Ignored, Lexer, Part, Scalar, Sink, Splitter, Text, Values};

use super::cells::{Kind, Types, object};
use super::quotes;
use super::source::Format;

/// A longer line is no document; the service takes 500 KB.
const LONGEST: usize = 64 << 20;

/// A document, or what stands in the place of one.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its text, and why it is no document where it is none.
    pub document: Result<Vec<u8>, (String, Vec<u8>)>,
}

/// Reads documents.
pub struct Reader {
    text: Box<dyn BufRead>,
    way: Way,
}

enum Way {
    Lines { line: u64 },
    Array(Box<Elements>),
    Rows(Box<Rows>),
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

impl Reader {
    /// Begins to read; `types` are those of CSV's columns.
    pub fn new(text: Box<dyn BufRead>, format: Format, types: &Types) -> Result<Self, Failure> {
        let (text, way): (Box<dyn BufRead>, _) = match format {
            Format::Ndjson => (text, Way::Lines { line: 0 }),
            Format::Json => (text, Way::Array(Box::new(Elements::new()))),
            Format::Csv => (
                Box::new(io::empty()),
                Way::Rows(Box::new(Rows::new(text, types)?)),
            ),
        };
        Ok(Self { text, way })
    }

    /// The next one. Fails where the source can not be read any further.
    pub fn next_record(&mut self) -> Result<Option<Record>, Failure> {
        match &mut self.way {
            Way::Lines { line } => next_line(&mut *self.text, line),
            Way::Array(elements) => elements.next(&mut *self.text),
            Way::Rows(rows) => rows.next(),
        }
    }
}

fn unreadable(error: &io::Error) -> Failure {
    let told = match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "broken gzip".to_owned(),
        io::ErrorKind::UnexpectedEof => "the gzip ends early".to_owned(),
        _ => error.to_string(),
    };
    Failure::new(Exit::Other, format!("the source can not be read: {told}"))
}

fn next_line(text: &mut dyn BufRead, line: &mut u64) -> Result<Option<Record>, Failure> {
    loop {
        let mut bytes = Vec::new();
        let n = io::Read::take(&mut *text, LONGEST as u64)
            .read_until(b'\n', &mut bytes)
            .map_err(|e| unreadable(&e))?;
        if n == 0 {
            return Ok(None);
        }
        *line += 1;
        if n == LONGEST && bytes.last() != Some(&b'\n') {
            let message = format!("line {line} is longer than {} MiB", LONGEST >> 20);
            return Err(Failure::new(Exit::Other, message));
        }
        let document = bytes.trim_ascii();
        if document.is_empty() {
            continue;
        }
        return Ok(Some(Record {
            line: *line,
            document: checked(document.to_vec()),
        }));
    }
}

/// A text that is to be one JSON object.
fn checked(text: Vec<u8>) -> Result<Vec<u8>, (String, Vec<u8>)> {
    let mut lexer = Lexer::new();
    let result = lexer
        .feed(&text, &mut Ignored)
        .and_then(|()| lexer.finish(&mut Ignored));
    match result {
        Err(error) => Err((format!("not JSON: {error}"), text)),
        Ok(()) if text.first() != Some(&b'{') => Err(("not an object".to_owned(), text)),
        Ok(()) => Ok(text),
    }
}

/// The elements of a JSON text.
struct Elements {
    lexer: Lexer,
    splitter: Splitter<Collected>,
    ended: bool,
    fault: Option<Failure>,
}

/// Elements that were read and not taken.
#[derive(Default)]
struct Collected {
    line: u64,
    /// Where the present element begins.
    begins: u64,
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
        }
    }

    fn next(&mut self, text: &mut dyn BufRead) -> Result<Option<Record>, Failure> {
        loop {
            if let Some(record) = self.splitter.values().done.pop_front() {
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
            if let Err(error) = result {
                self.ended = true;
                let line = self.splitter.values().line;
                self.fault = Some(
                    Failure::new(Exit::Other, format!("line {line}: not JSON: {error}"))
                        .hint("a broken array has no next document; `--format ndjson` reads a document on each line"),
                );
            }
        }
    }
}

/// Feeds line by line, so that elements know where they begin.
fn feed(lexer: &mut Lexer, splitter: &mut Splitter<Collected>, chunk: &[u8]) -> Result<(), Error> {
    for line in chunk.split_inclusive(|b| *b == b'\n') {
        lexer.feed(line, splitter)?;
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
    fn key(&mut self, bytes: &[u8], part: Part) -> io::Result<()> {
        self.text.key(bytes, part)
    }
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: Part) -> io::Result<()> {
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
        let document = if text.first() == Some(&b'{') {
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

/// The rows of CSV.
struct Rows {
    reader: csv::Reader<quotes::Watched>,
    /// Whether the text has ended inside quotes.
    open: Rc<Cell<bool>>,
    columns: Vec<(String, Kind)>,
}

impl Rows {
    fn new(text: Box<dyn BufRead>, types: &Types) -> Result<Self, Failure> {
        let open = Rc::default();
        let text = quotes::Watched::new(text, Rc::clone(&open));
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let fail = |what: String| Failure::new(Exit::Other, what);
        let names = reader.byte_headers().map_err(|e| unreadable_rows(&e))?;
        if open.get() {
            return Err(fail(
                "a quote in the line of names is not closed".to_owned(),
            ));
        }
        let mut columns: Vec<(String, Kind)> = Vec::new();
        for name in names {
            let name = std::str::from_utf8(name)
                .map_err(|_| fail("the line of names is not UTF-8".to_owned()))?;
            if name.is_empty() {
                return Err(fail(format!("column {} has no name", columns.len() + 1)));
            }
            if columns.iter().any(|(other, _)| other == name) {
                return Err(fail(format!("two columns are named `{name}`")));
            }
            columns.push((name.to_owned(), types.of(name)));
        }
        if let Some(unknown) = types
            .names()
            .find(|name| !columns.iter().any(|(column, _)| column == name))
        {
            return Err(Failure::usage(format!("there is no column `{unknown}`")));
        }
        Ok(Self {
            reader,
            open,
            columns,
        })
    }

    fn next(&mut self) -> Result<Option<Record>, Failure> {
        let mut cells = csv::ByteRecord::new();
        if !self
            .reader
            .read_byte_record(&mut cells)
            .map_err(|e| unreadable_rows(&e))?
        {
            return Ok(None);
        }
        // The end is seen only when it is needed, so the row that is read then is the open one.
        let document = if self.open.get() {
            Err("a quote is not closed".to_owned())
        } else {
            object(&self.columns, &cells)
        };
        let document = document.map_err(|reason| (reason, written(&cells)));
        Ok(Some(Record {
            line: cells.position().map_or(0, csv::Position::line),
            document,
        }))
    }
}

/// A row as it may be written.
fn written(cells: &csv::ByteRecord) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = writer.write_byte_record(cells);
    let mut text = writer.into_inner().unwrap_or_default();
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    text
}

fn unreadable_rows(error: &csv::Error) -> Failure {
    match error.kind() {
        csv::ErrorKind::Io(e) => unreadable(e),
        _ => Failure::new(Exit::Other, format!("not CSV: {error}")),
    }
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
            Err(failure) => return (Vec::new(), Some(failure.message)),
        };
        let mut told = Vec::new();
        loop {
            match reader.next_record() {
                Ok(None) => return (told, None),
                Err(failure) => return (told, Some(failure.message)),
                Ok(Some(Record { line, document })) => told.push(match document {
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
        let (told, failure) = read(
            Format::Ndjson,
            "{\"a\": 1.10}\n\n  {\"b\":[1]}\r\n{\"c\":\n[1]\n{\"d\":1}",
            "",
        );
        assert_eq!(
            told,
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
        let (told, failure) = read(Format::Json, text, "");
        assert_eq!(
            told,
            [
                "2:{\"a\":1}",
                "3:{\"b\":[1e400]}",
                "5!not an object|7",
                "6:{\"c\":3}"
            ]
        );
        assert_eq!(failure, None);
        let (told, failure) = read(Format::Json, "[{\"a\":1},\n{\"b\"]", "");
        assert_eq!(told, ["1:{\"a\":1}"]);
        assert!(failure.unwrap().starts_with("line 2: not JSON: "));
        let (told, _) = read(Format::Json, "{\"result\":[{\"a\":1}],\"code\":200}", "");
        assert_eq!(told, ["1:{\"a\":1}"]);
    }

    #[test]
    fn rows() {
        let text = "name,n\nAda,1\n\"a\nb\",2\nx\ny,z\n";
        let (told, failure) = read(Format::Csv, text, "n=number");
        assert_eq!(
            told,
            [
                "2:{\"name\":\"Ada\",\"n\":1}",
                "3:{\"name\":\"a\\nb\",\"n\":2}",
                "5!1 cells under 2 names|x",
                "6!n: `z` is no number|y,z"
            ]
        );
        assert_eq!(failure, None);
        let (told, failure) = read(Format::Csv, "a,b\n1,2\nx,\"y", "");
        assert_eq!(
            told,
            ["2:{\"a\":\"1\",\"b\":\"2\"}", "3!a quote is not closed|x,y"]
        );
        assert_eq!(failure, None);
        let (told, _) = read(Format::Csv, "a,b\n\"x,\"\"y\"\"\"\n", "");
        assert_eq!(told, ["2!1 cells under 2 names|\"x,\"\"y\"\"\""]);
        for (text, types, want) in [
            ("a,a\n", "", "two columns are named `a`"),
            ("a,\n", "", "column 2 has no name"),
            ("a\n", "b=number", "there is no column `b`"),
            (
                "a,\"b\n1,2\n",
                "",
                "a quote in the line of names is not closed",
            ),
        ] {
            assert_eq!(read(Format::Csv, text, types).1.as_deref(), Some(want));
        }
    }
}
