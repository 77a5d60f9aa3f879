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
    /// Segments of the path that stand for names, and the names as typed.
    pub named: &'a [(String, String)],
}

impl<'a> Called<'a> {
    /// Returns the path below the API root; `None` for one of another API.
    #[must_use]
    pub fn route(&self) -> Option<&'a str> {
        let (root, _) = self.path.split_once(API)?;
        Some(&self.path[root.len() + API.len() - 1..])
    }

    /// Returns whether a segment was looked up by a name.
    #[must_use]
    pub fn is_named(&self, segment: &str) -> bool {
        self.named.iter().any(|(id, _)| id == segment)
    }

    /// Returns a path as it is typed: with names where they were typed.
    #[must_use]
    pub fn typed(&self, path: &str) -> String {
        let typed = path.split('/').map(|segment| {
            let named = self.named.iter().find(|(id, _)| id == segment);
            named.map_or(segment, |(_, name)| name.as_str())
        });
        typed.collect::<Vec<_>>().join("/")
    }

    /// Returns a call as it is typed, in backticks.
    #[must_use]
    pub fn command(&self, method: &str, path: &str, op: Option<&str>) -> String {
        let path = quoted(&self.typed(path));
        let op = op.map(|op| format!(" --op {}", quoted(op)));
        let method = quoted(&method.to_ascii_lowercase());
        format!("`apicall {method} {path}{}`", op.unwrap_or_default())
    }
}

/// Quotes a word for a shell: operations and paths are the server's, and hints are typed.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~%:@/+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "%27"))
    }
}

