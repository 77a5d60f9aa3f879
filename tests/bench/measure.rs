//! Runs commands in turn and prints what they took.
//!
//! CPU time and peak memory are what the kernel reports of an ended process. A process starts as a
//! copy of this one, so its peak is never below this one's; the `floor` says how much that is.

use std::fs::{self, File};
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use wait4::Wait4 as _;

use crate::clients::{Client, find};
use crate::goal::Limit;
use crate::verdicts::{self, Figure};

pub use crate::goal::Goal;

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    cpu: Duration,
    wall: Duration,
    peak: u64,
    faults: u64,
}

/// A kind of work: a table.
pub struct Work {
    title: String,
    rounds: usize,
    goals: Vec<Goal>,
    /// Counting makes a run a hundred times slower.
    counts_instructions: bool,
}

impl Work {
    /// Work of milliseconds.
    pub fn small(title: &str, goals: impl Into<Vec<Goal>>) -> Self {
        Self {
            title: title.to_owned(),
            rounds: 41,
            goals: goals.into(),
            counts_instructions: true,
        }
    }

    /// Work of seconds.
    pub fn large(title: String, rounds: usize, goals: impl Into<Vec<Goal>>) -> Self {
        Self {
            title,
            rounds,
            goals: goals.into(),
            counts_instructions: false,
        }
    }
}

/// What the runs of one client took, in the middle.
struct Row {
    name: &'static str,
    cpu: Duration,
    wall: Duration,
    peak: u64,
    faults: u64,
    /// Millions.
    instructions: Option<f64>,
}

/// Runs all clients in turn and prints a row for each, and whether apicall reaches the goal.
pub fn table(work: &Work, clients: &[Client]) {
    let rounds = std::env::var("APICALL_BENCH_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(work.rounds);
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); clients.len()];
    for round in 0..=rounds {
        let mut turn: Vec<usize> = (0..clients.len()).collect();
        if round % 2 == 1 {
            turn.reverse();
        }
        for client in turn {
            let run = run(&clients[client]);
            // The first round fills caches.
            if round > 0 {
                runs[client].push(run);
            }
        }
    }
    let rows: Vec<Row> = clients
        .iter()
        .zip(&runs)
        .map(|(client, runs)| Row {
            name: client.name,
            cpu: median(runs.iter().map(|r| r.cpu)),
            wall: median(runs.iter().map(|r| r.wall)),
            peak: median(runs.iter().map(|r| r.peak)),
            faults: median(runs.iter().map(|r| r.faults)),
            instructions: work
                .counts_instructions
                .then(|| instructions(client))
                .flatten(),
        })
        .collect();
    println!("\n{}: medians of {rounds} alternating runs", work.title);
    print(&work.title, &rows, &work.goals);
}

fn print(title: &str, rows: &[Row], goals: &[Goal]) {
    let named = |name| rows.iter().find(|row| row.name == name);
    let ratio = |row: &Row, peer| Some(row.cpu.as_secs_f64() / named(peer)?.cpu.as_secs_f64());
    // A table about waiting compares the time on the clock.
    let walls = |row: &Row, peer: Option<&'static str>, added: Duration| {
        let peer = peer.map_or(Some(Duration::ZERO), |peer| Some(named(peer)?.wall));
        let whole: Duration = peer? + added;
        Some(row.wall.as_secs_f64() / whole.as_secs_f64())
    };
    // The column compares with the peer of the first goal.
    let first = goals.iter().find_map(|goal| match goal.limit {
        Limit::Cpu(peer, _) => Some((peer, false)),
        Limit::Wall(Some(peer), Duration::ZERO, _) => Some((peer, true)),
        _ => None,
    });
    let (peer, of_wall) = first.unwrap_or(("curl", false));
    let column = |row: &Row| {
        if of_wall {
            walls(row, Some(peer), Duration::ZERO)
        } else {
            ratio(row, peer)
        }
    };
    let floor = floor();
    println!(
        "  {:<22} {:>10} {:>10} {:>10} {:>8} {:>14} {:>14}",
        "client",
        "cpu ms",
        "wall ms",
        "peak MiB",
        "faults",
        format!("{}x {peer}", if of_wall { "wall " } else { "" }),
        "instructions"
    );
    for row in rows {
        println!(
            "  {:<22} {:>10.2} {:>10.2} {:>10} {:>8} {:>14} {:>14}",
            row.name,
            milliseconds(row.cpu),
            milliseconds(row.wall),
            // At the floor the real peak is somewhere below.
            if row.peak <= floor + (floor >> 5) {
                format!("≤ {:.1}", mebibytes(row.peak))
            } else {
                format!("{:.1}", mebibytes(row.peak))
            },
            row.faults,
            column(row).map_or(String::new(), |r| format!("{r:.3}")),
            row.instructions
                .map_or("-".to_owned(), |n| format!("{n:.2} M")),
        );
    }
    for goal in goals {
        let Some(row) = named(goal.of) else { continue };
        let (what, reached, most) = match goal.limit {
            Limit::Cpu(peer, most) => (format!("CPU ≤ {most} x {peer}'s"), ratio(row, peer), most),
            Limit::Times(peer, least) => {
                let what = format!("{peer}'s CPU ≥ {least} x apicall's");
                (what, ratio(row, peer), 1.0 / least)
            }
            Limit::Faults(most) => (
                format!("page faults ≤ {most}"),
                Some(f64::from(u32::try_from(row.faults).unwrap_or(u32::MAX))),
                most,
            ),
            Limit::Instructions(most) => {
                let what = format!("instructions ≤ {most} M");
                (what, row.instructions, most)
            }
            Limit::Peak(most) => {
                let what = format!("peak ≤ {most} MiB");
                (what, Some(mebibytes(row.peak)), most)
            }
            Limit::PeakAbove(peer, most) => {
                let above = named(peer).map(|p| mebibytes(row.peak) - mebibytes(p.peak));
                (format!("peak ≤ {most} MiB above {peer}'s"), above, most)
            }
            Limit::Wall(peer, added, most) => {
                let peer_wall = peer.map(|peer| format!("{peer}'s"));
                let waits =
                    (!added.is_zero()).then(|| format!("{} ms of latency", added.as_millis()));
                let parts: Vec<String> = peer_wall.into_iter().chain(waits).collect();
                let what = format!("wall ≤ {most} x {}", parts.join(" and "));
                (what, walls(row, peer, added), most)
            }
        };
        let of = match goal.of {
            "apicall" => String::new(),
            of => format!(" ({of})"),
        };
        let reached = reached.map(|reached| match goal.limit {
            Limit::Times(..) => Figure::at_least(1.0 / reached, 1.0 / most),
            _ => Figure::at_most(reached, most),
        });
        verdicts::note(title, &format!("{what}{of}"), reached);
    }
}

