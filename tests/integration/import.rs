//! CONTRACT, `import`: every format, batches, rejects, and runs that break anywhere.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

const PATH: &str = "/_fabric/_system/_api/import/c";

fn start() -> (Sandbox, Home) {
    let sandbox = Sandbox::start();
    sandbox.create_collection("_system", "c");
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

fn run(home: &Home, line: &str) -> Ended {
    home.run(&words(line))
}

/// The bodies of the calls that imported.
fn bodies(sandbox: &Sandbox) -> Vec<Value> {
    (sandbox.requests().iter())
        .filter(|r| r.method == "POST" && r.target.starts_with(PATH))
        .map(|r| serde_json::from_slice(&r.body).unwrap())
        .collect()
}

/// The documents of a collection by key, without what the server adds.
fn stored(sandbox: &Sandbox) -> Vec<Value> {
    let mut documents = sandbox.documents("_system", "c");
    for document in &mut documents {
        let members = document.as_object_mut().unwrap();
        members.remove("_id");
        members.remove("_rev");
    }
    documents.sort_by_key(|d| d["_key"].as_str().unwrap().to_owned());
    documents
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// So many lines.
fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_format_stores_the_same() {
    let want = [json!({"_key": "a", "n": 1}), json!({"_key": "b", "n": 2})];
    let ndjson = "{\"_key\":\"a\",\"n\":1}\n\n{\"_key\":\"b\",\"n\":2}\n";
    let array = "[{\"_key\":\"a\",\"n\":1},\n{\"_key\":\"b\",\"n\":2}]";
    let csv = "_key,n\na,1\nb,2\n";
    for (name, text, flags) in [
        ("d.ndjson", ndjson, ""),
        ("d.txt", ndjson, ""),
        ("d.json", ndjson, ""),
        ("d.json", array, ""),
        ("d", array, "--format json"),
        (
            "d.json",
            "{\"result\":[{\"_key\":\"a\",\"n\":1},{\"_key\":\"b\",\"n\":2}],\"code\":200}",
            "",
        ),
        ("d.csv", csv, "--types n=number"),
        ("d.csv", csv, "--guess-types"),
        ("d.csv", "\u{feff}_key,n\r\na,1\r\nb,2\r\n", "--guess-types"),
    ] {
        for packed in [false, true] {
            let (sandbox, home) = start();
            let name = if packed {
                format!("{name}.gz")
            } else {
                name.to_owned()
            };
            let bytes = if packed { gzip(text) } else { text.into() };
            home.file(&name, bytes);
            let ended = run(&home, &format!("import c {name} -p play {flags}")).code(0);
            assert_eq!(stored(&sandbox), want, "{name} {flags}");
            assert_eq!(
                ended.json(),
                json!({"collection": "c", "created": 2, "errors": 0})
            );
            assert_eq!(
                ended.stderr,
                format!("apicall: play: POST {PATH}: 2 documents: 2 created, 0 failed\n")
            );
        }
    }
    let (sandbox, home) = start();
    home.run_with(&words("import c - -p play"), &gzip(ndjson))
        .code(0);
    assert_eq!(stored(&sandbox), want, "from standard input, packed");
}

#[test]
fn cells_are_text_unless_said_otherwise() {
    let csv = "_key,zip,paid,more\n1,00123,true,[1]\n2,,,\n";
    for (flags, want) in [
        (
            "",
            [
                json!({"_key": "1", "zip": "00123", "paid": "true", "more": "[1]"}),
                json!({"_key": "2", "zip": "", "paid": "", "more": ""}),
            ],
        ),
        (
            "--types paid=bool,more=json",
            [
                json!({"_key": "1", "zip": "00123", "paid": true, "more": [1]}),
                json!({"_key": "2", "zip": "", "paid": null, "more": null}),
            ],
        ),
        (
            "--guess-types --types _key=text",
            [
                json!({"_key": "1", "zip": "00123", "paid": true, "more": "[1]"}),
                json!({"_key": "2", "zip": "", "paid": "", "more": ""}),
            ],
        ),
    ] {
        let (sandbox, home) = start();
        home.file("d.csv", csv);
        run(&home, &format!("import c d.csv -p play {flags}")).code(0);
        assert_eq!(stored(&sandbox), want, "{flags}");
    }
}

#[test]
fn batches_are_cut_by_count_and_bytes_and_sent_as_they_are() {
    let (sandbox, home) = start();
    let text = many(25, |n| format!("{{\"_key\":\"{n}\",\"v\":1.10}}\n"));
    home.file("d.ndjson", &text);
    run(&home, "import c d.ndjson -p play --batch-size 10").code(0);
    let sizes = |bodies: &[Value]| -> Vec<usize> {
        (bodies.iter())
            .map(|b| b["data"].as_array().unwrap().len())
            .collect()
    };
    let all = bodies(&sandbox);
    assert_eq!(sizes(&all), [10, 10, 5]);
    assert_eq!(
        (
            &all[0]["details"],
            &all[0]["primaryKey"],
            &all[0]["replace"]
        ),
        (&json!(true), &json!("_key"), &json!(false))
    );
    let first = &sandbox.requests()[0];
    let body = String::from_utf8(first.body.clone()).unwrap();
    assert!(
        body.starts_with("{\"data\":[{\"_key\":\"0\",\"v\":1.10},"),
        "{body}"
    );

    let (sandbox, home) = start();
    let text = many(5, |n| {
        format!("{{\"_key\":\"{n}\",\"v\":\"{}\"}}\n", "x".repeat(1_500_000))
    });
    home.file("d.ndjson", &text);
    run(&home, "import c d.ndjson -p play -j 3").code(0);
    let mut sizes = sizes(&bodies(&sandbox));
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 2, 2]);
    assert_eq!(sandbox.document_count("_system", "c"), 5);
}

