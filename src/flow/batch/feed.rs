//! From rows to calls that may be made now: names become ids, what is done is left out.

use std::collections::HashMap;

use crate::error::Failure;
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::plan::{Call, Loaded};
use crate::service::maas::lookup::{ThingKind, Wanted};

use super::call::may_repeat;
use super::record::{State, States};
use super::rows::{Row, Rows, Shard};
use super::template::{Manners, Template};
use super::{Job, ready};

/// What makes a call of a row.
#[derive(Debug)]
pub enum Requests {
    /// METHOD, PATH and items with places for members.
    Template(Box<Template>),
    /// The row is the call.
    Ready(Manners),
}

impl Requests {
    /// The call of a row.
    pub fn call(&mut self, row: &Row) -> Result<Call, Failure> {
        let call = match self {
            Self::Template(template) => template.call(&row.text),
            Self::Ready(manners) => ready::call(&row.text, manners),
        };
        call.map_err(|e| e.of(&format!("row {}", row.number)))
    }

    /// What distinguishes these calls from others; it holds the values of items.
    #[must_use]
    pub fn identity(&self) -> String {
        match self {
            Self::Template(template) => template.identity(),
            Self::Ready(manners) => format!("{manners:?}"),
        }
    }
}

/// The ids of names, looked up before the first call.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// Of names in values.
    pub values: HashMap<Wanted, String>,
    /// Paths with ids in the place of names, by the path with names.
    pub paths: HashMap<String, String>,
}

impl Ids {
    /// Puts ids in the place of names.
    fn put(&self, call: &mut Call) {
        let path = self.paths.get(&call.path).cloned();
        for item in &mut call.items {
            if let Loaded::Named(key, name) = item
                && let Some(kind) = ThingKind::of(&key.text, &call.path)
                && let Some(id) = self.values.get(&Wanted {
                    kind,
                    name: name.clone(),
                })
            {
                *item = Loaded::Field(key.clone(), id.clone());
            }
        }
        if let Some(path) = path {
            call.path = path;
        }
    }
}

/// Which rows are sent of those that a journal knows.
#[derive(Clone, Debug, Default)]
pub struct Resumed {
    /// What the journal says.
    pub states: States,
    /// Send those again that may have been carried out.
    pub resend: bool,
    /// Send those again that were refused for good.
    pub retry_failed: bool,
}

/// What a feed gives.
#[derive(Debug)]
pub enum Step {
    /// A row to be sent.
    Send(Box<Job>),
    /// A row that is done, or refused for good.
    Skip(State),
    /// A row that may have been carried out.
    Uncertain(u64, Box<Plan>),
}

/// Gives rows as calls.
#[derive(Debug)]
pub struct Feed<'a> {
    /// The rows.
    pub rows: Rows,
    /// What makes calls of them.
    pub requests: &'a mut Requests,
    /// The part that is taken.
    pub shard: Option<Shard>,
    /// The ids of names.
    pub ids: Ids,
    /// What is known of runs before.
    pub resumed: Resumed,
}

impl Feed<'_> {
    /// The next step; nothing at the end of the rows.
    pub fn next(&mut self, profile: &Profile) -> Result<Option<Step>, Failure> {
        while let Some(row) = self.rows.next_row()? {
            if self.shard.is_some_and(|shard| !shard.takes(row.number)) {
                continue;
            }
            return self.step(row, profile).map(Some);
        }
        Ok(None)
    }

    fn step(&mut self, row: Row, profile: &Profile) -> Result<Step, Failure> {
        let state = self.resumed.states.of(row.number);
        match state {
            State::Done => return Ok(Step::Skip(state)),
            State::Failed if !self.resumed.retry_failed => return Ok(Step::Skip(state)),
            State::Failed | State::Unknown | State::Open | State::Began | State::Uncertain => {}
        }
        let mut call = self.requests.call(&row)?;
        self.ids.put(&mut call);
        let has_secrets = match self.requests {
            Requests::Template(_) => false,
            Requests::Ready(_) => ready::has_secrets(&call),
        };
        let plan = plan(call, &row, profile)?;
        let is_uncertain = matches!(state, State::Began | State::Uncertain) && !may_repeat(&plan);
        if is_uncertain && !self.resumed.resend {
            return Ok(Step::Uncertain(row.number, Box::new(plan)));
        }
        let input = if has_secrets {
            ready::shown(row.text)
        } else {
            row.text
        };
        Ok(Step::Send(Box::new(Job::new(row.number, input, plan))))
    }
}

/// The plan of a row.
pub fn plan(call: Call, row: &Row, profile: &Profile) -> Result<Plan, Failure> {
    Plan::new(call, profile.place()).map_err(|e| e.of(&format!("row {}", row.number)))
}
