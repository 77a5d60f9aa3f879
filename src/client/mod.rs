//! Sends plans.
//!
//! The only place that names ureq. [`Client::send`] signs a plan anew for each attempt, adds the
//! profile's own headers, sends, retries by the plan's `Retry` and follows redirects inside the
//! origin. It knows no route of any service. `meter` is the transport that everything passes: it
//! counts into the `ledger` and asks `incoming` (with `heads` and `framing`, all pure) how long a
//! response may take and what is refused; a complete one is a `head`. `base` has what all requests
//! to an origin share, `resolve` looks names up once, `tcp` and `tls` are our connectors and read
//! into `buffers`, `proxy` and `retry` are pure. `watch` reports what a call is doing.

mod agent;
mod base;
mod buffers;
mod failure;
mod framing;
mod head;
mod heads;
mod incoming;
mod ledger;
mod meter;
mod patience;
pub mod proxy;
pub mod reach;
mod resolve;
pub mod response;
pub mod retry;
mod sender;
mod signer;
mod tcp;
pub mod tls;
mod via;
mod watch;

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use crate::address::Scheme;
use crate::request::plan::request_line_length;
use crate::request::{Plan, Retry, Url};
use crate::secret::Secret;
use crate::service::Key;

pub use failure::{FailureKind, Peer, SendError, Sent};
pub use head::Head;
pub use ledger::Times;
pub use patience::Patience;
pub use response::Response;
pub use signer::Signer;
pub use watch::{Pulse, Watch};

/// How to reach a server, resolved.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What signs.
    pub signer: Signer,
    /// Headers sent with every call.
    pub headers: Vec<(String, Secret)>,
    /// TLS settings.
    pub tls: tls::Options,
    /// Proxy URL; it may hold a password.
    pub proxy: Option<Secret>,
    /// Time for DNS, TCP, proxy and TLS together; 10 s where not set.
    pub connect_timeout: Option<Duration>,
    /// Time for the whole call with its retries; no limit where not set.
    pub timeout: Option<Duration>,
    /// How often a call may be retried.
    pub retries: u32,
    /// Whether a 503 without `Retry-After` may be retried.
    pub retries_bare_503: bool,
    /// The longest request line that the server takes, in bytes; no limit where not set.
    pub longest_request_line: Option<usize>,
    /// How many idle connections are kept: at least as many as calls are made at once; 64
    /// where not set.
    pub kept: Option<usize>,
    /// The progress observer.
    pub watch: Option<Watch>,
    /// How long the server may take for what is not asked for.
    pub patience: Patience,
}

/// What a call may take at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// When it is over, with its retries.
    pub deadline: Option<Instant>,
    /// How often the call may be retried.
    pub retries: Option<u32>,
    /// Whether the sender waits where a server wants to be left alone (429 or 503 with
    /// `Retry-After`): such a response is given at once.
    pub waits_itself: bool,
}

