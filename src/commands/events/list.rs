//! A list of events that ends: the newest ones, or those behind an id.

use std::time::Instant;

use crate::commands::pages::report_page;
use crate::flow::follow::Follow;
use crate::flow::page::{Page, PageEvent, Pages};
use crate::session::{CallError, Notice};
use crate::ui::Voice;

use super::print::{LogEvent, Printer, split};

/// Where events and the reports of their pages go.
pub struct Streams<'a, 'v> {
    /// Events, on stdout.
    pub printer: Printer<'a>,
    /// Reports, on stderr.
    pub voice: Voice<'v>,
    /// How much is reported, as `-v` counts it.
    pub verbose: u8,
}

impl Streams<'_, '_> {
    /// Reports a notice.
    pub fn notice(&mut self, notice: &Notice) {
        self.voice.notice(notice);
    }

    /// Reports a page, for `-v`.
    pub fn page(&mut self, page: &Page) {
        report_page(page, self.verbose, &mut self.voice);
    }
}

/// What came of a list.
pub enum Listed {
    /// All of it was printed; what was seen of it.
    Complete(Follow),
    /// It broke off.
    Broken(CallError),
}

/// The newest events, of which pages have the newest first.
pub struct Newest {
    /// So many at most.
    pub most: Option<u64>,
    /// None from before this time, in seconds since 1970.
    pub since: Option<u64>,
}

impl Newest {
    /// Prints them, the oldest first.
    pub fn print(self, pages: Pages, streams: &mut Streams<'_, '_>) -> anyhow::Result<Listed> {
        let mut events: Vec<LogEvent> = Vec::new();
        for step in pages {
            match step {
                PageEvent::Notice(notice) => streams.notice(&notice),
                PageEvent::Page(page) => {
                    streams.page(&page);
                    let mut older = split(&page.bytes)?;
                    let is_enough = older.iter().any(|event| self.is_before(event));
                    older.append(&mut events);
                    events = older;
                    if is_enough {
                        break;
                    }
                }
                // Older events are missing, and the oldest are printed first: nothing can be.
                PageEvent::Failed(broken) => return Ok(Listed::Broken(broken)),
            }
        }
        let last = events.last().and_then(|event| event.id);
        events.retain(|event| !self.is_before(event));
        let most = self.most.unwrap_or(u64::MAX);
        if let (true, Some(last)) = (events.is_empty(), last) {
            // Whoever follows begins behind the newest, however old that is.
            return Ok(Listed::Complete(Follow::behind(last)));
        }
        print_newest(events, most, &mut streams.printer)
    }

    /// Returns whether an event is older than what is wanted; of one without a time nobody knows.
    fn is_before(&self, event: &LogEvent) -> bool {
        self.since
            .is_some_and(|since| event.logged.seconds().is_some_and(|time| time < since))
    }
}

/// Prints the last ones of a list.
fn print_newest(
    mut events: Vec<LogEvent>,
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
    Ok(Listed::Complete(follow))
}

/// Prints what lies behind an id, page by page.
pub fn forward(
    pages: Pages,
    id: u64,
    most: Option<u64>,
    streams: &mut Streams<'_, '_>,
) -> anyhow::Result<Listed> {
    let mut follow = Follow::behind(id);
    let mut left = most.unwrap_or(u64::MAX);
    for step in pages {
        match step {
            PageEvent::Notice(notice) => streams.notice(&notice),
            PageEvent::Page(page) => {
                streams.page(&page);
                let mut events = new_ones(&mut follow, split(&page.bytes)?);
                events.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                left -= events.len() as u64;
                streams.printer.print(events)?;
            }
            PageEvent::Failed(broken) => return Ok(Listed::Broken(broken)),
        }
    }
    Ok(Listed::Complete(follow))
}

fn ids(events: &[LogEvent]) -> Vec<Option<u64>> {
    events.iter().map(|event| event.id).collect()
}

/// Returns the events of a page that were not seen before.
pub fn new_ones(follow: &mut Follow, events: Vec<LogEvent>) -> Vec<LogEvent> {
    let is_new = follow.note(&ids(&events), Instant::now());
    let new = events.into_iter().zip(is_new).filter(|(_, new)| *new);
    new.map(|(event, _)| event).collect()
}
