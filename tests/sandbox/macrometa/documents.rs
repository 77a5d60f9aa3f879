//! `document`: one by its key, or many in an array.
//!
//! Writes response 202, or 201 with `waitForSync`. An array's failures stand among its items of the same 202, counted in
//! `X-C8-Error-Codes`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::clock;
use super::super::response::Response;
use super::state::{Collection, State};
use super::{Call, TENANT, refusal, wrong_method};

/// Why one document failed: the status it has alone, and the error that it has in an array.
pub struct Failure {
    /// The status that it has alone.
    pub code: u16,
    /// The errorNum.
    pub number: u32,
    /// The errorMessage.
    pub message: String,
    /// The document that is there now, for a revision conflict.
    current: Option<Value>,
}

impl Failure {
    fn new(code: u16, number: u32, message: impl Into<String>) -> Self {
        Self {
            code,
            number,
            message: message.into(),
            current: None,
        }
    }

    fn alone(self) -> Response {
        let mut response = refusal(self.code, self.number, &self.message);
        if let Some(current) = self.current {
            let body = json!({"error": true, "code": self.code, "errorNum": self.number, "errorMessage": self.message, "_id": current["_id"], "_key": current["_key"], "_rev": current["_rev"]});
            response = Response::json(self.code, &body).header("ETag", quoted(&current));
        }
        response
    }
}

/// Carries a call out.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    let good = if call.on("waitForSync") { 201 } else { 202 };
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("GET" | "HEAD", ["document", collection, key]) => {
            let collection = state.collection(call.fabric, collection)?;
            let found = existing(collection, key, wanted_revision(call).as_deref())
                .map_err(Failure::alone)?;
            let same = call
                .request
                .header("if-none-match")
                .is_some_and(|tag| unquoted(tag) == found["_rev"]);
            Ok(if same {
                Response::new(304)
            } else {
                Response::json(200, &found)
            }
            .header("ETag", quoted(&found)))
        }
        ("POST" | "PUT" | "PATCH" | "DELETE", ["document", name]) => {
            let body = call.json()?;
            let collection = state.collection(call.fabric, name)?;
            if let Value::Array(items) = body {
                return Ok(many(collection, call, &items, good));
            }
            let result = match call.request.method.as_str() {
                "POST" => create(collection, call, &body),
                method => change(collection, call, method, None, &body, None),
            };
            Ok(written(call, name, result.map_err(Failure::alone)?, good))
        }
        (method @ ("PUT" | "PATCH" | "DELETE"), ["document", name, key]) => {
            let body = if method == "DELETE" {
                json!({})
            } else {
                call.json()?
            };
            let collection = state.collection(call.fabric, name)?;
            let result = change(
                collection,
                call,
                method,
                Some(key),
                &body,
                wanted_revision(call).as_deref(),
            );
            Ok(written(call, name, result.map_err(Failure::alone)?, good))
        }
        _ => Err(wrong_method()),
    }
}

fn written(call: &Call, collection: &str, result: Value, good: u16) -> Response {
    let tag = quoted(&result);
    let key = result["_key"]
        .as_str()
        .unwrap_or_default()
        .replace('%', "%25");
    let location = format!(
        "/_tenant/{TENANT}/_fabric/{}/_api/document/{collection}/{key}",
        call.fabric
    );
    let shown = if call.on("silent") { json!({}) } else { result };
    let response = Response::json(good, &shown).header("ETag", tag);
    if call.request.method == "DELETE" {
        response
    } else {
        response.header("Location", location)
    }
}

fn many(collection: &mut Collection, call: &Call, items: &[Value], good: u16) -> Response {
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    let mut results = Vec::new();
    for item in items {
        let result = match call.request.method.as_str() {
            "POST" => create(collection, call, item),
            method => change(collection, call, method, None, item, None),
        };
        match result {
            Ok(_) if call.on("silent") => {}
            Ok(result) => results.push(result),
            Err(failure) => {
                *codes.entry(failure.number.to_string()).or_default() += 1;
                results.push(json!({"error": true, "errorNum": failure.number, "errorMessage": failure.message}));
            }
        }
    }
    let response = Response::json(good, &Value::Array(results));
    if codes.is_empty() {
        response
    } else {
        response.header("X-C8-Error-Codes", json!(codes).to_string())
    }
}

/// Creates one document; what the response says of it.
pub fn create(collection: &mut Collection, call: &Call, item: &Value) -> Result<Value, Failure> {
    let Value::Object(document) = item else {
        return Err(Failure::new(400, 1227, "invalid document type"));
    };
    let key = new_key(document)?;
    let old = collection.documents.get(&key);
    if old.is_some() && !call.on("overwrite") {
        return Err(Failure::new(409, 1210, violation(&key)));
    }
    let new = collection.put(&key, document);
    Ok(said(call, new, old))
}