#[test]
fn what_fails_is_kept_with_its_line_and_the_rest_is_stored() {
    let (sandbox, home) = start();
    sandbox.put_documents("_system", "c", [json!({"_key": "old", "n": 0})]);
    let text = "{\"_key\":\"a\"}\n\n{\"_key\":\"old\",\"n\":1.10}\n{\"_key\":\nnull\n{\"_key\":\"b/d\"}\n{\"_key\":\"e\"}\n";
    home.file("d.ndjson", text);
    let line = "import c d.ndjson -p play --batch-size 3";
    let ended = run(&home, &format!("{line} --rejects bad.ndjson")).code(11);
    let rejects = lines(&home.path().join("bad.ndjson"));
    let reported: Vec<(u64, u64)> = (rejects.iter())
        .map(|r| {
            (
                r["line"].as_u64().unwrap(),
                r["errorNum"].as_u64().unwrap_or(0),
            )
        })
        .collect();
    assert_eq!(reported, [(3, 1210), (4, 0), (5, 0), (6, 1221)]);
    assert_eq!(rejects[0]["document"], json!({"_key": "old", "n": 1.1}));
    assert_eq!(rejects[1]["document"], "{\"_key\":");
    assert!(
        rejects[0]["error"]
            .as_str()
            .unwrap()
            .starts_with("Each document")
    );
    assert_eq!(
        ended.stderr,
        format!(
            "apicall: play: POST {PATH}: 6 documents: 2 created, 4 failed\n\
             apicall: play: POST {PATH}: 4 of 6 failed: 1210 unique constraint (1), \
             1221 illegal document key (1), not a document (2)\n\
             hint: `bad.ndjson` has each of them with the reason\n"
        )
    );
    assert_eq!(
        ended.json(),
        json!({"collection": "c", "created": 2, "errors": 4, "by_error": {"1210": 1, "1221": 1, "other": 2}})
    );
    assert_eq!(stored(&sandbox).len(), 3);
    let ended = run(&home, line).code(11);
    assert!(
        ended.stderr.contains("apicall: line 4: not JSON: "),
        "{ended:#?}"
    );
    assert!(
        ended.stderr.contains("hint: `--rejects FILE` keeps"),
        "{ended:#?}"
    );
}

/// The document of the API leaves the form of `details` open.
#[test]
fn what_fails_is_known_in_whatever_form_it_is_reported() {
    let (sandbox, home) = start();
    home.file(
        "d.ndjson",
        "{\"_key\":\"a\"}\n{\"_key\":\"b\"}\n{\"_key\":\"c\"}\n",
    );
    for (response, header, reported, by, rejects) in [
        (
            json!({"created": 2, "errors": 1, "unprocessed": 0}),
            Some("1210:1"),
            "1 of 3 failed: 1210 unique constraint (1)",
            json!({"1210": 1}),
            json!([[null, 1210, null]]),
        ),
        (
            json!({"created": 2, "errors": 1, "details": {"errors": [{"document": {"_key": "b"}, "errorMessage": "taken"}]}}),
            None,
            "1 of 3 failed: for another reason (1)",
            json!({"other": 1}),
            json!([[2, null, {"_key": "b"}]]),
        ),
        (
            json!({"created": 1, "errors": 0, "unprocessed": 2, "details": {"unprocessed": [{"_key": "c"}, {"x": 1}]}}),
            None,
            "2 of 3 failed: for another reason (2)",
            json!({"other": 2}),
            json!([[null, null, {"x": 1}], [3, null, {"_key": "c"}]]),
        ),
    ] {
        let body = json!({"error": false, "code": 200, "result": response}).to_string();
        let mut fault = Fault::body(200, "application/json", body).path(PATH);
        if let Some(header) = header {
            fault = fault.with_header("X-C8-Error-Codes", header);
        }
        sandbox.fault(fault);
        let _ = fs::remove_file(home.path().join("bad"));
        let ended = run(&home, "import c d.ndjson -p play --rejects bad").code(11);
        assert!(ended.stderr.contains(reported), "{ended:#?}");
        assert_eq!(ended.json()["by_error"], by);
        let kept: Vec<Value> = (lines(&home.path().join("bad")).into_iter())
            .map(|r| json!([r["line"], r["errorNum"], r["document"]]))
            .collect();
        assert_eq!(json!(kept), rejects);
    }
}

