//! One operation on many machines: waiting for all of them, and those that MAAS refuses.

use serde_json::{Value, json};

use crate::sandbox::{Fault, Options, Pace, Sandbox};
use crate::support::Home;
use crate::typed::words;

fn desk(machines: usize) -> (Sandbox, Home) {
    let sandbox = Sandbox::with(Options {
        maas_machines: machines,
        maas_pace: Pace::Reads(2),
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

fn deployed(sandbox: &Sandbox, machines: usize) {
    for n in 1..=machines {
        sandbox.set_machine_status(&format!("vm{n:04}"), "Deployed");
    }
}

/// `post /machines/ --op release machines=…` of so many machines.
fn release(machines: usize, more: &str) -> Vec<String> {
    let mut line = words(&format!("post /machines/ --op release {more}"));
    line.extend((1..=machines).map(|n| format!("machines=vm{n:04}")));
    line
}

fn polls(sandbox: &Sandbox) -> usize {
    let requests = sandbox.requests();
    let polls = requests.iter().filter(|r| r.method == "GET");
    assert!(polls.clone().all(|r| r.target.len() < 8 * 1024));
    polls.count()
}

#[test]
fn a_release_of_many_is_waited_for_in_one_poll() {
    let (sandbox, home) = desk(300);
    deployed(&sandbox, 300);
    let ended = home.run(&release(300, "--wait --jq length")).code(0);
    assert_eq!(ended.stdout(), "300\n");
    assert_eq!(
        sandbox
            .requests()
            .iter()
            .filter(|r| r.method == "POST")
            .count(),
        1
    );
    // 300 ids in a request line are below 8 KB: each look is one request.
    assert!(polls(&sandbox) <= 4, "{}", polls(&sandbox));
}

#[test]
fn a_poll_is_split_only_where_the_request_line_is_full() {
    let (sandbox, home) = desk(1000);
    deployed(&sandbox, 1000);
    home.run(&release(1000, "--wait -q")).code(0);
    // `&id=vm0001` has ten bytes.
    let polls = polls(&sandbox);
    assert!((2..=8).contains(&polls), "{polls}");
}

#[test]
fn machines_that_are_refused_are_named() {
    let (sandbox, home) = desk(4);
    deployed(&sandbox, 4);
    for (id, status) in [("vm0002", "Commissioning"), ("vm0003", "Testing")] {
        sandbox.set_machine_status(id, status);
    }
    let named = "2 of 4 machines were refused: `vm0002` (vm0002, Commissioning), `vm0003` (vm0003, Testing)";
    for flags in ["", "--wait"] {
        home.run(&release(4, flags)).fails(11, named);
    }
    home.file(
        "rows",
        format!(
            "{}\n",
            json!({"method": "POST", "path": "/machines/", "op": "release",
        "items": ["machines=vm0001", "machines=vm0002", "machines=vm0003", "machines=vm0004"]})
        ),
    );
    let ended = home.run(&words("batch --from rows")).code(11);
    let result: Value = serde_json::from_str(ended.stdout().trim()).unwrap();
    assert_eq!(
        (&result["status"], &result["exit"]),
        (&json!(409), &json!(11))
    );
    assert!(
        result["error"].as_str().unwrap().contains(named),
        "{result}"
    );
    // All of them: the call was refused, and no part of it.
    home.run(&words(
        "post /machines/ --op release machines=vm0002 machines=vm0003",
    ))
    .fails(4, "409 Conflict");
}

#[test]
fn a_machine_that_is_left_out_of_the_list_is_looked_at() {
    let (sandbox, home) = desk(3);
    deployed(&sandbox, 3);
    // One that is free already is left out, and no failure.
    sandbox.set_machine_status("vm0002", "Ready");
    home.run(&release(3, "")).code(0);
    assert_eq!(polls(&sandbox), 1);
    // One that is left out and is not free was refused.
    deployed(&sandbox, 3);
    let list = || Fault::body(200, "application/json", "[\"vm0001\", \"vm0003\"]").method("POST");
    for id in ["vm0001", "vm0003"] {
        sandbox.set_machine_status(id, "Ready");
    }
    sandbox.fault(list());
    let named = "1 of 3 machines was refused: `vm0002` (vm0002, Deployed)";
    let ended = home.run(&release(3, "")).code(11);
    assert!(ended.stderr.contains(named), "{ended:?}");
    assert_eq!(ended.json(), json!(["vm0001", "vm0003"]));
    sandbox.fault(list());
    let ended = home.run(&release(3, "--wait --jq length")).code(11);
    assert!(ended.stderr.contains(named), "{ended:?}");
    assert_eq!(ended.stdout(), "2\n");
}
