//! Looks once at what is waited for: the calls it takes, and what their responses mean.
//!
//! Makes plans and judges bodies; `flow::wait` sends, and decides when.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::Response;
use crate::error::{Exit, Failure};
use crate::output::Filter;
use crate::output::decode::whole;
use crate::profile::Place;
use crate::request::Plan;
use crate::service::maas::LONGEST_REQUEST_LINE;
use crate::service::maas::states::{Goal, Machine, Seen, Verdict};

use super::{Thing, missing};

/// A response beyond this is not one to look at again and again.
const MOST: u64 = 64 * 1024 * 1024;

/// How long an `error` of the power that was there from the beginning may be an old one.
const OLD_ERROR: Duration = Duration::from_secs(30);

/// How things are looked at.
#[derive(Debug)]
pub enum Look {
    /// They are machines, and wanted in a state.
    Machines {
        /// The state.
        goal: Goal,
        /// What was seen of each before, by its place.
        seen: HashMap<usize, Seen>,
    },
    /// They are paths, and a filter is to hold for what is there.
    Paths {
        /// The call that shows each, by its place.
        plans: Vec<Plan>,
        /// The filter.
        until: Box<Filter>,
        /// A filter for what has failed.
        fail_on: Option<Box<Filter>>,
    },
}

/// What a look found of a thing.
#[derive(Debug)]
pub struct Found {
    /// What people call it.
    pub name: String,
    /// Its state in words.
    pub state: String,
    /// What that means.
    pub verdict: Verdict,
    /// It as JSON.
    pub body: Option<Vec<u8>>,
}

/// Why a response says nothing.
pub enum Unread {
    /// It was cut short, or took too long.
    Cut(Failure),
    /// It is not what it should be.
    Useless(anyhow::Error),
}

impl From<Failure> for Unread {
    fn from(failure: Failure) -> Self {
        Self::Useless(failure.into())
    }
}

impl From<anyhow::Error> for Unread {
    fn from(error: anyhow::Error) -> Self {
        Self::Useless(error)
    }
}

/// What of an object shows its state, where it is none of ours.
#[derive(Default, Deserialize)]
struct Stated {
    status_name: Option<String>,
}

impl Look {
    /// Looks at machines.
    #[must_use]
    pub fn machines(goal: Goal) -> Self {
        Self::Machines {
            goal,
            seen: HashMap::new(),
        }
    }

    /// Returns the calls that show all pending things, and which each of them shows.
    pub fn plans(
        &self,
        things: &[Thing],
        pending: &[usize],
        place: Place<'_>,
    ) -> Result<VecDeque<(Plan, Vec<usize>)>, Failure> {
        let mut plans = VecDeque::new();
        match self {
            Self::Paths { plans: own, .. } => {
                for at in pending {
                    plans.push_back((own[*at].clone(), vec![*at]));
                }
            }
            Self::Machines { .. } => {
                let none = Plan::get("/machines/", place)?;
                for at in pending {
                    let id = &things[*at].id;
                    if let Some((plan, asked)) = plans.back_mut()
                        && Plan::add_within(plan, "id", id, LONGEST_REQUEST_LINE)
                    {
                        asked.push(*at);
                        continue;
                    }
                    let mut plan = none.clone();
                    plan.url.add("id", id);
                    plans.push_back((plan, vec![*at]));
                }
            }
        }
        Ok(plans)
    }

