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

/// To reach: a quarter of curl's CPU with a private CA, and 0.3 of it where apicall reads a copy of
/// the system's bundle, to which the server's authority is added, and curl that authority alone.
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
        &Servers {
            home: home.path(),
            root: &root,
            authority: &ca_file,
        },
        None,
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
        0.3,
        &Servers {
            home: home.path(),
            root: &root,
            authority: &ca_file,
        },
        Some(&copy),
    );
}

/// Where the calls go, and whom they trust.
struct Servers<'a> {
    home: &'a Path,
    root: &'a str,
    /// The file of the server's authority.
    authority: &'a Path,
}

fn compare(title: &'static str, cpu: f64, servers: &Servers<'_>, bundle: Option<&Path>) {
    let authority = servers.authority.to_str().unwrap();
    let mut args = vec!["get", "/machines/", "--op", "list_allocated"];
    if bundle.is_none() {
        args.extend(["--ca-file", authority]);
    }
    let mut apicall = clients::apicall(servers.home, servers.root, &args);
    if let Some(bundle) = bundle {
        apicall.vars.push(("SSL_CERT_FILE".into(), bundle.into()));
    }
    let url = format!("{}/api/2.0/machines/?op=list_allocated", servers.root);
    let mut all = vec![apicall];
    all.extend(clients::curl(servers.home, &["--cacert", authority, &url]));
    measure::table(&Work::small(title, [Goal::cpu("curl", cpu)]), &all);
}
