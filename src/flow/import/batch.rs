//! Cuts documents into calls: by count, by bytes, and where an earlier run has been.
//!
//! Owns no thread and sends nothing; a refused batch is split here.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::error::Failure;
use crate::flow::journal::Span;

use super::read::Reader;
use super::record::Record;

/// A call carries no more bytes of documents, unless a single one is larger.
const MOST_BYTES: usize = 4 << 20;

/// A document of a batch.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its place among all records.
    pub place: u64,
    /// The line it begins on.
    pub line: u64,
    /// Its text.
    pub text: Vec<u8>,
}

/// What is not stored, and why.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Its place among all records, where it is known.
    pub place: Option<u64>,
    /// The line it begins on, where it is known.
    pub line: Option<u64>,
    /// The error number, where the server gave one.
    pub number: Option<u64>,
    /// Why.
    pub reason: String,
    /// The document, or what stood in its place.
    pub text: Vec<u8>,
    /// Whether it was sent; else it is no document.
    pub sent: bool,
    /// The request that did not store it, as the service's support asks for it.
    pub request: Option<Arc<str>>,
}

/// What one call carries: records that follow each other in the source.
#[derive(Debug)]
pub struct Batch {
    /// Its place among all records.
    pub span: Span,
    /// The documents.
    pub documents: Vec<Document>,
    /// The records that are none.
    pub broken: Vec<Reject>,
    /// Whether an earlier call may have stored these documents.
    pub uncertain: bool,
    /// Whether this is a part of a batch that the server refused altogether.
    pub is_part: bool,
    bytes: usize,
}

impl Batch {
    /// Names the batch's lines in messages: `lines 1 to 10000`.
    #[must_use]
    pub fn lines(&self) -> String {
        match (self.documents.first(), self.documents.last()) {
            (Some(a), Some(b)) if a.line < b.line => format!("lines {} to {}", a.line, b.line),
            (Some(a), _) => format!("line {}", a.line),
            (None, _) => String::new(),
        }
    }

    /// Splits the batch in the middle of its documents, for one of which the server refused all.
    /// A batch of less than two documents has no second half.
    #[must_use]
    pub fn halved(mut self) -> (Self, Option<Self>) {
        let middle = self.documents.len() / 2;
        if middle == 0 {
            return (self, None);
        }
        let documents = self.documents.split_off(middle);
        let border = documents[0].place;
        let is_behind = |reject: &Reject| reject.place.is_some_and(|place| place >= border);
        let (behind, before) = self.broken.drain(..).partition(is_behind);
        self.broken = before;
        self.is_part = true;
        let second = Self {
            span: Span {
                first: border,
                count: self.span.end() - border,
            },
            bytes: documents.iter().map(|d| d.text.len()).sum(),
            documents,
            broken: behind,
            uncertain: self.uncertain,
            is_part: true,
        };
        self.span.count -= second.span.count;
        self.bytes = self.documents.iter().map(|d| d.text.len()).sum();
        (self, Some(second))
    }
}

/// Cuts.
#[derive(Debug)]
pub struct Cutter {
    reader: Reader,
    most: u64,
    done: VecDeque<Span>,
    uncertain: VecDeque<Span>,
    /// The number of the next record.
    at: u64,
    pending: Option<Record>,
    fault: Option<Failure>,
}

impl Cutter {
    /// Begins; what is `done` is left out, what is `uncertain` is marked. Both are in order.
    #[must_use]
    pub fn new(reader: Reader, most: u64, done: Vec<Span>, uncertain: Vec<Span>) -> Self {
        Self {
            reader,
            most,
            done: done.into(),
            uncertain: uncertain.into(),
            at: 0,
            pending: None,
            fault: None,
        }
    }

