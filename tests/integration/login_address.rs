//! `login`: what users write as an address, and what it turns out to be.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::sandbox::{Effect, Fault, Identity, Options, Sandbox, Subject, Tls};
use crate::support::{Ended, Home};

fn login(home: &Home, url: &str, key: &str, more: &[&str]) -> Ended {
    let mut args = vec!["login", url, "--key-stdin", "-p", "it", "--replace"];
    args.extend(more);
    home.run_with(&args, key.as_bytes())
}

#[track_caller]
fn stores(home: &Home, url: &str) {
    let line = format!("url = \"{url}\"\n");
    assert!(home.config().contains(&line), "{line} {}", home.config());
}

fn tls_sandbox() -> (Sandbox, String) {
    let identity = Identity::self_signed(&Subject::loopback());
    let pem = identity.certificate_pem.clone();
    (Sandbox::start_tls(Tls::new(identity)), pem)
}

/// A port that passes what begins a handshake to one server, and the rest to another.
fn both(secure: &Sandbox, plain: &Sandbox) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (secure, plain) = (secure.address(), plain.address());
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut first = [0];
                if client.peek(&mut first).unwrap_or(0) == 0 {
                    return;
                }
                let to = if first[0] == 0x16 { secure } else { plain };
                let server = TcpStream::connect(to).unwrap();
                let (mut from, mut into) = (client.try_clone().unwrap(), &server);
                let back = server.try_clone().unwrap();
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut &back, &mut &client);
                    let _ = client.shutdown(std::net::Shutdown::Both);
                });
                let _ = std::io::copy(&mut from, &mut into);
                let _ = server.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    port
}

/// Who stands between and spoils the certificate is not given the key in the clear.
#[test]
fn http_is_no_way_around_a_refused_certificate() {
    let (secure, pem) = tls_sandbox();
    let secure = secure.may_stay_silent();
    let plain = Sandbox::start();
    let home = Home::empty();
    home.file("ca.pem", &pem);
    let at = format!("127.0.0.1:{}", both(&secure, &plain));
    let ended = login(&home, &at, plain.maas_key(), &[]).code(8);
    let way = format!("`apicall login http://{at}/MAAS` is without TLS");
    assert!(ended.stderr.contains(&way), "{ended:?}");
    assert!(
        plain
            .requests()
            .iter()
            .all(|r| r.header("authorization").is_none())
    );
    login(&home, &format!("http://{at}"), plain.maas_key(), &[]).code(0);
    stores(&home, &format!("http://{at}/MAAS"));
    login(&home, &at, secure.maas_key(), &["--ca-file", "ca.pem"]).code(0);
    stores(&home, &format!("https://{at}/MAAS"));
}

#[test]
fn every_form_of_a_maas_address() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let port = sandbox.address().port();
    let at = format!("127.0.0.1:{port}");
    for typed in [
        at.clone(),
        format!("{at}/"),
        format!("{at}/MAAS"),
        format!(" {at}/MAAS/ "),
        format!("http://{at}"),
        format!("HTTP://{at}/MAAS"),
        format!("http://{at}/MAAS/"),
        format!("http://{at}/MAAS/api/2.0"),
        format!("http://{at}/MAAS/api/2.0/"),
        format!("http://{at}/MAAS/api/2.0/machines/"),
        format!("http://{at}/MAAS/r/machines?status=ready"),
        format!("http://{at}/MAAS/l/#/machines"),
    ] {
        let ended = login(&home, &typed, sandbox.maas_key(), &[]).code(0);
        assert!(
            ended
                .stderr
                .starts_with(&format!("MAAS 3.8.0 at http://{at}/MAAS\n")),
            "{typed}: {ended:#?}"
        );
        stores(&home, &format!("http://{at}/MAAS"));
    }
    let typed = format!("LocalHost:{port}");
    login(&home, &typed, sandbox.maas_key(), &[]).code(0);
    stores(&home, &format!("http://localhost:{port}/MAAS"));
}

#[test]
fn a_host_alone_is_looked_for_on_the_ports_of_maas() {
    // The port may belong to somebody else on this machine.
    if TcpListener::bind((Ipv4Addr::LOCALHOST, 5240)).is_err() {
        return;
    }
    let sandbox = Sandbox::with(Options {
        port: 5240,
        ..Options::default()
    });
    let home = Home::empty();
    for typed in ["127.0.0.1", "http://127.0.0.1", "127.0.0.1/MAAS"] {
        login(&home, typed, sandbox.maas_key(), &[]).code(0);
        stores(&home, "http://127.0.0.1:5240/MAAS");
    }
}

#[test]
fn a_macrometa_on_a_test_host() {
    let sandbox = Sandbox::with(Options {
        maas: false,
        ..Options::default()
    });
    let home = Home::empty();
    let at = sandbox.address();
    for typed in [
        format!("{at}"),
        format!("http://{at}/"),
        format!("http://{at}/_fabric/_system/_api/collection"),
    ] {
        let ended = login(&home, &typed, sandbox.macrometa_key(), &[]).code(0);
        let found = format!("Macrometa at http://{at}\n");
        assert!(ended.stderr.starts_with(&found), "{typed}: {ended:#?}");
        stores(&home, &format!("http://{at}"));
        assert!(home.config().contains("service = \"macrometa\""));
    }
    // No `api-` goes before the name of a test host, and no key was sent before it was known.
    let first = &sandbox.requests()[0];
    assert_eq!(first.header("host"), Some(at.to_string().as_str()));
    assert_eq!(first.header("authorization"), None);
}

