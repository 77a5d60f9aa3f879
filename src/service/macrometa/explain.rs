//! Explains Macrometa's errors: the database's shape and the gateway's.
//!
//! Status and body in, meaning and hint out. Pure.

use serde_json::Value;

use super::{near, rights};
use crate::service::text::{ErrorBody, inline};
use crate::service::{Explanation, Refused};

/// Members that an error has for machines; a body with no others says nothing more.
const ENVELOPE: [&str; 8] = [
    "error",
    "code",
    "errorNum",
    "errorMessage",
    "message",
    "requestId",
    "serverId",
    "statusCode",
];

/// Explains a response that was not a success.
#[must_use]
pub fn explain(refused: &Refused<'_>) -> Explanation {
    let mut error_num = None;
    let mut request_in_body = None;
    let (cause, body_says_more) = match ErrorBody::read(refused.body) {
        ErrorBody::Empty => (String::new(), false),
        ErrorBody::Json(Value::Object(members)) => {
            error_num = members.get("errorNum").and_then(Value::as_u64);
            request_in_body = members.get("requestId").map(inline);
            let is_said = |v: &&Value| !v.is_null() && v.as_str() != Some("");
            let message = ["errorMessage", "message"]
                .iter()
                .find_map(|name| members.get(*name).filter(is_said));
            let more = message.is_none() || members.keys().any(|k| !ENVELOPE.contains(&&**k));
            (message.map(inline).unwrap_or_default(), more)
        }
        ErrorBody::Json(other) => (inline(&other), false),
        ErrorBody::Text(line, whole) => (line, !whole),
        ErrorBody::Html(title) => (refused.beside_status(title), true),
        ErrorBody::Binary => ("the response is not text".to_owned(), true),
    };
    let request = refused.header(super::REQUEST_HEADER).map(str::to_owned);
    // A proxy may have taken the header away.
    let request = request.or(request_in_body);
    let number = error_num.map(|n| format!("errorNum {n}"));
    let request = request.map(|id| format!("request {id}"));
    Explanation {
        key_is_wrong: refused.status == 401 && refused.signed,
        cause,
        notes: number.into_iter().chain(request).collect(),
        hint: hint(refused, error_num),
        body_says_more,
        fields: Vec::new(),
    }
}

/// Returns the name of an error number, where it is known.
#[must_use]
pub fn name_of(error_num: u64) -> Option<&'static str> {
    Some(match error_num {
        10 => "bad parameter",
        11 => "forbidden",
        18 => "lock timeout",
        400 => "bad request",
        600 => "invalid JSON",
        1200 => "conflict",
        1202 => "document not found",
        1203 => "collection not found",
        1207 => "duplicate name",
        1210 => "unique constraint",
        1208 => "illegal name",
        1216 => "document too large",
        1221 => "illegal document key",
        1222 => "key not allowed",
        1227 => "not an object",
        1228 => "fabric not found",
        1233 => "illegal edge",
        1501 => "query syntax",
        1502 => "empty query",
        1600 => "cursor not found",
        1601 => "cursor busy",
        1703 => "user not found",
        100_000.. => "gateway",
        _ => return None,
    })
}

fn hint(refused: &Refused<'_>, error_num: Option<u64>) -> Option<String> {
    let text = match (refused.status, error_num) {
        (_, Some(1202)) => "no such document; a `%` in a document's key is written `%25`",
        (_, Some(1203)) => "no such collection in this fabric: `apicall get collection` lists them",
        (_, Some(1207)) => "the name is taken",
        (_, Some(1210)) => "another document has this key or unique value",
        (_, Some(1228)) => {
            "no such fabric: `apicall whoami` lists those the key can see, `--fabric` selects one"
        }
        (_, Some(1501)) => "the message names the place in the query",
        (_, Some(1502)) => "the query is empty: write it as `query='FOR d IN c RETURN d'`",
        (_, Some(1600)) => {
            "a cursor lives for its ttl (`query --ttl 10m` sets it) and ends with its last page"
        }
        (_, Some(1601)) => "another call is reading this cursor",
        (401, Some(11)) | (403, _) if refused.signed => return Some(no_right(refused)),
        (401 | 403, _) if !refused.signed => {
            "this call was not signed: select a profile that has a key"
        }
        (401 | 403, _) => {
            "the key is wrong, or older than the fabric: a new fabric is not covered by older \
             keys until it is granted to them in the console"
        }
        (429, _) => "the plan's limit of calls is reached; wait, or spread the calls",
        (404, None | Some(404)) => return Some(no_path(refused)),
        _ => return None,
    };
    Some(text.to_owned())
}

