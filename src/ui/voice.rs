//! What speaks on stderr: line by line, as a stream, or aside, while others hold the streams.
//!
//! Everything passes the secrets of the run here. Knows nothing of what is said.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::progress::Progress;
use crate::output::visible;
use crate::secret::{Masks, Stream};
use crate::session::Notice;

/// Standard error, shared by those who speak.
#[derive(Clone)]
pub(super) struct Stderr(Arc<Mutex<Box<dyn Write + Send>>>);

impl Stderr {
    pub(super) fn new(out: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(out)))
    }

    fn lock(&self) -> MutexGuard<'_, Box<dyn Write + Send>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.lock().write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lock().flush()
    }
}

/// The secrets of the run, shared by those who speak.
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<Masks>>);

impl Known {
    pub(super) fn lock(&self) -> MutexGuard<'_, Masks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Speaks on stderr whoever else holds the streams.
pub struct Aside {
    out: Stderr,
    masks: Known,
    progress: Progress,
}

impl Aside {
    pub(super) fn new(out: &Stderr, masks: &Known, progress: &Progress) -> Self {
        Self {
            out: out.clone(),
            masks: masks.clone(),
            progress: progress.clone(),
        }
    }

    /// Writes a text of several lines to stderr, none of which passes for a report.
    pub fn text(&mut self, text: &str) {
        self.progress.clear();
        Voice::new(&mut self.out, &self.masks).text(text);
    }
}

/// Speaks on stderr while stdout is lent out.
pub struct Voice<'a> {
    out: &'a mut Stderr,
    masks: &'a Known,
}

impl<'a> Voice<'a> {
    pub(super) fn new(out: &'a mut Stderr, masks: &'a Known) -> Self {
        Self { out, masks }
    }
}

impl Voice<'_> {
    /// Writes one line to stderr. Every report passes here: secrets are masked, and nothing in it
    /// ends the line or drives the terminal.
    pub fn say(&mut self, line: &str) {
        let mut text = visible::line(&self.masks.lock().apply(line)).into_owned();
        text.push('\n');
        let _ = self.out.write_all(text.as_bytes());
    }

    /// Writes a text of several lines to stderr, as a response's body; none of them passes for a
    /// report.
    pub fn text(&mut self, text: &str) {
        let masked = self.masks.lock().apply(text).into_owned();
        let mut out = String::with_capacity(masked.len() + 1);
        for line in visible::lines(&masked) {
            out.push_str(&line);
            out.push('\n');
        }
        let _ = self.out.write_all(out.as_bytes());
    }

    /// Writes what a session reports.
    pub fn notice(&mut self, notice: &Notice) {
        for line in notice.lines() {
            self.say(&line);
        }
    }

    /// Returns the secrets that are masked.
    pub fn masks(&self) -> MutexGuard<'_, Masks> {
        self.masks.lock()
    }

    /// Stderr as a writer that masks.
    pub fn masked(&mut self) -> MaskedStderr<'_> {
        MaskedStderr::new(self.out, self.masks)
    }
}

/// Stderr for text that comes in pieces; secrets are masked also where a piece ends inside one.
pub struct MaskedStderr<'a> {
    out: &'a mut Stderr,
    masks: &'a Known,
    stream: Stream,
    ends_line: bool,
}

impl<'a> MaskedStderr<'a> {
    pub(super) fn new(out: &'a mut Stderr, masks: &'a Known) -> Self {
        Self {
            out,
            masks,
            stream: Stream::default(),
            ends_line: true,
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        // Nobody can read that stderr fails.
        let _ = self.out.write_all(bytes);
        self.ends_line = bytes.last().map_or(self.ends_line, |b| *b == b'\n');
    }
}

impl Write for MaskedStderr<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = Vec::new();
        self.stream.feed(bytes, &self.masks.lock(), &mut out);
        self.put(&out);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut out = Vec::new();
        self.stream.flush(&self.masks.lock(), &mut out);
        self.put(&out);
        Ok(())
    }
}

impl Drop for MaskedStderr<'_> {
    fn drop(&mut self) {
        let mut out = Vec::new();
        self.stream.finish(&self.masks.lock(), &mut out);
        self.put(&out);
        if !self.ends_line {
            self.put(b"\n");
        }
    }
}
