//! Connections through an HTTP proxy.
//!
//! ureq asks every such proxy for a tunnel (CONNECT), which stock Squid denies to any port but 443,
//! MAAS's 5240 too. Here `https://` goes through a tunnel, and a request to `http://` goes to the
//! proxy itself, as curl has it: the transport puts the origin into the request line that ureq
//! wrote (absolute form, RFC 9112 §3.2.2), and adds what is the proxy's alone.

use base64::Engine as _;
use ureq::http::Uri;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, TcpConnector, Transport,
};
use ureq::{Proxy, ProxyProtocol};

use super::failure::{FailureKind, SendError, Sent, refused_by_proxy};
use super::heads::{HEAD_END, end_of_head, is_interim};
use super::ledger;
use super::tls::{TlsConnector, remaining};

/// The longest head of a proxy's response to CONNECT.
const LONGEST_HEAD: usize = 16 * 1024;

/// An HTTP proxy.
#[derive(Clone, Debug)]
pub struct HttpProxy {
    /// Scheme, host and port.
    pub uri: Uri,
    /// The headers that are for the proxy alone.
    headers: String,
}

impl HttpProxy {
    /// Reads what a proxy's address says; `None` for one that is no HTTP proxy (SOCKS).
    pub fn of(proxy: &Proxy) -> Option<Self> {
        let scheme = match proxy.protocol() {
            ProxyProtocol::Http => "http",
            ProxyProtocol::Https => "https",
            _ => return None,
        };
        let uri = format!("{scheme}://{}:{}/", proxy.host(), proxy.port());
        let mut headers = "Proxy-Connection: Keep-Alive\r\n".to_owned();
        if proxy.username().is_some() || proxy.password().is_some() {
            let user = proxy.username().unwrap_or_default();
            let password = proxy.password().unwrap_or_default();
            let credentials =
                base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
            headers.push_str(&format!("Proxy-Authorization: Basic {credentials}\r\n"));
        }
        Some(Self {
            uri: uri.parse().ok()?,
            headers,
        })
    }
}

/// Connects through an HTTP proxy, where there is one.
#[derive(Debug)]
pub struct HttpProxyConnector {
    /// The proxy.
    pub proxy: Option<HttpProxy>,
    /// TLS to a proxy whose address is `https://`.
    pub tls: TlsConnector,
}

impl<In: Transport> Connector<In> for HttpProxyConnector {
    type Out = Either<In, Proxied>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(proxy) = self.proxy.as_ref().filter(|_| chained.is_none()) else {
            return Ok(chained.map(Either::A));
        };
        let addrs = details
            .resolver
            .resolve(&proxy.uri, details.config, remaining(details))?;
        let to_proxy = ConnectionDetails {
            uri: &proxy.uri,
            addrs,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let tcp = Connector::<()>::connect(&TcpConnector::default(), &to_proxy, None)?;
        let Some(transport) = self.tls.connect(&to_proxy, tcp)? else {
            return Ok(None);
        };
        let mut transport = transport.boxed();
        let authority = authority(details.uri);
        let absolute = if details.needs_tls() {
            tunnel(&mut *transport, &authority, proxy, details)?;
            None
        } else {
            Some(Absolute {
                origin: format!("http://{authority}"),
                headers: proxy.headers.clone(),
                attempt: 0,
            })
        };
        Ok(Some(Either::B(Proxied {
            transport,
            absolute,
        })))
    }
}

/// Returns `host:port` of an address.
fn authority(uri: &Uri) -> String {
    let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
        Some("https") => 443,
        _ => 80,
    });
    format!("{}:{port}", uri.host().unwrap_or_default())
}

