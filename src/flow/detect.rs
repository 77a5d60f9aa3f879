//! Finds out which service an address belongs to, by unsigned probes.
//!
//! [`detect`] asks all candidates at once, each within ten seconds, and takes the first in the
//! order of the list, so that https goes before http. No key is sent.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::address::{Address, Origin, Scheme, split_url};
use crate::client::{Client, Options, SendError, Signer};
use crate::error::{Exit, Failure};
use crate::output::decode::whole;
use crate::profile::Place;
use crate::profile::candidates::{Candidate, base_path};
use crate::request::Plan;
use crate::request::plan::Call;
use crate::service::{Service, maas, macrometa};
use crate::threads;

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The service.
    pub service: Service,
    /// Its address, completed.
    pub address: Address,
    /// Its version, where it says one without a key.
    pub version: Option<String>,
    /// The client that asked, whose connection is still open; `None` where no server was asked.
    pub client: Option<Client>,
}

/// Time for each probe, connecting included.
pub const PROBE: Duration = Duration::from_secs(10);

/// How long better candidates are waited for when a worse one has answered.
const GRACE: Duration = Duration::from_millis(1500);

/// Says how a server is reached, for each origin that is asked.
pub type OptionsFor = dyn Fn(&Origin) -> Result<Options, Failure> + Send + Sync;

/// Asks all candidates at once.
pub fn detect(candidates: Vec<Candidate>, options: &Arc<OptionsFor>) -> Result<Found, Failure> {
    let (sender, receiver) = mpsc::channel();
    let count = candidates.len();
    for (i, candidate) in candidates.into_iter().enumerate() {
        let sender = sender.clone();
        let options = Arc::clone(options);
        // The thread of a silent host is left behind when the response is known.
        threads::start(move || {
            let _ = sender.send((i, probe(&candidate, &*options)));
        })?;
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
    Err(most_informative(failures))
}

/// Returns the failure that explains most: a response from something else before a certificate before
/// silence.
fn most_informative(failures: Vec<Failure>) -> Failure {
    let rank = |f: &Failure| match f.exit {
        Exit::Redirect | Exit::ClientError | Exit::ServerError | Exit::Config => 0,
        // What speaks no TLS on a port was asked in case; a certificate says more.
        Exit::Tls if f.cause.contains("does not speak TLS") => 2,
        Exit::Tls => 1,
        Exit::TimedOut => 3,
        _ => 2,
    };
    // `min_by_key` takes the first of equals, which is the best candidate's.
    failures.into_iter().min_by_key(rank).unwrap_or_else(|| {
        Failure::new(
            Exit::TimedOut,
            format!("no response within {} s", PROBE.as_secs()),
        )
    })
}

fn probe(candidate: &Candidate, options: &OptionsFor) -> Result<Found, Failure> {
    let response = ask(candidate, options)?;
    // A redirect from http to https on the same host is taken, and the new address stored.
    if let Some(secure) = response.redirected(candidate) {
        let again = ask(&secure, options)?;
        return again.found(&secure);
    }
    response.found(candidate)
}

struct Reply {
    status: u16,
    status_text: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    client: Client,
}

fn ask(candidate: &Candidate, options: &OptionsFor) -> Result<Reply, Failure> {
    let address = &candidate.address;
    let labeled = |e: SendError| e.of(&address.origin.to_string());
    let mut options = options(&address.origin)?;
    options.signer = Signer::None;
    options.headers.clear();
    options.retries = 0;
    options.timeout = Some(options.timeout.map_or(PROBE, |t| t.min(PROBE)));
    let client = Client::new(options).map_err(labeled)?;
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
    let response = client.send(&plan, &mut |_| {}).map_err(labeled)?;
    let (status, status_text, headers) = (
        response.head.status,
        response.head.status_text(),
        response.head.headers.clone(),
    );
    let body = whole(response, 64 * 1024).map_err(|e| e.of(&address.origin.to_string()))?;
    Ok(Reply {
        status,
        status_text,
        headers,
        body,
        client,
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
            is_said: from.is_said,
        })
    }

    fn found(self, candidate: &Candidate) -> Result<Found, Failure> {
        let is_gdn = macrometa::is_gdn(|name| self.header(name).is_some(), &self.body);
        let version = match candidate.service {
            Service::Maas => maas::version_in(self.status, &self.body).map(Some),
            Service::Macrometa => is_gdn.then_some(None),
        };
        // A server that the user has named is asked with the key, unless it is plainly another's.
        let is_plausible = candidate.is_said
            && match candidate.service {
                Service::Maas => matches!(self.status, 200 | 401 | 403 | 404) && !is_gdn,
                Service::Macrometa => matches!(self.status, 200 | 401 | 403),
            };
        if let Some(version) = version.or(is_plausible.then_some(None)) {
            Ok(Found {
                service: candidate.service,
                address: candidate.address.clone(),
                version,
                client: Some(self.client),
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
            .hint(match candidate.service {
                Service::Maas => {
                    "write the whole address, as `http://host:5240/MAAS`; for a server that is \
                     off: `--no-verify --service maas`"
                }
                Service::Macrometa => {
                    "write the address as `https://api-NAME.paas.macrometa.io`; for a server that \
                     is off: `--no-verify --service macrometa`"
                }
            }))
        }
    }
}
