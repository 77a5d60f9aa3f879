//! `login`: finds out the service, asks for the key, verifies it, stores the profile.
//!
//! Nothing is stored that did not work, except where `--no-verify` says so. Everything that could
//! refuse the login without a key is done before the key is asked for. `key` gets and verifies the
//! key, `trust` asks about a certificate that nobody trusts, `members` says what is stored, `stored`
//! tells it.

mod key;
mod members;
mod stored;
mod trust;

use std::sync::Arc;

use crate::address::{Origin, Scheme};
use crate::cli::LoginArgs;
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::candidates::{self, Candidate};
use crate::flow::detect::{self, Found};
use crate::profile::{Profile, Settings, select, store};
use crate::service::{Service, macrometa};
use crate::session;

use super::Context;

/// Logs in.
pub fn run(args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    key::refuse_as_argument(args)?;
    let renewed = renewed(args, context)?;
    let typed = typed(args, renewed.as_ref(), context.env)?;
    let name = args.profile.as_deref();
    let name = name.or(renewed.as_ref().and_then(|p| p.name.as_deref()));
    let room = match name {
        Some(name) => Some(make_room(name, args, context)?),
        None => None,
    };
    let mut settings = match &renewed {
        Some(profile) => profile.settings.clone(),
        None => Settings::default(),
    };
    let overrides = args.connect.overrides(None);
    if let Some(scheme) = &overrides.scheme {
        macrometa::key::check_scheme(scheme)?;
    }
    let fabric = match &renewed {
        Some(_) => overrides.fabric.as_deref(),
        None => select::fabric(overrides.fabric.as_deref(), context.env)?,
    };
    if let Some(fabric) = fabric {
        macrometa::path::check_fabric(fabric)?;
    }
    select::override_settings(&mut settings, &overrides, context.env)?;
    let wanted = match args.service {
        Some(service) => Some(service.into()),
        None => select::service(context.env)?,
    };
    let sought = Sought {
        // A new key goes where the old one went, and nowhere else.
        list: match &renewed {
            Some(profile) => vec![Candidate {
                service: profile.service,
                address: profile.address.clone(),
                is_said: true,
            }],
            None => candidates::candidates(&typed, wanted)?,
        },
        asks: !args.no_verify,
    };
    let found = match sought.find(&settings, context.env) {
        Err(failure) if trust::may_pin(&failure, &settings, context) => {
            trust::ask(failure, &sought, &mut settings, context)?
        }
        found => found?,
    };
    say_found(&found, context);
    if found.service == Service::Maas && overrides.fabric.is_some() {
        return Err(Failure::usage("`--fabric` is for Macrometa; this is a MAAS").into());
    }
    if args.anonymous && found.service == Service::Macrometa {
        return Err(Failure::usage(
            "Macrometa answers nobody without a key: `--anonymous` is for MAAS",
        )
        .into());
    }
    let name = match name {
        Some(name) => name.to_owned(),
        None => name_of_host(&found.address.origin),
    };
    let may_replace = match room {
        Some(may_replace) => may_replace,
        None => make_room(&name, args, context)?,
    };
    let profile = Profile {
        name: Some(name),
        service: found.service,
        address: found.address,
        fabric: fabric
            .or(renewed.as_ref().map(|p| p.fabric.as_str()))
            .unwrap_or(macrometa::DEFAULT_FABRIC)
            .to_owned(),
        key: None,
        scheme: overrides
            .scheme
            .or_else(|| renewed.as_ref().and_then(|p| p.scheme.clone())),
        protected: false,
        settings,
    };
    let (profile, verified) = if args.anonymous {
        (profile, None)
    } else {
        let (profile, verified) = key::get(&profile, found.client.as_ref(), args, context)?;
        (profile, Some(verified))
    };
    let members = match &renewed {
        Some(_) => members::renewed(&profile, &args.connect, context.env),
        None => members::of(&profile, &args.connect, context.env),
    };
    keep(&profile, members, may_replace, context)?;
    stored::say(&profile, verified.as_ref(), context);
    Ok(Exit::Success)
}

