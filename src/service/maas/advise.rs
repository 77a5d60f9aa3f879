//! What the description of a MAAS adds to an error: what there is in the place of what was asked.
//!
//! [`explain`](super::explain) says what a response means; this says, by the names in the
//! [`Index`], what was meant. Pure.

use serde_json::Value;

use super::API;
use super::describe::Index;
use super::explain::is_no_operation;
use crate::service::operation::segments;

/// Names that fit a hint.
const MOST: usize = 12;

/// A call as the description knows calls.
#[derive(Clone, Copy, Debug)]
pub struct Called<'a> {
    /// The method.
    pub method: &'a str,
    /// The path from the host root, without its query.
    pub path: &'a str,
    /// The operation.
    pub op: Option<&'a str>,
}

impl<'a> Called<'a> {
    /// Returns the path below the API root; `None` for one of another API.
    #[must_use]
    pub fn route(&self) -> Option<&'a str> {
        let (root, _) = self.path.split_once(API)?;
        Some(&self.path[root.len() + API.len() - 1..])
    }
}

/// Returns a word that finds the operations beside a call.
#[must_use]
pub fn word(called: Called<'_>) -> Option<&str> {
    let (_, route) = called.path.split_once(API)?;
    segments(route).next().filter(|word| !word.is_empty())
}

/// Returns whether a call takes a machine by constraints.
#[must_use]
pub fn is_allocation(called: Called<'_>) -> bool {
    let route = called.route().unwrap_or_default();
    called.method == "POST"
        && match called.op {
            Some(op) => op == "allocate" && route.trim_matches('/') == "machines",
            None => route.trim_matches('/') == "machines/op-allocate",
        }
}

/// Returns what the call would have needed to be; `None` where the description does not say.
#[must_use]
pub fn hint(index: &Index, called: Called<'_>, status: u16, body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let route = called.route()?;
    match status {
        400 if is_no_operation(text) => operation(index, called, route),
        400 if text.contains("No such constraint") => constraint(index, called, route, text),
        404 if text.starts_with("Unknown API endpoint") => path(index, route),
        _ => None,
    }
}

/// Fields that the operation of a call does not have, each with the nearest that it has.
#[must_use]
pub fn unknown<'a, 'f>(
    index: &'a Index,
    called: Called<'_>,
    fields: impl IntoIterator<Item = &'f str>,
) -> Vec<(&'f str, Option<&'a str>)> {
    let entry = called.route().and_then(|route| {
        // The operation may stand at the end of the path.
        let (route, op) = match route.rsplit_once("/op-") {
            Some((route, op)) => (route, Some(op)),
            None => (route, called.op),
        };
        index.find(called.method, route, op)
    });
    let Some(entry) = entry else {
        return Vec::new();
    };
    let mut unknown: Vec<(&str, Option<&str>)> = Vec::new();
    for field in fields {
        // `op` in a form names the operation, too.
        if field != "op" && entry.lacks(field) && unknown.iter().all(|(known, _)| *known != field) {
            unknown.push((field, meant(field, entry.parameters())));
        }
    }
    unknown
}

fn operation(index: &Index, called: Called<'_>, route: &str) -> Option<String> {
    let there: Vec<_> = index.of_path(route).collect();
    if there.is_empty() {
        return path(index, route);
    }
    let asked = called.op.unwrap_or_default();
    let others: Vec<&str> = there
        .iter()
        .filter(|e| e.op == called.op && e.method != called.method)
        .map(|e| e.method)
        .collect();
    if !others.is_empty() {
        let what = called
            .op
            .map_or("this path".to_owned(), |op| format!("`{op}`"));
        let op = called
            .op
            .map(|op| format!(" --op {op}"))
            .unwrap_or_default();
        return Some(format!(
            "{what} is there for {}: `apicall {} {route}{op}`",
            others.join(", "),
            others[0].to_ascii_lowercase()
        ));
    }
    let ops = |own: bool| {
        there
            .iter()
            .filter(move |e| (e.method == called.method) == own)
            .filter_map(|e| e.op)
    };
    let mut names: Vec<&str> = ops(true).collect();
    names.sort_by_key(|name| strsim::damerau_levenshtein(name, asked));
    names.dedup();
    if names.is_empty() {
        let methods = unique(there.iter().map(|e| e.method));
        return Some(format!(
            "{} has no operations here; this path takes {}",
            called.method,
            methods.join(", ")
        ));
    }
    let meant = meant(asked, names.iter().copied())
        .map(|name| format!("did you mean `{name}`? "))
        .unwrap_or_default();
    Some(format!("{meant}{} here: {}", called.method, listed(&names)))
}

fn constraint(index: &Index, called: Called<'_>, route: &str, body: &str) -> Option<String> {
    let entry = index.find(called.method, route, called.op)?;
    let body: Value = serde_json::from_str(body).ok()?;
    let refused = body.as_object()?.iter().find(|(_, messages)| {
        let messages = messages.to_string();
        messages.contains("No such constraint")
    })?;
    let mut names = unique(entry.parameters());
    names.sort_by_key(|name| strsim::damerau_levenshtein(name, refused.0));
    if names.is_empty() {
        return None;
    }
    let meant = meant(refused.0, names.iter().copied())
        .map(|name| format!("did you mean `{name}`? "))
        .unwrap_or_default();
    Some(format!("{meant}there are {}", listed(&names)))
}

