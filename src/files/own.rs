//! Files that a run leaves for the next one: made new, or taken up again where they are ours.
//!
//! Ours is a regular file with one name that belongs to the user. What it holds is judged by
//! whoever opens it, before the first byte is changed.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use super::{Mode, careful};

/// Makes a file that was not there, to write and read it. A link of its name counts as there.
pub fn create(path: &Path, mode: &Mode) -> io::Result<File> {
    let mut options = careful();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(mode.bits());
    }
    let file = options.open(path)?;
    mode.settle(&file)?;
    Ok(file)
}

/// Opens a file of ours to read and change it.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = careful();
    options.read(true).write(true);
    opened(&options, path)
}

/// Opens a file of ours to read it.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    opened(careful().read(true), path)
}

/// Opens a file and checks it; a link is named as what it is.
fn opened(options: &OpenOptions, path: &Path) -> io::Result<File> {
    match options.open(path) {
        Ok(file) => check(file),
        Err(_) if path.is_symlink() => Err(io::Error::other("is a symbolic link")),
        Err(e) => Err(e),
    }
}

/// Reads a file of ours to its end, up to a number of bytes.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    super::bounded(open_to_read(path)?, limit)
}

/// Opens a file that is there only to be locked, made where it is not there.
pub fn lock_file(path: &Path) -> io::Result<File> {
    match create(path, &Mode::Private) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => open(path),
        result => result,
    }
}

/// Returns whether a file is regular, has one name and belongs to the user.
fn check(file: File) -> io::Result<File> {
    let found = file.metadata()?;
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        return Err(io::Error::other("is not a regular file"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if found.uid() != super::user::id() {
            return Err(io::Error::other(format!(
                "belongs to another user (uid {})",
                found.uid()
            )));
        }
        if found.nlink() > 1 {
            return Err(io::Error::other("has a second name (a hard link)"));
        }
        if found.mode() & 0o002 != 0 {
            return Err(io::Error::other("can be written by everybody"));
        }
    }
    Ok(file)
}

/// Returns whether an open file still has its path's name.
#[must_use]
pub fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        match (file.metadata(), std::fs::symlink_metadata(path)) {
            (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.is_file()
    }
}
