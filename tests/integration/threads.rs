//! A system that has no thread left: an error like any other, never a panic.

#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use crate::sandbox::Sandbox;
use crate::support::{self, Ended, Home};

/// A user that runs nothing else: the limit counts all of a user's processes, and not root's.
const NOBODY_ELSE: &str = "64873";

/// Runs `apicall` where one process may have one thread.
fn run(home: &Home, args: &[&str], stdin: &[u8]) -> Ended {
    use std::io::Write as _;
    let plain = home.command(args);
    let mut command = Command::new("prlimit");
    if rustix::process::getuid().is_root() {
        command = Command::new("setpriv");
        command.arg(format!("--reuid={NOBODY_ELSE}"));
        command.args(["--clear-groups", "--", "prlimit"]);
    }
    command
        .args(["--nproc=1", "--"])
        .arg(home.path().join("apicall"))
        .args(plain.get_args())
        .env_clear()
        .envs(plain.get_envs().filter_map(|(k, v)| Some((k, v?))))
        .env("PATH", std::env::var_os("PATH").unwrap())
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    Ended {
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

#[test]
fn no_thread_left_is_an_error() {
    if !(support::is_installed("prlimit") && support::is_installed("setpriv")) {
        return;
    }
    let sandbox = Sandbox::start();
    let of = |url: String, key: &str| {
        let home = Home::empty()
            .var("APICALL_URL", url)
            .var("APICALL_KEY", key);
        // The other user reads neither the folder of the tests nor that of the build.
        support::set_mode(home.path(), 0o755);
        let program = home.path().join("apicall");
        std::fs::copy(env!("CARGO_BIN_EXE_apicall"), &program).unwrap();
        support::set_mode(&program, 0o755);
        home
    };
    let play = of(sandbox.url(), sandbox.macrometa_key());
    let what = "a thread could not be started";
    play.run(&["post", "collection", "name=people"]).code(0);
    for (args, stdin) in [
        (&["query", "FOR i IN 1..5000 RETURN i"][..], ""),
        (&["export", "people"], ""),
        (&["get", "collection", "--jq", "def f: f; f"], ""),
        (&["import", "people", "-", "-y"], "{\"_key\":\"a\"}\n"),
    ] {
        let ended = run(&play, args, stdin.as_bytes()).code(1);
        assert!(ended.stderr.starts_with("apicall: "), "{args:?}: {ended:?}");
        assert!(ended.stderr.contains(what), "{args:?}: {ended:?}");
        assert!(ended.stderr.contains("hint: "), "{args:?}: {ended:?}");
        assert!(!ended.stderr.contains("panicked"), "{args:?}: {ended:?}");
    }
    let lab = of(sandbox.maas_url(), sandbox.maas_key());
    run(&lab, &["login", &sandbox.maas_url()], b"").fails(1, what);
    let ended = run(&lab, &["doctor"], b"").code(1);
    assert!(ended.stdout().contains(what), "{ended:?}");
    // A call that needs no thread is made.
    run(&lab, &["get", "/tags/"], b"").ok();
}
