//! All documents of a collection: what is asked for. Pure.
//!
//! A cursor shows one state of the collection. `GET …/_api/export/COLLECTION` is read by offset
//! and sees what changes meanwhile, but any of its pages can be asked for again.

use serde_json::json;

/// How long a cursor waits for the next page, in seconds: whoever reads the output may be slow.
const TTL: u64 = 600;

/// The body of the query for all documents.
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

/// Reads how many documents a collection has, of the answer to `collection/NAME/count`.
#[must_use]
pub fn count(answer: &serde_json::Value) -> Option<u64> {
    let inner = answer.get("result").unwrap_or(answer);
    inner.get("count")?.as_u64()
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
}
