//! `wait` and `--wait`: states reached, failed, not reached in time; servers that go away.

use std::time::Duration;

use serde_json::Value;

use crate::sandbox::{Effect, Fault, Options, Pace, Sandbox};
use crate::support::{Ended, Home};

/// A MAAS whose machines take a step at every look.
fn brisk(machines: usize) -> Sandbox {
    Sandbox::with(Options {
        maas_pace: Pace::Reads(1),
        maas_machines: machines,
        ..Options::default()
    })
}

/// The requests of a method since the last look, without the API's root.
fn targets(sandbox: &Sandbox, method: &str) -> Vec<String> {
    let all = sandbox.requests();
    all.iter()
        .filter(|r| r.method == method)
        .map(|r| r.target.trim_start_matches("/MAAS/api/2.0").to_owned())
        .collect()
}

fn wait(home: &Home, args: &[&str]) -> Ended {
    let mut all = vec!["wait", "--interval", "20ms", "--timeout", "60s"];
    all.extend(args);
    home.run(&all)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_machine_is_waited_for_and_printed() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    sandbox.forget_requests();
    let ended = wait(&home, &["--for", "deployed", "4y3h7n"]).code(0);
    assert_eq!(ended.json()["status_name"], "Deployed");
    assert_eq!(ended.json()["system_id"], "4y3h7n");
    assert_eq!(
        ended.stderr,
        "apicall: lab: waiting for node17 (Deploying) to be deployed\n\
         node17  Deploying → Deployed  0s\n"
    );
    assert_eq!(
        targets(&sandbox, "GET"),
        ["/machines/?id=4y3h7n", "/machines/?id=4y3h7n"]
    );
    // What is there already is not waited for.
    let ended = wait(
        &home,
        &["--for", "Deployed", "4y3h7n", "--jq", ".hostname", "-r"],
    )
    .code(0);
    assert_eq!(
        (ended.stdout(), ended.stderr.as_str()),
        ("node17\n", "node17  Deployed\n")
    );
}

#[test]
fn a_failure_is_reported_with_the_last_events() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    sandbox.fail_machine("4y3h7n");
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    home.run(&["post", "/machines/4y3h8q/", "--op", "deploy"])
        .ok();
    let ended = wait(&home, &["--for", "deployed", "4y3h7n", "4y3h8q"]).code(10);
    // The one that got there is printed, and only it.
    let reached = ended.json();
    assert_eq!(reached.as_array().unwrap().len(), 1);
    assert_eq!(reached[0]["system_id"], "4y3h8q");
    assert!(
        ended
            .stderr
            .contains("\napicall: lab: node17 (4y3h7n): Failed deployment\n"),
        "{ended:?}"
    );
    assert!(
        ended
            .stderr
            .contains("  ERROR    Marking node failed: Node operation 'Deploying' timed out"),
        "{ended:?}"
    );
    let asked = targets(&sandbox, "GET");
    assert_eq!(
        asked[asked.len() - 2..],
        [
            "/events/?op=query&id=4y3h7n&limit=5",
            "/nodes/4y3h7n/results/current-installation/?include_output=true"
        ]
    );
    let ended = wait(&home, &["--for", "deployed", "4y3h7n"]).code(10);
    assert_eq!(ended.stdout(), "");
}