/// Asks the proxy for a tunnel. One write: a proxy that reads once has to see all of it.
fn tunnel(
    transport: &mut dyn Transport,
    target: &str,
    proxy: &HttpProxy,
    details: &ConnectionDetails,
) -> Result<(), ureq::Error> {
    let refused = |error: SendError| ureq::Error::Other(Box::new(error));
    let fault = |what: &str| refused(SendError::new(FailureKind::NoConnection, Sent::None, what));
    let head = format!(
        "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{}\r\n",
        proxy.headers
    );
    send(transport, head.as_bytes(), remaining(details))?;
    loop {
        let input = transport.buffers().input();
        if let Some(end) = end_of_head(input) {
            let head = &input[..end];
            let is_interim = is_interim(head);
            let text = String::from_utf8_lossy(head);
            let status = text.strip_prefix("HTTP/1.").and_then(|t| t.get(2..5));
            let status = status.and_then(|s| s.parse::<u16>().ok());
            transport.buffers().input_consume(end + HEAD_END.len());
            match status {
                _ if is_interim => continue,
                Some(200..300) => return Ok(()),
                Some(status) => return Err(refused(refused_by_proxy(status, true))),
                None => return Err(fault("the proxy's response is not HTTP")),
            }
        }
        if input.len() >= LONGEST_HEAD {
            return Err(fault("the proxy's response is not HTTP"));
        }
        let left = remaining(details);
        if left.after.is_zero() {
            return Err(ureq::Error::Timeout(left.reason));
        }
        if !transport.await_input(left)? {
            return Err(fault("the proxy did not respond"));
        }
    }
}

fn send(
    transport: &mut dyn Transport,
    mut bytes: &[u8],
    timeout: NextTimeout,
) -> Result<(), ureq::Error> {
    while !bytes.is_empty() {
        let output = transport.buffers().output();
        let amount = bytes.len().min(output.len());
        output[..amount].copy_from_slice(&bytes[..amount]);
        transport.transmit_output(amount, timeout)?;
        bytes = &bytes[amount..];
    }
    Ok(())
}

/// A connection to a proxy, or through it.
#[derive(Debug)]
pub struct Proxied {
    transport: Box<dyn Transport>,
    absolute: Option<Absolute>,
}

/// How requests to the proxy itself are completed.
#[derive(Debug)]
struct Absolute {
    /// `http://host:port` of the server.
    origin: String,
    headers: String,
    /// The attempt whose request line has been sent.
    attempt: u64,
}

impl Absolute {
    /// Completes the first bytes of a request: ureq writes no line in two pieces.
    fn complete(&self, start: &[u8]) -> Vec<u8> {
        let mut whole = Vec::with_capacity(start.len() + self.origin.len() + self.headers.len());
        let path = start.iter().position(|b| *b == b' ').map_or(0, |at| at + 1);
        let line = start.windows(2).position(|w| w == b"\r\n");
        let line = line.map_or(start.len(), |at| at + 2);
        whole.extend_from_slice(&start[..path]);
        whole.extend_from_slice(self.origin.as_bytes());
        whole.extend_from_slice(&start[path..line]);
        whole.extend_from_slice(self.headers.as_bytes());
        whole.extend_from_slice(&start[line..]);
        whole
    }
}

impl Transport for Proxied {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if let Some(absolute) = &mut self.absolute
            && absolute.attempt != ledger::attempt()
        {
            absolute.attempt = ledger::attempt();
            let whole = absolute.complete(&self.transport.buffers().output()[..amount]);
            return send(&mut *self.transport, &whole, timeout);
        }
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.transport.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    /// Returns false: TLS to the proxy is none to the server.
    fn is_tls(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_line_gets_its_origin() {
        let absolute = Absolute {
            origin: "http://h:5240".to_owned(),
            headers: "P: q\r\n".to_owned(),
            attempt: 0,
        };
        let whole = absolute.complete(b"POST /x?a=b HTTP/1.1\r\nHost: h:5240\r\n\r\nbody");
        assert_eq!(
            String::from_utf8(whole).unwrap(),
            "POST http://h:5240/x?a=b HTTP/1.1\r\nP: q\r\nHost: h:5240\r\n\r\nbody"
        );
    }

    #[test]
    fn addresses_of_proxies() {
        for (url, uri, has_password) in [
            ("http://h", Some("http://h:80/"), false),
            ("http://u:p@h:3128", Some("http://h:3128/"), true),
            ("https://h", Some("https://h:443/"), false),
            ("socks5://h:1080", None, false),
        ] {
            let proxy = HttpProxy::of(&Proxy::new(url).unwrap());
            assert_eq!(
                proxy.as_ref().map(|p| p.uri.to_string()).as_deref(),
                uri,
                "{url}"
            );
            let headers = proxy.map(|p| p.headers).unwrap_or_default();
            assert_eq!(headers.contains("Basic dTpw"), has_password, "{url}");
        }
    }
}
