//! Places a MAAS path below the API root, and ends it with a slash where MAAS wants one.
//!
//! Pure; leaves a path of another root as typed.

use super::API;

/// Puts a path below the API root, unless it starts at the host root already.
///
/// `path` has no query, is encoded and has no empty or dot segments. `base` is the path of the
/// profile's address (`/MAAS`). MAAS redirects nothing, so a missing trailing slash is added.
#[must_use]
pub fn place(path: &str, base: &str) -> String {
    // A `resource_uri` of MAAS starts with `/MAAS/` even behind a proxy that adds a prefix.
    let full = if is_below(path, base) || is_below(path, "/MAAS") {
        path.to_owned()
    } else if path.starts_with("MAAS/api/") {
        // The same without its slash, for Git Bash, which rewrites what begins with one.
        ["/", path].concat()
    } else {
        [base, API, path.trim_start_matches('/')].concat()
    };
    with_final_slash(full)
}

/// Adds the trailing slash where MAAS's route has one.
#[must_use]
pub fn with_final_slash(mut path: String) -> String {
    if !path.ends_with('/')
        && path
            .split_once(API)
            .is_some_and(|(_, route)| ends_with_slash(route))
    {
        path.push('/');
    }
    path
}

fn is_below(path: &str, base: &str) -> bool {
    !base.is_empty()
        && path
            .strip_prefix(base)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns whether a path ends with an operation, as `/machines/op-list_allocated`.
#[must_use]
pub fn has_operation(path: &str) -> bool {
    let last = path.rsplit('/').next();
    last.is_some_and(|segment| segment.starts_with("op-"))
}

/// Returns whether the route, given below the API root, ends with a slash in MAAS's URL map.
fn ends_with_slash(route: &str) -> bool {
    if has_operation(route) {
        return false;
    }
    let segments: Vec<&str> = route.split('/').collect();
    // Values may hold a `/` of their own (the drop-in sends it raw), so more segments are the same.
    !match segments[..] {
        ["openapi.yaml"]
        | ["license-key", _, _, ..]
        | [
            "commissioning-scripts" | "scripts" | "virtual-machines" | "vm-clusters",
            _,
            ..,
        ] => true,
        ["nodes", _, ref rest @ ..] => {
            rest.contains(&"blockdevices") && rest.contains(&"partition")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_placed() {
        for (typed, want) in [
            ("/machines/", "/MAAS/api/2.0/machines/"),
            ("machines", "/MAAS/api/2.0/machines/"),
            ("machines/4y3h7n", "/MAAS/api/2.0/machines/4y3h7n/"),
            (
                "/MAAS/api/2.0/machines/4y3h7n/",
                "/MAAS/api/2.0/machines/4y3h7n/",
            ),
            ("/MAAS/api/2.0/machines", "/MAAS/api/2.0/machines/"),
            ("MAAS/api/2.0/machines", "/MAAS/api/2.0/machines/"),
            ("/MAAS/a/v3/zones", "/MAAS/a/v3/zones"),
            ("/MAASive", "/MAAS/api/2.0/MAASive/"),
            ("/scripts/x", "/MAAS/api/2.0/scripts/x"),
            ("/scripts/x/", "/MAAS/api/2.0/scripts/x/"),
            ("/scripts/x/y", "/MAAS/api/2.0/scripts/x/y"),
            ("/scripts", "/MAAS/api/2.0/scripts/"),
            (
                "commissioning-scripts/a",
                "/MAAS/api/2.0/commissioning-scripts/a",
            ),
            (
                "license-key/windows/win2012",
                "/MAAS/api/2.0/license-key/windows/win2012",
            ),
            (
                "nodes/a/blockdevices/1/partition/2",
                "/MAAS/api/2.0/nodes/a/blockdevices/1/partition/2",
            ),
            (
                "nodes/a/blockdevices/1/partitions",
                "/MAAS/api/2.0/nodes/a/blockdevices/1/partitions/",
            ),
            ("virtual-machines/3", "/MAAS/api/2.0/virtual-machines/3"),
            ("vm-clusters/3", "/MAAS/api/2.0/vm-clusters/3"),
            ("openapi.yaml", "/MAAS/api/2.0/openapi.yaml"),
            ("machines/op-allocate", "/MAAS/api/2.0/machines/op-allocate"),
        ] {
            assert_eq!(place(typed, "/MAAS"), want, "{typed}");
        }
        for (path, yes) in [
            ("/MAAS/api/2.0/machines/op-x", true),
            ("op-x", true),
            ("/MAAS/api/2.0/machines/", false),
            ("/MAAS/api/2.0/tags/op-x/", false),
        ] {
            assert_eq!(has_operation(path), yes, "{path}");
        }
        assert_eq!(place("/machines", "/x/MAAS"), "/x/MAAS/api/2.0/machines/");
        assert_eq!(
            place("/x/MAAS/api/2.0/zones/", "/x/MAAS"),
            "/x/MAAS/api/2.0/zones/"
        );
        assert_eq!(place("/machines", ""), "/api/2.0/machines/");
    }
}
