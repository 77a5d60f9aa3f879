//! What is shown while something takes long: a line that is drawn again and again on a terminal,
//! and a line every ten seconds in a log.
//!
//! [`Progress`] is shared by the run's streams, which clear it before they say something, and by
//! the watcher of the connection, which draws. Nothing is made before there is something to show,
//! and no thread at all. Numbers and words only: nothing of a server's ever gets here.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::amount::{Rate, rough, sentence};
use crate::client::{Pulse, Watch};
use crate::signals::{self, Hold};

/// A transfer that ends sooner shows nothing.
const QUICK: Duration = Duration::from_millis(500);

/// A wait that ends sooner shows nothing.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often a terminal is drawn.
const DRAW: Duration = Duration::from_millis(100);

/// How often a log gets a line.
const LOG: Duration = Duration::from_secs(10);

/// A bar is drawn on terminals with at least so many columns.
const WIDE: u16 = 72;

/// Shared progress state.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    draws: bool,
    /// Nothing is shown, neither drawn nor in lines.
    hidden: bool,
    line: Option<ProgressBar>,
    transfer: Option<Transfer>,
    /// How much of the transfer lies before the call that is made: it is one of several.
    before: Option<u64>,
    /// While a wait is shown, the line is cleared before a signal ends the process.
    hold: Option<Hold>,
}

/// A body on its way.
#[derive(Debug)]
struct Transfer {
    next: Instant,
    done: u64,
    /// How much there is, where it is known.
    total: Option<u64>,
    /// Whether this is an upload, until a response begins. The last pulse comes before the last
    /// byte.
    is_upload: bool,
    rate: Rate,
    /// What is done with the bytes, where it is not plain.
    name: Option<&'static str>,
    /// What is done in other words than bytes.
    note: String,
}

impl Transfer {
    fn begin(now: Instant, done: u64, total: Option<u64>, draws: bool) -> Self {
        let mut rate = Rate::default();
        rate.note(now, done);
        Self {
            next: now + if draws { QUICK } else { LOG },
            done,
            total,
            is_upload: false,
            rate,
            name: None,
            note: String::new(),
        }
    }

    /// Returns the line to show, when it is time for one.
    fn line(&mut self, now: Instant, draws: bool) -> Option<String> {
        self.rate.note(now, self.done);
        if now < self.next {
            return None;
        }
        self.next = now + if draws { DRAW } else { LOG };
        let done = self.total.map_or(self.done, |total| self.done.min(total));
        let rate = self.rate.per_second(now, self.done);
        let text = sentence(done, self.total, rate);
        let text = match self.name {
            Some(name) => format!("{name} {text}"),
            None => text,
        };
        Some(match self.note.as_str() {
            "" => text,
            note => format!("{note}; {text}"),
        })
    }
}

impl Progress {
    /// Says whether stderr is a terminal that can be drawn on.
    pub(super) fn draw(&self, draws: bool) {
        self.state().draws = draws;
    }

    /// Shows nothing from here on.
    pub(super) fn hide(&self) {
        let mut state = self.state();
        state.hidden = true;
        state.clear();
    }

    /// Takes the line away; the next step draws it again.
    pub fn clear(&self) {
        self.state().clear();
    }

    /// Returns a watcher for the connection to `peer`, as messages name it.
    #[must_use]
    pub fn watch(&self, peer: &str) -> Watch {
        let progress = self.clone();
        let peer = peer.to_owned();
        Watch::new(move |pulse| progress.pulse(pulse, &peer))
    }

    /// Begins a download, with `done` bytes of an earlier one.
    pub fn begin(&self, done: u64, total: Option<u64>) {
        let mut state = self.state();
        let draws = state.draws;
        state.transfer = Some(Transfer::begin(Instant::now(), done, total, draws));
    }

    /// Begins something that is not a transfer; its name goes before the amounts.
    pub fn begin_named(&self, name: &'static str, done: u64, total: Option<u64>) {
        self.begin(done, total);
        if let Some(transfer) = &mut self.state().transfer {
            transfer.name = Some(name);
        }
    }

    /// Adds the bytes that have arrived.
    pub fn advance(&self, by: usize) {
        let mut state = self.state();
        if let Some(transfer) = &mut state.transfer {
            transfer.done += by as u64;
            state.step();
        }
    }

    /// Sets how many bytes have arrived; the calls that follow send what lies behind them.
    pub fn reach(&self, done: u64) {
        let mut state = self.state();
        state.before = Some(done);
        if let Some(transfer) = &mut state.transfer {
            transfer.done = done;
            state.step();
        }
    }

    /// Says what is done in other words, with the next step.
    pub fn note(&self, note: &str) {
        if let Some(transfer) = &mut self.state().transfer {
            note.clone_into(&mut transfer.note);
        }
    }

    /// Ends the transfer and clears its line.
    pub fn end(&self) {
        let mut state = self.state();
        state.transfer = None;
        state.before = None;
        state.clear();
    }

    /// Draws a line about work that is no transfer, where a terminal can be drawn on; `place` is how
    /// much is done, and of how much. Gives whether it is drawn.
    #[must_use]
    pub fn show(&self, text: String, place: Option<(u64, u64)>) -> bool {
        let mut state = self.state();
        if state.draws {
            state.show(text, place);
        }
        state.draws
    }

