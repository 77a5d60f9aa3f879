//! `machines/`, `machines/{system_id}/` and what is left of `nodes/`.
//!
//! Transitions happen at once, except that a deployment stays Deploying until a test or a release moves it.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::clock;
use super::auth::Caller;
use super::call::{Call, forbidden, invalid, is_true, not_found};
use super::route::Kind;
use super::state::{self, STATUSES, State, set_status};

/// Constraints that the list knows; those it only accepts are not evaluated here.
const CONSTRAINTS: [&str; 33] = [
    "agent_name", "arch", "connected_to", "cpu_count", "devices", "domain", "fabric_classes", "fabrics", "hostname", "id", "interfaces", "link_speed",
    "mac_address", "mem", "not_arch", "not_connected_to", "not_fabric_classes", "not_fabrics", "not_in_pool", "not_in_zone", "not_pod", "not_pod_type",
    "not_subnets", "not_tags", "not_vlans", "pod", "pod_type", "pool", "status", "storage", "subnets", "tags", "zone",
];

/// Carries an operation out.
pub fn answer(state: &mut State, call: &Call, kind: &Kind) -> Answer {
    let result = match kind {
        Kind::Machine(id) => one(state, call, id),
        _ => many(state, call),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn many(state: &mut State, call: &Call) -> Result<Answer, Answer> {
    match call.what() {
        ("GET", None) => list(state, call),
        ("GET", Some("list_allocated")) => {
            let ids = call.all("id");
            let mine = |machine: &&Value| machine["owner"] == call.user() && (ids.is_empty() || ids.iter().any(|id| machine["system_id"] == *id));
            Ok(Answer::json_indented(200, &state.machines.iter().filter(mine).cloned().collect()))
        }
        ("GET", Some("power_parameters")) => {
            admin(state, call)?;
            let ids = call.all("id");
            let shown = state.machines.iter().filter(|machine| ids.is_empty() || ids.iter().any(|id| machine["system_id"] == *id));
            let all = shown.map(|machine| (machine["system_id"].as_str().unwrap_or_default().to_owned(), power_parameters(machine))).collect();
            Ok(Answer::json_indented(200, &Value::Object(all)))
        }
        ("GET", Some("is_registered")) => {
            let address = call.first("mac_address").ok_or_else(|| invalid("mac_address", "This field is required."))?.to_ascii_lowercase();
            Ok(Answer::json_indented(200, &json!(state.machines.iter().any(|machine| addresses(machine).contains(&address)))))
        }
        ("GET", Some("is_action_in_progress")) => Ok(Answer::json_indented(200, &json!(false))),
        ("POST", None) => create(state, call),
        ("POST", Some("allocate")) => allocate(state, call),
        ("POST", Some("release")) => {
            let ids: Vec<String> = call.all("machines").iter().map(ToString::to_string).collect();
            let unknown: Vec<&String> = ids.iter().filter(|id| state.machine(id).is_none()).collect();
            if !unknown.is_empty() {
                return Err(Answer::text(400, format!("Unknown machine(s): {}.", unknown.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", "))));
            }
            let mut released = Vec::new();
            for id in ids {
                let Some(machine) = state.machine_mut(&id) else { continue };
                release(machine)?;
                released.push(json!(id));
            }
            Ok(Answer::json_indented(200, &Value::Array(released)))
        }
        ("POST", Some("accept_all")) => Ok(Answer::json_indented(200, &json!([]))),
        ("POST", Some("set_zone")) => {
            let ids: Vec<String> = call.all("nodes").iter().map(ToString::to_string).collect();
            for id in ids {
                edit(state, &id, |state, machine| place(state, machine, call))?;
            }
            Ok(Answer::with(200, "text/html; charset=utf-8", ""))
        }
        _ => Err(Answer::text(501, "The sandbox does not do this.")),
    }
}

fn list(state: &State, call: &Call) -> Result<Answer, Answer> {
    if let Some(unknown) = call.names().find(|name| !CONSTRAINTS.contains(name)) {
        return Err(invalid(unknown, "No such constraint."));
    }
    for status in call.all("status") {
        if !STATUSES.iter().any(|(_, _, word)| *word == status) {
            return Err(invalid("status", format!("'{status}' is not a valid 'status'.  It should be one of: 'new', 'ready', 'allocated', 'deployed', ….")));
        }
    }
    fits_places(state, call)?;
    let found = state.machines.iter().filter(|machine| matches(machine, call) && matches_text(machine, call, "hostname", "hostname"));
    Ok(Answer::json_indented(200, &found.cloned().collect()))
}

fn fits_places(state: &State, call: &Call) -> Result<(), Answer> {
    if let Some(name) = call.all("pool").into_iter().find(|name| !state.pools.iter().any(|pool| pool.name == *name)) {
        return Err(invalid("pool", format!("No such pool: '{name}'.")));
    }
    if let Some(name) = call.all("zone").into_iter().find(|name| !state.zones.iter().any(|zone| zone.name == *name)) {
        return Err(invalid("zone", format!("No such zone: '{name}'.")));
    }
    if let Some(name) = call.all("tags").into_iter().find(|name| !state.tags.iter().any(|tag| tag.name == *name)) {
        return Err(invalid("tags", format!("No such tag(s): '{name}'.")));
    }
    Ok(())
}

/// Whether the machine's member is one of the values asked for, or none was.
fn matches_text(machine: &Value, call: &Call, parameter: &str, member: &str) -> bool {
    let wanted = call.all(parameter);
    wanted.is_empty() || wanted.iter().any(|value| machine[member] == *value)
}

/// The constraints that listing and allocating have in common.
fn matches(machine: &Value, call: &Call) -> bool {
    let in_list = |parameter: &str, found: &Value| {
        let wanted = call.all(parameter);
        wanted.is_empty() || wanted.iter().any(|value| found == value)
    };
    let at_least = |parameter: &str, found: &Value| {
        call.first(parameter).and_then(|least| least.parse::<f64>().ok()).is_none_or(|least| found.as_f64().unwrap_or(0.0) >= least)
    };
    let carries = |name: &&str| machine["tag_names"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == *name));
    let word = STATUSES.iter().find(|(number, _, _)| machine["status"] == *number).map_or("", |(_, _, word)| word);
    let wanted_addresses: Vec<String> = call.all("mac_address").iter().map(|address| address.to_ascii_lowercase()).collect();
    let arch = machine["architecture"].as_str().unwrap_or_default();
    in_list("id", &machine["system_id"])
        && in_list("pool", &machine["pool"]["name"])
        && in_list("zone", &machine["zone"]["name"])
        && in_list("domain", &machine["domain"]["name"])
        && in_list("status", &json!(word))
        && !call.all("not_in_pool").iter().any(|name| machine["pool"]["name"] == *name)
        && !call.all("not_in_zone").iter().any(|name| machine["zone"]["name"] == *name)
        && call.all("tags").iter().all(carries)
        && !call.all("not_tags").iter().any(carries)
        && at_least("cpu_count", &machine["cpu_count"])
        && at_least("mem", &machine["memory"])
        && (call.all("arch").is_empty() || call.all("arch").iter().any(|wanted| arch == *wanted || arch.split('/').next() == Some(*wanted)))
        && (wanted_addresses.is_empty() || addresses(machine).iter().any(|address| wanted_addresses.contains(address)))
}

