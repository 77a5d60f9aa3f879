//! Runs `login`, `logout`, `list` and `refresh` of `maas`, on profiles kept in our config.
//!
//! Owns their words and exit codes (observed on MAAS 3.8).

use std::io::BufRead as _;
use std::ops::RangeInclusive;

use anyhow::Context as _;

use crate::address::{Address, Scheme, split_url};
use crate::client::Limits;
use crate::commands::{Context, described};
use crate::error::{Exit, Failure};
use crate::flow::describe::{Describer, Patience};
use crate::flow::identify;
use crate::profile::Overrides;
use crate::profile::{KeySource, Profile, Settings, credential, select, store};
use crate::secret::{MASK, Secret};
use crate::service::{Key, Service, Target, maas};
use crate::session::Setup;

use super::arguments::{Flag, Parsed, all};
use super::profiles::{self, Known};
use super::{help, print};

/// Any number of words may stand before an option.
const ANYWHERE: usize = usize::MAX;

/// Reads the words of a command, as many as `wanted`; `None` where help was asked for and printed.
fn words<'a>(
    help: &str,
    args: &'a [String],
    flags: &[Flag],
    wanted: RangeInclusive<usize>,
    context: &mut Context<'_>,
) -> anyhow::Result<Option<Parsed<'a>>> {
    let parsed = all(args, flags, ANYWHERE)?;
    if parsed.has(Flag::Help) {
        print::text(help, context.ui)?;
        return Ok(None);
    }
    let usage = help.lines().next().unwrap_or_default().to_owned();
    if parsed.words.len() < *wanted.start() {
        return Err(Failure::usage("too few arguments").hint(usage).into());
    }
    if parsed.words.len() > *wanted.end() {
        // What is too many may be a key; it is not repeated.
        return Err(Failure::usage("too many arguments").hint(usage).into());
    }
    Ok(Some(parsed))
}

/// Runs `login NAME URL [KEY|-]`: verifies the key, fetches the description, stores the profile;
/// one of the same name is replaced, as `maas` does it.
pub fn login(program: &str, args: &[String], context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let flags = [Flag::Help, Flag::CaCerts, Flag::Insecure];
    let help = help::login(program);
    let Some(parsed) = words(&help, args, &flags, 2..=3, context)? else {
        return Ok(Exit::Success);
    };
    let (name, url) = (parsed.words[0], parsed.words[1]);
    store::check_name(name)?;
    let is_insecure = parsed.has(Flag::Insecure);
    let cacerts = parsed.value(Flag::CaCerts);
    if is_insecure && cacerts.is_some() {
        return Err(refused("`--cacerts` and `--insecure` exclude each other").into());
    }
    refuse_macrometa(name, context)?;
    store::check_writable(&context.config_file()?)?;
    let pem = match cacerts {
        Some(file) => {
            Some(crate::files::read_input_text(file.as_ref()).with_context(|| file.to_owned())?)
        }
        None => None,
    };
    if pem.as_ref().is_some_and(|pem| !pem.contains("-----BEGIN")) {
        return Err(refused("`--cacerts` names no PEM file").into());
    }
    let address = address(url)?;
    let mut settings = Settings {
        insecure: is_insecure && address.origin.scheme == Scheme::Https,
        ca_file: cacerts.map(Into::into),
        ..Settings::default()
    };
    select::override_settings(&mut settings, &Overrides::default(), context.env)?;
    let mut profile = Profile {
        name: Some(name.to_owned()),
        target: Target::Maas,
        address,
        key: None,
        protected: false,
        settings,
        unknown: Vec::new(),
    };
    if let Some(key) = key(parsed.words.get(2).copied(), context)? {
        profile.key = Some(KeySource::Inline(key.stored()));
        verify(&profile, key, context)?;
    }
    let describer = Describer::new(&profile, context.env);
    describer
        .fetch(Patience::Usual, &mut |plan, patience| {
            described::send(&profile, plan, patience, context)
        })
        .map_err(as_refused)?;
    keep(&profile, pem.as_deref(), context)?;
    let api = api(&profile);
    let notice = format!(
        "You are now logged in to the MAAS server at {api} with the profile name '{name}'."
    );
    let notice = help::wrapped(&notice);
    let text = format!(
        "\n{notice}\n\nFor help with the available commands, try:\n\n  {program} {name} --help\n\n"
    );
    print::text(&text, context.ui)
}

