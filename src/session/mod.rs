//! A profile ready to be called: its client, its signer, its call labels, its masks.
//!
//! Everything that calls a server does it over a [`Session`]: commands, flows, the drop-in. It
//! sends plans within limits, and a response that is no success is read and explained in one place,
//! [`Session::explain`] (`explain`). It knows no terminal and prints nothing: what is worth reporting goes to a
//! callback as a [`Notice`]. Threads may share one.

mod error;
mod explain;
mod notice;
#[cfg(test)]
pub(crate) mod script;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::address::Origin;
use crate::client::{self, Client, Limits, Response, SendError, Signer};
use crate::client::{Watch, WireEvent, proxy, tls};
use crate::env::Env;
use crate::error::Failure;
use crate::output::decode;
use crate::profile::{Profile, Settings};
use crate::request::Plan;
use crate::secret::Masks;
use crate::service::Key;

pub use error::{CallError, Cause};
pub use notice::{Notice, Notices};

/// A response beyond this is no value to work with.
const MOST_ASKED: u64 = 64 * 1024 * 1024;

/// How long a question beside a call may take.
const ASIDE: Duration = Duration::from_secs(5);

/// How long a server may take to say whose key it is when a login or a doctor asks: it is a matter
/// of milliseconds.
const CHECK: Duration = Duration::from_secs(10);

/// How many retries a call gets where nothing else is said.
const RETRIES: u32 = 3;

/// What a session is made with besides its profile.
#[derive(Debug, Default)]
pub struct Setup<'a> {
    /// The key that signs; without one nothing is signed.
    pub key: Option<Key>,
    /// How much is reported, as `-v` counts it.
    pub verbose: u8,
    /// Hears what happens on the wire.
    pub watch: Option<Watch>,
    /// A session with the same server whose connections are used.
    pub over: Option<&'a Session>,
    /// Whether the key is only tried, as a login does: then no hint says to log in.
    pub is_trial: bool,
}

/// A profile and a client for it.
#[derive(Clone, Debug)]
pub struct Session {
    /// The profile.
    pub profile: Profile,
    client: Client,
    verbose: u8,
    masks: Arc<Masks>,
    is_trial: bool,
    /// What sends in the place of the client.
    #[cfg(test)]
    script: Option<script::Script>,
}

impl Session {
    /// Makes the client; nothing is connected yet. Reports what is not safe.
    pub fn new(
        profile: Profile,
        setup: Setup<'_>,
        env: &Env,
        notices: Notices<'_>,
    ) -> Result<Self, Failure> {
        if profile.settings.insecure {
            let what = if profile.settings.pin.is_some() {
                "`insecure` changes nothing: the server's key is pinned"
            } else {
                "the server's certificate is not verified (`insecure`)"
            };
            notices(Notice::Warning(format!("{}: {what}", profile.label())));
        }
        let masks = Arc::new(masks(&profile, setup.key.as_ref(), env));
        let mut options = options(&profile.settings, &profile.address.origin, env)
            .map_err(|e| e.of(profile.label()))?;
        options.signer = setup.key.map_or(Signer::None, Signer::Key);
        options.watch = setup.watch;
        options.longest_request_line = profile.service().longest_request_line();
        options.retries_bare_503 = profile.service().retries_bare_503();
        let client = match setup.over {
            Some(session) => session.client.sharing(options),
            None => Client::new(options).map_err(|e| e.of(profile.label()))?,
        };
        Ok(Self {
            profile,
            client,
            verbose: setup.verbose,
            is_trial: setup.is_trial,
            masks,
            #[cfg(test)]
            script: None,
        })
    }

    /// Limits every later call to seconds, unless the user has set a limit.
    #[must_use]
    pub fn briefly(mut self) -> Self {
        self.client.limit(CHECK);
        self
    }

    /// Returns a session with connections of its own, for so many calls at once.
    pub fn for_calls_at_once(mut self, calls: usize) -> Result<Self, Failure> {
        self.client = self.client.keeping(calls)?;
        Ok(self)
    }

    /// Turns retries off: an error is to be seen, not overcome.
    pub fn never_retry(&mut self) {
        self.client.never_retry();
    }

    /// Returns a session over the same connections for one short call without retries.
    #[must_use]
    pub fn brief(&self) -> Self {
        self.within(ASIDE)
    }

    /// Returns a session over the same connections without retries, whose calls take no longer.
    #[must_use]
    pub fn within(&self, most: Duration) -> Self {
        let mut options = self.client.options().clone();
        options.retries = 0;
        options.timeout = Some(options.timeout.map_or(most, |set| set.min(most)));
        self.with(options)
    }

    /// Returns a session over the same connections without retries.
    #[must_use]
    pub fn once(&self) -> Self {
        let mut options = self.client.options().clone();
        options.retries = 0;
        self.with(options)
    }

    /// Returns a session over the same connections whose calls show no progress: parallel calls
    /// share one line.
    #[must_use]
    pub fn unwatched(&self) -> Self {
        let mut options = self.client.options().clone();
        options.watch = None;
        self.with(options)
    }

