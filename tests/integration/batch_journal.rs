//! `batch` that is broken off: by `kill -9`, by Ctrl-C, by a full disk; and parts of one on several
//! machines. Whatever ends it, each row is accounted for, and none is sent twice that must not be.
//!
//! 1,000 rows; 10,000 where `CI` is `true`, 100,000 where `APICALL_BIG` is set.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::sandbox::{Effect, Fault, Options, Pace, Sandbox};
use crate::support::{Home, is_installed};
use crate::typed::words;

const TAGS: &str = "/MAAS/api/2.0/tags/";

fn names(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "t{n}");
        text
    })
}

fn send(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

fn journal(home: &Home, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(home.path().join(name)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

/// How often each tag was posted.
fn posts(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for request in sandbox.requests() {
        if request.method == "POST" {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            *all.entry(body.trim_start_matches("name=").to_owned())
                .or_default() += 1;
        }
    }
    all
}

/// Waits until so many requests have come.
#[track_caller]
fn wait_for(sandbox: &Sandbox, count: usize, child: &mut Child) {
    let deadline = Instant::now() + Duration::from_secs(900);
    while sandbox.count() < count {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        assert!(Instant::now() < deadline, "too few requests came");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn killed_five_times_it_sends_nothing_twice() {
    let is = |name: &str| std::env::var_os(name).is_some();
    let count = match () {
        () if is("APICALL_BIG") => 100_000,
        () if std::env::var_os("CI").is_some_and(|ci| ci == "true") => 10_000,
        () => 1000,
    };
    let sandbox = Sandbox::with(Options {
        latency: Duration::from_millis(1),
        ..Options::default()
    });
    // One in twenty goes wrong, in every way that there is.
    for n in 0..count / 20 {
        let fault = match n % 10 {
            0 => Fault::from(Effect::ResetAfterHead),
            1 => Effect::ResetBeforeAnswer.into(),
            2 => Effect::CloseBeforeAnswer.into(),
            3 => Fault::lost(502),
            4 => Fault::lost(504),
            5 => Fault::status(503).retry_after("0"),
            6 => Fault::status(429).retry_after("0"),
            7 => Effect::CutInHead.into(),
            8 => Fault::status(500),
            _ => Fault::garbage(),
        };
        sandbox.fault(fault.method("POST").path(TAGS).after(19));
    }
    let home = Home::with_profiles(&sandbox);
    home.file("rows", names(count));
    let line = words("batch post /tags/ name={} --from rows -j 8 --journal j --resume -q");
    for part in 1..=5 {
        let mut child = home.spawn(&line);
        wait_for(&sandbox, count * part / 6, &mut child);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    home.run(&line).code(11);

    // What the journal says of each row: begun and put off, any number of times, then once more.
    let mut by_row: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    for entry in journal(&home, "j").into_iter().skip(1) {
        let row = entry["row"].as_u64().unwrap();
        by_row.entry(row).or_default().push(entry);
    }
    let sent = posts(&sandbox);
    let mut uncertain = 0;
    for row in 1..=count as u64 {
        let entries = by_row
            .get(&row)
            .unwrap_or_else(|| panic!("row {row} is missing"));
        let begun = entries.iter().filter(|e| e.get("began").is_some()).count();
        let open = entries.iter().filter(|e| e["ended"] == "open").count();
        assert_eq!(begun, open + 1, "row {row}: {entries:?}");
        assert!(
            entries.iter().all(|e| e["status"] != 400),
            "twice: {entries:?}"
        );
        let posted = sent.get(&format!("t{}", row - 1)).copied().unwrap_or(0);
        assert!(posted <= begun, "row {row}: {posted} sent: {entries:?}");
        let last = &entries[entries.len() - 1];
        uncertain += u64::from(last.get("began").is_some() || last["ended"] == "uncertain");
    }
    let status = home.run(&words("batch status j -o json"));
    let status = status.code(if uncertain > 0 { 11 } else { 0 }).json();
    let number = |name: &str| status[name].as_u64().unwrap();
    assert_eq!(
        (number("missing"), number("open"), number("failed")),
        (0, 0, 0),
        "{status}"
    );
    assert_eq!(number("uncertain"), uncertain);
    assert_eq!(number("done") + uncertain, count as u64);
    assert_eq!(crate::support::mode(&home.path().join("j")), 0o600);
}

/// A run that cannot print looks for no signals; the second one ends it all the same.
#[cfg(unix)]
#[test]
fn a_reader_that_stops_reading_does_not_hold_the_second_signal() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("rows", names(30));
    let body = format!("\"{}\"", "x".repeat(100_000));
    sandbox.fault(Fault::body(200, "application/json", body).always());
    let mut child = home.spawn(&words("batch get /tags/{}/ --from rows -j 2"));
    wait_for(&sandbox, 4, &mut child);
    send(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "it did not wait");
    send(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn ctrl_c_once_lets_calls_end_and_twice_does_not() {
    let sandbox = Sandbox::with(Options {
        latency: Duration::from_millis(300),
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    home.file("rows", names(30));
    let line = words("batch post /tags/ name={} --from rows -j 2 --journal j --resume");
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let before = sandbox.requests().len();
        let mut child = home.spawn(&line);
        wait_for(&sandbox, before + 1, &mut child);
        send(&child, signal);
        let ended = child.wait_with_output().unwrap();
        let reported = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{reported}");
        assert!(
            reported.contains("`--resume` continues from here"),
            "{reported}"
        );
        let entries = journal(&home, "j");
        let begun = entries.iter().filter(|e| e.get("began").is_some()).count();
        let done = entries.iter().filter(|e| e["ended"] == "done").count();
        assert_eq!((begun, done), (sandbox.requests().len(), begun));
        assert!(begun < 30);
    }
    // One that does not answer is given up by the second.
    let before = sandbox.requests().len();
    sandbox.fault(Fault::from(Effect::StallBeforeHead).method("POST"));
    let mut child = home.spawn(&line);
    wait_for(&sandbox, before + 3, &mut child);
    send(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(900));
    assert!(child.try_wait().unwrap().is_none(), "it did not wait");
    send(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let ended = home.run(&line).code(11);
    assert!(
        ended.stderr.contains("is uncertain: lab: POST"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("1 uncertain"), "{ended:?}");
    assert!(posts(&sandbox).values().all(|times| *times == 1));
    // Only who says so sends it again; the server had carried it out, and refuses it.
    let ended = home
        .run(&words(
            "batch post /tags/ name={} --from rows -j 2 --journal j --resume --resend",
        ))
        .code(11);
    assert!(ended.stderr.contains("already exists"), "{ended:?}");
    let twice = posts(&sandbox);
    assert_eq!(twice.values().filter(|times| **times == 2).count(), 1);
    home.run(&words("batch status j")).code(11);
}

#[test]
fn a_reader_that_goes_away_does_not_stop_a_batch() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("rows", names(200));
    let mut child = home.spawn(&words("batch post /tags/ name={} --from rows"));
    let mut first = String::new();
    let mut stdout = BufReader::with_capacity(64, child.stdout.take().unwrap());
    stdout.read_line(&mut first).unwrap();
    drop(stdout);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert_eq!(posts(&sandbox).len(), 200);
}

#[test]
fn no_call_goes_out_that_the_journal_can_not_hold() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("rows", names(300));
    let line = "batch post /tags/ name={} --from rows --journal j --resume -q";
    let output = Command::new("/bin/sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_apicall"))
        .args(words(line))
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    let reported = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{reported}");
    assert!(
        reported.contains("the journal cannot be written"),
        "{reported}"
    );
    let before = posts(&sandbox).len();
    assert!(before > 10 && before < 300, "{before}");
    let ended = home.run(&words(line));
    // Calls whose end could not be noted are uncertain, and not repeated.
    assert!(matches!(ended.code, 0 | 11), "{ended:?}");
    assert!(posts(&sandbox).values().all(|times| *times == 1));
    assert_eq!(posts(&sandbox).len(), 300);
}

#[test]
fn a_journal_is_of_one_batch() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("rows", "a\nb\n");
    home.run(&words(
        "batch post /tags/ name={} comment=secret-7 --from rows --journal j",
    ))
    .code(0);
    let text = std::fs::read_to_string(home.path().join("j")).unwrap();
    assert!(
        !text.contains("secret-7") && !text.contains(sandbox.maas_key()),
        "{text}"
    );
    home.run(&words("batch post /tags/ name={} --from rows --journal j"))
        .fails(2, "the journal `j` exists");
    home.run(&words(
        "batch post /tags/ name={} --from rows --journal j --resume",
    ))
    .fails(2, "belongs to another run: `template` differs");
    home.file("rows", "a\nc\n");
    home.run(&words(
        "batch post /tags/ name={} comment=secret-7 --from rows --journal j --resume",
    ))
    .fails(2, "belongs to another run: `rows` differs");
    home.run(&words(
        "batch post /tags/ name={} --from rows --journal rows",
    ))
    .fails(2, "contains the rows, and would be overwritten");
    assert_eq!(sandbox.requests().len(), 2);
    // What a kill has left of a last line is no line.
    home.file("rows", "a\nb\n");
    home.file("j", text[..text.len() - 9].to_owned());
    let ended = home
        .run(&words(
            "batch post /tags/ name={} comment=secret-7 --from rows --journal j --resume",
        ))
        .code(11);
    assert!(ended.stderr.contains("is uncertain"), "{ended:?}");
    assert_eq!(posts(&sandbox).values().sum::<usize>(), 2);
}

#[test]
fn what_was_refused_is_sent_again_only_where_asked() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("rows", "a\nb\nc\n");
    for status in [400, 403] {
        sandbox.fault(Fault::status(status).method("POST"));
    }
    let line = "batch post /tags/ name={} --from rows -j 1 --journal j --resume";
    home.run(&words(line)).code(11);
    let ended = home.run(&words(line)).code(11);
    // A 403 is not done, a 400 is.
    assert_eq!(sandbox.requests().len(), 4);
    assert!(
        ended
            .stderr
            .contains("1 done, 1 done before, 1 failed before"),
        "{ended:?}"
    );
    home.run(&words(&format!("{line} --retry-failed"))).code(0);
    assert_eq!(sandbox.requests().len(), 5);
}

/// The lines of README for several machines, with the variables as each system sets them.
#[test]
fn shards_call_each_row_once() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let line = |what: &str| {
        let mut lines = readme.lines().map(str::trim);
        let line = lines.find(|line| line.contains("--shard") && line.contains(what));
        line.unwrap_or_else(|| panic!("README has no line with {what}"))
            .replace("apicall ", "\"$0\" ")
    };
    let all: usize = 8;
    let each = |line: String, name: &'static str, first: usize| {
        (first..first + all)
            .map(|index| (line.clone(), vec![(name, index.to_string())]))
            .collect::<Vec<_>>()
    };
    // A Kubernetes Indexed Job counts from 0, a Slurm array as it is told, here from 1.
    let kubernetes = each(line("JOB_COMPLETION_INDEX"), "JOB_COMPLETION_INDEX", 0);
    let mut slurm = each(line("SLURM_ARRAY_TASK_ID"), "SLURM_ARRAY_TASK_ID", 1);
    for (_, variables) in &mut slurm {
        variables.push(("SLURM_ARRAY_TASK_COUNT", all.to_string()));
    }
    let parallel = line("parallel -j");
    let parallel = if is_installed("parallel") {
        vec![(
            format!(
                "export APICALL=$0; {}",
                parallel.replace("\"$0\"", "$APICALL")
            ),
            vec![],
        )]
    } else {
        // What it makes of its line: the words of each line of its input in the place of `{}`.
        let command = parallel.split('\'').nth(1).unwrap();
        let lines = (1..=all).map(|n| (command.replace("{}", &n.to_string()), vec![]));
        lines.collect()
    };
    for runs in [kubernetes, slurm, parallel] {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        let request =
            |n| format!("{{\"method\":\"POST\",\"path\":\"/tags/\",\"items\":[\"name=t{n}\"]}}\n");
        home.file("requests.ndjson", (0..100).map(request).collect::<String>());
        let (last, others) = runs.split_last().unwrap();
        let run = |(line, variables): &(String, Vec<(&str, String)>)| {
            let output = Command::new("/bin/sh")
                .args(["-c", line, env!("CARGO_BIN_EXE_apicall")])
                .env_clear()
                .env("HOME", home.path())
                .env("PATH", std::env::var_os("PATH").unwrap_or_default())
                .envs(variables.iter().map(|(name, value)| (name, value)))
                .current_dir(home.path())
                .output()
                .unwrap();
            assert!(output.status.success(), "{line}: {output:?}");
        };
        let journals = || {
            let files = std::fs::read_dir(home.path()).unwrap();
            let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
            names
                .filter(|name| name.ends_with(".jsonl"))
                .collect::<Vec<_>>()
        };
        others.iter().for_each(run);
        if !others.is_empty() {
            let some = home.run(&words(&format!("batch status {}", journals().join(" "))));
            let some = some.code(11);
            assert!(some.stdout().contains("missing    12 "), "{some:?}");
        }
        run(last);
        let sent = posts(&sandbox);
        assert_eq!((sent.len(), sent.values().sum::<usize>()), (100, 100));
        assert_eq!(journals().len(), all);
        let status = home.run(&words(&format!("batch status {}", journals().join(" "))));
        status.code(0);
    }
}

#[test]
fn a_protected_profile_asks_once() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.write_config(
        &home
            .config()
            .replace("service = \"maas\"", "service = \"maas\"\nprotected = true"),
    );
    home.file("rows", "a\nb\n");
    home.run(&words("batch post /tags/ name={} --from rows"))
        .fails(2, "is protected, and 2 calls would be made");
    assert!(sandbox.requests().is_empty());
    home.run(&words("batch get /tags/{}/ --from rows")).code(11);
    home.run(&words("batch post /tags/ name={} --from rows --yes"))
        .code(0);
    assert_eq!(posts(&sandbox).len(), 2);
}

#[test]
fn all_machines_are_waited_for_in_one_poll() {
    let sandbox = Sandbox::with(Options {
        maas_machines: 30,
        maas_pace: Pace::Reads(2),
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    let ids = (1..=30).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "vm{n:04}");
        text
    });
    home.file("ids", ids);
    let ended = home
        .run(&words(
            "batch post /machines/{}/ --op commission --from ids --wait -o ndjson",
        ))
        .code(0);
    assert_eq!(ended.stdout().lines().count(), 30);
    assert!(
        sandbox
            .requests()
            .iter()
            .filter(|r| r.method == "GET")
            .count()
            < 10
    );
    let status = |id: &str| sandbox.machine(id).unwrap()["status_name"].clone();
    assert!((1..=30).all(|n| status(&format!("vm{n:04}")) == "Ready"));
    home.run(&words("batch post /tags/ name={} --from ids --wait"))
        .fails(
            2,
            "`--wait`: a call without an operation has nothing to wait for",
        );
}

#[test]
fn memory_does_not_grow_with_the_rows() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let peak = |count: usize| {
        home.file("rows", names(count));
        let line = words("batch get /users/ --op whoami x=={} --from rows -j 8 -o compact");
        let (ended, peak) = home.run_watched(&line);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        peak
    };
    let (small, large) = (peak(200), peak(6000));
    assert!(
        large < small + 2048,
        "{small} KiB of 200 rows, {large} KiB of 6,000"
    );
}
