//! Signals at any moment: their exit code, no temporary file, no cursor left on the server.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::Home;
use crate::typed::words;

const SIGNALS: [(Signal, i32); 3] = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)];

fn send(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

fn wait_for_request(sandbox: &Sandbox, path: &str) {
    let started = Instant::now();
    while !sandbox.requests().iter().any(|r| r.target.contains(path)) {
        assert!(started.elapsed() < Duration::from_secs(60), "no request");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Files that should not be there.
fn left(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".apicall-") || name.contains(".tmp"))
        .collect()
}

#[test]
fn a_hang_up_has_its_code() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::from(Effect::StallBeforeHead));
    let home = Home::with_profiles(&sandbox);
    let child = home.spawn(&["get", "/users/", "--op", "whoami"]);
    wait_for_request(&sandbox, "/users/");
    send(&child, Signal::HUP);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(129), "{output:?}");
}

/// `nohup` has it ignored, and a run goes on.
#[test]
#[cfg(target_os = "linux")]
fn a_hang_up_that_the_parent_ignores_is_ignored() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::from(Effect::Delay(Duration::from_millis(600))));
    let home = Home::with_profiles(&sandbox);
    let run = home.command(&["get", "/users/", "--op", "whoami"]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(run.get_program())
        .args(run.get_args())
        .env_clear()
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    wait_for_request(&sandbox, "/users/");
    send(&child, Signal::HUP);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// Ends runs at moments that lie closer together than any step of theirs, and looks at what is
/// left each time.
#[test]
fn nothing_is_left_whenever_a_signal_comes() {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "c", 3000);
    let home = Home::with_profiles(&sandbox);
    let mut early = 0;
    for line in [
        "export c -p play --to out.ndjson --page-size 100",
        "export c -p play --to out.csv -o csv --page-size 100",
        "query -p play 'FOR i IN 1..3000 RETURN i' -o ndjson",
    ] {
        for step in 0..40u64 {
            let (signal, code) = SIGNALS[usize::try_from(step % 3).unwrap()];
            let child = home.spawn(&words(line));
            std::thread::sleep(Duration::from_micros(2000 + step * 1500));
            send(&child, signal);
            let output = child.wait_with_output().unwrap();
            let ended = output.status.code();
            // One that was not started to its end has the system's own way.
            assert!(
                ended.is_none() || ended == Some(code) || ended == Some(0),
                "{line}, step {step}: {output:?}"
            );
            early += u32::from(ended == Some(code));
            assert_eq!(left(home.path()), [""; 0], "{line}, step {step}");
            assert_eq!(sandbox.cursors(), [], "{line}, step {step}: {output:?}");
        }
    }
    assert!(early > 20, "{early} runs were ended in their middle");
}

#[test]
fn a_cursor_that_is_just_being_made_is_deleted() {
    for (signal, code) in SIGNALS {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        let delay = Effect::Delay(Duration::from_millis(400));
        sandbox.fault(Fault::from(delay).path("/_fabric/_system/_api/cursor"));
        let line = "query -p play 'FOR i IN 1..5000 RETURN i' -o ndjson";
        let child = home.spawn(&words(line));
        wait_for_request(&sandbox, "/cursor");
        send(&child, signal);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert_eq!((sandbox.cursor_deletes(), sandbox.cursors().len()), (1, 0));
    }
}

#[test]
fn a_download_that_stands_still_leaves_nothing() {
    for (signal, code) in SIGNALS {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        let body = Fault::body(200, "application/octet-stream", vec![7; 100_000]);
        sandbox.fault(body.and(Effect::StallInBody(50_000)));
        let child = home.spawn(&["get", "/files/x", "--download", "x.bin"]);
        let started = Instant::now();
        while left(home.path()).is_empty() {
            assert!(started.elapsed() < Duration::from_secs(60), "no file");
            std::thread::sleep(Duration::from_millis(1));
        }
        send(&child, signal);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert_eq!(left(home.path()), [""; 0]);
        assert!(!home.path().join("x.bin").exists());
    }
}

/// A link, a pipe or another's file where ours would be is left alone, and nothing is written
/// through it.
#[test]
fn traps_beside_a_file_are_not_written_through() {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "c", 30);
    let home = Home::with_profiles(&sandbox);
    let victim = home.file("victim", "precious");
    for name in ["out.part", "out.part.json"] {
        std::os::unix::fs::symlink(&victim, home.path().join(name)).unwrap();
        home.run(&words("export c -p play --by offset --to out"))
            .fails(1, "is in the way");
        assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
        std::fs::remove_file(home.path().join(name)).unwrap();
    }
    std::os::unix::fs::symlink(&victim, home.path().join("bad")).unwrap();
    home.file("d.ndjson", "{}\n");
    for flag in ["--rejects", "--journal"] {
        home.run(&words(&format!("import c d.ndjson -p play {flag} bad")))
            .fails(2, "exists");
    }
    let line = "import c d.ndjson -p play --resume --journal bad";
    home.run(&words(line)).fails(9, "bad");
    assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
}

/// What `kill -9` leaves between part and record, and what 0.1.0 wrote, is taken up.
#[test]
fn an_empty_part_and_an_old_record_are_taken_up() {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "c", 30);
    let home = Home::with_profiles(&sandbox);
    home.file("out.part", "");
    let line = "export c -p play --by offset --to out --resume";
    home.run(&words(line)).code(0);
    let all = std::fs::read_to_string(home.path().join("out")).unwrap();
    std::fs::remove_file(home.path().join("out")).unwrap();
    let first = all.split_inclusive('\n').take(10).collect::<String>();
    home.file("out.part", &first);
    let old = format!(
        r#"{{"url":"{}","fabric":"_system","collection":"c"}}"#,
        sandbox.url()
    );
    home.file("out.part.json", old);
    sandbox.forget_requests();
    home.run(&words(line)).code(0);
    assert_eq!(
        std::fs::read_to_string(home.path().join("out")).unwrap(),
        all
    );
    let asked = |r: &crate::sandbox::Recorded| r.target.contains("offset=10");
    assert!(sandbox.requests().iter().any(asked));
}

#[test]
fn a_full_disk_names_the_file() {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "c", 3000);
    let home = Home::with_profiles(&sandbox);
    let line = "trap '' XFSZ; ulimit -f 8; exec \"$0\" export c -p play --to out.ndjson";
    let ended = std::process::Command::new("sh")
        .args(["-c", line, env!("CARGO_BIN_EXE_apicall")])
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let reported = String::from_utf8(ended.stderr).unwrap();
    assert!(
        reported.contains("out.ndjson: File too large"),
        "{reported}"
    );
    assert!(!home.path().join("out.ndjson").exists());
}
