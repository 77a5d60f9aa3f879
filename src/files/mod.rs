//! Every file that the program writes or trusts is opened here, and nowhere else.
//!
//! - [`trust`] reads what decides what is done or with which key: config, key file, database of
//!   the `maas` command line. It must belong to the user and be closed to others.
//! - [`own`] opens what a run left for the next one: records, parts, journals, caches.
//! - [`Temporary`] is a file that becomes another one or nothing, whatever ends the run.
//! - [`read_setting`] reads what a setting names and nothing is asked of, as certificates.
//! - [`input()`] opens what the user names as an input on the command line; nothing is asked of it.
//!
//! Nothing of ours is opened through a link, or where a pipe or a device has its name. A leaf: it
//! knows bytes, owners and modes, not what a file means. `clippy.toml` keeps others from `std`'s
//! functions.

#![expect(clippy::disallowed_methods, reason = "the one module that opens files")]

pub mod own;
pub mod record;
mod spool;
mod temporary;
pub mod trust;
#[cfg(unix)]
mod user;

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

pub use spool::Spool;
pub use temporary::{Mode, Temporary, replace};

/// Opens a file that the user names as an input: `=@FILE`, `--from FILE`, the source of an upload.
/// It may be a pipe (`<(command)`).
pub fn input(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Opens the terminal of the run, whatever its streams are.
pub fn terminal() -> io::Result<File> {
    #[cfg(unix)]
    return OpenOptions::new().read(true).write(true).open("/dev/tty");
    #[cfg(not(unix))]
    return Err(io::ErrorKind::Unsupported.into());
}

/// Makes a file without a name, to keep a stream that is read more than once; it is gone with the
/// run, whatever ends that.
pub fn spool() -> io::Result<File> {
    tempfile::tempfile()
}

/// What is held in memory whole is no longer, in bytes.
pub const LONGEST_VALUE: u64 = 64 * 1024 * 1024;

/// Reads an input whole, up to a number of bytes.
pub fn read_input(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    bounded(input(path)?, limit)
}

/// Reads a file that a setting names (`ca_file`, `client_cert`) whole, up to a number of bytes.
///
/// It may be a link, and a pipe that the parent opened for us. Other pipes and devices are an error:
/// nobody may ever write to them.
pub fn read_setting(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if trust::is_given_stream(path) {
        return read_input(path, limit);
    }
    let file = careful().read(true).open(std::fs::canonicalize(path)?)?;
    let found = file.metadata()?;
    if !found.is_file() && !found.is_dir() {
        return Err(io::Error::other("is a pipe or a device, not a file"));
    }
    bounded(file, limit)
}

/// Reads an input of text whole; one of more than [`LONGEST_VALUE`] is an error.
pub fn read_input_text(path: &Path) -> io::Result<String> {
    let text = String::from_utf8(read_input(path, LONGEST_VALUE)?);
    // The words of `std::fs::read_to_string`.
    text.map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "stream did not contain valid UTF-8",
        )
    })
}

/// Makes what a folder names last: renames reach the disk with it.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Makes a folder, and those above it, that only the user may enter.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Returns the folder of a file.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Reads to the end, which must come within a number of bytes.
pub fn bounded(from: impl io::Read, limit: u64) -> io::Result<Vec<u8>> {
    // Room for a usual config file: a vector that grows asks the system for a few bytes at a time.
    let mut bytes = Vec::with_capacity(4096);
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("is longer than {limit} bytes")));
    }
    Ok(bytes)
}

/// Options that follow no link at the end of a path, wait for no peer of a pipe and take no
/// terminal over.
fn careful() -> OpenOptions {
    let options = OpenOptions::new();
    #[cfg(unix)]
    let options = {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = options;
        let flags = rustix::fs::OFlags::NOFOLLOW
            | rustix::fs::OFlags::NONBLOCK
            | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
        options
    };
    options
}
