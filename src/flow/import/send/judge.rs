//! What the response to a batch says of each document: stored, rejected, or to be found by halves.
//!
//! Sends nothing of the batch; what it has to know of the collection, `stored` looks up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::error::{Exit, Failure};
use crate::output::errors::Failed;
use crate::request::Plan;
use crate::request::url::encode_segment;
use crate::service::macrometa;
use crate::service::macrometa::import::{self, Refused};
use crate::service::members::members;

use super::super::batch::{Batch, Reject};
use super::{Attempt, Outcome, Responded, Sender, Stop, Stored, refused};

impl Sender {
    /// Finds what a refusal of the complete batch means: a reject where it has one document, a
    /// split where it has several, and the end of the run where the documents are not to blame.
    pub(super) fn blame(
        &self,
        mut batch: Batch,
        plan: &Plan,
        failed: Box<Failed>,
        uncertain: bool,
    ) -> Result<Outcome, Box<Stop>> {
        let number = import::number(&failed.body);
        if !batch.is_part && number != Some(import::CORRUPT) && self.refuses_none(&failed) {
            let mut stop = refused(*failed, &self.session.label(plan));
            stop.certain &= !uncertain;
            return Err(Box::new(stop));
        }
        if batch.documents.len() > 1 {
            batch.uncertain = uncertain;
            return Ok(Outcome::Refused(Box::new(batch)));
        }
        let mut rejects = std::mem::take(&mut batch.broken);
        let request = failed.head.header(macrometa::REQUEST_HEADER);
        let request: Option<Arc<str>> = request.map(Arc::from);
        let reason = import::message(&failed.body).unwrap_or_else(|| failed.line());
        rejects.extend(batch.documents.into_iter().map(|document| Reject {
            place: Some(document.place),
            line: Some(document.line),
            number,
            reason: reason.clone(),
            text: document.text,
            sent: true,
            request: request.clone(),
        }));
        rejects.sort_by_key(|reject| reject.place);
        Ok(Outcome::Settled(Stored {
            stored: 0,
            replaced: Some(0),
            rejects,
        }))
    }

    /// Returns whether a call without documents is refused for the cause of this refusal.
    fn refuses_none(&self, failed: &Failed) -> bool {
        let path = format!("import/{}", encode_segment(&self.collection));
        let Ok(empty) = self.plan(&path, self.manner.body(std::iter::empty())) else {
            return false;
        };
        let cause = |failed: &Failed| {
            let said = import::message(&failed.body);
            (failed.head.status, import::number(&failed.body), said)
        };
        matches!(self.attempt(&empty, &mut |_| {}), Attempt::Refused(other) if cause(&other) == cause(failed))
    }

    /// Reads a response that accounts for a batch: what is stored of it, and what is rejected.
    pub(super) fn judge(
        &self,
        mut batch: Batch,
        plan: &Plan,
        responded: &Responded,
        uncertain: bool,
    ) -> Result<Stored, Box<Stop>> {
        let sent = batch.documents.len() as u64;
        let Some(mut counted) = import::read(&responded.body, &responded.failures, sent) else {
            let said = import::message(&responded.body).map(|said| format!(": {said}"));
            return Err(Box::new(Stop {
                failure: Failure::new(
                    Exit::Other,
                    format!(
                        "the response does not account for the {sent} documents that were sent{}",
                        said.unwrap_or_default()
                    ),
                )
                .of(&batch.lines())
                .of(&self.session.label(plan)),
                response: None,
                certain: false,
            }));
        };
        self.find_places(&batch, &mut counted.refused);
        let ours = if uncertain && !self.manner.replace {
            self.ours(&batch, &counted.refused).map_err(|failure| {
                Box::new(Stop {
                    failure,
                    response: None,
                    certain: false,
                })
            })?
        } else {
            HashSet::new()
        };
        let mut rejects = std::mem::take(&mut batch.broken);
        for (at, refused) in counted.refused.into_iter().enumerate() {
            if ours.contains(&at) {
                continue;
            }
            let document = refused.position.and_then(|p| batch.documents.get(p));
            rejects.push(Reject {
                place: document.map(|d| d.place),
                line: document.map(|d| d.line),
                number: refused.number,
                reason: refused.message,
                text: document
                    .map(|d| d.text.clone())
                    .or(refused.document)
                    .unwrap_or_default(),
                sent: true,
                request: responded.request.clone(),
            });
        }
        rejects.sort_by_key(|reject| reject.place);
        Ok(Stored {
            stored: counted.stored + ours.len() as u64,
            replaced: None,
            rejects,
        })
    }

    /// Finds the places of those that the response shows without one, by their keys.
    fn find_places(&self, batch: &Batch, refused: &mut [Refused]) {
        if refused.iter().all(|r| r.document.is_none()) {
            return;
        }
        let known: HashSet<usize> = refused.iter().filter_map(|r| r.position).collect();
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, document) in batch.documents.iter().enumerate().rev() {
            if let Some(key) = self.key(document).filter(|_| !known.contains(&position)) {
                places.entry(key).or_default().push(position);
            }
        }
        for refused in refused {
            let shown = refused.document.as_deref().and_then(members);
            let key = shown.and_then(|members| self.manner.key(&members));
            if let Some(places) = key.and_then(|key| places.get_mut(&key)) {
                // The first of several is the one that is stored.
                refused.position = if places.len() > 1 {
                    Some(places.remove(0))
                } else {
                    places.pop()
                };
            }
        }
    }
}
