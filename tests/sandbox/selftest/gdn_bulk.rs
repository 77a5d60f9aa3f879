//! Macrometa's lists by offset, key-value collections and imports.

use serde_json::{Value, json};

use super::gdn_cursors::gdn;
use super::request;
use crate::sandbox::{Effect, Fault, Options, Sandbox};

#[test]
fn exports_by_offset() {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "numbers", 2500);
    let get = |query: &str| {
        gdn(
            &sandbox,
            "GET",
            &format!("export/numbers{query}"),
            &Value::Null,
        )
    };
    let length = |query: &str| get(query).1["result"].as_array().unwrap().len();
    assert_eq!(get("?limit=1").1["result"], json!([{"_key": "0", "n": 0}]));
    assert_eq!(
        get("?limit=1&offset=1&order=desc").1["result"][0]["_key"],
        "2498"
    );
    assert_eq!(
        (length(""), length("?limit=0"), length("?limit=1000")),
        (20, 20, 1000)
    );
    assert_eq!(
        (length("?offset=2000&limit=1000"), length("?offset=2500")),
        (500, 0)
    );
    assert_eq!((get("?limit=1001").0, get("?offset=x").0), (400, 400));
    assert_eq!(
        gdn(&sandbox, "GET", "export/nope", &Value::Null).1["errorNum"],
        1203
    );
    assert_eq!(
        gdn(&sandbox, "GET", "collection/numbers/count", &Value::Null).1["count"],
        2500
    );
}

#[test]
fn key_values() {
    let sandbox = Sandbox::start();
    sandbox.fill_key_values("_system", "pairs", 250);
    let call =
        |method: &str, path: &str, body: Value| gdn(&sandbox, method, &format!("kv/{path}"), &body);
    let get = |path: &str| call("GET", path, Value::Null);
    let length = |response: (u16, Value)| response.1["result"].as_array().unwrap().len();
    assert_eq!(get("pairs/count").1["count"], 250);
    assert_eq!(get("pairs/keys?offset=249").1["result"], json!(["249"]));
    assert_eq!(
        (
            length(get("pairs/keys")),
            length(get("pairs/keys?limit=1000"))
        ),
        (20, 100)
    );
    let values = |query: &str| call("POST", &format!("pairs/values{query}"), Value::Null);
    assert_eq!(
        values("?offset=1&limit=1").1["result"],
        json!([{"_key": "1", "value": "v1", "expireAt": null}])
    );
    assert_eq!(
        (length(values("?limit=500")), length(values("?offset=250"))),
        (100, 0)
    );
    let chosen = call("POST", "pairs/values", json!(["7", "nope"]));
    assert_eq!(chosen.1["result"][0]["value"], "v7");
    assert_eq!(get("pairs/value/7").1["value"], "v7");
    assert_eq!(get("pairs/value/nope").1["errorNum"], 1202);
    assert_eq!(
        (
            get("addresses/keys").0,
            get("nope/keys").1["errorNum"].clone()
        ),
        (404, json!(101_000))
    );
    assert_eq!(
        call("POST", "made?expiration=false", Value::Null).1["name"],
        "made"
    );
    let (status, written) = call(
        "PUT",
        "made/value",
        json!([{"_key": "a", "value": 1}, {"_key": "a", "value": 2}]),
    );
    assert_eq!((status, &written[1]["_oldRev"]), (202, &written[0]["_rev"]));
    assert_eq!(call("PUT", "made/value", json!([{"_key": "a"}])).0, 403);
    assert_eq!(
        get("").1["result"],
        json!([{"name": "pairs", "expiration": false}, {"name": "made", "expiration": false}])
    );
    assert_eq!(call("DELETE", "made/value/a", Value::Null).0, 202);
    assert_eq!(call("DELETE", "made", Value::Null).0, 200);
    assert_eq!(get("made/count").0, 404);
}

