//! Bulk import: its requests and its responses. Pure.
//!
//! `POST …/_api/import/COLLECTION {"data":[…],"details":true,"primaryKey":…,"replace":…}` returns
//! 200 with counts, and names each refused document in `details.errors` by a message that begins
//! with its position (`3: …`, from 1; recorded from the service). What could not even be tried is
//! listed in `details.unprocessed`. The document of its API leaves the form of `details` open, so other
//! forms that name a document or its place are understood as well.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::partial::Failures;

/// The most documents of one call.
pub const MOST: u64 = 10_000;

/// The error number of a key, or unique value, that another document has.
pub const TAKEN: u64 = 1210;

/// The error number of a body that the server cannot parse: a number beyond its range, half of a
/// surrogate pair.
pub const CORRUPT: u64 = 600;

/// Returns whether a status refuses a call for what it carries, so that another content may pass:
/// malformed, too large, or not to be processed.
#[must_use]
pub fn is_of_content(status: u16) -> bool {
    matches!(status, 400 | 413 | 422)
}

/// The most rows of a cursor's page, and so of a look-up.
pub const PAGE: usize = 1000;

/// How a call stores its documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Whether a document takes the place of another with its key.
    pub replace: bool,
    /// The member whose value becomes the key.
    pub primary_key: Option<String>,
}

/// A document that was not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The document's place in the call, from 0; `None` where the response does not name it.
    pub position: Option<usize>,
    /// The error number; `None` where there is none.
    pub number: Option<u64>,
    /// Why.
    pub message: String,
    /// The document as the response quotes it, where it does not name its place.
    pub document: Option<Vec<u8>>,
}

/// What a response counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Documents that were stored: created, replaced or updated.
    pub stored: u64,
    /// The documents that were not stored.
    pub refused: Vec<Refused>,
}

impl Manner {
    /// Returns the body of a call for documents, each a JSON text.
    #[must_use]
    pub fn body<'a>(&self, documents: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
        let mut body = b"{\"data\":[".to_vec();
        for (at, document) in documents.enumerate() {
            if at > 0 {
                body.push(b',');
            }
            body.extend_from_slice(document);
        }
        let key = json!(self.primary_key.as_deref().unwrap_or("_key"));
        let rest = format!(
            "],\"details\":true,\"primaryKey\":{key},\"replace\":{}}}",
            self.replace
        );
        body.extend_from_slice(rest.as_bytes());
        body
    }

    /// Returns the key that a document brings along.
    #[must_use]
    pub fn key(&self, document: &Map<String, Value>) -> Option<String> {
        let primary = self
            .primary_key
            .as_ref()
            .and_then(|name| document.get(name));
        match primary.or_else(|| document.get("_key"))? {
            Value::String(key) if !key.is_empty() => Some(key.clone()),
            Value::Number(key) => Some(key.to_string()),
            _ => None,
        }
    }

    /// Returns whether a stored document is what a sent one becomes.
    #[must_use]
    pub fn is_stored(&self, sent: &Map<String, Value>, stored: &Map<String, Value>) -> bool {
        // The member that becomes the key may stay what it is, or not.
        let is_own = |name: &str| {
            matches!(name, "_key" | "_id" | "_rev")
                || (name == "old_key" && self.primary_key.is_some())
                || self.primary_key.as_deref() == Some(name)
        };
        let members = |map: &Map<String, Value>| map.keys().filter(|name| !is_own(name)).count();
        members(sent) == members(stored)
            && sent
                .iter()
                .filter(|(name, _)| !is_own(name))
                .all(|(name, value)| stored.get(name).is_some_and(|other| same(value, other)))
    }
}

/// Returns whether two values are equal; a number may be written in another way.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len()
                && x.iter()
                    .all(|(name, value)| y.get(name).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}

/// Returns the body of the query that looks documents up by their keys.
#[must_use]
pub fn look_up(collection: &str, keys: &[String]) -> Vec<u8> {
    json!({
        "query": "FOR d IN @@c FILTER d._key IN @keys RETURN d",
        "bindVars": {"@c": collection, "keys": keys},
        "batchSize": PAGE,
    })
    .to_string()
    .into_bytes()
}

