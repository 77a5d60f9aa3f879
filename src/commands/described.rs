//! The description of a profile's MAAS, for commands that need it.
//!
//! A server is reached only where the cache does not do, and without the key: a command that asks
//! for a password manager's phrase is not run to list what can be called.

use std::time::Duration;

use crate::client::{Limits, Response};
use crate::flow::describe::{Describer, Patience};
use crate::profile::Profile;
use crate::request::Plan;
use crate::service::maas::describe::Description;
use crate::session::Setup;

use super::Context;

/// Limits a look at the server where a cached description would do.
const SHORT: Duration = Duration::from_secs(2);

/// Returns the description as the server has it, or had it within the hour; from the cache where
/// the server cannot be asked. `refresh` has it fetched whatever the cache holds.
pub fn current(
    profile: &Profile,
    refresh: bool,
    context: &mut Context<'_>,
) -> anyhow::Result<Description> {
    let describer = Describer::new(profile, context.env);
    let mut send = |plan: &Plan, patience| send(profile, plan, patience, context);
    if refresh {
        return describer.fetch(Patience::Usual, &mut send);
    }
    describer.current(&mut send)
}

/// Looks for something in the same, and in the server's where the cached one does not have it.
pub fn find<T>(
    profile: &Profile,
    find: &dyn Fn(&Description) -> Option<T>,
    context: &mut Context<'_>,
) -> anyhow::Result<(Description, Option<T>)> {
    let describer = Describer::new(profile, context.env);
    describer.find(find, &mut |plan, patience| {
        send(profile, plan, patience, context)
    })
}

/// Sends a plan unsigned; everything but a success is a failure.
pub fn send(
    profile: &Profile,
    plan: &Plan,
    patience: Patience,
    context: &mut Context<'_>,
) -> anyhow::Result<Response> {
    let mut profile = profile.clone();
    if patience == Patience::Short {
        let settings = &mut profile.settings;
        settings.retries = Some(0);
        for limit in [&mut settings.timeout, &mut settings.connect_timeout] {
            *limit = Some(limit.map_or(SHORT, |set| set.min(SHORT)));
        }
    }
    // Nothing is signed, and the server may repeat the key all the same.
    context.mask_typed(&profile);
    let session = context.session_with(profile, Setup::default())?;
    let limits = Limits::default();
    Ok(session.call(plan, &limits, &mut context.ui.hear())?)
}
