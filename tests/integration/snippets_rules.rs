//! CONTRACT, Streams and output: what programs of `--as` do besides the request, and what the
//! command itself refuses.

use std::fs;
use std::process::Output;
use std::time::{Duration, Instant};

use base64::Engine as _;

use crate::sandbox::{Authority, Effect, Fault, Sandbox, Subject, Tls};
use crate::secrecy::descendants;
use crate::snippets::{ALL, CURL, FISH, HTTPIE, Language};
use crate::support::Home;

fn there() -> impl Iterator<Item = &'static Language> {
    ALL.into_iter().filter(|language| language.is_there())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn succeeded(output: &Output, program: &str) -> String {
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}\n{}\n{}\n{program}",
        output.status,
        text(&output.stdout),
        text(&output.stderr),
    );
    text(&output.stdout)
}

/// With the sandbox's own rules: it verifies each signature, and takes each nonce once.
#[test]
fn programs_sign_so_that_the_services_take_it() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("notes.txt", "NOTES");
    let maas = [("APICALL_KEY", sandbox.maas_key())];
    let macrometa = [("APICALL_KEY", sandbox.macrometa_key())];
    for language in there() {
        let whoami = language.written(&home, &["get", "users", "--op", "whoami"], b"");
        for _ in 0..2 {
            let reported = succeeded(&language.run(&home, &whoami, &maas, b""), &whoami);
            assert!(reported.contains("\"username\": \"admin\""), "{reported}");
        }
        let tag = format!("name=of-{}", language.name);
        let made = language.written(&home, &["post", "tags", &tag, "comment=it's"], b"");
        let reported = succeeded(&language.run(&home, &made, &maas, b""), &made);
        assert!(reported.contains("it's"), "{reported}");
        let file = format!("filename={}", language.name);
        let line = ["post", "files", &file, "file@notes.txt"];
        let sent = language.written(&home, &line, b"");
        succeeded(&language.run(&home, &sent, &maas, b""), &sent);
        let line = ["get", "files", "--op", "get", &file];
        assert_eq!(home.run(&line).ok().stdout(), "NOTES");
        let line = ["query", "RETURN 1 + 1", "-p", "play"];
        let line = [&line[..], &["--as", language.name]].concat();
        let query = home.run(&line).code(0);
        let note = "note: the program leaves out the pages after the first";
        assert!(query.stderr.contains(note), "{query:?}");
        let query = query.stdout().to_owned();
        let reported = succeeded(&language.run(&home, &query, &macrometa, b""), &query);
        assert!(reported.contains("\"result\""), "{reported}");
        let line = ["get", "version", "--anonymous"];
        let open = language.written(&home, &line, b"");
        assert!(!open.contains("APICALL_KEY"), "{open}");
        let reported = succeeded(&language.run(&home, &open, &[], b""), &open);
        assert!(reported.contains("version"), "{reported}");
        let line = ["head", "document/addresses/a1", "-p", "play"];
        let head = language.written(&home, &line, b"");
        let reported = succeeded(&language.run(&home, &head, &macrometa, b""), &head);
        assert!(reported.starts_with("HTTP/1.1 200 OK"), "{reported}");
        assert!(
            reported.to_lowercase().contains("x-gdn-region: "),
            "{reported}"
        );
    }
}

