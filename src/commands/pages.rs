//! Prints all pages of a list as one response (`--paginate`).
//!
//! `flow::page` fetches; a list that breaks off is left open on stdout, so that it is not taken for
//! complete.

use std::time::Instant;

use crate::cli::{ErrorBodyArg, OutputArgs, PagingArgs};
use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::flow::page::{self, Ahead, Page, PageEvent, Pages, Run};
use crate::output::pipeline::{Pipeline, Source};
use crate::output::{self, Format, Lines, amounts};
use crate::request::Plan;
use crate::secret::masked_bytes;
use crate::service::Service;
use crate::service::macrometa::query;
use crate::service::page::{Tail, Way};
use crate::session::{CallError, Cause, Notice};
use crate::ui::Voice;

use super::response::{Exchange, judged, named, print, print_head};
use super::{Context, formats};

/// Refuses a format that pages cannot be joined in.
pub fn check(output: &OutputArgs) -> Result<(), Failure> {
    if output.output == Some(Format::Raw) {
        return Err(Failure::usage(
            "`-o raw` prints one response as it is, and `--paginate` joins several",
        )
        .hint("`-o compact` or `-o ndjson` change nothing inside the elements"));
    }
    Ok(())
}

/// Returns the way a call pages, where pages are wanted and the call has them; sizes its first
/// page.
pub fn way(args: &PagingArgs, plan: &mut Plan, service: Service) -> Option<Way> {
    let way = page::way(service, plan).filter(|_| args.paginate)?;
    page::size(way, plan, args.max_items);
    Some(way)
}

/// Makes a call that pages and prints all of them. A response that is no success, or no JSON, is
/// printed as that of any other call.
pub fn make(exchange: &Exchange<'_>, way: Way, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let first = First::ask(exchange, context)?;
    print_response(exchange, way, first, context)
}

/// The response with the first page.
pub struct First {
    /// The response, of any status.
    pub response: Response,
    started: Instant,
    /// When all pages have to be there.
    deadline: Option<Instant>,
    /// Frees what the server keeps for the next page where a signal comes before the first.
    ahead: Option<Ahead>,
    /// What is noted where the list has no elements.
    pub where_empty: Option<String>,
}

impl First {
    /// Asks for it.
    pub fn ask(exchange: &Exchange<'_>, context: &mut Context<'_>) -> anyhow::Result<Self> {
        let Exchange { session, plan, .. } = *exchange;
        let started = Instant::now();
        let deadline = session.deadline();
        let limits = Limits {
            deadline,
            ..Limits::default()
        };
        let way = page::way(session.profile.service(), plan);
        let ahead = way.map(|way| Ahead::of(way, session)).transpose()?;
        let response = session.send(plan, &limits, &mut context.ui.hear())?;
        Ok(Self {
            response,
            started,
            deadline,
            ahead,
            where_empty: None,
        })
    }
}

/// Prints a response and all pages after it.
pub fn print_response(
    exchange: &Exchange<'_>,
    way: Way,
    first: First,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let started = first.started;
    let head = &first.response.head;
    let times = first.response.times;
    let is_list = head.is_json() && Exit::of_status(head.status) == Exit::Success;
    let result = if is_list {
        let shown = exchange.shown();
        let exchange = Exchange {
            shown: &shown,
            ..*exchange
        };
        let result = print_all(&exchange, way, first, context);
        judged(result, Exit::Success, &exchange.label())
    } else {
        print(exchange, first.response, context)
    };
    if exchange.output.verbose > 0 {
        context.ui.notice(&Notice::timing(times, started));
    }
    result
}

fn print_all(
    exchange: &Exchange<'_>,
    way: Way,
    first: First,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let Exchange {
        session,
        output,
        shown,
        ..
    } = *exchange;
    let label = exchange.label();
    print_head(exchange, &first.response, context)?;
    let run = Run {
        session: session.clone(),
        most: shown.most,
        deadline: first.deadline,
    };
    let ahead = match first.ahead {
        Some(ahead) => ahead,
        None => Ahead::of(way, session)?,
    };
    let mut pages = ahead.start(run, exchange.plan.clone(), first.response)?;
    let (stdout, mut voice) = context.ui.apart();
    let mut out = Lines::new(stdout);
    let result = print_pages(&mut pages, exchange, &mut out, &mut voice);
    if shown.is_terminal {
        // Where this fails, so has the printing.
        let _ = out.end_line();
    }
    if let Some(how) = pages.close()
        && output.verbose > 0
    {
        voice.say(&format!("* {how}"));
    }
    if let (Ok(printed), Some(note)) = (&result, first.where_empty)
        && printed.items == 0
        && printed.broken.is_none()
    {
        voice.say(&format!("apicall: note: {label}: {note}"));
    }
    end(result, &label, output, context)
}

