//! Runs the commands: one file each, from arguments to exit code.
//!
//! A command selects a profile, opens a session, lets `session` or `flow` make the calls, prints
//! with `output` and returns an [`Exit`]. [`run`] matches the command that was typed; [`Context`]
//! is what all of them share. Parts that several commands use have files named for what they do
//! (`gate`, `response`, `items`, `pages`, `uncertain`), not for a command. Must not know ureq, clap's parser
//! or the drop-in.

pub mod advice;
pub mod aside;
pub mod auth_header;
pub mod batch;
pub mod call;
pub mod complete;
pub mod completions;
pub mod described;
pub mod doctor;
pub mod download;
pub mod events;
pub mod export;
pub mod fanout;
pub mod formats;
pub mod gate;
pub mod import;
pub mod items;
pub mod login;
pub mod logout;
pub mod names;
pub mod ops;
pub mod pages;
pub mod partial;
pub mod profile;
pub mod query;
pub mod response;
pub mod snippet;
pub mod upload_image;
pub mod wait;
pub mod whoami;

use std::path::PathBuf;

use crate::cli::{CallArgs, Cli, Command};
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::profile::{self as profiles, Config, KeySource, Overrides, Profile, credential};
use crate::request::{Plan, secrets};
use crate::service::Key;
use crate::session::{self, Session, Setup};
use crate::ui::Ui;

/// What every command works with.
#[derive(Debug)]
pub struct Context<'a> {
    /// The environment.
    pub env: &'a Env,
    /// The streams.
    pub ui: &'a mut Ui,
}

impl Context<'_> {
    /// Returns the path of the config file.
    pub fn config_file(&self) -> Result<PathBuf, Failure> {
        self.env.config_file()
    }

    /// Reads the config file, and warns of what is wrong in it.
    pub fn config(&mut self) -> Result<Config, Failure> {
        let config = Config::load(&self.config_file()?)?;
        if let Some(warning) = &config.warning {
            self.ui.warn_once(warning);
        }
        Ok(config)
    }

    /// Reads the profile's key, and warns where others can read it as well.
    pub fn key(&mut self, profile: &Profile) -> Result<Option<Key>, Failure> {
        let key = credential::key(profile, self.env)?;
        if let Some(warning) = credential::warning(profile, self.env) {
            self.ui.warn_once(&warning);
        }
        Ok(key)
    }

    /// Makes a session that signs with the profile's key.
    ///
    /// A profile with a key never sends unsigned: where the key cannot be had, this fails.
    pub fn session(&mut self, profile: Profile, verbose: u8) -> anyhow::Result<Session> {
        let key = self.key(&profile)?;
        let setup = Setup {
            key,
            verbose,
            ..Setup::default()
        };
        Ok(self.session_with(profile, setup)?)
    }

    /// Makes a session; what is secret in it is masked from here on.
    pub fn session_with(&mut self, profile: Profile, setup: Setup<'_>) -> Result<Session, Failure> {
        let masks = session::masks(&profile, setup.key.as_ref(), self.env);
        self.ui.masks().merge(&masks);
        let setup = Setup {
            watch: Some(self.ui.progress(self.env).watch(profile.label())),
            ..setup
        };
        Session::new(profile, setup, self.env, &mut self.ui.hear())
    }

    /// Masks what the call carries under the name of a secret, also where the server repeats it.
    pub fn mask_sent(&mut self, plan: &Plan) {
        for secret in secrets::of(plan) {
            self.ui.masks().add(secret.expose());
        }
    }

    /// Masks the key in what is written of a call that is not made or not signed, where the key can
    /// be had without running a command.
    pub fn mask_typed(&mut self, profile: &Profile) {
        if matches!(profile.key, Some(KeySource::File(_)))
            && let Ok(Some(key)) = credential::key(profile, self.env)
        {
            key.mask(&mut self.ui.masks());
        }
    }

    /// Masks the keys of all profiles that can be had without running a command: what an error
    /// repeats of what was typed may be a part of any of them, and a part does not look like a key.
    pub fn mask_all(&mut self) {
        let Ok(config) = self.config_file().and_then(|file| Config::load(&file)) else {
            return;
        };
        for profile in config.names().filter_map(|name| config.profile(name).ok()) {
            self.ui.masks().merge(&profile.masks(self.env));
            self.mask_typed(&profile);
        }
    }

    /// Resolves the profile of a call, and warns of what stands in it and is no setting: a typing
    /// error must not leave a profile unprotected in silence.
    pub fn select(&mut self, flags: &Overrides) -> Result<Profile, Failure> {
        let env = self.env;
        let profile = profiles::select(flags, env, || self.config())?;
        self.ui.masks().merge(&profile.masks(env));
        if let (Some(_), Some(name)) = (&flags.profile, &profile.name) {
            self.ui.set_profile(name);
        }
        for unknown in &profile.unknown {
            let label = profile.label();
            self.ui.warn_once(&format!("{label}: {unknown}"));
        }
        Ok(profile)
    }
}

/// Runs the command that was typed.
pub fn run(cli: &Cli, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    match &cli.command {
        Command::Login(args) => login::run(args, context),
        Command::Logout(args) => logout::run(args, context),
        Command::Profile(args) => profile::run(&args.command, context),
        Command::Whoami(args) => match fanout::wanted(args.profile.as_deref(), context)? {
            Some(names) => fanout::whoami(args, names, context),
            None => whoami::run(args, context),
        },
        Command::Doctor(args) => match fanout::wanted(args.profile.as_deref(), context)? {
            Some(names) => fanout::doctor(args, names, context),
            None => doctor::run(args, context),
        },
        Command::Get(args) => call_each("GET", args, context),
        Command::Post(args) => call_each("POST", args, context),
        Command::Put(args) => call_each("PUT", args, context),
        Command::Patch(args) => call_each("PATCH", args, context),
        Command::Delete(args) => call_each("DELETE", args, context),
        Command::Head(args) => call_each("HEAD", args, context),
        Command::Options(args) => call_each("OPTIONS", args, context),
        Command::Call(args) => call_each(&args.method.to_ascii_uppercase(), &args.call, context),
        Command::Wait(args) => wait::run(args, context),
        Command::Batch(args) => batch::run(args, context),
        Command::AuthHeader(args) => auth_header::run(args, context),
        Command::Ops(args) => ops::run(args, context),
        Command::UploadImage(args) => upload_image::run(args, context),
        // It has its own exit table, and `crate::run` has seen to it.
        Command::Maas(_) => Err(Failure::usage("`maas` is not a command here").into()),
        Command::Events(args) => match fanout::wanted(args.profile.as_deref(), context)? {
            Some(names) => fanout::events(args, names, context),
            None => events::run(args, context),
        },
        Command::Query(args) => match fanout::wanted(args.profile.as_deref(), context)? {
            Some(names) => fanout::query(args, names, context),
            None => query::run(args, context),
        },
        Command::Import(args) => import::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::Completions(args) => completions::run(args, context),
    }
}

/// Makes a call with the profile, or with each of those that are named.
fn call_each(method: &str, args: &CallArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    match fanout::wanted(args.profile.as_deref(), context)? {
        Some(names) => fanout::call(method, args, names, context),
        None => call::run(method, args, context),
    }
}
