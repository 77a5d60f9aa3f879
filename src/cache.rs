//! Files in the user's cache folder: `$XDG_CACHE_HOME/apicall`, else that of the platform.
//!
//! A cache only saves time. What cannot be read counts as missing, what cannot be written is
//! left, and nobody is reported: a home that is read-only works as any other. A file belongs to the
//! address of a server, so profiles of one server share it and no name of a profile is in it. It
//! knows bytes and their age, not what they mean.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use base64::Engine as _;

use crate::address::Address;
use crate::env::Env;
use crate::files::trust::{self, Trusted, What};
use crate::files::{Mode, Temporary, folder_of, make_folder, own};

/// One file of the cache, there or not.
#[derive(Clone, Debug)]
pub struct Entry {
    path: Option<PathBuf>,
}

impl Entry {
    /// Returns the file of a kind for a server. The kind is a word that fits a file name, with a
    /// number that changes with the form of the contents.
    #[must_use]
    pub fn new(kind: &str, address: &Address, env: &Env) -> Self {
        let path = env
            .cache_folder()
            .map(|folder| folder.join(kind).join(name_for(address)));
        Self { path }
    }

    /// Returns one of several files of a kind for a server. The part may be any text; the file's
    /// name does not reveal it.
    #[must_use]
    pub fn part(kind: &str, address: &Address, part: &str, env: &Env) -> Self {
        let path = env.cache_folder().map(|folder| {
            let name = format!("{}-{}", name_for(address), hash(part));
            folder.join(kind).join(name)
        });
        Self { path }
    }

    /// Returns the contents; `None` where there are none that can be read and trusted.
    #[must_use]
    pub fn read(&self) -> Option<Vec<u8>> {
        self.open()?.bytes().ok()
    }

    fn open(&self) -> Option<Trusted> {
        trust::open(self.path.as_deref()?, What::Cache).ok()?
    }

    /// Returns how long ago it was written or confirmed. A time in the future is none.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        let modified = self.open()?.metadata().modified().ok()?;
        SystemTime::now().duration_since(modified).ok()
    }

    /// Puts new contents in its place in one step, 0600 in folders made 0700.
    pub fn write(&self, contents: &[u8]) {
        if let Some(path) = &self.path {
            let _ = replace(path, contents);
        }
    }

    /// Makes it as young as if it had just been written.
    pub fn confirm(&self) {
        let Some(path) = &self.path else { return };
        if let Ok(file) = own::open(path) {
            let _ = file.set_modified(SystemTime::now());
        }
    }

    /// Takes it away.
    pub fn remove(&self) {
        if let Some(path) = &self.path {
            let _ = fs::remove_file(path);
        }
    }
}

/// Returns the host for people who look into the folder, and a hash that keeps addresses apart.
fn name_for(address: &Address) -> String {
    let origin = &address.origin;
    let whole = format!(
        "{}://{}:{}{}",
        origin.scheme.as_str(),
        origin.host,
        origin.effective_port(),
        address.path
    );
    let host: String = origin
        .host
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c))
        .take(64)
        .collect();
    format!("{}-{}", host.trim_start_matches('.'), hash(&whole))
}

fn hash(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&digest.as_ref()[..12])
}

/// Replaces a file, and a link or a pipe in its place. A folder that others may write is closed to
/// them where it is ours; in one that is not, nothing is kept.
fn replace(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    let folder = folder_of(path);
    make_folder(folder)?;
    if trust::check_folder(path, What::Cache).is_err() {
        close(folder)?;
        trust::check_folder(path, What::Cache).map_err(std::io::Error::other)?;
    }
    let mut file = Temporary::beside(path, &Mode::Private)?;
    file.write_all(contents)?;
    // No sync: after a power cut an empty file is read as none.
    file.persist(path)
}

/// Takes from others the right to write; this fails where the folder is not the user's.
fn close(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests look at the disk")]
mod tests {
    use std::fs::File;

    use super::*;

    fn entry(url: &str, folder: &Path) -> Entry {
        let env = Env::from_vars([("XDG_CACHE_HOME", folder)]);
        Entry::new("kind-1", &Address::parse(url).unwrap(), &env)
    }

    #[test]
    fn what_is_written_is_read_by_the_same_server_only() {
        let folder = tempfile::tempdir().unwrap();
        let lab = entry("http://lab:5240/MAAS", folder.path());
        assert_eq!(lab.read(), None);
        lab.write(b"one");
        lab.write(b"two");
        assert_eq!(lab.read().as_deref(), Some(&b"two"[..]));
        for other in [
            "https://lab:5240/MAAS",
            "http://lab/MAAS",
            "http://lab:5240/x",
        ] {
            assert_eq!(entry(other, folder.path()).read(), None, "{other}");
        }
        let files = fs::read_dir(folder.path().join("apicall/kind-1")).unwrap();
        assert_eq!(files.count(), 1);
        lab.remove();
        assert_eq!(lab.read(), None);
    }

    #[test]
    fn ages() {
        let folder = tempfile::tempdir().unwrap();
        let lab = entry("http://lab:5240/MAAS", folder.path());
        assert_eq!(lab.age(), None);
        lab.confirm();
        assert_eq!(lab.read(), None, "confirming makes no file");
        lab.write(b"x");
        let hours = Duration::from_secs(7200);
        let file = File::options()
            .append(true)
            .open(lab.path.as_ref().unwrap());
        file.unwrap()
            .set_modified(SystemTime::now() - hours)
            .unwrap();
        assert!(lab.age().unwrap() >= hours);
        lab.confirm();
        assert!(lab.age().unwrap() < hours);
    }

    #[test]
    fn without_a_folder_there_is_nothing() {
        let nowhere = Entry { path: None };
        nowhere.write(b"x");
        assert_eq!((nowhere.read(), nowhere.age()), (None, None));
        let file = tempfile::NamedTempFile::new().unwrap();
        let below_a_file = entry("http://lab", file.path());
        below_a_file.write(b"x");
        assert_eq!(below_a_file.read(), None);
    }
}
