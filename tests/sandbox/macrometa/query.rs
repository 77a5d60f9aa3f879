//! `cursor`, `cursor/sql`, `query`, `query/explain` and the export of a query.

use serde_json::{Map, Value, json};

use super::super::response::Response;
use super::c8ql::{Act, Refused, Statement, parse, parse_sql, run};
use super::cursors::{self, Wish};
use super::state::State;
use super::{Call, inline, refusal, wrong_method};

/// Carries a call out.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("POST", ["cursor"]) => execute(state, call, parse),
        ("POST", ["cursor", "sql"]) => execute(state, call, parse_sql),
        ("PUT", ["cursor", id]) => cursors::next(state, call, id, false),
        ("DELETE", ["cursor", id]) => {
            cursors::close(state, call, id)?;
            Ok(inline(202, json!({"id": id})))
        }
        ("POST", ["query"]) => {
            let body = call.json()?;
            let statement = parse(text(&body), None)?;
            let members = json!({"parsed": true, "collections": statement.collections(), "bindVars": statement.binds, "ast": [{"type": "root", "subNodes": nodes(&statement)}]});
            Ok(inline(200, members))
        }
        ("POST", ["query", "explain"]) => explain(state, call),
        ("POST", ["export"]) => export(state, call),
        _ => Err(wrong_method()),
    }
}

/// A parser of queries.
pub type Parse = fn(&str, Option<&Map<String, Value>>) -> Result<Statement, Refused>;

/// Runs the query of a body.
fn execute(state: &mut State, call: &Call, parse: Parse) -> Result<Response, Response> {
    let body = call.json()?;
    let wish = Wish::read(&body)?;
    let statement = parse(text(&body), Some(&binds(&body)?))?;
    let run = run(
        state,
        call.fabric,
        &statement,
        wish.count || wish.full_count,
    )?;
    Ok(cursors::open(state, call, text(&body), run, &wish))
}

fn text(body: &Value) -> &str {
    body["query"].as_str().unwrap_or_default()
}

/// The bind variables of a body.
pub fn binds(body: &Value) -> Result<Map<String, Value>, Response> {
    match &body["bindVars"] {
        Value::Null => Ok(Map::new()),
        Value::Object(binds) => Ok(binds.clone()),
        _ => Err(refusal(400, 17, "expecting object for 'bindVars'")),
    }
}

fn nodes(statement: &Statement) -> Vec<Value> {
    let mut nodes = Vec::new();
    if let Some((variable, _)) = &statement.each {
        nodes.push(
            json!({"type": "for", "subNodes": [{"type": "variable", "name": variable, "id": 0}]}),
        );
    }
    nodes.push(json!({"type": if statement.writes().is_some() { "modify" } else { "return" }}));
    nodes
}

fn explain(state: &mut State, call: &Call) -> Result<Response, Response> {
    let body = call.json()?;
    let statement = parse(text(&body), Some(&binds(&body)?))?;
    let mut collections = Vec::new();
    for name in statement.collections() {
        let items = state.collection(call.fabric, name)?.documents.len();
        let kind = if statement.writes() == Some(name) {
            "write"
        } else {
            "read"
        };
        collections.push((items, json!({"name": name, "type": kind})));
    }
    let items = collections.first().map_or(1, |(items, _)| *items);
    let mut nodes = vec![
        json!({"type": "SingletonNode", "dependencies": [], "id": 1, "estimatedCost": 1, "estimatedNrItems": 1}),
    ];
    if let Some((variable, _)) = &statement.each {
        nodes.push(json!({"type": "EnumerateCollectionNode", "dependencies": [1], "id": 2, "estimatedCost": items + 2, "estimatedNrItems": items, "outVariable": {"id": 0, "name": variable}}));
    }
    let last = match &statement.act {
        Act::Return(_) => "ReturnNode",
        Act::Write { .. } => "ModificationNode",
    };
    nodes.push(json!({"type": last, "dependencies": [nodes.len()], "id": nodes.len() + 1, "estimatedCost": 2 * items + 2, "estimatedNrItems": items}));
    let variables: Vec<Value> = (statement.each.iter())
        .map(|(name, _)| json!({"id": 0, "name": name}))
        .collect();
    let collections: Vec<Value> = collections.into_iter().map(|(_, shown)| shown).collect();
    let plan = json!({"nodes": nodes, "rules": [], "collections": collections, "variables": variables, "estimatedCost": 2 * items + 2, "estimatedNrItems": items, "initialize": true, "isModificationQuery": statement.writes().is_some()});
    let rules = json!({"rulesExecuted": 35, "rulesSkipped": 1, "plansCreated": 1});
    let mut shown = if body["options"]["allPlans"] == true {
        json!({"plans": [plan]})
    } else {
        json!({"plan": plan, "cacheable": statement.writes().is_none()})
    };
    for (name, value) in [
        ("warnings", json!([])),
        ("stats", rules),
        ("error", json!(false)),
        ("code", json!(200)),
    ] {
        shown[name] = value;
    }
    Ok(Response::json(200, &shown))
}

/// All rows of a query in one response; it must not write.
fn export(state: &mut State, call: &Call) -> Result<Response, Response> {
    let body = call.json()?;
    let lower = text(&body).to_ascii_lowercase();
    let writing = ["insert", "update", "replace", "remove", "upsert"];
    if let Some(word) = writing.iter().find(|word| lower.contains(*word)) {
        let message = format!("Export \"query\" cannot contain \"{word}\" keyword.");
        return Err(refusal(400, 10, &message));
    }
    let statement = parse(text(&body), Some(&binds(&body)?))?;
    let rows = run(state, call.fabric, &statement, false)?.rows;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let body = format!(
        "{{\"error\":false,\"code\":200,\"result\":[{}]}}",
        rows.join(",")
    );
    Ok(Response::with(200, "application/json; charset=utf-8", body))
}
