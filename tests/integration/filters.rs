//! Filters and what jq 1.8 makes of them: our own table, and a larger one where it is beside the
//! package. `tests/peers/jq_compare.py` makes the same comparison with jq itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use apicall::env::Env;
use apicall::output::Filter;
use serde_json::Value;

/// The rows of a table: a filter, an input as a text, and `results` or `error` or `refused`.
fn rows(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Returns whether two values are the same, numbers as doubles.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= b.abs() * 1e-15,
            _ => a == b,
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, a)| b.get(k).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Reads a result. A number beyond a double keeps its spelling here; jq prints the largest double.
fn read(result: &[u8]) -> serde_json::Result<Value> {
    let number = std::str::from_utf8(result)
        .ok()
        .and_then(|r| r.parse::<f64>().ok());
    match number {
        Some(number) if number.is_infinite() => Ok(f64::MAX.copysign(number).into()),
        _ => serde_json::from_slice(result),
    }
}

/// What is wrong with a row, if anything.
fn fault(row: &Value) -> Option<String> {
    let filter = row["filter"].as_str().unwrap();
    let input = row["input"].as_str().unwrap();
    let env = Env::from_vars([("HOME", "/root")]);
    let fails = row.get("results").is_none();
    let filter = match Filter::compile("--jq", filter, &[], &[], &env) {
        Ok(filter) => filter,
        Err(_) if fails => return None,
        Err(failure) => return Some(failure.to_string()),
    };
    if row.get("refused").is_some() {
        return Some("it is not refused".to_owned());
    }
    filter.end_within(Some(Duration::from_secs(60)));
    // jq's library does not distinguish `halt_error` from the end of the results; here it is an error.
    let halts = row["filter"]
        .as_str()
        .is_some_and(|f| f.contains("halt_error"));
    let mut results: Vec<Value> = Vec::new();
    let ended = filter.run(input.as_bytes(), &mut |result| {
        results.push(read(result)?);
        Ok(())
    });
    match (ended, fails) {
        (Err(_), fails) if fails || halts => None,
        (Err(error), _) => Some(error.to_string()),
        (Ok(_), true) => Some(format!("it gives {results:?}")),
        (Ok(_), false) => {
            let theirs = Value::from(row["results"].as_array().unwrap().clone());
            let ours = Value::from(results);
            (!same(&ours, &theirs)).then(|| format!("it gives {ours}, jq {theirs}"))
        }
    }
}

#[track_caller]
fn all_agree(file: &Path, least: usize) {
    let rows = rows(file);
    let faults: Vec<String> = rows
        .iter()
        .filter_map(|row| fault(row).map(|fault| format!("{row}: {fault}")))
        .collect();
    let agree = rows.len() - faults.len();
    println!("{}: {agree} of {} agree", file.display(), rows.len());
    assert!(rows.len() >= least, "{} rows", rows.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn our_filters_give_what_jq_gives() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/jq.ndjson");
    all_agree(&file, 300);
}

#[test]
fn everyday_filters_give_what_jq_gives() {
    let folder = std::env::var_os("APICALL_TEST_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let file = folder.join("jq-idioms.ndjson");
    if file.exists() {
        all_agree(&file, 300);
    }
}
