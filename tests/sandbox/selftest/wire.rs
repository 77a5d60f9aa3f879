//! The protocol: faults, keep-alive, bodies, TLS, and the end of a sandbox.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{FORM, VERSION, close_get, drain, oauth, talk};
use crate::sandbox::{Authority, Effect, Fault, Gzip, Sandbox, Subject, Tls, Validity, Versions};

/// A fault, what the client then reads, and whether a reset ends it.
type FaultCase = (Fault, fn(&str) -> bool, bool);

fn fault_cases() -> Vec<FaultCase> {
    vec![
        (Effect::Refuse.into(), str::is_empty, true),
        (Effect::ResetUnread.into(), str::is_empty, true),
        (Effect::ResetAfterHead.into(), str::is_empty, true),
        (Effect::ResetBeforeAnswer.into(), str::is_empty, true),
        (Effect::CloseBeforeAnswer.into(), str::is_empty, false),
        (
            Effect::ResetInAnswer(7).into(),
            |text| text.ends_with("\r\n\r\n{\"capab"),
            true,
        ),
        (
            Effect::CutInHead.into(),
            |text| text.starts_with("HTTP/1.1 200") && !text.contains("\r\n\r\n"),
            false,
        ),
        (
            Effect::CutInBody(3).into(),
            |text| text.ends_with("\r\n\r\n{\"c"),
            false,
        ),
        (
            Fault::from(Effect::Chunked(5)).and(Effect::CutInBody(5)),
            |text| text.ends_with("\r\n\r\n5\r\n{\"cap\r\n"),
            false,
        ),
        (
            Effect::Chunked(1000).into(),
            |text| {
                text.contains("Transfer-Encoding: chunked\r\n") && text.ends_with("}\r\n0\r\n\r\n")
            },
            false,
        ),
        (
            Effect::UntilClose.into(),
            |text| !text.contains("Content-Length") && text.ends_with('}'),
            false,
        ),
        (
            Effect::WrongLength(-1).into(),
            |text| text.ends_with('}'),
            false,
        ),
        (Fault::garbage(), |text| text.starts_with("SSH-2.0"), false),
        (
            Fault::redirect(307, "/x"),
            |text| text.starts_with("HTTP/1.1 307 ") && text.contains("\r\nLocation: /x\r\n"),
            false,
        ),
        (
            Fault::status(429).retry_after("2"),
            |text| text.starts_with("HTTP/1.1 429 ") && text.contains("\r\nRetry-After: 2\r\n"),
            false,
        ),
        (
            Fault::status(204),
            |text| text.ends_with("\r\n\r\n") && !text.contains("Content-Length"),
            false,
        ),
        (
            Effect::Trailing(b"!".to_vec()).into(),
            |text| text.ends_with("}!"),
            false,
        ),
        (
            Effect::ManyHeaders(150).into(),
            |text| text.contains("\r\nX-Filler-149: xxx"),
            false,
        ),
        (
            Effect::LongHeader(70_000).into(),
            |text| text.len() > 70_000,
            false,
        ),
        (
            Effect::Gzip(Gzip::Good).into(),
            |text| text.contains("Content-Encoding: gzip"),
            false,
        ),
        (
            Fault::body(200, "text/csv", "a,b\n"),
            |text| text.contains("Content-Type: text/csv\r\n") && text.ends_with("a,b\n"),
            false,
        ),
    ]
}

#[test]
fn faults_on_the_wire() {
    let sandbox = Sandbox::start();
    let whole = close_get(&sandbox).0;
    assert!(whole.starts_with("HTTP/1.1 200 OK\r\n") && whole.ends_with('}'));
    for (fault, judge, reset) in fault_cases() {
        let shown = format!("{fault:?}");
        sandbox.fault(fault);
        let (text, end) = close_get(&sandbox);
        assert!(judge(&text), "{shown}: {text}");
        assert_eq!(
            end == Some(ErrorKind::ConnectionReset),
            reset,
            "{shown}: {end:?}"
        );
        assert_eq!(
            close_get(&sandbox).0.len(),
            whole.len(),
            "{shown}: the next request is untouched"
        );
    }
}

