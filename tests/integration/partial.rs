//! CONTRACT, exit code 11: failures inside a response that is a success as a whole.

use crate::sandbox::{Fault, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

const JSON: &str = "application/json";
const HEADER: &str = "X-C8-Error-Codes";

fn response(fault: Fault, line: &str) -> Ended {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(fault.always());
    home.run(&words(line))
}

#[test]
fn a_batch_write_counts_its_failures() {
    let items = vec!["{\"_key\":\"x\"}"; 100].join(",");
    let fault = || Fault::body(202, JSON, format!("[{items}]"));
    for (what, header, sentence) in [
        (
            "one reason",
            r#"{"1210":3}"#,
            "3 of 100 failed: 1210 unique constraint (3)",
        ),
        (
            "two reasons",
            r#"{"1210":3,"1202":1}"#,
            "4 of 100 failed: 1202 document not found (1), 1210 unique constraint (3)",
        ),
        (
            "a number without a name",
            r#"{"4711":100}"#,
            "100 of 100 failed: 4711 (100)",
        ),
    ] {
        for form in ["json", "raw", "compact"] {
            let line = format!("post document/c --body [] -p play -o {form}");
            let ended = response(fault().with_header(HEADER, header), &line).code(11);
            let start = "apicall: play: POST /_fabric/_system/_api/document/c: ";
            let (line, hint) = ended.stderr.split_once('\n').unwrap();
            assert_eq!(line, format!("{start}{sentence}"), "{what}");
            assert!(hint.starts_with("hint: "), "{ended:#?}");
            assert_eq!(
                ended.json().as_array().unwrap().len(),
                100,
                "the response is printed"
            );
        }
    }
    let bare = Fault::body(202, JSON, "{}").with_header(HEADER, r#"{"1210":1}"#);
    let ended = response(bare, "post x -p play").code(11);
    assert!(
        ended
            .stderr
            .contains(": 1 failed: 1210 unique constraint (1)\n")
    );
}

#[test]
fn an_import_counts_its_failures() {
    for (body, sentence) in [
        (r#"{"result":{"created":97,"errors":3}}"#, "3 of 100 failed"),
        (r#"{"created":0,"errors":1}"#, "1 of 1 failed"),
        (
            r#"{"result":{"created":1,"updated":6,"ignored":2,"empty":1,"errors":2,"details":["x"]}}"#,
            "2 of 12 failed",
        ),
        (
            r#"{"result":{"created":1,"errors":1,"unprocessed":2}}"#,
            "3 of 4 failed: refused (1), unprocessed (2)",
        ),
    ] {
        let ended = response(
            Fault::body(200, JSON, body),
            "post import/c data:=[] -p play",
        )
        .code(11);
        let line = ended.stderr.lines().next().unwrap();
        let start = "apicall: play: POST /_fabric/_system/_api/import/c: ";
        assert_eq!(line, format!("{start}{sentence}"));
        assert!(!ended.stdout.is_empty());
    }
}

#[test]
fn what_is_no_failure() {
    let document = r#"{"error":true,"errors":7,"errorNum":1210}"#;
    for (what, line, fault) in [
        (
            "a stored document with a member `error`",
            "get document/c/k -p play",
            Fault::body(200, JSON, document),
        ),
        (
            "documents with members `error`",
            "post document/c --body [] -p play",
            Fault::body(202, JSON, format!("[{document}]")),
        ),
        (
            "a member `errors` of what is no import",
            "post document/c n:=1 -p play",
            Fault::body(202, JSON, document),
        ),
        (
            "an import without errors",
            "post import/c data:=[] -p play",
            Fault::body(200, JSON, r#"{"result":{"created":9,"errors":0}}"#),
        ),
        (
            "a header that counts nothing",
            "post x -p play",
            Fault::body(202, JSON, "{}").with_header(HEADER, "{}"),
        ),
        (
            "the header on another service",
            "post x -p lab",
            Fault::body(200, JSON, "{}").with_header(HEADER, r#"{"1210":3}"#),
        ),
    ] {
        let ended = response(fault, line);
        assert_eq!((ended.code, &*ended.stderr), (0, ""), "{what}");
    }
}

/// The same with the service's own rules instead of canned answers.
#[test]
fn a_real_batch_and_a_real_import() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let run = |line: &str| home.run(&words(line));
    let batch = r#"[{"_key":"a1"},{"_key":"new","error":true},{"_key":"a2"}]"#;
    let ended = run(&format!("post document/addresses --body {batch} -p play")).code(11);
    assert!(
        ended
            .stderr
            .contains(": 2 of 3 failed: 1210 unique constraint (2) (request "),
        "{ended:#?}"
    );
    let document = sandbox.document("_system", "addresses", "new").unwrap();
    assert_eq!(document["error"], true);
    run("get document/addresses/new -p play").ok();
    let import =
        r#"{"data":[{"_key":"a1","n":1},{"_key":"i1"},{"_key":"bad/key"}],"replace":true}"#;
    let ended = run(&format!("post import/addresses --body {import} -p play")).code(11);
    assert!(
        ended
            .stderr
            .contains(": 1 of 3 failed: 1221 illegal document key (1) (request "),
        "{ended:#?}"
    );
}
