//! `profile import maas`: takes profiles over from the `maas` command line.
//!
//! Its database is read and left alone. Nothing is written where one of the profiles cannot be
//! taken over, so that a second try finds what the first one found.

use std::path::{Path, PathBuf};

use toml_edit::Value;

use crate::address::{Address, split_url};
use crate::cli::ImportMaasArgs;
use crate::commands::Context;
use crate::error::{Exit, Failure};
use crate::output::aligned;
use crate::profile::candidates::base_path;
use crate::profile::maascli::{self, MaasCliProfile};
use crate::profile::{setting, store};
use crate::secret::{MASK, Secret};
use crate::service::{Key, Service};

/// A profile as it will stand in the config.
struct Taken {
    name: String,
    address: Address,
    key: Option<Secret>,
    certificates: Option<Certificates>,
}

enum Certificates {
    /// PEM text, which becomes a file.
    Text(String),
    /// A file of it.
    File(PathBuf),
}

/// What becomes of a profile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    New,
    Replaced,
    /// The config has the same address and key under this name.
    There,
}

/// Imports all profiles, or those that are named.
pub fn maas(args: &ImportMaasArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let database = match &args.file {
        Some(file) => context.env.expand_home(file),
        None => context
            .env
            .home()
            .ok_or_else(|| Failure::config("there is no home folder"))?
            .join(".maascli.db"),
    };
    let mut found = maascli::profiles(&database, None)?;
    if let Some(name) = args.names.iter().find(|n| found.broken.contains(n)) {
        return Err(maascli::broken(&database, name).into());
    }
    if !args.names.is_empty() {
        found.broken.clear();
    }
    let mut left_out: Vec<Failure> = found
        .broken
        .iter()
        .map(|name| maascli::broken(&database, name))
        .collect();
    let mut taken = Vec::new();
    // One that is broken is no reason to leave the others out.
    for profile in chosen(found.profiles, &args.names, &database, &mut left_out)? {
        match take(profile, context) {
            Ok(profile) => taken.push(profile),
            Err(e) if args.names.is_empty() => left_out.push(e),
            Err(e) => return Err(e.into()),
        }
    }
    let fates = fates(&taken, args.replace, context)?;
    let lines = lines(&taken, &fates);
    for failure in &left_out {
        context.ui.warn(&failure.to_string());
    }
    let earned = if left_out.is_empty() {
        Exit::Success
    } else {
        Exit::Other
    };
    if args.dry_run {
        super::print(&lines, context)?;
        return Ok(earned);
    }
    for line in lines.lines() {
        context.ui.say(line);
    }
    let config_file = context.config_file()?;
    let mut rows = Vec::new();
    for (taken, fate) in taken.iter().zip(&fates) {
        if *fate != Fate::There {
            rows.push((taken, members(taken, &config_file)?));
        }
    }
    let count = rows.len();
    let is_default = store::edit(&config_file, |edit| {
        let was_empty = edit.count() == 0;
        for (taken, members) in rows {
            if edit.has(&taken.name) && !args.replace {
                return Err(exists(&taken.name).into());
            }
            edit.put(&taken.name, members)?;
        }
        let first = was_empty && edit.default_name().is_none() && count > 0;
        if first {
            edit.set_default(&taken[0].name);
        }
        Ok(first)
    })?;
    context.ui.say(&match count {
        1 => "1 profile imported".to_owned(),
        n => format!("{n} profiles imported"),
    });
    if is_default {
        let name = &taken[0].name;
        context.ui.say(&format!("`{name}` is now the default"));
    }
    Ok(earned)
}

fn chosen(
    mut found: Vec<MaasCliProfile>,
    names: &[String],
    database: &Path,
    broken: &mut Vec<Failure>,
) -> Result<Vec<MaasCliProfile>, Failure> {
    let place = database.display();
    if found.is_empty() {
        if let Some(failure) = broken.pop() {
            return Err(failure);
        }
        return Err(
            Failure::new(Exit::Other, format!("{place}: no profiles there"))
                .hint("`--file FILE` names another database of the `maas` command line"),
        );
    }
    if let Some(name) = names.iter().find(|n| found.iter().all(|f| f.name != **n)) {
        let known: Vec<_> = found.iter().map(|f| format!("`{}`", f.name)).collect();
        return Err(
            Failure::usage(format!("{place}: no profile `{name}` there"))
                .hint(format!("there are {}", known.join(", "))),
        );
    }
    if !names.is_empty() {
        found.retain(|f| names.contains(&f.name));
    }
    Ok(found)
}

