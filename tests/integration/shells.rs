//! The completion scripts in the shells themselves, where they are installed.
//!
//! bash and fish can be asked for completions without a terminal. zsh completes only at one, so
//! it gets a pseudo-terminal of its own, from its module `zpty`.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::sandbox::Sandbox;
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
        .env(
            "PATH",
            format!(
                "{}:{}:{path}",
                home.path().join("bin").display(),
                folder.display()
            ),
        )
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
        &[
            "compact", "csv", "json", "ndjson", "raw", "table", "tsv", "yaml",
        ],
    ),
    ("apicall get -p la", &["lab-one", "lab-two"]),
    ("apicall whoami --profile lab-o", &["lab-one"]),
    ("apicall profile use ", &["lab-one", "lab-two"]),
    ("apicall logout lab-t", &["lab-two"]),
    ("apicall profile show lab-o", &["lab-one"]),
];

/// The same for what a server and its description know. `ID` and `HOST` stand for a machine's.
const SERVED: [(&str, &[&str]); 21] = [
    ("apicall get /mach", &["/machines/"]),
    ("apicall get machines/ --op list_al", &["list_allocated"]),
    (
        "apicall post /machines/x/ --op deploy distro_",
        &["distro_series="],
    ),
    ("apicall call post /machines/x/ --op dep", &["deploy"]),
    ("apicall get /machines/ID", &["/machines/ID/"]),
    ("apicall get /machines/@HOST", &["/machines/@HOST/"]),
    ("apicall get /machines/@HOST/ host", &[]),
    (
        "apicall post /machines/ --op release machines=@@HOST",
        &["machines=@@HOST"],
    ),
    ("apicall wait @HOST", &["@HOST"]),
    ("apicall events @HOST", &["@HOST"]),
    (
        "apicall maas ",
        &["lab", "list", "login", "logout", "refresh"],
    ),
    ("apicall maas logout ", &["lab"]),
    ("apicall maas lab machi", &["machine", "machines"]),
    ("apicall maas lab machines list-a", &["list-allocated"]),
    ("apicall maas lab machine deploy ID", &["ID"]),
    (
        "apicall maas lab machine deploy x distro_",
        &["distro_series="],
    ),
    ("maas ", &["lab", "list", "login", "logout", "refresh"]),
    ("maas lab machi", &["machine", "machines"]),
    ("maas lab machines list-a", &["list-allocated"]),
    ("maas lab machine deploy ID", &["ID"]),
    ("maas lab machine deploy x distro_", &["distro_series="]),
];

/// A machine of a sandbox: its id and host name.
fn machine(home: &Home) -> (String, String) {
    let machines = home.run(&["get", "/machines/"]).ok().json();
    let text = |member: &str| machines[0][member].as_str().unwrap().to_owned();
    (text("system_id"), text("hostname"))
}

/// Checks what a server knows.
fn check_served(shell: &str, offered: impl Fn(&Home, &str) -> Vec<String>) {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    std::fs::create_dir(home.path().join("bin")).unwrap();
    let link = home.path().join("bin/maas");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_apicall"), link).unwrap();
    let (id, host) = machine(&home);
    let filled = |text: &str| text.replace("ID", &id).replace("HOST", &host);
    for (typed, want) in SERVED {
        let mut found = offered(&home, &filled(typed));
        found.sort();
        found.dedup();
        found.retain(|f| !f.starts_with('-'));
        let want: Vec<String> = want.iter().map(|w| filled(w)).collect();
        if want.is_empty() {
            assert!(
                !found.contains(&"hostname=".to_owned()),
                "{shell}: {typed:?}"
            );
        } else {
            assert_eq!(found, want, "{shell}: {typed:?}");
        }
    }
}

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
        function=$(complete -p "${COMP_WORDS[0]}")
        function=${function#*-F }
        compopt() { :; }
        "${function%% *}" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let offered = |home: &Home, typed: &str| {
        let lines = run(home, &["bash", "--norc", "--noprofile"], script, &[typed]);
        lines.lines().map(ToOwned::to_owned).collect()
    };
    check("bash", offered);
    check_served("bash", offered);
}

