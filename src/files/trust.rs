//! Files that decide what is done, or with which key: whose they are, and who else may write them.
//!
//! Such a file belongs to the user or root, nobody else may write it, and the same holds for its
//! folder; in a folder where everybody may write but not rename (`/tmp`) it must be the user's own.
//! A group that is the user's alone counts as the user. What is on a read-only mount (a Kubernetes
//! secret) cannot be made so, and is read as it is. The checks look at the file that is open, so
//! that nobody can exchange it behind them. They are Unix's; elsewhere a home folder's own rules
//! protect these files.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::{bounded, careful};
use crate::error::Failure;

/// What a file is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The config file.
    Config,
    /// A key's file.
    Key,
    /// The database of the `maas` command line.
    Database,
    /// A cached response.
    Cache,
}

impl What {
    /// Returns why others must not be able to write the file.
    fn why(self) -> &'static str {
        match self {
            Self::Config => "and it can name commands to run",
            Self::Key => "and it holds a key",
            Self::Database => "and it says where keys are sent",
            Self::Cache => "and it says what is called",
        }
    }

    /// Returns the longest size of a file of the kind, in bytes.
    fn limit(self) -> u64 {
        match self {
            Self::Config => 16 * 1024 * 1024,
            Self::Key => 64 * 1024,
            Self::Database => 1024 * 1024 * 1024,
            Self::Cache => 64 * 1024 * 1024,
        }
    }

    /// Returns whether a link of its name is followed, once, to the file that is judged.
    fn follows(self) -> bool {
        match self {
            Self::Config | Self::Key => true,
            Self::Database | Self::Cache => false,
        }
    }
}

/// An open file that passed the checks.
#[derive(Debug)]
pub struct Trusted {
    file: File,
    path: PathBuf,
    found: Metadata,
    what: What,
    is_exempt: bool,
}

/// Opens a file that is trusted; `None` where there is none of that name. One that is not to be
/// trusted is refused with the command that mends it.
pub fn open(path: &Path, what: What) -> Result<Option<Trusted>, Failure> {
    let shown = path.display();
    let failed = |e: &io::Error| Failure::config(format!("{shown}: {e}"));
    let is_stream = is_given_stream(path);
    let place = if what.follows() && !is_stream {
        match std::fs::canonicalize(path) {
            Ok(place) => place,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failed(&e)),
        }
    } else {
        path.to_path_buf()
    };
    let file = if is_stream && what.follows() {
        super::input(&place)
    } else {
        careful().read(true).open(&place)
    };
    let file = match file {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) if place.is_symlink() => {
            return Err(Failure::config(format!("{shown} is a symlink"))
                .hint("put the file itself in its place"));
        }
        Err(e) => return Err(failed(&e)),
    };
    let found = file.metadata().map_err(|e| failed(&e))?;
    let is_exempt = is_stream || is_null(&found) || is_on_read_only_mount(&file);
    if found.is_dir() {
        return Err(Failure::config(format!("{shown}: is a directory")));
    }
    if !found.is_file() && !is_stream && !is_null(&found) {
        return Err(Failure::config(format!(
            "{shown} is a pipe or a device, not a file"
        )));
    }
    if found.len() > what.limit() {
        return Err(Failure::config(format!(
            "{shown} is longer than {} bytes",
            what.limit()
        )));
    }
    if !is_exempt {
        judge(&place, &found, what)?;
        judge_folder(&place, owner(&found), what)?;
        // Whoever may change the link may lead it to another file of the user's.
        if let Ok(link) = std::fs::symlink_metadata(path)
            && link.is_symlink()
        {
            judge_folder(path, owner(&link), what)?;
        }
    }
    Ok(Some(Trusted {
        file,
        path: path.to_path_buf(),
        found,
        what,
        is_exempt,
    }))
}

impl Trusted {
    /// Reads it.
    pub fn bytes(&self) -> Result<Vec<u8>, Failure> {
        bounded(&self.file, self.what.limit())
            .map_err(|e| Failure::config(format!("{}: {e}", self.path.display())))
    }

    /// Reads its text.
    pub fn text(&self) -> Result<String, Failure> {
        String::from_utf8(self.bytes()?)
            .map_err(|_| Failure::config(format!("{}: is not UTF-8 text", self.path.display())))
    }

