//! At a terminal: prompts, color, and text that must not drive it. A pseudo-terminal stands in
//! for the person's.

use rexpect::session::{PtySession, spawn_command};

use crate::sandbox::{Fault, Identity, Options, Sandbox, Subject, Tls};
use crate::support::Home;

const SOON: Option<u64> = Some(10_000);

fn spawn(home: &Home, args: &[&str]) -> PtySession {
    let mut command = home.command(args);
    command.env("TERM", "xterm-256color");
    spawn_command(command, SOON).unwrap()
}

/// Everything up to the end, and the exit code.
fn end(mut session: PtySession) -> (String, i32) {
    let rest = session.exp_eof().unwrap();
    // The type of the status is another crate's and not handed on; its `Exited(Pid(1), 0)` is.
    let status = format!("{:?}", session.process().wait().unwrap());
    let code = status
        .strip_prefix("Exited(")
        .and_then(|s| s.trim_end_matches(')').rsplit(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("{status}: {rest}"));
    (rest, code)
}

#[test]
fn login_asks_for_the_key_without_showing_it() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let url = sandbox.maas_url();
    let mut session = spawn(&home, &["login", &url, "-p", "lab"]);
    session.exp_string(&format!("MAAS 3.8.0 at {url}")).unwrap();
    session.exp_string("maas apikey").unwrap();
    session.exp_string(&format!("Key for {url}: ")).unwrap();
    session.send_line(sandbox.maas_key()).unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 0, "{rest}");
    assert!(
        rest.contains("profile `lab` stored: signed in as `admin`"),
        "{rest}"
    );
    for part in sandbox.maas_key().split(':') {
        assert!(!rest.contains(part), "{rest}");
    }
    assert!(home.config().contains(sandbox.maas_key()));
}

#[test]
fn three_tries() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let url = sandbox.maas_url();
    let wrong = format!("{}x", sandbox.maas_key());
    let mut session = spawn(&home, &["login", &url]);
    for response in ["nonsense", &wrong] {
        session.exp_string("Key for").unwrap();
        session.send_line(response).unwrap();
        session.exp_string("apicall: ").unwrap();
        session.exp_string("hint: ").unwrap();
    }
    session.exp_string("Key for").unwrap();
    session.send_line(sandbox.maas_key()).unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 0, "{rest}");

    let home = Home::empty();
    let mut session = spawn(&home, &["login", &url]);
    for _ in 0..3 {
        session.exp_string("Key for").unwrap();
        session.send_line(&wrong).unwrap();
    }
    let (rest, code) = end(session);
    assert_eq!(code, 9, "{rest}");
    assert!(!home.config_path().exists());
}

#[test]
fn ctrl_c_and_ctrl_d_leave_nothing() {
    let sandbox = Sandbox::start();
    let url = sandbox.maas_url();
    for (key, want) in [('c', 130), ('d', 9)] {
        let home = Home::empty();
        let mut session = spawn(&home, &["login", &url]);
        session.exp_string("Key for").unwrap();
        session.send_control(key).unwrap();
        let (rest, code) = end(session);
        assert_eq!(code, want, "ctrl-{key}: {rest}");
        assert!(!home.config_path().exists());
    }
}

#[test]
fn an_unknown_certificate_can_be_pinned() {
    let identity = Identity::self_signed(&Subject::new("maas", &["maas.example"]));
    let sandbox = Sandbox::start_tls(Tls::new(identity));
    let url = sandbox.maas_url();
    let home = Home::empty();
    let mut session = spawn(&home, &["login", &url, "-p", "lab"]);
    session.exp_string("`CN=maas`, self-signed").unwrap();
    session.exp_string("sha256//").unwrap();
    session.exp_string("[y/N]").unwrap();
    session.send_line("n").unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 8, "{rest}");
    assert!(!home.config_path().exists());

    let mut session = spawn(&home, &["login", &url, "-p", "lab"]);
    session.exp_string("[y/N]").unwrap();
    session.send_line("y").unwrap();
    session.exp_string("Key for").unwrap();
    session.send_line(sandbox.maas_key()).unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 0, "{rest}");
    assert!(
        home.config().contains("pin = \"sha256//"),
        "{}",
        home.config()
    );
    // Only probes came unsigned, and the pinned profile works.
    home.run(&["get", "/users/", "--op", "whoami"]).ok();
    // Scripts are not asked.
    let ended = home
        .run(&["login", &url, "-p", "other"])
        .fails(8, "self-signed");
    assert!(ended.stderr.contains("--pin sha256//"), "{ended:?}");
}

