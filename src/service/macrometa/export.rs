//! All documents of a collection: what is asked for. Pure.
//!
//! A cursor shows one state of the collection. `GET …/_api/export/COLLECTION` is read by offset
//! and sees what changes meanwhile, but any of its pages can be asked for again.

use serde_json::json;

/// How long a cursor waits for the next page, in seconds: whoever reads the output may be slow.
const TTL: u64 = 600;

/// Returns the body of the query for all documents.
#[must_use]
pub fn query(collection: &str, page: u64) -> Vec<u8> {
    json!({
        "query": "FOR d IN @@c RETURN d",
        "bindVars": {"@c": collection},
        "batchSize": page,
        "ttl": TTL,
        "options": {"stream": true},
    })
    .to_string()
    .into_bytes()
}

/// Reads how many documents a collection has, of the response to `collection/NAME/count`.
#[must_use]
pub fn count(response: &serde_json::Value) -> Option<u64> {
    let inner = response.get("result").unwrap_or(response);
    inner.get("count")?.as_u64()
}

/// Returns whether a response to `collection/NAME/count` that is no success says of the number only:
/// a key may read documents and not the figures, and a server may not have the route. 1203 is a
/// collection and 1228 a fabric that is not there.
#[must_use]
pub fn is_without_count(status: u16, body: &[u8]) -> bool {
    let error_num = || {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        body.get("errorNum")?.as_u64()
    };
    match status {
        403 | 405 | 501 => true,
        404 => !matches!(error_num(), Some(1203 | 1228)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        for (body, want) in [
            (r#"{"count":7,"code":200}"#, Some(7)),
            (r#"{"result":{"count":7}}"#, Some(7)),
            (r#"{"result":true}"#, None),
            ("", None),
        ] {
            assert_eq!(
                count(&serde_json::from_str(body).unwrap_or_default()),
                want,
                "{body}"
            );
        }
    }

    #[test]
    fn what_says_of_the_number_only() {
        let missing = |number: u16| format!(r#"{{"error":true,"code":404,"errorNum":{number}}}"#);
        for (status, body, want) in [
            (403, String::new(), true),
            (404, missing(404), true),
            (404, "<html>".to_owned(), true),
            (404, missing(1203), false),
            (404, missing(1228), false),
            (501, missing(9), true),
            (401, String::new(), false),
            (500, String::new(), false),
        ] {
            assert_eq!(
                is_without_count(status, body.as_bytes()),
                want,
                "{status} {body}"
            );
        }
    }
}
