//! The buffers of a connection, which are as large as what comes through them.
//!
//! ureq's own are of one size from the start and filled with zeros: sixteen pages that a small
//! response never needs, and too few for a large one. Knows no socket; TCP and TLS read into it.

use ureq::unversioned::transport::{Buffers, ConnectionDetails};

/// The input size that ureq is configured with; it makes one itself for a connection through SOCKS.
/// The head of a response has to fit into it.
pub const INPUT: usize = 64 * 1024;

/// The input of a connection at first: the head and the body of a small response.
const FIRST: usize = 8 * 1024;

/// The input where a large body comes: fewer reads, and still in the processor's cache.
const MOST: usize = 256 * 1024;

/// So many times larger the input becomes where a read filled it.
const GROWTH: usize = 4;

/// An input that grows where a read fills it, and an output of one size.
#[derive(Debug)]
pub struct Growing {
    input: Vec<u8>,
    /// The end of what was read.
    filled: usize,
    /// The end of what ureq has taken of it.
    consumed: usize,
    /// How large the input becomes.
    most: usize,
    /// The last read left no room.
    was_full: bool,
    output: Vec<u8>,
    output_size: usize,
    /// ureq took something of the input when it last looked.
    progress: bool,
}

impl Growing {
    /// Makes the buffers of a connection by its configuration. Nothing is allocated yet.
    pub fn of(details: &ConnectionDetails<'_>) -> Self {
        let input = details.config.input_buffer_size();
        // Of many connections each stays small.
        let most = if input < INPUT { input } else { MOST };
        Self::new(most, details.config.output_buffer_size())
    }

    pub(super) fn new(most: usize, output_size: usize) -> Self {
        Self {
            input: Vec::new(),
            filled: 0,
            consumed: 0,
            most,
            was_full: false,
            output: Vec::new(),
            output_size,
            progress: false,
        }
    }

    /// Moves what is not consumed to the start where it is in the way.
    fn shift(&mut self) {
        if self.consumed == self.filled {
            self.consumed = 0;
            self.filled = 0;
        } else if self.filled > self.input.len() / 2 {
            self.input.copy_within(self.consumed..self.filled, 0);
            self.filled -= self.consumed;
            self.consumed = 0;
        }
    }

    /// Makes the input so large; fresh zeros cost less than filling up what is there.
    fn resize(&mut self, size: usize) {
        let mut input = vec![0; size];
        input[..self.filled].copy_from_slice(&self.input[..self.filled]);
        self.input = input;
    }
}

impl Buffers for Growing {
    fn output(&mut self) -> &mut [u8] {
        if self.output.is_empty() {
            self.output = vec![0; self.output_size];
        }
        &mut self.output
    }

    fn input(&self) -> &[u8] {
        &self.input[self.consumed..self.filled]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.shift();
        let size = self.input.len();
        if size == 0 {
            self.resize(FIRST.min(self.most));
        } else if size < self.most && (self.was_full || self.filled == size) {
            self.resize((size * GROWTH).min(self.most));
            self.was_full = false;
        }
        &mut self.input[self.filled..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.filled += amount;
        self.was_full = self.filled == self.input.len();
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.consumed = (self.consumed + amount).min(self.filled);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.output();
        self.shift();
        // A body in chunks is read into the rest of the input and framed into the output.
        if self.input.len() - self.filled < self.output_size {
            self.resize(self.filled + self.output_size);
        }
        (&mut self.input[self.filled..], &mut self.output)
    }

    fn can_use_input(&self) -> bool {
        !self.input().is_empty() && self.progress
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads as a socket would that has `there` bytes ready.
    fn read(buffers: &mut Growing, there: usize) -> usize {
        let room = buffers.input_append_buf();
        let amount = room.len().min(there);
        room[..amount].fill(b'x');
        buffers.input_appended(amount);
        amount
    }

    #[test]
    fn a_small_response_takes_a_small_input() {
        let mut buffers = Growing::new(MOST, 100);
        assert!(buffers.input().is_empty());
        for _ in 0..100 {
            assert_eq!(read(&mut buffers, 500), 500);
            buffers.input_consume(500);
        }
        assert_eq!(buffers.input.len(), FIRST);
    }

    #[test]
    fn a_large_response_is_read_in_large_parts() {
        let mut buffers = Growing::new(MOST, 100);
        let mut sizes = Vec::new();
        for _ in 0..5 {
            let amount = read(&mut buffers, usize::MAX);
            assert_eq!(buffers.input().len(), amount);
            buffers.input_consume(amount);
            sizes.push(amount >> 10);
        }
        assert_eq!(sizes, [8, 32, 128, 256, 256]);
    }

    #[test]
    fn what_is_not_consumed_stays() {
        let mut buffers = Growing::new(64 * 1024, 100);
        let mut sent = (0..=u8::MAX).cycle();
        let mut want = (0..=u8::MAX).cycle();
        for (there, consumed) in [
            (8192, 1),
            (9000, 20_000),
            (1, 8000),
            (99_999, 0),
            (5, 60_000),
        ] {
            let room = buffers.input_append_buf();
            let amount = room.len().min(there);
            room[..amount].fill_with(|| sent.next().unwrap_or_default());
            buffers.input_appended(amount);
            let consumed = consumed.min(buffers.input().len());
            for byte in &buffers.input()[..consumed] {
                assert_eq!(Some(*byte), want.next());
            }
            buffers.input_consume(consumed);
            assert_eq!(
                buffers.can_use_input(),
                consumed > 0 && !buffers.input().is_empty()
            );
        }
        assert_eq!(buffers.input.len(), 64 * 1024);
        // At its limit it is full, and nothing is read any more.
        while read(&mut buffers, usize::MAX) > 0 {}
        assert_eq!(buffers.input().len(), 64 * 1024);
    }

    #[test]
    fn there_is_room_for_a_body_in_chunks() {
        let mut buffers = Growing::new(MOST, 64 * 1024);
        read(&mut buffers, 8192);
        buffers.input_consume(100);
        let (tmp, output) = buffers.tmp_and_output();
        assert!(tmp.len() >= 64 * 1024);
        assert_eq!(output.len(), 64 * 1024);
        assert_eq!(buffers.input().len(), 8092);
    }
}