#[test]
fn slow_faults_end_with_the_sandbox() {
    let started = Instant::now();
    let sandbox = Sandbox::start();
    for effect in [
        Effect::StallBeforeHead,
        Effect::StallInHead,
        Effect::StallInBody(1),
    ] {
        sandbox.fault(effect);
        assert_eq!(close_get(&sandbox).1, Some(ErrorKind::WouldBlock));
    }
    sandbox.fault(
        Fault::from(Effect::Delay(Duration::from_millis(120)))
            .and(Effect::Drip(100, Duration::from_millis(30))),
    );
    let slow = Instant::now();
    assert!(close_get(&sandbox).0.ends_with('}'));
    assert!(slow.elapsed() > Duration::from_millis(200));
    drop(sandbox);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn gzip_is_what_it_says() {
    let sandbox = Sandbox::start();
    let request = format!("{VERSION} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let mut results = Vec::new();
    for kind in [
        Gzip::Good,
        Gzip::Broken,
        Gzip::Cut,
        Gzip::Lie,
        Gzip::Bomb(3_000_000),
    ] {
        sandbox.fault(Effect::Gzip(kind));
        let mut stream = TcpStream::connect(sandbox.address()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let body = all
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
            .unwrap()
            + 4;
        let mut text = Vec::new();
        let good = flate2::read::GzDecoder::new(&all[body..])
            .read_to_end(&mut text)
            .is_ok();
        results.push((good, text.len() > 3_000_000, all.len() < 20_000));
    }
    let bad = (false, false, true);
    assert_eq!(
        results,
        [(true, false, true), bad, bad, bad, (true, true, true)]
    );
}

#[test]
fn connections_are_kept() {
    let sandbox = Sandbox::start();
    let one = format!("{VERSION} HTTP/1.1\r\nHost: x\r\n\r\n");
    let (text, end) = talk(&sandbox, one.repeat(3).as_bytes());
    assert_eq!(
        (text.matches("HTTP/1.1 200 OK").count(), end),
        (3, Some(ErrorKind::WouldBlock))
    );
    assert_eq!((sandbox.connections(), sandbox.requests().len()), (1, 3));
    // A reset that hits a kept connection, before the next request is read.
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    stream.write_all(one.as_bytes()).unwrap();
    drain(&mut stream);
    sandbox.fault(Effect::ResetUnread);
    stream.write_all(one.as_bytes()).unwrap();
    assert_eq!(
        drain(&mut stream),
        (String::new(), Some(ErrorKind::ConnectionReset))
    );
    assert_eq!(sandbox.requests().len(), 4);
}

#[test]
fn bodies_are_asked_for() {
    let sandbox = Sandbox::start();
    let auth = oauth(sandbox.maas_key());
    let text = format!(
        "POST /MAAS/api/2.0/tags/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n{auth}{FORM}\r\n6\r\nname=a\r\n0\r\n\r\n"
    );
    let (response, _) = talk(&sandbox, text.as_bytes());
    assert!(
        response.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"),
        "{response}"
    );
    assert_eq!(sandbox.last().body_text(), "name=a");
    sandbox.fault(Fault::from(Effect::ResetInBody(3)).method("POST"));
    let text = format!(
        "POST /MAAS/api/2.0/tags/ HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n{}\r\nname=a",
        oauth(sandbox.maas_key())
    );
    let (response, end) = talk(&sandbox, text.as_bytes());
    assert_eq!(
        (response.as_str(), end),
        ("", Some(ErrorKind::ConnectionReset))
    );
}

fn over_tls(sandbox: &Sandbox, authority_pem: &str, name: &str) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(authority_pem.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(session, TcpStream::connect(sandbox.address()).unwrap());
    let request = format!("{VERSION} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .map_err(|error| error.to_string())?;
    let mut text = String::new();
    stream
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    Ok(text)
}

#[test]
fn tls_with_certificates_of_its_own() {
    let authority = Authority::new("Test CA");
    let other = Authority::new("Other CA");
    let ours = &authority.certificate_pem;
    let start = |subject: Subject| Sandbox::start_tls(Tls::new(authority.issue(&subject)));
    for versions in [Versions::Only12, Versions::Only13] {
        let identity = authority.issue(&Subject::loopback());
        let sandbox = Sandbox::start_tls(Tls::new(identity).versions(versions));
        assert!(
            over_tls(&sandbox, ours, "127.0.0.1")
                .unwrap()
                .starts_with("HTTP/1.1 200")
        );
        assert!(sandbox.last().tls && sandbox.url().starts_with("https://"));
        assert!(
            over_tls(&sandbox, &other.certificate_pem, "127.0.0.1")
                .unwrap_err()
                .contains("UnknownIssuer")
        );
        assert!(
            over_tls(&sandbox, ours, "example.com")
                .unwrap_err()
                .contains("not valid for name")
        );
    }
    let expired = start(Subject::loopback().validity(Validity::Expired));
    assert!(
        over_tls(&expired, ours, "127.0.0.1")
            .unwrap_err()
            .contains("expired")
    );
    let not_yet = start(Subject::loopback().validity(Validity::NotYet));
    assert!(
        over_tls(&not_yet, ours, "127.0.0.1")
            .unwrap_err()
            .contains("not valid yet")
    );
    let wants = Tls::new(authority.issue(&Subject::loopback())).client_authority(&authority);
    assert!(
        over_tls(&Sandbox::start_tls(wants), ours, "127.0.0.1")
            .unwrap_err()
            .contains("CertificateRequired")
    );
}

#[test]
#[should_panic(expected = "nobody called the sandbox")]
fn silence_fails_the_test() {
    drop(Sandbox::start());
}

#[test]
fn silence_can_be_fine() {
    drop(Sandbox::start().may_stay_silent());
}
