//! `ops` on a Macrometa profile: the catalog of the binary, without any server.

use serde_json::Value;

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;
use crate::typed::words;

/// A user whose server is not there and whose key is not to be asked for.
fn offline(fabric: &str) -> Home {
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.play]\nservice = \"macrometa\"\nurl = \"http://127.0.0.1:9\"\n\
         fabric = \"{fabric}\"\nkey_command = \"touch ran; exit 1\"\n"
    ));
    home
}

/// Every documented operation and every one of the SDKs: its example, run as a dry run, is a
/// request of the same method and path that has everything required.
#[test]
fn every_example_is_a_call_of_its_operation() {
    let home = offline("shop");
    home.file("FILE", "[]");
    let operations = home.run(&["ops", "-o", "json"]).ok().json();
    let operations = operations.as_array().unwrap();
    let undocumented = operations.iter().filter(|o| o["help"] != "").count();
    assert_eq!(operations.len() - undocumented, 313);
    assert!(undocumented >= 10);
    let pages = home.run(&["ops", "--show"]).ok();
    assert!(!home.path().join("ran").exists(), "the key is not needed");
    let home = Home::empty().var("APICALL_FABRIC", "shop");
    home.file("FILE", "[]");
    home.write_config(
        "[profiles.play]\nservice = \"macrometa\"\nurl = \"http://127.0.0.1:9\"\nkey = \"t.k.h\"\n",
    );
    for operation in operations {
        let example = operation["example"].as_str().unwrap();
        assert!(
            pages.stdout().contains(&format!("\n  {example}\n")),
            "{example}"
        );
        let mut line = words(example);
        assert_eq!(line.remove(0), "apicall");
        line.push("--dry-run".to_owned());
        let printed = home.run(&line).ok();
        assert_is_call(printed.stdout(), operation);
    }
}

/// Compares a printed request with the operation, by the operation's own path and parameters.
fn assert_is_call(printed: &str, operation: &Value) {
    let (head, body) = printed.split_once("\n\n").unwrap_or((printed, ""));
    let request_line = head.lines().next().unwrap();
    let mut parts = request_line.split(' ');
    assert_eq!(parts.next(), operation["method"].as_str(), "{printed}");
    let target = parts.next().unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let template = operation["path"].as_str().unwrap();
    let want: Vec<String> = template.split('/').map(segment).collect();
    let want = want
        .join("/")
        .replacen("/_fabric/FABRIC/_api/", "/_fabric/shop/_api/", 1);
    assert_eq!(path, want, "{template}");
    for parameter in operation["parameters"].as_array().unwrap() {
        if parameter["required"] != true {
            continue;
        }
        let name = parameter["name"].as_str().unwrap();
        let is_there = match parameter["place"].as_str().unwrap() {
            "path" => template.contains(&format!("{{{name}}}")),
            "query" => query.split('&').any(|p| p.starts_with(&format!("{name}="))),
            "header" => head.lines().any(|l| {
                l.to_lowercase()
                    .starts_with(&format!("{}:", name.to_lowercase()))
            }),
            "body" => {
                let body: Value = serde_json::from_str(body).unwrap();
                is_of_type(&body[name], parameter["type"].as_str().unwrap())
            }
            "whole" => head.contains("ontent-"),
            other => panic!("{other} is required"),
        };
        assert!(is_there, "{name}: {printed}");
    }
}

/// `collection-name` in braces as the example has it.
fn segment(template: &str) -> String {
    match template.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
        Some(name) => name.replace('-', "_").to_uppercase(),
        None => template.to_owned(),
    }
}

fn is_of_type(value: &Value, kind: &str) -> bool {
    match kind {
        "boolean" => value.is_boolean(),
        "integer" | "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_string(),
    }
}

#[test]
fn words_find_operations() {
    let home = offline("_system");
    for (line, first) in [
        ("ops create collection", "POST   collection "),
        (
            "ops delete collection",
            "DELETE collection/{collection-name} ",
        ),
        ("ops POST collection", "POST   collection "),
        (
            "ops kv truncate",
            "PUT /_fabric/{fabric}/_api/kv/{collection}/truncate\n",
        ),
        ("ops cursor next", "PUT    cursor/{cursor-identifier} "),
        // Paths as they are typed, with and without the fabric, and with names in them.
        (
            "ops collection/orders/count",
            "GET /_fabric/{fabric}/_api/collection/{collection-name}/count\n",
        ),
        (
            "ops /_fabric/shop/_api/collection/orders/count",
            "GET /_fabric/{fabric}/_api/collection/{collection-name}/count\n",
        ),
        ("ops datacenter local", "GET /datacenter/local\n"),
        (
            "ops grant stream key",
            "PUT    /_api/key/{keyid}/database/{dbname}/stream/{stream} ",
        ),
    ] {
        let found = home.run(&words(line)).ok();
        assert!(found.stdout().starts_with(first), "{line}: {found:?}");
    }
    home.run(&["ops", "no-such-thing"])
        .fails(1, "play: no operation matches");
}

