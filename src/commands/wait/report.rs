//! Reports what happens while something is waited for, and at the end.
//!
//! Lines in a log, a few live lines on a terminal. Must not know how a look is made.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::cli::OutputArgs;
use crate::commands::Context;
use crate::error::{Exit, Failure};
use crate::flow::wait::{Thing, Verdict, Wait, WaitEvent};
use crate::output::{Format, Shown, show_bytes};
use crate::session::Session;
use crate::ui::Live;

/// How events are reported.
pub struct Report<'a> {
    /// The line that a wait begins with, with `{}` for what is left.
    waiting: String,
    shown: &'a Shown,
    /// Whether changes go to stdout as lines of JSON.
    is_ndjson: bool,
    /// Whether nothing else writes between the lines, as `-v` would.
    may_draw: bool,
    is_quiet: bool,
    /// The lines of what is left, on a terminal, once all was seen.
    live: Option<Live>,
}

impl<'a> Report<'a> {
    /// Begins; what is drawn is taken away when the report is dropped.
    pub fn begin(label: &str, what: &str, output: &OutputArgs, shown: &'a Shown) -> Self {
        Self {
            may_draw: output.verbose == 0 && !output.quiet,
            is_quiet: output.quiet,
            waiting: format!("apicall: {label}: waiting for {{}} to be {what}"),
            shown,
            is_ndjson: shown.format == Some(Format::Ndjson),
            live: None,
        }
    }

    /// Reports an event. Fails where stdout does.
    pub fn event(
        &mut self,
        event: &WaitEvent,
        wait: &Wait<'_>,
        context: &mut Context<'_>,
    ) -> anyhow::Result<()> {
        match event {
            WaitEvent::Change { thing, from } => {
                let thing = &wait.things()[*thing];
                if self.is_ndjson {
                    let line = line_of_json(thing, from.as_deref(), wait);
                    show_bytes(
                        line.to_string().as_bytes(),
                        true,
                        self.shown,
                        context.ui.body(),
                    )?;
                } else if !self.is_quiet && self.is_worth_a_line(thing, from.as_deref(), wait) {
                    let line = change(thing, from.as_deref(), wait);
                    self.say(&line, context);
                }
            }
            WaitEvent::Looked => {
                let pending = pending(wait);
                if self.may_draw && !pending.is_empty() {
                    self.live = context.ui.live(context.env);
                }
                if !self.is_ndjson && !self.is_quiet && !pending.is_empty() && self.live.is_none() {
                    let line = self.waiting.replace("{}", &crowd(&pending));
                    context.ui.say(&line);
                }
            }
            WaitEvent::Trouble(why) => {
                let line = format!("apicall: {why}; the wait continues");
                self.say(&line, context);
            }
            WaitEvent::Back(after) => {
                let line = format!("apicall: the server is back after {}", elapsed(*after));
                self.say(&line, context);
            }
            WaitEvent::Idle => {}
        }
        if let Some(live) = &mut self.live {
            live.draw(&lines(wait, live.rows()));
        }
        Ok(())
    }

    fn say(&mut self, line: &str, context: &mut Context<'_>) {
        if let Some(live) = &mut self.live {
            live.clear();
        }
        context.ui.say(line);
    }

    /// On a terminal what is under way is seen anyway; elsewhere each change is a line. What was
    /// there from the beginning is only reported where it is the end.
    fn is_worth_a_line(&self, thing: &Thing, from: Option<&str>, wait: &Wait<'_>) -> bool {
        match thing.verdict {
            Verdict::Pending => from.is_some() && self.live.is_none(),
            Verdict::Reached => true,
            // It is reported at the end, in any case; the end may be hours away.
            Verdict::Failed => from.is_some() || wait.things().len() > 1,
        }
    }
}

/// The failure of a wait that reached its limit. The limit is what the user gave; the time that
/// has passed differs from it by moments.
pub fn timed_out(session: &Session, wait: &Wait<'_>, limit: Duration, what: &str) -> Failure {
    let left = pending(wait);
    let count = wait.things().len();
    let mut message = format!(
        "{}: timed out after {}: {} not {what}: {}",
        session.profile.label(),
        humantime::format_duration(limit),
        if count == 1 {
            "1".to_owned()
        } else {
            format!("{} of {count}", left.len())
        },
        named(&left),
    );
    if let Some(since) = wait.trouble() {
        message.push_str(&format!(
            "; no response from the server for {}",
            elapsed(since.elapsed())
        ));
    }
    Failure::new(Exit::TimedOut, message).hint("`--timeout` sets the limit; nothing was stopped")
}

