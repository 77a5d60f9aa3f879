//! Which method an action of a name can have. Pure.
//!
//! MAAS's REST verbs have one method each, an operation is GET or POST and is called as its action
//! is, and what only reads is a GET (MAAS 3.8's description, 372 actions).

use super::Action;

/// The REST verbs, each with its method.
const VERBS: [(&str, &str); 4] = [
    ("create", "POST"),
    ("read", "GET"),
    ("update", "PUT"),
    ("delete", "DELETE"),
];

/// How the names of operations begin that only read.
const READING_PREFIXES: [&str; 8] = [
    "by_unknown_",
    "describe_",
    "get_",
    "is_",
    "list_",
    "power_parameters",
    "query",
    "unreserved_",
];

/// Other operations that only read.
const READING: [&str; 12] = [
    "details",
    "devices",
    "download",
    "get",
    "ip_addresses",
    "machines",
    "nodes",
    "rack_controllers",
    "region_controllers",
    "reserved_ip_ranges",
    "statistics",
    "whoami",
];

/// Returns whether an action can have the method and operation that a description gives it.
pub fn is_plausible(action: &Action) -> bool {
    let Some(op) = &action.op else {
        let mut known = VERBS.iter().filter(|(name, _)| *name == action.name);
        // A verb that is not known has any method but one that would surprise.
        return known.next().map_or_else(
            || !is_reading(&action.name) || action.method == "GET",
            |(_, method)| *method == action.method,
        );
    };
    *op == action.name
        && match action.method.as_str() {
            "GET" => true,
            "POST" => !is_reading(op) && op != "read",
            _ => false,
        }
}

fn is_reading(name: &str) -> bool {
    READING.contains(&name) || READING_PREFIXES.iter().any(|p| name.starts_with(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions() {
        for (name, method, op, want) in [
            ("read", "GET", None, true),
            ("read", "DELETE", None, false),
            ("read", "POST", None, false),
            ("delete", "DELETE", None, true),
            ("delete", "GET", None, false),
            ("update", "PUT", None, true),
            ("list_members", "DELETE", None, false),
            ("read", "POST", Some("release"), false),
            ("read", "POST", Some("read"), false),
            ("release", "POST", Some("release"), true),
            ("release", "DELETE", Some("release"), false),
            ("release", "DELETE", Some("delete"), false),
            ("list_allocated", "GET", Some("list_allocated"), true),
            ("list_allocated", "POST", Some("list_allocated"), false),
            ("whoami", "POST", Some("whoami"), false),
            ("list-allocated", "GET", Some("list_allocated"), false),
        ] {
            let action = Action {
                name: name.to_owned(),
                method: method.to_owned(),
                op: op.map(str::to_owned),
                doc: None,
            };
            assert_eq!(is_plausible(&action), want, "{name} {method} {op:?}");
        }
    }
}
