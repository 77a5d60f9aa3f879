//! TLS by our own connector: ureq's configuration takes no verifier.
//!
//! Nothing here is done for `http://`. The first `https://` connection reads what it needs: the
//! system's bundle, or `ca_file` instead of it, or nothing for a pin. Chain and name checks can be
//! replaced, the handshake's signatures are verified always.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::{fmt, io};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore,
    SignatureScheme, StreamOwned,
};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    TransportAdapter, time,
};

use super::failure::{Kind, SendError, Sent};

/// How a server's certificate is judged, and which one of ours is shown.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// PEM file of certificates trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// SHA-256 of the server's public key, instead of chain and name.
    pub pin: Option<Pin>,
    /// Accept any certificate.
    pub insecure: bool,
    /// PEM file of a client certificate with its chain.
    pub client_cert: Option<PathBuf>,
    /// PEM file of its key; the certificate's own file where it is not given.
    pub client_key: Option<PathBuf>,
    /// `SSL_CERT_FILE`, which names the system's bundle where it is set.
    pub system_bundle: Option<PathBuf>,
}

/// SHA-256 over a public key (`SubjectPublicKeyInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin([u8; 32]);

impl Pin {
    /// Reads `sha256//BASE64` as curl has it, or 64 hex digits with or without colons.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use base64::Engine as _;
        let bytes = if let Some(base64) = text.trim().strip_prefix("sha256//") {
            base64::engine::general_purpose::STANDARD
                .decode(base64)
                .ok()?
        } else {
            let hex: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
            if !hex.is_ascii() || hex.len() != 64 {
                return None;
            }
            (0..32)
                .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok())
                .collect::<Option<Vec<u8>>>()?
        };
        bytes.try_into().ok().map(Self)
    }

    fn of(certificate: &CertificateDer<'_>) -> Result<Self, rustls::Error> {
        let parsed = rustls::server::ParsedCertificate::try_from(certificate)?;
        let digest = ring::digest::digest(&ring::digest::SHA256, &parsed.subject_public_key_info());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Ok(Self(bytes))
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD.encode(self.0);
        write!(f, "sha256//{base64}")
    }
}

/// Wraps connections to `https://` in TLS.
pub struct TlsConnector {
    options: Options,
    config: OnceLock<Result<Arc<ClientConfig>, SendError>>,
}

impl TlsConnector {
    /// Makes a connector; no file is read yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            config: OnceLock::new(),
        }
    }
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsConnector")
    }
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let config = self
            .config
            .get_or_init(|| client_config(&self.options).map(Arc::new))
            .clone()
            .map_err(|e| ureq::Error::Other(Box::new(e)))?;
        let host = details.uri.host().unwrap_or_default();
        let name =
            ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| {
                ureq::Error::Other(Box::new(SendError::tls("the host has no valid name")))
            })?;
        let connection = ClientConnection::new(config, name)
            .map_err(|e| ureq::Error::Other(Box::new(explain(&e, Sent::None))))?;
        let mut adapter = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        adapter.set_timeout(remaining(details));
        let mut stream = StreamOwned::new(connection, adapter);
        stream
            .conn
            .complete_io(&mut stream.sock)
            .map_err(handshake)?;
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        Ok(Some(Either::B(TlsTransport { buffers, stream })))
    }
}

/// What is left of the time for connecting; TCP and a proxy have used some of it.
fn remaining(details: &ConnectionDetails) -> NextTimeout {
    let mut timeout = details.timeout;
    if let (time::Duration::Exact(after), time::Instant::Exact(now), time::Instant::Exact(then)) =
        (timeout.after, (details.current_time)(), details.now)
    {
        timeout.after = time::Duration::Exact(after.saturating_sub(now - then));
    }
    timeout
}

/// A server that does not speak TLS answers with something else or closes; both end here.
fn handshake(error: io::Error) -> ureq::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return ureq::Error::Other(Box::new(
            SendError::tls("the server closed the connection during the TLS handshake")
                .hint("is the address right? Plain HTTP is `http://`"),
        ));
    }
    error.into()
}

/// A connection in TLS.
pub struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsTransport")
    }
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        use io::Write as _;
        self.stream.get_mut().set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        self.stream.write_all(output)?;
        self.stream.flush()?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        use io::Read as _;
        self.stream.get_mut().set_timeout(timeout);
        let input = self.buffers.input_append_buf();
        let amount = self.stream.read(input)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

fn client_config(options: &Options) -> Result<ClientConfig, SendError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| explain(&e, Sent::None))?
        .dangerous()
        .with_custom_certificate_verifier(verifier(options, &provider)?);
    let Some(cert_file) = &options.client_cert else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = certificates(cert_file)?;
    let key_file = options.client_key.as_ref().unwrap_or(cert_file);
    let key = PrivateKeyDer::from_pem_file(key_file).map_err(|e| {
        SendError::tls(format!(
            "`client_key` {}: {}",
            key_file.display(),
            pem_fault(&e)
        ))
    })?;
    builder.with_client_auth_cert(chain, key).map_err(|e| {
        let message = match e {
            rustls::Error::InconsistentKeys(_) => {
                "the client key does not belong to the client certificate".to_owned()
            }
            other => format!("the client certificate can not be used: {other}"),
        };
        SendError::tls(message).hint("check `client_cert` and `client_key`")
    })
}