#[test]
fn a_failure_of_http_ends_a_program_with_a_failure_and_its_body() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let key = [("APICALL_KEY", sandbox.maas_key())];
    for language in there() {
        let program = language.written(&home, &["get", "x"], b"");
        for status in [404, 500] {
            sandbox.fault(Fault::body(status, "text/plain", "the cause"));
            let output = language.run(&home, &program, &key, b"");
            assert!(!output.status.success(), "{}", language.name);
            assert_eq!(text(&output.stdout).trim_end(), "the cause");
            assert!(
                text(&output.stderr).contains(&status.to_string()),
                "{output:?}"
            );
        }
        // A redirect could lead anywhere, and would take the key along.
        let before = sandbox.requests().len();
        sandbox.fault(Fault::redirect(302, sandbox.maas_url() + "/elsewhere"));
        let output = language.run(&home, &program, &key, b"");
        assert!(!output.status.success(), "{}: {output:?}", language.name);
        assert_eq!(sandbox.requests().len(), before + 1, "{}", language.name);
    }
    let closed = format!("http://127.0.0.1:{}/MAAS", Sandbox::closed_port());
    let home = Home::empty().var("APICALL_URL", closed);
    for language in there() {
        let program = language.written(&home, &["get", "version"], b"");
        let output = language.run(&home, &program, &[], b"");
        assert!(
            !output.status.success() && !output.stderr.is_empty(),
            "{output:?}"
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn nothing_is_sent_without_what_has_to_be_set() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let line = ["post", "x", "power_pass=pw-6YnC4sHf"];
    for language in there() {
        let program = language.written(&home, &line, b"");
        let secret = "APICALL_SECRET_POWER_PASS";
        for (vars, wanted) in [
            (&[(secret, "x")][..], "APICALL_KEY"),
            (&[("APICALL_KEY", ""), (secret, "x")], "APICALL_KEY"),
            (
                &[("APICALL_KEY", "a:b"), (secret, "x")],
                "consumer:token:secret",
            ),
            (
                &[("APICALL_KEY", "a:b:c:d"), (secret, "x")],
                "consumer:token:secret",
            ),
            (
                &[("APICALL_KEY", "a:b:"), (secret, "x")],
                "consumer:token:secret",
            ),
            (&[("APICALL_KEY", "a:b:c")], secret),
        ] {
            let output = language.run(&home, &program, vars, b"");
            assert!(!output.status.success(), "{} {vars:?}", language.name);
            let reported = text(&output.stderr);
            assert!(
                reported.contains(wanted),
                "{} {vars:?}: {reported}",
                language.name
            );
        }
    }
    assert!(sandbox.requests().is_empty());
}

/// A variable that was filled from a file ends its line, and one that holds no key is not shown.
#[test]
fn keys_are_taken_as_files_hold_them() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for language in there() {
        let program = language.written(&home, &["get", "users", "--op", "whoami"], b"");
        let line = format!("{}\r\n", sandbox.maas_key());
        let output = language.run(&home, &program, &[("APICALL_KEY", &line)], b"");
        succeeded(&output, &program);
        let before = sandbox.requests().len();
        let two = "consumer11:token-22:secret 33\nX-Other: 44";
        let output = language.run(&home, &program, &[("APICALL_KEY", two)], b"");
        assert!(!output.status.success(), "{}", language.name);
        let reported = text(&output.stderr);
        assert!(
            reported.contains("APICALL_KEY"),
            "{}: {reported}",
            language.name
        );
        assert!(
            !reported.contains("token-22"),
            "{}: {reported}",
            language.name
        );
        assert_eq!(sandbox.requests().len(), before, "{}", language.name);
    }
}

/// Whatever is typed, and whatever a profile holds.
#[test]
fn no_secret_stands_in_a_program() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::empty();
    let key = sandbox.maas_key();
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"{}\"\nkey = \"{key}\"\nproxy = \"http://me:pw-6YnC4sHf@127.0.0.1:9\"\n\
         headers = {{ X-Extra = \"hdr-8Kq3ZtXw7Rb\", Cookie = \"sid-Jd82mQpL5vTz\" }}\n",
        sandbox.maas_url()
    ));
    home.file("pw", "pw-6YnC4sHf");
    let json = format!("{{\"note\": \"is {key}\", \"list\": [{{\"password\": \"pw-6YnC4sHf\"}}]}}");
    for words in [
        &["get", "/machines/"][..],
        &["get", &format!("/machines/{key}/")],
        &[
            "get",
            "/machines/",
            &format!("q=is {key}"),
            "token=pw-6YnC4sHf",
        ],
        &["get", "/machines/?password=pw-6YnC4sHf"],
        &["get", "/machines/", &format!("{key}x=1")],
        &[
            "get",
            "/machines/",
            &format!("X-Mine:is {key}"),
            "X-Api-Key:pw-6YnC4sHf",
        ],
        &[
            "post",
            "/tags/",
            &format!("note=is {key}"),
            "password=pw-6YnC4sHf",
        ],
        &[
            "post",
            "/tags/",
            "password=@pw",
            "url=http://me:pw-6YnC4sHf@host/",
        ],
        &[
            "post",
            "/tags/",
            "--multipart",
            &format!("note={key}"),
            "password=@pw",
        ],
        &[
            "post",
            "/tags/",
            "--json",
            &format!("note={key}"),
            "o[password]=pw-6YnC4sHf",
        ],
        &["post", "/tags/", "--body", &json, "Content-Type:a/b"],
        &[
            "post",
            "/tags/",
            "--body",
            &format!("text {key}"),
            "Content-Type:a/b",
        ],
        &[
            "post",
            "/tags/",
            "--form",
            "--body",
            "a=1&password=pw-6YnC4sHf",
        ],
    ] {
        for language in ALL {
            let program = language.written(&home, words, b"");
            let parts = key.split(':');
            for secret in parts.chain(["hdr-8Kq3ZtXw7Rb", "Jd82mQpL5vTz", "pw-6YnC4sHf"]) {
                assert!(!program.contains(secret), "{secret}: {program}");
            }
            assert!(program.contains("APICALL_SECRET_X_EXTRA"), "{program}");
        }
    }
    assert!(sandbox.requests().is_empty());
}

