//! A profile ready to be called: its client, and what is told while it works.

use std::time::{Duration, Instant};

use crate::address::Origin;
use crate::client::{self, Client, Event, Limits, Response, SendError, Times, proxy, tls};
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::identify::{self, Identity};
use crate::output::decode;
use crate::output::errors;
use crate::output::errors::Failed;
use crate::output::told::{self, brief};
use crate::profile::{Profile, Settings, credential};
use crate::request::{Auth, Plan};
use crate::secret::url_password;
use crate::service::macrometa::identity::is_missing_fabric;
use crate::service::{Key, Service};
use crate::ui::Ui;

use super::aside;

/// A response beyond this is no value to work with.
const MOST_ASKED: u64 = 64 * 1024 * 1024;

/// How long a question beside a call may take.
const ASIDE: Duration = Duration::from_secs(5);

/// How long a server may take to tell whose key it is when a login or a doctor asks: it is a matter
/// of milliseconds.
const CHECK: Duration = Duration::from_secs(10);

/// How often a call is repeated where nothing else is said.
const RETRIES: u32 = 3;

/// A profile and a client for it.
#[derive(Debug)]
pub struct Session {
    /// The profile.
    pub profile: Profile,
    client: Client,
    verbose: u8,
}

impl Session {
    /// Reads the key (unless nothing is to be signed) and makes the client.
    ///
    /// A profile with a key never sends unsigned: where the key can not be had, this fails.
    pub fn open(
        profile: Profile,
        anonymous: bool,
        verbose: u8,
        env: &Env,
        ui: &mut Ui,
    ) -> anyhow::Result<Self> {
        let key = if anonymous {
            None
        } else {
            credential::key(&profile, env)?
        };
        Self::with_key(profile, key, verbose, env, ui)
    }

    /// The same with a key that is not the profile's yet, as at login.
    pub fn with_key(
        profile: Profile,
        key: Option<Key>,
        verbose: u8,
        env: &Env,
        ui: &mut Ui,
    ) -> anyhow::Result<Self> {
        let options = prepare(&profile, key, env, ui)?;
        let client = Client::new(options).map_err(|e| e.told(profile.label()))?;
        Ok(Self {
            profile,
            client,
            verbose,
        })
    }

    /// The same over the connections of a client that was made for the same server.
    pub fn over(
        client: &Client,
        profile: Profile,
        key: Key,
        env: &Env,
        ui: &mut Ui,
    ) -> anyhow::Result<Self> {
        let options = prepare(&profile, Some(key), env, ui)?;
        Ok(Self {
            profile,
            client: client.sharing(options),
            verbose: 0,
        })
    }

    /// From here on a call takes seconds at most, unless the user has set a limit.
    #[must_use]
    pub fn briefly(mut self) -> Self {
        self.client.limit(CHECK);
        self
    }

    /// `lab: GET /MAAS/api/2.0/machines/`: what messages of a call begin with.
    #[must_use]
    pub fn told(&self, plan: &Plan) -> String {
        format!("{}: {}", self.profile.label(), plan.summary())
    }

