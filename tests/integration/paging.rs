//! `--paginate`: every list that comes in pages, whole, once and in order.

use serde_json::{Value, json};

use crate::sandbox::{Effect, Fault, Gzip, Options, Recorded, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

/// The requests of a line that succeeds with nothing on stderr, and what it printed.
#[track_caller]
fn paged(sandbox: &Sandbox, home: &Home, line: &str) -> (Vec<Recorded>, Ended) {
    sandbox.forget_requests();
    let ended = home.run(&words(line)).ok();
    let requests = sandbox.requests();
    // One connection, and nothing asked for twice.
    assert!(
        requests
            .iter()
            .all(|r| r.connection == requests[0].connection),
        "{line}"
    );
    (requests, ended)
}

/// The numbers that a list is made of.
fn numbers(list: &Value) -> Vec<u64> {
    let list = list.as_array().expect("one array");
    list.iter().map(|n| n.as_u64().unwrap()).collect()
}

fn ids(events: &Value) -> Vec<u64> {
    let events = events.as_array().expect("one array");
    events.iter().map(|e| e["id"].as_u64().unwrap()).collect()
}

fn queries(requests: &[Recorded], name: &str) -> Vec<Option<String>> {
    requests.iter().map(|r| r.query_value(name)).collect()
}

fn events(count: usize) -> (Sandbox, Home) {
    let sandbox = Sandbox::with(Options {
        maas_events: count,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

fn rows(count: usize) -> (Sandbox, Home) {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "big", count);
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

/// A query of all numbers in `big`.
const QUERY: &str = "post cursor -p play --paginate 'query=FOR d IN big RETURN d.n'";

#[test]
fn events_go_back_to_the_oldest() {
    let (sandbox, home) = events(2500);
    for path in [
        "/events/ --op query",
        "/events/op-query",
        "'/events/?op=query'",
    ] {
        let (requests, ended) = paged(&sandbox, &home, &format!("get {path} --paginate"));
        let newest_first: Vec<u64> = (1..=2500).rev().collect();
        assert_eq!(ids(&ended.json()), newest_first, "{path}");
        // The last page is short, and yet has a link: only the empty one is the end.
        assert_eq!(requests.len(), 4, "{path}");
        assert_eq!(
            queries(&requests, "limit"),
            vec![Some("1000".to_owned()); 4]
        );
        let authorizations = requests.iter().filter_map(|r| r.header("authorization"));
        let nonces: std::collections::HashSet<_> = authorizations.collect();
        assert_eq!(nonces.len(), 4, "each page is signed anew");
    }
}

#[test]
fn short_pages_of_events_are_no_end() {
    let sandbox = Sandbox::with(Options {
        maas_events: 11,
        maas_events_page: 3,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    for (line, oldest, pages) in [
        ("get /events/ --op query --paginate", 1, 5),
        ("get /events/ --op query limit=5 --paginate", 1, 5),
        ("get /events/ --op query before=12 --paginate", 1, 5),
        ("get /events/ --op query --paginate --max-items 6", 6, 2),
        ("get /events/ --op query --paginate --max-items 7", 5, 3),
    ] {
        let (requests, ended) = paged(&sandbox, &home, line);
        let newest_first: Vec<u64> = (oldest..=11).rev().collect();
        assert_eq!(ids(&ended.json()), newest_first, "{line}");
        assert_eq!(requests.len(), pages, "{line}");
    }
}

#[test]
fn events_go_forward_from_a_given_one() {
    let (sandbox, home) = events(2500);
    let (requests, ended) = paged(
        &sandbox,
        &home,
        "get /events/ --op query after=100 --paginate",
    );
    let mut got = ids(&ended.json());
    got.sort_unstable();
    assert_eq!(got, (101..=2500).collect::<Vec<_>>());
    // The fourth page is empty; its link would start over.
    assert_eq!(requests.len(), 4);
    assert_eq!(requests[3].query_value("after").as_deref(), Some("2500"));
    let line = "get /events/ --op query after=2500 --paginate -o compact";
    let (requests, ended) = paged(&sandbox, &home, line);
    assert_eq!((requests.len(), ended.stdout()), (1, "[]\n"));
}

#[test]
fn filters_and_limits_of_events_are_kept() {
    let (sandbox, home) = events(400);
    let line = "get /events/ --op query level=ERROR hostname=node17 limit=5 --paginate";
    let (requests, ended) = paged(&sandbox, &home, line);
    let events = ended.json();
    let events = events.as_array().unwrap();
    assert!(events.len() > 5 && requests.len() > 1, "{}", events.len());
    for event in events {
        assert_eq!(
            (&event["level"], &event["hostname"]),
            (&json!("ERROR"), &json!("node17"))
        );
    }
    for request in &requests {
        let value = |name| request.query_value(name);
        assert_eq!(value("limit").as_deref(), Some("5"));
        assert_eq!(value("level").as_deref(), Some("ERROR"));
        assert_eq!(value("hostname").as_deref(), Some("node17"));
    }
}

#[test]
fn a_page_of_events_is_repeated_as_any_get() {
    let (sandbox, home) = events(30);
    sandbox.fault(Fault::status(503).retry_after("0").after(1));
    let ended = home
        .run(&words("get /events/ --op query limit=10 --paginate"))
        .code(0);
    assert_eq!(ids(&ended.json()).len(), 30);
    assert!(
        ended
            .stderr
            .contains("503 Service Unavailable; retry 1 of 3 in 0 s"),
        "{}",
        ended.stderr
    );
}

#[test]
fn cursors_are_read_to_their_end() {
    for (every, gzip) in [(0, false), (3, false), (0, true)] {
        let sandbox = Sandbox::with(Options {
            macrometa_empty_page_every: every,
            ..Options::default()
        });
        sandbox.fill_collection("_system", "big", 950);
        let home = Home::with_profiles(&sandbox);
        if gzip {
            sandbox.fault(Fault::from(Effect::Gzip(Gzip::Good)).always());
        }
        let (requests, ended) = paged(&sandbox, &home, QUERY);
        assert_eq!(numbers(&ended.json()), (0..950).collect::<Vec<_>>());
        // 950 rows by 100; with every third page empty two thirds of the pages hold rows.
        assert_eq!(requests.len(), if every == 0 { 10 } else { 14 });
        assert_eq!(requests[0].method, "POST");
        for request in &requests[1..] {
            assert_eq!((request.method.as_str(), request.body_length), ("PUT", 0));
            assert_eq!(request.header("content-type"), None);
            assert_eq!(request.header("content-length"), Some("0"));
        }
        assert_eq!((sandbox.cursors(), sandbox.cursor_deletes()), (vec![], 0));
    }
}

#[test]
fn sql_and_query_workers_page_as_well() {
    let (sandbox, home) = rows(250);
    let line = "post cursor/sql -p play --paginate 'query=SELECT * FROM big'";
    let (requests, ended) = paged(&sandbox, &home, line);
    assert_eq!(
        (requests.len(), ended.json().as_array().unwrap().len()),
        (3, 250)
    );
    home.run(&words(
        "post restql -p play 'query[name]=all' 'query[value]=FOR d IN big RETURN d.n'",
    ))
    .ok();
    let line = "post restql/execute/all -p play --paginate";
    let (requests, ended) = paged(&sandbox, &home, line);
    assert_eq!(numbers(&ended.json()), (0..250).collect::<Vec<_>>());
    assert!(requests[1].path().contains("/_api/restql/fetch/"));
    let line = "post restql/execute/all -p play --paginate --max-items 120";
    let (requests, ended) = paged(&sandbox, &home, line);
    assert_eq!(numbers(&ended.json()), (0..120).collect::<Vec<_>>());
    assert_eq!(requests.last().unwrap().method, "DELETE");
    assert_eq!((sandbox.cursors(), sandbox.cursor_deletes()), (vec![], 1));
}

#[test]
fn an_offset_that_is_passed_over_is_an_error() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let page = serde_json::json!({"result": vec![serde_json::json!({"_key": "a"}); 100]});
    sandbox.fault(Fault::body(200, "application/json", page.to_string()).always());
    let line = "get kv/c/keys -p play --paginate -o ndjson";
    let ended = home.run(&words(line)).code(1);
    assert!(
        ended
            .stderr
            .contains("after 100 items: the page is the same as the one before"),
        "{ended:?}"
    );
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn offset_lists_end_with_a_short_page() {
    let (sandbox, home) = rows(2000);
    sandbox.fill_key_values("_system", "kv", 300);
    for (line, items, offsets) in [
        ("get kv/kv/keys", 300, &["", "100", "200", "300"][..]),
        ("post kv/kv/values", 300, &["", "100", "200", "300"]),
        ("get export/big", 2000, &["", "1000", "2000"]),
        ("get export/big offset=1500", 500, &["1500"]),
        (
            "get kv/kv/keys limit=70",
            300,
            &["", "70", "140", "210", "280"],
        ),
        // The service gives 100 at most and does not say so: such a page is not short.
        (
            "get kv/kv/keys limit=500 offset=100",
            200,
            &["100", "200", "300"],
        ),
    ] {
        let (requests, ended) = paged(&sandbox, &home, &format!("{line} -p play --paginate"));
        assert_eq!(ended.json().as_array().unwrap().len(), items, "{line}");
        let got = queries(&requests, "offset").into_iter();
        let got: Vec<String> = got.map(Option::unwrap_or_default).collect();
        assert_eq!(got, offsets, "{line}");
    }
    // A list of keys is one page.
    let line = "post kv/kv/values --body '[\"1\",\"2\"]' -p play --paginate -o compact";
    let (requests, ended) = paged(&sandbox, &home, line);
    assert_eq!(requests.len(), 1);
    assert_eq!(ended.json()["result"].as_array().unwrap().len(), 2);
}

#[test]
fn no_more_items_than_asked_for() {
    let (sandbox, home) = rows(950);
    for (most, requests, deletes) in [
        (250, 4, 1),
        (100, 2, 1),
        (1, 2, 1),
        (950, 10, 0),
        (5000, 10, 0),
    ] {
        let before = sandbox.cursor_deletes();
        let line = format!("{QUERY} --max-items {most}");
        let (sent, ended) = paged(&sandbox, &home, &line);
        assert_eq!(
            numbers(&ended.json()),
            (0..most.min(950)).collect::<Vec<_>>(),
            "{most}"
        );
        assert_eq!(sent.len(), requests, "{most}");
        assert_eq!(sandbox.cursor_deletes() - before, deletes, "{most}");
    }
    let line = "get export/big -p play --paginate --max-items 7";
    let (sent, ended) = paged(&sandbox, &home, line);
    assert_eq!(ended.json().as_array().unwrap().len(), 7);
    assert_eq!(queries(&sent, "limit"), [Some("7".to_owned())]);
    // A call without pages prints its first elements.
    let line = "get /machines/ --paginate --max-items 2";
    let (_, ended) = paged(&sandbox, &home, line);
    assert_eq!(ended.json().as_array().unwrap().len(), 2);
}

#[test]
fn forms_see_elements_and_know_nothing_of_pages() {
    let (sandbox, home) = rows(250);
    let all = (0..250).map(|n| n.to_string()).collect::<Vec<_>>();
    let (_, ended) = paged(&sandbox, &home, &format!("{QUERY} -o ndjson"));
    assert_eq!(ended.stdout().lines().collect::<Vec<_>>(), all);
    let (_, ended) = paged(&sandbox, &home, &format!("{QUERY} -o compact"));
    assert_eq!(ended.stdout(), format!("[{}]\n", all.join(",")));
    let (_, ended) = paged(&sandbox, &home, QUERY);
    assert_eq!(ended.stdout(), format!("[\n  {}\n]\n", all.join(",\n  ")));
    let (_, ended) = paged(&sandbox, &home, &format!("{QUERY} --jq add"));
    assert_eq!(ended.stdout(), "31125\n");
    let (_, ended) = paged(&sandbox, &home, &format!("{QUERY} --each --jq '. * 2'"));
    assert_eq!(ended.stdout().lines().last(), Some("498"));
    for flags in ["--jq length", "--each -o compact"] {
        let line = format!("{QUERY} --max-items 120 {flags}");
        let (_, ended) = paged(&sandbox, &home, &line);
        let last = ended.stdout().lines().last().unwrap();
        assert_eq!(last, if flags == "--jq length" { "120" } else { "119" });
    }
    let (_, ended) = paged(&sandbox, &home, &format!("{QUERY} -i -o ndjson"));
    assert_eq!(ended.stdout().matches("HTTP/1.1 ").count(), 1);
    assert!(ended.stdout().starts_with("HTTP/1.1 201 Created\n"));
}

#[test]
fn a_call_without_pages_is_a_plain_call() {
    let (sandbox, home) = rows(1);
    for line in [
        "get /tags/",
        "get /users/ --op whoami",
        "get collection -p play",
        "get /nope/",
    ] {
        let plain = home.run(&words(line));
        let paged = home.run(&words(&format!("{line} --paginate")));
        assert_eq!(
            (plain.stdout(), plain.code),
            (paged.stdout(), paged.code),
            "{line}"
        );
    }
    sandbox.forget_requests();
    for (line, why) in [
        ("get /tags/ --paginate -o raw", "`--paginate` joins several"),
        ("get /tags/ --max-items 3 -o raw", "`--max-items` counts"),
        ("get /tags/ --paginate --max-items 0", "--max-items"),
    ] {
        home.run(&words(line)).fails(2, why);
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn pages_are_reported_and_the_first_request_is_shown() {
    let (sandbox, home) = events(15);
    let line = "get /events/ --op query --paginate --max-items 12";
    let ended = home.run(&words(&format!("{line} --dry-run"))).ok();
    let first = ended.stdout().lines().next();
    let target = "/MAAS/api/2.0/events/?op=query&limit=12";
    assert_eq!(first, Some(&*format!("GET {target} HTTP/1.1")));
    let line = "get /events/ --op query limit=6 --paginate -v -o compact";
    let ended = home.run(&words(line)).code(0);
    let reported: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|l| l.starts_with("* page"))
        .collect();
    assert_eq!(
        reported,
        [
            "* page 1: 6 items",
            "* page 2: 6 items",
            "* page 3: 3 items",
            "* page 4: 0 items"
        ]
    );
    assert_eq!(ended.stderr.matches("> GET ").count(), 4);
    assert_eq!(sandbox.requests().len(), 4);
}
