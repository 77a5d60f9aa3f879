//! The completion scripts in the shells themselves, where they are installed.
//!
//! bash and fish can be asked for completions without a terminal. zsh completes only at one, so
//! it gets a pseudo-terminal of its own, from its module `zpty`.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Home, is_installed};

/// A home with two profiles whose names begin alike.
fn home() -> Home {
    let home = Home::empty();
    home.write_config(
        "default = \"lab-one\"\n\n\
         [profiles.lab-one]\nservice = \"maas\"\nurl = \"http://127.0.0.1:1/MAAS\"\n\n\
         [profiles.lab-two]\nservice = \"maas\"\nurl = \"http://127.0.0.1:2/MAAS\"\n",
    );
    home
}

/// Runs a script in a shell that has `apicall` in its `PATH`.
fn run(home: &Home, shell: &[&str], script: &str, words: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_apicall")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new(shell[0])
        .args(&shell[1..])
        .args(["-c", script, "shell"])
        .args(words)
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{}:{path}", folder.display()))
        .env(
            "SCRIPTS",
            concat!(env!("CARGO_MANIFEST_DIR"), "/completions"),
        )
        .env("TERM", "dumb")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.is_empty(), "{shell:?} {words:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// What is typed (the last word is being completed), and what has to be offered.
const CASES: [(&str, &[&str]); 9] = [
    ("apicall prof", &["profile"]),
    ("apicall profile re", &["remove", "rename"]),
    ("apicall get --dry", &["--dry-run"]),
    (
        "apicall get -o ",
        &["compact", "csv", "json", "ndjson", "raw", "table", "tsv"],
    ),
    ("apicall get -p la", &["lab-one", "lab-two"]),
    ("apicall whoami --profile lab-o", &["lab-one"]),
    ("apicall profile use ", &["lab-one", "lab-two"]),
    ("apicall logout lab-t", &["lab-two"]),
    ("apicall profile show lab-o", &["lab-one"]),
];

/// Checks every case with a function that gives the lines a shell offers.
fn check(shell: &str, offered: impl Fn(&Home, &str) -> Vec<String>) {
    let home = home();
    for (typed, want) in CASES {
        let mut found = offered(&home, typed);
        found.sort();
        found.dedup();
        // A shell may offer flags beside values.
        let word = typed.rsplit(' ').next().unwrap();
        if !word.starts_with('-') {
            found.retain(|f| !f.starts_with('-'));
        }
        assert_eq!(found, want, "{shell}: {typed:?}");
    }
}

#[test]
fn bash_completes() {
    if !is_installed("bash") {
        return;
    }
    let script = r#"
        . "$SCRIPTS/apicall.bash"
        COMP_LINE=$1
        read -ra COMP_WORDS <<<"$1"
        [[ $1 == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_POINT=${#1}
        COMPREPLY=()
        function=$(complete -p apicall)
        function=${function#*-F }
        compopt() { :; }
        "${function%% *}" apicall "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    check("bash", |home, typed| {
        let lines = run(home, &["bash", "--norc", "--noprofile"], script, &[typed]);
        lines.lines().map(ToOwned::to_owned).collect()
    });
}

#[test]
fn fish_completes() {
    if !is_installed("fish") {
        return;
    }
    // `fish -c` takes no words after the script; the line comes as its text.
    check("fish", |home, typed| {
        let script = format!("source $SCRIPTS/apicall.fish; complete -C '{typed}'");
        let lines = run(home, &["fish", "--no-config"], &script, &[]);
        lines
            .lines()
            .map(|line| line.split('\t').next().unwrap().to_owned())
            .collect()
    });
}

#[test]
fn zsh_completes() {
    if !is_installed("zsh") {
        return;
    }
    // READY is put together, so that the echo of its own line is not taken for it.
    // `list-choices` prints what would be offered; the inner zsh is told to print it plainly.
    let script = r#"
        zmodload zsh/zpty
        zpty inner zsh -f -i
        zpty -w inner 'PROMPT=; unsetopt beep; stty -echo; stty columns 200 rows 200'
        zpty -w inner 'fpath=($SCRIPTS $fpath); autoload -U compinit; compinit -u -D; setopt list_rows_first'
        zpty -w inner 'zstyle ":completion:*" list-colors "no=<" ""; zstyle ":completion:*" verbose no'
        zpty -w inner 'compadd () { [[ ${@[(I)-[ODA]]} -gt 0 ]] && { builtin compadd "$@"; return }; local -a __hits; builtin compadd -O __hits "$@"; print -l "HIT:"$^__hits; builtin compadd "$@" }'
        zpty -w inner 'complete-it () { print BEGIN; _main_complete >&1; print END; compstate[insert]=; compstate[list]=; zle -I }; zle -C it complete-word complete-it; bindkey "^X" it; print REA""DY'
        local line
        zpty -r inner line '*READY'$'\r\n''*'
        zpty -w -n inner "$1"$'\C-x'
        zpty -r inner line '*BEGIN*END*'
        print -r -- "$line"
        zpty -d inner
    "#;
    check("zsh", |home, typed| {
        let lines = run(home, &["zsh", "-f"], script, &[typed]);
        lines
            .lines()
            .filter_map(|line| line.trim_end().strip_prefix("HIT:").map(ToOwned::to_owned))
            .collect()
    });
}

#[test]
fn scripts_load_by_the_command() {
    let home = home();
    for (shell, load) in [
        (
            "bash",
            "eval \"$(apicall completions bash)\"; complete -p apicall",
        ),
        (
            "fish",
            "apicall completions fish | source; complete -c apicall",
        ),
        (
            "zsh",
            "autoload -U compinit; compinit -u -D; eval \"$(apicall completions zsh)\"; print $_comps[apicall]",
        ),
    ] {
        if is_installed(shell) {
            let told = run(&home, &[shell], load, &[]);
            assert!(told.contains("apicall"), "{shell}: {told:?}");
        }
    }
}
