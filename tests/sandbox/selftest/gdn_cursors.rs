//! Macrometa's queries and cursors: pages, ends, errors, and what tests can do to them.

use std::time::Duration;

use serde_json::{Value, json};

use super::request;
use crate::sandbox::{Effect, Fault, OpenCursor, Options, Sandbox};

const FABRIC: &str = "/_fabric/_system/_api/";

/// A call with the key of all rights; the status and the body as JSON.
pub fn gdn(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let key = format!("Authorization: apikey {}\r\n", sandbox.macrometa_key());
    let text = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let (status, body) = request(sandbox, &format!("{method} {FABRIC}{path}"), &key, &text);
    (status, serde_json::from_str(&body).unwrap_or_default())
}

fn query(sandbox: &Sandbox, text: &str, more: Value) -> (u16, Value) {
    let mut body = more;
    body["query"] = text.into();
    gdn(sandbox, "POST", "cursor", &body)
}

fn result(sandbox: &Sandbox, text: &str) -> Value {
    query(sandbox, text, json!({"batchSize": 1000})).1["result"].take()
}

fn put(sandbox: &Sandbox, id: &Value) -> (u16, Value) {
    let path = format!("cursor/{}", id.as_str().unwrap_or_default());
    gdn(sandbox, "PUT", &path, &Value::Null)
}

/// An index answers the first of each pair, a walk over the collection the second.
#[test]
fn keys_that_are_asked_for_by_an_index_are_those_a_walk_finds() {
    let sandbox = Sandbox::start();
    for (indexed, walked) in [
        ("d._key == 'a2'", "'a2' == d._key"),
        ("d._key == 'none'", "'none' == d._key"),
        ("d._key == 7", "7 == d._key"),
        (
            "d._key IN ['a3', 'x', 1, 'a1', 'a3']",
            "true && d._key IN ['a3', 'x', 1, 'a1', 'a3']",
        ),
        ("d._key IN []", "true && d._key IN []"),
        ("d._key == d._key", "true && d._key == d._key"),
    ] {
        let rows = |filter| {
            result(
                &sandbox,
                &format!("FOR d IN addresses FILTER {filter} FILTER d.name != 'Ada' RETURN d.name"),
            )
        };
        assert_eq!(rows(indexed), rows(walked), "{indexed}");
        assert!(rows(walked).is_array(), "{walked}");
    }
}

#[test]
fn pages_until_the_last_which_has_no_id() {
    let sandbox = Sandbox::start();
    let (status, first) = query(
        &sandbox,
        "FOR i IN 1..5 RETURN {i, t: CONCAT('n', i)}",
        json!({"batchSize": 2, "count": true}),
    );
    assert_eq!(status, 201);
    assert_eq!(
        first["result"],
        json!([{"i": 1, "t": "n1"}, {"i": 2, "t": "n2"}])
    );
    assert_eq!(
        (&first["hasMore"], &first["count"], &first["code"]),
        (&json!(true), &json!(5), &json!(201))
    );
    let id = &first["id"];
    assert_eq!(
        sandbox.cursors(),
        [OpenCursor {
            fabric: "_system".to_owned(),
            id: id.as_str().unwrap().to_owned(),
            query: "FOR i IN 1..5 RETURN {i, t: CONCAT('n', i)}".to_owned(),
            batch_size: 2,
            pages: 1,
            rows: 2,
            worker: false,
        }]
    );
    let (status, second) = put(&sandbox, id);
    assert_eq!(
        (status, &second["id"], &second["code"]),
        (200, id, &json!(200))
    );
    let (_, last) = put(&sandbox, id);
    assert_eq!(last["result"], json!([{"i": 5, "t": "n5"}]));
    assert_eq!(
        (last.get("id"), &last["hasMore"], &last["count"]),
        (None, &json!(false), &json!(5))
    );
    assert_eq!(put(&sandbox, id).1["errorNum"], 1600);
    assert!(sandbox.cursors().is_empty());
}

