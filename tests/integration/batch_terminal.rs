//! `batch` at a terminal: its line that lives, and its question where the rows have stdin.

use rexpect::session::{PtySession, spawn_command};

use crate::sandbox::{Effect, Fault, Options, Sandbox};
use crate::support::Home;

/// Runs a line of the shell in which `apicall` is `"$0"`.
fn spawn(home: &Home, line: &str) -> PtySession {
    let mut command = std::process::Command::new("/bin/sh");
    command
        .args(["-c", line, env!("CARGO_BIN_EXE_apicall")])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm-256color")
        .current_dir(home.path());
    spawn_command(command, Some(30_000)).unwrap()
}

/// Everything up to the end, and how it ended.
fn end(mut session: PtySession) -> (String, String) {
    let rest = session.exp_eof().unwrap();
    (rest, format!("{:?}", session.process().wait().unwrap()))
}

#[test]
fn a_line_shows_how_far_it_is() {
    let sandbox = Sandbox::with(Options {
        latency: std::time::Duration::from_millis(100),
        ..Options::default()
    });
    sandbox.fault(
        Fault::status(400)
            .method("POST")
            .path("/MAAS/api/2.0/tags/")
            .after(1),
    );
    let home = Home::with_profiles(&sandbox);
    let rows: String = (0..60).map(|n| format!("t{n}\n")).collect();
    home.file("rows", rows);
    let line = "\"$0\" batch post /tags/ 'name={}' --from rows -j 2 > results";
    let mut session = spawn(&home, line);
    // Done, failed, the rate and the time that is left.
    let (_, drawn) = session
        .exp_regex("[0-9]+ of 60 rows, 1 failed, [0-9]+/s, [0-9]+s left")
        .unwrap();
    assert!(drawn.contains("1 failed"));
    let (rest, status) = end(session);
    assert!(status.ends_with(", 11)"), "{status}: {rest}");
    let cleared = rest.rfind("\u{1b}[2K").expect("the line is cleared");
    assert!(
        rest[cleared..].contains("apicall: lab: 60 rows: 59 done, 1 failed\r\n"),
        "{rest:?}"
    );
    let results = std::fs::read_to_string(home.path().join("results")).unwrap();
    assert_eq!(results.lines().count(), 60);
}

#[test]
fn an_interrupt_takes_the_line_away() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::from(Effect::StallBeforeHead).after(20).always());
    let home = Home::with_profiles(&sandbox);
    let rows: String = (0..60).map(|n| format!("t{n}\n")).collect();
    home.file("rows", rows);
    let line = "exec \"$0\" batch get '/tags/{}/' --from rows -j 2 > results";
    let mut session = spawn(&home, line);
    session.exp_string("20 of 60 rows").unwrap();
    session.send_control('c').unwrap();
    session
        .exp_string("2 calls are under way; Ctrl-C again ends them at once")
        .unwrap();
    session.send_control('c').unwrap();
    let (rest, status) = end(session);
    assert!(status.ends_with(", 130)"), "{status}: {rest}");
    // The last thing that happened to the line is that it was cleared.
    let cleared = rest.rfind("\u{1b}[2K").unwrap_or_default();
    assert!(!rest[cleared..].contains("of 60 rows,"), "{rest:?}");
}

#[test]
fn where_the_rows_have_stdin_the_terminal_is_asked() {
    for (response, code, sent) in [("y", 0, 4), ("n", 2, 0), ("", 2, 0)] {
        let sandbox = Sandbox::start().may_stay_silent();
        let home = Home::with_profiles(&sandbox);
        let is_protected = "service = \"maas\"\nprotected = true";
        home.write_config(&home.config().replace("service = \"maas\"", is_protected));
        let line =
            "printf 'a\\nb\\nc\\nd\\n' | \"$0\" batch post /tags/ 'name={}' --from - > results";
        let mut session = spawn(&home, line);
        for _ in 0..3 {
            session.exp_string("POST /MAAS/api/2.0/tags/").unwrap();
        }
        session
            .exp_string("lab is protected. Make 4 calls? [y/N] ")
            .unwrap();
        assert!(sandbox.requests().is_empty());
        session.send_line(response).unwrap();
        let (rest, status) = end(session);
        assert!(status.ends_with(&format!(", {code})")), "{status}: {rest}");
        assert_eq!(sandbox.requests().len(), sent, "{rest}");
    }
}
