//! `restql`: query workers, which are queries kept under a name.
//!
//! Their pages have a path of their own (`restql/fetch/{id}`), and a worker that writes answers nothing but an empty result.

use serde_json::{Value, json};

use super::super::response::Response;
use super::c8ql::{parse, parse_sql, run};
use super::cursors::{self, Wish};
use super::query::{Parse, binds};
use super::state::{State, Worker};
use super::{Call, TENANT, inline, refusal, wrong_method};

/// Carries a call out.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("GET", ["restql", "user"]) => {
            let all: Vec<Value> = (fabric(state, call)?.iter())
                .map(|worker| shown(call, worker))
                .collect();
            Ok(inline(200, json!({"result": all})))
        }
        ("POST", ["restql"]) => {
            let body = call.json()?;
            let worker = read(&body["query"])
                .ok_or_else(|| refusal(400, 400, "query 'value' missing or is not a string."))?;
            let result = shown(call, &worker);
            add(state, call, worker)?;
            Ok(inline(200, json!({"result": result})))
        }
        ("POST", ["restql", "import"]) => {
            let body = call.json()?;
            let mut workers = Vec::new();
            for query in body["queries"].as_array().into_iter().flatten() {
                workers.push(read(query).ok_or_else(|| {
                    let message =
                        format!("query 'value' missing or is not a string in query: {query}");
                    refusal(400, 10, &message)
                })?);
            }
            let all = workers.len();
            let created = (workers.into_iter())
                .filter_map(|worker| add(state, call, worker).ok())
                .count();
            Ok(inline(
                200,
                json!({"result": {"created": created, "errors": all - created}}),
            ))
        }
        ("POST", ["restql", "execute", name]) => execute(state, call, name),
        ("PUT", ["restql", "fetch", id]) => cursors::next(state, call, id, true),
        ("PUT", ["restql", name]) => {
            let body = call.json()?;
            let value = body["query"]["value"]
                .as_str()
                .ok_or_else(|| refusal(400, 400, "query 'value' missing or is not a string."))?;
            let found = fabric(state, call)?
                .iter_mut()
                .find(|known| known.name == *name);
            let worker = found.ok_or_else(missing)?;
            value.clone_into(&mut worker.value);
            worker.parameter = body["query"]["parameter"].clone();
            let result = json!({"_key": shown(call, worker)["_key"], "value": value});
            Ok(inline(200, json!({"result": result})))
        }
        ("DELETE", ["restql", name]) => {
            let workers = fabric(state, call)?;
            let at = workers.iter().position(|known| known.name == *name);
            workers.remove(at.ok_or_else(missing)?);
            Ok(inline(200, json!({"result": []})))
        }
        _ => Err(wrong_method()),
    }
}

fn missing() -> Response {
    refusal(404, 1202, "document not found")
}

fn fabric<'a>(state: &'a mut State, call: &Call) -> Result<&'a mut Vec<Worker>, Response> {
    let fabric = state.fabrics.get_mut(call.fabric);
    let fabric = fabric.ok_or_else(|| refusal(404, 1228, "fabric not found"))?;
    Ok(&mut fabric.workers)
}

fn read(query: &Value) -> Option<Worker> {
    Some(Worker {
        name: query["name"].as_str()?.to_owned(),
        value: query["value"].as_str()?.to_owned(),
        parameter: query["parameter"].clone(),
        sql: query["type"] == "sql",
    })
}

fn add(state: &mut State, call: &Call, worker: Worker) -> Result<(), Response> {
    let workers = fabric(state, call)?;
    if workers.iter().any(|known| known.name == worker.name) {
        return Err(refusal(409, 1207, "duplicate name"));
    }
    workers.push(worker);
    Ok(())
}

fn shown(call: &Call, worker: &Worker) -> Value {
    let fabric = format!("{TENANT}.{}", call.fabric);
    json!({
        "_key": format!("{TENANT}.root.{fabric}.{}", worker.name),
        "userid": format!("{TENANT}.root"),
        "tenant": TENANT,
        "fabric": fabric,
        "name": worker.name,
        "value": worker.value,
        "type": if worker.sql { "sql" } else { "c8ql" },
    })
}

fn execute(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let body = if call.request.body.is_empty() {
        json!({})
    } else {
        call.json()?
    };
    let mut wish = Wish::read(&body)?;
    wish.worker = true;
    let found = fabric(state, call)?.iter().find(|known| known.name == name);
    // As recorded: an unknown worker is an empty query.
    let worker = found
        .ok_or_else(|| refusal(400, 1502, "query is empty"))?
        .clone();
    let mut values = worker.parameter.as_object().cloned().unwrap_or_default();
    values.extend(binds(&body)?);
    let parse: Parse = if worker.sql { parse_sql } else { parse };
    let statement = parse(&worker.value, Some(&values))?;
    let run = run(state, call.fabric, &statement, false)?;
    if statement.writes().is_some() {
        return Ok(Response::json(201, &json!({"result": []})));
    }
    Ok(cursors::open(state, call, &worker.value, run, &wish))
}
