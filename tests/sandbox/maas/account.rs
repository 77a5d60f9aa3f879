//! `account/`: the caller's own API keys, which the list shows whole.

use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, not_found};
use super::state::{State, Token};

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call) -> Response {
    run(state, call).unwrap_or_else(|refusal| refusal)
}

fn run(state: &mut State, call: &Call) -> Result<Response, Response> {
    let user = call.user();
    let mine =
        |token: &Token, key: Option<&str>| token.user == user && Some(token.key.as_str()) == key;
    match call.op.as_deref() {
        Some("list_authorisation_tokens") => {
            let shown = |token: &Token| json!({"name": token.name, "token": format!("{}:{}:{}", token.consumer, token.key, token.secret)});
            let list: Vec<Value> = state
                .tokens
                .iter()
                .filter(|token| token.user == user)
                .map(shown)
                .collect();
            Ok(Response::json_indented(200, &Value::Array(list)))
        }
        Some("create_authorisation_token") => {
            let token = Token::fresh(user, call.first("name").unwrap_or("MAAS consumer"));
            let response = json!({"token_key": token.key, "token_secret": token.secret, "consumer_key": token.consumer, "name": token.name});
            state.tokens.push(token);
            Ok(Response::json_indented(200, &response))
        }
        Some("delete_authorisation_token") => {
            call.require(&["token_key"])?;
            let at = state
                .tokens
                .iter()
                .position(|token| mine(token, call.first("token_key")))
                .ok_or_else(|| not_found("Token"))?;
            state.tokens.remove(at);
            Ok(Response::new(204))
        }
        _ => {
            call.require(&["token", "name"])?;
            let found = state.tokens.iter_mut().find(|token| {
                let key = call.first("token");
                mine(token, key)
                    || key.is_some_and(|key| {
                        key == format!("{}:{}:{}", token.consumer, token.key, token.secret)
                    })
            });
            call.first("name")
                .unwrap_or_default()
                .clone_into(&mut found.ok_or_else(|| not_found("Token"))?.name);
            Ok(Response::text(202, "Accepted"))
        }
    }
}
