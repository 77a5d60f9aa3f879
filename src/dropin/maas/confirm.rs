//! Prompts before a call that the profile protects.
//!
//! `maas` has no flag for it, so its hint names apicall's.

use crate::commands::{self, Context};
use crate::error::Failure;
use crate::profile::Profile;
use crate::request::Plan;

/// Confirms a protected call with the user; `maas` has no flag that says yes.
pub fn confirm(profile: &Profile, plan: &Plan, context: &mut Context<'_>) -> anyhow::Result<()> {
    let confirmed = commands::gate::confirm(profile, plan, false, context);
    confirmed.map_err(|e| match e.downcast::<Failure>() {
        Ok(failure) if failure.hint.is_some() => failure
            .hint("on a terminal it is prompted for; a script can send it with `apicall … --yes`")
            .into(),
        Ok(failure) => failure.into(),
        Err(e) => e,
    })
}
