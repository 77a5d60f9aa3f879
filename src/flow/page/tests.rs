use super::*;
use crate::service::Service;
use crate::session::script::{Reply, Script};

const CURSOR: &str = "POST /_fabric/_system/_api/cursor";
const NEXT: &str = "PUT /_fabric/_system/_api/cursor/7";
const FREED: &str = "DELETE /_fabric/_system/_api/cursor/7";
const LIST: &str = "GET /_fabric/_system/_api/export/c?limit=2";
const LIST_2: &str = "GET /_fabric/_system/_api/export/c?limit=2&offset=2";
const LIST_4: &str = "GET /_fabric/_system/_api/export/c?limit=2&offset=4";
const EVENTS: &str = "GET /MAAS/api/2.0/events/?op=query&limit=2";
const OLDER: &str = "GET /MAAS/api/2.0/events/?op=query&limit=2&before=3";

/// Pages through the list of the first call; gives the pages by their number of elements, and
/// how the list ended where it is broken.
fn pages(service: Service, most: Option<u64>, calls: &[(&str, Reply)]) -> Vec<String> {
    let (method, target) = calls[0].0.split_once(' ').unwrap();
    let (session, script) = Script::session(service, calls.iter().cloned());
    let mut plan = Plan::get(target, session.profile.place()).unwrap();
    method.clone_into(&mut plan.method);
    let way = way(service, &plan).unwrap();
    let run = Run {
        session,
        most,
        deadline: None,
    };
    let first = run.session.call(&plan, &Limits::default(), &mut |_| {});
    let broken = |error: CallError| Failure::from(error).to_string();
    let mut found = Vec::new();
    match Pages::start(run, way, plan, first.unwrap()) {
        Err(error) => found.push(broken(error)),
        Ok(mut pages) => {
            for event in &mut pages {
                found.push(match event {
                    PageEvent::Notice(notice) => format!("{notice:?}"),
                    PageEvent::Page(page) => format!("{}: {}", page.number, page.items),
                    PageEvent::Failed(error) => broken(error),
                });
            }
            found.extend(pages.close());
        }
    }
    script.check();
    found
}

