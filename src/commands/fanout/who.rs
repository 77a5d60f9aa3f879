//! Who is asked: the profiles that `-p eu,us` or `-p 'prod-*'` stands for, and whether all of them
//! may get a call that changes something.
//!
//! Sends nothing and prints nothing but the question.

use crate::error::Failure;
use crate::profile::{self as profiles, Config, Overrides, Profile};
use crate::request::Plan;

use super::super::{Context, gate};

/// The profiles that a list of names or a pattern stands for, in the order of the list, and in that
/// of the config below a pattern. `None` where one profile is named, or none.
pub fn wanted(flag: Option<&str>, context: &Context<'_>) -> Result<Option<Vec<String>>, Failure> {
    let Some(text) = profiles::select::named(flag, context.env)? else {
        return Ok(None);
    };
    if !text.contains([',', '*', '?']) {
        return Ok(None);
    }
    let config = Config::load(&context.config_file()?)?;
    let mut names: Vec<String> = Vec::new();
    for part in text.split(',').map(str::trim) {
        if part.is_empty() {
            return Err(Failure::usage("`-p`: a name in the list is empty")
                .hint("`-p eu,us` names two profiles, `-p 'prod-*'` those that match"));
        }
        let found = if part.contains(['*', '?']) {
            config.matching(part)
        } else {
            config.known(part)?;
            vec![part]
        };
        if found.is_empty() {
            let known: Vec<&str> = config.names().collect();
            return Err(Failure::config(format!("no profile matches `{part}`"))
                .hint(format!("existing profiles: {}", known.join(", "))));
        }
        for name in found {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    Ok(Some(names))
}

pub fn needs_all(what: &str, names: &[String]) -> Failure {
    Failure::usage(format!(
        "{what} may change something, and `-p` names several profiles: {}",
        names.join(", ")
    ))
    .hint("`--all` sends it to each of them")
}

/// A profile, where it can be had; what is wrong with it is reported when it is used.
pub fn selected(overrides: &Overrides, context: &Context<'_>) -> Option<Profile> {
    let config = || Config::load(&context.config_file()?);
    profiles::select(overrides, context.env, config).ok()
}

/// Asks once where some of the profiles are protected, with what the first of them would get.
pub fn confirm(
    names: &[String],
    overrides: impl Iterator<Item = Overrides>,
    plan: impl Fn(&Profile) -> anyhow::Result<Plan>,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let mut protected = Vec::new();
    for overrides in overrides {
        if let Some(profile) = selected(&overrides, context) {
            context.ui.masks().merge(&profile.masks(context.env));
            if profile.protected {
                protected.push(profile);
            }
        }
    }
    let Some(first) = protected.first() else {
        return Ok(());
    };
    let labels: Vec<&str> = protected.iter().map(Profile::label).collect();
    let is = if labels.len() == 1 { "is" } else { "are" };
    let which = format!("{} {is} protected", labels.join(", "));
    if !context.ui.can_ask() {
        return Err(Failure::usage(which)
            .hint("`--yes` sends a call that changes something")
            .into());
    }
    let sent = gate::sentence(&plan(first)?, first);
    let question = format!("{which}. {sent}, to {}?", names.join(", "));
    if context.ui.confirm(&question)? {
        return Ok(());
    }
    Err(Failure::usage("not sent").into())
}
