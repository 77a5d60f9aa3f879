//! What the journal of a batch says of its rows: a byte for each, and, where somebody asks, the paths
//! of calls that have begun.
//!
//! The journal is written by `record`. Knows no files. Pure.

use std::collections::HashMap;

use serde_json::Value;

use crate::request::Retry;
use crate::secret::MASK;

/// What is known of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// Nothing was sent.
    #[default]
    Unknown,
    /// Refused for now, and not carried out.
    PutOff,
    /// It was not carried out, or may be sent again.
    Open,
    /// It has begun, and nobody knows how it ended.
    Began,
    /// It may have been carried out.
    Uncertain,
    /// Refused for good.
    Failed,
    /// Carried out.
    Done,
}

/// The states of all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    /// A byte for each.
    rows: Vec<State>,
    /// Where calls went that have begun and are not over, by row; `None` where nobody asks.
    paths: Option<HashMap<u64, String>>,
    /// Whether those of calls that are done are kept as well.
    keeps_done: bool,
}

impl States {
    /// States that know where calls went: names may have become ids that are no longer to be had.
    #[must_use]
    pub fn with_paths(of_done: bool) -> Self {
        Self {
            paths: Some(HashMap::new()),
            keeps_done: of_done,
            ..Self::default()
        }
    }

    /// Reads an entry of a journal; the last one of a row counts.
    pub fn read(&mut self, entry: &Value) {
        let Some((row, state)) = read(entry) else {
            return;
        };
        self.set(row, state);
        let Some(paths) = &mut self.paths else { return };
        match state {
            State::Done if self.keeps_done => {}
            State::Done | State::Failed => drop(paths.remove(&row)),
            State::Unknown | State::PutOff | State::Open | State::Began | State::Uncertain => {
                if let Some(path) = path(entry) {
                    paths.insert(row, path.to_owned());
                }
            }
        }
    }

    /// The path that the call of a row went to, where it has begun and is not over.
    #[must_use]
    pub fn path(&self, row: u64) -> Option<&str> {
        self.paths.as_ref()?.get(&row).map(String::as_str)
    }

    /// Takes the better of what is known here and there: another machine has made the call.
    pub fn merge(&mut self, other: &Self) {
        for (at, state) in other.rows.iter().enumerate() {
            let row = at as u64 + 1;
            if *state > self.of(row) {
                self.set(row, *state);
            }
        }
    }

    /// The state of a row, counted from 1.
    #[must_use]
    pub fn of(&self, row: u64) -> State {
        let at = usize::try_from(row.saturating_sub(1)).unwrap_or(usize::MAX);
        self.rows.get(at).copied().unwrap_or_default()
    }

    fn set(&mut self, row: u64, state: State) {
        // A journal of ours has no row beyond what memory holds.
        const MOST: u64 = 1 << 32;
        let Some(at) = row.checked_sub(1).filter(|at| *at < MOST) else {
            return;
        };
        let Ok(at) = usize::try_from(at) else { return };
        if at >= self.rows.len() {
            self.rows.resize(at + 1, State::Unknown);
        }
        self.rows[at] = state;
    }
}

fn read(entry: &Value) -> Option<(u64, State)> {
    let row = entry.get("row")?.as_u64()?;
    let state = match entry.get("ended").map(Value::as_str) {
        // It is not uncertain whether it may be sent again.
        None if method(entry).is_some_and(|method| Retry::of(method).is_repeatable()) => {
            State::Open
        }
        None => State::Began,
        Some(Some("done")) => State::Done,
        Some(Some("failed")) => State::Failed,
        Some(Some("open")) if status(entry).is_some_and(is_refused_for_now) => State::PutOff,
        Some(Some("open")) => State::Open,
        // What a later version says is not to be sent again.
        Some(_) => State::Uncertain,
    };
    Some((row, state))
}

/// Returns whether a server that gives this status has not carried out the call, and may later.
#[must_use]
pub fn is_refused_for_now(status: u16) -> bool {
    matches!(status, 401 | 403 | 408 | 425 | 429)
}

/// The status of a call that has ended.
fn status(entry: &Value) -> Option<u16> {
    entry.get("status")?.as_u64()?.try_into().ok()
}

/// The method of a call that began.
fn method(entry: &Value) -> Option<&str> {
    let (method, _) = entry.get("began")?.as_str()?.split_once(' ')?;
    Some(method)
}

/// The path of a call that began: `POST /MAAS/…/?op=release` without method and operation. One with
/// something masked in it leads nowhere.
fn path(entry: &Value) -> Option<&str> {
    let (_, target) = entry.get("began")?.as_str()?.split_once(' ')?;
    let path = target.split('?').next()?;
    (!path.contains(MASK)).then_some(path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_give_the_states() {
        use State::{Began, Done, Failed, Open, PutOff, Uncertain, Unknown};
        let mut states = States::default();
        for entry in [
            json!({"row": 1, "began": "POST /x/"}),
            json!({"row": 2, "began": "POST /x/"}),
            json!({"row": 1, "ended": "done", "status": 200, "exit": 0}),
            json!({"row": 3, "began": "POST /x/"}),
            json!({"row": 3, "ended": "open"}),
            json!({"row": 3, "began": "POST /x/"}),
            json!({"row": 5, "ended": "failed"}),
            json!({"row": 6, "ended": "hm"}),
            json!({"row": 0, "ended": "done"}),
            json!({"other": 7}),
            json!({"row": 7, "began": "PUT /x/"}),
            json!({"row": 8, "ended": "open", "status": 401, "exit": 4}),
            json!({"row": 9, "ended": "open", "status": 502, "exit": 5}),
            json!({"row": 10, "ended": "open", "status": null, "exit": 7}),
        ] {
            states.read(&entry);
        }
        let all: Vec<State> = (1..=11).map(|row| states.of(row)).collect();
        assert_eq!(
            all,
            [
                Done, Began, Began, Unknown, Failed, Uncertain, Open, PutOff, Open, Open, Unknown
            ]
        );
        let mut other = States::default();
        other.read(&json!({"row": 2, "ended": "done"}));
        other.read(&json!({"row": 1, "ended": "open"}));
        other.read(&json!({"row": 8, "began": ""}));
        states.merge(&other);
        let all: Vec<State> = [1, 2, 8].map(|row| states.of(row)).to_vec();
        assert_eq!(all, [Done, Done, Began]);
    }

    #[test]
    fn a_call_that_is_not_over_knows_where_it_went() {
        let mut states = States::with_paths(false);
        for entry in [
            json!({"row": 1, "began": "DELETE /MAAS/api/2.0/machines/4y3h7n/"}),
            json!({"row": 2, "began": "POST /MAAS/api/2.0/machines/4y3h8q/?op=release"}),
            json!({"row": 2, "ended": "uncertain"}),
            json!({"row": 3, "began": "DELETE /MAAS/api/2.0/machines/4y3h9r/"}),
            json!({"row": 3, "ended": "done"}),
            json!({"row": 4, "began": "GET /***/"}),
        ] {
            states.read(&entry);
        }
        let paths: Vec<_> = (1..=5).map(|row| states.path(row)).collect();
        assert_eq!(
            paths,
            [
                Some("/MAAS/api/2.0/machines/4y3h7n/"),
                Some("/MAAS/api/2.0/machines/4y3h8q/"),
                None,
                None,
                None
            ]
        );
    }
}
