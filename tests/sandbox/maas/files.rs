//! `files/`: storage by name, where a name may hold slashes.
//!
//! `op=get` answers with the stored bytes, labelled as HTML whatever they are, as the real one does.

use serde_json::{Value, json};

use super::super::form;
use super::super::response::Response;
use super::call::{Call, encode, not_found};
use super::route::Kind;
use super::state::State;

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, kind: &Kind) -> Response {
    let result = match kind {
        Kind::File(name) => one(state, call, name),
        _ => many(state, call),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn many(state: &mut State, call: &Call) -> Result<Response, Response> {
    match call.what() {
        ("GET", None) => {
            let prefix = call.first("prefix").unwrap_or_default();
            let list: Vec<Value> = state
                .files
                .keys()
                .filter(|name| name.starts_with(prefix))
                .map(|name| shown(name))
                .collect();
            Ok(Response::json_indented(200, &Value::Array(list)))
        }
        ("GET", Some("get")) => {
            call.require(&["filename"])?;
            let bytes = call
                .first("filename")
                .and_then(|name| state.files.get(name))
                .ok_or_else(|| Response::text(404, "File not found"))?;
            Ok(Response::with(
                200,
                "text/html; charset=utf-8",
                bytes.clone(),
            ))
        }
        ("POST", None) => {
            let name = call
                .first("filename")
                .filter(|name| !name.is_empty())
                .ok_or_else(|| Response::text(400, "Filename not supplied"))?
                .to_owned();
            let bytes = call
                .upload("file")
                .ok_or_else(|| Response::text(400, "File not supplied"))?
                .to_vec();
            state.files.insert(name, bytes);
            Ok(Response::with(201, "text/html; charset=utf-8", ""))
        }
        ("DELETE", None) => {
            call.require(&["filename"])?;
            one(state, call, call.first("filename").unwrap_or_default())
        }
        _ => Err(Response::text(404, "File not found")),
    }
}

fn one(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let bytes = state
        .files
        .get(name)
        .ok_or_else(|| not_found("FileStorage"))?;
    if call.method == "DELETE" {
        state.files.remove(name);
        return Ok(Response::new(204));
    }
    let mut value = shown(name);
    value["content"] = json!(form::base64(bytes));
    Ok(Response::json_indented(200, &value))
}

fn shown(name: &str) -> Value {
    json!({"filename": name, "resource_uri": format!("/MAAS/api/2.0/files/{}/", encode(name))})
}
