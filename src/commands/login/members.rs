//! What a login writes into its profile.

use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::Value;

use crate::cli::ConnectArgs;
use crate::env::Env;
use crate::profile::{KeySource, Profile};
use crate::service::Service;

/// A member and its value; without one it is taken away.
pub type Member = (&'static str, Option<Value>);

/// The members that a new key changes, and those that flags name: what else the profile says of its
/// server stays.
pub fn renewed(profile: &Profile, flags: &ConnectArgs, env: &Env) -> Vec<Member> {
    let mut members = of(profile, flags, env);
    members.retain(|(name, value)| value.is_some() || name.starts_with("key"));
    members
}

/// The members in the order they are written. One without a value is taken away, so that a new
/// login does not inherit it from the profile it replaces; members that only a person writes
/// (`headers`, `protected`) are not among them.
///
/// What a flag said is kept for later calls; what the environment says is said again then.
pub fn of(profile: &Profile, flags: &ConnectArgs, env: &Env) -> Vec<Member> {
    let text = |text: Option<&str>| text.map(Value::from);
    let number = |n: Option<u32>| n.map(|n| Value::from(i64::from(n)));
    let file = |path: &Option<PathBuf>| {
        let path = env.expand_home(path.as_deref()?);
        Some(Value::from(absolute(&path)))
    };
    let time = |time: Option<Duration>| {
        time.map(|time| Value::from(humantime::format_duration(time).to_string()))
    };
    let is_macrometa = profile.service == Service::Macrometa;
    let fabric = is_macrometa.then_some(profile.fabric.as_str());
    let key = |member: &'static str| {
        let (kind, value) = match profile.key.as_ref()? {
            KeySource::Inline(key) => ("key", key.expose().into()),
            KeySource::File(path) => ("key_file", absolute(path).into()),
            KeySource::Env(name) => ("key_env", name.into()),
            KeySource::Command(command) => ("key_command", command.into()),
        };
        (kind == member).then_some(value)
    };
    vec![
        ("service", text(Some(profile.service.as_str()))),
        ("url", Some(profile.address.to_string().into())),
        ("fabric", text(fabric)),
        ("key", key("key")),
        ("key_file", key("key_file")),
        ("key_env", key("key_env")),
        ("key_command", key("key_command")),
        ("scheme", text(profile.scheme.as_deref())),
        ("ca_file", file(&flags.ca_file)),
        ("pin", text(profile.settings.pin.as_deref())),
        ("insecure", flags.insecure.then(|| true.into())),
        ("client_cert", file(&flags.client_cert)),
        ("client_key", file(&flags.client_key)),
        ("proxy", text(flags.proxy.as_deref())),
        ("timeout", time(flags.timeout)),
        ("connect_timeout", time(flags.connect_timeout)),
        ("retries", number(flags.retries)),
    ]
}

/// A path that means the same from any folder.
fn absolute(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_path_buf())
        .display()
        .to_string()
}
