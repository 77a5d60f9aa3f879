//! How much of a text is held in memory whole, and the error beyond it.

use std::io;

use crate::error::{Exit, Failure};

/// The longest value that is held whole, in bytes.
pub const MOST_HELD: usize = 64 * 1024 * 1024;

/// What an element is called in errors.
pub(super) const ELEMENT: &str = "an element of the response";

/// Appends bytes to what is held of `what`, e.g. "an element".
#[inline]
pub fn hold(held: &mut Vec<u8>, bytes: &[u8], what: &str) -> io::Result<()> {
    if held.len() + bytes.len() > MOST_HELD {
        return Err(too_large(what));
    }
    held.extend_from_slice(bytes);
    Ok(())
}

/// The error of what does not fit, as a sink can return it.
#[must_use]
pub fn too_large(what: &str) -> io::Error {
    io::Error::other(
        Failure::new(Exit::Other, format!("{what} is larger than 64 MiB"))
            .hint("it is held in memory; `-o json` and `-o raw` print what is larger"),
    )
}
