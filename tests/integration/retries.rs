//! What is repeated, counted at the server: every method against every failure.
//!
//! The table is CONTRACT's "Retries" paragraph. Waits are shortened by `Retry-After: 0` where the
//! server names one; where it does not, the client's own first waits add up to about four seconds, so
//! those cases run side by side.

use crate::sandbox::Sandbox;
use crate::sandbox::{Effect, Fault};
use crate::support::Home;

/// Methods by what may be repeated.
const SAFE: [&str; 3] = ["GET", "HEAD", "OPTIONS"];
const IDEMPOTENT: [&str; 2] = ["PUT", "DELETE"];
const UNSENT: [&str; 2] = ["POST", "PATCH"];

#[derive(Clone, Copy)]
enum Service {
    Maas,
    Macrometa,
}

/// Sends one call into a fault that never ends, and counts the attempts.
fn attempts(service: Service, method: &str, fault: &Fault) -> (usize, i32, String) {
    let sandbox = Sandbox::start();
    sandbox.fault(fault.clone().always());
    let home = Home::with_profiles(&sandbox);
    let (profile, path) = match service {
        Service::Maas => ("lab", "/tags/gpu/"),
        Service::Macrometa => ("play", "document/addresses/a1"),
    };
    let mut args = vec!["call", method, path, "-p", profile, "--error-body", "none"];
    if matches!(method, "POST" | "PUT" | "PATCH") {
        args.push("comment=x");
    }
    let ended = home.run(&args);
    (sandbox.requests().len(), ended.code, ended.stderr)
}

#[track_caller]
fn table(service: Service, fault: &Fault, what: &str, code: i32, want: [usize; 3]) {
    std::thread::scope(|scope| {
        for (methods, want) in [
            (&SAFE[..], want[0]),
            (&IDEMPOTENT, want[1]),
            (&UNSENT, want[2]),
        ] {
            for method in methods {
                scope.spawn(move || {
                    let (seen, ended, stderr) = attempts(service, method, fault);
                    assert_eq!((seen, ended), (want, code), "{what} {method}: {stderr}");
                    let reported = stderr.matches("; retry ").count();
                    assert_eq!(reported, want - 1, "a line for each repeat: {stderr}");
                });
            }
        }
    });
}

#[test]
fn statuses_with_retry_after() {
    use Service::{Maas, Macrometa};
    for (service, status, code, want) in [
        (Maas, 409, 4, [2, 2, 2]),
        (Maas, 429, 4, [4, 4, 2]),
        (Maas, 502, 5, [4, 4, 1]),
        (Maas, 503, 5, [4, 4, 2]),
        (Maas, 504, 5, [4, 4, 1]),
        (Maas, 500, 5, [1, 1, 1]),
        (Maas, 404, 4, [1, 1, 1]),
        (Macrometa, 429, 4, [4, 4, 2]),
        (Macrometa, 503, 5, [4, 4, 2]),
    ] {
        let fault = Fault::status(status).retry_after("0");
        table(service, &fault, &status.to_string(), code, want);
    }
}

#[test]
fn statuses_without_retry_after() {
    use Service::{Maas, Macrometa};
    std::thread::scope(|scope| {
        for (service, status, code, want) in [
            (Maas, 409, 4, [1, 1, 1]),
            (Maas, 429, 4, [4, 4, 1]),
            (Maas, 502, 5, [4, 4, 1]),
            (Maas, 503, 5, [1, 1, 1]),
            (Maas, 504, 5, [4, 4, 1]),
            (Macrometa, 503, 5, [4, 4, 1]),
        ] {
            scope.spawn(move || {
                table(
                    service,
                    &Fault::status(status),
                    &status.to_string(),
                    code,
                    want,
                );
            });
        }
    });
}

#[test]
fn a_long_retry_after_is_not_obeyed() {
    let fault = Fault::status(503).retry_after("61");
    table(Service::Maas, &fault, "61 s", 5, [1, 1, 1]);
    let fault = Fault::status(503).retry_after("Sun, 06 Nov 1994 08:49:37 GMT");
    table(Service::Maas, &fault, "a date that is past", 5, [4, 4, 2]);
}

#[test]
fn connections_that_break() {
    // Every attempt reached the server, so what changes something is sent once.
    for (effect, what) in [
        (Effect::ResetAfterHead, "reset after the head"),
        (Effect::ResetBeforeAnswer, "reset before the response"),
        (Effect::CloseBeforeAnswer, "closed before the response"),
    ] {
        table(Service::Maas, &effect.into(), what, 7, [4, 4, 1]);
    }
}

#[test]
fn a_refused_connection_is_tried_again_by_every_method() {
    std::thread::scope(|scope| {
        for method in SAFE.iter().chain(&IDEMPOTENT).chain(&UNSENT) {
            scope.spawn(move || {
                let home = Home::empty()
                    .var(
                        "APICALL_URL",
                        format!("http://127.0.0.1:{}/MAAS", Sandbox::closed_port()),
                    )
                    .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
                let ended = home
                    .run(&["call", method, "/tags/"])
                    .fails(7, "connection refused");
                assert_eq!(
                    ended.stderr.matches("; retry ").count(),
                    3,
                    "{}",
                    ended.stderr
                );
            });
        }
    });
}

