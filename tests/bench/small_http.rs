//! One small call over http: what nearly every run of apicall is.

use crate::{clients, measure, server};

/// To reach: a quarter of curl's CPU, 2 M instructions, 6 MiB.
pub fn run() {
    let home = tempfile::tempdir().unwrap();
    let address = server::start(include_bytes!("small.json"));
    let root = format!("http://{address}/MAAS");
    let mut all = vec![clients::apicall(
        home.path(),
        &root,
        &["get", "/machines/", "--op", "list_allocated"],
    )];
    let url = format!("{root}/api/2.0/machines/?op=list_allocated");
    all.extend(clients::peers(home.path(), &url));
    measure::table("one small http call", &all);
}
