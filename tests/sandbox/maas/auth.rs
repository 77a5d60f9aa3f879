//! Who calls: OAuth 1.0 PLAINTEXT as MAAS checks it.
//!
//! The order is MAAS's: consumer, token, timestamp, nonce, signature. A nonce is used up before the signature is looked at, so a
//! call with a wrong secret burns it too. The response to a wrong signature prints the right secret, as the real one does.

use super::super::form;
use super::super::record::Recorded;
use super::super::response::Response;
use super::state::State;

/// Seconds that a timestamp may lie in the past.
const THRESHOLD: i64 = 300;
const WANTED: [&str; 6] = [
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_nonce",
];

/// Who calls.
#[derive(Clone, Debug, PartialEq)]
pub enum Caller {
    /// No credentials, or foreign ones.
    Nobody,
    /// A user by name.
    User(String),
}

/// Checks the credentials of a request at the server's time `now`.
pub fn caller(request: &Recorded, state: &mut State, now: i64) -> Result<Caller, Response> {
    let header = request.header("authorization").unwrap_or_default();
    let Some(parameters) = header
        .strip_prefix("OAuth ")
        .filter(|text| WANTED.iter().all(|name| text.contains(name)))
    else {
        if WANTED.iter().all(|name| request.query().contains(name)) {
            return Err(Response::with(
                500,
                "text/html; charset=utf-8",
                "<h1>Internal Server Error</h1>",
            ));
        }
        return Ok(Caller::Nobody);
    };
    let parameters: Vec<(String, String)> = parameters
        .split(',')
        .filter_map(|piece| piece.trim().split_once('='))
        .map(|(key, value)| {
            (
                key.to_owned(),
                form::percent_decode(value.trim_matches('"'), false),
            )
        })
        .collect();
    let value = |name: &str| {
        parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    };

    if !matches!(value("oauth_version"), "" | "1.0") {
        return Err(refused(&format!(
            "OAuth version {} not supported.",
            value("oauth_version")
        )));
    }
    if value("oauth_signature_method") != "PLAINTEXT" {
        return Err(refused(&format!(
            "'Signature method {} not supported try one of the following: PLAINTEXT'",
            value("oauth_signature_method")
        )));
    }
    let consumer = value("oauth_consumer_key");
    if !state.tokens.iter().any(|token| token.consumer == consumer) {
        return Err(refused("Invalid API key."));
    }
    let token = value("oauth_token");
    let Some(found) = state
        .tokens
        .iter()
        .find(|known| known.consumer == consumer && known.key == token)
    else {
        return Err(refused(&format!("'Invalid access token: {token}'")));
    };
    let (user, secret) = (found.user.clone(), found.secret.clone());
    let Ok(timestamp) = value("oauth_timestamp").parse::<i64>() else {
        return Err(Response::text(400, "Invalid timestamp."));
    };
    if now - timestamp > THRESHOLD {
        return Err(refused(&format!(
            "'Expired timestamp: given {timestamp} and now {now} has a greater difference than threshold {THRESHOLD}'"
        )));
    }
    let nonce = value("oauth_nonce");
    if nonce.len() > 255 {
        return Err(Response::with(
            500,
            "text/html; charset=utf-8",
            "<h1>Internal Server Error</h1>",
        ));
    }
    if !state.nonces.insert((token.to_owned(), nonce.to_owned())) {
        return Err(refused(&format!("'Nonce already used: {nonce}'")));
    }
    if value("oauth_signature") != format!("&{secret}") {
        return Err(refused(&format!(
            "'Invalid signature. Expected signature base string: &{secret}'"
        )));
    }
    Ok(Caller::User(user))
}

fn refused(why: &str) -> Response {
    Response::text(401, format!("Authorization Error: {why}"))
}
