//! Lists that come in pages: which calls have them, and how each continues.
//!
//! Pure: the call that was made and what came with its page go in, the way to the next page comes
//! out. Every state lies in those two (a link, an offset in the query, a cursor's id in the path),
//! so that a way to page is a function and not an object. Nothing here knows threads or output.

use std::collections::HashMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::members::members;

use super::{Service, maas, macrometa};

/// A call as it was made.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, encoded.
    pub path: &'a str,
    /// The decoded parameters of the query.
    pub query: Vec<(String, String)>,
    /// Whether it has a body.
    pub has_body: bool,
}

impl Asked<'_> {
    /// Returns the first parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Returns a parameter that is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok()
    }
}

/// A page without its elements.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    /// The number of elements.
    pub items: u64,
    /// The rest of the envelope, or an object that is none; `None` where there was no object.
    pub rest: Option<Map<String, Value>>,
    /// The member `id`, as it is written: of a number, every digit.
    pub id: Option<String>,
}

impl Tail {
    /// Reads the text of an envelope.
    #[must_use]
    pub fn read(items: u64, rest: Option<&[u8]>) -> Self {
        let rest = rest.unwrap_or_default();
        Self {
            items,
            rest: members(rest),
            id: serde_json::from_slice::<HashMap<String, &RawValue>>(rest)
                .ok()
                .and_then(|members| text_of(members.get("id")?)),
        }
    }

    /// Returns a member of the envelope.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.rest.as_ref()?.get(name)
    }
}

/// Returns the text of a string, or of a number as it is written.
fn text_of(value: &RawValue) -> Option<String> {
    let text = value.get();
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok(),
        b'-' | b'0'..=b'9' => Some(text.to_owned()),
        _ => None,
    }
}

/// The ways in which a list is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// MAAS's events: by links.
    Events,
    /// Macrometa's cursors: by their id, each page once.
    Cursor(macrometa::page::Reader),
    /// Lists with an offset, whose pages hold at most so many items.
    Offset(u64),
}

/// How to ask for the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// By a link of the server, which has to lie within the origin.
    Link(String),
    /// By the same call with another value of a query parameter.
    With(&'static str, String),
    /// By a PUT without a body to this path, which is never retried.
    Once(String),
}

/// Returns the way a call pages; `None` where its response is all there is.
#[must_use]
pub fn way(service: Service, asked: &Asked<'_>) -> Option<Way> {
    match service {
        Service::Maas => maas::page::is_events(asked).then_some(Way::Events),
        Service::Macrometa => macrometa::page::way(asked),
    }
}

/// Returns what a success says of its own failure (`"error":true`): the status it means, 0 where it
/// names none.
#[must_use]
pub fn failed(service: Service, tail: &Tail) -> Option<u16> {
    match service {
        Service::Maas => None,
        Service::Macrometa => macrometa::page::failed(tail),
    }
}

impl Way {
    /// Returns the parameters that the first call lacks: the largest page, or `most` where fewer
    /// items are wanted. A limit of the user's own stays.
    #[must_use]
    pub fn first(self, asked: &Asked<'_>, most: Option<u64>) -> Vec<(&'static str, String)> {
        let largest = match self {
            Self::Events => maas::page::LARGEST,
            Self::Offset(largest) => largest,
            // The size of a cursor's pages stands in the query's body, which is the user's.
            Self::Cursor(_) => return Vec::new(),
        };
        if asked.parameter("limit").is_some() {
            return Vec::new();
        }
        let limit = most.map_or(largest, |most| most.min(largest));
        vec![("limit", limit.to_string())]
    }

    /// Returns the way to the next page, or `None` at the end. Fails where it is unknown whether
    /// the list is complete: the message says what the page lacks.
    pub fn next(self, asked: &Asked<'_>, tail: &Tail) -> Result<Option<Next>, &'static str> {
        match self {
            Self::Events => maas::page::next(asked, tail),
            Self::Cursor(reader) => reader.next(asked, tail),
            Self::Offset(largest) => macrometa::page::next_offset(asked, tail, largest),
        }
    }

    /// Returns the path whose DELETE frees what the server keeps for the next page.
    #[must_use]
    pub fn held(self, asked: &Asked<'_>, tail: &Tail) -> Option<String> {
        match self {
            Self::Cursor(reader) => reader.held(asked, tail),
            Self::Events | Self::Offset(_) => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns a call as a request line has it.
    pub fn asked(line: &str) -> Asked<'_> {
        let (method, target) = line.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Asked {
            method,
            path,
            query: query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect(),
            has_body: false,
        }
    }

    /// Returns a page with so many items and this envelope.
    pub fn tail(items: u64, rest: &str) -> Tail {
        Tail::read(items, Some(rest.as_bytes()))
    }

    #[test]
    fn the_first_page_is_as_large_as_may_be() {
        for (way, line, most, want) in [
            (Way::Events, "GET /e/?op=query", None, Some("1000")),
            (Way::Events, "GET /e/?op=query", Some(7), Some("7")),
            (Way::Events, "GET /e/?op=query", Some(5000), Some("1000")),
            (Way::Events, "GET /e/?limit=50", Some(7), None),
            (Way::Offset(100), "GET /k?offset=3", None, Some("100")),
            (Way::Offset(100), "GET /k?limit=3", None, None),
            (
                Way::Cursor(macrometa::page::Reader::Cursor),
                "POST /c",
                Some(7),
                None,
            ),
        ] {
            let added = way.first(&asked(line), most);
            let added: Vec<_> = added.iter().map(|(n, v)| (*n, v.as_str())).collect();
            assert_eq!(added, Vec::from_iter(want.map(|w| ("limit", w))), "{line}");
        }
    }
}
