//! Sends a call with `--wait`, and waits for what its operation leads to.
//!
//! `service` knows which state an operation leads to; a call that leads to none is refused before
//! it is sent.

use std::time::{Duration, Instant};

use crate::cli::{CallArgs, OutputArgs};
use crate::client::Limits;
use crate::commands::Context;
use crate::commands::response::{self, Exchange};
use crate::error::{Exit, Failure};
use crate::flow::wait::{Look, Task};
use crate::flow::{several, uncertain};
use crate::output::Shown;
use crate::output::decode::whole;
use crate::profile::{Profile, setting};
use crate::request::Plan;
use crate::service::maas::states::Goal;
use crate::service::uncertain::Outcome;
use crate::session::Session;

use super::{Job, LONGEST, machines, make};

/// A list of machines is not longer, in bytes.
const MOST_LISTED: u64 = 16 * 1024 * 1024;

/// The longest pause between two looks.
const INTERVAL: Duration = Duration::from_secs(5);

/// The state that a call's operation leads to, and how long that may take.
#[derive(Debug)]
pub struct Awaited {
    goal: Goal,
    limit: Duration,
}

impl Awaited {
    /// Reads what there is to wait for. Fails where the operation has no end state, or the path is
    /// not a machine's.
    pub fn of(args: &CallArgs, plan: &Plan, profile: &Profile) -> Result<Self, Failure> {
        let goal = goal(plan, profile)?;
        machines_of(plan)?;
        let given = args.connect.given.time(&setting::TIMEOUT);
        Ok(Self {
            goal,
            limit: given.unwrap_or(LONGEST),
        })
    }

    /// Makes the call, waits until its operation has done its work, and prints the machine.
    pub fn make(self, exchange: &Exchange<'_>, context: &mut Context<'_>) -> anyhow::Result<Exit> {
        let started = Instant::now();
        let Exchange {
            session,
            plan,
            output,
            shown,
        } = *exchange;
        let (mut ids, is_one) = machines_of(plan)?;
        let mut left_out = None;
        let sent = session.send(plan, &Limits::default(), &mut context.ui.hear());
        match sent {
            Ok(response) if Exit::of_status(response.head.status) == Exit::Success => {
                if several::is_release(session, plan) {
                    let body = whole(response, MOST_LISTED)?;
                    left_out = several::left_out(session, plan, &body, &mut context.ui.hear());
                } else {
                    response.discard();
                }
            }
            Ok(response) if !uncertain::is_status(plan, response.head.status) => {
                return response::print_failure(exchange, response, context);
            }
            lost => {
                let failure = match lost {
                    Ok(response) => session.refused(session.explain(response, plan), plan),
                    Err(error) if !uncertain::is_failure(plan, &error) => return Err(error.into()),
                    Err(error) => error,
                };
                let finding = uncertain::look(session, plan, &mut context.ui.hear());
                let failure = uncertain::with_finding(failure.into(), &finding, session, plan);
                if finding.outcome != Outcome::Applied {
                    return Err(failure.into());
                }
                context.ui.error(&failure.into());
            }
        }
        let mut refused = Exit::Success;
        if let Some(left_out) = left_out {
            ids.retain(|id| !left_out.ids.contains(id));
            context
                .ui
                .error(&left_out.failure.of(&exchange.label()).into());
            refused = Exit::Partial;
        }
        if ids.is_empty() {
            return Ok(refused);
        }
        let job = Job {
            task: Task {
                look: Look::machines(self.goal),
                things: ids.into_iter().map(|id| (id, String::new())).collect(),
                interval: INTERVAL,
                deadline: started + self.limit,
                trusts: true,
            },
            is_one,
            what: self.goal.name().to_owned(),
            limit: self.limit,
            prints: true,
            output,
            shown,
        };
        Ok(match make(session, job, context)? {
            Exit::Success => refused,
            exit => exit,
        })
    }
}

/// The state that a call's operation leads to. Fails where it leads to none.
pub fn goal(plan: &Plan, profile: &Profile) -> Result<Goal, Failure> {
    if !profile.service().has_machines() {
        return Err(
            Failure::usage("`--wait` is for MAAS; this profile is Macrometa's")
                .hint("`apicall wait PATH --until EXPR` waits for anything"),
        );
    }
    let known = || {
        let ops: Vec<_> = Goal::OPERATIONS
            .iter()
            .map(|(op, _)| format!("`{op}`"))
            .collect();
        format!("it works with: {}", ops.join(", "))
    };
    let op = plan.operation();
    let goal = op.as_deref().and_then(Goal::of_operation);
    let (Some(goal), "POST") = (goal, plan.method.as_str()) else {
        let what = match op {
            Some(op) => format!("`{op}` is not an operation to wait for"),
            None => "a call without an operation has nothing to wait for".to_owned(),
        };
        return Err(Failure::usage(format!("`--wait`: {what}")).hint(known()));
    };
    Ok(goal)
}

/// The machines that a call sets out, and the state that its operation leads to.
#[must_use]
pub fn set_out(plan: &Plan) -> Option<(Goal, Vec<String>)> {
    if plan.method != "POST" {
        return None;
    }
    let goal = Goal::of_operation(&plan.operation()?)?;
    Some((goal, machines_of(plan).ok()?.0))
}

/// Machines that are waited for together.
#[derive(Debug)]
pub struct Several {
    /// Their ids.
    pub ids: Vec<String>,
    /// What they are to reach.
    pub goal: Goal,
    /// How long it may take.
    pub limit: Option<Duration>,
    /// Since when.
    pub started: Instant,
}

/// Waits for machines that calls have just set out, in one poll; does not print them.
pub fn several(
    session: &Session,
    of: Several,
    (output, shown): (&OutputArgs, &Shown),
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let limit = of.limit.unwrap_or(LONGEST);
    let job = Job {
        task: Task {
            look: Look::machines(of.goal),
            things: of.ids.into_iter().map(|id| (id, String::new())).collect(),
            interval: INTERVAL,
            deadline: of.started + limit,
            trusts: true,
        },
        is_one: false,
        what: of.goal.name().to_owned(),
        limit,
        prints: false,
        output,
        shown,
    };
    make(session, job, context)
}

/// The ids of the machines that a plan sets out, and whether it can only be one: that of its path,
/// or the fields `machines` of a call to all of them.
fn machines_of(plan: &Plan) -> Result<(Vec<String>, bool), Failure> {
    if let Some(id) = machines::id_in(plan.url.path()) {
        return Ok((vec![id], true));
    }
    let ids = several::asked(plan);
    if ids.is_empty() {
        return Err(
            Failure::usage("`--wait`: the path is not that of a machine")
                .hint("`apicall wait --for STATE MACHINE…` waits for several"),
        );
    }
    Ok((ids, false))
}
