//! CONTRACT: a key is typed with echo off before the prompt shows; Ctrl-C ends a question and its
//! line with 130, Ctrl-Z suspends it, each with the terminal as it was; `[y/N]` shows what would be
//! sent. Every question of the program, in a shell with jobs.

use std::fs::File;
use std::time::{Duration, Instant};

use rexpect::ReadUntil;
use rexpect::session::{PtySession, spawn_command};
use rustix::termios::{LocalModes, Termios, tcgetattr};

use crate::sandbox::{Identity, Sandbox, Subject, Tls};
use crate::support::Home;

/// A question: where it is asked, the words that bring it about, how it ends, and whether what is
/// typed shows.
struct Row {
    source: &'static str,
    line: String,
    question: String,
    hides: bool,
}

fn hidden(source: &'static str, line: &str, question: &str) -> Row {
    Row {
        source,
        line: line.to_owned(),
        question: question.to_owned(),
        hides: true,
    }
}

fn shown(source: &'static str, line: &str, question: &str) -> Row {
    Row {
        hides: false,
        ..hidden(source, line, &format!("{question}? [y/N] "))
    }
}

fn rows(maas: &str, tls: &str) -> Vec<Row> {
    let tags = "POST /MAAS/api/2.0/tags/ with name=x";
    let release = "batch post '/machines/{}/' --op release force=true --from";
    vec![
        hidden(
            "commands/login/key.rs",
            &format!("login {maas} -p new"),
            &format!("Key for {maas}: "),
        ),
        hidden(
            "commands/profile/set.rs",
            "profile set lab headers.X-A",
            "Value of headers.X-A: ",
        ),
        hidden(
            "dropin/maas/account.rs",
            &format!("maas login new {maas}"),
            "API key (leave empty for anonymous access): ",
        ),
        shown(
            "commands/login.rs",
            &format!("login {maas} -p lab"),
            &format!("profile `lab` of {maas} already exists. Replace it"),
        ),
        shown(
            "commands/login/trust.rs",
            &format!("login {tls} -p new"),
            "from now on",
        ),
        shown(
            "commands/gate.rs",
            "delete /tags/gpu/",
            "lab is protected. DELETE /MAAS/api/2.0/tags/gpu/",
        ),
        shown(
            "commands/gate.rs",
            "post /tags/ name=x password=hunter2",
            &format!("lab is protected. {tags}&password=***"),
        ),
        shown(
            "commands/gate.rs",
            "maas lab tags create name=x password=hunter2",
            &format!("lab is protected. {tags} password=***"),
        ),
        shown(
            "commands/gate.rs",
            "upload-image image.tgz name=custom/x architecture=amd64/generic",
            "name=custom%2Fx&architecture=amd64%2Fgeneric&size=1&sha256=2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        ),
        shown(
            "commands/gate.rs",
            "query -p play 'INSERT {a: 1} INTO x'",
            r#"POST /_fabric/_system/_api/cursor with {"query":"INSERT {a: 1} INTO x","batchSize":1000,"ttl":300}"#,
        ),
        shown(
            "commands/gate.rs",
            "import x docs.ndjson -p play",
            "POST /_fabric/_system/_api/import/x with the documents of `docs.ndjson`",
        ),
        shown(
            "commands/fanout/who.rs",
            "post /tags/ name=x -p 'lab*' --all",
            &format!("lab, lab2 are protected. {tags}, to lab, lab2"),
        ),
        shown(
            "commands/fanout/who.rs",
            "query -p 'pla*' --all 'REMOVE \"1\" IN x'",
            r#"with {"query":"REMOVE \"1\" IN x","batchSize":1000,"ttl":300}, to play"#,
        ),
        shown(
            "commands/batch.rs",
            &format!("{release} rows.txt"),
            "  POST /MAAS/api/2.0/machines/a/?op=release with force=true\r\n  POST /MAAS/api/2.0/machines/b/?op=release with force=true\r\nlab is protected. Make 2 calls",
        ),
        shown(
            "commands/batch.rs",
            &format!("{release} - --from-format lines < rows.txt"),
            "lab is protected. Make 2 calls",
        ),
    ]
}

/// A shell with jobs, which gives the terminal back as it gets it.
struct Shell {
    session: PtySession,
    terminal: File,
    before: Termios,
}

const READY: &str = "READY> ";

impl Shell {
    fn start(home: &Home) -> Self {
        let apicall = home.command(&[""; 0]);
        let mut shell = std::process::Command::new("sh");
        let path = std::env::var_os("PATH").unwrap();
        let own = apicall.get_envs().filter_map(|(k, v)| Some((k, v?)));
        shell.args(["-i", "-m"]).env_clear().envs(own);
        shell
            .env("PATH", path)
            .env("APICALL", apicall.get_program());
        shell.env("PS1", READY).env("TERM", "xterm-256color");
        shell.current_dir(home.path());
        let mut session = spawn_command(shell, Some(30_000)).unwrap();
        session.exp_string(READY).unwrap();
        // A shell that edits lines itself would set the terminal, too.
        let plain = "set +o emacs +o vi; stty sane; echo pl''ain";
        session.send_line(plain).unwrap();
        session.exp_string("plain\r\n").unwrap();
        session.exp_string(READY).unwrap();
        let terminal = session.process().get_file_handle().unwrap();
        let before = tcgetattr(&terminal).unwrap();
        assert!(before.local_modes.contains(LocalModes::ECHO));
        Self {
            session,
            terminal,
            before,
        }
    }

    fn echoes(&self) -> bool {
        let state = tcgetattr(&self.terminal).unwrap();
        state.local_modes.contains(LocalModes::ECHO)
    }

    #[track_caller]
    fn assert_as_before(&self, line: &str) {
        let now = tcgetattr(&self.terminal).unwrap();
        assert_eq!(now.local_modes, self.before.local_modes, "{line}");
        assert_eq!(now.input_modes, self.before.input_modes, "{line}");
        let (now, before) = (format!("{now:?}"), format!("{:?}", self.before));
        assert_eq!(now, before, "{line}");
    }

    fn run(&mut self, line: &str) {
        self.session.send_line(&format!("$APICALL {line}")).unwrap();
    }

    /// What shows up to a text.
    #[track_caller]
    fn wait_for(&mut self, text: &str, line: &str) -> String {
        let found = self.session.exp_string(text);
        found.unwrap_or_else(|e| panic!("{line}: {text:?}: {e}"))
    }

    /// What the last line ended with.
    fn code(&mut self) -> i32 {
        self.session.send_line("echo =$?=").unwrap();
        let (_, code) = self.session.exp_regex("=[0-9]+=").unwrap();
        self.session.exp_string(READY).unwrap();
        code.trim_matches('=').parse().unwrap()
    }
}

fn home(sandbox: &Sandbox) -> Home {
    let home = Home::with_profiles(sandbox);
    let (lab, more) = home
        .config()
        .split_once("[profiles.play]")
        .map(|(lab, play)| (lab.to_owned(), play.to_owned()))
        .unwrap();
    let lab = lab.replace("service =", "protected = true\nservice =");
    let again = lab
        .replace("default = \"lab\"", "")
        .replace("s.lab]", "s.lab2]");
    let play = more.replace("service =", "protected = true\nservice =");
    home.write_config(&format!("{lab}{again}[profiles.play]{play}"));
    home.file("image.tgz", "x");
    home.file("docs.ndjson", "{\"a\":1}\n");
    home.file("rows.txt", "a\nb\n");
    home
}

#[test]
fn every_question_leaves_the_terminal_as_it_was() {
    let sandbox = Sandbox::start().may_stay_silent();
    let identity = Identity::self_signed(&Subject::new("maas", &["maas.example"]));
    let unknown = Sandbox::start_tls(Tls::new(identity)).may_stay_silent();
    let home = home(&sandbox);
    let mut shell = Shell::start(&home);
    for row in rows(&sandbox.maas_url(), &unknown.maas_url()) {
        let line = &row.line;
        // Ctrl-Z, `fg`, Ctrl-C.
        shell.run(line);
        shell.wait_for(&row.question, line);
        assert_eq!(shell.echoes(), !row.hides, "{line}: at the prompt");
        shell.session.send_control('z').unwrap();
        shell.wait_for(READY, line);
        shell.assert_as_before(line);
        shell.session.send_line("fg").unwrap();
        let last = row.question.rsplit('\n').next().unwrap();
        shell.wait_for(last, line);
        assert_eq!(shell.echoes(), !row.hides, "{line}: resumed");
        shell.session.send_control('c').unwrap();
        let rest = shell.wait_for(READY, line);
        // The kernel writes `^C` where it shows what is typed.
        let rest = rest.strip_prefix("^C").unwrap_or(&rest);
        assert_eq!(rest, "\r\n", "{line}");
        shell.assert_as_before(line);
        assert_eq!(shell.code(), 130, "{line}");
        // Ctrl-D is no answer.
        shell.run(line);
        shell.wait_for(&row.question, line);
        shell.session.send_control('d').unwrap();
        let rest = shell.wait_for(READY, line);
        assert!(rest.starts_with("\r\napicall: "), "{line}: {rest:?}");
        shell.assert_as_before(line);
        assert!([2, 8, 9].contains(&shell.code()), "{line}");
        // Who pastes as soon as the question shows sees nothing of it.
        if row.hides {
            shell.run(line);
            shell.wait_for(&row.question, line);
            shell.session.send_line("pasted-at-once").unwrap();
            let rest = shell.wait_for("\r\n", line);
            assert_eq!(rest, "", "{line}");
            // A key may be asked for again.
            let either = [READY, &row.question].map(|text| ReadUntil::String(text.to_owned()));
            let (rest, found) = shell.session.exp_any(either.into()).unwrap();
            assert!(!rest.contains("pasted"), "{line}: {rest}");
            if found != READY {
                shell.session.send_control('c').unwrap();
                shell.wait_for(READY, line);
            }
            shell.assert_as_before(line);
        }
    }
    for server in [&sandbox, &unknown] {
        let changes = |r: &crate::sandbox::Recorded| !matches!(&*r.method, "GET" | "HEAD");
        assert!(!server.requests().iter().any(changes), "nothing was sent");
    }
    shell.session.send_line("exit").unwrap();
    shell.session.exp_eof().unwrap();
}

/// The table above has every place that asks.
#[test]
fn no_question_is_left_out() {
    let mut asking = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    ))];
    let root = folders[0].clone();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text: String = text.split_whitespace().collect();
            let asks = ["ask_secret(", "confirm(", "confirm_at_terminal("];
            if asks.iter().any(|ask| text.contains(&format!("ui.{ask}"))) {
                let name = path.strip_prefix(&root).unwrap();
                asking.push(name.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    asking.sort();
    let rows = rows("", "");
    let mut tested: Vec<&str> = rows.iter().map(|row| row.source).collect();
    tested.sort_unstable();
    tested.dedup();
    assert_eq!(asking, tested);
}

/// A key is longer than a line of a terminal's own may be.
#[test]
fn a_long_key_is_typed_with_corrections() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = home(&sandbox);
    let mut shell = Shell::start(&home);
    let long = "k".repeat(6000);
    shell.run("profile set lab headers.X-A");
    shell.wait_for("Value of headers.X-A: ", "");
    for part in ["wrong\u{15}", &long[..3000], &long[3000..], "x\u{7f}\n"] {
        shell.session.send(part).unwrap();
        shell.session.flush().unwrap();
    }
    let rest = shell.wait_for(READY, "");
    assert!(rest.contains("profile `lab` changed"), "{rest}");
    assert!(home.config().contains(&format!("\"{long}\"")));
    let end = Instant::now() + Duration::from_secs(5);
    while !shell.echoes() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(10));
    }
    shell.assert_as_before("");
    shell.session.send_line("exit").unwrap();
    shell.session.exp_eof().unwrap();
}
