//! Writes a download, and moves the file to its path when it is complete.
//!
//! Until then the bytes are in a part or a temporary file beside it.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Exit, Failure};
use crate::files::{self, Mode, Temporary};
use crate::signals;

use super::part::PartialFile;
use super::target::{Target, failure, folder};

/// Pieces of this size are read and written.
const BLOCK: usize = 64 * 1024;

/// What is written to.
#[derive(Debug)]
pub enum Sink {
    /// A file of a name nobody knows, gone when it is dropped.
    Temporary(Temporary),
    /// A part that can be continued.
    Part(PartialFile),
}

/// Why a body did not come to its end.
#[derive(Debug)]
pub enum Broken {
    /// It could not be read.
    Read(io::Error),
    /// It could not be written.
    Write(io::Error),
    /// It ended before the range that it was said to be.
    Short,
    /// More came than the range that it was said to be.
    Long,
    /// Somebody ended the run.
    Signal,
}

/// What is left of a download that broke off.
#[derive(Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// A part of this name with so many bytes, which can be continued.
    Part(PathBuf, u64),
}

impl Sink {
    /// Makes a temporary file in the folder of a target, so that it can be renamed; a signal takes
    /// it away.
    pub fn temporary(
        target: &Path,
        permissions: Option<&fs::Permissions>,
    ) -> Result<Self, Failure> {
        let file =
            Temporary::beside(target, &Mode::of(permissions)).map_err(|e| failure(target, &e))?;
        Ok(Self::Temporary(file))
    }

    /// Has a signal take a temporary file away and end the run at once, where nobody looks for
    /// signals while it is written.
    pub fn watch(&self) -> Result<(), Failure> {
        match self {
            Self::Temporary(_) => signals::watch(),
            Self::Part(_) => Ok(()),
        }
    }

    /// Returns the file behind it.
    #[must_use]
    pub fn file(&self) -> &File {
        match self {
            Self::Temporary(file) => file.file(),
            Self::Part(part) => part.file(),
        }
    }

    /// Ends a download that is complete: it takes the target's place, or that of nothing where
    /// `replaces` is false.
    pub fn finish(self, target: &Target, replaces: bool) -> Result<(), Failure> {
        let Target { path, permissions } = target;
        let fail = |e: &io::Error| failure(path, e);
        let file = self.file();
        file.sync_all().map_err(|e| fail(&e))?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions.clone())
                .map_err(|e| fail(&e))?;
        }
        match self {
            Self::Temporary(file) if replaces => {
                file.persist(path).map_err(|e| fail(&e))?;
            }
            Self::Temporary(file) => {
                file.persist_new(path).map_err(|e| occupied(path, &e))?;
            }
            Self::Part(part) => {
                if replaces {
                    fs::rename(part.path(), path).map_err(|e| fail(&e))?;
                } else {
                    rename_to_new(part.path(), path)?;
                }
                part.forget();
            }
        }
        sync_folder(path);
        Ok(())
    }

    /// Ends a download that broke off. What can be continued stays.
    #[must_use]
    pub fn abandon(self, broken: &Broken) -> Kept {
        let Self::Part(part) = self else {
            return Kept::Nothing;
        };
        let len = part.file().metadata().map_or(0, |m| m.len());
        // A full disk is not made better by keeping the part.
        if matches!(broken, Broken::Write(_) | Broken::Long) || len == 0 {
            part.remove();
            return Kept::Nothing;
        }
        Kept::Part(part.path().to_path_buf(), len)
    }
}

/// Copies a body; `at` is given the bytes of each piece.
pub fn copy(body: &mut impl Read, sink: &Sink, at: &mut dyn FnMut(&[u8])) -> Result<(), Broken> {
    let mut file = sink.file();
    let mut buf = vec![0; BLOCK];
    loop {
        let n = match body.read(&mut buf) {
            _ if signals::pending().is_some() => return Err(Broken::Signal),
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Broken::Read(e)),
        };
        file.write_all(&buf[..n]).map_err(Broken::Write)?;
        at(&buf[..n]);
    }
}

/// Renames, unless there is a file of that name.
fn rename_to_new(from: &Path, to: &Path) -> Result<(), Failure> {
    match fs::hard_link(from, to) {
        Ok(()) => {
            // Both names are the same file; one of them is enough.
            let _ = fs::remove_file(from);
            Ok(())
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(occupied(to, &e)),
        // File systems without hard links.
        Err(_) if fs::symlink_metadata(to).is_err() => {
            fs::rename(from, to).map_err(|e| failure(to, &e))
        }
        Err(e) => Err(occupied(to, &e)),
    }
}

/// Returns the failure of a name that the server chose and that is taken.
fn occupied(path: &Path, error: &io::Error) -> Failure {
    if error.kind() != io::ErrorKind::AlreadyExists {
        return failure(path, error);
    }
    Failure::new(
        Exit::Other,
        format!("`{}` exists, and `-O` replaces no file", path.display()),
    )
    .hint(format!("`--download {}` replaces it", path.display()))
}

/// Fails where a name that the server chose is taken.
pub fn refuse_occupied(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(occupied(path, &io::ErrorKind::AlreadyExists.into())),
        Err(_) => Ok(()),
    }
}

/// Makes the new name last. Not every file system can; the file itself is safe.
fn sync_folder(path: &Path) {
    let _ = files::sync_folder(folder(path));
}