#[test]
fn what_no_value_holds_is_known_again() {
    let (sandbox, home) = start();
    home.file("d.ndjson", "{\"_key\":\"a\",\"n\":1e400}\n");
    sandbox.fault(Fault::from(Effect::CloseBeforeAnswer).path(PATH));
    // The sandbox itself cannot hold it; what counts is that the key was seen.
    let ended = run(&home, "import c d.ndjson -p play");
    assert!(!ended.stderr.contains("has no `_key`"), "{ended:#?}");
}

#[test]
fn a_key_is_never_guessed_to_be_a_number() {
    let (sandbox, home) = start();
    home.file("d.csv", "_key,sku,n\n1.10,2.50,3\n");
    run(&home, "import c d.csv -p play --guess-types").code(0);
    let line = "import c d.csv -p play --guess-types --primary-key sku";
    run(&home, line).code(0);
    let all = bodies(&sandbox);
    assert_eq!(
        all[0]["data"],
        json!([{"_key": "1.10", "sku": "2.50", "n": 3}])
    );
    assert_eq!(
        all[1]["data"],
        json!([{"_key": "1.10", "sku": "2.50", "n": 3}])
    );
}

#[cfg(unix)]
#[test]
fn standard_input_is_not_written_over() {
    let (_sandbox, home) = start();
    run(&home, "get collection -p play").code(0);
    let path = home.file("d.ndjson", "{\"_key\":\"a\"}\nbad\n");
    let mut command = home.command(&words("import c -p play --rejects d.ndjson"));
    let output = command
        .stdin(fs::File::open(&path).unwrap())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(fs::read(&path).unwrap(), b"{\"_key\":\"a\"}\nbad\n");
}

#[test]
fn batches_share_connections() {
    let (sandbox, home) = start();
    let text = many(6, |n| {
        format!("{{\"_key\":\"{n}\",\"v\":\"{}\"}}\n", "x".repeat(1_500_000))
    });
    home.file("d.ndjson", text);
    run(&home, "import c d.ndjson -p play --batch-size 1").code(0);
    assert_eq!((bodies(&sandbox).len(), sandbox.connections()), (6, 1));
}

#[test]
fn replace_and_primary_key() {
    let (sandbox, home) = start();
    sandbox.put_documents("_system", "c", [json!({"_key": "a", "n": 0})]);
    home.file("d.ndjson", "{\"sku\":\"a\",\"n\":1}\n");
    run(&home, "import c d.ndjson -p play --primary-key sku").code(11);
    let line = "import c d.ndjson -p play --primary-key sku --replace";
    let ended = run(&home, line).code(0);
    assert_eq!(
        ended.json(),
        json!({"collection": "c", "created": 0, "replaced": 1, "errors": 0})
    );
    assert!(
        ended
            .stderr
            .ends_with("1 document: 0 created, 1 replaced, 0 failed\n"),
        "{ended:#?}"
    );
    assert_eq!(stored(&sandbox), [json!({"_key": "a", "sku": "a", "n": 1})]);
}