/// The key of a new document: its own, or a fresh one.
pub fn new_key(document: &Map<String, Value>) -> Result<String, Failure> {
    match document.get("_key") {
        None | Some(Value::Null) => Ok((clock::fresh() % 1_000_000_000_000_000).to_string()),
        Some(Value::String(key)) if is_key(key) => Ok(key.clone()),
        Some(_) => Err(Failure::new(400, 1221, "illegal document key")),
    }
}

/// What is said of a key that is taken.
pub fn violation(key: &str) -> String {
    format!(
        "unique constraint violated - in index primary of type primary over '_key'; conflicting key: {key}"
    )
}

/// Replaces, updates or deletes one document; in an array its item names it, as an object or, for a deletion, as a bare key.
fn change(
    collection: &mut Collection,
    call: &Call,
    method: &str,
    key: Option<&str>,
    item: &Value,
    revision: Option<&str>,
) -> Result<Value, Failure> {
    let named = key
        .or_else(|| item["_key"].as_str())
        .or_else(|| item.as_str())
        .ok_or_else(|| Failure::new(400, 1227, "invalid document type"))?;
    let own_revision = item["_rev"].as_str().filter(|_| {
        call.request
            .query_value("ignoreRevs")
            .is_some_and(|value| matches!(value.as_str(), "false" | "0"))
    });
    let old = existing(collection, named, revision.or(own_revision))?;
    let new = match (method, item) {
        ("DELETE", _) => {
            collection.documents.remove(named);
            let mut gone = json!({"_id": old["_id"], "_key": old["_key"], "_rev": old["_rev"]});
            if call.on("returnOld") {
                gone["old"] = old;
            }
            return Ok(gone);
        }
        ("PATCH", Value::Object(changes)) => {
            let mut merged = old.as_object().cloned().unwrap_or_default();
            let keep_null = call.request.query_value("keepNull").is_none() || call.on("keepNull");
            let merge_objects =
                call.request.query_value("mergeObjects").is_none() || call.on("mergeObjects");
            merge(&mut merged, changes, keep_null, merge_objects);
            collection.put(named, &merged)
        }
        (_, Value::Object(document)) => collection.put(named, document),
        _ => return Err(Failure::new(400, 1227, "invalid document type")),
    };
    Ok(said(call, new, Some(old)))
}

/// Merges changes into a document, as `PATCH` and `UPDATE` do.
pub fn merge(
    into: &mut Map<String, Value>,
    changes: &Map<String, Value>,
    keep_null: bool,
    objects: bool,
) {
    for (name, value) in changes {
        match (into.get_mut(name), value) {
            (_, Value::Null) if !keep_null => drop(into.shift_remove(name)),
            (Some(Value::Object(old)), Value::Object(new)) if objects => {
                merge(old, new, keep_null, objects);
            }
            _ => drop(into.insert(name.clone(), value.clone())),
        }
    }
}

fn said(call: &Call, new: Value, old: Option<Value>) -> Value {
    let mut result = json!({"_id": new["_id"], "_key": new["_key"], "_rev": new["_rev"]});
    if let Some(old) = old {
        result["_oldRev"] = old["_rev"].clone();
        if call.on("returnOld") {
            result["old"] = old;
        }
    }
    if call.on("returnNew") {
        result["new"] = new;
    }
    result
}

fn existing(collection: &Collection, key: &str, revision: Option<&str>) -> Result<Value, Failure> {
    let found = collection
        .documents
        .get(key)
        .ok_or_else(|| Failure::new(404, 1202, "document not found"))?;
    if revision.is_some_and(|revision| found["_rev"] != revision) {
        let conflict = Failure::new(412, 1200, "conflict, _rev values do not match");
        return Err(Failure {
            current: Some(found),
            ..conflict
        });
    }
    Ok(found)
}

fn wanted_revision(call: &Call) -> Option<String> {
    call.request
        .header("if-match")
        .map(|tag| unquoted(tag).to_owned())
}

fn quoted(document: &Value) -> String {
    format!("\"{}\"", document["_rev"].as_str().unwrap_or_default())
}

fn unquoted(tag: &str) -> &str {
    tag.trim().trim_matches('"')
}

fn is_key(key: &str) -> bool {
    (1..=254).contains(&key.len())
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_-:.@()+,=;$!*'%".contains(letter))
}
