//! Sends a chunk, and determines what became of it where its response did not come.
//!
//! A chunk has no offset on the wire, so it is never sent twice on a guess.

use std::io::Read as _;
use std::time::{Duration, Instant};

use crate::client::retry::LONGEST_WAIT;
use crate::client::{FailureKind, Limits, Response, asked_wait};
use crate::error::{Exit, Failure};
use crate::output::read_failure;
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded};
use crate::request::{Plan, Retry};
use crate::service::maas::image::{self, Standing};
use crate::session::{CallError, Cause as Why};
use crate::signals;

use super::look::Begun;
use super::source::{Chunk, Source};
use super::{Notify, Upload, UploadEvent};

/// Longer responses to a chunk are not worth reading to keep the connection.
const MOST: u64 = 64 * 1024;

/// How long the server gets to count a chunk that broke off, before it is sent again.
const SETTLE: Duration = Duration::from_secs(2);

/// The same where the server, not the connection, was too slow: it may still be at work.
const SETTLE_SLOW: Duration = Duration::from_secs(15);

/// Why the response to a chunk did not come.
struct Cause {
    failure: Failure,
    settle: Duration,
}

impl Upload<'_> {
    /// Sends a chunk until it has arrived once, or fails.
    pub(super) fn send(
        &self,
        begun: &Begun,
        chunk: Chunk,
        report: Notify<'_>,
    ) -> Result<(), Failure> {
        let (offset, len) = (chunk.offset, chunk.len());
        let plan = self.chunk(begun, chunk)?;
        let mut uncertain = 0;
        loop {
            self.check_signals_of(begun)?;
            let limits = Limits::default();
            let result = self
                .session
                .send(&plan, &limits, &mut |n| report(UploadEvent::Notice(n)));
            self.check_signals_of(begun)?;
            let Some(cause) = self.judge(result, &plan, begun)? else {
                return Ok(());
            };
            if uncertain == self.session.retries() {
                return Err(cause.failure.hint(again()));
            }
            uncertain += 1;
            match self.reread(begun, offset, len, &cause, report)? {
                Standing::Doubt => {
                    let failure = cause
                        .failure
                        .also("it is not certain whether the chunk arrived");
                    return Err(failure.hint(self.cure(begun.id, begun.versions)));
                }
                standing => {
                    let arrived = standing == Standing::After;
                    let cause = &cause.failure.to_string();
                    report(UploadEvent::Settled { cause, arrived });
                    if arrived {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn chunk(&self, begun: &Begun, chunk: Chunk) -> Result<Plan, Failure> {
        let call = Call {
            method: "PUT".to_owned(),
            path: begun.uri.clone(),
            op: None,
            items: vec![Loaded::Body(Content::Chunk(chunk.bytes))],
            form: None,
            force_query: false,
            anonymous: false,
        };
        let mut plan = Plan::new(call, self.session.profile.place()).map_err(|e| {
            // It was the server who said it: no fault of the command line.
            Failure::new(Exit::Other, e.to_string())
                .of("the server's address for chunks cannot be used")
                .of(self.session.profile.label())
        })?;
        plan.retry = Retry::Never;
        Ok(plan)
    }

    /// Judges how a chunk went: nothing where it arrived, a cause where that is not known.
    fn judge(
        &self,
        result: Result<Response, CallError>,
        plan: &Plan,
        begun: &Begun,
    ) -> Result<Option<Cause>, Failure> {
        let response = match result {
            Ok(response) => response,
            Err(error) => {
                return match &error.cause {
                    Why::Transport(e)
                        if !matches!(
                            e.kind,
                            FailureKind::Local | FailureKind::Tls | FailureKind::NotTls
                        ) =>
                    {
                        let is_slow = e.kind == FailureKind::TimedOut;
                        Ok(Some(Cause::new(error.into(), is_slow)))
                    }
                    _ => Err(error.into()),
                };
            }
        };
        let status = response.head.status;
        if Exit::of_status(status) == Exit::Success {
            // The connection is kept where its response is read to the end.
            let mut rest = Vec::new();
            return match response.take(MOST).read_to_end(&mut rest) {
                Ok(_) => Ok(None),
                Err(e) => {
                    let error = self.session.useless(read_failure(&e), plan);
                    Ok(Some(Cause::new(error.into(), false)))
                }
            };
        }
        // With it MAAS says that its database had a conflict. What the image says after it counts,
        // as after every response that leaves open what became of the chunk; where the disk has more
        // than it says, the hash of the whole shows it.
        let after = asked_wait(&response.head);
        let failed = self.session.explain(response, plan);
        let failure = Failure::from(self.session.refused(failed, plan));
        match status {
            409 | 502..=504 if status != 409 || after.is_some() => {
                let mut cause = Cause::new(failure, status == 504);
                cause.settle = cause
                    .settle
                    .max(after.unwrap_or_default().min(LONGEST_WAIT));
                Ok(Some(cause))
            }
            // A chunk that was taken and then refused may be on the disk all the same.
            400 | 409 | 500.. => Err(failure.hint(self.cure(begun.id, begun.versions))),
            _ => Err(resumable(failure)),
        }
    }

    /// Reads the image until it is clear how the server stands.
    fn reread(
        &self,
        begun: &Begun,
        offset: u64,
        len: u64,
        cause: &Cause,
        report: Notify<'_>,
    ) -> Result<Standing, Failure> {
        let read = |report: Notify<'_>| {
            let regions = self.regions(report)?;
            let (image, _) = self.image(begun.id, report)?;
            let Source {
                sha256, len: size, ..
            } = self.source;
            // A version that came meanwhile is ours only where it says so.
            let file = if image.versions.len() == begun.versions {
                image.announced(sha256, *size)
            } else {
                image.newest(sha256, *size).cloned()
            };
            Ok(file.map_or(Standing::Doubt, |file| {
                image::standing(&file, regions, offset, len)
            }))
        };
        let unread = |e: Failure| {
            let unread = format!("what the server has could not be read: {e}");
            cause.failure.clone().also(unread).hint(again())
        };
        let first = read(report).map_err(unread)?;
        if first != Standing::Before {
            return Ok(first);
        }
        // The server may be at work on it still, as may a proxy before it.
        let until = Instant::now() + cause.settle;
        while Instant::now() < until {
            self.check_signals_of(begun)?;
            std::thread::sleep(Duration::from_millis(100));
        }
        read(report).map_err(unread)
    }

    /// Ends between two chunks where a signal came.
    fn check_signals_of(&self, begun: &Begun) -> Result<(), Failure> {
        match signals::pending() {
            None => Ok(()),
            Some(exit) => {
                let message = format!("the upload of image {} was interrupted", begun.id);
                Err(Failure::new(exit, message)
                    .of(self.session.profile.label())
                    .hint(again()))
            }
        }
    }
}

impl Cause {
    fn new(failure: Failure, is_slow: bool) -> Self {
        let settle = if is_slow { SETTLE_SLOW } else { SETTLE };
        Self { failure, settle }
    }
}

/// Returns a failure that leaves the image incomplete, but not broken.
fn resumable(mut failure: Failure) -> Failure {
    failure.hint.get_or_insert_with(again);
    failure
}

fn again() -> String {
    "the same command continues if it is certain what has arrived".to_owned()
}