/// Returns the hint to a path that is none.
fn no_path(refused: &Refused<'_>) -> String {
    if let Some(name) = bare_stream(refused.target) {
        return format!(
            "a stream that exists is called `c8globals.{name}` or `c8locals.{name}`: `apicall get \
             streams` lists them"
        );
    }
    if let Some(path) = near::meant(refused.method, refused.target) {
        return format!("did you mean `{path}`? `apicall ops {path}` shows it");
    }
    if near::is_foreign(refused.target) {
        return "no path of Macrometa begins like this: `apicall ops` lists them, and `-p` selects a profile of another service"
            .to_owned();
    }
    "is the path complete? `collection` is below the fabric, `/_api/…` global".to_owned()
}

/// Returns the name of a stream in a path, where it stands as only the call that creates it takes it.
fn bare_stream(target: &str) -> Option<&str> {
    let path = target.split('?').next().unwrap_or(target);
    let (_, rest) = path.split_once("/_api/streams/")?;
    let name = rest.split('/').next()?;
    let has_prefix = ["c8globals.", "c8locals."]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    // These are no names of streams.
    let is_route = matches!(name, "" | "ttl" | "clearbacklog" | "subscription");
    (!has_prefix && !is_route).then_some(name)
}

/// Returns the hint to a key that may not do this.
fn no_right(refused: &Refused<'_>) -> String {
    let needed = rights::needed(refused.method, refused.target);
    let needed = needed.map(|right| format!(", which needs {right}"));
    format!(
        "the key has no right to this{}: `apicall whoami --rights` shows what it has; a new fabric \
         is not covered by older keys until it is granted to them in the console",
        needed.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_error_shapes_are_explained() {
        let headers = [("X-Gdn-RequestId", "r1")];
        for (status, body, cause, hint, more) in [
            (
                404,
                r#"{"error":true,"code":404,"errorNum":1203,"errorMessage":"collection not found: x"}"#,
                "400: collection not found: x (errorNum 1203, request r1)",
                "apicall get collection",
                false,
            ),
            (
                401,
                r#"{"code":401,"error":true,"message":"Unauthorized","requestId":"q","serverId":"s"}"#,
                "400: Unauthorized (request r1)",
                "older keys",
                false,
            ),
            (
                400,
                r#"{"error":true,"code":400,"errorNum":1501,"errorMessage":"syntax","position":7}"#,
                "400: syntax (errorNum 1501, request r1)",
                "place in the query",
                true,
            ),
            (
                429,
                "slow down",
                "400: slow down (request r1)",
                "limit",
                false,
            ),
        ] {
            let e = explain(&Refused {
                method: "GET",
                target: "/",
                status,
                reason: "",
                headers: &headers,
                body: body.as_bytes(),
                signed: true,
            });
            assert_eq!((e.after("400"), e.body_says_more), (cause.into(), more));
            assert!(e.hint.unwrap().contains(hint));
        }
    }

    #[test]
    fn streams_have_a_prefix_once_they_exist() {
        for (target, want) in [
            ("/_fabric/x/_api/streams/s/stats", Some("s")),
            ("/_fabric/x/_api/streams/s?force=true", Some("s")),
            ("/_fabric/x/_api/streams/c8locals.s", None),
            ("/_fabric/x/_api/streams/ttl/7", None),
            ("/_fabric/x/_api/streams", None),
            ("/_fabric/x/_api/streams/", None),
        ] {
            assert_eq!(bare_stream(target), want, "{target}");
        }
    }
}
