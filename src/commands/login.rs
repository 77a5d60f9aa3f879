//! `login`: finds out the service, asks for the key, verifies it, stores the profile.
//!
//! Nothing is stored that did not work, except where `--no-verify` says so. Everything that could
//! refuse the login without a key is done before the key is asked for.

use std::path::Path;
use std::sync::Arc;

use crate::address::Origin;
use crate::cli::LoginArgs;
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::detect::{self, Found};
use crate::profile::{KeySource, Profile, credential, store};
use crate::secret::Secret;
use crate::service::{Key, Service, macrometa};

use super::Context;
use super::session::{self, Session};
use super::whoami::{Identity, Unidentified, identify};

/// How often a key is asked for at a terminal.
const TRIES: u32 = 3;

/// Logs in.
pub fn run(args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let typed = match &args.url {
        Some(url) => url.as_str(),
        None => context.env.text("APICALL_URL")?.ok_or_else(|| {
            Failure::usage("login wants the address of a server")
                .hint("`apicall login http://10.0.0.2:5240/MAAS`")
        })?,
    };
    if let Some(name) = &args.profile {
        store::check_name(name)?;
    }
    let found = find(typed, args, context.env)?;
    let name = match &args.profile {
        Some(name) => name.clone(),
        None => name_of_host(&found.address.origin),
    };
    let replace = may_replace(&name, args, context)?;
    say_found(&found, context);
    let profile = profile_of(&name, &found, args, context)?;
    match give_key(profile, args, context) {
        Ok((profile, identity)) => {
            store_profile(&profile, args, replace, context)?;
            say_stored(&profile, identity.as_ref(), context);
            Ok(Exit::Success)
        }
        // A key that the server refuses is a matter of the config, whatever the status was.
        Err(Unidentified::Refused(Exit::ClientError)) => Ok(Exit::Config),
        Err(Unidentified::Refused(exit)) => Ok(exit),
        Err(Unidentified::Failed(e)) => Err(e),
    }
}

/// The service and its complete address.
fn find(typed: &str, args: &LoginArgs, env: &Env) -> Result<Found, Failure> {
    let wanted = match args.service {
        Some(service) => Some(service.into()),
        None => env
            .text("APICALL_SERVICE")?
            .map(Service::parse)
            .transpose()?,
    };
    let candidates = detect::candidates(typed, wanted)?;
    if args.no_verify {
        // Nobody is asked: the likeliest meaning counts. Plain http is what a MAAS without a
        // scheme speaks, https what a Macrometa does.
        let has_scheme = crate::address::has_scheme(typed.trim());
        let mut list = candidates.into_iter();
        let chosen = match (wanted, has_scheme) {
            (None, _) if list.len() > 1 && !is_only_one_service(list.as_slice()) => {
                return Err(
                    Failure::usage("without asking the server the service is not known")
                        .hint("say `--service maas` or `--service macrometa`"),
                );
            }
            (_, false) => list
                .as_slice()
                .iter()
                .find(|c| {
                    c.service == Service::Maas
                        && c.address.origin.scheme == crate::address::Scheme::Http
                })
                .cloned()
                .or_else(|| list.next()),
            _ => list.next(),
        };
        return chosen
            .map(|c| Found {
                service: c.service,
                address: c.address,
                version: None,
            })
            .ok_or_else(|| Failure::usage("the address means nothing"));
    }
    let overrides = args.connect.overrides(None);
    let env_copy = env.clone();
    let settings = settings_of(&overrides, env)?;
    let options: Arc<detect::OptionsFor> =
        Arc::new(move |origin| session::options(&settings, origin, &env_copy));
    detect::detect(candidates, &options)
}

fn is_only_one_service(candidates: &[detect::Candidate]) -> bool {
    candidates
        .windows(2)
        .all(|pair| pair[0].service == pair[1].service)
}

/// A profile with the settings of flags and environment, for probing before there is one.
fn settings_of(overrides: &crate::profile::Overrides, env: &Env) -> Result<Profile, Failure> {
    let mut profile = Profile {
        name: None,
        service: Service::Maas,
        address: crate::address::Address::parse("http://localhost")?,
        fabric: macrometa::DEFAULT_FABRIC.to_owned(),
        key: None,
        scheme: None,
        protected: false,
        settings: crate::profile::Settings::default(),
    };
    crate::profile::select::override_settings(&mut profile, overrides, env)?;
    Ok(profile)
}

