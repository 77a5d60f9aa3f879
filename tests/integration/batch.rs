//! `batch`: rows of every kind in, one call each, results and failures out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::sandbox::{Fault, Options, Recorded, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

/// Machines `vm0001` and so on, and a user.
fn desk(machines: usize) -> (Sandbox, Home) {
    let sandbox = Sandbox::with(Options {
        maas_machines: machines,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

/// The lines of stdout by row.
fn results(ended: &Ended) -> BTreeMap<u64, Value> {
    let lines = ended.stdout().lines().map(|line| {
        let value: Value = serde_json::from_str(line).expect(line);
        (value["row"].as_u64().unwrap(), value)
    });
    lines.collect()
}

/// `METHOD TARGET BODY` of each request, sorted.
fn wire(sandbox: &Sandbox) -> Vec<String> {
    let reported = |request: &Recorded| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        format!("{} {} {body}", request.method, request.target)
            .trim_end()
            .to_owned()
    };
    let mut all: Vec<String> = sandbox.requests().iter().map(reported).collect();
    all.sort();
    all
}

/// A name on each line.
fn tags(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "t{n}");
        text
    })
}

#[test]
fn a_call_for_each_row() {
    let (sandbox, home) = desk(3);
    home.file(
        "m.csv",
        "id,new\r\nvm0001,a b\r\nvm0002,x&y=@/etc/passwd\r\n",
    );
    let ended = home
        .run(&words(
            "batch put /machines/{id}/ description={new} --from m.csv",
        ))
        .code(0);
    assert_eq!(
        wire(&sandbox),
        [
            "PUT /MAAS/api/2.0/machines/vm0001/ description=a%20b",
            "PUT /MAAS/api/2.0/machines/vm0002/ description=x%26y%3D%40%2Fetc%2Fpasswd",
        ]
    );
    let results = results(&ended);
    assert_eq!(results.len(), 2);
    let one = &results[&1];
    assert_eq!(one["input"], json!({"id": "vm0001", "new": "a b"}));
    assert_eq!(
        (
            &one["method"],
            &one["path"],
            &one["status"],
            &one["attempts"]
        ),
        (
            &json!("PUT"),
            &json!("/MAAS/api/2.0/machines/vm0001/"),
            &json!(200),
            &json!(1)
        )
    );
    assert_eq!(one["body"]["system_id"], "vm0001");
    assert!(one["ms"].is_u64() && one.get("error").is_none());
    assert_eq!(ended.stderr, "apicall: lab: 2 rows: 2 done\n");
}

#[test]
fn rows_that_fail_are_exit_11_and_named() {
    let (sandbox, home) = desk(2);
    home.file("ids.txt", "vm0001\nnone1\n\nvm0002\n");
    let ended = home
        .run(&words("batch get /machines/{}/ --from ids.txt --ordered"))
        .code(11);
    let results = results(&ended);
    assert_eq!(results[&2]["status"], 404);
    assert_eq!(results[&2]["exit"], 4);
    assert_eq!(results[&2]["input"], "none1");
    assert!(
        results[&2]["error"]
            .as_str()
            .unwrap()
            .starts_with("404 Not Found")
    );
    assert_eq!(results[&3]["body"]["hostname"], "vm0002");
    let mut lines = ended.stderr.lines();
    let first = lines.next().unwrap();
    assert!(
        first.starts_with("apicall: row 2: lab: GET /MAAS/api/2.0/machines/none1/: 404 Not Found"),
        "{first}"
    );
    assert_eq!(lines.last(), Some("apicall: lab: 3 rows: 2 done, 1 failed"));
    assert_eq!(sandbox.requests().len(), 3);
}

