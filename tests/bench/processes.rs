//! Many short processes, two at a time: what a script does that calls apicall in a loop.

use std::thread;
use std::time::{Duration, Instant};

use crate::clients::{self, Client};
use crate::measure;
use crate::server::{self, Response};
use crate::verdicts::{self, Figure};

const PROCESSES: u32 = 200;
const AT_ONCE: u32 = 2;
const ROUNDS: usize = 5;

/// To reach: so many times curl's calls a second.
const LEAST: f64 = 3.2;

pub fn run() {
    let home = tempfile::tempdir().unwrap();
    let address = server::start(Response::json(include_bytes!("small.json")), None);
    let root = format!("http://{address}/MAAS");
    let args = ["get", "/machines/", "--op", "list_allocated"];
    let apicall = clients::apicall(home.path(), &root, &args);
    let url = format!("{root}/api/2.0/machines/?op=list_allocated");
    let title = format!("{PROCESSES} processes, {AT_ONCE} at a time");
    let what = format!("calls a second ≥ {LEAST} x curl's");
    let Some(curl) = clients::curl(home.path(), &[&url]) else {
        verdicts::note(&title, &what, None);
        return;
    };
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (client, times) in [&apicall, &curl].into_iter().zip(&mut times) {
            times.push(all(client));
        }
    }
    let [ours, theirs] = times.map(|times| measure::median(times.into_iter()));
    let rate = |time: Duration| f64::from(PROCESSES) / time.as_secs_f64();
    println!("\n{title}: medians of {ROUNDS} alternating rounds");
    println!("  {:<22} {:>10.0} calls a second", "apicall", rate(ours));
    println!("  {:<22} {:>10.0} calls a second", "curl", rate(theirs));
    let times = rate(ours) / rate(theirs);
    verdicts::note(&title, &what, Some(Figure::at_least(times, LEAST)));
}

/// How long all processes of a client take.
fn all(client: &Client) -> Duration {
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                for _ in 0..PROCESSES / AT_ONCE {
                    assert!(measure::command(client).status().unwrap().success());
                }
            });
        }
    });
    started.elapsed()
}
