//! `profile set`: changes settings of a profile.
//!
//! Every setting of the list can be set, except what `login` alone may change, because a key and
//! its origin are a pair: the key itself, the address of a profile with a key beyond its origin,
//! and its service. Secret values never stand in an argument. What comes out is read as a call
//! would read it before anything is written, under the lock.

use std::io::IsTerminal as _;
use std::path::Path;

use crate::commands::Context;
use crate::error::{Exit, Failure};
use crate::profile::edit::Edit;
use crate::profile::setting::{self, Setting, SettingKind, Unknown};
use crate::profile::values::check_header;
use crate::profile::{Config, Profile, Value, credential, store};
use crate::secret::{Secret, holds_key, typed, url_password};

/// One change.
enum Change {
    /// A setting gets a value, or loses it.
    Setting(&'static Setting, Option<Value>),
    /// A header gets a value, or goes.
    Header(String, Option<Secret>),
}

impl Change {
    /// Returns the name as it was typed.
    fn name(&self) -> String {
        match self {
            Self::Setting(setting, _) => setting.name.to_owned(),
            Self::Header(name, _) => format!("headers.{name}"),
        }
    }
}

/// Changes the settings, all or none.
pub fn run(name: &str, words: &[String], context: &mut Context<'_>) -> anyhow::Result<Exit> {
    context.config()?.known(name)?;
    let mut changes = Vec::new();
    for word in words {
        changes.push(read(word, context)?);
    }
    let file = context.config_file()?;
    let gone = store::edit(&file, |edit| Ok(apply(name, &changes, edit, &file)?))?;
    let named: Vec<String> = changes.iter().map(|c| format!("`{}`", c.name())).collect();
    context
        .ui
        .say(&format!("profile `{name}` changed: {}", named.join(", ")));
    for source in gone {
        context.ui.say(&format!(
            "`{source}` is removed: a profile has one source of its key"
        ));
    }
    Ok(Exit::Success)
}

/// Reads `KEY=VALUE`; the value of a secret comes from elsewhere.
fn read(word: &str, context: &mut Context<'_>) -> anyhow::Result<Change> {
    let (key, value) = match word.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (word, None),
    };
    if let Some(header) = key.strip_prefix("headers.") {
        // A name that is none is refused before its value is prompted for.
        check_header(header, "").map_err(|e| e.of("`headers`"))?;
        let value = match value {
            Some("") => None,
            _ => Some(secret(key, value, context)?),
        };
        check_header(header, value.as_ref().map_or("", Secret::expose))
            .map_err(|e| e.of("`headers`"))?;
        return Ok(Change::Header(header.to_owned(), value));
    }
    let Some(setting) = Setting::named(key) else {
        return Err(Failure::usage(Unknown::new(key).to_string())
            .hint("`apicall profile set --help` lists the settings")
            .into());
    };
    if *setting == setting::KEY {
        return Err(
            Failure::usage("`key` is set by `login` only, which verifies it")
                .hint("`apicall login --replace -p NAME`")
                .into(),
        );
    }
    let value = match value {
        Some("") => return Ok(Change::Setting(setting, None)),
        _ if setting.kind == SettingKind::Headers => {
            return Err(
                Failure::usage("`headers` is a table: one header is set by its name")
                    .hint("`headers.NAME` prompts for the value, `headers.NAME=@FILE` reads it")
                    .into(),
            );
        }
        Some("-" | "@") | None if *setting == setting::PROXY => secret(key, value, context)?,
        Some(text) if *setting == setting::PROXY && text.starts_with('@') => {
            secret(key, value, context)?
        }
        None => {
            return Err(Failure::usage(format!("`{key}` has no value"))
                .hint(format!("write `{key}=VALUE`, or `{key}=` to remove it"))
                .into());
        }
        Some(text) => Secret::new(open(setting, text)?),
    };
    let value = match Value::of_text(setting, value.expose()) {
        Ok(Value::File(path)) => Value::File(absolute(&context.env.expand_home(&path))),
        Ok(value) => value,
        Err(e) => return Err(e.of(&format!("`{key}`")).into()),
    };
    Ok(Change::Setting(setting, Some(value)))
}

/// Returns a value that may stand in an argument.
fn open<'a>(setting: &Setting, text: &'a str) -> Result<&'a str, Failure> {
    if holds_key(text) {
        return Err(Failure::usage("one of the arguments is a key").hint(
            "a key is never an argument: `apicall login --replace -p NAME`; shell history and \
             process list may hold this one now",
        ));
    }
    if *setting == setting::PROXY && url_password(text).is_some() {
        return Err(secret_argument(setting.name));
    }
    Ok(text)
}

