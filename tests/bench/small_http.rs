//! One small call over http: what nearly every run of apicall is.

use crate::measure::{self, Goal, Work};
use crate::server::Response;
use crate::{clients, server};

/// To reach: a quarter of curl's CPU, 180 page faults, 1.2 M instructions, 5 MiB; a hundredth of what
/// the ways take that the services document.
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
        Goal::faults(180.0),
        Goal::instructions(1.2),
        Goal::peak(5.0),
        Goal::times("MAAS's Python example", 90.0),
        Goal::times("fetch example", 80.0),
        Goal::times("maas CLI", 300.0),
    ];
    measure::table(&Work::small("one small http call", goals), &all);
}
