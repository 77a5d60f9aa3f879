//! `login`: the key, how it is pasted and where it comes from.

use crate::login::{WRONG, login, refused};
use crate::sandbox::Sandbox;
use crate::support::Home;

#[test]
fn pasted_keys_are_cleaned_before_they_are_stored() {
    let sandbox = Sandbox::start();
    let (maas, gdn) = (sandbox.maas_key(), sandbox.macrometa_key());
    let home = Home::empty();
    for pasted in [
        format!("  {maas}\r\n"),
        format!("\"{maas}\"\n"),
        format!("'{maas}'"),
        format!("\n{maas}\n\n"),
    ] {
        let more = ["--key-stdin", "-p", "lab", "--replace"];
        login(&home, &sandbox.maas_url(), &more, &pasted).code(0);
        assert!(home.config().contains(&format!("key = \"{maas}\"")));
    }
    for pasted in [
        format!("apikey {gdn}\n"),
        format!("APIKEY  {gdn}"),
        format!(" 'apikey {gdn}' \n"),
        format!("Authorization: apikey {gdn}"),
    ] {
        let more = [
            "--service",
            "macrometa",
            "--key-stdin",
            "-p",
            "play",
            "--replace",
        ];
        login(&home, &sandbox.url(), &more, &pasted).code(0);
        assert!(home.config().contains(&format!("key = \"{gdn}\"")));
        assert!(!home.config().contains("scheme"));
    }
}

#[test]
fn a_pasted_bearer_token_is_used_as_one() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let url = sandbox.url();
    let anonymous = home
        .run(&[
            "post",
            &format!("{url}/_open/auth"),
            "--anonymous",
            "email=demo@example.com",
            "password=correct-horse",
            "-p",
            "none",
        ])
        .code(9);
    assert!(anonymous.stderr.contains("there is no profile `none`"));
    let home = home.var("APICALL_URL", &url);
    let response = home
        .run(&[
            "post",
            "/_open/auth",
            "--anonymous",
            "email=demo@example.com",
            "password=correct-horse",
        ])
        .ok()
        .json();
    let token = response["jwt"].as_str().unwrap();
    let more = ["--service", "macrometa", "--key-stdin", "-p", "play"];
    login(&home, &url, &more, &format!("Bearer {token}\n")).code(0);
    assert!(home.config().contains("scheme = \"bearer\""));
    home.run(&["get", "collection", "-p", "play"]).ok();
    assert_eq!(
        sandbox.last().header("authorization"),
        Some(format!("bearer {token}").as_str())
    );
}

#[test]
fn malformed_keys_are_explained_without_being_echoed() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    for (key, why) in [
        ("", "the key is empty"),
        ("SUPERSECRET", "the key has 1 part, not 3"),
        ("a:SUPERSECRET", "the key has 2 parts, not 3"),
        ("a:b:c:SUPERSECRET", "the key has 4 parts, not 3"),
        ("a::SUPERSECRET", "the key has an empty token part"),
        ("a:b b:SUPERSECRET", "the key has a blank or line end"),
        ("a:b:SUPERSECR\u{c9}T", "a character that no key has"),
    ] {
        let ended = login(&home, &sandbox.maas_url(), &["--key-stdin"], key);
        assert!(!ended.stderr.contains("SUPERSECR"), "{ended:#?}");
        refused(&home, ended, 9, why);
    }
    for (key, why) in [
        ("apikey ", "the key is empty"),
        ("SUPERSECRET", "the key has no `.` in it"),
        ("a:b:SUPERSECRET", "the key has the form of a MAAS key"),
        ("a.b SUPERSECRET", "the key has a blank or line end"),
    ] {
        let more = ["--service", "macrometa", "--key-stdin"];
        let ended = login(&home, &sandbox.url(), &more, key);
        assert!(!ended.stderr.contains("SUPERSECR"), "{ended:#?}");
        refused(&home, ended, 9, why);
    }
    let ended = home.run_with(
        &["login", &sandbox.maas_url(), "--key-stdin"],
        b"\xff\xfeSUPERSECRET",
    );
    refused(&home, ended, 9, "`--key-stdin`: is not text");
}

