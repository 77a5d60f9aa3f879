//! `man/` and `completions/` are what the command line's definition draws today.
//!
//! `APICALL_BLESS=1 cargo test generated` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apicall::cli::help::layout::{Block, blocks};

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

/// groff warns of what it cannot format, e.g. a word that does not fit a line.
#[test]
fn groff_formats_every_page() {
    if is_blessing() || !is_installed("groff") {
        return;
    }
    for page in names(&folder("man")) {
        for columns in ["80", "200"] {
            let output = Command::new("groff")
                .args(["-man", "-Tutf8", "-ww", "-z", "-k"])
                .arg(format!("-rLL={columns}n"))
                .arg(folder("man").join(&page))
                .output()
                .unwrap();
            let found = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && found.is_empty(), "{found}");
        }
    }
}

#[test]
fn pages_hold_what_help_says() {
    let mut command = apicall::cli::Cli::command();
    command.build();
    let pages = manual::pages(command.clone());
    for sub in command.get_subcommands() {
        let page = &pages[&format!("apicall-{}.1", sub.get_name())];
        let help = sub.get_after_long_help().unwrap().to_string();
        for block in blocks(&help) {
            let heading = match block {
                Block::Table(heading, _) | Block::Lines(Some(heading), _) => heading,
                Block::Prose(_) | Block::Lines(None, _) => continue,
            };
            let heading = heading.to_uppercase();
            let is_there = [format!(".SH {heading}\n"), format!(".SH \"{heading}\"\n")]
                .iter()
                .any(|line| page.contains(line));
            assert!(is_there, "{}: {heading}", sub.get_name());
        }
        let examples = page.find(".SH EXAMPLES").unwrap();
        assert!(page.find(".SH OPTIONS").is_none_or(|at| examples < at));
        // A name that is hyphenated cannot be looked up.
        let at = page.find(".SH \"SEE ALSO\"").unwrap();
        assert!(page[at..].contains("\\%apicall"), "{}", &page[at..]);
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
