//! Large bodies, down to a file and up from one.
//!
//! `APICALL_BENCH_BYTES` says how large; 1 GB where it says nothing.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;

use crate::certificates::{Authority, Subject, Tls};
use crate::clients::{self, Client};
use crate::measure::{self, Goal, Work};
use crate::server::{self, Response};

const ROUNDS: usize = 3;

/// To reach: curl's CPU over http, 1.2 of it in TLS, 8 MiB.
pub fn run() {
    let bytes = std::env::var("APICALL_BENCH_BYTES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000_000);
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Bench CA");
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, &authority.certificate_pem).unwrap();
    let tls = Tls::new(authority.issue(&Subject::loopback())).config();
    for (scheme, config, cpu) in [("http", None, 1.0), ("https", Some(tls), 1.2)] {
        let way = Way {
            folder: folder.path(),
            ca_file: ca_file.to_str().unwrap(),
            scheme,
            config,
            bytes,
        };
        for (direction, clients) in [("down", way.down()), ("up", way.up())] {
            let title = format!("{} MB {direction} over {scheme}", bytes / 1_000_000);
            let goals = [Goal::cpu("curl", cpu), Goal::peak(8.0)];
            measure::table(&Work::large(title, ROUNDS, goals), &clients);
        }
    }
}

/// How the bytes go, and how many.
struct Way<'a> {
    folder: &'a Path,
    ca_file: &'a str,
    scheme: &'a str,
    config: Option<Arc<ServerConfig>>,
    bytes: u64,
}

impl Way<'_> {
    /// From the server to a file.
    fn down(&self) -> Vec<Client> {
        let root = self.start(Response::bytes(self.bytes));
        let written = self.folder.join("apicall.out");
        let target = written.to_str().unwrap();
        let mut apicall = self.apicall(&root, &["get", "/files/", "--download", target]);
        // Both write the file themselves; named here so that it is removed after each run.
        apicall.stdout = Some(written);
        let written = self.folder.join("curl.out");
        let mut curl = self.curl(&root, &["-o", written.to_str().unwrap()]);
        if let Some(curl) = &mut curl {
            curl.stdout = Some(written);
        }
        [Some(apicall), curl].into_iter().flatten().collect()
    }

    /// From a file to the server. The file has no blocks on disk: reading costs the same.
    fn up(&self) -> Vec<Client> {
        let root = self.start(Response::json(include_bytes!("small.json")));
        let sent = self.folder.join("sent");
        File::create(&sent).unwrap().set_len(self.bytes).unwrap();
        let sent = sent.to_str().unwrap();
        let body = format!("@{sent}");
        let apicall = self.apicall(&root, &["put", "/files/", "--body", &body]);
        let curl = self.curl(&root, &["-T", sent]);
        [Some(apicall), curl].into_iter().flatten().collect()
    }

    /// Starts a server and gives the address of its MAAS.
    fn start(&self, response: Response) -> String {
        let address = server::start(response, self.config.clone());
        format!("{}://{address}/MAAS", self.scheme)
    }

    fn apicall(&self, root: &str, args: &[&str]) -> Client {
        // Each server has its port, so each client has its config.
        let home = self.folder.join(root.replace(['/', ':'], "-"));
        let args = [args, &["--ca-file", self.ca_file]].concat();
        clients::apicall(&home, root, &args)
    }

    fn curl(&self, root: &str, args: &[&str]) -> Option<Client> {
        let url = format!("{root}/api/2.0/files/");
        let args = [args, &["--cacert", self.ca_file, &url]].concat();
        clients::curl(self.folder, &args)
    }
}
