//! What a response that is no success means: read, explained and made an error in one place.
//!
//! Every command and flow does it here. `output::errors` reads within bounds and the services
//! explain; this file adds what only the session knows, and asks the server for what it takes.

use crate::client::{Head, Limits, Response};
use crate::error::{Exit, Failure};
use crate::output::errors::{self, Failed};
use crate::request::Plan;
use crate::service::macrometa::identity::{
    ALL_FABRICS_PATH, FABRICS_PATH, is_missing_fabric, tenant_and_fabrics,
};

use super::{CallError, Cause, Session};

impl Session {
    /// Passes a success; everything else is read, explained, and an error.
    pub fn accept(&self, response: Response, plan: &Plan) -> Result<Response, CallError> {
        if Exit::of_status(response.head.status) == Exit::Success {
            return Ok(response);
        }
        Err(self.refused(self.explain(response, plan), plan))
    }

    /// Reads and explains a response that was no success. Every command and flow does it here.
    #[must_use]
    pub fn explain(&self, response: Response, plan: &Plan) -> Failed {
        let refusal = self.refusal(plan);
        let mut failed = errors::read(response, &refusal);
        if refusal.signed && is_missing_fabric(&failed.body) {
            let fabrics = self.fabrics();
            if !fabrics.is_empty() {
                failed.explanation.hint = Some(format!(
                    "no such fabric; the key can see {}: `--fabric` selects one",
                    quoted_list(&fabrics)
                ));
            }
        }
        if failed.explanation.key_is_wrong
            && !self.is_trial
            && let Some(renews) = self.profile.renews_key()
        {
            let hint = failed.explanation.hint.get_or_insert_default();
            hint.push_str(if hint.is_empty() { "" } else { ", then " });
            hint.push_str(&renews);
        }
        failed
    }

    /// Returns the error that a success is whose body says that it failed, as with this status.
    #[must_use]
    pub fn contradicted(&self, head: &Head, body: Vec<u8>, status: u16, plan: &Plan) -> CallError {
        let target = &plan.url.target;
        let failed = errors::explained(head.clone(), target, status, body, &self.refusal(plan));
        let exit = match Exit::of_status(status) {
            Exit::Success => Exit::Other,
            exit => exit,
        };
        let what = format!("{}, but the response is an error", head.status_text());
        let failure = Failure::new(exit, failed.explanation.after(&what));
        let hint = failed.explanation.hint;
        self.useless(Failure { hint, ..failure }, plan)
    }

    /// Returns what explaining a call's response needs to know of the call.
    fn refusal<'a>(&'a self, plan: &'a Plan) -> errors::Refusal<'a> {
        errors::Refusal {
            service: self.profile.service(),
            method: &plan.method,
            called: &plan.url,
            signed: self.signs(plan),
            masks: &self.masks,
        }
    }

    /// Returns the error that a response is that was read and explained.
    #[must_use]
    pub fn refused(&self, failed: Failed, plan: &Plan) -> CallError {
        CallError::new(self.label(plan), Cause::Refused(Box::new(failed)))
    }

    /// Returns the error that a success is that cannot be used.
    #[must_use]
    pub fn useless(&self, failure: Failure, plan: &Plan) -> CallError {
        CallError::new(self.label(plan), Cause::Useless(Box::new(failure)))
    }

    /// Lists the fabrics the key can see, for a call that went to one that is not there.
    fn fabrics(&self) -> Vec<String> {
        if !self.profile.service().has_fabrics() {
            return Vec::new();
        }
        let session = self.brief();
        let mut paths = [ALL_FABRICS_PATH, FABRICS_PATH].into_iter();
        paths
            .find_map(|path| {
                let plan = Plan::get(path, session.profile.place()).ok()?;
                let limits = Limits::default();
                let response = session.send(&plan, &limits, &mut |_| {}).ok()?;
                if Exit::of_status(response.head.status) != Exit::Success {
                    return None;
                }
                let (_, fabrics) = tenant_and_fabrics(&session.value(response, &plan).ok()?);
                (!fabrics.is_empty()).then_some(fabrics)
            })
            .unwrap_or_default()
    }
}

/// Joins names as `` `a`, `b` ``; cuts a long list.
fn quoted_list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    shown.join(", ")
}
