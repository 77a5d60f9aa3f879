//! `events/?op=query`: the event log, its filters, and the two links of a page with their traps.
//!
//! A page is always newest first, also one that was asked for with `after` (it holds the oldest ones behind that id). The links
//! carry over only the parameters that MAAS knows to carry, and `after` is not one of them: on an empty page `next_uri` starts over.

use serde_json::{Value, json};

use super::super::clock;
use super::super::response::Response;
use super::call::{Call, encode_query, invalid};
use super::state::State;

/// The most events that a page may hold.
const MOST: i64 = 1000;
const USUAL: i64 = 100;
/// Parameters that a page's links repeat.
const CARRIED: [&str; 10] = [
    "agent_name",
    "domain",
    "hostname",
    "id",
    "level",
    "limit",
    "mac_address",
    "op",
    "zone",
    "owner",
];
/// Levels by name, as Python's `logging` numbers them; `AUDIT` stands below all and is seen only when asked for.
const LEVELS: [(&str, u32); 6] = [
    ("AUDIT", 0),
    ("DEBUG", 10),
    ("INFO", 20),
    ("WARNING", 30),
    ("ERROR", 40),
    ("CRITICAL", 50),
];
/// What generated events say, each visible at the default level.
const STORY: [(&str, &str, &str); 8] = [
    ("INFO", "Performing PXE boot", "pxe"),
    ("INFO", "Loading ephemeral", ""),
    ("INFO", "Power on", "Powering node on"),
    ("INFO", "Gathering information", ""),
    ("INFO", "Node powered off", ""),
    (
        "WARNING",
        "Failed to query node's BMC",
        "Timed out, trying again",
    ),
    ("INFO", "Ready", ""),
    ("ERROR", "Failed to power on node", "BMC did not answer"),
];

/// One line of the log.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its number; later ones have higher numbers.
    pub id: u64,
    /// The machine's id.
    pub node: String,
    /// The machine's name.
    pub hostname: String,
    /// Who caused it; `unknown` for the region itself.
    pub username: String,
    /// `INFO` and the like.
    pub level: String,
    /// When, in seconds since 1970.
    pub created: i64,
    /// What kind, in words.
    pub kind: String,
    /// The details.
    pub description: String,
}

/// Adds an event about a machine; its number. An unknown machine has an empty name.
pub fn record(
    state: &mut State,
    username: &str,
    system_id: &str,
    (level, kind, description): (&str, &str, &str),
) -> u64 {
    let hostname = state
        .machine(system_id)
        .and_then(|machine| machine["hostname"].as_str())
        .unwrap_or_default()
        .to_owned();
    let id = state.events.last().map_or(1, |event| event.id + 1);
    state.events.push(Event {
        id,
        node: system_id.to_owned(),
        hostname,
        username: username.to_owned(),
        level: level.to_owned(),
        created: clock::unix_time(0),
        kind: kind.to_owned(),
        description: description.to_owned(),
    });
    id
}

/// Adds so many events about the machines in turn, ten seconds apart, the last one now.
pub fn generate(state: &mut State, count: usize) {
    let names: Vec<(String, String)> = state
        .machines
        .iter()
        .map(|machine| {
            let text = |member: &str| machine[member].as_str().unwrap_or_default().to_owned();
            (text("system_id"), text("hostname"))
        })
        .collect();
    let first = state.events.last().map_or(1, |event| event.id + 1);
    let now = clock::unix_time(0);
    for at in 0..count {
        let (node, hostname) = names[at % names.len().max(1)].clone();
        let (level, kind, description) = STORY[at % STORY.len()];
        state.events.push(Event {
            id: first + at as u64,
            node,
            hostname,
            username: if at % 3 == 0 { "admin" } else { "unknown" }.to_owned(),
            level: level.to_owned(),
            created: now - 10 * i64::try_from(count - 1 - at).unwrap_or_default(),
            kind: kind.to_owned(),
            description: description.to_owned(),
        });
    }
}

/// Carries the query out.
pub fn response(state: &State, call: &Call) -> Response {
    query(state, call).unwrap_or_else(|refusal| refusal)
}

