//! The sessions in README.md and in `tests/cmd/`, executed.
//!
//! A `console` block holds commands after `$ ` (continued after `> ` while they are unfinished), what they print on both
//! streams, and `? N` where they do not end with 0. `...` stands for any lines, `[..]` for anything
//! within a line. `127.0.0.1:5240` stands for the sandbox, wherever it really listens. What is
//! exported stays so; the files `lab.key` and `play.key` hold the sandbox's keys.
//!
//! A file has a sandbox and a home with the profiles `lab` and `play`, until a line
//! `<!-- a new home -->` begins with a new sandbox and no profile. `APICALL_BLESS=1 cargo test
//! sessions` writes what is printed today; lines with `...` and `[..]` stay where they still fit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::sandbox::Sandbox;
use crate::support::{Home, is_blessing, is_installed};

const ADDRESS: &str = "127.0.0.1:5240";

#[test]
fn readme() {
    check(&root().join("README.md"));
}

#[test]
fn documented_sessions() {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("tests/cmd"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        check(&file);
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// One user at one sandbox.
struct World {
    sandbox: Sandbox,
    home: Home,
    exports: String,
}

impl World {
    fn new(has_profiles: bool) -> Self {
        let sandbox = Sandbox::start().may_stay_silent();
        let home = if has_profiles {
            Home::with_profiles(&sandbox)
        } else {
            Home::empty()
        };
        home.file("lab.key", sandbox.maas_key());
        home.file("play.key", sandbox.macrometa_key());
        Self {
            sandbox,
            home,
            exports: String::new(),
        }
    }

    /// Runs a command line in `sh`; gives what it printed, with `? N` where it did not succeed.
    fn run(&mut self, command: &str) -> String {
        let address = self.sandbox.address().to_string();
        let command = command.replace(ADDRESS, &address);
        if command.starts_with("export ") {
            self.exports.push_str(&command);
            self.exports.push('\n');
        }
        let binary = Path::new(env!("CARGO_BIN_EXE_apicall"));
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .arg("-c")
            .arg(format!("exec 2>&1\n{}{command}", self.exports))
            .env_clear()
            .env("HOME", self.home.path())
            .env(
                "PATH",
                format!("{}:{path}", binary.parent().unwrap().display()),
            )
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let mut text = String::from_utf8(output.stdout).expect("output is UTF-8");
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let code = output.status.code().unwrap_or(-1);
        if code != 0 {
            text.push_str(&format!("? {code}\n"));
        }
        let home = self.home.path().display().to_string();
        text.replace(&address, ADDRESS).replace(&home, "/home/me")
    }
}

#[track_caller]
fn check(file: &Path) {
    let written = fs::read_to_string(file).unwrap();
    let (now, differences) = replayed(&written);
    if is_blessing() {
        if now != written {
            fs::write(file, now).unwrap();
        }
        return;
    }
    assert!(
        differences.is_empty(),
        "{}: a session prints something else today (`APICALL_BLESS=1 cargo test sessions` writes it):\n\n{}",
        file.display(),
        differences.join("\n")
    );
}

/// The file as it would have to be, and where it differs.
fn replayed(written: &str) -> (String, Vec<String>) {
    let mut world = World::new(true);
    let mut now = String::new();
    let mut differences = Vec::new();
    let mut lines = written.lines().peekable();
    let mut is_session = false;
    while let Some(line) = lines.next() {
        now.push_str(line);
        now.push('\n');
        match line {
            "<!-- a new home -->" => world = World::new(false),
            "```console" => is_session = true,
            "```" => is_session = false,
            _ => {}
        }
        let Some(command) = line.strip_prefix("$ ").filter(|_| is_session) else {
            continue;
        };
        let mut command = command.to_owned();
        while let Some(more) = lines.next_if(|l| is_unfinished(&command) && l.starts_with("> ")) {
            now.push_str(more);
            now.push('\n');
            command.push('\n');
            command.push_str(&more[2..]);
        }
        let mut want = String::new();
        while let Some(line) = lines.next_if(|l| *l != "```" && !l.starts_with("$ ")) {
            want.push_str(line);
            want.push('\n');
        }
        let found = world.run(&command);
        let tools = ["jq", "python3"].into_iter();
        let mut used = tools.filter(|tool| command.contains(&format!("{tool} ")));
        if used.any(|tool| !is_installed(tool)) {
            // What the command did at the sandbox, later ones build on.
            now.push_str(&want);
            continue;
        }
        // A blank line parts commands for the eye.
        let (bare, blank) = match want.strip_suffix("\n\n") {
            Some(bare) => (format!("{bare}\n"), "\n"),
            None if want == "\n" => (String::new(), "\n"),
            None => (want.clone(), ""),
        };
        if matches(
            &bare.lines().collect::<Vec<_>>(),
            &found.lines().collect::<Vec<_>>(),
        ) {
            now.push_str(&want);
        } else {
            differences.push(format!(
                "$ {command}\n--- is written\n{bare}--- is printed\n{found}"
            ));
            now.push_str(&found);
            now.push_str(blank);
        }
    }
    (now, differences)
}

/// Whether a command goes on in the next line; what `-v` prints begins with `> `, too.
fn is_unfinished(command: &str) -> bool {
    let last = command.lines().last().unwrap_or_default();
    let in_loop = command.contains("; do\n") && !command.ends_with("done");
    in_loop || [" do", "\\", "|"].iter().any(|end| last.ends_with(end))
}

/// Whether lines fit a pattern with `...` for any lines.
fn matches(pattern: &[&str], lines: &[&str]) -> bool {
    match pattern.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|at| matches(rest, &lines[at..])),
        Some((first, rest)) => lines
            .split_first()
            .is_some_and(|(line, more)| fits(first, line) && matches(rest, more)),
    }
}

/// Whether a line fits a pattern with `[..]` for anything.
fn fits(pattern: &str, line: &str) -> bool {
    match pattern.split_once("[..]") {
        None => pattern == line,
        Some((before, after)) => line.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| fits(after, &rest[at..]))
        }),
    }
}

#[test]
fn patterns() {
    assert!(fits("a [..] c", "a b c"));
    assert!(!fits("a [..] c", "a b d"));
    assert!(matches(&["a", "...", "d"], &["a", "b", "c", "d"]));
    assert!(matches(&["..."], &[]));
    assert!(!matches(&["a"], &["a", "b"]));
}
