//! One call of a batch: sent, read whole, and judged: is it done, may it be sent again?
//!
//! Runs on the worker threads; the body of a response is held until its row is printed.

use std::cell::LazyCell;
use std::time::{Duration, Instant};

use crate::client::{self, FailureKind, Limits, Response, Sent as Bytes};
use crate::error::{Exit, Failure};
use crate::files::LONGEST_VALUE;
use crate::flow::{several, uncertain};
use crate::output::decode::whole;
use crate::request::{Plan, Retry, secrets};
use crate::secret::{Masks, masked_body};
use crate::service::uncertain::{Finding, Outcome};
use crate::session::{CallError, Cause, Notice, Notices, Session};

use super::body::{Body, Label};
use super::states;

/// What the journal says of a call that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Carried out.
    Done,
    /// Refused for good.
    Failed,
    /// Not carried out, or it may be sent again without harm.
    Open,
    /// It may have been carried out, and must not be sent again.
    Uncertain,
}

/// A call that has ended.
#[derive(Debug)]
pub struct Sent {
    /// How often it was sent.
    pub attempts: u32,
    /// How long it took, with its retries.
    pub took: Duration,
    /// The status of the response, where one came.
    pub status: Option<u16>,
    /// The body, where one came.
    pub body: Body,
    /// Why the call failed.
    pub failure: Option<Failure>,
    /// What it means for another run.
    pub fate: Fate,
    /// How long the server wants to be left alone that has put the call off.
    pub put_off: Option<Duration>,
}

/// Makes a call; never fails by itself.
pub fn send(session: &Session, plan: &Plan, notices: Notices<'_>) -> Sent {
    let began = Instant::now();
    let mut attempts = 1;
    // Looked for where something is said of the call: most are made in silence.
    let carried = LazyCell::new(|| secrets::masks(plan));
    let mut hear = |notice: Notice| match notice {
        Notice::Retry { .. } => attempts += 1,
        Notice::Warning(text) => notices(Notice::Warning(carried.apply(&text).into_owned())),
        Notice::Verbose(lines) => {
            let masked = lines.iter().map(|line| carried.apply(line).into_owned());
            notices(Notice::Verbose(masked.collect()));
        }
    };
    let limits = Limits {
        waits_itself: true,
        ..Limits::default()
    };
    let mut sent = match session.send(plan, &limits, &mut hear) {
        Ok(response) => {
            let times = response.times;
            let sent = read(session, plan, response, &mut hear);
            if session.is_verbose() {
                hear(Notice::timing(times, began));
            }
            sent
        }
        Err(error) => lost(session, plan, &error, &mut hear),
    };
    // A server may repeat what the row carries.
    sent.failure = sent.failure.map(|failure| hidden(failure, &carried));
    sent.attempts = attempts;
    sent.took = began.elapsed();
    sent
}

/// Masks a failure, in which the server speaks.
fn hidden(mut failure: Failure, carried: &Masks) -> Failure {
    let mask = |text: &mut String| *text = carried.apply(text).into_owned();
    mask(&mut failure.cause);
    failure.also.iter_mut().for_each(mask);
    failure.hint.iter_mut().for_each(mask);
    failure
}

fn read(session: &Session, plan: &Plan, response: Response, hear: Notices<'_>) -> Sent {
    let status = response.head.status;
    let mut sent = Sent {
        attempts: 1,
        took: Duration::ZERO,
        status: Some(status),
        body: Body::default(),
        failure: None,
        fate: Fate::Done,
        put_off: client::deferred(&response.head),
    };
    if response.done_before {
        response.discard();
        return sent;
    }
    let label = Label::of(&response.head);
    if Exit::of_status(status) == Exit::Success {
        let service = session.profile.service();
        let partial = service.failures_in(|name| response.head.header(name));
        sent.failure = partial.map(|failures| Failure::new(Exit::Partial, failures.sentence(None)));
        match whole(response, LONGEST_VALUE + 1) {
            Ok(body) if body.len() as u64 > LONGEST_VALUE => {
                let message = format!("the response is longer than {} MiB", LONGEST_VALUE >> 20);
                sent.failure = Some(Failure::new(Exit::Other, message));
            }
            Ok(body) => {
                if several::is_release(session, plan) {
                    let left_out = several::left_out(session, plan, &body, hear);
                    sent.failure = left_out.map(|left_out| left_out.failure).or(sent.failure);
                }
                let body = if session.profile.service().prints_secrets() {
                    masked_body(body)
                } else {
                    body
                };
                let fault;
                (sent.body, fault) = label.body(&body);
                if fault.is_some() && plan.retry == Retry::Safe {
                    sent.fate = Fate::Open;
                }
                sent.failure = sent.failure.or(fault);
            }
            Err(failure) => {
                if plan.retry == Retry::Safe {
                    sent.fate = Fate::Open;
                }
                sent.failure = Some(failure);
            }
        }
        return sent;
    }
    sent.fate = fate_of_status(plan, status, sent.put_off.is_some());
    let failed = session.explain(response, plan);
    let body = failed.body.clone();
    let error = session.refused(failed, plan);
    let mut failure = error.bare();
    let partial = several::refused(session, plan, &body, hear);
    // An error page that is labeled wrong is no error besides the one it reports.
    sent.body = label.body(&body).0;
    if let Some(partial) = partial {
        failure = partial;
    } else if uncertain::is_status(plan, status) {
        failure = looked(session, plan, failure, &mut sent.fate, hear);
    }
    sent.failure = Some(failure);
    sent
}

