//! CONTRACT, `export`: all documents, or an error; files that appear whole; resumption.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

fn start(count: usize) -> (Sandbox, Home) {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "c", count);
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

fn run(home: &Home, line: &str) -> Ended {
    home.run(&words(line))
}

fn numbers(text: &str) -> Vec<u64> {
    text.lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["n"]
                .as_u64()
                .unwrap()
        })
        .collect()
}

fn all(count: u64) -> Vec<u64> {
    (0..count).collect()
}

#[test]
fn every_document_comes_by_both_ways_and_in_every_form() {
    for way in ["cursor", "offset"] {
        let (sandbox, home) = start(2500);
        let ended = run(&home, &format!("export c -p play --by {way}")).ok();
        assert_eq!(numbers(ended.stdout()), all(2500), "{way}");
        let ended = run(
            &home,
            &format!("export c -p play --by {way} -o json --page-size 700"),
        )
        .ok();
        assert_eq!(ended.json().as_array().unwrap().len(), 2500);
        let line = format!("export c -p play --by {way} -o csv --columns _key,n");
        let ended = run(&home, &line).code(0);
        assert!(
            ended
                .stdout()
                .replace('\r', "")
                .starts_with("_key,n\n0,0\n1,1\n"),
            "{ended:?}"
        );
        assert_eq!(ended.stdout().lines().count(), 2501);
        assert_eq!(sandbox.cursors(), [], "{way}");
    }
    let (_sandbox, home) = start(0);
    run(&home, "export c -p play").ok();
}

#[test]
fn what_was_exported_is_imported_again() {
    for way in ["cursor", "offset"] {
        let (sandbox, home) = start(1500);
        sandbox.create_collection("_system", "d");
        let text = run(&home, &format!("export c -p play --by {way}"))
            .ok()
            .stdout;
        home.run_with(&words("import d -p play"), &text).code(0);
        let without_ids = |name| -> Vec<Value> {
            let documents = sandbox.documents("_system", name).into_iter();
            let bare = documents.map(|mut d| {
                let members = d.as_object_mut().unwrap();
                members.remove("_id");
                members.remove("_rev");
                d
            });
            bare.collect()
        };
        assert_eq!(without_ids("d"), without_ids("c"), "{way}");
    }
}

#[test]
fn a_number_that_does_not_agree_is_an_error_and_leaves_no_file() {
    let (sandbox, home) = start(30);
    let count = json!({"count": 31, "error": false, "code": 200}).to_string();
    sandbox.fault(
        Fault::body(200, "application/json", count)
            .path("/_fabric/_system/_api/collection/c/count")
            .always(),
    );
    let ended = run(&home, "export c -p play").code(1);
    assert_eq!(numbers(ended.stdout()).len(), 30);
    assert!(
        ended
            .stderr
            .contains("30 documents came, but the collection has 31 documents"),
        "{ended:?}"
    );
    home.file("out", "old");
    run(&home, "export c -p play --to out").code(1);
    assert_eq!(fs::read_to_string(home.path().join("out")).unwrap(), "old");
    let names = fs::read_dir(home.path()).unwrap().count();
    assert_eq!(names, 2, "the file and the config: nothing is left behind");
}

/// A key that reads documents may not see the collection's figures.
#[test]
fn a_number_that_is_not_reported_is_a_warning() {
    let uncounted = [
        (
            403,
            json!({"error": true, "code": 403, "errorNum": 11}),
            "403",
        ),
        (
            404,
            json!({"error": true, "code": 404, "errorNum": 404}),
            "404",
        ),
        (
            501,
            json!({"error": true, "code": 501, "errorNum": 9}),
            "501",
        ),
        (200, json!({"error": false, "code": 200}), "no count"),
    ];
    for (status, response, reported) in uncounted {
        let (sandbox, home) = start(2100);
        sandbox.fault(
            Fault::body(status, "application/json", response.to_string())
                .path("/_fabric/_system/_api/collection/c/count")
                .always(),
        );
        for way in ["cursor", "offset"] {
            let ended = run(&home, &format!("export c -p play --by {way}")).code(0);
            assert_eq!(numbers(ended.stdout()), all(2100), "{reported} {way}");
            let warnings: Vec<&str> = ended.stderr.lines().collect();
            assert!(
                matches!(warnings[..], [line] if line.contains("warning: ") && line.contains(reported)),
                "{ended:?}"
            );
        }
    }
}

