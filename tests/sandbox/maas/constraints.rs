//! Which machines a list or an allocation is about.

use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, invalid};
use super::state::{STATUSES, State};

/// Constraints that the list knows; those it only accepts are not evaluated here.
pub const CONSTRAINTS: [&str; 49] = [
    "agent_name",
    "arch",
    "connected_to",
    "cpu_count",
    "cpu_speed",
    "deployment_target",
    "devices",
    "domain",
    "fabric_classes",
    "fabrics",
    "hostname",
    "id",
    "interfaces",
    "link_speed",
    "mac_address",
    "mem",
    "not_agent_name",
    "not_arch",
    "not_connected_to",
    "not_deployment_target",
    "not_domain",
    "not_fabric_classes",
    "not_fabrics",
    "not_hostname",
    "not_id",
    "not_in_pool",
    "not_in_zone",
    "not_owner",
    "not_pod",
    "not_pod_type",
    "not_power_state",
    "not_simple_status",
    "not_status",
    "not_subnets",
    "not_tags",
    "not_vlans",
    "owner",
    "pod",
    "pod_type",
    "pool",
    "power_state",
    "simple_status",
    "status",
    "storage",
    "subnets",
    "system_id",
    "tags",
    "vlans",
    "zone",
];

/// Refuses pools, zones and tags that do not exist.
pub fn fits_places(state: &State, call: &Call) -> Result<(), Response> {
    if let Some(name) = call
        .all("pool")
        .into_iter()
        .find(|name| !state.pools.iter().any(|pool| pool.name == *name))
    {
        return Err(invalid("pool", format!("No such pool: '{name}'.")));
    }
    if let Some(name) = call
        .all("zone")
        .into_iter()
        .find(|name| !state.zones.iter().any(|zone| zone.name == *name))
    {
        return Err(invalid("zone", format!("No such zone: '{name}'.")));
    }
    if let Some(name) = call
        .all("tags")
        .into_iter()
        .find(|name| !state.tags.iter().any(|tag| tag.name == *name))
    {
        return Err(invalid("tags", format!("No such tag(s): '{name}'.")));
    }
    Ok(())
}

/// Refuses statuses and addresses that can not be.
pub fn sound_values(call: &Call) -> Result<(), Response> {
    for parameter in ["status", "not_status"] {
        for status in call.all(parameter) {
            if !STATUSES.iter().any(|(_, _, word)| *word == status) {
                let words: Vec<String> = STATUSES
                    .iter()
                    .map(|(_, _, word)| format!("'{word}'"))
                    .collect();
                let words = words.join(", ");
                let text =
                    format!("'{status}' is not a valid 'status'.  It should be one of: {words}.");
                return Err(invalid(parameter, text));
            }
        }
    }
    let is_address = |address: &str| {
        let pairs: Vec<&str> = address.split([':', '-']).collect();
        pairs.len() == 6
            && pairs
                .iter()
                .all(|pair| pair.len() == 2 && u8::from_str_radix(pair, 16).is_ok())
    };
    match call
        .all("mac_address")
        .into_iter()
        .find(|address| !is_address(address))
    {
        Some(address) => Err(invalid(
            "mac_address",
            format!("'{address}' is not a valid MAC address."),
        )),
        None => Ok(()),
    }
}

/// The constraints that only lists have: names, owners, states, and what is not to be.
pub fn matches_list(machine: &Value, call: &Call) -> bool {
    let one_of = |parameter: &str, found: &Value| {
        let wanted = call.all(parameter);
        wanted.is_empty() || wanted.iter().any(|value| found == value)
    };
    let none_of =
        |parameter: &str, found: &Value| !call.all(parameter).iter().any(|value| found == value);
    let word = json!(status_word(machine));
    [
        ("hostname", &machine["hostname"]),
        ("system_id", &machine["system_id"]),
        ("owner", &machine["owner"]),
        ("power_state", &machine["power_state"]),
    ]
    .into_iter()
    .all(|(parameter, found)| one_of(parameter, found))
        && [
            ("not_hostname", &machine["hostname"]),
            ("not_id", &machine["system_id"]),
            ("not_owner", &machine["owner"]),
            ("not_power_state", &machine["power_state"]),
            ("not_domain", &machine["domain"]["name"]),
            ("not_status", &word),
        ]
        .into_iter()
        .all(|(parameter, found)| none_of(parameter, found))
}

/// The word that filters take for the machine's status.
fn status_word(machine: &Value) -> &'static str {
    STATUSES
        .iter()
        .find(|(number, _, _)| machine["status"] == *number)
        .map_or("", |(_, _, word)| word)
}

/// Whether the machine's member is one of the values asked for, or none was.
pub fn matches_text(machine: &Value, call: &Call, parameter: &str, member: &str) -> bool {
    let wanted = call.all(parameter);
    wanted.is_empty() || wanted.iter().any(|value| machine[member] == *value)
}

/// The constraints that listing and allocating have in common.
pub fn matches(machine: &Value, call: &Call) -> bool {
    let in_list = |parameter: &str, found: &Value| {
        let wanted = call.all(parameter);
        wanted.is_empty() || wanted.iter().any(|value| found == value)
    };
    let at_least = |parameter: &str, found: &Value| {
        call.first(parameter)
            .and_then(|least| least.parse::<f64>().ok())
            .is_none_or(|least| found.as_f64().unwrap_or(0.0) >= least)
    };
    let carries = |name: &&str| {
        machine["tag_names"]
            .as_array()
            .is_some_and(|tags| tags.iter().any(|tag| tag == *name))
    };
    let word = status_word(machine);
    let wanted_addresses: Vec<String> = call
        .all("mac_address")
        .iter()
        .map(|address| address.to_ascii_lowercase())
        .collect();
    let arch = machine["architecture"].as_str().unwrap_or_default();
    in_list("id", &machine["system_id"])
        && in_list("pool", &machine["pool"]["name"])
        && in_list("zone", &machine["zone"]["name"])
        && in_list("domain", &machine["domain"]["name"])
        && in_list("status", &json!(word))
        && !call
            .all("not_in_pool")
            .iter()
            .any(|name| machine["pool"]["name"] == *name)
        && !call
            .all("not_in_zone")
            .iter()
            .any(|name| machine["zone"]["name"] == *name)
        && call.all("tags").iter().all(carries)
        && !call.all("not_tags").iter().any(carries)
        && at_least("cpu_count", &machine["cpu_count"])
        && at_least("mem", &machine["memory"])
        && (call.all("arch").is_empty()
            || call
                .all("arch")
                .iter()
                .any(|wanted| arch == *wanted || arch.split('/').next() == Some(*wanted)))
        && (wanted_addresses.is_empty()
            || addresses(machine)
                .iter()
                .any(|address| wanted_addresses.contains(address)))
}

/// A machine's MAC addresses in lower case.
pub fn addresses(machine: &Value) -> Vec<String> {
    let interfaces = machine["interface_set"].as_array();
    interfaces
        .into_iter()
        .flatten()
        .filter_map(|interface| interface["mac_address"].as_str())
        .map(str::to_ascii_lowercase)
        .collect()
}
