//! `import` and `export`: many documents in one call, with what failed inside a 200.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::state::State;
use super::{Call, documents, inline, refusal, wrong_method};

/// The most documents of one import.
const IMPORT_LIMIT: usize = 10_000;

/// Carries a call out.
pub fn answer(state: &mut State, call: &Call) -> Result<Answer, Answer> {
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("POST", ["import", name]) => {
            let body = call.json()?;
            let items = body["data"]
                .as_array()
                .ok_or_else(|| refusal(400, 400, "data must be an array of documents"))?;
            if items.len() > IMPORT_LIMIT {
                return Err(refusal(
                    400,
                    400,
                    &format!("at most {IMPORT_LIMIT} documents can be imported at once"),
                ));
            }
            let primary = body["primaryKey"]
                .as_str()
                .filter(|name| !name.is_empty())
                .unwrap_or("_key");
            let collection = state.collection(call.fabric, name)?;
            let (mut created, mut updated, mut details, mut unprocessed) =
                (0, 0, Vec::new(), Vec::new());
            for (position, item) in items.iter().enumerate() {
                let mut item = item.clone();
                if let (true, Some(key)) = (primary != "_key", item.get(primary).cloned()) {
                    item["_key"] = key;
                }
                let there = item["_key"]
                    .as_str()
                    .is_some_and(|key| collection.documents.contains_key(key));
                if there && body["replace"] == true {
                    let key = item["_key"].as_str().unwrap_or_default().to_owned();
                    collection.put(&key, item.as_object().unwrap_or(&serde_json::Map::new()));
                    updated += 1;
                    continue;
                }
                match documents::create(collection, call, &item) {
                    Ok(_) => created += 1,
                    Err(failure) => {
                        details.push(json!(format!(
                            "at position {position}: {} ({})",
                            failure.message, failure.number
                        )));
                        unprocessed.push(item);
                    }
                }
            }
            let errors = details.len();
            let shown = if body["details"] == true {
                details
            } else {
                Vec::new()
            };
            let result = json!({"created": created, "updated": updated, "errors": errors, "empty": 0, "ignored": 0, "unprocessed": unprocessed, "details": shown});
            Ok(inline(200, json!({"result": result})))
        }
        ("GET", ["export", name]) => {
            let (offset, limit) = (
                call.number("offset").unwrap_or(0),
                call.number("limit").unwrap_or(20),
            );
            if limit > 1000 {
                return Err(refusal(400, 400, "limit must be at most 1000"));
            }
            let descending = call.request.query_value("order").as_deref() == Some("desc");
            let page =
                (state.collection(call.fabric, name)?.documents).page(offset, limit, descending);
            let page: Vec<Value> = page
                .iter()
                .filter_map(|(_, text)| serde_json::from_str(text).ok())
                .collect();
            Ok(inline(200, json!({"result": page})))
        }
        _ => Err(wrong_method()),
    }
}