/// While it runs: neither the key nor another secret is an argument of a process.
#[test]
#[cfg(target_os = "linux")]
fn no_argument_of_a_process_holds_a_secret() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let value = "pw-6YnC4sHf";
    let line = ["post", "x", "power_pass=x", "X-Api-Token:y"];
    for (profile, key) in [
        ("lab", sandbox.maas_key()),
        ("play", sandbox.macrometa_key()),
    ] {
        let vars = [
            ("APICALL_KEY", key),
            ("APICALL_SECRET_POWER_PASS", value),
            ("APICALL_SECRET_X_API_TOKEN", value),
        ];
        for language in there() {
            let program = language.written(&home, &[&line[..], &["-p", profile]].concat(), b"");
            let file = home.file("program", &program);
            sandbox.fault(
                Fault::body(200, "application/json", "{}")
                    .and(Effect::Delay(Duration::from_millis(300))),
            );
            let mut child = language.spawn(&home, &file, &vars);
            drop(child.stdin.take());
            let started = Instant::now();
            let mut seen = 0;
            while child.try_wait().unwrap().is_none() {
                assert!(started.elapsed() < Duration::from_secs(60));
                for pid in descendants(child.id()) {
                    let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
                    let arguments = text(&arguments);
                    for secret in key.split([':', '.']).chain([value]).filter(|s| s.len() > 8) {
                        assert!(
                            !arguments.contains(secret),
                            "{}: {arguments}",
                            language.name
                        );
                    }
                    seen += 1;
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            let output = child.wait_with_output().unwrap();
            succeeded(&output, &program);
            assert!(seen > 20, "{seen} looks at {}", language.name);
        }
    }
}

#[test]
fn standard_input_is_the_programs() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let mut child = home.spawn(&["put", "x", "-", "Content-Type:a/b", "--as", "curl"]);
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "it waits for its input"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(child.wait().unwrap().success());
}

#[test]
fn limits_are_kept() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let key = [("APICALL_KEY", sandbox.maas_key())];
    sandbox.fault(Fault::from(Effect::StallBeforeHead).always());
    for language in there() {
        let line = ["get", "x", "--timeout", "300ms"];
        let program = language.written(&home, &line, b"");
        let started = Instant::now();
        let output = language.run(&home, &program, &key, b"");
        assert!(!output.status.success(), "{}", language.name);
        assert!(
            started.elapsed() < Duration::from_secs(8),
            "{}",
            language.name
        );
    }
}

/// A limit for connecting is none for a server that thinks.
#[test]
fn a_limit_for_connecting_ends_with_the_connection() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let line = ["get", "version", "--connect-timeout", "200ms"];
    for language in there() {
        let program = language.written(&home, &line, b"");
        sandbox.fault(Fault::from(Effect::Delay(Duration::from_millis(500))));
        let key = [("APICALL_KEY", sandbox.maas_key())];
        succeeded(&language.run(&home, &program, &key, b""), &program);
    }
}

#[test]
fn certificates_are_looked_at_as_the_profile_says() {
    let ca = Authority::new("Lab CA");
    let identity = ca.issue(&Subject::loopback());
    let digest = ring::digest::digest(&ring::digest::SHA256, &identity.public_key);
    let pin = base64::engine::general_purpose::STANDARD.encode(digest);
    let pin = format!("sha256//{pin}");
    let sandbox = Sandbox::start_tls(Tls::new(identity));
    let home = Home::with_profiles(&sandbox);
    home.file("my 'ca.pem", &ca.certificate_pem);
    let key = [("APICALL_KEY", sandbox.maas_key())];
    let run = |language: &Language, flags: &[&str]| {
        let line = [&["get", "version"], flags].concat();
        let program = language.written(&home, &line, b"");
        (language.run(&home, &program, &key, b""), program)
    };
    for language in there() {
        let (refused, _) = run(language, &[]);
        assert!(!refused.status.success(), "{}", language.name);
        let (trusted, program) = run(language, &["--ca-file", "my 'ca.pem"]);
        succeeded(&trusted, &program);
        let (blind, program) = run(language, &["-k"]);
        // Python's HTTPS says nothing, Node's warns.
        assert!(blind.status.success(), "{blind:?} {program}");
        assert!(program.contains(" WARNING: the server's certificate is not verified"));
    }
    let other = format!("sha256//{}=", "A".repeat(43));
    for language in [&CURL, &FISH].into_iter().filter(|l| l.is_there()) {
        let (pinned, program) = run(language, &["--pin", &pin]);
        succeeded(&pinned, &program);
        assert!(!run(language, &["--pin", &other]).0.status.success());
    }
    for language in ALL
        .into_iter()
        .filter(|l| !["curl", "fish"].contains(&l.name))
    {
        let line = ["get", "version", "--pin", &pin, "--as", language.name];
        home.run(&line).fails(2, "cannot look at a `pin`");
    }
}

