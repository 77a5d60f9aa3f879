//! Looks at where a download goes: a regular file, new or replaced atomically.
//!
//! A link, a pipe and a device are refused: what lies behind them may be another user's choice.

use std::fs::{self, Permissions};
use std::path::{Path, PathBuf};

use crate::error::{Exit, Failure};

/// The file that a download becomes.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its path.
    pub path: PathBuf,
    /// The permissions of the file that is replaced.
    pub permissions: Option<Permissions>,
}

impl Target {
    /// Looks at what the user named, before anything is sent. `streamed` says how the body gets to
    /// standard output instead, which can be sent anywhere.
    pub fn of(path: &Path, streamed: &str) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Err(Failure::usage("`--download` writes a file")
                .hint("`-o raw` writes the body to standard output as it came"));
        }
        let name = path.display();
        let found = fs::symlink_metadata(path);
        let is_link = found.as_ref().is_ok_and(fs::Metadata::is_symlink);
        let is_folder = path.is_dir() || name.to_string().ends_with(std::path::is_separator);
        if is_folder {
            return Err(
                Failure::usage(format!("`{name}` is a folder")).hint("name a file inside it")
            );
        }
        if is_link {
            return Err(Failure::new(Exit::Other, format!("`{name}` is a link"))
                .hint("nothing is written through a link: name the file itself"));
        }
        if found.as_ref().is_ok_and(|found| !found.is_file()) {
            return Err(
                Failure::new(Exit::Other, format!("`{name}` is not a regular file"))
                    .hint(format!("{streamed} writes to standard output: `> {name}`")),
            );
        }
        check_folder(path)?;
        Ok(Self {
            path: path.to_path_buf(),
            permissions: found.ok().map(|found| found.permissions()),
        })
    }
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
