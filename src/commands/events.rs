//! `events`: lists MAAS's log oldest first, and follows it.
//!
//! The list is read by `flow::page` back from the newest event or forward from an id; following
//! asks again and again for what lies behind the last one (`flow::follow`).

mod following;
mod log;
mod print;

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::cli::{EventsArgs, OutputArgs};
use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::flow::follow::Follow;
use crate::flow::page::{Event as Step, Pages};
use crate::output::{Lines, Shown};
use crate::request::Plan;
use crate::request::plan::{Call, Loaded, Place};
use crate::service::Service;
use crate::service::maas::event::{self, Filter};
use crate::service::page::Way;
use crate::session::CallError;
use crate::session::Notice;
use crate::ui::Voice;

use super::{Context, call, formats, names, pages};
use following::follow_on;
use log::Log;
use print::{Event, Printer, split};

/// So many are printed where nothing else is said.
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
    call::check_key(&profile, &checked, false)?;
    let session = context.session(profile, args.output.verbose)?;
    for filter in &mut filters {
        if let Filter::Address(address) = filter {
            let path = names::resolve(&session, &format!("/machines/@{address}/"), context.ui)?;
            let id = path.trim_end_matches('/').rsplit('/').next();
            *filter = Filter::By("id", id.unwrap_or_default().to_owned());
        }
    }
    let log = Log {
        plan: plan(&filters, session.profile.place())?,
        session: &session,
        output: &args.output,
    };
    list(args, &log, shown, context)
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
            Filter::Address(address) => Loaded::Query("id".to_owned(), address.clone()),
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

fn list(
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
    let told = log.label();
    if Exit::of_status(response.head.status) != Exit::Success {
        let shown = shown.unwrap_or_default();
        return call::print(log.session, &plan, response, log.output, &shown, context);
    }
    if !response.head.is_json() {
        return Err(Failure::new(Exit::Other, format!("{told}: the response is no JSON")).into());
    }
    call::print_head(&plan, &response, log.output, context)?;
    let newest = Newest {
        most: wanted,
        since: wish
            .since
            .map(|since| server_time(&response).saturating_sub(since.as_secs())),
    };
    let times = response.times;
    let run = log::run(log.session, most);
    let pages = Pages::start(run, Way::Events, plan.clone(), response)?;
    let shown = shown.map(|shown| call::shown_of(Service::Maas, &plan, &shown));
    let look = print::Look::of(context);
    let (stdout, mut voice) = context.ui.apart();
    let mut out = Lines::new(stdout);
    let mut printer = Printer::new(shown.as_ref(), look, &mut out);
    let ended = match after {
        Some(id) => forward(pages, id, wanted, &mut printer, log.output, &mut voice),
        None => newest.print(pages, &mut printer, log.output, &mut voice),
    };
    let ended = match ended {
        Ok(Listed::Whole(follow)) if wish.follow => {
            follow_on(follow, wish.interval, log, &mut printer, &mut voice)
        }
        Ok(Listed::Whole(_)) => printer.finish().map(|()| None),
        Ok(Listed::Broken(broken)) => printer.flush().map(|()| Some((broken, printer.count))),
        Err(e) => Err(e),
    };
    let notes = printer.notes();
    drop(printer);
    for note in notes {
        voice.say(&format!("apicall: warning: {told}: {note}"));
    }
    if look.is_terminal {
        // Where this fails, so has the printing.
        let _ = out.end_line();
    }
    let result = pages::end(ended, &told, log.output, context);
    let result = call::judged(result, Exit::Success, &told);
    if log.output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    result
}

enum Listed {
    /// The list was printed whole; what was seen of it.
    Whole(Follow),
    /// It broke off.
    Broken(CallError),
}

/// The time in seconds since 1970 as the server has it, whose events it is compared with.
fn server_time(response: &Response) -> u64 {
    let date = response.head.header("date");
    let time = date.and_then(|date| httpdate::parse_http_date(date).ok());
    let time = time.unwrap_or_else(SystemTime::now);
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

/// The newest events, of which pages tell the newest first.
struct Newest {
    /// So many at most.
    most: Option<u64>,
    /// None from before this time, in seconds since 1970.
    since: Option<u64>,
}

impl Newest {
    fn print(
        self,
        pages: Pages,
        printer: &mut Printer<'_>,
        output: &OutputArgs,
        voice: &mut Voice<'_>,
    ) -> anyhow::Result<Listed> {
        let mut events: Vec<Event> = Vec::new();
        for step in pages {
            match step {
                Step::Notice(notice) => voice.notice(&notice),
                Step::Page(page) => {
                    pages::tell(&page, output.verbose, voice);
                    let mut older = split(&page.bytes)?;
                    let is_enough = older.iter().any(|event| self.is_before(event));
                    older.append(&mut events);
                    events = older;
                    if is_enough {
                        break;
                    }
                }
                // Older events are missing, and the oldest are printed first: nothing can be.
                Step::Failed(broken) => return Ok(Listed::Broken(broken)),
            }
        }
        let last = events.last().and_then(|event| event.id);
        events.retain(|event| !self.is_before(event));
        let most = self.most.unwrap_or(u64::MAX);
        if let (true, Some(last)) = (events.is_empty(), last) {
            // Whoever follows begins behind the newest, however old that is.
            return Ok(Listed::Whole(Follow::behind(last)));
        }
        print_newest(events, most, printer)
    }

    /// Whether an event is older than what is wanted; of one without a time nobody knows.
    fn is_before(&self, event: &Event) -> bool {
        self.since
            .is_some_and(|since| event.told.seconds().is_some_and(|time| time < since))
    }
}

/// Prints the last ones of a list.
fn print_newest(
    mut events: Vec<Event>,
    most: u64,
    printer: &mut Printer<'_>,
) -> anyhow::Result<Listed> {
    let keep = usize::try_from(most).unwrap_or(usize::MAX);
    let behind = events.len().saturating_sub(keep.max(1));
    let first = events.get(behind).and_then(|e| e.id);
    let mut follow = Follow::behind(first.map_or(0, |id| id.saturating_sub(1)));
    follow.note(&ids(&events), Instant::now());
    events.drain(..events.len().saturating_sub(keep));
    printer.print(events)?;
    Ok(Listed::Whole(follow))
}

/// Prints what lies behind an id, page by page.
fn forward(
    pages: Pages,
    id: u64,
    most: Option<u64>,
    printer: &mut Printer<'_>,
    output: &OutputArgs,
    voice: &mut Voice<'_>,
) -> anyhow::Result<Listed> {
    let mut follow = Follow::behind(id);
    let mut left = most.unwrap_or(u64::MAX);
    for step in pages {
        match step {
            Step::Notice(notice) => voice.notice(&notice),
            Step::Page(page) => {
                pages::tell(&page, output.verbose, voice);
                let mut events = new_ones(&mut follow, split(&page.bytes)?);
                events.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                left -= events.len() as u64;
                printer.print(events)?;
            }
            Step::Failed(broken) => return Ok(Listed::Broken(broken)),
        }
    }
    Ok(Listed::Whole(follow))
}

fn ids(events: &[Event]) -> Vec<Option<u64>> {
    events.iter().map(|event| event.id).collect()
}

fn new_ones(follow: &mut Follow, events: Vec<Event>) -> Vec<Event> {
    let is_new = follow.note(&ids(&events), Instant::now());
    let new = events.into_iter().zip(is_new).filter(|(_, new)| *new);
    new.map(|(event, _)| event).collect()
}
