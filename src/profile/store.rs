//! The config file: read with care, edited without loss.
//!
//! The only place that edits TOML. A change takes a lock beside the file, reads what is there
//! now, edits it with comments and unknown members kept, and puts a complete new file in its
//! place, so that two writers lose nothing and a kill leaves the old file or the new one. A
//! symlink is followed and its target replaced.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::error::Failure;

use super::model::{Entry, Profile};

/// The config file's contents.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The name of the default profile.
    pub default: Option<String>,
    profiles: toml::Table,
    /// Something to tell the user once.
    pub warning: Option<String>,
}

impl Config {
    /// Reads the file; one that does not exist is empty.
    ///
    /// Refuses a file that others could have written (it can name a command to run), and one with
    /// a key that everybody can read, except on a read-only mount, where modes can not be set.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let Some((text, file)) = read(path)? else {
            return Ok(Self::default());
        };
        let mut config = Self::parse(&text).map_err(|e| match e.downcast::<Failure>() {
            Ok(mut failure) => {
                failure.message = format!("{}: {}", path.display(), failure.message);
                anyhow::Error::from(failure)
            }
            Err(e) => e,
        })?;
        config.warning = check_permissions(path, &file, config.has_inline_key())?;
        Ok(config)
    }

    /// Reads the text of a config file.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mut table: toml::Table = toml::from_str(text).map_err(|e| {
            // The library's own message shows the line, and the line may hold a key.
            let line = e.span().map_or(1, |s| {
                text[..s.start.min(text.len())].matches('\n').count() + 1
            });
            Failure::config(format!(
                "the config is not TOML: line {line}: {}",
                first_line(e.message())
            ))
        })?;
        let default = match table.remove("default") {
            None => None,
            Some(toml::Value::String(name)) => Some(name),
            Some(_) => return Err(Failure::config("`default` is not a text").into()),
        };
        let profiles = match table.remove("profiles") {
            None => toml::Table::new(),
            Some(toml::Value::Table(profiles)) => profiles,
            Some(_) => return Err(Failure::config("`profiles` is not a table").into()),
        };
        Ok(Self {
            default,
            profiles,
            warning: None,
        })
    }

    /// The names of the profiles, in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// What stands in the file under a name.
    pub fn entry(&self, name: &str) -> Result<Entry, Failure> {
        let Some(found) = self.profiles.get(name) else {
            return Err(self.no_such(name));
        };
        found.clone().try_into().map_err(|e: toml::de::Error| {
            Failure::config(format!("profile `{name}`: {}", first_line(e.message())))
        })
    }

    /// The profile of that name.
    pub fn profile(&self, name: &str) -> Result<Profile, Failure> {
        self.entry(name)?.resolve(name).map_err(|mut e| {
            e.message = format!("profile `{name}`: {}", e.message);
            e
        })
    }

    /// The profile that counts where none was named: the default, or the only one.
    pub fn default_profile(&self) -> Result<Profile, Failure> {
        self.profile(self.default_name()?)
    }

    /// The name of the profile that counts where none was named.
    pub fn default_name(&self) -> Result<&str, Failure> {
        if let Some(name) = &self.default {
            return Ok(name);
        }
        let mut names = self.names();
        match (names.next(), names.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => {
                Err(Failure::config("there is no profile yet")
                    .hint("`apicall login URL` makes one"))
            }
            _ => Err(
                Failure::config("there are several profiles and none is the default")
                    .hint("choose one with `-p NAME`, or for good with `apicall profile use NAME`"),
            ),
        }
    }

    /// Tells whether there is a profile of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.profiles.contains_key(name)
    }

    /// The failure of a name that is not there, with the names that are.
    #[must_use]
    pub fn no_such(&self, name: &str) -> Failure {
        let names: Vec<&str> = self.names().collect();
        let hint = if names.is_empty() {
            "`apicall login URL` makes one".to_owned()
        } else {
            format!("there are: {}", names.join(", "))
        };
        Failure::config(format!("there is no profile `{}`", name.escape_debug())).hint(hint)
    }

    fn has_inline_key(&self) -> bool {
        self.profiles.values().any(|p| p.get("key").is_some())
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

/// Reads a file; `None` where there is none.
fn read(path: &Path) -> anyhow::Result<Option<(String, File)>> {
    let refused = |e: std::io::Error| {
        anyhow::Error::from(Failure::config(format!("{}: {e}", path.display())))
    };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(refused(e)),
    };
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(refused)?;
    Ok(Some((text, file)))
}

