//! A list that cannot be had whole is never taken for one: what came stays open on stdout, one
//! error says how far it came, and the code is that of the cause.

use crate::sandbox::{Effect, Fault, Gzip, Sandbox};
use crate::support::Home;
use crate::typed::words;

const QUERY: &str = "post cursor -p play --paginate 'query=FOR d IN big RETURN d.n'";

fn rows(count: usize) -> (Sandbox, Home) {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "big", count);
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

fn json(status: u16, body: &str) -> Fault {
    Fault::body(status, "application/json", body)
}

#[test]
fn the_third_page_fails_in_every_way() {
    let expired = r#"{"error":true,"code":404,"errorNum":1600,"errorMessage":"cursor not found"}"#;
    for (fault, code, cause, deletes) in [
        (Fault::status(500), 5, "500 Internal Server Error", 1),
        (
            Fault::status(503).retry_after("0"),
            5,
            "503 Service Unavailable",
            1,
        ),
        (Fault::status(403), 4, "403 Forbidden", 1),
        (
            Fault::redirect(307, "/elsewhere"),
            3,
            "307 Temporary Redirect",
            1,
        ),
        (
            json(404, expired),
            4,
            "404 Not Found: cursor not found (errorNum 1600",
            0,
        ),
        (
            json(200, expired),
            4,
            "200 OK, but the response is an error: cursor not found",
            1,
        ),
        (
            json(200, r#"{"result":[1"#),
            1,
            "not valid JSON: unexpected end",
            1,
        ),
        (
            Fault::body(200, "text/html", "<html>"),
            1,
            "not valid JSON",
            1,
        ),
        (json(200, ""), 1, "the page is empty", 1),
        (json(200, "[]"), 1, "does not say whether more follow", 1),
        (
            json(200, r#"{"hasMore":false}"#),
            1,
            "the page holds no list",
            1,
        ),
        (
            json(200, r#"{"result":[]}"#),
            1,
            "does not say whether more follow",
            1,
        ),
        (Effect::Gzip(Gzip::Lie).into(), 1, "gzip is broken", 1),
        (Effect::Gzip(Gzip::Broken).into(), 1, "", 1),
        (Effect::CutInBody(30).into(), 7, "cut short", 0),
        (Effect::ResetInAnswer(30).into(), 7, "cut short", 0),
        (Effect::ResetBeforeAnswer.into(), 7, "connection", 0),
        (Effect::CloseBeforeAnswer.into(), 7, "connection", 0),
        (Fault::garbage(), 7, "not HTTP", 0),
        (
            Effect::StallInBody(30).into(),
            6,
            "timed out: the time limit of the complete call",
            0,
        ),
        (
            Effect::StallBeforeHead.into(),
            6,
            "timed out: the time limit of the complete call",
            0,
        ),
    ] {
        let (sandbox, home) = rows(1000);
        let reported = format!("{fault:?}");
        sandbox.fault(fault.method("PUT").after(1));
        let ended = home.run(&words(&format!("{QUERY} -o compact --timeout 3s")));
        assert_eq!(ended.code, code, "{reported}: {ended:#?}");
        // Pages that answered with a list that cannot go on are printed; broken ones are not.
        let all: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        let open = format!("[{}", all.join(","));
        assert_eq!(ended.stdout(), open, "{reported}");
        let mut lines = ended.stderr.lines();
        let error = lines.next().unwrap();
        let start = "apicall: play: PUT /_fabric/_system/_api/cursor/";
        assert!(error.starts_with(start), "{reported}: {error}");
        assert!(error.contains(": after 200 items: "), "{reported}: {error}");
        assert!(error.contains(cause), "{reported}: {error}");
        assert_eq!(
            ended.stderr.matches("apicall: ").count(),
            1,
            "{}",
            ended.stderr
        );
        let sent = |method: &str| {
            let requests = sandbox.requests();
            requests.iter().filter(|r| r.method == method).count()
        };
        assert_eq!((sent("POST"), sent("PUT")), (1, 2), "{reported}");
        assert_eq!(sent("DELETE"), deletes, "{reported}");
    }
}

#[test]
fn ndjson_ends_with_the_last_whole_page() {
    let (sandbox, home) = rows(1000);
    sandbox.fault(Fault::status(502).method("PUT").after(2));
    let ended = home.run(&words(&format!("{QUERY} -o ndjson"))).code(5);
    assert_eq!(ended.stdout().lines().count(), 300);
    assert!(ended.stdout().ends_with("\n299\n"));
    assert!(
        ended.stderr.contains("after 300 items: 502 Bad Gateway"),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_expired_cursor_is_reported() {
    let (sandbox, home) = rows(1000);
    let line = "post cursor -p play --paginate 'query=FOR d IN big RETURN d.n' ttl:=0.3 -o ndjson";
    sandbox.fault(Fault::from(Effect::Delay(std::time::Duration::from_millis(600))).method("PUT"));
    // The server answers late, and the cursor's time is over for the page after it.
    let ended = home.run(&words(line));
    if ended.code == 0 {
        // The time of a cursor begins anew with each page.
        assert_eq!(ended.stdout().lines().count(), 1000);
    } else {
        assert_eq!(ended.code, 4, "{ended:#?}");
        assert!(ended.stderr.contains("cursor not found"), "{ended:#?}");
        assert!(
            ended.stderr.contains("hint: a cursor lives for its ttl"),
            "{ended:#?}"
        );
    }
}

#[test]
fn a_first_page_fails_as_a_plain_call() {
    let (sandbox, home) = rows(10);
    for line in [
        "post cursor -p play 'query=FOR d IN nope RETURN d'",
        "post cursor -p play 'query=FOR'",
        "get kv/nope/keys -p play",
    ] {
        let without = |text: &str| {
            let cut = text.split("request ").next().unwrap();
            cut.to_owned()
        };
        let plain = home.run(&words(line)).fails(4, "");
        let paged = home
            .run(&words(&format!("{line} --paginate")))
            .fails(plain.code, "");
        assert_eq!(without(&paged.stderr), without(&plain.stderr), "{line}");
    }
    for (fault, code, cause) in [
        (Fault::from(Effect::CutInBody(5)), 7, "cut short"),
        (
            json(201, r#"{"error":true,"code":500,"errorMessage":"no"}"#),
            5,
            "the response is an error: no",
        ),
        (
            json(201, r#"{"error":true}"#),
            1,
            "the response is an error",
        ),
        (json(201, "[1"), 1, "not valid JSON"),
    ] {
        sandbox.fault(fault);
        let ended = home.run(&words(QUERY)).fails(code, cause);
        assert!(!ended.stderr.contains("after"), "{}", ended.stderr);
    }
}

#[test]
fn a_list_that_can_not_go_on_says_so() {
    let (sandbox, home) = rows(10);
    sandbox.fault(json(
        201,
        r#"{"result":[1,2],"hasMore":true,"error":false}"#,
    ));
    let ended = home.run(&words(&format!("{QUERY} -o compact"))).code(1);
    assert_eq!(ended.stdout(), "[1,2");
    assert!(
        ended
            .stderr
            .contains("after 2 items: more pages follow, but"),
        "{}",
        ended.stderr
    );
    for (link, cause) in [
        (
            "http://evil.example/MAAS/api/2.0/events/?op=query",
            "never leaves its origin",
        ),
        ("//evil.example/?op=query", "never leaves its origin"),
        ("/MAAS/api/2.0/events/?op=query&limit=1", "leads back"),
    ] {
        sandbox.forget_requests();
        sandbox.fault(json(
            200,
            &format!(r#"{{"count":1,"events":[{{"id":1}}],"prev_uri":"{link}","next_uri":"/x"}}"#),
        ));
        let line = "get '/events/?op=query&limit=1' --paginate -o compact";
        let ended = home.run(&words(line)).code(1);
        assert_eq!(ended.stdout(), "[{\"id\":1}", "{link}");
        assert!(ended.stderr.contains("after 1 item: "), "{}", ended.stderr);
        assert!(ended.stderr.contains(cause), "{}", ended.stderr);
        assert_eq!(sandbox.requests().len(), 1, "{link}");
    }
}

#[test]
fn empty_pages_with_more_to_come_end() {
    let (sandbox, home) = rows(1);
    let empty = r#"{"result":[],"hasMore":true,"id":"1","error":false}"#;
    sandbox.fault(json(201, empty).always());
    let ended = home
        .run(&words(
            "post cursor -p play --paginate 'query=FOR d IN c RETURN d'",
        ))
        .code(1);
    assert!(
        (ended.stderr).contains("100 pages in a row were empty, with more to come"),
        "{ended:?}"
    );
    let asked = sandbox.requests();
    let pages = asked.iter().filter(|r| r.method != "DELETE").count();
    assert_eq!((pages, asked.len()), (100, 101), "the cursor is deleted");
}

#[test]
fn the_body_of_a_later_error_is_not_mixed_into_the_list() {
    let (sandbox, home) = rows(300);
    let body = r#"{"error":true,"code":500,"errorNum":4,"errorMessage":"no","more":"details"}"#;
    for (flag, on_stderr) in [("stderr", true), ("stdout", true), ("none", false)] {
        sandbox.fault(json(500, body).method("PUT"));
        let ended = home.run(&words(&format!("{QUERY} -o ndjson --error-body {flag}")));
        let ended = ended.code(5);
        assert_eq!(ended.stdout().lines().count(), 100, "{flag}");
        assert_eq!(ended.stderr.contains("details"), on_stderr, "{flag}");
    }
}