fn addresses(machine: &Value) -> Vec<String> {
    let interfaces = machine["interface_set"].as_array();
    interfaces.into_iter().flatten().filter_map(|interface| interface["mac_address"].as_str()).map(str::to_ascii_lowercase).collect()
}

fn allocate(state: &mut State, call: &Call) -> Result<Answer, Answer> {
    fits_places(state, call)?;
    let user = call.user().to_owned();
    let named = |machine: &Value| call.first("name").is_none_or(|name| machine["hostname"] == name || machine["fqdn"] == name);
    let free = |machine: &&mut Value| {
        machine["status_name"] == "Ready" && named(machine) && matches_text(machine, call, "system_id", "system_id") && matches(machine, call)
    };
    let Some(machine) = state.machines.iter_mut().find(free) else {
        let constraints: Vec<String> = call.names().map(|name| format!("('{name}', ['{}'])", call.all(name).join("', '"))).collect();
        return Err(Answer::text(409, match call.first("system_id") {
            Some(id) => format!("No machine with system ID {id} available."),
            None if constraints.is_empty() => "No machine available.".to_owned(),
            None => format!("No available machine matches constraints: [{}]", constraints.join(", ")),
        }));
    };
    set_status(machine, "Allocated");
    machine["owner"] = json!(user);
    Ok(Answer::json_indented(200, machine))
}

