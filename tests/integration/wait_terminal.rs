//! `wait` at a terminal: lines that live, and what is left of them.

use rexpect::session::{PtySession, spawn_command};

use crate::sandbox::Sandbox;
use crate::support::Home;

fn spawn(home: &Home, args: &[&str]) -> PtySession {
    let mut command = home.command(args);
    command.env("TERM", "xterm-256color");
    spawn_command(command, Some(20_000)).unwrap()
}

/// Everything up to the end, and how it ended.
fn end(mut session: PtySession) -> (String, String) {
    let rest = session.exp_eof().unwrap();
    (rest, format!("{:?}", session.process().wait().unwrap()))
}

#[test]
fn a_line_lives_and_leaves_what_came_of_it() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    let args = ["wait", "--for", "deployed", "4y3h7n", "--interval", "50ms"];
    let mut session = spawn(&home, &[&args[..], &["--jq", ".hostname"]].concat());
    session.exp_string("node17  Deploying  ").unwrap();
    sandbox.set_machine_status("4y3h7n", "Deployed");
    let (rest, status) = end(session);
    // The last line of the machine's is not drawn but written, with its end.
    let reported = rest.rfind("node17  Deploying ").unwrap();
    assert!(rest[reported..].contains(" Deployed  "), "{rest:?}");
    assert!(rest.ends_with("\"node17\"\u{1b}[0m\r\n"), "{rest:?}");
    assert!(status.ends_with(", 0)"), "{status}");
}

#[test]
fn an_interrupt_takes_the_line_away() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/4y3h7n/", "--op", "deploy"])
        .ok();
    let mut session = spawn(&home, &["wait", "--for", "deployed", "4y3h7n"]);
    session.exp_string("node17  Deploying  ").unwrap();
    session.send_control('c').unwrap();
    let (rest, status) = end(session);
    assert!(status.ends_with(", 130)"), "{status}");
    // The last thing that happened to the line is that it was cleared.
    let cleared = rest.rfind("\u{1b}[2K").expect("the line is cleared");
    assert!(!rest[cleared..].contains("Deploying"), "{rest:?}");
}
