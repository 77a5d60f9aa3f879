//! Paths that are not there, each with the path that was meant.
//!
//! Part of [`mistake`](super::mistake), which knows the responses; this looks at paths alone. Pure.

use super::advise::Called;
use super::describe::Index;
use super::name::{is_id, is_looked_up, list_beside};
use super::undescribed::{COLLECTIONS, LONE, PARTS, method_of};
use crate::service::operation::segments;

/// `/machines/4y3h7n/deploy/`: the last segment is an operation of what stands before it.
#[must_use]
pub fn operation_in_path(called: Called<'_>, route: &str, index: Option<&Index>) -> Option<String> {
    let (parent, last) = route.trim_end_matches('/').rsplit_once('/')?;
    let op = last.replace('-', "_").to_lowercase();
    let parent = format!("{parent}/");
    let method = match index {
        Some(index) => {
            let methods: Vec<&str> = index
                .of_path(&parent)
                .filter(|entry| entry.op == Some(&op))
                .map(|entry| entry.method)
                .collect();
            let own = methods.iter().find(|method| **method == called.method);
            (*own.or_else(|| methods.first())?).to_owned()
        }
        None => method_of(&op)?.to_owned(),
    };
    Some(format!(
        "`{op}` is an operation: {}",
        called.command(&method, &parent, Some(&op))
    ))
}

/// `/machine/`: paths are plural.
#[must_use]
pub fn plural(called: Called<'_>, route: &str) -> Option<String> {
    let first = segments(route).next()?;
    let several = format!("{first}s");
    let is_known = COLLECTIONS.contains(&several.as_str());
    let path = route.replacen(first, &several, 1);
    is_known.then(|| {
        format!(
            "paths are plural: {}",
            called.command(called.method, &path, called.op)
        )
    })
}

/// `/MAAS/machines/`: what begins with `/MAAS/` is not put below the API.
#[must_use]
pub fn from_the_host(called: Called<'_>) -> Option<String> {
    const V3: &str = "a/v3/";
    let rest = called.path.strip_prefix("/MAAS/")?;
    if let Some(page) = rest.strip_prefix("r/") {
        return of_page(called, page);
    }
    let is_path = !rest.is_empty() && !rest.starts_with(V3) && !rest.starts_with("api/");
    is_path.then(|| {
        format!(
            "a path that begins with `/MAAS/` is taken from the host's root: {}",
            called.command(called.method, &format!("/{rest}"), called.op)
        )
    })
}

/// `/MAAS/r/machine/4y3h7n/summary`: the address of a page of the user interface.
fn of_page(called: Called<'_>, page: &str) -> Option<String> {
    let mut typed = segments(page);
    let (first, one) = (typed.next()?, typed.next());
    let several = format!("{}s", first.trim_end_matches('s'));
    COLLECTIONS.contains(&several.as_str()).then(|| {
        let path = match one {
            Some(one) => format!("/{several}/{one}/"),
            None => format!("/{several}/"),
        };
        format!(
            "`/MAAS/r/` is the user interface, which shows what the API has at {}",
            called.command(called.method, &path, called.op)
        )
    })
}

/// `/machines/4y3h7n/interfaces/`: the parts of machines are below `/nodes/`.
#[must_use]
pub fn part_of_node(called: Called<'_>, route: &str) -> Option<String> {
    const NODES: [&str; 3] = ["machines", "devices", "rackcontrollers"];
    let (collection, rest) = route.trim_start_matches('/').split_once('/')?;
    let part = segments(rest).nth(1)?;
    (NODES.contains(&collection) && PARTS.contains(&part)).then(|| {
        format!(
            "parts of machines are below `/nodes/`: {}",
            called.command(called.method, &format!("/nodes/{rest}"), called.op)
        )
    })
}

/// `/pools/`, `/resourcepools/7/`: the list has the plural, and one pool the singular.
#[must_use]
pub fn pool(called: Called<'_>, route: &str) -> Option<String> {
    let mut typed = segments(route);
    let (first, one) = (typed.next()?, typed.next());
    let first = first.replace(['-', '_'], "");
    let is_pool = matches!(first.trim_end_matches('s'), "pool" | "resourcepool");
    let meant = match one {
        None => "/resourcepools/".to_owned(),
        Some(one) => format!("/resourcepool/{one}/"),
    };
    (is_pool && typed.next().is_none() && meant != route).then(|| {
        format!(
            "pools are `/resourcepools/`, and one is `/resourcepool/…/`: {}",
            called.command(called.method, &meant, called.op)
        )
    })
}

/// `@node18`: a name without its collection.
#[must_use]
pub fn name_alone(called: Called<'_>, route: &str) -> Option<String> {
    segments(route)
        .next()
        .filter(|first| first.starts_with('@'))?;
    Some(format!(
        "a name stands behind its collection: {}",
        called.command(called.method, &format!("/machines{route}"), called.op)
    ))
}

/// `/tags/nope/`: the list that has what there is.
#[must_use]
pub fn what_there_is(called: Called<'_>, route: &str) -> Option<String> {
    let list = list_beside(route)?;
    let list = called.command("get", &list, None);
    let list = list.trim_end_matches('`');
    Some(format!("{list} -o table` lists what there is"))
}

/// `/events/`: a path that wants an operation.
#[must_use]
pub fn lone(called: Called<'_>, route: &str) -> Option<String> {
    let (_, op) = LONE.iter().find(|(path, _)| *path == route)?;
    (called.method == "GET" && called.op.is_none()).then(|| {
        format!(
            "GET wants an operation here: {}",
            called.command("get", route, Some(op))
        )
    })
}

/// `/machines/node18/`: a name where the API wants an id.
#[must_use]
pub fn name_in_path(called: Called<'_>, route: &str) -> Option<String> {
    let mut before = "";
    let mut named: Vec<&str> = Vec::new();
    let mut path = String::new();
    for segment in segments(route) {
        path.push('/');
        let is_name = !is_id(segment)
            && !called.is_named(segment)
            && segment.bytes().any(|b| !b.is_ascii_digit());
        if is_looked_up(before) && is_name && !segment.starts_with('@') {
            path.push('@');
            named.push(segment);
        }
        path.push_str(segment);
        before = segment;
    }
    if route.ends_with('/') {
        path.push('/');
    }
    let name = named.first()?;
    Some(format!(
        "is `{name}` a name? {}",
        called.command(called.method, &path, called.op)
    ))
}
