//! Runs `whoami`: asks the server whose key this is.
//!
//! `flow::identify` asks; this file prints, and warns where key and server disagree.

use serde_json::json;

use crate::cli::WhoamiArgs;
use crate::error::{Exit, Failure, is_closed_pipe};
use crate::flow::identify::{self, Identity};
use crate::output::{Format, show_bytes};
use crate::profile::Profile;
use crate::service::Service;
use crate::ui::Ui;

use super::response::Exchange;
use super::{Context, aside, call, formats, gate};

/// Prints the MAAS user as the server gives it; of a Macrometa key all that is known.
pub fn run(args: &WhoamiArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    if profile.key.is_none() {
        return Err(
            Failure::config(format!("{}: the profile has no key", profile.label()))
                .hint(gate::key_cure(&profile))
                .into(),
        );
    }
    if args.rights && !profile.service().lists_rights() {
        return Err(Failure::usage(format!(
            "{}: `--rights` is for Macrometa; MAAS reports `is_superuser`",
            profile.label()
        ))
        .into());
    }
    let mut shown = formats::shown(&args.output, context)?;
    shown.end_within(profile.settings.timeout);
    let session = context.session(profile, args.output.verbose)?;
    match session.profile.service() {
        Service::Maas => {
            let plan = identify::plan(session.profile.place())?;
            let exchange = Exchange {
                session: &session,
                plan: &plan,
                output: &args.output,
                shown: &shown,
            };
            return call::make(&exchange, None, context);
        }
        Service::Macrometa => {}
    }
    let identity = identify::ask(&session, &mut context.ui.hear())?;
    warn_of_contradiction(&session.profile, &identity, context.ui);
    let mut value = json!({
        "tenant": identity.name,
        "fabrics": identity.fabrics,
        "confirmed": identity.tenant_of_server.is_some(),
        "key": identity.key,
        "region": identity.region,
        "version": aside::version(&session, context.ui),
    });
    if args.rights {
        value["rights"] = aside::rights(&session, context.ui).into();
        value["grants"] = aside::grants(&session, context.ui).into();
    }
    if shown.format == Some(Format::Raw) {
        // This response is our own; its raw format is the one without blanks.
        shown.format = Some(Format::Compact);
    }
    match show_bytes(
        value.to_string().as_bytes(),
        true,
        &shown,
        context.ui.body(),
    ) {
        Err(e) if is_closed_pipe(&e) => Ok(Exit::Success),
        Err(e) => Err(e),
        Ok(report) => {
            let label = session.profile.label();
            Ok(formats::reported(&report, label, &mut context.ui.apart().1))
        }
    }
}

/// Warns where the key names another tenant than the server: one of them is not what the user
/// meant.
pub fn warn_of_contradiction(profile: &Profile, identity: &Identity, ui: &mut Ui) {
    if let Some((key, server)) = identity.contradiction() {
        ui.warn(&format!(
            "{}: the key names the tenant `{key}`, the server `{server}`",
            profile.label()
        ));
    }
}
