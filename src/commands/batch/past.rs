//! Runs before this one: what their journal says, and whether it is of the same batch.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::BatchArgs;
use crate::error::{Exit, Failure};
use crate::flow::batch::feed::{Requests, Resumed};
use crate::flow::batch::record::Before;
use crate::flow::batch::states::States;
use crate::flow::journal::Journal;
use crate::profile::Profile;

use super::super::Context;
use super::survey::Survey;

/// Reads what runs before this one have left. A journal that may not be continued is refused.
pub fn read(args: &BatchArgs, requests: &Requests) -> Result<(Option<Before>, Resumed), Failure> {
    let mut states = if requests.may_have_names() {
        States::with_paths(args.request.wait)
    } else {
        States::default()
    };
    let before = match &args.journal {
        Some(path) if args.resume => Before::open(path, &mut states)?,
        // Found out before anybody is asked anything.
        Some(path) if !args.request.send.dry_run => Journal::check_new(path).map(|()| None)?,
        Some(_) | None => None,
    };
    let resumed = Resumed {
        states,
        resend: args.resend,
        retry_failed: args.retry_failed,
        waits: args.request.wait,
    };
    Ok((before, resumed))
}

/// The run, as its journal describes it.
pub fn what(
    survey: &Survey,
    args: &BatchArgs,
    profile: &Profile,
    context: &mut Context<'_>,
) -> Value {
    let mut what = json!({
        "apicall": "batch",
        "version": 1,
        "rows": {"count": survey.in_input, "sha256": survey.rows_hash},
        "template": survey.template_hash,
        "profile": {
            "service": profile.service().as_str(),
            "url": profile.address.to_string(),
            "fabric": profile.place().fabric,
        },
        "shard": args.shard.map(|shard| json!([shard.number, shard.of])),
    });
    context.ui.masks().apply_json(&mut what);
    what
}

/// The error of a journal that another run has begun since this one has looked for it.
pub fn lost_race(error: Failure, path: &Path, resumes: bool) -> Failure {
    if resumes && path.exists() {
        let message = format!("{}: another run is writing this journal", path.display());
        return Failure::new(Exit::Other, message);
    }
    error
}
