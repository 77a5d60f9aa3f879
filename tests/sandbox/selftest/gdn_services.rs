//! Macrometa's query workers, streams, tokens and bare keys.

use serde_json::{Value, json};

use super::gdn_cursors::gdn;
use super::request;
use crate::sandbox::{Fault, Options, Sandbox};

#[test]
fn workers_page_on_a_path_of_their_own() {
    let sandbox = Sandbox::start();
    let call = |method: &str, path: &str, body: Value| {
        gdn(&sandbox, method, &format!("restql{path}"), &body)
    };
    let made = call(
        "POST",
        "",
        json!({"query": {"name": "some", "value": "FOR i IN 1..@n RETURN i", "parameter": {"n": 2}}}),
    );
    assert_eq!(
        made.1["result"]["_key"],
        "demo_example.com.root.demo_example.com._system.some"
    );
    assert_eq!(call("POST", "", json!({"query": {"name": "x"}})).0, 400);
    assert_eq!(
        call(
            "POST",
            "",
            json!({"query": {"name": "some", "value": "RETURN 1"}})
        )
        .0,
        409
    );
    assert_eq!(
        call("GET", "/user", Value::Null).1["result"][0]["name"],
        "some"
    );
    assert_eq!(
        call("POST", "/execute/some", json!({})).1["result"],
        json!([1, 2])
    );
    let (status, first) = call(
        "POST",
        "/execute/some",
        json!({"bindVars": {"n": 5}, "batchSize": 2}),
    );
    assert_eq!(
        (status, &first["hasMore"], sandbox.cursors()[0].worker),
        (201, &json!(true), true)
    );
    let id = first["id"].as_str().unwrap();
    assert_eq!(
        gdn(&sandbox, "PUT", &format!("cursor/{id}"), &Value::Null).1["errorNum"],
        1600
    );
    assert_eq!(
        call("PUT", &format!("/fetch/{id}"), Value::Null).1["result"],
        json!([3, 4])
    );
    sandbox.fault(Fault::cursor_gone().page(2));
    assert_eq!(call("PUT", &format!("/fetch/{id}"), Value::Null).0, 404);
    let (_, last) = call("PUT", &format!("/fetch/{id}"), Value::Null);
    assert_eq!((&last["result"], last.get("id")), (&json!([5]), None));
    let write = json!({"query": {"value": "INSERT {_key: 'w'} IN addresses"}});
    assert_eq!(call("PUT", "/some", write).0, 200);
    let key = format!("Authorization: apikey {}\r\n", sandbox.macrometa_key());
    let written = request(
        &sandbox,
        "POST /_fabric/_system/_api/restql/execute/some",
        &key,
        "",
    );
    assert_eq!(written, (201, "{\"result\":[]}".to_owned()));
    assert!(sandbox.document("_system", "addresses", "w").is_some());
    assert_eq!(call("DELETE", "/some", Value::Null).1["result"], json!([]));
    assert_eq!(call("POST", "/execute/some", json!({})).1["errorNum"], 1502);
    let many = json!({"queries": [{"name": "a", "value": "RETURN 1"}, {"name": "b", "value": "SELECT * FROM addresses", "type": "sql"}]});
    assert_eq!(
        call("POST", "/import", many).1["result"],
        json!({"created": 2, "errors": 0})
    );
    assert_eq!(
        call("POST", "/execute/b", json!({})).1["result"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn streams_are_known_by_their_full_name() {
    let sandbox = Sandbox::start();
    let call =
        |method: &str, path: &str| gdn(&sandbox, method, &format!("streams{path}"), &Value::Null);
    assert_eq!(
        call("POST", "/s1?global=true").1["result"]["stream-id"],
        "c8globals.s1"
    );
    assert_eq!(
        call("POST", "/s1?global=false").1["result"]["stream-id"],
        "c8locals.s1"
    );
    assert_eq!(call("POST", "/s1?global=true").0, 409);
    let topics = |query: &str| {
        let list = call("GET", query).1["result"].take();
        let topics = list.as_array().unwrap().iter();
        topics
            .map(|stream| stream["topic"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(topics(""), ["c8globals.s1", "c8locals.s1"]);
    assert_eq!(topics("?global=true"), ["c8globals.s1"]);
    assert_eq!(
        (
            call("POST", "/c8globals.s1/publish").0,
            call("POST", "/s1/publish").0
        ),
        (200, 404)
    );
    assert_eq!(
        call("GET", "/c8globals.s1/stats").1["result"],
        "{\"msgInCounter\":1}"
    );
    for (method, path, status) in [
        ("GET", "/ttl", 200),
        ("POST", "/ttl/3600?global=true", 200),
        ("POST", "/ttl/soon?global=true", 400),
        ("POST", "/clearbacklog?global=true", 200),
        ("POST", "/clearbacklog/s?global=true", 404),
        ("POST", "/c8globals.s1/expiry/60", 200),
        ("POST", "/c8globals.s1/expiry/soon", 400),
        ("POST", "/s1/expiry/60", 404),
        ("DELETE", "/subscription/s?global=true", 404),
        ("DELETE", "/c8globals.s1/subscriptions/s", 404),
    ] {
        assert_eq!(call(method, path).0, status, "{method} {path}");
    }
    assert_eq!(
        (
            call("DELETE", "/c8globals.s1").0,
            call("DELETE", "/c8globals.s1").0
        ),
        (200, 404)
    );
}

#[test]
fn tokens_and_bare_keys() {
    let sandbox = Sandbox::start();
    let login = |body: Value| request(&sandbox, "POST /_open/auth", "", &body.to_string());
    assert_eq!(
        login(json!({"email": "demo@example.com", "password": "no"})).0,
        401
    );
    let (_, body) = login(json!({"email": "demo@example.com", "password": "correct-horse"}));
    let token: Value = serde_json::from_str(&body).unwrap();
    let jwt = token["jwt"].as_str().unwrap();
    let fabrics = "GET /_fabric/_system/_api/database/user";
    let with = |sandbox: &Sandbox, value: &str| {
        request(sandbox, fabrics, &format!("Authorization: {value}\r\n"), "").0
    };
    assert_eq!(with(&sandbox, &format!("bearer {jwt}")), 200);
    assert_eq!(with(&sandbox, sandbox.macrometa_key()), 401);
    let bare = Sandbox::with(Options {
        macrometa_bare_key: true,
        ..Options::default()
    });
    assert_eq!(with(&bare, bare.macrometa_key()), 200);
    assert_eq!(
        with(&bare, &format!("apikey {}", bare.macrometa_key())),
        401
    );
}
