//! `-p eu,us`, `-p 'prod-*'`: one command for several profiles at once, its responses merged.
//!
//! Each profile runs the command as it is, on a thread of its own, with streams of its own: what it
//! prints is spooled until its turn, what it reports is one line. Only the main thread prints.
//! Knows which commands go to several profiles; how responses are merged is `output::merge`'s.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::cli::{
    CallArgs, DoctorArgs, ErrorBodyArg, EventsArgs, OutputArgs, QueryArgs, ShowFormat, WhoamiArgs,
};
use crate::env::Env;
use crate::error::{self, Exit, Failure};
use crate::files::Spool;
use crate::flow::fanout::{self, Event, Reporter};
use crate::output::merge::{self, Merge};
use crate::output::{Format, Lines, Shown};
use crate::profile::{self as profiles, Config, Overrides, Profile};
use crate::request::Plan;
use crate::service::{self, macrometa::query};
use crate::ui::{Ui, Voice};

use super::response::{self, named};
use super::{Context, call, doctor, events, formats, gate, query as queries, whoami};

/// The profiles that a list of names or a pattern stands for, in the order of the list, and in that
/// of the config below a pattern. `None` where one profile is named, or none.
pub fn wanted(flag: Option<&str>, context: &Context<'_>) -> Result<Option<Vec<String>>, Failure> {
    let Some(text) = profiles::select::named(flag, context.env)? else {
        return Ok(None);
    };
    if !text.contains([',', '*', '?']) {
        return Ok(None);
    }
    let config = Config::load(&context.config_file()?)?;
    let mut names: Vec<String> = Vec::new();
    for part in text.split(',').map(str::trim) {
        if part.is_empty() {
            return Err(Failure::usage("`-p`: a name in the list is empty")
                .hint("`-p eu,us` names two profiles, `-p 'prod-*'` those that match"));
        }
        let found = if part.contains(['*', '?']) {
            config.matching(part)
        } else {
            config.known(part)?;
            vec![part]
        };
        if found.is_empty() {
            let known: Vec<&str> = config.names().collect();
            return Err(Failure::config(format!("no profile matches `{part}`"))
                .hint(format!("existing profiles: {}", known.join(", "))));
        }
        for name in found {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    Ok(Some(names))
}

/// Sends a call to several profiles.
pub fn call(
    method: &str,
    args: &CallArgs,
    names: Vec<String>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    check(&args.output)?;
    if args.download.is_wanted() || args.download.continues {
        return Err(Failure::usage("a download is of one profile").into());
    }
    let is_stdin = |item: &String| item.ends_with("@-") || item.ends_with("@=-");
    if args.items.iter().any(is_stdin) || matches!(args.request.body.as_deref(), Some("-" | "@-")) {
        return Err(
            Failure::usage("standard input is read once, and there are several profiles")
                .hint("save it to a file, and name that: `@FILE`")
                .into(),
        );
    }
    let changes = !matches!(method, "GET" | "HEAD" | "OPTIONS");
    if changes && !args.request.all {
        return Err(needs_all(&format!("{method} {}", args.path), &names).into());
    }
    let with = |args: &CallArgs, name: &str| CallArgs {
        profile: Some(name.to_owned()),
        ..args.clone()
    };
    if args.request.dry_run || args.request.language.is_some() {
        for name in &names {
            call::run(method, &with(args, name), context)?;
        }
        return Ok(Exit::Success);
    }
    let overrides = |name: &str| Overrides {
        path: Some(args.path.clone()),
        ..args.connect.overrides(Some(name))
    };
    if changes && !args.request.yes {
        let selected = names.iter().map(|name| overrides(name));
        let env = context.env;
        let plan = |profile: &Profile| call::plan(method, args, profile, env);
        confirm(&names, selected, plan, context)?;
    }
    let first = selected(&overrides(&names[0]), context);
    let mut shown = Shown {
        most: args.paging.max_items,
        ..formats::shown(&args.output, context)?
    };
    if let Some(profile) = &first {
        shown.end_within(profile.settings.timeout);
        if let Ok(plan) = Plan::get(&args.path, profile.place()) {
            let op = args.request.op.as_deref();
            shown.tabular.known = service::columns(profile.service(), plan.url.path(), op);
        }
    }
    let mut each = CallArgs {
        output: plain(&args.output),
        ..args.clone()
    };
    each.request.yes = true;
    let method = method.to_owned();
    let work = move |name: &str, context: &mut Context<'_>| {
        call::run(&method, &with(&each, name), context)
    };
    run(names, work, shown, None, context)
}

/// Asks several profiles whose keys they have.
pub fn whoami(
    args: &WhoamiArgs,
    names: Vec<String>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    check(&args.output)?;
    let shown = formats::shown(&args.output, context)?;
    let each = WhoamiArgs {
        output: plain(&args.output),
        ..args.clone()
    };
    let work = move |name: &str, context: &mut Context<'_>| {
        let args = WhoamiArgs {
            profile: Some(name.to_owned()),
            ..each.clone()
        };
        whoami::run(&args, context)
    };
    run(names, work, shown, None, context)
}

