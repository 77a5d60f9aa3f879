//! Prints a call as a program instead of making it (`--as LANGUAGE`).
//!
//! `request::snippet` writes the program; nothing is sent and no key is read.

use crate::client::tls::Pin;
use crate::error::{Exit, Failure};
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::snippet::{self, Language, Outline};
use crate::ui::Ui;

use super::Context;

/// Prints the program. The key is not read: the program does it.
pub fn print(
    language: Language,
    plan: &Plan,
    profile: &Profile,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let pin = match &profile.settings.pin {
        None => None,
        Some(text) => Some(
            Pin::read(text)
                .map_err(|e| e.of(profile.label()))?
                .to_string(),
        ),
    };
    context.mask_typed(profile);
    let outline = Outline::new(plan, profile, &context.ui.masks(), pin)?;
    let text = snippet::program(language, &outline)?;
    context.ui.report(&text)?;
    Ok(Exit::Success)
}

/// Returns what is said of a path with a name in it: only the server knows the id, and nothing is
/// sent.
#[must_use]
pub fn named(path: &str) -> Failure {
    let path = path.escape_debug();
    Failure::usage("`--as` asks nobody what a name in the path or a value stands for").hint(
        format!("write the id; `apicall get {path} --jq .system_id -r` prints a machine's"),
    )
}

/// Says what a program leaves out, where it was asked for.
pub fn note(what: &str, ui: &mut Ui) {
    ui.say(&format!("apicall: note: the program leaves out {what}"));
}
