//! Reports what a login has stored: whose key it is, and what it may not do.
//!
//! Prints; the profile is stored already.

use crate::profile::Profile;
use crate::service::Service;

use super::super::{Context, whoami};
use super::key::{Account, Verified};

/// Reports that a profile was stored; `None` for one without a key.
pub fn say(profile: &Profile, verified: Option<&Verified>, context: &mut Context<'_>) {
    let who = match verified {
        None => "without a key".to_owned(),
        Some(Verified::Not(identity)) if identity.name.is_empty() => "not verified".to_owned(),
        Some(Verified::Not(identity)) => {
            format!("not verified; the key names the tenant `{}`", identity.name)
        }
        Some(Verified::By(account)) => of_account(profile.service(), account),
    };
    context
        .ui
        .say(&format!("profile `{}` stored: {who}", profile.label()));
    let Some(Verified::By(account)) = verified else {
        return;
    };
    whoami::warn_of_contradiction(profile, &account.identity, context.ui);
    if !account.denied.is_empty() {
        context.ui.say(&format!(
            "the key may not list: {}",
            account.denied.join(", ")
        ));
    }
}

fn of_account(service: Service, account: &Account) -> String {
    let identity = &account.identity;
    match service {
        Service::Maas if identity.is_admin => {
            format!("signed in as `{}`, an administrator", identity.name)
        }
        Service::Maas => format!("signed in as `{}`, a user", identity.name),
        Service::Macrometa => {
            let fabrics = match identity.fabrics.join(", ") {
                none if none.is_empty() => "no fabrics".to_owned(),
                some => format!("fabrics {some}"),
            };
            let mut parts = vec![format!("tenant `{}`", identity.name), fabrics];
            parts.extend(identity.region.as_ref().map(|r| format!("region {r}")));
            parts.extend(account.version.as_ref().map(|v| format!("version {v}")));
            parts.join(", ")
        }
    }
}
