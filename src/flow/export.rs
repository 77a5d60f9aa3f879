//! The unfinished file of an export by offset, and where the next page of it begins.
//!
//! `FILE.part` holds whole lines, one for each document, and `FILE.part.json` says what it is of;
//! so the number of lines is the offset to resume from.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Exit, Failure};
use crate::files::{Mode, own, record};

/// An open and locked part.
#[derive(Debug)]
pub struct PartialExport {
    file: File,
    path: PathBuf,
    record: PathBuf,
    target: PathBuf,
    documents: u64,
}

impl PartialExport {
    /// Begins the part of a target, or resumes it where `resume` says so and there is one. `what`
    /// is the mark of an export with what it is of.
    pub fn open(target: &Path, what: &Value, way: &Begin) -> Result<Self, Failure> {
        let beside = |suffix: &str| {
            let mut name = target.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let (path, record) = (beside(".part"), beside(".part.json"));
        let fail = |e: &io::Error| Failure::new(Exit::Other, format!("{}: {e}", path.display()));
        let in_the_way = |path: &Path, why: &str| {
            let message = format!("`{}` is in the way: {why}", path.display());
            Failure::new(Exit::Other, message).hint("move it away")
        };
        let before = record::read(&record).and_then(|bytes| parse(&bytes));
        if before.is_none() && fs::symlink_metadata(&record).is_ok() {
            return Err(in_the_way(&record, "it is not a record of an export"));
        }
        let (file, is_new) = match own::create(&path, &way.mode) {
            Ok(file) => (file, true),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                let file = own::open(&path).map_err(|e| in_the_way(&path, &e.to_string()))?;
                (file, false)
            }
            Err(e) => return Err(fail(&e)),
        };
        let mut file = file;
        if matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) {
            let message = format!("{}: another run is writing it", path.display());
            return Err(Failure::new(Exit::Other, message));
        }
        let len = file.metadata().map_err(|e| fail(&e))?.len();
        // An empty part is what a kill between part and record leaves.
        if !is_new && len > 0 {
            match &before {
                None => return Err(in_the_way(&path, "it has no record")),
                Some(before) if before != what => {
                    let message = format!("`{}` belongs to another export", path.display());
                    return Err(
                        Failure::usage(message).hint("move it away, or choose another file")
                    );
                }
                Some(_) => {}
            }
        }
        way.mode.settle(&file).map_err(|e| fail(&e))?;
        let (documents, bytes) = if way.resume {
            whole_lines(&file).map_err(|e| fail(&e))?
        } else {
            (0, 0)
        };
        file.set_len(bytes).map_err(|e| fail(&e))?;
        file.seek(SeekFrom::Start(bytes)).map_err(|e| fail(&e))?;
        let knows = |bytes: &[u8]| parse(bytes).is_some();
        record::write(&record, what.to_string().as_bytes(), &knows)
            .map_err(|e| Failure::new(Exit::Other, format!("{}: {e}", record.display())))?;
        Ok(Self {
            file,
            path,
            record,
            target: target.to_path_buf(),
            documents,
        })
    }

    /// Returns how many documents it held when it was opened.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Removes the record, so that no later run resumes a part that is known to be wrong.
    pub fn disown(&self) {
        // What cannot be removed has been reported as wrong all the same.
        let _ = fs::remove_file(&self.record);
    }

    /// Moves the complete part to its target's path.
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, &self.target)?;
        fs::remove_file(&self.record)
    }
}

/// How a part is opened.
#[derive(Debug)]
pub struct Begin {
    /// Whether what is there is gone on with.
    pub resume: bool,
    /// The mode of the file that it becomes.
    pub mode: Mode,
}

/// Reads a record; one of 0.1.0 has no mark, and its three members.
fn parse(text: &[u8]) -> Option<Value> {
    let mut record: Value = serde_json::from_slice(text).ok()?;
    let members = record.as_object_mut()?;
    let mark = members.entry("apicall").or_insert_with(|| "export".into());
    let is_export = mark == "export";
    let names = ["apicall", "url", "fabric", "collection"];
    let is_known = members.len() == names.len() && names.iter().all(|n| members.contains_key(*n));
    (is_export && is_known).then_some(record)
}

impl Write for PartialExport {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Returns the number of lines that have an end, and where the last of them ends.
fn whole_lines(file: &File) -> io::Result<(u64, u64)> {
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let (mut lines, mut end, mut at) = (0, 0, 0);
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            return Ok((lines, end));
        }
        for newline in memchr::memchr_iter(b'\n', block) {
            lines += 1;
            end = at + newline as u64 + 1;
        }
        let n = block.len();
        at += n as u64;
        reader.consume(n);
    }
}
