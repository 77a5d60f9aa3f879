//! The event log: pages, links and their traps, filters.

use serde_json::Value;

use super::{oauth, request};
use crate::sandbox::{Options, Sandbox};

fn get(sandbox: &Sandbox, link: &str) -> Value {
    let (status, body) = request(
        sandbox,
        &format!("GET {link}"),
        &oauth(sandbox.maas_key()),
        "",
    );
    assert_eq!(status, 200, "{link}: {body}");
    serde_json::from_str(&body).unwrap()
}

fn query(sandbox: &Sandbox, rest: &str) -> Value {
    get(sandbox, &format!("/MAAS/api/2.0/events/?op=query{rest}"))
}

fn ids(page: &Value) -> Vec<u64> {
    page["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["id"].as_u64().unwrap())
        .collect()
}

#[test]
fn pages_lead_back_to_the_oldest_and_end() {
    let sandbox = Sandbox::with(Options {
        maas_events: 2_500,
        ..Options::default()
    });
    let mut page = query(&sandbox, "&limit=1000");
    let mut seen = ids(&page);
    assert_eq!((seen[0], seen[999]), (2_500, 1_501));
    while let Some(link) = page["prev_uri"].as_str().map(str::to_owned) {
        page = get(&sandbox, &link);
        seen.extend(ids(&page));
        assert!(page["next_uri"].is_string());
    }
    assert_eq!(seen, (1..=2_500).rev().collect::<Vec<_>>());
    assert_eq!(page["count"], 0);
    assert_eq!(query(&sandbox, "")["count"], 100);
}

#[test]
fn links_have_their_traps() {
    let sandbox = Sandbox::with(Options {
        maas_events: 10,
        ..Options::default()
    });
    let uris = |rest: &str| {
        let page = query(&sandbox, rest);
        let tail = |uri: &Value| {
            uri.as_str()
                .map(|uri| uri.replace("/MAAS/api/2.0/events/?", ""))
        };
        (ids(&page), tail(&page["next_uri"]), tail(&page["prev_uri"]))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        uris("&limit=2&after=3"),
        (
            vec![5, 4],
            some("op=query&limit=2&after=5"),
            some("op=query&limit=2&before=4")
        )
    );
    // Nothing newer: the link forward has lost its `after` and begins with the newest page again.
    assert_eq!(
        uris("&after=10"),
        (vec![], some("op=query"), some("op=query&before=11"))
    );
    assert_eq!(uris("&before=1"), (vec![], some("op=query&after=0"), None));
    let id = sandbox.add_event(
        "4y3h7n",
        "DEBUG",
        "Node changed status",
        "From 'New' to 'Ready'",
    );
    assert_eq!(id, 11);
    assert_eq!(uris("&after=10").0, Vec::<u64>::new());
    assert_eq!(uris("&after=10&level=DEBUG&hostname=node17").0, [11]);
}

#[test]
fn filters_and_refusals() {
    let sandbox = Sandbox::start();
    let add = |id: &str, level: &str| sandbox.add_event(id, level, "Ready", "");
    let [one, two, three, audit] = [
        add("4y3h7n", "INFO"),
        add("4y3h8q", "ERROR"),
        add("w7c4tb", "WARNING"),
        add("4y3h7n", "AUDIT"),
    ];
    for (filter, expected) in [
        ("", vec![three, two, one]),
        ("&level=WARNING", vec![three, two]),
        ("&level=AUDIT", vec![audit]),
        ("&hostname=node17&hostname=node18", vec![two, one]),
        ("&id=w7c4tb", vec![three]),
        ("&mac_address=52:54:00:20:00:18", vec![two]),
        ("&zone=rack-b", vec![three]),
        ("&domain=maas", vec![three, two, one]),
        ("&domain=other", vec![]),
        ("&owner=admin", vec![]),
        ("&owner=unknown", vec![three, two, one]),
        ("&limit=0", vec![three]),
    ] {
        assert_eq!(ids(&query(&sandbox, filter)), expected, "{filter}");
    }
    let event = query(&sandbox, "&level=ERROR")["events"][0].clone();
    let members: Vec<&str> = event
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        members,
        [
            "username",
            "node",
            "hostname",
            "id",
            "level",
            "created",
            "type",
            "description"
        ]
    );
    for (filter, text) in [
        (
            "&limit=1001",
            "Requested number of events 1001 is greater than limit: 1000",
        ),
        ("&level=LOUD", "Unrecognised log level: LOUD"),
        ("&after=1&before=2", "There is undetermined behavior"),
        ("&after=x", "Please enter an integer value"),
    ] {
        let line = format!("GET /MAAS/api/2.0/events/?op=query{filter}");
        let (status, body) = request(&sandbox, &line, &oauth(sandbox.maas_key()), "");
        assert!(status == 400 && body.contains(text), "{filter}: {body}");
    }
    let unsigned = request(&sandbox, "GET /MAAS/api/2.0/events/?op=query", "", "");
    assert_eq!(unsigned.0, 401);
}
