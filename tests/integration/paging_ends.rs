//! Whoever stops early leaves nothing behind: the cursor is deleted, once, when the reader goes
//! away, on a signal and where printing fails; and no page is fetched that nobody may want.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::sandbox::{Effect, Fault, Options, Sandbox};
use crate::support::Home;
use crate::typed::words;

const QUERY: &str = "post cursor -p play --paginate 'query=FOR d IN big RETURN d' -o ndjson";

/// Pages of 100 rows that no pipe takes whole.
fn large_rows(options: Options) -> (Sandbox, Home) {
    let sandbox = Sandbox::with(options);
    let text = "x".repeat(2000);
    let rows = (0..1000).map(|n| json!({"_key": n.to_string(), "text": text}));
    sandbox.put_documents("_system", "big", rows);
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

fn sent(sandbox: &Sandbox, method: &str) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|r| r.method == method).count()
}

fn wait_until(mut look: impl FnMut() -> bool) {
    let started = Instant::now();
    while !look() {
        assert!(started.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn send(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

#[track_caller]
fn deleted_once(sandbox: &Sandbox) {
    assert_eq!(sent(sandbox, "DELETE"), 1);
    assert_eq!((sandbox.cursor_deletes(), sandbox.cursors()), (1, vec![]));
}

#[test]
fn a_reader_that_goes_away() {
    let (sandbox, home) = large_rows(Options::default());
    let mut child = home.spawn(&words(QUERY));
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("\"_key\":\"0\""));
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    deleted_once(&sandbox);
}

#[test]
fn two_pages_in_memory_and_the_next_one_asked_for_while_one_prints() {
    let (sandbox, home) = large_rows(Options::default());
    let mut child = home.spawn(&words(QUERY));
    // Nobody reads: the first page cannot be printed whole, and yet the second is fetched.
    wait_until(|| sent(&sandbox, "PUT") == 1);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(
        sent(&sandbox, "PUT"),
        1,
        "the third page waits for the first"
    );
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    // The first page and what a pipe holds of the second.
    for _ in 0..100 {
        stdout.read_line(&mut line).unwrap();
    }
    wait_until(|| sent(&sandbox, "PUT") >= 2);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest.lines().count(), 900);
    assert!(child.wait().unwrap().success());
    assert_eq!((sent(&sandbox, "PUT"), sent(&sandbox, "DELETE")), (9, 0));
}

#[test]
fn a_signal_while_a_page_is_awaited() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        for effect in [Effect::StallBeforeHead, Effect::StallInBody(1000)] {
            let (sandbox, home) = large_rows(Options::default());
            sandbox.fault(Fault::from(effect).method("PUT"));
            let mut child = home.spawn(&words(QUERY));
            let mut stdout = BufReader::new(child.stdout.take().unwrap());
            let mut first = String::new();
            for _ in 0..100 {
                stdout.read_line(&mut first).unwrap();
            }
            wait_until(|| sent(&sandbox, "PUT") == 1);
            send(&child, signal);
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{output:?}");
            assert!(output.stderr.is_empty(), "{output:?}");
            let mut rest = String::new();
            stdout.read_to_string(&mut rest).unwrap();
            assert_eq!((first.lines().count(), rest.as_str()), (100, ""));
            assert_eq!(sent(&sandbox, "DELETE"), 1);
        }
    }
}

#[test]
fn a_signal_while_nobody_reads() {
    let (sandbox, home) = large_rows(Options::default());
    let mut child = home.spawn(&words(QUERY));
    let stdout = child.stdout.take();
    wait_until(|| sent(&sandbox, "PUT") == 1);
    send(&child, Signal::INT);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    drop(stdout);
    deleted_once(&sandbox);
}

/// Ctrl-C in a terminal ends the reader, too: closed pipe and signal come together.
#[test]
fn a_signal_and_a_reader_that_goes_away() {
    let (sandbox, home) = large_rows(Options::default());
    let mut child = home.spawn(&words(QUERY));
    let stdout = child.stdout.take();
    wait_until(|| sent(&sandbox, "PUT") == 1);
    send(&child, Signal::INT);
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    deleted_once(&sandbox);
}

/// A cursor that is just being read refuses other calls: the DELETE waits for the page.
#[test]
fn a_signal_while_the_cursor_is_busy() {
    let (sandbox, home) = large_rows(Options {
        macrometa_page_time: Duration::from_millis(200),
        ..Options::default()
    });
    let mut child = home.spawn(&words(QUERY));
    let stdout = child.stdout.take();
    wait_until(|| sent(&sandbox, "PUT") == 1);
    send(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(stdout);
    deleted_once(&sandbox);
}

#[test]
fn a_full_disk() {
    let (sandbox, home) = large_rows(Options::default());
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let mut command = home.command(&words(QUERY));
    let output = command.stdout(full.unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("standard output: No space left"),
        "{stderr}"
    );
    deleted_once(&sandbox);
}

#[test]
fn a_filter_that_fails() {
    let (sandbox, home) = large_rows(Options::default());
    let ended = home.run(&words(&format!("{QUERY} --each --jq '.text | tonumber'")));
    let start = "apicall: play: POST /_fabric/_system/_api/cursor: ";
    assert!(ended.stderr.starts_with(start), "{ended:#?}");
    assert_eq!(ended.code, 1);
    deleted_once(&sandbox);
}

/// A cursor that cannot be deleted ends by itself.
#[test]
fn a_delete_that_fails_is_nobodys_business() {
    let (sandbox, home) = large_rows(Options::default());
    for flag in ["", " -v"] {
        sandbox.fault(Fault::status(500).method("DELETE"));
        let ended = home
            .run(&words(&format!("{QUERY} --max-items 5{flag}")))
            .code(0);
        assert_eq!(ended.stdout().lines().count(), 5);
        let is_reported = ended
            .stderr
            .contains("* DELETE /_fabric/_system/_api/cursor/");
        assert_eq!(is_reported, !flag.is_empty(), "{}", ended.stderr);
        assert_eq!(ended.stderr.is_empty(), flag.is_empty(), "{}", ended.stderr);
    }
    assert_eq!(sandbox.cursor_deletes(), 0);
}