/// Returns the body of the query for the taken ones among some keys.
#[must_use]
pub fn present(collection: &str, keys: &[String]) -> Vec<u8> {
    json!({
        "query": "FOR d IN @@c FILTER d._key IN @keys RETURN {_key: d._key}",
        "bindVars": {"@c": collection, "keys": keys},
        "batchSize": PAGE,
    })
    .to_string()
    .into_bytes()
}

/// Reads the response to a call with `sent` documents, whose head counts `failures`. `None` where it
/// counts nothing, or other numbers of documents than were sent.
///
/// A response that refuses ten thousand documents repeats each of them, so no value is made of the
/// whole.
#[must_use]
pub fn read(body: &[u8], failures: &Failures, sent: u64) -> Option<Counted> {
    let response: Members<'_> = serde_json::from_slice(body).ok()?;
    let result = match inner::<Members<'_>>(&response, "result") {
        Some(result) => result,
        None => response,
    };
    let number = |name: &str| inner::<u64>(&result, name);
    let errors = number("errors")?;
    let failed = errors.checked_add(number("unprocessed").unwrap_or(0))?;
    let stored = ["created", "updated", "ignored", "empty"]
        .into_iter()
        .filter_map(number)
        .try_fold(0_u64, u64::checked_add)?;
    if stored.checked_add(failed)? != sent {
        return None;
    }
    // What only the head counts has failed as well.
    let unnamed = failures.count().saturating_sub(failed).min(stored);
    let (stored, errors) = (stored - unnamed, errors + unnamed);
    let failed = failed + unnamed;
    let details = inner::<Members<'_>>(&result, "details").unwrap_or_default();
    let list = |name: &str| inner::<Vec<&RawValue>>(&details, name).unwrap_or_default();
    let mut listed = list("errors");
    if details.is_empty() {
        listed = inner(&result, "details").unwrap_or_default();
    }
    let mut refused: Vec<Refused> = listed
        .iter()
        .map(|error| read_refused(error, sent))
        .collect();
    resize(&mut refused, errors, "the response does not say why");
    number_all(&mut refused, failures);
    let mut untried: Vec<Refused> = list("unprocessed")
        .iter()
        .map(|d| read_untried(d))
        .collect();
    resize(&mut untried, failed - errors, "unprocessed");
    refused.extend(untried);
    // Where all failed, each has its place, reported or not.
    let is_bare = |r: &Refused| r.position.is_none() && r.document.is_none();
    if errors == sent && refused.iter().all(is_bare) {
        for (at, refused) in refused.iter_mut().enumerate() {
            refused.position = Some(at);
        }
    }
    Some(Counted { stored, refused })
}

/// Returns what a response says of itself, where it is an error in spite of its status.
#[must_use]
pub fn message(body: &[u8]) -> Option<String> {
    let response: Members<'_> = serde_json::from_slice(body).ok()?;
    inner(&response, "errorMessage").or_else(|| inner(&response, "message"))
}

/// Returns the error number of a response.
#[must_use]
pub fn number(body: &[u8]) -> Option<u64> {
    let response: Members<'_> = serde_json::from_slice(body).ok()?;
    inner(&response, "errorNum")
}

/// Pads or truncates `refused` to `count`.
fn resize(refused: &mut Vec<Refused>, count: u64, reason: &str) {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    refused.resize_with(count, || Refused {
        position: None,
        number: None,
        message: reason.to_owned(),
        document: None,
    });
}

/// Gives those without a number those that the head counts and the body leaves out: any, where
/// nothing says which document it is; else only the one that it must be.
fn number_all(refused: &mut [Refused], failures: &Failures) {
    let listed = |number| refused.iter().filter(|r| r.number == Some(number)).count() as u64;
    let mut left: Vec<(u64, u64)> = failures
        .by_number()
        .map(|(number, count)| (number, count.saturating_sub(listed(number))))
        .filter(|(_, count)| *count > 0)
        .collect();
    let without = refused.iter().filter(|r| r.number.is_none()).count() as u64;
    let is_plain = matches!(left[..], [(_, count)] if count == without);
    for refused in refused.iter_mut().filter(|r| r.number.is_none()) {
        let is_nameless = refused.position.is_none() && refused.document.is_none();
        let Some((number, count)) = left.last_mut().filter(|_| is_plain || is_nameless) else {
            continue;
        };
        refused.number = Some(*number);
        *count -= 1;
        if *count == 0 {
            left.pop();
        }
    }
}

