//! Explains MAAS's errors (bodies observed on MAAS 3.8).
//!
//! Status and body in, meaning and hint out. Pure.

use crate::secret::{MASK, is_sensitive_name};
use crate::service::text::{ErrorBody, cut, inline};
use crate::service::{Explanation, Refused};

/// In the paths of the API that takes tokens of its own, and no API keys.
const V3: &str = "/a/v3/";

/// Explains a response that was not a success.
#[must_use]
pub fn explain(refused: &Refused<'_>) -> Explanation {
    let body = ErrorBody::read(refused.body);
    let mut by_field = Vec::new();
    let (cause, body_says_more) = match &body {
        ErrorBody::Empty => (String::new(), false),
        ErrorBody::Json(value) => {
            let line = match value {
                serde_json::Value::Object(members) => {
                    by_field = members.iter().map(|(n, m)| field(n, m)).collect();
                    line_of(&by_field)
                }
                other => inline(other),
            };
            let short = cut(&line);
            let cut_off = short.len() < line.len();
            (short, cut_off)
        }
        ErrorBody::Text(line, whole) => (line.clone(), !whole),
        ErrorBody::Html(title) => (refused.beside_status(title.clone()), true),
        ErrorBody::Binary => ("the response is not text".to_owned(), true),
    };
    Explanation {
        hint: hint(refused, &body, &cause),
        key_is_wrong: refused.status == 401 && refused.signed && names_key(&cause),
        cause,
        notes: Vec::new(),
        body_says_more,
        fields: if by_field.len() > 1 {
            by_field
        } else {
            Vec::new()
        },
    }
}

/// Returns a member of `{"name": ["This field is required."], "__all__": ["x"]}`; `__all__` has no
/// name. A list of texts holds messages, also where the field is a password; what else has a
/// secret's name is masked.
fn field(name: &str, messages: &serde_json::Value) -> (String, String) {
    if name == "__all__" {
        return (String::new(), inline(messages));
    }
    let hidden = is_sensitive_name(name) && !are_messages(messages);
    let text = if hidden {
        MASK.to_owned()
    } else {
        inline(messages)
    };
    (name.to_owned(), text)
}

/// Joins field errors: `name: This field is required.; x`.
fn line_of(fields: &[(String, String)]) -> String {
    let reported = fields.iter().map(|(name, text)| match name.as_str() {
        "" => text.clone(),
        name => format!("{name}: {text}"),
    });
    reported.collect::<Vec<_>>().join("; ")
}

fn are_messages(value: &serde_json::Value) -> bool {
    value
        .as_array()
        .is_some_and(|items| items.iter().all(serde_json::Value::is_string))
}

/// Returns whether MAAS blames a part of the key.
fn names_key(cause: &str) -> bool {
    [
        "Invalid signature",
        "Invalid access token",
        "Invalid API key",
    ]
    .iter()
    .any(|blamed| cause.contains(blamed))
}

/// Whether a response of MAAS's says that its path has no such operation for this method.
#[must_use]
pub fn is_no_operation(text: &str) -> bool {
    text.starts_with("Unrecognised signature")
}

fn hint(refused: &Refused<'_>, body: &ErrorBody, cause: &str) -> Option<String> {
    let text = |t: &str| Some(t.to_owned());
    match refused.status {
        401 => unauthorized(refused, cause),
        400 if is_no_operation(cause) => {
            if refused.signed {
                text(
                    "this path has no such operation for this method: `--op` names the operation, \
                     and each has one method",
                )
            } else {
                text("this call was not signed: select a profile that has a key")
            }
        }
        400 if cause.contains("No such constraint") => {
            text("MAAS does not know this filter; filter names differ from the response's fields")
        }
        403 => text("the key is known, but its user may not do this"),
        404 if cause.starts_with("Unknown API endpoint") => text(
            "no such path in MAAS: paths are plural and end with a slash, e.g. `/machines/`; \
                 `apicall ops` lists them",
        ),
        404 if matches!(body, ErrorBody::Html(_) | ErrorBody::Empty) => {
            text("this page is not MAAS's: does the profile's address lack `/MAAS`?")
        }
        405 => refused
            .header("allow")
            .map(|allow| format!("this path takes {allow}")),
        410 if refused.target.contains("/api/1.0/") => {
            text("API 1.0 is gone; write the path without `/api/1.0/`")
        }
        413 => text("MAAS accepts bodies of 10 MB at most; images go up in chunks"),
        409 | 503 if refused.header("retry-after").is_some() => {
            text("MAAS's database was busy with a change that conflicts; try again")
        }
        503 if refused.path().ends_with("/describe/") => text(
            "the region cannot describe itself now: is it starting? Calls work without it, only \
             `apicall ops` has to wait",
        ),
        503 => text("MAAS could not reach a rack controller or the machine's power control"),
        502 | 504 => text("MAAS's region is starting, stopping or overloaded"),
        _ => None,
    }
}

