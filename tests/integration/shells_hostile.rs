//! Nothing that others named is run by the Tab key, nor by Enter behind it: descriptions, lists,
//! profiles and files full of what shells run, in bash, zsh and fish at a terminal.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::{Value, json};

use crate::sandbox::{Fault, Sandbox};
use crate::support::{Home, is_installed};

/// What makes a file of the name `RAN` where a shell sees more in it than a word.
const SPELLS: [&str; 13] = [
    ";touch${IFS}RAN;#",
    "$(touch${IFS}RAN)",
    "`touch${IFS}RAN`",
    "';touch${IFS}RAN;'",
    "\";touch${IFS}RAN;\"",
    "|touch${IFS}RAN;#",
    "&touch${IFS}RAN;#",
    "<(touch${IFS}RAN)",
    "(touch RAN)",
    ";touch RAN;#",
    "\ntouch RAN\n",
    "$'\\n'touch RAN;",
    "\u{1b}[201~;touch RAN;#",
];

/// A name that begins with `zz` and the number of its spell.
fn names() -> impl Iterator<Item = String> {
    ('a'..)
        .zip(SPELLS)
        .map(|(letter, spell)| format!("zz{letter}{spell}"))
        .chain([HARMLESS.to_owned()])
}

/// One that is offered.
const HARMLESS: &str = "zzok";

/// A description whose segments, operations and parameters have the names.
fn description() -> String {
    let mut actions = Vec::new();
    let mut resources = Vec::new();
    for name in names() {
        let doc = format!(
            "A title %F{{red}}\u{1b}]0;x\u{7}\n\n:param {name}: Required.  Text $(touch RAN).\n:type {name}: String\n"
        );
        actions.push(json!({"name": name, "op": name, "method": "POST", "doc": doc}));
        resources.push(json!({"name": "OtherHandler", "anon": null, "auth": {
            "name": "OtherHandler", "path": format!("/MAAS/api/2.0/{name}/"), "params": [],
            "actions": [{"name": "read", "op": null, "method": "GET", "doc": doc}],
        }}));
    }
    let all: String = names().fold(String::new(), |mut doc, name| {
        let _ = write!(doc, ":param {name}: Text.\n:type {name}: String\n");
        doc
    });
    let list = json!({"name": "read", "op": null, "method": "GET", "doc": "List"});
    let update =
        json!({"name": "update", "op": null, "method": "PUT", "doc": format!("Title\n\n{all}")});
    resources.push(json!({"name": "MachinesHandler", "anon": null, "auth": {
        "name": "MachinesHandler", "path": "/MAAS/api/2.0/machines/", "params": [], "actions": [list],
    }}));
    actions.push(update);
    actions.push(json!({"name": "read", "op": null, "method": "GET", "doc": "Read"}));
    resources.push(json!({"name": "MachineHandler", "anon": null, "auth": {
        "name": "MachineHandler", "path": "/MAAS/api/2.0/machines/{system_id}/",
        "params": ["system_id"], "actions": actions,
    }}));
    json!({"doc": "MAAS API", "hash": "0", "resources": resources}).to_string()
}

/// A sandbox and a home where everything has the names.
fn hostile() -> (Sandbox, Home) {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let mut config = home.config();
    for name in names() {
        let _ = write!(
            config,
            "\n[profiles.{}]\nservice = \"maas\"\nurl = \"{}\"\n",
            json!(name).to_string().replace("\\u001b", "\\u001B"),
            sandbox.maas_url()
        );
        // `/` is the one letter that no file can have.
        std::fs::write(home.path().join(format!("f{name}")), "").unwrap();
    }
    home.write_config(&config);
    let always = |path: &str, body: String| {
        let fault = Fault::body(200, "application/json", body);
        sandbox.fault(fault.method("GET").path(path).always());
    };
    always("/MAAS/api/2.0/describe", description());
    let machines: Vec<Value> = names()
        .map(|name| json!({"system_id": name, "hostname": format!("h{name}"), "fqdn": "%F{red}\u{202e}$(touch RAN)`touch RAN`"}))
        .collect();
    always("/MAAS/api/2.0/machines/", json!(machines).to_string());
    let fabrics: Vec<String> = names().collect();
    always(
        "/_fabric/_system/_api/database/user",
        json!({"result": fabrics}).to_string(),
    );
    let collections: Vec<Value> = names().map(|name| json!({"name": name})).collect();
    always(
        "/_fabric/_system/_api/collection",
        json!({"result": collections}).to_string(),
    );
    (sandbox, home)
}

