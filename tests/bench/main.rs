//! apicall beside its peers: `cargo bench`, or `cargo bench -- small_http` for some groups only.
//!
//! Each file of rows describes one kind of work and the commands that do it; [`measure`] runs them
//! in turn (A B C C B A …), so that a busy machine disturbs all alike and none always follows the
//! one that empties the processor's caches, and prints medians and the ratio to a peer. Absolute
//! figures move from machine to machine; ratios and instruction counts hold. A table at the end says
//! which goals were reached. `APICALL_BENCH_ROUNDS` sets the number of rounds,
//! `APICALL_BENCH_PROGRAM` names another apicall to measure, as the one that is packaged.
//!
//! The server is a thread with fixed answers that checks nothing, and only the ended child's time
//! counts, so what is measured is the client.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench prints, reads the environment and fails by panicking"
)]

#[cfg(unix)]
mod bodies;
#[cfg(unix)]
#[allow(dead_code, reason = "the sandbox's tests need more certificates")]
#[path = "../sandbox/tls.rs"]
mod certificates;
#[cfg(unix)]
mod clients;
#[cfg(unix)]
mod cursor;
#[cfg(unix)]
mod goal;
#[cfg(unix)]
mod growth;
#[cfg(unix)]
mod https;
#[cfg(unix)]
mod import;
#[cfg(unix)]
mod maas;
#[cfg(unix)]
mod machines;
#[cfg(unix)]
mod many;
#[cfg(unix)]
mod measure;
#[cfg(unix)]
mod nginx;
#[cfg(unix)]
mod processes;
#[cfg(unix)]
mod query;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod small_http;
#[cfg(unix)]
mod transfer;
#[cfg(unix)]
mod verdicts;

/// A group of rows: its name, and what runs it.
#[cfg(unix)]
const GROUPS: [(&str, fn()); 12] = [
    ("small_http", small_http::run),
    ("processes", processes::run),
    ("https", https::run),
    ("maas", maas::run),
    ("print", bodies::print),
    ("gzip", bodies::gzip),
    ("filter", bodies::filter),
    ("query", query::run),
    ("many", many::run),
    ("import", import::run),
    ("growth", growth::run),
    ("transfer", transfer::run),
];

#[cfg(unix)]
fn main() {
    // cargo gives `--bench` to every bench.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    for (name, run) in GROUPS {
        if wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())) {
            run();
        }
    }
    verdicts::summary();
}

#[cfg(not(unix))]
fn main() {
    println!("skipped: CPU time and memory are measured on Unix");
}