fn unauthorized(refused: &Refused<'_>, cause: &str) -> Option<String> {
    let text = |t: &str| Some(t.to_owned());
    if refused.path().contains(V3) {
        return text(
            "MAAS's API v3 accepts no API keys; API 2.0 does: `apicall get /machines/` is below \
             `/MAAS/api/2.0/`",
        );
    }
    if !refused.signed {
        return text("this call was not signed: select a profile that has a key");
    }
    if let Some((given, now)) = times(cause) {
        let (apart, which) = if now >= given {
            (now - given, "behind")
        } else {
            (given - now, "ahead of")
        };
        return Some(format!(
            "this machine's clock is {apart} s {which} the server's; MAAS accepts 300: set the clock"
        ));
    }
    if cause.contains("Invalid signature") {
        return text("the key's last part (the secret) is wrong: copy the complete key again");
    }
    if cause.contains("Invalid access token") {
        return text(
            "MAAS does not know the key's second part (the token): the key was deleted, or belongs \
             to another MAAS",
        );
    }
    if cause.contains("Invalid API key") {
        return text(
            "MAAS does not know the key's first part (the consumer): the key was deleted, or \
             belongs to another MAAS",
        );
    }
    if cause.contains("Nonce already used") {
        return text("a proxy sent the request twice; try again");
    }
    if cause.contains("Forbidden") {
        return text(
            "the key did not reach MAAS: does a proxy take the Authorization header away?",
        );
    }
    // The response to a HEAD, and a proxy's own, say no more.
    text("the key was refused: `apicall whoami` shows more")
}

/// Returns the two times of `Expired timestamp: given N and now M has …`, in seconds since 1970.
fn times(cause: &str) -> Option<(u64, u64)> {
    let after = cause.split_once("Expired timestamp: given ")?.1;
    let (given, rest) = after.split_once(" and now ")?;
    let now = rest.split_whitespace().next()?;
    Some((given.parse().ok()?, now.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused<'a>(status: u16, body: &'a str, headers: &'a [(&'a str, &'a str)]) -> Refused<'a> {
        Refused {
            method: "GET",
            target: "/MAAS/api/2.0/machines/",
            status,
            reason: "Bad Request",
            headers,
            body: body.as_bytes(),
            signed: true,
        }
    }

    #[test]
    fn causes_are_one_line() {
        for (body, want, more) in [
            (
                r#"{"name": ["This field is required."]}"#,
                "name: This field is required.",
                false,
            ),
            (r#"{"__all__": ["a", "b"], "x": "y"}"#, "a, b; x: y", false),
            (r#"["a","b"]"#, "a, b", false),
            (
                r#"{"password": ["Too short."], "token": "t", "x": [{"secret": ["s"]}]}"#,
                r#"password: Too short.; token: ***; x: {"secret":"***"}"#,
                false,
            ),
            (
                "No Machine matches the given query.",
                "No Machine matches the given query.",
                false,
            ),
            (
                "<html><title>413 Too Large</title></html>",
                "413 Too Large",
                true,
            ),
            ("<html><title>400 Bad Request</title></html>", "", true),
            (
                "<html><title>400 No required SSL certificate was sent</title></html>",
                "No required SSL certificate was sent",
                true,
            ),
            ("", "", false),
        ] {
            let e = explain(&refused(400, body, &[]));
            assert_eq!((e.cause.as_str(), e.body_says_more), (want, more), "{body}");
        }
    }

    #[test]
    fn each_401_has_its_own_hint() {
        for (body, want) in [
            (
                "Authorization Error: 'Expired timestamp: given 100 and now 700 has a greater \
                 difference than threshold 300'",
                "clock is 600 s behind",
            ),
            ("Authorization Error: 'Invalid API key.'", "(the consumer)"),
            (
                "Authorization Error: 'Invalid access token: x'",
                "(the token)",
            ),
            (
                "Authorization Error: 'Invalid signature. Expected signature base string: &x'",
                "(the secret)",
            ),
            ("Authorization Error: 'Nonce already used: x'", "twice"),
            ("Forbidden", "proxy take"),
            ("", "`apicall whoami`"),
        ] {
            let hint = explain(&refused(401, body, &[])).hint.unwrap();
            assert!(hint.contains(want), "{body}: {hint}");
        }
    }

    #[test]
    fn other_statuses_have_hints() {
        let allow = [("Allow", "GET, POST")];
        for (status, body, headers, want) in [
            (
                404,
                "Unknown API endpoint: /MAAS/api/2.0/tags.",
                &[][..],
                "end with a slash",
            ),
            (404, "<html><title>404 Not Found</title>", &[], "/MAAS"),
            (405, "", &allow, "GET, POST"),
            (413, "<html></html>", &[], "10 MB"),
            (
                400,
                "Unrecognised signature: method=POST op=whoami",
                &[],
                "--op",
            ),
        ] {
            let hint = explain(&refused(status, body, headers)).hint.unwrap();
            assert!(hint.contains(want), "{status}: {hint}");
        }
        for (status, body) in [
            (404, "No Machine matches."),
            // MAAS's own sentence says it all.
            (410, "VM host (KVM) support has been removed"),
        ] {
            assert_eq!(explain(&refused(status, body, &[])).hint, None, "{body}");
        }
        for (status, target, want) in [
            (410, "/MAAS/api/1.0/nodes/", "API 1.0 is gone"),
            (503, "/MAAS/api/2.0/describe/", "`apicall ops` has to wait"),
            (401, "/MAAS/a/v3/zones?size=1", "API v3 accepts no API keys"),
        ] {
            let refused = Refused {
                target,
                ..refused(status, "", &[])
            };
            let hint = explain(&refused).hint.unwrap();
            assert!(hint.contains(want), "{target}: {hint}");
        }
    }
}
