//! `GET events/?op=query`, the one list of MAAS that comes in pages.
//!
//! Without `after` the first page is the newest and `prev_uri` leads to older ones until it is
//! null. `next_uri` leads to newer ones and is never null; on an empty page it drops `after` and
//! starts over (observed), so it is followed only from pages that hold something. A page that is
//! shorter than its `limit` is no end in either direction: a server may give fewer.

use crate::service::page::{Asked, Next, Tail};

/// The most events of one page.
pub const LARGEST: u64 = 1000;

/// Returns whether a call lists events.
#[must_use]
pub fn is_events(asked: &Asked<'_>) -> bool {
    let by_path = asked.path.ends_with("/events/op-query");
    let by_query = asked.path.ends_with("/events/") && asked.parameter("op") == Some("query");
    asked.method == "GET" && (by_path || by_query)
}

/// Returns the next page of events: older ones, or newer ones where `after` was given.
pub fn next(asked: &Asked<'_>, tail: &Tail) -> Result<Option<Next>, &'static str> {
    let forward = asked.parameter("after").is_some();
    let (name, lacking) = if forward {
        (
            "next_uri",
            "the page has no link to the next one (`next_uri`)",
        )
    } else {
        (
            "prev_uri",
            "the page has no link to the one before (`prev_uri`)",
        )
    };
    match tail.member(name) {
        None => Err(lacking),
        Some(serde_json::Value::Null) if !forward => Ok(None),
        // Nothing lies behind nothing, whatever a link says.
        _ if tail.items == 0 => Ok(None),
        Some(serde_json::Value::String(link)) => Ok(Some(Next::Link(with_op(link)))),
        Some(_) => Err(lacking),
    }
}

/// Adds the operation that the links of `…/op-query` have lost, as it was no parameter (observed).
fn with_op(link: &str) -> String {
    let query = link.split_once('?').map_or("", |(_, query)| query);
    if query.split('&').any(|pair| pair.starts_with("op=")) {
        return link.to_owned();
    }
    let separator = if link.contains('?') { '&' } else { '?' };
    format!("{link}{separator}op=query")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::page::tests::{asked, tail};

    #[test]
    fn only_events_page() {
        for (line, yes) in [
            ("GET /MAAS/api/2.0/events/?op=query", true),
            ("GET /x/MAAS/api/2.0/events/?op=query&level=INFO", true),
            ("GET /MAAS/api/2.0/events/op-query?level=INFO", true),
            ("POST /MAAS/api/2.0/events/?op=query", false),
            ("GET /MAAS/api/2.0/events/", false),
            ("GET /MAAS/api/2.0/machines/?op=query", false),
        ] {
            assert_eq!(is_events(&asked(line)), yes, "{line}");
        }
    }

    #[test]
    fn back_to_the_oldest_or_forward_to_the_newest() {
        let links = r#"{"next_uri":"/n?op=query&after=9","prev_uri":"/p?op=query&before=1"}"#;
        let oldest = r#"{"next_uri":"/n?op=query","prev_uri":null}"#;
        let back = Some("/p?op=query&before=1");
        let forward = Some("/n?op=query&after=9");
        for (line, items, rest, want) in [
            ("GET /e/?op=query&limit=2", 2, links, back),
            ("GET /e/?op=query&limit=2", 1, links, back),
            ("GET /e/?op=query&limit=2", 0, links, None),
            ("GET /e/?op=query&limit=2", 2, oldest, None),
            ("GET /e/?op=query&before=5", 100, links, back),
            ("GET /e/?op=query&before=5", 3, links, back),
            ("GET /e/?op=query&before=5", 0, oldest, None),
            ("GET /e/?op=query&limit=2&after=0", 2, links, forward),
            ("GET /e/?op=query&limit=2&after=0", 1, links, forward),
            ("GET /e/?op=query&limit=2&after=0", 0, links, None),
        ] {
            let next = next(&asked(line), &tail(items, rest)).unwrap();
            let want = want.map(|w| Next::Link(w.to_owned()));
            assert_eq!(next, want, "{line} {items}");
        }
        for (line, rest) in [
            ("GET /e/?op=query&limit=2", r#"{"next_uri":"/n"}"#),
            ("GET /e/?op=query&limit=2", r#"{"prev_uri":7}"#),
            ("GET /e/?op=query&limit=2&after=1", r#"{"prev_uri":"/p"}"#),
            ("GET /e/?op=query&limit=2", "[]"),
        ] {
            assert!(next(&asked(line), &tail(2, rest)).is_err(), "{line} {rest}");
        }
    }

    #[test]
    fn a_lost_operation_is_added() {
        for (link, want) in [
            ("/e/?limit=2&before=1", "/e/?limit=2&before=1&op=query"),
            ("/e/", "/e/?op=query"),
            ("/e/?op=query&before=1", "/e/?op=query&before=1"),
        ] {
            assert_eq!(with_op(link), want);
        }
    }
}