fn pending<'a>(wait: &'a Wait<'_>) -> Vec<&'a Thing> {
    wait.things()
        .iter()
        .filter(|thing| thing.verdict == Verdict::Pending)
        .collect()
}

pub(super) fn full_name(thing: &Thing, wait: &Wait<'_>) -> String {
    if wait.is_of_machines() && !thing.name.is_empty() {
        format!("{} ({})", thing.name, thing.id)
    } else {
        thing.label().to_owned()
    }
}

/// `node18 (Deploying), node19 (Ready)`, or how many are in which state.
fn named(things: &[&Thing]) -> String {
    const MOST: usize = 5;
    if things.len() > MOST {
        return counts(things);
    }
    let all: Vec<String> = things
        .iter()
        .map(|t| {
            format!(
                "{} ({})",
                t.label(),
                t.state.as_deref().unwrap_or("not seen")
            )
        })
        .collect();
    all.join(", ")
}

/// `200 machines (150 Deploying, 50 Ready)`, or a few by their names.
fn crowd(things: &[&Thing]) -> String {
    const MOST: usize = 5;
    if things.len() > MOST {
        format!("{} ({})", things.len(), counts(things))
    } else {
        named(things)
    }
}

/// `150 Deploying, 50 Ready`.
fn counts(things: &[&Thing]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for thing in things {
        let state = thing.state.as_deref().unwrap_or("not seen");
        match counts.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counts.push((state, 1)),
        }
    }
    let all: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    all.join(", ")
}

/// The lines of what is left, no more than fit.
fn lines(wait: &Wait<'_>, rows: usize) -> Vec<String> {
    let left = pending(wait);
    let width = left.iter().map(|t| t.label().chars().count()).max();
    let width = width.unwrap_or_default();
    let room = rows.saturating_sub(1).max(1);
    let fits = left.len() <= room;
    let shown = if fits { left.len() } else { room - 1 };
    let mut lines: Vec<String> = left[..shown]
        .iter()
        .map(|thing| {
            format!(
                "{:<width$}  {}  {}",
                thing.label(),
                thing.state.as_deref().unwrap_or_default(),
                elapsed(wait.elapsed())
            )
        })
        .collect();
    if !fits {
        let rest = &left[shown..];
        lines.push(format!("… and {} more: {}", rest.len(), counts(rest)));
    }
    lines
}

/// `node18  Deploying → Deployed  3m12s`.
fn change(thing: &Thing, from: Option<&str>, wait: &Wait<'_>) -> String {
    let to = thing.state.as_deref().unwrap_or_default();
    let name = thing.label();
    match from {
        Some(from) if from != to => {
            format!("{name}  {from} → {to}  {}", elapsed(wait.elapsed()))
        }
        _ => format!("{name}  {to}"),
    }
}

fn line_of_json(thing: &Thing, from: Option<&str>, wait: &Wait<'_>) -> Value {
    let time = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
    let mut line = json!({ "time": time });
    if wait.is_of_machines() {
        line["id"] = json!(thing.id);
        line["hostname"] = json!(thing.name);
    } else {
        line["path"] = json!(thing.id);
    }
    line["from"] = json!(from);
    line["to"] = json!(thing.state);
    line["result"] = json!(match thing.verdict {
        Verdict::Pending => "pending",
        Verdict::Reached => "reached",
        Verdict::Failed => "failed",
    });
    line["seconds"] = json!((wait.elapsed().as_secs_f64() * 10.0).round() / 10.0);
    line
}

/// `45s`, `3m12s`, `1h02m`.
fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (seconds, text) in [(0, "0s"), (59, "59s"), (192, "3m12s"), (3720, "1h02m")] {
            assert_eq!(elapsed(Duration::from_secs(seconds)), text);
        }
    }
}
