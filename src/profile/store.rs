//! The config file on disk: changed under a lock, replaced in one step.
//!
//! A change takes a lock beside the file, reads what is there now and puts a complete new file in
//! its place, so that two writers lose nothing and a kill leaves the old file or the new one. A
//! symlink is followed and its target replaced. `edit` knows the text, this file knows the disk.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::error::Failure;
use crate::files::trust::{self, What};
use crate::files::{self, Mode, Temporary, folder_of, make_folder, own};
use crate::secret::{looks_like_key, typed};

use super::config::{self, Config};
use super::edit::Edit;

/// Checks the name of a profile: `[A-Za-z0-9._-]+`.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if name.is_empty() || !name.bytes().all(valid) || looks_like_key(name) {
        return Err(Failure::usage(format!(
            "`{}` is not a name for a profile",
            typed(name).escape_debug()
        ))
        .hint("names have letters, digits, `.`, `_` and `-`"));
    }
    Ok(())
}

/// Changes the config file under its lock. Nothing is written where `change` fails or changes
/// nothing.
pub fn edit<T>(
    path: &Path,
    change: impl FnOnce(&mut Edit) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let target = follow(path)?;
    refuse_special(&target)?;
    let folder = folder_of(&target);
    let name = || folder.display().to_string();
    make_folder(folder).with_context(name)?;
    // What is written there is read there: with the same folder, and that of a link to it.
    for place in [path, &target] {
        if folder_of(place).exists() {
            trust::check_folder(place, What::Config)?;
        }
    }
    let lock_file = target.with_file_name(beside(&target, ".lock"));
    let _lock = lock(&lock_file).with_context(|| lock_file.display().to_string())?;
    let old = match config::read(&target)? {
        None => String::new(),
        Some((text, file)) => {
            // The same refusals as for reading: what others wrote is not carried on.
            Config::of_file(path, &text, &file)?;
            text
        }
    };
    let mut edit = Edit::new(&old)?;
    let result = change(&mut edit)?;
    let new = edit.text();
    if new != old {
        replace(&target, folder, &new).with_context(|| target.display().to_string())?;
    }
    Ok(result)
}

/// Fails where the config file cannot be changed, before the user logs in for nothing.
pub fn check_writable(path: &Path) -> anyhow::Result<()> {
    edit(path, |_| Ok(()))
}

/// Follows symlinks to the file that is replaced, also where that file does not exist yet.
fn follow(path: &Path) -> Result<PathBuf, Failure> {
    let mut path = path.to_path_buf();
    // As many as Linux itself follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(to) => path = path.parent().unwrap_or(Path::new("")).join(to),
            Err(_) => return Ok(path),
        }
    }
    Err(Failure::config(format!(
        "{}: too many symlinks",
        path.display()
    )))
}

/// Refuses to replace a pipe or a device, which may be read as a config, by a file.
fn refuse_special(target: &Path) -> Result<(), Failure> {
    match fs::metadata(target) {
        Ok(found) if !found.is_file() => Err(Failure::config(format!(
            "{} is not a file that can be changed",
            target.display()
        ))),
        _ => Ok(()),
    }
}

/// Returns the name of a file beside the config file that is hidden from `ls`.
fn beside(target: &Path, suffix: &str) -> OsString {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(suffix);
    name
}

/// A writer holds the lock for a moment; one that holds it longer is stopped or hangs.
const LOCK_LIMIT: Duration = Duration::from_secs(30);

/// Waits for the lock; it is given back when the handle is dropped, also by a kill.
fn lock(path: &Path) -> std::io::Result<File> {
    let file = own::lock_file(path)?;
    let deadline = Instant::now() + LOCK_LIMIT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(std::io::Error::other(
                    "another program has locked the config",
                ));
            }
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
}

/// How the names of files end that a killed writer left behind.
const LEFTOVER: &str = ".tmp";

/// Removes what a killed writer left behind; the caller holds the lock.
fn remove_leftovers(folder: &Path, prefix: &OsString) {
    let prefix = prefix.to_string_lossy();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&*prefix) && name.ends_with(LEFTOVER) {
            // A file that stays costs nothing but its place.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Writes a complete file beside the target, made 0600 from the start, and renames it.
fn replace(target: &Path, folder: &Path, text: &str) -> std::io::Result<()> {
    let prefix = beside(target, "-");
    remove_leftovers(folder, &prefix);
    let mut file = Temporary::named(folder, (&prefix, LEFTOVER), &Mode::Private)?;
    file.write_all(text.as_bytes())?;
    file.file().sync_all()?;
    file.persist(target)?;
    // The rename itself reaches the disk with its folder.
    files::sync_folder(folder)
}

/// Writes a profile's certificates into a file beside the config, and gives its path.
pub fn keep_certificates(pem: &str, name: &str, config_file: &Path) -> anyhow::Result<PathBuf> {
    let config_file = std::path::absolute(config_file)?;
    let folder = folder_of(&config_file).join("certificates");
    let context = || folder.display().to_string();
    make_folder(&folder).with_context(context)?;
    let path = folder.join(format!("{name}.pem"));
    files::replace(&path, pem.as_bytes(), &Mode::Private).with_context(context)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "10.0.0.2", "A-b_c"] {
            check_name(good).unwrap();
        }
        for bad in ["", "a b", "a/b", "é", "a\n"] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }
}
