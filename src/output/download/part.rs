//! `FILE.part` and `FILE.part.json`: what came of a download that can be continued, and what has to
//! be known for it.
//!
//! The record is written before the first byte, so that a run that is killed leaves a part of use.
//! A lock keeps two runs from writing the same part; one that has no record is not ours, and not
//! touched.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::{Exit, Failure};

use super::resume::Record;
use super::target::failure;

/// An open and locked part.
#[derive(Debug)]
pub struct Part {
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
    Ours(Part, Record),
}

impl Part {
    /// Looks for the part of a target, to continue it.
    pub fn find(target: &Path) -> Result<Found, Failure> {
        let path = with_suffix(target, ".part");
        let record_path = with_suffix(target, ".part.json");
        let Ok(found) = fs::symlink_metadata(&path) else {
            return Ok(Found::Nothing);
        };
        let record = fs::read(&record_path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Record>(&bytes).ok())
            .filter(|_| found.is_file());
        let Some(record) = record else {
            return Ok(Found::Foreign(path));
        };
        let part = Self::locked(open(false, &path), path, record_path)?;
        Ok(match part.have {
            0 => Found::Nothing,
            _ => Found::Ours(part, record),
        })
    }

    /// Begins a part. `None` where a foreign file has its name, or the file system has no locks.
    pub fn begin(target: &Path, record: &Record) -> Result<Option<Self>, Failure> {
        let path = with_suffix(target, ".part");
        let record_path = with_suffix(target, ".part.json");
        let part = match Self::find(target)? {
            Found::Ours(part, _) => part,
            Found::Foreign(_) => return Ok(None),
            Found::Nothing => {
                // An empty one may be left with its record.
                let is_new = fs::symlink_metadata(&path).is_err();
                Self::locked(open(is_new, &path), path, record_path)?
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
        if !is_same(&file, &path) {
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

    /// Throws the bytes away and begins with a new record.
    pub fn restart(mut self, record: &Record) -> Result<Self, Failure> {
        // In this order: a record never stands beside bytes of another file.
        self.file
            .set_len(0)
            .and_then(|()| self.file.seek(SeekFrom::Start(0)))
            .map_err(|e| failure(&self.path, &e))?;
        self.have = 0;
        let mut text = serde_json::to_vec(record)
            .map_err(|e| failure(&self.record_path, &io::Error::other(e)))?;
        text.push(b'\n');
        fs::write(&self.record_path, text).map_err(|e| failure(&self.record_path, &e))?;
        Ok(self)
    }

    /// Goes to the end, to append.
    pub fn to_end(&mut self) -> Result<(), Failure> {
        self.file
            .seek(SeekFrom::Start(self.have))
            .map_err(|e| failure(&self.path, &e))?;
        Ok(())
    }

    /// How many bytes there were when it was opened.
    #[must_use]
    pub fn have(&self) -> u64 {
        self.have
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The open file.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Removes part and record.
    pub fn remove(self) {
        // What can not be removed stays: there is a greater failure to tell.
        let _ = fs::remove_file(&self.path);
        self.forget();
    }

    /// Removes the record of a part that is none any more.
    pub fn forget(self) {
        let _ = fs::remove_file(&self.record_path);
    }
}

/// Opens a part to write. Links are not followed: in a shared folder they may be somebody's trap.
fn open(is_new: bool, path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(is_new);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    options.open(path)
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same(_: &File, path: &Path) -> bool {
    path.is_file()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
