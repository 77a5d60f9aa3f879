//! The logs of what a machine has been through: commissioning, installation, tests.
//!
//! [`run_of`] says which run a failed machine broke off in, [`tail`] takes the end of the log of the
//! script that failed out of `nodes/ID/results/current-RUN/`. Pure.

use base64::Engine as _;
use serde_json::Value;

use super::states::Machine;

/// Lines that say why; what stands before them says what went well.
const LINES: usize = 12;

/// Results of a script that are failures: MAAS's `SCRIPT_STATUS`, with those of installation.
const FAILED: [i64; 7] = [3, 4, 5, 8, 10, 11, 12];

/// Returns the run that a failed machine broke off in, as paths name it; `None` where there is
/// none.
#[must_use]
pub fn run_of(machine: &Machine) -> Option<&'static str> {
    match machine.status {
        2 => Some("commissioning"),
        11 => Some("installation"),
        22 => Some("testing"),
        // A deployed machine keeps its state whatever its tests come to.
        _ if machine.testing_status.is_some_and(|s| FAILED.contains(&s)) => Some("testing"),
        _ => None,
    }
}

/// The end of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The script, and how it ended.
    pub heading: String,
    /// The last lines.
    pub lines: Vec<String>,
}

/// Returns the end of the log of the first script that failed; where none says that it did, of the
/// last that has printed something.
#[must_use]
pub fn tail(run: &Value) -> Option<Tail> {
    let results = run["results"].as_array()?;
    let failed = |result: &&Value| {
        let status = result["status"].as_i64();
        status.is_some_and(|status| FAILED.contains(&status))
    };
    let with_text: Vec<(&Value, String)> = results
        .iter()
        .filter_map(|result| Some((result, output(result)?)))
        .collect();
    let (result, text) = with_text
        .iter()
        .find(|(result, _)| failed(result))
        .or_else(|| with_text.last())?;
    let mut lines: Vec<String> = text
        .lines()
        .rev()
        .map(|line| line.trim_end().to_owned())
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    lines.reverse();
    let name = result["name"].as_str().unwrap_or("log");
    let mut heading = name.to_owned();
    if let Some(status) = result["status_name"].as_str() {
        heading.push_str(&format!(": {status}"));
    }
    if let Some(code) = result["exit_status"].as_i64() {
        heading.push_str(&format!(" (exit {code})"));
    }
    Some(Tail { heading, lines })
}

/// Returns what a script printed; MAAS keeps it in base64.
fn output(result: &Value) -> Option<String> {
    let text = |name: &str| {
        let encoded = result[name].as_str().filter(|text| !text.is_empty())?;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(encoded.split_whitespace().collect::<String>())
            .ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    ["output", "stderr", "stdout"]
        .into_iter()
        .filter_map(text)
        .find(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn encoded(text: &str) -> String {
        base64::engine::general_purpose::STANDARD.encode(text)
    }

    #[test]
    fn the_end_of_what_failed() {
        let long = format!("{}line 40  \n", "line  \n\n".repeat(39));
        let run = json!({"results": [
            {"name": "a", "status": 2, "output": encoded("fine\n")},
            {"name": "b", "status": 3, "status_name": "Failed", "exit_status": 1, "output": encoded(&long)},
            {"name": "c", "status": 3, "output": encoded("later\n")},
        ]});
        let tail = tail(&run).unwrap();
        assert_eq!(tail.heading, "b: Failed (exit 1)");
        assert_eq!(tail.lines.len(), LINES);
        assert_eq!(tail.lines.last().unwrap(), "line 40");
    }

    #[test]
    fn what_has_nothing_to_say() {
        for run in [
            json!(null),
            json!({"results": []}),
            json!({"results": [{"name": "a", "status": 3, "output": "", "stderr": null}]}),
            json!({"results": [{"name": "a", "status": 3, "output": "%%%"}]}),
        ] {
            assert_eq!(tail(&run), None, "{run}");
        }
        let run = json!({"results": [
            {"name": "a", "status": 7, "output": encoded("one\n")},
            {"name": "b", "status": 7, "output": "", "stderr": encoded("two\n")},
        ]});
        let tail = tail(&run).unwrap();
        assert_eq!(
            (tail.heading.as_str(), tail.lines),
            ("b", vec!["two".to_owned()])
        );
    }

    #[test]
    fn runs_by_state() {
        for (status, testing, want) in [
            (2, None, Some("commissioning")),
            (11, None, Some("installation")),
            (22, Some(3), Some("testing")),
            (6, Some(3), Some("testing")),
            (6, Some(2), None),
            (8, None, None),
        ] {
            let machine = Machine {
                status,
                testing_status: testing,
                ..Machine::default()
            };
            assert_eq!(run_of(&machine), want, "{status} {testing:?}");
        }
    }
}