fn secret_argument(key: &str) -> Failure {
    Failure::usage(format!("`{key}`: a secret is never an argument")).hint(format!(
        "`{key}` alone prompts for it, `{key}=@FILE` and `{key}=-` read it"
    ))
}

/// Returns a secret value: from a file, from standard input, or asked for.
fn secret(key: &str, value: Option<&str>, context: &mut Context<'_>) -> anyhow::Result<Secret> {
    let key = typed(key);
    let text = match value {
        Some("-") if std::io::stdin().is_terminal() => None,
        Some("-") => Some(
            credential::read_text(std::io::stdin())
                .map_err(|e| Failure::config(format!("`{key}`: standard input {e}")))?,
        ),
        Some(value) => match value.strip_prefix('@') {
            Some(path) => {
                let path = context.env.expand_home(Path::new(path));
                let shown = typed(&path.display().to_string());
                let text = credential::read_file(&path);
                Some(text.map_err(|e| Failure::new(Exit::Other, format!("`{key}`: {shown}: {e}")))?)
            }
            None => return Err(secret_argument(&key).into()),
        },
        None => None,
    };
    if let Some(text) = text {
        return Ok(Secret::new(text.trim_end_matches(['\r', '\n'])));
    }
    if !context.ui.can_ask() {
        return Err(Failure::usage(format!(
            "there is no value of `{key}`, and no terminal to prompt for one"
        ))
        .hint(format!("`{key}=@FILE` and `{key}=-` read it"))
        .into());
    }
    match context.ui.ask_secret(&format!("Value of {key}: ")) {
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Err(Failure::usage(format!(
            "no value of `{key}` was given: nothing was changed"
        ))
        .into()),
        result => Ok(result?),
    }
}

/// Applies the changes, and judges what comes out; the sources of a key that another one replaces.
fn apply(
    name: &str,
    changes: &[Change],
    edit: &mut Edit,
    file: &Path,
) -> Result<Vec<&'static str>, Failure> {
    let before = Config::parse(&edit.text())?;
    before.known(name)?;
    let sources = || setting::ALL.iter().filter(|s| s.is_key_source());
    let had: Vec<&str> = sources()
        .map(|s| s.name)
        .filter(|source| before.has_member(name, source))
        .collect();
    let mut gone = Vec::new();
    for change in changes {
        match change {
            Change::Setting(setting, value) => {
                if setting.is_key_source() && value.is_some() {
                    for other in sources().filter(|other| *other != setting) {
                        if before.has_member(name, other.name) {
                            edit.put(name, vec![(other.name, None)])?;
                            gone.push(other.name);
                        }
                    }
                }
                let value = value.as_ref().map(Value::to_toml);
                edit.put(name, vec![(setting.name, value)])?;
            }
            Change::Header(header, value) => {
                let value = value.as_ref().map(Secret::expose);
                edit.put_header(name, header, value)?;
            }
        }
    }
    let after = Config::parse(&edit.text())?
        .of_file_at(file)
        .profile(name)?;
    for change in changes {
        if let Change::Setting(setting, Some(_)) = change
            && let Some(own) = setting.service.filter(|own| *own != after.service())
        {
            return Err(Failure::usage(format!(
                "`{}` is for {}; this profile is {}'s",
                setting.name,
                own.name(),
                after.service().name()
            )));
        }
    }
    if after.settings.client_key.is_some() && after.settings.client_cert.is_none() {
        return Err(Failure::usage("`client_key` needs `client_cert`"));
    }
    let has_secret = !had.is_empty() || before.has_member(name, setting::HEADERS.name);
    let is_of_server = |change: &Change| match change {
        Change::Setting(setting, _) => [&setting::URL, &setting::SERVICE].contains(setting),
        Change::Header(..) => false,
    };
    if has_secret && changes.iter().any(is_of_server) {
        same_server(before.profile(name).ok().as_ref(), &after)?;
    }
    Ok(gone)
}

/// Refuses another origin or service: what is secret in the profile would go there.
fn same_server(before: Option<&Profile>, after: &Profile) -> Result<(), Failure> {
    let name = after.label();
    let refused = |what: &str| {
        Err(Failure::usage(format!(
            "`{what}` of a profile with a key is set by `login` only, which verifies it"
        ))
        .hint(format!(
            "`apicall login {} --replace -p {name}`",
            after.address
        )))
    };
    match before {
        Some(before) if before.address.origin != after.address.origin => refused("url"),
        Some(before) if before.service() != after.service() => refused("service"),
        Some(_) => Ok(()),
        // Nobody knows where it was.
        None => refused("url"),
    }
}

/// Returns a path that means the same from any folder.
fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
