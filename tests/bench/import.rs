//! Broken and large inputs of an import, each ten times the one before: time and memory grow with
//! the input, not with its square. Nothing of them is a document, so no server is asked.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Instant;

use wait4::Wait4 as _;

use crate::clients;

/// Sizes in bytes; a row, line or document has at most 64 MiB.
const SIZES: [usize; 3] = [600_000, 6_000_000, 60_000_000];

/// So many times as long may an input take that is ten times as large.
const MOST: f64 = 12.0;

/// A kind of input: its name, what it begins with, what repeats, what it ends with.
struct Kind {
    name: &'static str,
    file: &'static str,
    begins: &'static [u8],
    repeats: &'static [u8],
    ends: &'static [u8],
}

const KINDS: [Kind; 8] = [
    kind("a quote not closed", "d.csv", b"a,b\n\"", b"x,\ny", b""),
    kind(
        "a bad byte in a row",
        "d.csv",
        b"a,b\n1,",
        b"x y z",
        b"\xff\n",
    ),
    kind(
        "text behind a quote",
        "d.csv",
        b"a,b\n\"",
        b"x\"\"y",
        b"\"z\n",
    ),
    kind("short rows", "d.csv", b"a,b\n", b"x\n", b""),
    kind(
        "a bad byte in a line",
        "d.ndjson",
        b"{\"a\":\"",
        b"x y z",
        b"\xff\"}\n",
    ),
    kind("lines of brackets", "d.ndjson", b"{\"a\":\n", b"[\n", b""),
    kind("lines cut short", "d.ndjson", b"", b"{\"a\":\n", b""),
    kind("an array not closed", "d.json", b"[", b"7,\n", b""),
];

const fn kind(
    name: &'static str,
    file: &'static str,
    begins: &'static [u8],
    repeats: &'static [u8],
    ends: &'static [u8],
) -> Kind {
    Kind {
        name,
        file,
        begins,
        repeats,
        ends,
    }
}

/// Prints the time and memory of each, and how they grow.
pub fn run() {
    println!("\nimport of broken input: CPU time at 0.6, 6 and 60 MB; at most {MOST} x each");
    let home = tempfile::tempdir().unwrap();
    for kind in &KINDS {
        let path = home.path().join(kind.file);
        let mut times = Vec::new();
        let mut peaks = Vec::new();
        for size in SIZES {
            let mut file = std::io::BufWriter::new(fs::File::create(&path).unwrap());
            file.write_all(kind.begins).unwrap();
            for _ in 0..size / kind.repeats.len() {
                file.write_all(kind.repeats).unwrap();
            }
            file.write_all(kind.ends).unwrap();
            file.into_inner().unwrap();
            let (time, peak) = import(home.path(), &path.display().to_string());
            times.push(time);
            peaks.push(peak);
        }
        // A start of some milliseconds hides what the smallest costs.
        let growth = times[2] / times[1].max(0.005);
        println!(
            "  {:<22} {:>7.3} s {:>7.3} s {:>7.3} s  x {growth:>4.1}  {:>4} MiB  {}",
            kind.name,
            times[0],
            times[1],
            times[2],
            peaks[2] >> 10,
            if growth <= MOST { "reached" } else { "MISSED" }
        );
    }
}

/// The CPU time in seconds of an import, and its peak of memory in KiB.
fn import(home: &std::path::Path, file: &str) -> (f64, u64) {
    let args = ["import", "c", file];
    let client = clients::apicall_macrometa(home, "http://127.0.0.1:9", &args);
    let started = Instant::now();
    let ended = std::process::Command::new(&client.program)
        .args(&client.args)
        .env_clear()
        .envs(client.vars)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
        .wait4()
        .unwrap();
    let wall = started.elapsed();
    assert!(!ended.status.success(), "{file} is broken");
    let cpu = ended.rusage.utime + ended.rusage.stime;
    (cpu.min(wall).as_secs_f64(), ended.rusage.maxrss)
}