#[cfg(unix)]
fn check_permissions(
    path: &Path,
    file: &File,
    inline_key: bool,
) -> Result<Option<String>, Failure> {
    use std::os::unix::fs::PermissionsExt as _;

    let Ok(mode) = file.metadata().map(|m| m.permissions().mode()) else {
        return Ok(None);
    };
    let open_to_others = mode & 0o077;
    if open_to_others == 0 || is_read_only_mount(file) {
        return Ok(None);
    }
    let shown = path.display();
    if mode & 0o022 != 0 {
        return Err(Failure::config(format!(
            "{shown} can be written by others, and it can name commands to run"
        ))
        .hint(format!("chmod 600 '{shown}'")));
    }
    if !inline_key {
        return Ok(None);
    }
    if mode & 0o004 != 0 {
        return Err(
            Failure::config(format!("{shown} holds a key and everybody can read it"))
                .hint(format!("chmod 600 '{shown}'")),
        );
    }
    Ok(Some(format!(
        "{shown} holds a key and its group can read it (chmod 600 '{shown}')"
    )))
}

#[cfg(unix)]
fn is_read_only_mount(file: &File) -> bool {
    rustix::fs::fstatvfs(file)
        .is_ok_and(|s| s.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY))
}

#[cfg(not(unix))]
fn check_permissions(_: &Path, _: &File, _: bool) -> Result<Option<String>, Failure> {
    Ok(None)
}

/// Checks the name of a profile: `[A-Za-z0-9._-]+`.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if name.is_empty() || !name.bytes().all(valid) {
        return Err(Failure::usage(format!(
            "`{}` is not a name for a profile",
            name.escape_debug()
        ))
        .hint("names have letters, digits, `.`, `_` and `-`"));
    }
    Ok(())
}

/// The config file open for one change.
#[derive(Debug)]
pub struct Edit {
    doc: DocumentMut,
}

impl Edit {
    /// Tells whether there is a profile of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.doc
            .get("profiles")
            .and_then(Item::as_table_like)
            .is_some_and(|t| t.contains_key(name))
    }

    /// The number of profiles.
    #[must_use]
    pub fn count(&self) -> usize {
        self.doc
            .get("profiles")
            .and_then(Item::as_table_like)
            .map_or(0, toml_edit::TableLike::len)
    }

    /// The default's name.
    #[must_use]
    pub fn default_name(&self) -> Option<&str> {
        self.doc.get("default").and_then(Item::as_str)
    }

    /// Sets or takes away the default.
    pub fn set_default(&mut self, name: Option<&str>) {
        match name {
            Some(name) => {
                if let Some(old) = self.doc.get_mut("default").and_then(Item::as_value_mut) {
                    // Keeps a comment that stands behind the old value.
                    let decor = old.decor().clone();
                    *old = name.into();
                    *old.decor_mut() = decor;
                } else {
                    self.doc.insert("default", value(name));
                }
            }
            None => {
                self.doc.remove("default");
            }
        }
    }

    /// Writes the given members of a profile. Members that are not named stay as they are, but
    /// for the other sources of a key.
    pub fn put(&mut self, name: &str, members: &[(&str, toml_edit::Value)]) -> Result<(), Failure> {
        let profile = self
            .profiles()?
            .entry(name)
            .or_insert_with(|| Item::Table(Table::new()))
            .as_table_like_mut()
            .ok_or_else(|| Failure::config(format!("profile `{name}` is not a table")))?;
        for key in ["key", "key_file", "key_env", "key_command"] {
            profile.remove(key);
        }
        for (member, new) in members {
            profile.insert(member, value(new.clone()));
        }
        Ok(())
    }

    /// Takes away what a login writes, so that a new login does not inherit it. Members that only
    /// a person writes (`headers`, `protected`, unknown ones) and comments stay.
    pub fn remove_members(&mut self, name: &str) -> Result<(), Failure> {
        const WRITTEN: [&str; 12] = [
            "fabric",
            "scheme",
            "ca_file",
            "pin",
            "insecure",
            "client_cert",
            "client_key",
            "proxy",
            "timeout",
            "connect_timeout",
            "retries",
            "service",
        ];
        let profiles = self.profiles()?;
        if let Some(profile) = profiles.get_mut(name).and_then(Item::as_table_like_mut) {
            for member in WRITTEN {
                profile.remove(member);
            }
        }
        Ok(())
    }

    /// Takes a profile away.
    pub fn remove(&mut self, name: &str) -> Result<(), Failure> {
        self.profiles()?.remove(name);
        if self.default_name() == Some(name) {
            self.set_default(None);
        }
        Ok(())
    }

    /// Gives a profile another name; the default follows.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), Failure> {
        let profiles = self.profiles()?;
        if let Some(profile) = profiles.remove(from) {
            profiles.insert(to, profile);
        }
        if self.default_name() == Some(from) {
            self.set_default(Some(to));
        }
        Ok(())
    }

    fn profiles(&mut self) -> Result<&mut dyn toml_edit::TableLike, Failure> {
        self.doc
            .entry("profiles")
            .or_insert_with(|| {
                // Only `[profiles.NAME]` is written, never an empty `[profiles]`.
                let mut table = Table::new();
                table.set_implicit(true);
                Item::Table(table)
            })
            .as_table_like_mut()
            .ok_or_else(|| Failure::config("`profiles` is not a table"))
    }
}

