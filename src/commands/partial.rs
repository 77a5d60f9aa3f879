//! Failures inside a success: a batch of which some were refused returns 200 and still has failed.
//!
//! What the services say of it is `service`'s; here it is counted while the body passes, and becomes
//! [`Exit::Partial`] with one sentence.

use crate::client::Response;
use crate::error::{Exit, Failure};
use crate::output::tally::Tally;
use crate::request::Plan;
use crate::service::macrometa::partial::Failures;
use crate::service::{Service, macrometa};

/// Counts what failed inside a success: by the headers, and by the body as it passes.
#[derive(Debug)]
pub struct Partial {
    failures: Option<Failures>,
    tally: Option<Tally>,
    /// The request's id, which the service's support asks for.
    request: Option<String>,
}

impl Partial {
    /// Looks at the headers; a tally is kept only where the body may count failures.
    #[must_use]
    pub fn of(service: Service, plan: &Plan, response: &Response) -> Self {
        let failures = service.failures_in(|name| response.head.header(name));
        let import = service.counts_failures(&plan.method, &plan.url.target);
        Self {
            tally: (failures.is_some() || import).then(Tally::default),
            failures,
            request: response
                .head
                .header(macrometa::REQUEST_HEADER)
                .map(str::to_owned),
        }
    }

    /// Returns whether the headers alone say that something failed.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.failures.is_some()
    }

    /// Returns the tally that the body is to pass through, where one is kept.
    pub fn tally(&mut self) -> Option<&mut Tally> {
        self.tally.as_mut()
    }

    /// Reads the next bytes of the body.
    pub fn feed(&mut self, bytes: &[u8]) {
        if let Some(tally) = &mut self.tally {
            tally.feed(bytes);
        }
    }

    /// Gives the exit code that the complete response earns; failures inside it are an error.
    pub fn judge(self, label: &str) -> anyhow::Result<Exit> {
        let import = self.tally.as_ref().and_then(Tally::import);
        let sentence = match (self.failures, import) {
            (Some(mut failures), import) => {
                let mut of = self.tally.as_ref().and_then(Tally::items);
                if let Some(import) = import {
                    // The header does not count what the server did not even try.
                    failures.add_other("unprocessed", import.unprocessed);
                    of = import.all;
                }
                Some(failures.sentence(of.filter(|n| *n >= failures.count())))
            }
            (None, Some(import)) if import.failed() > 0 => {
                let of = import.all.map(|n| format!(" of {n}")).unwrap_or_default();
                let reason = match (import.errors, import.unprocessed) {
                    (_, 0) => String::new(),
                    (0, n) => format!(": unprocessed ({n})"),
                    (errors, n) => format!(": refused ({errors}), unprocessed ({n})"),
                };
                Some(format!("{}{of} failed{reason}", import.failed()))
            }
            _ => None,
        };
        match sentence {
            None => Ok(Exit::Success),
            Some(sentence) => {
                let request = self.request.map(|id| format!(" (request {id})"));
                let message = format!("{label}: {sentence}{}", request.unwrap_or_default());
                Err(Failure::new(Exit::Partial, message)
                    .hint("the response names each of them")
                    .into())
            }
        }
    }
}
