//! Chooses the proxy of a call.
//!
//! Address, setting and environment in, proxy out. Pure: `via` connects to it.

use std::net::IpAddr;

use crate::address::{Origin, Scheme, check_proxy};
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::profile::Settings;
use crate::secret::Secret;

use super::head::Head;

/// Chooses the proxy for an origin: flag, environment, profile; loopback and `NO_PROXY` go direct,
/// also where a flag names a proxy (curl does the same).
pub fn choose(origin: &Origin, settings: &Settings, env: &Env) -> Result<Option<Secret>, Failure> {
    if origin.is_loopback() {
        return Ok(None);
    }
    let from_env = || -> Result<Option<(Secret, Option<&str>)>, Failure> {
        // Only the lower-case `http_proxy`: a web server hands `HTTP_PROXY` to its programs from a
        // request's header (curl does the same).
        let names: &[&str] = match origin.scheme {
            Scheme::Http => &["http_proxy", "all_proxy", "ALL_PROXY"],
            Scheme::Https => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        };
        for name in names {
            if let Some(url) = env.text(name)? {
                return Ok(Some((Secret::new(url), Some(*name))));
            }
        }
        Ok(None)
    };
    let of_settings = settings.proxy.clone().map(|proxy| (proxy, None));
    let chosen = if settings.proxy_from_flag {
        of_settings
    } else {
        from_env()?.or(of_settings)
    };
    let Some((proxy, variable)) = chosen.filter(|(proxy, _)| !proxy.expose().is_empty()) else {
        // An empty proxy is none.
        return Ok(None);
    };
    let no_proxy = env
        .text("no_proxy")?
        .or(env.text("NO_PROXY")?)
        .unwrap_or_default();
    if is_exempt(origin, no_proxy) {
        return Ok(None);
    }
    if let Some(variable) = variable {
        // Those of flags and profiles were looked at when they were read.
        check_proxy(proxy.expose()).map_err(|e| Failure {
            exit: Exit::NoConnection,
            ..e.of(&format!("`{variable}`"))
        })?;
    }
    Ok(Some(proxy))
}

/// Returns whether a response says that a proxy made it: Squid's header, RFC 9209's, or a server that
/// is known to be a proxy.
#[must_use]
pub fn is_own(head: &Head) -> bool {
    let server = head
        .header("server")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_proxy = |name: &&str| server.starts_with(name);
    head.header("x-squid-error").is_some()
        || head.header("proxy-status").is_some()
        || ["squid", "tinyproxy", "privoxy"].iter().any(is_proxy)
}

/// Returns whether `NO_PROXY` names the host, as curl reads it: names and their subdomains, IP
/// addresses, networks (`10.0.0.0/8`), or `*` alone for everything.
///
/// Other than curl it takes entries with a port, and compares IP addresses as such, however they
/// are written.
#[must_use]
pub fn is_exempt(origin: &Origin, no_proxy: &str) -> bool {
    no_proxy == "*"
        || no_proxy
            .split([',', ' ', '\t'])
            .filter(|entry| !entry.is_empty())
            .any(|entry| matches(origin, entry))
}

fn matches(origin: &Origin, entry: &str) -> bool {
    if let Some((network, bits)) = entry.split_once('/') {
        return origin
            .ip()
            .zip(network.trim_matches(['[', ']']).parse().ok())
            .zip(bits.parse().ok())
            .is_some_and(|((ip, network), bits)| is_in_network(ip, network, bits));
    }
    let bare = |s: &str| s.trim_matches(['[', ']']).to_ascii_lowercase();
    let is_v6 = entry.matches(':').count() > 1 && !entry.starts_with('[');
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) if !is_v6 && port.parse::<u16>().is_ok() => (host, port.parse().ok()),
        _ => (entry, None),
    };
    if port.is_some_and(|p: u16| p != origin.effective_port()) {
        return false;
    }
    let host = bare(host);
    if let Some(ip) = origin.ip() {
        return host.parse() == Ok(ip);
    }
    let name = host.trim_matches('.');
    let ours = origin.host.trim_end_matches('.');
    !name.is_empty()
        && (ours == name
            || ours
                .strip_suffix(name)
                .is_some_and(|before| before.ends_with('.')))
}

