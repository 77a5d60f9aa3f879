//! `users/`: whoami, list, create, delete.

use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, encode, forbidden, not_found};
use super::route::Kind;
use super::state::{State, User};

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, kind: &Kind) -> Response {
    let result = match kind {
        Kind::User(name) => one(state, call, name),
        _ => many(state, call),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn many(state: &mut State, call: &Call) -> Result<Response, Response> {
    match call.what() {
        ("GET", Some(_)) => one(state, call, call.user()),
        ("GET", None) => Ok(Response::json_indented(
            200,
            &state.users.iter().map(shown).collect(),
        )),
        _ => {
            if !state.is_superuser(call.user()) {
                return Err(forbidden());
            }
            call.require(&["username", "email", "password", "is_superuser"])?;
            // Python's `int`, and nobody catches what it raises.
            let superuser = call.first("is_superuser").unwrap_or_default();
            let Ok(superuser) = superuser.parse::<i64>() else {
                let text = format!("invalid literal for int() with base 10: '{superuser}'");
                return Err(Response::text(500, text));
            };
            let name = call.first("username").unwrap_or_default().to_owned();
            if state.users.iter().any(|user| user.name == name) {
                // The real one tries for 22 s before it says so; it never succeeds.
                return Err(Response::text(
                    409,
                    "Conflict error. Try your request again, as it will most likely succeed.",
                )
                .header("Retry-After", "5"));
            }
            let user = User {
                name,
                email: call.first("email").unwrap_or_default().to_owned(),
                superuser: superuser != 0,
            };
            let response = Response::json_indented(200, &shown(&user));
            state.users.push(user);
            Ok(response)
        }
    }
}

fn one(state: &mut State, call: &Call, name: &str) -> Result<Response, Response> {
    let user = state
        .users
        .iter()
        .find(|user| user.name == name)
        .ok_or_else(|| not_found("User"))?;
    if call.method == "GET" {
        return Ok(Response::json_indented(200, &shown(user)));
    }
    if !state.is_superuser(call.user()) {
        return Err(forbidden());
    }
    if name == call.user() {
        return Err(Response::text(400, "An administrator cannot self-delete."));
    }
    let heir = call
        .first("transfer_resources_to")
        .unwrap_or_default()
        .to_owned();
    let owned: Vec<&mut Value> = state
        .machines
        .iter_mut()
        .filter(|machine| machine["owner"] == name)
        .collect();
    if !owned.is_empty() {
        if heir.is_empty() {
            let text = format!(
                "User {name} cannot be deleted: {} node(s) are still allocated",
                owned.len()
            );
            return Err(Response::text(400, text));
        }
        for machine in owned {
            machine["owner"] = json!(heir);
        }
    }
    state.users.retain(|user| user.name != name);
    state.tokens.retain(|token| token.user != name);
    Ok(Response::new(204))
}

fn shown(user: &User) -> Value {
    json!({
        "is_superuser": user.superuser,
        "username": user.name,
        "email": user.email,
        "is_local": true,
        "resource_uri": format!("/MAAS/api/2.0/users/{}/", encode(&user.name)),
    })
}
