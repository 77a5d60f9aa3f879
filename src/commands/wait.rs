//! Runs `wait`: waits until a state is reached, or has failed.
//!
//! `flow::wait` looks; this file reads the arguments, prints and picks the exit code.

pub mod after;
mod failed;
mod machines;
mod paths;
mod report;

use std::time::{Duration, Instant};

use crate::cli::{OutputArgs, WaitArgs};
use crate::error::{Exit, Failure, is_closed_pipe};
use crate::flow::wait::{Look, Stopped, Task, Verdict, Wait};
use crate::output::{Filter, Format, Shown, show_bytes};
use crate::profile::{Profile, setting};
use crate::request::Plan;
use crate::session::Session;

use super::gate::key_cure;
use super::response::{Exchange, named, print_failure, shown_of};
use super::{Context, formats};

use paths::Paths;
use report::Report;

/// A wait without a limit of its own ends after this; commissioning with long tests takes an hour.
const LONGEST: Duration = Duration::from_secs(2 * 3600);

/// A wait, and how its end is reported and printed.
struct Job<'a> {
    task: Task,
    /// Whether one object is printed, and not a list.
    is_one: bool,
    /// What the state is called in messages.
    what: String,
    /// How long it may take, from the beginning of the command.
    limit: Duration,
    /// Whether what got there is printed.
    prints: bool,
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
        if !profile.service().has_machines() {
            return Err(Failure::usage(
                "`--for` is for the machines of a MAAS; this profile is Macrometa's",
            )
            .hint("`wait PATH --until EXPR` waits for anything")
            .into());
        }
        let machines = machines::read(&args.what)?;
        if machines.is_empty() {
            context.ui.say(
                "apicall: note: standard input names no machine: there is nothing to wait for",
            );
            return Ok(Exit::Success);
        }
        let is_one = matches!(args.what.as_slice(), [one] if one != "-");
        let session = open(profile, args.output.verbose, context)?;
        let ids = machines::resolve(&session, &machines, context.ui)?;
        let job = Job {
            task: Task {
                look: Look::machines(goal),
                things: ids.into_iter().map(|id| (id, String::new())).collect(),
                interval: args.interval,
                deadline,
                trusts: false,
            },
            is_one,
            what: goal.name().to_owned(),
            limit,
            prints: true,
            output: &args.output,
            shown: &shown,
        };
        return make(&session, job, context);
    }
    let filter = |flag: &str, text: &str| {
        let filter = Filter::compile(flag, text, &[], &[], context.env)?;
        filter.end_within(Some(limit));
        formats::speak(&filter, context.ui);
        Ok::<_, Failure>(Box::new(filter))
    };
    let until = filter("--until", args.until.as_deref().unwrap_or_default())?;
    let fail_on = args
        .fail_on
        .as_deref()
        .map(|text| filter("--fail-on", text));
    let fail_on = fail_on.transpose()?;
    let paths = Paths::read(args, &profile, context)?;
    if paths.is_empty() {
        context
            .ui
            .say("apicall: note: standard input names no path: there is nothing to wait for");
        return Ok(Exit::Success);
    }
    let session = open(profile, args.output.verbose, context)?;
    let (plans, things): (Vec<_>, Vec<_>) = paths.plans(&session, context)?.into_iter().unzip();
    for plan in &plans {
        context.mask_sent(plan);
    }
    let job = Job {
        is_one: things.len() == 1 && !args.what.iter().any(|word| word == "-"),
        task: Task {
            look: Look::Paths {
                plans,
                until,
                fail_on,
            },
            things,
            interval: args.interval,
            deadline,
            trusts: false,
        },
        what: "as `--until` says".to_owned(),
        limit,
        prints: true,
        output: &args.output,
        shown: &shown,
    };
    make(&session, job, context)
}

/// How objects are shown, where that fits a wait.
fn shown(output: &OutputArgs, context: &mut Context<'_>) -> Result<Shown, Failure> {
    if output.include {
        return Err(Failure::usage("`-i`: a wait has no headers of its own")
            .hint("`-v` prints those of each call on stderr"));
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
                .hint(key_cure(&profile))
                .into(),
        );
    }
    context.session(profile, verbose)
}

fn make(session: &Session, job: Job<'_>, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let Job { output, shown, .. } = job;
    let mut report = Report::begin(session.profile.label(), &job.what, output, shown);
    let mut wait = Wait::new(session, job.task);
    let stopped = loop {
        let next = wait.next(&mut context.ui.hear());
        match next {
            Ok(Some(event)) => match report.event(&event, &wait, context) {
                // Whoever reads the changes has seen enough.
                Err(e) if is_closed_pipe(&e) => return Ok(Exit::Success),
                reported => reported?,
            },
            Ok(None) => break None,
            Err(stopped) => break Some(stopped),
        }
    };
    drop(report);
    let mut earned = Exit::Success;
    if job.prints && shown.format != Some(Format::Ndjson) {
        let mut shown = shown.clone();
        if wait.is_of_machines()
            && let Ok(plan) = Plan::get("/machines/", session.profile.place())
        {
            shown = shown_of(session, &plan, &shown);
        }
        let label = session.profile.label();
        earned = print(&wait, label, job.is_one, &shown, context)?;
    }
    let failed = failed::report(session, &wait, context);
    match stopped {
        None if failed > 0 => Ok(Exit::WaitFailed),
        None => Ok(earned),
        Some(Stopped::TimedOut) => {
            context
                .ui
                .error(&report::timed_out(session, &wait, job.limit, &job.what).into());
            // Something that has failed is worse than something that takes long.
            Ok(if failed > 0 {
                Exit::WaitFailed
            } else {
                Exit::TimedOut
            })
        }
        Some(Stopped::Broken(error)) => Err(error.into()),
        Some(Stopped::Useless(error)) => Err(named(error, session.profile.label())),
        Some(Stopped::Refused(response, plan)) => {
            let exchange = Exchange {
                session,
                plan: &plan,
                output,
                shown,
            };
            print_failure(&exchange, *response, context)
        }
    }
}

/// Prints those that got there; gives the code that the output earns.
fn print(
    wait: &Wait<'_>,
    label: &str,
    is_one: bool,
    shown: &Shown,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let reached: Vec<&[u8]> = wait
        .things()
        .iter()
        .filter(|thing| thing.verdict == Verdict::Reached)
        .filter_map(|thing| thing.body.as_deref())
        .collect();
    let body = match reached.as_slice() {
        [] => return Ok(Exit::Success),
        [one] if is_one => one.to_vec(),
        several => [b"[".as_slice(), &several.join(b",".as_slice()), b"]"].concat(),
    };
    match show_bytes(&body, true, shown, context.ui.body()) {
        Err(e) if is_closed_pipe(&e) => Ok(Exit::Success),
        Err(e) => Err(e),
        Ok(report) => Ok(formats::reported(&report, label, &mut context.ui.apart().1)),
    }
}
