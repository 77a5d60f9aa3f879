//! `collection`: list, create, look up, count, truncate, delete.

use serde_json::{Value, json};

use super::super::response::Response;
use super::state::{Collection, State};
use super::{Call, inline, refusal, wrong_method};

/// Carries a call out.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("GET", ["collection"]) => {
            let hidden = call.on("excludeSystem");
            let collections = state
                .fabrics
                .get(call.fabric)
                .map(|fabric| &fabric.collections);
            let shown: Vec<Value> = collections
                .into_iter()
                .flatten()
                .filter(|known| !(hidden && known.name.starts_with('_')))
                .map(Collection::shown)
                .collect();
            Ok(inline(200, json!({"result": shown})))
        }
        ("POST", ["collection"]) => {
            let body = call.json()?;
            let name = body["name"]
                .as_str()
                .ok_or_else(|| refusal(400, 1208, "illegal name"))?;
            let kind = body["type"].as_u64().unwrap_or(2);
            if !matches!(kind, 2 | 3) {
                return Err(refusal(400, 1218, "invalid collection type"));
            }
            Ok(inline(
                200,
                state.create_collection(call.fabric, name, kind)?.shown(),
            ))
        }
        ("GET", ["collection", name]) => {
            Ok(inline(200, state.collection(call.fabric, name)?.shown()))
        }
        (
            "GET",
            [
                "collection",
                name,
                what @ ("count" | "properties" | "figures"),
            ],
        ) => {
            let collection = state.collection(call.fabric, name)?;
            let mut shown = collection.shown();
            if *what != "properties" {
                shown["count"] = json!(collection.documents.len());
            }
            Ok(inline(200, shown))
        }
        ("PUT", ["collection", name, "truncate"]) => {
            let collection = state.collection(call.fabric, name)?;
            collection.documents.clear();
            Ok(inline(200, collection.shown()))
        }
        ("PUT", ["collection", name, "properties"]) => {
            call.json()?;
            Ok(inline(200, state.collection(call.fabric, name)?.shown()))
        }
        ("DELETE", ["collection", name]) => {
            let id = state.collection(call.fabric, name)?.id.clone();
            if let Some(fabric) = state.fabrics.get_mut(call.fabric) {
                fabric.collections.retain(|known| known.name != *name);
            }
            Ok(inline(200, json!({"id": id})))
        }
        _ => Err(wrong_method()),
    }
}
