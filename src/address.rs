//! Addresses of servers: origin and base path, split but never rewritten.
//!
//! An [`Address`] is what a profile's `url` holds. It compares origins the way a browser does
//! (scheme, host without regard to case, port with the scheme's default filled in), because a key
//! must never leave its origin. It knows nothing of services; `service` decides what a base path
//! means.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use crate::error::Failure;

/// The two schemes that exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

impl Scheme {
    /// Returns the scheme as written in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// Returns the port that a URL without one means.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Scheme, host and port: what a key belongs to.
#[derive(Clone, Debug)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// The host in lower case; write an IPv6 address in brackets. Each plan has it, so it is shared.
    pub host: Arc<str>,
    /// The port where one was written.
    pub port: Option<u16>,
}

impl Origin {
    /// Returns the port that is connected to.
    #[must_use]
    pub fn effective_port(&self) -> u16 {
        self.port.unwrap_or_else(|| self.scheme.default_port())
    }

    /// Returns `host` or `host:port`, as the `Host` header has it: without the scheme's own port.
    #[must_use]
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) if port != self.scheme.default_port() => format!("{}:{port}", self.host),
            _ => self.host.to_string(),
        }
    }

    /// Returns the IP address, where the host is one.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        bare.parse().ok()
    }

    /// Returns whether the host is this machine (`localhost`, `*.localhost`, 127/8, `::1`).
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.ip() {
            Some(ip) => ip.is_loopback(),
            None => &*self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            && self.host == other.host
            && self.effective_port() == other.effective_port()
    }
}

impl Eq for Origin {}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// An origin and the path below which a service lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where to connect, and what the key belongs to.
    pub origin: Origin,
    /// The base path: empty, or `/` and segments without a trailing slash (`/MAAS`).
    pub path: String,
}

impl Address {
    /// Reads `scheme://host[:port][/path]`.
    ///
    /// User and password, query and fragment are refused, because a profile's address has no use
    /// for them. The message does not repeat the text: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let (origin, rest) = split_url(text)?;
        if rest.contains(['?', '#']) {
            return Err(Failure::usage("the address has a query or fragment")
                .hint("write it as `http://host:5240/MAAS`"));
        }
        if !rest.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Failure::usage(
                "the address has a character that no URL has",
            ));
        }
        Ok(Self {
            origin,
            path: rest.trim_end_matches('/').to_owned(),
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

/// Returns whether the text starts with a scheme and `://`.
#[must_use]
pub fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        rest.starts_with("//")
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// Splits an absolute URL into its origin and everything from the path on.
pub fn split_url(text: &str) -> Result<(Origin, &str), Failure> {
    let bad = |what: &str| Failure::usage(format!("the address {what}"));
    let (scheme, rest) = text
        .split_once("://")
        .ok_or_else(|| bad("has no `http://` or `https://`"))?;
    let scheme = if scheme.eq_ignore_ascii_case("http") {
        Scheme::Http
    } else if scheme.eq_ignore_ascii_case("https") {
        Scheme::Https
    } else {
        return Err(bad("is neither `http://` nor `https://`"));
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    if authority.contains('@') {
        return Err(
            bad("holds a user name or password").hint("leave them out: the key signs the calls")
        );
    }
    let (host, port) = split_host_port(authority)?;
    let host = host.into();
    Ok((Origin { scheme, host, port }, rest))
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`.
pub fn split_host_port(authority: &str) -> Result<(String, Option<u16>), Failure> {
    host_port_of("the address", authority)
}

/// Splits host and port; `what` is what messages call the address.
fn host_port_of(what: &str, authority: &str) -> Result<(String, Option<u16>), Failure> {
    let bad = |why: &str| Failure::usage(format!("{what} {why}"));
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (v6, after) = rest
            .split_once(']')
            .ok_or_else(|| bad("has `[` without `]`"))?;
        let v6: Ipv6Addr = v6
            .parse()
            .map_err(|_| bad("has something other than an IPv6 address in brackets"))?;
        let port = match after {
            "" => None,
            _ => Some(
                after
                    .strip_prefix(':')
                    .ok_or_else(|| bad("has something between `]` and the port"))?,
            ),
        };
        (format!("[{v6}]"), port)
    } else {
        match authority.split_once(':') {
            Some((_, port)) if port.contains(':') => {
                return Err(bad("has more than one `:`")
                    .hint("write an IPv6 address in brackets: `http://[fd00::2]:5240/MAAS`"));
            }
            Some((host, port)) => (host.to_ascii_lowercase(), Some(port)),
            None => (authority.to_ascii_lowercase(), None),
        }
    };
    if host.is_empty() {
        return Err(bad("has no host"));
    }
    if !host.is_ascii() {
        return Err(
            bad("has letters outside ASCII in its host").hint("write the host in its `xn--` form")
        );
    }
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if !host.starts_with('[') && !host.chars().all(valid) {
        return Err(bad("has a character in its host that no host name has"));
    }
    let port = match port {
        None | Some("") => None,
        Some(port) => Some(
            port.parse()
                .ok()
                .filter(|p| *p != 0 && port.bytes().all(|b| b.is_ascii_digit()))
                .ok_or_else(|| bad("has a port that is not a number from 1 to 65535"))?,
        ),
    };
    Ok((host, port))
}

