//! Puts TLS errors into words: which certificate, whose issuer, until when, and what to do.
//!
//! Owns the hints. Decides nothing: rustls or `verify` has refused already.

use std::io;

use rustls::CertificateError;
use rustls::pki_types::{CertificateDer, ServerName};

use super::super::failure::{FailureKind, SendError, Sent};
use super::certificate::Certificate;

/// Says why a server's certificate was refused, and which one it is.
pub fn refused(
    error: &rustls::Error,
    end_entity: &CertificateDer<'_>,
    name: &ServerName<'_>,
) -> SendError {
    let certificate = Certificate::read(end_entity);
    let which = certificate
        .as_ref()
        .map(|c| format!(": {c}"))
        .unwrap_or_default();
    let pin = certificate.and_then(|c| c.pin);
    let trust_it = pin
        .map(|p| format!(", or trust its key with `--pin {p}` if you know it"))
        .unwrap_or_default();
    let clock = "is this machine's clock right?";
    let (what, hint) = match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                "the server's certificate has expired".to_owned(),
                format!("renew it on the server{trust_it}; {clock}"),
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
                "the server's certificate is not valid yet".to_owned(),
                format!("wait{trust_it}; {clock}"),
            ),
            CertificateError::NotValidForName => (wrong_name(name, &[]), name_hint(&trust_it)),
            CertificateError::NotValidForNameContext { presented, .. } => {
                (wrong_name(name, presented), name_hint(&trust_it))
            }
            CertificateError::UnknownIssuer => (
                "the server's certificate is not signed by anybody trusted here".to_owned(),
                format!("name its issuer's certificate with `--ca-file`{trust_it}"),
            ),
            other => (
                format!(
                    "the server's certificate is not accepted: {}",
                    reason(error, other)
                ),
                format!("name it or its issuer's with `--ca-file`{trust_it}"),
            ),
        },
        other => return explain(other),
    };
    SendError::tls(format!("{what}{which}")).hint(hint)
}

fn wrong_name(name: &ServerName<'_>, presented: &[String]) -> String {
    let names = match presented {
        [] => "another name".to_owned(),
        names => names
            .iter()
            .map(|n| bare_name(n))
            .collect::<Vec<_>>()
            .join(", "),
    };
    format!(
        "the server's certificate is for {names}, not for `{}`",
        name.to_str()
    )
}

/// Strips a name of rustls's notation: `DnsName("a.example")`, `IpAddress(10.0.0.1)`.
fn bare_name(name: &str) -> String {
    let inner = name
        .split_once('(')
        .map_or(name, |(_, rest)| rest.trim_end_matches(')'));
    format!("`{}`", inner.trim_matches('"'))
}

/// Returns why a certificate was refused, where rustls has no words of its own for it.
fn reason(error: &rustls::Error, fault: &CertificateError) -> String {
    match webpki_fault(error) {
        Some(webpki::Error::CaUsedAsEndEntity) => {
            "it is a certificate authority's, not a server's".to_owned()
        }
        Some(webpki::Error::UnsupportedCertVersion) => {
            "it is of X.509 version 1, and only version 3 can be verified".to_owned()
        }
        Some(other) => format!("{other:?}"),
        None => fault.to_string(),
    }
}

fn name_hint(trust_it: &str) -> String {
    format!("use a name that is in the certificate{trust_it}")
}

/// Returns what webpki says behind an error of rustls.
pub fn webpki_fault(error: &rustls::Error) -> Option<&webpki::Error> {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref(),
        _ => None,
    }
}

/// Turns an error of rustls inside an I/O error into ours; others stay as they are.
pub fn explained(error: io::Error) -> io::Error {
    let tls = error
        .get_ref()
        .and_then(|e| e.downcast_ref::<rustls::Error>());
    tls.map(explain).map_or(error, io::Error::other)
}

/// Says what a TLS error means.
pub fn explain(error: &rustls::Error) -> SendError {
    use rustls::AlertDescription as Alert;
    let new = |message: &str| SendError::tls(message);
    match error {
        rustls::Error::Other(other) => match other.0.downcast_ref::<SendError>() {
            Some(own) => own.clone(),
            None => new(&other.0.to_string()),
        },
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
            | Alert::HandshakeFailure
            | Alert::BadCertificate
            | Alert::UnknownCA
            | Alert::CertificateUnknown
            | Alert::AccessDenied,
        ) => new(&format!("the server refused the TLS connection: {error}"))
            .hint("does it want a client certificate? `--client-cert FILE --client-key FILE`"),
        rustls::Error::AlertReceived(Alert::ProtocolVersion)
        | rustls::Error::PeerIncompatible(
            rustls::PeerIncompatible::ServerDoesNotSupportTls12Or13,
        ) => new("the server speaks no version of TLS that is safe: 1.2 or 1.3 is needed"),
        rustls::Error::FailedToGetCurrentTime => {
            new("this machine's clock stands before 1970: no certificate can be judged")
                .hint("set the clock, `date` shows it")
        }
        rustls::Error::InvalidMessage(_) => SendError::new(
            FailureKind::NotTls,
            Sent::None,
            "the server does not speak TLS on this port",
        )
        .hint("is the address right? Plain HTTP is `http://`"),
        other => new(&format!("TLS: {other}")),
    }
}
