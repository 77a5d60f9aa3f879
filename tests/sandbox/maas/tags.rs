//! `tags/` and `tags/{name}/`: definitions are kept, not evaluated.

use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, encode, forbidden, invalid, not_found};
use super::route::Kind;
use super::state::{State, Tag};

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, kind: &Kind) -> Response {
    let result = match kind {
        Kind::Tag(name) => one(state, call, name),
        _ => many(state, call),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn many(state: &mut State, call: &Call) -> Result<Response, Response> {
    if call.method == "GET" {
        return Ok(Response::json_indented(
            200,
            &state.tags.iter().map(shown).collect(),
        ));
    }
    admin(state, call)?;
    call.require(&["name"])?;
    let text = |field: &str| call.first(field).unwrap_or_default().to_owned();
    let tag = Tag {
        name: text("name"),
        definition: text("definition"),
        comment: text("comment"),
        kernel_opts: text("kernel_opts"),
    };
    sound(&tag.name)?;
    if state.tags.iter().any(|known| known.name == tag.name) {
        return Err(invalid("name", "Tag with this Name already exists."));
    }
    let response = Response::json_indented(200, &shown(&tag));
    state.tags.push(tag);
    state.tags.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(response)
}

fn one(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let at = state
        .tags
        .iter()
        .position(|tag| tag.name == name)
        .ok_or_else(|| not_found("Tag"))?;
    match call.what() {
        ("GET", None) => Ok(Response::json_indented(200, &shown(&state.tags[at]))),
        ("GET", Some("machines" | "nodes")) => {
            let carries = |machine: &&Value| {
                machine["tag_names"]
                    .as_array()
                    .is_some_and(|tags| tags.iter().any(|tag| tag == name))
            };
            Ok(Response::json_indented(
                200,
                &state.machines.iter().filter(carries).cloned().collect(),
            ))
        }
        ("GET", Some(_)) => Ok(Response::json_indented(200, &json!([]))),
        ("PUT", None) => {
            admin(state, call)?;
            let new = call.first("name").unwrap_or(name).to_owned();
            sound(&new)?;
            if new != name && state.tags.iter().any(|known| known.name == new) {
                return Err(invalid("name", "Tag with this Name already exists."));
            }
            for machine in &mut state.machines {
                for carried in machine["tag_names"]
                    .as_array_mut()
                    .into_iter()
                    .flatten()
                    .filter(|carried| **carried == *name)
                {
                    *carried = json!(new);
                }
            }
            let tag = &mut state.tags[at];
            tag.name = new;
            for (field, slot) in [
                ("definition", &mut tag.definition),
                ("comment", &mut tag.comment),
                ("kernel_opts", &mut tag.kernel_opts),
            ] {
                if let Some(value) = call.first(field) {
                    value.clone_into(slot);
                }
            }
            Ok(Response::json_indented(200, &shown(tag)))
        }
        ("DELETE", None) => {
            admin(state, call)?;
            state.tags.remove(at);
            for machine in &mut state.machines {
                carry(machine, name, false);
            }
            Ok(Response::new(204))
        }
        ("POST", Some("update_nodes")) => {
            admin(state, call)?;
            let definition = call.first("definition").unwrap_or_default();
            if !definition.is_empty() && definition != state.tags[at].definition {
                return Err(Response::text(
                    409,
                    format!(
                        "Definition supplied '{definition}' doesn't match current definition '{}'",
                        state.tags[at].definition
                    ),
                ));
            }
            let mut change = |parameter: &str, on: bool| {
                let ids = call.all(parameter);
                let found = state
                    .machines
                    .iter_mut()
                    .filter(|machine| ids.iter().any(|id| machine["system_id"] == *id));
                found.map(|machine| carry(machine, name, on)).count()
            };
            let (added, removed) = (change("add", true), change("remove", false));
            Ok(Response::json_indented(
                200,
                &json!({"added": added, "removed": removed}),
            ))
        }
        ("POST", Some("rebuild")) => Ok(Response::json_indented(200, &json!({"rebuilding": name}))),
        _ => Err(Response::text(501, "The sandbox does not do this.")),
    }
}

fn carry(machine: &mut Value, name: &str, on: bool) {
    if let Some(tags) = machine["tag_names"].as_array_mut() {
        tags.retain(|tag| tag != name);
        if on {
            tags.push(json!(name));
        }
    }
}

fn sound(name: &str) -> Result<(), Response> {
    let good = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter));
    if good {
        Ok(())
    } else {
        Err(invalid("name", "Enter a valid value."))
    }
}

fn shown(tag: &Tag) -> Value {
    json!({
        "name": tag.name,
        "definition": tag.definition,
        "comment": tag.comment,
        "kernel_opts": tag.kernel_opts,
        "resource_uri": format!("/MAAS/api/2.0/tags/{}/", encode(&tag.name)),
    })
}

fn admin(state: &State, call: &Call) -> Result<(), Response> {
    if state.is_superuser(call.user()) {
        Ok(())
    } else {
        Err(forbidden())
    }
}