#[test]
fn a_profile_is_replaced_after_a_question() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let url = sandbox.maas_url();
    let before = home.config();
    let mut session = spawn(&home, &["login", &url, "-p", "lab"]);
    session.exp_string("Replace it? [y/N]").unwrap();
    session.send_line("").unwrap();
    let (rest, code) = end(session);
    assert_eq!(code, 2, "{rest}");
    assert_eq!(home.config(), before);
}

#[test]
fn a_protected_profile_asks_before_a_change() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.write_config(
        &home
            .config()
            .replacen("service =", "protected = true\nservice =", 1),
    );
    for (response, code) in [("n", 2), ("y", 0)] {
        let mut session = spawn(&home, &["delete", "/tags/gpu/"]);
        session.exp_string("lab is protected. DELETE").unwrap();
        session.exp_string("[y/N]").unwrap();
        session.send_line(response).unwrap();
        assert_eq!(end(session).1, code);
    }
    assert_eq!(sandbox.requests().len(), 1);
    home.run(&["delete", "/tags/ssd/"]).fails(2, "protected");
    home.run(&["delete", "/tags/ssd/", "--yes"]).ok();
    home.run(&["get", "/tags/"]).ok();
}

#[test]
fn color_is_for_terminals() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let call = ["get", "/users/", "--op", "whoami"];
    let (text, code) = end(spawn(&home, &call));
    assert_eq!(code, 0);
    assert!(text.contains("\x1b["), "{text:?}");
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut command = home.command(&call);
        command.env("TERM", "xterm").env(name, value);
        let (text, _) = end(spawn_command(command, SOON).unwrap());
        assert!(!text.contains("\x1b["), "{name}: {text:?}");
    }
    let (text, _) = end(spawn(
        &home,
        &["--color", "never", "get", "/users/", "--op", "whoami"],
    ));
    assert!(!text.contains("\x1b["), "{text:?}");
    let ended = home
        .run(&["get", "/users/", "--op", "whoami", "--color", "always"])
        .ok();
    assert!(ended.stdout().contains("\x1b["));
    let ended = home.run(&call).ok();
    assert!(!ended.stdout().contains("\x1b["));
}

#[test]
fn a_server_can_not_drive_the_terminal() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let evil = "a\x1b]0;title\x07\x1b[2Jb\u{9b}31mc\u{202e}d";
    let json = "{\"x\": \"\u{9b}31m\u{7f}\u{202e}\"}";
    for (content_type, body, status) in [
        ("text/plain", evil, 200),
        ("application/json", json, 200),
        ("application/json", "{\"x\": \"\x1b[31m\"}", 200),
        ("text/plain", evil, 400),
        ("application/json", "{\"error\": \"\\u001b[31m\"}", 400),
    ] {
        sandbox.fault(Fault::body(status, content_type, body));
        let (text, _) = end(spawn(&home, &["--color", "never", "get", "/x/", "-i"]));
        for forbidden in ['\x1b', '\x07', '\u{9b}', '\u{7f}', '\u{202e}'] {
            assert!(!text.contains(forbidden), "{forbidden:?} in {text:?}");
        }
    }
    sandbox.fault(Fault::body(
        200,
        "application/octet-stream",
        b"\x00\x01\x02ELF".to_vec(),
    ));
    let (text, code) = end(spawn(&home, &["get", "/x/"]));
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("binary") && text.contains("-o raw"), "{text}");
    sandbox.fault(Fault::body(
        200,
        "application/octet-stream",
        b"\x1b[1mx".to_vec(),
    ));
    let (text, code) = end(spawn(&home, &["get", "/x/", "-o", "raw"]));
    assert_eq!((text.as_str(), code), ("\x1b[1mx", 0));
}