#[test]
fn places_and_types_are_reported() {
    let home = offline("_system");
    for (line, reported) in [
        (
            "ops document post",
            &[
                "returnNew  boolean, in the query, default false",
                "body  array, the complete body, required",
                "apicall post document/COLLECTION --body '@FILE'",
            ][..],
        ),
        ("ops dynamo", &["X-Amz-Target  string, a header, required"]),
        ("ops usage missing get", &["tenant  string, in the body"]),
        ("ops query slow get", &["Macrometa's SDKs call it"]),
        ("ops _open", &["calls without a key.", "--anonymous"]),
    ] {
        let mut line = words(line);
        line.push("--show".to_owned());
        let page = home.run(&line).ok();
        for reported in reported {
            assert!(page.stdout().contains(reported), "{reported}: {page:?}");
        }
    }
}

#[test]
fn a_path_that_is_none_is_led_to_the_nearest() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (line, hint) in [
        ("get collections", "did you mean `collection`?"),
        ("get /collection", "did you mean `collection`?"),
        ("get documents/c/7", "did you mean `document/c/7`?"),
        ("get keys", "did you mean `/_api/key`?"),
        (
            "get streams/s/stats",
            "called `c8globals.s` or `c8locals.s`",
        ),
        ("get /machines/", "no path of Macrometa begins like this"),
        (
            "get nowhere/at/all",
            "no path of Macrometa begins like this",
        ),
    ] {
        let ended = home.run(&words(&format!("{line} -p play"))).fails(4, "404");
        assert!(ended.stderr.contains(hint), "{line}: {ended:#?}");
    }
    for (word, want) in [
        ("collections", "collection/{collection-name}/count"),
        ("/collection", "List the collections of a fabric"),
        ("documents", "document/{collection}/{key}"),
    ] {
        let ended = home.run(&words(&format!("ops {word} -p play"))).ok();
        assert!(ended.stdout().contains(want), "{word}: {ended:#?}");
    }
    for (word, path, want) in [
        ("/collections/", "collection", "List the collections"),
        ("colection", "collection", "List the collections"),
        ("/_api/keyz", "/_api/key", "List the keys"),
        ("documents/c/7", "document/c/7", "Read a document"),
    ] {
        let ended = home.run(&words(&format!("ops {word} -p play"))).code(0);
        let note = format!("apicall: note: play: no operation matches; these match `{path}`\n");
        assert_eq!(ended.stderr, note, "{word}");
        assert!(ended.stdout().contains(want), "{word}: {ended:#?}");
    }
    let ended = home
        .run(&words("ops /machines/ -p play"))
        .fails(1, "no operation matches");
    let hint = "hint: no path begins like this";
    assert!(ended.stderr.contains(hint), "{ended:#?}");
}

#[test]
fn a_key_without_the_right_learns_which_it_needs() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let refused = r#"{"error":true,"code":403,"errorNum":11,"errorMessage":"forbidden"}"#;
    sandbox.fault(Fault::body(403, "application/json", refused).always());
    for (line, right) in [
        (
            "post import/c --json data:=[]",
            "which needs `rw` on the collection `c`",
        ),
        ("get document/c/7", "which needs `ro` on the collection `c`"),
        ("get collection", "which needs `ro` on the fabric `_system`"),
        ("get /nowhere", "no right to this: "),
    ] {
        let ended = home.run(&words(&format!("{line} -p play"))).fails(4, "403");
        assert!(ended.stderr.contains(right), "{line}: {ended:#?}");
        assert!(
            ended.stderr.contains("`apicall whoami --rights -p play`"),
            "{line}: {ended:#?}"
        );
    }
}

/// A key with few rights, granted and used as the service's own operations have it.
#[test]
fn a_key_with_few_rights_does_what_it_was_granted() {
    let sandbox = Sandbox::start();
    sandbox.create_collection("_system", "c");
    let home = Home::with_profiles(&sandbox);
    let run = |line: &str| home.run(&words(line));
    let grants = "/_api/key/reader/database/_system";
    run(&format!("put {grants} grant=ro -p play")).ok();
    run(&format!("put {grants}/collection/open grant=rw -p play")).ok();
    let listed = run(&format!("get {grants}/collection -p play")).ok();
    assert_eq!(listed.json()["result"]["open"], "rw");
    let reader = home.file("reader", sandbox.macrometa_limited_key());
    let url = sandbox.url();
    run(&format!(
        "login {url} -p few --key-file {} --service macrometa",
        reader.display()
    ))
    .code(0);
    run("get collection/c/count -p few").ok();
    let ended = run("post document/c _key=a -p few").fails(4, "403");
    assert!(
        ended
            .stderr
            .contains("which needs `rw` on the collection `c`"),
        "{ended:#?}"
    );
    home.file("d.ndjson", "{\"_key\":\"a\"}\n");
    run("import c d.ndjson -p few").fails(4, "403");
    assert_eq!(sandbox.document_count("_system", "c"), 0);
    run(&format!("put {grants}/collection/c grant=rw -p play")).ok();
    run("import c d.ndjson -p few").code(0);
}
