//! What the collection holds of a batch: which documents an earlier call has stored, and which ones
//! are replaced.
//!
//! Reads by keys, a page of them at a time; changes nothing.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::error::Failure;
use crate::flow::page::{self, Pages};
use crate::output::decode;
use crate::request::Retry;
use crate::service::macrometa::import::{self, PAGE, Refused, TAKEN};
use crate::service::members::members;

use super::super::batch::{Batch, Document};
use super::Sender;

impl Sender {
    /// Finds the refused documents that an earlier call had stored: their keys are taken by
    /// themselves. What is stored decides, so a refusal without a number is looked up, too.
    pub(super) fn ours(
        &self,
        batch: &Batch,
        refused: &[Refused],
    ) -> Result<HashSet<usize>, Failure> {
        let taken: Vec<(usize, usize)> = refused
            .iter()
            .enumerate()
            .filter(|(_, r)| r.number.is_none_or(|number| number == TAKEN))
            .filter_map(|(at, r)| Some((at, r.position?)))
            .collect();
        if taken.is_empty() {
            return Ok(HashSet::new());
        }
        // Of several with one key only the first can be the one that an earlier call has stored.
        let mut firsts = HashMap::new();
        for (position, document) in batch.documents.iter().enumerate() {
            if let Some(key) = self.key(document) {
                firsts.entry(key).or_insert(position);
            }
        }
        let mut asked: Vec<(usize, String, &Document)> = Vec::new();
        for (at, position) in taken {
            if let Some(document) = batch.documents.get(position)
                && let Some(key) = self.key(document)
                && firsts.get(&key) == Some(&position)
            {
                asked.push((at, key, document));
            }
        }
        let mut ours = HashSet::new();
        for part in asked.chunks(PAGE) {
            let keys: Vec<String> = part.iter().map(|(_, key, _)| key.clone()).collect();
            let stored = self.look_up(import::look_up(&self.collection, &keys))?;
            let stored: HashMap<&str, &Map<String, Value>> = stored
                .iter()
                .filter_map(|s| Some((s.get("_key")?.as_str()?, s)))
                .collect();
            for (at, key, document) in part {
                if let Some(stored) = stored.get(key.as_str())
                    && let Some(sent) = members(&document.text)
                    && self.manner.is_stored(&sent, stored)
                {
                    ours.insert(*at);
                }
            }
        }
        Ok(ours)
    }

    /// Returns the places of documents that will replace others, in the collection or earlier in
    /// the batch: the service counts them as created. `None` where it does not say.
    pub(super) fn replaces(&self, batch: &Batch) -> Option<HashSet<u64>> {
        if !self.manner.replace {
            return Some(HashSet::new());
        }
        let keyed: Vec<(u64, String)> = (batch.documents.iter())
            .filter_map(|document| Some((document.place, self.key(document)?)))
            .collect();
        let mut taken = HashSet::new();
        for part in keyed.chunks(PAGE) {
            let keys: Vec<String> = part.iter().map(|(_, key)| key.clone()).collect();
            let found = self
                .look_up(import::present(&self.collection, &keys))
                .ok()?;
            let found = found.iter().filter_map(|d| d.get("_key")?.as_str());
            taken.extend(found.map(str::to_owned));
        }
        let is_replacing = |(place, key): (u64, String)| (!taken.insert(key)).then_some(place);
        Some(keyed.into_iter().filter_map(is_replacing).collect())
    }

    /// Returns the documents that a query gives.
    fn look_up(&self, query: Vec<u8>) -> Result<Vec<Map<String, Value>>, Failure> {
        let mut plan = self.plan("cursor", query)?;
        // It reads, whatever its method.
        plan.retry = Retry::Safe;
        let response = self.session.call(&plan, &self.limits(), &mut |_| {})?;
        let run = page::Run {
            session: self.session.clone(),
            most: None,
            deadline: self.deadline,
        };
        let Some(way) = page::way(self.session.profile.service(), &plan) else {
            return Ok(Vec::new());
        };
        let mut documents = Vec::new();
        for event in Pages::start(run, way, plan, response)? {
            match event {
                page::PageEvent::Notice(_) => {}
                page::PageEvent::Failed(error) => {
                    return Err(page::broken_after(documents.len() as u64, &error));
                }
                page::PageEvent::Page(page) => {
                    let page: Value = decode::parsed(&page.bytes)?;
                    let rows = page.get("result").and_then(Value::as_array);
                    documents.extend(
                        rows.into_iter()
                            .flatten()
                            .filter_map(|d| d.as_object().cloned()),
                    );
                }
            }
        }
        Ok(documents)
    }
}
