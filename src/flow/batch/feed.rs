//! From rows to calls that may be made now: names become ids, what is done is left out.

use std::collections::HashMap;

use crate::error::Failure;
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::plan::{Call, Loaded};
use crate::service::Service;
use crate::service::maas::lookup::{ThingKind, Wanted};
use crate::service::maas::name;

use super::call::may_repeat;
use super::rows::{Row, Rows, Shard};
use super::states::{State, States};
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

    /// Whether the path of a row may have a name in it.
    #[must_use]
    pub fn may_have_names(&self) -> bool {
        match self {
            Self::Template(template) => template.may_have_names(),
            Self::Ready(_) => true,
        }
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
    /// Also give the calls that are done: their machines are waited for.
    pub waits: bool,
}

impl Resumed {
    /// Whether a row is done with, and how.
    #[must_use]
    pub fn skips(&self, row: u64) -> Option<State> {
        match self.states.of(row) {
            State::Done => Some(State::Done),
            State::Failed if !self.retry_failed => Some(State::Failed),
            State::Failed
            | State::Unknown
            | State::PutOff
            | State::Open
            | State::Began
            | State::Uncertain => None,
        }
    }

    /// Whether the call of a row has been sent before, and nobody knows whether it was carried out.
    #[must_use]
    pub fn has_begun(&self, row: u64) -> bool {
        match self.states.of(row) {
            State::Open | State::Began | State::Uncertain => true,
            State::Unknown | State::PutOff | State::Failed | State::Done => false,
        }
    }

    /// Whether a row may have been carried out, and is not sent again.
    #[must_use]
    pub fn is_uncertain(&self, row: u64, plan: &Plan) -> bool {
        let state = self.states.of(row);
        matches!(state, State::Began | State::Uncertain) && !may_repeat(plan) && !self.resend
    }

    /// Puts the path that the call of a row went to in the place of one with names: what it has done
    /// may have taken the name away.
    pub fn put(&self, call: &mut Call, row: u64, service: Service) {
        if !service.looks_names_up() || name::find(&call.path).is_none() {
            return;
        }
        if let Some(path) = self.states.path(row) {
            let query = call.path.find('?').map_or("", |at| &call.path[at..]);
            call.path = format!("{path}{query}");
        }
    }
}

/// What a feed gives.
#[derive(Debug)]
pub enum Step {
    /// A row to be sent.
    Send(Box<Job>),
    /// A row that is done, or refused for good.
    Skip(State),
    /// A call that is done, whose machine may be on its way.
    Done(Box<Plan>),
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
        let skipped = self.resumed.skips(row.number);
        let is_done = skipped == Some(State::Done) && self.resumed.waits;
        if let Some(state) = skipped.filter(|_| !is_done) {
            return Ok(Step::Skip(state));
        }
        let mut call = self.requests.call(&row)?;
        self.resumed.put(&mut call, row.number, profile.service());
        self.ids.put(&mut call);
        let has_secrets = match self.requests {
            Requests::Template(_) => false,
            Requests::Ready(_) => ready::has_secrets(&call),
        };
        let plan = plan(call, &row, profile)?;
        if is_done {
            return Ok(Step::Done(Box::new(plan)));
        }
        if self.resumed.is_uncertain(row.number, &plan) {
            return Ok(Step::Uncertain(row.number, Box::new(plan)));
        }
        let input = if has_secrets {
            ready::shown(row.text)
        } else {
            row.text
        };
        let job = Job::new(row.number, input, plan);
        Ok(Step::Send(Box::new(Job {
            has_begun: self.resumed.has_begun(row.number),
            ..job
        })))
    }
}

/// The plan of a row.
pub fn plan(call: Call, row: &Row, profile: &Profile) -> Result<Plan, Failure> {
    Plan::new(call, profile.place()).map_err(|e| e.of(&format!("row {}", row.number)))
}
