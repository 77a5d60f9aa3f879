//! Lists of Macrometa that come in pages: cursors of queries and query workers, and offset lists.
//!
//! A cursor gives each page once; the last page has no `id` (recorded from the service), so it is
//! remembered as part of the path that was asked. A page may be empty and yet not the last.
//! Offset lists give neither a total nor whether more follow: the first short page is the last.

use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use crate::secret::PARAMETER;
use crate::service::page::{Asked, Next, Tail, Way};

/// Where a cursor's pages are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Below `cursor/`.
    Cursor,
    /// Below `restql/fetch/`: query workers.
    Worker,
}

/// The largest pages of key-value lists and of `export`; without a limit a page has 20 items.
const LARGEST_KV: u64 = 100;
const LARGEST_EXPORT: u64 = 1000;
const USUAL: u64 = 20;

/// Returns the way a call pages.
#[must_use]
pub fn way(asked: &Asked<'_>) -> Option<Way> {
    let (_, route) = split(asked.path);
    match (asked.method, &route[..]) {
        ("POST", ["cursor"] | ["cursor", "sql"]) => Some(Way::Cursor(Reader::Cursor)),
        ("POST", ["restql", "execute", _]) => Some(Way::Cursor(Reader::Worker)),
        // A body lists the keys that are wanted, at most a page of them.
        ("POST", ["kv", _, "values"]) if asked.has_body => None,
        ("GET", ["kv", _, "keys"]) | ("POST", ["kv", _, "values"]) => Some(Way::Offset(LARGEST_KV)),
        ("GET", ["export", _]) => Some(Way::Offset(LARGEST_EXPORT)),
        _ => None,
    }
}

/// Splits a path into what stands before the route (`/_fabric/x/_api`) and the route's segments.
/// The service takes paths without `/_api`, too, and with its tenant in front (recorded).
pub(super) fn split(path: &str) -> (&str, Vec<&str>) {
    let mut rest = path.trim_end_matches('/');
    for (prefix, names_one) in [("/_tenant/", true), ("/_fabric/", true), ("/_api", false)] {
        let Some(after) = rest.strip_prefix(prefix) else {
            continue;
        };
        rest = match after.find('/') {
            Some(at) if names_one => &after[at..],
            Some(0) => after,
            _ => rest,
        };
    }
    let before = &path[..path.trim_end_matches('/').len() - rest.len()];
    (before, rest.split('/').skip(1).collect())
}

impl Reader {
    /// Returns the next page of a cursor.
    pub fn next(self, asked: &Asked<'_>, tail: &Tail) -> Result<Option<Next>, &'static str> {
        match tail.member("hasMore") {
            Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => return Ok(None),
            // A query worker that writes responds without.
            None if self == Self::Worker && asked.method == "POST" => return Ok(None),
            _ => return Err("the page does not say whether more follow (`hasMore`)"),
        }
        match id(asked, tail) {
            Some(id) => Ok(Some(Next::Once(self.path(asked, &id)))),
            None => Err("more pages follow, but the page does not name its cursor (`id`)"),
        }
    }

    /// Returns the path of a cursor that is not known to be at its end. Cursors of query workers
    /// are the same kind and lie below `cursor/` for this; `restql/fetch/` knows no DELETE.
    #[must_use]
    pub fn held(self, asked: &Asked<'_>, tail: &Tail) -> Option<String> {
        if tail.member("hasMore") == Some(&Value::Bool(false)) {
            return None;
        }
        let id = id(asked, tail)?;
        Some(Self::Cursor.path(asked, &id))
    }

    fn path(self, asked: &Asked<'_>, id: &str) -> String {
        let (before, _) = split(asked.path);
        match self {
            Self::Cursor => format!("{before}/cursor/{id}"),
            Self::Worker => format!("{before}/restql/fetch/{id}"),
        }
    }
}

/// Returns the encoded id of a cursor: the page's own, else that of the path it was asked with.
fn id(asked: &Asked<'_>, tail: &Tail) -> Option<String> {
    let encoded = |id: &str| utf8_percent_encode(id, PARAMETER).to_string();
    // A path cannot have the segments `.` and `..`, however they are encoded.
    if let Some(id) = &tail.id
        && !matches!(id.as_str(), "" | "." | "..")
    {
        return Some(encoded(id));
    }
    match &split(asked.path).1[..] {
        ["cursor", id] | ["restql", "fetch", id] if asked.method == "PUT" => Some((*id).to_owned()),
        _ => None,
    }
}

/// Returns the next page of an offset list whose pages hold at most `largest` items.
///
/// A server may give fewer than a limit above the largest page; such a page is not short.
pub fn next_offset(
    asked: &Asked<'_>,
    tail: &Tail,
    largest: u64,
) -> Result<Option<Next>, &'static str> {
    let limit = asked.number("limit").filter(|n| *n > 0).unwrap_or(USUAL);
    if tail.items > limit {
        return Err(
            "the page holds more than was asked for, so its place in the list is not known",
        );
    }
    if tail.items < limit.min(largest) || tail.items == 0 {
        return Ok(None);
    }
    let offset = asked.number("offset").unwrap_or(0) + tail.items;
    Ok(Some(Next::With("offset", offset.to_string())))
}