#[test]
fn a_table_fits_and_says_what_it_left_out() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (columns, has, left_out) in [
        (
            40,
            vec!["SYSTEM_ID", "HOSTNAME", "STATUS"],
            vec!["CPUS", "OWNER"],
        ),
        (
            80,
            vec![
                "SYSTEM_ID",
                "HOSTNAME",
                "STATUS",
                "IP_ADDRESSES",
                "10.20.0.17 ",
            ],
            vec!["CPUS", "MEMORY"],
        ),
        (200, vec!["CPUS", "TAGS", "ssd,gpu", "FQDN"], vec![]),
    ] {
        let mut command = home.command(&["get", "/machines/", "-o", "table", "--color", "never"]);
        command
            .env("TERM", "xterm")
            .env("COLUMNS", columns.to_string());
        let (text, code) = end(spawn_command(command, SOON).unwrap());
        assert_eq!(code, 0, "{text}");
        let (table, notes): (Vec<_>, Vec<_>) = text
            .lines()
            .partition(|line| !line.starts_with("apicall: "));
        for line in &table {
            assert!(line.chars().count() <= columns, "{columns}: {text}");
        }
        for word in has {
            assert!(
                table.join("\n").contains(word),
                "{word} at {columns}: {text}"
            );
        }
        assert_eq!(notes.len(), usize::from(!left_out.is_empty()), "{text}");
        for name in left_out {
            assert!(notes[0].contains(name), "{name} at {columns}: {text}");
            assert!(!table[0].contains(name), "{name} at {columns}: {text}");
        }
    }
    // The time of an event is whole.
    let sandbox = Sandbox::with(Options {
        maas_events: 3,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    let mut command = home.command(&["events", "-o", "table", "--max-items", "1"]);
    command.env("TERM", "dumb").env("COLUMNS", "80");
    let (text, code) = end(spawn_command(command, SOON).unwrap());
    assert_eq!(code, 0, "{text}");
    let row = text.lines().nth(1).unwrap();
    let is_whole = row.split("  ").any(|cell| {
        let cell = cell.trim();
        cell.matches(':').count() == 2 && !cell.ends_with('…')
    });
    assert!(is_whole, "{text}");
}

#[test]
fn text_is_decoded_for_a_person() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (label, bytes) in [
        ("text/plain; charset=iso-8859-1", &b"Gr\xfc\xdfe\n"[..]),
        ("text/plain; charset=utf-16le", b"G\0r\0\xfc\0\xdf\0e\0"),
        ("text/plain", "Grüße\n".as_bytes()),
    ] {
        sandbox.fault(Fault::body(200, label, bytes));
        let (text, code) = end(spawn(&home, &["get", "/x/"]));
        // Each byte of the terminal's is a character here.
        let bytes_of: Vec<u8> = text.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        let text = String::from_utf8(bytes_of).unwrap();
        assert_eq!((text.trim_end(), code), ("Grüße", 0), "{label}");
        sandbox.fault(Fault::body(200, label, bytes));
        assert_eq!(home.run(&["get", "/x/"]).ok().stdout, bytes, "{label}");
    }
}

#[test]
fn a_signal_from_elsewhere_ends_a_prompt() {
    use rustix::process::{Pid, Signal, kill_process};
    let sandbox = Sandbox::start();
    let url = sandbox.maas_url();
    for (signal, want) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let home = Home::empty();
        let mut session = spawn(&home, &["login", &url]);
        session.exp_string("Key for").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(100));
        // The session does not name the process; it is the one in this home.
        let pid = pid_in(home.path());
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
        assert_eq!(end(session).1, want);
        assert!(!home.config_path().exists());
    }
}