#[test]
fn ready_requests() {
    let (sandbox, home) = desk(0);
    let rows = json!([
        {"method": "POST", "path": "/tags/", "items": ["name=a", "comment=@/etc/passwd"]},
        {"method": "get", "path": "/machines/", "op": "list_allocated", "items": ["zone=@@x"], "headers": {"X-Trace": "7"}},
    ]);
    home.file("r.json", rows.to_string());
    home.run(&words("batch --from r.json")).code(0);
    assert_eq!(
        wire(&sandbox),
        [
            "GET /MAAS/api/2.0/machines/?op=list_allocated&zone=%40%40x",
            "POST /MAAS/api/2.0/tags/ name=a&comment=%40%2Fetc%2Fpasswd",
        ]
    );
    let traced = sandbox.requests();
    let traced = traced.iter().find(|r| r.method == "GET").unwrap();
    let is_trace =
        |(name, value): &(String, String)| name.eq_ignore_ascii_case("x-trace") && value == "7";
    assert!(traced.headers.iter().any(is_trace));
}

#[test]
fn what_is_wrong_with_a_row_is_found_before_the_first_call() {
    let (sandbox, home) = desk(1);
    let sandbox = sandbox.may_stay_silent();
    let long = format!("a\n{}\n", "x".repeat(65 << 20));
    for (rows, path, code, want) in [
        (
            "{\"id\":\"a\"}\n{\"ip\":\"b\"}\n",
            "/machines/{id}/",
            2,
            "row 2: `id` is missing or null",
        ),
        (
            "{\"id\":\"a\"}\n{\"id\":null}\n",
            "/machines/{id}/",
            2,
            "row 2: `id` is missing or null",
        ),
        (
            "{\"id\":\"a\"}\n{\"id\":\"\"}\n",
            "/machines/{id}/",
            2,
            "row 2: `{id}` is empty, and stands in PATH",
        ),
        (
            "{\"id\":\"a\"}\n{\"id\":\"..\"}\n",
            "/machines/{id}/",
            2,
            "row 2: the path has a segment `..`",
        ),
        (
            "{\"id\":\"a\"}\noops\n",
            "/machines/{id}/",
            2,
            "row 2: line 2: not JSON",
        ),
        (
            "[{\"id\":\"a\"},\n{\"id\":]",
            "/machines/{id}/",
            1,
            "row 2: line 2: not JSON",
        ),
        (
            "vm0001\n",
            "/machines/{id}/",
            2,
            "row 1: `id` is missing or null",
        ),
        (
            long.as_str(),
            "/machines/{}/",
            1,
            "row 2: line 2 is longer than 64 MiB",
        ),
    ] {
        home.file("rows", rows);
        home.run(&words(&format!("batch delete {path} --from rows")))
            .fails(code, want);
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn no_rows_are_no_calls() {
    let (sandbox, home) = desk(0);
    let sandbox = sandbox.may_stay_silent();
    for rows in ["", "\n\n", "[]", "\u{feff}"] {
        let ended = home
            .run_with(
                &words("batch delete /machines/{}/ --from -"),
                rows.as_bytes(),
            )
            .code(0);
        assert_eq!(
            ended.stderr,
            "apicall: note: there are no rows: nothing was sent\n"
        );
        assert!(ended.stdout.is_empty());
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn results_pass_through_every_format() {
    let (sandbox, home) = desk(2);
    sandbox.fault(
        Fault::body(
            200,
            "application/json",
            "{\"n\": 1.10, \"big\": 12345678901234567890123}",
        )
        .path("/MAAS/api/2.0/machines/vm0001/")
        .always(),
    );
    home.file("ids", "vm0001\nvm0002\nnone\n");
    let run = |flags: &str, code| {
        let line = format!("batch get /machines/{{}}/ --from ids --ordered {flags}");
        home.run(&words(&line)).code(code).stdout().to_owned()
    };
    assert!(run("", 11).contains("\"body\":{\"n\":1.10,\"big\":12345678901234567890123}"));
    assert_eq!(
        run("-o csv --columns input,status", 11),
        "input,status\nvm0001,200\nvm0002,200\nnone,404\n"
    );
    assert_eq!(run("--jq .input -r", 11), "vm0001\nvm0002\nnone\n");
    // A result that the filter does not fit costs itself.
    assert_eq!(run("--jq .body.hostname", 11), "null\n\"vm0002\"\n");
    assert_eq!(run("-q", 11), "");
}

#[test]
fn names_are_looked_up_together() {
    let (sandbox, home) = desk(40);
    let mut rows = String::from("host,zone\n");
    for n in 1..=40 {
        let _ = writeln!(rows, "vm{n:04},default");
    }
    home.file("m.csv", rows);
    home.run(&words(
        "batch put /machines/@{host}/ zone=@@{zone} --from m.csv -j 8",
    ))
    .code(0);
    let (asked, sent): (Vec<Recorded>, Vec<Recorded>) = sandbox
        .requests()
        .into_iter()
        .partition(|r| r.method == "GET");
    assert_eq!(sent.len(), 40);
    assert!(asked.len() <= 2, "{asked:?}");
    home.file("m.csv", "host,zone\nnobody,default\nvm0001,nowhere\n");
    sandbox.forget_requests();
    let ended = home
        .run(&words(
            "batch put /machines/@{host}/ zone=@@{zone} --from m.csv",
        ))
        .code(4);
    assert!(
        ended.stderr.contains("nobody") && ended.stderr.contains("nowhere"),
        "{ended:?}"
    );
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
}

#[test]
fn dry_run_lists_the_requests() {
    let (sandbox, home) = desk(0);
    let sandbox = sandbox.may_stay_silent();
    let ended = home
        .run_with(
            &words("batch post /tags/ name={} --from - --dry-run"),
            b"a\nb c\n",
        )
        .code(0);
    let reported = ended.stdout();
    assert_eq!(
        reported
            .matches("POST /MAAS/api/2.0/tags/ HTTP/1.1")
            .count(),
        2
    );
    assert!(
        reported.contains("name=a\n") && reported.contains("name=b%20c\n"),
        "{reported}"
    );
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_refused_key_and_max_fail_start_no_more_calls() {
    let (sandbox, home) = desk(0);
    home.file("ids", tags(50));
    sandbox.fault(Fault::status(401).path("/MAAS/api/2.0/tags/").always());
    let ended = home
        .run(&words("batch get /tags/{}/ --from ids -j 1"))
        .code(11);
    assert_eq!(sandbox.requests().len(), 1);
    assert!(
        ended.stderr.contains("the key was refused (401)"),
        "{ended:?}"
    );
    sandbox.clear_faults();
    sandbox.forget_requests();
    let ended = home
        .run(&words("batch get /tags/{}/ --from ids -j 1 --max-fail 3"))
        .code(11);
    assert_eq!(sandbox.requests().len(), 3);
    assert!(ended.stderr.contains("3 failed, 47 not sent"), "{ended:?}");
    sandbox.forget_requests();
    home.run(&words("batch get /tags/{}/ --from ids -j 1 --max-fail 20%"))
        .code(11);
    assert_eq!(sandbox.requests().len(), 10);
}

#[test]
fn a_server_that_puts_calls_off_loses_none() {
    let (sandbox, home) = desk(0);
    home.file("ids", tags(30));
    for status in [429, 503] {
        let fault = Fault::status(status).retry_after("0").method("POST");
        sandbox.fault(fault.times(12));
    }
    let ended = home
        .run(&words("batch post /tags/ name={} --from ids -j 8"))
        .code(0);
    let results = results(&ended);
    assert_eq!(results.len(), 30);
    assert!(
        results
            .values()
            .all(|r| r["status"] == 200 || r["status"] == 201)
    );
    let attempts: u64 = results
        .values()
        .map(|r| r["attempts"].as_u64().unwrap())
        .sum();
    assert_eq!(attempts, 54);
    assert_eq!(sandbox.requests().len(), 54);
    // Without an end the row fails, after ten more tries.
    sandbox.forget_requests();
    sandbox.fault(Fault::status(429).retry_after("0").always());
    home.file("ids", "x\n");
    home.run(&words("batch post /tags/ name={} --from ids"))
        .code(11);
    assert_eq!(sandbox.requests().len(), 11);
}
