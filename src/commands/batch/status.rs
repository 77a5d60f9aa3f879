//! `batch status`: what the journals of a batch, or of its shards, say together.

use serde_json::{Value, json};

use crate::cli::{BatchStatusArgs, ShowFormat};
use crate::commands::Context;
use crate::error::{Exit, Failure};
use crate::flow::batch::record::differences;
use crate::flow::batch::states::{State, States};
use crate::flow::journal::Journal;
use crate::output::amounts::digits;

/// So many rows of each kind are named for people.
const NAMED: usize = 20;

/// Merges journals and counts the rows.
pub fn run(args: &BatchStatusArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let mut first: Option<(Value, &std::path::Path)> = None;
    let mut states = States::default();
    for path in &args.files {
        let mut own = States::default();
        let what = Journal::look(path, &mut |entry| own.read(entry))?;
        let what = json!({
            "apicall": what["apicall"],
            "rows": what["rows"],
            "template": what["template"],
            "profile": what["profile"],
        });
        if what["apicall"] != "batch" {
            let message = format!("{}: is not a batch journal", path.display());
            return Err(Failure::usage(message).into());
        }
        match &first {
            None => first = Some((what, path)),
            Some((known, other)) => {
                let differs = differences(known, &what);
                if !differs.is_empty() {
                    return Err(Failure::usage(format!(
                        "`{}` and `{}` are journals of two batches: {} differ",
                        other.display(),
                        path.display(),
                        differs.join(", ")
                    ))
                    .into());
                }
            }
        }
        states.merge(&own);
    }
    let all = first
        .and_then(|(what, _)| what["rows"]["count"].as_u64())
        .unwrap_or(0);
    let found = Found::of(&states, all);
    let text = match args.output {
        ShowFormat::Json => format!("{:#}\n", found.json(all)),
        ShowFormat::Text => found.text(all),
    };
    match context.ui.stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            return Err(anyhow::Error::from(e).context("standard output"));
        }
        _ => {}
    }
    Ok(if found.done == all {
        Exit::Success
    } else {
        Exit::Partial
    })
}

/// The rows by what became of them.
#[derive(Debug, Default)]
struct Found {
    done: u64,
    failed: Vec<u64>,
    uncertain: Vec<u64>,
    /// Not carried out, or to be sent again.
    open: Vec<u64>,
    missing: Vec<u64>,
}

impl Found {
    fn of(states: &States, all: u64) -> Self {
        let mut found = Self::default();
        for row in 1..=all {
            match states.of(row) {
                State::Done => found.done += 1,
                State::Failed => found.failed.push(row),
                State::Began | State::Uncertain => found.uncertain.push(row),
                State::PutOff | State::Open => found.open.push(row),
                State::Unknown => found.missing.push(row),
            }
        }
        found
    }

    fn kinds(&self) -> [(&'static str, &[u64]); 4] {
        [
            ("failed", &self.failed),
            ("uncertain", &self.uncertain),
            ("open", &self.open),
            ("missing", &self.missing),
        ]
    }

    fn json(&self, all: u64) -> Value {
        let mut value = json!({"rows": all, "done": self.done});
        for (name, rows) in self.kinds() {
            value[name] = json!(rows.len());
        }
        for (name, rows) in self.kinds() {
            value[format!("{name}_rows")] = json!(rows);
        }
        value
    }

    fn text(&self, all: u64) -> String {
        let mut text = format!(
            "rows       {}\ndone       {}\n",
            digits(all),
            digits(self.done)
        );
        for (name, rows) in self.kinds() {
            let mut named: Vec<String> = rows.iter().take(NAMED).map(u64::to_string).collect();
            if rows.len() > NAMED {
                named.push("…".to_owned());
            }
            let line = format!(
                "{name:<10} {:<8} {}",
                digits(rows.len() as u64),
                named.join(", ")
            );
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_by_what_became_of_them() {
        let mut states = States::default();
        for entry in [
            json!({"row": 1, "ended": "done"}),
            json!({"row": 2, "began": "POST /x/"}),
            json!({"row": 3, "ended": "failed"}),
            json!({"row": 4, "ended": "open"}),
        ] {
            states.read(&entry);
        }
        let found = Found::of(&states, 5);
        assert_eq!(
            found.json(5),
            json!({"rows": 5, "done": 1, "failed": 1, "uncertain": 1, "open": 1, "missing": 1,
                "failed_rows": [3], "uncertain_rows": [2], "open_rows": [4], "missing_rows": [5]})
        );
        assert_eq!(
            found.text(5),
            "rows       5\ndone       1\nfailed     1        3\nuncertain  1        2\n\
             open       1        4\nmissing    1        5\n"
        );
    }
}
