//! Who and where: login, keys, users, fabrics, tenant, data centres, version.
//!
//! `GET /_api/key/{id}` shows the secret in clear, as the real service does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::clock;
use super::super::record::Recorded;
use super::super::response::Response;
use super::state::{Fabric, Key, State, fabric_json};
use super::{Call, LOGIN, TENANT, gateway, inline, refusal, unknown_path, wrong_method};

/// `POST /_open/auth`: a password for a token.
pub fn login(state: &mut State, request: &Recorded) -> Response {
    if request.method != "POST" {
        return wrong_method();
    }
    let Some(body) = request.json() else {
        return refusal(400, 600, "VPackError error: Expecting digit");
    };
    let user = body["email"]
        .as_str()
        .or_else(|| {
            body["username"]
                .as_str()
                .filter(|_| body["tenant"] == TENANT)
        })
        .unwrap_or_default();
    let known = user == LOGIN.0 || (body["tenant"] == TENANT && user == "root");
    if !known || body["password"] != LOGIN.1 {
        return Response::json(
            401,
            &json!({"code": 401, "error": true, "errorMessage": "Wrong credentials", "errorNum": 401}),
        );
    }
    let token = format!(
        "{}.{}.{}",
        clock::fresh_word(36),
        clock::fresh_word(60),
        clock::fresh_word(43)
    );
    state.tokens.push(token.clone());
    Response::json(
        200,
        &json!({"jwt": token, "tenant": TENANT, "username": "root"}),
    )
}

/// Carries everything out that is neither collection nor document nor query.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    let list = |items: Vec<Value>| inline(200, json!({"result": items}));
    let manager = || {
        if call.key.all_rights {
            Ok(())
        } else {
            Err(gateway(403, "Forbidden"))
        }
    };
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("GET", ["version"]) => Ok(Response::json(
            200,
            &json!({"server": "c8db", "license": "enterprise", "version": "0.17.17"}),
        )),
        ("GET", ["database", "user"]) => Ok(list(
            state
                .fabrics
                .keys()
                .filter(|name| call.key.may_use(name))
                .map(|name| fabric_json(name))
                .collect(),
        )),
        ("GET", ["database", "current"]) => {
            Ok(inline(200, json!({"result": fabric_json(call.fabric)})))
        }
        ("GET", ["database"]) => {
            manager()?;
            Ok(list(state.fabrics.keys().map(|name| json!(name)).collect()))
        }
        ("POST", ["database"]) => {
            manager()?;
            let body = call.json()?;
            let name = body["name"]
                .as_str()
                .filter(|name| !name.is_empty())
                .ok_or_else(|| refusal(400, 1229, "fabric name invalid"))?;
            if state.fabrics.contains_key(name) {
                return Err(refusal(409, 1207, "duplicate name"));
            }
            state.fabrics.insert(name.to_owned(), Fabric::default());
            Ok(inline(201, json!({"result": true})))
        }
        ("DELETE", ["database", name]) => {
            manager()?;
            state
                .fabrics
                .remove(*name)
                .ok_or_else(|| refusal(404, 1228, "fabric not found"))?;
            Ok(inline(200, json!({"result": true})))
        }
        ("GET", ["user"]) => {
            manager()?;
            Ok(list(vec![user()]))
        }
        ("GET", ["user", name]) => {
            manager()?;
            if *name == "root" {
                Ok(inline(200, user()))
            } else {
                Err(refusal(404, 1703, "user not found"))
            }
        }
        ("GET", ["billing", "account"]) => {
            manager()?;
            Ok(inline(
                200,
                json!({"data": {"plan": {"attribution": "Macrometa", "name": "PLAY"}}}),
            ))
        }
        ("GET", ["tenants"]) => Ok(list(vec![json!({"tenant": TENANT, "active": true})])),
        ("GET", ["tenant", name]) if *name == TENANT => Ok(inline(
            200,
            json!({"tenant": TENANT, "active": true, "extra": {}}),
        )),
        ("GET", ["tenant", _]) => Err(gateway(404, "Tenant not found")),
        ("GET", ["graph"]) => Ok(inline(200, json!({"graphs": []}))),
        ("GET", ["streamapps"]) => Ok(inline(200, json!({"streamApps": []}))),
        ("GET", ["search", "view"]) => Ok(list(Vec::new())),
        ("GET", ["datacenter", "local"]) => Ok(Response::json(200, &datacenter())),
        ("GET", ["datacenter", "all"]) => Ok(Response::json(200, &json!([datacenter()]))),
        ("GET", ["datacenter", "_tenant", name]) if *name == TENANT => Ok(Response::json(
            200,
            &json!([{"tenant": TENANT, "dcInfo": [datacenter()]}]),
        )),
        (_, ["key", ..]) => keys(state, call),
        _ => Err(unknown_path(call.request)),
    }
}

