//! `query`: what is sent for each flag, rows that stream, and lists that break off.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::sandbox::{Effect, Fault, Options, Sandbox};
use crate::support::{Home, is_installed};
use crate::typed::{Desk, words};

const ROWS: &str = "query -p play 'FOR i IN 1..1000 RETURN i'";

fn both() -> (Sandbox, Home) {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

fn sent(sandbox: &Sandbox, method: &str) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|r| r.method == method).count()
}

#[test]
fn every_flag_as_sent() {
    let (sandbox, home) = both();
    let empty = r#"{"result":[],"hasMore":false}"#;
    sandbox.fault(Fault::body(201, "application/json", empty).always());
    let desk = Desk { sandbox, home };
    desk.home.file("q.c8ql", "\u{feff}FOR d IN c\n RETURN d\n");
    desk.home.file("text", "two\nlines");
    desk.home.file("json", " [1.10, 1e400]\n");
    let below = "/_fabric/_system/_api/";
    for (line, path, body) in [
        (
            "'RETURN 1'",
            "cursor",
            r#"{"query":"RETURN 1","batchSize":1000,"ttl":300}"#,
        ),
        (
            "'RETURN 1' --max-items 7",
            "cursor",
            r#"{"query":"RETURN 1","batchSize":7,"ttl":300}"#,
        ),
        (
            "'RETURN 1' --max-items 7000 --ttl 10m",
            "cursor",
            r#"{"query":"RETURN 1","batchSize":1000,"ttl":600}"#,
        ),
        (
            "'RETURN 1' --batch-size 50 --ttl 0.2 --stream --count --full-count",
            "cursor",
            r#"{"query":"RETURN 1","batchSize":50,"ttl":1,"count":true,"options":{"stream":true,"fullCount":true}}"#,
        ),
        (
            "--sql 'SELECT * FROM c' --full-count",
            "cursor/sql",
            r#"{"query":"SELECT * FROM c","batchSize":1000,"ttl":300,"options":{"fullCount":true}}"#,
        ),
        (
            "--file q.c8ql",
            "cursor",
            r#"{"query":"FOR d IN c\n RETURN d","batchSize":1000,"ttl":300}"#,
        ),
        (
            "x -b a=b=c --bind n:=1.10 -b t=@text -b j:=@json -b @c=orders -b 'odd[]=x' -b e=",
            "cursor",
            r#"{"query":"x","bindVars":{"a":"b=c","n":1.10,"t":"two\nlines","j":[1.10, 1e400],"@c":"orders","odd[]":"x","e":""},"batchSize":1000,"ttl":300}"#,
        ),
        (
            "--worker 'top/5' -b n:=3",
            "restql/execute/top%2F5",
            r#"{"bindVars":{"n":3},"batchSize":1000}"#,
        ),
        ("--worker w", "restql/execute/w", r#"{"batchSize":1000}"#),
        (
            "--explain x -b n:=3",
            "query/explain",
            r#"{"query":"x","bindVars":{"n":3}}"#,
        ),
        ("--validate x", "query", r#"{"query":"x"}"#),
    ] {
        let request = desk.sent(&format!("query -p play {line}"));
        assert_eq!(request.method, "POST", "{line}");
        assert_eq!(request.target, format!("{below}{path}"), "{line}");
        assert_eq!(String::from_utf8_lossy(&request.body), body, "{line}");
        assert_eq!(request.header("content-type"), Some("application/json"));
    }
    let request = desk.sent("query -p play --fabric other x");
    assert_eq!(request.target, "/_fabric/other/_api/cursor");
    for line in ["query -p play -", "query -p play --file -"] {
        let request = desk.sent_with(line, b"RETURN 2\n");
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["query"], "RETURN 2");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    for (line, why) in [
        ("query 'RETURN 1'", "`query` is for Macrometa"),
        ("query -p play", "required"),
        ("query -p play ''", "the query is empty"),
        ("query -p play x --file y", "cannot be used with"),
        ("query -p play x --worker w", "cannot be used with"),
        ("query -p play --worker w --count", "cannot be used with"),
        ("query -p play --worker ''", "`--worker` is empty"),
        (
            "query -p play x --explain --validate",
            "cannot be used with",
        ),
        ("query -p play x --batch-size 0", "0 is not in"),
        ("query -p play x -o raw", "`query` joins several"),
        (
            "query -p play x -b secret",
            "`--bind secret` is not a bind variable",
        ),
        (
            "query -p play x -b secret:x",
            "`--bind secret` is not a bind variable",
        ),
        ("query -p play x -b n:=nope", "the value of `n` is not JSON"),
        ("query -p play x -b n=1 -b n=2", "`n` is given twice"),
        (
            "query -p play - -b n=@-",
            "standard input is read by more than one",
        ),
    ] {
        let ended = home.run(&words(line)).code(2);
        assert!(ended.stderr.contains(why), "{line}: {}", ended.stderr);
        assert_eq!(ended.stdout(), "", "{line}");
    }
    home.run(&words("query -p play --file nope"))
        .fails(1, "nope");
}

#[test]
fn rows_in_all_forms() {
    let (sandbox, home) = both();
    let documents = (1..=3).map(|n| json!({"_key": n.to_string(), "n": n}));
    sandbox.put_documents("_system", "three", documents);
    let query = "query -p play 'FOR d IN three RETURN {k: d._key, n: d.n}' --batch-size 2";
    for (flags, want) in [
        (
            "-o compact",
            "[{\"k\":\"1\",\"n\":1},{\"k\":\"2\",\"n\":2},{\"k\":\"3\",\"n\":3}]\n",
        ),
        (
            "-o ndjson --max-items 2",
            "{\"k\":\"1\",\"n\":1}\n{\"k\":\"2\",\"n\":2}\n",
        ),
        ("-o csv", "k,n\n1,1\n2,2\n3,3\n"),
        ("-o table --sort -n --no-header --columns n", "3\n2\n1\n"),
        ("--jq 'map(.n) | add'", "6\n"),
        ("--each --jq .k -r", "1\n2\n3\n"),
    ] {
        let ended = home.run(&words(&format!("{query} {flags}"))).ok();
        assert_eq!(ended.stdout(), want, "{flags}");
    }
    let sql = home.run(&words(
        "query -p play --sql 'SELECT * FROM three' --each --jq .n",
    ));
    assert_eq!(sql.ok().stdout(), "1\n2\n3\n");
    let empty = home.run(&words(
        "query -p play 'FOR i IN 1..3 FILTER i > 5 RETURN i'",
    ));
    assert_eq!(empty.ok().stdout(), "[]\n");
    let write = home.run(&words("query -p play 'FOR d IN three REMOVE d IN three'"));
    assert_eq!(write.ok().stdout(), "[]\n");
    assert_eq!(sandbox.document_count("_system", "three"), 0);
}

#[test]
fn workers_run_by_name() {
    let (sandbox, home) = both();
    for (name, value) in [
        ("numbers", "FOR i IN 1..@n RETURN i"),
        ("clear", "FOR d IN three REMOVE d IN three"),
    ] {
        let body = json!({"query": {"name": name, "value": value}}).to_string();
        home.run(&["post", "restql", "-p", "play", "--body", &body])
            .code(0);
    }
    sandbox.put_documents("_system", "three", [json!({"_key": "1"})]);
    let ended = home
        .run(&words(
            "query -p play --worker numbers -b n:=2500 -o ndjson",
        ))
        .ok();
    assert_eq!(ended.stdout().lines().count(), 2500);
    let fetched = sandbox.requests();
    let fetched = fetched
        .iter()
        .filter(|r| r.path().contains("/restql/fetch/"));
    assert_eq!(fetched.count(), 2);
    assert_eq!(
        home.run(&words("query -p play --worker clear"))
            .ok()
            .stdout(),
        "[]\n"
    );
    assert_eq!(sandbox.document_count("_system", "three"), 0);
    home.run(&words("query -p play --worker nope"))
        .fails(4, "1502");
}

#[test]
fn a_query_is_explained_and_validated() {
    let (sandbox, home) = both();
    sandbox.put_documents("_system", "three", [json!({"_key": "1"})]);
    let plan = home
        .run(&words("query -p play --explain 'FOR d IN three RETURN d'"))
        .ok();
    assert_eq!(plan.json()["plan"]["nodes"][0]["type"], "SingletonNode");
    let parsed = home.run(&words(
        "query -p play --validate 'FOR d IN three REMOVE d IN three'",
    ));
    let parsed = parsed.ok().json();
    assert_eq!(
        (&parsed["parsed"], &parsed["collections"]),
        (&json!(true), &json!(["three"]))
    );
    assert_eq!(sandbox.document_count("_system", "three"), 1);
}

#[test]
fn a_fault_in_the_query_is_shown() {
    let (_sandbox, home) = both();
    for flag in ["", "--validate", "--explain"] {
        let query = "FOR d IN c\n  RETRUN d";
        let mut args = vec!["query", "-p", "play", query];
        args.extend(Some(flag).filter(|f| !f.is_empty()));
        let ended = home.run(&args).fails(4, "(errorNum 1501, request");
        let mut lines = ended.stderr.lines().skip(1);
        let (line, mark) = (lines.next().unwrap(), lines.next().unwrap());
        assert!(
            line.starts_with("  2 | ") && mark.starts_with("    | "),
            "{ended:?}"
        );
        let at = mark.find('^').unwrap();
        assert!(line[at..].starts_with("RETRUN"), "{ended:?}");
        assert_eq!(lines.next(), None, "{ended:?}");
    }
}

#[test]
fn warnings_always_numbers_where_asked_statistics_with_v() {
    let (_sandbox, home) = both();
    let ended = home.run(&words(
        "query -p play 'FOR i IN 1..3 RETURN 1/0' -o compact --batch-size 1",
    ));
    let ended = ended.code(0);
    let call = "play: POST /_fabric/_system/_api/cursor";
    let warning = format!("apicall: warning: {call}: division by zero (errorNum 1562)\n");
    assert_eq!(ended.stderr, warning);
    let line =
        "query -p play 'FOR i IN 1..2000 LIMIT 1500 RETURN i' -o ndjson --count --full-count";
    let ended = home.run(&words(line)).code(0);
    let reported = format!("apicall: {call}: count 1,500\napicall: {call}: full count 2,000\n");
    assert_eq!(ended.stderr, reported);
    assert_eq!(ended.stdout().lines().count(), 1500);
    let ended = home.run(&words(&format!("{ROWS} -v -o ndjson"))).code(0);
    assert!(ended.stderr.contains("\n* writesExecuted 0, "), "{ended:?}");
    assert!(ended.stderr.contains("* page 1: 1,000 items"), "{ended:?}");
}

#[test]
fn a_later_page_that_fails_is_reported_with_the_rows_before() {
    for (fault, code, cause) in [
        (
            Fault::cursor_gone().page(5),
            4,
            "after 40 items: 404 Not Found: cursor not found",
        ),
        (
            Fault::from(Effect::CutInBody(5)).page(3),
            7,
            "after 20 items: ",
        ),
        (
            Fault::status(502).page(10),
            5,
            "after 90 items: 502 Bad Gateway",
        ),
    ] {
        let (sandbox, home) = both();
        sandbox.fault(fault);
        let ended = home
            .run(&words(&format!("{ROWS} --batch-size 10 -o ndjson")))
            .code(code);
        assert!(ended.stderr.contains(cause), "{ended:?}");
        let rows = ended.stdout().lines().count();
        assert!(cause.contains(&format!("after {rows} items")), "{rows}");
        // None was asked for twice, and one page behind the last that came.
        assert_eq!(sent(&sandbox, "PUT"), rows / 10, "{cause}");
    }
}

#[test]
fn a_cursor_whose_time_is_over() {
    let (sandbox, home) = both();
    let text = "x".repeat(1000);
    let line =
        format!("query -p play 'FOR i IN 1..5000 RETURN \"{text}\"' -o ndjson --batch-size 500");
    let mut child = home.spawn(&words(&line));
    drop(child.stdin.take());
    let started = Instant::now();
    // A reader that takes its time: two pages come, and wait.
    while !sandbox.cursors().iter().any(|c| c.pages == 2) {
        assert!(started.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
    sandbox.expire_cursors();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(
        stderr.contains("after 1,000 items: 404 Not Found: cursor not found"),
        "{stderr}"
    );
    assert!(stderr.contains("`query --ttl 10m`"), "{stderr}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().lines().count(),
        1000
    );
}

/// A first page is judged as the others are.
#[test]
fn what_is_no_page_of_rows_is_an_error() {
    let (sandbox, home) = both();
    let json = "application/json";
    for (label, body, why) in [
        (
            json,
            r#"{"hasMore":true,"id":"7"}"#,
            "holds no list of rows",
        ),
        (json, r#"{"hasMore":false}"#, "holds no list of rows"),
        ("text/html", "<html>", "the response is not JSON"),
    ] {
        sandbox.fault(Fault::body(201, label, body).method("POST"));
        home.run(&words("query -p play 'RETURN 1'")).fails(1, why);
    }
    for (body, why) in [
        (r#"{"result":[1],"id":"7"}"#, "`hasMore`"),
        (r#"{"result":[1],"hasMore":true,"id":".."}"#, "`id`"),
        (
            r#"{"result":[1],"hasMore":false,"count":9}"#,
            "after 1 item: the list has ended, but the server counted 9 items",
        ),
    ] {
        sandbox.fault(Fault::body(201, json, body).method("POST"));
        let ended = home
            .run(&words("query -p play 'RETURN 1' -o ndjson"))
            .code(1);
        assert!(ended.stderr.contains(why), "{ended:?}");
        assert_eq!(ended.stdout(), "1\n");
    }
    assert_eq!(sent(&sandbox, "PUT"), 0);
    // Fewer rows than all are no short list where fewer were wanted.
    let body = r#"{"result":[1,2],"hasMore":true,"id":"7","count":9}"#;
    sandbox.fault(Fault::body(201, json, body).method("POST"));
    home.run(&words("query -p play 'RETURN 1' --max-items 2"))
        .code(0);
    // A query worker that writes answers with its rows alone.
    sandbox.fault(Fault::body(200, json, r#"{"result":[]}"#).method("POST"));
    home.run(&words("query -p play --worker w")).ok();
}

#[test]
fn head_ends_it_and_the_cursor_is_deleted() {
    if !is_installed("head") {
        return;
    }
    let (sandbox, home) = both();
    let line = format!(
        "{} query -p play 'FOR i IN 1..1000000 RETURN i' -o ndjson 2>err | head -3",
        env!("CARGO_BIN_EXE_apicall")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &line])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .current_dir(home.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "1\n2\n3\n");
    assert_eq!(
        std::fs::read_to_string(home.path().join("err")).unwrap(),
        ""
    );
    assert_eq!((sandbox.cursor_deletes(), sandbox.cursors().len()), (1, 0));
}

#[test]
fn ctrl_c_deletes_the_cursor() {
    let (sandbox, home) = both();
    let mut child = home
        .command(&words(
            "query -p play 'FOR i IN 1..1000000 RETURN i' -o ndjson",
        ))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "1\n");
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!((sandbox.cursor_deletes(), sandbox.cursors().len()), (1, 0));
}

/// 100,000 rows, or a million where `APICALL_BIG` is set: as many come, in pages of a thousand, and
/// memory stays that of a few pages.
#[test]
fn many_rows_in_little_memory() {
    let count: u64 = if std::env::var_os("APICALL_BIG").is_some() {
        1_000_000
    } else {
        100_000
    };
    let sandbox = Sandbox::with(Options {
        log_limit: 0,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    let peak = |rows: u64| {
        let query = format!("FOR i IN 1..{rows} RETURN {{n: i, text: \"some text of a row\"}}");
        let mut child = home
            .command(&["query", "-p", "play", &query, "-o", "ndjson"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut seen = 0;
        for line in stdout.lines() {
            seen += 1;
            let start = format!("{{\"n\":{seen},");
            assert!(line.unwrap().starts_with(&start), "row {seen}");
        }
        assert_eq!(seen, rows);
        let usage = wait4::Wait4::wait4(&mut child).unwrap();
        assert!(usage.status.success());
        usage.rusage.maxrss
    };
    let small = peak(2000);
    let large = peak(count);
    eprintln!("peak memory: {small} for 2,000 rows, {large} for {count}");
    assert!(
        large < small + small / 2,
        "{small} for 2,000 rows, {large} for {count}"
    );
    assert_eq!(
        sent(&sandbox, "PUT"),
        usize::try_from(count / 1000).unwrap()
    );
    assert_eq!(sandbox.connections(), 2, "one for each run");

    // A cut in the middle: page 500 of a million rows.
    let page = usize::try_from(count / 2000).unwrap();
    sandbox.fault(Fault::from(Effect::CutInBody(5)).page(page));
    let line = format!("query -p play 'FOR i IN 1..{count} RETURN i' -o ndjson");
    let ended = home.run(&words(&line)).code(7);
    let rows = (page - 1) * 1000;
    assert_eq!(ended.stdout().lines().count(), rows);
    let reported = format!("after {} items: ", digits(rows));
    assert!(ended.stderr.contains(&reported), "{}", ended.stderr);
}

/// `499,000`.
fn digits(count: usize) -> String {
    format!("{},{:03}", count / 1000, count % 1000)
}

#[test]
fn a_protected_profile_asks_before_a_change() {
    let sandbox = Sandbox::start();
    sandbox.create_collection("_system", "three");
    let home = Home::with_profiles(&sandbox);
    home.write_config(&format!("{}protected = true\n", home.config()));
    home.run(&words("query -p play 'FOR d IN three RETURN d'"))
        .ok();
    let remove = "query -p play 'FOR d IN three REMOVE d IN three'";
    home.run(&words(remove)).fails(2, "`play` is protected");
    home.run(&words("query -p play --worker w"))
        .fails(2, "`play` is protected");
    home.run(&words(&format!("{remove} --explain"))).ok();
    home.run(&words(&format!("{remove} --yes"))).ok();
}

/// `-b n=1` binds a string, which equals no number.
#[test]
fn a_string_bound_like_a_number_is_noted_where_no_row_comes() {
    let (sandbox, home) = both();
    sandbox.fill_collection("_system", "c", 9);
    let find = "query -p play 'FOR d IN c FILTER d.n == @n RETURN d'";
    let ended = home.run(&words(&format!("{find} -b n=1"))).code(0);
    assert!(
        ended
            .stderr
            .starts_with("apicall: note: play: POST /_fabric/_system/_api/cursor: no rows; "),
        "{ended:#?}"
    );
    assert!(ended.stderr.contains("`--bind n:=1`"), "{ended:#?}");
    for quiet in ["-b n:=1", "-b n=one", "-b n:=77"] {
        home.run(&words(&format!("{find} {quiet}"))).ok();
    }
    // Rows came: nothing to say.
    let line = "query -p play 'FOR d IN c FILTER d._key == @k RETURN d' -b k=1";
    home.run(&words(line)).ok();
}