    fn pulse(&self, pulse: Pulse, peer: &str) {
        let mut state = self.state();
        if let Some(before) = state.before {
            if let (Pulse::Sent { bytes, .. }, Some(transfer)) = (pulse, &mut state.transfer) {
                transfer.done = before + bytes;
            }
            state.step();
            return;
        }
        match pulse {
            Pulse::Sent { bytes, total } => {
                let draws = state.draws;
                let transfer = state
                    .transfer
                    // The first pulse comes a moment after the first byte.
                    .get_or_insert_with(|| Transfer::begin(Instant::now(), 0, total, draws));
                transfer.is_upload = true;
                transfer.done = bytes;
                state.step();
            }
            Pulse::Waiting(waited) => state.wait(waited, peer),
            // The response has begun: nothing of ours is on its way any more.
            Pulse::Stalled if state.transfer.as_ref().is_some_and(|t| t.is_upload) => {
                state.transfer = None;
                state.clear();
            }
            Pulse::Stalled => state.step(),
            Pulse::Over => {
                state.transfer = None;
                state.clear();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn step(&mut self) {
        let draws = self.draws;
        let Some(transfer) = &mut self.transfer else {
            return;
        };
        let Some(text) = transfer.line(Instant::now(), draws) else {
            return;
        };
        if self.hidden {
            return;
        }
        if draws {
            let place = transfer.total.map(|total| (transfer.done, total));
            self.show(text, place);
        } else {
            // Nobody can read that stderr fails.
            let _ = writeln!(io::stderr(), "apicall: {text}");
        }
    }

    fn wait(&mut self, waited: Duration, peer: &str) {
        if !self.draws || self.hidden || waited < PATIENCE {
            return;
        }
        self.transfer = None;
        self.hold.get_or_insert_with(signals::hold);
        if signals::pending().is_some() {
            self.clear();
            return;
        }
        self.show(format!("waiting for {peer} … {}", rough(waited)), None);
    }

    fn show(&mut self, text: String, place: Option<(u64, u64)>) {
        let line = self.line.get_or_insert_with(|| {
            let target = ProgressDrawTarget::stderr_with_hz(20);
            ProgressBar::with_draw_target(None, target)
        });
        let is_wide = place.is_some() && columns().is_none_or(|c| c >= WIDE);
        // The columns at the end are for the terminal's `^C`: a line that is full would wrap.
        let template = if is_wide {
            "[{wide_bar}] {text}   "
        } else {
            "{wide_msg}   "
        };
        let shown = text.clone();
        let key = move |_: &ProgressState, out: &mut dyn fmt::Write| {
            let _ = out.write_str(&shown);
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            line.set_style(style.progress_chars("=> ").with_key("text", key));
        }
        // Each of these draws: once is enough.
        match place.filter(|_| is_wide) {
            Some((done, total)) => line.update(|state| {
                state.set_len(total);
                state.set_pos(done);
            }),
            None => line.set_message(text),
        }
    }

    fn clear(&mut self) {
        if let Some(line) = self.line.take() {
            line.finish_and_clear();
        }
        // A signal that came meanwhile ends the process here.
        self.hold = None;
    }
}

#[cfg(unix)]
fn columns() -> Option<u16> {
    rustix::termios::tcgetwinsize(io::stderr())
        .ok()
        .map(|size| size.ws_col)
        .filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn columns() -> Option<u16> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_over_when_its_answer_begins() {
        let sent = Pulse::Sent {
            bytes: 66_000,
            total: Some(1_000_000),
        };
        let progress = Progress::default();
        progress.pulse(sent, "lab");
        assert!(progress.state().transfer.is_some());
        progress.pulse(Pulse::Stalled, "lab");
        assert!(progress.state().transfer.is_none());
        // A download that stalls goes on.
        progress.begin(0, Some(1_000_000));
        progress.pulse(Pulse::Stalled, "lab");
        assert!(progress.state().transfer.is_some());
    }

    #[test]
    fn a_log_gets_a_line_every_ten_seconds() {
        let start = Instant::now();
        let mut transfer = Transfer::begin(start, 1_000_000, Some(100_000_000), false);
        let mut lines = Vec::new();
        for tenths in 1..=250 {
            transfer.done += 100_000;
            let now = start + Duration::from_millis(tenths * 100);
            lines.extend(transfer.line(now, false));
        }
        assert_eq!(
            lines,
            [
                "11 MB of 100 MB, 1.0 MB/s, 89 s left",
                "21 MB of 100 MB, 1.0 MB/s, 79 s left"
            ]
        );
    }

    #[test]
    fn a_terminal_is_drawn_after_half_a_second() {
        let start = Instant::now();
        let mut transfer = Transfer::begin(start, 0, None, true);
        let mut at = Vec::new();
        for millis in (0..=800).step_by(50) {
            transfer.done += 1000;
            if transfer
                .line(start + Duration::from_millis(millis), true)
                .is_some()
            {
                at.push(millis);
            }
        }
        assert_eq!(at, [500, 600, 700, 800]);
    }
}
