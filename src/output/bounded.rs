//! A limit for values that what comes next holds whole, as a filter does.

use std::io;

use crate::json::{Container, MOST_HELD, Scalar, Sink, TokenPart, Values, too_large};

use super::values::{Output, Report};

/// So many values may be in one: each takes many times the memory that its text does.
const MOST_VALUES: usize = 8 * 1024 * 1024;

/// Counts what passes of a value, and ends it where it gets too large.
pub struct Bounded<V> {
    inner: V,
    what: &'static str,
    /// Whether the limit is for all values together.
    is_total: bool,
    size: usize,
    values: usize,
}

impl<V> Bounded<V> {
    /// Bounds each value, which errors call `what`.
    pub fn new(inner: V, what: &'static str) -> Self {
        Self {
            inner,
            what,
            is_total: false,
            size: 0,
            values: 0,
        }
    }

    /// From here on the limit is for all values together.
    #[must_use]
    pub fn in_total(mut self) -> Self {
        self.is_total = true;
        self
    }

    #[inline]
    fn count(&mut self, bytes: usize, values: usize) -> io::Result<()> {
        self.size += bytes;
        self.values += values;
        if self.size > MOST_HELD || self.values > MOST_VALUES {
            return Err(too_large(self.what));
        }
        Ok(())
    }
}

impl<V: Sink> Sink for Bounded<V> {
    #[inline]
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.count(1, 1)?;
        self.inner.begin(kind)
    }

    #[inline]
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.count(1, 0)?;
        self.inner.end(kind)
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.count(bytes.len(), 0)?;
        self.inner.key(bytes, part)
    }

    #[inline]
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.count(bytes.len(), usize::from(part.last))?;
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
        self.count(length + 1, 0)?;
        self.inner.key_and_colon(source, length)
    }

    #[inline]
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        self.count(length, 1)?;
        self.inner.whole_scalar(kind, source, length)
    }
}

impl<V: Values> Values for Bounded<V> {
    fn end_value(&mut self) -> io::Result<()> {
        if !self.is_total {
            (self.size, self.values) = (0, 0);
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
