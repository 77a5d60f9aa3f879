//! The likeliest mistakes in a call to MAAS, each with the call that was meant.
//!
//! Looks at what was sent and at what MAAS said to it; the [`Index`] makes some of it certain where
//! there is one, and nothing here needs it. [`advise`](super::advise) knows the names in the
//! description, [`explain`](super::explain) what a response means whatever was sent. Pure.

use base64::Engine as _;

use super::API;
use super::advise::Called;
use super::describe::Index;
use super::name::{is_id, is_looked_up, list_beside};
use crate::service::operation::segments;

/// What was sent, and what came back.
#[derive(Clone, Copy, Debug)]
pub struct Mistaken<'a> {
    /// The call.
    pub called: Called<'a>,
    /// Its fields and parameters, without the operation.
    pub fields: &'a [(String, String)],
    /// The status of the response.
    pub status: u16,
    /// Its body.
    pub body: &'a str,
}

/// Operations by the method that they have, for those who have no description.
const OPERATIONS: [(&str, &[&str]); 2] = [
    (
        "POST",
        &[
            "abort",
            "accept",
            "accept_all",
            "add_chassis",
            "allocate",
            "commission",
            "deploy",
            "exit_rescue_mode",
            "import",
            "link_subnet",
            "lock",
            "mark_broken",
            "mark_fixed",
            "override_failed_testing",
            "power_off",
            "power_on",
            "rebuild",
            "release",
            "rescue_mode",
            "restore_default_configuration",
            "restore_networking_configuration",
            "restore_storage_configuration",
            "set_config",
            "set_owner_data",
            "set_storage_layout",
            "set_workload_annotations",
            "set_zone",
            "stop_import",
            "test",
            "unlink_subnet",
            "unlock",
            "unmount",
            "update_nodes",
        ],
    ),
    (
        "GET",
        &[
            "details",
            "get_config",
            "get_curtin_config",
            "is_importing",
            "is_registered",
            "list_allocated",
            "power_parameters",
            "query_power_state",
            "statistics",
            "whoami",
        ],
    ),
];

/// What the `maas` command line calls the operations that have no name here, and their methods.
const ACTIONS: [(&str, &str); 5] = [
    ("list", "get"),
    ("read", "get"),
    ("create", "post"),
    ("update", "put"),
    ("delete", "delete"),
];

/// Returns the operation that a word names: `power-on` is `power_on`, too.
#[must_use]
pub fn operation(word: &str) -> Option<String> {
    let name = word.replace('-', "_");
    method_of(&name).is_some().then_some(name)
}

fn method_of(op: &str) -> Option<&'static str> {
    OPERATIONS
        .iter()
        .find(|(_, names)| names.contains(&op))
        .map(|(method, _)| *method)
}

/// Returns the call that was meant; `None` where it is none of these mistakes.
#[must_use]
pub fn hint(mistaken: &Mistaken<'_>, index: Option<&Index>) -> Option<String> {
    let called = mistaken.called;
    let Some(route) = called.route() else {
        return (mistaken.status == 404)
            .then(|| from_the_host(called))
            .flatten();
    };
    match mistaken.status {
        404 if route.starts_with(API) => {
            let meant = called.command(called.method, &route[API.len() - 1..], called.op);
            Some(format!("the API's root is added to paths: {meant}"))
        }
        404 if mistaken.body.starts_with("Unknown API endpoint") => {
            operation_in_path(called, route, index)
                .or_else(|| part_of_node(called, route))
                .or_else(|| pool(called, route))
                .or_else(|| name_alone(called, route))
                .or_else(|| plural(called, route).filter(|_| index.is_none()))
        }
        404 if !mistaken.body.trim_start().starts_with('<') => {
            // No host is called so: names have no `_`.
            let may_be_operation = index.is_some() || route.contains('_');
            let operation = || operation_in_path(called, route, index);
            let operation = may_be_operation.then(operation).flatten();
            operation
                .or_else(|| name_in_path(called, route))
                .or_else(|| what_there_is(called, route))
        }
        400 if mistaken.body.starts_with("Unrecognised signature") => {
            action(called, route, index).or_else(|| lone(called, route))
        }
        400 => word(mistaken, route),
        409 if called.method == "POST" && route == "/users/" => {
            let name = field(mistaken, "username").unwrap_or_default();
            Some(format!(
                "is the name taken? {} shows who has it",
                called.command("get", &format!("/users/{name}/").replace("//", "/"), None)
            ))
        }
        500 if field(mistaken, "is_superuser").is_some_and(|v| v.parse::<i64>().is_err()) => {
            let is_true = field(mistaken, "is_superuser")
                .is_some_and(|v| matches!(v.to_ascii_lowercase().as_str(), "true" | "yes" | "on"));
            Some(format!(
                "MAAS wants a number there: `is_superuser={}`",
                u8::from(is_true)
            ))
        }
        _ => None,
    }
}

