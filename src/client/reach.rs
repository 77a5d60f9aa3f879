//! Resolves a name and opens a connection, each by itself, to show which of the two fails.
//!
//! Sends nothing. `doctor` and `login` report with it.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::time::Duration;

use super::failure::{FailureKind, Peer, SendError, Sent};
use crate::threads;

/// Looks a host up; an IP address is its own response. The system's look-up cannot be ended, so a
/// slow one is left to its thread.
pub fn resolve(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, SendError> {
    let bare = host.trim_matches(['[', ']']).to_owned();
    let (sender, receiver) = mpsc::channel();
    threads::start(move || {
        let found = (bare.as_str(), port).to_socket_addrs().map(Vec::from_iter);
        // Nobody listens any more after the limit.
        let _ = sender.send(found);
    })
    .map_err(|e| SendError::local(&e))?;
    match receiver.recv_timeout(limit) {
        Ok(Ok(found)) if !found.is_empty() => Ok(found),
        Ok(_) => Err(SendError::new(
            FailureKind::NoConnection,
            Sent::None,
            format!("the host `{host}` is not known to DNS"),
        )
        .hint("is its name right, and this machine's resolver reachable?")),
        Err(_) => Err(SendError::new(
            FailureKind::TimedOut,
            Sent::None,
            format!("timed out while looking the host `{host}` up"),
        )
        .hint("is this machine's resolver reachable?")),
    }
}

/// Connects to the first address that takes a connection, and hangs up.
pub fn connect(addresses: &[SocketAddr], limit: Duration) -> Result<SocketAddr, SendError> {
    let mut last = SendError::new(
        FailureKind::Refused,
        Sent::None,
        "there is no address to connect to",
    );
    for address in addresses {
        match TcpStream::connect_timeout(address, limit) {
            Ok(_) => return Ok(*address),
            Err(e) => {
                let peer = Peer::Server(address.to_string());
                last = SendError::from_io(&e, Sent::None).of_peer(peer);
            }
        }
    }
    Err(match last.kind {
        FailureKind::Refused => last.hint("does the server run, and listen on this port?"),
        _ => last.hint("does a firewall stand between?"),
    })
}