/// Runs a query on several profiles.
pub fn query(
    args: &QueryArgs,
    names: Vec<String>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    check(&args.output)?;
    // It may be standard input, which is read once.
    let text = queries::text(args, context.env)?;
    let mut each = QueryArgs {
        output: plain(&args.output),
        ..args.clone()
    };
    let how = &args.how;
    let changes = !how.explain && !how.validate && text.as_deref().is_none_or(query::changes);
    if let Some(text) = text {
        each.query = Some(text);
        each.how.file = None;
    }
    if changes && !how.all {
        return Err(needs_all("the query", &names).into());
    }
    let with = |args: &QueryArgs, name: &str| QueryArgs {
        profile: Some(name.to_owned()),
        ..args.clone()
    };
    if how.dry_run || how.language.is_some() {
        for name in &names {
            queries::run(&with(&each, name), context)?;
        }
        return Ok(Exit::Success);
    }
    if changes && !how.yes {
        let selected = names.iter().map(|name| args.connect.overrides(Some(name)));
        let (text, env) = (each.query.as_deref(), context.env);
        let plan = |profile: &Profile| queries::plan(&each, text, profile, env);
        confirm(&names, selected, plan, context)?;
    }
    each.how.yes = true;
    let shown = Shown {
        most: how.max_items,
        ..formats::shown(&args.output, context)?
    };
    let work =
        move |name: &str, context: &mut Context<'_>| queries::run(&with(&each, name), context);
    run(names, work, shown, None, context)
}

/// Lists the events of several profiles.
pub fn events(
    args: &EventsArgs,
    names: Vec<String>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    check(&args.output)?;
    if args.select.follow {
        return Err(Failure::usage("`--follow` follows the events of one profile").into());
    }
    let mut shown = formats::shown(&args.output, context)?;
    if shown.format.is_none() && shown.filter.is_none() && !shown.each {
        shown.format = Some(Format::Table);
    }
    if let Some(profile) = selected(&args.connect.overrides(Some(&names[0])), context)
        && let Ok(plan) = Plan::get("/events/", profile.place())
    {
        shown.tabular.known = service::columns(profile.service(), plan.url.path(), Some("query"));
    }
    let each = EventsArgs {
        output: OutputArgs {
            output: Some(Format::Json),
            ..plain(&args.output)
        },
        ..args.clone()
    };
    let work = move |name: &str, context: &mut Context<'_>| {
        let args = EventsArgs {
            profile: Some(name.to_owned()),
            ..each.clone()
        };
        events::run(&args, context)
    };
    run(names, work, shown, None, context)
}

/// Looks at several profiles: a row each, or the checks of all as JSON.
pub fn doctor(
    args: &DoctorArgs,
    names: Vec<String>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let is_text = args.output == ShowFormat::Text;
    let format = if is_text { Format::Table } else { Format::Json };
    let output = OutputArgs {
        output: Some(format),
        ..OutputArgs::default()
    };
    let shown = formats::shown(&output, context)?;
    let each = DoctorArgs {
        output: ShowFormat::Json,
        ..args.clone()
    };
    let work = move |name: &str, context: &mut Context<'_>| {
        let args = DoctorArgs {
            profile: Some(name.to_owned()),
            ..each.clone()
        };
        doctor::run(&args, context)
    };
    run(names, work, shown, Some(Checks { is_text }), context)
}

/// What a doctor's list of checks becomes.
#[derive(Clone, Copy)]
struct Checks {
    /// One row, and not the list.
    is_text: bool,
}