/// Changes the config file under its lock. Nothing is written where `change` fails.
pub fn edit<T>(
    path: &Path,
    change: impl FnOnce(&mut Edit) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let target = follow(path)?;
    let folder = target
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    make_folder(folder).with_context(|| format!("{}", folder.display()))?;
    let _lock = lock(&target).with_context(|| format!("{}", folder.display()))?;
    let text = match read(&target)? {
        None => String::new(),
        Some((text, file)) => {
            // The same refusals as for reading: what others wrote is not carried on.
            let config = Config::parse(&text)?;
            check_permissions(path, &file, config.has_inline_key())?;
            text
        }
    };
    let doc: DocumentMut = text
        .parse()
        .map_err(|_| Failure::config(format!("{} is not TOML", target.display())))?;
    let mut edit = Edit { doc };
    let result = change(&mut edit)?;
    let new = edit.doc.to_string();
    if new != text {
        let _hold = crate::signals::hold();
        replace(&target, folder, &new).with_context(|| format!("{}", target.display()))?;
    }
    Ok(result)
}

/// Follows symlinks to the file that is replaced, also where that file does not exist yet.
fn follow(path: &Path) -> anyhow::Result<PathBuf> {
    let mut path = path.to_path_buf();
    // As many as Linux itself follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(to) => path = path.parent().unwrap_or(Path::new("")).join(to),
            Err(_) => return Ok(path),
        }
    }
    Err(Failure::config(format!("{}: too many symlinks", path.display())).into())
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Waits for the lock beside the file; it is given back when the handle is dropped, also by a kill.
fn lock(target: &Path) -> std::io::Result<File> {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".lock");
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(target.with_file_name(name))?;
    file.lock()?;
    Ok(file)
}

/// How the names of files end that a killed writer left behind.
const LEFTOVER: &str = ".tmp";

/// Takes away what a killed writer left behind; the lock says that nobody is writing now.
fn remove_leftovers(folder: &Path, prefix: &std::ffi::OsStr) {
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
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    prefix.push("-");
    remove_leftovers(folder, &prefix);
    let mut file = tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(LEFTOVER)
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|e| e.error)?;
    // The rename itself reaches the disk with its folder.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_explained_without_its_text() {
        let e = Config::parse("default = \"x\"\n[profiles.a]\nkey = \"c:t:SECRET\n").unwrap_err();
        assert!(e.to_string().contains("line 3"), "{e}");
        assert!(!format!("{e:?}").contains("SECRET"));
    }

    #[test]
    fn the_default_is_the_named_or_the_only_one() {
        let one = "[profiles.a]\nurl='http://h/MAAS'\n";
        assert_eq!(Config::parse(one).unwrap().default_name().unwrap(), "a");
        let two = format!("{one}[profiles.b]\nurl='http://h/MAAS'\n");
        assert!(Config::parse(&two).unwrap().default_name().is_err());
        assert!(Config::parse("").unwrap().default_name().is_err());
    }

    #[test]
    fn edits_keep_comments_and_unknown_members() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        let text = "# mine\ndefault = \"a\" # why\nfuture = 1\n\n[profiles.a] # lab\nurl = \"http://h/MAAS\"\nkey_env = \"X\"\nnew_member = [1, 2]\n";
        replace(&path, folder.path(), text).unwrap();
        edit(&path, |e| {
            e.put("a", &[("key", "c:t:s".into())])?;
            e.put("b", &[("url", "http://i/MAAS".into())])?;
            e.set_default(Some("b"));
            Ok(())
        })
        .unwrap();
        let new = fs::read_to_string(&path).unwrap();
        for kept in [
            "# mine",
            "# why",
            "future = 1",
            "# lab",
            "new_member = [1, 2]",
        ] {
            assert!(new.contains(kept), "{kept}: {new}");
        }
        assert!(!new.contains("key_env"));
        assert!(new.contains("[profiles.b]"), "{new}");
        let config = Config::load(&path).unwrap();
        assert_eq!(config.default.as_deref(), Some("b"));
        assert_eq!(config.names().collect::<Vec<_>>(), ["a", "b"]);
    }

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
