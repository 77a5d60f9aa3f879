//! Large JSON answers: printed, unpacked and printed, filtered. All is thrown away when written.

use std::path::Path;
use std::process::Command;

use crate::clients::{self, Client};
use crate::machines::Machines;
use crate::measure::{self, Goal, Work};
use crate::server::{self, Response};

const MEGABYTE: u64 = 1_000_000;

/// To reach: half of xh's CPU while that streams and does not judge, an eighteenth of jq's, 8 MiB
/// whatever the length; indented input, which is nearly twice as long, in twice the time.
pub fn print() {
    let home = tempfile::tempdir().unwrap();
    let compact = serve(Response::machines(Machines::new(100 * MEGABYTE, false)));
    let indented = serve(Response::machines(Machines::new(100 * MEGABYTE, true)));
    let jq = piped("curl | jq", home.path(), &compact, &["jq", "."]);
    let jaq = piped("curl | jaq", home.path(), &compact, &["jaq", "."]);
    let all = [
        apicall("apicall", home.path(), &compact, &[]),
        apicall("apicall, indented", home.path(), &indented, &[]),
        apicall(
            "apicall, in color",
            home.path(),
            &compact,
            &["--color", "always"],
        ),
        curl("curl", home.path(), &compact, &[]),
        curl("curl, indented", home.path(), &indented, &[]),
        xh("xh --stream", home.path(), &compact, &["--stream"]),
        xh(
            "xh --stream, indented",
            home.path(),
            &indented,
            &["--stream"],
        ),
        xh("xh", home.path(), &compact, &[]),
        jq,
        jaq,
    ];
    let goals = [
        Goal::cpu("xh --stream", 0.5),
        Goal::cpu("curl | jq", 0.0555),
        Goal::peak(8.0),
        Goal::cpu("xh --stream, indented", 0.5).of("apicall, indented"),
        Goal::cpu("apicall", 2.0).of("apicall, indented"),
        Goal::peak(8.0).of("apicall, indented"),
    ];
    table("GET and print 100 MB", 5, goals, all);

    let url = serve(Response::machines(Machines::new(1000 * MEGABYTE, false)));
    let all = [
        apicall("apicall", home.path(), &url, &[]),
        curl("curl", home.path(), &url, &[]),
        xh("xh --stream", home.path(), &url, &["--stream"]),
    ];
    let goals = [Goal::cpu("xh --stream", 0.5), Goal::peak(8.0)];
    table("GET and print 1 GB", 3, goals, all);
}

/// To reach: 0.35 of xh's CPU.
pub fn gzip() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("machines.gz");
    Machines::new(100 * MEGABYTE, false).pack(&file).unwrap();
    let url = serve(Response::packed(file));
    let all = [
        apicall("apicall", home.path(), &url, &[]),
        curl("curl", home.path(), &url, &["--compressed"]),
        xh("xh", home.path(), &url, &[]),
        xh("xh --stream", home.path(), &url, &["--stream"]),
    ];
    let goals = [Goal::cpu("xh", 0.35), Goal::peak(8.0)];
    table("GET, unpack and print 100 MB", 5, goals, all);
}

/// To reach: a quarter of jq's CPU, 16 MiB.
pub fn filter() {
    let home = tempfile::tempdir().unwrap();
    let url = serve(Response::machines(Machines::new(100 * MEGABYTE, false)));
    let jq = piped(
        "curl | jq",
        home.path(),
        &url,
        &["jq", "-r", "'.[].hostname'"],
    );
    let jaq = piped(
        "curl | jaq",
        home.path(),
        &url,
        &["jaq", "-r", "'.[].hostname'"],
    );
    let own = ["--each", "--jq", ".hostname", "-r"];
    let all = [
        apicall("apicall", home.path(), &url, &own),
        curl("curl", home.path(), &url, &[]),
        jq,
        jaq,
    ];
    if !knows_each() {
        println!("\n(this apicall has no `--each`)");
        return;
    }
    let goals = [Goal::cpu("curl | jq", 0.25), Goal::peak(16.0)];
    table("GET and filter 100 MB", 3, goals, all);
}

fn knows_each() -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_apicall"))
        .args(["get", "--help"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).contains("--each")
}

/// Starts a server and gives the address of its MAAS.
fn serve(response: Response) -> String {
    format!("http://{}/MAAS", server::start(response, None))
}

fn table<const N: usize>(
    title: &str,
    rounds: usize,
    goals: impl Into<Vec<Goal>>,
    all: [Option<Client>; N],
) {
    let all: Vec<Client> = all.into_iter().flatten().collect();
    measure::table(&Work::large(title.to_owned(), rounds, goals), &all);
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "stands beside peers, which may be missing"
)]
fn apicall(name: &'static str, home: &Path, root: &str, args: &[&str]) -> Option<Client> {
    // Each server has its port, so each client has its config.
    let home = home.join(root.replace(['/', ':'], "-"));
    let client = clients::apicall(&home, root, &[&["get", "/machines/"], args].concat());
    Some(Client { name, ..client })
}

fn curl(name: &'static str, home: &Path, root: &str, args: &[&str]) -> Option<Client> {
    let url = machines(root);
    let client = clients::curl(home, &[args, &[&url]].concat())?;
    Some(Client { name, ..client })
}

fn xh(name: &'static str, home: &Path, root: &str, args: &[&str]) -> Option<Client> {
    let url = machines(root);
    let args = [&["--ignore-stdin", "--pretty=format"], args, &["GET", &url]].concat();
    clients::client(name, "xh", home, &args)
}

/// curl and what takes its output; the time of both counts.
fn piped(name: &'static str, home: &Path, root: &str, next: &[&str]) -> Option<Client> {
    clients::find("curl")?;
    let Some(program) = next.first().and_then(|program| clients::find(program)) else {
        println!("  ({name} is not installed)");
        return None;
    };
    let line = format!(
        "curl -s '{}' | '{}' {}",
        machines(root),
        program.display(),
        next[1..].join(" ")
    );
    clients::client(name, "sh", home, &["-c", &line])
}

fn machines(root: &str) -> String {
    format!("{root}/api/2.0/machines/")
}
