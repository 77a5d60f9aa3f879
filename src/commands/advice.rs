//! What the cached description of a MAAS says of a call: before it is sent, and where it failed.
//!
//! Only what lies in the cache counts, and of that the index: nobody waits for the note beside a
//! call that works, but for an allocation, whose constraints have to be the server's. A call without
//! fields reads nothing at all. Where the response names another
//! hash, the description is fetched anew, silently.

use std::time::{Duration, Instant};

use crate::cli::RequestArgs;
use crate::client::Head;
use crate::client::Limits;
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::describe::{Describer, Patience};
use crate::output::errors::Failed;
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::body::{Body, Content};
use crate::service::maas::advise::{self, Called, is_allocation};
use crate::service::maas::describe::{Description, Index};
use crate::service::maas::explain;
use crate::service::maas::mistake::{self, Mistaken};
use crate::session::Session;

use super::{Context, described};

/// What fetching a description anew may take, behind a response.
const SHORT: Duration = Duration::from_secs(2);

/// Returns what keeps MAAS from reading a call as it is meant is said before it is sent; gives the
/// index where it was read.
///
/// Fields that the operation does not have are named: MAAS ignores them silently. For an allocation
/// that is a refusal, unless it is forced: what is ignored there is which machine is meant.
pub fn check(
    profile: &Profile,
    plan: &Plan,
    flags: &RequestArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Option<Index>> {
    if !profile.service().has_operations() {
        return Ok(None);
    }
    let Some(body) = plan.body.as_ref() else {
        return Ok(None);
    };
    let op = plan.operation().or_else(|| body.field("op"));
    let called = called(plan, op.as_deref());
    let files = match body {
        Body::Multipart(parts) => parts
            .iter()
            .filter(|part| part.filename.is_some())
            .map(|part| part.name.as_str())
            .collect(),
        Body::Form(_) | Body::Json(_) | Body::Raw(..) => Vec::new(),
    };
    for note in mistake::notes(called, &fields(plan), &files) {
        context
            .ui
            .say(&format!("apicall: note: {}: {note}", profile.label()));
    }
    let Some(names) = names(body) else {
        if is_allocation(called) {
            context.ui.warn(&format!(
                "{}: whether MAAS knows the constraints in this body is not checked",
                profile.label()
            ));
        }
        return Ok(None);
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_sent = !flags.send.only_shows();
    if is_allocation(called) && is_sent && names.iter().any(|name| *name != "op") {
        let constraints = Constraints {
            called,
            names: &names,
        };
        return allocation(profile, plan, &constraints, flags.force, context);
    }
    let Some(index) = Describer::new(profile, context.env).index() else {
        return Ok(None);
    };
    let unknown = advise::unknown(&index, called, names);
    if is_allocation(called) && !flags.force {
        refuse(profile, plan, &unknown)?;
    }
    note(profile, plan, &unknown, context);
    Ok(Some(index))
}

/// Distinguishes calls that [`check`] may judge differently: by method, operation and the names of
/// their fields. `None` where it has nothing to say.
#[must_use]
pub fn kind(plan: &Plan, profile: &Profile) -> Option<String> {
    let body = plan.body.as_ref()?;
    if !profile.service().has_operations() {
        return None;
    }
    let op = plan
        .operation()
        .or_else(|| body.field("op"))
        .unwrap_or_default();
    let names = names(body).map(|mut names| {
        names.sort_unstable();
        names.dedup();
        names.join(" ")
    });
    Some(format!("{} {op} {names:?}", plan.method))
}

/// The constraints of an allocation, and the operation that takes them.
struct Constraints<'a> {
    called: Called<'a>,
    names: &'a [&'a str],
}

impl<'a> Constraints<'a> {
    /// Lists those that a description does not know, each with a name near to it.
    fn unknown<'i>(&self, index: &'i Index) -> Vec<(&'a str, Option<&'i str>)> {
        advise::unknown(index, self.called, self.names.iter().copied())
    }
}

/// Looks whether the server, as it is now, has the constraints of an allocation.
fn allocation(
    profile: &Profile,
    plan: &Plan,
    constraints: &Constraints<'_>,
    force: bool,
    context: &mut Context<'_>,
) -> anyhow::Result<Option<Index>> {
    let of = |description: &Description| Index::new(&description.hash, &description.operations());
    let is_known = |description: &Description| {
        let index = of(description);
        constraints.unknown(&index).is_empty().then_some(())
    };
    // What a young description has needs no look at the server, nor at all of it.
    let describer = Describer::new(profile, context.env);
    if describer.is_young()
        && let Some(index) = describer.index()
        && constraints.unknown(&index).is_empty()
    {
        return Ok(Some(index));
    }
    let index = match described::find(profile, &is_known, context) {
        Ok((description, found)) if found.is_some() || !describer.is_old() => of(&description),
        _ => {
            context.ui.warn(&format!(
                "{}: the server does not describe itself now: whether it knows the constraints is \
                 not checked, and one that it does not know it ignores",
                profile.label()
            ));
            return Ok(None);
        }
    };
    let unknown = constraints.unknown(&index);
    if force {
        note(profile, plan, &unknown, context);
    } else {
        refuse(profile, plan, &unknown)?;
    }
    Ok(Some(index))
}

