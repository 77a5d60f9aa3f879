//! Limits how long a server may take, and how much unwanted data it may send.
//!
//! Owns the figures; `meter` and `incoming` apply them.

use std::time::Duration;

/// Interim responses (1xx) to one request.
pub const MOST_INTERIM: u32 = 100;

/// A body that brings less than this within [`Patience::between`] has stalled.
pub const TRICKLE: u64 = 1024;

/// Limits of a connection. The defaults are the contract's; tests wait less.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The longest wait for a complete head. MAAS thinks for minutes over a long list.
    pub first_byte: Duration,
    /// The longest silence after its first byte, the longest time for a KiB of the body and for
    /// the trailers, and the longest a server may take no byte of ours.
    pub between: Duration,
    /// How long the body of an error or a redirect is read.
    pub unwanted_time: Duration,
    /// How much of it is read, in bytes.
    pub unwanted_bytes: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(600),
            between: Duration::from_secs(60),
            unwanted_time: Duration::from_secs(60),
            unwanted_bytes: 1024 * 1024,
        }
    }
}
