//! The rows of a `batch` as programs and people write them, and rows that no machine could hold.

use std::fs::File;
use std::io::Write as _;

use crate::sandbox::{Options, Sandbox};
use crate::support::Home;
use crate::typed::words;

/// The paths that were asked for, in the order of the rows.
fn asked(rows: &[u8], name: &str, path: &str) -> Vec<String> {
    let sandbox = Sandbox::with(Options {
        maas_machines: 3,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    home.file(name, rows);
    let line = format!("batch get {path} --from {name} -j 1 -o csv --columns path --no-header");
    let ended = home.run(&words(&line)).code(0);
    let machine = |path: &str| path.rsplit('/').nth(1).unwrap_or_default().to_owned();
    ended.stdout().lines().map(machine).collect()
}

#[test]
fn line_ends_and_marks_are_no_part_of_a_row() {
    let want = ["vm0001", "vm0002", "vm0003"];
    for (what, name, rows, path) in [
        (
            "CRLF",
            "ids.txt",
            "vm0001\r\nvm0002\r\n\r\nvm0003\r\n",
            "/machines/{}/",
        ),
        (
            "a mark",
            "ids",
            "\u{feff}vm0001\nvm0002\nvm0003",
            "/machines/{}/",
        ),
        (
            "both, csv",
            "a.csv",
            "\u{feff}id,x\r\nvm0001,\"a\r\nb\"\r\nvm0002,\r\nvm0003,c\r\n",
            "/machines/{id}/",
        ),
        (
            "a mark, tsv",
            "a.tsv",
            "\u{feff}id\tx\nvm0001\t1\nvm0002\t2\nvm0003\t3\n",
            "/machines/{id}/",
        ),
        (
            "both, ndjson",
            "a.ndjson",
            "\u{feff}{\"id\":\"vm0001\"}\r\n\r\n{\"id\":\"vm0002\"}\r\n{\"id\":\"vm0003\"}",
            "/machines/{id}/",
        ),
        (
            "both, json",
            "a.json",
            "\u{feff}[\r\n{\"id\":\"vm0001\"},\r\n{\"id\":\"vm0002\"},{\"id\":\"vm0003\"}\r\n]\r\n",
            "/machines/{id}/",
        ),
    ] {
        assert_eq!(asked(rows.as_bytes(), name, path), want, "{what}");
    }
}

/// Of 300 MiB; of a gigabyte where `CI` is `true`.
#[cfg(target_os = "linux")]
#[test]
fn a_row_of_a_gigabyte_is_refused_in_little_memory() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let is_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    let mebibytes = if is_ci { 1024 } else { 300 };
    let piece = vec![b'x'; 1 << 20];
    for (name, start, want) in [
        ("rows.txt", "a\n", "row 2: line 2 is longer than 64 MiB"),
        ("rows.ndjson", "{\"a\":1}\n{\"a\":\"", "row 2: line 2"),
        ("rows.json", "[{\"a\":1},\n{\"a\":\"", "row 2: "),
        ("rows.csv", "a,b\n1,2\n3,", "row 2: "),
    ] {
        let mut file = File::create(home.path().join(name)).unwrap();
        file.write_all(start.as_bytes()).unwrap();
        for _ in 0..mebibytes {
            file.write_all(&piece).unwrap();
        }
        let line = format!("batch get /tags/ x=={{}} --from {name}");
        let (ended, peak) = home.run_watched(&words(&line));
        std::fs::remove_file(home.path().join(name)).unwrap();
        assert_eq!(ended.code, 1, "{name}: {ended:?}");
        assert!(ended.stderr.contains(want), "{name}: {ended:?}");
        assert!(
            ended.stderr.contains("longer than 64 MiB"),
            "{name}: {ended:?}"
        );
        assert!(peak < 128 << 10, "{name}: {peak} KiB");
    }
    assert!(sandbox.requests().is_empty());
}