fn is_in_network(ip: IpAddr, network: IpAddr, bits: u32) -> bool {
    fn same(a: u128, b: u128, width: u32, bits: u32) -> bool {
        bits == 0 || (bits <= width && (a ^ b) >> (width - bits) == 0)
    }
    match (ip, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u32::from(a).into(), u32::from(b).into(), 32, bits),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.into(), b.into(), 128, bits),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::split_url;

    #[test]
    fn no_proxy_as_curl_reads_it() {
        for (no_proxy, url, want) in [
            ("*", "http://a.example", true),
            ("example", "http://a.example", true),
            (".example", "http://a.example", true),
            // curl knows no other star than one that is alone.
            ("*.example", "http://a.example", false),
            ("b,*", "http://a.example", false),
            ("*,b", "http://a.example", false),
            ("fd12:0::0:1", "http://[fd12::1]", true),
            ("a.example", "http://ba.example", false),
            ("xample", "http://a.example", false),
            ("b.example, a.example", "http://a.example", true),
            ("b.example\ta.example", "http://a.example", true),
            ("a.example:8080", "http://a.example", false),
            ("a.example:80", "http://a.example", true),
            ("10.0.0.0/8", "http://10.1.2.3", true),
            ("10.0.0.0/8", "http://11.1.2.3", false),
            ("10.1.2.3", "http://10.1.2.3:99", true),
            ("10.1.2.3:98", "http://10.1.2.3:99", false),
            ("0.2.3", "http://10.0.2.3", false),
            ("fd00::/8", "http://[fd12::1]", true),
            ("fd12::1", "http://[fd12::1]", true),
            ("[fd12::1]:80", "http://[fd12::1]", true),
            ("0.0.0.0/0", "http://10.0.2.3", true),
            ("", "http://a.example", false),
        ] {
            let origin = split_url(url).unwrap().0;
            assert_eq!(is_exempt(&origin, no_proxy), want, "{no_proxy} {url}");
        }
    }

    #[test]
    fn the_proxy_is_chosen_by_scheme_and_order() {
        let choose = |url, vars: &[(&str, &str)], profile: Option<&str>, flag: Option<&str>| {
            let settings = Settings {
                proxy: flag.or(profile).map(Secret::new),
                proxy_from_flag: flag.is_some(),
                ..Settings::default()
            };
            let env = Env::from_vars(vars.iter().copied());
            choose(&split_url(url).unwrap().0, &settings, &env)
                .unwrap()
                .map(|s| s.expose().to_owned())
        };
        let http = [("http_proxy", "http://h:1"), ("HTTPS_PROXY", "http://s:1")];
        assert_eq!(
            choose("http://a", &http, None, None).as_deref(),
            Some("http://h:1")
        );
        assert_eq!(
            choose("https://a", &http, None, None).as_deref(),
            Some("http://s:1")
        );
        assert_eq!(
            choose("http://127.0.0.1", &http, None, Some("http://f")),
            None
        );
        assert_eq!(
            choose("http://a", &[("HTTP_PROXY", "http://h:1")], None, None),
            None
        );
        let all = [("ALL_PROXY", "socks5h://h:1")];
        assert_eq!(
            choose("http://a", &all, None, None).as_deref(),
            Some("socks5h://h:1")
        );
        assert_eq!(choose("http://a", &all, None, Some("")), None);
        let no = [("NO_PROXY", "a")];
        assert_eq!(choose("http://a", &no, None, Some("http://f")), None);
        assert_eq!(
            choose("http://b", &no, None, Some("http://f")).as_deref(),
            Some("http://f")
        );
        assert_eq!(
            choose("http://a", &[], Some("http://p"), None).as_deref(),
            Some("http://p")
        );
        assert_eq!(
            choose("http://a", &[("NO_PROXY", "a")], Some("http://p"), None),
            None
        );
    }
}
