//! `whoami`: asks the server whose key this is.

use serde_json::json;

use crate::cli::WhoamiArgs;
use crate::error::{Exit, Failure, is_closed_pipe};
use crate::flow::identify;
use crate::output::{Form, show_bytes};
use crate::profile::select;
use crate::service::Service;

use super::session::Session;
use super::{Context, call, forms};

/// Prints the MAAS user as the server gives it; tenant and fabrics of a Macrometa key.
pub fn run(args: &WhoamiArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let mut shown = forms::shown(&args.output, context)?;
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = select(&overrides, context.env, || context.config())?;
    if profile.key.is_none() {
        return Err(
            Failure::config(format!("{}: the profile has no key", profile.label()))
                .hint("`apicall login URL --replace` stores one")
                .into(),
        );
    }
    let session = Session::open(profile, false, args.output.verbose, context.env, context.ui)?;
    if session.profile.service == Service::Maas {
        let plan = identify::plan(session.profile.place())?;
        return call::make(&session, &plan, &args.output, context);
    }
    let identity = session.identify(context.ui)?;
    let value = json!({ "tenant": identity.name, "fabrics": identity.fabrics });
    if shown.form == Some(Form::Raw) {
        // This answer is our own; its raw form is the one without blanks.
        shown.form = Some(Form::Compact);
    }
    match show_bytes(
        value.to_string().as_bytes(),
        true,
        &shown,
        context.ui.stdout(),
    ) {
        Err(e) if !is_closed_pipe(&e) => Err(e),
        _ => Ok(Exit::Success),
    }
}