fn take(profile: MaasCliProfile, context: &mut Context<'_>) -> Result<Taken, Failure> {
    let of = |e: Failure| e.of(&format!("`{}`", profile.name));
    if let Some(key) = &profile.key {
        let parsed = Key::parse(Service::Maas, key.expose(), None)
            .map_err(of)
            .map_err(|e| Failure {
                exit: Exit::Config,
                ..e
            })?;
        parsed.mask(&mut context.ui.masks());
    }
    let (origin, rest) = split_url(&profile.url).map_err(of)?;
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let certificates = profile.cacerts.map(|text| {
        if text.contains("-----BEGIN") {
            Certificates::Text(text)
        } else {
            Certificates::File(context.env.expand_home(Path::new(text.trim())))
        }
    });
    Ok(Taken {
        name: name_of(&profile.name),
        address: Address {
            origin,
            path: base_path(path),
        },
        key: profile.key,
        certificates,
    })
}

/// Makes a profile's name; each character that it cannot hold becomes `-`.
fn name_of(name: &str) -> String {
    name.replace(
        |c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)),
        "-",
    )
}

fn fates(taken: &[Taken], replace: bool, context: &mut Context<'_>) -> Result<Vec<Fate>, Failure> {
    let config = context.config()?;
    let mut fates = Vec::new();
    for (at, profile) in taken.iter().enumerate() {
        let name = &profile.name;
        if taken[..at].iter().any(|t| t.name == *name) {
            return Err(
                Failure::usage(format!("two of the profiles would be named `{name}`"))
                    .hint("name the one to import"),
            );
        }
        fates.push(if config.names().all(|known| known != name) {
            Fate::New
        } else if config.entry(name).is_ok_and(|entry| {
            let text = |setting| entry.values.text(setting);
            text(&setting::KEY) == profile.key.as_ref().map(Secret::expose)
                && text(&setting::URL) == Some(profile.address.to_string().as_str())
        }) {
            Fate::There
        } else if replace {
            Fate::Replaced
        } else {
            return Err(exists(name));
        });
    }
    Ok(fates)
}

fn exists(name: &str) -> Failure {
    Failure::config(format!("profile `{name}` already exists")).hint(
        "`--replace` overwrites it; `profile import maas NAME` takes only those that are named",
    )
}

fn lines(taken: &[Taken], fates: &[Fate]) -> String {
    let mut rows = Vec::new();
    for (profile, fate) in taken.iter().zip(fates) {
        let key = match &profile.key {
            Some(_) => format!("key {MASK}"),
            None => "anonymous".to_owned(),
        };
        let certificates = match &profile.certificates {
            None => String::new(),
            Some(Certificates::Text(_)) => ", CA certificates".to_owned(),
            Some(Certificates::File(path)) => format!(", CA certificates {}", path.display()),
        };
        let fate = match fate {
            Fate::New => "",
            Fate::Replaced => ", replaces the profile of that name",
            Fate::There => ", there already",
        };
        rows.push([
            profile.name.clone(),
            profile.address.to_string(),
            format!("{key}{certificates}{fate}"),
        ]);
    }
    aligned(&rows)
}

/// Members in the order they are written; those that are not the source's go, so that a profile
/// that is replaced leaves nothing behind.
fn members(
    taken: &Taken,
    config_file: &Path,
) -> anyhow::Result<Vec<(&'static str, Option<Value>)>> {
    let ca_file = match &taken.certificates {
        None => None,
        Some(Certificates::File(path)) => Some(path.clone()),
        Some(Certificates::Text(text)) => {
            Some(store::keep_certificates(text, &taken.name, config_file)?)
        }
    };
    Ok(vec![
        ("service", Some(Service::Maas.as_str().into())),
        ("url", Some(taken.address.to_string().into())),
        ("fabric", None),
        ("key", taken.key.as_ref().map(|key| key.expose().into())),
        ("key_file", None),
        ("key_env", None),
        ("key_command", None),
        (
            "ca_file",
            ca_file.map(|path| path.display().to_string().into()),
        ),
        ("pin", None),
        ("insecure", None),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_ours_can_not_hold() {
        for (theirs, ours) in [("lab", "lab"), ("a b/c", "a-b-c"), ("é", "-")] {
            assert_eq!(name_of(theirs), ours);
        }
    }
}