fn refused(message: &str) -> Failure {
    Failure::new(Exit::Other, message)
}

/// Sets `login`'s exit codes: 1 for an unexpected status, 2 where no response comes.
fn as_refused(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<Failure>() {
        Ok(mut failure) => {
            if matches!(
                failure.exit,
                Exit::Redirect | Exit::ClientError | Exit::ServerError
            ) {
                failure.exit = Exit::Other;
            }
            failure.into()
        }
        Err(error) => error,
    }
}

/// Returns the address that a URL of `maas` means, which may end in the API's own path. No other
/// path is taken for that of a MAAS: `/MAAS/r/` is refused by the server, as for `maas`.
fn address(url: &str) -> Result<Address, Failure> {
    let (origin, rest) = split_url(url)?;
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let path = path
        .strip_suffix(maas::API.trim_end_matches('/'))
        .unwrap_or(path);
    Ok(Address {
        origin,
        path: if path.is_empty() { "/MAAS" } else { path }.to_owned(),
    })
}

/// Returns the address of the API, as `maas` shows it.
fn api(profile: &Profile) -> String {
    format!("{}{}", profile.address, maas::API)
}

fn refuse_macrometa(name: &str, context: &mut Context<'_>) -> anyhow::Result<()> {
    let config = context.config()?;
    let other = config.has(name)
        && config
            .profile(name)
            .is_ok_and(|p| !p.service().has_maas_command());
    if other {
        return Err(
            Failure::usage(format!("the profile `{name}` is Macrometa's"))
                .hint("take another name, or `apicall logout` it first")
                .into(),
        );
    }
    Ok(())
}

/// Returns the key that was given, read or asked for; `None` where it is empty, which makes `maas`
/// go without one. The end of the input is no response.
fn key(given: Option<&str>, context: &mut Context<'_>) -> anyhow::Result<Option<Key>> {
    let text = match given {
        Some("-") => line()?,
        Some(key) => {
            if context.ui.stderr_is_terminal() && !key.trim().is_empty() {
                context.ui.warn(
                    "the key stands in shell history and process list now; `-` in its place reads \
                     it from standard input",
                );
            }
            Secret::new(key)
        }
        None if context.ui.can_ask() => {
            let question = "API key (leave empty for anonymous access): ";
            match context.ui.ask_secret(question) {
                Ok(key) => key,
                Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Err(no_key().into());
                }
                Err(e) => return Err(e.into()),
            }
        }
        None => line()?,
    };
    if text.expose().trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(Key::parse(Service::Maas, text.expose(), None)?))
}

fn line() -> anyhow::Result<Secret> {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(no_key().into());
    }
    Ok(Secret::new(line))
}

fn no_key() -> Failure {
    Failure::config("no key was given")
        .hint("an empty line, or an empty argument, stores a profile without a key")
}

fn verify(profile: &Profile, key: Key, context: &mut Context<'_>) -> anyhow::Result<()> {
    let setup = Setup {
        key: Some(key),
        ..Setup::default()
    };
    let session = context.session_with(profile.clone(), setup)?;
    let plan = identify::plan(profile.place())?;
    let response = session.send(&plan, &Limits::default(), &mut context.ui.hear())?;
    match response.head.status {
        200 => Ok(()),
        401 => Err(refused("the MAAS server rejected the API key").into()),
        _ => Err(print::refused(&session.label(&plan), &response.head).into()),
    }
}