/// Returns whether a proxy's address can be used: `host:port`, with one of the schemes of proxies and
/// a user and password before it where they are wanted. The message does not repeat the text.
pub fn check_proxy(text: &str) -> Result<(), Failure> {
    let bad = |what: &str| {
        Failure::usage(format!("the proxy's address {what}"))
            .hint("write it as `http://host:3128` or `socks5://host:1080`")
    };
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let schemes = [
        "http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h",
    ];
    if !schemes.iter().any(|s| s.eq_ignore_ascii_case(scheme)) {
        return Err(bad("has a scheme that no proxy has"));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (user, host) = match rest[..end].rsplit_once('@') {
        Some((user, host)) => (user, host),
        None if rest[end..].contains('@') => {
            return Err(bad("has a `/`, `?` or `#` in its user or password")
                .hint("write it as `%2F`, `%3F` or `%23`"));
        }
        None => ("", &rest[..end]),
    };
    // RFC 3986 §3.2.1; an `@` too many does no harm.
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%@".contains(&b);
    let decoded = percent_encoding::percent_decode_str(user).decode_utf8();
    if !user.bytes().all(allowed) || decoded.is_err() {
        return Err(
            bad("has a character in its user or password that no URL has")
                .hint("write it percent-encoded, e.g. `%40` for `@`"),
        );
    }
    match host_port_of("the proxy's address", host) {
        Ok(_) => Ok(()),
        Err(failure) => Err(failure.hint("write it as `http://host:3128` or `socks5://host:1080`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_split() {
        for (text, origin, path) in [
            ("http://10.0.0.2:5240/MAAS", "http://10.0.0.2:5240", "/MAAS"),
            ("HTTP://Maas.Example/MAAS/", "http://maas.example", "/MAAS"),
            ("https://h", "https://h", ""),
            (
                "http://[fd00::2]:5240/MAAS",
                "http://[fd00::2]:5240",
                "/MAAS",
            ),
            ("https://[::1]", "https://[::1]", ""),
        ] {
            let a = Address::parse(text).unwrap();
            assert_eq!(
                (a.origin.to_string().as_str(), a.path.as_str()),
                (origin, path)
            );
        }
        for text in [
            "host",
            "ftp://h",
            "http://",
            "http://u:p@h/",
            "http://h:0",
            "http://h:99999",
            "http://h:+80",
            "http://fd00::2/",
            "http://h/?a=b",
            "http://h/#x",
            "http://ho st/",
            "http://bücher.example/",
            "http://[zz]/",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn origins_compare_as_a_browser_does() {
        let o = |t| split_url(t).unwrap().0;
        assert_eq!(o("http://H:80/"), o("http://h"));
        assert_eq!(o("https://h:443"), o("https://h"));
        for (a, b) in [
            ("http://h", "https://h"),
            ("http://h", "http://h:8080"),
            ("http://h", "http://h.evil"),
        ] {
            assert_ne!(o(a), o(b));
        }
    }

    #[test]
    fn loopback() {
        for (text, yes) in [
            ("http://127.0.0.9", true),
            ("http://[::1]:1", true),
            ("http://localhost:1", true),
            ("http://10.0.0.1", false),
            ("http://localhost.example", false),
        ] {
            assert_eq!(split_url(text).unwrap().0.is_loopback(), yes, "{text}");
        }
    }

    #[test]
    fn proxies() {
        for good in [
            "http://10.0.0.1:3128",
            "10.0.0.1:3128",
            "proxy",
            "HTTPS://proxy/",
            "socks5h://us%40er:pa%2Fss@[::1]:1080",
            "http://me:se:c@ret@proxy:1",
            "http://me@proxy",
            "socks4a://proxy:1",
        ] {
            assert!(check_proxy(good).is_ok(), "{good}");
            // What takes it agrees.
            assert!(ureq::Proxy::new(good).is_ok(), "{good}");
        }
        for (bad, text) in [
            ("http://127.0.0.1:99999", "port"),
            ("http://127.0.0.1:0", "port"),
            ("http://127.0.0.1:x", "port"),
            ("ftp://x", "scheme"),
            ("zz://u:hunter2@bad", "scheme"),
            ("http://", "no host"),
            ("", "no host"),
            ("http://u:hunter2@", "no host"),
            ("http://u:hun/ter2@proxy", "user or password"),
            ("http://u:hun ter2@proxy", "user or password"),
            ("http://u:hunter2%ff@proxy", "user or password"),
            ("http://a b", "character"),
            ("socks5://::1", "more than one"),
        ] {
            let e = check_proxy(bad).unwrap_err();
            assert!(e.to_string().contains(text), "{bad}: {e}");
            assert!(e.to_string().contains("proxy"), "{bad}: {e}");
            let reported = format!("{e} {}", e.hint.clone().unwrap_or_default());
            assert!(!reported.contains("hun"), "{reported}");
        }
    }
}
