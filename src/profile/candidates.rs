//! What an address can mean: users write it in many forms. Pure.
//!
//! `host`, `host:5240`, `http://host:5240/MAAS`, `…/MAAS/api/2.0/`, a page of the user interface,
//! an account of Macrometa: each is completed to the addresses it may stand for, best first.

use std::sync::Arc;

use crate::address::{Address, Origin, Scheme, has_scheme, split_host_port, split_url};
use crate::error::Failure;
use crate::service::{Service, macrometa};

use super::model::{KeyHint, service_of};

/// What an address can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The service it would be.
    pub service: Service,
    /// Where it would be.
    pub address: Address,
    /// The user has said which service it is.
    pub is_said: bool,
}

/// An address as it was typed, in its parts.
struct Typed<'a> {
    scheme: Option<Scheme>,
    host: Arc<str>,
    port: Option<u16>,
    path: &'a str,
}

impl<'a> Typed<'a> {
    fn read(typed: &'a str) -> Result<Self, Failure> {
        let typed = typed.trim();
        let (scheme, host, port, path) = if has_scheme(typed) {
            let (origin, rest) = split_url(typed)?;
            (Some(origin.scheme), origin.host, origin.port, rest)
        } else {
            let end = typed.find(['/', '?', '#']).unwrap_or(typed.len());
            let (authority, rest) = typed.split_at(end);
            if authority.contains('@') {
                return Err(Failure::usage("the address holds a user name or password")
                    .hint("leave them out: the key signs the calls"));
            }
            let (host, port) = split_host_port(authority)?;
            (None, host.into(), port, rest)
        };
        Ok(Self {
            scheme,
            host,
            port,
            path: path.split(['?', '#']).next().unwrap_or_default(),
        })
    }
}

/// Returns what a typed address means where no server is asked: the service that was said, else the
/// one that address and key look like.
pub fn offline(typed: &str, said: Option<Service>, key: KeyHint<'_>) -> Result<Candidate, Failure> {
    let service = match said {
        Some(service) => service,
        None => {
            let parts = Typed::read(typed)?;
            let origin = Origin {
                scheme: parts.scheme.unwrap_or(Scheme::Http),
                host: parts.host,
                port: parts.port,
            };
            let path = base_path(parts.path);
            service_of(&Address { origin, path }, key)
        }
    };
    likeliest(&candidates(typed, Some(service))?)
}

/// Lists what a typed address can mean, best first.
pub fn candidates(typed: &str, said: Option<Service>) -> Result<Vec<Candidate>, Failure> {
    let Typed {
        scheme,
        host,
        port,
        path,
    } = Typed::read(typed)?;
    let base = base_path(path);
    let services: &[Service] = match said {
        Some(Service::Maas) => &[Service::Maas],
        Some(Service::Macrometa) => &[Service::Macrometa],
        None if base.ends_with("/MAAS") => &[Service::Maas],
        None if host.ends_with(".macrometa.io") => &[Service::Macrometa],
        None => &Service::ALL,
    };
    let is_bare = path.trim_end_matches('/').is_empty();
    let schemes: &[Scheme] = match scheme {
        Some(Scheme::Http) => &[Scheme::Http],
        Some(Scheme::Https) => &[Scheme::Https],
        None => &[Scheme::Https, Scheme::Http],
    };
    let is_url = scheme.is_some();
    let mut list = Vec::new();
    for scheme in schemes {
        for service in services {
            let usual = match (service, scheme) {
                (Service::Maas, Scheme::Https) => Some(5443),
                (Service::Maas, Scheme::Http) => Some(5240),
                (Service::Macrometa, _) => None,
            };
            let mut ports = vec![port];
            // MAAS's own port, where nothing was said that speaks against it. On plain HTTP it is
            // the likelier one, unless a scheme was typed: then a URL without a port has one.
            if port.is_none() && (is_bare || scheme.eq(&Scheme::Http)) && usual.is_some() {
                let at = usize::from(is_url || *scheme == Scheme::Https);
                ports.insert(at, usual);
            }
            for port in ports {
                list.push(Candidate {
                    is_said: said.is_some(),
                    ..candidate(*service, *scheme, &host, port, &base)
                });
            }
        }
    }
    Ok(list)
}

