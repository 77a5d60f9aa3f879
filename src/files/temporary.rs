//! A file that becomes another one, or nothing.
//!
//! It is made beside the file that it will be, with that one's mode, in one step with the clean-up
//! that a signal runs; its name is given in one step with forgetting the clean-up.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{folder_of, sync_folder};
use crate::error::Failure;
use crate::signals::{self, Guard};

/// How the names of temporary files begin.
pub const PREFIX: &str = ".apicall-";

/// How the names of temporary files end.
pub const SUFFIX: &str = ".part";

/// The mode of the file that a temporary one becomes.
#[derive(Clone, Debug)]
pub enum Mode {
    /// The user's alone: it can hold a secret.
    Private,
    /// As the umask has it, like any other new file.
    Usual,
    /// The permissions of the file that is replaced.
    Like(Permissions),
}

impl Mode {
    /// Returns the mode of a file that replaces one with these permissions, or nothing.
    #[must_use]
    pub fn of(replaced: Option<&Permissions>) -> Self {
        replaced.map_or(Self::Usual, |p| Self::Like(p.clone()))
    }

    /// Returns what a file is made with; the umask takes from it.
    #[cfg(unix)]
    pub(super) fn bits(&self) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        match self {
            Self::Private => 0o600,
            Self::Usual => 0o666,
            Self::Like(permissions) => permissions.mode() & 0o777,
        }
    }

    /// Gives a file the permissions of the one that it replaces: a new one lacks what the umask has
    /// taken, and one of an earlier run may be open to more people.
    pub fn settle(&self, file: &File) -> io::Result<()> {
        match self {
            Self::Private | Self::Usual => Ok(()),
            Self::Like(permissions) => file.set_permissions(permissions.clone()),
        }
    }
}

/// An unfinished file, removed when it is dropped or a signal ends the run.
#[derive(Debug)]
pub struct Temporary {
    // Dropped, and so removed from the disk, before the guard.
    file: NamedTempFile,
    guard: Guard,
}

impl Temporary {
    /// Makes one in the folder of the file that it will be.
    pub fn beside(target: &Path, mode: &Mode) -> io::Result<Self> {
        Self::named(folder_of(target), (PREFIX.as_ref(), SUFFIX), mode)
    }

    /// Makes one in a folder, with a name that begins and ends so.
    pub fn named(
        folder: &Path,
        (prefix, suffix): (&std::ffi::OsStr, &str),
        mode: &Mode,
    ) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix).suffix(suffix);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(Permissions::from_mode(mode.bits()));
        }
        let (file, guard) = signals::guarded(|| {
            let file = builder.tempfile_in(folder).map_err(bare)?;
            let path = file.path().to_path_buf();
            let remove: Box<dyn FnOnce() + Send> = Box::new(move || {
                // A file that cannot be removed is one that is gone.
                let _ = std::fs::remove_file(path);
            });
            Ok::<_, io::Error>((file, remove))
        })?;
        mode.settle(file.as_file())?;
        Ok(Self { file, guard })
    }

    /// Makes one in the folder for temporary files, which never gets another name.
    pub fn anywhere() -> io::Result<Self> {
        let folder = tempfile::env::temp_dir();
        Self::named(&folder, (PREFIX.as_ref(), SUFFIX), &Mode::Private)
    }

    /// Has a signal end the run at once, and not only once the file is finished.
    pub fn watched(self) -> Result<Self, Failure> {
        signals::watch()?;
        Ok(self)
    }

    /// Returns the path, for a program that is started with it.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Returns the open file.
    #[must_use]
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Writes bytes at its end.
    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file().write_all(bytes)
    }

    /// Puts it into the place of a target, which it replaces.
    pub fn persist(self, target: &Path) -> io::Result<()> {
        self.name(|file| file.persist(target).map(drop))
    }

    /// Gives it a name that nothing has.
    pub fn persist_new(self, target: &Path) -> io::Result<()> {
        self.name(|file| file.persist_noclobber(target).map(drop))
    }

    fn name(
        self,
        name: impl FnOnce(NamedTempFile) -> Result<(), tempfile::PersistError>,
    ) -> io::Result<()> {
        let Self { file, mut guard } = self;
        guard.settle(|| name(file)).map_err(|e| e.error)
    }
}

/// Drops the temporary file's name, which says nothing to a user, from the library's error.
fn bare(error: io::Error) -> io::Error {
    error
        .raw_os_error()
        .map_or(error, io::Error::from_raw_os_error)
}

/// Replaces a file atomically: after a kill the old one is there, or the new one.
pub fn replace(target: &Path, contents: &[u8], mode: &Mode) -> io::Result<()> {
    let mut file = Temporary::beside(target, mode)?;
    file.write_all(contents)?;
    file.file().sync_all()?;
    file.persist(target)?;
    sync_folder(folder_of(target))
}