fn run(client: &Client) -> Run {
    let faults = faults_of_children();
    let started = Instant::now();
    let ended = command(client).spawn().unwrap().wait4().unwrap();
    let wall = started.elapsed();
    if let Some(file) = &client.stdout {
        // Before the next run, so that none pays for throwing away what another wrote.
        fs::remove_file(file).unwrap();
    }
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
        faults: faults_of_children() - faults,
    }
}

/// What a call took that nothing is compared with.
pub struct Cost {
    pub succeeded: bool,
    /// CPU time in seconds.
    pub cpu: f64,
    /// In KiB.
    pub peak: u64,
}

/// Runs a client once, whatever becomes of it and whatever it prints.
pub fn once(client: &Client) -> Cost {
    let mut command = command(client);
    let ended = command.stderr(Stdio::null()).spawn().unwrap().wait4();
    let ended = ended.unwrap();
    Cost {
        succeeded: ended.status.success(),
        cpu: (ended.rusage.utime + ended.rusage.stime).as_secs_f64(),
        peak: ended.rusage.maxrss >> 10,
    }
}

/// So many times as long may an input take that is ten times as large.
pub const MOST_GROWTH: f64 = 12.0;

/// Prints how the cost of three inputs grows, each ten times the one before, and whether it may.
pub fn growth(title: &str, name: &str, costs: &[Cost; 3]) {
    let [small, middle, large] = costs;
    // A start of some milliseconds hides what the smallest costs.
    let growth = large.cpu / middle.cpu.max(0.005);
    println!(
        "  {name:<22} {:>7.3} s {:>7.3} s {:>7.3} s  {:>4} MiB",
        small.cpu,
        middle.cpu,
        large.cpu,
        large.peak >> 10,
    );
    verdicts::note(
        &format!("{title}: {name}"),
        &format!("ten times the input ≤ {MOST_GROWTH} x the time"),
        Some(Figure::at_most(growth, MOST_GROWTH)),
    );
}

/// The page faults of all processes that were started from here and have ended.
fn faults_of_children() -> u64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    usage.minor_page_faults().try_into().unwrap_or_default()
}

/// How many lines a client prints, in a run that is not measured.
pub fn lines(client: &Client) -> usize {
    let mut child = command(client).stdout(Stdio::piped()).spawn().unwrap();
    let mut printed = child.stdout.take().unwrap();
    let mut buffer = vec![0; 1 << 16];
    let mut lines = 0;
    loop {
        let count = printed.read(&mut buffer).unwrap();
        if count == 0 {
            break;
        }
        lines += memchr::memchr_iter(b'\n', &buffer[..count]).count();
    }
    let status = child.wait().unwrap();
    assert!(status.success(), "{} failed: {status}", client.name);
    lines
}

/// The command of a client, ready to be started.
pub fn command(client: &Client) -> Command {
    let stdout = match &client.stdout {
        Some(path) => File::create(path).unwrap().into(),
        None => Stdio::null(),
    };
    let mut command = Command::new(&client.program);
    command
        .args(&client.args)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(client.vars.iter().map(|(k, v)| (k, v)))
        .stdin(Stdio::null())
        .stdout(stdout);
    command
}

/// The peak that a process has for being started from here.
fn floor() -> u64 {
    let Ok(mut child) = Command::new("true").spawn() else {
        return 0;
    };
    child.wait4().map_or(0, |ended| ended.rusage.maxrss)
}

/// How many million instructions a client executes, as callgrind counts them.
fn instructions(client: &Client) -> Option<f64> {
    let valgrind = find("valgrind")?;
    // An interpreter would take minutes, and its count shows nothing that its time does not.
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
    let reported = String::from_utf8_lossy(&output.stderr);
    let count = reported
        .lines()
        .find_map(|l| l.split("Collected : ").nth(1))?;
    let count: f64 = count.trim().parse().ok()?;
    Some(count / 1e6)
}

pub fn median<T: Ord>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort();
    let middle = values.len() / 2;
    values.swap_remove(middle)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "it is printed with one digit")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