/// A field that an operation does not have, and the nearest that it has.
type Unknown<'a> = (&'a str, Option<&'a str>);

/// Refuses constraints that are not there: MAAS would allocate some other machine.
fn refuse(profile: &Profile, plan: &Plan, unknown: &[Unknown<'_>]) -> Result<(), Failure> {
    let Some((field, meant)) = unknown.first() else {
        return Ok(());
    };
    let meant = meant
        .map(|name| format!("did you mean `{name}=…`? "))
        .unwrap_or_default();
    Err(Failure::usage(format!(
        "MAAS knows no constraint `{field}`, and would allocate some other machine"
    ))
    .of(&plan.label(profile.label()))
    .hint(format!(
        "{meant}`apicall ops allocate --show` lists them; `--force` sends it all the same"
    )))
}

fn note(profile: &Profile, plan: &Plan, unknown: &[Unknown<'_>], context: &mut Context<'_>) {
    for (field, meant) in unknown {
        let meant = meant
            .map(|name| format!("; did you mean `{name}`?"))
            .unwrap_or_default();
        context.ui.say(&format!(
            "apicall: note: {} has no parameter `{field}` in MAAS's description; MAAS ignores unknown parameters{meant}",
            plan.label(profile.label()),
        ));
    }
}

/// Returns the names of a body's fields; `None` where they are not known before it is sent.
fn names(body: &Body) -> Option<Vec<String>> {
    let of_json = |text: &[u8]| -> Option<Vec<String>> {
        let value: serde_json::Value = serde_json::from_slice(text).ok()?;
        Some(value.as_object()?.keys().cloned().collect())
    };
    match body {
        Body::Form(fields) => Some(fields.iter().map(|(name, _)| name.clone()).collect()),
        Body::Multipart(parts) => Some(parts.iter().map(|part| part.name.clone()).collect()),
        Body::Json(text) => of_json(text.as_bytes()),
        Body::Raw(Content::Bytes(bytes), content_type) if content_type.ends_with("json") => {
            of_json(bytes)
        }
        Body::Raw(..) => None,
    }
}

/// Adds what the description knows to an error.
pub fn explain(session: &Session, failed: &mut Failed, plan: &Plan, env: &Env) {
    if !session.profile.service().has_operations() || !(400..=500).contains(&failed.head.status) {
        return;
    }
    let op = plan.operation();
    let called = called(plan, op.as_deref());
    let status = failed.head.status;
    let fields = fields(plan);
    let body = String::from_utf8_lossy(&failed.body).into_owned();
    let mistaken = Mistaken {
        called,
        fields: &fields,
        status,
        body: &body,
    };
    let describer = Describer::new(&session.profile, env);
    let index = describer.index().filter(|_| matches!(status, 400 | 404));
    // Unsigned calls reach other operations; that they are unsigned says more.
    let is_unsigned = status == 400 && session.key().is_none();
    if let Some(hint) = mistake::hint(&mistaken, index.as_ref()).filter(|_| !is_unsigned) {
        failed.explanation.hint = Some(hint);
        return;
    }
    if !matches!(status, 400 | 404) {
        return;
    }
    let hint = |index: &Index| advise::hint(index, called, status, &failed.body);
    let Some(index) = index else {
        if explain::is_no_operation(&failed.explanation.cause)
            && let Some(hint) = &mut failed.explanation.hint
            && session.key().is_some()
        {
            let word = advise::word(called).unwrap_or_default();
            hint.push_str(&format!("; `apicall ops {word}` lists them"));
        }
        return;
    };
    let index = refreshed(session, &failed.head, &index, env).unwrap_or(index);
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
            ..Limits::default()
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

/// Returns the parameters and fields of a call, without its operation.
fn fields(plan: &Plan) -> Vec<(String, String)> {
    let query = plan.url.parameters().filter(|(name, _)| name != "op");
    let mut fields: Vec<(String, String)> = query
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    match &plan.body {
        Some(Body::Form(form)) => fields.extend(form.iter().cloned()),
        Some(Body::Multipart(parts)) => {
            for part in parts {
                if let Content::Bytes(bytes) = &part.content {
                    let value = String::from_utf8_lossy(bytes).into_owned();
                    fields.push((part.name.clone(), value));
                }
            }
        }
        Some(Body::Json(_) | Body::Raw(..)) | None => {}
    }
    fields
}

fn called<'a>(plan: &'a Plan, op: Option<&'a str>) -> Called<'a> {
    let (path, at_its_end) = advise::split_operation(plan.url.path());
    Called {
        method: &plan.method,
        path,
        op: op.or(at_its_end),
        named: &plan.named,
    }
}
