//! Collects small chunks of output into large writes.
//!
//! Nothing is written on drop: a text that broke off must not look complete.

use std::io::{self, Write};

/// The size of a write: that of a pipe's buffer on Linux.
const SIZE: usize = 64 * 1024;

/// A writer with a block of bytes before it.
///
/// Unlike [`io::BufWriter`] it writes nothing when dropped, and it can append
/// a piece of fixed size of which only a part counts, which is much faster
/// than to append a short piece of variable length.
#[derive(Debug)]
pub(super) struct Block<W> {
    out: W,
    bytes: Vec<u8>,
    /// How many of the bytes belong to texts that are complete.
    complete: usize,
}

impl<W: Write> Block<W> {
    pub(super) fn new(out: W) -> Self {
        Block {
            out,
            bytes: Vec::with_capacity(SIZE),
            complete: 0,
        }
    }

    /// Returns the number of bytes that fit.
    ///
    /// Counts on the vector's own capacity, so that the compiler sees that an
    /// append within it does not have to grow it.
    #[inline]
    fn room(&self) -> usize {
        self.bytes.capacity() - self.bytes.len()
    }

    /// Appends bytes.
    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > self.room() {
            return self.put_slowly(bytes);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    #[inline(never)]
    fn put_slowly(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hand_over()?;
        if bytes.len() > self.room() {
            return self.out.write_all(bytes);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends the first `count` bytes of `source`, which are mostly few of many.
    #[inline]
    pub(super) fn put_short(&mut self, source: &[u8], count: usize) -> io::Result<()> {
        match source.first_chunk::<32>() {
            Some(start) if count <= start.len() => self.put_start(start, count),
            _ => self.put(&source[..count]),
        }
    }

    /// Appends the first `count` bytes of `source`.
    #[inline]
    pub(super) fn put_start<const N: usize>(
        &mut self,
        source: &[u8; N],
        count: usize,
    ) -> io::Result<()> {
        if N > self.room() {
            self.hand_over()?;
        }
        let length = self.bytes.len() + count.min(N);
        // A copy of known length is a few vector moves.
        self.bytes.extend_from_slice(source);
        self.bytes.truncate(length);
        Ok(())
    }

    /// Gives the writer all that was collected.
    #[inline(never)]
    pub(super) fn hand_over(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.bytes);
        // Even on an error: what was written is not to be written twice.
        self.bytes.clear();
        self.complete = 0;
        written
    }

    /// Notes that a text ends here.
    #[inline]
    pub(super) fn mark(&mut self) {
        self.complete = self.bytes.len();
    }

    /// Gives the writer the texts that are complete, and flushes it.
    pub(super) fn flush_complete(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.bytes[..self.complete]);
        self.bytes.drain(..self.complete);
        self.complete = 0;
        written?;
        self.out.flush()
    }

    /// Gives the writer all that was collected, and flushes it.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.hand_over()?;
        self.out.flush()
    }
}
