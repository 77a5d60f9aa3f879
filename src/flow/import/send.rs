//! One batch on its way: sent, sent again where that is safe, and its response understood.
//!
//! A call that broke off after it was sent may have stored documents. It is sent again, and what
//! is refused then because its key is taken is compared with what is stored: the same content is
//! ours. Documents without a key cannot be distinguished, so they are not sent twice unasked.
//!
//! `judge` reads what a response says of each document, `stored` looks into the collection. A batch
//! that the server refuses as a whole for what is in it is handed back to be split, until
//! the documents are found that cause it.

mod judge;
mod stored;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::retry::{LONGEST_WAIT, backoff};
use crate::client::{FailureKind, Limits, Sent, asked_wait, random_fraction};
use crate::error::{Exit, Failure};
use crate::files::LONGEST_VALUE;
use crate::output::decode::whole;
use crate::output::errors::Failed;
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded};
use crate::request::url::encode_segment;
use crate::request::{Plan, Retry};
use crate::service::macrometa;
use crate::service::macrometa::import::{self, Manner};
use crate::service::macrometa::partial::Failures;
use crate::service::members::members;
use crate::session::{CallError, Cause, Notice, Notices, Session};

use super::batch::{Batch, Document, Reject};

/// What can be done about documents that may be stored and have no key.
pub const UNKNOWABLE: &str =
    "look into the collection; `--resend` sends them again, and may store them twice";

/// What all batches of a run share.
#[derive(Debug)]
pub struct Sender {
    /// What sends.
    pub session: Session,
    /// The collection.
    pub collection: String,
    /// How documents are stored.
    pub manner: Manner,
    /// Whether documents without a key are sent again although they may be stored.
    pub resend: bool,
    /// When the run is to end.
    pub deadline: Option<Instant>,
}

/// How a batch went that came to its end.
#[derive(Debug, Default)]
pub struct Stored {
    /// Documents that are stored.
    pub stored: u64,
    /// How many of them replaced others; `None` where that is not known.
    pub replaced: Option<u64>,
    /// What is not.
    pub rejects: Vec<Reject>,
}

/// What became of a batch.
#[derive(Debug)]
pub enum Outcome {
    /// Each of its documents is stored or rejected.
    Settled(Stored),
    /// Nothing is stored because of some documents; sending halves of the batch finds them.
    Refused(Box<Batch>),
    /// Not sent: an earlier run may have stored it, and a second copy could not be recognized.
    Left(Left),
}

/// A batch that stays uncertain.
#[derive(Debug)]
pub struct Left {
    /// How many records it has.
    pub count: u64,
    /// Which lines, and why they are not sent again.
    pub reason: String,
}

/// Why a batch did not come to its end.
#[derive(Debug)]
pub struct Stop {
    /// The cause.
    pub failure: Failure,
    /// The response, where there was one.
    pub response: Option<Box<Failed>>,
    /// Whether nothing of the batch is stored for certain.
    pub certain: bool,
}

/// An attempt that may be retried.
struct Missed {
    why: String,
    exit: Exit,
    hint: Option<String>,
    response: Option<Box<Failed>>,
    after: Option<Duration>,
    /// Whether documents may have been stored.
    uncertain: bool,
}

/// A response that accounts for a batch.
struct Responded {
    body: Vec<u8>,
    /// What its head counts as failed.
    failures: Failures,
    request: Option<Arc<str>>,
}

enum Attempt {
    Responded(Responded),
    /// All was refused for what the call carries.
    Refused(Box<Failed>),
    Missed(Missed),
    Stopped(Box<Stop>),
}

impl Sender {
    /// Sends a batch and returns how it went.
    pub fn send(
        self: &Arc<Self>,
        batch: Batch,
        notices: Notices<'_>,
    ) -> Result<Outcome, Box<Stop>> {
        if batch.documents.is_empty() {
            return Ok(Outcome::Settled(Stored {
                stored: 0,
                replaced: Some(0),
                rejects: batch.broken,
            }));
        }
        let texts = batch.documents.iter().map(|d| d.text.as_slice());
        let path = format!("import/{}", encode_segment(&self.collection));
        let plan = self
            .plan(&path, self.manner.body(texts))
            .map_err(|failure| {
                Box::new(Stop {
                    failure,
                    response: None,
                    certain: !batch.uncertain,
                })
            })?;
        let mut uncertain = batch.uncertain;
        if uncertain && let Some(document) = self.unknowable(&batch) {
            return Ok(Outcome::Left(Left {
                count: batch.span.count,
                reason: self.why_unknowable(&batch, document),
            }));
        }
        let replaces = self.replaces(&batch);
        let mut retries = 0;
        loop {
            let missed = match self.attempt(&plan, notices) {
                Attempt::Responded(responded) => {
                    let mut stored = self.judge(batch, &plan, &responded, uncertain)?;
                    stored.replaced = replaces.map(|replaces| {
                        let failed = stored.rejects.iter().filter_map(|r| r.place);
                        let failed = failed.filter(|place| replaces.contains(place)).count();
                        ((replaces.len() - failed) as u64).min(stored.stored)
                    });
                    return Ok(Outcome::Settled(stored));
                }
                Attempt::Refused(failed) => {
                    return self.blame(batch, &plan, failed, uncertain);
                }
                Attempt::Missed(missed) => missed,
                Attempt::Stopped(mut stop) => {
                    stop.certain &= !uncertain;
                    return Err(stop);
                }
            };
            uncertain |= missed.uncertain;
            if uncertain && let Some(document) = self.unknowable(&batch) {
                return Err(Box::new(self.doubt(&batch, &plan, document, missed)));
            }
            let wait = missed
                .after
                .unwrap_or_else(|| backoff(retries, random_fraction()));
            let in_time = self.deadline.is_none_or(|d| Instant::now() + wait < d);
            if retries >= self.session.retries() || !in_time {
                return Err(Box::new(Stop {
                    failure: Failure {
                        hint: missed.hint,
                        ..Failure::new(missed.exit, missed.why)
                    }
                    .of(&batch.lines())
                    .of(&self.session.label(&plan)),
                    response: missed.response,
                    certain: !uncertain,
                }));
            }
            retries += 1;
            notices(Notice::Retry {
                label: format!("{}: {}", self.session.label(&plan), batch.lines()),
                why: missed.why,
                wait,
                number: retries,
                most: self.session.retries(),
            });
            std::thread::sleep(wait);
        }
    }

