//! `nodes/{system_id}/results/`: what commissioning, installation and testing printed.
//!
//! They follow from the machine's state: what it failed at has a log that ends with the reason.

use base64::Engine as _;
use serde_json::{Value, json};

use super::super::response::Response;
use super::call::{Call, not_found};
use super::state::State;

/// What a machine can have been through.
struct Run {
    number: u64,
    /// The word of its filter.
    word: &'static str,
    name: &'static str,
    script: &'static str,
    /// The state that follows where it fails.
    failed: &'static str,
    /// What it prints last then.
    reason: &'static str,
}

const RUNS: [Run; 3] = [
    Run {
        number: 0,
        word: "commissioning",
        name: "Commissioning",
        script: "50-maas-01-commissioning",
        failed: "Failed commissioning",
        reason: "lshw: cannot open /dev/mem: Operation not permitted",
    },
    Run {
        number: 1,
        word: "installation",
        name: "Installation",
        script: "/tmp/install.log",
        failed: "Failed deployment",
        reason: "curtin: Installation failed with exception: Unexpected error while running command.",
    },
    Run {
        number: 2,
        word: "testing",
        name: "Testing",
        script: "smartctl-validate",
        failed: "Failed testing",
        reason: "FAILURE: SMART overall-health self-assessment test result: FAILED!",
    },
];

/// Carries an operation out, on all runs of a machine or on one of them.
pub fn response(state: &State, call: &Call, id: &str, which: Option<&str>) -> Response {
    let Some(machine) = state.machine(id) else {
        return not_found("Node");
    };
    let with_output = call.first("include_output").is_some();
    let runs = RUNS.iter().filter(|run| {
        call.first("type").is_none_or(|word| word == run.word)
            && which.is_none_or(|which| {
                which.strip_prefix("current-") == Some(run.word)
                    || which == number(run.number).to_string()
            })
    });
    let mut found = runs.filter(|run| has_run(machine, run.word));
    match (which, call.what()) {
        (None, _) => {
            let list = found.map(|run| shown(machine, run, with_output));
            Response::json_indented(200, &list.collect())
        }
        (Some(_), ("GET", op)) => match (found.next(), op) {
            (None, _) => not_found("ScriptSet"),
            (Some(run), None) => Response::json_indented(200, &shown(machine, run, with_output)),
            (Some(run), Some(_)) => Response::text(200, output(machine, run)),
        },
        _ => Response::new(204),
    }
}

/// Whether a machine has been so far.
fn has_run(machine: &Value, word: &str) -> bool {
    let status = machine["status_name"].as_str().unwrap_or_default();
    match word {
        "installation" => matches!(status, "Deploying" | "Deployed" | "Failed deployment"),
        _ => machine["commissioning_status"] != -1 || status.contains("ommissioning"),
    }
}

fn number(kind: u64) -> u64 {
    71 + kind
}

fn output(machine: &Value, run: &Run) -> String {
    let hostname = machine["hostname"].as_str().unwrap_or_default();
    let mut text = format!("{} of {hostname}\nstep 1 of 2: done\n", run.name);
    if machine["status_name"] == run.failed {
        text.push_str(run.reason);
        text.push('\n');
    } else {
        text.push_str("step 2 of 2: done\n");
    }
    text
}

fn shown(machine: &Value, run: &Run, with_output: bool) -> Value {
    let (status, status_name, exit) = if machine["status_name"] == run.failed {
        (3, "Failed", 1)
    } else {
        (2, "Passed", 0)
    };
    let id = machine["system_id"].as_str().unwrap_or_default();
    let mut result = json!({
        "id": 700 + run.number,
        "name": run.script,
        "status": status,
        "status_name": status_name,
        "exit_status": exit,
        "started": "Fri, 21 Aug. 2026 06:05:08",
        "ended": "Fri, 21 Aug. 2026 06:05:20",
        "runtime": "0:00:12",
        "suppressed": false,
    });
    if with_output {
        let encoded = base64::engine::general_purpose::STANDARD.encode(output(machine, run));
        result["output"] = json!(encoded);
        result["stdout"] = json!(encoded);
        result["stderr"] = json!("");
        result["result"] = json!("");
    }
    json!({
        "id": number(run.number),
        "system_id": id,
        "type": run.number,
        "type_name": run.name,
        "last_ping": "Fri, 21 Aug. 2026 06:05:20",
        "status": status,
        "status_name": status_name,
        "started": "Fri, 21 Aug. 2026 06:05:08",
        "ended": "Fri, 21 Aug. 2026 06:05:20",
        "runtime": "0:00:12",
        "results": [result],
        "resource_uri": format!("/MAAS/api/2.0/nodes/{id}/results/{}/", number(run.number)),
    })
}
