//! Documents out of JSON texts: the elements of an array, or texts one after another.
//!
//! Where an array breaks, nobody knows where the next document begins: reading ends there.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use crate::error::{Exit, Failure};
use crate::json::{Container, Error, Lexer, Scalar, Sink, Splitter, Text, TokenPart, Values};

use super::record::{LONGEST, Record, too_long, unreadable};
use super::source::format_flag;

/// The elements of a JSON text.
pub(super) struct Elements {
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
    /// Begins to read.
    pub(super) fn new() -> Self {
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

    /// From here on any value is an element, not only an object.
    pub(super) fn take_any(&mut self) {
        self.splitter.values().takes_any = true;
    }

    /// Returns the next element. Fails where the text breaks, or one is too long.
    pub(super) fn next(&mut self, text: &mut dyn BufRead) -> Result<Option<Record>, Failure> {
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
