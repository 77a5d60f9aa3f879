//! The unfinished file of an export by offset, and where the next page of it begins.
//!
//! `FILE.part` holds whole lines, one for each document, and `FILE.part.json` says what it is of;
//! so the number of lines is the offset to go on from.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Exit, Failure};

/// An open and locked part.
#[derive(Debug)]
pub struct Part {
    file: File,
    path: PathBuf,
    record: PathBuf,
    target: PathBuf,
    documents: u64,
}

impl Part {
    /// Begins the part of a target, or goes on with it where `resume` says so and there is one.
    pub fn open(target: &Path, what: &Value, resume: bool) -> Result<Self, Failure> {
        let beside = |suffix: &str| {
            let mut name = target.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let (path, record) = (beside(".part"), beside(".part.json"));
        let fail = |e: &io::Error| Failure::new(Exit::Other, format!("{}: {e}", path.display()));
        let before = fs::read(&record).ok();
        let before: Option<Value> = before.and_then(|b| serde_json::from_slice(&b).ok());
        if path.exists() && before.is_none() {
            let message = format!("`{}` is in the way", path.display());
            return Err(Failure::new(Exit::Other, message).hint("move it away"));
        }
        if path.exists() && before.as_ref() != Some(what) {
            let message = format!("`{}` is the part of another export", path.display());
            return Err(Failure::usage(message).hint("move it away, or choose another file"));
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = file.map_err(|e| fail(&e))?;
        if matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) {
            let message = format!("{}: another run is writing it", path.display());
            return Err(Failure::new(Exit::Other, message));
        }
        let (documents, bytes) = if resume {
            whole_lines(&file).map_err(|e| fail(&e))?
        } else {
            (0, 0)
        };
        file.set_len(bytes).map_err(|e| fail(&e))?;
        file.seek(SeekFrom::Start(bytes)).map_err(|e| fail(&e))?;
        fs::write(&record, what.to_string()).map_err(|e| fail(&e))?;
        Ok(Self {
            file,
            path,
            record,
            target: target.to_path_buf(),
            documents,
        })
    }

    /// How many documents it held when it was opened.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Takes the record away, so that nobody goes on with what is known to be wrong.
    pub fn disown(&self) {
        // What can not be removed has been told to be wrong all the same.
        let _ = fs::remove_file(&self.record);
    }

    /// Puts the part, which is whole, into its target's place.
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, &self.target)?;
        fs::remove_file(&self.record)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The number of lines that have an end, and where the last of them ends.
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
