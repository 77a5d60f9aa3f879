//! Names to addresses: IP addresses are parsed, names looked up once a process.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::ledger;

/// Looks names up through the system, once each.
#[derive(Debug, Default)]
pub struct OnceResolver {
    /// The HTTP proxy, which looks all other names up itself.
    proxy: Option<Uri>,
    system: DefaultResolver,
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
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        if self.proxy.as_ref().is_some_and(|proxy| proxy != uri) {
            return Ok(self.empty());
        }
        let port = uri.port_u16().or(match uri.scheme_str() {
            Some("http") => Some(80),
            Some("https") => Some(443),
            _ => None,
        });
        let host = uri.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let (Ok(ip), Some(port)) = (bare.parse::<IpAddr>(), port) {
            let mut addrs = self.empty();
            addrs.push(SocketAddr::new(ip, port));
            return Ok(addrs);
        }
        let name = format!("{host}:{port:?}");
        // A poisoned lock would mean a panic while a map was filled; what is in it is still true.
        let mut known = self
            .known
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(found) = known.get(&name) {
            let mut addrs = self.empty();
            for addr in found {
                addrs.push(*addr);
            }
            return Ok(addrs);
        }
        let addrs = self.system.resolve(uri, config, timeout)?;
        ledger::note_resolved();
        known.insert(name, addrs.iter().copied().collect());
        Ok(addrs)
    }
}
