//! Draws a few lines at the end of a terminal again and again while something is waited for.
//!
//! A signal removes them before it ends the process; so does dropping them.

use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::error::Failure;
use crate::output::visible;
use crate::signals::{self, Guard};

/// Where the size of the terminal is not known.
const USUAL_ROWS: usize = 24;

/// The lines.
#[derive(Debug)]
pub struct Live {
    drawn: Arc<Mutex<Drawn>>,
    /// Ends the process once the lines are away.
    _guard: Guard,
}

#[derive(Debug)]
struct Drawn {
    all: MultiProgress,
    lines: Vec<ProgressBar>,
}

impl Drawn {
    fn clear(&mut self) {
        for line in self.lines.drain(..) {
            line.finish_and_clear();
            self.all.remove(&line);
        }
        // A terminal that is gone needs no care.
        let _ = self.all.clear();
    }
}

impl Live {
    /// Starts without lines.
    pub(super) fn new() -> Result<Self, Failure> {
        let target = ProgressDrawTarget::stderr_with_hz(20);
        let drawn = Arc::new(Mutex::new(Drawn {
            all: MultiProgress::with_draw_target(target),
            lines: Vec::new(),
        }));
        let shared = Arc::clone(&drawn);
        let guard = signals::guard(move || {
            shared
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clear();
        })?;
        Ok(Self {
            drawn,
            _guard: guard,
        })
    }

    /// Returns how many rows the terminal has.
    #[must_use]
    pub fn rows(&self) -> usize {
        terminal_size::terminal_size_of(std::io::stderr())
            .map_or(USUAL_ROWS, |(_, height)| usize::from(height.0))
    }

    /// Draws these lines in the place of the ones before.
    pub fn draw(&mut self, lines: &[String]) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if signals::pending().is_some() {
            return;
        }
        while drawn.lines.len() > lines.len()
            && let Some(line) = drawn.lines.pop()
        {
            line.finish_and_clear();
            drawn.all.remove(&line);
        }
        while drawn.lines.len() < lines.len() {
            let line = drawn.all.add(ProgressBar::new_spinner());
            // The columns at the end are for the terminal's `^C`: a line that is full would wrap.
            if let Ok(style) = ProgressStyle::with_template("{wide_msg}   ") {
                line.set_style(style);
            }
            drawn.lines.push(line);
        }
        for (line, text) in drawn.lines.iter().zip(lines) {
            let text = visible::line(text);
            if line.message() != text {
                line.set_message(text.into_owned());
                line.tick();
            }
        }
    }

    /// Takes the lines away; the next drawing shows them again.
    pub fn clear(&mut self) {
        self.drawn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.clear();
    }
}
