//! Values of settings: as the config file, a flag or a variable says them.
//!
//! [`Values`] holds at most one value of each setting, checked where it was read. Nothing here
//! knows where a value came from; its `Debug` shows names only, because a value may be a key.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Failure;
use crate::header;
use crate::secret::{MASK, Secret, typed, without_url_password};

use super::duration;
use super::setting::{Setting, SettingKind, Shown};

/// The value of a setting.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// A string; it may be a secret.
    Text(Secret),
    /// A path.
    File(PathBuf),
    /// True or false.
    Switch(bool),
    /// A number.
    Count(u32),
    /// A duration, and how it was written.
    Time(Duration, String),
    /// Headers; their values are secrets.
    Headers(BTreeMap<String, Secret>),
}

/// Returns what is wrong with a value of another type.
fn wrong_type(kind: SettingKind) -> &'static str {
    match kind {
        SettingKind::Switch => "is neither true nor false",
        SettingKind::Count => "is not a number",
        SettingKind::Time => "is not a duration",
        SettingKind::Headers => "is not a table of strings",
        SettingKind::Text | SettingKind::File => "is not a string",
    }
}

impl Value {
    /// Reads the value in the config file. The failure does not repeat it.
    pub fn of_toml(setting: &Setting, found: &toml::Value) -> Result<Self, Failure> {
        let wrong = || {
            let what = wrong_type(setting.kind);
            let failure = Failure::config(format!("`{}` {what}", setting.name));
            match setting.kind {
                SettingKind::Time => failure.hint("write it as `\"30s\"` or `\"10m\"`"),
                _ => failure,
            }
        };
        let value = match (setting.kind, found) {
            (SettingKind::Text, toml::Value::String(text)) => Self::Text(Secret::new(text)),
            (SettingKind::File, toml::Value::String(text)) => Self::File(text.into()),
            (SettingKind::Switch, toml::Value::Boolean(switch)) => Self::Switch(*switch),
            (SettingKind::Count, toml::Value::Integer(n)) => {
                Self::Count(u32::try_from(*n).map_err(|_| wrong())?)
            }
            (SettingKind::Time, toml::Value::String(text)) => Self::time(text).ok_or_else(wrong)?,
            (SettingKind::Time, toml::Value::Integer(n)) => {
                Self::time(&n.to_string()).ok_or_else(wrong)?
            }
            (SettingKind::Headers, toml::Value::Table(table)) => {
                let mut headers = BTreeMap::new();
                for (name, value) in table {
                    let value = value.as_str().ok_or_else(wrong)?;
                    headers.insert(name.clone(), Secret::new(value));
                }
                Self::Headers(headers)
            }
            _ => return Err(wrong()),
        };
        value
            .check(setting)
            .map_err(|e| e.of(&format!("`{}`", setting.name)).of_config())?;
        Ok(value)
    }

    /// Reads a value that was typed, for a flag, a variable or `profile set`; whoever asks names
    /// the place. Headers are checked by [`check_header`], one by one.
    pub fn of_text(setting: &Setting, text: &str) -> Result<Self, Failure> {
        let value = match setting.kind {
            SettingKind::Text => Some(Self::Text(Secret::new(text))),
            SettingKind::File => (!text.is_empty()).then(|| Self::File(text.into())),
            SettingKind::Switch => text.parse().ok().map(Self::Switch),
            SettingKind::Count => text.parse().ok().map(Self::Count),
            SettingKind::Time => Self::time(text),
            SettingKind::Headers => None,
        };
        let value = value.ok_or_else(|| {
            let what = wrong_type(setting.kind);
            let failure = Failure::usage(format!("`{}` {what}", typed(text).escape_debug()));
            match setting.kind {
                SettingKind::Time => failure.hint("write `30s` or `10m`"),
                SettingKind::Switch => failure.hint("write `true` or `false`"),
                SettingKind::Text
                | SettingKind::File
                | SettingKind::Count
                | SettingKind::Headers => failure,
            }
        })?;
        value.check(setting)?;
        Ok(value)
    }

    fn time(text: &str) -> Option<Self> {
        let limit = duration::parse(text).ok()?;
        Some(Self::Time(limit, text.to_owned()))
    }

    /// Checks what the setting asks of its value besides its type.
    pub fn check(&self, setting: &Setting) -> Result<(), Failure> {
        match self {
            Self::Text(text) => (setting.check)(text.expose()),
            Self::Headers(headers) => headers
                .iter()
                .try_for_each(|(name, value)| check_header(name, value.expose())),
            Self::File(_) | Self::Switch(_) | Self::Count(_) | Self::Time(..) => Ok(()),
        }
    }

