//! `batch`: what a result has of the response and of its row, and what is refused with which words.

use serde_json::{Value, json};

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;
use crate::typed::words;

fn desk() -> (Sandbox, Home) {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("rows", "a\n");
    (sandbox, home)
}

/// Nothing is sniffed, and no byte is lost; a row fails as a call of its own would.
#[test]
fn a_body_is_what_its_label_says() {
    let (sandbox, home) = desk();
    for (label, body, want, exit) in [
        (
            "application/json",
            &b"{\"n\":1e400}"[..],
            "\"body\":{\"n\":1e400}}",
            0,
        ),
        (
            "text/plain; charset=iso-8859-1",
            b"h\xe9",
            "\"body\":\"h\u{e9}\"}",
            0,
        ),
        (
            "text/html; charset=utf-8",
            b"{ \"a\": 1 }",
            "\"body\":\"{ \\\"a\\\": 1 }\"}",
            0,
        ),
        (
            "application/octet-stream",
            b"\xff\x00",
            "\"body\":\"/wA=\",\"encoding\":\"base64\"}",
            0,
        ),
        (
            "application/json",
            b"{\"a\":",
            "\"body\":\"{\\\"a\\\":\",\"error\":\"the response is not valid JSON: unexpected end inside an object at byte 5\",\"exit\":1}",
            11,
        ),
        (
            "application/json; charset=iso-8859-1",
            b"\"\xe9\"",
            "\"error\":\"the response is JSON in `iso-8859-1`, and JSON is UTF-8\",\"exit\":1}",
            11,
        ),
    ] {
        sandbox.fault(Fault::body(200, label, body));
        let ended = home
            .run(&words("batch get /tags/{}/ --from rows"))
            .code(exit);
        assert!(
            ended.stdout().trim_end().ends_with(want),
            "{label}: {ended:?}"
        );
    }
    // An error's body is no error besides.
    sandbox.fault(Fault::body(409, "application/json", "{"));
    let ended = home.run(&words("batch get /tags/{}/ --from rows")).code(11);
    let result: Value = serde_json::from_str(ended.stdout()).unwrap();
    assert_eq!((&result["body"], &result["exit"]), (&json!("{"), &json!(4)));
}

/// What a call could not use is fetched again; what a write did is done.
#[test]
fn json_that_is_none_is_done_where_it_was_a_write() {
    let (sandbox, home) = desk();
    for (method, again) in [("get", 1), ("post", 0)] {
        let line = format!("batch {method} /tags/{{}}/ --from rows --journal {method}.j");
        sandbox.fault(Fault::body(200, "application/json", "{"));
        home.run(&words(&line)).code(11);
        let before = sandbox.requests().len();
        home.run(&words(&format!("{line} --resume")));
        assert_eq!(sandbox.requests().len() - before, again, "{method}");
    }
}

/// The credentials of a ready request are nowhere but in its call.
#[test]
fn secrets_in_the_headers_of_a_row_are_not_shown() {
    let (sandbox, home) = desk();
    home.file(
        "ready",
        r#"{"method":"GET","path":"/tags/","headers":{"X-Api-Token":"t0psecret","Cookie":"c00kie","X-Run":"7"}}"#,
    );
    let ended = home
        .run(&words("batch --from ready -v --journal j.jsonl"))
        .code(0);
    let sent = sandbox.last();
    assert_eq!(sent.header("x-api-token"), Some("t0psecret"));
    assert_eq!(sent.header("cookie"), Some("c00kie"));
    let journal = std::fs::read_to_string(home.path().join("j.jsonl")).unwrap();
    for text in [ended.stdout(), &ended.stderr, &journal] {
        assert!(
            !text.contains("t0psecret") && !text.contains("c00kie"),
            "{text}"
        );
    }
    let result: Value = serde_json::from_str(ended.stdout()).unwrap();
    assert_eq!(
        result["input"]["headers"],
        json!({"X-Api-Token": "***", "Cookie": "***", "X-Run": "7"})
    );
}

