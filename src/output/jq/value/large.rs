//! How large one value may get that a filter makes.
//!
//! A filter of a few characters can ask for more than a machine has. What makes values that are
//! larger than what it gets looks here while it makes them; responses themselves are not limited.

use crate::output::jq::fault::{Fault, Result};

use super::Val;

/// Lists and objects have at most so many items.
pub const MOST_ITEMS: usize = 1 << 24;

/// Texts have at most so many bytes.
pub const LONGEST_TEXT: usize = 1 << 28;

/// Fails where a list or an object that has `count` items can get no further one.
pub fn check_count(count: usize) -> Result<()> {
    if count >= MOST_ITEMS {
        return Err(Fault::said(format!(
            "a filter makes lists and objects of at most {MOST_ITEMS} items"
        )));
    }
    Ok(())
}

/// Fails where a text is too long.
pub fn check_length(bytes: usize) -> Result<()> {
    if bytes > LONGEST_TEXT {
        return Err(Fault::said(format!(
            "a filter makes texts of at most {} MiB",
            LONGEST_TEXT >> 20
        )));
    }
    Ok(())
}

impl Val {
    /// Makes a list, unless there are too many items.
    pub fn listed(items: impl Iterator<Item = Val>) -> Result<Self> {
        let items: Vec<Val> = items.take(MOST_ITEMS + 1).collect();
        check_count(items.len().saturating_sub(1))?;
        Ok(Self::list(items))
    }
}
