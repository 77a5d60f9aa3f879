//! `kv`: key-value collections, which are collections of another model.
//!
//! A page holds at most 100 keys or pairs; whoever asks for more gets 100 without a notice.

use serde_json::{Map, Value, json};

use super::super::response::Response;
use super::bulk::Page;
use super::state::{Collection, State};
use super::{Call, documents, inline, refusal, wrong_method};

/// The most entries of one page.
const LIMIT: usize = 100;

/// Carries a call out.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("GET", ["kv"]) => {
            let fabric = state.fabrics.get(call.fabric);
            let all = fabric.into_iter().flat_map(|fabric| &fabric.collections);
            let shown: Vec<Value> = all
                .filter(|known| known.key_value)
                .map(|known| json!({"name": known.name, "expiration": false}))
                .collect();
            Ok(inline(200, json!({"result": shown})))
        }
        ("POST", ["kv", name]) => {
            state.create_collection(call.fabric, name, 2)?;
            state.collection(call.fabric, name)?.key_value = true;
            Ok(inline(200, json!({"name": name})))
        }
        ("DELETE", ["kv", name]) => {
            find(state, call, name)?;
            if let Some(fabric) = state.fabrics.get_mut(call.fabric) {
                fabric.collections.retain(|known| known.name != *name);
            }
            Ok(inline(200, json!({"name": name})))
        }
        ("GET", ["kv", name, "count"]) => {
            let count = find(state, call, name)?.documents.len();
            Ok(inline(200, json!({"name": name, "count": count})))
        }
        ("GET", ["kv", name, "keys"]) => {
            let page = Page::read(call)?;
            let documents = &find(state, call, name)?.documents;
            let page = documents.page(page.offset, page.limit.min(LIMIT), page.descending);
            let keys: Vec<&str> = page.iter().map(|(key, _)| key.as_ref()).collect();
            Ok(inline(200, json!({"result": keys})))
        }
        ("POST", ["kv", name, "values"]) => values(state, call, name),
        ("PUT", ["kv", name, "value"]) => set(state, call, name),
        ("DELETE", ["kv", name, "values"]) => {
            let keys = call.json()?;
            let collection = find(state, call, name)?;
            let mut gone = Vec::new();
            for key in keys.as_array().into_iter().flatten() {
                let key = key.as_str().or(key["_key"].as_str()).unwrap_or_default();
                gone.push(remove(collection, key)?);
            }
            Ok(Response::json(202, &Value::Array(gone)))
        }
        ("PUT", ["kv", name, "truncate"]) => {
            find(state, call, name)?.documents.clear();
            Ok(inline(200, json!({"name": name})))
        }
        (method @ ("GET" | "DELETE"), ["kv", name, "value", key]) => {
            let collection = find(state, call, name)?;
            let (code, shown) = if method == "GET" {
                (200, collection.documents.get(key).ok_or_else(missing)?)
            } else {
                (202, remove(collection, key)?)
            };
            let tag = format!("\"{}\"", shown["_rev"].as_str().unwrap_or_default());
            Ok(Response::json(code, &shown).header("ETag", tag))
        }
        _ => Err(wrong_method()),
    }
}

fn missing() -> Response {
    refusal(404, 1202, "document not found")
}

fn find<'a>(state: &'a mut State, call: &Call, name: &str) -> Result<&'a mut Collection, Response> {
    let found = state.collection(call.fabric, name).ok();
    found
        .filter(|collection| collection.key_value)
        .ok_or_else(|| refusal(404, 101_000, "KV collection not found"))
}

/// A pair as lists show it.
fn pair(stored: &Value) -> Value {
    json!({"_key": stored["_key"], "value": stored["value"], "expireAt": stored["expireAt"]})
}

/// What writes say of a pair.
fn said(stored: &Value) -> Value {
    json!({"_id": stored["_id"], "_key": stored["_key"], "_rev": stored["_rev"]})
}

fn remove(collection: &mut Collection, key: &str) -> Result<Value, Response> {
    let old = collection.documents.get(key).ok_or_else(missing)?;
    collection.documents.remove(key);
    Ok(said(&old))
}

/// The pairs of the keys in the body; without a body, a page of all.
fn values(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let page = Page::read(call)?;
    let wanted = if call.request.body.is_empty() {
        Value::Null
    } else {
        call.json()?
    };
    let documents = &find(state, call, name)?.documents;
    let pairs: Vec<Value> = match wanted.as_array() {
        Some(keys) => (keys.iter())
            .filter_map(|key| documents.get(key.as_str()?))
            .skip(page.offset)
            .take(page.limit.min(LIMIT))
            .map(|stored| pair(&stored))
            .collect(),
        None => {
            let entries = documents.page(page.offset, page.limit.min(LIMIT), false);
            let stored = entries.iter().map(|(_, text)| serde_json::from_str(text));
            stored
                .map(|stored| pair(&stored.unwrap_or_default()))
                .collect()
        }
    };
    Ok(inline(200, json!({"result": pairs})))
}

/// Creates or updates pairs.
fn set(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let body = call.json()?;
    let collection = find(state, call, name)?;
    let mut done = Vec::new();
    for item in body
        .as_array()
        .map_or(std::slice::from_ref(&body), Vec::as_slice)
    {
        if item.get("value").is_none() {
            let body = json!({"code": 403, "error": true, "errorMessage": "Missing value.", "errorNum": 400});
            return Err(Response::json(403, &body));
        }
        let item = item.as_object().cloned().unwrap_or_else(Map::new);
        let key = documents::new_key(&item)
            .map_err(|failure| refusal(failure.code, failure.number, &failure.message))?;
        let old = collection.documents.get(&key);
        let mut shown = said(&collection.put(&key, &item));
        if let Some(old) = old {
            shown["_oldRev"] = old["_rev"].clone();
        }
        done.push(shown);
    }
    Ok(Response::json(202, &Value::Array(done)))
}