/// Readline splits a line at `=`, `:` and `@`, too, and puts the response behind the last of them.
#[test]
fn bash_completes_behind_its_own_word_breaks() {
    if !is_installed("bash") {
        return;
    }
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let (id, host) = machine(&home);
    let start = &host[..host.len() - 1];
    for (typed, want) in [
        (format!("apicall get /machines/@{start}"), None),
        (
            format!("apicall get /machines/{id}"),
            Some(format!("apicall get /machines/{id}/")),
        ),
        (
            format!("apicall get /machines/@{host}"),
            Some(format!("apicall get /machines/@{host}/")),
        ),
        (
            "apicall post /machines/x/ --op=depl".into(),
            Some("apicall post /machines/x/ --op=deploy ".into()),
        ),
        (
            "apicall post /machines/x/ --op deploy distro_s".into(),
            Some("apicall post /machines/x/ --op deploy distro_series=".into()),
        ),
        (
            "apicall get '/mach".into(),
            Some("apicall get '/machines/'".into()),
        ),
        (
            "apicall get -p la".into(),
            Some("apicall get -p lab ".into()),
        ),
        (
            "apicall get --profile=la".into(),
            Some("apicall get --profile=lab ".into()),
        ),
    ] {
        let line = completed_by_readline(&home, &typed);
        match want {
            Some(want) => assert_eq!(line, want, "{typed:?}"),
            None => assert!(line.starts_with(&typed), "{typed:?}: {line:?}"),
        }
    }
}

/// The line as it stands after the Tab key.
fn completed_by_readline(home: &Home, typed: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_apicall")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("bash");
    command
        .args(["--norc", "--noprofile", "-i"])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{}:{path}", folder.display()))
        .env(
            "SCRIPTS",
            concat!(env!("CARGO_MANIFEST_DIR"), "/completions"),
        )
        .env("TERM", "dumb")
        .env("PS1", "$ ")
        .env("COLUMNS", "200")
        .current_dir(home.path());
    let mut bash = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    let script = r#". "$SCRIPTS/apicall.bash"; bind -x '"\C-t": printf "LINE<%s>\n" "$READLINE_LINE"'; echo REA""DY"#;
    bash.send_line(script).unwrap();
    bash.exp_regex("READY\r?\n").unwrap();
    bash.send(&format!("{typed}\t\u{14}")).unwrap();
    bash.flush().unwrap();
    let (_, found) = bash.exp_regex("LINE<[^>]*>").unwrap();
    // An interactive bash does not mind being terminated.
    bash.send("\u{15}exit\n").unwrap();
    bash.flush().unwrap();
    bash.exp_eof().unwrap();
    found["LINE<".len()..found.len() - 1].to_owned()
}

#[test]
fn fish_completes() {
    if !is_installed("fish") {
        return;
    }
    // `fish -c` takes no words after the script; the line comes as its text.
    let offered = |home: &Home, typed: &str| {
        let script = format!("source $SCRIPTS/apicall.fish; complete -C '{typed}'");
        let lines = run(home, &["fish", "--no-config"], &script, &[]);
        lines
            .lines()
            .map(|line| line.split('\t').next().unwrap().to_owned())
            .collect()
    };
    check("fish", offered);
    check_served("fish", offered);
}

#[test]
fn zsh_completes() {
    if !is_installed("zsh") {
        return;
    }
    // READY is put together, so that the echo of its own line is not taken for it.
    // `list-choices` prints what would be offered; the inner zsh is set to print it plainly.
    let script = r#"
        zmodload zsh/zpty
        zpty inner zsh -f -i
        zpty -w inner 'PROMPT=; unsetopt beep; stty -echo; stty columns 200 rows 200'
        zpty -w inner 'fpath=($SCRIPTS $fpath); autoload -U compinit; compinit -u -D; compdef _apicall maas; setopt list_rows_first'
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
    let offered = |home: &Home, typed: &str| {
        let lines = run(home, &["zsh", "-f"], script, &[typed]);
        lines
            .lines()
            .filter_map(|line| line.trim_end().strip_prefix("HIT:").map(ToOwned::to_owned))
            .collect()
    };
    check("zsh", offered);
    check_served("zsh", offered);
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
            let reported = run(&home, &[shell], load, &[]);
            assert!(reported.contains("apicall"), "{shell}: {reported:?}");
        }
    }
}
