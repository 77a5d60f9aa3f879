//! Decides what a login changes in its profile: members that are written, and members that go.
//!
//! Pure but for the folder that relative paths start from.

use std::path::Path;

use toml_edit::Value as TomlValue;

use crate::env::Env;
use crate::profile::setting::{self, Setting};
use crate::profile::{Config, KeySource, Profile, Value, Values};

/// A member and its value; without one it is removed.
pub type Member = (&'static str, Option<TomlValue>);

/// What the file has under the profile's name.
#[derive(Debug, Default)]
pub struct Old {
    /// The settings that are set there.
    has: Vec<&'static str>,
    /// The profile that they make; none where there is none, or it cannot be read.
    pub profile: Option<Profile>,
}

impl Old {
    /// Looks into the file.
    pub fn read(name: &str, config: &Config) -> Self {
        let members = setting::ALL.iter().map(|setting| setting.name);
        Self {
            has: members
                .filter(|member| config.has_member(name, member))
                .collect(),
            profile: config.profile(name).ok(),
        }
    }

    /// Returns whether what was said of a setting stays where the login says nothing of it.
    fn keeps(&self, setting: &Setting, new: &Profile) -> bool {
        if setting.is_key_source() {
            return false;
        }
        match &self.profile {
            Some(old) => {
                (!setting.of_origin || old.address.origin == new.address.origin)
                    && setting.service.is_none_or(|own| own == new.service())
            }
            // It may be what cannot be read.
            None => *setting == setting::PROTECTED,
        }
    }
}

/// The changes of a login.
#[derive(Debug, Default)]
pub struct Changes {
    /// Members in the order they are written.
    pub members: Vec<Member>,
    /// Settings that the profile had and that do not fit its new server.
    pub dropped: Vec<&'static str>,
}

/// Returns what a login writes: the service, the address and the key, and what flags said. Other
/// settings stay, but those of another server or service.
///
/// What the environment says is not written: it is said again by later calls.
pub fn changes(new: &Profile, flags: &Values, old: &Old, env: &Env) -> Changes {
    let mut changes = Changes::default();
    for setting in setting::ALL {
        let value = written(setting, new, flags, env);
        let had = old.has.contains(&setting.name);
        if value.is_none() && !had || value.is_none() && old.keeps(setting, new) {
            continue;
        }
        if value.is_none() && !setting.is_key_source() {
            changes.dropped.push(setting.name);
        }
        changes.members.push((setting.name, value));
    }
    changes
}

/// Returns the value that a login gives a setting.
fn written(setting: &Setting, new: &Profile, flags: &Values, env: &Env) -> Option<TomlValue> {
    let is = |other: &Setting| setting == other;
    if is(&setting::SERVICE) {
        return Some(new.service().as_str().into());
    }
    if is(&setting::URL) {
        return Some(new.address.to_string().into());
    }
    if is(&setting::FABRIC) {
        return new.target.fabric().map(TomlValue::from);
    }
    if is(&setting::SCHEME) {
        return new.target.scheme().map(TomlValue::from);
    }
    // A person at the terminal may have pinned the server's key.
    if is(&setting::PIN) {
        return new.settings.pin.as_deref().map(TomlValue::from);
    }
    if setting.is_key_source() {
        return match new.key.as_ref()? {
            KeySource::Inline(key) => is(&setting::KEY).then(|| key.expose().into()),
            KeySource::File(path) => is(&setting::KEY_FILE).then(|| absolute(path).into()),
            KeySource::Env(name) => is(&setting::KEY_ENV).then(|| name.into()),
            KeySource::Command(command) => is(&setting::KEY_COMMAND).then(|| command.into()),
        };
    }
    match flags.get(setting)? {
        Value::File(path) => Some(absolute(&env.expand_home(path)).into()),
        Value::Time(limit, _) => Some(humantime::format_duration(*limit).to_string().into()),
        other => Some(other.to_toml()),
    }
}

/// Returns a path that means the same from any folder.
pub fn absolute(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_path_buf())
        .display()
        .to_string()
}
