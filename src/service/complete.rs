//! What can come next in a command line: paths, operations and items, out of a service's operations.
//!
//! Paths are completed a segment at a time. Where the next segment is one that only the server
//! knows (`{system_id}`), [`Paths::live`] says which list to ask for; [`found`] reads it. Pure: the
//! caller has the operations and asks the server.

mod candidate;
mod live;

use std::collections::{BTreeMap, HashSet};

use super::Service;
use super::maas::{self, name};
use super::macrometa;
use super::operation::{Operation, Parameter, ParameterPlace, is_placeholder, placeholder};

pub use candidate::Candidate;
pub use live::{Live, found, kept};

/// The continuations of a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// By what is known.
    pub known: Vec<Candidate>,
    /// By what the server knows.
    pub live: Option<Live>,
}

/// Returns the paths that a method has and that begin with what is typed, a segment further.
#[must_use]
pub fn paths(operations: &[Operation], service: Service, method: &str, word: &str) -> Paths {
    let word = match service {
        Service::Maas if word.is_empty() => "/",
        _ => word,
    };
    let at = last_segment(word, service);
    let (before, partial) = word.split_at(at);
    let plain = without_names(before, service);
    let typed: Vec<&str> = plain.split('/').collect();
    let Some((_, typed)) = typed.split_last() else {
        return Paths::default();
    };
    let mut live_list = None;
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    // A MAAS's list is the same whatever is wanted of it, and long to look for.
    let mut may_be_listed = true;
    for operation in operations.iter().filter(|o| fits(o, method)) {
        let Some(template) = spelled(&operation.path, word, service) else {
            continue;
        };
        let segments: Vec<&str> = template.split('/').collect();
        let Some(next) = segments.get(typed.len()).filter(|s| !s.is_empty()) else {
            continue;
        };
        let begins = segments
            .iter()
            .zip(typed)
            .all(|(own, typed)| own == typed || (is_placeholder(own) && !typed.is_empty()));
        if !begins {
            continue;
        }
        let goes_on = segments.len() > typed.len() + 1;
        let after = if goes_on { "/" } else { "" };
        if let Some(wanted) = placeholder(next) {
            if live_list.is_none() && may_be_listed {
                live_list = live(operations, service, before, wanted, after);
                may_be_listed = service == Service::Macrometa;
            }
            continue;
        }
        if !next.starts_with(partial) {
            continue;
        }
        // The path ends here, but for its slash.
        let ends = segments[typed.len() + 1..].iter().all(|s| s.is_empty());
        let help = if ends && operation.op.is_none() {
            operation.summary.as_str()
        } else {
            ""
        };
        let text = known.entry(format!("{before}{next}{after}")).or_default();
        if text.is_empty() {
            text.push_str(help);
        }
    }
    Paths {
        known: known
            .into_iter()
            .map(|(value, help)| Candidate::new(value, &help))
            .collect(),
        live: live_list,
    }
}

/// Returns the operations of a path and a method, for `--op`.
#[must_use]
pub fn ops(
    operations: &[Operation],
    service: Service,
    method: &str,
    path: Option<&str>,
) -> Vec<Candidate> {
    let path = path.map(|path| whole(path, service));
    let mut found: Vec<Candidate> = operations
        .iter()
        .filter(|o| fits(o, method) && path.as_ref().is_none_or(|path| o.has_path(path)))
        .filter_map(|o| Some(Candidate::new(o.op.as_deref()?, &o.summary)))
        .collect();
    found.sort();
    found.dedup_by(|a, b| a.value == b.value);
    found
}

/// Returns the names of items that a call takes, with what follows the name.
#[must_use]
pub fn items(
    operations: &[Operation],
    service: Service,
    method: &str,
    path: &str,
    op: Option<&str>,
) -> Vec<Candidate> {
    let path = whole(path, service);
    let mut found: Vec<Candidate> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for operation in operations {
        if !fits(operation, method) || operation.op.as_deref() != op || !operation.has_path(&path) {
            continue;
        }
        let has_body = !matches!(method, "GET" | "HEAD" | "DELETE" | "OPTIONS");
        let is_name = |p: &&Parameter| is_name(&p.name);
        for parameter in operation.parameters.iter().filter(is_name) {
            let separator = match parameter.place {
                // A body as a whole has no name.
                ParameterPlace::Path | ParameterPlace::Whole => continue,
                ParameterPlace::Header => ":",
                ParameterPlace::Query if has_body => "==",
                ParameterPlace::Body
                    if service == Service::Macrometa && parameter.kind != "string" =>
                {
                    ":="
                }
                ParameterPlace::Query | ParameterPlace::Body => "=",
                ParameterPlace::File => "@",
            };
            let value = format!("{}{separator}", parameter.name);
            if known.insert(value.clone()) {
                let must = if parameter.required { "required: " } else { "" };
                let help = first_sentence(&parameter.help);
                found.push(Candidate::new(value, &format!("{must}{help}")));
            }
        }
    }
    found
}