/// Enlists for nobody, creates for an administrator.
fn create(state: &mut State, call: &Call) -> Result<Answer, Answer> {
    if call.caller != Caller::Nobody {
        admin(state, call)?;
    }
    call.require(&["architecture", "mac_addresses"])?;
    let address = call.first("mac_addresses").unwrap_or_default().to_ascii_lowercase();
    if state.machines.iter().any(|machine| addresses(machine).contains(&address)) {
        return Err(invalid("mac_addresses", format!("MAC address {address} already in use.")));
    }
    let number = 100 + state.machines.len() as u64;
    let id = clock::fresh_word(6).to_ascii_lowercase();
    let hostname = call.first("hostname").map_or_else(|| format!("proud-{number}"), str::to_owned);
    let mut machine = state::mould(&id, &hostname, number);
    for member in ["boot_interface", "interface_set"] {
        for interface in state::entries(&mut machine[member]) {
            interface["mac_address"] = json!(address);
        }
    }
    set_status(&mut machine, if call.caller == Caller::Nobody { "New" } else { "Commissioning" });
    machine["architecture"] = json!(call.first("architecture"));
    machine["power_type"] = json!(call.first("power_type").unwrap_or_default());
    machine["description"] = json!(call.first("description").unwrap_or_default());
    state.machines.push(machine.clone());
    Ok(Answer::json_indented(200, &machine))
}

fn one(state: &mut State, call: &Call, id: &str) -> Result<Answer, Answer> {
    let machine = state.machine(id).ok_or_else(|| not_found("Machine"))?.clone();
    let name = machine["status_name"].as_str().unwrap_or_default().to_owned();
    let changed = match call.what() {
        ("GET", None) => machine,
        ("GET", Some("power_parameters")) => {
            admin(state, call)?;
            power_parameters(&machine)
        }
        ("GET", Some("query_power_state")) => json!({"state": machine["power_state"]}),
        ("PUT", None) => {
            admin(state, call)?;
            edit(state, id, |state, machine| {
                for field in ["hostname", "description", "architecture", "power_type", "min_hwe_kernel"] {
                    if let Some(value) = call.first(field) {
                        machine[field] = json!(value);
                    }
                }
                machine["fqdn"] = json!(format!("{}.maas", machine["hostname"].as_str().unwrap_or_default()));
                place(state, machine, call)
            })?
        }
        ("DELETE", None) => {
            admin(state, call)?;
            if machine["locked"] == true {
                return Err(Answer::text(409, "Cannot delete machine because it is locked."));
            }
            state.machines.retain(|machine| machine["system_id"] != id);
            return Ok(Answer::new(204));
        }
        ("POST", Some("deploy")) => {
            if !matches!(name.as_str(), "Ready" | "Allocated") {
                return Err(Answer::text(409, format!("Can't deploy a machine that is in the '{name}' state")));
            }
            edit(state, id, |_, machine| {
                set_status(machine, "Deploying");
                machine["owner"] = json!(call.user());
                machine["osystem"] = json!("ubuntu");
                machine["distro_series"] = json!(call.first("distro_series").unwrap_or("noble"));
                machine["power_state"] = json!("on");
                Ok(())
            })?
        }
        ("POST", Some("release")) => edit(state, id, |_, machine| release(machine))?,
        ("POST", Some("lock" | "unlock")) => {
            let lock = call.op.as_deref() == Some("lock");
            if lock && !matches!(name.as_str(), "Deployed" | "Deploying") {
                return Err(Answer::text(409, format!("Machine is not deployed, and cannot be locked ('{name}').")));
            }
            edit(state, id, |_, machine| {
                machine["locked"] = json!(lock);
                Ok(())
            })?
        }
        ("POST", Some(op @ ("power_on" | "power_off"))) => edit(state, id, |_, machine| {
            machine["power_state"] = json!(if op == "power_on" { "on" } else { "off" });
            Ok(())
        })?,
        ("POST", Some(op @ ("commission" | "test" | "mark_broken" | "mark_fixed"))) => edit(state, id, |_, machine| {
            let next = match op {
                "commission" => "Commissioning",
                "test" => "Testing",
                "mark_broken" => "Broken",
                _ => "Ready",
            };
            set_status(machine, next);
            Ok(())
        })?,
        ("POST", Some("set_owner_data")) => edit(state, id, |_, machine| {
            for key in call.names() {
                machine["owner_data"][key] = json!(call.first(key));
            }
            machine["workload_annotations"] = machine["owner_data"].clone();
            Ok(())
        })?,
        _ => return Err(Answer::text(501, "The sandbox does not do this.")),
    };
    Ok(Answer::json_indented(200, &changed))
}

