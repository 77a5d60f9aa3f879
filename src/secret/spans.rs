//! Where secrets stand in a text, and the text without them.
//!
//! Knows neither how they were found nor what they are.

use std::ops::Range;

use super::MASK;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SecretSpan {
    /// Where what marks it begins: without that the secret would not be known.
    pub(super) mark: usize,
    /// The secret; empty where there is none if the text ends here.
    pub(super) secret: Range<usize>,
    /// Where the text ends before what ends a secret: what may turn out to be one.
    pub(super) open: Option<Range<usize>>,
}

impl SecretSpan {
    /// Returns a secret that is known for itself.
    pub(super) fn of(secret: Range<usize>) -> Self {
        Self {
            mark: secret.start,
            secret,
            open: None,
        }
    }
}

/// Returns ranges in order; those that overlap are one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Returns a text with what stands at these places replaced; `None` where there are none.
pub(super) fn replaced(text: &[u8], secrets: Vec<Range<usize>>) -> Option<Vec<u8>> {
    let secrets = merged(secrets);
    if secrets.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = 0;
    for secret in secrets {
        out.extend_from_slice(&text[rest..secret.start]);
        out.extend_from_slice(MASK.as_bytes());
        rest = secret.end;
    }
    out.extend_from_slice(&text[rest..]);
    Some(out)
}
