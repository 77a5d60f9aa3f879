//! `--follow`: asks again and again for what lies behind the last event.

use std::time::{Duration, Instant};

use crate::cli::OutputArgs;
use crate::commands::pages;
use crate::error::Exit;
use crate::flow::follow::Follow;
use crate::flow::page::{Event as Step, Pages};
use crate::session::CallError;
use crate::ui::{self, Voice};

use super::log::Log;
use super::new_ones;
use super::print::{Printer, split};

/// Asks for new events until a signal, an error that stays, or the end of the reader.
pub(super) fn follow_on(
    mut follow: Follow,
    interval: Duration,
    log: &Log<'_>,
    printer: &mut Printer<'_>,
    voice: &mut Voice<'_>,
) -> anyhow::Result<Option<(CallError, u64)>> {
    // The next poll is the repeat.
    let session = log.session.once();
    let mut is_away = false;
    loop {
        if ui::reader_leaves_within(interval) {
            return Ok(None);
        }
        let after = follow.after(Instant::now());
        let listed = match log.ask(&session, after, voice) {
            Ok(pages) => {
                if std::mem::take(&mut is_away) {
                    let told = log.label();
                    voice.say(&format!("apicall: {told}: the server answers again"));
                }
                poll(pages, &mut follow, printer, log.output, voice)?
            }
            Err(broken) => Some(broken),
        };
        match listed {
            None => {}
            Some(broken) if passes(&broken) => {
                if !is_away {
                    voice.say(&format!(
                        "apicall: warning: {}: {}; asking on",
                        log.label(),
                        broken.bare()
                    ));
                }
                is_away = true;
            }
            Some(broken) => return Ok(Some((broken, printer.count))),
        }
    }
}

fn poll(
    pages: Pages,
    follow: &mut Follow,
    printer: &mut Printer<'_>,
    output: &OutputArgs,
    voice: &mut Voice<'_>,
) -> anyhow::Result<Option<CallError>> {
    for step in pages {
        match step {
            Step::Notice(notice) => voice.notice(&notice),
            Step::Page(page) => {
                if page.items > 0 {
                    pages::tell(&page, output.verbose, voice);
                }
                printer.print(new_ones(follow, split(&page.bytes)?))?;
            }
            Step::Failed(broken) => return Ok(Some(broken)),
        }
    }
    Ok(None)
}

/// Whether what failed may pass by itself: the server is away or overloaded.
fn passes(error: &CallError) -> bool {
    match error.exit() {
        Exit::TimedOut | Exit::NoConnection | Exit::ServerError => true,
        _ => error.status() == Some(429),
    }
}
