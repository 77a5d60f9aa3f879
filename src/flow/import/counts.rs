//! Counts what became of documents, in a run and in its journal.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::send::Stored;

/// What became of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Stored, and not known to have replaced another.
    pub created: u64,
    /// Stored in the place of another.
    pub replaced: u64,
    /// Whether some of `created` may have replaced others.
    pub is_unsure: bool,
    /// Not stored, by error number.
    pub by_number: BTreeMap<u64, u64>,
    /// Not sent, because they are no documents.
    pub unread: u64,
    /// Not stored for a reason without a number.
    pub others: u64,
    /// Stored or not, and not sent again. No journal notes them: the next run finds them itself.
    pub uncertain: u64,
}

impl Counts {
    /// Returns how many were stored.
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.created + self.replaced
    }

    /// Returns how many were not stored.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.by_number.values().sum::<u64>() + self.unread + self.others
    }

    /// Adds what became of other documents.
    pub(super) fn add(&mut self, other: &Self) {
        self.created += other.created;
        self.replaced += other.replaced;
        self.is_unsure |= other.is_unsure;
        self.unread += other.unread;
        self.others += other.others;
        self.uncertain += other.uncertain;
        for (number, count) in &other.by_number {
            *self.by_number.entry(*number).or_default() += count;
        }
    }

    /// Counts a batch that was settled.
    pub(super) fn of(stored: &Stored) -> Self {
        let mut counts = Self {
            created: stored.stored - stored.replaced.unwrap_or(0),
            replaced: stored.replaced.unwrap_or(0),
            is_unsure: stored.replaced.is_none(),
            ..Self::default()
        };
        for reject in &stored.rejects {
            match reject.number {
                Some(number) => *counts.by_number.entry(number).or_default() += 1,
                None if !reject.sent => counts.unread += 1,
                None => counts.others += 1,
            }
        }
        counts
    }

    /// Writes what the journal notes of a batch.
    pub(super) fn to_json(&self, rejects_end: u64) -> Value {
        let by_number: serde_json::Map<String, Value> = self
            .by_number
            .iter()
            .map(|(number, count)| (number.to_string(), json!(count)))
            .collect();
        json!({"created": self.created, "replaced": self.replaced, "unsure": self.is_unsure, "failed": by_number, "unread": self.unread, "others": self.others, "rejects": rejects_end})
    }

    /// Reads what [`Counts::to_json`] wrote.
    pub(super) fn read(how: &Value) -> Self {
        let number = |name: &str| how.get(name).and_then(Value::as_u64).unwrap_or(0);
        let failed = how.get("failed").and_then(Value::as_object);
        Self {
            created: number("created"),
            replaced: number("replaced"),
            is_unsure: how.get("unsure") == Some(&Value::Bool(true)),
            unread: number("unread"),
            others: number("others"),
            uncertain: 0,
            by_number: failed
                .into_iter()
                .flatten()
                .filter_map(|(n, count)| Some((n.parse().ok()?, count.as_u64()?)))
                .collect(),
        }
    }
}