#[test]
fn cursors_end_by_delete_by_time_and_by_force() {
    let sandbox = Sandbox::start();
    let open = |ttl: f64| {
        query(
            &sandbox,
            "FOR i IN 1..9 RETURN i",
            json!({"batchSize": 1, "ttl": ttl}),
        )
        .1["id"]
            .take()
    };
    let delete = |id: &Value| {
        gdn(
            &sandbox,
            "DELETE",
            &format!("cursor/{}", id.as_str().unwrap()),
            &Value::Null,
        )
    };
    let id = open(30.0);
    assert_eq!(delete(&id).0, 202);
    assert_eq!(
        (delete(&id).0, delete(&id).1["errorNum"].clone()),
        (404, json!(1600))
    );
    assert_eq!(put(&sandbox, &id).0, 404);
    assert_eq!(sandbox.cursor_deletes(), 1);
    let id = open(1.5);
    // Each page renews the time.
    for _ in 0..2 {
        std::thread::sleep(Duration::from_millis(900));
        assert_eq!(put(&sandbox, &id).0, 200);
    }
    std::thread::sleep(Duration::from_millis(1700));
    assert_eq!(put(&sandbox, &id).1["errorNum"], 1600);
    let id = open(30.0);
    sandbox.expire_cursors();
    assert_eq!(put(&sandbox, &id).0, 404);
    assert_eq!(gdn(&sandbox, "PUT", "cursor/nonsense", &Value::Null).0, 400);
}

#[test]
fn large_ranges_are_lazy_and_batches_limited() {
    let sandbox = Sandbox::start();
    let (_, first) = query(
        &sandbox,
        "FOR i IN 1..1000000000 RETURN i",
        json!({"batchSize": 5000, "count": true}),
    );
    assert_eq!(first["result"].as_array().unwrap().len(), 1000);
    assert_eq!(first["count"], 1_000_000_000);
    let (_, first) = query(&sandbox, "FOR i IN 1..150 RETURN i", json!({}));
    assert_eq!(first["result"].as_array().unwrap().len(), 100);
    assert_eq!(
        query(&sandbox, "RETURN 1", json!({"batchSize": 0})).1["errorNum"],
        17
    );
}

#[test]
fn the_language() {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "numbers", 10);
    let cases = [
        ("RETURN 1", json!([1])),
        (
            "return {a: [1, 'x', null], \"b c\": true}",
            json!([{"a": [1, "x", null], "b c": true}]),
        ),
        (
            "FOR d IN addresses RETURN d.name",
            json!(["Ada", "Grace", "Zoë"]),
        ),
        (
            "FOR d IN addresses FILTER d.city == 'Zürich' RETURN d._key",
            json!(["a3"]),
        ),
        ("FOR d IN numbers LIMIT 2 RETURN d.n", json!([0, 1])),
        (
            "FOR d IN numbers FILTER d.n % 2 == 1 AND d.n > 1 LIMIT 1, 2 RETURN d.n * 10",
            json!([50, 70]),
        ),
        (
            "FOR d IN numbers SORT d.n DESC LIMIT 1 RETURN {k: d._key, big: d.n >= 9 ? 'y' : 'n'}",
            json!([{"k": "9", "big": "y"}]),
        ),
        (
            "FOR d IN [3, 1] LET e = d + 1 FILTER e IN [2, 9] RETURN e",
            json!([2]),
        ),
        ("FOR i IN 3..1 RETURN -i", json!([-3, -2, -1])),
        ("// a comment\nRETURN NOT false || false", json!([true])),
    ];
    for (text, wanted) in cases {
        assert_eq!(result(&sandbox, text), wanted, "{text}");
    }
    let bound = query(
        &sandbox,
        "FOR d IN @@c FILTER d.n == @n RETURN d.n",
        json!({"bindVars": {"@c": "numbers", "n": 7}}),
    );
    assert_eq!(bound.1["result"], json!([7]));
    let full = query(
        &sandbox,
        "FOR d IN numbers LIMIT 3 RETURN 1",
        json!({"count": true, "options": {"fullCount": true}}),
    );
    assert_eq!(
        (&full.1["count"], &full.1["extra"]["stats"]["fullCount"]),
        (&json!(3), &json!(10))
    );
    let (_, sql) = gdn(
        &sandbox,
        "POST",
        "cursor/sql",
        &json!({"query": "SELECT n, _key AS k FROM numbers WHERE n = 4 OR n > 8 ORDER BY n DESC LIMIT 5"}),
    );
    assert_eq!(
        sql["result"],
        json!([{"n": 9, "k": "9"}, {"n": 4, "k": "4"}])
    );
    let warned = query(&sandbox, "RETURN 1 / 0", json!({}));
    assert_eq!(warned.1["extra"]["warnings"][0]["code"], 1562);
}

