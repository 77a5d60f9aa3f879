//! Every fault of the wire against a read, a write, an upload and a login.
//!
//! What was seen (exit code, attempts, bytes printed, message) is the table in `tests/FAULTS.md`:
//! a change of behavior is a change of that file. `APICALL_BLESS=1 cargo test matrix` writes it.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::sandbox::{Effect, Fault, Gzip, Sandbox};
use crate::support::{Home, is_blessing};

/// What a call may take, whatever its own limit.
const SOON: Duration = Duration::from_secs(120);

fn faults() -> Vec<(&'static str, Fault)> {
    let effect = |e: Effect| Fault::from(e);
    vec![
        ("connection closed at accept", effect(Effect::Refuse)),
        ("reset before a byte is read", effect(Effect::ResetUnread)),
        ("reset after the head", effect(Effect::ResetAfterHead)),
        (
            "reset after 100 bytes of the body",
            effect(Effect::ResetInBody(100)),
        ),
        (
            "reset instead of a response",
            effect(Effect::ResetBeforeAnswer),
        ),
        (
            "closed instead of a response",
            effect(Effect::CloseBeforeAnswer),
        ),
        ("silence before the head", effect(Effect::StallBeforeHead)),
        ("silence in the head", effect(Effect::StallInHead)),
        (
            "silence after 10 bytes of the body",
            effect(Effect::StallInBody(10)),
        ),
        ("cut in the head", effect(Effect::CutInHead)),
        (
            "cut after 10 bytes of the body",
            effect(Effect::CutInBody(10)),
        ),
        ("length 5 too large", effect(Effect::WrongLength(5))),
        ("not HTTP", Fault::garbage()),
        ("gzip, broken", effect(Effect::Gzip(Gzip::Broken))),
        ("gzip, cut", effect(Effect::Gzip(Gzip::Cut))),
        ("gzip that is none", effect(Effect::Gzip(Gzip::Lie))),
        ("gzip, good", effect(Effect::Gzip(Gzip::Good))),
        ("chunks of 3 bytes", effect(Effect::Chunked(3))),
        ("no length, closed", effect(Effect::UntilClose)),
        (
            "text after the JSON",
            effect(Effect::Trailing(b" oops".to_vec())),
        ),
        ("100 headers more", effect(Effect::ManyHeaders(100))),
        ("1000 headers more", effect(Effect::ManyHeaders(1000))),
        ("a header of 200 kB", effect(Effect::LongHeader(200_000))),
        (
            "a folded header",
            Fault::raw("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\n[]"),
        ),
        (
            "two lengths",
            Fault::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[]"),
        ),
        (
            "chunk lines that end in LF",
            Fault::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\n[]\n0\n\n"),
        ),
        (
            "gzip in gzip",
            Fault::raw(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 2\r\n\r\n[]",
            ),
        ),
        (
            "101 interim responses",
            Fault::raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(101)),
        ),
        (
            "302 inside the origin",
            Fault::redirect(302, "/MAAS/api/2.0/loop/"),
        ),
        (
            "307 to elsewhere",
            Fault::redirect(307, "http://elsewhere.example/"),
        ),
        ("409", Fault::status(409)),
        ("409, Retry-After: 0", Fault::status(409).retry_after("0")),
        ("429", Fault::status(429)),
        ("429, Retry-After: 0", Fault::status(429).retry_after("0")),
        ("500", Fault::status(500)),
        ("502", Fault::status(502)),
        ("503", Fault::status(503)),
        ("503, Retry-After: 0", Fault::status(503).retry_after("0")),
        ("504", Fault::status(504)),
    ]
}