#[test]
fn what_failed_shows_the_end_of_its_log() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    for (id, op, goal, log) in [
        (
            "4y3h7n",
            "deploy",
            "deployed",
            "  installation: /tmp/install.log: Failed (exit 1)\n    Installation of node17\n    \
             step 1 of 2: done\n    curtin: Installation failed",
        ),
        (
            "xq2m6d",
            "commission",
            "commissioned",
            "  commissioning: 50-maas-01-commissioning: Failed (exit 1)\n    Commissioning of node20\n    \
             step 1 of 2: done\n    lshw: cannot open",
        ),
        (
            "4y3h8q",
            "test",
            "tested",
            "  testing: smartctl-validate: Failed (exit 1)\n    Testing of node18\n    \
             step 1 of 2: done\n    FAILURE: SMART",
        ),
    ] {
        sandbox.fail_machine(id);
        home.run(&["post", &format!("/machines/{id}/"), "--op", op])
            .ok();
        let ended = wait(&home, &["--for", goal, id]).code(10);
        assert!(ended.stderr.contains(log), "{op}: {ended:?}");
        let hint = format!("hint: `apicall get /nodes/{id}/results/current-");
        assert!(ended.stderr.contains(&hint), "{op}: {ended:?}");
    }
    // A log that cannot be had takes nothing away from the rest.
    sandbox.fault(Fault::status(404).path("/MAAS/api/2.0/nodes/").always());
    let ended = wait(&home, &["--for", "deployed", "4y3h7n"]).code(10);
    assert!(ended.stderr.contains("Failed deployment\n  "), "{ended:?}");
    assert!(!ended.stderr.contains("install.log"), "{ended:?}");
}

#[test]
fn a_machine_that_can_not_get_there_ends_the_wait() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    // New is what a machine is that was never commissioned.
    home.run(&[
        "post",
        "/machines/",
        "hostname=fresh",
        "architecture=amd64/generic",
        "mac_addresses=52:54:00:00:00:99",
        "commission=false",
    ])
    .ok();
    let fresh = wait(&home, &["--for", "released", "@fresh"]).code(0);
    assert_eq!(fresh.json()["status_name"], "New");
    // What is deployed is past being allocated.
    let ended = wait(&home, &["--for", "allocated", "@node19"]).code(10);
    assert!(
        ended.stderr.contains("node19 (w7c4tb): Deployed\n"),
        "{ended:?}"
    );
}

#[test]
fn paths_take_items_and_an_operation() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    let importing = wait(
        &home,
        &["/boot-resources/", "--op", "is_importing", "--until", "not"],
    )
    .code(0);
    assert_eq!(importing.stdout(), "false\n");
    let target = |sandbox: &Sandbox| targets(sandbox, "GET").pop().unwrap();
    assert_eq!(target(&sandbox), "/boot-resources/?op=is_importing");
    let mac = home.run(&[
        "get",
        "/machines/4y3h7n/",
        "--jq",
        ".boot_interface.mac_address",
        "-r",
    ]);
    let item = format!("mac_address={}", mac.stdout().trim());
    let found = wait(
        &home,
        &[
            "/machines/",
            &item,
            "--until",
            "length == 1",
            "--jq",
            ".[0].hostname",
            "-r",
        ],
    )
    .code(0);
    assert_eq!(found.stdout(), "node17\n");
    assert_eq!(
        target(&sandbox).replace("%3A", ":"),
        format!("/machines/?{item}")
    );
    // Names in items are looked up, once.
    let named = wait(
        &home,
        &[
            "/machines/",
            "id=@@node18",
            "--until",
            "length == 1",
            "--jq",
            ".[0].hostname",
            "-r",
        ],
    )
    .code(0);
    assert_eq!(named.stdout(), "node18\n");
    assert_eq!(target(&sandbox), "/machines/?id=4y3h8q");
    home.file("file", "x");
    sandbox.forget_requests();
    for (args, code, reported) in [
        (
            &["hostname=node17", "--until", "."][..],
            2,
            "`hostname=node17` is an item",
        ),
        (
            &["/machines/", "k@file", "--until", "."],
            2,
            "the file part `k`",
        ),
        (
            &["/machines/", "hostname:x", "--until", "."],
            2,
            "did you mean `hostname=x`?",
        ),
        (
            &["/machines/", "x=@@y", "--until", "."],
            2,
            "not known what `x` names",
        ),
        (
            &["collection", "-p", "play", "--op", "x", "--until", "."],
            2,
            "`--op` is for MAAS",
        ),
    ] {
        wait(&home, args).fails(code, reported);
    }
    for more in [["--op", "x"], ["--fail-on", "."]] {
        let ended = wait(&home, &[&["--for", "ready", "@node17"][..], &more].concat());
        assert_eq!(ended.code, 2, "{ended:?}");
    }
    assert!(sandbox.requests().is_empty(), "nothing was sent");
}