#[test]
fn queries_write() {
    let sandbox = Sandbox::start();
    assert_eq!(
        result(&sandbox, "INSERT {_key: 'w', a: 1} INTO addresses"),
        json!([])
    );
    assert_eq!(
        query(&sandbox, "INSERT {_key: 'w'} INTO addresses", json!({})).1["errorNum"],
        1210
    );
    let made = result(
        &sandbox,
        "FOR i IN 1..3 INSERT {_key: CONCAT('x', i), i} INTO addresses RETURN NEW",
    );
    assert_eq!(
        (made.as_array().unwrap().len(), &made[2]["_id"]),
        (3, &json!("addresses/x3"))
    );
    result(
        &sandbox,
        "FOR d IN addresses FILTER d.i > 1 UPDATE d WITH {seen: true} IN addresses",
    );
    assert_eq!(
        sandbox.document("_system", "addresses", "x2").unwrap()["seen"],
        true
    );
    result(&sandbox, "REMOVE 'w' IN addresses");
    result(
        &sandbox,
        "FOR d IN addresses FILTER d.i REMOVE d IN addresses",
    );
    assert_eq!(
        sandbox.document_keys("_system", "addresses"),
        ["a1", "a2", "a3"]
    );
}

#[test]
fn errors_name_number_and_place() {
    let sandbox = Sandbox::start();
    let cases = [
        ("", json!({}), 400, 1502, "query is empty"),
        (
            "INVALID QUERY",
            json!({}),
            400,
            1501,
            "syntax error, unexpected identifier near 'INVALID QUERY' at position 1:1 (while parsing)",
        ),
        (
            "RETURN 1 +\n  ]",
            json!({}),
            400,
            1501,
            "unexpected ] near ']' at position 2:3",
        ),
        (
            "FOR d IN nope RETURN d",
            json!({}),
            404,
            1203,
            "collection or view not found: nope",
        ),
        ("RETURN @x", json!({}), 400, 1551, "'x'"),
        ("RETURN 1", json!({"bindVars": {"y": 1}}), 400, 1552, "'y'"),
        ("RETURN NOPE(1)", json!({}), 400, 1540, "NOPE()"),
        (
            "FOR i IN 1..3 FILTER FAIL('no') RETURN i",
            json!({}),
            400,
            1569,
            "FAIL(no)",
        ),
    ];
    for (text, more, code, number, message) in cases {
        let (status, body) = query(&sandbox, text, more);
        let said = body["errorMessage"].as_str().unwrap_or_default();
        assert_eq!(
            (status, &body["errorNum"]),
            (code, &json!(number)),
            "{text}"
        );
        assert!(said.contains(message), "{text}: {said}");
    }
    // A row that fails ends the query on its page.
    let (_, first) = query(
        &sandbox,
        "FOR i IN 1..9 RETURN i == 5 ? FAIL('five') : i",
        json!({"batchSize": 3}),
    );
    assert_eq!(put(&sandbox, &first["id"]).1["errorNum"], 1569);
    assert_eq!(put(&sandbox, &first["id"]).1["errorNum"], 1600);
}

