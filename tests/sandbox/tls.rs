//! Certificates made on the spot, and the TLS side of a sandbox.
//!
//! An [`Authority`] issues identities for servers and clients; an [`Identity`] can also sign itself. Each has its own fresh key,
//! so that "the pinned certificate with another key" and "the wrong authority" are one line in a test.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::SingleCertAndKey;
use rustls::{RootCertStore, ServerConfig};

/// When a certificate is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Validity {
    /// Now, for decades.
    #[default]
    Now,
    /// Until 1 January 2020.
    Expired,
    /// From 1 January 2090.
    NotYet,
}

/// What is to be certified.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The common name.
    pub common_name: String,
    /// DNS names and IP addresses.
    pub names: Vec<String>,
    /// When.
    pub validity: Validity,
    /// Whether it carries the CA bit.
    pub ca: bool,
}

impl Subject {
    /// A server of these names, valid now.
    pub fn new(common_name: &str, names: &[&str]) -> Self {
        Self {
            common_name: common_name.to_owned(),
            names: names.iter().map(ToString::to_string).collect(),
            validity: Validity::Now,
            ca: false,
        }
    }

    /// A server on loopback, valid now.
    pub fn loopback() -> Self {
        Self::new("sandbox", &["127.0.0.1", "localhost"])
    }

    /// Changes the validity.
    pub fn validity(mut self, validity: Validity) -> Self {
        self.validity = validity;
        self
    }

    /// Sets the CA bit.
    pub fn ca(mut self) -> Self {
        self.ca = true;
        self
    }

    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::new(self.names.clone()).expect("test names are valid");
        params.distinguished_name.remove(DnType::CommonName);
        params
            .distinguished_name
            .push(DnType::CommonName, self.common_name.as_str());
        (params.not_before, params.not_after) = match self.validity {
            Validity::Now => (date_time_ymd(2024, 1, 1), date_time_ymd(2089, 1, 1)),
            Validity::Expired => (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1)),
            Validity::NotYet => (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1)),
        };
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        params.is_ca = if self.ca {
            IsCa::Ca(BasicConstraints::Unconstrained)
        } else {
            IsCa::ExplicitNoCa
        };
        params
    }
}

/// A certificate and its key.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// The same as PEM.
    pub certificate_pem: String,
    /// The key, PKCS#8 DER.
    pub key: Vec<u8>,
    /// The same as PEM.
    pub key_pem: String,
    /// The public key's `SubjectPublicKeyInfo`, DER: what a pin is the SHA-256 of.
    pub public_key: Vec<u8>,
}

impl Identity {
    /// Signs itself.
    pub fn self_signed(subject: &Subject) -> Self {
        let key = new_key();
        let certificate = subject
            .params()
            .self_signed(&key)
            .expect("a fresh key signs");
        Self::of(&certificate, &key)
    }

    fn of(certificate: &rcgen::Certificate, key: &KeyPair) -> Self {
        Self {
            certificate: certificate.der().to_vec(),
            certificate_pem: certificate.pem(),
            key: key.serialize_der(),
            key_pem: key.serialize_pem(),
            public_key: key.subject_public_key_info(),
        }
    }
}

/// A certificate authority of our own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate as PEM, for a `ca_file`.
    pub certificate_pem: String,
    certificate: CertificateDer<'static>,
}

impl Authority {
    /// A new one.
    pub fn new(common_name: &str) -> Self {
        let key = new_key();
        let mut params = Subject::new(common_name, &[]).ca().params();
        params.extended_key_usages.clear();
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::CrlSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let certificate = params.self_signed(&key).expect("a fresh key signs");
        Self {
            certificate_pem: certificate.pem(),
            certificate: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    /// Issues a certificate with a fresh key.
    pub fn issue(&self, subject: &Subject) -> Identity {
        let key = new_key();
        let certificate = subject
            .params()
            .signed_by(&key, &self.issuer)
            .expect("the authority signs");
        Identity::of(&certificate, &key)
    }
}

/// Which protocol versions the server speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Versions {
    /// TLS 1.2 and 1.3.
    #[default]
    Both,
    /// TLS 1.2.
    Only12,
    /// TLS 1.3.
    Only13,
}

/// The TLS side of a sandbox.
pub struct Tls {
    /// The server's certificate and key.
    pub identity: Identity,
    /// More certificates of its chain, DER.
    pub chain: Vec<Vec<u8>>,
    /// Protocol versions.
    pub versions: Versions,
    client_authority: Option<CertificateDer<'static>>,
}

impl Tls {
    /// A server with this identity.
    pub fn new(identity: Identity) -> Self {
        Self {
            identity,
            chain: Vec::new(),
            versions: Versions::Both,
            client_authority: None,
        }
    }

    /// Chooses the protocol versions.
    pub fn versions(mut self, versions: Versions) -> Self {
        self.versions = versions;
        self
    }

    /// Wants a client certificate of this authority.
    pub fn client_authority(mut self, authority: &Authority) -> Self {
        self.client_authority = Some(authority.certificate.clone());
        self
    }

    /// Makes rustls's configuration of it.
    pub fn config(self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions: &[_] = match self.versions {
            Versions::Both => &[&rustls::version::TLS12, &rustls::version::TLS13],
            Versions::Only12 => &[&rustls::version::TLS12],
            Versions::Only13 => &[&rustls::version::TLS13],
        };
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .expect("ring knows both versions");
        let builder = match self.client_authority {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots
                    .add(authority)
                    .expect("the authority's certificate is sound");
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                        .build()
                        .expect("one root is enough");
                builder.with_client_cert_verifier(verifier)
            }
        };
        let chain = std::iter::once(self.identity.certificate)
            .chain(self.chain)
            .map(CertificateDer::from)
            .collect();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.identity.key));
        let key = rustls::crypto::ring::sign::any_supported_type(&key).expect("ring knows the key");
        // Without rustls's own check that key and certificate belong together: a test shows a
        // certificate whose key it has not.
        let shown = rustls::sign::CertifiedKey::new(chain, key);
        Arc::new(builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(shown))))
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate().expect("the system gives randomness")
}
