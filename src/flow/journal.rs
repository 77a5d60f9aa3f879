//! A file that remembers which parts of a long run are done, whatever ends the run.
//!
//! A journal is JSON lines: the first says what the run is, each other what was begun or is done,
//! as spans of a sequence. A line is on the disk before its span is acted on. Whoever reads it
//! again sees what is done and what is uncertain. It must not know what the spans count.
//!
//! `import` notes spans of documents; a batch has entries of its own ([`Journal::append`]), for a
//! row at a time.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::{Exit, Failure};
use crate::files::{Mode, own, record};

/// So many members of a sequence from a first one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first, counted from 0.
    pub first: u64,
    /// How many.
    pub count: u64,
}

impl Span {
    /// Returns the first one behind it.
    #[must_use]
    pub fn end(self) -> u64 {
        self.first + self.count
    }
}

/// An open and locked journal.
#[derive(Debug)]
pub struct Journal {
    file: File,
}

/// What a journal says of the runs before.
#[derive(Debug, Default)]
pub struct Past {
    /// What is done, in order, with what was noted of it.
    pub done: Vec<(Span, Value)>,
    /// What was begun and may be done, in order.
    pub uncertain: Vec<Span>,
}

impl Journal {
    /// Begins a journal; `what` is the run.
    pub fn begin(path: &Path, what: &Value) -> Result<Self, Failure> {
        Self::check_new(path)?;
        let mut file = own::create(path, &Mode::Private).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => exists(path),
            _ => Failure::new(Exit::Other, format!("{}: {e}", path.display())),
        })?;
        lock(&file, path)?;
        write(&mut file, what).map_err(|e| failure(path, &e))?;
        Ok(Self { file })
    }

    /// Fails where a journal cannot begin at a path, because something is there.
    pub fn check_new(path: &Path) -> Result<(), Failure> {
        if path.as_os_str() == "-" {
            return Err(Failure::usage("a journal is a file, and `-` names none")
                .hint("a file called so is `./-`"));
        }
        if path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        Ok(())
    }

    /// Removes a journal that a kill has left without its first line: nothing was sent.
    pub fn remove_blank(path: &Path) {
        const LONGEST_FIRST: u64 = 64 * 1024;
        let text = own::read(path, LONGEST_FIRST).ok();
        if text.is_some_and(|text| {
            !text.contains(&b'\n') && (text.is_empty() || record::is_marked(&text))
        }) {
            // One that cannot be removed is reported to be there.
            let _ = std::fs::remove_file(path);
        }
    }

    /// Opens a journal of spans to continue it: what the run is, and what became of it so far.
    pub fn resume(path: &Path) -> Result<(Self, Value, Past), Failure> {
        let mut past = Past::default();
        let (journal, what) = Self::resume_with(path, &mut |entry| past.read(entry))?;
        past.done.sort_by_key(|(span, _)| *span);
        past.uncertain.sort_unstable();
        Ok((journal, what, past))
    }

    /// Opens a journal to continue it; gives what the run is, and passes on each entry.
    pub fn resume_with(
        path: &Path,
        report: &mut dyn FnMut(&Value),
    ) -> Result<(Self, Value), Failure> {
        let fail = |e: &io::Error| failure(path, e);
        let mut file = own::open(path).map_err(|e| {
            Failure::config(format!("{}: {e}", path.display()))
                .hint("a journal is a file of your own that nobody else can write")
        })?;
        lock(&file, path)?;
        let (what, whole) = read(&file, path, report)?;
        file.set_len(whole).map_err(|e| fail(&e))?;
        file.seek(SeekFrom::End(0)).map_err(|e| fail(&e))?;
        Ok((Self { file }, what))
    }

    /// Reads a journal that may be written at the same time: what the run is, and each entry.
    pub fn look(path: &Path, report: &mut dyn FnMut(&Value)) -> Result<Value, Failure> {
        let file = own::open_to_read(path)
            .map_err(|e| Failure::new(Exit::Other, format!("{}: {e}", path.display())))?;
        Ok(read(&file, path, report)?.0)
    }

    /// Writes entries, which reach the disk with the next [`Journal::sync`].
    pub fn append<T: Serialize>(&mut self, entries: impl IntoIterator<Item = T>) -> io::Result<()> {
        let mut text = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut text, &entry)?;
            text.push(b'\n');
        }
        let before = self.file.stream_position()?;
        self.file.write_all(&text).inspect_err(|_| {
            // Half a line would spoil the next one.
            let _ = self.file.set_len(before);
            let _ = self.file.seek(SeekFrom::Start(before));
        })
    }

    /// Has what was written reach the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Notes that a span is begun.
    pub fn begun(&mut self, span: Span) -> io::Result<()> {
        write(&mut self.file, &json!({"begun": [span.first, span.count]}))
    }

    /// Notes that a span is done, and how it went.
    pub fn done(&mut self, span: Span, how: &Value) -> io::Result<()> {
        let mut entry = Map::new();
        entry.insert("done".to_owned(), json!([span.first, span.count]));
        entry.insert("how".to_owned(), how.clone());
        write(&mut self.file, &entry.into())
    }

    /// Notes that a span that was begun has changed nothing.
    pub fn undone(&mut self, span: Span) -> io::Result<()> {
        write(&mut self.file, &json!({"undone": [span.first, span.count]}))
    }
}

