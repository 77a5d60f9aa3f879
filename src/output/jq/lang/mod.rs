//! The language of filters: from text to terms.
//!
//! Owns jq's grammar. [`parse`] gives the term of a filter, or says where it is wrong; the fast
//! path and the compiler read the same term. Must not know what a function does.

mod lex;
mod parse;
pub mod term;

pub use parse::{definitions, parse};

use std::ops::Range;

/// Something wrong with a filter: where, what, and what to do.
#[derive(Debug)]
pub struct Wrong {
    /// In bytes of the filter.
    pub at: Range<usize>,
    pub what: String,
    pub hint: Option<String>,
}

impl Wrong {
    /// Makes one without a hint.
    pub fn new(at: Range<usize>, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
            hint: None,
        }
    }
}

/// Filters, strings and parentheses are inside each other no deeper than this.
pub const DEEPEST: usize = 500;
