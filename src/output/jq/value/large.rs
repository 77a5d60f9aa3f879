//! How large one value may get that a filter makes.
//!
//! A filter of a few characters can ask for more than a machine has. What makes values that are
//! larger than what it gets looks here while it makes them; responses themselves are not limited.

use crate::output::jq::fault::{Fault, Result, Word};

use super::Val;

/// Lists and objects have at most so many items.
pub const MOST_ITEMS: usize = 1 << 24;

/// Texts have at most so many bytes.
pub const LONGEST_TEXT: usize = 1 << 26;

/// All values of a filter take at most so many bytes, or as many as what is there before it runs.
const MOST_MEMORY: usize = 1 << 30;

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
            "a filter makes strings of at most {} MiB",
            LONGEST_TEXT >> 20
        )));
    }
    Ok(())
}

/// The error of a text that is repeated until it is too long.
pub fn repeated_too_often() -> Fault {
    Fault::of([
        "Repeat string result too long".into(),
        Word::Aside(format!(": it has at most {} MiB", LONGEST_TEXT >> 20)),
    ])
}

/// The error of a list that has no place for an index.
pub fn too_far() -> Fault {
    Fault::of([
        "Array index too large".into(),
        Word::Aside(format!(": a list has at most {MOST_ITEMS} items")),
    ])
}

/// Fails where memory has grown too much since a filter began to run, with what there is to say.
pub fn check_memory(before: usize, now: usize) -> std::result::Result<(), String> {
    let most = MOST_MEMORY.max(before);
    if now.saturating_sub(before) > most {
        return Err(format!("it takes more than {} MiB of memory", most >> 20));
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
