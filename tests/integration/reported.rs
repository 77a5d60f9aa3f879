//! CONTRACT, Streams and output: `-v`, `-vv`, `--dry-run`, and what is masked in them.

use crate::sandbox::{Effect, Fault, Gzip, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::{Desk, words};

const JSON: &str = "application/json";

/// Neither the keys nor any of their parts that show something.
#[track_caller]
fn assert_no_secret(sandbox: &Sandbox, ended: &Ended) {
    let stdout = String::from_utf8_lossy(&ended.stdout);
    let keys = [sandbox.maas_key(), sandbox.macrometa_key()];
    let parts = keys.iter().flat_map(|key| key.split([':', '.']));
    for secret in parts.filter(|part| part.len() > 15) {
        for (name, text) in [("stdout", &*stdout), ("stderr", &*ended.stderr)] {
            assert!(!text.contains(secret), "{secret} on {name}: {ended:#?}");
        }
    }
}

/// What makes a key answers with it in a member whose name is harmless elsewhere.
#[test]
fn a_new_key_is_masked() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for path in [
        "/_api/key",
        "key",
        "/_fabric/_system/_api/key",
        "/_fabric/shop/key",
    ] {
        let body = r#"{"keyid":"new","key":"new.0123456789abcdef"}"#;
        sandbox.fault(Fault::body(201, JSON, body));
        let line = format!("post {path} keyid=new -p play -vv");
        let ended = home.run(&words(&line)).code(0);
        assert_eq!(ended.json()["key"], "new.0123456789abcdef");
        assert!(!ended.stderr.contains("0123456789abcdef"), "{ended:?}");
        assert!(ended.stderr.contains("\"key\": \"***\""), "{ended:?}");
    }
    // A document's member of that name is none.
    let line = "post document/addresses key=house -p play -vv";
    let ended = home.run(&words(line)).code(0);
    assert!(!ended.stderr.contains("\"key\": \"***\""), "{ended:?}");
}

#[test]
fn verbose() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (line, sent, got) in [
        (
            "get machines/4y3h7n -v X-Api-Token:topsecret X-Odd:1",
            &[
                "> GET /MAAS/api/2.0/machines/4y3h7n/ HTTP/1.1",
                "> Host: ADDRESS",
                "> Authorization: ***",
                "> Accept: */*",
                "> X-Api-Token: ***",
                "> X-Odd: 1",
                ">",
            ][..],
            "< Content-Type: application/json; charset=utf-8",
        ),
        (
            "get collection -v -p play",
            &[
                "> GET /_fabric/_system/_api/collection HTTP/1.1",
                "> Authorization: ***",
            ],
            "< x-gdn-region: sandbox-eu-west",
        ),
    ] {
        let ended = home.run(&words(line)).code(0);
        let lines: Vec<_> = ended.stderr.lines().collect();
        for want in sent {
            let want = want.replace("ADDRESS", &sandbox.address().to_string());
            assert!(lines.contains(&&*want), "{want}: {ended:#?}");
        }
        assert!(lines.contains(&"< HTTP/1.1 200 OK"), "{ended:#?}");
        assert!(lines.contains(&got), "{got}: {ended:#?}");
        let times = lines.last().unwrap();
        assert!(
            times.starts_with("* connect ") && times.contains("total "),
            "{times}"
        );
        assert!(
            ended.json().is_object(),
            "stdout is the response and nothing else"
        );
        assert!(!ended.stderr.contains("topsecret"), "{ended:#?}");
        assert_no_secret(&sandbox, &ended);
    }
}

#[test]
fn twice_verbose_shows_bodies_with_secrets_masked() {
    let desk = Desk::new();
    desk.sandbox.clear_faults();
    let body = r#"{"name":"a","token":"tok-1","list":[{"password":"pw-1"}],"n":1.10}"#;
    for (fault, code) in [
        (Fault::body(200, JSON, body), 0),
        (
            Fault::body(200, JSON, body).and(Effect::Gzip(Gzip::Good)),
            0,
        ),
        (Fault::body(400, JSON, body), 4),
    ] {
        desk.sandbox.fault(fault);
        let line = "post x -vv hostname=node18 power_pass=pw-2 api_key:=7654 'note=a b'";
        let ended = desk.home.run(&words(line)).code(code);
        let sent = "hostname=node18&power_pass=***&api_key=***&note=a%20b\n";
        assert!(ended.stderr.contains(sent), "{ended:#?}");
        for text in ["\"name\": \"a\"", "\"token\": \"***\"", "\"n\": 1.10"] {
            assert!(ended.stderr.contains(text), "{text}: {ended:#?}");
        }
        for secret in ["tok-1", "pw-1", "pw-2", "7654"] {
            assert!(!ended.stderr.contains(secret), "{secret}: {ended:#?}");
        }
    }
    desk.sandbox.fault(Fault::body(200, JSON, body));
    let ended = desk.home.run(&["get", "x", "-vv"]).code(0);
    assert_eq!(
        ended.json()["token"],
        "tok-1",
        "stdout is what was asked for"
    );
    desk.sandbox
        .fault(Fault::body(200, "text/plain", "red \u{1b}[31m"));
    let ended = desk.home.run(&["get", "x", "-vv"]).code(0);
    assert!(ended.stderr.contains("red ^[[31m"), "{ended:#?}");
}