#[test]
fn a_server_of_one_service_is_not_taken_for_the_other() {
    let maas = Sandbox::with(Options {
        macrometa: false,
        ..Options::default()
    });
    let home = Home::empty();
    let at = maas.address().to_string();
    login(&home, &at, maas.maas_key(), &[]).code(0);
    assert!(home.config().contains("service = \"maas\""));
    let home = Home::empty();
    let ended = login(&home, &maas.url(), "t.k.h", &["--service", "macrometa"])
        .fails(4, "is not Macrometa: it responds with 404");
    assert!(ended.stderr.contains("hint: "), "{ended:#?}");
    assert_eq!(home.config(), "");
    let gdn = Sandbox::with(Options {
        maas: false,
        ..Options::default()
    });
    login(&home, &format!("{}/MAAS", gdn.url()), "a:b:c", &[]).fails(4, "is not MAAS");
    // Both on one origin: the path decides, and MAAS goes first.
    let both = Sandbox::start();
    login(&home, &both.address().to_string(), both.maas_key(), &[]).code(0);
    assert!(home.config().contains("service = \"maas\""));
}

#[test]
fn a_server_that_is_neither() {
    let sandbox = Sandbox::with(Options {
        maas: false,
        macrometa: false,
        ..Options::default()
    });
    let home = Home::empty();
    let url = format!("http://{}", sandbox.address());
    let ended = login(&home, &url, "a:b:c", &[]).fails(4, "is not MAAS: it responds with 404");
    assert!(
        ended.stderr.contains("hint: write the complete address"),
        "{ended:#?}"
    );
    let said = ["--service", "macrometa"];
    let ended = login(&home, &url, "k", &said).fails(4, "is not Macrometa: it responds with 404");
    assert!(
        ended
            .stderr
            .contains("hint: write the address, e.g. `https://api-"),
        "{ended:#?}"
    );
    sandbox.fault(Fault::body(200, "text/html", "<h1>It works!</h1>").always());
    login(&home, &url, "a:b:c", &[]).fails(9, "it responds with 200 OK");
    sandbox.clear_faults();
    sandbox.fault(Fault::garbage().always());
    login(&home, &url, "a:b:c", &[]).fails(7, "not HTTP");
    let closed = format!("http://127.0.0.1:{}", Sandbox::closed_port());
    login(&home, &closed, "a:b:c", &[]).fails(7, "connection refused");
    assert_eq!(home.config(), "");
}

#[test]
fn a_silent_server_is_not_waited_for_for_ever() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    sandbox.fault(Fault::from(Effect::StallBeforeHead).always());
    let started = Instant::now();
    let url = sandbox.maas_url();
    login(&home, &url, sandbox.maas_key(), &["--timeout", "200ms"]).fails(6, "timed out");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn addresses_that_mean_nothing() {
    let home = Home::empty();
    for (typed, why) in [
        ("", "the address has no host"),
        ("ftp://h", "neither `http://` nor `https://`"),
        ("http://me:SECRET@h/MAAS", "holds a user name or password"),
        ("me:SECRET@h", "holds a user name or password"),
        ("a b", "a character in its host that no host name has"),
        ("h:99999", "a port that is not a number"),
    ] {
        let ended = login(&home, typed, "a:b:c", &[]).fails(2, why);
        assert!(!ended.stderr.contains("SECRET"), "{ended:#?}");
    }
    home.run(&["login"]).fails(2, "needs the address");
}

#[test]
fn https_goes_first_and_is_verified() {
    let (sandbox, pem) = tls_sandbox();
    let home = Home::empty();
    home.file("ca.pem", pem);
    let at = sandbox.address();
    let trusting = ["--ca-file", "ca.pem"];
    for typed in [format!("{at}"), format!("https://{at}/MAAS/")] {
        login(&home, &typed, sandbox.maas_key(), &trusting).code(0);
        stores(&home, &format!("https://{at}/MAAS"));
    }
    assert!(home.config().contains("ca_file = \"/"), "{}", home.config());
    home.run(&["whoami"]).ok();
    // A server that is not trusted is named as such, and no key goes out.
    let home = Home::empty();
    let ended = login(&home, &at.to_string(), sandbox.maas_key(), &[]);
    ended.fails(8, "certificate");
    assert_eq!(home.config(), "");
    let ended = login(&home, &sandbox.maas_url(), sandbox.maas_key(), &["-k"]).code(0);
    assert!(ended.stderr.contains("is not verified"), "{ended:#?}");
    assert!(home.config().contains("insecure = true"));
    let ended = home.run(&["whoami"]).code(0);
    assert_eq!(ended.stderr.matches("warning: ").count(), 1, "{ended:#?}");
}

#[test]
fn a_redirect_from_http_to_https_is_taken_and_stored() {
    let (secure, pem) = tls_sandbox();
    let plain = Sandbox::start();
    plain.fault(Fault::redirect(301, format!("{}/MAAS/api/2.0/version/", secure.url())).always());
    let home = Home::empty();
    home.file("ca.pem", pem);
    login(
        &home,
        &plain.maas_url(),
        secure.maas_key(),
        &["--ca-file", "ca.pem"],
    )
    .code(0);
    stores(&home, &secure.maas_url());
    for request in plain.requests() {
        assert_eq!(request.header("authorization"), None);
    }
    // Any other redirect is not: it could lead anywhere.
    plain.clear_faults();
    plain.fault(Fault::redirect(302, "http://localhost:1/MAAS/").always());
    let home = Home::empty();
    login(&home, &plain.maas_url(), plain.maas_key(), &[]).fails(3, "302");
}