#[test]
fn what_no_number_holds_hides_nothing_of_a_row() {
    let (sandbox, home) = desk();
    home.file(
        "ready",
        r#"{"method":"POST","path":"/_api/x","body":{"n":1e400}}"#,
    );
    home.run(&words("batch --from ready -p play"));
    assert_eq!(sandbox.last().body, b"{\"n\":1e400}");
    home.file("rows.ndjson", r#"{"n":1e400,"name":"x"}"#);
    let ended = home
        .run(&words("batch get /tags/{nmae}/ --from rows.ndjson"))
        .fails(2, "`nmae` is missing or null");
    assert!(
        ended.stderr.contains("hint: the row has `n`, `name`"),
        "{ended:?}"
    );
}

#[test]
fn what_is_refused_says_why() {
    let (sandbox, home) = desk();
    let sandbox = sandbox.may_stay_silent();
    let mut profiles = home.config();
    profiles.push_str("[profiles.labs]\nservice = \"maas\"\nurl = \"http://127.0.0.1:1/MAAS\"\n");
    home.write_config(&profiles);
    home.file("rows.csv", "{\"a\":1}\n");
    home.file("cells.csv", "a,b\n1\n");
    home.file("broken.json", "[{\"a\":1},");
    home.file("text", r#"{"method":"POST","path":"/tags/","body":"a=b"}"#);
    home.file(
        "types",
        r#"{"method":"POST","path":"/tags/","items":"a=b"}"#,
    );
    for (line, exit, cause, hint) in [
        (
            "batch get /x/ --from rows.csv",
            2,
            "begins with `{`",
            "`--from-format ndjson`",
        ),
        (
            "batch get /x/ --from broken.json",
            1,
            "not JSON",
            "`--from-format ndjson`",
        ),
        (
            "batch get /x/ --from cells.csv",
            2,
            "1 cell under 2 names",
            "nothing was sent",
        ),
        (
            "batch post /x/ {a}=1 --from rows",
            2,
            "`{a}` is the name of an item",
            "`{\"method\"",
        ),
        (
            "batch post /x/ k=@{a} --from rows",
            2,
            "`@{a}`: a row names no file",
            "`k={name}`",
        ),
        (
            "batch post /x/ k@{a}.txt --from rows",
            2,
            "`@{a}.txt`: a row names no file",
            "`k={name}`",
        ),
        (
            "batch post /x/ --from rows --journal -",
            2,
            "a journal is a file",
            "`./-`",
        ),
        (
            "batch --from text",
            2,
            "row 1: nothing says what the body is",
            "`--json`",
        ),
        (
            "batch --from types",
            2,
            "row 1: `items` is not a list of strings",
            "`{\"method\"",
        ),
        (
            "batch get /x/ --from rows -p lab,play",
            9,
            "`lab,play` names several profiles",
            "lab, labs, play",
        ),
        (
            "wait /x/ --until . -p la*",
            9,
            "`la*` names several profiles",
            "lab, labs, play",
        ),
        (
            "post /x/ machines:=@@node17",
            1,
            "No such file",
            "`machines=@@node17`",
        ),
    ] {
        let ended = home.run(&words(line)).fails(exit, cause);
        let last = ended.stderr.lines().last().unwrap();
        assert!(
            last.starts_with("hint: ") && last.contains(hint),
            "{line}: {ended:?}"
        );
    }
    assert!(sandbox.requests().is_empty());
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_a_link_is_named_so() {
    let (sandbox, home) = desk();
    let sandbox = sandbox.may_stay_silent();
    home.file("there", "");
    std::os::unix::fs::symlink("there", home.path().join("link")).unwrap();
    home.run(&words("batch get /x/ --from rows --journal link --resume"))
        .fails(9, "link: is a symbolic link");
    assert!(sandbox.requests().is_empty());
}

/// A refused row, one that may have been carried out: what to do about each is said.
#[test]
fn what_is_left_has_a_hint() {
    let (sandbox, home) = desk();
    home.file("rows", "a\nb\n");
    sandbox.fault(Fault::status(404).path("/MAAS/api/2.0/a/"));
    sandbox.fault(Fault::status(500).path("/MAAS/api/2.0/b/"));
    let line = "batch post /{}/ --from rows --journal j.jsonl";
    let ended = home.run(&words(line)).code(11);
    let hint = "hint: look at the uncertain ones; `--resume --resend` sends them again\n";
    assert!(ended.stderr.ends_with(hint), "{ended:?}");
    let ended = home.run(&words(&format!("{line} --resume"))).code(11);
    let both = format!("hint: `--retry-failed` also sends those again that failed before\n{hint}");
    assert!(ended.stderr.ends_with(&both), "{ended:?}");
}

#[test]
fn headers_and_times_of_each_call_are_reported() {
    let (_sandbox, home) = desk();
    home.file("rows", "virtual\nfast\nnone\n");
    let ended = home.run(&words("batch get /tags/{}/ --from rows -j 1 -v"));
    let lines: Vec<&str> = ended.stderr.lines().collect();
    for start in ["> GET ", "< HTTP/1.1 ", "* "] {
        let count = lines.iter().filter(|line| line.starts_with(start)).count();
        assert_eq!(count, 3, "{start}: {ended:?}");
    }
}

/// The columns of CSV and TSV are the same whatever the rows became, and nobody asked for them.
#[test]
fn the_columns_of_a_file_are_no_news() {
    let (sandbox, home) = desk();
    for (format, between) in [("csv", ","), ("tsv", "\t")] {
        for (status, exit) in [(200, 0), (404, 11)] {
            sandbox.fault(Fault::body(status, "application/json", "{}"));
            let line = format!("batch get /tags/{{}}/ --from rows -o {format}");
            let ended = home.run(&words(&line)).code(exit);
            let names = [
                "row", "input", "method", "path", "status", "ms", "attempts", "body", "encoding",
                "error", "exit",
            ];
            assert_eq!(
                ended.stdout().lines().next(),
                Some(&*names.join(between)),
                "{ended:#?}"
            );
            assert!(!ended.stderr.contains("note: "), "{ended:#?}");
        }
    }
    sandbox.fault(Fault::body(200, "application/json", "{}"));
    let ended = home.run(&words(
        "batch get /tags/{}/ --from rows -o csv --columns row,error",
    ));
    assert!(
        ended.stderr.contains("no element has `error`"),
        "{ended:#?}"
    );
}