/// What is typed before the start of a name.
const LINES: [&str; 13] = [
    "apicall get /",
    "apicall get ",
    "apicall post /machines/x/ --op ",
    "apicall post /machines/x/ --op=",
    "apicall put /machines/x/ ",
    "apicall get /machines/",
    "apicall get /machines/@h",
    "apicall get /machines/ -p ",
    "apicall profile show ",
    "apicall maas ",
    "apicall get -p play collection --fabric ",
    "apicall get -p play /_fabric/_system/_api/collection/",
    "apicall get /machines/ --download f",
];

/// An interactive shell with the completions loaded, in the home.
fn shell(home: &Home, shell: &[&str], load: &str) -> rexpect::session::PtySession {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_apicall")).parent();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(shell[0]);
    command
        .args(&shell[1..])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{}:{path}", folder.unwrap().display()))
        .env(
            "SCRIPTS",
            concat!(env!("CARGO_MANIFEST_DIR"), "/completions"),
        )
        .env("TERM", "dumb")
        .env("PS1", "$ ")
        .env("COLUMNS", "200")
        .current_dir(home.path());
    let mut session = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
    session
        .send_line(&format!("{load}; echo REA\"\"DY"))
        .unwrap();
    session.exp_regex("READY\r?\n").unwrap();
    session
}

fn nothing_runs(program: &[&str], load: &str) {
    if !is_installed(program[0]) {
        return;
    }
    let (sandbox, home) = hostile();
    let mut session = shell(&home, program, load);
    let mut number = 0;
    for (place, before) in LINES.iter().enumerate() {
        // A third of the spells in each place, all of them in every third: a shell takes its time.
        let some = names()
            .enumerate()
            .filter(|(n, name)| name == HARMLESS || (n + place) % 3 == 0);
        for (_, name) in some {
            // As much of it as distinguishes it from the others.
            let line = format!("{before}{}", &name[..3]);
            session.send(&format!("{line}\t\n")).unwrap();
            number += 1;
            session
                .send_line(&format!("echo SY\"\"NC{number}"))
                .unwrap();
            session.exp_regex(&format!("SYNC{number}\r?\n")).unwrap();
            assert!(
                !home.path().join("RAN").exists(),
                "{program:?}: {line:?} ran for {name:?}"
            );
        }
    }
    session.send_line("exit").unwrap();
    session.flush().unwrap();
    // The names were seen, and the harmless one of each kind was put into the line.
    let targets: Vec<String> = sandbox
        .requests()
        .iter()
        .map(|r| r.target.clone())
        .collect();
    for want in [
        "/MAAS/api/2.0/describe/",
        "/MAAS/api/2.0/zzok/",
        "/MAAS/api/2.0/machines/x/?op=zzok",
        "/MAAS/api/2.0/machines/zzok/",
        "/_fabric/zzok/_api/collection",
        "/_fabric/_system/_api/collection/zzok",
    ] {
        assert!(
            targets.iter().any(|t| t == want),
            "{program:?}: {want}: {targets:#?}"
        );
    }
}

#[test]
fn bash_runs_nothing() {
    nothing_runs(
        &["bash", "--norc", "--noprofile", "-i"],
        ". \"$SCRIPTS/apicall.bash\"",
    );
}

/// Within quotes a name could end them.
#[test]
fn bash_keeps_quotes_closed() {
    if !is_installed("bash") {
        return;
    }
    let (_sandbox, home) = hostile();
    let mut session = shell(
        &home,
        &["bash", "--norc", "--noprofile", "-i"],
        r#". "$SCRIPTS/apicall.bash"; bind -x '"\C-t": printf "LINE<%s>\n" "$READLINE_LINE"'"#,
    );
    for before in LINES {
        for name in names() {
            for quote in ["'", "\""] {
                let line = format!("{before}{quote}{}", &name[..3]);
                session.send(&format!("{line}\t\u{14}")).unwrap();
                session.flush().unwrap();
                let (_, found) = session.exp_regex("LINE<[^>]*>").unwrap();
                session.send("\u{15}").unwrap();
                assert!(
                    name == HARMLESS
                        || before.contains("--download")
                        || found == format!("LINE<{line}>"),
                    "{line:?} became {found:?}"
                );
            }
        }
    }
    session.send_line("exit").unwrap();
    session.flush().unwrap();
}

#[test]
fn zsh_runs_nothing() {
    nothing_runs(
        &["zsh", "-f", "-i"],
        "fpath=($SCRIPTS $fpath); autoload -U compinit; compinit -u -D; unsetopt beep",
    );
}

#[test]
fn fish_runs_nothing() {
    nothing_runs(
        &["fish", "--no-config", "-i"],
        "source $SCRIPTS/apicall.fish",
    );
}