/// "`--dry-run` prints the request": each kind of body, secrets masked, nothing sent.
/// A name may be harmless and its value not.
#[test]
fn values_that_hold_secrets_are_masked() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let lines: [&[&str]; 5] = [
        &[
            "post",
            "/maas/",
            "--op",
            "set_config",
            "name=http_proxy",
            "value=http://u:hunter22@proxy:3128",
        ],
        &[
            "post",
            "/maas/",
            "--multipart",
            "name=http_proxy",
            "value=http://u:hunter22@proxy:3128",
        ],
        &["get", "/maas/", "proxy==http://u:hunter22@proxy:3128"],
        &[
            "put",
            "/machines/a/",
            "power_parameters:={\"power_pass\":\"hunter22\"}",
        ],
        &[
            "put",
            "/machines/a/",
            "power_parameters={\"power_pass\":\"hunter22\"}",
        ],
    ];
    for line in lines {
        for how in ["--dry-run", "-vv"] {
            let ended = home.run(&[line, &[how]].concat());
            let shown = String::from_utf8_lossy(&ended.stdout).into_owned() + &ended.stderr;
            assert!(!shown.contains("hunter22"), "{line:?} {how}: {ended:#?}");
            assert!(shown.contains("***"), "{line:?} {how}: {ended:#?}");
        }
        let program = home.run(&[line, &["--as", "curl"]].concat()).code(0);
        assert!(
            !program.stdout().contains("hunter22"),
            "{line:?}: {program:#?}"
        );
    }
}

#[test]
fn dry_run() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    home.file("notes.txt", "NOTES");
    let host = sandbox.address();
    let head = |first: &str, rest: &str| {
        format!(
            "{first} HTTP/1.1\nHost: {host}\nAuthorization: ***\nUser-Agent: apicall/{}\n\
             Accept: */*\nAccept-Encoding: gzip\n{rest}\n",
            env!("CARGO_PKG_VERSION")
        )
    };
    let lab = "/MAAS/api/2.0";
    let play = "/_fabric/_system/_api";
    for (line, want) in [
        (
            "get machines hostname=a token=tok-1 --op list",
            head(
                &format!("GET {lab}/machines/?op=list&hostname=a&token=***"),
                "",
            ),
        ),
        (
            "post machines",
            head(&format!("POST {lab}/machines/"), "Content-Length: 0\n"),
        ),
        (
            "post machines a=1 power_pass=pw-1",
            head(
                &format!("POST {lab}/machines/"),
                "Content-Type: application/x-www-form-urlencoded\nContent-Length: 19\n",
            ) + "a=1&power_pass=***\n",
        ),
        (
            "post document/c a=1 -p play",
            head(
                &format!("POST {play}/document/c"),
                "Content-Type: application/json\nContent-Length: 9\n",
            ) + "{\"a\":\"1\"}\n",
        ),
        (
            "post document/c --body '{\"password\": \"pw-1\"}' -p play",
            head(
                &format!("POST {play}/document/c"),
                "Content-Type: application/json\nContent-Length: 20\n",
            ) + "{\n  \"password\": \"***\"\n}\n",
        ),
        (
            "put x --body @notes.txt Content-Type:application/octet-stream",
            head(
                &format!("PUT {lab}/x/"),
                "Content-Type: application/octet-stream\nContent-Length: 5\n",
            ) + "[notes.txt, 5 bytes]\n",
        ),
        (
            "put x - Content-Type:application/octet-stream",
            head(
                &format!("PUT {lab}/x/"),
                "Content-Type: application/octet-stream\nContent-Length: 0\n",
            ),
        ),
    ] {
        let ended = home.run(&words(&format!("{line} --dry-run"))).ok();
        assert_eq!(ended.stdout(), want, "{line}");
    }
    let line = "post files k=v secret=s-1 file@notes.txt Cookie:c-1 X-Api-Key:k-1 --dry-run";
    let ended = home.run(&words(line)).ok();
    for text in [
        "\nContent-Type: multipart/form-data; boundary=apicall-0",
        "\nCookie: ***\n",
        "\nX-Api-Key: ***\n",
        "name=\"k\"\n\nv\n",
        "name=\"secret\"\n\n***\n",
        "name=\"file\"; filename=\"notes.txt\"\nContent-Type: text/plain\n\n[notes.txt, 5 bytes]\n",
    ] {
        let stdout = ended.stdout().replace("\r\n", "\n");
        assert!(stdout.contains(text), "{text:?}: {stdout}");
    }
    for secret in ["s-1", "c-1", "k-1"] {
        assert!(!ended.stdout().contains(secret), "{secret}: {ended:#?}");
    }
    for key in [sandbox.maas_key(), sandbox.macrometa_key()] {
        for profile in ["lab", "play"] {
            let typed = format!("post x note={key} X-Note:{key} -p {profile} --dry-run");
            let ended = home.run(&words(&typed)).ok();
            if (profile == "lab") == key.contains(':') {
                assert_no_secret(&sandbox, &ended);
            }
        }
    }
    assert!(sandbox.requests().is_empty());
}