#[test]
fn a_machine_that_is_called_back_has_failed() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    let child = home.spawn(&["wait", "--for", "deployed", "4y3h7n", "--interval", "20ms"]);
    while targets(&sandbox, "GET").is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
    home.run(&["post", "/machines/4y3h7n/", "--op", "abort"])
        .ok();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(10), "{stderr}");
    assert!(stderr.contains("node17  Deploying → Allocated"), "{stderr}");
}

#[test]
fn the_limit_is_reported_with_what_is_left() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    let args = [
        "wait",
        "--interval",
        "20ms",
        "--timeout",
        "300ms",
        "--for",
        "deployed",
    ];
    let one = home.run(&[&args[..], &["4y3h7n"]].concat());
    one.code(6);
    let both = home
        .run(&[&args[..], &["4y3h7n", "w7c4tb"]].concat())
        .code(6);
    assert_eq!(both.json()[0]["hostname"], "node19");
    assert!(
        both.stderr
            .contains(": 1 of 2 not deployed: node17 (Deploying)\nhint: "),
        "{both:?}"
    );
}

#[test]
fn machines_are_shown_as_a_table() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    let shown = wait(
        &home,
        &["--for", "ready", "@node17", "@node20", "-o", "table"],
    )
    .code(0);
    let listed = home.run(&["get", "/machines/", "id=4y3h7n", "id=xq2m6d", "-o", "table"]);
    assert_eq!(shown.stdout(), listed.ok().stdout());
}

#[test]
fn names_cost_one_request() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    let ended = wait(
        &home,
        &[
            "--for",
            "off",
            "@node17",
            "@node18.maas",
            "@node20",
            "4y3h7n",
            "-o",
            "compact",
        ],
    )
    .code(0);
    assert_eq!(ended.json().as_array().unwrap().len(), 3);
    assert_eq!(
        targets(&sandbox, "GET"),
        [
            "/machines/?hostname=node17&hostname=node18&hostname=node20",
            "/machines/?id=4y3h7n&id=4y3h8q&id=xq2m6d"
        ]
    );
    wait(&home, &["--for", "off", "@nobody"])
        .fails(4, "lab: none of the machines is called `nobody`");
    wait(&home, &["--for", "off", "4y3h7n", "zzzzzz"]).fails(4, "there is no machine `zzzzzz`");
    for (id, reported) in [
        ("node18.maas", "`node18.maas` is not the id of a machine"),
        ("\"4y3h7n\"", "is not the id of a machine"),
        ("", "the machine's id is empty"),
    ] {
        wait(&home, &["--for", "off", id]).fails(2, reported);
    }
}

#[test]
fn ids_come_from_standard_input() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    let args = ["wait", "--for", "off", "-", "-o", "compact"];
    let ended = home.run_with(&args, b"4y3h7n\n\n  @node20\r\n").code(0);
    assert_eq!(ended.json().as_array().unwrap().len(), 2);
    // One is a list, too: how many come is not known to who writes the script.
    let ended = home.run_with(&args, b"4y3h7n\n").code(0);
    assert_eq!(ended.json().as_array().unwrap().len(), 1);
    sandbox.forget_requests();
    let none = home.run_with(&args, b"\n").code(0);
    assert_eq!(none.stdout(), "");
    assert!(
        none.stderr
            .starts_with("apicall: note: standard input names no machine"),
        "{none:?}"
    );
    assert!(sandbox.requests().is_empty());
}

