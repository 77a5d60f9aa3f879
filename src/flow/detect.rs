//! Finds out which service an address belongs to, by unsigned probes.
//!
//! Users write addresses in many forms. [`candidates`] (pure) lists what an address can mean,
//! https first; [`detect`] asks them all at once, each within ten seconds, and takes the first in
//! the order of the list. No key is sent.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::address::{Address, Origin, Scheme, has_scheme, split_host_port, split_url};
use crate::client::tls::Certificate;
use crate::client::{Client, Options, SendError};
use crate::error::{Exit, Failure};
use crate::output::decode::decode;
use crate::output::read_failure;
use crate::request::plan::Call;
use crate::request::{Plan, plan::Place};
use crate::service::{Service, maas, macrometa};

/// What an address can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The service it would be.
    pub service: Service,
    /// Where it would be.
    pub address: Address,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The service.
    pub service: Service,
    /// Its address, completed.
    pub address: Address,
    /// Its version, where it says one without a key.
    pub version: Option<String>,
    /// The certificate it showed.
    pub certificate: Option<Box<Certificate>>,
}

/// Time for each probe, connecting included.
pub const PROBE: Duration = Duration::from_secs(10);

/// How long better candidates are waited for when a worse one has answered.
const GRACE: Duration = Duration::from_millis(1500);