    fn with(&self, options: client::Options) -> Self {
        Self {
            profile: self.profile.clone(),
            client: self.client.sharing(options),
            verbose: self.verbose,
            is_trial: self.is_trial,
            masks: Arc::clone(&self.masks),
            #[cfg(test)]
            script: self.script.clone(),
        }
    }

    /// Returns what is masked in all that is written of the session's calls.
    #[must_use]
    pub fn masks(&self) -> &Masks {
        &self.masks
    }

    /// Whether headers and times are reported.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.verbose > 0
    }

    /// Returns the label of a call.
    #[must_use]
    pub fn label(&self, plan: &Plan) -> String {
        plan.label(self.profile.label())
    }

    /// Returns the key that signs.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        self.client.signer().key()
    }

    /// Returns how the server is reached.
    #[must_use]
    pub fn options(&self) -> &client::Options {
        self.client.options()
    }

    /// Returns the certificate that the server showed; `None` before the first connection in TLS.
    #[must_use]
    pub fn server_certificate(&self) -> Option<tls::Certificate> {
        self.client.server_certificate()
    }

    /// Returns when a run that begins now is to end, where there is a limit.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.client.deadline()
    }

    /// Returns how often a call may be sent again.
    #[must_use]
    pub fn retries(&self) -> u32 {
        self.options().retries
    }

    /// Sends a plan and gives the final response, whatever its status. The limits are besides the
    /// profile's own; retries are reported only where their number is not limited.
    pub fn send(
        &self,
        plan: &Plan,
        limits: &Limits,
        notices: Notices<'_>,
    ) -> Result<Response, CallError> {
        let quiet = limits.retries.is_some();
        let limits = Limits {
            deadline: match (self.client.deadline(), limits.deadline) {
                (Some(own), Some(given)) => Some(own.min(given)),
                (own, given) => own.or(given),
            },
            ..*limits
        };
        let result = self.transmit(plan, &limits, &mut |event| {
            if !(quiet && matches!(event, WireEvent::Retry { .. }))
                && let Some(notice) =
                    Notice::of(&event, &|| self.label(plan), &self.profile, self.verbose)
            {
                notices(notice);
            }
        });
        result.map_err(|error| CallError::new(self.label(plan), Cause::Transport(Box::new(error))))
    }

    /// Sends a plan: the one way from a session to the network, which a test can play.
    fn transmit(
        &self,
        plan: &Plan,
        limits: &Limits,
        report: &mut dyn FnMut(WireEvent<'_>),
    ) -> Result<Response, SendError> {
        #[cfg(test)]
        if let Some(script) = &self.script {
            return script.send(plan);
        }
        self.client.send(plan, limits, report)
    }

    /// Sends a plan; everything but a success is an error.
    pub fn call(
        &self,
        plan: &Plan,
        limits: &Limits,
        notices: Notices<'_>,
    ) -> Result<Response, CallError> {
        self.accept(self.send(plan, limits, notices)?, plan)
    }

    /// Sends a plan whose response is wanted as a value; everything but a success is an error.
    pub fn ask(&self, plan: &Plan, notices: Notices<'_>) -> Result<serde_json::Value, CallError> {
        let response = self.call(plan, &Limits::default(), notices)?;
        self.value(response, plan)
    }

    /// Reads the JSON of a response.
    pub fn value(&self, response: Response, plan: &Plan) -> Result<serde_json::Value, CallError> {
        decode::value(response, MOST_ASKED).map_err(|failure| self.useless(failure, plan))
    }

    /// Returns whether a call of this plan is signed.
    #[must_use]
    pub fn signs(&self, plan: &Plan) -> bool {
        self.client.signer().signs(plan)
    }
}

/// Returns what is masked of a profile and the key that signs, wherever a run writes.
#[must_use]
pub fn masks(profile: &Profile, key: Option<&Key>, env: &Env) -> Masks {
    let mut masks = profile.masks(env);
    if let Some(key) = key {
        key.mask(&mut masks);
    }
    masks
}

/// Returns how a server is reached, without a key.
fn options(settings: &Settings, origin: &Origin, env: &Env) -> Result<client::Options, Failure> {
    let pin = match &settings.pin {
        None => None,
        Some(text) => Some(tls::Pin::read(text)?),
    };
    Ok(client::Options {
        signer: Signer::None,
        headers: settings.headers.clone(),
        tls: tls::Options {
            ca_file: settings.ca_file.clone(),
            pin,
            insecure: settings.insecure,
            client_cert: settings.client_cert.clone(),
            client_key: settings.client_key.clone(),
            system_bundle: env.var("SSL_CERT_FILE").map(Into::into),
        },
        proxy: proxy::choose(origin, settings, env)?,
        connect_timeout: settings.connect_timeout,
        timeout: settings.timeout,
        retries: settings.retries.unwrap_or(RETRIES),
        ..client::Options::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_may_share_a_session() {
        fn shared<T: Send + Sync>() {}
        shared::<Session>();
        shared::<Notice>();
    }
}
