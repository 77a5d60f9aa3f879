//! Where a Macrometa path lies.

/// Puts a path below the fabric, unless it starts at the host root.
///
/// `path` has no query and is encoded. A path with a leading slash is never rewritten, because the
/// service accepts spellings of its own (`/_api/user` and `/_api/user/`, observed). `collection`
/// and `_api/collection` mean the same.
#[must_use]
pub fn place(path: &str, fabric: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    // These begin at the host root and nowhere else: only the slash was left out.
    if ["_fabric/", "_open/", "_tenant/"]
        .iter()
        .any(|p| path.starts_with(p))
    {
        return format!("/{path}");
    }
    let below = path.strip_prefix("_api/").unwrap_or(path);
    format!("/_fabric/{fabric}/_api/{below}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_placed() {
        for (typed, want) in [
            ("/_api/key", "/_api/key"),
            ("/_api/user/", "/_api/user/"),
            ("/_fabric/x/_api/collection", "/_fabric/x/_api/collection"),
            ("collection", "/_fabric/shop/_api/collection"),
            ("_api/collection", "/_fabric/shop/_api/collection"),
            ("document/a/b%25c", "/_fabric/shop/_api/document/a/b%25c"),
            ("_fabric/x/_api/collection", "/_fabric/x/_api/collection"),
        ] {
            assert_eq!(place(typed, "shop"), want, "{typed}");
        }
    }
}