#[test]
fn what_is_refused_before_anything_is_sent() {
    let (sandbox, home) = start();
    run(&home, "get collection -p play").code(0);
    home.file("d.ndjson", "{}\n");
    home.file("d.csv", "a\n1\n");
    home.file("page.json", "<html>\n<body>\n");
    #[cfg(unix)]
    for name in ["soft", "hard"] {
        let (file, other) = (home.path().join("d.ndjson"), home.path().join(name));
        if name == "soft" {
            std::os::unix::fs::symlink(file, other).unwrap();
        } else {
            fs::hard_link(file, other).unwrap();
        }
        let line = format!("import c d.ndjson -p play --rejects {name}");
        run(&home, &line).fails(2, "named twice");
    }
    for (line, code, text) in [
        ("import c d.ndjson -p lab", 2, "for Macrometa"),
        (
            "import c d.ndjson -p play --types n=number",
            2,
            "types are for CSV",
        ),
        (
            "import c d.csv -p play --types b=number",
            2,
            "no column `b`",
        ),
        (
            "import c d.csv -p play --types a=date",
            2,
            "`date` is not a column type",
        ),
        ("import c - -p play --journal j", 2, "needs a file"),
        (
            "import c d.ndjson -p play --primary-key ''",
            2,
            "`--primary-key` is empty",
        ),
        ("import c page.json -p play", 1, "begins with no document"),
        (
            "import c d.ndjson -p play --journal d.ndjson",
            2,
            "named twice",
        ),
        (
            "import c d.ndjson -p play --rejects ./d.ndjson",
            2,
            "named twice",
        ),
        (
            "import c d.ndjson -p play --journal j --rejects ./j",
            2,
            "named twice",
        ),
        (
            "import '' d.ndjson -p play",
            2,
            "the collection's name is empty",
        ),
        ("import c none.ndjson -p play", 1, "none.ndjson: "),
        ("import c d.ndjson -p play --resume", 2, "--journal"),
        ("import c d.ndjson -p play --batch-size 10001", 2, "10001"),
    ] {
        home.run(&words(line)).fails(code, text);
    }
    assert_eq!(bodies(&sandbox).len(), 0);
    assert_eq!(fs::read(home.path().join("d.ndjson")).unwrap(), b"{}\n");
    // What is there is another run's, or somebody's work.
    home.file("work", "mine\n");
    for rejects in ["work", "/dev/null"] {
        run(
            &home,
            &format!("import c d.ndjson -p play --rejects {rejects}"),
        )
        .fails(2, "exists");
    }
    assert_eq!(fs::read(home.path().join("work")).unwrap(), b"mine\n");
}

#[test]
fn rejects_that_went_missing_are_reported() {
    let (sandbox, home) = start();
    home.file("d.ndjson", "{\"_key\":\"a\"}\nbad\n{\"_key\":\"b\"}\n");
    let line = "import c d.ndjson -p play --batch-size 2 --journal j --resume --rejects r";
    sandbox.fault(Fault::refusal(403, 11, "forbidden").path(PATH).after(1));
    run(&home, line).fails(4, "forbidden");
    let rejects = home.path().join("r");
    assert_eq!(lines(&rejects).len(), 1);
    fs::remove_file(&rejects).unwrap();
    run(&home, line).fails(1, "what an earlier run has written there is gone");
    assert!(!rejects.exists());
}

#[test]
fn a_source_that_breaks_off_stores_what_came_before() {
    let (sandbox, home) = start();
    home.file(
        "d.json",
        "[{\"_key\":\"a\"},\n{\"_key\":\"b\"},\n{\"_key\" \"c\"}]",
    );
    run(&home, "import c d.json -p play").fails(1, "line 3: not JSON");
    assert_eq!(stored(&sandbox).len(), 2);
    let mut packed = gzip("{\"_key\":\"c\"}\n");
    packed.truncate(packed.len() - 9);
    home.file("d.gz", packed);
    run(&home, "import c d.gz -p play").fails(1, "gzip");
}

#[test]
fn an_uncertain_answer_neither_loses_nor_doubles() {
    for (what, fault) in [
        ("cut", Fault::from(Effect::ResetBeforeAnswer)),
        ("closed", Fault::from(Effect::CloseBeforeAnswer)),
        ("lost by a proxy", Fault::lost(502)),
        ("cut in the response", Fault::from(Effect::CutInBody(5))),
        ("not sent whole", Fault::from(Effect::ResetAfterHead)),
        ("too many calls", Fault::status(429)),
    ] {
        let (sandbox, home) = start();
        sandbox.put_documents("_system", "c", [json!({"_key": "7", "n": "other"})]);
        let text = many(20, |n| format!("{{\"_key\":\"{n}\",\"n\":{n}.0}}\n"));
        // The same document twice: one of them is ours, the other is not.
        home.file("d.ndjson", text + "{\"_key\":\"3\",\"n\":3.0}\n");
        sandbox.fault(fault.path(PATH));
        let _ = fs::remove_file(home.path().join("bad"));
        let ended = run(&home, "import c d.ndjson -p play --rejects bad").code(11);
        assert!(
            ended.stderr.contains("; retry 1 of 3 in "),
            "{what}: {ended:#?}"
        );
        assert_eq!(ended.json()["created"], 19, "{what}: {ended:#?}");
        let rejected: Vec<Value> = (lines(&home.path().join("bad")).iter())
            .map(|r| r["line"].clone())
            .collect();
        assert_eq!(rejected, [8, 21], "{what}");
        assert_eq!(sandbox.document_count("_system", "c"), 20, "{what}");
    }
}

