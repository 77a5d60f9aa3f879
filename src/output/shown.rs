//! Holds what is shown of a response and how, as the flags say it.
//!
//! Values alone: `show` and `pipeline` act on them.

use std::rc::Rc;
use std::time::Duration;

use crate::json::Palette;
use crate::secret::Signatures;

use super::format::Format;
use super::jq::Filter;
use super::rows::Tabular;

/// What showing needs to know besides the response.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says one flag")]
pub struct Shown {
    /// The format; by the response's Content-Type where it is not given.
    pub format: Option<Format>,
    /// Colors of JSON, where there are any.
    pub palette: Option<Palette>,
    /// Whether a person reads the output.
    pub is_terminal: bool,
    /// Write strings at the top as the text they stand for.
    pub raw_strings: bool,
    /// What is made of the response, or of each element.
    pub filter: Option<Rc<Filter>>,
    /// Show or filter each element on its own.
    pub each: bool,
    /// Columns and order, for formats of rows.
    pub tabular: Tabular,
    /// Take at most so many elements, and elements only.
    pub most: Option<u64>,
    /// Whether the last result of the filter earns the exit code.
    pub judges: bool,
    /// Members that are secret in this response, whose names are none of a secret elsewhere.
    pub secrets: &'static [&'static str],
    /// Masks what the server prints of a key in its responses, where it does.
    pub signatures: Option<Signatures>,
}

impl Shown {
    /// Returns how the body of an error is shown: not as rows, and by no filter, which was not
    /// written for it.
    #[must_use]
    pub fn of_error(&self) -> Self {
        Self {
            format: self.format.filter(|format| !format.has_columns()),
            filter: None,
            each: false,
            judges: false,
            most: None,
            ..self.clone()
        }
    }

    /// Sets how long a filter may take on what it was given.
    pub fn end_within(&self, limit: Option<Duration>) {
        for filter in self.filter.iter().chain(&self.tabular.exprs) {
            filter.end_within(limit);
        }
    }
}
