//! A limit for values that what comes next holds whole, as a filter does.

use std::io;

use crate::error::{Exit, Failure};
use crate::json::{Container, MOST_HELD, Scalar, Sink, TokenPart, Values, too_large};

use super::values::{Output, Report};

/// So much memory may the values of one take: small ones take many times that of their text.
const MOST_MEMORY: usize = 512 * 1024 * 1024;

/// What a number, a key, a string, and a list or an object take besides their text, measured.
const NUMBER: usize = 64;
const KEY: usize = 64;
const STRING: usize = 128;
const CONTAINER: usize = 256;

/// Returns what a scalar takes.
#[inline]
fn scalar(kind: Scalar) -> usize {
    match kind {
        Scalar::String => STRING,
        Scalar::Number | Scalar::True | Scalar::False | Scalar::Null => NUMBER,
    }
}

/// Returns the error of small values that are too many.
fn too_many(what: &str) -> io::Error {
    io::Error::other(
        Failure::new(
            Exit::Other,
            format!("{what} has too many values: they take more than 512 MiB of memory"),
        )
        .hint("`-o json` and `-o raw` print it; `--each` holds one element at a time"),
    )
}

/// Counts what passes of a value, and ends it where it gets too large.
pub struct Bounded<V> {
    inner: V,
    what: &'static str,
    /// Whether the limit is for all values together.
    is_total: bool,
    size: usize,
    memory: usize,
    most_memory: usize,
}

impl<V> Bounded<V> {
    /// Bounds each value, which errors call `what`.
    pub fn new(inner: V, what: &'static str) -> Self {
        Self {
            inner,
            what,
            is_total: false,
            size: 0,
            memory: 0,
            most_memory: usize::MAX,
        }
    }

    /// Bounds the memory of values too, where what comes next builds them.
    #[must_use]
    pub fn of_memory(mut self, builds_values: bool) -> Self {
        if builds_values {
            self.most_memory = MOST_MEMORY;
        }
        self
    }

    /// From here on the limit is for all values together.
    #[must_use]
    pub fn in_total(mut self) -> Self {
        self.is_total = true;
        self
    }

    /// Returns what the values have passed to.
    pub fn into_inner(self) -> V {
        self.inner
    }

    #[inline]
    fn count(&mut self, bytes: usize, memory: usize) -> io::Result<()> {
        self.size += bytes;
        self.memory += memory;
        if self.size > MOST_HELD {
            return Err(too_large(self.what));
        }
        if self.memory > self.most_memory {
            return Err(too_many(self.what));
        }
        Ok(())
    }
}

impl<V: Sink> Sink for Bounded<V> {
    #[inline]
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.count(1, CONTAINER)?;
        self.inner.begin(kind)
    }

    #[inline]
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.count(1, 0)?;
        self.inner.end(kind)
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.count(bytes.len(), if part.last { KEY } else { 0 })?;
        self.inner.key(bytes, part)
    }

    #[inline]
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.count(bytes.len(), if part.last { scalar(kind) } else { 0 })?;
        self.inner.scalar(kind, bytes, part)
    }

    #[inline]
    fn colon(&mut self) -> io::Result<()> {
        self.size += 1;
        self.inner.colon()
    }

    #[inline]
    fn comma(&mut self) -> io::Result<()> {
        self.size += 1;
        self.inner.comma()
    }

    #[inline]
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        self.count(length + 1, KEY)?;
        self.inner.key_and_colon(source, length)
    }

    #[inline]
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        self.count(length, scalar(kind))?;
        self.inner.whole_scalar(kind, source, length)
    }
}

impl<V: Values> Values for Bounded<V> {
    fn end_value(&mut self) -> io::Result<()> {
        if !self.is_total {
            (self.size, self.memory) = (0, 0);
        }
        self.inner.end_value()
    }

    fn begin_single(&mut self) {
        self.inner.begin_single();
    }
}

impl<V: Output> Output for Bounded<V> {
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.inner.finish()
    }

    fn break_off(&mut self) -> io::Result<()> {
        self.inner.break_off()
    }

    fn report(&mut self) -> Report {
        self.inner.report()
    }
}
