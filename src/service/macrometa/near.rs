//! Finds the path of the catalog that a mistyped path was meant to be.
//!
//! Another number, another root, a letter that is wrong. Pure.

use super::catalog;
use super::path::short;
use crate::service::operation::{is_placeholder, segments};

/// Returns what a path says besides where it begins: no fabric, no tenant, no `_api`.
fn bare(path: &str) -> Vec<&str> {
    let path = path.split('?').next().unwrap_or(path);
    let mut rest: Vec<&str> = segments(path).filter(|s| !s.is_empty()).collect();
    for head in ["_tenant", "_fabric"] {
        if rest.len() > 1 && rest[0] == head {
            rest.drain(..2);
        }
    }
    if rest.first() == Some(&"_api") {
        rest.remove(0);
    }
    rest
}

/// Returns how far a typed segment is from one of a template; `None` where it is another word.
fn distance(own: &str, typed: &str) -> Option<usize> {
    if is_placeholder(own) || own == typed {
        return Some(0);
    }
    let distance = strsim::damerau_levenshtein(own, &typed.to_lowercase());
    (distance <= 2 && distance * 3 <= own.len()).then_some(distance)
}

/// Returns the path that a call was meant for, as it is typed, where the catalog has one nearby
/// that is not the path of the call.
#[must_use]
pub fn meant(method: &str, target: &str) -> Option<String> {
    let typed = bare(target);
    let mut best: Option<((usize, bool), String)> = None;
    for operation in catalog::operations() {
        let own = bare(&operation.path);
        if own.len() != typed.len() {
            continue;
        }
        let steps = own.iter().zip(&typed);
        let Some(far) = (steps.map(|(own, typed)| distance(own, typed))).sum::<Option<usize>>()
        else {
            continue;
        };
        let rank = (far, operation.method != method);
        if best.as_ref().is_some_and(|(other, _)| *other <= rank) {
            continue;
        }
        let mut words = typed.iter();
        let path: Vec<&str> = segments(short(&operation.path))
            .map(|own| match own {
                "_api" | "_open" => own,
                own => match words.next() {
                    Some(word) if is_placeholder(own) => word,
                    _ => own,
                },
            })
            .collect();
        let slash = if short(&operation.path).starts_with('/') {
            "/"
        } else {
            ""
        };
        best = Some((rank, format!("{slash}{}", path.join("/"))));
    }
    let (_, path) = best?;
    let target = target.split('?').next().unwrap_or(target);
    let is_same = target == path || target.ends_with(&format!("/_api/{path}"));
    // A global `/_api/collection` is another place than the fabric's.
    let is_elsewhere = !path.starts_with('/') && !target.starts_with("/_fabric/");
    (!is_same || is_elsewhere).then_some(path)
}

/// Returns whether no path of the catalog begins like this one.
#[must_use]
pub fn is_foreign(target: &str) -> bool {
    let typed = bare(target);
    let Some(first) = typed.first() else {
        return false;
    };
    let is_near = |path: &str| {
        bare(path)
            .first()
            .is_some_and(|own| distance(own, first).is_some())
    };
    !catalog::operations()
        .iter()
        .any(|operation| is_near(&operation.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_were_meant() {
        for (method, target, want) in [
            ("GET", "/_fabric/x/_api/collections", Some("collection")),
            ("GET", "/collection", Some("collection")),
            ("GET", "/collections?a=b", Some("collection")),
            ("GET", "/_api/collection", Some("collection")),
            ("GET", "/_fabric/x/_api/documents/c/7", Some("document/c/7")),
            ("POST", "/_fabric/x/_api/documents/c", Some("document/c")),
            ("GET", "/_fabric/x/_api/key", Some("/_api/key")),
            ("GET", "/_fabric/x/_api/collection", None),
            ("GET", "/_api/key", None),
            ("GET", "/machines/", None),
            (
                "GET",
                "/_fabric/x/_api/colecton/c/count",
                Some("collection/c/count"),
            ),
        ] {
            assert_eq!(meant(method, target).as_deref(), want, "{target}");
        }
        assert!(is_foreign("/machines/") && is_foreign("/_fabric/x/_api/machines/7"));
        assert!(!is_foreign("/_fabric/x/_api/collections") && !is_foreign("/"));
    }
}
