//! Machines that change over time, and the filters that find them.

use std::time::Duration;

use serde_json::Value;

use super::{FORM, oauth, request};
use crate::sandbox::{Options, Pace, Sandbox};

fn get(sandbox: &Sandbox, rest: &str) -> (u16, Value) {
    let line = format!("GET /MAAS/api/2.0/machines/{rest}");
    let (status, body) = request(sandbox, &line, &oauth(sandbox.maas_key()), "");
    (status, serde_json::from_str(&body).unwrap_or_default())
}

fn post(sandbox: &Sandbox, id: &str, op: &str, form: &str) -> (u16, String) {
    request(
        sandbox,
        &format!("POST /MAAS/api/2.0/machines/{id}/op-{op}"),
        &format!("{}{FORM}", oauth(sandbox.maas_key())),
        form,
    )
}

fn status(sandbox: &Sandbox, id: &str) -> String {
    let (_, machine) = get(sandbox, &format!("{id}/"));
    machine["status_name"].as_str().unwrap().to_owned()
}

fn with_pace(pace: Pace) -> Sandbox {
    Sandbox::with(Options {
        maas_pace: pace,
        ..Options::default()
    })
}

#[test]
fn reads_move_a_machine_step_by_step() {
    let sandbox = with_pace(Pace::Reads(2));
    let cases: [(&str, &str, &str, &[&str]); 6] = [
        (
            "4y3h7n",
            "deploy",
            "",
            &["Deploying", "Deploying", "Deployed", "Deployed"],
        ),
        (
            "4y3h7n",
            "release",
            "",
            &["Releasing", "Releasing", "Ready"],
        ),
        (
            "xq2m6d",
            "commission",
            "",
            &[
                "Commissioning",
                "Commissioning",
                "Testing",
                "Testing",
                "Ready",
            ],
        ),
        (
            "w7c4tb",
            "release",
            "erase=true",
            &[
                "Disk erasing",
                "Disk erasing",
                "Releasing",
                "Releasing",
                "Ready",
            ],
        ),
        ("4y3h7n", "test", "", &["Testing", "Testing", "Ready"]),
        (
            "4y3h8q",
            "rescue_mode",
            "",
            &[
                "Entering rescue mode",
                "Entering rescue mode",
                "Rescue mode",
            ],
        ),
    ];
    for (id, op, form, expected) in cases {
        assert_eq!(post(&sandbox, id, op, form).0, 200, "{op}");
        let seen: Vec<String> = expected.iter().map(|_| status(&sandbox, id)).collect();
        assert_eq!(seen, expected, "{op}");
    }
    // A list counts as a read of what it shows, and of nothing else.
    post(&sandbox, "xq2m6d", "deploy", "");
    get(&sandbox, "?hostname=node17");
    get(&sandbox, "?id=xq2m6d&id=4y3h7n");
    get(&sandbox, "?hostname=node20");
    let machine = sandbox.machine("xq2m6d").unwrap();
    assert_eq!(
        (
            &machine["status_name"],
            &machine["status"],
            &machine["status_message"],
            &machine["power_state"]
        ),
        (
            &"Deployed".into(),
            &6.into(),
            &"Deployed".into(),
            &"on".into()
        )
    );
}

#[test]
fn failures_power_and_abort() {
    let sandbox = with_pace(Pace::Reads(1));
    sandbox.fail_machine("4y3h7n");
    for (op, begin, end, number) in [
        ("deploy", "Deploying", "Failed deployment", 11),
        ("release", "Releasing", "Releasing failed", 13),
    ] {
        post(&sandbox, "4y3h7n", op, "");
        assert_eq!(
            [status(&sandbox, "4y3h7n"), status(&sandbox, "4y3h7n")],
            [begin, end]
        );
        assert_eq!(sandbox.machine("4y3h7n").unwrap()["status"], number);
    }
    let machine = sandbox.machine("4y3h7n").unwrap();
    assert!(
        machine["error_description"]
            .as_str()
            .unwrap()
            .contains("'Releasing' timed out")
    );
    let line = "GET /MAAS/api/2.0/events/?op=query&level=ERROR&hostname=node17";
    let log = request(&sandbox, line, &oauth(sandbox.maas_key()), "").1;
    assert_eq!(log.matches("Marking node failed").count(), 2, "{log}");
    sandbox.heal_machine("4y3h7n");
    assert_eq!(post(&sandbox, "4y3h7n", "release", "").0, 200);
    assert_eq!(sandbox.advance_machines(), 1);
    assert_eq!(status(&sandbox, "4y3h7n"), "Ready");

    let power = || get(&sandbox, "xq2m6d/?op=query_power_state").1["state"].clone();
    assert!(
        post(&sandbox, "xq2m6d", "power_on", "")
            .1
            .contains("\"power_state\": \"off\"")
    );
    assert_eq!([power(), power()], ["off", "on"]);
    sandbox.fail_machine("xq2m6d");
    post(&sandbox, "xq2m6d", "power_off", "");
    assert_eq!([power(), power()], ["on", "error"]);

    sandbox.set_pace(Pace::Still);
    for (id, op, back) in [
        ("4y3h7n", "commission", "New"),
        ("4y3h8q", "deploy", "Allocated"),
    ] {
        assert_eq!(post(&sandbox, id, op, "").0, 200);
        assert_eq!(
            post(&sandbox, id, op, "").0,
            if op == "deploy" { 409 } else { 400 }
        );
        assert!(
            post(&sandbox, id, "abort", "")
                .1
                .contains(&format!("\"status_name\": \"{back}\""))
        );
        assert_eq!(post(&sandbox, id, "abort", "").0, 409);
        assert_eq!(sandbox.advance_machines(), 0);
    }
}

