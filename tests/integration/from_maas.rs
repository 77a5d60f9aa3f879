//! README's table for those who come from the `maas` command line: both sides send the same.

use std::path::Path;

use crate::sandbox::{Recorded, Sandbox};
use crate::support::Home;

/// What a request asks for, however its body is packed.
fn asked(request: &Recorded) -> (String, String, Vec<(String, String)>) {
    let fields = match request.multipart() {
        Some(parts) => parts
            .into_iter()
            .map(|part| (part.name, String::from_utf8(part.data).unwrap()))
            .collect(),
        None => request.form(),
    };
    (request.method.clone(), request.target.clone(), fields)
}

#[test]
fn both_sides_of_the_table_send_the_same() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let rows: Vec<(&str, &str)> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `maas lab ")?.strip_suffix("` |"))
        .filter_map(|line| line.split_once("` | `apicall "))
        .collect();
    assert!(rows.len() > 8, "{rows:?}");
    for (theirs, ours) in rows {
        let ask = |args: Vec<&str>| {
            // A new one for each, so that the second finds what the first found.
            let sandbox = Sandbox::start();
            let home = Home::with_profiles(&sandbox);
            if args.contains(&"fast") || args.contains(&"/tags/fast/") {
                home.run(&["post", "/tags/", "name=fast"]).ok();
            }
            let ended = home.run(&args);
            assert!(
                ended.stderr.is_empty() || ended.code != 2,
                "{args:?}: {ended:?}"
            );
            // A release that MAAS refuses in part is followed by a look at what is left.
            let requests = sandbox.requests();
            let write = requests.iter().rev().find(|r| r.method != "GET");
            asked(write.unwrap_or(&requests[requests.len() - 1]))
        };
        let theirs: Vec<&str> = ["maas", "lab"]
            .into_iter()
            .chain(theirs.split(' '))
            .collect();
        let ours: Vec<&str> = ours.split(' ').collect();
        assert_eq!(
            ask(theirs.clone()),
            ask(ours.clone()),
            "{theirs:?} and {ours:?}"
        );
    }
}
