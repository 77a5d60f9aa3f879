//! CONTRACT, Commands: `auth-header` prints a fresh `Authorization` line for another tool.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::sandbox::Sandbox;
use crate::support::{Home, set_mode};

/// What another tool gets with that line: the status.
fn asked(sandbox: &Sandbox, path: &str, line: &str) -> u16 {
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    let host = sandbox.address();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{line}\r\n\r\n"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

/// The only line on stdout.
#[track_caller]
fn line(home: &Home, args: &[&str]) -> String {
    let args = [&["auth-header"], args].concat();
    let ended = home.run(&args).ok();
    let line = ended.stdout().strip_suffix('\n').expect("a line");
    assert!(!line.contains('\n'), "{line}");
    line.to_owned()
}

#[test]
fn the_line_signs_a_call_of_another_tool_once() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let whoami = "/MAAS/api/2.0/users/?op=whoami";
    let first = line(&home, &[]);
    assert!(first.starts_with("Authorization: OAuth oauth_"), "{first}");
    assert!(sandbox.requests().is_empty(), "no network");
    assert_eq!(asked(&sandbox, whoami, &first), 200);
    assert_eq!(asked(&sandbox, whoami, &first), 401, "a nonce is good once");
    assert_eq!(asked(&sandbox, whoami, &line(&home, &["-p", "lab"])), 200);

    let fabrics = "/_fabric/_system/_api/database/user";
    let key = format!("Authorization: apikey {}", sandbox.macrometa_key());
    assert_eq!(line(&home, &["-p", "play"]), key);
    assert_eq!(asked(&sandbox, fabrics, &key), 200);
}

#[test]
fn the_scheme_is_the_profiles_or_the_flags() {
    let home = Home::empty();
    let profile = |scheme: &str| {
        home.write_config(&format!(
            "[profiles.play]\nurl = \"https://api-play.paas.macrometa.io\"\nkey = \"t.k.hash\"\n{scheme}\n"
        ));
    };
    for (scheme, flags, want) in [
        ("", &[][..], "apikey t.k.hash"),
        ("scheme = \"bearer\"", &[], "bearer t.k.hash"),
        ("scheme = \"\"", &[], "t.k.hash"),
        ("scheme = \"bearer\"", &["--scheme", ""], "t.k.hash"),
        ("", &["--scheme", "bearer"], "bearer t.k.hash"),
    ] {
        profile(scheme);
        assert_eq!(line(&home, flags), format!("Authorization: {want}"));
    }
    home.run(&["auth-header", "--scheme", "basic"])
        .fails(2, "this is not a key scheme");
}

#[test]
fn every_source_of_a_key_counts() {
    let maas = "key = \"c:t:s\"";
    for source in [
        maas,
        "key_file = \"~/key\"",
        "key_env = \"A_KEY\"",
        "key_command = \"cat ~/key\"",
    ] {
        let home = Home::empty().var("A_KEY", "c:t:s");
        set_mode(&home.file("key", "c:t:s\n"), 0o600);
        home.write_config(&format!(
            "[profiles.lab]\nurl = \"http://127.0.0.1:9/MAAS\"\n{source}\n"
        ));
        let printed = line(&home, &[]);
        assert!(
            printed.contains("oauth_signature=\"%26s\""),
            "{source}: {printed}"
        );
    }
    let home = Home::empty()
        .var("APICALL_URL", "https://api-play.paas.macrometa.io")
        .var("APICALL_KEY", "t.k.hash");
    assert_eq!(line(&home, &[]), "Authorization: apikey t.k.hash");
}

#[test]
fn without_a_key_there_is_no_line() {
    let home = Home::empty();
    home.run(&["auth-header"])
        .fails(9, "there is no profile in");
    home.write_config("[profiles.lab]\nurl = \"http://127.0.0.1:9/MAAS\"\n");
    let ended = home.run(&["auth-header"]);
    let ended = ended.fails(9, "lab: the profile has no key");
    assert!(
        ended.stderr.contains("--replace -p lab` stores one"),
        "{ended:?}"
    );
    home.run(&["auth-header", "-p", "none"])
        .fails(9, "there is no profile `none`");
    let home = home.var("APICALL_URL", "http://127.0.0.1:9/MAAS");
    let ended = home
        .run(&["auth-header"])
        .fails(9, "the profile has no key");
    assert!(ended.stderr.contains("hint: set APICALL_KEY"), "{ended:?}");
}

#[test]
fn the_help_warns() {
    let help = Home::empty().run(&["auth-header", "--help"]).ok();
    for text in [
        "Whoever has this line has the key",
        "curl -H @-",
        "process list",
    ] {
        assert!(help.stdout().contains(text), "{text}: {}", help.stdout());
    }
}
