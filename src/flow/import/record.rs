//! Defines what every reader of documents returns, and how long a document may be.
//!
//! Readers of all formats share the type and the errors; must not know any format.

use std::io;

use crate::error::{Exit, Failure};

/// What is held of a text at once: a longer line, row or document is an error. The service takes
/// 500 KB.
pub const LONGEST: usize = 64 << 20;

/// A document, or what stands in the place of one.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its text, and why it is no document where it is none.
    pub document: Result<Vec<u8>, (String, Vec<u8>)>,
}

/// Reports a source that breaks off.
pub fn unreadable(error: &io::Error) -> Failure {
    let reported = match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "broken gzip".to_owned(),
        io::ErrorKind::UnexpectedEof => "the gzip ends early".to_owned(),
        _ => error.to_string(),
    };
    Failure::new(
        Exit::Other,
        format!("the source cannot be read: {reported}"),
    )
}

/// Refuses a line, row or document longer than [`LONGEST`].
pub fn too_long(what: &str) -> Failure {
    let message = format!("{what} is longer than {} MiB", LONGEST >> 20);
    Failure::new(Exit::Other, message)
}
