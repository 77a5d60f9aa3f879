//! `login`: what is verified, what is stored and what is said.

use std::fs;

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::{Ended, Home, mode};

/// A key of the right form that no sandbox knows; its secret part is a needle for searches.
pub const WRONG: &str = "Kd83hTgRw2LmPq9ZxB:vN4cYs7HkW1fQjE6Ub:Zq6WsT4yHn8RbK2mXc5VfJ9gLd3PuA7e";

/// Logs in with a key on standard input.
pub fn login(home: &Home, url: &str, more: &[&str], stdin: &str) -> Ended {
    let mut args = vec!["login", url];
    args.extend(more);
    home.run_with(&args, stdin.as_bytes())
}

/// A refusal: the code, a text, nothing on stdout, nothing stored.
#[track_caller]
pub fn refused(home: &Home, ended: Ended, code: i32, text: &str) {
    let ended = ended.code(code);
    assert_eq!(ended.stdout(), "", "{ended:#?}");
    assert!(ended.stderr.contains(text), "{text:?}: {ended:#?}");
    assert_eq!(home.config(), "", "{ended:#?}");
}

/// What the hint of a 401 says to do.
#[test]
fn a_new_key_needs_no_address() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let (key, gdn) = (sandbox.maas_key(), sandbox.macrometa_key());
    let config = home.config();
    let broken = config.replace(key, WRONG).replace(
        "fabric = \"_system\"\n",
        "fabric = \"shop\"\ntimeout = \"20s\" # slow\n",
    );
    home.write_config(&broken);
    let ended = home.run(&["get", "machines"]).code(4);
    assert!(
        ended.stderr.contains("`apicall login --replace -p lab`"),
        "{ended:?}"
    );
    home.run_with(&["login", "--replace", "--key-stdin"], key.as_bytes())
        .code(0);
    home.run(&["get", "machines"]).ok();
    let args = ["login", "--replace", "--key-stdin", "-p", "play"];
    let home = home.var("APICALL_FABRIC", "_system");
    home.run_with(&args, gdn.as_bytes()).code(0);
    let now = home.config();
    assert!(now.contains("fabric = \"shop\"") && now.contains("timeout = \"20s\""));
    assert!(now.contains("default = \"lab\""), "{now}");
    assert_eq!(now.matches("[profiles").count(), 2, "{now}");
    let args = ["login", "--replace", "--key-stdin", "-p", "nope"];
    home.run_with(&args, b"x").fails(9, "nope");
    home.run_with(&["login", "--key-stdin"], b"x")
        .fails(2, "login needs the address of a server");
}

#[test]
fn an_answer_without_a_user_verifies_nothing() {
    let sandbox = Sandbox::start();
    for body in ["{}", "{\"username\":\"\"}", "[]"] {
        let home = Home::empty();
        let whoami = "/MAAS/api/2.0/users/";
        sandbox.fault(Fault::body(200, "application/json", body).path(whoami));
        let ended = login(
            &home,
            &sandbox.maas_url(),
            &["--key-stdin"],
            sandbox.maas_key(),
        );
        refused(&home, ended, 1, "the response names no user");
    }
}

#[test]
fn a_fabric_is_for_macrometa() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let more = ["--key-stdin", "--fabric", "x"];
    let ended = login(&home, &sandbox.maas_url(), &more, sandbox.maas_key());
    refused(&home, ended, 2, "`--fabric` is for Macrometa");
    let more = ["--key-stdin", "--fabric", "", "--service", "macrometa"];
    let ended = login(&home, &sandbox.url(), &more, sandbox.macrometa_key());
    refused(&home, ended, 2, "the fabric's name is empty");
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
fn a_macrometa_key_shows_tenant_and_fabrics() {
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
    let signed: Vec<_> = sandbox
        .requests()
        .into_iter()
        .filter(|r| r.header("authorization").is_some())
        .collect();
    assert_eq!(signed[0].target, "/_fabric/_system/_api/database/user");
    for request in signed {
        assert_eq!(request.method, "GET");
        assert_eq!(
            request.header("authorization"),
            Some(format!("apikey {}", sandbox.macrometa_key()).as_str())
        );
    }
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
    // Neither does a response that is something else.
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
