//! Follows the log: asks again and again for what lies behind the last event.
//!
//! `flow::follow` keeps what was seen. An outage that may pass is reported once, not fatal.

use std::time::{Duration, Instant};

use crate::error::Exit;
use crate::flow::follow::Follow;
use crate::flow::page::{PageEvent, Pages};
use crate::session::CallError;
use crate::ui;

use super::list::{Streams, new_ones};
use super::log::Log;
use super::print::split;

/// Asks for new events until a signal, an error that stays, or the end of the reader.
pub(super) fn follow_on(
    mut follow: Follow,
    interval: Duration,
    log: &Log<'_>,
    streams: &mut Streams<'_, '_>,
) -> anyhow::Result<Option<CallError>> {
    // The next poll is the repeat.
    let session = log.session.once();
    let mut is_away = false;
    loop {
        if ui::reader_leaves_within(interval) {
            return Ok(None);
        }
        let after = follow.after(Instant::now());
        let listed = match log.ask(&session, after, &mut streams.voice) {
            Ok(pages) => {
                if std::mem::take(&mut is_away) {
                    let label = log.label();
                    let line = format!("apicall: {label}: the server responds again");
                    streams.voice.say(&line);
                }
                poll(pages, &mut follow, streams)?
            }
            Err(broken) => Some(broken),
        };
        match listed {
            None => {}
            Some(broken) if passes(&broken) => {
                if !is_away {
                    streams.voice.say(&format!(
                        "apicall: warning: {}: {}; polling continues",
                        log.label(),
                        broken.bare()
                    ));
                }
                is_away = true;
            }
            Some(broken) => return Ok(Some(broken)),
        }
    }
}

fn poll(
    pages: Pages,
    follow: &mut Follow,
    streams: &mut Streams<'_, '_>,
) -> anyhow::Result<Option<CallError>> {
    for step in pages {
        match step {
            PageEvent::Notice(notice) => streams.notice(&notice),
            PageEvent::Page(page) => {
                if page.items > 0 {
                    streams.page(&page);
                }
                let new = new_ones(follow, split(&page.bytes)?);
                streams.printer.print(new)?;
            }
            PageEvent::Failed(broken) => return Ok(Some(broken)),
        }
    }
    Ok(None)
}

/// Returns whether what failed may pass by itself: the server is away or overloaded.
fn passes(error: &CallError) -> bool {
    match error.exit() {
        Exit::TimedOut | Exit::NoConnection | Exit::ServerError => true,
        _ => error.status() == Some(429),
    }
}
