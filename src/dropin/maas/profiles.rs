//! Lists the profiles that `maas` sees: our own of MAAS, and those of `~/.maascli.db` that were not
//! imported.
//!
//! Ours go first where both have a name. Writes neither.

use std::time::Duration;

use crate::commands::Context;
use crate::error::Failure;
use crate::files::Temporary;
use crate::profile::{Overrides, Profile, select};

/// A profile that can be called.
#[derive(Debug)]
pub struct Known {
    /// The profile.
    pub profile: Profile,
    /// What the database of `maas` has of its server, where one profile of that was asked for.
    pub description: Option<Document>,
    /// Holds the certificates of a profile that keeps them as text; gone when the call is over.
    _certificates: Option<Temporary>,
}

/// A description as the database of `maas` has it.
#[derive(Clone, Debug)]
pub struct Document {
    /// JSON.
    pub document: Vec<u8>,
    /// How long ago the database was written.
    pub age: Option<Duration>,
}

/// Returns what the database has of the server of one of our profiles, where that has the same name
/// and address there.
pub fn stored(known: &Known, context: &mut Context<'_>) -> Option<Document> {
    let profile = &known.profile;
    let theirs = theirs::profiles(profile.name.as_deref(), context).ok()?;
    let mut same = theirs
        .into_iter()
        .filter(|k| k.profile.address == profile.address);
    same.next()?.description
}

/// Returns the profile of that name.
pub fn find(name: &str, context: &mut Context<'_>) -> anyhow::Result<Option<Known>> {
    let config = context.config()?;
    let is_ours = config.has(name);
    if is_ours {
        let flags = Overrides {
            profile: Some(name.to_owned()),
            ..Overrides::default()
        };
        let profile = select(&flags, context.env, || Ok(config))?;
        for unknown in &profile.unknown {
            context
                .ui
                .warn_once(&format!("{}: {unknown}", profile.label()));
        }
        if profile.service().has_maas_command() {
            return Ok(Some(ours(profile)));
        }
    }
    let theirs = theirs::profiles(Some(name), context)?.into_iter().next();
    if theirs.is_none() && is_ours {
        return Err(Failure::usage(format!("the profile `{name}` is Macrometa's")).into());
    }
    Ok(theirs)
}

/// Returns all profiles, ours first.
pub fn all(context: &mut Context<'_>) -> anyhow::Result<Vec<Known>> {
    let config = context.config()?;
    let mut all = Vec::new();
    for name in config.names() {
        // A broken profile does not stand in the way of the others.
        match config.profile(name) {
            Ok(profile) if profile.service().has_maas_command() => all.push(ours(profile)),
            Ok(_) => {}
            Err(e) => context.ui.warn(&e.to_string()),
        }
    }
    for known in theirs::profiles(None, context)? {
        if all
            .iter()
            .all(|k| k.profile.label() != known.profile.label())
        {
            all.push(known);
        }
    }
    Ok(all)
}

/// Returns whether the `maas` command line's own database has a profile.
pub fn is_theirs(name: &str, context: &mut Context<'_>) -> anyhow::Result<bool> {
    Ok(!theirs::profiles(Some(name), context)?.is_empty())
}

fn ours(profile: Profile) -> Known {
    Known {
        profile,
        description: None,
        _certificates: None,
    }
}

#[cfg(not(feature = "maascli"))]
mod theirs {
    use super::{Context, Known};

    #[expect(clippy::unnecessary_wraps, reason = "the other build reads a file")]
    pub fn profiles(_: Option<&str>, _: &mut Context<'_>) -> anyhow::Result<Vec<Known>> {
        Ok(Vec::new())
    }
}

#[cfg(feature = "maascli")]
mod theirs {
    use std::path::PathBuf;

    use anyhow::Context as _;

    use super::{
        Context, Document, Duration, Failure, Known, Overrides, Profile, Temporary, select,
    };
    use crate::address::{Address, split_url};
    use crate::profile::candidates::base_path;
    use crate::profile::maascli::{self, MaasCliProfile};
    use crate::profile::{KeySource, Settings};
    use crate::service::Target;

    /// Returns the profiles of the database, or only the one of a name.
    pub fn profiles(name: Option<&str>, context: &mut Context<'_>) -> anyhow::Result<Vec<Known>> {
        let Some(home) = context.env.home() else {
            return Ok(Vec::new());
        };
        let database = home.join(".maascli.db");
        let found = maascli::profiles(&database, name)?;
        let modified = std::fs::metadata(&database).and_then(|m| m.modified());
        let age = modified.ok().and_then(|at| at.elapsed().ok());
        let mut all = Vec::new();
        let broken = found
            .broken
            .iter()
            .map(|n| maascli::broken(&database, n).into());
        let known = found
            .profiles
            .into_iter()
            .map(|profile| known(profile, age, context));
        let results: Vec<anyhow::Result<Known>> = known.chain(broken.map(Err)).collect();
        for result in results {
            match result {
                Ok(known) => all.push(known),
                Err(e) if name.is_some() => return Err(e),
                // One that is broken is no reason to leave the others out.
                Err(e) => context.ui.warn(&format!("{e:#}")),
            }
        }
        Ok(all)
    }

    fn known(
        theirs: MaasCliProfile,
        age: Option<Duration>,
        context: &mut Context<'_>,
    ) -> anyhow::Result<Known> {
        let (origin, rest) =
            split_url(&theirs.url).map_err(|e: Failure| e.of(&format!("`{}`", theirs.name)))?;
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let mut settings = Settings::default();
        let mut certificates = None;
        if let Some(text) = &theirs.cacerts {
            settings.ca_file = Some(if text.contains("-----BEGIN") {
                let mut file = Temporary::anywhere().context("certificates")?.watched()?;
                file.write_all(text.as_bytes()).context("certificates")?;
                let path = file.path().to_path_buf();
                certificates = Some(file);
                path
            } else {
                PathBuf::from(text.trim())
            });
        }
        select::override_settings(&mut settings, &Overrides::default(), context.env)?;
        Ok(Known {
            description: theirs
                .description
                .map(|document| Document { document, age }),
            profile: Profile {
                name: Some(theirs.name),
                target: Target::Maas,
                address: Address {
                    origin,
                    path: base_path(path),
                },
                key: theirs.key.map(KeySource::Inline),
                protected: false,
                settings,
                unknown: Vec::new(),
            },
            _certificates: certificates,
        })
    }
}
