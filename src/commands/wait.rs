//! `wait`: until a state is reached, or has failed; and `--wait` of calls.

mod failed;
mod machines;
mod paths;
mod report;

use std::time::{Duration, Instant};

use crate::cli::{CallArgs, OutputArgs, WaitArgs};
use crate::error::{Exit, Failure, is_closed_pipe};
use crate::flow::wait::{Look, Stopped, Verdict, Wait};
use crate::output::{Filter, Format, Shown, show_bytes};
use crate::profile::{Profile, setting};
use crate::request::Plan;
use crate::service::Service;
use crate::service::maas::states::Goal;
use crate::session::Session;

use super::{Context, call, formats};

use paths::Paths;
use report::Report;

/// A wait without a limit of its own ends after this; commissioning with long tests takes an hour.
const LONGEST: Duration = Duration::from_secs(2 * 3600);

/// The longest pause between two looks of a call's `--wait`.
const INTERVAL: Duration = Duration::from_secs(5);

/// What is waited for, and for how long.
struct Task<'a> {
    look: Look,
    /// Ids or paths, and what they are called.
    things: Vec<(String, String)>,
    /// Whether one object is printed, and not a list.
    is_one: bool,
    /// What the state is called in messages.
    what: String,
    interval: Duration,
    /// How long it may take, from the beginning of the command.
    limit: Duration,
    deadline: Instant,
    trusts: bool,
    output: &'a OutputArgs,
    shown: &'a Shown,
}

/// Waits, and prints what was waited for.
pub fn run(args: &WaitArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    // `--timeout` is the limit of the wait here; the profile's is still that of each call.
    let mut overrides = args.connect.overrides(args.profile.as_deref());
    let limit = overrides.given.time(&setting::TIMEOUT).unwrap_or(LONGEST);
    overrides.given.remove(&setting::TIMEOUT);
    let deadline = Instant::now() + limit;
    let profile = context.select(&overrides)?;
    let shown = shown(&args.output, context)?;
    shown.end_within(Some(limit));
    if let Some(goal) = args.state {
        if profile.service() != Service::Maas {
            return Err(Failure::usage(
                "`--for` is for the machines of a MAAS; this profile is Macrometa's",
            )
            .hint("`wait PATH --until EXPR` waits for anything")
            .into());
        }
        let named = machines::read(&args.what)?;
        if named.is_empty() {
            context.ui.say(
                "apicall: note: standard input names no machine: there is nothing to wait for",
            );
            return Ok(Exit::Success);
        }
        let is_one = matches!(args.what.as_slice(), [one] if one != "-");
        let session = open(profile, args.output.verbose, context)?;
        let ids = machines::resolve(&session, &named, context.ui)?;
        let task = Task {
            look: Look::machines(goal),
            things: ids.into_iter().map(|id| (id, String::new())).collect(),
            is_one,
            what: goal.name().to_owned(),
            interval: args.interval,
            limit,
            deadline,
            trusts: false,
            output: &args.output,
            shown: &shown,
        };
        return make(&session, task, context);
    }
    let filter = |flag: &str, text: &str| {
        let filter = Filter::compile(flag, text, &[], &[], context.env)?;
        filter.end_within(Some(limit));
        Ok::<_, Failure>(Box::new(filter))
    };
    let until = filter("--until", args.until.as_deref().unwrap_or_default())?;
    let fail_on = args
        .fail_on
        .as_deref()
        .map(|text| filter("--fail-on", text));
    let fail_on = fail_on.transpose()?;
    let paths = Paths::read(args, &profile, context)?;
    let session = open(profile, args.output.verbose, context)?;
    let (plans, things): (Vec<_>, Vec<_>) = paths.plans(&session, context)?.into_iter().unzip();
    let task = Task {
        look: Look::Paths {
            plans,
            until,
            fail_on,
        },
        is_one: things.len() == 1,
        things,
        what: "as `--until` says".to_owned(),
        interval: args.interval,
        limit,
        deadline,
        trusts: false,
        output: &args.output,
        shown: &shown,
    };
    make(&session, task, context)
}

/// What a call's `--wait` waits for: the machine of its path, and the state that its operation
/// leads to.
pub fn goal(plan: &Plan, profile: &Profile) -> Result<(String, Goal), Failure> {
    if profile.service() != Service::Maas {
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
        return Err(Failure::usage(format!("`--wait`: {what} leads to no state")).hint(known()));
    };
    match machine(plan) {
        Some(id) => Ok((id, goal)),
        None => Err(
            Failure::usage("`--wait`: the path is not that of a machine")
                .hint("`apicall wait --for STATE MACHINE…` waits for several"),
        ),
    }
}