fn keys(state: &mut State, call: &Call) -> Result<Response, Response> {
    if !call.key.all_rights {
        return Err(gateway(403, "Forbidden"));
    }
    let missing = || gateway(404, "API key not found");
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("GET", ["key"]) => {
            let all: Vec<Value> = state
                .keys
                .iter()
                .map(|key| json!({"keyid": key.id, "hash": hash(key), "isSystem": false}))
                .collect();
            Ok(inline(200, json!({"result": all})))
        }
        ("POST", ["key", "validate"]) => {
            let body = call.json()?;
            let given = body["apikey"].as_str().unwrap_or_default();
            let key = state
                .keys
                .iter()
                .find(|key| key.secret == given)
                .ok_or_else(|| gateway(401, "Invalid API key"))?;
            Ok(inline(
                200,
                json!({"result": {"keyid": key.id, "tenant": TENANT, "hash": hash(key)}}),
            ))
        }
        ("POST", ["key"]) => {
            let body = call.json()?;
            let id = body["keyid"]
                .as_str()
                .filter(|id| !id.is_empty())
                .ok_or_else(|| gateway(400, "keyid is required"))?;
            if state.keys.iter().any(|key| key.id == id) {
                return Err(gateway(409, "API key already exists"));
            }
            let key = Key {
                id: id.to_owned(),
                secret: format!("{TENANT}.{id}.{}", clock::fresh_word(48)),
                all_rights: true,
                grants: BTreeMap::new(),
            };
            let response = inline(
                200,
                json!({"keyid": key.id, "key": key.secret, "isSystem": false}),
            );
            state.keys.push(key);
            Ok(response)
        }
        ("GET", ["key", id]) => {
            let key = state
                .keys
                .iter()
                .find(|key| key.id == *id)
                .ok_or_else(missing)?;
            Ok(inline(
                200,
                json!({"keyid": key.id, "hash": hash(key), "key": key.secret, "isSystem": false}),
            ))
        }
        ("GET", ["key", id, "database"]) => {
            let key = state
                .keys
                .iter()
                .find(|key| key.id == *id)
                .ok_or_else(missing)?;
            let rights = state
                .fabrics
                .keys()
                .map(|name| {
                    (
                        name.clone(),
                        json!(if key.may_use(name) { "rw" } else { "none" }),
                    )
                })
                .collect();
            Ok(inline(200, json!({"result": Value::Object(rights)})))
        }
        (method, ["key", id, "database", place @ ..]) if !place.is_empty() => {
            grants(state, call, (method, id, place))
        }
        ("DELETE", ["key", id]) => {
            let at = state
                .keys
                .iter()
                .position(|key| key.id == *id)
                .ok_or_else(missing)?;
            state.keys.remove(at);
            Ok(inline(200, json!({})))
        }
        _ => Err(wrong_method()),
    }
}

/// What a key was granted on a fabric, and on collections, streams and query workers of it.
fn grants(
    state: &mut State,
    call: &Call,
    (method, id, place): (&str, &str, &[&str]),
) -> Result<Response, Response> {
    if !state.fabrics.contains_key(place[0]) {
        return Err(refusal(404, 1228, "fabric not found"));
    }
    let key = (state.keys.iter_mut().find(|key| key.id == id))
        .ok_or_else(|| gateway(404, "API key not found"))?;
    let thing = match place {
        [_] => None,
        [_, kind @ ("collection" | "stream" | "restql")] if method == "GET" => {
            let below = format!("{}/{kind}/", place[0]);
            let granted = key.grants.iter();
            let granted = granted.filter_map(|(place, right)| {
                Some((place.strip_prefix(&below)?.to_owned(), json!(right)))
            });
            let granted: serde_json::Map<String, Value> = granted.collect();
            return Ok(inline(200, json!({"result": granted})));
        }
        [_, kind @ ("collection" | "stream" | "restql"), name] => Some((*kind, *name)),
        _ => return Err(unknown_path(call.request)),
    };
    match method {
        "GET" => {}
        "PUT" => {
            let body = call.json()?;
            let right = body["grant"].as_str().unwrap_or_default();
            if !matches!(right, "ro" | "rw" | "none") {
                return Err(refusal(400, 400, "grant must be ro, rw or none"));
            }
            key.all_rights = false;
            key.grants.insert(place.join("/"), right.to_owned());
        }
        "DELETE" => drop(key.grants.remove(&place.join("/"))),
        _ => return Err(wrong_method()),
    }
    Ok(inline(200, json!({"result": key.right(place[0], thing)})))
}

/// The last part of a key, as lists show it.
fn hash(key: &Key) -> &str {
    key.secret.rsplit('.').next().unwrap_or_default()
}

fn user() -> Value {
    json!({"tenant": TENANT, "user": "root", "username": "root", "email": LOGIN.0, "active": true, "verified": true, "extra": {}})
}

fn datacenter() -> Value {
    json!({
        "_id": "sandbox-eu-west", "_key": "sandbox-eu-west", "host": "sandbox", "local": true, "name": "sandbox-eu-west", "port": 443, "status": 0,
        "locationInfo": {"city": "Zürich", "countrycode": "CH", "countryname": "Switzerland", "latitude": 47.37, "longitude": 8.54},
        "tags": {"api": true, "role": "c8streams-agent"},
    })
}