/// A refusal that has no number is one of a key that is taken, where the document is stored.
#[test]
fn what_was_stored_before_is_ours_whatever_the_refusal_says() {
    let (sandbox, home) = start();
    home.file(
        "d.ndjson",
        many(3, |n| format!("{{\"_key\":\"{n}\",\"n\":{n}}}\n")),
    );
    sandbox.fault(Fault::from(Effect::ResetBeforeAnswer).path(PATH));
    let message = "creating document failed with error 'unique constraint violated'";
    let details: Vec<String> = (0..3)
        .map(|n| format!("at position {n}: {message}"))
        .collect();
    let body = json!({"result": {"created": 0, "errors": 3, "details": details}}).to_string();
    sandbox.fault(Fault::body(200, "application/json", body).path(PATH));
    let ended = run(&home, "import c d.ndjson -p play --rejects bad").code(0);
    assert_eq!(ended.json()["created"], 3, "{ended:#?}");
    assert!(lines(&home.path().join("bad")).is_empty());
}

#[test]
fn documents_without_a_key_are_not_sent_twice_unasked() {
    let (sandbox, home) = start();
    home.file("d.ndjson", "{\"n\":1}\n{\"n\":2}\n");
    let fault = || Fault::from(Effect::ResetBeforeAnswer).path(PATH);
    sandbox.fault(fault());
    let line = "import c d.ndjson -p play --journal j";
    let ended = run(&home, line).fails(7, "line 1 has no `_key` to find it by");
    assert!(ended.stderr.contains("`--resend`"), "{ended:#?}");
    assert!(!ended.stderr.contains("repeat"), "{ended:#?}");
    assert_eq!(sandbox.document_count("_system", "c"), 2);
    let ended = run(&home, &format!("{line} --resume")).code(11);
    let reported = "apicall: lines 1 to 2 may be stored or not, and line 1 has no `_key`";
    assert!(ended.stderr.contains(reported), "{ended:#?}");
    assert!(ended.stderr.contains("`--resend` sends them"), "{ended:#?}");
    assert_eq!(sandbox.document_count("_system", "c"), 2);
    run(&home, &format!("{line} --resume --resend")).code(0);
    assert_eq!(sandbox.document_count("_system", "c"), 4);
    // Who says when to come again has stored nothing.
    sandbox.fault(Fault::status(503).retry_after("1").path(PATH));
    run(&home, "import c d.ndjson -p play").code(0);
    assert_eq!(sandbox.document_count("_system", "c"), 6);
    sandbox.fault(Fault::status(503).path(PATH));
    run(&home, "import c d.ndjson -p play").fails(5, "503 Service Unavailable: lines 1 to 2 may");
    assert_eq!(sandbox.document_count("_system", "c"), 6);
}

/// What is uncertain does not keep the rest from being stored, as in `batch`.
#[test]
fn a_resumed_run_leaves_what_is_uncertain_and_stores_the_rest() {
    let (sandbox, home) = start();
    home.file(
        "d.ndjson",
        many(7, |n| format!("{{\"n\":{n}}}\n")) + "broken\n",
    );
    let line = "import c d.ndjson -p play --journal j --rejects bad --batch-size 3";
    sandbox.fault(Fault::from(Effect::ResetBeforeAnswer).path(PATH).after(1));
    run(&home, line).fails(7, "lines 4 to 6 may be stored or not");
    let line = format!("{line} --resume");
    for _ in 0..2 {
        let ended = run(&home, &line).code(11);
        let summary = json!({"collection": "c", "created": 4, "errors": 1, "uncertain": 3, "by_error": {"other": 1}});
        assert_eq!(ended.json(), summary);
        for reported in [
            "apicall: lines 4 to 6 may be stored or not, and line 4 has no `_key`",
            "8 documents: 4 created, 1 failed, 3 uncertain\n",
            "1 of 8 failed: not a document (1); 3 of 8 may be stored or not\n",
            "hint: look into the collection; `--resend`",
        ] {
            assert!(ended.stderr.contains(reported), "{reported}: {ended:#?}");
        }
        assert_eq!(sandbox.document_count("_system", "c"), 7);
        assert_eq!(lines(&home.path().join("bad")).len(), 1);
    }
    let ended = run(&home, &format!("{line} --resend")).code(11);
    assert_eq!(ended.json()["created"], 7, "{ended:#?}");
    assert_eq!(sandbox.document_count("_system", "c"), 10);
}

