//! Builds the ureq agent with our chain of connectors.
//!
//! Owns ureq's configuration: no redirects, no proxy of its own, no errors for statuses. Must not
//! know plans or keys.

use std::time::Duration;

use ureq::Agent;
use ureq::config::AutoHeaderValue;
use ureq::unversioned::transport::{Connector as _, SocksConnector};

use super::Options;
use super::buffers::INPUT;
use super::failure::{FailureKind, SendError, Sent};
use super::meter::{ConnectedConnector, MeterConnector, StartConnector};
use super::resolve::OnceResolver;
use super::tcp::TcpConnector;
use super::tls::{Seen, TlsConnector};
use super::via::{HttpProxy, HttpProxyConnector};

/// Time for DNS, TCP, proxy and TLS where the user says nothing.
const CONNECT: Duration = Duration::from_secs(10);

/// A request's lines have to fit into this one, each as a whole; those that MAAS takes do. Longer
/// ones, and large bodies, set their own.
pub(super) const OUTPUT: usize = 8 * 1024;

/// The largest input of each of more connections than [`FEW`]: their memory is what such a run takes.
/// Servers and their proxies send no head above 8 KiB as a rule.
const INPUT_OF_MANY: usize = 16 * 1024;
const FEW: usize = 16;

/// How many connections are kept where the user of the client does not say how many calls it makes
/// at once.
const KEPT: usize = 64;

/// How long a kept connection may lie idle. MAAS keeps its side for 65 s.
const IDLE: Duration = Duration::from_secs(60);

/// Builds the agent. Nothing is connected yet.
pub fn build(options: &Options, seen: &Seen) -> Result<Agent, SendError> {
    let proxy = match &options.proxy {
        None => None,
        Some(url) => Some(ureq::Proxy::new(url.expose()).map_err(|_| {
            SendError::new(
                FailureKind::NoConnection,
                Sent::None,
                "the proxy's address cannot be used",
            )
            .hint("write it as `http://host:3128` or `socks5://host:1080`")
        })?),
    };
    let http_proxy = proxy.as_ref().and_then(HttpProxy::of);
    let resolver = OnceResolver::new(http_proxy.as_ref().map(|proxy| proxy.uri.clone()));
    let kept = options.kept.unwrap_or(KEPT);
    let is_many = options.kept.is_some_and(|kept| kept > FEW);
    let input = if is_many { INPUT_OF_MANY } else { INPUT };
    let connect = options.connect_timeout.unwrap_or(CONNECT);
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(AutoHeaderValue::None)
        .accept(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .allow_non_standard_methods(true)
        .proxy(proxy.filter(|_| http_proxy.is_none()))
        .timeout_resolve(Some(connect))
        .timeout_connect(Some(connect))
        .input_buffer_size(input)
        // Below the buffer's size, so that a head that fills it is distinguished from one that stops.
        .max_response_header_size(input - 1)
        .output_buffer_size(OUTPUT)
        .max_idle_connections(kept)
        .max_idle_connections_per_host(kept)
        .max_idle_age(IDLE)
        .build();
    let chain = StartConnector
        .chain(SocksConnector::default())
        .chain(HttpProxyConnector {
            proxy: http_proxy,
            tls: TlsConnector::new(options.tls.clone(), seen.clone()),
        })
        .chain(TcpConnector {
            yields: options.kept.is_some(),
        })
        .chain(ConnectedConnector)
        .chain(TlsConnector::new(options.tls.clone(), seen.clone()))
        .chain(MeterConnector {
            patience: options.patience,
        });
    Ok(Agent::with_parts(config, chain, resolver))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_connections_are_kept_as_calls_are_made_at_once() {
        for (kept, want) in [(None, KEPT), (Some(1), 1), (Some(200), 200)] {
            let options = Options {
                kept,
                ..Options::default()
            };
            let agent = build(&options, &Seen::default()).unwrap();
            let config = agent.config();
            assert_eq!(config.max_idle_connections(), want);
            assert_eq!(config.max_idle_connections_per_host(), want);
        }
    }

    #[test]
    fn buffers_of_many_connections_are_small() {
        for (kept, want) in [(None, INPUT), (Some(4), INPUT), (Some(50), INPUT_OF_MANY)] {
            let options = Options {
                kept,
                ..Options::default()
            };
            let agent = build(&options, &Seen::default()).unwrap();
            assert_eq!(agent.config().input_buffer_size(), want, "{kept:?}");
        }
    }
}