#[test]
fn a_file_appears_when_it_is_whole_and_an_offset_is_resumed() {
    let (sandbox, home) = start(2500);
    let ended = run(&home, "export c -p play --to out").code(0);
    assert!(ended.stdout.is_empty());
    assert!(ended.stderr.ends_with(": 2,500 documents\n"), "{ended:?}");
    let read = |name: &str| fs::read_to_string(home.path().join(name));
    assert_eq!(numbers(&read("out").unwrap()), all(2500));

    let line = "export c -p play --to part-wise --by offset --retries 0";
    let fault = || Fault::from(Effect::ResetBeforeAnswer).path("/_fabric/_system/_api/export/");
    sandbox.fault(fault().after(2));
    let ended = run(&home, line).fails(7, "after 2,000 items");
    assert!(ended.stderr.contains("`--resume` continues"), "{ended:?}");
    assert!(read("part-wise").is_err());
    // A run that was killed leaves half a line.
    let part = home.path().join("part-wise.part");
    let half = fs::read_to_string(&part).unwrap() + "{\"_ke";
    fs::write(&part, half).unwrap();
    sandbox.fill_collection("_system", "other", 1);
    let other = line.replace("export c", "export other");
    run(&home, &format!("{other} --resume")).fails(2, "belongs to another export");
    let before = sandbox.requests().len();
    run(&home, &format!("{line} --resume")).code(0);
    assert_eq!(numbers(&read("part-wise").unwrap()), all(2500));
    let pages = sandbox.requests()[before..]
        .iter()
        .filter(|r| r.target.contains("/export/"))
        .count();
    assert_eq!(pages, 1);
    assert!(read("part-wise.part").is_err() && read("part-wise.part.json").is_err());
}

