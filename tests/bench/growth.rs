//! Responses and descriptions, each ten times the one before: time grows with them, not with their
//! square.

use std::path::Path;
use std::process::Stdio;

use wait4::Wait4 as _;

use crate::clients;
use crate::server::{self, Response};

/// How many members, columns, lines or parameters there are.
const SIZES: [usize; 3] = [2_000, 20_000, 200_000];

/// So many times as long may an input take that is ten times as large.
const MOST: f64 = 12.0;

/// A kind of input: its name, the call, and how the response is made for a size.
type Kind = (&'static str, &'static [&'static str], fn(usize) -> String);

const KINDS: [Kind; 5] = [
    ("members, csv", &["get", "/x", "-o", "csv"], members),
    ("members, table", &["get", "/x", "-o", "table"], members),
    ("elements, csv", &["get", "/x", "-o", "csv"], elements),
    ("lines of a text, ops", &["ops", "read"], lines),
    ("parameters, ops", &["ops", "read"], parameters),
];

fn members(size: usize) -> String {
    let members: Vec<String> = (0..size).map(|n| format!("\"m{n}\":{n}")).collect();
    format!("[{{{}}}]", members.join(","))
}

fn elements(size: usize) -> String {
    format!("[[{}]]", vec!["1"; size].join(","))
}

fn lines(size: usize) -> String {
    described("a line of the text\\n", size)
}

fn parameters(size: usize) -> String {
    described(
        ":param name: Required. The name.\\n:type name: String\\n\\n",
        size,
    )
}

fn described(repeats: &str, size: usize) -> String {
    format!(
        "{{\"hash\":\"x\",\"resources\":[{{\"name\":\"AHandler\",\"anon\":null,\"auth\":{{\"name\":\
         \"AHandler\",\"path\":\"/MAAS/api/2.0/a/\",\"params\":[],\"actions\":[{{\"name\":\"read\",\
         \"method\":\"GET\",\"op\":null,\"doc\":\"Read it.\\n\\n{}\"}}]}}}}]}}",
        repeats.repeat(size)
    )
}

/// Prints the time of each, and how it grows.
pub fn run() {
    println!("\ngrowth: CPU time at 2, 20 and 200 thousand; at most {MOST} x each");
    for (name, args, make) in KINDS {
        let times = SIZES.map(|size| {
            let body: &'static str = make(size).leak();
            let address = server::start(Response::json(body.as_bytes()), None);
            // A cache of one size is not the next one's.
            let home = tempfile::tempdir().unwrap();
            call(home.path(), &format!("http://{address}/MAAS"), args)
        });
        // A start of some milliseconds hides what the smallest costs.
        let growth = times[2] / times[1].max(0.005);
        println!(
            "  {name:<22} {:>7.3} s {:>7.3} s {:>7.3} s  x {growth:>4.1}  {}",
            times[0],
            times[1],
            times[2],
            if growth <= MOST { "reached" } else { "MISSED" }
        );
    }
}

/// The CPU time in seconds of a call.
fn call(home: &Path, url: &str, args: &[&str]) -> f64 {
    let client = clients::apicall(home, url, args);
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
    (ended.rusage.utime + ended.rusage.stime).as_secs_f64()
}