    /// Returns when it was written, and how long it is.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.found
    }

    /// Refuses a file that everybody can read although it holds a secret, e.g. `a key`; gives a
    /// warning where only its group does.
    #[cfg(unix)]
    pub fn readers(&self, secret: Option<&str>) -> Result<Option<String>, Failure> {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let mode = self.found.permissions().mode();
        let Some(secret) = secret.filter(|_| !self.is_exempt && mode & 0o044 != 0) else {
            return Ok(None);
        };
        let shown = self.path.display();
        let cure = format!("chmod 600 {}", quoted(&self.path));
        if mode & 0o004 != 0 {
            let message = format!("{shown} holds {secret} and everybody can read it");
            return Err(Failure::config(message).hint(cure));
        }
        if super::user::is_private(self.found.gid()) {
            return Ok(None);
        }
        Ok(Some(format!(
            "{shown} holds {secret} and its group can read it ({cure})"
        )))
    }

    /// Finds no readers: elsewhere than on Unix the home folder's own rules protect the file.
    #[cfg(not(unix))]
    pub fn readers(&self, _: Option<&str>) -> Result<Option<String>, Failure> {
        Ok(None)
    }
}

/// Returns whether a path is a pipe that the parent has opened for us (`<(command)`): it is as
/// trustworthy as our arguments. One that lies in a folder is not.
pub(super) fn is_given_stream(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd", "/dev/stdin"]
        .iter()
        .any(|folder| path.starts_with(folder))
        && std::fs::metadata(path).is_ok_and(|found| is_pipe(&found))
}

#[cfg(unix)]
fn is_pipe(found: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Returns whether it is `/dev/null`, a config without anything.
#[cfg(unix)]
fn is_null(found: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    found.file_type().is_char_device()
        && std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == found.rdev())
}

#[cfg(not(unix))]
fn is_null(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_on_read_only_mount(file: &File) -> bool {
    rustix::fs::fstatvfs(file)
        .is_ok_and(|s| s.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY))
}

#[cfg(not(unix))]
fn is_on_read_only_mount(_: &File) -> bool {
    false
}

/// Returns a path as a shell takes it.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(unix)]
fn judge(path: &Path, found: &Metadata, what: What) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt as _;
    let shown = path.display();
    if !is_trusted_owner(found) {
        return Err(Failure::config(format!(
            "{shown} belongs to another user (uid {}), {}",
            found.uid(),
            what.why()
        ))
        .hint(format!("chown {} {}", super::user::name(), quoted(path))));
    }
    if is_open(found) {
        let bits = match what {
            What::Config | What::Key => "600",
            What::Database | What::Cache => "go-w",
        };
        return Err(
            Failure::config(format!("{shown} can be written by others, {}", what.why()))
                .hint(format!("chmod {bits} {}", quoted(path))),
        );
    }
    Ok(())
}

/// Fails where others could put another file in its place.
#[cfg(unix)]
fn judge_folder(path: &Path, owner: u32, what: What) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt as _;
    let folder = super::folder_of(path);
    let folder_found = std::fs::metadata(folder)
        .map_err(|e| Failure::config(format!("{}: {e}", folder.display())))?;
    let shown = format!("{}, the folder of {}", folder.display(), path.display());
    if !is_trusted_owner(&folder_found) {
        return Err(Failure::config(format!(
            "{shown}, belongs to another user (uid {}), {}",
            folder_found.uid(),
            what.why()
        ))
        .hint(format!("chown {} {}", super::user::name(), quoted(folder))));
    }
    // Others cannot rename or remove what is not theirs in a sticky folder.
    let is_sticky = folder_found.mode() & 0o1000 != 0;
    if is_open(&folder_found) && !(is_sticky && owner == super::user::id()) {
        return Err(
            Failure::config(format!("{shown}, can be written by others, {}", what.why()))
                .hint(format!("chmod go-w {}", quoted(folder))),
        );
    }
    Ok(())
}

#[cfg(unix)]
fn is_trusted_owner(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.uid() == 0 || found.uid() == super::user::id()
}

/// Returns whether others may write it.
#[cfg(unix)]
fn is_open(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.mode() & 0o002 != 0
        || (found.mode() & 0o020 != 0 && !super::user::is_private(found.gid()))
}

#[cfg(not(unix))]
fn judge(_: &Path, _: &Metadata, _: What) -> Result<(), Failure> {
    Ok(())
}

#[cfg(not(unix))]
fn judge_folder(_: &Path, _: u32, _: What) -> Result<(), Failure> {
    Ok(())
}

/// Fails where a file that is written into the folder of `path` would not be trusted there.
pub fn check_folder(path: &Path, what: What) -> Result<(), Failure> {
    #[cfg(unix)]
    let owner = super::user::id();
    #[cfg(not(unix))]
    let owner = 0;
    judge_folder(path, owner, what)
}

#[cfg(unix)]
fn owner(found: &Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(found)
}

#[cfg(not(unix))]
fn owner(_: &Metadata) -> u32 {
    0
}
