//! One small call over https: a handshake, and the certificates that are read for it.

use std::fs;
use std::path::Path;

use crate::certificates::{Authority, Subject, Tls};
use crate::measure::{self, Goal, Work};
use crate::server::Response;
use crate::{clients, server};

/// Where distributions keep the bundle.
const BUNDLES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// To reach: a quarter of curl's CPU with a private CA, a fifth where both read the system's
/// bundle. Both are given a copy of it to which the server's authority is added.
pub fn run() {
    let home = tempfile::tempdir().unwrap();
    let authority = Authority::new("Bench CA");
    let tls = Tls::new(authority.issue(&Subject::loopback())).config();
    let address = server::start(Response::json(include_bytes!("small.json")), Some(tls));
    let root = format!("https://{address}/MAAS");

    let ca_file = home.path().join("ca.pem");
    fs::write(&ca_file, &authority.certificate_pem).unwrap();
    compare(
        "one small https call, private CA",
        0.25,
        home.path(),
        &root,
        &ca_file,
        false,
    );

    let Some(mut bundle) = BUNDLES.iter().find_map(|path| fs::read(path).ok()) else {
        println!("\n(this system has no bundle of certificates)");
        return;
    };
    bundle.extend_from_slice(authority.certificate_pem.as_bytes());
    let copy = home.path().join("bundle.pem");
    fs::write(&copy, bundle).unwrap();
    compare(
        "one small https call, the system's bundle",
        0.2,
        home.path(),
        &root,
        &copy,
        true,
    );
}

fn compare(title: &'static str, cpu: f64, home: &Path, root: &str, trusted: &Path, system: bool) {
    let file = trusted.to_str().unwrap();
    let mut args = vec!["get", "/machines/", "--op", "list_allocated"];
    if !system {
        args.extend(["--ca-file", file]);
    }
    let mut apicall = clients::apicall(home, root, &args);
    if system {
        apicall.vars.push(("SSL_CERT_FILE".into(), file.into()));
    }
    let url = format!("{root}/api/2.0/machines/?op=list_allocated");
    let mut all = vec![apicall];
    all.extend(clients::curl(home, &["--cacert", file, &url]));
    measure::table(&Work::small(title, [Goal::cpu("curl", cpu)]), &all);
}
