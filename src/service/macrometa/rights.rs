//! Which right an operation of the catalog needs, as keys are granted them. Pure.
//!
//! Keys have `ro` or `rw` on a fabric, and on single collections, streams and query workers of it
//! (paths `/_api/key/{keyid}/database/…` of the catalog).

use super::catalog;

/// Returns the right that a call needs, e.g. `` `rw` on the collection `orders` ``; `None` where
/// the catalog does not know the operation.
#[must_use]
pub fn needed(method: &str, target: &str) -> Option<String> {
    let path = target.split('?').next().unwrap_or(target);
    let is_known =
        |o: &crate::service::operation::Operation| o.method == method && o.has_path(path);
    if !catalog::operations().iter().any(is_known) {
        return None;
    }
    let right = if matches!(method, "GET" | "HEAD") {
        "ro"
    } else {
        "rw"
    };
    let rest: Vec<&str> = path.trim_matches('/').split('/').collect();
    let ["_fabric", fabric, "_api", below @ ..] = &rest[..] else {
        return Some(format!("`{right}` on what belongs to the account"));
    };
    Some(match below {
        ["cursor" | "query", ..] => {
            "`ro` on the collections that the query reads, `rw` on those that it changes".to_owned()
        }
        [
            "collection" | "document" | "import" | "export" | "kv" | "edges" | "redis",
            name,
            ..,
        ] => {
            format!("`{right}` on the collection `{name}` in the fabric `{fabric}`")
        }
        ["streams", name, ..] => {
            format!("`{right}` on the stream `{name}` in the fabric `{fabric}`")
        }
        ["restql", "execute", name, ..] => {
            format!("`{right}` on the query worker `{name}` in the fabric `{fabric}`")
        }
        _ => format!("`{right}` on the fabric `{fabric}`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_by_operation() {
        for (method, target, want) in [
            (
                "GET",
                "/_fabric/x/_api/document/c/7",
                Some("`ro` on the collection `c` in the fabric `x`"),
            ),
            (
                "DELETE",
                "/_fabric/x/_api/document/c/7?silent=true",
                Some("`rw` on the collection `c` in the fabric `x`"),
            ),
            (
                "POST",
                "/_fabric/x/_api/import/c",
                Some("`rw` on the collection `c` in the fabric `x`"),
            ),
            (
                "GET",
                "/_fabric/x/_api/collection",
                Some("`ro` on the fabric `x`"),
            ),
            (
                "GET",
                "/_api/key",
                Some("`ro` on what belongs to the account"),
            ),
            ("GET", "/nowhere", None),
        ] {
            assert_eq!(needed(method, target).as_deref(), want, "{target}");
        }
        assert!(
            needed("POST", "/_fabric/x/_api/cursor")
                .unwrap()
                .contains("the query reads")
        );
    }
}