/// Splits an operation off the end of a path: `/machines/op-allocate` is `allocate` of `/machines/`.
#[must_use]
pub fn split_operation(path: &str) -> (&str, Option<&str>) {
    match path.rfind("/op-") {
        Some(at) if !path[at + 1..].contains('/') => (&path[..=at], Some(&path[at + 4..])),
        _ => (path, None),
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
        && called.op == Some("allocate")
        && route.trim_matches('/') == "machines"
}

/// Returns what the call would have needed to be; `None` where the description does not say.
#[must_use]
pub fn hint(index: &Index, called: Called<'_>, status: u16, body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let route = called.route()?;
    match status {
        400 if is_no_operation(text) => operation(index, called, route),
        400 if text.contains("No such constraint") => constraint(index, called, route, text),
        404 if text.starts_with("Unknown API endpoint") => path(index, called, route),
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
    let entry = called
        .route()
        .and_then(|route| index.find(called.method, route, called.op));
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
        return path(index, called, route);
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
        return Some(format!(
            "{what} is there for {}: {}",
            others.join(", "),
            called.command(others[0], route, called.op)
        ));
    }
    if let Some(below) = below(index, called, route) {
        return Some(below);
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
    if let ([op], None) = (names.as_slice(), called.op) {
        return Some(format!(
            "{} wants an operation here: {}",
            called.method,
            called.command(called.method, route, Some(op))
        ));
    }
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
    Some(format!(
        "{meant}{} here: {}",
        called.method,
        listed(&names, called.method, route)
    ))
}

/// `/machines/ --op deploy`: the operation is one of each thing in the collection.
fn below(index: &Index, called: Called<'_>, route: &str) -> Option<String> {
    let op = called.op?;
    let own = segments(route).count();
    let entry = index.entries().find(|entry| {
        let mut segments = segments(entry.path);
        entry.op == Some(op)
            && entry.path.starts_with(route)
            && segments.nth(own).is_some_and(|one| one.starts_with('{'))
            && segments.next().is_none()
    })?;
    let slash = if entry.path.ends_with('/') { "/" } else { "" };
    let path = format!("{}/@NAME{slash}", route.trim_end_matches('/'));
    Some(format!(
        "`{op}` is there for each of them: {}",
        called.command(entry.method, &path, Some(op))
    ))
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
    Some(format!(
        "{meant}valid filters: {}",
        listed(&names, called.method, route)
    ))
}

/// Returns the paths that are nearest to one that is not there.
fn path(index: &Index, called: Called<'_>, route: &str) -> Option<String> {
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
    let Some((_, path)) = nearest else {
        return elsewhere(index, called, &typed);
    };
    let filled: Vec<&str> = segments(path)
        .zip(&typed)
        .map(|(own, typed)| if own.starts_with('{') { *typed } else { own })
        .collect();
    let slash = if path.ends_with('/') { "/" } else { "" };
    let meant = format!("/{}{slash}", filled.join("/"));
    // What was typed is never what was meant.
    (meant != route).then(|| {
        format!(
            "did you mean `{}`? {}",
            called.typed(&meant),
            called.command(called.method, &meant, called.op)
        )
    })
}

/// Returns the path that ends in what was typed: `/sshkeys/` is `/account/prefs/sshkeys/`.
fn elsewhere(index: &Index, called: Called<'_>, typed: &[&str]) -> Option<String> {
    let entry = index.entries().find(|entry| {
        let own: Vec<&str> = segments(entry.path).collect();
        own.len() > typed.len() && own.ends_with(typed)
    })?;
    Some(if entry.path.contains('{') {
        format!("is it `{}`?", entry.path)
    } else {
        let meant = called.command(called.method, entry.path, called.op);
        format!("is it `{}`? {meant}", entry.path)
    })
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

fn listed(names: &[&str], method: &str, route: &str) -> String {
    let shown: Vec<String> = names.iter().take(MOST).map(|n| format!("`{n}`")).collect();
    let more = names.len().saturating_sub(MOST);
    let shown = shown.join(", ");
    let method = method.to_lowercase();
    match more {
        0 => shown,
        _ => format!("{shown} and {more} more: `apicall ops {route} {method} --show`"),
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
             DELETE /scripts/{name} -\n\
             GET /account/keys/ -\n"
                .to_owned(),
        )
        .unwrap()
    }

    fn check(call: &str, op: &str, (status, body): (u16, &str), want: &str) {
        let (method, path) = call.split_once(' ').unwrap();
        let path = format!("/MAAS/api/2.0{path}");
        let called = Called {
            method,
            path: &path,
            op: Some(op).filter(|op| !op.is_empty()),
            named: &[],
        };
        let found = hint(&index(), called, status, body.as_bytes());
        assert_eq!(found.unwrap_or_default(), want, "{call} {op}");
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
                "valid filters: `pool`, `hostname`, `mac_address`",
            ),
            (
                "GET /machines/",
                "",
                400,
                near,
                "did you mean `hostname`? valid filters: `hostname`, `pool`, `mac_address`",
            ),
            (
                "GET /machine/",
                "",
                404,
                endpoint,
                "did you mean `/machines/`? `apicall get /machines/`",
            ),
            (
                "GET /machnes/4y3/",
                "",
                404,
                endpoint,
                "did you mean `/machines/4y3/`? `apicall get /machines/4y3/`",
            ),
            (
                "GET /script/a",
                "",
                404,
                endpoint,
                "did you mean `/scripts/a`? `apicall get /scripts/a`",
            ),
            ("GET /quite/other/", "", 404, endpoint, ""),
            ("GET /maas/", "", 404, endpoint, ""),
            // What was typed is never suggested.
            ("GET /machines/4y3/", "", 404, endpoint, ""),
            ("GET /machines/x/", "", 404, "No Machine matches.", ""),
        ] {
            check(call, op, (status, body), want);
        }
    }

    #[test]
    fn paths_that_are_elsewhere() {
        let signature = "Unrecognised signature: method=X op=x";
        let endpoint = "Unknown API endpoint: x";
        for (call, op, status, body, want) in [
            (
                "GET /keys/",
                "",
                404,
                endpoint,
                "is it `/account/keys/`? `apicall get /account/keys/`",
            ),
            ("GET /keys/1/", "", 404, endpoint, ""),
            (
                "GET /tags/x/",
                "",
                400,
                signature,
                "GET wants an operation here: `apicall get /tags/x/ --op machines`",
            ),
            (
                "GET /machines/",
                "deploy",
                400,
                signature,
                "`deploy` is there for each of them: `apicall post /machines/@NAME/ --op deploy`",
            ),
        ] {
            check(call, op, (status, body), want);
        }
    }

    #[test]
    fn names_stay_as_they_were_typed() {
        let named = [("4y3h7n".to_owned(), "@node1".to_owned())];
        let called = Called {
            method: "GET",
            path: "/MAAS/api/2.0/machine/4y3h7n/",
            op: None,
            named: &named,
        };
        let text = b"Unknown API endpoint: x";
        assert_eq!(
            hint(&index(), called, 404, text).unwrap(),
            "did you mean `/machines/@node1/`? `apicall get /machines/@node1/`"
        );
        assert_eq!(
            called.command("POST", "/machines/4y3h7n/", Some("deploy")),
            "`apicall post /machines/@node1/ --op deploy`"
        );
        assert_eq!(
            called.command("G;x", "/x/", Some("a;touch${IFS}F")),
            "`apicall 'g;x' /x/ --op 'a;touch${IFS}F'`"
        );
        assert!(called.is_named("4y3h7n") && !called.is_named("node1"));
        for (path, want) in [
            ("/machines/op-allocate", ("/machines/", Some("allocate"))),
            ("/machines/op-allocate/", ("/machines/op-allocate/", None)),
            ("/machines/", ("/machines/", None)),
        ] {
            assert_eq!(split_operation(path), want, "{path}");
        }
    }

    #[test]
    fn fields_that_are_not_there() {
        let index = index();
        let called = |op| Called {
            method: "POST",
            path: "/MAAS/api/2.0/machines/4y3/",
            op,
            named: &[],
        };
        let allocate = Called {
            method: "POST",
            path: "/MAAS/api/2.0/machines/",
            op: Some("allocate"),
            named: &[],
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