#[test]
fn keys_come_from_files_variables_commands_and_the_environment() {
    let sandbox = Sandbox::start();
    let key = sandbox.maas_key();
    let url = sandbox.maas_url();
    let home = Home::empty().var("LAB_KEY", key);
    home.file("pasted.txt", format!("{key}\n"));
    for (more, stored) in [
        (vec!["--key-file", "pasted.txt"], format!("key = \"{key}\"")),
        (
            vec!["--key-file", "~/pasted.txt"],
            format!("key = \"{key}\""),
        ),
        (
            vec!["--key-env", "LAB_KEY"],
            "key_env = \"LAB_KEY\"".to_owned(),
        ),
        (
            vec!["--key-command", "cat pasted.txt"],
            "key_command = \"cat pasted.txt\"".to_owned(),
        ),
    ] {
        let mut more = more;
        more.extend(["-p", "lab", "--replace"]);
        login(&home, &url, &more, "").code(0);
        let config = home.config();
        assert!(config.contains(&stored), "{config}");
        let sources = config.lines().filter(|l| l.starts_with("key")).count();
        assert_eq!(sources, 1, "{config}");
        home.run(&["whoami"]).ok();
    }
    let home = Home::empty().var("APICALL_KEY", key);
    login(&home, &url, &["-p", "lab"], "").code(0);
    assert!(home.config().contains(&format!("key = \"{key}\"")));
    // A flag goes before the environment.
    let home = Home::empty().var("APICALL_KEY", WRONG);
    login(&home, &url, &["-p", "lab", "--key-stdin"], key).code(0);
}

#[test]
fn keys_that_are_not_there_are_9() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let url = sandbox.maas_url();
    for (more, why) in [
        (&[][..], "no terminal to prompt"),
        (&["--key-env", "NOWHERE"], "`NOWHERE` is not set"),
        (&["--key-command", "exit 3"], "ended with status 3"),
        (&["--key-command", "true"], "printed nothing"),
        (&["--key-command", "kill -9 $$"], "ended by a signal"),
        (&["--key-file", "missing.txt"], "missing.txt"),
    ] {
        refused(&home, login(&home, &url, more, ""), 9, why);
    }
    // Two of them are one too many.
    home.run(&["login", &url, "--key-stdin", "--key-env", "X"])
        .fails(2, "cannot be used with");
}

#[test]
fn a_key_as_an_argument_is_refused_without_being_echoed() {
    let home = Home::empty();
    let maas = WRONG;
    let gdn = "demo_example.com.k1.7rJq2ZcVx9WmBt4LdHs8KfYp3NgQe6UaXv5RzTj1CwMb8GkP";
    let url = "http://127.0.0.1:9/MAAS";
    for key in [maas, gdn] {
        let joined = format!("--key={key}");
        let stdin = format!("--key-stdin={key}");
        for args in [
            vec!["login", key],
            vec!["login", url, key],
            vec!["login", url, "-p", "lab", key],
            vec!["login", url, "--key", key],
            vec!["login", url, &joined],
            vec!["login", url, &stdin],
            vec!["login", url, "--key-env", key],
            vec!["login", url, "--key-file", key],
            vec!["login", url, "--key-command", key],
            vec!["login", url, "-p", key],
        ] {
            let ended = home.run(&args).fails(2, "apicall: ");
            for part in key.split([':', '.']).filter(|p| p.len() > 15) {
                let text = ended.stderr.to_lowercase();
                assert!(!text.contains(&part.to_lowercase()), "{args:?} {ended:#?}");
            }
            assert!(
                ended.stderr.contains("a key is never an argument"),
                "{args:?} {ended:#?}"
            );
            assert_eq!(home.config(), "");
        }
    }
}
