//! `apicall maas …`: what the `maas` command line does, done the same.

mod accounts;
mod calls;
mod every;
#[cfg(unix)]
mod named;
mod uploads;

use serde_json::Value;

use crate::sandbox::{Options, Sandbox};
use crate::support::{Ended, Home};

/// Runs `apicall maas` with the words of a line.
fn maas(home: &Home, line: &str) -> Ended {
    let args: Vec<&str> = ["maas"]
        .into_iter()
        .chain(line.split_whitespace())
        .collect();
    home.run(&args)
}

/// The description of a real region, where there is one beside the package.
fn real_description() -> Option<(std::path::PathBuf, Value)> {
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/maas-describe.json");
    let text = std::fs::read(&file).ok()?;
    Some((file, serde_json::from_slice(&text).unwrap()))
}

/// A sandbox that describes itself as a real region does, where its description is there.
fn with_real_description() -> Option<Sandbox> {
    let (file, _) = real_description()?;
    Some(Sandbox::with(Options {
        maas_describe: Some(file),
        ..Options::default()
    }))
}