/// The address as it was typed, or as it is stored.
fn typed(args: &LoginArgs, renewed: Option<&Profile>, env: &Env) -> Result<String, Failure> {
    if let Some(url) = &args.url {
        return Ok(url.clone());
    }
    if let Some(profile) = renewed {
        return Ok(profile.address.to_string());
    }
    env.text("APICALL_URL")?.map(str::to_owned).ok_or_else(|| {
        Failure::usage("login wants the address of a server")
            .hint("`apicall login http://10.0.0.2:5240/MAAS`")
    })
}

/// The profile that gets a new key: `--replace` without an address means one that is there.
fn renewed(args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<Option<Profile>> {
    let is_address = args.url.is_some() || context.env.text("APICALL_URL")?.is_some();
    if is_address || !args.replace {
        return Ok(None);
    }
    let config = context.config()?;
    let profile = match select::named(args.profile.as_deref(), context.env)? {
        Some(name) => config.profile(name),
        None => config.default_profile(),
    };
    Ok(Some(profile?))
}

/// What is to be found.
struct Sought {
    /// What the address can mean, best first.
    list: Vec<Candidate>,
    /// Whether the server is asked.
    asks: bool,
}

impl Sought {
    /// Finds the service and its complete address.
    fn find(&self, settings: &Settings, env: &Env) -> Result<Found, Failure> {
        if !self.asks {
            let Candidate {
                service, address, ..
            } = candidates::likeliest(&self.list)?;
            return Ok(Found {
                service,
                address,
                version: None,
                client: None,
            });
        }
        // The probes of silent hosts outlive the search, so they own what they need.
        let (settings, env) = (settings.clone(), env.clone());
        let options: Arc<detect::OptionsFor> =
            Arc::new(move |origin| session::options(&settings, origin, &env));
        detect::detect(self.list.clone(), &options)
    }
}

/// A name made of the host: what a profile's name can not hold becomes `-`.
fn name_of_host(origin: &Origin) -> String {
    let valid = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let name = origin
        .host
        .replace(['[', ']'], "")
        .replace(|c| !valid(c), "-");
    match name.trim_matches('-') {
        "" => "server".to_owned(),
        name => name.to_owned(),
    }
}

/// Makes sure that a profile of that name can be stored, and tells whether it may replace one;
/// asks at a terminal.
fn make_room(name: &str, args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<bool> {
    store::check_name(name)?;
    let is_taken = context.config()?.has(name);
    store::check_writable(&context.config_file()?)?;
    if args.replace || !is_taken {
        return Ok(args.replace);
    }
    if !context.ui.can_ask() {
        return Err(taken(name).into());
    }
    let question = format!("there is a profile `{name}`. Replace it?");
    if context.ui.confirm(&question)? {
        Ok(true)
    } else {
        Err(Failure::usage("nothing was changed").into())
    }
}

fn taken(name: &str) -> Failure {
    Failure::usage(format!("there is a profile `{name}` already"))
        .hint("`--replace` replaces it, `-p NAME` makes another one")
}

fn keep(
    profile: &Profile,
    members: Vec<members::Member>,
    may_replace: bool,
    context: &Context<'_>,
) -> anyhow::Result<()> {
    let name = profile.label();
    store::edit(&context.config_file()?, |edit| {
        // Another login may have taken the name since it was looked up.
        if edit.has(name) && !may_replace {
            return Err(taken(name).into());
        }
        edit.put(name, members)?;
        if edit.count() == 1 && edit.default_name().is_none() {
            edit.set_default(name);
        }
        Ok(())
    })
}

fn say_found(found: &Found, context: &mut Context<'_>) {
    let service = found.service.name();
    let version = match &found.version {
        Some(version) => format!(" {version}"),
        None => String::new(),
    };
    context
        .ui
        .say(&format!("{service}{version} at {}", found.address));
    let origin = &found.address.origin;
    if origin.scheme == Scheme::Http && !origin.is_loopback() {
        context.ui.warn(&format!(
            "{origin} is plain http: the key crosses the network in clear with every call"
        ));
    }
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
                scheme: Scheme::Http,
                host: host.to_owned(),
                port: None,
            };
            assert_eq!(name_of_host(&origin), want);
            store::check_name(want).unwrap();
        }
    }
}
