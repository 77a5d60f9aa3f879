//! What a machine shows of its hardware: how its power is switched, and its `lshw` in BSON.

use serde_json::{Value, json};

use super::super::response::Response;
use super::call::Call;
use super::state::State;

/// How its power is switched, password and all: what was said of it, else what the fixture has.
pub fn power_parameters(state: &State, machine: &Value) -> Value {
    let id = machine["system_id"].as_str().unwrap_or_default();
    if let Some(kept) = state.power.get(id) {
        return Value::Object(kept.clone());
    }
    let address = machine["interface_set"][0]["links"][0]["ip_address"]
        .as_str()
        .unwrap_or_default()
        .replace("10.20.0.", "10.20.9.");
    json!({"power_address": address, "power_user": "maas", "power_pass": format!("bmc-{}-Kv2", machine["hostname"].as_str().unwrap_or_default()), "power_driver": "LAN_2_0", "mac_address": ""})
}

/// Keeps the power parameters that a call names.
pub fn keep_power(state: &mut State, call: &Call, id: &str) {
    for (name, value) in call.pairs() {
        if let Some(name) = name.strip_prefix("power_parameters_") {
            let kept = state.power.entry(id.to_owned()).or_default();
            kept.insert(name.to_owned(), json!(value));
        }
    }
}

/// The smallest BSON document that holds two binaries, as `lshw` and `lldp` come.
pub fn details() -> Response {
    let mut members = Vec::new();
    for name in ["lshw", "lldp"] {
        let xml = format!("<?xml version=\"1.0\"?>\n<{name}/>\n");
        members.push(5);
        members.extend_from_slice(name.as_bytes());
        members.push(0);
        members.extend_from_slice(&u32::try_from(xml.len()).unwrap_or_default().to_le_bytes());
        members.push(0);
        members.extend_from_slice(xml.as_bytes());
    }
    let length = u32::try_from(members.len() + 5).unwrap_or_default();
    let mut document = length.to_le_bytes().to_vec();
    document.extend_from_slice(&members);
    document.push(0);
    Response::with(200, "application/bson", document)
}
