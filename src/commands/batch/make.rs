//! Makes the calls of a batch, reports its end, and waits for the machines it has set out.

use std::sync::Arc;
use std::time::Instant;

use crate::cli::BatchArgs;
use crate::error::{Exit, Failure};
use crate::flow::batch::call;
use crate::flow::batch::feed::{Feed, Step};
use crate::flow::batch::record::Record;
use crate::flow::batch::states::State;
use crate::flow::batch::{Batch, Ended, Event, Job, Stop};
use crate::flow::uncertain;
use crate::output::Shown;
use crate::output::amounts::digits;
use crate::request::Plan;
use crate::service::maas::states::Goal;
use crate::session::{Notices, Session};
use crate::signals;

use super::super::Context;
use super::super::wait::after::{self, Several};
use super::print::Printer;

/// A batch: over what, how, and how many rows it has.
pub struct Task<'a> {
    /// Over it the calls go.
    pub session: &'a Session,
    /// As it was typed.
    pub args: &'a BatchArgs,
    /// How results are shown.
    pub shown: &'a Shown,
    /// How many rows it has.
    pub all: u64,
}

/// Makes the calls of all rows that are left.
pub fn make(
    task: &Task<'_>,
    mut feed: Feed<'_>,
    record: Option<Record>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let Task {
        session,
        args,
        shown,
        all,
    } = *task;
    let shared = Arc::new(session.unwatched());
    let sender = Arc::clone(&shared);
    let batch = Batch {
        call: Arc::new(move |plan: &Plan, notices: Notices<'_>| call::send(&sender, plan, notices)),
        jobs: args.jobs.into(),
        ordered: args.ordered,
        rate: args.rate,
        max_fail: args.max_fail,
        record,
    };
    // Calls that are under way end; whoever presses Ctrl-C again ends them.
    let hold = signals::hold();
    let awaited = signals::awaited();
    let second = signals::second()?;
    let mut before = Before::default();
    let mut set_out = SetOut::default();
    let mut printer = Printer::new(session, args, shown, all, context);
    let ended = batch.run(
        &mut || next(&mut feed, session, &mut before),
        &mut |event| {
            if let Event::Ended(job, sent) = &event
                && args.request.wait
                && sent.failure.is_none()
            {
                set_out.note(&job.plan);
            }
            printer.take(event);
        },
    )?;
    let written = printer.finish(&ended);
    drop((awaited, second));
    for (row, plan) in &before.uncertain {
        let finding = uncertain::look(session, plan, &mut context.ui.hear());
        let label = session.label(plan);
        context.ui.say(&format!(
            "apicall: row {row} is uncertain: {label}: {}; it was not retried",
            finding.sentence
        ));
    }
    let exit = finish(task, &ended, &before, context)?;
    // A signal ends the run here, with its own exit code.
    drop(hold);
    let written = written?;
    let mut waited = Exit::Success;
    for (goal, ids) in before.set_out.0 {
        set_out.add(goal, ids);
    }
    if !set_out.is_empty() {
        waited = set_out.wait(session, args, shown, context)?;
    }
    let all = [exit, waited, written];
    Ok(all
        .into_iter()
        .find(|exit| *exit != Exit::Success)
        .unwrap_or(Exit::Success))
}

/// What runs before this one have done.
#[derive(Debug, Default)]
struct Before {
    done: u64,
    failed: u64,
    uncertain: Vec<(u64, Plan)>,
    /// Machines of calls that are done.
    set_out: SetOut,
}

fn next(
    feed: &mut Feed<'_>,
    session: &Session,
    before: &mut Before,
) -> Result<Option<Job>, Failure> {
    loop {
        match feed.next(&session.profile)? {
            None => return Ok(None),
            Some(Step::Send(job)) => return Ok(Some(*job)),
            Some(Step::Done(plan)) => {
                before.done += 1;
                before.set_out.note(&plan);
            }
            Some(Step::Skip(State::Failed)) => before.failed += 1,
            Some(Step::Skip(_)) => before.done += 1,
            Some(Step::Uncertain(row, plan)) => before.uncertain.push((row, *plan)),
        }
    }
}

/// Reports the end of a batch, and gives the exit code that it earns.
fn finish(
    task: &Task<'_>,
    ended: &Ended,
    before: &Before,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let Task {
        session, args, all, ..
    } = *task;
    let counts = ended.counts;
    let uncertain = counts.uncertain + before.uncertain.len() as u64;
    let known = before.done + before.failed + before.uncertain.len() as u64;
    let unsent = all.saturating_sub(counts.ended + known);
    let mut parts = vec![format!("{} done", digits(counts.ended - counts.failed))];
    for (count, what) in [
        (counts.failed, "failed"),
        (uncertain, "uncertain"),
        (before.done, "done before"),
        (before.failed, "failed before"),
        (unsent, "not sent"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", digits(count)));
        }
    }
    let label = session.profile.label();
    let rows = if all == 1 { "row" } else { "rows" };
    let line = format!(
        "apicall: {label}: {} {rows}: {}",
        digits(all),
        parts.join(", ")
    );
    if !args.output.quiet || counts.failed > 0 || ended.stop.is_some() {
        context.ui.say(&line);
    }
    let go_on = if args.journal.is_some() {
        "`--resume` continues from here"
    } else {
        "with `--journal FILE` a batch can be resumed"
    };
    let failed = counts.failed + before.failed + uncertain;
    let earned = if failed > 0 {
        Exit::Partial
    } else {
        Exit::Success
    };
    match &ended.stop {
        None => {
            if before.failed > 0 {
                context
                    .ui
                    .say("hint: `--retry-failed` also sends those again that failed before");
            }
            if uncertain > 0 && args.journal.is_some() {
                context
                    .ui
                    .say("hint: look at the uncertain ones; `--resume --resend` sends them again");
            }
            Ok(earned)
        }
        Some(Stop::MaxFail) => {
            context
                .ui
                .say("apicall: `--max-fail` is reached: no more calls were started");
            context.ui.say(&format!("hint: {go_on}"));
            Ok(Exit::Partial)
        }
        Some(Stop::Unauthorized) => {
            context
                .ui
                .say("apicall: the key was refused (401): no more calls were started");
            context.ui.say(&format!("hint: {go_on}"));
            Ok(Exit::Partial)
        }
        Some(Stop::Signal(exit)) => {
            context.ui.say(&format!("hint: {go_on}"));
            Ok(*exit)
        }
        Some(Stop::Broken(failure)) => {
            let failure = failure.clone();
            let hint = failure.hint.clone().unwrap_or_else(|| go_on.to_owned());
            Err(failure.hint(hint).into())
        }
    }
}

/// The machines that are on their way, by the state they are to reach.
#[derive(Debug, Default)]
struct SetOut(Vec<(Goal, Vec<String>)>);

impl SetOut {
    fn note(&mut self, plan: &Plan) {
        if let Some((goal, ids)) = after::set_out(plan) {
            self.add(goal, ids);
        }
    }

    fn add(&mut self, goal: Goal, ids: Vec<String>) {
        match self.0.iter_mut().find(|(known, _)| *known == goal) {
            Some((_, known)) => known.extend(ids),
            None => self.0.push((goal, ids)),
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Waits for all of them; the results were printed, so the machines are not.
    fn wait(
        self,
        session: &Session,
        args: &BatchArgs,
        shown: &Shown,
        context: &mut Context<'_>,
    ) -> anyhow::Result<Exit> {
        let started = Instant::now();
        // The results have stdout; what the machines do is reported on stderr.
        let shown = &Shown {
            format: None,
            ..shown.clone()
        };
        let mut worst = Exit::Success;
        for (goal, ids) in self.0 {
            let task = Several {
                ids,
                goal,
                limit: args.connect.given.time(&crate::profile::setting::TIMEOUT),
                started,
            };
            let exit = after::several(session, task, (&args.output, shown), context)?;
            if exit != Exit::Success {
                worst = exit;
            }
        }
        Ok(worst)
    }
}
