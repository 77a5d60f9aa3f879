//! Failures inside a success.
//!
//! A batch write returns 202 with errors among its items and counts them in the header
//! `X-C8-Error-Codes: {"1210":6}`; an import returns 200 with counts in its body (both recorded
//! from the service). A stored document that happens to have a member `error` is no failure, so
//! nothing else is looked at.

use std::collections::BTreeMap;

use super::explain::name_of;
use crate::service::text::digits;

/// The header that counts failures inside a success.
pub const HEADER: &str = "x-c8-error-codes";

/// How many documents failed, by error number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    by_number: Vec<(u64, u64)>,
    /// Failures without an error number, by reason.
    others: Vec<(&'static str, u64)>,
}

impl Failures {
    /// Reads `X-C8-Error-Codes`: JSON as it was recorded, or `1210:3,1202:1` as the document of its API
    /// has it. `None` where it counts nothing or cannot be read.
    #[must_use]
    pub fn from_header(value: &str) -> Option<Self> {
        let counts: Vec<(u64, u64)> =
            match serde_json::from_str::<BTreeMap<String, serde_json::Value>>(value) {
                Ok(counts) => counts
                    .iter()
                    .filter_map(|(number, count)| Some((number.parse().ok()?, count.as_u64()?)))
                    .collect(),
                Err(_) => value
                    .split(',')
                    .filter_map(|pair| {
                        let (number, count) = pair.split_once(':')?;
                        Some((number.trim().parse().ok()?, count.trim().parse().ok()?))
                    })
                    .collect(),
            };
        let mut by_number = counts;
        by_number.retain(|(_, count)| *count > 0);
        by_number.sort_unstable();
        (!by_number.is_empty()).then_some(Self {
            by_number,
            others: Vec::new(),
        })
    }

    /// Lists the error numbers and how many failed by each.
    pub fn by_number(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.by_number.iter().copied()
    }

    /// Makes it of counts by error number.
    #[must_use]
    pub fn from_counts(counts: &BTreeMap<u64, u64>) -> Self {
        Self {
            by_number: counts.iter().map(|(number, n)| (*number, *n)).collect(),
            others: Vec::new(),
        }
    }

    /// Adds failures that have no error number.
    pub fn add_other(&mut self, reason: &'static str, count: u64) {
        if count > 0 {
            self.others.push((reason, count));
        }
    }

    /// Returns how many failed.
    #[must_use]
    pub fn count(&self) -> u64 {
        let numbered = self.by_number.iter().map(|(_, n)| *n);
        let others = self.others.iter().map(|(_, n)| *n);
        // A server can count anything.
        numbered.chain(others).fold(0, u64::saturating_add)
    }

    /// Formats the failures: `3 of 100 failed: 1210 unique constraint (3)`; `of` is the number of
    /// items in the response.
    #[must_use]
    pub fn sentence(&self, of: Option<u64>) -> String {
        let reasons: Vec<String> = self
            .by_number
            .iter()
            .map(|(number, count)| match name_of(*number) {
                Some(name) => format!("{number} {name} ({})", digits(*count)),
                None => format!("{number} ({})", digits(*count)),
            })
            .chain(
                self.others
                    .iter()
                    .map(|(reason, count)| format!("{reason} ({})", digits(*count))),
            )
            .collect();
        let of = of.map(|n| format!(" of {}", digits(n))).unwrap_or_default();
        format!(
            "{}{of} failed: {}",
            digits(self.count()),
            reasons.join(", ")
        )
    }
}

/// Returns whether a call is a bulk import, of documents or of query workers, whose response counts
/// failures in its body.
#[must_use]
pub fn is_import(method: &str, target: &str) -> bool {
    let path = target.split('?').next().unwrap_or(target);
    method == "POST" && (path.contains("/_api/import/") || path.ends_with("/_api/restql/import"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read() {
        let f = Failures::from_header(r#"{"1210":3,"1202":1}"#).unwrap();
        assert_eq!(f.count(), 4);
        assert_eq!(
            f.sentence(Some(100)),
            "4 of 100 failed: 1202 document not found (1), 1210 unique constraint (3)"
        );
        let same = Failures::from_header("1210:3, 1202:1").unwrap();
        assert_eq!(same, f);
        let most = u64::MAX;
        for many in [
            format!("1210:{most},1202:2"),
            format!(r#"{{"1":{most},"2":{most}}}"#),
        ] {
            assert_eq!(Failures::from_header(&many).unwrap().count(), most);
        }
        for none in ["", "{}", "[1]", "x", "1210", "a:1", r#"{"1210":0}"#] {
            assert_eq!(Failures::from_header(none), None, "{none}");
        }
    }

    #[test]
    fn imports_are_known_by_their_path() {
        assert!(is_import("POST", "/_fabric/x/_api/import/c?a=b"));
        assert!(is_import("POST", "/_fabric/x/_api/restql/import"));
        assert!(!is_import("GET", "/_fabric/x/_api/import/c"));
        assert!(!is_import("POST", "/_fabric/x/_api/document/c"));
    }
}
