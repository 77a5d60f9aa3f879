//! CONTRACT, Exit codes: each row, driven.

use crate::sandbox::{Effect, Fault, Gzip, Identity, Sandbox, Subject, Tls};
use crate::support::Home;
use crate::typed::words;
use apicall::error::Exit;

const JSON: &str = "application/json";

#[test]
fn answers_earn_their_codes() {
    let stalled = Effect::StallBeforeHead;
    for (row, fault, line, code) in [
        ("final status 2xx", Fault::body(200, JSON, "{}"), "get x", 0),
        ("final status 2xx", Fault::status(204), "delete x", 0),
        (
            "final status 2xx",
            Fault::body(202, JSON, "{}"),
            "post x -p play",
            0,
        ),
        ("invalid JSON", Fault::body(200, JSON, "{"), "get x", 1),
        (
            "broken gzip",
            Fault::body(200, JSON, "{}").and(Effect::Gzip(Gzip::Broken)),
            "get x",
            1,
        ),
        (
            "final status 3xx",
            Fault::redirect(302, "/MAAS/"),
            "post x",
            3,
        ),
        (
            "final status 3xx",
            Fault::status(304),
            "get x If-None-Match:1",
            3,
        ),
        ("final status 4xx", Fault::status(400), "get x", 4),
        ("a 401 to any call", Fault::status(401), "get x", 4),
        ("final status 4xx", Fault::status(499), "get x", 4),
        ("final status 5xx", Fault::status(500), "get x", 5),
        ("final status 5xx", Fault::status(503), "get x", 5),
        ("timeout", stalled.into(), "get x --timeout 200ms", 6),
        (
            "timeout in the head",
            Effect::StallInHead.into(),
            "get x --timeout 200ms",
            6,
        ),
        (
            "timeout in the body",
            Fault::body(200, JSON, "[1,2]").and(Effect::StallInBody(2)),
            "get x --timeout 200ms",
            6,
        ),
        (
            "connection cut",
            Effect::CutInHead.into(),
            "get x --retries 0",
            7,
        ),
        ("connection cut", Effect::ResetAfterHead.into(), "post x", 7),
        (
            "connection cut",
            Effect::CloseBeforeAnswer.into(),
            "post x",
            7,
        ),
        (
            "connection cut",
            Fault::body(200, JSON, "[1]").and(Effect::CutInBody(1)),
            "get x",
            7,
        ),
        ("not HTTP", Fault::garbage(), "get x --retries 0", 7),
        (
            "partly failed",
            Fault::body(202, JSON, "[]").with_header("X-C8-Error-Codes", r#"{"1210":1}"#),
            "post x -p play",
            11,
        ),
    ] {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        sandbox.fault(fault.always());
        println!("{row}: {line}");
        let ended = home.run(&words(line)).code(code);
        assert_eq!(ended.stderr.is_empty(), code == 0, "{ended:#?}");
        if code > 0 {
            let start = ended.stderr.starts_with("apicall: ");
            assert!(start && ended.stderr.contains(": "), "{ended:#?}");
            assert!(!ended.stderr.contains("Usage"), "{ended:#?}");
        }
    }
}

/// What goes wrong before there is a response.
#[test]
fn calls_that_get_no_answer() {
    let tls = Sandbox::start_tls(Tls::new(Identity::self_signed(&Subject::loopback())));
    let plain = Sandbox::start().may_stay_silent();
    let closed = Sandbox::closed_port();
    let profile = |name: &str, url: String, more: &str| {
        format!("[profiles.{name}]\nservice = \"maas\"\nurl = \"{url}/MAAS\"\n{more}\n")
    };
    let key = "key = \"a:b:c\"";
    let home = Home::empty();
    home.write_config(
        &[
            profile("closed", format!("http://127.0.0.1:{closed}"), key),
            profile(
                "proxied",
                "http://maas.example".to_owned(),
                &format!("{key}\nproxy = \"http://127.0.0.1:{closed}\""),
            ),
            profile(
                "unknown-host",
                "http://no-such-host.invalid".to_owned(),
                key,
            ),
            profile("unknown-ca", tls.url(), key),
            profile("no-tls", plain.url().replace("http:", "https:"), key),
            profile("no-key", plain.url(), ""),
            profile("no-command", plain.url(), "key_command = \"exit 3\""),
            profile("bad-key", plain.url(), "key = \"a:b\""),
        ]
        .concat(),
    );
    for (row, line, code) in [
        ("file", "get x k=@missing -p closed", 1),
        ("usage", "get", 2),
        ("usage", "get x -p closed --nonsense", 2),
        ("usage", "get '' -p closed", 2),
        ("no connection", "get x -p closed --retries 0", 7),
        ("DNS", "get x -p unknown-host --retries 0", 7),
        ("proxy", "get x -p proxied --retries 0", 7),
        ("TLS: an unknown authority", "get x -p unknown-ca", 8),
        ("TLS: a server that has none", "get x -p no-tls", 8),
        (
            "TLS: a file that is none",
            "get x -p unknown-ca --ca-file /dev/null",
            8,
        ),
        ("no such profile", "get x -p none", 9),
        ("no default among several", "get x", 9),
        ("no key", "post x -p no-key", 9),
        ("key command failed", "get x -p no-command", 9),
        ("a key that is none", "get x -p bad-key", 9),
    ] {
        let ended = home.run(&words(line)).code(code);
        assert!(ended.stdout.is_empty(), "{row}: {ended:#?}");
        assert!(ended.stderr.starts_with("apicall: "), "{row}: {ended:#?}");
        let usage = ended.stderr.contains("Usage: ");
        assert!(
            !usage || code == 2,
            "usage text only for usage errors: {ended:#?}"
        );
    }
    assert!(plain.requests().is_empty());
    Home::empty().run(&["get", "x"]).fails(9, "no profile");
    home.write_config("[profiles.lab]\nurl = 1");
    home.run(&["get", "x"]).fails(9, "");
}

/// "`-o json · compact · raw · …` (a file name there gets a hint)".
#[test]
fn a_file_name_is_no_format() {
    let home = Home::empty();
    for name in ["out.json", "machines", "/tmp/a.b.csv"] {
        let ended = home.run(&["get", "x", "-o", name]).fails(2, name);
        let hint = format!(
            "hint: `-o` takes one of json, compact, raw, yaml, ndjson, csv, tsv, table; `> {name}` writes a file"
        );
        assert!(ended.stderr.contains(&hint), "{ended:#?}");
    }
}

/// The codes of the contract; those of signals and of commands to come have their own tests.
#[test]
fn the_table_is_the_contracts() {
    let contract = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 129, 130, 143];
    for exit in Exit::ALL {
        assert!(contract.contains(&exit.code()), "{exit:?}");
        assert!(!exit.meaning().is_empty(), "{exit:?}");
    }
}