/// Returns whether a parameter's name is nothing but a name: `key=@/etc/passwd` would read a file.
fn is_name(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b);
    !name.is_empty() && name.bytes().all(is_part)
}

fn live(
    operations: &[Operation],
    service: Service,
    before: &str,
    wanted: &str,
    after: &'static str,
) -> Option<Live> {
    let folder = before.trim_end_matches('/');
    let list = match service {
        Service::Maas => {
            // `/resourcepools/` lists what is at `/resourcepool/{id}/`.
            let is_list = |path: &&String| {
                let path = without_names(path, service);
                operations
                    .iter()
                    .any(|o| o.method == "GET" && o.op.is_none() && o.has_path(&path))
            };
            let several = [format!("{folder}/"), format!("{folder}s/")];
            several.iter().find(is_list)?.clone()
        }
        Service::Macrometa => {
            let root = fabric_root(before);
            match wanted {
                "fabric" | "geofabric" | "dbname" => "database/user".to_owned(),
                "collection" | "collection-name" => format!("{root}collection"),
                "stream" => format!("{root}streams"),
                _ => {
                    let path = whole(folder, service);
                    let is_list = |o: &Operation| o.method == "GET" && o.has_path(&path);
                    operations.iter().any(is_list).then(|| folder.to_owned())?
                }
            }
        }
    };
    Some(Live {
        list,
        wanted: wanted.to_owned(),
        before: before.to_owned(),
        after,
        collection: (service == Service::Maas)
            .then(|| folder.rsplit('/').next().unwrap_or_default().to_owned()),
    })
}

/// Returns what stands before the part of a path that lies in a fabric; empty for the profile's
/// own.
fn fabric_root(path: &str) -> &str {
    path.find("/_api/")
        .filter(|_| path.starts_with("/_fabric/"))
        .map_or("", |at| &path[..at + "/_api/".len()])
}

fn fits(operation: &Operation, method: &str) -> bool {
    // What responds to HEAD and OPTIONS is there for GET; a method of one's own knows all.
    match method {
        "" => true,
        "HEAD" | "OPTIONS" => operation.method == "GET",
        method => operation.method == method,
    }
}

/// Returns the path of an operation as the word spells paths: with its leading slash, or without.
fn spelled<'a>(template: &'a str, word: &str, service: Service) -> Option<&'a str> {
    match service {
        _ if word.starts_with('/') => Some(template),
        Service::Maas => template.strip_prefix('/'),
        Service::Macrometa => {
            let below = template.strip_prefix("/_fabric/{fabric}/")?;
            if word.starts_with('_') {
                Some(below)
            } else {
                below.strip_prefix("_api/")
            }
        }
    }
}

/// Returns a typed path as operations have it: from the root, without query, with no name in it.
#[must_use]
pub fn whole(path: &str, service: Service) -> String {
    let path = path.split('?').next().unwrap_or(path);
    match service {
        Service::Maas => {
            let plain = without_names(path, service);
            match plain.split_once(maas::API) {
                Some((_, route)) => format!("/{route}"),
                None => plain,
            }
        }
        Service::Macrometa => macrometa::path::place(path, macrometa::DEFAULT_FABRIC),
    }
}

/// Returns where the last segment begins; a network's name has a slash of its own.
fn last_segment(word: &str, service: Service) -> usize {
    let mut from = 0;
    if service == Service::Maas {
        while let Some(name) = name::find(&word[from..]) {
            if from + name.range.end == word.len() {
                return from + name.range.start;
            }
            from += name.range.end;
        }
    }
    word.rfind('/').map_or(0, |slash| slash + 1)
}

fn without_names(path: &str, service: Service) -> String {
    let mut plain = path.to_owned();
    while service == Service::Maas
        && let Some(name) = name::find(&plain)
    {
        plain.replace_range(name.range, "x");
    }
    plain
}