/// Writes the profile. `-k` is said again with each call, as `maas` wants it.
fn keep(profile: &Profile, pem: Option<&str>, context: &mut Context<'_>) -> anyhow::Result<()> {
    let name = profile.label();
    let config_file = context.config_file()?;
    let ca_file = match pem {
        Some(pem) => Some(store::keep_certificates(pem, name, &config_file)?),
        None => None,
    };
    let key = match &profile.key {
        Some(KeySource::Inline(key)) => Some(key.expose().into()),
        _ => None,
    };
    store::edit(&config_file, |edit| {
        edit.put(
            name,
            vec![
                ("service", Some(Service::Maas.as_str().into())),
                ("url", Some(profile.address.to_string().into())),
                ("fabric", None),
                ("key", key),
                ("key_file", None),
                ("key_env", None),
                ("key_command", None),
                ("ca_file", ca_file.map(|p| p.display().to_string().into())),
                ("pin", None),
                ("insecure", None),
            ],
        )?;
        if edit.count() == 1 && edit.default_name().is_none() {
            edit.set_default(name);
        }
        Ok(())
    })
}

/// Runs `logout NAME`; ignores unknown names, and those of the other `maas`.
pub fn logout(program: &str, args: &[String], context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let help = help::logout(program);
    let Some(parsed) = words(&help, args, &[Flag::Help], 1..=1, context)? else {
        return Ok(Exit::Success);
    };
    let name = parsed.words[0];
    refuse_macrometa(name, context)?;
    let is_ours = context.config()?.has(name);
    if is_ours {
        store::edit(&context.config_file()?, |edit| Ok(edit.remove(name)?))?;
    }
    match profiles::is_theirs(name, context) {
        Ok(false) => {}
        Ok(true) => context.ui.warn(&format!(
            "`{}` is still a profile of `~/.maascli.db`, which is only read here; the `maas` \
             command line that made it can log it out",
            name.escape_debug()
        )),
        // What is to be forgotten here is forgotten.
        Err(e) => context.ui.warn(&format!("{e:#}")),
    }
    Ok(Exit::Success)
}

/// Runs `list`: name, address and key of each profile.
pub fn list(program: &str, args: &[String], context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let flags = [Flag::Help, Flag::ShowKeys];
    let help = help::list(program);
    let Some(parsed) = words(&help, args, &flags, 0..=0, context)? else {
        return Ok(Exit::Success);
    };
    let mut lines = String::new();
    for Known { profile, .. } in &profiles::all(context)? {
        let key = match &profile.key {
            None => String::new(),
            Some(_) if !parsed.has(Flag::ShowKeys) => format!(" {MASK}"),
            Some(_) => match credential::key(profile, context.env)? {
                Some(key) => format!(" {}", key.stored().expose()),
                None => String::new(),
            },
        };
        lines.push_str(&format!("{} {}{key}\n", profile.label(), api(profile)));
    }
    print::text(&lines, context.ui)
}

/// Runs `refresh`: fetches the descriptions of all profiles anew. One that fails does not keep the
/// others from theirs.
pub fn refresh(program: &str, args: &[String], context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let help = help::refresh(program);
    if words(&help, args, &[Flag::Help], 0..=0, context)?.is_none() {
        return Ok(Exit::Success);
    }
    let mut done: Vec<Address> = Vec::new();
    let mut failed = None;
    for Known { profile, .. } in &profiles::all(context)? {
        // Profiles of one server share its description.
        if done.contains(&profile.address) {
            continue;
        }
        done.push(profile.address.clone());
        let describer = Describer::new(profile, context.env);
        let fetched = describer.fetch(Patience::Usual, &mut |plan, patience| {
            described::send(profile, plan, patience, context)
        });
        if let Err(error) = fetched
            && let Some(earlier) = failed.replace(as_refused(error))
        {
            context.ui.error(&earlier);
        }
    }
    match failed {
        None => Ok(Exit::Success),
        Some(error) => Err(error),
    }
}