fn exists(path: &Path) -> Failure {
    Failure::usage(format!("the journal `{}` exists", path.display()))
        .hint("`--resume` continues it; a new run needs another name")
}

impl Past {
    fn read(&mut self, entry: &Value) {
        let span = |name: &str| {
            let pair = entry.get(name)?.as_array()?;
            Some(Span {
                first: pair.first()?.as_u64()?,
                count: pair.get(1)?.as_u64()?,
            })
        };
        if let Some(span) = span("begun") {
            self.uncertain.push(span);
        } else if let Some(span) = span("done") {
            self.forget(span);
            let how = entry.get("how").cloned().unwrap_or_default();
            self.done.push((span, how));
        } else if let Some(span) = span("undone") {
            self.forget(span);
        }
    }

    /// Removes a settled span from `uncertain`, even if its bounds differ.
    fn forget(&mut self, known: Span) {
        let mut left = Vec::new();
        for span in self.uncertain.drain(..) {
            for (first, end) in [
                (span.first, span.end().min(known.first)),
                (span.first.max(known.end()), span.end()),
            ] {
                if first < end {
                    left.push(Span {
                        first,
                        count: end - first,
                    });
                }
            }
        }
        self.uncertain = left;
    }
}

/// Reads the lines of a journal: what the run is, and the length of all lines that are complete.
fn read(file: &File, path: &Path, report: &mut dyn FnMut(&Value)) -> Result<(Value, u64), Failure> {
    let mut what = None;
    let mut whole = 0;
    let mut lines = BufReader::new(file);
    loop {
        let mut line = Vec::new();
        let most = (&mut lines).take(LONGEST);
        let n = { most }
            .read_until(b'\n', &mut line)
            .map_err(|e| failure(path, &e))?;
        let is_first = what.is_none();
        if n as u64 == LONGEST || (is_first && n > 0 && !record::is_marked(&line)) {
            return Err(no_journal(path));
        }
        // The last line of a run that was killed may lack its end.
        if n == 0 || line.last() != Some(&b'\n') {
            break;
        }
        let Ok(entry) = serde_json::from_slice::<Value>(&line) else {
            return Err(no_journal(path));
        };
        whole += n as u64;
        match what {
            None => what = Some(entry),
            Some(_) => report(&entry),
        }
    }
    let Some(what) = what else {
        let message = format!("{}: the journal is empty", path.display());
        return Err(Failure::new(Exit::Other, message).hint("remove it; nothing was sent"));
    };
    Ok((what, whole))
}

/// No line of a journal is longer, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

fn no_journal(path: &Path) -> Failure {
    let message = format!("{}: not a journal", path.display());
    Failure::new(Exit::Other, message).hint("name another file; this one is left as it is")
}

fn write(file: &mut File, entry: &Value) -> io::Result<()> {
    file.write_all(format!("{entry}\n").as_bytes())?;
    file.sync_data()
}

fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => Err(Failure::new(
            Exit::Other,
            format!("{}: another run is writing this journal", path.display()),
        )),
        // Some network file systems have no locks.
        _ => Ok(()),
    }
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Other, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: u64, count: u64) -> Span {
        Span { first, count }
    }

    #[test]
    fn a_run_is_remembered_up_to_a_cut_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let mut journal = Journal::begin(&path, &json!({"apicall": 1})).unwrap();
        for first in [0, 10, 20, 30] {
            journal.begun(span(first, 10)).unwrap();
        }
        journal.done(span(10, 10), &json!({"n": 7})).unwrap();
        journal.undone(span(20, 10)).unwrap();
        assert!(Journal::resume(&path).is_err(), "it is locked");
        drop(journal);
        assert!(Journal::begin(&path, &json!({})).is_err(), "it exists");
        let mut file = own::open(&path).unwrap();
        file.seek(SeekFrom::End(0)).unwrap();
        file.write_all(b"{\"done\":[0,1").unwrap();
        drop(file);
        let (mut journal, what, past) = Journal::resume(&path).unwrap();
        assert_eq!(what, json!({"apicall": 1}));
        assert_eq!(past.done, [(span(10, 10), json!({"n": 7}))]);
        assert_eq!(past.uncertain, [span(0, 10), span(30, 10)]);
        journal.done(span(0, 3), &json!({})).unwrap();
        drop(journal);
        let (_, _, past) = Journal::resume(&path).unwrap();
        assert_eq!(past.uncertain, [span(3, 7), span(30, 10)]);
    }
}
