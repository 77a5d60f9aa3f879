//! `man/` and `completions/` are what the command line's definition draws today.
//!
//! `APICALL_BLESS=1 cargo test generated` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::CommandFactory as _;

use crate::manual;
use crate::support::{Home, is_blessing, is_installed};

/// The files that a folder has to hold, by name.
type Files = BTreeMap<String, String>;

const SHELLS: [(&str, &str); 5] = [
    ("bash", "apicall.bash"),
    ("zsh", "_apicall"),
    ("fish", "apicall.fish"),
    ("powershell", "_apicall.ps1"),
    ("elvish", "apicall.elv"),
];

#[test]
fn man_pages_are_drawn_from_the_definition() {
    check("man", &manual::pages(apicall::cli::Cli::command()));
}

#[test]
fn completions_are_drawn_from_the_definition() {
    let home = Home::empty();
    let files = SHELLS.map(|(shell, file)| {
        let script = home.run(&["completions", shell]).ok().stdout().to_owned();
        (file.to_owned(), script)
    });
    check("completions", &files.into());
}

#[test]
fn mandoc_finds_nothing() {
    // While the pages are being written anew there is nothing to judge.
    if is_blessing() || !is_installed("mandoc") {
        return;
    }
    for page in names(&folder("man")) {
        let output = Command::new("mandoc")
            .arg("-Tlint")
            .arg(folder("man").join(&page))
            .output()
            .unwrap();
        let found = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && found.is_empty(), "{found}");
    }
}

#[test]
fn every_page_has_its_sections() {
    for (name, page) in manual::pages(apicall::cli::Cli::command()) {
        for section in [
            "NAME",
            "SYNOPSIS",
            "EXIT STATUS",
            "ENVIRONMENT",
            "FILES",
            "EXAMPLES",
        ] {
            let heading = format!(".SH \"{section}\"\n");
            let plain = format!(".SH {section}\n");
            assert!(
                page.contains(&heading) || page.contains(&plain),
                "{name} has no {section}"
            );
        }
    }
}

/// Compares a folder with what it has to hold, or writes it.
#[track_caller]
fn check(name: &str, want: &Files) {
    let folder = folder(name);
    if is_blessing() {
        fs::create_dir_all(&folder).unwrap();
        for old in names(&folder) {
            fs::remove_file(folder.join(old)).unwrap();
        }
        for (file, text) in want {
            fs::write(folder.join(file), text).unwrap();
        }
        return;
    }
    let mut differences = Vec::new();
    for (file, text) in want {
        match fs::read_to_string(folder.join(file)) {
            Err(_) => differences.push(format!("{name}/{file} is missing")),
            Ok(found) if found != *text => {
                differences.push(format!("{name}/{file}: {}", first_difference(&found, text)));
            }
            Ok(_) => {}
        }
    }
    for file in names(&folder) {
        if !want.contains_key(&file) {
            differences.push(format!("{name}/{file} is of no command"));
        }
    }
    assert!(
        differences.is_empty(),
        "the command line has changed; `APICALL_BLESS=1 cargo test generated` writes anew:\n{}",
        differences.join("\n")
    );
}

fn first_difference(found: &str, want: &str) -> String {
    let at = found
        .lines()
        .zip(want.lines())
        .take_while(|(a, b)| a == b)
        .count();
    format!(
        "line {}: is {:?}, has to be {:?}",
        at + 1,
        found.lines().nth(at).unwrap_or_default(),
        want.lines().nth(at).unwrap_or_default()
    )
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .map(|entries| {
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect()
        })
        .unwrap_or_default()
}
