//! `login`: the key, where it comes from, what is stored and what is said.

use std::fs;

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::{Ended, Home, mode};

/// A key of the right form that no sandbox knows; its secret part is a needle for searches.
const WRONG: &str = "Kd83hTgRw2LmPq9ZxB:vN4cYs7HkW1fQjE6Ub:Zq6WsT4yHn8RbK2mXc5VfJ9gLd3PuA7e";

fn login(home: &Home, url: &str, more: &[&str], stdin: &str) -> Ended {
    let mut args = vec!["login", url];
    args.extend(more);
    home.run_with(&args, stdin.as_bytes())
}

/// A refusal: the code, a text, nothing on stdout, nothing stored.
#[track_caller]
fn refused(home: &Home, ended: Ended, code: i32, text: &str) {
    let ended = ended.code(code);
    assert_eq!(ended.stdout(), "", "{ended:#?}");
    assert!(ended.stderr.contains(text), "{text:?}: {ended:#?}");
    assert_eq!(home.config(), "", "{ended:#?}");
}

#[test]
fn a_maas_key_from_standard_input_is_verified_and_stored() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let url = sandbox.maas_url();
    let ended = login(
        &home,
        &url,
        &["--key-stdin", "-p", "lab"],
        sandbox.maas_key(),
    )
    .code(0);
    assert_eq!(ended.stdout(), "");
    assert_eq!(
        ended.stderr,
        format!(
            "MAAS 3.8.0 at {url}\nprofile `lab` stored: signed in as `admin`, an administrator\n"
        )
    );
    assert_eq!(
        home.config(),
        format!(
            "default = \"lab\"\n\n[profiles.lab]\nservice = \"maas\"\nurl = \"{url}\"\nkey = \"{}\"\n",
            sandbox.maas_key()
        )
    );
    assert_eq!(mode(&home.config_path()), 0o600);
    assert_eq!(mode(home.config_path().parent().unwrap()), 0o700);
    let requests = sandbox.requests();
    let (check, probes) = requests.split_last().unwrap();
    assert_eq!(check.target, "/MAAS/api/2.0/users/?op=whoami");
    assert!(check.header("authorization").unwrap().starts_with("OAuth "));
    for probe in probes {
        assert_eq!(probe.target, "/MAAS/api/2.0/version/");
        assert_eq!(probe.header("authorization"), None);
    }
}

#[test]
fn a_macrometa_key_tells_tenant_and_fabrics() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let more = ["--service", "macrometa", "--key-stdin", "-p", "play"];
    let ended = login(&home, &sandbox.url(), &more, sandbox.macrometa_key()).code(0);
    assert!(
        ended
            .stderr
            .contains("profile `play` stored: tenant `demo_example.com`, fabrics _system"),
        "{ended:#?}"
    );
    assert_eq!(
        home.config(),
        format!(
            "default = \"play\"\n\n[profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\nfabric = \"_system\"\nkey = \"{}\"\n",
            sandbox.url(),
            sandbox.macrometa_key()
        )
    );
    let check = sandbox.last();
    assert_eq!(check.target, "/_fabric/_system/_api/database/user");
    assert_eq!(
        check.header("authorization"),
        Some(format!("apikey {}", sandbox.macrometa_key()).as_str())
    );
}

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
    let answer = home
        .run(&[
            "post",
            "/_open/auth",
            "--anonymous",
            "email=demo@example.com",
            "password=correct-horse",
        ])
        .ok()
        .json();
    let token = answer["jwt"].as_str().unwrap();
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
    refused(&home, ended, 9, "the key is not text");
}

#[test]
fn a_refused_key_is_9_and_nothing_is_stored() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let ended = login(&home, &sandbox.maas_url(), &["--key-stdin"], WRONG);
    assert!(!ended.stderr.contains("r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6e"));
    assert!(!ended.stderr.contains("Zq6WsT4yHn8RbK2mXc5VfJ9gLd3PuA7e"));
    refused(&home, ended, 9, "401 Unauthorized");
    let gdn = format!("{}x", sandbox.macrometa_key());
    let more = ["--service", "macrometa", "--key-stdin"];
    let ended = login(&home, &sandbox.url(), &more, &gdn);
    refused(&home, ended, 9, "401 Unauthorized");
    // A fabric that is not there is not stored, either.
    let more = [
        "--service",
        "macrometa",
        "--key-stdin",
        "--fabric",
        "nowhere",
    ];
    let ended = login(&home, &sandbox.url(), &more, sandbox.macrometa_key());
    refused(&home, ended, 9, "1228");
    // A server in trouble says nothing of the key.
    sandbox.fault(Fault::status(500).path("/MAAS/api/2.0/users/").always());
    let ended = login(
        &home,
        &sandbox.maas_url(),
        &["--key-stdin"],
        sandbox.maas_key(),
    );
    refused(&home, ended, 5, "500");
    // Neither does an answer that is something else.
    sandbox.clear_faults();
    sandbox.fault(Fault::body(200, "text/html", "<h1>Hello</h1>").path("/MAAS/api/2.0/users/"));
    let ended = login(
        &home,
        &sandbox.maas_url(),
        &["--key-stdin"],
        sandbox.maas_key(),
    );
    refused(&home, ended, 1, "not valid JSON");
    sandbox.fault(Fault::from(Effect::CutInBody(10)).path("/MAAS/api/2.0/users/"));
    let ended = login(
        &home,
        &sandbox.maas_url(),
        &["--key-stdin"],
        sandbox.maas_key(),
    );
    refused(&home, ended, 7, "cut short");
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
        (&[][..], "no terminal to ask"),
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

