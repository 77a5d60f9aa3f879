//! `--follow`: asks again and again for what lies behind the last event.

use std::time::{Duration, Instant};

use crate::cli::OutputArgs;
use crate::client::Options;
use crate::commands::pages;
use crate::error::Exit;
use crate::flow::follow::Follow;
use crate::flow::page::{Broken, Event as Step, Pages};
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
) -> anyhow::Result<Option<(Broken, u64)>> {
    // The next poll is the repeat.
    let client = log.session.client();
    let client = client.sharing(Options {
        retries: 0,
        ..client.options().clone()
    });
    let mut is_away = false;
    loop {
        if ui::reader_leaves_within(interval) {
            return Ok(None);
        }
        let after = follow.after(Instant::now());
        let listed = match log.ask(&client, after, voice) {
            Ok(pages) => {
                if std::mem::take(&mut is_away) {
                    let told = log.told();
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
                        log.told(),
                        broken.failure.message
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
) -> anyhow::Result<Option<Broken>> {
    for step in pages {
        match step {
            Step::Told(line) => voice.say(&line),
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
fn passes(broken: &Broken) -> bool {
    match broken.failure.exit {
        Exit::TimedOut | Exit::NoConnection | Exit::ServerError => true,
        _ => broken
            .response
            .as_ref()
            .is_some_and(|a| a.head.status == 429),
    }
}
