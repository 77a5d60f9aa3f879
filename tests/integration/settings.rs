//! Every setting of a profile, and what goes before it.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::Home;

fn home(sandbox: &Sandbox, settings: &str) -> Home {
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{}\"\n{settings}\n",
        sandbox.maas_url(),
        sandbox.maas_key()
    ));
    home
}

#[test]
fn timeout_by_flag_environment_and_profile() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::from(Effect::StallBeforeHead).always());
    let timed = |home: &Home, more: &[&str]| {
        let mut args = vec!["get", "/version/", "--retries", "0"];
        args.extend(more);
        let started = Instant::now();
        home.run(&args).fails(6, "timed out");
        started.elapsed()
    };
    let brief = Duration::from_millis(1500);
    assert!(timed(&home(&sandbox, "timeout = \"100ms\""), &[]) < brief);
    let long = home(&sandbox, "timeout = \"1h\"");
    assert!(timed(&long, &["--timeout", "0.1"]) < brief);
    let long = long.var("APICALL_TIMEOUT", "100ms");
    assert!(timed(&long, &[]) < brief);
    let long = long.var("APICALL_TIMEOUT", "soon");
    long.run(&["get", "/version/"])
        .fails(9, "`APICALL_TIMEOUT`: `soon` is not a duration");
    // A number is seconds.
    let shown = home(&sandbox, "timeout = 90\nconnect_timeout = 2");
    let shown = shown.run(&["profile", "show", "-o", "json"]).ok().json();
    assert_eq!(shown["timeout"], "90");
}

#[test]
fn retries_by_flag_and_profile() {
    let sandbox = Sandbox::start();
    let calls = |home: &Home, more: &[&str]| {
        sandbox.forget_requests();
        let mut args = vec!["get", "/version/"];
        args.extend(more);
        home.run(&args).code(5);
        sandbox.requests().len()
    };
    sandbox.fault(Fault::status(503).retry_after("0").always());
    let once = home(&sandbox, "retries = 1");
    assert_eq!(calls(&once, &[]), 2);
    assert_eq!(calls(&once, &["--retries", "0"]), 1);
    assert_eq!(calls(&home(&sandbox, "retries = 0"), &[]), 1);
}

#[test]
fn headers_go_with_every_call_and_stay_hidden() {
    let sandbox = Sandbox::start();
    let home = home(
        &sandbox,
        "headers = { X-Team = \"ops-s3cr3t\", Cookie = \"a=b-s3cr3t\" }",
    );
    home.run(&["get", "/version/"]).ok();
    let request = sandbox.last();
    assert_eq!(request.header("x-team"), Some("ops-s3cr3t"));
    assert_eq!(request.header("cookie"), Some("a=b-s3cr3t"));
    for args in [
        &["get", "/version/", "-v"][..],
        &["get", "/version/", "--dry-run"],
        &["profile", "show"],
        &["profile", "show", "-o", "json"],
    ] {
        let ended = home.run(args).code(0);
        let shown = format!("{}{}", ended.stdout(), ended.stderr);
        assert!(shown.contains("X-Team"), "{shown}");
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }
    // An item goes before the profile.
    home.run(&["get", "/version/", "X-Team:mine"]).ok();
    assert_eq!(sandbox.last().header_all("x-team"), ["mine"]);
}

#[test]
fn insecure_is_reported_on_every_call() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox, "insecure = true");
    for args in [&["get", "/version/"][..], &["whoami"]] {
        let ended = home.run(args).code(0);
        assert_eq!(
            ended.stderr,
            "apicall: warning: lab: the server's certificate is not verified (`insecure`)\n"
        );
    }
}

#[test]
fn settings_that_can_not_be_used_are_named() {
    let sandbox = Sandbox::start().may_stay_silent();
    for (setting, code, why) in [
        (
            "pin = \"sha256//short\"",
            9,
            "`lab`: `pin`: this is not the hash of a key",
        ),
        (
            "retries = \"SECRET\"",
            9,
            "`lab`: `retries` is not a number",
        ),
        (
            "timeout = \"SECRET\"",
            9,
            "`lab`: `timeout` is not a duration",
        ),
        (
            "insecure = 1",
            9,
            "`lab`: `insecure` is neither true nor false",
        ),
        (
            "headers = [\"SECRET\"]",
            9,
            "`lab`: `headers` is not a table",
        ),
        ("proxy = [\"SECRET\"]", 9, "`lab`: `proxy` is not a string"),
        ("key_file = 3", 9, "`lab`: `key_file` is not a string"),
    ] {
        let home = home(&sandbox, setting);
        let ended = home.run(&["get", "/version/"]).fails(code, why);
        assert!(!ended.stderr.contains("SECRET"), "{ended:#?}");
    }
    let home = Home::empty();
    for (text, why) in [
        (
            "url = \"http://h/MAAS?x\"",
            "`url`: the address has a query",
        ),
        ("url = \"h\"", "`url`: the address has no `http://`"),
        ("key = \"a:b:c\"", "`url` is missing"),
        (
            "url = \"http://h\"\nservice = \"x\"",
            "`service`: the service is neither",
        ),
    ] {
        home.write_config(&format!("[profiles.lab]\n{text}\n"));
        home.run(&["get", "/version/"]).fails(9, why);
        home.run(&["profile", "show"]).fails(9, why);
        // One that is broken does not hide the others.
        home.run(&["profile", "list"]).ok();
        home.run(&["logout", "lab"]).code(0);
    }
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"https://{}/MAAS\"\nca_file = \"no.pem\"\n",
        sandbox.address()
    ));
    let ended = home.run(&["get", "/version/"]).code(8);
    let wanted = home.config_path().parent().unwrap().join("no.pem");
    assert!(
        ended.stderr.contains(wanted.to_str().unwrap()),
        "{ended:#?}"
    );
}