    /// The key that signs.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        self.client.key()
    }

    /// Sends a plan; tells repeats, and heads with `-v`.
    pub fn send(&self, plan: &Plan, ui: &mut Ui) -> anyhow::Result<Response> {
        self.send_until(plan, self.client.deadline(), ui)
    }

    /// The same for a call that is one of several with a limit for all of them.
    pub fn send_until(
        &self,
        plan: &Plan,
        deadline: Option<Instant>,
        ui: &mut Ui,
    ) -> anyhow::Result<Response> {
        let told = self.told(plan);
        let result = self
            .client
            .send_until(plan, deadline, &mut |event| self.tell(&told, &event, ui));
        Ok(result.map_err(|e| e.told(&told))?)
    }

    /// The same within limits besides the profile's, for those who want to know how it failed.
    /// Repeats are told only where their number is not limited.
    pub fn try_send(
        &self,
        plan: &Plan,
        limits: &Limits,
        ui: &mut Ui,
    ) -> Result<Response, SendError> {
        let told = self.told(plan);
        let quiet = limits.retries.is_some();
        let limits = Limits {
            deadline: match (self.client.deadline(), limits.deadline) {
                (Some(own), Some(given)) => Some(own.min(given)),
                (own, given) => own.or(given),
            },
            retries: limits.retries,
        };
        self.client.send_within(plan, &limits, &mut |event| {
            if !(quiet && matches!(event, Event::Retry { .. })) {
                self.tell(&told, &event, ui);
            }
        })
    }

    /// Sends a plan whose response is wanted as a value; everything but a success is a failure.
    pub fn ask(&self, plan: &Plan, ui: &mut Ui) -> anyhow::Result<serde_json::Value> {
        let response = self.send(plan, ui)?;
        if Exit::of_status(response.head.status) != Exit::Success {
            return Err(self.failure(&self.explain(response, plan), plan).into());
        }
        Ok(self.value(response, plan)?)
    }

    /// Reads the JSON of a response.
    pub fn value(&self, response: Response, plan: &Plan) -> Result<serde_json::Value, Failure> {
        decode::value(response, MOST_ASKED).map_err(|e| e.of(&self.told(plan)))
    }

    /// Tells what happens while the call that is named `told` is made.
    pub fn tell(&self, told: &str, event: &Event<'_>, ui: &mut Ui) {
        for line in told::lines(event, told, &self.profile, self.verbose) {
            ui.say(&line);
        }
    }

    /// Reads and explains a response that was no success.
    #[must_use]
    pub fn explain(&self, response: Response, plan: &Plan) -> Failed {
        let signed = self.key().is_some() && plan.auth == Auth::Profile;
        let mut failed = errors::read(response, self.profile.service, &plan.method, signed);
        if signed && is_missing_fabric(&failed.body) {
            let fabrics = aside::fabrics(self);
            if !fabrics.is_empty() {
                failed.explanation.hint = Some(format!(
                    "no such fabric; the key can see {}: `--fabric` chooses one",
                    quoted_list(&fabrics)
                ));
            }
        }
        failed
    }

    /// The same over the same connections for a question that is asked once and shortly.
    #[must_use]
    pub fn brief(&self) -> Self {
        let mut options = self.client.options().clone();
        options.retries = 0;
        options.timeout = Some(options.timeout.map_or(ASIDE, |set| set.min(ASIDE)));
        Self {
            profile: self.profile.clone(),
            client: self.client.sharing(options),
            verbose: self.verbose,
        }
    }

    /// The client that sends.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// From here on nothing is repeated: a fault is to be seen, not overcome.
    pub fn never_retry(&mut self) {
        self.client.never_retry();
    }

    /// Asks the server whose key this is.
    pub fn identify(&self, ui: &mut Ui) -> anyhow::Result<Identity> {
        let plan = identify::plan(self.profile.place())?;
        let response = self.send(&plan, ui)?;
        if Exit::of_status(response.head.status) != Exit::Success {
            return Err(self.failure(&self.explain(response, &plan), &plan).into());
        }
        Ok(Identity::read(response, self.profile.service, self.key())
            .map_err(|e| e.of(&self.told(&plan)))?)
    }

    /// The failure that a failed response is, for commands that can not go on without it.
    #[must_use]
    pub fn failure(&self, failed: &Failed, plan: &Plan) -> Failure {
        Failure {
            exit: Exit::of_status(failed.head.status),
            message: format!("{}: {}", self.told(plan), failed.line()),
            hint: failed.explanation.hint.clone(),
        }
    }
}

/// Registers what is masked, tells what is not safe, and says how the server is reached.
fn prepare(
    profile: &Profile,
    key: Option<Key>,
    env: &Env,
    ui: &mut Ui,
) -> Result<client::Options, Failure> {
    if let Some(key) = &key {
        key.mask(ui.masks());
    }
    mask_settings(profile, ui);
    if profile.settings.insecure {
        let what = if profile.settings.pin.is_some() {
            "`insecure` changes nothing: the server's key is pinned"
        } else {
            "the server's certificate is not verified (`insecure`)"
        };
        ui.warn_once(&format!("{}: {what}", profile.label()));
    }
    let mut options = options(&profile.settings, &profile.address.origin, env)
        .map_err(|e| e.of(profile.label()))?;
    options.key = key;
    options.watch = Some(ui.progress(env).watch(profile.label()));
    // MAAS says 503 for power trouble, too; that does not pass by itself.
    options.retries_bare_503 = profile.service == Service::Macrometa;
    Ok(options)
}

/// Registers what of a profile is masked besides its key.
pub fn mask_settings(profile: &Profile, ui: &mut Ui) {
    for (_, value) in &profile.settings.headers {
        ui.masks().add(value.expose());
    }
    if let Some(proxy) = &profile.settings.proxy
        && let Some(password) = url_password(proxy.expose())
    {
        ui.masks().add(password);
    }
}

/// How a server is reached, without a key.
pub fn options(
    settings: &Settings,
    origin: &Origin,
    env: &Env,
) -> Result<client::Options, Failure> {
    let pin = match &settings.pin {
        None => None,
        Some(text) => Some(tls::Pin::read(text)?),
    };
    Ok(client::Options {
        key: None,
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
        retries_bare_503: false,
        watch: None,
    })
}

/// `` `a`, `b` ``; a long list is cut.
fn quoted_list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

/// Tells the times of a call that is over, for `-v`.
pub fn say_times(times: Times, started: Instant, ui: &mut Ui) {
    let stages = [
        ("dns", times.resolved),
        ("connect", times.connected),
        ("tls", times.secured),
        ("first byte", times.first_byte),
        ("total", Some(started.elapsed())),
    ];
    let told: Vec<String> = stages
        .into_iter()
        .filter_map(|(name, at)| Some(format!("{name} {}", brief(at?))))
        .collect();
    ui.say(&format!("* {}", told.join(", ")));
}
