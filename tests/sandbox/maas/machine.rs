//! `machines/{system_id}/`: one machine and what can be done to it.
//!
//! Transitions happen at once, except that a deployment stays Deploying until a test or a release moves it.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, forbidden, invalid, is_true, not_found};
use super::events;
use super::hardware::{details, keep_power, power_parameters};
use super::lifecycle;
use super::state::{State, free, set_status};
use super::ways;

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, id: &str) -> Result<Response, Response> {
    let machine = state
        .machine(id)
        .ok_or_else(|| not_found("Machine"))?
        .clone();
    let name = machine["status_name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let changed = match call.what() {
        ("GET", None) => {
            seen(state, id);
            machine
        }
        ("GET", Some("details")) => return Ok(details()),
        ("GET", Some("power_parameters")) => {
            admin(state, call)?;
            power_parameters(state, &machine)
        }
        ("GET", Some("query_power_state")) => {
            seen(state, id);
            json!({"state": machine["power_state"]})
        }
        ("PUT", None) => {
            admin(state, call)?;
            keep_power(state, call, id);
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
                return Err(Response::text(
                    409,
                    "Cannot delete machine because it is locked.",
                ));
            }
            state.machines.retain(|machine| machine["system_id"] != id);
            return Ok(Response::new(204));
        }
        ("POST", Some("deploy")) => {
            if !matches!(name.as_str(), "Ready" | "Allocated") {
                return Err(Response::text(
                    409,
                    format!("Can't deploy a machine that is in the '{name}' state"),
                ));
            }
            edit(state, id, |_, machine| {
                machine["owner"] = json!(call.user());
                machine["osystem"] = json!("ubuntu");
                machine["distro_series"] = json!(call.first("distro_series").unwrap_or("noble"));
                Ok(())
            })?;
            set_out(state, call, id, "deploy")
        }
        ("POST", Some("release")) => {
            release(state, call, id)?;
            stored(state, id)
        }
        ("POST", Some(op)) => simple(state, call, id, op, &name)?,
        _ => return Err(Response::text(501, "The sandbox does not do this.")),
    };
    Ok(Response::json_indented(200, &changed))
}

/// The operations that set a machine on its way, or only change a member or two.
fn simple(
    state: &mut State,
    call: &Call,
    id: &str,
    op: &str,
    status: &str,
) -> Result<Value, Response> {
    let possible = match op {
        "lock" => matches!(status, "Deployed" | "Deploying"),
        "rescue_mode" => matches!(status, "Ready" | "Broken" | "Deployed" | "Allocated"),
        "exit_rescue_mode" => status == "Rescue mode",
        "override_failed_testing" => status == "Failed testing",
        _ => true,
    };
    if !possible {
        let text = if op == "lock" {
            format!("Machine is not deployed, and cannot be locked ('{status}').")
        } else {
            format!("Can't {op} a machine that is in the '{status}' state")
        };
        return Err(Response::text(409, text));
    }
    if op == "commission"
        && !matches!(
            status,
            "New" | "Failed commissioning" | "Ready" | "Broken" | "Failed testing"
        )
    {
        return Err(invalid(
            "__all__",
            "Commission is not available because of the current state of the node.",
        ));
    }
    match op {
        "power_on" | "power_off" | "commission" | "test" | "rescue_mode" | "exit_rescue_mode" => {
            return Ok(set_out(state, call, id, op));
        }
        "abort" => return abort(state, id, status),
        _ => {}
    }
    if matches!(op, "mark_broken" | "mark_fixed" | "override_failed_testing") {
        state.journeys.stop(id);
    }
    edit(state, id, |_, machine| {
        match op {
            "lock" | "unlock" => machine["locked"] = json!(op == "lock"),
            "mark_broken" => {
                set_status(machine, "Broken");
                machine["error_description"] = json!(call.first("comment").unwrap_or_default());
            }
            "mark_fixed" | "override_failed_testing" => drop(set_status(machine, "Ready")),
            "set_owner_data" | "set_workload_annotations" => {
                for key in call.names() {
                    machine["owner_data"][key] = json!(call.first(key));
                }
                machine["workload_annotations"] = machine["owner_data"].clone();
            }
            _ => return Err(Response::text(501, "The sandbox does not do this.")),
        }
        Ok(())
    })
}

