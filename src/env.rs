//! The environment, read once.
//!
//! [`Env`] holds the variables the process was started with; nothing else in the crate reads the
//! process environment, so a run is a function of its arguments, this value and its streams. An
//! empty variable counts as unset, as curl and gh do it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::error::Failure;

/// The variables of one run.
#[derive(Clone, Debug, Default)]
pub struct Env {
    vars: Vec<(OsString, OsString)>,
}

impl Env {
    /// Reads the process environment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
    pub fn from_process() -> Self {
        Self {
            vars: std::env::vars_os().collect(),
        }
    }

    /// Makes an environment of the given variables only.
    #[must_use]
    pub fn from_vars<K: Into<OsString>, V: Into<OsString>>(
        vars: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self {
            vars: vars
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        }
    }

    /// Returns the value of a variable that is set and not empty.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&OsStr> {
        self.vars
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_os_str())
            .filter(|v| !v.is_empty())
    }

    /// Returns the value of a variable as text.
    ///
    /// Fails with a usage failure where the value is not UTF-8; the value is not shown.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        match self.var(name) {
            None => Ok(None),
            Some(v) => v
                .to_str()
                .map(Some)
                .ok_or_else(|| Failure::usage(format!("`{name}` in the environment is not UTF-8"))),
        }
    }

    /// Returns the value of a variable as text, which may not be empty: an empty one is an unset
    /// variable of the script, and leaving it out would call another server or send unsigned.
    pub fn filled(&self, name: &str) -> Result<Option<&str>, Failure> {
        if self.vars.iter().any(|(k, v)| k == name && v.is_empty()) {
            return Err(Failure::config(format!("`{name}` is set but empty"))
                .hint(format!("set it, or `unset {name}`")));
        }
        self.text(name)
    }

    /// Lists the variables whose names and values are text.
    pub fn texts(&self) -> impl Iterator<Item = (String, String)> {
        let text = |v: &OsString| v.to_str().map(str::to_owned);
        self.vars
            .iter()
            .filter_map(move |(k, v)| Some((text(k)?, text(v)?)))
    }

    /// Returns the user's home folder, from `HOME`, else as the system knows it.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        self.var("HOME").map(PathBuf::from).or_else(dirs::home_dir)
    }

    /// Returns the config file: `APICALL_CONFIG`, else `apicall/config.toml` in `XDG_CONFIG_HOME`
    /// or the user's config folder. Fails where there is none of them.
    pub fn config_file(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = self.var("APICALL_CONFIG") {
            return Ok(self.expand_home(Path::new(path)));
        }
        let folder = self
            .var("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            // The XDG specification has relative paths ignored.
            .filter(|p| p.is_absolute())
            .or_else(|| self.platform_config_folder());
        folder
            .map(|f| f.join("apicall").join("config.toml"))
            .ok_or_else(|| {
                Failure::config("there is no home folder to keep a config in")
                    .hint("set APICALL_CONFIG to the path of a config file")
            })
    }

    /// Returns the folder of our own in the user's cache: `apicall` in `XDG_CACHE_HOME` or the
    /// user's cache folder. `None` where there is none of them.
    #[must_use]
    pub fn cache_folder(&self) -> Option<PathBuf> {
        self.var("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
            .or_else(|| self.platform_cache_folder())
            .map(|f| f.join("apicall"))
    }

    #[cfg(any(target_os = "macos", windows))]
    #[expect(
        clippy::unused_self,
        reason = "the other platforms read the environment"
    )]
    fn platform_cache_folder(&self) -> Option<PathBuf> {
        dirs::cache_dir()
    }

    #[cfg(not(any(target_os = "macos", windows)))]
    fn platform_cache_folder(&self) -> Option<PathBuf> {
        self.home().map(|h| h.join(".cache"))
    }

    #[cfg(any(target_os = "macos", windows))]
    #[expect(
        clippy::unused_self,
        reason = "the other platforms read the environment"
    )]
    fn platform_config_folder(&self) -> Option<PathBuf> {
        dirs::config_dir()
    }

    #[cfg(not(any(target_os = "macos", windows)))]
    fn platform_config_folder(&self) -> Option<PathBuf> {
        self.home().map(|h| h.join(".config"))
    }

    /// Replaces a leading `~/` with the home folder, as a shell would have done it.
    #[must_use]
    pub fn expand_home(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), self.home()) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path.to_path_buf(),
        }
    }
}

/// Returns the file of this program, symlinks followed; `None` where the system does not say.
#[must_use]
pub fn own_program() -> Option<PathBuf> {
    std::fs::canonicalize(std::env::current_exe().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_file_precedence() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (
                &[("APICALL_CONFIG", "/x/a.toml"), ("HOME", "/h")],
                "/x/a.toml",
            ),
            (
                &[("APICALL_CONFIG", "~/a.toml"), ("HOME", "/h")],
                "/h/a.toml",
            ),
            (
                &[("XDG_CONFIG_HOME", "/xdg"), ("HOME", "/h")],
                "/xdg/apicall/config.toml",
            ),
        ];
        for (vars, want) in cases {
            let env = Env::from_vars(vars.iter().copied());
            assert_eq!(env.config_file().unwrap(), Path::new(want));
        }
    }

    #[test]
    #[cfg(not(any(target_os = "macos", windows)))]
    fn cache_folder_precedence() {
        for (vars, want) in [
            ([("XDG_CACHE_HOME", "/xdg"), ("HOME", "/h")], "/xdg/apicall"),
            (
                [("XDG_CACHE_HOME", "relative"), ("HOME", "/h")],
                "/h/.cache/apicall",
            ),
            (
                [("XDG_CACHE_HOME", ""), ("HOME", "/h")],
                "/h/.cache/apicall",
            ),
        ] {
            let env = Env::from_vars(vars);
            assert_eq!(env.cache_folder().unwrap(), Path::new(want));
        }
    }

    #[test]
    fn an_empty_variable_is_unset() {
        let env = Env::from_vars([("A", ""), ("B", "x")]);
        assert_eq!(env.var("A"), None);
        assert_eq!(env.text("B").unwrap(), Some("x"));
    }
}
