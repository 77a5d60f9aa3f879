//! What stands between a call that was typed and its sending: the key it needs, the question that a
//! protected profile asks, and `--dry-run`.
//!
//! Every command that changes something passes here before its session is opened. Nothing here
//! sends, and no response is known.

use crate::error::{Exit, Failure};
use crate::output::head::masked_target;
use crate::output::request;
use crate::profile::Profile;
use crate::request::{Body, Plan};

use super::Context;

/// Refuses a call that would go out unsigned although nobody said so.
///
/// A profile without a key reads a MAAS anonymously; everything else needs `--anonymous`, because
/// MAAS enlists a machine when it gets an unsigned `POST /machines/` (observed).
pub fn check_key(profile: &Profile, plan: &Plan, anonymous: bool) -> Result<(), Failure> {
    // APICALL_URL alone has said that it is anonymous.
    let is_environment = profile.name.is_none();
    let reads = plan.is_safe() && (profile.service().answers_without_key() || is_environment);
    if profile.key.is_some() || anonymous || reads {
        return Ok(());
    }
    Err(
        Failure::config(format!("{}: the profile has no key", profile.label())).hint(format!(
            "{}; `--anonymous` sends the call unsigned",
            key_cure(profile)
        )),
    )
}

/// Names the command or variable that gives a profile a key.
#[must_use]
pub fn key_cure(profile: &Profile) -> String {
    match &profile.name {
        None => "set APICALL_KEY".to_owned(),
        Some(name) => format!(
            "`apicall login {} --replace -p {name}` stores one",
            profile.address
        ),
    }
}

/// Prompts before a call that changes something on a protected profile; without a terminal it is
/// refused.
pub fn confirm(
    profile: &Profile,
    plan: &Plan,
    yes: bool,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    if plan.is_safe() {
        return Ok(());
    }
    confirm_sent(profile, &sentence(plan, profile), yes, context)
}

/// Prompts before something is sent to a protected profile, as the sentence says.
pub fn confirm_sent(
    profile: &Profile,
    sent: &str,
    yes: bool,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    if !profile.protected || yes {
        return Ok(());
    }
    let question = format!("{} is protected. {sent}?", profile.label());
    if context.ui.can_ask() {
        if context.ui.confirm(&question)? {
            return Ok(());
        }
        return Err(Failure::usage("not sent").into());
    }
    Err(
        Failure::usage(format!("the profile `{}` is protected", profile.label()))
            .hint("`--yes` sends a call that changes something")
            .into(),
    )
}

/// Says what would be sent: method and target, then the body as far as it fits a question.
#[must_use]
pub fn sentence(plan: &Plan, profile: &Profile) -> String {
    const LONGEST: usize = 400;
    let target = masked_target(plan);
    let body = match &plan.body {
        Some(Body::Multipart(parts)) => request::parts(parts),
        _ => request::shown(plan, profile).body.unwrap_or_default(),
    };
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = body.chars().take(LONGEST).collect();
    let more = if cut.len() < body.len() { "…" } else { "" };
    match body.as_str() {
        "" => format!("{} {target}", plan.method),
        _ => format!("{} {target} with {cut}{more}", plan.method),
    }
}

/// Prints the request instead of sending it.
pub fn dry_run(plan: &Plan, profile: &Profile, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    context.mask_typed(profile);
    let shown = request::shown(plan, profile);
    let mut text = shown.head.join("\n");
    text.push_str("\n\n");
    if let Some(body) = shown.body.filter(|b| !b.is_empty()) {
        text.push_str(&body);
        if !body.ends_with('\n') {
            text.push('\n');
        }
    }
    context.ui.report(&text)?;
    Ok(Exit::Success)
}
