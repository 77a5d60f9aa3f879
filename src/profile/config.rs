//! The config file as it is read: the default, and profiles by name.
//!
//! Messages name lines and members and never repeat what stands there: it may be a key. A profile
//! is judged when it is asked for, so that a broken one does not stand in the way of the others.

use std::path::{Path, PathBuf};

use crate::error::Failure;
use crate::files::trust::{self, Trusted, What};
use crate::secret::{is_sensitive_name, typed, url_password};

use super::model::{Entry, Profile};

/// The config file's contents.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The name of the default profile.
    pub default: Option<String>,
    profiles: toml::Table,
    /// The file's text, which alone knows the order of the profiles.
    text: String,
    /// The file that was looked for.
    file: PathBuf,
    /// The file's folder, which relative paths in it start from.
    folder: PathBuf,
    /// Something to report to the user once.
    pub warning: Option<String>,
}

impl Config {
    /// Reads the file; one that does not exist is empty. Refuses one that is open to the wrong
    /// people.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        match read(path)? {
            Some((text, file)) => Self::of_file(path, &text, &file),
            None => Ok(Self {
                file: path.to_path_buf(),
                ..Self::default()
            }),
        }
    }

    /// Makes sense of a file that was read.
    pub(super) fn of_file(path: &Path, text: &str, file: &Trusted) -> Result<Self, Failure> {
        let mut config = Self::parse(text).map_err(|e| e.of(&path.display().to_string()))?;
        config.warning = file.readers(config.secret())?;
        config.file = path.to_path_buf();
        config.folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        Ok(config)
    }

    /// Reads the text of a config file.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let mut table: toml::Table = toml::from_str(text).map_err(|e| {
            // The library's own display shows the line, and the line may hold a key.
            let line = e.span().map_or(1, |s| {
                text[..s.start.min(text.len())].matches('\n').count() + 1
            });
            let what = e.message().lines().next().unwrap_or_default();
            Failure::config(format!("line {line} is not TOML: {what}"))
        })?;
        let default = match table.remove("default") {
            None => None,
            Some(toml::Value::String(name)) => Some(name),
            Some(_) => return Err(Failure::config("`default` is not a string")),
        };
        let profiles = match table.remove("profiles") {
            None => toml::Table::new(),
            Some(toml::Value::Table(profiles)) => profiles,
            Some(_) => return Err(Failure::config("`profiles` is not a table")),
        };
        Ok(Self {
            default,
            profiles,
            text: text.to_owned(),
            ..Self::default()
        })
    }

    /// Makes relative paths start from a file, as if the config had been read from it.
    #[must_use]
    pub fn of_file_at(mut self, path: &Path) -> Self {
        self.folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        self.file = path.to_path_buf();
        self
    }

    /// Returns the names of the profiles, in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The names that match a pattern, in the file's order: `*` is any text, `?` a character.
    #[must_use]
    pub fn matching(&self, pattern: &str) -> Vec<&str> {
        let document = toml_edit::Document::parse(self.text.as_str()).ok();
        let in_order = document.as_ref().and_then(|document| {
            let profiles = document.get("profiles")?.as_table_like()?;
            Some(
                profiles
                    .iter()
                    .map(|(name, _)| name.to_owned())
                    .collect::<Vec<_>>(),
            )
        });
        let mut names: Vec<&str> = self.names().filter(|name| matches(pattern, name)).collect();
        if let Some(order) = in_order {
            names.sort_by_key(|name| order.iter().position(|known| known == name));
        }
        names
    }

    /// Returns whether there is a profile of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.profiles.contains_key(name)
    }

    /// Returns whether a profile has a member of that name, whatever its value is.
    #[must_use]
    pub fn has_member(&self, name: &str, member: &str) -> bool {
        self.profiles
            .get(name)
            .is_some_and(|profile| profile.get(member).is_some())
    }

    /// Returns what stands in the file under a name.
    pub fn entry(&self, name: &str) -> Result<Entry, Failure> {
        self.known(name)?;
        Entry::read(&self.profiles[name]).map_err(|e| e.of(&in_profile(name)))
    }

    /// Returns the profile of that name.
    pub fn profile(&self, name: &str) -> Result<Profile, Failure> {
        self.entry(name)?
            .resolve(name, &self.folder)
            .map_err(|e| e.of(&in_profile(name)))
    }

    /// Returns the profile that counts where none was named: the default, or the only one.
    pub fn default_profile(&self) -> Result<Profile, Failure> {
        self.profile(self.default_name()?)
    }

    /// Returns the name of the profile that counts where none was named.
    pub fn default_name(&self) -> Result<&str, Failure> {
        if let Some(name) = &self.default {
            return Ok(name);
        }
        let mut names = self.names();
        match (names.next(), names.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => {
                let file = self.file.display();
                Err(Failure::config(format!("there is no profile in {file}"))
                    .hint("`apicall login URL` creates one"))
            }
            _ => {
                let names: Vec<&str> = self.names().collect();
                Err(Failure::config(format!(
                    "there are several profiles and none is the default: {}",
                    names.join(", ")
                ))
                .hint("select one with `-p NAME`, or permanently with `apicall profile use NAME`"))
            }
        }
    }

    /// Fails where there is no profile of that name, and names those that there are.
    pub fn known(&self, name: &str) -> Result<(), Failure> {
        if self.has(name) {
            return Ok(());
        }
        let names: Vec<&str> = self.names().collect();
        if name.contains([',', '*', '?']) && !names.is_empty() {
            let message = format!(
                "{} names several profiles, and one is needed",
                typed_name(name)
            );
            return Err(
                Failure::config(message).hint(format!("existing profiles: {}", names.join(", ")))
            );
        }
        let hint = if names.is_empty() {
            "it has none; `apicall login URL` creates one".to_owned()
        } else {
            format!("existing profiles: {}", names.join(", "))
        };
        let name = typed_name(name);
        let file = match self.file.display().to_string() {
            none if none.is_empty() => none,
            file => format!(" in {file}"),
        };
        Err(Failure::config(format!("there is no profile {name}{file}")).hint(hint))
    }

    /// Returns the secret that the file holds, if any; where a key comes from is none.
    fn secret(&self) -> Option<&'static str> {
        let has = |test: &dyn Fn(&toml::Value) -> bool| self.profiles.values().any(test);
        if has(&|p| p.get("key").is_some()) {
            Some("a key")
        } else if has(&has_secret_header) {
            Some("a secret header")
        } else if has(&|p| text_at(p, "proxy").is_some_and(|url| url_password(url).is_some())) {
            Some("a proxy's password")
        } else {
            None
        }
    }
}