    /// Reads what a response says of the things that were asked for.
    pub fn read(
        &mut self,
        response: Response,
        asked: &[usize],
        things: &[Thing],
        elapsed: Duration,
    ) -> Result<Vec<(usize, Found)>, Unread> {
        let body = read_body(response)?;
        match self {
            Self::Paths { until, fail_on, .. } => {
                let mut found = Vec::new();
                for at in asked {
                    let path = &things[*at].name;
                    found.push((*at, judge_path(&body, path, until, fail_on.as_deref())?));
                }
                Ok(found)
            }
            Self::Machines { goal, seen } => {
                let list: Vec<&RawValue> = serde_json::from_slice(&body).map_err(|_| {
                    Failure::new(Exit::Other, "the response is not a list of machines")
                })?;
                let mut machines = HashMap::new();
                for raw in list {
                    let machine: Machine = serde_json::from_str(raw.get()).map_err(|_| {
                        Failure::new(
                            Exit::Other,
                            "the response has something that is not a machine",
                        )
                    })?;
                    machines.insert(machine.system_id.clone(), Listed { machine, raw });
                }
                let gone: Vec<usize> = asked
                    .iter()
                    .copied()
                    .filter(|at| !machines.contains_key(&things[*at].id))
                    .collect();
                let never: HashSet<&str> = gone
                    .iter()
                    .filter(|at| things[**at].state.is_none())
                    .map(|at| things[*at].id.as_str())
                    .collect();
                if !never.is_empty() {
                    let mut never: Vec<&str> = never.into_iter().collect();
                    never.sort_unstable();
                    return Err(missing(&never).into());
                }
                let mut found = Vec::new();
                for at in asked {
                    let thing = &things[*at];
                    found.push((
                        *at,
                        match machines.get(&thing.id) {
                            Some(listed) => {
                                let seen = seen.entry(*at).or_default();
                                judge_machine(listed, *goal, seen, thing, elapsed)
                            }
                            None => Found {
                                name: thing.name.clone(),
                                state: "gone".to_owned(),
                                verdict: Verdict::Failed,
                                body: None,
                            },
                        },
                    ));
                }
                Ok(found)
            }
        }
    }
}

/// A machine of a list, and its text.
struct Listed<'a> {
    machine: Machine,
    raw: &'a RawValue,
}

fn judge_machine(
    listed: &Listed<'_>,
    goal: Goal,
    seen: &mut Seen,
    thing: &Thing,
    elapsed: Duration,
) -> Found {
    let Listed { machine, raw } = listed;
    if goal.is_power() {
        let is_error = machine.power_state == "error";
        let is_first = thing.state.is_none();
        seen.old_error = is_error && (is_first || seen.old_error) && elapsed < OLD_ERROR;
    }
    let verdict = goal.judge(machine, *seen);
    seen.on_way |= goal.is_on_way(machine);
    Found {
        name: if machine.hostname.is_empty() {
            machine.system_id.clone()
        } else {
            machine.hostname.clone()
        },
        state: goal.state(machine),
        verdict,
        body: (verdict != Verdict::Pending).then(|| raw.get().as_bytes().to_vec()),
    }
}

fn judge_path(
    body: &[u8],
    path: &str,
    until: &Filter,
    fail_on: Option<&Filter>,
) -> anyhow::Result<Found> {
    let named = |e, flag| super::named_filter(e, flag, path);
    let verdict = if until.holds(body).map_err(|e| named(e, "--until"))? {
        Verdict::Reached
    } else if let Some(filter) = fail_on
        && filter.holds(body).map_err(|e| named(e, "--fail-on"))?
    {
        Verdict::Failed
    } else {
        Verdict::Pending
    };
    let stated: Stated = serde_json::from_slice(body).unwrap_or_default();
    let state = stated.status_name.unwrap_or_else(|| {
        match verdict {
            Verdict::Reached => "reached",
            Verdict::Failed => "failed",
            Verdict::Pending => "pending",
        }
        .to_owned()
    });
    Ok(Found {
        name: path.to_owned(),
        state,
        verdict,
        body: (verdict != Verdict::Pending).then(|| body.to_vec()),
    })
}

fn read_body(response: Response) -> Result<Vec<u8>, Unread> {
    whole(response, MOST).map_err(|failure| match failure.exit {
        Exit::TimedOut | Exit::NoConnection => Unread::Cut(failure),
        _ => failure.into(),
    })
}