#[test]
fn paces_by_clock_and_by_machine() {
    let sandbox = with_pace(Pace::After(Duration::ZERO));
    sandbox.set_machine_pace("4y3h8q", Pace::After(Duration::from_secs(3600)));
    for id in ["4y3h7n", "4y3h8q"] {
        assert!(post(&sandbox, id, "deploy", "").1.contains("Deploying"));
    }
    assert_eq!(status(&sandbox, "4y3h7n"), "Deployed");
    assert_eq!(status(&sandbox, "4y3h8q"), "Deploying");
    assert!(sandbox.set_machine_status("4y3h8q", "Failed testing"));
    assert_eq!(sandbox.advance_machines(), 0);
    assert!(
        post(&sandbox, "4y3h8q", "override_failed_testing", "")
            .1
            .contains("Ready")
    );
}

#[test]
fn filters_of_the_list() {
    let sandbox = Sandbox::with(Options {
        maas_machines: 200,
        ..Options::default()
    });
    let names = |rest: &str| -> Vec<String> {
        let (status, list) = get(&sandbox, rest);
        assert_eq!(status, 200, "{rest}");
        list.as_array()
            .unwrap()
            .iter()
            .map(|machine| machine["hostname"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("").len(), 205);
    for (filter, expected) in [
        ("?hostname=vm0007&hostname=node17", vec!["node17", "vm0007"]),
        ("?id=vm0200&id=4y3h8q&id=none", vec!["node18", "vm0200"]),
        ("?mac_address=52:54:00:20:00:18", vec!["node18"]),
        ("?mac_address=52-54-00-20-00-99", vec![]),
        ("?pool=lab&zone=rack-b", vec!["node19", "node20"]),
        ("?status=deployed&status=broken", vec!["node19", "node21"]),
        ("?tags=gpu&tags=ssd", vec!["node18"]),
        ("?owner=ops", vec!["node19"]),
        ("?domain=other", vec![]),
        ("?not_status=ready&power_state=off", vec!["node18"]),
        ("?system_id=vm0001", vec!["vm0001"]),
    ] {
        assert_eq!(names(filter), expected, "{filter}");
    }
    for (filter, field, text) in [
        ("?x=1", "x", "No such constraint."),
        ("?limit=5", "limit", "No such constraint."),
        (
            "?status=gone",
            "status",
            "'gone' is not a valid 'status'.  It should be one of: 'new', ",
        ),
        (
            "?mac_address=x",
            "mac_address",
            "'x' is not a valid MAC address.",
        ),
        ("?zone=nope", "zone", "No such zone: 'nope'."),
    ] {
        let (status, body) = get(&sandbox, filter);
        assert!(
            status == 400 && body[field][0].as_str().unwrap().starts_with(text),
            "{filter}: {body}"
        );
    }
    let mut addresses: Vec<Value> = get(&sandbox, "")
        .1
        .as_array()
        .unwrap()
        .iter()
        .map(|machine| machine["interface_set"][0]["mac_address"].clone())
        .collect();
    addresses.sort_by_key(Value::to_string);
    addresses.dedup();
    assert_eq!(addresses.len(), 205);
}

#[test]
fn many_machines_move_together() {
    let sandbox = Sandbox::with(Options {
        maas_machines: 200,
        maas_pace: Pace::Reads(1),
        ..Options::default()
    });
    sandbox.fail_machine("vm0100");
    let ids: Vec<String> = (1..=200).map(|number| format!("vm{number:04}")).collect();
    for id in &ids {
        assert_eq!(post(&sandbox, id, "deploy", "").0, 200);
    }
    let query = format!("?id={}", ids.join("&id="));
    let states = || {
        let (_, list) = get(&sandbox, &query);
        let list = list.as_array().unwrap();
        let count = |name: &str| {
            list.iter()
                .filter(|machine| machine["status_name"] == name)
                .count()
        };
        (
            count("Deploying"),
            count("Deployed"),
            count("Failed deployment"),
        )
    };
    assert_eq!([states(), states()], [(200, 0, 0), (0, 199, 1)]);
}