/// The members of an object, their values as they are written.
type Members<'a> = HashMap<String, &'a RawValue>;

/// Returns a member's value, where it is of the kind that is wanted.
fn inner<'a, T: Deserialize<'a>>(members: &Members<'a>, name: &str) -> Option<T> {
    serde_json::from_str(members.get(name)?.get()).ok()
}

fn read_refused(error: &RawValue, sent: u64) -> Refused {
    let members: Members<'_> = serde_json::from_str(error.get()).unwrap_or_default();
    // A bare text is the message itself.
    let message = serde_json::from_str::<String>(error.get()).ok();
    let message = message
        .or_else(|| inner(&members, "errorMessage"))
        .or_else(|| inner(&members, "message"))
        .unwrap_or_default();
    let (position, message) = positioned(&message, sent);
    let document = members.get("document").filter(|_| position.is_none());
    Refused {
        position,
        number: inner(&members, "errorNumber").or_else(|| inner(&members, "errorNum")),
        message: message.to_owned(),
        document: document.map(|d| d.get().as_bytes().to_vec()),
    }
}

/// Returns the place that a message begins with, from 0, and what follows: `3: …` counts from 1,
/// `at position 3: …` from 0, as the database does that the service grew out of.
fn positioned(message: &str, sent: u64) -> (Option<usize>, &str) {
    let (listed, first) = match message.strip_prefix("at position ") {
        Some(listed) => (listed, 0),
        None => (message, 1),
    };
    if let Some((at, rest)) = listed.split_once(": ")
        && let Ok(at) = at.parse::<u64>()
        && let Some(at) = at.checked_sub(first)
        && at < sent
    {
        return (usize::try_from(at).ok(), rest);
    }
    (None, message)
}