    /// Returns the next batch. Fails where the source breaks, after the batch of what came before;
    /// then there is none.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, Failure> {
        let mut batch: Option<Batch> = None;
        loop {
            let record = match self.pending.take() {
                Some(record) => record,
                None if self.fault.is_some() => return self.fault.take().map_or(Ok(None), Err),
                None => match self.reader.next_record() {
                    Ok(Some(record)) => record,
                    Ok(None) => return Ok(batch),
                    Err(failure) if batch.is_some() => {
                        self.fault = Some(failure);
                        return Ok(batch);
                    }
                    Err(failure) => return Err(failure),
                },
            };
            if is_in(&mut self.done, self.at) {
                self.at += 1;
                if batch.is_some() {
                    return Ok(batch);
                }
                continue;
            }
            let uncertain = is_in(&mut self.uncertain, self.at);
            let size = record
                .document
                .as_ref()
                .map_or_else(|(_, t)| t.len(), Vec::len);
            let batch_now = batch.get_or_insert_with(|| Batch {
                span: Span {
                    first: self.at,
                    count: 0,
                },
                documents: Vec::new(),
                broken: Vec::new(),
                uncertain,
                is_part: false,
                bytes: 0,
            });
            let is_full = batch_now.span.count > 0
                && (batch_now.span.count >= self.most
                    || batch_now.bytes + size > MOST_BYTES
                    || batch_now.uncertain != uncertain);
            if is_full {
                self.pending = Some(record);
                return Ok(batch);
            }
            batch_now.take(record, size);
            self.at += 1;
        }
    }
}

impl Batch {
    fn take(&mut self, record: Record, size: usize) {
        let place = self.span.end();
        self.span.count += 1;
        self.bytes += size;
        match record.document {
            Ok(text) => self.documents.push(Document {
                place,
                line: record.line,
                text,
            }),
            Err((reason, text)) => self.broken.push(Reject {
                place: Some(place),
                line: Some(record.line),
                number: None,
                reason,
                text,
                sent: false,
                request: None,
            }),
        }
    }
}

/// Returns whether a place lies in one of the spans, which are left behind as places pass.
fn is_in(spans: &mut VecDeque<Span>, at: u64) -> bool {
    while spans.front().is_some_and(|span| span.end() <= at) {
        spans.pop_front();
    }
    spans.front().is_some_and(|span| span.first <= at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::import::cells::Types;
    use crate::flow::import::source::Format;

    fn cut(text: String, most: u64, done: &[(u64, u64)], uncertain: &[(u64, u64)]) -> Vec<String> {
        let spans = |list: &[(u64, u64)]| {
            list.iter()
                .map(|(first, count)| Span {
                    first: *first,
                    count: *count,
                })
                .collect()
        };
        let text = Box::new(std::io::Cursor::new(text.into_bytes()));
        let reader = Reader::new(text, Format::Ndjson, &Types::default()).unwrap();
        let mut cutter = Cutter::new(reader, most, spans(done), spans(uncertain));
        let mut reported = Vec::new();
        while let Some(batch) = cutter.next_batch().unwrap() {
            let Span { first, count } = batch.span;
            assert_eq!(count, (batch.documents.len() + batch.broken.len()) as u64);
            reported.push(format!(
                "{first}+{count}{}",
                if batch.uncertain { "?" } else { "" }
            ));
        }
        reported
    }

    #[test]
    fn batches() {
        let ten = || "{}\n".repeat(10);
        assert_eq!(cut(ten(), 4, &[], &[]), ["0+4", "4+4", "8+2"]);
        assert_eq!(cut(ten(), 4, &[(0, 4), (6, 1)], &[]), ["4+2", "7+3"]);
        assert_eq!(
            cut(ten(), 4, &[(0, 3)], &[(3, 2), (8, 2)]),
            ["3+2?", "5+3", "8+2?"]
        );
        assert_eq!(cut(ten(), 4, &[(0, 10)], &[]), Vec::<String>::new());
        assert_eq!(cut("x\n{}\n".to_owned(), 9, &[], &[]), ["0+2"]);
        let large = format!("{{\"a\":\"{}\"}}\n", "x".repeat(3 << 20));
        assert_eq!(cut(large.repeat(2) + "{}\n", 9, &[], &[]), ["0+1", "1+2"]);
    }
}
