//! Reads the members of an object as values, for what the program looks at itself.
//!
//! Never used to print: values lose the spelling of numbers.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Reads an object. A member that no value can hold (`1e400`, half a surrogate pair) is its text, so
/// that it hides none of the others; `None` where the text is no object.
#[must_use]
pub fn members(text: &[u8]) -> Option<Map<String, Value>> {
    if let Ok(members) = serde_json::from_slice(text) {
        return Some(members);
    }
    let raw: BTreeMap<String, &RawValue> = serde_json::from_slice(text).ok()?;
    let value =
        |raw: &RawValue| serde_json::from_str(raw.get()).unwrap_or_else(|_| Value::from(raw.get()));
    let members = raw.into_iter().map(|(name, raw)| (name, value(raw)));
    Some(members.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_value_holds_hides_nothing() {
        let read = members(br#"{"_key":"a","n":1e400,"s":"\ud800","o":{"x":1e999}}"#).unwrap();
        assert_eq!(read["_key"], "a");
        assert_eq!(read["n"], "1e400");
        assert_eq!(read["s"], r#""\ud800""#);
        assert_eq!(read["o"], r#"{"x":1e999}"#);
        assert_eq!(members(br#"{"n":1}"#).unwrap()["n"], 1);
        for text in ["", "[]", "{", "7"] {
            assert_eq!(members(text.as_bytes()), None, "{text}");
        }
    }
}
