//! `events`: the newest, oldest first; filters; and following, with no event twice and none missed.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::sandbox::{Effect, Fault, Options, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

fn log_of(count: usize) -> (Sandbox, Home) {
    let sandbox = Sandbox::with(Options {
        maas_events: count,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    (sandbox, home)
}

#[track_caller]
fn ids(ended: &Ended) -> Vec<u64> {
    ended.stdout().lines().map(id).collect()
}

fn id(line: &str) -> u64 {
    let event: serde_json::Value = serde_json::from_str(line).unwrap();
    event["id"].as_u64().unwrap()
}

fn queries(sandbox: &Sandbox) -> Vec<String> {
    let requests = sandbox.requests();
    let query = |target: &str| target.split_once('?').unwrap().1.to_owned();
    requests.iter().map(|r| query(&r.target)).collect()
}

#[test]
fn the_newest_are_printed_oldest_first() {
    let (sandbox, home) = log_of(2500);
    for (line, want, requests) in [
        ("events", 2401..=2500, 1),
        ("events -n 3", 2498..=2500, 1),
        ("events --max-items 1500", 1001..=2500, 2),
        ("events --after 2490", 2491..=2500, 2),
        ("events --after 10 -n 5", 11..=15, 1),
        ("events --all", 1..=2500, 4),
        ("events --all -n 4", 1..=4, 1),
    ] {
        sandbox.forget_requests();
        let ended = home.run(&words(line)).ok();
        assert_eq!(ids(&ended), want.collect::<Vec<_>>(), "{line}");
        assert_eq!(sandbox.requests().len(), requests, "{line}");
    }
    assert_eq!(home.run(&words("events -n 0")).ok().stdout(), "");
}

#[test]
fn short_pages_are_no_end() {
    let sandbox = Sandbox::with(Options {
        maas_events: 11,
        maas_events_page: 3,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    for (line, want, requests) in [
        ("events", 1..=11, 5),
        ("events -n 8", 4..=11, 3),
        ("events -n 3", 9..=11, 1),
        ("events --all", 1..=11, 5),
    ] {
        sandbox.forget_requests();
        let ended = home.run(&words(line)).ok();
        assert_eq!(ids(&ended), want.collect::<Vec<_>>(), "{line}");
        assert_eq!(sandbox.requests().len(), requests, "{line}");
    }
}

#[test]
fn filters_as_sent() {
    let (sandbox, home) = log_of(10);
    for (line, want) in [
        ("events", "op=query&limit=100"),
        (
            "events hostname=node18 --hostname node19 -n 7",
            "op=query&hostname=node18&hostname=node19&limit=7",
        ),
        (
            "events @node18.maas",
            "op=query&hostname=node18&domain=maas&limit=100",
        ),
        (
            "events @52:54:00:20:00:18 level=error",
            "op=query&mac_address=52:54:00:20:00:18&level=ERROR&limit=100",
        ),
        (
            "events --level Warning zone=z owner=admin agent_name=a id=4y3h7n --after 3 -n 2000",
            "op=query&zone=z&owner=admin&agent_name=a&id=4y3h7n&level=WARNING&after=3&limit=1000",
        ),
    ] {
        sandbox.forget_requests();
        home.run(&words(line)).ok();
        let sent = queries(&sandbox).remove(0).replace("%3A", ":");
        assert_eq!(sent, want, "{line}");
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    for (line, why) in [
        (
            "events node18",
            "hint: write `hostname=node18`, or `@node18`",
        ),
        ("events pool=x", "events have no filter `pool`"),
        ("events limit=3", "hint: `--max-items` says how many"),
        (
            "events --level info level=debug",
            "the level is given twice",
        ),
        ("events --level loud", "[possible values: audit, debug"),
        ("events --all --after 3", "cannot be used with"),
        ("events --interval 3s", "--follow"),
        ("events -o raw", "`-o ndjson` changes nothing"),
        ("events -f --sort id", "`--follow` has none"),
        ("events -p play", "`events` is for MAAS"),
        ("events --fabric x", "`--fabric` is for Macrometa"),
    ] {
        let ended = home.run(&words(line)).code(2);
        assert!(ended.stderr.contains(why), "{line}: {}", ended.stderr);
        assert_eq!(ended.stdout(), "", "{line}");
    }
}

#[test]
fn a_machine_by_its_address() {
    let (sandbox, home) = log_of(10);
    home.run(&words("events @10.20.0.17")).ok();
    let asked = queries(&sandbox);
    assert_eq!(asked[1], "op=query&id=4y3h7n&limit=100", "{asked:?}");
    // Its id behind an `@`, in any letters, and its name in capitals.
    for typed in ["@4y3h7n", "@4Y3H7N"] {
        sandbox.forget_requests();
        home.run(&["events", typed]).ok();
        let asked = queries(&sandbox);
        let of_id = "op=query&id=4y3h7n&limit=100".to_owned();
        assert!(asked.contains(&of_id), "{typed}: {asked:?}");
    }
    home.run(&["events", "@NODE17"]).ok();
    let asked = queries(&sandbox);
    let both = "op=query&hostname=NODE17&hostname=node17&limit=100".to_owned();
    assert!(asked.contains(&both), "{asked:?}");
    home.run(&["events", "@4y3h7m"])
        .fails(4, "none of the nodes is called `4y3h7m`");
}

#[test]
fn a_name_that_nothing_has_is_an_error() {
    let (sandbox, home) = log_of(10);
    for typed in ["@nope", "@nope.maas", "@52:54:00:00:00:99"] {
        let name = &typed[1..];
        for more in [&[][..], &["--text"], &["-f"], &["-o", "json"]] {
            let args = [&["events", typed], more].concat();
            let ended = home.run(&args).code(4);
            let why = format!("none of the nodes is called `{name}`");
            assert!(ended.stderr.contains(&why), "{args:?}: {ended:?}");
            assert_eq!(ended.stdout(), "", "{args:?}");
        }
    }
    // A filter that is no name, and a name whose machine has no such events, match nothing.
    let level = ["events", "@node17", "--level", "critical"];
    for args in [&["events", "hostname=nope"][..], &level] {
        assert_eq!(home.run(args).ok().stdout(), "", "{args:?}");
    }
    // Where there are events nobody is asked about the name.
    sandbox.forget_requests();
    home.run(&["events", "@node17"]).ok();
    let is_asked = |r: &crate::sandbox::Recorded| !r.target.contains("/events/");
    assert!(!sandbox.requests().iter().any(is_asked));
}

#[test]
fn forms() {
    let (sandbox, home) = log_of(0);
    sandbox.add_event("4y3h7n", "INFO", "Power on", "");
    sandbox.add_event("4y3h7n", "ERROR", "Failed", "it\n\u{1b}[31m burns");
    let host = sandbox.machine("4y3h7n").unwrap()["hostname"].clone();
    let host = host.as_str().unwrap();
    let text = home.run(&words("events --text")).ok();
    let lines: Vec<&str> = text.stdout().lines().collect();
    let (time, rest) = lines[0].split_at("2026-11-22 10:00:00".len());
    assert!(time.ends_with(|c: char| c.is_ascii_digit()), "{time}");
    assert_eq!(rest, format!("  INFO      {host}  Power on"));
    let end = format!("  ERROR     {host}  Failed: it ^[[31m burns");
    assert!(lines[1].ends_with(&end), "{}", lines[1]);
    let colored = home.run(&words("events --text --color always")).ok();
    let paint = format!("\x1b[31mERROR   \x1b[0m  {host}");
    assert!(colored.stdout().contains(&paint), "{colored:?}");
    for (line, want) in [
        ("events --jq .type -r", "Power on\nFailed\n"),
        (
            "events --jq '{level}'",
            "{\"level\":\"INFO\"}\n{\"level\":\"ERROR\"}\n",
        ),
        (
            "events -o csv --columns id,level",
            "id,level\n1,INFO\n2,ERROR\n",
        ),
        (
            "events -o table --columns type --sort -type --no-header",
            "Power on\nFailed\n",
        ),
    ] {
        assert_eq!(home.run(&words(line)).ok().stdout(), want, "{line}");
    }
    let json = home.run(&words("events -o json")).ok().json();
    assert_eq!(json[1]["level"], "ERROR");
    assert_eq!(
        home.run(&words("events level=CRITICAL -o json"))
            .ok()
            .stdout(),
        "[]\n"
    );
    assert_eq!(home.run(&words("events level=CRITICAL")).ok().stdout(), "");
}

#[test]
fn on_a_terminal_they_are_lines() {
    let (sandbox, home) = log_of(0);
    sandbox.add_event("4y3h7n", "ERROR", "Failed", "");
    for (line, want) in [
        ("events", "\u{1b}[31mERROR   \u{1b}[0m  node17  Failed\r\n"),
        ("events --follow --interval 1h", "  node17  Failed\r\n"),
        ("events --jq .type -r", "Failed\r\n"),
    ] {
        let mut command = home.command(&words(line));
        command.env("TERM", "xterm-256color");
        let mut session = rexpect::session::spawn_command(command, Some(10_000)).unwrap();
        session.exp_string(want).unwrap();
    }
}

#[test]
fn errors_are_those_of_a_call() {
    let (sandbox, home) = log_of(2000);
    sandbox.fault(Fault::status(403));
    home.run(&words("events")).fails(4, "403 Forbidden");
    sandbox.fault(Fault::body(200, "text/plain", "hello"));
    let ended = home.run(&words("events")).code(1);
    assert!(ended.stderr.contains("is not JSON"), "{ended:?}");
    sandbox.fault(Fault::status(500).after(1));
    let ended = home.run(&words("events --all")).code(5);
    assert_eq!(ids(&ended).len(), 1000);
    assert!(ended.stderr.contains("after 1,000 items: 500"), "{ended:?}");
    // The oldest come first, and they are missing.
    sandbox.fault(Fault::status(500).after(1));
    home.run(&words("events -n 1500"))
        .fails(5, "after 0 items: 500");
}

/// A run that follows, and its lines.
struct Follower {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Follower {
    fn start(home: &Home, line: &str) -> Self {
        let mut child = home
            .command(&words(line))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    fn ids(&mut self, count: usize) -> Vec<u64> {
        (0..count).map(|_| id(&self.line())).collect()
    }

    /// Interrupts it; gives what else it printed, and stderr.
    #[track_caller]
    fn interrupt(mut self) -> (String, String) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::INT).unwrap();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        let output = self.child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{stderr}");
        (rest, stderr)
    }
}

/// Waits for so many more polls.
fn polls(sandbox: &Sandbox, count: usize) {
    let (before, started) = (sandbox.requests().len(), Instant::now());
    while sandbox.requests().len() < before + count {
        assert!(started.elapsed() < Duration::from_secs(60), "no poll came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn following_prints_each_event_once() {
    let (sandbox, home) = log_of(50);
    let mut follower = Follower::start(&home, "events --follow -n 2 --interval 50ms");
    assert_eq!(follower.ids(2), [49, 50]);
    polls(&sandbox, 3);
    sandbox.add_event("4y3h7n", "INFO", "Deployed", "");
    assert_eq!(follower.ids(1), [51]);
    // More than a page between two polls.
    sandbox.add_events(2500);
    assert_eq!(follower.ids(2500), (52..=2551).collect::<Vec<_>>());
    polls(&sandbox, 4);
    for n in 0..20 {
        sandbox.add_event("4y3h7n", "INFO", "Step", &n.to_string());
        std::thread::sleep(Duration::from_millis(7));
    }
    assert_eq!(follower.ids(20), (2552..=2571).collect::<Vec<_>>());
    polls(&sandbox, 4);
    assert_eq!(follower.interrupt(), (String::new(), String::new()));
    assert!(queries(&sandbox)[1..].iter().all(|q| q.contains("after=")));
}

#[test]
fn following_from_an_id_or_from_now() {
    let (sandbox, home) = log_of(50);
    let mut follower = Follower::start(&home, "events -f --after 47 --interval 50ms");
    assert_eq!(follower.ids(3), [48, 49, 50]);
    follower.interrupt();
    let mut follower = Follower::start(&home, "events -f -n 0 --interval 50ms --jq .id");
    polls(&sandbox, 2);
    sandbox.add_event("4y3h7n", "INFO", "Deployed", "");
    assert_eq!(follower.line(), "51\n");
    assert_eq!(follower.interrupt().0, "");
    // An empty log.
    let (sandbox, home) = log_of(0);
    let mut follower = Follower::start(&home, "events -f --interval 50ms --text");
    polls(&sandbox, 2);
    sandbox.add_event("4y3h7n", "INFO", "Deployed", "");
    assert!(follower.line().ends_with("  Deployed\n"));
    follower.interrupt();
}

#[test]
fn a_blip_is_reported_once() {
    let (sandbox, home) = log_of(5);
    let mut follower = Follower::start(&home, "events -f -n 1 --interval 50ms");
    assert_eq!(follower.ids(1), [5]);
    sandbox.fault(Fault::status(502).times(2));
    sandbox.fault(Fault::from(Effect::ResetBeforeAnswer).times(2));
    sandbox.fault(Fault::from(Effect::CutInBody(20)));
    polls(&sandbox, 6);
    sandbox.add_event("4y3h7n", "INFO", "Deployed", "");
    assert_eq!(follower.ids(1), [6]);
    let (rest, stderr) = follower.interrupt();
    assert_eq!(rest, "");
    let lines: Vec<&str> = stderr.lines().collect();
    let call = "lab: GET /MAAS/api/2.0/events/?op=query";
    assert_eq!(
        lines,
        [
            format!("apicall: warning: {call}: 502 Bad Gateway; polling continues"),
            format!("apicall: {call}: the server responds again"),
        ]
    );
}

#[test]
fn an_error_that_stays_ends_it() {
    let (sandbox, home) = log_of(5);
    let mut follower = Follower::start(&home, "events -f -n 1 --interval 50ms");
    follower.ids(1);
    sandbox.fault(Fault::status(401));
    let output = follower.child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(stderr.contains("after 1 item: 401"), "{stderr}");
}

#[test]
fn a_reader_that_goes_away_ends_it_also_while_nothing_happens() {
    let (_sandbox, home) = log_of(5);
    let mut follower = Follower::start(&home, "events -f -n 3 --interval 1h");
    assert_eq!(follower.ids(1), [3]);
    drop(follower.stdout);
    let output = follower.child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn the_last_hour_and_what_lies_before_an_id() {
    // Ten seconds apart, the last one now.
    let (sandbox, home) = log_of(2500);
    for (line, least, most, requests) in [
        // A second may have passed since; a page is asked for ahead.
        ("events --since 65s", 2494, 2500, 1),
        ("events --since 4h", 1060, 2500, 2),
        ("events --since 4h -n 2", 2499, 2500, 1),
        ("events --before 11 -n 3", 8, 10, 1),
        ("events --before 5", 1, 4, 2),
        ("events --before 300 --since 365d", 1, 299, 2),
    ] {
        sandbox.forget_requests();
        let ended = home.run(&words(line)).ok();
        let ids = ids(&ended);
        let first = *ids.first().unwrap();
        assert_eq!(ids.last(), Some(&most), "{line}");
        assert!((least..=least + 2).contains(&first), "{line}: {first}");
        assert!(
            sandbox.requests().len() <= requests + 1,
            "{line}: {:?}",
            queries(&sandbox)
        );
    }
    for line in [
        "events --since 1h --all",
        "events --before 5 --after 3",
        "events --before 5 -f",
    ] {
        assert_eq!(home.run(&words(line)).code, 2, "{line}");
    }
}

#[test]
fn lines_say_who_did_it() {
    let (_sandbox, home) = log_of(0);
    home.run(&words("post /machines/w7c4tb/ --op release")).ok();
    let audit = home.run(&words("events --level audit --text")).ok();
    assert!(
        audit
            .stdout()
            .ends_with("  AUDIT     node19  admin called release on 'node19'.\n"),
        "{audit:?}"
    );
    home.run(&words("post /machines/4y3h7n/ --op power_on"))
        .ok();
    let powered = home.run(&words("events -n 1 --text")).ok();
    assert!(
        powered
            .stdout()
            .ends_with("  node17  admin: Node powered on\n"),
        "{powered:?}"
    );
}
