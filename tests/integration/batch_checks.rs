//! `batch`: what is checked before the first call, and results as one list.

use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::support::Home;
use crate::typed::words;

#[test]
fn constraints_that_maas_does_not_know_are_refused_before_the_first_call() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("names", "node17\nnode18\n");
    home.file(
        "ready",
        [
            json!({"method": "GET", "path": "/tags/"}),
            json!({"method": "POST", "path": "/machines/", "op": "allocate", "items": ["name=a"]}),
            json!({"method": "POST", "path": "/machines/", "op": "allocate", "items": ["nmae=a"]}),
        ]
        .map(|row| format!("{row}\n"))
        .concat(),
    );
    let template = "batch post /machines/ --op allocate nmae={} --from names";
    for (line, row) in [(template, ""), ("batch --from ready", "row 3: ")] {
        let ended = home
            .run(&words(line))
            .fails(2, "MAAS knows no constraint `nmae`");
        assert!(
            ended.stderr.starts_with(&format!("apicall: {row}")),
            "{ended:?}"
        );
        assert!(ended.stderr.contains("did you mean `name=…`?"), "{ended:?}");
        let calls = sandbox.requests();
        let calls: Vec<_> = calls
            .iter()
            .filter(|r| !r.target.ends_with("/describe/") && !r.target.ends_with("/version/"))
            .collect();
        assert!(calls.is_empty(), "{calls:?}");
    }
    home.run(&words(&format!("{template} --force --dry-run")))
        .code(0);
    let ended = home.run(&words(&format!("{template} --force")));
    assert!(
        ended.stderr.contains("has no parameter `nmae`"),
        "{ended:?}"
    );
    let calls = sandbox.requests();
    assert_eq!(calls.iter().filter(|r| r.method == "POST").count(), 2);
}

#[test]
fn results_are_elements_of_one_list() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("rows", "a\nb\nc\n");
    for format in ["json", "compact"] {
        let line = format!("batch get /tags/{{}}/ --from rows --ordered -o {format}");
        let ended = home.run(&words(&line)).code(11);
        let list: Vec<Value> = serde_json::from_str(ended.stdout()).expect("a list");
        let rows: Vec<&Value> = list.iter().map(|result| &result["row"]).collect();
        assert_eq!(rows, [&json!(1), &json!(2), &json!(3)], "{format}");
    }
    let line = "batch get /tags/{}/ --from rows --ordered -o yaml";
    let ended = home.run(&words(line)).code(11);
    assert_eq!(
        ended
            .stdout()
            .lines()
            .filter(|line| line.starts_with("- row: "))
            .count(),
        3
    );
}

#[test]
fn a_wait_reads_paths_from_standard_input() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let line = words("wait - --until .hostname -o compact");
    let ended = home
        .run_with(&line, b"/machines/4y3h7n/\n\n/machines/4y3h8q/\n")
        .code(0);
    assert_eq!(ended.json().as_array().map(Vec::len), Some(2));
    let before = sandbox.requests().len();
    let ended = home.run_with(&line, b" \n").code(0);
    assert_eq!(
        ended.stderr,
        "apicall: note: standard input names no path: there is nothing to wait for\n"
    );
    assert_eq!(sandbox.requests().len(), before);
}
