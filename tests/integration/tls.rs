//! TLS with certificates made here: what is trusted, what is refused, and what is said.

use std::path::PathBuf;

use base64::Engine as _;

use crate::sandbox::Sandbox;
use crate::sandbox::{Authority, Identity, Subject, Tls, Validity, Versions};
use crate::support::{self, Ended, Home};

/// A server, and a home whose only profile is it.
fn server(tls: Tls, settings: &str) -> (Sandbox, Home) {
    let sandbox = Sandbox::start_tls(tls);
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{}\"\n{settings}\n",
        sandbox.maas_url(),
        sandbox.maas_key()
    ));
    (sandbox, home)
}

fn whoami(home: &Home, flags: &[&str]) -> Ended {
    let mut args = vec!["get", "/users/", "--op", "whoami"];
    args.extend(flags);
    home.run(&args)
}

fn pin_of(identity: &Identity) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, &identity.public_key);
    let base64 = base64::engine::general_purpose::STANDARD.encode(digest);
    format!("sha256//{base64}")
}

fn write(home: &Home, name: &str, pem: &str) -> String {
    let path: PathBuf = home.file(name, pem);
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_private_ca_is_trusted_in_both_versions() {
    for versions in [Versions::Only12, Versions::Only13] {
        let ca = Authority::new("Lab CA");
        let tls = Tls::new(ca.issue(&Subject::loopback())).versions(versions);
        let (sandbox, home) = server(tls, "");
        let file = write(&home, "ca.pem", &ca.certificate_pem);
        let ended = whoami(&home, &["--ca-file", &file]).ok();
        assert_eq!(ended.json()["username"], "admin");
        assert!(sandbox.last().tls);
        let home = home.var("APICALL_CA_FILE", file);
        whoami(&home, &[]).ok();
    }
}

#[test]
fn refused_certificates_are_described() {
    let other = Authority::new("Other CA");
    let ca = Authority::new("Lab CA");
    let at = |validity| Subject::loopback().validity(validity);
    for (identity, texts) in [
        (
            ca.issue(&at(Validity::Expired)),
            ["has expired", "until 2020-01-01", "clock"],
        ),
        (
            ca.issue(&at(Validity::NotYet)),
            ["not valid yet", "from 2090-01-01", "clock"],
        ),
        (
            ca.issue(&Subject::new("elsewhere", &["elsewhere.example"])),
            ["is for", "elsewhere.example", "not for `127.0.0.1`"],
        ),
        (
            other.issue(&Subject::loopback()),
            ["not signed by anybody trusted", "CN=Other CA", "--ca-file"],
        ),
        (
            Identity::self_signed(&Subject::loopback()),
            [
                "not signed by anybody trusted",
                "self-signed",
                "--pin sha256//",
            ],
        ),
        (
            Identity::self_signed(&Subject::loopback().ca()),
            ["certificate", "self-signed", "--pin sha256//"],
        ),
    ] {
        let (sandbox, home) = server(Tls::new(identity), "");
        let file = write(&home, "ca.pem", &ca.certificate_pem);
        let ended = whoami(&home, &["--ca-file", &file]);
        for text in texts {
            assert!(ended.stderr.contains(text), "{text}: {}", ended.stderr);
        }
        assert_eq!(ended.code, 8, "{}", ended.stderr);
        assert!(
            sandbox.requests().is_empty(),
            "nothing is sent to a server that is not trusted"
        );
    }
}

#[test]
fn the_system_store_knows_no_private_ca() {
    let ca = Authority::new("Lab CA");
    let (_sandbox, home) = server(Tls::new(ca.issue(&Subject::loopback())), "");
    let other = write(
        &home,
        "bundle.pem",
        &Authority::new("Public CA").certificate_pem,
    );
    let home = home.var("SSL_CERT_FILE", other);
    whoami(&home, &[]).fails(8, "not signed by anybody trusted");
    let file = write(&home, "ca.pem", &ca.certificate_pem);
    let home = home.var("SSL_CERT_FILE", file);
    whoami(&home, &[]).ok();
}

#[test]
fn a_self_signed_certificate_in_the_file_is_trusted_for_name_and_date() {
    for subject in [Subject::loopback(), Subject::loopback().ca()] {
        let identity = Identity::self_signed(&subject);
        let (_sandbox, home) = server(Tls::new(identity.clone()), "");
        let file = write(&home, "own.pem", &identity.certificate_pem);
        whoami(&home, &["--ca-file", &file]).ok();
    }
    for (subject, text) in [
        (
            Subject::loopback().validity(Validity::Expired),
            "has expired",
        ),
        (
            Subject::loopback().ca().validity(Validity::Expired),
            "has expired",
        ),
        (Subject::new("x", &["x.example"]), "is for"),
        (Subject::new("x", &["x.example"]).ca(), "is for"),
    ] {
        let identity = Identity::self_signed(&subject);
        let (_sandbox, home) = server(Tls::new(identity.clone()), "");
        let file = write(&home, "own.pem", &identity.certificate_pem);
        whoami(&home, &["--ca-file", &file]).fails(8, text);
    }
    // Another certificate of the same name is not the one that is trusted.
    let (_sandbox, home) = server(
        Tls::new(Identity::self_signed(&Subject::loopback().ca())),
        "",
    );
    let twin = Identity::self_signed(&Subject::loopback().ca());
    let file = write(&home, "own.pem", &twin.certificate_pem);
    assert_eq!(whoami(&home, &["--ca-file", &file]).code, 8);
}

#[test]
fn a_pin_counts_instead_of_name_date_and_issuer() {
    let subject = Subject::new("x", &["x.example"]).validity(Validity::Expired);
    let identity = Identity::self_signed(&subject);
    let pin = pin_of(&identity);
    let (_sandbox, home) = server(Tls::new(identity.clone()), &format!("pin = \"{pin}\""));
    whoami(&home, &[]).ok();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(&pin["sha256//".len()..])
        .unwrap();
    let hex = bytes
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect::<Vec<_>>()
        .join(":");
    whoami(&home, &["--pin", &hex]).ok();
    // The same certificate with another key is another server.
    let (_sandbox, home) = server(
        Tls::new(Identity::self_signed(&subject)),
        &format!("pin = \"{pin}\""),
    );
    let ended = whoami(&home, &[]).fails(8, "not the pinned one");
    assert!(
        ended.stderr.contains("the server's key is `sha256//"),
        "{}",
        ended.stderr
    );
    // `insecure` leaves out what a pin replaces, and not the pin.
    let ended = whoami(&home, &["-k"]).fails(8, "");
    assert!(ended.stderr.contains("not the pinned one"), "{ended:?}");
    assert!(
        ended.stderr.contains("`insecure` changes nothing"),
        "{ended:?}"
    );
    let new = ended.stderr.split("the server's key is `").nth(1).unwrap();
    let new = new.split('`').next().unwrap();
    let ended = whoami(&home, &["-k", "--pin", new]).code(0);
    assert!(!ended.stderr.contains("not verified"), "{ended:?}");
}

#[test]
fn a_pin_that_is_none() {
    let (sandbox, home) = server(Tls::new(Identity::self_signed(&Subject::loopback())), "");
    for pin in ["zz", "sha256//abc", "sha256//nonsense", ""] {
        for more in [&[][..], &["--dry-run"], &["-k"]] {
            let ended = whoami(&home, &[&["--pin", pin], more].concat()).fails(2, "--pin");
            assert!(ended.stderr.contains("64 hex digits"), "{ended:?}");
        }
    }
    let (silent, home) = server(
        Tls::new(Identity::self_signed(&Subject::loopback())),
        "pin = \"zz\"",
    );
    whoami(&home, &[]).fails(9, "`pin`: this is not the hash");
    whoami(&home, &["-k"]).code(9);
    assert!(sandbox.may_stay_silent().requests().is_empty());
    assert!(silent.may_stay_silent().requests().is_empty());
}

#[test]
fn a_shown_certificate_needs_its_key() {
    // The right certificate in the hands of one who has not its key: the handshake's signature
    // is verified under a pin and under `insecure`, too.
    let identity = Identity::self_signed(&Subject::loopback());
    let pin = pin_of(&identity);
    let thief = Identity::self_signed(&Subject::loopback());
    let stolen = Identity {
        key: thief.key,
        key_pem: thief.key_pem,
        ..identity
    };
    let (_sandbox, home) = server(Tls::new(stolen), "");
    assert_eq!(whoami(&home, &["--pin", &pin]).code, 8);
    assert_eq!(whoami(&home, &["--insecure"]).code, 8);
}

#[test]
fn insecure_warns_on_every_call() {
    let identity = Identity::self_signed(&Subject::loopback());
    let (_sandbox, home) = server(Tls::new(identity), "insecure = true");
    for _ in 0..2 {
        let ended = whoami(&home, &[]).code(0);
        assert_eq!(
            ended.stderr.matches("warning").count(),
            1,
            "{}",
            ended.stderr
        );
        assert!(ended.stderr.contains("not verified"), "{}", ended.stderr);
    }
}

#[test]
fn client_certificates() {
    let ca = Authority::new("Lab CA");
    let tls = || Tls::new(ca.issue(&Subject::loopback())).client_authority(&ca);
    let me = ca.issue(&Subject::new("me", &["me.example"]));
    for versions in [Versions::Only12, Versions::Only13] {
        let (_sandbox, home) = server(tls().versions(versions), "");
        let ca_file = write(&home, "ca.pem", &ca.certificate_pem);
        let cert = write(&home, "me.pem", &me.certificate_pem);
        let key = write(&home, "me.key", &me.key_pem);
        let other = write(&home, "other.key", &ca.issue(&Subject::loopback()).key_pem);
        let with = |flags: &[&str]| {
            whoami(
                &home,
                &[&["--ca-file", &ca_file, "--retries", "0"], flags].concat(),
            )
        };
        with(&["--client-cert", &cert, "--client-key", &key]).ok();
        let ended = with(&[]);
        assert_eq!(ended.code, 8, "{}", ended.stderr);
        assert!(ended.stderr.contains("--client-cert"), "{}", ended.stderr);
        with(&["--client-cert", &cert, "--client-key", &other])
            .fails(8, "does not belong to the client certificate");
        with(&["--client-cert", &cert, "--client-key", "gone.key"]).fails(8, "gone.key");
        with(&["--client-cert", &cert]).fails(8, "holds no private key");
        let both = write(
            &home,
            "both.pem",
            &format!("{}{}", me.certificate_pem, me.key_pem),
        );
        with(&["--client-cert", &both]).ok();
        with(&["--client-key", &key]).fails(2, "`--client-key` needs `--client-cert`");
        for (name, text) in [
            (
                "new.key",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END ENCRYPTED PRIVATE KEY-----\n",
            ),
            (
                "old.key",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMII=\n-----END RSA PRIVATE KEY-----\n",
            ),
        ] {
            let key = write(&home, name, text);
            let ended = with(&["--client-cert", &cert, "--client-key", &key]);
            let ended = ended.fails(8, "is encrypted with a password");
            assert!(ended.stderr.contains("openssl pkey"), "{ended:?}");
        }
        let (silent, home) = server(tls(), "client_key = \"me.key\"");
        whoami(&home, &[]).fails(9, "`client_key` needs `client_cert`");
        drop(silent.may_stay_silent());
    }
}

#[test]
fn files_that_hold_no_certificate() {
    let (sandbox, home) = server(Tls::new(Identity::self_signed(&Subject::loopback())), "");
    let empty = write(&home, "empty.pem", "");
    let text = write(&home, "text.pem", "hello\n");
    let ca = Authority::new("Lab CA").certificate_pem;
    let ca_file = write(&home, "ca.pem", &ca);
    let cut = write(&home, "cut.pem", &ca[..ca.len() / 2]);
    let torn = write(
        &home,
        "torn.pem",
        &ca.replace("CERTIFICATE-----\nMII", "CERTIFICATE-----\n?"),
    );
    let start = write(&home, "start.pem", "-----BEGIN CERTIFICATE\n");
    for (file, what) in [
        (cut, "is cut short"),
        (torn, "is not base64"),
        (start, "-----BEGIN"),
    ] {
        let ended = whoami(&home, &["--ca-file", &file]).fails(8, what);
        assert!(!ended.stderr.contains(['{', '[']), "{}", ended.stderr);
    }
    // Nobody may ever write to a pipe, and a device may never end.
    let pipe = home.path().join("pipe.pem");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let long = write(&home, "long.pem", &"x".repeat(17 << 20));
    for (file, what) in [
        (pipe.to_str().unwrap(), "is a pipe or a device"),
        ("/dev/zero", "is a pipe or a device"),
        (&long, "is longer than"),
    ] {
        whoami(&home, &["--ca-file", file]).fails(8, what);
        whoami(&home, &["--client-cert", file, "--insecure"]).code(8);
        let key = [
            "--client-cert",
            &ca_file,
            "--client-key",
            file,
            "--insecure",
        ];
        let ended = whoami(&home, &key).code(8);
        assert!(ended.stderr.contains(what), "{ended:?}");
    }
    for file in [empty.as_str(), &text, "gone.pem"] {
        let ended = whoami(&home, &["--ca-file", file]).fails(8, file);
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    }
    // Nothing is connected, because nobody could be trusted.
    assert!(sandbox.may_stay_silent().requests().is_empty());
}

#[test]
fn a_port_without_tls() {
    let sandbox = Sandbox::start();
    let home = Home::empty()
        .var(
            "APICALL_URL",
            sandbox.maas_url().replace("http://", "https://"),
        )
        .var("APICALL_KEY", sandbox.maas_key());
    let ended = home.run(&["get", "/tags/"]).fails(8, "TLS");
    assert!(ended.stderr.contains("http://"), "{}", ended.stderr);
}

/// Runs openssl in the home; `false` where it is not installed.
fn openssl(home: &Home, args: &str) -> bool {
    std::process::Command::new("openssl")
        .args(args.split(' '))
        .current_dir(home.path())
        .output()
        .is_ok_and(|o| o.status.success())
}

fn read_identity(home: &Home) -> Option<Identity> {
    let der = |name: &str| std::fs::read(home.path().join(name)).ok();
    Some(Identity {
        certificate: der("cert.der")?,
        key: der("key.der")?,
        ..Identity::self_signed(&Subject::loopback())
    })
}

#[test]
fn certificates_as_openssl_makes_them() {
    let home = Home::empty();
    // With a CA bit and no subjectAltName: trusted by its file for its common name.
    let made = openssl(
        &home,
        "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=127.0.0.1 -keyout key.pem -out cert.pem",
    ) && openssl(&home, "x509 -in cert.pem -outform der -out cert.der")
        && openssl(
            &home,
            "pkcs8 -topk8 -nocrypt -in key.pem -outform der -out key.der",
        );
    let Some(identity) = made.then(|| read_identity(&home)).flatten() else {
        support::skip("openssl");
        return;
    };
    let (sandbox, lab) = server(Tls::new(identity), "");
    let file = home.path().join("cert.pem");
    whoami(&lab, &["--ca-file", file.to_str().unwrap()]).ok();
    let other = write(&lab, "other.pem", &Authority::new("Other").certificate_pem);
    let ended = whoami(&lab, &["--ca-file", &other]).fails(8, "self-signed");
    assert!(!ended.stderr.contains("OtherError"), "{ended:?}");
    drop(sandbox);

    // Version 1, as `openssl x509 -req` made it until 3.2: judged by its key.
    let made = openssl(
        &home,
        "req -newkey rsa:2048 -nodes -subj /CN=old -keyout key.pem -out req.pem",
    ) && openssl(
        &home,
        "x509 -req -in req.pem -signkey key.pem -days 30 -out cert.pem",
    ) && openssl(&home, "x509 -in cert.pem -outform der -out cert.der")
        && openssl(
            &home,
            "pkcs8 -topk8 -nocrypt -in key.pem -outform der -out key.der",
        );
    assert!(made);
    let identity = read_identity(&home).unwrap();
    for versions in [Versions::Only12, Versions::Only13] {
        let (_sandbox, lab) = server(Tls::new(identity.clone()).versions(versions), "");
        whoami(&lab, &["--insecure"]).code(0);
        let ended = whoami(&lab, &["--ca-file", &other_ca(&lab)]).code(8);
        assert!(!ended.stderr.contains("OtherError"), "{ended:?}");
        let pin = ended.stderr.split("--pin ").nth(1).unwrap();
        let pin = pin.split('`').next().unwrap();
        whoami(&lab, &["--pin", pin]).ok();
    }
}

fn other_ca(home: &Home) -> String {
    write(
        home,
        "other-ca.pem",
        &Authority::new("Other").certificate_pem,
    )
}

/// rustls's own clock panics there.
#[test]
fn a_clock_before_1970() {
    if !support::is_installed("faketime") {
        return;
    }
    let ca = Authority::new("Lab CA");
    let tls = Tls::new(ca.issue(&Subject::new("x", &["127.0.0.1"])));
    let (_sandbox, home) = server(tls, "");
    let file = write(&home, "ca.pem", &ca.certificate_pem);
    for trust in [&["--ca-file", &file][..], &["--insecure"]] {
        let plain = home.command(&[&["get", "/tags/"], trust].concat());
        let output = std::process::Command::new("faketime")
            .arg("1969-06-01 00:00:00")
            .arg(plain.get_program())
            .args(plain.get_args())
            .envs(plain.get_envs().filter_map(|(k, v)| Some((k, v?))))
            .current_dir(home.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(8), "{stderr}");
        assert!(stderr.contains("clock stands before 1970"), "{stderr}");
        assert!(stderr.contains("hint: set the clock"), "{stderr}");
    }
}