/// The process that was started in a folder.
fn pid_in(folder: &std::path::Path) -> i32 {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .find(|pid: &i32| {
            std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder)
        })
        .unwrap()
}

/// Tables in terminals of a real size, which no variable says.
#[test]
fn a_table_fits_a_real_terminal() {
    use unicode_width::UnicodeWidthStr as _;

    const JSON: &str = "application/json";
    let rows = r#"[
        {"name":"日本語テキスト長い名前","emoji":"👩‍👩‍👧‍👦🇩🇪👍🏽","accent":"e\u0301a\u0308","rtl":"שלום עולם",
         "text":"a rather long text that nobody needs to read to its end","ips":["10.20.30.40","fd00::17"],"no":1},
        {"name":"x","emoji":"y","accent":"z","rtl":"w","text":"l1\nl2\u001b[31m\u202e","ips":[],"no":12345}]"#;
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::body(200, JSON, rows).always());
    let table = |columns: usize, more: &str| {
        let apicall = env!("CARGO_BIN_EXE_apicall");
        let line =
            format!("stty cols {columns} rows 40; exec {apicall} get /x/ --color never {more}");
        let mut command = home.command(&["-V"]);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &line]).env_clear();
        for (name, value) in command.env("TERM", "xterm").get_envs() {
            if let Some(value) = value.filter(|_| name != "COLUMNS") {
                shell.env(name, value);
            }
        }
        shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let (text, code) = end(spawn_command(shell, SOON).unwrap());
        assert_eq!(code, 0, "{text}");
        // Each byte comes as a letter.
        let bytes = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let text = String::from_utf8(bytes).unwrap();
        let (rows, notes): (Vec<_>, Vec<_>) = text
            .lines()
            .map(str::to_owned)
            .partition(|line| !line.starts_with("apicall: "));
        for row in &rows {
            assert!(row.width() <= columns, "{columns}: {text}");
            assert!(!row.contains(['\u{1b}', '\u{202e}']), "{text}");
        }
        assert_eq!(rows.len(), 3, "{text}");
        (rows, notes)
    };
    let all = "-o table --columns name,emoji,accent,rtl,ips,no,text --sort no";
    let (rows, notes) = table(200, all);
    assert!(notes.is_empty(), "{notes:?}");
    assert!(rows[1].contains("10.20.30.40,fd00::17") && rows[1].contains("to its end"));
    assert!(rows[2].ends_with("l1\\nl2^[[31m\\u{202e}"), "{rows:?}");
    // Every column begins at the same place in each row, as wide as the letters are.
    let before = |row: &str, mark: &str| {
        let at = row.find(mark).unwrap_or_else(|| panic!("{mark} in {row}"));
        row[..at].width()
    };
    assert_eq!(before(&rows[0], "EMOJI"), before(&rows[1], "👩"));
    assert_eq!(before(&rows[0], "ACCENT"), before(&rows[1], "e\u{301}"));
    assert_eq!(before(&rows[0], "IPS"), before(&rows[1], "10.20.30.40"));
    assert_eq!(before(&rows[0], "TEXT"), before(&rows[2], "l1"));

    let (rows, notes) = table(80, all);
    assert!(notes.is_empty(), "asked for, all: {notes:?}");
    assert!(rows[1].contains("10.20.30.40,…"), "{rows:?}");
    let (rows, notes) = table(40, all);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(rows[1].contains('…'), "{rows:?}");
    let left_out = ["IPS", "NO", "TEXT", "RTL"];
    for name in left_out {
        let said = notes[0].contains(&format!(" {name}"));
        assert_ne!(rows[0].contains(name), said, "{name}: {rows:?} {notes:?}");
    }
    let (rows, _) = table(40, "-o table --columns name,ips");
    assert!(rows[1].contains("10.20.30.40"), "{rows:?}");
}
