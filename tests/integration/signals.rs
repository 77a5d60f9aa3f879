//! Ctrl-C and SIGTERM: their own codes, no half files, no key.

use std::io::{Read as _, Write as _};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::Home;

fn send(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Waits until the server has seen a request, so that the call is in its middle.
fn wait_for_request(sandbox: &Sandbox) {
    let started = Instant::now();
    while sandbox.requests().is_empty() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "no request came"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_call_ends_with_the_signals_code() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        for effect in [Effect::StallBeforeHead, Effect::StallInBody(40)] {
            let sandbox = Sandbox::start();
            sandbox.fault(Fault::from(effect));
            let home = Home::with_profiles(&sandbox);
            let mut child = home.spawn(&["get", "/users/", "--op", "whoami"]);
            drop(child.stdin.take());
            wait_for_request(&sandbox);
            std::thread::sleep(Duration::from_millis(30));
            send(&child, signal);
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{output:?}");
            assert!(output.stderr.is_empty(), "{output:?}");
        }
    }
}

#[test]
fn a_login_that_is_ended_leaves_nothing() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::from(Effect::StallBeforeHead).path("/MAAS/api/2.0/users/"));
    let home = Home::empty();
    let url = sandbox.maas_url();
    let mut child = home.spawn(&["login", &url, "--key-stdin"]);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(sandbox.maas_key().as_bytes())
        .unwrap();
    let started = Instant::now();
    while !sandbox
        .requests()
        .iter()
        .any(|r| r.path().contains("/users/"))
    {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "no request came"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    send(&child, Signal::INT);
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{stderr}");
    assert!(!home.config_path().exists());
}

#[test]
fn a_full_disk_is_an_error() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for args in [
        &["get", "/machines/"][..],
        &["--help"],
        &["-h"],
        &["get", "--help"],
        &["--version"],
        &["completions", "bash"],
        &["profile", "list"],
        &["get", "/machines/", "--dry-run"],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = home.command(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("No space left"), "{args:?}: {stderr}");
    }
}

#[test]
fn a_closed_stderr_does_not_matter() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (args, code) in [("get /machines/ -v", 0), ("get /nope/", 4)] {
        let mut command = std::process::Command::new("sh");
        command
            .args([
                "-c",
                &format!("exec {} {args} 2>&-", env!("CARGO_BIN_EXE_apicall")),
            ])
            .env_clear()
            .env("HOME", home.path());
        assert_eq!(
            command.output().unwrap().status.code(),
            Some(code),
            "{args}"
        );
    }
}