/// Returns the start of a help text, for one line.
fn first_sentence(help: &str) -> &str {
    let line = help.split("\n\n").next().unwrap_or_default();
    line.find(". ").map_or(line, |end| &line[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn operation(
        call: &str,
        op: Option<&str>,
        parameters: &[(&str, ParameterPlace, bool)],
    ) -> Operation {
        let (method, path) = call.split_once(' ').unwrap();
        Operation {
            method: method.to_owned(),
            path: path.to_owned(),
            op: op.map(str::to_owned),
            name: "x".to_owned(),
            group: String::new(),
            summary: format!("About {}", op.unwrap_or(path)),
            help: String::new(),
            signed: true,
            anonymous: false,
            parameters: parameters
                .iter()
                .map(|(name, place, required)| Parameter {
                    name: (*name).to_owned(),
                    place: *place,
                    kind: "string".to_owned(),
                    required: *required,
                    default: None,
                    help: format!("The {name}. More.\n\nAnd more."),
                })
                .collect(),
        }
    }

    fn maas() -> Vec<Operation> {
        let id = ("system_id", ParameterPlace::Path, true);
        vec![
            operation(
                "GET /machines/",
                None,
                &[("hostname", ParameterPlace::Query, false)],
            ),
            operation("GET /machines/", Some("list_allocated"), &[]),
            operation("POST /machines/", Some("allocate"), &[]),
            operation("GET /machines/{system_id}/", None, &[id]),
            operation(
                "POST /machines/{system_id}/",
                Some("deploy"),
                &[
                    id,
                    ("distro", ParameterPlace::Body, true),
                    ("data", ParameterPlace::File, false),
                ],
            ),
            operation("GET /nodes/{system_id}/interfaces/", None, &[]),
            operation("GET /nodes/{system_id}/interfaces/{id}/", None, &[]),
            operation("GET /resourcepools/", None, &[]),
            operation("GET /resourcepool/{id}/", None, &[]),
            operation("GET /subnets/", None, &[]),
            operation("GET /subnets/{id}/", Some("statistics"), &[]),
            operation("GET /scripts/", None, &[]),
            operation("GET /scripts/{name}", None, &[]),
        ]
    }

    fn gdn() -> Vec<Operation> {
        vec![
            operation("GET /_api/key", None, &[]),
            operation("GET /_fabric/{fabric}/_api/collection", None, &[]),
            operation(
                "GET /_fabric/{fabric}/_api/collection/{collection-name}/count",
                None,
                &[],
            ),
            operation(
                "GET /_fabric/{fabric}/_api/streams/{stream}/stats",
                None,
                &[],
            ),
        ]
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn paths_go_on_by_a_segment() {
        let (maas, gdn) = (maas(), gdn());
        for (service, method, word, known, list) in [
            (Service::Maas, "GET", "/mach", "/machines/", ""),
            (Service::Maas, "GET", "mach", "machines/", ""),
            (
                Service::Maas,
                "GET",
                "",
                "/machines/ /nodes/ /resourcepool/ /resourcepools/ /scripts/ /subnets/",
                "",
            ),
            (Service::Maas, "POST", "/", "/machines/", ""),
            (Service::Maas, "GET", "/machines/4y", "", "/machines/"),
            (Service::Maas, "GET", "/machines/4y3h7n/", "", ""),
            (
                Service::Maas,
                "GET",
                "/nodes/abc/",
                "/nodes/abc/interfaces/",
                "",
            ),
            (
                Service::Maas,
                "GET",
                "/nodes/@a.b/int",
                "/nodes/@a.b/interfaces/",
                "",
            ),
            (
                Service::Maas,
                "GET",
                "/nodes/abc/interfaces/",
                "",
                "/nodes/abc/interfaces/",
            ),
            (
                Service::Maas,
                "GET",
                "/nodes/@a/interfaces/",
                "",
                "/nodes/@a/interfaces/",
            ),
            (
                Service::Maas,
                "GET",
                "/resourcepool/",
                "",
                "/resourcepools/",
            ),
            (
                Service::Maas,
                "GET",
                "/subnets/@10.0.0.0/2",
                "",
                "/subnets/",
            ),
            (Service::Maas, "GET", "/scripts/", "", "/scripts/"),
            (Service::Maas, "GET", "/nowhere/", "", ""),
            (Service::Maas, "GET", "/machines//", "", ""),
            (
                Service::Macrometa,
                "GET",
                "",
                "collection collection/ streams/",
                "",
            ),
            (
                Service::Macrometa,
                "GET",
                "_api/c",
                "_api/collection _api/collection/",
                "",
            ),
            (Service::Macrometa, "GET", "/_", "/_api/ /_fabric/", ""),
            (Service::Macrometa, "GET", "/_fabric/", "", "database/user"),
            (Service::Macrometa, "GET", "collection/", "", "collection"),
            (
                Service::Macrometa,
                "GET",
                "/_fabric/x/_api/streams/",
                "",
                "/_fabric/x/_api/streams",
            ),
            (
                Service::Macrometa,
                "GET",
                "collection/c/",
                "collection/c/count",
                "",
            ),
        ] {
            let all = if service == Service::Maas {
                &maas
            } else {
                &gdn
            };
            let found = paths(all, service, method, word);
            let values: Vec<_> = found.known.iter().map(|c| c.value.as_str()).collect();
            let asked = found.live.map(|l| l.list).unwrap_or_default();
            assert_eq!(
                (values.join(" ").as_str(), asked.as_str()),
                (known, list),
                "{service} {word}"
            );
        }
        let machines = &paths(&maas, Service::Maas, "GET", "/mach").known[0];
        assert_eq!(machines.help, "About /machines/");
    }

    #[test]
    fn operations_of_path_and_method() {
        let all = maas();
        for (method, path, want) in [
            ("GET", Some("/machines/"), "list_allocated"),
            ("POST", Some("machines"), "allocate"),
            ("POST", Some("/MAAS/api/2.0/machines/@node1/"), "deploy"),
            ("GET", Some("/subnets/@10.0.0.0/24/"), "statistics"),
            ("GET", Some("/machines/4y3h7n/"), ""),
            ("POST", None, "allocate deploy"),
        ] {
            let found = ops(&all, Service::Maas, method, path);
            let values: Vec<_> = found.iter().map(|c| c.value.as_str()).collect();
            assert_eq!(values.join(" "), want, "{method} {path:?}");
        }
    }

    #[test]
    fn items_of_a_call() {
        let all = maas();
        let found = items(&all, Service::Maas, "POST", "/machines/x/", Some("deploy"));
        assert_eq!(
            found,
            [
                Candidate::new("distro=", "required: The distro"),
                Candidate::new("data@", "The data"),
            ]
        );
        assert_eq!(items(&all, Service::Maas, "POST", "/machines/x/", None), []);
        let found = items(&all, Service::Maas, "GET", "/machines/", None);
        assert_eq!(found[0].value, "hostname=");
    }

    #[test]
    fn what_a_list_offers() {
        let all = maas();
        let live = |word: &str| paths(&all, Service::Maas, "GET", word).live.unwrap();
        let machines = json!([{"system_id": "4y3h7n", "hostname": "node1", "fqdn": "node1.maas", "status_name": "Ready"}]);
        assert_eq!(
            found(&live("/machines/4"), &machines),
            [
                Candidate::new("/machines/4y3h7n/", "node1.maas, Ready"),
                Candidate::new("/machines/@node1/", "4y3h7n node1.maas, Ready"),
            ]
        );
        let subnets = json!([{"id": 7, "cidr": "10.0.0.0/24", "name": "lab"}]);
        let values: Vec<_> = found(&live("/subnets/"), &subnets);
        assert_eq!(values[0], Candidate::new("/subnets/7/", "10.0.0.0/24, lab"));
        assert_eq!(values[1].value, "/subnets/@10.0.0.0/24/");
        let scripts = json!([{"id": 1, "name": "a b"}, {"id": 2, "name": "smart"}]);
        let values: Vec<_> = found(&live("/scripts/"), &scripts);
        assert_eq!(values[0].value, "/scripts/a%20b");
        assert_eq!(values[1].value, "/scripts/smart");
        let gdn = gdn();
        let fabrics = paths(&gdn, Service::Macrometa, "GET", "/_fabric/")
            .live
            .unwrap();
        let response = json!({"error": false, "result": ["_system", {"name": "shop"}]});
        let values: Vec<_> = found(&fabrics, &response)
            .into_iter()
            .map(|c| c.value)
            .collect();
        assert_eq!(values, ["/_fabric/_system/", "/_fabric/shop/"]);
        assert_eq!(found(&fabrics, &json!(null)), []);
    }
}
