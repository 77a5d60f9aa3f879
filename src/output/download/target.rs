//! Resolves where a download goes: a file that is replaced atomically, or a stream that takes
//! bytes.
//!
//! Follows links once and keeps the replaced file's permissions.

use std::fs::{self, Permissions};
use std::path::{Path, PathBuf};

use crate::error::{Exit, Failure};

/// Links that are followed to the file behind them; as many as Linux follows.
const MOST_LINKS: usize = 40;

/// Where a download goes.
#[derive(Clone, Debug)]
pub enum Target {
    /// A file, present or not; links to it are followed already.
    File {
        /// Its path.
        path: PathBuf,
        /// The permissions of the file that is replaced.
        permissions: Option<Permissions>,
    },
    /// A device or a pipe: it is written to as it is.
    Stream(PathBuf),
}

impl Target {
    /// Looks at what the user named, before anything is sent.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Err(Failure::usage("`--download` writes a file")
                .hint("`-o raw` writes the body to standard output as it came"));
        }
        let name = path.display();
        let is_folder = path.is_dir() || name.to_string().ends_with(std::path::is_separator);
        if is_folder {
            return Err(
                Failure::usage(format!("`{name}` is a folder")).hint("name a file inside it")
            );
        }
        let path = behind_links(path)?;
        match fs::metadata(&path) {
            Ok(found) if !found.is_file() => Ok(Self::Stream(path)),
            Ok(found) => {
                check_folder(&path)?;
                Ok(Self::File {
                    path,
                    permissions: Some(found.permissions()),
                })
            }
            Err(_) => {
                check_folder(&path)?;
                Ok(Self::File {
                    path,
                    permissions: None,
                })
            }
        }
    }
}

/// Returns the file that a path leads to, also where it does not exist yet.
fn behind_links(path: &Path) -> Result<PathBuf, Failure> {
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        // Below /proc links lead to open files, and their text to nowhere.
        let is_link = fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink());
        let is_file = fs::metadata(&path).map_or(true, |m| m.is_file());
        if !is_link || !is_file {
            return Ok(path);
        }
        let next = fs::read_link(&path).map_err(|e| failure(&path, &e))?;
        path = folder(&path).join(next);
    }
    Err(Failure::new(
        Exit::Other,
        format!("{}: the links go in circles", path.display()),
    ))
}

/// Returns the folder of a file.
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Fails where no file can be made beside the target: better before the call than after it.
fn check_folder(path: &Path) -> Result<(), Failure> {
    let folder = folder(path);
    let found = fs::metadata(folder).map_err(|e| failure(folder, &e))?;
    if !found.is_dir() {
        return Err(Failure::new(
            Exit::Other,
            format!("{}: not a folder", folder.display()),
        ));
    }
    #[cfg(unix)]
    rustix::fs::access(
        folder,
        rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK,
    )
    .map_err(|e| failure(folder, &e.into()))?;
    Ok(())
}

/// Makes the failure of a path that cannot be used.
pub fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Other, format!("{}: {error}", path.display()))
}