/// Begins what takes time; the machine as the response shows it.
fn set_out(state: &mut State, call: &Call, id: &str, op: &str) -> Value {
    let machine = stored(state, id);
    let way = ways::way(
        op,
        machine["status_name"].as_str().unwrap_or_default(),
        !machine["owner"].is_null(),
        call.first("erase").is_some_and(is_true),
    );
    if let Some(mut way) = way {
        if op == "release" && machine["commissioning_status"] == -1 {
            way = way.of_new_machine();
        }
        audit(state, call.user(), id, op);
        lifecycle::begin(state, id, call.user(), way);
    }
    stored(state, id)
}

fn stored(state: &State, id: &str) -> Value {
    state.machine(id).cloned().unwrap_or_default()
}

fn seen(state: &mut State, id: &str) {
    lifecycle::shown(state, &HashSet::from([id.to_owned()]));
}

fn abort(state: &mut State, id: &str, status: &str) -> Result<Value, Response> {
    let back = match status {
        "Commissioning" => "New",
        "Deploying" => "Allocated",
        "Disk erasing" => "Failed disk erasing",
        "Testing" => "Ready",
        _ => {
            return Err(Response::text(
                409,
                format!("Cannot abort in current state: node {id} is in state {status}."),
            ));
        }
    };
    state.journeys.stop(id);
    edit(state, id, |_, machine| {
        set_status(machine, back);
        machine["power_state"] = json!("off");
        Ok(())
    })
}

/// Changes a copy of a machine and stores it only where the change was accepted.
pub fn edit(
    state: &mut State,
    id: &str,
    change: impl FnOnce(&State, &mut Value) -> Result<(), Response>,
) -> Result<Value, Response> {
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
pub fn place(state: &State, machine: &mut Value, call: &Call) -> Result<(), Response> {
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

/// Tells whether the state of a machine lets it be given back.
pub fn is_releasable(machine: &Value) -> bool {
    let name = machine["status_name"].as_str().unwrap_or_default();
    machine["locked"] != true
        && matches!(
            name,
            "Ready"
                | "Allocated"
                | "Reserved"
                | "Deployed"
                | "Deploying"
                | "Broken"
                | "Failed deployment"
                | "Releasing failed"
                | "Failed disk erasing"
        )
}

/// Gives a machine back: at once where it is off, else after its way.
pub fn release(state: &mut State, call: &Call, id: &str) -> Result<(), Response> {
    let machine = state.machine(id).ok_or_else(|| not_found("Machine"))?;
    let name = machine["status_name"].as_str().unwrap_or_default();
    if !is_releasable(machine) {
        return Err(Response::text(
            409,
            format!("Machine cannot be released in its current state ('{name}')."),
        ));
    }
    let erase = call.first("erase").is_some_and(is_true);
    if machine["power_state"] == "on" || erase {
        set_out(state, call, id, "release");
        return Ok(());
    }
    state.journeys.stop(id);
    if let Some(machine) = state.machine_mut(id) {
        let is_new = machine["commissioning_status"] == -1;
        set_status(machine, if is_new { "New" } else { "Ready" });
        free(machine);
        machine["power_state"] = json!("off");
    }
    audit(state, call.user(), id, "release");
    Ok(())
}

/// Writes into the log who did what; such a line begins with the user.
fn audit(state: &mut State, user: &str, id: &str, op: &str) {
    let hostname = stored(state, id)["hostname"].clone();
    let hostname = hostname.as_str().unwrap_or_default();
    let text = format!("{user} called {op} on '{hostname}'.");
    events::record(state, user, id, ("AUDIT", "Node", &text));
}

/// Refuses plain users.
pub fn admin(state: &State, call: &Call) -> Result<(), Response> {
    if state.is_superuser(call.user()) {
        Ok(())
    } else {
        Err(forbidden())
    }
}