/// Changes a copy of a machine and stores it only where the change was accepted.
fn edit(state: &mut State, id: &str, change: impl FnOnce(&State, &mut Value) -> Result<(), Answer>) -> Result<Value, Answer> {
    let mut machine = state.machine(id).ok_or_else(|| not_found("Machine"))?.clone();
    change(state, &mut machine)?;
    if let Some(stored) = state.machine_mut(id) {
        stored.clone_from(&machine);
    }
    Ok(machine)
}

fn place(state: &State, machine: &mut Value, call: &Call) -> Result<(), Answer> {
    let invalid_choice = |field| invalid(field, "Select a valid choice. That choice is not one of the available choices.");
    if call.first("pool").is_some_and(|name| !state.put_in_pool(machine, name)) {
        return Err(invalid_choice("pool"));
    }
    if call.first("zone").is_some_and(|name| !state.put_in_zone(machine, name)) {
        return Err(invalid_choice("zone"));
    }
    if let Some(locked) = call.first("locked") {
        machine["locked"] = json!(is_true(locked));
    }
    Ok(())
}

fn release(machine: &mut Value) -> Result<(), Answer> {
    let name = machine["status_name"].as_str().unwrap_or_default();
    if machine["locked"] == true || !matches!(name, "Ready" | "Allocated" | "Reserved" | "Deployed" | "Deploying" | "Broken" | "Failed deployment") {
        return Err(Answer::text(409, format!("Machine cannot be released in its current state ('{name}').")));
    }
    set_status(machine, "Ready");
    for (member, value) in [("owner", ""), ("osystem", ""), ("distro_series", ""), ("power_state", "off")] {
        machine[member] = json!(value);
    }
    Ok(())
}

fn power_parameters(machine: &Value) -> Value {
    let address = machine["interface_set"][0]["links"][0]["ip_address"].as_str().unwrap_or_default().replace("10.20.0.", "10.20.9.");
    json!({"power_address": address, "power_user": "maas", "power_pass": format!("bmc-{}-Kv2", machine["hostname"].as_str().unwrap_or_default()), "power_driver": "LAN_2_0", "mac_address": ""})
}

fn admin(state: &State, call: &Call) -> Result<(), Answer> {
    if state.is_superuser(call.user()) { Ok(()) } else { Err(forbidden()) }
}
