//! TLS by our own connector: ureq's configuration takes no verifier.
//!
//! Nothing here is done for `http://`. The first `https://` connection reads what it needs: the
//! system's bundle, or `ca_file` instead of it, or nothing for a pin. Chain and name checks can be
//! replaced, the handshake's signatures are verified always. `trust` reads files, `verify` judges
//! certificates, `certificate` describes them, `clock` says which day it is, `explain` turns rustls's
//! errors into sentences.

mod certificate;
mod clock;
mod distinguished;
mod explain;
mod trust;
mod verify;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::{fmt, io};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport, TransportAdapter, time,
};

use super::buffers::Growing;
use super::failure::{SendError, is_hang_up};

use explain::{explain, explained};

pub use certificate::{Certificate, Pin};
pub use trust::trusted;
pub use verify::Seen;

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
    /// PEM file of its key [default: the certificate's file].
    pub client_key: Option<PathBuf>,
    /// `SSL_CERT_FILE`, which names the system's bundle where it is set.
    pub system_bundle: Option<PathBuf>,
}

/// Wraps connections to `https://` in TLS.
pub struct TlsConnector {
    options: Options,
    seen: Seen,
    config: OnceLock<Result<Arc<ClientConfig>, SendError>>,
}

impl TlsConnector {
    /// Makes a connector; no file is read yet. `seen` collects the certificates of servers.
    #[must_use]
    pub fn new(options: Options, seen: Seen) -> Self {
        Self {
            options,
            seen,
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
            .get_or_init(|| trust::client_config(&self.options, &self.seen).map(Arc::new))
            .clone()
            .map_err(|e| ureq::Error::Other(Box::new(e)))?;
        let host = details.uri.host().unwrap_or_default();
        let name =
            ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| {
                ureq::Error::Other(Box::new(SendError::tls("the host has no valid name")))
            })?;
        let connection = ClientConnection::new(config, name)
            .map_err(|e| ureq::Error::Other(Box::new(explain(&e))))?;
        let mut adapter = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        adapter.set_timeout(remaining(details));
        let mut stream = StreamOwned::new(connection, adapter);
        if let Err(e) = stream.conn.complete_io(&mut stream.sock) {
            return Err(handshake(alert_behind(&mut stream, e)));
        }
        let buffers = Growing::of(details);
        Ok(Some(Either::B(TlsTransport { buffers, stream })))
    }
}

/// Returns what is left of the time for connecting; TCP and a proxy have used some of it.
pub(super) fn remaining(details: &ConnectionDetails) -> NextTimeout {
    let mut timeout = details.timeout;
    if let (time::Duration::Exact(after), time::Instant::Exact(now), time::Instant::Exact(then)) =
        (timeout.after, (details.current_time)(), details.now)
    {
        timeout.after = time::Duration::Exact(after.saturating_sub(now - then));
    }
    timeout
}

/// Explains a failed handshake: a server that does not speak TLS sends something else or closes.
fn handshake(error: io::Error) -> ureq::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return ureq::Error::Other(Box::new(
            SendError::tls("the server closed the connection during the TLS handshake")
                .hint("is the address right? Plain HTTP is `http://`"),
        ));
    }
    explained(error).into()
}

/// Returns the alert that a server sent before it hung up, where there is one.
///
/// A server that refuses us (a client certificate is missing) sends an alert and closes. Our next
/// write fails first, while the alert still waits to be read, or was read and not yet reported.
fn alert_behind(
    stream: &mut StreamOwned<ClientConnection, TransportAdapter>,
    error: io::Error,
) -> io::Error {
    // After a timeout there is nothing to wait for once more.
    if !is_hang_up(&error) {
        return error;
    }
    loop {
        if let Err(alert) = stream.conn.process_new_packets() {
            return io::Error::other(alert);
        }
        if !matches!(stream.conn.read_tls(&mut stream.sock), Ok(n) if n > 0) {
            return error;
        }
    }
}

/// A connection in TLS.
pub struct TlsTransport {
    buffers: Growing,
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
        let written = self
            .stream
            .write_all(output)
            .and_then(|()| self.stream.flush());
        written.map_err(|e| explained(alert_behind(&mut self.stream, e)).into())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        use io::Read as _;
        self.stream.get_mut().set_timeout(timeout);
        let input = self.buffers.input_append_buf();
        let amount = match self.stream.read(input) {
            Ok(amount) => amount,
            Err(e) => return Err(explained(alert_behind(&mut self.stream, e)).into()),
        };
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
