//! Many documents in and out again: a run that is killed goes on, nothing is lost or doubled, memory
//! stays flat.
//!
//! 20,000 documents, or a million where `APICALL_BIG` is set.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::sandbox::{Options, Sandbox};
use crate::support::Home;
use crate::typed::words;

/// What no run may need in a debug build, however many documents there are; in KiB. It is the program
/// itself and, for each of four threads, a batch of ten thousand with a response that refuses them all.
const MOST: u64 = 72 * 1024;

/// One in a hundred is bad, in three ways; and one in each ten thousand spoils the whole call for
/// the server, which cannot read its number.
fn line(n: usize) -> String {
    if n % 10_000 == 5_050 {
        return format!("{{\"_key\":\"{n}\",\"n\":1e400}}\n");
    }
    match n % 300 {
        99 => "{\"_key\": broken\n".to_owned(),
        199 => format!("{{\"_key\":\"a/{n}\"}}\n"),
        299 => format!("{{\"_key\":\"{}\",\"n\":-1}}\n", n - 1),
        _ => format!("{{\"_key\":\"{n}\",\"n\":{n}}}\n"),
    }
}

fn is_good(n: usize) -> bool {
    n % 100 != 99 && n % 10_000 != 5_050
}

#[derive(Deserialize)]
struct Rejected {
    line: usize,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "_key")]
    key: String,
    n: usize,
}

/// Checks that a file has each good document once, as it was.
#[track_caller]
fn holds_the_good_ones(text: &str, count: usize) {
    let mut seen = HashSet::new();
    for line in text.lines() {
        let document: Document = serde_json::from_str(line).unwrap();
        assert_eq!(document.key, document.n.to_string());
        assert!(is_good(document.n) && document.n < count, "{line}");
        assert!(seen.insert(document.n), "twice: {line}");
    }
    assert_eq!(seen.len(), (0..count).filter(|n| is_good(*n)).count());
}

/// 1 % bad, one in 10,000 of it spoiling its call, `-j 4`, killed three times: each good document once, each bad one once; and the export
/// gives the good ones back.
#[test]
fn a_run_that_is_killed_goes_on() {
    let is_big = std::env::var_os("APICALL_BIG").is_some();
    let count: usize = if is_big { 1_000_000 } else { 20_000 };
    let sandbox = Sandbox::with(Options {
        log_limit: 0,
        // So slow that each kill comes in the middle.
        latency: Duration::from_millis(if is_big { 10 } else { 30 }),
        ..Options::default()
    });
    sandbox.create_collection("_system", "c");
    let home = Home::with_profiles(&sandbox);
    home.file("d.ndjson", (0..count).map(line).collect::<String>());
    let import = words(&format!(
        "import c d.ndjson -p play -j 4 --batch-size {} --journal j --resume --rejects bad",
        count / 100
    ));
    for part in 1..=3 {
        let mut child = home.spawn(&import);
        let want = count * part / 5;
        let deadline = Instant::now() + Duration::from_mins(10);
        while sandbox.document_count("_system", "c") < want {
            assert!(
                child.try_wait().unwrap().is_none(),
                "ended before it was killed"
            );
            assert!(Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let (ended, peak) = home.run_watched(&import);
    let ended = ended.code(11);
    let bad = (0..count).filter(|n| !is_good(*n)).count();
    assert_eq!(ended.json()["created"], count - bad);
    assert_eq!(ended.json()["errors"], bad);
    // No value holds the number that spoils a call.
    let rejects = std::fs::read_to_string(home.path().join("bad")).unwrap();
    let mut rejected: Vec<usize> = (rejects.lines())
        .map(|line| serde_json::from_str::<Rejected>(line).unwrap().line - 1)
        .collect();
    rejected.sort_unstable();
    let wrong: Vec<usize> = (0..count).filter(|n| !is_good(*n)).collect();
    assert!(
        rejected == wrong,
        "{} rejects, {} documents are bad",
        rejected.len(),
        wrong.len()
    );
    let stored = sandbox.document_keys("_system", "c").len();
    assert_eq!(stored, count - bad);

    eprintln!("peak memory of the import's last run: {peak} KiB for {count} documents");
    assert!(peak < MOST, "{peak} KiB");
    for way in ["cursor", "offset"] {
        let export = format!("export c -p play --by {way} --to {way}.ndjson");
        let (ended, peak) = home.run_watched(&words(&export));
        ended.code(0);
        let text = std::fs::read_to_string(home.path().join(format!("{way}.ndjson"))).unwrap();
        holds_the_good_ones(&text, count);
        eprintln!("peak memory of the export by {way}: {peak} KiB for {stored} documents");
        assert!(peak < MOST, "{peak} KiB");
    }
}