#[test]
fn two_hundred_machines_take_one_request_a_look() {
    let sandbox = brisk(200);
    let home = Home::with_profiles(&sandbox);
    sandbox.fail_machine("vm0100");
    for number in 1..=200 {
        assert!(sandbox.set_out(&format!("vm{number:04}"), "deploy"));
    }
    sandbox.forget_requests();
    let ids: Vec<String> = (1..=200).map(|n| format!("vm{n:04}")).collect();
    let ids = ids.join("\n");
    let args = [
        "wait",
        "--for",
        "deployed",
        "-",
        "--interval",
        "20ms",
        "--jq",
        "length",
    ];
    let ended = home.run_with(&args, ids.as_bytes()).code(10);
    assert_eq!(ended.stdout(), "199\n");
    assert!(
        ended
            .stderr
            .starts_with("apicall: lab: waiting for 200 (200 Deploying) to be deployed\n"),
        "{ended:?}"
    );
    // Two looks, and the events and the log of the one that failed.
    assert_eq!(targets(&sandbox, "GET").len(), 4);
    for request in sandbox.requests() {
        assert!(
            request.target.len() < 8 * 1024 - 14,
            "{}",
            request.target.len()
        );
    }
}

#[test]
fn long_lists_are_split_below_the_line_limit() {
    let sandbox = brisk(1200);
    let home = Home::with_profiles(&sandbox);
    let ids: Vec<String> = (1..=1200).map(|n| format!("vm{n:04}")).collect();
    let ids = ids.join("\n");
    let args = ["wait", "--for", "ready", "-", "--jq", "length"];
    let ended = home.run_with(&args, ids.as_bytes()).code(0);
    assert_eq!(ended.stdout(), "1200\n");
    let targets = targets(&sandbox, "GET");
    assert_eq!(targets.len(), 2);
    assert_eq!(targets.join("").matches("id=vm").count(), 1200);
}

