//! Sends a call with `--wait`, and waits for what its operation leads to.
//!
//! `service` knows which state an operation leads to; a call that leads to none is refused before
//! it is sent.

use std::time::{Duration, Instant};

use crate::cli::CallArgs;
use crate::client::Limits;
use crate::commands::Context;
use crate::commands::response::{self, Exchange};
use crate::commands::uncertain;
use crate::error::{Exit, Failure};
use crate::flow::wait::{Look, Task};
use crate::profile::{Profile, setting};
use crate::request::Plan;
use crate::service::maas::states::Goal;
use crate::service::uncertain::Outcome;

use super::{Job, LONGEST, machines, make};

/// The longest pause between two looks.
const INTERVAL: Duration = Duration::from_secs(5);

/// The state that a call's operation leads to, and how long that may take.
#[derive(Debug)]
pub struct Awaited {
    goal: Goal,
    limit: Duration,
}

impl Awaited {
    /// Reads what there is to wait for. Fails where the operation leads to no state, or the path is
    /// not a machine's.
    pub fn of(args: &CallArgs, plan: &Plan, profile: &Profile) -> Result<Self, Failure> {
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
            format!("the operations that take their time: {}", ops.join(", "))
        };
        let op = plan.operation();
        let goal = op.as_deref().and_then(Goal::of_operation);
        let (Some(goal), "POST") = (goal, plan.method.as_str()) else {
            let what = op.map_or("a call without an operation".to_owned(), |op| {
                format!("`{op}`")
            });
            return Err(
                Failure::usage(format!("`--wait`: {what} leads to no state")).hint(known()),
            );
        };
        machine(plan)?;
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
        let id = machine(plan)?;
        let sent = session.send(plan, &Limits::default(), &mut context.ui.hear());
        match sent {
            Ok(response) if Exit::of_status(response.head.status) == Exit::Success => {
                response.discard();
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
                let finding = uncertain::look(session, plan, context.ui);
                let failure = uncertain::with_finding(failure.into(), &finding, session, plan);
                if finding.outcome != Outcome::Applied {
                    return Err(failure.into());
                }
                context.ui.error(&failure.into());
            }
        }
        let job = Job {
            task: Task {
                look: Look::machines(self.goal),
                things: vec![(id, String::new())],
                interval: INTERVAL,
                deadline: started + self.limit,
                trusts: true,
            },
            is_one: true,
            what: self.goal.name().to_owned(),
            limit: self.limit,
            output,
            shown,
        };
        make(session, job, context)
    }
}

/// The id of the machine that a plan's path names.
fn machine(plan: &Plan) -> Result<String, Failure> {
    machines::id_in(plan.url.path()).ok_or_else(|| {
        Failure::usage("`--wait`: the path is not that of a machine")
            .hint("`apicall wait --for STATE MACHINE…` waits for several")
    })
}
