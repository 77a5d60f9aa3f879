//! `scripts/`: what runs while machines are commissioned, tested and released; kept, never run.

use base64::Engine as _;
use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, forbidden, invalid, not_found};
use super::route::Kind;
use super::state::State;

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, kind: &Kind) -> Response {
    let result = match kind {
        Kind::Script(name) => one(state, call, name),
        _ => many(state, call),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn many(state: &mut State, call: &Call) -> Result<Response, Response> {
    if call.method == "GET" {
        let list = state.scripts.values().map(|script| shown(script, call));
        return Ok(Response::json_indented(200, &list.collect()));
    }
    if !state.is_superuser(call.user()) {
        return Err(forbidden());
    }
    call.require(&["name", "script"])?;
    let name = call.first("name").unwrap_or_default().to_owned();
    if state.scripts.contains_key(&name) {
        return Err(invalid("name", "Script with this Name already exists."));
    }
    let mut script = json!({
        "id": state.scripts.len() + 1,
        "name": name,
        "title": "",
        "description": "",
        "tags": [],
        "type": 2,
        "type_name": "Testing script",
        "resource_uri": format!("/MAAS/api/2.0/scripts/{name}"),
    });
    change(&mut script, call)?;
    let response = Response::json_indented(200, &shown(&script, call));
    state.scripts.insert(name, script);
    Ok(response)
}

fn one(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let script = state.scripts.get(name).ok_or_else(|| not_found("Script"))?;
    match call.what() {
        ("GET", None) => return Ok(Response::json_indented(200, &shown(script, call))),
        ("GET", Some(_)) => {
            let content = script["script"].as_str().unwrap_or_default();
            return Ok(Response::text(200, content));
        }
        _ if !state.is_superuser(call.user()) => return Err(forbidden()),
        ("PUT", _) => {}
        _ => {
            state.scripts.remove(name);
            return Ok(Response::new(204));
        }
    }
    let mut script = script.clone();
    change(&mut script, call)?;
    let response = Response::json_indented(200, &shown(&script, call));
    state.scripts.insert(name.to_owned(), script);
    Ok(response)
}

/// Takes over what a call says of a script.
fn change(script: &mut Value, call: &Call) -> Result<(), Response> {
    for field in ["title", "description", "script"] {
        if let Some(value) = call.first(field) {
            script[field] = json!(value);
        }
    }
    if let Some(content) = call.upload("script") {
        script["script"] = json!(String::from_utf8_lossy(content));
    }
    if let Some(tags) = call.first("tags") {
        script["tags"] = tags.split(',').map(str::trim).collect();
    }
    if let Some(kind) = call.first("type") {
        let kinds = [
            ("commissioning", 0, "Commissioning script"),
            ("testing", 2, "Testing script"),
            ("release", 3, "Release script"),
        ];
        let Some((_, number, name)) = kinds.iter().find(|(word, _, _)| *word == kind) else {
            return Err(invalid(
                "type",
                "Must be commissioning, testing, or release",
            ));
        };
        script["type"] = json!(number);
        script["type_name"] = json!(name);
    }
    Ok(())
}

/// A script as it is answered: its content only where it is asked for.
fn shown(script: &Value, call: &Call) -> Value {
    let mut shown = script.clone();
    if let Some(members) = shown.as_object_mut()
        && let Some(content) = members.remove("script")
        && call.first("include_script").is_some()
    {
        let content = content.as_str().unwrap_or_default();
        let encoded = base64::engine::general_purpose::STANDARD.encode(content);
        members.insert(
            "history".to_owned(),
            json!([{"id": 1, "comment": "", "data": encoded}]),
        );
    }
    shown
}