/// Offsets say nothing of a list that changes.
#[test]
fn a_document_that_goes_meanwhile_is_no_whole_export() {
    let (sandbox, home) = start(2500);
    // The first page comes slowly, and a document of it goes meanwhile.
    let slow = Fault::from(Effect::Delay(Duration::from_millis(600)));
    sandbox.fault(slow.path("/_fabric/_system/_api/export/"));
    let line = "export c -p play --by offset --to out";
    let child = home.spawn(&words(line));
    let started = std::time::Instant::now();
    while !sandbox
        .requests()
        .iter()
        .any(|r| r.target.contains("/export/"))
    {
        assert!(started.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    run(&home, "delete document/c/5 -p play").code(0);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("had 2,500 documents before and 2,499 documents after"),
        "{stderr}"
    );
    assert!(!home.path().join("out").exists());
    // Nobody goes on with it.
    run(&home, &format!("{line} --resume")).fails(1, "is in the way");
    // Nor does another collection's export take its place.
    let (_sandbox, home) = start(30);
    fs::write(home.path().join("out.part"), "x").unwrap();
    let record = home.path().join("out.part.json");
    let other = r#"{"apicall":"export","url":"http://h","fabric":"_system","collection":"d"}"#;
    fs::write(&record, other).unwrap();
    run(&home, line).fails(2, "belongs to another export");
    // Another program's file is not replaced.
    fs::write(&record, "{}").unwrap();
    run(&home, line).fails(1, "`out.part.json` is in the way");
    assert_eq!(fs::read(&record).unwrap(), b"{}");
}

#[cfg(unix)]
#[test]
fn nothing_is_left_of_an_export_that_is_ended() {
    use rustix::process::{Pid, Signal, kill_process};
    let (sandbox, home) = start(5000);
    let slow = Fault::from(Effect::StallBeforeHead).method("PUT");
    sandbox.fault(slow);
    let child = home.spawn(&words("export c -p play --to out"));
    let started = std::time::Instant::now();
    while !sandbox.requests().iter().any(|r| r.method == "PUT") {
        assert!(started.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    let names: Vec<_> = (fs::read_dir(home.path()).unwrap())
        .map(|e| e.unwrap().file_name())
        .filter(|name| name != ".config")
        .collect();
    assert!(names.is_empty(), "{names:?}");
    assert_eq!(sandbox.cursors(), [], "the cursor is deleted, too");
    // Nothing is begun for a collection that is not there.
    run(&home, "export none -p play --by offset --to out").fails(4, "1203");
    assert!(!home.path().join("out.part").exists());
}

#[test]
fn what_is_refused() {
    let (_sandbox, home) = start(1);
    for (line, code, text) in [
        ("export c -p lab", 2, "for Macrometa"),
        ("export c -p play --to f --resume", 2, "by offset"),
        ("export c -p play --page-size 1001", 2, "1001"),
        ("export none -p play", 4, "1203"),
    ] {
        run(&home, line).fails(code, text);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    use std::io::{BufRead as _, BufReader, Read as _};
    let (sandbox, home) = start(50_000);
    let mut child = home.spawn(&words("export c -p play"));
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(numbers(&line), [0]);
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!((child.wait().unwrap().code(), &*stderr), (Some(0), ""));
    assert_eq!(sandbox.cursors(), []);
    assert_eq!(sandbox.cursor_deletes(), 1);
}

#[test]
fn the_name_of_the_file_chooses_the_format() {
    use std::io::Read as _;
    let (_sandbox, home) = start(3);
    for (name, flags, want) in [
        ("x.ndjson", "", "{\"_key\":\"0\""),
        ("x.jsonl", "", "{\"_key\":\"0\""),
        ("x", "", "{\"_key\":\"0\""),
        ("x.json", "", "[\n  {\n    \"_"),
        ("x.csv", "--columns _key,n", "_key,n\n0,0\n"),
        ("x.CSV", "--columns _key,n", "_key,n\n0,0\n"),
        ("x.tsv", "--columns _key,n", "_key\tn\n0\t0\n"),
        ("x.csv", "-o ndjson", "{\"_key\":\"0\""),
        ("x.json", "-o tsv --columns _key,n", "_key\tn\n0\t0\n"),
    ] {
        for packed in [false, true] {
            let name = format!("{name}{}", if packed { ".gz" } else { "" });
            for way in ["cursor", "offset"] {
                run(
                    &home,
                    &format!("export c -p play --by {way} --to {name} {flags}"),
                )
                .code(0);
                let bytes = fs::read(home.path().join(&name)).unwrap();
                let mut text = String::new();
                if packed {
                    let mut unpacked = flate2::read::GzDecoder::new(&bytes[..]);
                    unpacked.read_to_string(&mut text).unwrap();
                } else {
                    text = String::from_utf8(bytes).unwrap();
                }
                assert!(
                    text.replace("\"_id\":\"c/0\",", "").starts_with(want),
                    "{name} {flags}: {text}"
                );
            }
        }
    }
    run(
        &home,
        "export c -p play --by offset --to y.ndjson.gz --resume",
    )
    .fails(2, "not packed");
}

#[test]
fn what_a_table_can_not_keep_is_said_once() {
    let (sandbox, home) = start(0);
    sandbox.put_documents(
        "_system",
        "c",
        [
            json!({"_key": "a", "n": 1, "l": [1]}),
            json!({"_key": "b", "n": null}),
        ],
    );
    for format in ["csv", "tsv"] {
        let ended = run(
            &home,
            &format!("export c -p play -o {format} --columns _key,n,l"),
        )
        .code(0);
        assert_eq!(
            ended.stderr.matches("does not keep").count(),
            1,
            "{ended:?}"
        );
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        run(
            &home,
            &format!("export c -p play -o {format} --columns _key"),
        )
        .ok();
    }
    run(&home, "export c -p play").ok();
}

/// Members of every kind, keys that have to be escaped, numbers of every size.
fn document() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let text = || "[a-z\"\\\\/\n\t\u{1}é\u{1f600},;{}\\[\\]:]{0,6}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // The sandbox reads longer ones with a last digit that is off by one.
        any::<i16>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
        text().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    // `result` and `error` make a document look like a response.
    let name = prop_oneof![
        Just("result".to_owned()),
        Just("error".to_owned()),
        text().prop_map(|t| format!("m{t}"))
    ];
    prop::collection::btree_map(name, value, 0..4)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// Export, import, export: nothing but `_id` and `_rev` differs, in any of the formats.
#[test]
fn a_round_trip_changes_nothing() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let documents = prop::collection::vec(document(), 1..6);
    let mut runner = TestRunner::new(Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&documents, |documents| {
        let sandbox = Sandbox::start();
        for name in ["c", "d"] {
            sandbox.create_collection("_system", name);
        }
        let home = Home::with_profiles(&sandbox);
        let keyed = documents.into_iter().enumerate().map(|(n, mut document)| {
            document["_key"] = json!(n.to_string());
            document
        });
        sandbox.put_documents("_system", "c", keyed);
        for name in ["x.ndjson", "x.json", "x.ndjson.gz", "x.json.gz"] {
            let file = |collection: &str, way: &str| {
                let name = format!("{collection}-{way}-{name}");
                run(
                    &home,
                    &format!("export {collection} -p play --by {way} --to {name}"),
                )
                .code(0);
                (fs::read(home.path().join(&name)).unwrap(), name)
            };
            for way in ["cursor", "offset"] {
                run(&home, "put collection/d/truncate -p play").code(0);
                let (_, from) = file("c", way);
                run(&home, &format!("import d {from} -p play")).code(0);
                // An export by offset has neither `_id` nor `_rev`.
                prop_assert_eq!(
                    file("d", "offset").0,
                    file("c", "offset").0,
                    "{} {}",
                    way,
                    name
                );
            }
        }
        Ok(())
    });
    result.unwrap();
}