/// A call without a response.
fn lost(session: &Session, plan: &Plan, error: &CallError, hear: Notices<'_>) -> Sent {
    let mut fate = fate_of_error(plan, error);
    let mut failure = error.bare();
    if uncertain::is_failure(plan, error) {
        failure = looked(session, plan, failure, &mut fate, hear);
    }
    Sent {
        attempts: 1,
        took: Duration::ZERO,
        status: None,
        body: Body::default(),
        failure: Some(failure),
        fate,
        put_off: None,
    }
}

/// Looks whether a write whose response got lost was carried out.
fn looked(
    session: &Session,
    plan: &Plan,
    failure: Failure,
    fate: &mut Fate,
    hear: Notices<'_>,
) -> Failure {
    let finding: Finding = uncertain::look(session, plan, hear);
    *fate = match finding.outcome {
        Outcome::Applied => Fate::Done,
        Outcome::NotApplied | Outcome::Unknown => Fate::Uncertain,
    };
    uncertain::with_finding(failure, &finding, session, plan)
}

/// Returns whether a call may be sent again whatever became of it.
#[must_use]
pub fn may_repeat(plan: &Plan) -> bool {
    plan.retry.is_repeatable()
}

/// What a status that is no success means; `is_put_off` says that it came with `Retry-After`.
fn fate_of_status(plan: &Plan, status: u16, is_put_off: bool) -> Fate {
    match status {
        _ if states::is_refused_for_now(status) => Fate::Open,
        300..=499 => Fate::Failed,
        503 if is_put_off => Fate::Open,
        _ if may_repeat(plan) => Fate::Open,
        _ => Fate::Uncertain,
    }
}

fn fate_of_error(plan: &Plan, error: &CallError) -> Fate {
    let unsent = match &error.cause {
        Cause::Transport(error) => {
            error.sent == Bytes::None
                || matches!(error.kind, FailureKind::Tls | FailureKind::NotTls)
        }
        Cause::Refused(_) | Cause::Useless(_) => false,
    };
    if unsent || may_repeat(plan) {
        Fate::Open
    } else {
        Fate::Uncertain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::client::SendError;
    use crate::profile::Place;
    use crate::service::Service;

    fn plan(retry: Retry) -> Plan {
        let address = Address::parse("http://m/MAAS").unwrap();
        let place = Place {
            service: Service::Maas,
            address: &address,
            fabric: "",
        };
        Plan {
            retry,
            ..Plan::get("/machines/", place).unwrap()
        }
    }

    #[test]
    fn what_another_run_may_do() {
        use Fate::{Failed, Open, Uncertain};
        for (status, put_off, want) in [
            (302, false, [Failed; 3]),
            (400, false, [Failed; 3]),
            (401, false, [Open; 3]),
            (403, false, [Open; 3]),
            (404, false, [Failed; 3]),
            (408, false, [Open; 3]),
            (409, false, [Failed; 3]),
            (425, false, [Open; 3]),
            (429, false, [Open; 3]),
            (500, false, [Open, Open, Uncertain]),
            (502, false, [Open, Open, Uncertain]),
            (503, false, [Open, Open, Uncertain]),
            (503, true, [Open; 3]),
            (504, false, [Open, Open, Uncertain]),
        ] {
            for (retry, want) in [Retry::Safe, Retry::Idempotent, Retry::IfUnsent]
                .into_iter()
                .zip(want)
            {
                let fate = fate_of_status(&plan(retry), status, put_off);
                assert_eq!(fate, want, "{status} {retry:?}");
            }
        }
        for (kind, bytes, want) in [
            (FailureKind::Refused, Bytes::None, [Open; 3]),
            (FailureKind::TimedOut, Bytes::None, [Open; 3]),
            (FailureKind::Reset, Bytes::Some, [Open, Open, Uncertain]),
            (FailureKind::TimedOut, Bytes::All, [Open, Open, Uncertain]),
            (
                FailureKind::NoConnection,
                Bytes::All,
                [Open, Open, Uncertain],
            ),
        ] {
            for (retry, want) in [Retry::Safe, Retry::Idempotent, Retry::IfUnsent]
                .into_iter()
                .zip(want)
            {
                let cause = Cause::Transport(Box::new(SendError::new(kind, bytes, "")));
                let error = CallError::new(String::new(), cause);
                assert_eq!(
                    fate_of_error(&plan(retry), &error),
                    want,
                    "{kind:?} {bytes:?} {retry:?}"
                );
            }
        }
    }
}