/// Returns what MAAS would not read as it is meant, before it is sent. `files` are the names of
/// file parts.
#[must_use]
pub fn notes(called: Called<'_>, fields: &[(String, String)], files: &[&str]) -> Vec<String> {
    const USER_DATA: &str = "user_data";
    let mut notes = Vec::new();
    let is_plain = |(name, value): &(String, String)| name == USER_DATA && !is_base64(value);
    if called.method == "POST" && (fields.iter().any(is_plain) || files.contains(&USER_DATA)) {
        notes.push(format!(
            "MAAS takes `{USER_DATA}` in base64: `{USER_DATA}=\"$(base64 -w0 FILE)\"`"
        ));
    }
    let is_image = called.method == "POST" && called.route() == Some("/boot-resources/");
    if is_image && files.contains(&"content") {
        notes.push(
            "MAAS takes images in chunks, and does not read `content`: `apicall upload-image FILE \
             name=… architecture=…` sends one"
                .to_owned(),
        );
    }
    notes
}

/// Returns whether a text is base64, on one line or several.
fn is_base64(text: &str) -> bool {
    let text: String = text.split_whitespace().collect();
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .is_ok()
}

fn field<'a>(mistaken: &Mistaken<'a>, name: &str) -> Option<&'a str> {
    let found = mistaken.fields.iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value.as_str())
}

