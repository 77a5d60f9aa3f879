//! Describes what went wrong between this program and the server.
//!
//! [`SendError`] keeps the cause, the hint and how much of the request had left, which decides
//! about retries. Must not know the call: its label is added by `session`.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use crate::error::{Exit, Failure};

/// The kinds of failure that exit codes and retries distinguish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// A time limit was reached.
    TimedOut,
    /// The connection was refused, or could not be made at all.
    Refused,
    /// The connection broke.
    Reset,
    /// DNS, a proxy that refuses, a response that is not HTTP.
    NoConnection,
    /// Certificate or handshake.
    Tls,
    /// What listens there does not speak TLS.
    NotTls,
    /// A file that is sent could not be read, or changed.
    Local,
}

/// How much of the request had left when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// No byte of the request.
    None,
    /// Some bytes.
    Some,
    /// Everything.
    All,
}

/// Who could not be reached.
#[derive(Clone, Debug)]
pub enum Peer {
    /// The server, as `host:port`.
    Server(String),
    /// The proxy, as `host:port`.
    Proxy(String),
}

/// A call that got no response, or whose response broke off.
#[derive(Clone, Debug)]
pub struct SendError {
    /// What kind of failure.
    pub kind: FailureKind,
    /// How much of the request had left.
    pub sent: Sent,
    /// The cause, one line.
    pub message: String,
    /// Who could not be reached.
    pub peer: Option<Peer>,
    /// What the user can do.
    pub hint: Option<String>,
}

impl SendError {
    /// Makes an error.
    pub fn new(kind: FailureKind, sent: Sent, message: impl Into<String>) -> Self {
        Self {
            kind,
            sent,
            message: message.into(),
            peer: None,
            hint: None,
        }
    }

    /// Makes a TLS error before anything was sent.
    pub fn tls(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Tls, Sent::None, message)
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the exit code for this error.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.kind {
            FailureKind::TimedOut => Exit::TimedOut,
            FailureKind::Refused | FailureKind::Reset | FailureKind::NoConnection => {
                Exit::NoConnection
            }
            FailureKind::Tls | FailureKind::NotTls => Exit::Tls,
            FailureKind::Local => Exit::Other,
        }
    }

    /// Turns the error into the failure of the call `what`.
    #[must_use]
    pub fn of(self, what: &str) -> Failure {
        Failure::from(self).of(what)
    }

    /// Makes an error of this machine's own before anything was sent.
    #[must_use]
    pub fn local(failure: &Failure) -> Self {
        Self {
            hint: failure.hint.clone(),
            ..Self::new(FailureKind::Local, Sent::None, failure.to_string())
        }
    }

    /// Names who could not be connected to.
    #[must_use]
    pub fn of_peer(mut self, peer: Peer) -> Self {
        self.peer = Some(peer);
        self
    }

    /// Returns the error of a layer below, which does not know how much of the request had left.
    fn at(mut self, sent: Sent) -> Self {
        if self.sent == Sent::None {
            self.sent = sent;
        }
        self
    }

    pub(super) fn from_ureq(error: &ureq::Error, sent: Sent) -> Self {
        let new = |kind, message: String| Self::new(kind, sent, message);
        match error {
            ureq::Error::Timeout(t) => new(FailureKind::TimedOut, timed_out(*t)),
            ureq::Error::HostNotFound => new(
                FailureKind::NoConnection,
                "the host is not known to DNS".into(),
            ),
            ureq::Error::Protocol(e) if e.to_string().contains("many headers") => new(
                FailureKind::NoConnection,
                "the response has too many headers".into(),
            ),
            ureq::Error::Protocol(_) => {
                new(FailureKind::NoConnection, "the response is not HTTP".into())
            }
            ureq::Error::LargeResponseHeader(..) => new(
                FailureKind::NoConnection,
                "the response's headers are too large".into(),
            ),
            ureq::Error::Io(e) => Self::from_io(e, sent),
            ureq::Error::Other(e) => match e.downcast_ref::<Self>() {
                Some(own) => own.clone().at(sent),
                None => new(FailureKind::NoConnection, e.to_string()),
            },
            other => new(FailureKind::NoConnection, other.to_string()),
        }
    }

    pub(super) fn from_io(error: &io::Error, sent: Sent) -> Self {
        let mut source: Option<&(dyn StdError + 'static)> =
            error.get_ref().map(|e| e as &(dyn StdError + 'static));
        while let Some(e) = source {
            if let Some(own) = e.downcast_ref::<Self>() {
                return own.clone().at(sent);
            }
            if let Some(ureq) = e.downcast_ref::<ureq::Error>() {
                return Self::from_ureq(ureq, sent);
            }
            source = e.source();
        }
        let (kind, message) = match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                (FailureKind::TimedOut, "timed out".to_owned())
            }
            io::ErrorKind::ConnectionRefused => {
                (FailureKind::Refused, "connection refused".to_owned())
            }
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                (FailureKind::Refused, "no route to the host".to_owned())
            }
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => (FailureKind::Reset, "connection reset".to_owned()),
            io::ErrorKind::UnexpectedEof => (
                FailureKind::Reset,
                "the server closed the connection".to_owned(),
            ),
            _ => (FailureKind::NoConnection, error.to_string()),
        };
        Self::new(kind, sent, message)
    }
}

/// Returns a proxy's own refusal: of a tunnel, or of a request that it was to pass on.
pub fn refused_by_proxy(status: u16, is_tunnel: bool) -> SendError {
    let error = SendError::new(
        FailureKind::NoConnection,
        Sent::None,
        format!("the proxy refused with {status}"),
    );
    let around = "NO_PROXY goes around it";
    error.hint(match status {
        // Tinyproxy refuses a wrong password with 401.
        401 | 407 => "it requires another user and password; they go before the proxy's host, followed by `@`".to_owned(),
        403 if is_tunnel => format!(
            "it has to allow CONNECT to this host and port, and many allow port 443 only; {around}"
        ),
        403 => format!("it has to allow this host and port; {around}"),
        _ => format!("can it reach the server? {around}"),
    })
}

fn timed_out(limit: ureq::Timeout) -> String {
    match limit {
        ureq::Timeout::Resolve => "timed out while looking the host up".to_owned(),
        ureq::Timeout::Connect => "timed out while connecting".to_owned(),
        ureq::Timeout::Global => {
            "timed out: the time limit of the complete call (`timeout`)".to_owned()
        }
        _ => "timed out".to_owned(),
    }
}

/// Returns whether the other side has closed or reset the connection.
pub fn is_hang_up(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset
    )
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = &self.message;
        match &self.peer {
            None => f.write_str(message),
            Some(Peer::Server(peer)) => write!(f, "could not connect to `{peer}`: {message}"),
            Some(Peer::Proxy(peer)) => write!(f, "{message} (proxy `{peer}`)"),
        }
    }
}

impl StdError for SendError {}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        let failure = Self::new(error.exit(), error.to_string());
        Self {
            hint: error.hint,
            ..failure
        }
    }
}
