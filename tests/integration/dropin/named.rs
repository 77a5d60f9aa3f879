//! Under the name `maas`, on a terminal, and beside another `maas`.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rexpect::session::spawn_command;

use crate::sandbox::{Fault, Response, Sandbox};
use crate::support::{Home, set_mode};

/// A folder with the program under the name `maas`.
fn bin(home: &Home) -> PathBuf {
    let folder = home.path().join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    symlink(env!("CARGO_BIN_EXE_apicall"), folder.join("maas")).unwrap();
    folder
}

fn sh(home: &Home, path: &str, line: &str) -> (String, i32) {
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {line}")])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", path)
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.code().unwrap())
}

#[test]
fn a_symlink_named_maas_is_maas() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let path = format!("{}:/usr/bin:/bin", bin(&home).display());
    let (text, code) = sh(&home, &path, "maas lab users whoami");
    assert!(code == 0 && text.contains("\"username\""), "{text}");
    let (text, code) = sh(&home, &path, "maas lab users --help");
    assert!(
        code == 0 && text.starts_with("usage: maas lab users"),
        "{text}"
    );
    let (text, code) = sh(&home, &path, "maas");
    assert!(code == 2 && text.contains("no command was given"), "{text}");
    let line = format!(
        "maas login other {} {}",
        sandbox.maas_url(),
        sandbox.maas_key()
    );
    let (text, code) = sh(&home, &path, &line);
    assert!(
        code == 0 && text.contains("\n  maas other --help\n"),
        "{text}"
    );
}

#[test]
fn what_only_a_region_has_goes_to_its_maas() {
    let home = Home::empty();
    let own = bin(&home);
    let region = home.path().join("region");
    std::fs::create_dir(&region).unwrap();
    let script = region.join("maas");
    std::fs::write(&script, "#!/bin/sh\necho \"region: $*\"\nexit 7\n").unwrap();
    let path = format!("{}:{}:/usr/bin:/bin", own.display(), region.display());
    let line = "maas apikey --username admin";
    let (text, code) = sh(&home, &path, line);
    assert!(
        code == 2 && text.contains("none on the path"),
        "not executable: {text}"
    );
    set_mode(&script, 0o755);
    assert_eq!(
        sh(&home, &path, line),
        ("region: apikey --username admin\n".to_owned(), 7)
    );
    // One that calls us again is not called for ever.
    std::fs::write(
        &script,
        format!("#!/bin/sh\nexec {}/maas \"$@\"\n", own.display()),
    )
    .unwrap();
    let (text, code) = sh(&home, &path, "maas status");
    assert!(code == 2 && text.contains("none on the path"), "{text}");
    let (text, code) = sh(&home, &path, "maas nope");
    assert!(
        code == 2 && text.contains("neither a command nor"),
        "{text}"
    );
}

/// What a terminal shows of a call.
fn shown(home: &Home, args: &[&str]) -> String {
    let mut all = vec!["maas"];
    all.extend(args);
    let mut command = home.command(&all);
    command.env("TERM", "xterm-256color");
    let mut session = spawn_command(command, Some(10_000)).unwrap();
    session.exp_eof().unwrap().replace("\r\n", "\n")
}

const BANNER: &str = "Success.\nMachine-readable output follows:\n";

#[test]
fn the_banner_is_for_people() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let text = shown(&home, &["lab", "users", "whoami"]);
    assert!(text.starts_with(&format!("{BANNER}{{\n    \"")), "{text}");
    assert!(text.ends_with("}\n"), "{text}");
    for (response, want) in [
        (Response::text(201, ""), format!("{BANNER}\n")),
        (Response::new(204), format!("{BANNER}\n")),
        (
            Response::text(200, "a\u{1b}[2Jb"),
            format!("{BANNER}a^[[2Jb\n"),
        ),
        (
            Response::with(200, "application/bson", "bson"),
            "bson".to_owned(),
        ),
        (
            Response::with(200, "image/png", "\u{1b}]0;x\u{7}\u{9b}31m"),
            "^[]0;x^G\\u{9b}31m".to_owned(),
        ),
        (
            Response::with(500, "application/octet-stream", "\u{1b}[2J\0"),
            "^[[2J^@".to_owned(),
        ),
        (Response::text(404, "not found"), "not found\n".to_owned()),
        (
            Response::text(403, ""),
            "Request failed with code 403: Forbidden\n".to_owned(),
        ),
    ] {
        sandbox.fault(Fault::instead(response));
        assert_eq!(shown(&home, &["lab", "users", "whoami"]), want);
    }
}

#[test]
fn a_key_as_argument_is_taken_with_a_word_of_warning() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let (url, key) = (sandbox.maas_url(), sandbox.maas_key());
    let text = shown(&home, &["login", "lab", &url, key]);
    assert_eq!(text.matches("warning").count(), 1, "{text}");
    assert!(
        text.contains("shell history") && !text.contains(key),
        "{text}"
    );
    let mut command = home.command(&["maas", "login", "asked", &url]);
    command.env("TERM", "xterm-256color");
    let mut session = spawn_command(command, Some(10_000)).unwrap();
    session
        .exp_string("API key (leave empty for anonymous access): ")
        .unwrap();
    session.send_line(key).unwrap();
    let text = session.exp_eof().unwrap();
    assert!(text.contains("logged in") && !text.contains(key), "{text}");
}
