//! What only the server knows of a next word: the list to ask for, and what its elements offer.
//!
//! Says what of a response is worth keeping in a cache, too. Must not know operations.

use serde_json::Value;

use super::super::maas::lookup::ThingKind;
use super::super::maas::name;
use super::candidate::Candidate;

/// A list of the server that holds what can come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// The path of the list.
    pub list: String,
    /// What is wanted of each element: `system_id`.
    pub wanted: String,
    /// What stands before the value in the word.
    pub before: String,
    /// The text behind the word: a slash, where the path continues.
    pub after: &'static str,
    /// The collection, where its elements have names that `@` takes.
    pub(super) collection: Option<String>,
}

impl Live {
    /// Returns the list of the machines, for their names behind an `@` and their ids.
    #[must_use]
    pub fn machines() -> Self {
        Self {
            collection: Some("machines".to_owned()),
            ..Self::of(ThingKind::Machine.list(), "system_id")
        }
    }

    /// Returns the list whose names can follow an item's `k=@@`; `None` where the word is not such
    /// an item, or its parameter takes no names. VLANs lie too deep in theirs.
    #[must_use]
    pub fn of_value(word: &str, path: &str) -> Option<Self> {
        let (key, _) = word.split_once("=@@")?;
        let kind = ThingKind::of(key, path).filter(|kind| *kind != ThingKind::Vlan)?;
        Some(Self {
            before: format!("{key}=@@"),
            ..Self::of(kind.list(), kind.shown_by())
        })
    }

    /// Makes a list whose values are complete words.
    #[must_use]
    pub fn of(list: &str, wanted: &str) -> Self {
        Self {
            list: list.to_owned(),
            wanted: wanted.to_owned(),
            before: String::new(),
            after: "",
            collection: None,
        }
    }
}

/// Returns what of a response is worth keeping: its elements with the members that [`found`] reads,
/// so that nothing else of it, a secret least of all, comes to lie in a cache.
#[must_use]
pub fn kept(response: &Value) -> Value {
    let members = |element: &Value| {
        let Value::Object(members) = element else {
            return element.clone();
        };
        let kept = members.iter().filter(|(name, value)| {
            let is_short = scalar(value).is_some_and(|text| text.len() <= LONGEST_TEXT);
            is_short && (KEPT.contains(&name.as_str()) || name.ends_with("_id"))
        });
        Value::Object(kept.map(|(n, v)| (n.clone(), v.clone())).collect())
    };
    let all = elements(response).iter();
    all.take(MOST_ELEMENTS).map(members).collect()
}

/// Further elements of a list are not looked at.
const MOST_ELEMENTS: usize = 20_000;

/// A longer member names nothing, in bytes.
const LONGEST_TEXT: usize = 500;

/// What identifies and describes elements, in any list.
const KEPT: [&str; 22] = [
    "_key",
    "cidr",
    "comment",
    "description",
    "email",
    "filename",
    "fqdn",
    "hostname",
    "id",
    "keyid",
    "mac_address",
    "name",
    "osystem",
    "path",
    "status_name",
    "title",
    "topic",
    "user",
    "username",
    "vid",
    "version",
    "distro_series",
];

/// Returns what a response to [`Live::list`] offers.
#[must_use]
pub fn found(live: &Live, response: &Value) -> Vec<Candidate> {
    let mut found = Vec::new();
    for element in elements(response) {
        let Some(id) = id_of(element, &live.wanted) else {
            continue;
        };
        let name = live.collection.as_deref().and_then(|c| name_of(element, c));
        let about = about(element, &id);
        if let Some(name) = name.filter(|name| *name != id) {
            let help = [id.as_str(), &about].join(" ");
            found.push(candidate(live, &format!("@{name}"), &help));
        }
        // Only in a path a slash is not a part of the name.
        let is_value = live.before.ends_with("=@@");
        let id = if is_value { id } else { encoded(&id) };
        found.push(candidate(live, &id, &about));
    }
    found.sort();
    found.dedup_by(|a, b| a.value == b.value);
    found
}

fn candidate(live: &Live, value: &str, help: &str) -> Candidate {
    Candidate::new(format!("{}{value}{}", live.before, live.after), help)
}

/// Returns a segment that has a slash or a percent sign of its own.
fn encoded(id: &str) -> String {
    id.replace('%', "%25")
        .replace('/', "%2F")
        .replace(' ', "%20")
}

fn elements(response: &Value) -> &[Value] {
    let list = match response {
        Value::Object(members) => members
            .get("result")
            .filter(|r| r.is_array())
            .or_else(|| members.values().find(|v| v.is_array())),
        other => Some(other),
    };
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns the member that a path wants, and where it has another name.
fn id_of(element: &Value, wanted: &str) -> Option<String> {
    if let Some(text) = scalar(element) {
        return Some(text);
    }
    let is_number = wanted.ends_with("id");
    let others: &[&str] = if is_number {
        &["id", "keyid", "_key", "name"]
    } else {
        &["name", "topic", "username", "user", "_key", "id"]
    };
    std::iter::once(&wanted)
        .chain(others)
        .find_map(|member| scalar(&element[*member]))
        .filter(|id| !id.is_empty())
}

fn name_of(element: &Value, collection: &str) -> Option<String> {
    name::members(collection)
        .iter()
        .find_map(|member| scalar(&element[*member]))
        .filter(|name| !name.is_empty())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns what distinguishes an element from the others, besides its id.
fn about(element: &Value, id: &str) -> String {
    let texts = [
        "fqdn",
        "cidr",
        "name",
        "status_name",
        "description",
        "comment",
        "email",
    ]
    .iter()
    .filter_map(|member| element[*member].as_str())
    .filter(|text| !text.is_empty() && *text != id);
    texts.take(2).collect::<Vec<_>>().join(", ")
}