#[test]
fn a_refused_run_says_why_and_goes_on_later() {
    let (sandbox, home) = start();
    let text = many(50, |n| format!("{{\"_key\":\"{n}\"}}\n"));
    home.file("d.ndjson", &text);
    let line = "import c d.ndjson -p play --journal j --batch-size 10";
    sandbox.fault(Fault::refusal(403, 11, "forbidden").path(PATH).after(2));
    let ended = run(&home, line).fails(4, "forbidden");
    assert!(
        ended.stderr.contains("so far 20 documents: 20 created"),
        "{ended:#?}"
    );
    run(&home, line).fails(2, "the journal `j` exists");
    let other = "import c d.ndjson -p play --journal j --resume --replace";
    run(&home, other).fails(2, "belongs to another run: `replace` differs");
    let calls = bodies(&sandbox).len();
    let ended = run(&home, &format!("{line} --resume")).code(0);
    assert_eq!(ended.json()["created"], 50);
    assert_eq!(bodies(&sandbox).len() - calls, 3);
    let ended = run(&home, &format!("{line} --resume")).code(0);
    assert_eq!(
        ended.json()["created"],
        50,
        "a finished run stays what it was"
    );
    home.file("d.ndjson", text + "{}\n");
    run(&home, &format!("{line} --resume")).fails(2, "`source` differs");
}

/// One document that the server cannot read makes it refuse the whole call.
#[test]
fn a_document_that_spoils_its_batch_is_found() {
    let bad = |n: usize| match n {
        13 => Some("{\"_key\":\"13\",\"n\":1e400}"),
        77 => Some("{\"_key\":\"77\",\"n\":\"\\ud800\"}"),
        _ => None,
    };
    let text = many(100, |n| match bad(n) {
        Some(text) => format!("{text}\n"),
        None => format!("{{\"_key\":\"{n}\"}}\n"),
    }) + "none\n";
    for (jobs, size) in [(1, 100), (3, 30), (1, 1)] {
        let (sandbox, home) = start();
        home.file("d.ndjson", &text);
        let line = format!(
            "import c d.ndjson -p play -j {jobs} --batch-size {size} --rejects r --journal j"
        );
        let ended = run(&home, &line).code(11);
        assert_eq!(ended.json()["created"], 98, "{ended:#?}");
        assert_eq!(ended.json()["by_error"], json!({"600": 2, "other": 1}));
        assert!(ended.stderr.contains("600 invalid JSON (2)"), "{ended:#?}");
        assert_eq!(sandbox.document_count("_system", "c"), 98);
        let raw = fs::read_to_string(home.path().join("r")).unwrap();
        for (line, n) in [(14, 13), (78, 77)] {
            let start = format!("{{\"line\":{line},\"error\":\"VPackError error: ");
            let kept = raw.lines().find(|l| l.starts_with(&start)).expect(&raw);
            let document = format!("\"document\":{}}}", bad(n).unwrap());
            assert!(
                kept.ends_with(&document) && kept.contains("\"errorNum\":600"),
                "{kept}"
            );
        }
        assert_eq!(raw.lines().count(), 3);
        // Nothing is sent again by a run that finds all done.
        let calls = sandbox.requests().len();
        run(&home, &format!("{line} --resume")).code(11);
        assert_eq!(sandbox.requests().len(), calls);
    }
}

/// What no document is to blame for ends the run instead of rejecting each of them.
#[test]
fn a_refusal_that_no_document_causes_ends_the_run() {
    let (sandbox, home) = start();
    home.file("d.ndjson", many(50, |n| format!("{{\"_key\":\"{n}\"}}\n")));
    sandbox.fault(
        Fault::refusal(400, 10, "no imports today")
            .path(PATH)
            .always(),
    );
    run(&home, "import c d.ndjson -p play").fails(4, "400 Bad Request: no imports today");
    assert_eq!(bodies(&sandbox).len(), 2, "the batch and an empty one");
    // Once, and not of the empty one: halves are stored.
    let (sandbox, home) = start();
    home.file("d.ndjson", many(50, |n| format!("{{\"_key\":\"{n}\"}}\n")));
    sandbox.fault(Fault::refusal(413, 413, "too large").path(PATH));
    run(&home, "import c d.ndjson -p play").code(0);
    assert_eq!(sandbox.document_count("_system", "c"), 50);
}