/// What came of printing a list.
#[derive(Debug)]
pub(super) struct Printed {
    /// What broke it off.
    pub broken: Option<CallError>,
    /// The number of its elements.
    pub items: u64,
    /// The code that the output earns where nothing broke it off.
    pub earned: Exit,
}

/// Reports what broke a list, where something did, and behind how many elements; gives the exit
/// code.
pub(super) fn end(
    result: anyhow::Result<Printed>,
    label: &str,
    output: &OutputArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    // A filter that fails does so on our side; the call is named as in any other error.
    let printed = result.map_err(|e| named(e, label))?;
    let Some(broken) = printed.broken else {
        return Ok(printed.earned);
    };
    let failure = page::broken_after(printed.items, &broken);
    let exit = failure.exit;
    context.ui.error(&failure.into());
    // What is on stdout is part of a list: no other text may follow it there.
    if output.error_body != ErrorBodyArg::None
        && let Some(body) = broken
            .refused()
            .and_then(|failed| failed.body_for_stderr(output.verbose))
    {
        context.ui.text(&body);
    }
    Ok(exit)
}

/// Prints pages until their end, or until the list breaks off: then the output is left open, so
/// that nobody takes it for whole, and what broke it is given.
pub(super) fn print_pages(
    pages: &mut Pages,
    exchange: &Exchange<'_>,
    out: &mut Lines<'_>,
    voice: &mut Voice<'_>,
) -> anyhow::Result<Printed> {
    let broken = |broken, items| Printed {
        broken: Some(broken),
        items,
        earned: Exit::Success,
    };
    let Exchange { output, shown, .. } = *exchange;
    let label = &exchange.label();
    let mut pipeline = Pipeline::new(Source::Pages, shown, out);
    let mut items = 0;
    let mut besides = Besides::default();
    for event in pages {
        match event {
            PageEvent::Notice(notice) => voice.notice(&notice),
            PageEvent::Page(page) => {
                report_page(&page, output.verbose, voice);
                besides.note(&page.tail, label, voice);
                match shown.signatures {
                    Some(_) => pipeline.write(&masked_bytes(&page.bytes))?,
                    None => pipeline.write(&page.bytes)?,
                }
                pipeline.end_text()?;
                pipeline.flush()?;
                items += page.items;
            }
            PageEvent::Failed(failed) => {
                pipeline.flush()?;
                return Ok(broken(failed, items));
            }
        }
    }
    if let Some(count) = besides
        .all()
        .filter(|n| *n != items && shown.most.is_none())
    {
        pipeline.flush()?;
        let message = format!(
            "the list has ended, but the server counted {}",
            amounts::items(count)
        );
        let cause = Cause::Useless(Box::new(Failure::new(Exit::Other, message)));
        let failed = CallError::new(label.clone(), cause);
        return Ok(broken(failed, items));
    }
    pipeline.finish()?;
    besides.report(label, output.verbose, voice);
    Ok(Printed {
        broken: None,
        items,
        earned: formats::reported(&pipeline.report(), label, voice),
    })
}

/// Reports a page, for `-v`.
pub(super) fn report_page(page: &Page, verbose: u8, voice: &mut Voice<'_>) {
    if verbose > 0 {
        let items = amounts::items(page.items);
        voice.say(&format!("* page {}: {items}", page.number));
    }
    if verbose > 1 {
        output::echo(&page.bytes, &mut voice.masked());
    }
}

/// What the pages of a query report besides rows. Each page may repeat it, or only one have it.
#[derive(Default)]
struct Besides {
    warnings: Vec<String>,
    stats: Option<String>,
    counts: Vec<(&'static str, u64)>,
}

impl Besides {
    /// Notes what a page says; warnings are reported at once.
    fn note(&mut self, tail: &Tail, label: &str, voice: &mut Voice<'_>) {
        for warning in query::warnings(tail) {
            if !self.warnings.contains(&warning) {
                voice.say(&format!("apicall: warning: {label}: {warning}"));
                self.warnings.push(warning);
            }
        }
        self.stats = query::stats(tail).or(self.stats.take());
        for (name, count) in query::counts(tail) {
            self.counts.retain(|(known, _)| *known != name);
            self.counts.push((name, count));
        }
    }

    /// Returns the number of all rows, where the server gave it.
    fn all(&self) -> Option<u64> {
        let count = self.counts.iter().find(|(name, _)| *name == "count");
        count.map(|(_, count)| *count)
    }

    /// Reports what was asked for, and statistics with `-v`.
    fn report(&self, label: &str, verbose: u8, voice: &mut Voice<'_>) {
        for (name, count) in &self.counts {
            voice.say(&format!(
                "apicall: {label}: {name} {}",
                amounts::digits(*count)
            ));
        }
        if let Some(stats) = self.stats.as_ref().filter(|_| verbose > 0) {
            voice.say(&format!("* {stats}"));
        }
    }
}