/// MAAS answers a wrong signature with the right secret in clear.
#[test]
fn the_secret_that_maas_prints_is_masked_everywhere() {
    let sandbox = Sandbox::start();
    let right = sandbox.maas_key();
    let (rest, secret) = right.rsplit_once(':').unwrap();
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{rest}:wrong-secret\"\n",
        sandbox.maas_url()
    ));
    for flags in [
        "",
        "-v",
        "-vv",
        "-i",
        "--error-body stdout",
        "--error-body stdout -o raw",
        "--error-body stdout -o json -vv",
        "--error-body none -vv",
    ] {
        let ended = home.run(&words(&format!("get machines {flags}"))).code(4);
        assert!(
            ended.stderr.contains("Invalid signature"),
            "{flags}: {ended:#?}"
        );
        assert_no_secret(&sandbox, &ended);
    }
    for (what, body) in [
        (
            "HTML",
            format!("<p>Expected signature base string: &amp;{secret}</p>").into_bytes(),
        ),
        (
            "encoded",
            format!("Expected signature base string: %26{secret}'").into_bytes(),
        ),
        (
            "JSON",
            format!("[\"Expected signature base string: &{secret}\"]").into_bytes(),
        ),
        (
            "no UTF-8",
            [
                b"\xff ",
                format!("Expected signature base string: &{secret}'").as_bytes(),
            ]
            .concat(),
        ),
    ] {
        for flags in ["--error-body stdout -o raw", "-vv", "-v"] {
            sandbox.fault(Fault::body(401, "text/html", body.clone()));
            let ended = home.run(&words(&format!("get machines {flags}"))).code(4);
            println!("{what}");
            assert_no_secret(&sandbox, &ended);
        }
    }
}

/// Text of servers has line ends of its own.
#[test]
fn pages_are_readable() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::status(400));
    let ended = home.run(&["get", "x", "-v"]).code(4);
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert!(lines.contains(&"<body>"), "{ended:#?}");
}

#[test]
fn where_the_body_of_an_error_goes() {
    let page = "<html><head><title>Oops</title></head><body>detail</body></html>";
    let long = format!("{} the end", "word ".repeat(100));
    for (what, label, body, flags, stdout, stderr) in [
        (
            "a line says it all",
            "text/plain",
            "No such thing.",
            "",
            false,
            false,
        ),
        ("a long text follows", "text/plain", &*long, "", false, true),
        ("a page does not", "text/html", page, "", false, false),
        ("but with -v", "text/html", page, "-v", false, true),
        (
            "none",
            "text/plain",
            &*long,
            "--error-body none",
            false,
            false,
        ),
        (
            "none",
            "text/html",
            page,
            "--error-body none -v",
            false,
            false,
        ),
        (
            "stdout",
            "text/html",
            page,
            "--error-body stdout",
            true,
            false,
        ),
        (
            "stdout, always",
            "text/plain",
            "No such thing.",
            "--error-body stdout",
            true,
            false,
        ),
        (
            "-vv: bodies too",
            "text/plain",
            "No such thing.",
            "-vv",
            false,
            true,
        ),
    ] {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        sandbox.fault(Fault::body(400, label, body));
        let ended = home.run(&words(&format!("get x {flags}"))).code(4);
        let body_lines = ended.stderr.lines().filter(|line| *line == body).count();
        assert_eq!(body_lines, usize::from(stderr), "{what}: {ended:#?}");
        assert_eq!(
            ended.stdout == body.as_bytes(),
            stdout,
            "{what}: {ended:#?}"
        );
        assert_eq!(ended.stdout.is_empty(), !stdout, "{what}: {ended:#?}");
    }
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::body(400, JSON, r#"{"name":["x"],"n":1.10}"#));
    let ended = home.run(&["get", "x", "--error-body", "stdout"]).code(4);
    assert_eq!(
        ended.stdout(),
        "{\n  \"name\": [\n    \"x\"\n  ],\n  \"n\": 1.10\n}\n"
    );
}