/// Files as spreadsheets, PowerShell, jq and the program itself write them.
#[test]
fn files_of_other_programs_are_read() {
    let want = json!([{"_key": "a", "n": "1,5"}, {"_key": "b", "n": "x\ny \"z\""}]);
    for (name, text, flags) in [
        // A spreadsheet where the comma is in numbers.
        (
            "d.csv",
            "\u{feff}_key;n\r\na;1,5\r\nb;\"x\ny \"\"z\"\"\"\r\n",
            "--separator ;",
        ),
        (
            "d.csv",
            "sep=;\r\n_key;n\r\na;1,5\r\nb;\"x\ny \"\"z\"\"\"\r\n",
            "",
        ),
        // Tabs from a spreadsheet, and all quoted as Export-Csv does.
        (
            "d.tsv",
            "_key\tn\r\na\t\"1,5\"\r\nb\t\"x\ny \"\"z\"\"\"\r\n",
            "",
        ),
        (
            "d.tsv",
            "\"_key\"\t\"n\"\n\"a\"\t\"1,5\"\n\"b\"\t\"x\ny \"\"z\"\"\"\n",
            "",
        ),
        (
            "d.txt",
            "_key\tn\na\t\"1,5\"\nb\t\"x\ny \"\"z\"\"\"\n",
            "--separator \\t",
        ),
        // Tabs as `-o tsv` and jq's `@tsv` write them.
        ("d.tsv", "_key\tn\na\t1,5\nb\tx\\ny \"z\"\n", ""),
        ("d", "_key\tn\na\t1,5\nb\tx\\ny \"z\"\n", ""),
        // `jq .`, `jq -c` and `jq -j`.
        (
            "d.json",
            "{\n  \"_key\": \"a\",\n  \"n\": \"1,5\"\n}\n{\n  \"_key\": \"b\",\n  \"n\": \"x\\ny \\\"z\\\"\"\n}\n",
            "",
        ),
        (
            "d.ndjson",
            "{\n  \"_key\": \"a\",\n  \"n\": \"1,5\"\n}\n{\"_key\": \"b\",\"n\": \"x\\ny \\\"z\\\"\"}\n",
            "",
        ),
        (
            "d.json",
            "{\"_key\":\"a\",\"n\":\"1,5\"}{\"_key\":\"b\",\"n\":\"x\\ny \\\"z\\\"\"}",
            "--format json",
        ),
        (
            "d.json",
            "[{\"_key\":\"a\",\"n\":\"1,5\"}]\n[{\"_key\":\"b\",\"n\":\"x\\ny \\\"z\\\"\"}]",
            "",
        ),
    ] {
        let (sandbox, home) = start();
        home.file(name, text);
        run(&home, &format!("import c {name} -p play {flags}")).code(0);
        assert_eq!(json!(stored(&sandbox)), want, "{name} {flags} {text}");
    }
}

#[test]
fn what_is_no_source_is_named_before_anything_is_stored() {
    let utf16: Vec<u8> = "{\"a\":1}\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [&[0xff, 0xfe][..], &utf16].concat();
    let two_marks = "\u{feff}\u{feff}{}\n";
    for (name, bytes, code, text, hint) in [
        (
            "d.ndjson",
            &marked[..],
            1,
            "is UTF-16",
            "Out-File -Encoding utf8",
        ),
        ("d.csv", &utf16, 1, "is UTF-16", "iconv -f UTF-16"),
        ("d.ndjson", &[0; 9000], 1, "begins with NULs", ""),
        (
            "d.json",
            two_marks.as_bytes(),
            1,
            "two byte order marks",
            "tail",
        ),
        ("d.csv", b"_key,n\na,\0\n", 1, "holds NULs", "tr -d"),
        ("d.ndjson", b"{}\n\0\0\0\n{}\n", 1, "holds NULs", "tr -d"),
        ("d.ndjson", b"", 1, "is empty", ""),
        ("d.csv", b"\n\n", 1, "is empty", ""),
        (
            "d.csv",
            b"{\"_key\":\"a\"}\n",
            2,
            ": no CSV: it begins with `{`",
            "--format ndjson",
        ),
        (
            "d.tsv",
            b" [{}]\n",
            2,
            "no TSV: it begins with `[`",
            "--format json",
        ),
        (
            "d.csv",
            b"a;b\n1;2\n",
            2,
            "the only column is `a;b`",
            "--separator ';'",
        ),
        (
            "d.csv",
            b"a\tb\n1\t2\n",
            2,
            "the only column is `a\\tb`",
            "--separator '\\t'",
        ),
        (
            "d.tsv",
            b"a,b\n1,2\n",
            2,
            "the only column is `a,b`",
            "--separator ','",
        ),
        ("d.csv", b"n\xe4me,b\n1,2\n", 1, "not UTF-8", "iconv"),
        ("d.xlsx", b"PK\x03\x04..", 1, "ZIP", "save the table as CSV"),
    ] {
        for packed in [false, true] {
            let (sandbox, home) = start();
            run(&home, "get collection -p play").code(0);
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(bytes).unwrap();
            let packed_bytes = encoder.finish().unwrap();
            let (name, bytes) = if packed {
                (format!("{name}.gz"), &packed_bytes[..])
            } else {
                (name.to_owned(), bytes)
            };
            home.file(&name, bytes);
            let ended = run(
                &home,
                &format!("import c {name} -p play --journal j --rejects r"),
            )
            .fails(code, text);
            assert!(ended.stderr.contains(hint), "{ended:#?}");
            assert!(bodies(&sandbox).is_empty() && ended.stdout.is_empty());
            assert!(!home.path().join("j").exists() && !home.path().join("r").exists());
        }
    }
    let (sandbox, home) = start();
    run(&home, "get collection -p play").code(0);
    home.file("d.csv", "a\n1\n");
    run(&home, "import c d.csv -p play --primary-key b").fails(2, "no column `b`");
    home.run_with(&words("import c - -p play"), b"")
        .fails(1, "standard input: is empty");
    assert!(bodies(&sandbox).is_empty());
}

