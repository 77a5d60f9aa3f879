//! Knows events of MAAS's log: how they are filtered, and what one says to a person.
//!
//! Pure; paging is `page`'s.

use std::time::UNIX_EPOCH;

use serde_json::Value;

use crate::error::Failure;

use super::name::{is_id, is_mac, spelled, spellings};

/// The levels, the least first. `audit` is not part of the order: it is shown only when asked for.
pub const LEVELS: [&str; 6] = ["audit", "debug", "info", "warning", "error", "critical"];

/// The filters that the list knows.
const FILTERS: [&str; 8] = [
    "hostname",
    "mac_address",
    "id",
    "zone",
    "domain",
    "level",
    "owner",
    "agent_name",
];

/// What an item filters by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// A parameter and its value.
    By(&'static str, String),
    /// What is called so in such a collection, whose id the server has to find: by an IP address, or
    /// by what may be an id itself.
    Named(&'static str, String),
}

/// Reads an item: `hostname=node18`, or a machine as `@node18`, `@node18.maas`, `@MAC`, `@IP`.
pub fn filters(item: &str) -> Result<Vec<Filter>, Failure> {
    if let Some(name) = item.strip_prefix('@').filter(|name| !name.is_empty()) {
        return Ok(of_machine(name));
    }
    let Some((typed, value)) = item.split_once('=') else {
        return Err(Failure::usage(format!("`{item}` is not a filter"))
            .hint(format!("write `hostname={item}`, or `@{item}`")));
    };
    let Some(name) = FILTERS.iter().find(|name| **name == typed) else {
        let hint = match typed {
            "limit" => "`--max-items` says how many".to_owned(),
            "after" | "before" => {
                "`--after ID` starts after an event, `--before ID` ends before one".to_owned()
            }
            "since" => "`--since 1h` lists what happened since".to_owned(),
            "username" | "user" => "`owner=USER` lists what a user did".to_owned(),
            _ => format!("valid filters: `{}`", FILTERS.join("`, `")),
        };
        return Err(Failure::usage(format!("events have no filter `{typed}`")).hint(hint));
    };
    let value = match *name {
        "level" => value.to_ascii_uppercase(),
        _ => value.to_owned(),
    };
    Ok(vec![Filter::By(name, value)])
}

/// Returns the name of a machine that the list itself filters by, where an item is one: a name that
/// nothing has gives an empty list, as one without events does.
#[must_use]
pub fn only_filtered(item: &str) -> Option<&str> {
    let name = item.strip_prefix('@')?;
    let filters = of_machine(name);
    (filters.iter().all(|f| matches!(f, Filter::By(..)))).then_some(name)
}

fn of_machine(name: &str) -> Vec<Filter> {
    if name.parse::<std::net::IpAddr>().is_ok() {
        return vec![Filter::Named("machines", name.to_owned())];
    }
    if is_mac(name) {
        return vec![Filter::By("mac_address", spelled(name))];
    }
    if is_id(name) {
        return vec![Filter::Named("nodes", name.to_owned())];
    }
    let all = |parameter, text: &str| {
        let spellings = spellings(text).into_iter();
        spellings.map(move |text| Filter::By(parameter, text))
    };
    match name.split_once('.') {
        Some((host, domain)) => all("hostname", host).chain(all("domain", domain)).collect(),
        None => all("hostname", name).collect(),
    }
}

/// What an event says, for a line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// Its id, where it has one.
    pub id: Option<u64>,
    /// When, as `2026-08-21 06:05:08`: UTC.
    pub time: String,
    /// `INFO` and the like.
    pub level: String,
    /// The machine's name.
    pub host: String,
    /// What happened, who did it first where that is known: user, type and description.
    pub what: String,
}

/// Who did what nobody did.
const NOBODY: &str = "unknown";