#[test]
fn each_attempt_is_signed_anew() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::status(502).times(2));
    let home = Home::with_profiles(&sandbox);
    home.run(&["get", "/users/", "--op", "whoami"]).code(0);
    let mut nonces: Vec<String> = sandbox
        .requests()
        .iter()
        .map(|r| {
            let header = r.header("authorization").unwrap();
            header
                .split("oauth_nonce=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[test]
fn a_404_to_a_repeated_delete_is_done() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::from(Effect::ResetBeforeAnswer).method("DELETE"));
    let home = Home::with_profiles(&sandbox);
    let ended = home.run(&["delete", "/tags/gpu/"]).code(0);
    assert!(
        ended.stderr.contains("an earlier attempt deleted it"),
        "{}",
        ended.stderr
    );
    assert_eq!(sandbox.requests().len(), 2);
    // The first attempt's own 404 is a failure.
    home.run(&["delete", "/tags/gpu/"]).fails(4, "404");
}

#[test]
fn a_404_to_a_delete_that_was_put_off_is_one() {
    let home_of = Home::with_profiles;
    for (status, code) in [(429, 4), (409, 4), (502, 0), (503, 0), (504, 0)] {
        let sandbox = Sandbox::start();
        sandbox.fault(Fault::status(status).retry_after("0"));
        let ended = home_of(&sandbox)
            .run(&["delete", "/tags/absent/"])
            .code(code);
        assert_eq!(
            ended.stderr.contains("an earlier attempt deleted it"),
            code == 0,
            "{status}: {ended:?}"
        );
        assert_eq!(sandbox.requests().len(), 2, "{status}");
    }
}

#[test]
fn a_server_that_asks_for_a_long_wait_is_quoted() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (status, after, want) in [
        (429, "3600", "the server asks to wait 1h"),
        (503, "90", "the server asks to wait 1m 30s"),
    ] {
        sandbox.fault(Fault::status(status).retry_after(after));
        let ended = home.run(&["get", "/tags/"]);
        assert!(ended.stderr.contains(want), "{ended:?}");
    }
    sandbox.fault(Fault::status(429).retry_after("60"));
    let ended = home.run(&["get", "/tags/", "--retries", "0"]);
    assert!(!ended.stderr.contains("asks to wait"), "{ended:?}");
}

#[test]
fn what_is_never_repeated() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::status(502).always());
    let home = Home::with_profiles(&sandbox);
    for args in [
        &["put", "cursor/17", "-p", "play"][..],
        &[
            "put",
            "/MAAS/api/2.0/boot-resources/1/upload/2/",
            "Content-Type:application/octet-stream",
            "--body",
            "x",
        ],
    ] {
        sandbox.forget_requests();
        home.run(args).fails(5, "502");
        assert_eq!(sandbox.requests().len(), 1, "{args:?}");
    }
    sandbox.forget_requests();
    home.run_with(
        &["put", "/tags/gpu/", "--form", "--body", "-"],
        b"comment=x",
    )
    .fails(5, "502");
    assert_eq!(sandbox.requests().len(), 1);
    // A value from standard input makes a body from it, also where it is one field of several.
    for item in ["comment=@-", "comment:=@-", "comment@-"] {
        sandbox.forget_requests();
        home.run_with(&["put", "/tags/gpu/", "name=x", item], b"\"x\"")
            .fails(5, "502");
        assert_eq!(sandbox.requests().len(), 1, "{item}");
    }
    // In a query it is no body.
    sandbox.clear_faults();
    sandbox.fault(Fault::status(429).retry_after("0"));
    sandbox.forget_requests();
    home.run_with(&["get", "/machines/", "hostname=@-"], b"x")
        .code(0);
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn each_reason_for_one_retry_counts_by_itself() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::status(503).retry_after("0"));
    sandbox.fault(Fault::status(409).retry_after("0"));
    let ended = home.run(&["post", "/tags/", "name=new"]).code(0);
    assert_eq!(sandbox.requests().len(), 3, "{ended:?}");
    for retry in ["; retry 1 of 3 in 0 s", "; retry 2 of 3 in 0 s"] {
        assert!(ended.stderr.contains(retry), "{ended:?}");
    }
}

#[test]
fn a_retry_is_announced_with_its_wait() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::status(502));
    let ended = home.run(&["get", "/tags/"]).code(0);
    // 0.3 s, a quarter more or less.
    let wait = ["0.2", "0.3", "0.4"];
    let wait = wait.map(|s| format!("502 Bad Gateway; retry 1 of 3 in {s} s"));
    assert!(wait.iter().any(|w| ended.stderr.contains(w)), "{ended:?}");
}

#[test]
fn retries_can_be_set() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::status(502).retry_after("0").always());
    let home = Home::with_profiles(&sandbox);
    for (n, want) in [("0", 1), ("1", 2), ("5", 6)] {
        sandbox.forget_requests();
        home.run(&["get", "/tags/", "--retries", n]).fails(5, "502");
        assert_eq!(sandbox.requests().len(), want);
    }
}
