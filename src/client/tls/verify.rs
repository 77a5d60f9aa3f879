//! Judges a server's certificate: by chain, by the hash of its key, or not at all.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};

use super::super::failure::SendError;
use super::certificate::{Certificate, Pin};
use super::explain::refused;

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
    /// Nothing has to.
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
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
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
/// is the very one the user trusts. webpki looks at the date before the CA bit, so the date is
/// known to be right here.
fn accept_own(
    own: &[CertificateDer<'static>],
    end_entity: &CertificateDer<'_>,
    name: &ServerName<'_>,
    error: rustls::Error,
) -> Result<ServerCertVerified, rustls::Error> {
    let is_ca = matches!(
        &error,
        rustls::Error::InvalidCertificate(CertificateError::Other(other))
            if matches!(other.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
    );
    if !is_ca || !own.iter().any(|t| t == end_entity) {
        return Err(error);
    }
    let parsed = rustls::server::ParsedCertificate::try_from(end_entity)?;
    rustls::client::verify_server_name(&parsed, name)?;
    Ok(ServerCertVerified::assertion())
}