fn query(state: &State, call: &Call) -> Result<Response, Response> {
    let after = number(call, "after")?;
    let before = number(call, "before")?;
    let limit = number(call, "limit")?.unwrap_or(USUAL);
    if limit > MOST {
        return Err(Response::text(
            400,
            format!("Requested number of events {limit} is greater than limit: {MOST}"),
        ));
    }
    let limit = usize::try_from(limit.max(1)).unwrap_or(1);
    let limit = limit.min(state.events_page);
    let level = call.first("level").unwrap_or("INFO");
    let Some((_, least)) = LEVELS.iter().find(|(name, _)| *name == level) else {
        return Err(Response::text(
            400,
            format!("Unrecognised log level: {level}"),
        ));
    };
    let visible = |event: &&Event| {
        let weight = LEVELS
            .iter()
            .find(|(name, _)| *name == event.level)
            .map_or(0, |(_, weight)| *weight);
        let loud = if *least == 0 {
            weight == 0
        } else {
            weight >= *least
        };
        loud && concerns(state, call, event)
            && call
                .first("owner")
                .is_none_or(|owner| event.username == owner)
    };
    let id = |event: &&Event| i64::try_from(event.id).unwrap_or(i64::MAX);
    let log = state.events.iter();
    let page: Vec<&Event> = match (after, before) {
        (Some(_), Some(_)) => {
            return Err(Response::text(
                400,
                "There is undetermined behavior when both `after` and `before` are specified.",
            ));
        }
        (Some(after), None) => {
            let mut page: Vec<&Event> = log
                .filter(|event| id(event) > after)
                .filter(visible)
                .take(limit)
                .collect();
            page.reverse();
            page
        }
        (None, before) => log
            .rev()
            .filter(|event| before.is_none_or(|before| id(event) < before))
            .filter(visible)
            .take(limit)
            .collect(),
    };
    let next = match (page.first(), before) {
        (Some(newest), _) => link(call, Some(("after", id(newest)))),
        (None, Some(before)) => link(call, Some(("after", before - 1))),
        (None, None) => link(call, None),
    };
    let previous = match (page.last(), after) {
        (Some(oldest), _) => Some(link(call, Some(("before", id(oldest))))),
        (None, Some(after)) => Some(link(call, Some(("before", after + 1)))),
        (None, None) => None,
    };
    let events: Vec<Value> = page.iter().map(|event| shown(event)).collect();
    Ok(Response::json_indented(
        200,
        &json!({"count": events.len(), "events": events, "next_uri": next, "prev_uri": previous}),
    ))
}

/// Whether the event is about a machine that the call asks for.
///
/// The filters are those of the machine as it is now; events of a machine that is gone are found by id and name only.
fn concerns(state: &State, call: &Call, event: &Event) -> bool {
    let asked = |parameter: &str, fits: &dyn Fn(&str) -> bool| {
        let wanted = call.all(parameter);
        wanted.is_empty() || wanted.iter().any(|value| fits(value))
    };
    let member = |name: &'static str| {
        move |value: &str| {
            state
                .machine(&event.node)
                .is_some_and(|machine| machine[name]["name"] == value)
        }
    };
    asked("id", &|value| event.node == value)
        && asked("hostname", &|value| event.hostname == value)
        && asked("zone", &member("zone"))
        && asked("domain", &member("domain"))
        && asked("agent_name", &str::is_empty)
        && asked("mac_address", &|value| {
            state.machine(&event.node).is_some_and(|machine| {
                super::constraints::addresses(machine).contains(&value.to_ascii_lowercase())
            })
        })
}

/// A page's link: the parameters that are carried over, and where to go on.
fn link(call: &Call, place: Option<(&str, i64)>) -> String {
    let mut pairs: Vec<String> = Vec::new();
    // The operation of `…/op-query` is no parameter, so it is lost here as it is in MAAS.
    for (name, value) in call.pairs().filter(|(name, _)| CARRIED.contains(name)) {
        pairs.push(format!("{}={}", encode_query(name), encode_query(value)));
    }
    pairs.extend(place.map(|(name, id)| format!("{name}={id}")));
    format!("/MAAS/api/2.0/events/?{}", pairs.join("&"))
}

fn number(call: &Call, name: &str) -> Result<Option<i64>, Response> {
    call.first(name)
        .map(|value| value.trim().parse())
        .transpose()
        .map_err(|_| invalid(name, "Please enter an integer value"))
}

fn shown(event: &Event) -> Value {
    json!({
        "username": event.username,
        "node": event.node,
        "hostname": event.hostname,
        "id": event.id,
        "level": event.level,
        "created": created(event.created),
        "type": event.kind,
        "description": event.description,
    })
}

/// `Fri, 21 Aug. 2026 06:05:08`: the only date that MAAS shows here, without a zone (it is UTC).
fn created(seconds: i64) -> String {
    let date = clock::http_date(seconds);
    let (day, rest) = date.split_at("Fri, 21 Aug".len());
    format!("{day}.{}", rest.trim_end_matches(" GMT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_maas_writes_them() {
        assert_eq!(created(784_111_777), "Sun, 06 Nov. 1994 08:49:37");
    }
}
