//! `FILE.part.json`: what has to be known of a part, for the next run.
//!
//! A record is one JSON object whose first member is `apicall`, its mark. It takes the place of an
//! older one in one step, and never that of another program's file. Records of 0.1.0 have no mark;
//! whoever reads one knows its members.

use std::io;
use std::path::Path;

use super::{Mode, Temporary, own};

/// No record is longer.
const LONGEST: u64 = 64 * 1024;

/// What a record of ours begins with.
const MARK: &[u8] = b"{\"apicall\":";

/// Reads a record; `None` where there is none that is a regular file of the user's.
#[must_use]
pub fn read(path: &Path) -> Option<Vec<u8>> {
    own::read(path, LONGEST).ok()
}

/// Returns whether a record begins with our mark.
#[must_use]
pub fn is_marked(record: &[u8]) -> bool {
    record.starts_with(MARK)
}

/// Writes a record. One that is there must be ours: it has the mark, or `knows` its members.
pub fn write(path: &Path, record: &[u8], knows: &dyn Fn(&[u8]) -> bool) -> io::Result<()> {
    debug_assert!(is_marked(record), "a record begins with its mark");
    if std::fs::symlink_metadata(path).is_ok() {
        let before = own::read(path, LONGEST)?;
        // An empty one is what a kill between making and writing has left.
        if !before.is_empty() && !is_marked(&before) && !knows(&before) {
            return Err(io::Error::other("is not ours; move it away"));
        }
    }
    let mut file = Temporary::beside(path, &Mode::Usual)?;
    file.write_all(record)?;
    file.persist(path)
}
