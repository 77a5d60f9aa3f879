//! What the cached description of a MAAS says of a call: before it is sent, and where it failed.
//!
//! Only what lies in the cache counts, and of that the index: nobody waits for the note beside a
//! call that works. A call without fields reads nothing at all. Where the response names another
//! hash, the description is fetched anew, silently.

use std::time::{Duration, Instant};

use crate::client::Limits;
use crate::client::response::Head;
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::describe::{Describer, Patience};
use crate::output::errors::Failed;
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::body::Body;
use crate::service::Service;
use crate::service::maas::advise::{self, Called};
use crate::service::maas::describe::Index;
use crate::session::Session;
use crate::ui::Ui;

/// What fetching a description anew may take, behind a response.
const SHORT: Duration = Duration::from_secs(2);

/// Names the fields that the operation of a call does not have: MAAS ignores them silently. Gives
/// the index where it was read.
pub fn note(profile: &Profile, plan: &Plan, env: &Env, ui: &mut Ui) -> Option<Index> {
    if profile.service() != Service::Maas {
        return None;
    }
    let fields: Vec<&str> = match plan.body.as_ref()? {
        Body::Form(fields) => fields.iter().map(|(name, _)| name.as_str()).collect(),
        Body::Multipart(parts) => parts.iter().map(|part| part.name.as_str()).collect(),
        Body::Json(_) | Body::Raw(..) => return None,
    };
    let index = Describer::new(profile, env).index()?;
    let op = op(plan);
    for (field, meant) in advise::unknown(&index, called(plan, op.as_deref()), fields) {
        let meant = meant
            .map(|name| format!("; did you mean `{name}`?"))
            .unwrap_or_default();
        ui.say(&format!(
            "apicall: note: {}: {} is not described with `{field}`, and MAAS ignores what it does \
             not know{meant}",
            profile.label(),
            plan.summary(),
        ));
    }
    Some(index)
}

/// Adds what the description knows to an error.
pub fn explain(session: &Session, failed: &mut Failed, plan: &Plan, env: &Env) {
    let is_told =
        session.profile.service() == Service::Maas && matches!(failed.head.status, 400 | 404);
    if !is_told {
        return;
    }
    let op = op(plan);
    let called = called(plan, op.as_deref());
    let describer = Describer::new(&session.profile, env);
    let hint = |index: &Index| advise::hint(index, called, failed.head.status, &failed.body);
    let Some(index) = describer.index() else {
        if failed
            .explanation
            .cause
            .starts_with("Unrecognised signature")
            && let Some(hint) = &mut failed.explanation.hint
            && session.key().is_some()
        {
            let word = advise::word(called).unwrap_or_default();
            hint.push_str(&format!("; `apicall ops {word}` lists them"));
        }
        return;
    };
    let index = refreshed(session, &failed.head, &index, env).unwrap_or(index);
    // Unsigned calls reach other operations; that they are unsigned says more.
    let is_unsigned = failed.head.status == 400 && session.key().is_none();
    if let Some(hint) = hint(&index).filter(|_| !is_unsigned) {
        failed.explanation.hint = Some(hint);
    }
}

/// Fetches the description anew where a response names another hash than the index.
#[must_use]
pub fn refreshed(session: &Session, head: &Head, index: &Index, env: &Env) -> Option<Index> {
    let describer = Describer::new(&session.profile, env);
    let mut send = |plan: &Plan, _: Patience| {
        let deadline = Instant::now() + SHORT;
        let limits = Limits {
            deadline: Some(deadline),
            retries: None,
        };
        let response = session.send(plan, &limits, &mut |_| {})?;
        if Exit::of_status(response.head.status) != Exit::Success {
            return Err(Failure::new(Exit::Other, "no description").into());
        }
        Ok(response)
    };
    describer.heard(head, &index.hash, Patience::Short, &mut send)?;
    describer.index()
}

fn op(plan: &Plan) -> Option<String> {
    let (_, op) = plan.url.parameters().find(|(name, _)| name == "op")?;
    Some(op)
}

fn called<'a>(plan: &'a Plan, op: Option<&'a str>) -> Called<'a> {
    Called {
        method: &plan.method,
        path: plan.url.path(),
        op,
    }
}