/// The id of the machine that a plan's path names.
#[must_use]
pub fn machine(plan: &Plan) -> Option<String> {
    machines::id_in(plan.url.path())
}

/// Waits for the machine that a call has just set out, and prints it.
pub fn after(
    session: &Session,
    (id, goal): (String, Goal),
    args: &CallArgs,
    started: Instant,
    shown: &Shown,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let limit = args
        .connect
        .given
        .time(&setting::TIMEOUT)
        .unwrap_or(LONGEST);
    let task = Task {
        look: Look::machines(goal),
        things: vec![(id, String::new())],
        is_one: true,
        what: goal.name().to_owned(),
        interval: INTERVAL,
        limit,
        deadline: started + limit,
        trusts: true,
        output: &args.output,
        shown,
    };
    make(session, task, context)
}

/// How objects are shown, where that fits a wait.
fn shown(output: &OutputArgs, context: &Context<'_>) -> Result<Shown, Failure> {
    if output.include {
        return Err(Failure::usage("`-i`: a wait has no head of its own")
            .hint("`-v` shows each call's on stderr"));
    }
    let mut shown = formats::shown(output, context)?;
    if shown.format == Some(Format::Raw) {
        // The list is our own; its raw format is the one without blanks.
        shown.format = Some(Format::Compact);
    }
    Ok(shown)
}

fn open(profile: Profile, verbose: u8, context: &mut Context<'_>) -> anyhow::Result<Session> {
    if profile.key.is_none() && !profile.service().answers_without_key() && profile.name.is_some() {
        return Err(
            Failure::config(format!("{}: the profile has no key", profile.label()))
                .hint(call::key_cure(&profile))
                .into(),
        );
    }
    context.session(profile, verbose)
}

fn make(session: &Session, task: Task<'_>, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let Task { output, shown, .. } = task;
    let mut report = Report::begin(session.profile.label(), &task.what, output, shown);
    let mut wait = Wait::new(
        session,
        task.look,
        task.things,
        task.interval,
        task.deadline,
        task.trusts,
    );
    let stopped = loop {
        let next = wait.next(&mut context.ui.hear());
        match next {
            Ok(Some(event)) => match report.tell(&event, &wait, context) {
                // Whoever reads the changes has seen enough.
                Err(e) if is_closed_pipe(&e) => return Ok(Exit::Success),
                told => told?,
            },
            Ok(None) => break None,
            Err(stopped) => break Some(stopped),
        }
    };
    drop(report);
    if shown.format != Some(Format::Ndjson) {
        let mut shown = shown.clone();
        if wait.is_of_machines()
            && let Ok(plan) = Plan::get("/machines/", session.profile.place())
        {
            shown = call::shown_of(session.profile.service(), &plan, &shown);
        }
        print(&wait, task.is_one, &shown, context)?;
    }
    let failed = failed::tell(session, &wait, context);
    match stopped {
        None if failed > 0 => Ok(Exit::WaitFailed),
        None => Ok(Exit::Success),
        Some(Stopped::TimedOut) => {
            context
                .ui
                .error(&report::timed_out(session, &wait, task.limit, &task.what).into());
            // Something that has failed is worse than something that takes long.
            Ok(if failed > 0 {
                Exit::WaitFailed
            } else {
                Exit::TimedOut
            })
        }
        Some(Stopped::Broken(error)) => Err(error.into()),
        Some(Stopped::Useless(error)) => Err(match error.downcast::<Failure>() {
            Ok(failure) => failure.of(session.profile.label()).into(),
            Err(error) => error,
        }),
        Some(Stopped::Refused(response, plan)) => {
            call::print_failure(session, &plan, *response, (output, shown), context)
        }
    }
}

/// Prints those that got there.
fn print(
    wait: &Wait<'_>,
    is_one: bool,
    shown: &Shown,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let reached: Vec<&[u8]> = wait
        .things()
        .iter()
        .filter(|thing| thing.verdict == Verdict::Reached)
        .filter_map(|thing| thing.body.as_deref())
        .collect();
    let body = match reached.as_slice() {
        [] => return Ok(()),
        [one] if is_one => one.to_vec(),
        several => [b"[".as_slice(), &several.join(b",".as_slice()), b"]"].concat(),
    };
    match show_bytes(&body, true, shown, context.ui.stdout()) {
        Err(e) if !is_closed_pipe(&e) => Err(e),
        _ => Ok(()),
    }
}