#[test]
fn a_broken_row_costs_itself_and_keeps_its_bytes() {
    let (sandbox, home) = start();
    home.file("d.csv", b"_key,n\na,1\n\"b\"x, 2\nc,\xff\nd,4\ne,\"5\n");
    run(&home, "import c d.csv -p play --rejects r").code(11);
    let kept: Vec<Value> = (lines(&home.path().join("r")).iter())
        .map(|r| json!([r["line"], r["error"], r["document"], r["base64"]]))
        .collect();
    assert_eq!(
        json!(kept),
        json!([
            [
                3,
                "cell 1 continues after its closing quote",
                "\"b\"x, 2",
                null
            ],
            [4, "not UTF-8", null, "Yyz/"],
            [6, "a quote is not closed", "e,\"5\n", null],
        ])
    );
    assert_eq!(stored(&sandbox).len(), 2);
}

/// What could not be held whole is refused by its number; what came before it is stored.
#[test]
fn what_is_too_long_is_named_by_its_number() {
    let long = "x".repeat((64 << 20) + 1);
    for (name, text, reported) in [
        (
            "d.ndjson",
            format!("{{\"_key\":\"a\"}}\n{{\"n\":\"{long}\"}}\n"),
            "line 2 is longer than 64 MiB",
        ),
        (
            "d.json",
            format!("[{{\"_key\":\"a\"}},\n{{\"n\":\"{long}\"}}]"),
            "document 2, on line 2, is longer than 64 MiB",
        ),
        (
            "d.csv",
            format!("_key,n\na,1\nb,\"{long}"),
            "line 3: row 2 is longer than 64 MiB",
        ),
        (
            "d.ndjson",
            format!("{{\"_key\":\"a\"}}\n{{\n\"n\":\n\"{long}\"}}\n"),
            "the document on line 2 is longer than 64 MiB",
        ),
    ] {
        let (sandbox, home) = start();
        home.file(name, text);
        run(&home, &format!("import c {name} -p play")).fails(1, reported);
        assert_eq!(sandbox.document_count("_system", "c"), 1, "{reported}");
    }
}

/// The service counts what is replaced as created.
#[test]
fn replaced_documents_are_counted_as_such() {
    let text = many(30, |n| format!("{{\"_key\":\"{}\",\"n\":{n}}}\n", n % 20));
    let line = "import c d.ndjson -p play --replace --batch-size 25";
    let (sandbox, home) = start();
    home.file("d.ndjson", &text);
    sandbox.put_documents(
        "_system",
        "c",
        (0..5).map(|n| json!({"_key": n.to_string()})),
    );
    let ended = run(&home, line).code(0);
    assert_eq!(
        (&ended.json()["created"], &ended.json()["replaced"]),
        (&json!(15), &json!(15))
    );
    // A key that may not query gets what is known.
    let (sandbox, home) = start();
    home.file("d.ndjson", &text);
    sandbox.fault(
        Fault::refusal(403, 11, "forbidden")
            .path("/_fabric/_system/_api/cursor")
            .always(),
    );
    let ended = run(&home, line).code(0);
    assert!(
        ended
            .stderr
            .contains("30 documents: 30 created or replaced, 0 failed"),
        "{ended:#?}"
    );
}
