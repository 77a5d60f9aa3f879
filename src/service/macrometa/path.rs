//! Places a Macrometa path below the profile's fabric.
//!
//! A path with a leading slash is left as typed. Pure.

use crate::error::Failure;

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

/// Refuses what is not a fabric name and would lead a call elsewhere.
pub fn check_fabric(name: &str) -> Result<(), Failure> {
    match name {
        "" => Err(Failure::usage("the fabric's name is empty").hint("is a variable unset?")),
        "." | ".." => Err(Failure::usage(format!("`{name}` is not a fabric name"))),
        _ => Ok(()),
    }
}

/// What begins the paths of operations that lie in a fabric.
const IN_FABRIC: &str = "/_fabric/{fabric}/_api/";

/// Returns the path of an operation as it is typed where the profile's fabric is meant; [`place`]
/// reverses this. A path outside a fabric is returned as it is.
#[must_use]
pub fn short(template: &str) -> &str {
    template.strip_prefix(IN_FABRIC).unwrap_or(template)
}

/// Returns whether a path is about what a key or a user may do with something else.
#[must_use]
pub fn is_permission(path: &str) -> bool {
    path.starts_with("/_api/key/") || path.starts_with("/_api/user/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_paths_are_made_whole_by_placing() {
        for (template, want) in [
            ("/_fabric/{fabric}/_api/kv/{c}/keys", "kv/{c}/keys"),
            (
                "/_fabric/_system/_api/database",
                "/_fabric/_system/_api/database",
            ),
            ("/_api/key", "/_api/key"),
        ] {
            assert_eq!(short(template), want);
            assert_eq!(place(want, "{fabric}"), template);
        }
    }

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
