//! Runs commands in turn and prints what they took.
//!
//! CPU time and peak memory are what the kernel tells of an ended process. A process starts as a
//! copy of this one, so its peak is never below this one's; the `floor` says how much that is.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::clients::{Client, find};

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    cpu: Duration,
    wall: Duration,
    peak: u64,
}

/// Runs all clients in turn and prints a row for each; the ratios are to `curl`.
pub fn table(title: &str, clients: &[Client]) {
    let rounds = std::env::var("APICALL_BENCH_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(41);
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); clients.len()];
    for round in 0..=rounds {
        for (client, runs) in clients.iter().zip(&mut runs) {
            let run = run(client);
            // The first round fills caches.
            if round > 0 {
                runs.push(run);
            }
        }
    }
    let cpu = |runs: &[Run]| median(runs.iter().map(|r| r.cpu));
    let curl = clients
        .iter()
        .position(|c| c.name == "curl")
        .map(|at| cpu(&runs[at]));
    let floor = floor();
    println!("\n{title}: medians of {rounds} alternating runs");
    println!(
        "  {:<22} {:>9} {:>9} {:>10} {:>8} {:>15}",
        "client", "cpu ms", "wall ms", "peak MiB", "x curl", "instructions"
    );
    for (client, runs) in clients.iter().zip(&runs) {
        let peak = median(runs.iter().map(|r| r.peak));
        let ratio = curl.map_or(String::new(), |curl| {
            format!("{:.3}", cpu(runs).as_secs_f64() / curl.as_secs_f64())
        });
        println!(
            "  {:<22} {:>9.2} {:>9.2} {:>10} {:>8} {:>15}",
            client.name,
            milliseconds(cpu(runs)),
            milliseconds(median(runs.iter().map(|r| r.wall))),
            mebibytes(peak, floor),
            ratio,
            instructions(client).unwrap_or_else(|| "-".to_owned()),
        );
    }
}

fn run(client: &Client) -> Run {
    let started = Instant::now();
    let ended = command(client).spawn().unwrap().wait4().unwrap();
    let wall = started.elapsed();
    assert!(
        ended.status.success(),
        "{} failed: {}",
        client.name,
        ended.status
    );
    Run {
        cpu: ended.rusage.utime + ended.rusage.stime,
        wall,
        peak: ended.rusage.maxrss,
    }
}

fn command(client: &Client) -> Command {
    let mut command = Command::new(&client.program);
    command
        .args(&client.args)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(client.vars.iter().map(|(k, v)| (k, v)))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// The peak that a process has for being started from here.
fn floor() -> u64 {
    let Ok(mut child) = Command::new("true").spawn() else {
        return 0;
    };
    child.wait4().map_or(0, |ended| ended.rusage.maxrss)
}

/// How many instructions a client executes, as callgrind counts them.
fn instructions(client: &Client) -> Option<String> {
    let valgrind = find("valgrind")?;
    // An interpreter would take minutes, and its count tells nothing that its time does not.
    if !matches!(client.name, "apicall" | "curl" | "xh") {
        return None;
    }
    let plain = command(client);
    let output = Command::new(valgrind)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(plain.get_program())
        .args(plain.get_args())
        .env_clear()
        .envs(plain.get_envs().filter_map(|(k, v)| Some((k, v?))))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let count = told.lines().find_map(|l| l.split("Collected : ").nth(1))?;
    let count: f64 = count.trim().parse().ok()?;
    Some(format!("{:.2} M", count / 1e6))
}

fn median<T: Ord>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort();
    let middle = values.len() / 2;
    values.swap_remove(middle)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Peaks are told in bytes; at the floor the real one is somewhere below.
fn mebibytes(peak: u64, floor: u64) -> String {
    let tenths = peak * 10 / (1 << 20);
    let below = if peak <= floor + (floor >> 5) {
        "≤ "
    } else {
        ""
    };
    format!("{below}{}.{}", tenths / 10, tenths % 10)
}
