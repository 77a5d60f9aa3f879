//! `FILE.part` and `FILE.part.json`: what came of a download that can be continued, and what has to
//! be known for it.
//!
//! The record is written before the first byte, so that a run that is killed leaves a part of use.
//! A lock keeps two runs from writing the same part; one that has no record is not ours, and not
//! touched.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::{Exit, Failure};
use crate::files::{Mode, own, record};

use super::resume::Record;
use super::target::failure;

/// An open and locked part.
#[derive(Debug)]
pub struct PartialFile {
    file: File,
    path: PathBuf,
    record_path: PathBuf,
    have: u64,
}

/// What lies beside a target.
#[derive(Debug)]
pub enum Found {
    /// No part, or an empty one.
    Nothing,
    /// A file with the part's name that has no record.
    Foreign(PathBuf),
    /// A part, and what it is a part of.
    Ours(PartialFile, Record),
}

impl PartialFile {
    /// Looks for the part of a target, to continue it, and gives it the mode of the file that it
    /// becomes.
    pub fn find(target: &Path, mode: &Mode) -> Result<Found, Failure> {
        let path = with_suffix(target, ".part");
        let record_path = with_suffix(target, ".part.json");
        if fs::symlink_metadata(&path).is_err() {
            return Ok(Found::Nothing);
        }
        let Ok(file) = own::open(&path) else {
            return Ok(Found::Foreign(path));
        };
        let Some(record) = record::read(&record_path).and_then(|bytes| Record::parse(&bytes))
        else {
            // A kill between part and record leaves an empty one, which is nobody's.
            return Ok(match file.metadata() {
                Ok(found) if found.len() == 0 => Found::Nothing,
                _ => Found::Foreign(path),
            });
        };
        let part = Self::locked(Ok(file), path, record_path)?.settled(mode)?;
        Ok(match part.have {
            0 => Found::Nothing,
            _ => Found::Ours(part, record),
        })
    }

    /// Begins a part with the mode of the file that it becomes. `None` where a foreign file has its
    /// name or its record's.
    pub fn begin(target: &Path, record: &Record, mode: &Mode) -> Result<Option<Self>, Failure> {
        let path = with_suffix(target, ".part");
        let record_path = with_suffix(target, ".part.json");
        let part = match Self::find(target, mode)? {
            Found::Ours(part, _) => part,
            Found::Foreign(_) => return Ok(None),
            Found::Nothing => {
                let known = record::read(&record_path);
                let is_free = fs::symlink_metadata(&record_path).is_err();
                if !is_free && !known.is_some_and(|bytes| Record::is_ours(&bytes)) {
                    return Ok(None);
                }
                // An empty one may be left.
                let file = match own::create(&path, mode) {
                    Err(e) if e.kind() == io::ErrorKind::AlreadyExists => own::open(&path),
                    result => result,
                };
                Self::locked(file, path, record_path)?.settled(mode)?
            }
        };
        part.restart(record).map(Some)
    }

    fn locked(
        file: io::Result<File>,
        path: PathBuf,
        record_path: PathBuf,
    ) -> Result<Self, Failure> {
        let file = file.map_err(|e| failure(&path, &e))?;
        let busy = || {
            Failure::new(
                Exit::Other,
                format!("{}: another download is writing it", path.display()),
            )
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(busy()),
            // A file system without locks is as safe as other tools are.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // Whoever held the lock may have put the file into the target's place since it was opened.
        if !own::is_at(&file, &path) {
            return Err(busy());
        }
        let have = file.metadata().map_err(|e| failure(&path, &e))?.len();
        Ok(Self {
            file,
            path,
            record_path,
            have,
        })
    }

    fn settled(self, mode: &Mode) -> Result<Self, Failure> {
        mode.settle(&self.file)
            .map_err(|e| failure(&self.path, &e))?;
        Ok(self)
    }

    /// Throws the bytes away and begins with a new record.
    pub fn restart(mut self, record: &Record) -> Result<Self, Failure> {
        // In this order: a record never stands beside bytes of another file.
        self.file
            .set_len(0)
            .and_then(|()| self.file.seek(SeekFrom::Start(0)))
            .map_err(|e| failure(&self.path, &e))?;
        self.have = 0;
        record::write(&self.record_path, &record.text(), &Record::is_ours)
            .map_err(|e| failure(&self.record_path, &e))?;
        Ok(self)
    }

    /// Goes to the end, to append.
    pub fn to_end(&mut self) -> Result<(), Failure> {
        self.file
            .seek(SeekFrom::Start(self.have))
            .map_err(|e| failure(&self.path, &e))?;
        Ok(())
    }

    /// Returns how many bytes there were when it was opened.
    #[must_use]
    pub fn have(&self) -> u64 {
        self.have
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the open file.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Removes part and record.
    pub fn remove(self) {
        // What cannot be removed stays: there is a greater failure to report.
        let _ = fs::remove_file(&self.path);
        self.forget();
    }

    /// Removes the record of a part that is none any more.
    pub fn forget(self) {
        let _ = fs::remove_file(&self.record_path);
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
