//! Looks once whether a write was carried out whose response got lost, and reports it.
//!
//! `service::uncertain` knows where to look and judges what is there.

use std::time::{Duration, Instant};

use crate::client::{FailureKind, Limits, Sent};
use crate::error::Failure;
use crate::output::decode::whole;
use crate::request::Plan;
use crate::service::Service;
use crate::service::uncertain::{self, Finding, Outcome, Write};
use crate::session::{CallError, Cause, Notices, Session};

/// How long the look may take: the server has just shown that it is not well.
const LIMIT: Duration = Duration::from_secs(10);

/// A longer response says nothing.
const MOST: u64 = 16 * 1024 * 1024;

/// Returns whether a call that got no response may have been carried out all the same, and must not
/// be sent again.
#[must_use]
pub fn is_failure(plan: &Plan, error: &CallError) -> bool {
    let Cause::Transport(error) = &error.cause else {
        return false;
    };
    is_write(plan)
        && error.sent != Sent::None
        && matches!(
            error.kind,
            FailureKind::TimedOut | FailureKind::Reset | FailureKind::NoConnection
        )
}

/// Returns whether a status leaves open if the call was carried out: only a gateway responded.
#[must_use]
pub fn is_status(plan: &Plan, status: u16) -> bool {
    is_write(plan) && matches!(status, 502 | 504)
}

fn is_write(plan: &Plan) -> bool {
    matches!(plan.method.as_str(), "POST" | "PATCH")
}

/// Looks whether a write was carried out. One call at most; where it fails, nobody knows.
pub fn look(session: &Session, plan: &Plan, notices: Notices<'_>) -> Finding {
    let op = plan.operation();
    let field = |name: &str| plan.body.as_ref().and_then(|body| body.field(name));
    let check = uncertain::check(
        session.profile.service(),
        &Write {
            method: &plan.method,
            path: plan.url.path(),
            op: op.as_deref(),
            field: &field,
        },
    );
    let found = check.and_then(|check| {
        let mut look = Plan::get("/", session.profile.place()).ok()?;
        look.auth = plan.auth;
        look.url.target.clone_from(&check.path);
        let limits = Limits {
            deadline: Some(Instant::now() + LIMIT),
            retries: Some(0),
            ..Limits::default()
        };
        let response = session.send(&look, &limits, notices).ok()?;
        let status = response.head.status;
        Some(check.judge(status, &whole(response, MOST).ok()?))
    });
    found.unwrap_or_else(Finding::unknown)
}

/// Adds what was found to the failure of the write.
#[must_use]
pub fn with_finding(
    mut failure: Failure,
    finding: &Finding,
    session: &Session,
    plan: &Plan,
) -> Failure {
    failure = failure.also(finding.sentence.clone());
    let next = match finding.outcome {
        Outcome::Applied => None,
        Outcome::NotApplied => Some("it was not retried; the server may still be at it".to_owned()),
        Outcome::Unknown => Some(match session.profile.service() {
            Service::Maas => {
                let path = plan.url.path();
                let call = match plan.operation().as_deref() {
                    Some("allocate") => format!("apicall get {path} --op list_allocated"),
                    _ => format!("apicall get {path}"),
                };
                format!("it was not retried; `{call}` shows what is there")
            }
            Service::Macrometa => "it was not retried".to_owned(),
        }),
    };
    let hints: Vec<String> = failure.hint.into_iter().chain(next).collect();
    failure.hint = (!hints.is_empty()).then(|| hints.join("; "));
    failure
}
