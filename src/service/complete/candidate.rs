//! A word that can come next.

use super::super::text::one_line;

/// A completion of a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The complete word.
    pub value: String,
    /// What it is, in a few words; may be empty.
    pub help: String,
}

impl Candidate {
    /// Returns a candidate; the help is made one line.
    #[must_use]
    pub fn new(value: impl Into<String>, help: &str) -> Self {
        Self {
            value: value.into(),
            help: one_line(help),
        }
    }
}