#[test]
fn changes_are_lines_of_json() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    sandbox.fail_machine("4y3h8q");
    home.run(&["post", "/machines/4y3h7n/", "--op", "commission"])
        .ok();
    home.run(&["post", "/machines/4y3h8q/", "--op", "deploy"])
        .ok();
    let ended = wait(
        &home,
        &["--for", "commissioned", "4y3h7n", "w7c4tb", "-o", "ndjson"],
    )
    .ok();
    let reported: Vec<String> = lines(ended.stdout())
        .iter()
        .map(|l| {
            assert!(l["time"].as_str().unwrap().ends_with('Z'));
            assert!(l["seconds"].is_number());
            format!(
                "{} {} {} {}",
                l["hostname"], l["from"], l["to"], l["result"]
            )
            .replace('"', "")
        })
        .collect();
    assert_eq!(
        reported,
        [
            "node17 null Commissioning pending",
            "node19 null Deployed reached",
            "node17 Commissioning Testing pending",
            "node17 Testing Ready reached",
        ]
    );
    let ended = wait(&home, &["--for", "deployed", "4y3h8q", "-o", "ndjson"]).code(10);
    let results: Vec<_> = lines(ended.stdout())
        .iter()
        .map(|l| l["result"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(results, ["pending", "failed"]);
}

#[test]
fn a_server_that_is_gone_for_a_while_only_delays() {
    let sandbox = Sandbox::with(Options {
        maas_pace: Pace::Reads(2),
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    for fault in [
        Fault::status(502).method("GET").after(1).times(2),
        Fault::status(429).method("GET").times(2),
        Fault::status(500).method("GET"),
        Fault::from(Effect::CutInBody(10)).method("GET"),
        Fault::from(Effect::ResetAfterHead).method("GET").times(2),
    ] {
        sandbox.fault(fault);
    }
    let ended = wait(
        &home,
        &["--for", "deployed", "4y3h7n", "--jq", ".status_name", "-r"],
    )
    .code(0);
    assert_eq!(ended.stdout(), "Deployed\n");
    // How long it takes depends on the waits of a first look's retries.
    let reported = ended.stderr.replace("  1s", "  0s");
    let reported: Vec<_> = reported.lines().collect();
    assert_eq!(
        reported,
        [
            "apicall: lab: waiting for node17 (Deploying) to be deployed",
            "apicall: 502 Bad Gateway; the wait continues",
            "apicall: the server is back after 0s",
            "node17  Deploying → Deployed  0s",
        ]
    );
}

#[test]
fn what_does_not_pass_ends_the_wait() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    for (status, code) in [(401, 4), (403, 4), (404, 4)] {
        sandbox.fault(Fault::status(status).method("GET").after(1));
        let ended = wait(&home, &["--for", "deployed", "4y3h7n"]).code(code);
        assert_eq!(ended.stdout(), "");
        assert!(
            ended.stderr.contains(&format!(
                "apicall: lab: GET /MAAS/api/2.0/machines/: {status} "
            )),
            "{ended:?}"
        );
    }
    // At the first look a server that is not there is an error: the address may be wrong.
    home.write_config(&home.config().replace(
        &sandbox.address().to_string(),
        &format!("127.0.0.1:{}", Sandbox::closed_port()),
    ));
    let args = ["wait", "--for", "deployed", "4y3h7n", "--retries", "0"];
    home.run(&args).fails(7, "connection refused");
}

#[test]
fn any_path_is_waited_for_with_a_filter() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    let ended = wait(
        &home,
        &[
            "/machines/4y3h7n/",
            "--until",
            ".status_name == \"Deployed\"",
            "--jq",
            ".hostname",
        ],
    )
    .code(0);
    assert_eq!(ended.stdout(), "\"node17\"\n");
    assert!(ended.stderr.contains("Deploying → Deployed"), "{ended:?}");
    let several = wait(
        &home,
        &[
            "/zones/",
            "/tags/",
            "--until",
            "length > 0",
            "-o",
            "compact",
        ],
    );
    assert_eq!(several.code(0).json().as_array().unwrap().len(), 2);
    let failed = wait(
        &home,
        &[
            "/machines/@node21/",
            "--until",
            ".status == 4",
            "--fail-on",
            ".status == 8",
        ],
    );
    failed.fails(10, "lab: /machines/@node21/: Broken");
    wait(&home, &["/machines/zzzzzz/", "--until", "true"]).fails(4, "404 Not Found");
    wait(&home, &["/machines/", "--until", ".a"]).fails(1, "/machines/: --until: ");
}

#[test]
fn a_path_of_a_macrometa_is_waited_for() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "collection", "name=orders", "-p", "play"])
        .ok();
    home.run(&[
        "post",
        "document/orders",
        "_key=17",
        "state=new",
        "-p",
        "play",
    ])
    .ok();
    let child = home.spawn(&[
        "wait",
        "document/orders/17",
        "-p",
        "play",
        "--until",
        ".state == \"paid\"",
        "--interval",
        "20ms",
        "--timeout",
        "60s",
        "-o",
        "ndjson",
    ]);
    while targets(&sandbox, "GET").len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    home.run(&["patch", "document/orders/17", "state=paid", "-p", "play"])
        .ok();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let reported = lines(std::str::from_utf8(&output.stdout).unwrap());
    let results: Vec<_> = reported
        .iter()
        .map(|l| l["result"].as_str().unwrap())
        .collect();
    assert_eq!(results, ["pending", "reached"]);
    assert_eq!(reported[0]["path"], "document/orders/17");
    home.run(&["wait", "--for", "ready", "x", "-p", "play"])
        .fails(2, "`--for` is for the machines");
}

