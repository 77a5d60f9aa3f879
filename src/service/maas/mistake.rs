//! The likeliest mistakes in a call to MAAS, each with the call that was meant.
//!
//! Looks at what was sent and at what MAAS said to it; the [`Index`] makes some of it certain where
//! there is one, and nothing here needs it. [`advise`](super::advise) knows the names in the
//! description, [`explain`](super::explain) what a response means whatever was sent. Pure.

use base64::Engine as _;

use super::API;
use super::advise::Called;
use super::describe::Index;
use super::misplaced;

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

/// What the `maas` command line calls the operations that have no name here, and their methods.
const ACTIONS: [(&str, &str); 5] = [
    ("list", "get"),
    ("read", "get"),
    ("create", "post"),
    ("update", "put"),
    ("delete", "delete"),
];

/// Returns the call that was meant; `None` where it is none of these mistakes.
#[must_use]
pub fn hint(mistaken: &Mistaken<'_>, index: Option<&Index>) -> Option<String> {
    let called = mistaken.called;
    let Some(route) = called.route() else {
        return (mistaken.status == 404)
            .then(|| misplaced::from_the_host(called))
            .flatten();
    };
    match mistaken.status {
        404 if route.starts_with(API) => {
            let meant = called.command(called.method, &route[API.len() - 1..], called.op);
            Some(format!("the API's root is added to paths: {meant}"))
        }
        404 if mistaken.body.starts_with("Unknown API endpoint") => {
            misplaced::operation_in_path(called, route, index)
                .or_else(|| misplaced::part_of_node(called, route))
                .or_else(|| misplaced::pool(called, route))
                .or_else(|| misplaced::name_alone(called, route))
                .or_else(|| misplaced::plural(called, route).filter(|_| index.is_none()))
        }
        404 if !mistaken.body.trim_start().starts_with('<') => {
            // No host is called so: names have no `_`.
            let may_be_operation = index.is_some() || route.contains('_');
            let operation = || misplaced::operation_in_path(called, route, index);
            let operation = may_be_operation.then(operation).flatten();
            operation
                .or_else(|| misplaced::name_in_path(called, route))
                .or_else(|| misplaced::what_there_is(called, route))
        }
        400 if mistaken.body.starts_with("Unrecognised signature") => {
            action(called, route, index).or_else(|| misplaced::lone(called, route))
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
                "MAAS expects a number there: `is_superuser={}`",
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

    /// A call, its operation, the response, and the hint.
    type Case<'a> = (&'a str, &'a str, (u16, &'a str), &'a str);

    /// Every hint is there with a description and without.
    fn check(cases: &[Case<'_>]) {
        for (line, op, response, want) in cases {
            for index in [None, Some(&index())] {
                assert_eq!(hinted(line, op, *response, index), *want, "{line}");
            }
        }
    }

    #[test]
    fn names_stand_behind_an_at() {
        check(&[
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
            (
                "GET /MAAS/r/machine/4y3h7n/summary",
                "",
                (404, "<html></html>"),
                "`/MAAS/r/` is the user interface, which shows what the API has at `apicall get /machines/4y3h7n/`",
            ),
            ("GET /MAAS/r/intro", "", (404, "<html></html>"), ""),
            ("GET /MAAS/", "", (404, "<html></html>"), ""),
            ("GET /MAAS/a/v3/x", "", (404, ""), ""),
            ("GET /machines/node18/", "", (404, "<html></html>"), ""),
        ]);
    }

    #[test]
    fn paths_are_put_where_they_belong() {
        check(&[
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
        ]);
    }

    #[test]
    fn operations_words_and_values_are_those_of_maas() {
        check(&[
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
                "MAAS expects a number there: `is_superuser=0`",
            ),
            (
                "POST /users/ is_superuser=True",
                "",
                (500, "invalid literal"),
                "MAAS expects a number there: `is_superuser=1`",
            ),
            ("POST /users/ is_superuser=1", "", (500, "x"), ""),
        ]);
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