#[test]
fn without_verifying_nothing_is_asked() {
    let home = Home::empty();
    let key = "aaaaaaaaaaaaaaaaaa:bbbbbbbbbbbbbbbbbb:cccccccccccccccccccccccccccccccc";
    let more = ["--no-verify", "--key-stdin", "-p", "off"];
    for (typed, service, stored) in [
        ("10.0.0.2", "maas", "http://10.0.0.2:5240/MAAS"),
        ("10.0.0.2:5240", "maas", "http://10.0.0.2:5240/MAAS"),
        ("10.0.0.2:5443", "maas", "https://10.0.0.2:5443/MAAS"),
        (
            "10.0.0.2/MAAS/r/machines",
            "maas",
            "http://10.0.0.2:5240/MAAS",
        ),
        ("https://m.example/MAAS/", "maas", "https://m.example/MAAS"),
    ] {
        let mut more = more.to_vec();
        more.extend(["--service", service, "--replace"]);
        let ended = login(&home, typed, &more, key).code(0);
        assert!(ended.stderr.contains("stored: not verified"), "{ended:#?}");
        let url = format!("url = \"{stored}\"");
        assert!(home.config().contains(&url), "{typed}: {}", home.config());
        let warned = ended.stderr.contains("warning: ") && ended.stderr.contains("plain http");
        assert_eq!(warned, stored.starts_with("http://"), "{ended:#?}");
    }
    let home = Home::empty();
    let gdn = "tenant.k.hash";
    login(&home, "play.paas.macrometa.io", &more, gdn).code(0);
    assert!(
        home.config()
            .contains("url = \"https://api-play.paas.macrometa.io\"")
    );
    let home = Home::empty();
    let ended = login(&home, "host:5240", &more, key);
    refused(&home, ended, 2, "the service is not known");
}

#[test]
fn an_anonymous_login_stores_no_key() {
    let sandbox = Sandbox::start();
    let home = Home::empty().var("APICALL_KEY", sandbox.maas_key());
    let ended = login(
        &home,
        &sandbox.maas_url(),
        &["--anonymous", "-p", "lab"],
        "",
    )
    .code(0);
    assert!(ended.stderr.contains("stored: without a key"));
    assert!(!home.config().contains("key"));
    // Nobody is answered by a Macrometa without a key: such a profile would never work.
    let home = Home::empty();
    let more = ["--anonymous", "--service", "macrometa"];
    let ended = login(&home, &sandbox.url(), &more, "");
    refused(&home, ended, 2, "Macrometa answers nobody without a key");
}

#[test]
fn what_flags_say_is_stored_and_what_the_environment_says_is_not() {
    let sandbox = Sandbox::start();
    let home = Home::empty()
        .var("APICALL_TIMEOUT", "7s")
        .var("APICALL_CA_FILE", "env.pem");
    let more = [
        "-p",
        "lab",
        "--key-stdin",
        "--timeout",
        "90",
        "--connect-timeout",
        "3s",
        "--retries",
        "1",
        "--client-cert",
        "c.pem",
        "--proxy",
        "http://p:1",
        "--insecure",
        "--ca-file",
        "ca.pem",
        "--no-verify",
    ];
    login(&home, &sandbox.maas_url(), &more, sandbox.maas_key()).code(0);
    let folder = fs::canonicalize(home.path()).unwrap();
    let config: toml::Table = toml::from_str(&home.config()).unwrap();
    let lab = &config["profiles"]["lab"];
    for (member, value) in [
        ("timeout", toml::Value::from("1m 30s")),
        ("connect_timeout", "3s".into()),
        ("retries", 1.into()),
        ("proxy", "http://p:1".into()),
        ("insecure", true.into()),
        ("ca_file", folder.join("ca.pem").to_str().unwrap().into()),
        ("client_cert", folder.join("c.pem").to_str().unwrap().into()),
    ] {
        assert_eq!(lab.get(member), Some(&value), "{member}");
    }
    assert_eq!(lab.as_table().unwrap().len(), 10);
    drop(sandbox.may_stay_silent());
}