#[test]
fn a_proxy_of_the_profile_is_used_and_its_password_hidden() {
    let proxy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let at = proxy.local_addr().unwrap();
    let proxied = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = proxy.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        stream
            .write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            .unwrap();
        String::from_utf8(head).unwrap()
    });
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"http://maas.example/MAAS\"\nproxy = \"http://me:hunter2@{at}\"\nretries = 0\n"
    ));
    let ended = home.run(&["get", "/version/", "-v"]);
    assert!(matches!(ended.code, 4 | 7), "{ended:#?}");
    assert!(!ended.stderr.contains("hunter2"), "{ended:#?}");
    assert!(!ended.stderr.contains("bWU6aHVudGVyMg"), "{ended:#?}");
    let head = proxied.join().unwrap();
    assert!(
        head.starts_with("CONNECT ") || head.starts_with("GET http"),
        "{head}"
    );
    assert!(head.contains("Basic bWU6aHVudGVyMg=="), "{head}");
    for form in ["text", "json"] {
        let ended = home.run(&["profile", "show", "-o", form]).ok();
        assert!(ended.stdout().contains(&format!("http://me:***@{at}")));
        assert!(!ended.stdout().contains("hunter2"));
    }
}

#[test]
fn headers_that_would_unmake_a_call_are_refused() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::empty();
    for header in [
        "Content-Length",
        "Transfer-Encoding",
        "Host",
        "authorization",
        "a b",
    ] {
        home.write_config(&format!(
            "[profiles.lab]\nurl = \"{}\"\nheaders = {{ \"{header}\" = \"5\" }}\n",
            sandbox.maas_url()
        ));
        home.run(&["get", "/version/"]).fails(9, "`headers`");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_key_written_into_a_command_is_masked() {
    let home = Home::empty();
    let key = "Consu1mer9abc:Token2abcdef:Secre3tabcdefgh";
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"http://127.0.0.1:1/MAAS\"\nkey_command = \"echo '{key}'\"\n"
    ));
    for args in [
        &["profile", "list"][..],
        &["profile", "list", "-o", "json"],
        &["profile", "show"],
        &["profile", "show", "-o", "json"],
    ] {
        let ended = home.run(args).ok();
        assert!(ended.stdout().contains("echo '***'"), "{ended:?}");
        for part in key.split(':') {
            assert!(!ended.stdout().contains(part), "{ended:?}");
        }
    }
}

#[test]
fn an_address_written_by_hand_is_completed() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    for url in [sandbox.url(), format!("{}/api/2.0/", sandbox.maas_url())] {
        home.write_config(&format!(
            "[profiles.lab]\nservice = \"maas\"\nurl = \"{url}\"\nkey = \"{}\"\n",
            sandbox.maas_key()
        ));
        home.run(&["get", "/users/", "--op", "whoami"]).ok();
        assert_eq!(sandbox.last().path(), "/MAAS/api/2.0/users/");
    }
}

#[test]
fn a_setting_that_is_not_known_is_reported_on_every_call() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox, "protcted = true\ncolour_of_the_sky = 3");
    let near = "lab: `protcted` is not a setting; did you mean `protected`?";
    let far = "lab: `colour_of_the_sky` is not a setting\n";
    for line in [
        &["get", "/version/"][..],
        &["get", "/version/", "--dry-run"],
        &["whoami"],
        &["events"],
        &["ops", "machines"],
        &["auth-header"],
        &["maas", "lab", "version", "read"],
    ] {
        let ended = home.run(line).code(0);
        assert_eq!(ended.stderr.matches(near).count(), 1, "{line:?} {ended:?}");
        assert!(ended.stderr.contains(far), "{line:?} {ended:?}");
    }
    let ended = home.run(&["doctor"]).code(9);
    assert!(ended.stdout().contains("fail  config"), "{ended:?}");
    assert!(
        ended.stdout().contains("did you mean `protected`?"),
        "{ended:?}"
    );
    // The key is looked at all the same.
    assert!(ended.stdout().contains("ok    key"), "{ended:?}");
    // Another profile's calls have nothing to do with it, and a key in a wrong place is not shown.
    let key = sandbox.maas_key();
    let url = sandbox.maas_url();
    home.write_config(&format!(
        "default = \"lab\"\n[profiles.lab]\nurl = \"{url}\"\nkey = \"{key}\"\n\
         [profiles.two]\nurl = \"{url}\"\nkey = \"{key}\"\n\"{key}\" = 1\n"
    ));
    home.run(&["get", "/version/"]).ok();
    let ended = home.run(&["get", "/version/", "-p", "two"]).code(0);
    assert!(
        ended.stderr.contains("two: `***` is not a setting"),
        "{ended:?}"
    );
}