#[test]
fn what_is_wrong_is_found_before_anything_is_sent() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let state = home.run(&["wait", "--for", "deploying", "4y3h7n"]).code(2);
    assert!(
        state.stderr.contains("[possible values: deployed, ready,"),
        "{state:?}"
    );
    let caret = wait(&home, &["/machines/", "--until", ".a =="]).code(2);
    assert!(caret.stderr.starts_with("apicall: --until: "), "{caret:?}");
    assert!(caret.stderr.contains("\n  .a ==\n       ^"), "{caret:?}");
    wait(&home, &["/machines/", "--until", ".a", "--fail-on", "nix"])
        .fails(2, "--fail-on: there is no function `nix`");
    wait(&home, &["/machines//", "--until", ".a"]).code(2);
    wait(&home, &["/machines/"]).code(2);
    wait(&home, &["/machines/", "--fail-on", ".a"]).code(2);
    for (args, reported) in [
        (
            &["/machines/4y3h7n/", "--op", "lock"][..],
            "`lock` is not an operation to wait for",
        ),
        (
            &["/machines/", "--op", "release", "comment=x"],
            "the path is not that of a machine",
        ),
        (
            &["/tags/", "name=x"],
            "a call without an operation has nothing to wait for",
        ),
        (&["document/x", "a=1", "-p", "play"], "`--wait` is for MAAS"),
    ] {
        home.run(&[&["post", "--wait"], args].concat())
            .fails(2, reported);
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn calls_wait_for_their_operation() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    let post = |op: &str, rest: &[&str]| {
        let args = [
            "post",
            "/machines/@node17/",
            "--wait",
            "--timeout",
            "60s",
            "--op",
            op,
        ];
        home.run(&[&args[..], rest].concat())
    };
    for (op, member, state) in [
        ("deploy", "status_name", "Deployed"),
        ("power_off", "power_state", "off"),
        ("power_on", "power_state", "on"),
        ("test", "status_name", "Deployed"),
        ("rescue_mode", "status_name", "Rescue mode"),
        ("exit_rescue_mode", "status_name", "Deployed"),
        ("release", "status_name", "Ready"),
        ("commission", "status_name", "Ready"),
    ] {
        let ended = post(op, &["-o", "compact"]).code(0);
        assert_eq!(ended.json()[member], state, "{op}: {ended:?}");
        assert_eq!(ended.stdout().lines().count(), 1);
    }
    sandbox.fail_machine("4y3h7n");
    let failed = post("power_on", &[]);
    failed.fails(10, "node17 (4y3h7n): power error");
    let failed = post("deploy", &["distro_series=noble"]);
    failed.fails(10, "node17 (4y3h7n): Failed deployment");
    // A refusal is that of the call.
    post("deploy", &[]).fails(4, "409 Conflict");
}

#[test]
fn a_lost_answer_does_not_stop_the_wait_for_what_it_began() {
    let sandbox = brisk(0);
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::lost(504).method("POST"));
    let ended = home
        .run(&["post", "/machines/4y3h7n/", "--op", "deploy", "--wait"])
        .code(0);
    assert_eq!(ended.json()["status_name"], "Deployed");
    assert!(
        ended
            .stderr
            .contains("; node17 is Deploying now: applied\n"),
        "{ended:?}"
    );
    sandbox.fault(Fault::status(504).method("POST"));
    let ended = home.run(&["post", "/machines/4y3h8q/", "--op", "deploy", "--wait"]);
    ended.fails(5, "; node18 is Allocated: not applied so far");
}

#[test]
fn a_time_out_names_the_limit() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h8q/", "--op", "deploy"])
        .ok();
    for (limit, reported) in [("300ms", "300ms"), ("1s", "1s"), ("1.5", "1s 500ms")] {
        let args = ["wait", "--for", "deployed", "@node18", "--timeout", limit];
        let ended = home.run(&args).code(6);
        let reported = format!("lab: timed out after {reported}: 1 not deployed");
        assert!(ended.stderr.contains(&reported), "{ended:?}");
    }
    let path = ["wait", "/machines/4y3h8q/", "--until", "false"];
    let ended = home.run(&[&path[..], &["--timeout", "200ms"]].concat());
    assert!(ended.code(6).stderr.contains("timed out after 200ms: "));
    let call = ["post", "/machines/4y3h7n/", "--op", "deploy", "--wait"];
    let ended = home.run(&[&call[..], &["--timeout", "1s"]].concat());
    let reported = "lab: timed out after 1s: 1 not deployed";
    assert!(ended.code(6).stderr.contains(reported));
}