/// Returns the paths that are nearest to one that is not there.
fn path(index: &Index, route: &str) -> Option<String> {
    let typed: Vec<&str> = segments(route).collect();
    let mut nearest: Option<(usize, &str)> = None;
    for entry in index.entries() {
        let own: Vec<&str> = segments(entry.path).collect();
        if own.len() != typed.len() {
            continue;
        }
        // Each segment is a name of its own: `/maas/` is not nearly `/tags/`.
        let distances = own.iter().zip(&typed).map(|(own, typed)| {
            let distance = strsim::damerau_levenshtein(own, typed);
            if own.starts_with('{') {
                Some(0)
            } else {
                Some(distance).filter(|distance| *distance <= far(typed))
            }
        });
        let Some(distance) = distances.sum::<Option<usize>>() else {
            continue;
        };
        if nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, entry.path));
        }
    }
    let (_, path) = nearest?;
    let filled: Vec<&str> = segments(path)
        .zip(&typed)
        .map(|(own, typed)| if own.starts_with('{') { *typed } else { own })
        .collect();
    let slash = if path.ends_with('/') { "/" } else { "" };
    let meant = format!("/{}{slash}", filled.join("/"));
    // What was typed is never what was meant.
    (meant != route).then(|| format!("did you mean `{meant}`?"))
}

/// Returns the name that was meant, where one is near enough or holds it.
fn meant<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if typed.is_empty() {
        return None;
    }
    names
        .map(|name| {
            // `hostname` is what responses call what `allocate` calls `name`.
            let inside = name.starts_with(typed)
                || (typed.len() > 3 && typed.starts_with(name))
                || (name.len() > 3 && typed.ends_with(name));
            let distance = strsim::damerau_levenshtein(name, typed);
            (if inside { distance.min(1) } else { distance }, name)
        })
        .filter(|(distance, _)| *distance <= far(typed))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Returns how many letters may be wrong.
fn far(typed: &str) -> usize {
    (typed.chars().count() / 3).clamp(1, 4)
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut unique = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    unique
}

fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MOST).map(|n| format!("`{n}`")).collect();
    let more = names.len().saturating_sub(MOST);
    match more {
        0 => shown.join(", "),
        _ => format!("{}, {more} more (`apicall ops`)", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        Index::parse(
            "hash\n\
             GET /machines/ - hostname mac_address pool\n\
             POST /machines/ allocate name\n\
             GET /machines/{system_id}/ details\n\
             POST /machines/{system_id}/ deploy distro_series user_data\n\
             POST /machines/{system_id}/ release comment\n\
             GET /users/ whoami\n\
             GET /users/ -\n\
             GET /tags/{name}/ machines\n\
             DELETE /scripts/{name} -\n"
                .to_owned(),
        )
        .unwrap()
    }

    #[test]
    fn what_was_meant() {
        let constraint = r#"{"limit": ["No such constraint."]}"#;
        let near = r#"{"hostnme": ["No such constraint."]}"#;
        let signature = "Unrecognised signature: method=X op=x";
        let endpoint = "Unknown API endpoint: x";
        for (call, op, status, body, want) in [
            (
                "POST /machines/x/",
                "deplyo",
                400,
                signature,
                "did you mean `deploy`? POST here: `deploy`, `release`",
            ),
            (
                "POST /machines/x/",
                "zzz",
                400,
                signature,
                "POST here: `deploy`, `release`",
            ),
            (
                "POST /users/",
                "whoami",
                400,
                signature,
                "`whoami` is there for GET: `apicall get /users/ --op whoami`",
            ),
            (
                "DELETE /users/",
                "x",
                400,
                signature,
                "DELETE has no operations here; this path takes GET",
            ),
            (
                "POST /users/",
                "",
                400,
                signature,
                "this path is there for GET: `apicall get /users/`",
            ),
            (
                "GET /machines/",
                "",
                400,
                constraint,
                "there are `pool`, `hostname`, `mac_address`",
            ),
            (
                "GET /machines/",
                "",
                400,
                near,
                "did you mean `hostname`? there are `hostname`, `pool`, `mac_address`",
            ),
            (
                "GET /machine/",
                "",
                404,
                endpoint,
                "did you mean `/machines/`?",
            ),
            (
                "GET /machnes/4y3/",
                "",
                404,
                endpoint,
                "did you mean `/machines/4y3/`?",
            ),
            (
                "GET /script/a",
                "",
                404,
                endpoint,
                "did you mean `/scripts/a`?",
            ),
            ("GET /quite/other/", "", 404, endpoint, ""),
            ("GET /maas/", "", 404, endpoint, ""),
            // What was typed is never suggested.
            ("GET /machines/4y3/", "", 404, endpoint, ""),
            ("GET /machines/x/", "", 404, "No Machine matches.", ""),
        ] {
            let (method, path) = call.split_once(' ').unwrap();
            let path = format!("/MAAS/api/2.0{path}");
            let called = Called {
                method,
                path: &path,
                op: Some(op).filter(|op| !op.is_empty()),
            };
            let found = hint(&index(), called, status, body.as_bytes());
            assert_eq!(found.unwrap_or_default(), want, "{call} {op}");
        }
    }

    #[test]
    fn fields_that_are_not_there() {
        let index = index();
        let called = |op| Called {
            method: "POST",
            path: "/MAAS/api/2.0/machines/4y3/",
            op,
        };
        let allocate = Called {
            method: "POST",
            path: "/MAAS/api/2.0/machines/",
            op: Some("allocate"),
        };
        assert_eq!(
            unknown(&index, allocate, ["hostname"]),
            [("hostname", Some("name"))]
        );
        let fields = ["distro", "user_data", "zz", "op", "zz"];
        assert_eq!(
            unknown(&index, called(Some("deploy")), fields),
            [("distro", Some("distro_series")), ("zz", None)]
        );
        assert_eq!(unknown(&index, called(Some("other")), fields), []);
        assert_eq!(unknown(&index, called(None), fields), []);
    }
}
