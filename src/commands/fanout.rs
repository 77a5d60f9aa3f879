//! `-p eu,us`, `-p 'prod-*'`: one command for several profiles at once, its responses merged.
//!
//! Knows which commands go to several profiles, and what each of them gets of the flags. `who` is
//! asked, `merged` runs the command for each and prints what comes.

mod merged;
mod who;

use crate::cli::{
    CallArgs, DoctorArgs, ErrorBodyArg, EventsArgs, OutputArgs, QueryArgs, ShowFormat, WhoamiArgs,
};
use crate::error::{Exit, Failure};
use crate::output::{Format, Shown};
use crate::profile::{Overrides, Profile};
use crate::request::Plan;
use crate::service::{self, macrometa::query};

use super::{Context, call, doctor, events, formats, query as queries, whoami};
use merged::{Checks, run};
pub use who::wanted;
use who::{confirm, needs_all, selected};

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
    if changes && !args.request.send.all {
        return Err(needs_all(&format!("{method} {}", args.path), &names).into());
    }
    let with = |args: &CallArgs, name: &str| CallArgs {
        profile: Some(name.to_owned()),
        ..args.clone()
    };
    if args.request.send.only_shows() {
        for name in &names {
            call::run(method, &with(args, name), context)?;
        }
        return Ok(Exit::Success);
    }
    let overrides = |name: &str| Overrides {
        path: Some(args.path.clone()),
        ..args.connect.overrides(Some(name))
    };
    if changes && !args.request.send.yes {
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
    each.request.send.yes = true;
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
    if changes && !how.send.all {
        return Err(needs_all("the query", &names).into());
    }
    let with = |args: &QueryArgs, name: &str| QueryArgs {
        profile: Some(name.to_owned()),
        ..args.clone()
    };
    if how.send.only_shows() {
        for name in &names {
            queries::run(&with(&each, name), context)?;
        }
        return Ok(Exit::Success);
    }
    if changes && !how.send.yes {
        let selected = names.iter().map(|name| args.connect.overrides(Some(name)));
        let (text, env) = (each.query.as_deref(), context.env);
        let plan = |profile: &Profile| queries::plan(&each, text, profile, env);
        confirm(&names, selected, plan, context)?;
    }
    each.how.send.yes = true;
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
