//! Runs filters on inputs, for `jq_compare`: a line of JSON with `filter` and `input` (a text) in,
//! a line with `results` (texts) and `error` out.

use std::io::{self, BufRead as _, Write as _};

use apicall::env::Env;
use apicall::output::Filter;
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut last: Option<(String, Result<Filter, String>)> = None;
    for line in io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let text = line["filter"].as_str().unwrap_or_default();
        let (_, filter) = match last {
            Some(ref last) if last.0 == text => last,
            _ => last.insert((text.to_owned(), compile(text))),
        };
        let reported = match filter {
            Ok(filter) => run(filter, line["input"].as_str().unwrap_or_default()),
            Err(error) => json!({"results": [], "error": error, "refused": true}),
        };
        writeln!(out, "{reported}")?;
    }
    Ok(())
}

fn compile(text: &str) -> Result<Filter, String> {
    Filter::compile("--jq", text, &[], &[], &Env::from_process())
        .map_err(|failure| failure.to_string())
}

fn run(filter: &Filter, input: &str) -> Value {
    filter.end_within(Some(std::time::Duration::from_secs(10)));
    let mut results = Vec::new();
    let ended = filter.run(input.as_bytes(), &mut |result| {
        results.push(String::from_utf8_lossy(result).into_owned());
        Ok(())
    });
    match ended {
        Ok(_) => json!({"results": results}),
        Err(error) => json!({"results": results, "error": error.to_string()}),
    }
}
