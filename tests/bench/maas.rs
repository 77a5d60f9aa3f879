//! The drop-in for the `maas` command line, whose own cost is documented.

use std::path::Path;

use crate::measure::{self, Goal, Work};
use crate::server::Response;
use crate::{clients, server};

/// What the `maas` command line itself takes: 1.0 to 1.3 s of CPU, 59 MiB. To reach: a 300th of it.
pub fn run() {
    let home = tempfile::tempdir().unwrap();
    // The server has one response: it describes itself, and answers the call with it, too.
    let address = server::start(Response::json(description()), None);
    let root = format!("http://{address}/MAAS");
    let refresh = clients::apicall(home.path(), &root, &["maas", "refresh"]);
    let done = std::process::Command::new(&refresh.program)
        .args(&refresh.args)
        .env_clear()
        .envs(refresh.vars.iter().map(|(k, v)| (k, v)))
        .status();
    assert!(done.is_ok_and(|status| status.success()));
    let all = [clients::apicall(
        home.path(),
        &root,
        &["maas", "lab", "users", "whoami"],
    )];
    let title = "`maas NAME users whoami` (the `maas` command line: 1,000 to 1,300 ms)";
    let goals = [Goal::instructions(4.0), Goal::peak(6.0)];
    measure::table(&Work::small(title, goals), &all);
}

/// The description of a real region where it is there, else the sandbox's.
fn description() -> &'static [u8] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let real = root.join("../shared/data/maas-describe.json");
    let own = root.join("tests/sandbox/fixtures/describe.json");
    let text = std::fs::read(real).or_else(|_| std::fs::read(own)).unwrap();
    text.leak()
}