/// Reports what happens while a call is made.
#[derive(Debug)]
pub enum WireEvent<'a> {
    /// An attempt goes out.
    Request(&'a Plan),
    /// A head arrived.
    Head(&'a Head, Times),
    /// The call is retried after a wait.
    Retry {
        /// Why: `503 Service Unavailable`, `connection reset`.
        why: String,
        /// How long it waits.
        wait: Duration,
        /// The number of the retry, from 1.
        number: u32,
        /// How many retries there can be.
        most: u32,
    },
    /// A redirect is followed.
    Redirect(&'a str),
}

/// Redirects followed at most.
pub const MOST_REDIRECTS: u32 = 10;

/// Makes calls to one origin. A clone shares its connections.
#[derive(Clone, Debug)]
pub struct Client {
    agent: ureq::Agent,
    bases: base::Bases,
    seen: tls::Seen,
    options: Options,
}

impl Client {
    /// Makes a client. Nothing is connected and no trust store read yet.
    pub fn new(options: Options) -> Result<Self, SendError> {
        let seen = tls::Seen::default();
        Ok(Self {
            agent: agent::build(&options, &seen)?,
            bases: base::Bases::default(),
            seen,
            options,
        })
    }

    /// Shares the connections with another key, other headers, limits and retries. TLS settings and
    /// proxy stay those that the connections were made with.
    #[must_use]
    pub fn sharing(&self, options: Options) -> Self {
        Self {
            agent: self.agent.clone(),
            bases: self.bases.clone(),
            seen: self.seen.clone(),
            options,
        }
    }

    /// Makes connections anew, of which so many are kept.
    pub fn keeping(mut self, connections: usize) -> Result<Self, SendError> {
        self.options.kept = Some(connections);
        self.agent = agent::build(&self.options, &self.seen)?;
        Ok(self)
    }

    /// Returns the certificate the server showed; `None` before the first connection in TLS.
    #[must_use]
    pub fn server_certificate(&self) -> Option<tls::Certificate> {
        self.seen.certificate()
    }

    /// Turns retries off from here on.
    pub fn never_retry(&mut self) {
        self.options.retries = 0;
    }

    /// Limits the time of every later call that has no limit of its own.
    pub fn limit(&mut self, time: Duration) {
        self.options.timeout.get_or_insert(time);
    }

    /// Returns how the server is reached.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Returns what signs.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.options.signer
    }

    /// Returns when a run that begins now is to end, where there is a limit.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.options.timeout.map(|t| Instant::now() + t)
    }

    /// Sends a plan and gives the final response, whatever its status. The limits count instead of
    /// the client's own time limit.
    pub fn send(
        &self,
        plan: &Plan,
        limits: &Limits,
        report: &mut dyn FnMut(WireEvent<'_>),
    ) -> Result<Response, SendError> {
        let mut response = self.send_retrying(plan, limits, report)?;
        let mut redirects = 0;
        let mut plan = Cow::Borrowed(plan);
        // It was refused for its `Expect` alone (RFC 9110 §15.5.18). A server that has taken the body
        // all the same may have acted on it.
        let may_retry =
            !ledger::has_sent_body() || matches!(plan.retry, Retry::Safe | Retry::Idempotent);
        if response.head.status == 417
            && plan.header("expect").is_some()
            && may_retry
            && !ledger::has_read_stdin()
        {
            plan.to_mut().remove_header("Expect");
            response.discard();
            response = self.send_retrying(&plan, limits, report)?;
        }
        while plan.method == "GET" || plan.method == "HEAD" {
            let Some(next) = response.redirect_within(&plan.url) else {
                break;
            };
            // One that goes in circles is the final response, as every redirect that is not followed.
            if redirects == MOST_REDIRECTS || self.is_too_long(&next, &plan.method) {
                break;
            }
            redirects += 1;
            report(WireEvent::Redirect(&next.target));
            plan.to_mut().url = next;
            response.discard();
            response = self.send_retrying(&plan, limits, report)?;
        }
        response.expected = plan.header("expect").is_some();
        response.redirects = redirects;
        response.redirected = (redirects > 0).then(|| plan.url.clone());
        response.settle(&self.options.patience);
        Ok(response)
    }

    /// Returns whether the server does not take a request line as long as this one.
    fn is_too_long(&self, url: &Url, method: &str) -> bool {
        let most = self.options.longest_request_line;
        most.is_some_and(|most| request_line_length(url, method) > most)
    }

    fn send_retrying(
        &self,
        plan: &Plan,
        limits: &Limits,
        report: &mut dyn FnMut(WireEvent<'_>),
    ) -> Result<Response, SendError> {
        let deadline = limits.deadline;
        let mut made = retry::Made::default();
        let most = limits.retries.unwrap_or(u32::MAX);
        let most = most.min(self.options.retries);
        let mut reached_before = false;
        loop {
            let result = self.attempt(plan, deadline, report);
            let outcome = match &result {
                Ok(response) => retry::Outcome::Status {
                    status: response.head.status,
                    retry_after: asked_wait(&response.head),
                },
                Err(error) => retry::Outcome::Failed(error.kind, error.sent),
            };
            let is_deferred = matches!(&result, Ok(response) if deferred(&response.head).is_some());
            if limits.waits_itself && is_deferred {
                return result;
            }
            let decide = || {
                retry::decide(&retry::Situation {
                    retry: plan.retry,
                    outcome,
                    made,
                    most,
                    retries_bare_503: self.options.retries_bare_503,
                    jitter: random_fraction(),
                })
            };
            // Of a success nothing has to be decided, and no random number drawn.
            let wait = (!matches!(
                outcome,
                retry::Outcome::Status {
                    status: 200..=299,
                    ..
                }
            ))
            .then(decide)
            .flatten()
            .filter(|wait| deadline.is_none_or(|d| Instant::now() + *wait < d));
            let Some(wait) = wait else {
                return result.map(|mut response| {
                    response.done_before = reached_before
                        && plan.method == "DELETE"
                        && plan.retry == Retry::Idempotent
                        && response.head.status == 404;
                    response
                });
            };
            made.count(outcome);
            let why = match &result {
                Ok(response) => response.head.status_text(),
                Err(error) => error.to_string(),
            };
            reached_before |= may_be_done(&result);
            if let Ok(response) = result {
                response.discard();
            }
            report(WireEvent::Retry {
                why,
                wait,
                number: made.all,
                most,
            });
            std::thread::sleep(wait);
        }
    }

    /// Names who could not be reached in an error of connecting: the proxy, where there is one, for
    /// it may be its fault, or else the server. A name that could not be looked up says so itself.
    fn name_peer(&self, plan: &Plan, error: SendError) -> SendError {
        if error.sent != Sent::None
            || matches!(
                error.kind,
                FailureKind::Tls | FailureKind::NotTls | FailureKind::Local
            )
        {
            return error;
        }
        if let Some(proxy) = &self.options.proxy {
            error.of_peer(Peer::Proxy(proxy_host(proxy.expose()).to_owned()))
        } else if ledger::is_connecting() {
            let origin = &plan.url.origin;
            let peer = format!("{}:{}", origin.host, origin.effective_port());
            error.of_peer(Peer::Server(peer))
        } else {
            error
        }
    }

    /// Separates a proxy's own refusal of a request in absolute form from the server's response. 407 is
    /// always a proxy's; others are where it says so. What a proxy may have made is marked.
    fn judge_proxy(&self, plan: &Plan, mut response: Response) -> Result<Response, SendError> {
        let Some(proxy) = &self.options.proxy else {
            return Ok(response);
        };
        let proxy = proxy.expose();
        let is_passed_on = plan.url.origin.scheme == Scheme::Http && !proxy.starts_with("socks");
        let status = response.head.status;
        if !is_passed_on || !matches!(status, 401 | 403 | 407 | 502..=504) {
            return Ok(response);
        }
        if status == 407 || (matches!(status, 401 | 403) && proxy::is_own(&response.head)) {
            response.discard();
            return Err(self.name_peer(plan, failure::refused_by_proxy(status, false)));
        }
        response.proxy = (status != 401).then(|| proxy_host(proxy).to_owned());
        Ok(response)
    }

    fn attempt(
        &self,
        plan: &Plan,
        deadline: Option<Instant>,
        report: &mut dyn FnMut(WireEvent<'_>),
    ) -> Result<Response, SendError> {
        let signature = self.options.signer.sign(plan);
        report(WireEvent::Request(plan));
        let response = sender::send(sender::Sending {
            agent: &self.agent,
            bases: &self.bases,
            plan,
            signature,
            headers: &self.options.headers,
            deadline,
            watch: self.options.watch.as_ref(),
        })
        .map_err(|e| self.name_peer(plan, e))?;
        let response = self.judge_proxy(plan, response)?;
        report(WireEvent::Head(&response.head, response.times));
        Ok(response)
    }
}

/// Returns whether an attempt that is retried may have been carried out: its response did not come.
/// What was put off for its number (429) or for a conflict (409) was not.
fn may_be_done(attempt: &Result<Response, SendError>) -> bool {
    match attempt {
        Ok(response) => !matches!(response.head.status, 409 | 429),
        Err(error) => error.sent != Sent::None,
    }
}

/// Returns `host:port` of a proxy, without user and password.
fn proxy_host(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or(authority);
    authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
}

/// Returns the value of an `Authorization` header that was never used: MAAS takes a nonce once.
#[must_use]
pub fn authorization(key: &Key) -> Secret {
    let mut text = Uuid::encode_buffer();
    key.authorization(nonce().encode_lower(&mut text), unix_now())
}

/// A text that no other call has: random bits of this run, counted on. Each is unique, which is all
/// that a nonce of PLAINTEXT has to be, and the system is asked once.
fn nonce() -> uuid::fmt::Simple {
    static RUN: OnceLock<u128> = OnceLock::new();
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let run = RUN.get_or_init(|| Uuid::new_v4().as_u128());
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    Uuid::from_u128(run.wrapping_add(u128::from(call))).simple()
}

/// Returns how long a server wants to be left alone.
#[must_use]
pub fn asked_wait(head: &Head) -> Option<Duration> {
    let value = head.header("retry-after")?;
    retry::retry_after(value, unix_now())
}

/// How long a server wants to be left alone that did not carry a call out (429, 503 with
/// `Retry-After`); `None` where that is more than is waited for.
#[must_use]
pub fn deferred(head: &Head) -> Option<Duration> {
    let is_deferred = matches!(head.status, 429 | 503);
    let wait = is_deferred.then(|| asked_wait(head)).flatten();
    wait.filter(|wait| *wait <= retry::LONGEST_WAIT)
}

/// Returns how long a server wants to be left alone, where that is more than is waited for.
#[must_use]
pub fn refused_wait(head: &Head) -> Option<Duration> {
    let is_repeated = matches!(head.status, 409 | 429 | 502..=504);
    asked_wait(head).filter(|wait| is_repeated && *wait > retry::LONGEST_WAIT)
}

/// Seconds since 1970; 0 where the clock stands before.
fn unix_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_secs())
}

/// Returns a number from 0 up to but without 1.
#[must_use]
pub fn random_fraction() -> f64 {
    let [a, b, ..] = *Uuid::new_v4().as_bytes();
    f64::from(u16::from_be_bytes([a, b])) / 65536.0
}
