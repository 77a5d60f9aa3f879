//! Detects which service an address belongs to, by unsigned probes.
//!
//! [`detect`] asks all candidates at once, each within ten seconds, and takes the first in the
//! order of the list, so that https goes before http. Where https is there and its certificate is
//! refused, http is no way around that. No key is sent.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::address::{Address, Origin, Scheme, split_url};
use crate::client::{FailureKind, Head, Limits};
use crate::error::{Exit, Failure};
use crate::output::decode::whole;
use crate::profile::candidates::{Candidate, base_path};
use crate::request::Plan;
use crate::service::{Service, maas, macrometa};
use crate::session::{CallError, Cause, Session};
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
    /// The session that asked, whose connection is still open; `None` where no server was asked.
    pub session: Option<Session>,
}

/// Time for each probe, connecting included.
pub const PROBE: Duration = Duration::from_secs(10);

/// How long better candidates are waited for when a worse one has responded.
const GRACE: Duration = Duration::from_millis(1500);

/// Opens a session with a candidate's server, without a key and the profile's own headers.
pub type Opener = dyn Fn(&Candidate) -> Result<Session, Failure> + Send + Sync;

/// A candidate that is not it.
#[derive(Debug)]
struct Miss {
    /// How much the failure explains, the most first.
    rank: Rank,
    failure: Box<Failure>,
}

/// What a failed probe met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A response from something else, or settings that do not fit.
    Answered,
    /// A certificate.
    Untrusted,
    /// No server, or one that speaks no TLS on a port that was asked in case.
    Unreached,
    /// Silence.
    Silent,
}

impl Miss {
    /// Reads what a call failed of; the report names the server alone, for the path is ours.
    fn of(error: &CallError, origin: &Origin) -> Self {
        let rank = match &error.cause {
            Cause::Transport(error) => match error.kind {
                FailureKind::Tls => Rank::Untrusted,
                FailureKind::TimedOut => Rank::Silent,
                FailureKind::NotTls
                | FailureKind::Refused
                | FailureKind::Reset
                | FailureKind::NoConnection
                | FailureKind::Local => Rank::Unreached,
            },
            Cause::Refused(_) | Cause::Useless(_) => Rank::Answered,
        };
        Self {
            rank,
            failure: Box::new(error.bare().of(&origin.to_string())),
        }
    }
}

impl From<Failure> for Miss {
    fn from(failure: Failure) -> Self {
        Self {
            rank: Rank::Answered,
            failure: Box::new(failure),
        }
    }
}

impl Found {
    /// Refuses http where the certificate of a better candidate was refused: whoever stands between
    /// would only have to spoil it to be given the key in the clear.
    fn unless_untrusted(self, misses: Vec<Miss>) -> Result<Self, Failure> {
        let is_plain = self.address.origin.scheme == Scheme::Http;
        let untrusted = misses
            .into_iter()
            .find(|miss| is_plain && miss.rank == Rank::Untrusted);
        let Some(miss) = untrusted else {
            return Ok(self);
        };
        let without = format!("`apicall login {}` is without TLS", self.address);
        let hint = match &miss.failure.hint {
            Some(hint) => format!("{hint}; {without}"),
            None => without,
        };
        Err(miss.failure.hint(hint))
    }
}

/// Asks all candidates at once.
pub fn detect(candidates: Vec<Candidate>, open: &Arc<Opener>) -> Result<Found, Failure> {
    let (sender, receiver) = mpsc::channel();
    let count = candidates.len();
    for (i, candidate) in candidates.into_iter().enumerate() {
        let sender = sender.clone();
        let open = Arc::clone(open);
        // The thread of a silent host is left behind when the response is known.
        threads::start(move || {
            let _ = sender.send((i, probe(&candidate, &*open)));
        })?;
    }
    drop(sender);
    let mut results: Vec<Option<Result<Found, Miss>>> = (0..count).map(|_| None).collect();
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
    let mut misses = Vec::new();
    for result in results.into_iter().flatten() {
        match result {
            Ok(found) => return found.unless_untrusted(misses),
            Err(miss) => misses.push(miss),
        }
    }
    // `min_by_key` takes the first of equals, which is the best candidate's.
    let best = misses.into_iter().min_by_key(|miss| miss.rank);
    Err(best.map_or_else(
        || {
            Failure::new(
                Exit::TimedOut,
                format!("no response within {} s", PROBE.as_secs()),
            )
        },
        |miss| *miss.failure,
    ))
}

fn probe(candidate: &Candidate, open: &Opener) -> Result<Found, Miss> {
    let reply = ask(candidate, open)?;
    // A redirect from http to https on the same host is taken, and the new address stored.
    if let Some(secure) = reply.redirected(candidate) {
        return Ok(ask(&secure, open)?.found(&secure)?);
    }
    Ok(reply.found(candidate)?)
}

struct Reply {
    head: Head,
    body: Vec<u8>,
    session: Session,
}

fn ask(candidate: &Candidate, open: &Opener) -> Result<Reply, Miss> {
    let address = &candidate.address;
    let session = open(candidate)?.within(PROBE);
    let path = match candidate.service {
        Service::Maas => "/version/",
        Service::Macrometa => macrometa::PROBE_PATH,
    };
    let plan = Plan::get(path, session.profile.place())?;
    let response = session
        .send(&plan, &Limits::default(), &mut |_| {})
        .map_err(|error| Miss::of(&error, &address.origin))?;
    let head = response.head.clone();
    let body = whole(response, 64 * 1024)
        .map_err(|failure| Miss::of(&session.useless(failure, &plan), &address.origin))?;
    Ok(Reply {
        head,
        body,
        session,
    })
}

impl Reply {
    fn redirected(&self, from: &Candidate) -> Option<Candidate> {
        if !(300..400).contains(&self.head.status) || from.address.origin.scheme != Scheme::Http {
            return None;
        }
        let (origin, rest) = split_url(self.head.header("location")?).ok()?;
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
        let is_gdn = macrometa::is_gdn(|name| self.head.header(name).is_some(), &self.body);
        let version = match candidate.service {
            Service::Maas => maas::version_in(self.head.status, &self.body).map(Some),
            Service::Macrometa => is_gdn.then_some(None),
        };
        // A server that the user has named is asked with the key, unless it is plainly another's.
        let is_plausible = candidate.is_said
            && match candidate.service {
                Service::Maas => matches!(self.head.status, 200 | 401 | 403 | 404) && !is_gdn,
                Service::Macrometa => matches!(self.head.status, 200 | 401 | 403),
            };
        if let Some(version) = version.or(is_plausible.then_some(None)) {
            Ok(Found {
                service: candidate.service,
                address: candidate.address.clone(),
                version,
                session: Some(self.session),
            })
        } else {
            let exit = match Exit::of_status(self.head.status) {
                Exit::Success => Exit::Config,
                other => other,
            };
            Err(Failure::new(
                exit,
                format!(
                    "{} is not {}: it responds with {}",
                    candidate.address,
                    candidate.service.name(),
                    self.head.status_text()
                ),
            )
            .hint(match candidate.service {
                Service::Maas => {
                    "write the complete address, e.g. `http://host:5240/MAAS`; for a server that is \
                     off: `--no-verify --service maas`"
                }
                Service::Macrometa => {
                    "write the address, e.g. `https://api-NAME.paas.macrometa.io`; for a server that \
                     is off: `--no-verify --service macrometa`"
                }
            }))
        }
    }
}
