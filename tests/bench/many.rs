//! Many small calls of one process: `batch` beside `curl --parallel`, which prints the bodies and
//! nothing else, and beside one that reports each call as JSON besides, as a line of `batch` does.
//! The goals are set by the former, which does less.
//!
//! `APICALL_BENCH_CALLS` says how many of them are fast ones; 10,000 where it says nothing.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use crate::certificates::{Authority, Identity, Subject, Tls};
use crate::clients::{self, Client};
use crate::measure::{self, Goal, Work};
use crate::server::{self, Response};
use crate::verdicts::{self, Figure};
use crate::{nginx, server::Manner};

const ROUNDS: usize = 5;

/// How many calls are made at once, by each client.
const AT_ONCE: &str = "50";

/// How long the slow server takes for each response.
const LATENCY: Duration = Duration::from_millis(50);

/// Rows of the run whose memory counts.
const MANY: usize = 1_000_000;

/// How many calls a second the server takes that refuses more, and how many it gets.
const MOST_A_SECOND: u32 = 100;
const REFUSED: usize = 1_000;

/// To reach: twice curl's rate at 0.6 of its CPU; with latency, 1.1 of what the latency alone takes;
/// 16 MiB however many rows there are.
pub fn run() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Bench CA");
    let identity = authority.issue(&Subject::loopback());
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, &authority.certificate_pem).unwrap();
    let many = Many {
        folder: folder.path(),
        ca_file: ca_file.to_str().unwrap(),
        tls: Tls::new(identity.clone()).config(),
        identity,
    };
    many.memory();
    many.fast();
    many.slow();
    many.refused();
}

struct Many<'a> {
    folder: &'a Path,
    ca_file: &'a str,
    identity: Identity,
    tls: Arc<ServerConfig>,
}

impl Many<'_> {
    /// Calls that cost nothing but themselves.
    fn fast(&self) {
        let count = std::env::var("APICALL_BENCH_CALLS")
            .ok()
            .and_then(|n| n.parse().ok())
            .unwrap_or(10_000);
        let body = include_str!("small.json");
        let nginx = nginx::start(self.folder, &self.identity, body);
        for (scheme, config) in [("http", None), ("https", Some(&self.tls))] {
            let address = match (&nginx, config) {
                (Some(nginx), None) => nginx.plain,
                (Some(nginx), Some(_)) => nginx.secure,
                (None, config) => server::start(Response::json(body.as_bytes()), config.cloned()),
            };
            let title = format!("{count} small GETs over {scheme}");
            let goals = [
                Goal::cpu("curl --parallel", 0.6),
                Goal::wall(Some("curl --parallel"), Duration::ZERO, 0.5),
                Goal::peak(16.0),
            ];
            let root = format!("{scheme}://{address}/MAAS");
            let work = Work::large(title, ROUNDS, goals);
            measure::table(&work, &self.clients(&root, count));
        }
    }

    /// Calls that wait for the server.
    fn slow(&self) {
        let count = 1000;
        let whole = LATENCY * u32::try_from(count).unwrap() / 50;
        for (scheme, config) in [("http", None), ("https", Some(self.tls.clone()))] {
            let response = Response::json(include_bytes!("small.json"));
            let address = server::start_with(response, config, Manner::Late(LATENCY));
            let title = format!("{count} GETs of 50 ms over {scheme}, {AT_ONCE} at once");
            let goals = [Goal::wall(None, whole, 1.1)];
            let root = format!("{scheme}://{address}/MAAS");
            let work = Work::large(title, ROUNDS, goals);
            measure::table(&work, &self.clients(&root, count));
        }
    }

    /// Memory does not grow with the rows.
    fn memory(&self) {
        let body = include_str!("small.json");
        let nginx = nginx::start(self.folder, &self.identity, body);
        let address = match &nginx {
            Some(nginx) => nginx.plain,
            None => server::start(Response::json(body.as_bytes()), None),
        };
        let root = format!("http://{address}/MAAS");
        let title = format!("{MANY} small GETs, {AT_ONCE} at once");
        let mut clients = self.clients(&root, MANY);
        clients.truncate(1);
        let cost = measure::once(&clients[0]);
        assert!(cost.succeeded, "{title}");
        println!("\n{title}");
        let peak = f64::from(u32::try_from(cost.peak).unwrap()) / 1024.0;
        verdicts::note(&title, "peak ≤ 16 MiB", Some(Figure::at_most(peak, 16.0)));
    }

    /// A server that refuses what is too much.
    fn refused(&self) {
        let (manner, counts) = Manner::at_most(MOST_A_SECOND);
        let response = Response::json(include_bytes!("small.json"));
        let address = server::start_with(response, None, manner);
        let root = format!("http://{address}/MAAS");
        let client = &self.clients(&root, REFUSED)[0];
        let began = Instant::now();
        let cost = measure::once(client);
        assert!(cost.succeeded, "calls were lost");
        let (taken, refused) = counts.get();
        println!(
            "\n{REFUSED} GETs of a server that takes {MOST_A_SECOND} a second: {taken} taken, \
             {refused} refused with 429, {:.1} s",
            began.elapsed().as_secs_f64()
        );
        assert_eq!(taken, REFUSED as u64);
    }

    /// apicall and curl with so many calls each.
    fn clients(&self, root: &str, count: usize) -> Vec<Client> {
        // Each server has its port, so each client has its config.
        let home = self.folder.join(root.replace(['/', ':'], "-"));
        fs::create_dir_all(&home).unwrap();
        let file = home.join("rows");
        // What this process holds is the least that a child is said to have held.
        let mut rows = BufWriter::new(File::create(&file).unwrap());
        for n in 0..count {
            writeln!(rows, "{n:06}").unwrap();
        }
        rows.flush().unwrap();
        let apicall = clients::apicall(
            &home,
            root,
            &[
                "batch",
                "get",
                "/machines/{}/",
                "--from",
                file.to_str().unwrap(),
                "-j",
                AT_ONCE,
                "--ca-file",
                self.ca_file,
            ],
        );
        let url = format!("{root}/api/2.0/machines/[000000-{:06}]/", count - 1);
        let parallel = ["--parallel", "--parallel-max", AT_ONCE];
        let rest = ["--no-progress-meter", "--cacert", self.ca_file, &url];
        let curl = |name, more: &[&str]| {
            let curl = clients::curl(&home, &[&parallel, more, &rest].concat());
            curl.map(|curl| Client { name, ..curl })
        };
        let told = curl("curl --parallel -w", &["-w", "\n%{json}\n"]);
        let all = [Some(apicall), told, curl("curl --parallel", &[])];
        all.into_iter().flatten().collect()
    }
}
