//! Which machines a list or an allocation is about.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::call::{Call, invalid};
use super::state::{STATUSES, State};

/// Constraints that the list knows; those it only accepts are not evaluated here.
pub const CONSTRAINTS: [&str; 33] = [
    "agent_name",
    "arch",
    "connected_to",
    "cpu_count",
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
    "not_arch",
    "not_connected_to",
    "not_fabric_classes",
    "not_fabrics",
    "not_in_pool",
    "not_in_zone",
    "not_pod",
    "not_pod_type",
    "not_subnets",
    "not_tags",
    "not_vlans",
    "pod",
    "pod_type",
    "pool",
    "status",
    "storage",
    "subnets",
    "tags",
    "zone",
];

/// Refuses pools, zones and tags that do not exist.
pub fn fits_places(state: &State, call: &Call) -> Result<(), Answer> {
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
    let word = STATUSES
        .iter()
        .find(|(number, _, _)| machine["status"] == *number)
        .map_or("", |(_, _, word)| word);
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
