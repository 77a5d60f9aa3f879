//! One small call over http: what nearly every run of apicall is.

use crate::measure::{self, Goal, Work};
use crate::server::Response;
use crate::{clients, server};

/// To reach: a quarter of curl's CPU, 2 M instructions, 6 MiB.
pub fn run() {
    let home = tempfile::tempdir().unwrap();
    let address = server::start(Response::json(include_bytes!("small.json")), None);
    let root = format!("http://{address}/MAAS");
    let mut all = vec![clients::apicall(
        home.path(),
        &root,
        &["get", "/machines/", "--op", "list_allocated"],
    )];
    let url = format!("{root}/api/2.0/machines/?op=list_allocated");
    all.extend(clients::peers(home.path(), &url));
    let goals = [
        Goal::cpu("curl", 0.25),
        Goal::instructions(2.0),
        Goal::peak(6.0),
    ];
    measure::table(&Work::small("one small http call", goals), &all);
}