impl Logged {
    /// Reads an event. What it lacks is empty.
    #[must_use]
    pub fn read(event: &Value) -> Self {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let user = text("username");
        let mut what = text("type");
        let description = text("description");
        let is_reported = !user.is_empty()
            && description
                .strip_prefix(&user)
                .is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()));
        if is_reported {
            // MAAS's audit lines begin with the user; of what they are is all that the type says.
            what = description;
        } else {
            if !what.is_empty() && !description.is_empty() {
                what.push_str(": ");
            }
            what.push_str(&description);
            if !user.is_empty() && user != NOBODY {
                what = format!("{user}: {what}");
            }
        }
        Self {
            id: event["id"].as_u64(),
            time: time(&text("created")),
            level: text("level"),
            host: text("hostname"),
            // One event is one line.
            what: what.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

impl Logged {
    /// When, in seconds since 1970; `None` where the time is of no known form.
    #[must_use]
    pub fn seconds(&self) -> Option<u64> {
        let time = humantime::parse_rfc3339_weak(&self.time).ok()?;
        Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
    }
}

/// Turns `Fri, 21 Aug. 2026 06:05:08`, which has no zone and is UTC (observed), into a time that
/// sorts; another form stays.
fn time(created: &str) -> String {
    let words: Vec<&str> = created.split_whitespace().collect();
    let [_, day, month, year, clock] = words[..] else {
        return created.to_owned();
    };
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    // Django's months: `Aug.`, `Sept.`, `March`.
    let at = month.get(..3).and_then(|start| months.find(start));
    match (at, day.parse::<u8>()) {
        (Some(at), Ok(day)) if at % 3 == 0 => {
            format!("{year}-{:02}-{day:02} {clock}", at / 3 + 1)
        }
        _ => created.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_filter() {
        for (item, want) in [
            ("hostname=node18", &[("hostname", "node18")][..]),
            ("level=error", &[("level", "ERROR")]),
            ("zone=a=b", &[("zone", "a=b")]),
            ("@node18", &[("hostname", "node18")]),
            ("@Node18", &[("hostname", "Node18"), ("hostname", "node18")]),
            (
                "@52-54-00-AA-BB-CC",
                &[("mac_address", "52:54:00:aa:bb:cc")],
            ),
            (
                "@node18.maas",
                &[("hostname", "node18"), ("domain", "maas")],
            ),
            (
                "@52:54:00:aa:bb:cc",
                &[("mac_address", "52:54:00:aa:bb:cc")],
            ),
        ] {
            let want: Vec<_> = want
                .iter()
                .map(|(name, value)| Filter::By(name, (*value).to_owned()))
                .collect();
            assert_eq!(filters(item).unwrap(), want, "{item}");
        }
        let address = filters("@10.0.0.7").unwrap();
        assert_eq!(address, [Filter::Named("machines", "10.0.0.7".to_owned())]);
        let id = filters("@4Y3H7N").unwrap();
        assert_eq!(id, [Filter::Named("nodes", "4Y3H7N".to_owned())]);
        for (item, hint) in [
            ("node18", "`@node18`"),
            ("pool=x", "`hostname`"),
            ("limit=3", "--max-items"),
            ("after=3", "--after"),
            ("@", ""),
        ] {
            let failure = filters(item).unwrap_err();
            assert!(failure.hint.unwrap().contains(hint), "{item}");
        }
    }

    #[test]
    fn times_sort() {
        for (created, want) in [
            ("Fri, 21 Aug. 2026 06:05:08", "2026-08-21 06:05:08"),
            ("Sun, 6 Sept. 2026 06:05:08", "2026-09-06 06:05:08"),
            ("Sun, 01 March 2026 06:05:08", "2026-03-01 06:05:08"),
            ("Sun, 01 anM. 2026 06:05:08", "Sun, 01 anM. 2026 06:05:08"),
            ("2026-08-21T06:05:08", "2026-08-21T06:05:08"),
            ("", ""),
        ] {
            assert_eq!(time(created), want);
        }
        let logged = |created: &str| Logged::read(&json!({ "created": created })).seconds();
        assert_eq!(logged("Sun, 06 Nov. 1994 08:49:37"), Some(784_111_777));
        assert_eq!(logged("yesterday"), None);
    }

    #[test]
    fn an_event_is_a_line() {
        let logged = Logged::read(&json!({"id": 7, "type": "Power on", "description": "a\nb"}));
        assert_eq!(
            (logged.id, logged.what.as_str()),
            (Some(7), "Power on: a b")
        );
        for (event, want) in [
            (json!({"type": "Ready", "description": ""}), "Ready"),
            (json!({"type": "", "description": "x"}), "x"),
            (
                json!({"type": "Power on", "username": "unknown"}),
                "Power on",
            ),
            (
                json!({"type": "Power on", "username": "admin"}),
                "admin: Power on",
            ),
            (
                json!({"type": "Node", "username": "admin", "description": "admin called release on 'a'."}),
                "admin called release on 'a'.",
            ),
            (
                json!({"type": "Node", "username": "ann", "description": "anna left"}),
                "ann: Node: anna left",
            ),
            (json!(7), ""),
        ] {
            assert_eq!(Logged::read(&event).what, want);
        }
    }
}
