//! Handles a server whose certificate is not trusted: a person at a terminal may pin its key.
//!
//! Never pins without a prompt.

use crate::error::{Exit, Failure};
use crate::flow::detect::Found;

use super::super::Context;
use super::Sought;
use super::reach::Reach;

/// Returns whether a failure to find the server may be settled by pinning its key.
pub fn may_pin(failure: &Failure, sought: &Sought, reach: &Reach, context: &Context<'_>) -> bool {
    let mut all = sought.list.iter().map(|c| reach.of(&c.address.origin));
    let is_decided = all.any(|s| s.insecure || s.pin.is_some() || s.ca_file.is_some());
    failure.exit == Exit::Tls && !is_decided && context.ui.can_ask()
}

/// Looks again without judging the certificate, shows it, and pins its key where the person says
/// so. No key of ours has been sent.
pub fn ask(
    failure: Failure,
    sought: &Sought,
    reach: &mut Reach,
    context: &mut Context<'_>,
) -> anyhow::Result<Found> {
    let Ok(mut found) = sought.find(&reach.unjudged(), context.env) else {
        return Err(failure.into());
    };
    // Its connection was made without judging: the pinned one is made anew.
    let Some((pin, certificate)) = found
        .session
        .take()
        .and_then(|session| session.server_certificate())
        .and_then(|c| Some((c.pin?, c)))
    else {
        return Err(failure.into());
    };
    context.ui.say(&failure.to_string());
    context.ui.say(&format!("certificate  {certificate}"));
    context.ui.say(&format!("its key      {pin}"));
    let question = format!("Trust this key for {} from now on?", found.address.origin);
    if !context.ui.confirm(&question)? {
        return Err(failure.into());
    }
    reach.pin(&pin.to_string());
    Ok(found)
}
