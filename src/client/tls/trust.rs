//! Reads the certificates that are trusted, and the one of ours that is shown.
//!
//! The only part of TLS that reads files; nothing is read before the first connection.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{CipherSuite, ClientConfig, RootCertStore};

use crate::files;

use super::super::failure::SendError;
use super::Options;
use super::certificate::public_key;
use super::clock::SystemClock;
use super::explain::explain;
use super::verify::{Rule, Seen, Verifier};

/// The longest file of certificates or of a key; a system's bundle has some 200 KB.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The configuration of rustls for these options.
pub fn client_config(options: &Options, seen: &Seen) -> Result<ClientConfig, SendError> {
    let provider = Arc::new(provider());
    let builder = ClientConfig::builder_with_details(provider.clone(), Arc::new(SystemClock))
        .with_safe_default_protocol_versions()
        .map_err(|e| explain(&e))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier(options, &provider, seen)?));
    let Some(cert_file) = &options.client_cert else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = certificates(cert_file)?;
    let key_file = options.client_key.as_ref().unwrap_or(cert_file);
    let message = |what: &str| format!("`client_key` {}: {what}", key_file.display());
    let pem = files::read_setting(key_file, LONGEST)
        .map_err(|e| SendError::tls(message(&e.to_string())))?;
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|e| {
        if is_encrypted(&pem) {
            return SendError::tls(message("is encrypted with a password"))
                .hint("`openssl pkey -in FILE -out OTHER` writes it without one");
        }
        SendError::tls(message(&match e {
            pem::Error::NoItemsFound => "holds no private key".to_owned(),
            e => pem_fault(&e),
        }))
        .hint("a PEM file of a key begins with `-----BEGIN PRIVATE KEY-----`")
    })?;
    let fault = |what: &str| SendError::tls(what).hint("check `client_cert` and `client_key`");
    let key = provider
        .key_provider
        .load_private_key(key)
        .map_err(|_| fault("the client key is of a kind that cannot be used"))?;
    // Not rustls's own check, which reads certificates of version 3 only.
    let of_certificate =
        public_key(&chain[0]).map_err(|_| fault("the client certificate cannot be read"))?;
    if key.public_key().is_some_and(|k| k != of_certificate) {
        return Err(fault(
            "the client key does not belong to the client certificate",
        ));
    }
    let shown = CertifiedKey::new(chain, key);
    Ok(builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(shown))))
}

/// rustls's own algorithms, with the suite first that browsers offer first: processors have
/// instructions for its hash, and none for that of the one which rustls offers first.
fn provider() -> CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    provider
        .cipher_suites
        .sort_by_key(|suite| suite.suite() != CipherSuite::TLS13_AES_128_GCM_SHA256);
    provider
}

fn verifier(
    options: &Options,
    provider: &Arc<CryptoProvider>,
    seen: &Seen,
) -> Result<Verifier, SendError> {
    let rule = if let Some(pin) = options.pin {
        // Under `insecure`, too, as curl has it: a pin replaces what that leaves out.
        Rule::Pin(pin)
    } else if options.insecure {
        Rule::Any
    } else {
        chain(options, provider)?
    };
    Ok(Verifier::new(rule, provider.clone(), seen.clone()))
}

fn chain(options: &Options, provider: &Arc<CryptoProvider>) -> Result<Rule, SendError> {
    let (certs, source) = trusted(options)?;
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certs.iter().cloned());
    let fault = |what: String| SendError::tls(format!("{}: {what}", source.display()));
    if added == 0 {
        return Err(fault("holds no certificate that can be trusted".to_owned()));
    }
    let web_pki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|e| fault(e.to_string()))?;
    Ok(Rule::Chain {
        web_pki,
        own: if options.ca_file.is_some() {
            certs
        } else {
            Vec::new()
        },
    })
}

/// The certificates trusted for these options, and where they come from.
pub fn trusted(options: &Options) -> Result<(Vec<CertificateDer<'static>>, PathBuf), SendError> {
    match &options.ca_file {
        Some(path) => Ok((certificates(path)?, path.clone())),
        None => system_certificates(options),
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, SendError> {
    let fault = |what: String| SendError::tls(format!("{}: {what}", path.display()));
    let pem = files::read_setting(path, LONGEST).map_err(|e| fault(e.to_string()))?;
    let certs = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| fault(pem_fault(&e)))?;
    if certs.is_empty() {
        return Err(fault("holds no certificate".to_owned())
            .hint("a PEM file begins with `-----BEGIN CERTIFICATE-----`"));
    }
    Ok(certs)
}

fn pem_fault(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(e) => e.to_string(),
        pem::Error::NoItemsFound => "holds no certificate".to_owned(),
        pem::Error::MissingSectionEnd { .. } => {
            "is cut short: a part that begins has no `-----END`".to_owned()
        }
        pem::Error::IllegalSectionStart { .. } => {
            "is not PEM: a line with `-----BEGIN` has no end".to_owned()
        }
        pem::Error::Base64Decode(_) => {
            "is not PEM: what stands between `-----BEGIN` and `-----END` is not base64".to_owned()
        }
        _ => "is not PEM".to_owned(),
    }
}

/// Returns whether a key's file says that it is encrypted: in its first line (PKCS #8), or in its
/// header (OpenSSL's older form, `Proc-Type: 4,ENCRYPTED`).
fn is_encrypted(pem: &[u8]) -> bool {
    memchr::memmem::find(pem, b"ENCRYPTED").is_some()
}

/// Where distributions keep the bundle of all certificates in one file. Reading one file costs
/// half of what reading a folder of them does.
#[cfg(not(any(windows, target_vendor = "apple")))]
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

#[cfg(not(any(windows, target_vendor = "apple")))]
fn system_certificates(
    options: &Options,
) -> Result<(Vec<CertificateDer<'static>>, PathBuf), SendError> {
    if let Some(path) = &options.system_bundle {
        return Ok((certificates(path)?, path.clone()));
    }
    for path in BUNDLES.map(PathBuf::from) {
        if path.exists() {
            return Ok((certificates(&path)?, path));
        }
    }
    Err(SendError::tls("this system has no bundle of certificates")
        .hint("install `ca-certificates`, or name a file with `--ca-file` or SSL_CERT_FILE"))
}

#[cfg(any(windows, target_vendor = "apple"))]
fn system_certificates(
    options: &Options,
) -> Result<(Vec<CertificateDer<'static>>, PathBuf), SendError> {
    if let Some(path) = &options.system_bundle {
        return Ok((certificates(path)?, path.clone()));
    }
    let found = rustls_native_certs::load_native_certs();
    Ok((found.certs, PathBuf::from("the system's trust store")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_suite_is_moved_to_the_front_and_none_is_lost() {
        let ours = provider().cipher_suites;
        let mut theirs = rustls::crypto::ring::default_provider().cipher_suites;
        assert_eq!(ours[0].suite(), CipherSuite::TLS13_AES_128_GCM_SHA256);
        theirs.retain(|suite| suite.suite() != CipherSuite::TLS13_AES_128_GCM_SHA256);
        assert_eq!(ours[1..], theirs);
    }
}
