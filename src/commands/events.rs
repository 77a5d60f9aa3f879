//! `events`: lists MAAS's log oldest first, and follows it.
//!
//! The list is read by `flow::page` back from the newest event or forward from an id; following
//! asks again and again for what lies behind the last one (`flow::follow`).

mod following;
mod list;
mod log;
mod print;

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::cli::EventsArgs;
use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::flow::page::Pages;
use crate::output::{Lines, Shown};
use crate::profile::Place;
use crate::request::Plan;
use crate::request::plan::{Call, Loaded};
use crate::service::Service;
use crate::service::maas::event::{self, Filter};
use crate::service::page::Way;
use crate::session::Notice;

use super::pages::Printed;
use super::response::{self, Exchange};
use super::{Context, formats, gate, names, pages};
use following::follow_on;
use list::{Listed, Newest, Streams, forward};
use log::Log;
use print::Printer;

/// The number of events printed by default.
const USUAL: u64 = 100;

/// Prints the events that are asked for.
pub fn run(args: &EventsArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    print::check(args)?;
    let shown = print::shown(args, formats::shown(&args.output, context)?);
    let overrides = args.connect.overrides(args.profile.as_deref());
    let profile = context.select(&overrides)?;
    if let Some(shown) = &shown {
        shown.end_within(profile.settings.timeout);
    }
    profile.service().require(Service::Maas, "events")?;
    let mut filters = filters(args)?;
    // Everything that can be wrong is found before the server is asked for a name's id.
    let checked = plan(&filters, profile.place())?;
    gate::check_key(&profile, &checked, false)?;
    let session = context.session(profile, args.output.verbose)?;
    for filter in &mut filters {
        if let Filter::Named(collection, name) = filter {
            let path = format!("/{collection}/@{name}/");
            let path = names::resolve(&session, "GET", &path, context.ui)?.path;
            let id = path.trim_end_matches('/').rsplit('/').next();
            *filter = Filter::By("id", id.unwrap_or_default().to_owned());
        }
    }
    let log = Log {
        plan: plan(&filters, session.profile.place())?,
        session: &session,
        output: &args.output,
    };
    print_list(args, &log, shown, context)
}

fn filters(args: &EventsArgs) -> Result<Vec<Filter>, Failure> {
    let mut filters = Vec::new();
    for item in &args.items {
        filters.extend(event::filters(item)?);
    }
    for name in &args.select.hostname {
        filters.push(Filter::By("hostname", name.clone()));
    }
    if let Some(level) = &args.select.level {
        filters.push(Filter::By("level", level.to_ascii_uppercase()));
    }
    let levels = filters
        .iter()
        .filter(|f| matches!(f, Filter::By("level", _)));
    if levels.count() > 1 {
        return Err(Failure::usage("the level is given twice").hint("a level includes those above"));
    }
    Ok(filters)
}

fn plan(filters: &[Filter], place: Place<'_>) -> Result<Plan, Failure> {
    let items = filters
        .iter()
        .map(|filter| match filter {
            Filter::By(name, value) => Loaded::Query((*name).to_owned(), value.clone()),
            Filter::Named(_, name) => Loaded::Query("id".to_owned(), name.clone()),
        })
        .collect();
    Plan::new(
        Call {
            method: "GET".to_owned(),
            path: "/events/".to_owned(),
            op: Some("query".to_owned()),
            items,
            form: None,
            force_query: false,
            anonymous: false,
        },
        place,
    )
}

fn print_list(
    args: &EventsArgs,
    log: &Log<'_>,
    shown: Option<Shown>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let wish = &args.select;
    let after = if wish.all { Some(0) } else { wish.after };
    let wanted = match (after, wish.since) {
        (Some(_), _) | (_, Some(_)) => wish.max_items,
        (None, None) => Some(wish.max_items.unwrap_or(USUAL)),
    };
    // Where none is to be printed, the newest still says where to go on.
    let most = wanted.map(|n| n.max(1));
    let plan = match wish.before {
        Some(_) => log.newest(wish.before, most),
        None => log.plan(after, most),
    };
    let response = log
        .session
        .send(&plan, &Limits::default(), &mut context.ui.hear())?;
    let label = log.label();
    let for_error = shown.clone().unwrap_or_default();
    let exchange = Exchange {
        session: log.session,
        plan: &plan,
        output: log.output,
        shown: &for_error,
    };
    if Exit::of_status(response.head.status) != Exit::Success {
        return response::print(&exchange, response, context);
    }
    if !response.head.is_json() {
        return Err(Failure::new(Exit::Other, format!("{label}: the response is not JSON")).into());
    }
    response::print_head(&exchange, &response, context)?;
    let newest = Newest {
        most: wanted,
        since: wish
            .since
            .map(|since| server_time(&response).saturating_sub(since.as_secs())),
    };
    let times = response.times;
    let run = log::run(log.session, most);
    let pages = Pages::start(run, Way::Events, plan.clone(), response)?;
    if pages.begins_empty() {
        for name in args.items.iter().filter_map(|i| event::only_filtered(i)) {
            names::check_known(log.session, &format!("/nodes/@{name}/"), context.ui)?;
        }
    }
    let shown = shown.map(|_| exchange.shown());
    let look = print::Look::of(context);
    let (stdout, voice) = context.ui.apart();
    let mut out = Lines::new(stdout);
    let mut streams = Streams {
        printer: Printer::new(shown.as_ref(), look, &mut out),
        voice,
        verbose: log.output.verbose,
    };
    let ended = match after {
        Some(id) => forward(pages, id, wanted, &mut streams),
        None => newest.print(pages, &mut streams),
    };
    let ended = match ended {
        Ok(Listed::Complete(follow)) if wish.follow => {
            follow_on(follow, wish.interval, log, &mut streams)
        }
        Ok(Listed::Complete(_)) => streams.printer.finish().map(|()| None),
        Ok(Listed::Broken(broken)) => {
            let printed = streams.printer.flush();
            printed.map(|()| Some(broken))
        }
        Err(e) => Err(e),
    };
    let report = streams.printer.report();
    let earned = formats::reported(&report, &label, &mut streams.voice);
    let ended = ended.map(|broken| Printed {
        broken,
        items: streams.printer.count,
        earned,
    });
    drop(streams);
    if look.is_terminal {
        // Where this fails, so has the printing.
        let _ = out.end_line();
    }
    let result = pages::end(ended, &label, log.output, context);
    let result = response::judged(result, Exit::Success, &label);
    if log.output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    result
}

/// Returns the time in seconds since 1970 as the server has it, whose events it is compared with.
fn server_time(response: &Response) -> u64 {
    let date = response.head.header("date");
    let time = date.and_then(|date| httpdate::parse_http_date(date).ok());
    let time = time.unwrap_or_else(SystemTime::now);
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}