/// A name made of the host: what a profile's name can not hold becomes `-`.
fn name_of_host(origin: &Origin) -> String {
    let name: String = origin
        .host
        .trim_matches(['[', ']'])
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || ".-_".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() {
        "server".to_owned()
    } else {
        name.to_owned()
    }
}

/// Tells whether a profile of that name may be replaced; asks at a terminal.
fn may_replace(name: &str, args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<bool> {
    if args.replace || !context.config()?.has(name) {
        return Ok(args.replace);
    }
    if context.ui.can_ask() && !args.key_stdin {
        if context
            .ui
            .confirm(&format!("there is a profile `{name}`. Replace it?"))?
        {
            return Ok(true);
        }
        return Err(Failure::usage("nothing was changed").into());
    }
    Err(taken(name).into())
}

fn taken(name: &str) -> Failure {
    Failure::usage(format!("there is a profile `{name}` already"))
        .hint("`--replace` replaces it, `-p NAME` makes another one")
}

fn profile_of(
    name: &str,
    found: &Found,
    args: &LoginArgs,
    context: &Context<'_>,
) -> Result<Profile, Failure> {
    let overrides = args.connect.overrides(None);
    let mut profile = settings_of(&overrides, context.env)?;
    profile.name = Some(name.to_owned());
    profile.service = found.service;
    profile.address = found.address.clone();
    Ok(profile)
}

/// Gets the key and verifies it; at a terminal again, where it is refused.
fn give_key(
    mut profile: Profile,
    args: &LoginArgs,
    context: &mut Context<'_>,
) -> Result<(Profile, Option<Identity>), Unidentified> {
    if args.anonymous {
        return Ok((profile, None));
    }
    let asks = source(args, context)?.is_none();
    let mut tries = 0;
    loop {
        tries += 1;
        let again = asks && tries < TRIES;
        let source = match source(args, context)? {
            Some(source) => source,
            None => KeySource::Inline(ask(&profile, context)?),
        };
        let text = credential::read(&source, context.env)?;
        let key = match Key::parse(profile.service, text.expose(), profile.scheme.as_deref()) {
            Ok(key) => key,
            Err(failure) if again => {
                context.ui.error(&failure.into());
                continue;
            }
            Err(failure) => return Err(failure.into()),
        };
        key.mask(context.ui.masks());
        if let Key::Macrometa(key) = &key
            && profile.scheme.is_none()
            && key.scheme() != macrometa::key::DEFAULT_SCHEME
        {
            // A pasted `bearer TOKEN` is used as one from now on.
            profile.scheme = Some(key.scheme().to_owned());
        }
        profile.key = Some(match source {
            KeySource::Inline(_) => KeySource::Inline(key.stored()),
            other => other,
        });
        if args.no_verify {
            return Ok((profile, None));
        }
        let session = Session::with_key(profile, Some(key), 0, context.env, context.ui)?;
        match identify(&session, context.ui) {
            Ok(identity) => return Ok((session.profile, Some(identity))),
            Err(Unidentified::Refused(Exit::ClientError)) if again => profile = session.profile,
            Err(e) => return Err(e),
        }
    }
}

/// Where the key comes from; `None` where it has to be asked for.
fn source(args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<Option<KeySource>> {
    let inline = |text: String| Some(KeySource::Inline(Secret::new(text)));
    if args.key_stdin {
        return Ok(inline(std::io::read_to_string(std::io::stdin())?));
    }
    if let Some(path) = &args.key_file {
        let path = context.env.expand_home(path);
        return Ok(inline(read_key_file(&path)?));
    }
    if let Some(name) = &args.key_env {
        return Ok(Some(KeySource::Env(name.clone())));
    }
    if let Some(command) = &args.key_command {
        return Ok(Some(KeySource::Command(command.clone())));
    }
    Ok(context
        .env
        .text("APICALL_KEY")?
        .and_then(|key| inline(key.to_owned())))
}

fn read_key_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|e| Failure::config(format!("`--key-file` {}: {e}", path.display())))
}

fn ask(profile: &Profile, context: &mut Context<'_>) -> anyhow::Result<Secret> {
    if !context.ui.can_ask() {
        return Err(
            Failure::config("there is no key, and no terminal to ask for one")
                .hint("`--key-stdin`, `--key-file FILE` or APICALL_KEY give it")
                .into(),
        );
    }
    context.ui.say(match profile.service {
        Service::Maas => {
            "The key is in MAAS under your name → API keys, or `maas apikey --username NAME` prints it."
        }
        Service::Macrometa => "The key is in the console under Account → API keys.",
    });
    let question = format!("Key for {}: ", profile.address);
    Ok(context.ui.ask_secret(&question)?)
}