    /// Returns the value as it is written into the config file.
    #[must_use]
    pub fn to_toml(&self) -> toml_edit::Value {
        match self {
            Self::Text(text) => text.expose().into(),
            Self::File(path) => path.display().to_string().into(),
            Self::Switch(switch) => (*switch).into(),
            Self::Count(n) => i64::from(*n).into(),
            Self::Time(_, written) => written.as_str().into(),
            Self::Headers(headers) => {
                let pairs = headers.iter().map(|(n, v)| (n.as_str(), v.expose()));
                pairs.collect::<toml_edit::InlineTable>().into()
            }
        }
    }

    /// Returns the value as it may be shown, secrets masked.
    #[must_use]
    pub fn shown(&self, setting: &Setting) -> serde_json::Value {
        match self {
            Self::Text(text) => match setting.shown {
                Shown::Plain => typed(text.expose()).into(),
                Shown::Url => without_url_password(&typed(text.expose())).into(),
                Shown::Masked => MASK.into(),
            },
            Self::File(path) => typed(&path.display().to_string()).into(),
            Self::Switch(switch) => (*switch).into(),
            Self::Count(n) => (*n).into(),
            Self::Time(_, written) => written.as_str().into(),
            Self::Headers(headers) => {
                let masked = headers.keys().map(|name| (typed(name), MASK.into()));
                serde_json::Value::Object(masked.collect())
            }
        }
    }
}

/// Checks a profile's header as an item is checked, so that none can unmake a call.
pub fn check_header(name: &str, value: &str) -> Result<(), Failure> {
    header::check_name(name).and_then(|()| header::check_value(name, value))
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Values of settings, at most one of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    list: Vec<(&'static Setting, Value)>,
}

impl Values {
    /// Sets a value; an older one goes.
    pub fn set(&mut self, setting: &'static Setting, value: Value) {
        match self.list.iter_mut().find(|(known, _)| *known == setting) {
            Some((_, old)) => *old = value,
            None => self.list.push((setting, value)),
        }
    }

    /// Sets a string, which is checked where the others are.
    pub fn set_text(&mut self, setting: &'static Setting, text: &str) {
        self.set(setting, Value::Text(Secret::new(text)));
    }

    /// Forgets a value.
    pub fn remove(&mut self, setting: &Setting) {
        self.list.retain(|(known, _)| *known != setting);
    }

    /// Returns the values, in the order they were set.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Setting, &Value)> {
        self.list.iter().map(|(setting, value)| (*setting, value))
    }

    /// Returns the value of a setting.
    #[must_use]
    pub fn get(&self, setting: &Setting) -> Option<&Value> {
        self.iter()
            .find(|(known, _)| *known == setting)
            .map(|(_, value)| value)
    }

    /// Returns the value of a string.
    #[must_use]
    pub fn text(&self, setting: &Setting) -> Option<&str> {
        match self.get(setting)? {
            Value::Text(text) => Some(text.expose()),
            _ => None,
        }
    }

    /// Returns the value of a path.
    #[must_use]
    pub fn file(&self, setting: &Setting) -> Option<&Path> {
        match self.get(setting)? {
            Value::File(path) => Some(path),
            _ => None,
        }
    }

    /// Returns the value of a switch.
    #[must_use]
    pub fn switch(&self, setting: &Setting) -> Option<bool> {
        match self.get(setting)? {
            Value::Switch(switch) => Some(*switch),
            _ => None,
        }
    }

    /// Returns the value of a number.
    #[must_use]
    pub fn count(&self, setting: &Setting) -> Option<u32> {
        match self.get(setting)? {
            Value::Count(n) => Some(*n),
            _ => None,
        }
    }

    /// Returns the value of a duration.
    #[must_use]
    pub fn time(&self, setting: &Setting) -> Option<Duration> {
        match self.get(setting)? {
            Value::Time(limit, _) => Some(*limit),
            _ => None,
        }
    }

    /// Returns the value of a table of headers.
    #[must_use]
    pub fn headers(&self, setting: &Setting) -> Option<&BTreeMap<String, Secret>> {
        match self.get(setting)? {
            Value::Headers(headers) => Some(headers),
            _ => None,
        }
    }

    /// Has relative paths start from a folder, so that they mean the same wherever a command is
    /// run.
    #[must_use]
    pub fn rooted(mut self, folder: &Path) -> Self {
        for (_, value) in &mut self.list {
            if let Value::File(path) = value
                && !path.starts_with("~")
            {
                *path = folder.join(&*path);
            }
        }
        self
    }
}