fn verifier(
    options: &Options,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, SendError> {
    if options.insecure || options.pin.is_some() {
        return Ok(Arc::new(KeyVerifier {
            // `insecure` of a call goes before the profile's pin.
            pin: if options.insecure { None } else { options.pin },
            provider: provider.clone(),
        }));
    }
    let (certs, source) = match &options.ca_file {
        Some(path) => (certificates(path)?, path.clone()),
        None => system_certificates(options)?,
    };
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certs.iter().cloned());
    if added == 0 {
        return Err(SendError::tls(format!(
            "{} holds no certificate",
            source.display()
        )));
    }
    let web_pki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|e| SendError::tls(format!("{}: {e}", source.display())))?;
    match &options.ca_file {
        None => Ok(web_pki),
        Some(_) => Ok(Arc::new(FileVerifier {
            web_pki,
            trusted: certs,
        })),
    }
}

fn certificates(path: &PathBuf) -> Result<Vec<CertificateDer<'static>>, SendError> {
    let fault = |what: String| SendError::tls(format!("{}: {what}", path.display()));
    let certs = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| fault(pem_fault(&e)))?;
    if certs.is_empty() {
        return Err(fault("holds no certificate".to_owned())
            .hint("a PEM file begins with `-----BEGIN CERTIFICATE-----`"));
    }
    Ok(certs)
}

fn pem_fault(error: &rustls::pki_types::pem::Error) -> String {
    match error {
        rustls::pki_types::pem::Error::Io(e) => e.to_string(),
        rustls::pki_types::pem::Error::NoItemsFound => "holds nothing of the kind".to_owned(),
        other => format!("is not PEM: {other:?}"),
    }
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

/// Judges by the key alone: pinned, or any.
#[derive(Debug)]
struct KeyVerifier {
    pin: Option<Pin>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for KeyVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(pin) = self.pin else {
            return Ok(ServerCertVerified::assertion());
        };
        let shown = Pin::of(end_entity)?;
        if shown == pin {
            return Ok(ServerCertVerified::assertion());
        }
        let error = SendError::tls(format!("the server's key is `{shown}`, not the pinned one"))
            .hint("if the server was given a new key on purpose, pin that");
        Err(rustls::Error::Other(rustls::OtherError(Arc::new(error))))
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

/// Judges by the certificates of a file, among them a server's own self-signed one.
#[derive(Debug)]
struct FileVerifier {
    web_pki: Arc<WebPkiServerVerifier>,
    trusted: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for FileVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let result = self
            .web_pki
            .verify_server_cert(end_entity, intermediates, name, ocsp, now);
        // A self-signed certificate made with a CA bit (as `openssl req -x509` does it) may not
        // end a chain by the rules, but it is the very one the user trusts. webpki looks at the
        // date before the CA bit, so the date is known to be right here.
        if let Err(rustls::Error::InvalidCertificate(CertificateError::Other(other))) = &result
            && other.0.to_string().contains("CaUsedAsEndEntity")
            && self.trusted.iter().any(|t| t == end_entity)
        {
            let parsed = rustls::server::ParsedCertificate::try_from(end_entity)?;
            rustls::client::verify_server_name(&parsed, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        result
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.web_pki.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.web_pki.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.web_pki.supported_verify_schemes()
    }
}

/// Says what a TLS error means.
pub(super) fn explain(error: &rustls::Error, sent: Sent) -> SendError {
    use rustls::AlertDescription as Alert;
    let new = |message: &str| SendError::new(Kind::Tls, sent, message);
    match error {
        rustls::Error::Other(other) => match other.0.downcast_ref::<SendError>() {
            Some(own) => own.clone(),
            None => new(&other.0.to_string()),
        },
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                new("the server's certificate has expired")
                    .hint("renew it on the server; is this machine's clock right?")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                new("the server's certificate is not valid yet")
                    .hint("is this machine's clock right?")
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                new("the server's certificate is for another name")
                    .hint("use the name in the certificate, or `--pin` its key")
            }
            CertificateError::UnknownIssuer => {
                new("the server's certificate is signed by nobody known here")
                    .hint("name the certificate of its issuer with `--ca-file`, or `--pin` its key")
            }
            other => new(&format!(
                "the server's certificate is not accepted: {other}"
            ))
            .hint("name it or its issuer with `--ca-file`, or `--pin` its key"),
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
        rustls::Error::InvalidMessage(_) => new("the server does not speak TLS on this port")
            .hint("is the address right? Plain HTTP is `http://`"),
        other => new(&format!("TLS: {other}")),
    }
}
