//! Defines what a profile of Macrometa needs besides its address: fabric and scheme.
//!
//! Values alone. Pure.

use super::DEFAULT_FABRIC;

/// The fabric of a profile, and the word before its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The fabric for paths without a leading slash.
    pub fabric: String,
    /// The word before the key; the key's own, or `apikey`, where it is not set.
    pub scheme: Option<String>,
}

impl Default for Target {
    fn default() -> Self {
        Self {
            fabric: DEFAULT_FABRIC.to_owned(),
            scheme: None,
        }
    }
}