/// `/machines/4y3h7n/deploy/`: the last segment is an operation of what stands before it.
fn operation_in_path(called: Called<'_>, route: &str, index: Option<&Index>) -> Option<String> {
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

/// Collections that are typed in the singular, for those who have no description.
const COLLECTIONS: [&str; 14] = [
    "devices",
    "domains",
    "events",
    "fabrics",
    "files",
    "machines",
    "nodes",
    "spaces",
    "subnets",
    "tags",
    "users",
    "vlans",
    "zones",
    "boot-resources",
];

/// `/machine/`: paths are plural.
fn plural(called: Called<'_>, route: &str) -> Option<String> {
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
fn from_the_host(called: Called<'_>) -> Option<String> {
    const V3: &str = "a/v3/";
    let rest = called.path.strip_prefix("/MAAS/")?;
    let is_path = !rest.is_empty() && !rest.starts_with(V3) && !rest.starts_with("api/");
    is_path.then(|| {
        format!(
            "a path that begins with `/MAAS/` is taken from the host's root: {}",
            called.command(called.method, &format!("/{rest}"), called.op)
        )
    })
}

/// What lies below a machine in the API, but below `/nodes/`.
const PARTS: [&str; 13] = [
    "bcache",
    "bcache-cache-set",
    "bcache-cache-sets",
    "bcaches",
    "blockdevices",
    "interfaces",
    "raid",
    "raids",
    "results",
    "vmfs-datastore",
    "vmfs-datastores",
    "volume-group",
    "volume-groups",
];

/// `/machines/4y3h7n/interfaces/`: the parts of machines are below `/nodes/`.
fn part_of_node(called: Called<'_>, route: &str) -> Option<String> {
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
fn pool(called: Called<'_>, route: &str) -> Option<String> {
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
fn name_alone(called: Called<'_>, route: &str) -> Option<String> {
    segments(route)
        .next()
        .filter(|first| first.starts_with('@'))?;
    Some(format!(
        "a name stands behind its collection: {}",
        called.command(called.method, &format!("/machines{route}"), called.op)
    ))
}

/// `/tags/nope/`: the list that has what there is.
fn what_there_is(called: Called<'_>, route: &str) -> Option<String> {
    let list = list_beside(route)?;
    let list = called.command("get", &list, None);
    let list = list.trim_end_matches('`');
    Some(format!("{list} -o table` lists what there is"))
}

/// Paths that have one operation for GET, and nothing else, for those who have no description.
const LONE: [(&str, &str); 3] = [
    ("/account/", "list_authorisation_tokens"),
    ("/events/", "query"),
    ("/maas/", "get_config"),
];

/// `/events/`: a path that wants an operation.
fn lone(called: Called<'_>, route: &str) -> Option<String> {
    let (_, op) = LONE.iter().find(|(path, _)| *path == route)?;
    (called.method == "GET" && called.op.is_none()).then(|| {
        format!(
            "GET wants an operation here: {}",
            called.command("get", route, Some(op))
        )
    })
}

/// `/machines/node18/`: a name where the API wants an id.
fn name_in_path(called: Called<'_>, route: &str) -> Option<String> {
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

/// `--op list`: what the `maas` command line calls a call without an operation.
fn action(called: Called<'_>, route: &str, index: Option<&Index>) -> Option<String> {
    let op = called.op?;
    let (_, method) = ACTIONS.iter().find(|(action, _)| *action == op)?;
    let is_there = index.is_none_or(|index| {
        let mut there = index.of_path(route);
        there.any(|entry| entry.op.is_none() && entry.method.eq_ignore_ascii_case(method))
    });
    is_there.then(|| {
        format!(
            "leave `--op {op}` out: {}",
            called.command(method, route, None)
        )
    })
}

/// `status=Broken`: responses show words that filters want in another form.
fn word(mistaken: &Mistaken<'_>, route: &str) -> Option<String> {
    if mistaken.called.method != "GET" {
        return None;
    }
    let (name, meant) = mistaken.fields.iter().find_map(|(name, value)| {
        let meant = value.to_lowercase().replace([' ', '-'], "_");
        let is_offered = mistaken.body.contains(&format!("'{meant}'"));
        (meant != *value && is_offered).then_some((name, meant))
    })?;
    let call = mistaken.called.command("get", route, mistaken.called.op);
    let call = call.trim_end_matches('`');
    Some(format!(
        "MAAS's filters are in small letters: {call} {name}={meant}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        Index::parse(
            "hash\n\
             GET /nodes/ -\n\
             GET /machines/ list_allocated\n\
             POST /machines/{system_id}/ deploy distro_series\n\
             GET /tags/{name}/ machines\n"
                .to_owned(),
        )
        .unwrap()
    }

    fn hinted(line: &str, op: &str, response: (u16, &str), index: Option<&Index>) -> String {
        let mut words = line.split(' ');
        let method = words.next().unwrap();
        let path = words.next().unwrap();
        let path = if path.starts_with("/MAAS/") {
            path.to_owned()
        } else {
            format!("/MAAS/api/2.0{path}")
        };
        let named = [("4y3h8p".to_owned(), "@web001".to_owned())];
        let fields: Vec<_> = words
            .map(|word| word.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.replace('+', " ")))
            .collect();
        let mistaken = Mistaken {
            called: Called {
                method,
                path: &path,
                op: Some(op).filter(|op| !op.is_empty()),
                named: &named,
            },
            fields: &fields,
            status: response.0,
            body: response.1,
        };
        hint(&mistaken, index).unwrap_or_default()
    }

    const NONE: (u16, &str) = (404, "No Machine matches the given query.");
    const UNKNOWN: (u16, &str) = (404, "Unknown API endpoint: x.");
    const SIGNATURE: (u16, &str) = (400, "Unrecognised signature: method=GET op=list");
    const WORDS: (u16, &str) = (
        400,
        r#"{"status": ["'Broken' is not a valid 'status'. It should be one of: 'new', 'broken', 'failed_testing'."]}"#,
    );

    #[test]
    fn each_mistake_has_the_call_that_was_meant() {
        for (line, op, response, want) in [
            (
                "GET /machines/node18/",
                "",
                NONE,
                "is `node18` a name? `apicall get /machines/@node18/`",
            ),
            (
                "POST /machines/web005/",
                "deploy",
                NONE,
                "is `web005` a name? `apicall post /machines/@web005/ --op deploy`",
            ),
            (
                "GET /nodes/4y3h7n/interfaces/eth0/",
                "",
                (404, "No Interface matches the given query."),
                "is `eth0` a name? `apicall get /nodes/4y3h7n/interfaces/@eth0/`",
            ),
            ("GET /machines/4y3h7n/", "", NONE, ""),
            (
                "GET /subnets/17/",
                "",
                NONE,
                "`apicall get /subnets/ -o table` lists what there is",
            ),
            (
                "GET /tags/gpu/",
                "",
                NONE,
                "`apicall get /tags/ -o table` lists what there is",
            ),
            (
                "POST /machines/4y3h8p/deploy/",
                "",
                UNKNOWN,
                "`deploy` is an operation: `apicall post /machines/@web001/ --op deploy`",
            ),
            (
                "GET /nodes/4y3h8p/interfaces/eth0/",
                "",
                NONE,
                "is `eth0` a name? `apicall get /nodes/@web001/interfaces/@eth0/`",
            ),
            ("GET /nodes/4y3h8p/", "", NONE, ""),
            (
                "GET /machines/4y3h8p/interfaces/",
                "",
                UNKNOWN,
                "parts of machines are below `/nodes/`: `apicall get /nodes/@web001/interfaces/`",
            ),
            (
                "GET /machines/list_allocated/",
                "",
                NONE,
                "`list_allocated` is an operation: `apicall get /machines/ --op list_allocated`",
            ),
            (
                "GET /pools/",
                "",
                UNKNOWN,
                "pools are `/resourcepools/`, and one is `/resourcepool/…/`: `apicall get /resourcepools/`",
            ),
            (
                "GET /resourcepools/7/",
                "",
                UNKNOWN,
                "pools are `/resourcepools/`, and one is `/resourcepool/…/`: `apicall get /resourcepool/7/`",
            ),
            (
                "GET /@node18/",
                "",
                UNKNOWN,
                "a name stands behind its collection: `apicall get /machines/@node18/`",
            ),
            (
                "GET /MAAS/machines/",
                "",
                (404, "<html></html>"),
                "a path that begins with `/MAAS/` is taken from the host's root: `apicall get /machines/`",
            ),
            ("GET /MAAS/", "", (404, "<html></html>"), ""),
            ("GET /MAAS/a/v3/x", "", (404, ""), ""),
            ("GET /machines/node18/", "", (404, "<html></html>"), ""),
            (
                "GET /api/2.0/machines/",
                "",
                UNKNOWN,
                "the API's root is added to paths: `apicall get /machines/`",
            ),
            (
                "POST /machines/4y3h7n/deploy/",
                "",
                UNKNOWN,
                "`deploy` is an operation: `apicall post /machines/4y3h7n/ --op deploy`",
            ),
            (
                "GET /machines/list-allocated/",
                "",
                UNKNOWN,
                "`list_allocated` is an operation: `apicall get /machines/ --op list_allocated`",
            ),
            (
                "GET /machines/4y3h7n/deploy/",
                "",
                UNKNOWN,
                "`deploy` is an operation: `apicall post /machines/4y3h7n/ --op deploy`",
            ),
            ("GET /machines/4y3h7n/other/", "", UNKNOWN, ""),
            (
                "GET /nodes/",
                "list",
                SIGNATURE,
                "leave `--op list` out: `apicall get /nodes/`",
            ),
            ("GET /nodes/", "other", SIGNATURE, ""),
            (
                "GET /machines/ pool=x status=Broken",
                "",
                WORDS,
                "MAAS's filters are in small letters: `apicall get /machines/ status=broken`",
            ),
            (
                "GET /machines/ status=Failed+testing",
                "",
                WORDS,
                "MAAS's filters are in small letters: `apicall get /machines/ status=failed_testing`",
            ),
            ("GET /machines/ status=Other", "", WORDS, ""),
            (
                "POST /users/ username=bob",
                "",
                (409, "Conflict error."),
                "is the name taken? `apicall get /users/bob/` shows who has it",
            ),
            (
                "POST /users/ is_superuser=false",
                "",
                (500, "invalid literal"),
                "MAAS wants a number there: `is_superuser=0`",
            ),
            (
                "POST /users/ is_superuser=True",
                "",
                (500, "invalid literal"),
                "MAAS wants a number there: `is_superuser=1`",
            ),
            ("POST /users/ is_superuser=1", "", (500, "x"), ""),
        ] {
            for index in [None, Some(&index())] {
                assert_eq!(hinted(line, op, response, index), want, "{line}");
            }
        }
    }

    #[test]
    fn with_a_description_and_without() {
        // The description knows better.
        assert_eq!(
            hinted("GET /machine/4y3h7n/", "", UNKNOWN, None),
            "paths are plural: `apicall get /machines/4y3h7n/`"
        );
        assert_eq!(hinted("GET /machine/", "", UNKNOWN, Some(&index())), "");
        assert_eq!(hinted("GET /other/", "", UNKNOWN, None), "");
        // What only the description knows.
        let line = "GET /tags/gpu/machines/";
        assert_eq!(hinted(line, "", UNKNOWN, None), "");
        assert_eq!(
            hinted(line, "", UNKNOWN, Some(&index())),
            "`machines` is an operation: `apicall get /tags/gpu/ --op machines`"
        );
    }

    #[test]
    fn what_would_not_be_read_is_said_before() {
        for (path, field, files, want) in [
            (
                "/machines/x/",
                "user_data=#cloud-config",
                &[][..],
                "base64 -w0",
            ),
            ("/machines/x/", "user_data=", &["user_data"], "base64 -w0"),
            ("/machines/x/", "user_data=I2Nsb3Vk\nLWNvbmZpZw==", &[], ""),
            ("/machines/x/", "comment=not base64", &[], ""),
            (
                "/boot-resources/",
                "name=x",
                &["content"],
                "`apicall upload-image",
            ),
            ("/files/", "name=x", &["content"], ""),
        ] {
            let path = format!("/MAAS/api/2.0{path}");
            let called = Called {
                method: "POST",
                path: &path,
                op: None,
                named: &[],
            };
            let (name, value) = field.split_once('=').unwrap();
            let notes = notes(called, &[(name.to_owned(), value.to_owned())], files).join("");
            assert!(
                notes.contains(want) && notes.is_empty() == want.is_empty(),
                "{field}: {notes}"
            );
        }
    }

    #[test]
    fn paths_are_quoted_for_a_shell() {
        let called = Called {
            method: "GET",
            path: "",
            op: None,
            named: &[],
        };
        for (path, want) in [
            ("/x/$(id)/", "`apicall get '/x/$(id)/'`"),
            ("/x/'a/", "`apicall get '/x/%27a/'`"),
        ] {
            assert_eq!(called.command("GET", path, None), want);
        }
    }
}