/// Returns what a success says of its own failure (`"error":true`): the status it means.
#[must_use]
pub fn failed(tail: &Tail) -> Option<u16> {
    if tail.member("error") != Some(&Value::Bool(true)) {
        return None;
    }
    let code = tail.member("code").and_then(Value::as_u64);
    Some(code.and_then(|c| u16::try_from(c).ok()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::page::tests::{asked, tail};

    #[test]
    fn calls_that_page() {
        let cursor = Some(Way::Cursor(Reader::Cursor));
        let worker = Some(Way::Cursor(Reader::Worker));
        for (line, want) in [
            ("POST /_fabric/x/_api/cursor", cursor),
            ("POST /_fabric/x/_api/cursor/", cursor),
            ("POST /_fabric/x/cursor", cursor),
            ("POST /_tenant/t/_fabric/x/_api/cursor/sql", cursor),
            ("POST /_fabric/x/_api/restql/execute/w", worker),
            ("GET /_fabric/x/_api/kv/c/keys", Some(Way::Offset(100))),
            ("POST /_fabric/x/_api/kv/c/values", Some(Way::Offset(100))),
            ("GET /_fabric/x/_api/export/c", Some(Way::Offset(1000))),
            ("GET /_api/export/c", Some(Way::Offset(1000))),
            ("GET /_fabric/x/_api/cursor", None),
            ("PUT /_fabric/x/_api/cursor/7", None),
            ("POST /_fabric/x/_api/export", None),
            ("GET /_fabric/x/_api/document/cursor", None),
            ("POST /_fabric/x/_api/document/cursor", None),
            ("POST /_fabric/cursor", None),
            ("GET /", None),
        ] {
            assert_eq!(way(&asked(line)), want, "{line}");
        }
        let mut keys = asked("POST /_fabric/x/_api/kv/c/values");
        keys.has_body = true;
        assert_eq!(way(&keys), None);
    }

    #[test]
    fn cursors_go_on_by_their_id() {
        let more = r#"{"hasMore":true,"id":"7/é"}"#;
        for (reader, line, items, rest, want) in [
            (
                Reader::Cursor,
                "POST /_fabric/x/_api/cursor/sql",
                1,
                more,
                Some("/_fabric/x/_api/cursor/7%2F%C3%A9"),
            ),
            (
                Reader::Worker,
                "POST /_fabric/x/_api/restql/execute/w",
                0,
                more,
                Some("/_fabric/x/_api/restql/fetch/7%2F%C3%A9"),
            ),
            (
                Reader::Worker,
                "PUT /_fabric/x/_api/restql/fetch/9",
                0,
                r#"{"hasMore":true}"#,
                Some("/_fabric/x/_api/restql/fetch/9"),
            ),
            (
                Reader::Cursor,
                "PUT /_fabric/x/_api/cursor/a%2Fb",
                0,
                r#"{"hasMore":true,"id":12}"#,
                Some("/_fabric/x/_api/cursor/12"),
            ),
            (
                Reader::Cursor,
                "POST /_fabric/x/_api/cursor",
                0,
                r#"{"hasMore":true,"id":12345678901234567890123}"#,
                Some("/_fabric/x/_api/cursor/12345678901234567890123"),
            ),
            (
                Reader::Cursor,
                "POST /_fabric/x/_api/cursor",
                0,
                r#"{"id":1,"hasMore":true,"id":-1.50e2}"#,
                Some("/_fabric/x/_api/cursor/-1.50e2"),
            ),
            (
                Reader::Cursor,
                "PUT /_fabric/x/_api/cursor/a%2Fb",
                0,
                r#"{"hasMore":true}"#,
                Some("/_fabric/x/_api/cursor/a%2Fb"),
            ),
            (
                Reader::Cursor,
                "PUT /_fabric/x/_api/cursor/7",
                0,
                r#"{"hasMore":true,"id":".."}"#,
                Some("/_fabric/x/_api/cursor/7"),
            ),
            (
                Reader::Cursor,
                "PUT /_fabric/x/_api/cursor/7",
                3,
                r#"{"hasMore":false}"#,
                None,
            ),
            (
                Reader::Worker,
                "POST /_fabric/x/_api/restql/execute/w",
                0,
                "{}",
                None,
            ),
        ] {
            let next = reader.next(&asked(line), &tail(items, rest)).unwrap();
            assert_eq!(
                next,
                want.map(|w| Next::Once(w.to_owned())),
                "{line} {rest}"
            );
        }
        for (line, rest) in [
            ("POST /_fabric/x/_api/cursor", r#"{"hasMore":true}"#),
            ("POST /_fabric/x/_api/cursor", r#"{"hasMore":true,"id":""}"#),
            ("POST /_fabric/x/_api/cursor", r#"{"hasMore":1,"id":"7"}"#),
            ("PUT /_fabric/x/_api/cursor/7", r#"{"id":"7"}"#),
            ("PUT /_fabric/x/_api/cursor/7", "[]"),
        ] {
            let next = Reader::Cursor.next(&asked(line), &tail(0, rest));
            assert!(next.is_err(), "{line} {rest}");
        }
    }

    #[test]
    fn only_an_open_cursor_is_held() {
        let put = asked("PUT /_fabric/x/_api/restql/fetch/7");
        for (rest, want) in [
            (r#"{"hasMore":true}"#, Some("/_fabric/x/_api/cursor/7")),
            (
                r#"{"hasMore":true,"id":"8"}"#,
                Some("/_fabric/x/_api/cursor/8"),
            ),
            (r#"{"hasMore":false,"id":"8"}"#, None),
            ("{}", Some("/_fabric/x/_api/cursor/7")),
        ] {
            assert_eq!(Reader::Worker.held(&put, &tail(0, rest)).as_deref(), want);
        }
        let post = asked("POST /_fabric/x/_api/restql/execute/w");
        assert_eq!(Reader::Worker.held(&post, &tail(0, "{}")), None);
    }

    #[test]
    fn offsets_go_on_until_a_short_page() {
        for (line, items, want) in [
            ("GET /k?limit=100", 100, Some("100")),
            ("GET /k?limit=100&offset=100", 100, Some("200")),
            ("GET /k?limit=100&offset=200", 99, None),
            ("GET /k?limit=100&offset=200", 0, None),
            ("GET /k", 20, Some("20")),
            ("GET /k", 19, None),
            // Above the largest page a server may give less than the limit.
            ("GET /k?limit=500", 100, Some("100")),
            ("GET /k?limit=500", 500, Some("500")),
            ("GET /k?limit=500", 99, None),
            ("GET /k?limit=0", 19, None),
            ("GET /k?limit=0", 20, Some("20")),
        ] {
            let next = next_offset(&asked(line), &tail(items, "{}"), 100).unwrap();
            let want = want.map(|w| Next::With("offset", w.to_owned()));
            assert_eq!(next, want, "{line} {items}");
        }
        assert!(next_offset(&asked("GET /k?limit=5"), &tail(6, "{}"), 100).is_err());
    }

    #[test]
    fn an_envelope_can_be_a_failure() {
        assert_eq!(failed(&tail(0, r#"{"error":true,"code":404}"#)), Some(404));
        assert_eq!(failed(&tail(0, r#"{"error":true}"#)), Some(0));
        assert_eq!(failed(&tail(0, r#"{"error":false,"code":200}"#)), None);
        assert_eq!(failed(&tail(0, r#"{"error":"true"}"#)), None);
    }
}
