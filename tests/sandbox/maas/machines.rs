//! `machines/` and what is left of `nodes/`: listing, allocating, enlisting, and operations on several at once.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::clock;
use super::super::response::Response;
use super::auth::Caller;
use super::call::{Call, invalid, is_true};
use super::constraints::{
    CONSTRAINTS, addresses, fits_places, matches, matches_list, matches_text, sound_values,
};
use super::hardware::{keep_power, power_parameters};
use super::lifecycle;
use super::machine::{self, admin, edit, place, release};
use super::route::Kind;
use super::state::{self, State, set_status};
use super::ways;

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, kind: &Kind) -> Response {
    let result = match kind {
        Kind::Machine(id) => machine::response(state, call, id),
        _ => many(state, call),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn many(state: &mut State, call: &Call) -> Result<Response, Response> {
    match call.what() {
        ("GET", None) => list(state, call),
        ("GET", Some("list_allocated")) => {
            let ids = call.all("id");
            let mine = |machine: &&Value| {
                machine["owner"] == call.user()
                    && (ids.is_empty() || ids.iter().any(|id| machine["system_id"] == *id))
            };
            Ok(Response::json_indented(
                200,
                &state.machines.iter().filter(mine).cloned().collect(),
            ))
        }
        ("GET", Some("power_parameters")) => {
            admin(state, call)?;
            let ids = call.all("id");
            let shown = state.machines.iter().filter(|machine| {
                ids.is_empty() || ids.iter().any(|id| machine["system_id"] == *id)
            });
            let all = shown
                .map(|machine| {
                    (
                        machine["system_id"].as_str().unwrap_or_default().to_owned(),
                        power_parameters(state, machine),
                    )
                })
                .collect();
            Ok(Response::json_indented(200, &Value::Object(all)))
        }
        ("GET", Some("is_registered")) => {
            let address = call
                .first("mac_address")
                .ok_or_else(|| invalid("mac_address", "This field is required."))?
                .to_ascii_lowercase();
            Ok(Response::json_indented(
                200,
                &json!(
                    state
                        .machines
                        .iter()
                        .any(|machine| addresses(machine).contains(&address))
                ),
            ))
        }
        ("GET", Some("is_action_in_progress")) => Ok(Response::json_indented(200, &json!(false))),
        ("POST", None) => create(state, call),
        ("POST", Some("allocate")) => allocate(state, call),
        ("POST", Some("release")) => release_all(state, call),
        ("POST", Some("accept_all")) => Ok(Response::json_indented(200, &json!([]))),
        ("POST", Some("set_zone")) => {
            let ids: Vec<String> = call.all("nodes").iter().map(ToString::to_string).collect();
            for id in ids {
                edit(state, &id, |state, machine| place(state, machine, call))?;
            }
            Ok(Response::with(200, "text/html; charset=utf-8", ""))
        }
        _ => Err(Response::text(501, "The sandbox does not do this.")),
    }
}

/// Gives several machines back, or none: the states of some may forbid it.
fn release_all(state: &mut State, call: &Call) -> Result<Response, Response> {
    let ids: Vec<String> = call
        .all("machines")
        .iter()
        .map(ToString::to_string)
        .collect();
    let unknown: Vec<&String> = ids
        .iter()
        .filter(|id| state.machine(id).is_none())
        .collect();
    if !unknown.is_empty() {
        return Err(Response::text(
            400,
            format!(
                "Unknown machine(s): {}.",
                unknown
                    .iter()
                    .map(|id| id.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        ));
    }
    let status = |id: &String| state.machine(id).map(|m| m["status_name"].clone());
    // One that is free already is left out of the list.
    let taken: Vec<String> = ids
        .into_iter()
        .filter(|id| status(id).is_some_and(|name| name != "Ready"))
        .collect();
    let refused: Vec<String> = taken
        .iter()
        .filter(|id| !state.machine(id).is_some_and(machine::is_releasable))
        .map(|id| {
            let name = status(id).unwrap_or_default();
            format!("{id} ('{}')", name.as_str().unwrap_or_default())
        })
        .collect();
    if !refused.is_empty() {
        return Err(Response::text(
            409,
            format!(
                "Machine(s) cannot be released in their current state: {}.",
                refused.join(", ")
            ),
        ));
    }
    let mut released = Vec::new();
    for id in taken {
        release(state, call, &id)?;
        released.push(json!(id));
    }
    Ok(Response::json_indented(200, &Value::Array(released)))
}

fn list(state: &mut State, call: &Call) -> Result<Response, Response> {
    if let Some(unknown) = call.names().find(|name| !CONSTRAINTS.contains(name)) {
        return Err(invalid(unknown, "No such constraint."));
    }
    sound_values(call)?;
    fits_places(state, call)?;
    let found: Vec<&Value> = state
        .machines
        .iter()
        .filter(|machine| matches(machine, call) && matches_list(machine, call))
        .collect();
    let ids: HashSet<String> = found
        .iter()
        .filter_map(|machine| machine["system_id"].as_str())
        .map(str::to_owned)
        .collect();
    let response = Response::indented(200, &found);
    lifecycle::shown(state, &ids);
    Ok(response)
}

fn allocate(state: &mut State, call: &Call) -> Result<Response, Response> {
    fits_places(state, call)?;
    let user = call.user().to_owned();
    let named = |machine: &Value| {
        call.first("name")
            .is_none_or(|name| machine["hostname"] == name || machine["fqdn"] == name)
    };
    let free = |machine: &&mut Value| {
        machine["status_name"] == "Ready"
            && named(machine)
            && matches_text(machine, call, "system_id", "system_id")
            && matches(machine, call)
    };
    let Some(machine) = state.machines.iter_mut().find(free) else {
        let constraints: Vec<String> = call
            .names()
            .map(|name| format!("('{name}', ['{}'])", call.all(name).join("', '")))
            .collect();
        return Err(Response::text(
            409,
            match call.first("system_id") {
                Some(id) => format!("No machine with system ID {id} available."),
                None if constraints.is_empty() => "No machine available.".to_owned(),
                None => format!(
                    "No available machine matches constraints: [{}]",
                    constraints.join(", ")
                ),
            },
        ));
    };
    set_status(machine, "Allocated");
    machine["owner"] = json!(user);
    Ok(Response::json_indented(200, machine))
}

/// Enlists for nobody, creates for an administrator.
fn create(state: &mut State, call: &Call) -> Result<Response, Response> {
    if call.caller != Caller::Nobody {
        admin(state, call)?;
    }
    call.require(&["architecture", "mac_addresses"])?;
    let address = call
        .first("mac_addresses")
        .unwrap_or_default()
        .to_ascii_lowercase();
    if state
        .machines
        .iter()
        .any(|machine| addresses(machine).contains(&address))
    {
        return Err(invalid(
            "mac_addresses",
            format!("MAC address {address} already in use."),
        ));
    }
    let number = 100 + state.machines.len() as u64;
    let id = clock::fresh_word(6).to_ascii_lowercase();
    let hostname = call
        .first("hostname")
        .map_or_else(|| format!("proud-{number}"), str::to_owned);
    let mut machine = state::mould(&id, &hostname, number);
    for member in ["boot_interface", "interface_set"] {
        for interface in state::entries(&mut machine[member]) {
            interface["mac_address"] = json!(address);
        }
    }
    set_status(&mut machine, "New");
    state::set_commissioned(&mut machine, false);
    machine["architecture"] = json!(call.first("architecture"));
    machine["power_type"] = json!(call.first("power_type").unwrap_or_default());
    machine["description"] = json!(call.first("description").unwrap_or_default());
    state.machines.push(machine);
    keep_power(state, call, &id);
    // An administrator's machine is commissioned at once, unless that is not wanted.
    let wanted = call.first("commission").is_none_or(is_true);
    if call.caller != Caller::Nobody
        && wanted
        && let Some(way) = ways::way("commission", "New", false, false)
    {
        lifecycle::begin(state, &id, call.user(), way);
    }
    Ok(Response::json_indented(
        200,
        state.machine(&id).unwrap_or(&Value::Null),
    ))
}
