//! A query of Macrometa in pages, each after the latency of a distant region: apicall prints a page
//! while the next is under way, beside what asks, prints and asks again.
//!
//! `APICALL_BENCH_ROWS` says how many rows; 200,000 where it says nothing.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::clients::{self, Client};
use crate::cursor::{self, Cursor};
use crate::measure::{self, Goal, Work};
use crate::server::{self, Response};

const LATENCY: Duration = Duration::from_millis(20);

const ROUNDS: usize = 3;

/// Memory is compared with that of so many pages.
const FEW: usize = 100;

const SERIAL: &str = "serial (Python)";
const AT_ONCE: &str = "apicall, no latency";
const SHORT: &str = "apicall, 100 pages";

/// To reach: less time than the serial client; at most a tenth above the latency of all pages, below
/// which nothing goes; the memory of 100 pages, 24 MiB. apicall's own work, without latency, stands
/// beside it: were it serial, it would be added to the latency.
pub fn run() {
    let rows: usize = std::env::var("APICALL_BENCH_ROWS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(200_000);
    let pages = rows.div_ceil(cursor::PAGE).max(1);
    let home = tempfile::tempdir().unwrap();
    let distant = serve(pages, LATENCY);
    let mut all = vec![apicall("apicall", home.path(), &distant)];
    all.extend(serial(home.path(), &distant));
    // These go beside the others and print other counts of rows, or wait for nothing.
    let near = serve(pages, Duration::ZERO);
    let few = serve(FEW, LATENCY);
    let beside = [
        apicall(AT_ONCE, home.path(), &near),
        apicall(SHORT, home.path(), &few),
    ];

    let latency = LATENCY * u32::try_from(pages).unwrap();
    let title = format!(
        "query of {} rows in {pages} pages, {} ms each: {} ms of latency",
        pages * cursor::PAGE,
        LATENCY.as_millis(),
        latency.as_millis()
    );
    println!();
    for client in &all {
        let printed = measure::lines(client);
        assert_eq!(printed, pages * cursor::PAGE, "rows of {}", client.name);
        println!("  {} printed {printed} rows", client.name);
    }
    all.extend(beside);
    let goals = [
        Goal::wall(Some(SERIAL), Duration::ZERO, 1.0),
        Goal::wall(None, latency, 1.1),
        Goal::peak(24.0),
        Goal::peak_above(SHORT, 2.0),
    ];
    measure::table(&Work::large(title, ROUNDS, goals), &all);
}

/// Starts a server and gives its host and port.
fn serve(pages: usize, latency: Duration) -> String {
    server::start(Response::cursor(Cursor::new(pages, latency)), None).to_string()
}

fn apicall(name: &'static str, home: &Path, host: &str) -> Client {
    // Each server has its port, so each client has its config.
    let home = home.join(host.replace(':', "-"));
    let args = ["query", "FOR s IN sensors RETURN s", "-o", "ndjson"];
    let client = clients::apicall_macrometa(&home, &format!("http://{host}"), &args);
    Client { name, ..client }
}

fn serial(home: &Path, host: &str) -> Option<Client> {
    let args = ["-c", include_str!("query.py"), host, clients::MACROMETA_KEY];
    let mut client = clients::client(SERIAL, "python3", home, &args)?;
    // What is found may be a script that looks for the interpreter, which costs time.
    let reported = Command::new(&client.program)
        .args(["-c", "import sys; print(sys.executable)"])
        .output()
        .ok()?;
    client.program = String::from_utf8(reported.stdout).ok()?.trim().into();
    client.vars.push(("PYTHONUTF8".into(), "1".into()));
    Some(client)
}