impl Checks {
    /// The list or the row, and what failed first.
    fn judge(self, list: &Value) -> (Option<Value>, Option<String>) {
        let checks = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
        let of = |status: &str| checks.iter().find(|check| check["status"] == status);
        let said = |check: &Value| format!("{}: {}", text(check, "check"), text(check, "detail"));
        let failed = of("fail").map(said);
        if !self.is_text {
            return (None, failed);
        }
        let mut row: Map<String, Value> = checks
            .iter()
            .map(|check| (text(check, "check"), check["status"].clone()))
            .collect();
        let problem = failed.clone().or_else(|| of("warn").map(said));
        row.insert("problem".to_owned(), problem.into());
        (Some(Value::Array(vec![row.into()])), failed)
    }
}

/// What came of a profile.
struct Done {
    spool: Spool,
    exit: Exit,
    is_json: bool,
}

/// Does the work for each profile and prints what comes, merged in their order.
fn run(
    names: Vec<String>,
    work: impl Fn(&str, &mut Context<'_>) -> anyhow::Result<Exit> + Send + Sync + 'static,
    shown: Shown,
    checks: Option<Checks>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let shown = labeled(shown);
    // A server may know the key of another.
    for name in &names {
        let overrides = Overrides {
            profile: Some(name.clone()),
            ..Overrides::default()
        };
        if let Some(profile) = selected(&overrides, context) {
            context.ui.masks().merge(&profile.masks(context.env));
            context.mask_typed(&profile);
        }
    }
    let env = context.env.clone();
    let of_threads = Arc::new(names);
    let names = Arc::clone(&of_threads);
    let (stdout, mut voice) = context.ui.apart();
    let mut out = Lines::new(stdout);
    let mut failed = false;
    let mut merge = Merge::new(&shown, &mut out);
    let mut waiting: Vec<Option<Done>> = names.iter().map(|_| None).collect();
    let mut next = 0;
    let mut seen = HashSet::new();
    let printed = fanout::each(
        names.len(),
        move |at, reporter| one(&of_threads[at], &env, reporter, &work),
        &mut |event| {
            let (at, done) = match event {
                Event::Said(line) => {
                    say(&line, &mut seen, &mut voice);
                    return Ok(());
                }
                Event::Done(at, done) => (at, done),
            };
            waiting[at] = Some(done);
            while let Some(done) = waiting.get_mut(next).and_then(Option::take) {
                failed |= done.exit != Exit::Success;
                add(&mut merge, &names[next], &done, checks, &mut voice)?;
                next += 1;
            }
            Ok(())
        },
    );
    let report = printed.and_then(|()| merge.finish());
    drop(merge);
    if shown.is_terminal {
        // Where this fails, so has the printing.
        let _ = out.end_line();
    }
    let earned = if failed { Exit::Partial } else { Exit::Success };
    let label = names.join(",");
    let result = report.map(
        |report| match formats::reported(&report, &label, &mut voice) {
            Exit::Success => earned,
            _ if failed => Exit::Partial,
            lacking => lacking,
        },
    );
    let result = result.map_err(|e| named(e, &label));
    response::judged(result, earned, &label)
}

/// Adds what came of a profile to what is printed.
fn add(
    merge: &mut Merge<'_>,
    name: &str,
    done: &Done,
    checks: Option<Checks>,
    voice: &mut Voice<'_>,
) -> anyhow::Result<()> {
    let mut body = done.spool.read()?;
    let Some(checks) = checks else {
        // Of a part that failed the rest is there.
        if matches!(done.exit, Exit::Success | Exit::Partial) {
            merge.add(name, &mut body, done.is_json)?;
        }
        return Ok(());
    };
    let Ok(mut list) = serde_json::from_reader(&mut body) else {
        return Ok(());
    };
    voice.masks().apply_json(&mut list);
    let (row, failed) = checks.judge(&list);
    if let Some(failed) = failed {
        voice.say(&format!("apicall: {name}: {failed}"));
    }
    let body = row.unwrap_or(list).to_string();
    merge.add(name, &mut body.as_bytes(), true)
}

/// Runs the command for one profile.
fn one(
    name: &str,
    env: &Env,
    reporter: &Reporter<Done>,
    work: &(impl Fn(&str, &mut Context<'_>) -> anyhow::Result<Exit> + ?Sized),
) -> Done {
    let spool = Shared::default();
    let said = Said(reporter.clone(), Vec::new());
    let mut ui = Ui::of_one(Box::new(spool.clone()), Box::new(said));
    let result = work(name, &mut Context { env, ui: &mut ui });
    let mut exit = result.unwrap_or_else(|error| {
        ui.error(&error);
        error::exit_of(&error)
    });
    let spool = std::mem::take(&mut *spool.0.lock().unwrap_or_else(PoisonError::into_inner));
    let is_json = match spool.read().and_then(|mut body| merge::is_json(&mut body)) {
        Ok(is_json) => is_json,
        Err(e) => {
            ui.error(&anyhow::Error::from(e).context(format!("{name}: temporary file")));
            exit = Exit::Other;
            false
        }
    };
    Done {
        spool,
        exit,
        is_json,
    }
}

/// A line of a profile's; a warning that several have is said once.
fn say(line: &[u8], seen: &mut HashSet<Vec<u8>>, voice: &mut Voice<'_>) {
    let is_warning = line.starts_with(b"apicall: warning: ");
    if !is_warning || seen.insert(line.to_vec()) {
        let _ = voice.masked().write_all(line);
    }
}

/// What a thread writes to its standard output.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Spool>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut spool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spool.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a thread writes to its stderr, reported line by line.
struct Said(Reporter<Done>, Vec<u8>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.extend_from_slice(bytes);
        while let Some(end) = memchr::memchr(b'\n', &self.1) {
            let rest = self.1.split_off(end + 1);
            self.0.say(std::mem::replace(&mut self.1, rest));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Refuses what is of one response.
fn check(output: &OutputArgs) -> Result<(), Failure> {
    if output.include {
        return Err(Failure::usage(
            "`-i` prints the headers of one response, and there are several",
        )
        .hint("`-v` reports those of each on stderr"));
    }
    if output.output == Some(Format::Raw) {
        return Err(Failure::usage(
            "`-o raw` prints one response as it is, and several are merged",
        )
        .hint("`-o compact` or `-o ndjson` change nothing inside the elements"));
    }
    Ok(())
}

/// How each profile prints its response, which is merged: whole, and an error in one line.
fn plain(output: &OutputArgs) -> OutputArgs {
    OutputArgs {
        verbose: output.verbose,
        error_body: ErrorBodyArg::None,
        ..OutputArgs::default()
    }
}

/// Puts the profile into the columns that were asked for, and into those that are known.
fn labeled(mut shown: Shown) -> Shown {
    shown.tabular.leads = Some(merge::MEMBER);
    if let Some(columns) = &mut shown.tabular.columns
        && !columns.iter().any(|column| column.name == merge::MEMBER)
    {
        let column = crate::output::columns::Column::known(merge::MEMBER);
        columns.insert(0, column);
    }
    shown
}

fn needs_all(what: &str, names: &[String]) -> Failure {
    Failure::usage(format!(
        "{what} may change something, and `-p` names several profiles: {}",
        names.join(", ")
    ))
    .hint("`--all` sends it to each of them")
}

/// A profile, where it can be had; what is wrong with it is reported when it is used.
fn selected(overrides: &Overrides, context: &Context<'_>) -> Option<Profile> {
    let config = || Config::load(&context.config_file()?);
    profiles::select(overrides, context.env, config).ok()
}

/// Asks once where some of the profiles are protected, with what the first of them would get.
fn confirm(
    names: &[String],
    overrides: impl Iterator<Item = Overrides>,
    plan: impl Fn(&Profile) -> anyhow::Result<Plan>,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let mut protected = Vec::new();
    for overrides in overrides {
        if let Some(profile) = selected(&overrides, context) {
            context.ui.masks().merge(&profile.masks(context.env));
            if profile.protected {
                protected.push(profile);
            }
        }
    }
    let Some(first) = protected.first() else {
        return Ok(());
    };
    let labels: Vec<&str> = protected.iter().map(Profile::label).collect();
    let is = if labels.len() == 1 { "is" } else { "are" };
    let which = format!("{} {is} protected", labels.join(", "));
    if !context.ui.can_ask() {
        return Err(Failure::usage(which)
            .hint("`--yes` sends a call that changes something")
            .into());
    }
    let sent = gate::sentence(&plan(first)?, first);
    let question = format!("{which}. {sent}, to {}?", names.join(", "));
    if context.ui.confirm(&question)? {
        return Ok(());
    }
    Err(Failure::usage("not sent").into())
}