#[test]
fn explained_and_checked_queries_do_not_run() {
    let sandbox = Sandbox::start();
    let insert = json!({"query": "FOR i IN @list INSERT {i} INTO @@c"});
    let (status, body) = gdn(&sandbox, "POST", "query", &insert);
    assert_eq!(
        (status, &body["parsed"], &body["bindVars"]),
        (200, &json!(true), &json!(["list", "@c"]))
    );
    assert_eq!(
        gdn(&sandbox, "POST", "query", &json!({"query": "RETURN"})).1["errorNum"],
        1501
    );
    let plan = |all: bool| {
        gdn(
            &sandbox,
            "POST",
            "query/explain",
            &json!({"query": "FOR d IN addresses RETURN d", "options": {"allPlans": all}}),
        )
        .1
    };
    assert_eq!(plan(false)["plan"]["collections"][0]["name"], "addresses");
    assert_eq!(plan(true)["plans"][0]["estimatedNrItems"], 3);
    let (_, all) = gdn(
        &sandbox,
        "POST",
        "export",
        &json!({"query": "FOR d IN addresses RETURN d._key"}),
    );
    assert_eq!(all["result"], json!(["a1", "a2", "a3"]));
    let (status, refused) = gdn(
        &sandbox,
        "POST",
        "export",
        &json!({"query": "REMOVE 'a1' IN addresses"}),
    );
    assert_eq!((status, &refused["errorNum"]), (400, &json!(10)));
    assert_eq!(sandbox.document_count("_system", "addresses"), 3);
}

#[test]
fn pages_can_fail_on_request() {
    let faults: [(Fault, u16); 4] = [
        (Fault::cursor_gone(), 404),
        (Fault::status(503), 503),
        (Fault::refusal(500, 4, "internal error"), 500),
        (Effect::CutInBody(5).into(), 200),
    ];
    for (fault, wanted) in faults {
        let sandbox = Sandbox::start();
        sandbox.fault(fault.page(3));
        let (_, first) = query(&sandbox, "FOR i IN 1..9 RETURN i", json!({"batchSize": 3}));
        assert_eq!(put(&sandbox, &first["id"]).1["result"], json!([4, 5, 6]));
        let (status, body) = put(&sandbox, &first["id"]);
        assert_eq!((status, body.get("result")), (wanted, None));
        // A page that was made and cut on its way is gone; others were never made.
        let left = usize::from(wanted != 200);
        assert_eq!(sandbox.cursors().len(), left);
    }
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::status(503).page(1));
    assert_eq!(query(&sandbox, "RETURN 1", json!({})).0, 503);
    assert_eq!(query(&sandbox, "RETURN 1", json!({})).0, 201);
}

#[test]
fn empty_pages_and_busy_cursors() {
    let sandbox = Sandbox::with(Options {
        macrometa_empty_page_every: 2,
        macrometa_page_time: Duration::from_millis(150),
        ..Options::default()
    });
    let (_, first) = query(&sandbox, "FOR i IN 1..3 RETURN i", json!({"batchSize": 2}));
    let id = &first["id"];
    let (_, empty) = put(&sandbox, id);
    assert_eq!(
        (&empty["result"], &empty["hasMore"]),
        (&json!([]), &json!(true))
    );
    let numbers = std::thread::scope(|scope| {
        let one = scope.spawn(|| put(&sandbox, id));
        std::thread::sleep(Duration::from_millis(50));
        let two = put(&sandbox, id);
        (
            one.join().unwrap().1["result"].clone(),
            two.1["errorNum"].clone(),
        )
    });
    assert_eq!(numbers, (json!([3]), json!(1601)));
}
