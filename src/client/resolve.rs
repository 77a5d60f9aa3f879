//! Resolves names to addresses.
//!
//! IP addresses are parsed, names looked up once a process. Behind an HTTP proxy only the proxy's
//! own name is.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use ureq::Timeout;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::failure::FailureKind;
use super::{ledger, reach};

/// How many addresses of a host are tried; ureq's list takes no more.
const MOST_ADDRESSES: usize = 16;

/// Looks names up through the system, once each.
#[derive(Debug, Default)]
pub struct OnceResolver {
    /// The HTTP proxy, which looks all other names up itself.
    proxy: Option<Uri>,
    known: Mutex<HashMap<String, Vec<SocketAddr>>>,
}

impl OnceResolver {
    /// Makes a resolver; with an HTTP proxy it looks up no other name than the proxy's.
    #[must_use]
    pub fn new(proxy: Option<Uri>) -> Self {
        Self {
            proxy,
            ..Self::default()
        }
    }
}

impl Resolver for OnceResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        if self.proxy.as_ref().is_some_and(|proxy| proxy != uri) {
            return Ok(self.empty());
        }
        // An address with a port, as most are that are no names, is read in one go.
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if let Ok(addr) = authority.parse() {
            let mut addrs = self.empty();
            addrs.push(addr);
            return Ok(addrs);
        }
        let port = uri.port_u16().or(match uri.scheme_str() {
            Some("http") => Some(80),
            Some("https") => Some(443),
            Some(scheme) if scheme.starts_with("socks") => Some(1080),
            _ => None,
        });
        let port = port.ok_or(ureq::Error::HostNotFound)?;
        let host = uri.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(ip) = bare.parse::<IpAddr>() {
            let mut addrs = self.empty();
            addrs.push(SocketAddr::new(ip, port));
            return Ok(addrs);
        }
        let name = format!("{host}:{port}");
        // A poisoned lock would mean a panic while a map was filled; what is in it is still true.
        let mut known = self
            .known
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let found = if let Some(found) = known.get(&name) {
            found
        } else {
            // Not ureq's own: it panics where the system has no thread left.
            let found =
                reach::resolve(host, port, *timeout.after).map_err(|e| match timeout.reason {
                    Timeout::Resolve => ureq::Error::Other(Box::new(e)),
                    reason if e.kind == FailureKind::TimedOut => ureq::Error::Timeout(reason),
                    _ => ureq::Error::Other(Box::new(e)),
                })?;
            ledger::note_resolved();
            known.entry(name).or_insert(found)
        };
        let mut addrs = self.empty();
        for addr in found.iter().take(MOST_ADDRESSES) {
            addrs.push(*addr);
        }
        Ok(addrs)
    }
}
