//! JSON documents one after another: one on each line, several on one, or each over many lines.
//!
//! A fault costs as little as can be reported: its line, where documents stand on lines; else all up
//! to the next line that begins with a bracket. Each line is read at most three times, whatever
//! is wrong with it. Must not know where the text comes from.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use crate::error::Failure;
use crate::json::{Ignored, Lexer, Text, replay};

use super::record::{LONGEST, Record, too_long, unreadable};

/// Reads documents.
#[derive(Debug, Default)]
pub struct Documents {
    /// Lines read.
    lines: u64,
    ready: VecDeque<Record>,
    /// The beginning of a document that has not ended with its line, and the line it begins on.
    open: Vec<u8>,
    begins: u64,
    lexer: Lexer,
    /// Whether the open document has a fault, and waits for where the next one begins.
    fault: Option<String>,
    /// Whether a document has ended on the line it began on.
    seen_on_a_line: bool,
    /// Whether one was written over several lines.
    seen_over_lines: bool,
    /// Whether other values than objects are taken, too.
    takes_any: bool,
}

/// How a text that begins a document continues.
enum Begun {
    /// The document ends before this place.
    Whole(usize),
    /// Behind the text.
    Open(Lexer),
    Fault(String),
}

impl Documents {
    /// From here on other values than objects are taken, too.
    pub fn take_any(&mut self) {
        self.takes_any = true;
    }

    /// Returns the next one.
    pub fn next(&mut self, text: &mut dyn BufRead) -> Result<Option<Record>, Failure> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Ok(Some(record));
            }
            let room = LONGEST - self.open.len().min(LONGEST);
            let mut line = Vec::new();
            let n = io::Read::take(&mut *text, room as u64 + 1)
                .read_until(b'\n', &mut line)
                .map_err(|e| unreadable(&e))?;
            if n == 0 {
                self.give_up(None);
                return Ok(self.ready.pop_front());
            }
            self.lines += 1;
            if n > room {
                let what = if self.open.is_empty() {
                    format!("line {}", self.lines)
                } else {
                    format!("the document on line {}", self.begins)
                };
                return Err(too_long(&what));
            }
            if self.open.is_empty() {
                self.begin(&line);
            } else {
                self.go_on(&line);
            }
        }
    }

    /// Takes a line, or the rest of one, on which a document may begin.
    fn begin(&mut self, line: &[u8]) {
        let mut rest = line;
        loop {
            rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
            rest = rest.trim_ascii_start();
            if rest.is_empty() {
                return;
            }
            match begun(rest) {
                Begun::Whole(end) => {
                    self.seen_on_a_line = true;
                    self.push(self.lines, rest[..end].trim_ascii_end().to_vec());
                    rest = &rest[end..];
                }
                Begun::Open(lexer) => {
                    self.lexer = lexer;
                    self.open = rest.to_vec();
                    self.begins = self.lines;
                    return;
                }
                Begun::Fault(reason) if self.seen_over_lines && rest[0] == b'{' => {
                    self.open = rest.to_vec();
                    self.begins = self.lines;
                    self.fault = Some(reason);
                    return;
                }
                Begun::Fault(reason) => {
                    let text = rest.trim_ascii_end().to_vec();
                    return self.refuse(self.lines, reason, text);
                }
            }
        }
    }

    /// Takes a line that may continue the open document.
    fn go_on(&mut self, line: &[u8]) {
        let opens = matches!(line.first(), Some(b'{' | b'['));
        if self.fault.is_some() {
            if opens {
                self.give_up(None);
                return self.begin(line);
            }
            return self.open.extend_from_slice(line);
        }
        let is_by_lines = self.seen_on_a_line && !self.seen_over_lines;
        let is_indented = line[0].is_ascii_whitespace();
        if is_by_lines && !is_indented && matches!(begun(line), Begun::Whole(_)) {
            self.give_up(None);
            return self.begin(line);
        }
        match self.lexer.feed(line, &mut Ignored) {
            Ok(()) => {
                self.open.extend_from_slice(line);
                if self.lexer.is_done() {
                    self.seen_over_lines = true;
                    let text = std::mem::take(&mut self.open);
                    self.push(self.begins, compact(text));
                }
            }
            Err(crate::json::Error::Fault(fault)) if self.lexer.is_behind_text() => {
                let offset = usize::try_from(fault.offset).unwrap_or(usize::MAX);
                let end = offset.saturating_sub(self.open.len()).min(line.len());
                self.open.extend_from_slice(&line[..end]);
                self.seen_over_lines = true;
                let text = std::mem::take(&mut self.open);
                self.push(self.begins, compact(text));
                self.begin(&line[end..]);
            }
            Err(error) if opens || is_by_lines => {
                self.give_up(Some(format!("not JSON: {error}")));
                self.begin(line);
            }
            Err(error) => {
                self.fault = Some(format!("not JSON: {error}"));
                self.open.extend_from_slice(line);
            }
        }
    }

    /// Refuses the open document, if there is one: nothing completes it.
    fn give_up(&mut self, reason: Option<String>) {
        if self.open.is_empty() {
            return;
        }
        let mut text = std::mem::take(&mut self.open);
        text.truncate(text.trim_ascii_end().len());
        let reason = self.fault.take().or(reason);
        let reason = reason.unwrap_or_else(|| match replay(&text, &mut Ignored) {
            Ok(()) => String::new(),
            Err(error) => format!("not JSON: {error}"),
        });
        self.refuse(self.begins, reason, text);
    }

    fn push(&mut self, line: u64, text: Vec<u8>) {
        if self.takes_any || text.first() == Some(&b'{') {
            let document = Ok(text);
            self.ready.push_back(Record { line, document });
        } else {
            self.refuse(line, "not an object".to_owned(), text);
        }
    }

    fn refuse(&mut self, line: u64, reason: String, text: Vec<u8>) {
        let document = Err((reason, text));
        self.ready.push_back(Record { line, document });
    }
}