fn read_untried(document: &RawValue) -> Refused {
    let is_object = document.get().starts_with('{');
    Refused {
        position: None,
        number: None,
        message: "unprocessed".to_owned(),
        document: is_object.then(|| document.get().as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manner(replace: bool, primary_key: Option<&str>) -> Manner {
        Manner {
            replace,
            primary_key: primary_key.map(str::to_owned),
        }
    }

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn bodies() {
        let documents: [&[u8]; 2] = [b"{\"n\":1.10}", b"{}"];
        assert_eq!(
            manner(true, Some("i\"d")).body(documents.into_iter()),
            br#"{"data":[{"n":1.10},{}],"details":true,"primaryKey":"i\"d","replace":true}"#
        );
        assert_eq!(
            manner(false, None).body([].into_iter()),
            br#"{"data":[],"details":true,"primaryKey":"_key","replace":false}"#
        );
    }

    #[test]
    fn keys() {
        for (primary, text, want) in [
            (None, r#"{"_key":"a"}"#, Some("a")),
            (None, r#"{"id":"a"}"#, None),
            (None, r#"{"_key":""}"#, None),
            (Some("id"), r#"{"id":"a","_key":"b"}"#, Some("a")),
            (Some("id"), r#"{"id":7}"#, Some("7")),
            (Some("id"), r#"{"_key":"b"}"#, Some("b")),
            (Some("id"), r#"{"id":[1]}"#, None),
        ] {
            assert_eq!(manner(false, primary).key(&object(text)).as_deref(), want);
        }
    }

    #[test]
    fn stored_documents_are_known_again() {
        for (primary, sent, stored, want) in [
            (
                None,
                r#"{"_key":"a","n":1}"#,
                r#"{"_id":"c/a","_key":"a","_rev":"x","n":1.0}"#,
                true,
            ),
            (
                None,
                r#"{"_key":"a","n":1}"#,
                r#"{"_key":"a","n":2}"#,
                false,
            ),
            (None, r#"{"_key":"a"}"#, r#"{"_key":"a","n":2}"#, false),
            (
                None,
                r#"{"_key":"a","n":[{"b":1,"c":2}]}"#,
                r#"{"_key":"a","n":[{"c":2,"b":1}]}"#,
                true,
            ),
            (
                None,
                r#"{"_key":"a","n":[1,2]}"#,
                r#"{"_key":"a","n":[2,1]}"#,
                false,
            ),
            (
                Some("id"),
                r#"{"id":"a","_key":"b"}"#,
                r#"{"id":"a","_key":"a","old_key":"b"}"#,
                true,
            ),
        ] {
            let manner = manner(false, primary);
            assert_eq!(
                manner.is_stored(&object(sent), &object(stored)),
                want,
                "{sent} {stored}"
            );
        }
    }

    #[test]
    fn responses() {
        let refused = |position, number, message: &str| Refused {
            position,
            number,
            message: message.to_owned(),
            document: None,
        };
        let shown = |text: &str, refused: Refused| Refused {
            document: Some(text.as_bytes().to_vec()),
            ..refused
        };
        let none = Failures::default();
        let one = Failures::from_header(r#"{"1210":1}"#).unwrap();
        let two = Failures::from_header("1221:1,1210:1").unwrap();
        for (body, header, stored, want) in [
            (r#"{"result":{"created":3,"errors":0}}"#, &none, 3, vec![]),
            (
                r#"{"result":{"created":1,"errors":1,"unprocessed":1,"details":{"errors":[{"document":{},"errorNumber":1210,"errorMessage":"2: taken: x"}],"unprocessed":[7]}}}"#,
                &one,
                1,
                vec![
                    refused(Some(1), Some(1210), "taken: x"),
                    refused(None, None, "unprocessed"),
                ],
            ),
            (
                r#"{"created":2,"errors":1,"details":{"errors":["9: far"]}}"#,
                &none,
                2,
                vec![refused(None, None, "9: far")],
            ),
            (
                r#"{"created":2,"errors":1}"#,
                &none,
                2,
                vec![refused(None, None, "the response does not say why")],
            ),
            // The head says what the body leaves out.
            (
                r#"{"created":2,"errors":1}"#,
                &one,
                2,
                vec![refused(None, Some(1210), "the response does not say why")],
            ),
            (
                r#"{"created":3,"errors":0}"#,
                &two,
                1,
                vec![
                    refused(None, Some(1221), "the response does not say why"),
                    refused(None, Some(1210), "the response does not say why"),
                ],
            ),
            (
                r#"{"created":2,"errors":1,"details":["at position 2: taken"]}"#,
                &none,
                2,
                vec![refused(Some(2), None, "taken")],
            ),
            (
                r#"{"created":1,"errors":1,"unprocessed":1,"details":{"errors":[{"document":{"_key":"b"},"errorNum":1210,"message":"taken"}],"unprocessed":[{"n":1}]}}"#,
                &none,
                1,
                vec![
                    shown(r#"{"_key":"b"}"#, refused(None, Some(1210), "taken")),
                    shown(r#"{"n":1}"#, refused(None, None, "unprocessed")),
                ],
            ),
            (
                r#"{"created":0,"errors":3,"details":["a","b"]}"#,
                &none,
                0,
                vec![
                    refused(Some(0), None, "a"),
                    refused(Some(1), None, "b"),
                    refused(Some(2), None, "the response does not say why"),
                ],
            ),
        ] {
            let counted = read(body.as_bytes(), header, 3).unwrap();
            assert_eq!((counted.stored, counted.refused), (stored, want), "{body}");
        }
        for body in [
            "",
            "[]",
            r#"{"created":3}"#,
            r#"{"created":3,"errors":1}"#,
            r#"{"created":2,"errors":18446744073709551615,"unprocessed":2}"#,
            r#"{"created":18446744073709551615,"updated":4,"errors":0}"#,
        ] {
            assert_eq!(read(body.as_bytes(), &none, 3), None, "{body}");
        }
    }
}
