//! `import` and `export`: many documents in one call, with what failed inside a 200.
//!
//! An import names each failed document and why, as recorded from the service, and counts them in `X-C8-Error-Codes` too. A
//! replaced document counts as created. An export leaves `_id` and `_rev` out, and a `limit` of 0 is the default.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::response::Response;
use super::state::{Collection, State};
use super::{Call, documents, inline, refusal, wrong_method};

/// The most documents of one import.
const IMPORT_LIMIT: usize = 10_000;

/// The most documents of one export.
const EXPORT_LIMIT: usize = 1000;

/// Carries a call out.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("POST", ["import", name]) => import(state, call, name),
        ("GET", ["export", name]) => {
            let page = Page::read(call)?;
            if page.limit > EXPORT_LIMIT {
                let message = format!("limit must be at most {EXPORT_LIMIT}");
                return Err(refusal(400, 400, &message));
            }
            let collection = state.collection(call.fabric, name)?;
            let page = (collection.documents).page(page.offset, page.limit, page.descending);
            let page: Vec<String> = (page.iter())
                .map(|entry| collection.exported(entry))
                .collect();
            let body = format!(
                "{{\"error\":false,\"code\":200,\"result\":[{}]}}",
                page.join(",")
            );
            Ok(Response::with(200, "application/json; charset=utf-8", body))
        }
        _ => Err(wrong_method()),
    }
}

/// Which part of a list is wanted.
pub struct Page {
    /// How many to leave out.
    pub offset: usize,
    /// How many to give.
    pub limit: usize,
    /// Whether from the end.
    pub descending: bool,
}

impl Page {
    /// Reads it from the query.
    pub fn read(call: &Call) -> Result<Self, Response> {
        let number = |name: &str| match call.request.query_value(name) {
            None => Ok(0),
            Some(text) => text
                .parse()
                .map_err(|_| refusal(400, 400, &format!("{name} must be a number"))),
        };
        Ok(Self {
            offset: number("offset")?,
            limit: match number("limit")? {
                0 => 20,
                limit => limit,
            },
            descending: call.request.query_value("order").as_deref() == Some("desc"),
        })
    }
}

/// What an import counts.
#[derive(Default)]
struct Tally {
    created: usize,
    codes: BTreeMap<String, usize>,
    errors: Vec<Value>,
    unprocessed: Vec<Value>,
}

fn import(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let mut body = call.json()?;
    let Value::Array(items) = body["data"].take() else {
        return Err(refusal(400, 400, "data must be an array of documents"));
    };
    if items.len() > IMPORT_LIMIT {
        let message = format!("at most {IMPORT_LIMIT} documents can be imported at once");
        return Err(refusal(400, 400, &message));
    }
    let primary = body["primaryKey"]
        .as_str()
        .filter(|name| !matches!(*name, "" | "auto" | "_key"));
    let collection = state.collection(call.fabric, name)?;
    let mut tally = Tally::default();
    for (position, item) in items.into_iter().enumerate() {
        let Value::Object(mut document) = item else {
            tally.unprocessed.push(item);
            continue;
        };
        if let Some(key) = primary.and_then(|name| document.get(name).cloned()) {
            let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            if let Some(old) = document.insert("_key".to_owned(), key.into()) {
                document.insert("old_key".to_owned(), old);
            }
        }
        match place(collection, &document, body["replace"] == true) {
            Ok(()) => tally.created += 1,
            Err((number, reason)) => {
                *tally.codes.entry(number.to_string()).or_default() += 1;
                let message = format!("{}: {reason}", position + 1);
                tally.errors.push(
                    json!({"document": document, "errorNumber": number, "errorMessage": message}),
                );
            }
        }
    }
    let mut result = json!({"created": tally.created, "errors": tally.errors.len(), "unprocessed": tally.unprocessed.len()});
    if body["details"] == true {
        result["details"] = json!({"errors": tally.errors, "unprocessed": tally.unprocessed});
    }
    let response = inline(200, json!({"result": result}));
    Ok(if tally.codes.is_empty() {
        response
    } else {
        response.header("X-C8-Error-Codes", json!(tally.codes).to_string())
    })
}

/// Stores one document of an import; else the errorNum and the reason.
fn place(
    collection: &mut Collection,
    document: &Map<String, Value>,
    replace: bool,
) -> Result<(), (u32, String)> {
    let key = documents::new_key(document).map_err(|failure| (failure.number, failure.message))?;
    if collection.documents.contains_key(&key) && !replace {
        let reason = format!(
            "Each document in a collection must have a unique key, and the provided one is already used in collection '{}'.",
            collection.name
        );
        return Err((1210, reason));
    }
    collection.store(&key, document);
    Ok(())
}
