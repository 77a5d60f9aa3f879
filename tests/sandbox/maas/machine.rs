//! `machines/{system_id}/`: one machine and what can be done to it.
//!
//! Transitions happen at once, except that a deployment stays Deploying until a test or a release moves it.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::call::{Call, forbidden, invalid, is_true, not_found};
use super::state::{State, set_status};

/// Carries an operation out.
pub fn answer(state: &mut State, call: &Call, id: &str) -> Result<Answer, Answer> {
    let machine = state
        .machine(id)
        .ok_or_else(|| not_found("Machine"))?
        .clone();
    let name = machine["status_name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
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
                for field in [
                    "hostname",
                    "description",
                    "architecture",
                    "power_type",
                    "min_hwe_kernel",
                ] {
                    if let Some(value) = call.first(field) {
                        machine[field] = json!(value);
                    }
                }
                machine["fqdn"] = json!(format!(
                    "{}.maas",
                    machine["hostname"].as_str().unwrap_or_default()
                ));
                place(state, machine, call)
            })?
        }
        ("DELETE", None) => {
            admin(state, call)?;
            if machine["locked"] == true {
                return Err(Answer::text(
                    409,
                    "Cannot delete machine because it is locked.",
                ));
            }
            state.machines.retain(|machine| machine["system_id"] != id);
            return Ok(Answer::new(204));
        }
        ("POST", Some("deploy")) => {
            if !matches!(name.as_str(), "Ready" | "Allocated") {
                return Err(Answer::text(
                    409,
                    format!("Can't deploy a machine that is in the '{name}' state"),
                ));
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
        ("POST", Some(op)) => simple(state, call, id, op, &name)?,
        _ => return Err(Answer::text(501, "The sandbox does not do this.")),
    };
    Ok(Answer::json_indented(200, &changed))
}

/// The operations that only change a member or two.
fn simple(
    state: &mut State,
    call: &Call,
    id: &str,
    op: &str,
    status: &str,
) -> Result<Value, Answer> {
    if op == "lock" && !matches!(status, "Deployed" | "Deploying") {
        let text = format!("Machine is not deployed, and cannot be locked ('{status}').");
        return Err(Answer::text(409, text));
    }
    edit(state, id, |_, machine| {
        match op {
            "lock" | "unlock" => machine["locked"] = json!(op == "lock"),
            "power_on" => machine["power_state"] = json!("on"),
            "power_off" => machine["power_state"] = json!("off"),
            "commission" => drop(set_status(machine, "Commissioning")),
            "test" => drop(set_status(machine, "Testing")),
            "mark_broken" => drop(set_status(machine, "Broken")),
            "mark_fixed" => drop(set_status(machine, "Ready")),
            "set_owner_data" => {
                for key in call.names() {
                    machine["owner_data"][key] = json!(call.first(key));
                }
                machine["workload_annotations"] = machine["owner_data"].clone();
            }
            _ => return Err(Answer::text(501, "The sandbox does not do this.")),
        }
        Ok(())
    })
}

/// Changes a copy of a machine and stores it only where the change was accepted.
pub fn edit(
    state: &mut State,
    id: &str,
    change: impl FnOnce(&State, &mut Value) -> Result<(), Answer>,
) -> Result<Value, Answer> {
    let mut machine = state
        .machine(id)
        .ok_or_else(|| not_found("Machine"))?
        .clone();
    change(state, &mut machine)?;
    if let Some(stored) = state.machine_mut(id) {
        stored.clone_from(&machine);
    }
    Ok(machine)
}

/// Moves a machine to the pool and zone that the call names.
pub fn place(state: &State, machine: &mut Value, call: &Call) -> Result<(), Answer> {
    let invalid_choice = |field| {
        invalid(
            field,
            "Select a valid choice. That choice is not one of the available choices.",
        )
    };
    if call
        .first("pool")
        .is_some_and(|name| !state.put_in_pool(machine, name))
    {
        return Err(invalid_choice("pool"));
    }
    if call
        .first("zone")
        .is_some_and(|name| !state.put_in_zone(machine, name))
    {
        return Err(invalid_choice("zone"));
    }
    if let Some(locked) = call.first("locked") {
        machine["locked"] = json!(is_true(locked));
    }
    Ok(())
}

/// Gives a machine back.
pub fn release(machine: &mut Value) -> Result<(), Answer> {
    let name = machine["status_name"].as_str().unwrap_or_default();
    if machine["locked"] == true
        || !matches!(
            name,
            "Ready"
                | "Allocated"
                | "Reserved"
                | "Deployed"
                | "Deploying"
                | "Broken"
                | "Failed deployment"
        )
    {
        return Err(Answer::text(
            409,
            format!("Machine cannot be released in its current state ('{name}')."),
        ));
    }
    set_status(machine, "Ready");
    for (member, value) in [
        ("owner", ""),
        ("osystem", ""),
        ("distro_series", ""),
        ("power_state", "off"),
    ] {
        machine[member] = json!(value);
    }
    Ok(())
}

/// How its power is switched, password and all.
pub fn power_parameters(machine: &Value) -> Value {
    let address = machine["interface_set"][0]["links"][0]["ip_address"]
        .as_str()
        .unwrap_or_default()
        .replace("10.20.0.", "10.20.9.");
    json!({"power_address": address, "power_user": "maas", "power_pass": format!("bmc-{}-Kv2", machine["hostname"].as_str().unwrap_or_default()), "power_driver": "LAN_2_0", "mac_address": ""})
}

/// Refuses plain users.
pub fn admin(state: &State, call: &Call) -> Result<(), Answer> {
    if state.is_superuser(call.user()) {
        Ok(())
    } else {
        Err(forbidden())
    }
}