fn candidate(
    service: Service,
    scheme: Scheme,
    host: &str,
    port: Option<u16>,
    base: &str,
) -> Candidate {
    let (host, path) = match service {
        Service::Maas => (host.into(), if base.is_empty() { "/MAAS" } else { base }),
        Service::Macrometa => (macrometa::host::api_host(host).into(), ""),
    };
    Candidate {
        service,
        address: Address {
            origin: Origin { scheme, host, port },
            path: path.to_owned(),
        },
        is_said: false,
    }
}

/// Returns the base path in what a user copied: everything up to `/MAAS`, without the API or a page
/// of the user interface behind it.
#[must_use]
pub fn base_path(path: &str) -> String {
    if let Some(at) = path.find("/MAAS") {
        let end = at + "/MAAS".len();
        if path[end..].is_empty() || path[end..].starts_with('/') {
            return path[..end].to_owned();
        }
    }
    let path = path.split("/api/2.0").next().unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}

/// Returns the meaning that counts where nobody is asked: plain http is what a MAAS without a
/// scheme speaks, except on the ports of https; https is what a Macrometa does.
pub fn likeliest(candidates: &[Candidate]) -> Result<Candidate, Failure> {
    let is_https = |c: &Candidate| c.address.origin.scheme == Scheme::Https;
    let is_one_service = candidates.windows(2).all(|c| c[0].service == c[1].service);
    if !is_one_service {
        return Err(
            Failure::usage("without asking the server the service is not known")
                .hint("say `--service maas` or `--service macrometa`"),
        );
    }
    let plain = candidates
        .iter()
        .find(|c| !is_https(c) && c.service.is_often_plain())
        .filter(|c| !matches!(c.address.origin.port, Some(443 | 5443)));
    plain
        .or(candidates.first())
        .cloned()
        .ok_or_else(|| Failure::usage("the address means nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(typed: &str) -> Vec<String> {
        candidates(typed, None)
            .unwrap()
            .into_iter()
            .map(|c| format!("{} {}", c.service, c.address))
            .collect()
    }

    #[test]
    fn addresses_as_users_write_them() {
        for typed in [
            "http://h:5240/MAAS",
            "http://h:5240/MAAS/",
            "http://h:5240/MAAS/api/2.0/",
            "http://h:5240/MAAS/api/2.0",
            "http://h:5240/MAAS/r/machines",
            " http://H:5240/MAAS/?x=y#z ",
        ] {
            assert_eq!(list(typed), ["maas http://h:5240/MAAS"], "{typed}");
        }
        assert_eq!(
            list("h"),
            [
                "maas https://h/MAAS",
                "maas https://h:5443/MAAS",
                "macrometa https://h",
                "maas http://h:5240/MAAS",
                "maas http://h/MAAS",
                "macrometa http://h",
            ]
        );
        assert_eq!(
            list("h:5240"),
            [
                "maas https://h:5240/MAAS",
                "macrometa https://h:5240",
                "maas http://h:5240/MAAS",
                "macrometa http://h:5240",
            ]
        );
        assert_eq!(
            list("h/MAAS"),
            [
                "maas https://h/MAAS",
                "maas http://h:5240/MAAS",
                "maas http://h/MAAS"
            ]
        );
        for typed in ["http://h/MAAS", "http://h/MAAS/api/2.0/"] {
            assert_eq!(
                list(typed),
                ["maas http://h/MAAS", "maas http://h:5240/MAAS"]
            );
        }
        assert_eq!(list("https://h/x/MAAS/api/2.0/"), ["maas https://h/x/MAAS"]);
        for typed in ["play.paas.macrometa.io", "api-play.paas.macrometa.io"] {
            assert_eq!(
                list(typed),
                [
                    "macrometa https://api-play.paas.macrometa.io",
                    "macrometa http://api-play.paas.macrometa.io",
                ]
            );
        }
        assert_eq!(
            list("[fd00::2]:5240/MAAS")[0],
            "maas https://[fd00::2]:5240/MAAS"
        );
        for bad in ["", "ftp://h", "a b", "u:p@h"] {
            assert!(candidates(bad, None).is_err(), "{bad}");
        }
    }
}