#[test]
fn imports_say_what_failed() {
    let sandbox = Sandbox::start();
    let import = |body: Value| gdn(&sandbox, "POST", "import/addresses", &body);
    let bad = json!({"_key": "a1", "name": "again"});
    let data = json!([{"_key": "n1"}, bad, {"_key": "b/"}, {"x": 1}, 7]);
    let (status, body) = import(json!({"data": data, "details": true}));
    assert_eq!((status, &body["error"]), (200, &json!(false)));
    let result = &body["result"];
    assert_eq!(
        (
            &result["created"],
            &result["errors"],
            &result["unprocessed"]
        ),
        (&json!(2), &json!(2), &json!(1))
    );
    let errors = &result["details"]["errors"];
    assert_eq!(
        (
            &errors[0]["document"],
            &errors[0]["errorNumber"],
            &errors[1]["errorNumber"]
        ),
        (&bad, &json!(1210), &json!(1221))
    );
    assert!(
        errors[0]["errorMessage"]
            .as_str()
            .unwrap()
            .starts_with("2: Each document")
    );
    assert_eq!(result["details"]["unprocessed"], json!([7]));
    // Without details only numbers; the header counts in any case.
    let key = format!(
        "Authorization: apikey {}\r\nConnection: close\r\n",
        sandbox.macrometa_key()
    );
    let text = json!({"data": [bad]}).to_string();
    let (response, _) = super::talk(
        &sandbox,
        format!("POST /_fabric/_system/_api/import/addresses HTTP/1.1\r\nHost: x\r\n{key}Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes(),
    );
    assert!(
        response.contains("X-C8-Error-Codes: {\"1210\":1}\r\n"),
        "{response}"
    );
    assert!(response.ends_with("{\"error\":false,\"code\":200,\"result\":{\"created\":0,\"errors\":1,\"unprocessed\":0}}"), "{response}");
}

#[test]
fn imports_replace_rename_and_refuse() {
    let sandbox = Sandbox::start();
    let import = |name: &str, body: Value| gdn(&sandbox, "POST", &format!("import/{name}"), &body);
    import(
        "addresses",
        json!({"data": [{"_key": "a1", "name": "new"}], "replace": true}),
    );
    assert_eq!(
        sandbox.document("_system", "addresses", "a1").unwrap()["name"],
        "new"
    );
    import(
        "addresses",
        json!({"data": [{"_key": "old", "nr": 17}], "primaryKey": "nr"}),
    );
    assert_eq!(
        sandbox.document("_system", "addresses", "17").unwrap()["old_key"],
        "old"
    );
    assert_eq!(import("nope", json!({"data": []})).1["errorNum"], 1203);
    assert_eq!(import("addresses", json!({"data": {}})).0, 400);
    let many = |count: usize| json!({"data": vec![json!({}); count]});
    assert_eq!(
        (
            import("addresses", many(10_000)).0,
            import("addresses", many(10_001)).0
        ),
        (200, 400)
    );
    assert_eq!(sandbox.document_count("_system", "addresses"), 10_004);
    let key = format!("Authorization: apikey {}\r\n", sandbox.macrometa_key());
    assert_eq!(
        request(
            &sandbox,
            "POST /_fabric/_system/_api/import/addresses",
            &key,
            "{\"data\":["
        )
        .0,
        400
    );
}

#[test]
fn an_import_can_be_applied_without_an_answer() {
    let sandbox = Sandbox::with(Options {
        log_limit: 10,
        ..Options::default()
    });
    sandbox.fault(Fault::from(Effect::ResetBeforeAnswer).path("/_fabric/_system/_api/import/"));
    let (status, _) = gdn(
        &sandbox,
        "POST",
        "import/addresses",
        &json!({"data": [{"_key": "n1"}, {"_key": "n2"}]}),
    );
    assert_eq!(status, 0);
    assert_eq!(
        sandbox.document_keys("_system", "addresses"),
        ["a1", "a2", "a3", "n1", "n2"]
    );
    assert_eq!(
        (sandbox.last().body.len(), sandbox.last().body_length),
        (10, 38)
    );
}
