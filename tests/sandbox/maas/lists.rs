//! Networks and what hangs on them, for turning names into ids: subnets, fabrics, VLANs, spaces, domains, devices, addresses.
//!
//! They are read from a fixture and never change; a write is 501.

use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, forbidden, invalid, is_true, not_found};
use super::constraints::{CONSTRAINTS, matches, matches_list, sound_values};
use super::route::Kind;
use super::state::State;

const NETWORK: &str = include_str!("../fixtures/network.json");

/// The fixture: lists by the name of their route.
pub fn fixture() -> Value {
    serde_json::from_str(NETWORK).expect("the fixture is JSON")
}

/// Carries an operation out.
pub fn response(state: &State, call: &Call, kind: &Kind) -> Response {
    if call.what() != ("GET", None) {
        return Response::text(501, "The sandbox does not do this.");
    }
    let network = &state.network;
    let found = match kind {
        Kind::List("regioncontrollers") => Ok(regions(state.images.regions)),
        Kind::List("devices") => devices(state, call),
        Kind::List(name) => Ok(network[name].clone()),
        Kind::Entry("vlans", id) => pick(&vlans(network), id, "VLAN"),
        Kind::Entry(name, id) => pick(&network[name], id, what(name)),
        Kind::Vlans(fabric) => {
            pick(&network["fabrics"], fabric, "Fabric").map(|fabric| fabric["vlans"].clone())
        }
        Kind::Vlan(fabric, vid) => pick(&network["fabrics"], fabric, "Fabric").and_then(|fabric| {
            let vlans = fabric["vlans"].as_array();
            vlans
                .into_iter()
                .flatten()
                .find(|vlan| vid.parse().is_ok_and(|vid: u64| vlan["vid"] == vid))
                .cloned()
                .ok_or_else(|| not_found("VLAN"))
        }),
        _ => addresses(state, call),
    };
    match found {
        Ok(value) => Response::json_indented(200, &value),
        Err(refusal) => refusal,
    }
}

/// The region controllers, as far as anybody counts them.
fn regions(count: u64) -> Value {
    let region = |n: u64| json!({"system_id": format!("regn{n:02}"), "hostname": format!("region{n}"), "node_type_name": "Region controller"});
    (1..=count).map(region).collect()
}

/// What Django calls one of them.
fn what(list: &str) -> &'static str {
    match list {
        "subnets" => "Subnet",
        "fabrics" => "Fabric",
        "spaces" => "Space",
        "domains" => "Domain",
        _ => "Device",
    }
}

/// One of a list, by its number, its `system_id` or its name, as MAAS takes all three.
fn pick(list: &Value, id: &str, what: &str) -> Result<Value, Response> {
    let entries = list.as_array();
    entries
        .into_iter()
        .flatten()
        .find(|entry| {
            id.parse().is_ok_and(|id: i64| entry["id"] == id)
                || entry["system_id"] == id
                || entry["name"] == id
        })
        .cloned()
        .ok_or_else(|| not_found(what))
}

/// The VLANs of all fabrics.
fn vlans(network: &Value) -> Value {
    let fabrics = network["fabrics"].as_array();
    fabrics
        .into_iter()
        .flatten()
        .filter_map(|fabric| fabric["vlans"].as_array())
        .flatten()
        .cloned()
        .collect()
}

fn devices(state: &State, call: &Call) -> Result<Value, Response> {
    if let Some(unknown) = call.names().find(|name| !CONSTRAINTS.contains(name)) {
        return Err(invalid(unknown, "No such constraint."));
    }
    sound_values(call)?;
    let devices = state.network["devices"].as_array();
    Ok(devices
        .into_iter()
        .flatten()
        .filter(|device| matches(device, call) && matches_list(device, call))
        .cloned()
        .collect())
}

/// The addresses in use: with `all` those of machines and devices, else those that the user reserved (here: none).
fn addresses(state: &State, call: &Call) -> Result<Value, Response> {
    let all = call.first("all").is_some_and(is_true);
    if all && !state.is_superuser(call.user()) {
        return Err(forbidden());
    }
    if !all {
        return Ok(json!([]));
    }
    let devices = state.network["devices"].as_array();
    let nodes = state.machines.iter().chain(devices.into_iter().flatten());
    let mut found = Vec::new();
    for node in nodes {
        let interfaces = node["interface_set"].as_array();
        for interface in interfaces.into_iter().flatten() {
            let links = interface["links"].as_array();
            for link in links.into_iter().flatten() {
                if call.first("ip").is_some_and(|ip| link["ip_address"] != ip) {
                    continue;
                }
                found.push(json!({
                    "alloc_type": 1,
                    "alloc_type_name": "Sticky",
                    "created": "2026-08-21T06:05:08.000",
                    "ip": link["ip_address"],
                    "owner": null,
                    "subnet": link["subnet"],
                    "interface_set": [interface],
                    "resource_uri": "/MAAS/api/2.0/ipaddresses/",
                }));
            }
        }
    }
    Ok(Value::Array(found))
}
