//! Who else may read or write the config file.
//!
//! A file that others can write could name a command to run, and one that others can read gives
//! its keys away. On a read-only mount (a Kubernetes secret) modes can not be set, and none count.

use std::fs::File;
use std::path::Path;

use crate::error::Failure;

/// Refuses a file that is open to the wrong people; gives a warning where only its group reads it.
#[cfg(unix)]
pub fn check(path: &Path, file: &File, holds_key: bool) -> Result<Option<String>, Failure> {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};

    let Ok(metadata) = file.metadata() else {
        return Ok(None);
    };
    let mode = metadata.permissions().mode();
    let open_to_others = mode & 0o077;
    // `/dev/null` and terminals are open to others by nature.
    let is_device = metadata.file_type().is_char_device();
    if open_to_others == 0 || is_device || is_on_read_only_mount(file) {
        return Ok(None);
    }
    let shown = path.display();
    let cure = format!("chmod 600 '{}'", shown.to_string().replace('\'', r"'\''"));
    if mode & 0o022 != 0 {
        return Err(Failure::config(format!(
            "{shown} can be written by others, and it can name commands to run"
        ))
        .hint(cure));
    }
    if !holds_key {
        return Ok(None);
    }
    if mode & 0o004 != 0 {
        return Err(
            Failure::config(format!("{shown} holds a key and everybody can read it")).hint(cure),
        );
    }
    Ok(Some(format!(
        "{shown} holds a key and its group can read it ({cure})"
    )))
}

#[cfg(unix)]
fn is_on_read_only_mount(file: &File) -> bool {
    rustix::fs::fstatvfs(file)
        .is_ok_and(|s| s.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY))
}

/// Elsewhere a home folder's own rules protect the file.
#[cfg(not(unix))]
pub fn check(_: &Path, _: &File, _: bool) -> Result<Option<String>, Failure> {
    Ok(None)
}