    fn plan(&self, path: &str, body: Vec<u8>) -> Result<Plan, Failure> {
        let call = Call {
            method: "POST".to_owned(),
            path: path.to_owned(),
            op: None,
            items: vec![Loaded::Body(Content::Bytes(body))],
            form: None,
            force_query: false,
            anonymous: false,
        };
        let mut plan = Plan::new(call, self.session.profile.place())?;
        // What may be retried is decided here, where it is known what was stored.
        plan.retry = Retry::Never;
        Ok(plan)
    }

    fn limits(&self) -> Limits {
        Limits {
            deadline: self.deadline,
            ..Limits::default()
        }
    }

    fn attempt(&self, plan: &Plan, notices: Notices<'_>) -> Attempt {
        let response = match self.session.send(plan, &self.limits(), notices) {
            Ok(response) => response,
            Err(error) => return missed(error),
        };
        let status = response.head.status;
        if Exit::of_status(status) == Exit::Success {
            let failures = response.head.header("x-c8-error-codes");
            let failures = failures.and_then(Failures::from_header);
            let failures = failures.unwrap_or_default();
            let request = response
                .head
                .header(macrometa::REQUEST_HEADER)
                .map(Arc::from);
            return match whole(response, LONGEST_VALUE) {
                Ok(body) => Attempt::Responded(Responded {
                    body,
                    failures,
                    request,
                }),
                Err(failure) => Attempt::Missed(Missed {
                    why: failure.to_string(),
                    exit: failure.exit,
                    hint: failure.hint,
                    response: None,
                    after: None,
                    uncertain: true,
                }),
            };
        }
        let after = asked_wait(&response.head);
        let failed = self.session.explain(response, plan);
        let exit = Exit::of_status(status);
        if matches!(status, 429 | 502..=504) && after.is_none_or(|a| a <= LONGEST_WAIT) {
            return Attempt::Missed(Missed {
                why: failed.line(),
                exit,
                hint: failed.explanation.hint.clone(),
                response: Some(Box::new(failed)),
                after,
                // Who says when to come again has not begun.
                uncertain: status != 429 && !(status == 503 && after.is_some()),
            });
        }
        if import::is_of_content(status) {
            return Attempt::Refused(Box::new(failed));
        }
        Attempt::Stopped(Box::new(refused(failed, &self.session.label(plan))))
    }

    /// Returns a document whose second copy could not be recognized, where that matters.
    fn unknowable<'b>(&self, batch: &'b Batch) -> Option<&'b Document> {
        let mut documents = batch.documents.iter();
        documents.find(|d| !self.resend && self.key(d).is_none())
    }

    /// Says which documents may be stored, and why a second copy could not be recognized.
    fn why_unknowable(&self, batch: &Batch, document: &Document) -> String {
        let name = self.manner.primary_key.as_deref().unwrap_or("_key");
        format!(
            "{} may be stored or not, and line {} has no `{name}` to find it by",
            batch.lines(),
            document.line
        )
    }

    /// Ends the run where documents may be stored that cannot be sent again.
    fn doubt(&self, batch: &Batch, plan: &Plan, document: &Document, missed: Missed) -> Stop {
        let why = self.why_unknowable(batch, document);
        Stop {
            failure: Failure::new(missed.exit, why)
                .of(&missed.why)
                .of(&self.session.label(plan))
                .hint(UNKNOWABLE),
            response: missed.response,
            certain: false,
        }
    }

    fn key(&self, document: &Document) -> Option<String> {
        self.manner.key(&members(&document.text)?)
    }
}

/// Returns whether a call without a response may be sent again.
fn missed(error: CallError) -> Attempt {
    let (sent, kind) = match &error.cause {
        Cause::Transport(error) => (error.sent, Some(error.kind)),
        // A response had come.
        Cause::Refused(_) | Cause::Useless(_) => (Sent::All, None),
    };
    let unsent = sent == Sent::None;
    let passing = match kind {
        Some(FailureKind::Refused | FailureKind::Reset) => true,
        Some(FailureKind::TimedOut | FailureKind::NoConnection) => !unsent,
        Some(FailureKind::Tls | FailureKind::NotTls | FailureKind::Local) | None => false,
    };
    if passing {
        let failure = error.bare();
        return Attempt::Missed(Missed {
            why: failure.to_string(),
            exit: failure.exit,
            hint: failure.hint,
            response: None,
            after: None,
            uncertain: !unsent,
        });
    }
    Attempt::Stopped(Box::new(Stop {
        failure: error.into(),
        response: None,
        certain: unsent,
    }))
}

/// Returns a refusal that ends the run.
fn refused(failed: Failed, label: &str) -> Stop {
    let exit = Exit::of_status(failed.head.status);
    Stop {
        failure: failed.failure().of(label),
        response: Some(Box::new(failed)),
        certain: exit != Exit::ServerError,
    }
}