fn store_profile(
    profile: &Profile,
    args: &LoginArgs,
    replace: bool,
    context: &Context<'_>,
) -> anyhow::Result<()> {
    let name = profile.label().to_owned();
    let mut members: Vec<(&str, toml_edit::Value)> = vec![
        ("service", profile.service.as_str().into()),
        ("url", profile.address.to_string().into()),
    ];
    let mut add = |member, value: Option<toml_edit::Value>| {
        members.extend(value.map(|value| (member, value)));
    };
    if profile.service == Service::Macrometa {
        add("fabric", Some(profile.fabric.as_str().into()));
    }
    match &profile.key {
        None => {}
        Some(KeySource::Inline(key)) => add("key", Some(key.expose().into())),
        Some(KeySource::File(path)) => add("key_file", Some(absolute(path).into())),
        Some(KeySource::Env(variable)) => add("key_env", Some(variable.as_str().into())),
        Some(KeySource::Command(command)) => add("key_command", Some(command.as_str().into())),
    }
    // What a flag said is kept for later calls; what the environment says is said again then.
    let connect = &args.connect;
    let file = |p: &Option<std::path::PathBuf>| {
        p.as_deref()
            .map(|p| absolute(&context.env.expand_home(p)).into())
    };
    let time = |t: Option<std::time::Duration>| {
        t.map(|t| humantime::format_duration(t).to_string().into())
    };
    add("scheme", profile.scheme.as_deref().map(Into::into));
    add("ca_file", file(&connect.ca_file));
    add("pin", connect.pin.as_deref().map(Into::into));
    add("insecure", connect.insecure.then_some(true.into()));
    add("client_cert", file(&connect.client_cert));
    add("client_key", file(&connect.client_key));
    add("proxy", connect.proxy.as_deref().map(Into::into));
    add("timeout", time(connect.timeout));
    add("connect_timeout", time(connect.connect_timeout));
    add("retries", connect.retries.map(|n| i64::from(n).into()));
    store::edit(&context.config_file()?, |edit| {
        // Another login may have taken the name since it was looked up.
        if edit.has(&name) && !replace {
            return Err(taken(&name).into());
        }
        edit.remove_members(&name)?;
        edit.put(&name, &members)?;
        if edit.count() == 1 && edit.default_name().is_none() {
            edit.set_default(Some(&name));
        }
        Ok(())
    })
}

/// A path that means the same from any folder.
fn absolute(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_path_buf())
        .display()
        .to_string()
}

fn say_found(found: &Found, context: &mut Context<'_>) {
    let version = found
        .version
        .as_ref()
        .map(|v| format!(" {v}"))
        .unwrap_or_default();
    context.ui.say(&format!(
        "{}{version} at {}",
        found.service.name(),
        found.address
    ));
    let origin = &found.address.origin;
    if origin.scheme == crate::address::Scheme::Http && !origin.is_loopback() {
        context.ui.warn(&format!(
            "{origin} is plain http: the key crosses the network in clear with every call"
        ));
    }
}

fn say_stored(profile: &Profile, identity: Option<&Identity>, context: &mut Context<'_>) {
    let who = match (identity, profile.service) {
        (None, _) if profile.key.is_none() => "without a key".to_owned(),
        (None, _) => "not verified".to_owned(),
        (Some(identity), Service::Maas) => {
            let role = if identity.is_admin {
                "an administrator"
            } else {
                "a user"
            };
            format!("signed in as `{}`, {role}", identity.name)
        }
        (Some(identity), Service::Macrometa) => format!(
            "tenant `{}`, fabrics {}",
            identity.name,
            if identity.fabrics.is_empty() {
                "none".to_owned()
            } else {
                identity.fabrics.join(", ")
            }
        ),
    };
    context
        .ui
        .say(&format!("profile `{}` stored: {who}", profile.label()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_name_profiles() {
        for (host, want) in [
            ("10.0.0.2", "10.0.0.2"),
            ("[fd00::2]", "fd00--2"),
            ("maas.example", "maas.example"),
            ("[::]", "server"),
        ] {
            let origin = Origin {
                scheme: crate::address::Scheme::Http,
                host: host.to_owned(),
                port: None,
            };
            assert_eq!(name_of_host(&origin), want);
            store::check_name(want).unwrap();
        }
    }
}