fn rows(rows: &str, rest: &str) -> Reply {
    Reply::ok(format!(r#"{{"result":{rows}{rest}}}"#))
}

#[test]
fn a_cursor_is_read_to_its_end_or_freed() {
    let more = r#","hasMore":true,"id":"7""#;
    let end = r#","hasMore":false"#;
    for (what, most, next, want) in [
        (
            "three pages",
            None,
            vec![(NEXT, rows("[]", more)), (NEXT, rows("[3]", end))],
            vec!["1: 2", "2: 0", "3: 1"],
        ),
        // The last page names no cursor: the path does.
        (
            "no id",
            None,
            vec![
                (NEXT, rows("[3]", r#","hasMore":true"#)),
                (NEXT, rows("[]", end)),
            ],
            vec!["1: 2", "2: 1", "3: 0"],
        ),
        (
            "enough",
            Some(2),
            vec![(FREED, Reply::status(202, ""))],
            vec![
                "1: 2",
                "DELETE /_fabric/_system/_api/cursor/7: 202 Accepted",
            ],
        ),
        (
            "gone",
            None,
            vec![(NEXT, Reply::status(404, "{}"))],
            vec![
                "1: 2",
                "lab: PUT /_fabric/_system/_api/cursor/7: 404 Not Found",
            ],
        ),
        (
            "refused",
            None,
            vec![
                (NEXT, Reply::status(403, "{}")),
                (FREED, Reply::status(404, "")),
            ],
            vec![
                "1: 2",
                "lab: PUT /_fabric/_system/_api/cursor/7: 403 Forbidden",
                "DELETE /_fabric/_system/_api/cursor/7: 404 Not Found",
            ],
        ),
        (
            "no word of more",
            None,
            vec![(NEXT, rows("[3]", "")), (FREED, Reply::status(202, ""))],
            vec![
                "1: 2",
                "2: 1",
                "lab: PUT /_fabric/_system/_api/cursor/7: the page does not say whether more follow \
             (`hasMore`)",
                "DELETE /_fabric/_system/_api/cursor/7: 202 Accepted",
            ],
        ),
        (
            "no list",
            None,
            vec![
                (NEXT, Reply::ok(r#"{"hasMore":true}"#)),
                (FREED, Reply::status(202, "")),
            ],
            vec![
                "1: 2",
                "lab: PUT /_fabric/_system/_api/cursor/7: the page holds no list",
                "DELETE /_fabric/_system/_api/cursor/7: 202 Accepted",
            ],
        ),
    ] {
        let mut calls = vec![(CURSOR, rows("[1,2]", more))];
        calls.extend(next);
        assert_eq!(pages(Service::Macrometa, most, &calls), want, "{what}");
    }
}

#[test]
fn a_first_page_that_is_no_list_frees_its_cursor() {
    for page in [
        r#"{"hasMore":true,"id":7}"#,
        r#"{"result":{"a":1},"hasMore":true,"id":7}"#,
        r#"{"result":7,"hasMore":true,"id":7}"#,
    ] {
        let calls = vec![(CURSOR, Reply::ok(page)), (FREED, Reply::status(202, ""))];
        let label = "lab: POST /_fabric/_system/_api/cursor";
        let want = [format!(
            "{label}: the response holds no list of rows (`result`)"
        )];
        assert_eq!(pages(Service::Macrometa, None, &calls), want, "{page}");
    }
}

#[test]
fn an_offset_list_ends_with_a_short_page() {
    let label = "lab: GET /_fabric/_system/_api/export/c";
    let full = || rows("[1,2]", "");
    for (what, most, next, want) in [
        (
            "short",
            None,
            vec![(LIST_2, rows("[3]", ""))],
            vec!["1: 2", "2: 1"],
        ),
        (
            "empty",
            None,
            vec![(LIST_2, rows("[]", ""))],
            vec!["1: 2", "2: 0"],
        ),
        (
            "three",
            None,
            vec![(LIST_2, rows("[3,4]", "")), (LIST_4, rows("[5]", ""))],
            vec!["1: 2", "2: 2", "3: 1"],
        ),
        (
            "enough",
            Some(4),
            vec![(LIST_2, rows("[3,4]", ""))],
            vec!["1: 2", "2: 2"],
        ),
        (
            "more than asked",
            None,
            vec![(LIST_2, rows("[3,4,5]", ""))],
            vec![
                "1: 2",
                "2: 3",
                "{label}: the page holds more than was asked for, so its place in the list is not known",
            ],
        ),
        (
            "the same again",
            None,
            vec![(LIST_2, full())],
            vec![
                "1: 2",
                "{label}: the page is the same as the one before: does the server support `offset`?",
            ],
        ),
        (
            "an error in a success",
            None,
            vec![(
                LIST_2,
                Reply::ok(r#"{"error":true,"code":403,"errorMessage":"no"}"#),
            )],
            vec!["1: 2", "{label}: 200 OK, but the response is an error: no"],
        ),
        (
            "cut",
            None,
            vec![(LIST_2, Reply::reset())],
            vec!["1: 2", "{label}: scripted failure"],
        ),
        (
            "no JSON",
            None,
            vec![(LIST_2, Reply::ok("[1,"))],
            vec![
                "1: 2",
                "{label}: the page is not valid JSON: unexpected end inside an array at byte 3",
            ],
        ),
    ] {
        let mut calls = vec![(LIST, full())];
        calls.extend(next);
        let want: Vec<String> = want.iter().map(|w| w.replace("{label}", label)).collect();
        assert_eq!(pages(Service::Macrometa, most, &calls), want, "{what}");
    }
}

#[test]
fn events_follow_links_that_lead_on() {
    let label = "lab: GET /MAAS/api/2.0/events/?op=query";
    let page = |events: &str, link: &str| {
        Reply::ok(format!(
            r#"{{"count":1,"events":{events},"prev_uri":{link}}}"#
        ))
    };
    let older = r#""/MAAS/api/2.0/events/?op=query&limit=2&before=3""#;
    for (what, next, want) in [
        (
            "to the end",
            vec![(OLDER, page("[{}]", "null"))],
            vec!["1: 2", "2: 1"],
        ),
        (
            "in a circle",
            vec![(OLDER, page("[{}]", older))],
            vec![
                "1: 2",
                "2: 1",
                "{label}: the link to the next page leads back",
            ],
        ),
        (
            "away",
            vec![(OLDER, page("[{}]", r#""http://evil/""#))],
            vec![
                "1: 2",
                "2: 1",
                "{label}: the link to the next page leaves the server: a key never leaves its origin",
            ],
        ),
    ] {
        let mut calls = vec![(EVENTS, page("[{},{}]", older))];
        calls.extend(next);
        let want: Vec<String> = want.iter().map(|w| w.replace("{label}", label)).collect();
        assert_eq!(pages(Service::Maas, None, &calls), want, "{what}");
    }
}
