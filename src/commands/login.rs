//! `login`: detects the service, prompts for the key, verifies it, and saves the profile.
//!
//! Nothing is stored that did not work, except where `--no-verify` says so. Everything that could
//! refuse the login without a key is done before the key is asked for. `key` gets and verifies the
//! key, `reach` says how the server is reached, `trust` asks about a certificate that nobody trusts,
//! `members` says what is stored, `stored` reports it.

mod key;
mod members;
mod reach;
mod stored;
mod trust;

use std::sync::Arc;

use crate::address::{Origin, Scheme};
use crate::cli::LoginArgs;
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::detect::{self, Found};
use crate::profile::candidates::{self, Candidate};
use crate::profile::{Config, Profile, Settings, select, setting, store};
use crate::service::Target;
use crate::session::{Session, Setup};

use super::Context;

use self::members::Old;
use self::reach::Reach;

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
    let mut overrides = args.connect.overrides(None);
    let wanted = match args.service {
        Some(service) => Some(service.into()),
        None => select::service(context.env)?,
    };
    let sought = Sought {
        // A new key goes where the old one went, and nowhere else.
        list: match &renewed {
            Some(profile) => vec![Candidate {
                service: profile.service(),
                address: profile.address.clone(),
                is_said: true,
            }],
            None => candidates::candidates(&typed, wanted)?,
        },
        asks: !args.no_verify,
    };
    let old = match name {
        Some(name) => Old::read(name, &context.config()?),
        None => sought.old(&context.config()?),
    };
    let given = key::given(args, old.profile.as_ref(), context)?;
    let mut reach = Reach::new(old.profile.as_ref(), &overrides, context.env)?;
    let found = match sought.find(&reach, context.env) {
        Err(failure) if trust::may_pin(&failure, &sought, &reach, context) => {
            trust::ask(failure, &sought, &mut reach, context)?
        }
        found => found?,
    };
    say_found(&found, context);
    select::refuse_foreign(&overrides.given, found.service)?;
    if args.anonymous && !found.service.answers_without_key() {
        return Err(Failure::usage(format!(
            "{} answers nobody without a key: `--anonymous` is for MAAS",
            found.service.name()
        ))
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
    let old = match old.profile.as_ref().and_then(|old| old.name.as_deref()) {
        Some(known) if known == name => old,
        _ => Old::read(&name, &context.config()?),
    };
    if renewed.is_none()
        && overrides.given.get(&setting::FABRIC).is_none()
        && let Some(fabric) = select::variable(&setting::FABRIC, context.env)?
    {
        overrides.given.set(&setting::FABRIC, fabric);
    }
    let mut profile = Profile {
        name: Some(name),
        target: match &old.profile {
            Some(old) if old.service() == found.service => old.target.clone(),
            _ => Target::new(found.service),
        },
        address: found.address,
        key: None,
        protected: false,
        settings: Settings::default(),
        unknown: Vec::new(),
    };
    profile.put(&overrides.given);
    profile.settings = reach.of(&profile.address.origin).clone();
    let (profile, verified) = if args.anonymous {
        (profile, None)
    } else {
        let (profile, verified) = key::get(&profile, found.session.as_ref(), given, args, context)?;
        (profile, Some(verified))
    };
    let changes = members::changes(&profile, &overrides.given, &old, context.env);
    keep(&profile, changes.members, may_replace, context)?;
    let why = match &old.profile {
        Some(_) => "it was for another server",
        None => "the profile could not be read",
    };
    for name in changes.dropped {
        context
            .ui
            .say(&format!("`{name}` of the old profile is dropped: {why}"));
    }
    stored::say(&profile, verified.as_ref(), context);
    Ok(Exit::Success)
}

/// Returns the address as it was typed, or as it is stored.
fn typed(args: &LoginArgs, renewed: Option<&Profile>, env: &Env) -> Result<String, Failure> {
    if let Some(url) = &args.url {
        return Ok(url.clone());
    }
    if let Some(profile) = renewed {
        return Ok(profile.address.to_string());
    }
    env.filled("APICALL_URL")?
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::usage("login needs the address of a server")
                .hint("`apicall login http://10.0.0.2:5240/MAAS`")
        })
}

/// Returns the profile that gets a new key: `--replace` without an address means one that is there.
fn renewed(args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<Option<Profile>> {
    let is_address = args.url.is_some() || context.env.filled("APICALL_URL")?.is_some();
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
    /// Returns what the file has under the name that the host gives.
    fn old(&self, config: &Config) -> Old {
        let names = self.list.iter().map(|c| name_of_host(&c.address.origin));
        let mut known = names.filter(|name| config.has(name));
        known
            .next()
            .map(|name| Old::read(&name, config))
            .unwrap_or_default()
    }

    /// Finds the service and its complete address.
    fn find(&self, reach: &Reach, env: &Env) -> Result<Found, Failure> {
        if !self.asks {
            let Candidate {
                service, address, ..
            } = candidates::likeliest(&self.list)?;
            return Ok(Found {
                service,
                address,
                version: None,
                session: None,
            });
        }
        // The probes of silent hosts outlive the search, so they own what they need.
        let (reach, env) = (reach.clone(), env.clone());
        let open: Arc<detect::Opener> = Arc::new(move |candidate| {
            let origin = &candidate.address.origin;
            let profile = Profile {
                name: Some(origin.to_string()),
                target: Target::new(candidate.service),
                address: candidate.address.clone(),
                key: None,
                protected: false,
                settings: Settings {
                    headers: Vec::new(),
                    ..reach.of(origin).clone()
                },
                unknown: Vec::new(),
            };
            Session::new(profile, Setup::default(), &env, &mut |_| {})
        });
        detect::detect(self.list.clone(), &open)
    }
}

/// Returns a name made of the host: what a profile's name cannot hold becomes `-`.
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

/// Makes sure that a profile of that name can be stored, and returns whether it may replace one;
/// asks at a terminal.
fn make_room(name: &str, args: &LoginArgs, context: &mut Context<'_>) -> anyhow::Result<bool> {
    store::check_name(name)?;
    let config = context.config()?;
    let is_taken = config.has(name);
    store::check_writable(&context.config_file()?)?;
    if args.replace || !is_taken {
        return Ok(args.replace);
    }
    if !context.ui.can_ask() {
        return Err(taken(name).into());
    }
    let of = match config.profile(name) {
        Ok(profile) => format!(" of {}", profile.address),
        // One that cannot be read is replaced all the same.
        Err(_) => String::new(),
    };
    let question = format!("profile `{name}`{of} already exists. Replace it?");
    if context.ui.confirm(&question)? {
        Ok(true)
    } else {
        Err(Failure::usage("nothing was changed").into())
    }
}

fn taken(name: &str) -> Failure {
    Failure::usage(format!("profile `{name}` already exists"))
        .hint("`--replace` replaces it, `-p NAME` creates another one")
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
            "{origin} is plain http: every call sends the key in the clear"
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
                host: host.into(),
                port: None,
            };
            assert_eq!(name_of_host(&origin), want);
            store::check_name(want).unwrap();
        }
    }
}
