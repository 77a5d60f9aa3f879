//! Judges a server's certificate: by chain, by the hash of its key, or not at all.
//!
//! The handshake's signatures are verified in every case. Reads no files.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};

use super::super::failure::SendError;
use super::certificate::{Certificate, Pin, public_key};
use super::explain::{refused, webpki_fault};

/// The certificate a server showed last, whatever the judgement.
#[derive(Clone, Debug, Default)]
pub struct Seen(Arc<Mutex<Option<CertificateDer<'static>>>>);

impl Seen {
    /// Describes the certificate; `None` where no server has shown one.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref().and_then(Certificate::read)
    }

    fn note(&self, certificate: &CertificateDer<'_>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(certificate.clone().into_owned());
    }
}

/// What makes a certificate acceptable.
#[derive(Debug)]
pub enum Rule {
    /// Accepts any certificate.
    Any,
    /// Its key has this hash; name, date and issuer do not count.
    Pin(Pin),
    /// A chain to a trusted certificate, name and date.
    Chain {
        /// Judges chains.
        web_pki: Arc<WebPkiServerVerifier>,
        /// Certificates of `ca_file`, of which one may be the server's own.
        own: Vec<CertificateDer<'static>>,
    },
}

/// Judges by one rule. The handshake's signatures are verified under every rule, so that a server
/// has to hold the key of the certificate it shows.
#[derive(Debug)]
pub struct Verifier {
    rule: Rule,
    provider: Arc<CryptoProvider>,
    seen: Seen,
}

impl Verifier {
    /// Makes a verifier.
    #[must_use]
    pub fn new(rule: Rule, provider: Arc<CryptoProvider>, seen: Seen) -> Self {
        Self {
            rule,
            provider,
            seen,
        }
    }
}

impl Verifier {
    /// Verifies with the key that stands in a certificate of version 1, as `openssl x509 -req`
    /// makes them: rustls takes the key out of certificates of version 3 only. Chains never get
    /// here; `pin` and `insecure` do.
    fn verify_with_bare_key(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let bad = || rustls::Error::InvalidCertificate(CertificateError::BadSignature);
        let spki = public_key(cert)?;
        let key = webpki::RawPublicKeyEntity::try_from(&spki).map_err(|_| bad())?;
        let algorithms = &self.provider.signature_verification_algorithms;
        let (_, candidates) = algorithms
            .mapping
            .iter()
            .find(|(scheme, _)| *scheme == dss.scheme)
            .ok_or_else(bad)?;
        candidates
            .iter()
            .find(|a| key.verify_signature(**a, message, dss.signature()).is_ok())
            .map(|_| HandshakeSignatureValid::assertion())
            .ok_or_else(bad)
    }
}

/// Returns whether rustls refused a certificate for its version alone.
fn is_version_1(error: &rustls::Error) -> bool {
    matches!(
        webpki_fault(error),
        Some(webpki::Error::UnsupportedCertVersion)
    )
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.seen.note(end_entity);
        match &self.rule {
            Rule::Any => Ok(ServerCertVerified::assertion()),
            Rule::Pin(pin) => {
                let shown = Pin::of(end_entity)?;
                if shown == *pin {
                    return Ok(ServerCertVerified::assertion());
                }
                let error =
                    SendError::tls(format!("the server's key is `{shown}`, not the pinned one"))
                        .hint("if the server was given a new key on purpose, pin that");
                Err(own_error(error))
            }
            Rule::Chain { web_pki, own } => web_pki
                .verify_server_cert(end_entity, intermediates, name, ocsp, now)
                .or_else(|e| accept_own(own, end_entity, name, e))
                .map_err(|e| own_error(refused(&e, end_entity, name))),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        match rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms) {
            Err(e) if is_version_1(&e) => self.verify_with_bare_key(message, cert, dss),
            result => result,
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        match rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms) {
            Err(e) if is_version_1(&e) => self.verify_with_bare_key(message, cert, dss),
            result => result,
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn own_error(error: SendError) -> rustls::Error {
    rustls::Error::Other(rustls::OtherError(Arc::new(error)))
}

/// Accepts a self-signed certificate that is in the file itself, for its name and date.
///
/// One made with a CA bit (as `openssl req -x509` does it) may not end a chain by the rules, but it
/// is the very one the user trusts. webpki looks at the date before the CA bit and at the name last,
/// so the date is known to be right here. One without `subjectAltName` is known by its common name.
fn accept_own(
    own: &[CertificateDer<'static>],
    end_entity: &CertificateDer<'_>,
    name: &ServerName<'_>,
    error: rustls::Error,
) -> Result<ServerCertVerified, rustls::Error> {
    let is_ca = matches!(webpki_fault(&error), Some(webpki::Error::CaUsedAsEndEntity));
    let is_other_name = matches!(
        error,
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        )
    );
    if !(is_ca || is_other_name) || !own.iter().any(|t| t == end_entity) {
        return Err(error);
    }
    let parsed = rustls::server::ParsedCertificate::try_from(end_entity)?;
    match rustls::client::verify_server_name(&parsed, name) {
        Err(e) if !has_common_name(end_entity, name) => Err(e),
        _ => Ok(ServerCertVerified::assertion()),
    }
}

/// Returns whether a certificate names no host but in its common name, and that one.
fn has_common_name(end_entity: &CertificateDer<'_>, name: &ServerName<'_>) -> bool {
    let has_names = webpki::EndEntityCert::try_from(end_entity)
        .is_ok_and(|c| c.valid_dns_names().next().is_some());
    let certificate = Certificate::read(end_entity);
    !has_names
        && certificate.is_some_and(|c| {
            c.common_name()
                .is_some_and(|cn| cn.eq_ignore_ascii_case(&name.to_str()))
        })
}