/// Reads the first document of a text without blanks before it.
fn begun(text: &[u8]) -> Begun {
    let mut lexer = Lexer::new();
    match lexer.feed(text, &mut Ignored) {
        Ok(()) if lexer.is_done() => Begun::Whole(text.len()),
        Ok(()) if matches!(text.first(), Some(b'{' | b'[')) => Begun::Open(lexer),
        // A scalar ends with its line.
        Ok(()) => match lexer.finish(&mut Ignored) {
            Ok(()) => Begun::Whole(text.len()),
            Err(error) => Begun::Fault(format!("not JSON: {error}")),
        },
        Err(crate::json::Error::Fault(fault)) if lexer.is_behind_text() => {
            // What follows a scalar is no other document: `oops`, `12 monkeys`.
            match usize::try_from(fault.offset) {
                Ok(end) if matches!(text.first(), Some(b'{' | b'[')) => Begun::Whole(end),
                _ => Begun::Fault(format!("not JSON: {fault}")),
            }
        }
        Err(error) => Begun::Fault(format!("not JSON: {error}")),
    }
}

/// Returns a document on one line, its tokens as they were.
fn compact(text: Vec<u8>) -> Vec<u8> {
    let mut compact = Text::default();
    match replay(&text, &mut compact) {
        Ok(()) => compact.0,
        Err(_) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `LINE:DOCUMENT` or `LINE!REASON|TEXT` of each.
    fn read(text: &str) -> Vec<String> {
        let mut text = io::BufReader::with_capacity(5, text.as_bytes());
        let mut documents = Documents::default();
        let mut reported = Vec::new();
        while let Some(Record { line, document }) = documents.next(&mut text).unwrap() {
            reported.push(match document {
                Ok(text) => format!("{line}:{}", String::from_utf8(text).unwrap()),
                Err((reason, text)) => {
                    format!("{line}!{reason}|{}", String::from_utf8(text).unwrap())
                }
            });
        }
        reported
    }

    #[test]
    fn documents_in_every_layout() {
        let end = "not JSON: unexpected end inside an object at byte";
        for (text, want) in [
            ("{\"a\": 1.10}\n\n {}\r\n", vec!["1:{\"a\": 1.10}", "3:{}"]),
            (
                "{\"a\":1}{\"b\":2} {\"c\":3}\n{\"d\":4}",
                vec!["1:{\"a\":1}", "1:{\"b\":2}", "1:{\"c\":3}", "2:{\"d\":4}"],
            ),
            (
                "{\n  \"a\": [\n    1e400\n  ]\n}\n{}\n{\n  \"b\": {}\n}",
                vec!["1:{\"a\":[1e400]}", "6:{}", "7:{\"b\":{}}"],
            ),
            (
                "{\n\"a\":1\n}{\n\"b\":2\n} {\"c\":3}\n",
                vec!["1:{\"a\":1}", "3:{\"b\":2}", "5:{\"c\":3}"],
            ),
            (
                "[1]\n7 8\n\"x\"\n",
                vec![
                    "1!not an object|[1]",
                    "2!not JSON: text after the document at byte 2|7 8",
                    "3!not an object|\"x\"",
                ],
            ),
            (
                "\u{feff}{\"a\":1}\n\u{feff}{\"b\":1}\n",
                vec!["1:{\"a\":1}", "2:{\"b\":1}"],
            ),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
        // A line that was cut costs itself.
        for (cut, at) in [("{\"b\":", 5), ("{\"b\":[1,", 8), ("{\"b\":1", 6)] {
            let text = format!("{{\"a\":1}}\n{cut}\n{{\"c\":3}}\n{{\"d\":4}}\n");
            let reported = read(&text);
            assert_eq!(reported.len(), 4, "{reported:?}");
            assert!(
                reported[1].starts_with("2!not JSON: ") && reported[1].ends_with(cut),
                "{at} {reported:?}"
            );
            assert_eq!(reported[2..], ["3:{\"c\":3}", "4:{\"d\":4}"]);
        }
        // One over lines costs all of itself.
        let reported = read("{\n \"a\": 1\n}\n{\n \"b\": oops,\n \"c\": 2\n}\n{\n \"d\": 4\n}\n");
        assert_eq!(reported.len(), 3, "{reported:?}");
        assert!(
            reported[1].starts_with("4!not JSON: ") && reported[1].ends_with("\"c\": 2\n}"),
            "{reported:?}"
        );
        assert_eq!(reported[2], "8:{\"d\":4}");
        assert_eq!(read("{\n \"a\": 1\n"), [format!("1!{end} 9|{{\n \"a\": 1")]);
    }
}
