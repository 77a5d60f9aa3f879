//! `login`: which name a profile gets, which one is the default, what is replaced.

use crate::sandbox::Sandbox;
use crate::support::{Ended, Home};

fn login(home: &Home, sandbox: &Sandbox, more: &[&str]) -> Ended {
    let url = sandbox.maas_url();
    let mut args = vec!["login", url.as_str(), "--key-stdin"];
    args.extend(more);
    home.run_with(&args, sandbox.maas_key().as_bytes())
}

fn parsed(home: &Home) -> toml::Table {
    toml::from_str(&home.config()).unwrap()
}

#[test]
fn the_host_names_a_profile_and_the_first_is_the_default() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    login(&home, &sandbox, &[]).code(0);
    assert!(home.config().contains("[profiles.\"127.0.0.1\"]"));
    login(&home, &sandbox, &["-p", "lab"]).code(0);
    let config = parsed(&home);
    assert_eq!(config["default"].as_str(), Some("127.0.0.1"));
    assert_eq!(config["profiles"].as_table().unwrap().len(), 2);
    for name in ["", "a b", "a/b", "\u{e9}", "a\nb"] {
        login(&home, &sandbox, &["-p", name]).fails(2, "is not a name for a profile");
    }
}

#[test]
fn a_name_is_replaced_only_when_asked() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    login(&home, &sandbox, &["-p", "lab", "--timeout", "30s"]).code(0);
    let before = home.config();
    let seen = sandbox.requests().len();
    let ended = login(&home, &sandbox, &["-p", "lab"]).fails(2, "profile `lab` already exists");
    assert!(ended.stderr.contains("`--replace`"), "{ended:#?}");
    assert_eq!(home.config(), before);
    // It is refused before anybody is asked.
    assert_eq!(sandbox.requests().len(), seen);
    login(&home, &sandbox, &["-p", "lab", "--replace"]).code(0);
    // What the new login does not say stays as it was.
    assert_eq!(home.config(), before);
}

#[test]
fn replacing_keeps_what_only_a_person_writes() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let url = sandbox.maas_url();
    home.write_config(
        "# mine\ndefault = \"lab\" # why\nfuture = 1\n\n# the lab\n[profiles.lab] # room 3\n# a service\nservice = \"maas\" # yes\n\
         protected = true\n# new address\nurl = \"http://old:5240/MAAS\" # was\n# the secret\nkey = \"a:b:c\" # rotated\nunknown = [1, 2]\n\
         timeout = \"3s\"\n[profiles.lab.headers]\nX-Team = \"ops\"\n\n# the end\n",
    );
    let ended = login(&home, &sandbox, &["-p", "lab", "--replace"]).code(0);
    // The headers were for the old server.
    assert!(
        ended
            .stderr
            .contains("`headers` of the old profile is dropped"),
        "{ended:?}"
    );
    assert_eq!(
        home.config(),
        format!(
            "# mine\ndefault = \"lab\" # why\nfuture = 1\n\n# the lab\n[profiles.lab] # room 3\n# a service\nservice = \"maas\" # yes\n\
             protected = true\n# new address\nurl = \"{url}\" # was\n# the secret\nkey = \"{}\" # rotated\nunknown = [1, 2]\n\
             timeout = \"3s\"\n\n# the end\n",
            sandbox.maas_key()
        )
    );
    assert_eq!(sandbox.last().header("x-team"), None);
}

#[test]
fn replacing_keeps_settings_and_drops_those_of_another_server() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let settings =
        "service = \"maas\"\nretries = 7\nproxy = \"\"\nconnect_timeout = 4\nprotected = true\n";
    let of_origin = "insecure = true\nheaders = { X-Team = \"ops-s3cr3t\" }\nclient_cert = \"c.pem\"\n\
                     client_key = \"c.key\"\nca_file = \"ca.pem\"\npin = \"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"\n";
    let with = |url: &str| {
        home.write_config(&format!(
            "[profiles.lab]\nurl = \"{url}\"\nkey = \"a:b:c\"\n{settings}{of_origin}"
        ));
    };
    let members = |home: &Home| {
        let config: toml::Table = toml::from_str(&home.config()).unwrap();
        config["profiles"]["lab"].as_table().unwrap().clone()
    };
    // The same origin, as it was typed or with another path: all stays, and is used.
    for typed in [sandbox.maas_url(), sandbox.url()] {
        with(&sandbox.maas_url());
        let old = members(&home);
        let line = ["login", &typed, "-p", "lab", "--replace", "--key-stdin"];
        let ended = home.run_with(&line, sandbox.maas_key().as_bytes()).code(0);
        assert!(!ended.stderr.contains("dropped"), "{ended:?}");
        let new = members(&home);
        for (name, value) in old.iter().filter(|(name, _)| *name != "key") {
            assert_eq!(new.get(name), Some(value), "{name}");
        }
        // Probes, which may arrive late, have none of the headers.
        let requests = sandbox.requests();
        let signed = requests
            .iter()
            .rfind(|r| r.header("authorization").is_some());
        assert_eq!(signed.unwrap().header("x-team"), Some("ops-s3cr3t"));
    }
    // Another origin: what was said of the old server goes, and is sent nowhere.
    with("http://127.0.0.1:1/MAAS");
    sandbox.forget_requests();
    let line = [
        "login",
        &sandbox.url(),
        "-p",
        "lab",
        "--replace",
        "--key-stdin",
        "--retries",
        "2",
    ];
    let ended = home.run_with(&line, sandbox.maas_key().as_bytes()).code(0);
    let new = members(&home);
    for name in [
        "insecure",
        "headers",
        "client_cert",
        "client_key",
        "ca_file",
        "pin",
    ] {
        assert!(!new.contains_key(name), "{name}");
        assert!(
            ended
                .stderr
                .contains(&format!("`{name}` of the old profile is dropped")),
            "{ended:?}"
        );
    }
    assert_eq!(new["retries"].as_integer(), Some(2));
    assert_eq!(new["connect_timeout"].as_integer(), Some(4));
    assert_eq!(new["protected"].as_bool(), Some(true));
    for request in sandbox.requests() {
        assert_eq!(request.header("x-team"), None);
    }
}

#[test]
fn a_login_for_a_profile_that_is_broken_repairs_it() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config("[profiles.lab]\nurl = 3\nkey = \"a:b:c\"\nkey_env = \"X\"\n");
    home.run(&["whoami"]).fails(9, "`url`");
    login(&home, &sandbox, &["-p", "lab", "--replace"]).code(0);
    home.run(&["whoami"]).ok();
}