/// Lists what a typed address can mean, best first.
pub fn candidates(typed: &str, service: Option<Service>) -> Result<Vec<Candidate>, Failure> {
    let typed = typed.trim();
    let (scheme, host, port, path) = if has_scheme(typed) {
        let (origin, rest) = split_url(typed)?;
        (Some(origin.scheme), origin.host, origin.port, rest)
    } else {
        let end = typed.find(['/', '?', '#']).unwrap_or(typed.len());
        let (authority, rest) = typed.split_at(end);
        if authority.contains('@') {
            return Err(Failure::usage("the address holds a user name or password")
                .hint("leave them out: the key signs in"));
        }
        let (host, port) = split_host_port(authority)?;
        (None, host, port, rest)
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let base = base_path(path);
    let services: &[Service] = match service {
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
            // the likelier one.
            if port.is_none() && (is_bare || scheme.eq(&Scheme::Http)) && usual.is_some() {
                let at = usize::from(*scheme == Scheme::Https);
                ports.insert(at, usual);
            }
            for port in ports {
                list.push(candidate(*service, *scheme, &host, port, &base));
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
        Service::Maas => (
            host.to_owned(),
            if base.is_empty() { "/MAAS" } else { base },
        ),
        Service::Macrometa => (macrometa::host::api_host(host), ""),
    };
    Candidate {
        service,
        address: Address {
            origin: Origin { scheme, host, port },
            path: path.to_owned(),
        },
    }
}

/// The base path in what a user copied: everything up to `/MAAS`, without the API or a page of the
/// user interface behind it.
fn base_path(path: &str) -> String {
    if let Some(at) = path.find("/MAAS") {
        let end = at + "/MAAS".len();
        if path[end..].is_empty() || path[end..].starts_with('/') {
            return path[..end].to_owned();
        }
    }
    let path = path.split("/api/2.0").next().unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}

/// The meaning that counts where nobody is asked: plain http is what a MAAS without a scheme
/// speaks, except on the ports of https; https is what a Macrometa does.
pub fn likeliest(candidates: &[Candidate]) -> Result<Found, Failure> {
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
        .find(|c| !is_https(c) && c.service == Service::Maas)
        .filter(|c| !matches!(c.address.origin.port, Some(443 | 5443)));
    let chosen = plain
        .or(candidates.first())
        .ok_or_else(|| Failure::usage("the address means nothing"))?;
    Ok(Found {
        service: chosen.service,
        address: chosen.address.clone(),
        version: None,
        certificate: None,
    })
}

/// Tells how a server is reached, for each origin that is asked.
pub type OptionsFor = dyn Fn(&Origin) -> Result<Options, Failure> + Send + Sync;

/// Asks all candidates at once.
pub fn detect(candidates: Vec<Candidate>, options: &Arc<OptionsFor>) -> Result<Found, Failure> {
    let (sender, receiver) = mpsc::channel();
    let count = candidates.len();
    for (i, candidate) in candidates.into_iter().enumerate() {
        let sender = sender.clone();
        let options = Arc::clone(options);
        // The thread of a silent host is left behind when the answer is known.
        std::thread::spawn(move || sender.send((i, probe(&candidate, &*options))));
    }
    drop(sender);
    let mut results: Vec<Option<Result<Found, Failure>>> = (0..count).map(|_| None).collect();
    let mut deadline = Instant::now() + PROBE + GRACE;
    while let Ok((i, result)) =
        receiver.recv_timeout(deadline.saturating_duration_since(Instant::now()))
    {
        if result.is_ok() {
            deadline = deadline.min(Instant::now() + GRACE);
        }
        results[i] = Some(result);
        let best = results.iter().position(|r| matches!(r, Some(Ok(_))));
        if best.is_some_and(|best| results[..best].iter().all(Option::is_some)) {
            break;
        }
    }
    let mut failures = Vec::new();
    for result in results.into_iter().flatten() {
        match result {
            Ok(found) => return Ok(found),
            Err(failure) => failures.push(failure),
        }
    }
    Err(telling(failures))
}

/// The failure that tells most: an answer from something else before a certificate before silence.
fn telling(failures: Vec<Failure>) -> Failure {
    let rank = |f: &Failure| match f.exit {
        Exit::Redirect | Exit::ClientError | Exit::ServerError | Exit::Config => 0,
        Exit::Tls => 1,
        Exit::TimedOut => 3,
        _ => 2,
    };
    // `min_by_key` takes the first of equals, which is the best candidate's.
    failures.into_iter().min_by_key(rank).unwrap_or_else(|| {
        Failure::new(
            Exit::TimedOut,
            format!("no answer within {} s", PROBE.as_secs()),
        )
    })
}

fn probe(candidate: &Candidate, options: &OptionsFor) -> Result<Found, Failure> {
    let answer = ask(candidate, options)?;
    // A redirect from http to https on the same host is taken, and the new address stored.
    if let Some(secure) = answer.redirected(candidate) {
        let again = ask(&secure, options)?;
        return again.found(&secure);
    }
    answer.found(candidate)
}

struct Reply {
    status: u16,
    status_text: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    certificate: Option<Box<Certificate>>,
}

fn ask(candidate: &Candidate, options: &OptionsFor) -> Result<Reply, Failure> {
    let address = &candidate.address;
    let told = |e: SendError| e.told(&address.origin.to_string());
    let mut options = options(&address.origin)?;
    options.key = None;
    options.headers.clear();
    options.retries = 0;
    options.timeout = Some(options.timeout.map_or(PROBE, |t| t.min(PROBE)));
    let client = Client::new(options).map_err(told)?;
    let path = match candidate.service {
        Service::Maas => "/version/",
        Service::Macrometa => macrometa::PROBE_PATH,
    };
    let call = Call {
        method: "GET".to_owned(),
        path: path.to_owned(),
        op: None,
        items: Vec::new(),
        form: None,
        force_query: false,
        anonymous: true,
    };
    let place = Place {
        service: candidate.service,
        address,
        fabric: macrometa::DEFAULT_FABRIC,
    };
    let plan = Plan::new(call, place)?;
    let answer = client.send(&plan, &mut |_| {}).map_err(told)?;
    let (status, status_text, headers) = (
        answer.head.status,
        answer.head.status_text(),
        answer.head.headers.clone(),
    );
    let mut body = Vec::new();
    decode(answer)?
        .take(64 * 1024)
        .read_to_end(&mut body)
        .map_err(|e| read_failure(&e).of(&address.origin.to_string()))?;
    Ok(Reply {
        status,
        status_text,
        headers,
        body,
        certificate: client.server_certificate().map(Box::new),
    })
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.as_str())
    }

    fn redirected(&self, from: &Candidate) -> Option<Candidate> {
        if !(300..400).contains(&self.status) || from.address.origin.scheme != Scheme::Http {
            return None;
        }
        let (origin, rest) = split_url(self.header("location")?).ok()?;
        if origin.scheme != Scheme::Https || origin.host != from.address.origin.host {
            return None;
        }
        let path = match from.service {
            Service::Maas => base_path(rest),
            Service::Macrometa => String::new(),
        };
        // A redirect to a page of its own says where the server is, not where its API is.
        let path = if path.ends_with("/MAAS") {
            path
        } else {
            from.address.path.clone()
        };
        Some(Candidate {
            service: from.service,
            address: Address { origin, path },
        })
    }

    fn found(&self, candidate: &Candidate) -> Result<Found, Failure> {
        let version = match candidate.service {
            Service::Maas => maas::version_in(self.status, &self.body).map(Some),
            Service::Macrometa => {
                macrometa::is_gdn(|name| self.header(name).is_some(), &self.body).then_some(None)
            }
        };
        if let Some(version) = version {
            Ok(Found {
                service: candidate.service,
                address: candidate.address.clone(),
                version,
                certificate: self.certificate.clone(),
            })
        } else {
            let exit = match Exit::of_status(self.status) {
                Exit::Success => Exit::Config,
                other => other,
            };
            Err(Failure::new(
                exit,
                format!(
                    "{} is not {}: it answers {}",
                    candidate.address,
                    candidate.service.name(),
                    self.status_text
                ),
            )
            .hint(
                "write the whole address, as `http://host:5240/MAAS`; for a server that is off: \
                 `--no-verify --service maas`",
            ))
        }
    }
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