/// Makes one call into a fault that never ends, and returns what came of it.
fn outcome(call: &str, name: &str, fault: &Fault) -> String {
    let sandbox = Sandbox::start();
    sandbox.fault(fault.clone().always());
    let home = Home::with_profiles(&sandbox);
    home.file("image", vec![b'x'; 200_000]);
    let url = sandbox.maas_url();
    let mut args: Vec<&str> = match call {
        "login" => vec!["login", &url, "-p", "new", "--key-stdin"],
        call => call.split(' ').collect(),
    };
    // Long enough for all repeats, short where nothing else would end the call.
    let limit = if name.starts_with("silence") {
        "500ms"
    } else {
        "20s"
    };
    args.extend(["--timeout", limit]);
    let started = Instant::now();
    let ended = home.run_with(&args, sandbox.maas_key().as_bytes());
    assert!(started.elapsed() < SOON, "{call}: {:?}", started.elapsed());
    assert!(
        !home.config().contains("profiles.new") || ended.code == 0,
        "stored: {ended:?}"
    );
    for part in sandbox.maas_key().split(':') {
        assert!(!ended.stderr.contains(part), "{ended:?}");
    }
    let mut seen = format!("{} · {}×", ended.code, sandbox.requests().len());
    if !ended.stdout.is_empty() {
        write!(seen, " · {} B", ended.stdout.len()).unwrap();
    }
    let mut last = ended.stderr.lines().rfind(|l| l.starts_with("apicall: "));
    if name.contains("at accept") {
        // The call may leave before the server has closed: that is chance, and both are reported.
        last = last.map(|l| l.trim_end_matches("; whether it was applied is not known"));
    }
    if let (Some(line), true) = (last, ended.code != 0) {
        // What comes behind profile, method and path; or behind the origin at login.
        let cause = line.trim_start_matches("apicall: ");
        let cause = cause
            .split_once("/: ")
            .or(cause.split_once(": "))
            .map_or(cause, |(_, c)| c);
        // Whether the connection was reset before the call knew that it had one is chance, too.
        let connecting = format!("could not connect to `{}`: ", sandbox.address());
        let cause = if name.contains("at accept") {
            cause.trim_start_matches(&connecting)
        } else {
            cause
        };
        let port = sandbox.address().port().to_string();
        write!(
            seen,
            " · {}",
            cause.replace(&port, "PORT").replace('|', "\\|")
        )
        .unwrap();
    }
    seen
}

fn row(calls: &[&str], name: &str, fault: &Fault) -> String {
    let results: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = calls
            .iter()
            .map(|call| scope.spawn(move || outcome(call, name, fault)))
            .collect();
        running.into_iter().map(|r| r.join().unwrap()).collect()
    });
    format!("| {name} | {} |\n", results.join(" | "))
}

#[test]
fn matrix_of_faults() {
    let calls = [
        "get /tags/",
        "post /tags/ name=x",
        "put /tags/gpu/ image@image",
        "login",
    ];
    let mut table = String::from(
        "# What faults of the wire do\n\n\
         Written by `APICALL_BLESS=1 cargo test matrix`, and compared with what happens by every \
         `cargo test`.\n\n\
         Each cell: exit code · requests seen by the server · bytes printed · message. Every \
         fault hits every request; where the server falls silent the call has `--timeout 500ms`.\n\n",
    );
    writeln!(table, "| fault | `{}` |", calls.join("` | `")).unwrap();
    table.push_str("| --- | --- | --- | --- | --- |\n");
    // Most of the time is waiting for a repeat, so some rows run side by side.
    for some in faults().chunks(6) {
        let rows: Vec<String> = std::thread::scope(|scope| {
            let running: Vec<_> = some
                .iter()
                .map(|(name, fault)| scope.spawn(move || row(&calls, name, fault)))
                .collect();
            running.into_iter().map(|r| r.join().unwrap()).collect()
        });
        table.extend(rows);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/FAULTS.md");
    if is_blessing() {
        std::fs::write(&path, table).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    for (seen, known) in table.lines().zip(known.lines()) {
        assert_eq!(
            seen, known,
            "APICALL_BLESS=1 cargo test matrix writes the table anew"
        );
    }
    assert_eq!(table.lines().count(), known.lines().count());
}