#[test]
fn client_certificates_are_shown() {
    let ca = Authority::new("Lab CA");
    let server = Tls::new(ca.issue(&Subject::loopback())).client_authority(&ca);
    let sandbox = Sandbox::start_tls(server);
    let home = Home::with_profiles(&sandbox);
    let own = ca.issue(&Subject::new("me", &["me.example"]));
    home.file("ca.pem", &ca.certificate_pem);
    home.file("me:1.pem", &own.certificate_pem);
    home.file("me.key", &own.key_pem);
    let key = [("APICALL_KEY", sandbox.maas_key())];
    let line = [
        "get",
        "version",
        "--ca-file",
        "ca.pem",
        "--client-cert",
        "me:1.pem",
        "--client-key",
        "me.key",
    ];
    for language in there() {
        let program = language.written(&home, &line, b"");
        succeeded(&language.run(&home, &program, &key, b""), &program);
    }
}

#[test]
fn what_can_not_be_a_program_is_refused() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    for (line, why) in [
        (&["get", "x", "--as", "perl"][..], "invalid value 'perl'"),
        (&["get", "x", "--as", "curl", "--dry-run"], "--dry-run"),
        (
            &["get", "/machines/@node18/", "--as", "curl"],
            "`--as` asks nobody what a name in the path or a value stands for",
        ),
        (
            &["head", "x", "--json", "a=1", "--as", "curl"],
            "curl cannot send a HEAD with a body",
        ),
        (
            &["get", "machines/a b", "--as", "curl"],
            "the path has a blank",
        ),
    ] {
        home.run(line).fails(2, why);
    }
    // MAAS enlists a machine when it gets an unsigned one.
    let home = Home::empty().var("APICALL_URL", sandbox.maas_url());
    let line = ["post", "machines", "a=1", "--as", "curl"];
    home.run(&line).fails(9, "the profile has no key");
    home.run(&["get", "machines", "--as", "curl"]).ok();
    assert!(sandbox.requests().is_empty());
}

#[test]
fn what_a_program_leaves_out_is_said() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let plain = CURL.written(&home, &["get", "events", "--op", "query"], b"");
    for flags in [
        &["--paginate"][..],
        &["--jq", ".events", "-r"],
        &["-o", "csv"],
        &["--download", "file"],
    ] {
        let line = ["get", "events", "--op", "query", "--as", "curl"];
        let ended = home.run(&[&line[..], flags].concat()).code(0);
        let note = "apicall: note: the program leaves out `-o`";
        assert!(ended.stderr.starts_with(note), "{flags:?} {ended:?}");
        // The first page is asked for as large as apicall does it.
        let program = ended.stdout().replace("&limit=1000", "");
        assert_eq!(program, plain, "{flags:?}");
    }
    assert!(!home.path().join("file").exists());
}

/// The program reads the key; who writes it does not have to have one.
#[test]
fn the_key_is_not_read() {
    let home = Home::empty();
    for source in [
        "key_file = \"none\"",
        "key_env = \"NONE\"",
        "key_command = \"touch ran; exit 1\"",
    ] {
        home.write_config(&format!(
            "[profiles.play]\nservice = \"macrometa\"\nurl = \"https://x.example\"\n{source}\nscheme = \"\"\n"
        ));
        for language in ALL {
            let program = language.written(&home, &["get", "collection"], b"");
            assert!(program.contains("APICALL_KEY"), "{program}");
            assert!(!program.contains("apikey"), "{program}");
        }
    }
    assert!(!home.path().join("ran").exists());
}

/// A secret header is on a descriptor, and a shell has seven to spare.
#[test]
fn httpie_has_an_end_of_secret_headers() {
    let home = Home::empty();
    let profile = |count: usize| {
        let headers: Vec<String> = (0..count).map(|n| format!("X-{n} = \"v\"")).collect();
        home.write_config(&format!(
            "[profiles.lab]\nurl = \"http://127.0.0.1:9/MAAS\"\nkey = \"c:t:s\"\nheaders = {{ {} }}\n",
            headers.join(", ")
        ));
    };
    profile(6);
    HTTPIE.written(&home, &["get", "x"], b"");
    profile(7);
    home.run(&["get", "x", "--as", "httpie"])
        .fails(2, "HTTPie cannot be given so many secret headers");
    CURL.written(&home, &["get", "x"], b"");
}