/// Returns whether a pattern is that of a name.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.chars().next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| matches(rest, &name[at..]))
        }
        Some(c) => name.chars().next().is_some_and(|first| {
            (c == '?' || c == first) && matches(&pattern[c.len_utf8()..], &name[first.len_utf8()..])
        }),
    }
}

/// Returns a name that was typed, in backticks; what may be a key in its place is not repeated.
fn typed_name(name: &str) -> String {
    format!("`{}`", typed(name).escape_debug())
}

fn text_at<'a>(profile: &'a toml::Value, name: &str) -> Option<&'a str> {
    profile.get(name)?.as_str()
}

/// Returns whether a header of a profile lets somebody in.
fn has_secret_header(profile: &toml::Value) -> bool {
    let headers = profile.get("headers").and_then(toml::Value::as_table);
    headers.is_some_and(|headers| {
        headers.keys().any(|name| {
            is_sensitive_name(name)
                || ["authorization", "proxy-authorization", "cookie"]
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known))
        })
    })
}

fn in_profile(name: &str) -> String {
    format!("profile `{name}`")
}

/// Reads a file; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<(String, Trusted)>, Failure> {
    match trust::open(path, What::Config)? {
        None => Ok(None),
        Some(file) => Ok(Some((file.text()?, file))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_explained_without_its_text() {
        let e = Config::parse("default = \"x\"\n[profiles.a]\nkey = \"c:t:SECRET\n").unwrap_err();
        assert!(e.to_string().contains("line 3"), "{e}");
        assert!(!e.to_string().contains("SECRET"));
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
    fn members_of_a_wrong_type_are_named_without_their_value() {
        for (text, want) in [
            ("url = 3", "`url` is not a string"),
            ("key = ['SECRET']", "`key` is not a string"),
            ("retries = 'SECRET'", "`retries` is not a number"),
            ("retries = -1", "`retries` is not a number"),
            (
                "insecure = 'SECRET'",
                "`insecure` is neither true nor false",
            ),
            ("timeout = true", "`timeout` is not a duration"),
            (
                "url = 'http://h'\ntimeout = 'SECRET'",
                "`timeout` is not a duration",
            ),
            ("headers = 'SECRET'", "`headers` is not a table of strings"),
            ("headers = { A = 1 }", "`headers` is not a table of strings"),
        ] {
            let config = Config::parse(&format!("[profiles.lab]\n{text}\n")).unwrap();
            let message = config.profile("lab").unwrap_err().to_string();
            assert_eq!(message, format!("profile `lab`: {want}"));
        }
        let config = Config::parse("[profiles]\nlab = 'SECRET'\n").unwrap();
        let message = config.profile("lab").unwrap_err().to_string();
        assert_eq!(message, "profile `lab`: it is not a table");
    }
}
