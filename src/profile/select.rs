//! Which profile a call uses, and which setting counts.
//!
//! Top to bottom in [`select`]: `-p`, `APICALL_PROFILE`, `APICALL_URL` with `APICALL_KEY`, the
//! file's default. A single setting: flag, environment, profile, built-in.

use crate::env::Env;
use crate::error::Failure;
use crate::secret::Secret;
use crate::service::{Service, Target};

use super::candidates;
use super::config::Config;
use super::model::{KeyHint, KeySource, Profile, Settings};
use super::setting::{self, Setting};
use super::values::{Value, Values};

/// What flags say about a profile, for one call.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `-p/--profile`.
    pub profile: Option<String>,
    /// The settings that have flags.
    pub given: Values,
    /// The path of the call, which may show the service where nothing else does.
    pub path: Option<String>,
}

/// Resolves the profile of a call. `config` is asked only where the file counts.
pub fn select(
    flags: &Overrides,
    env: &Env,
    config: impl FnOnce() -> Result<Config, Failure>,
) -> Result<Profile, Failure> {
    let named = named(flags.profile.as_deref(), env)?;
    let mut profile = if let Some(name) = named {
        config()?.profile(name)?
    } else if let Some(url) = env.filled("APICALL_URL")? {
        profile_of_environment(url, flags, env)?
    } else {
        env.filled("APICALL_KEY")?;
        config()?.default_profile()?
    };
    override_profile(&mut profile, flags, env)?;
    complete(&mut profile);
    Ok(profile)
}

/// Returns the profile that a flag or else `APICALL_PROFILE` names.
pub fn named<'a>(flag: Option<&'a str>, env: &'a Env) -> Result<Option<&'a str>, Failure> {
    match flag {
        Some(name) => Ok(Some(name)),
        None => env.text("APICALL_PROFILE"),
    }
}

/// Returns the settings that flags say, and those that variables say where no flag does.
fn given(flags: &Values, env: &Env) -> Result<Values, Failure> {
    let mut values = Values::default();
    for setting in setting::ALL {
        let value = match flags.get(setting) {
            Some(value) => {
                value
                    .check(setting)
                    .map_err(|e| e.of(&format!("`{}`", setting.typed())))?;
                Some(value.clone())
            }
            None => variable(setting, env)?,
        };
        if let Some(value) = value {
            values.set(setting, value);
        }
    }
    Ok(values)
}

/// Returns the value that a setting's variable says.
pub fn variable(setting: &Setting, env: &Env) -> Result<Option<Value>, Failure> {
    let Some(name) = setting.variable else {
        return Ok(None);
    };
    if setting.kind == setting::SettingKind::File {
        return Ok(env.var(name).map(|path| Value::File(path.into())));
    }
    let Some(text) = env.text(name)? else {
        return Ok(None);
    };
    let value = Value::of_text(setting, text);
    value
        .map(Some)
        .map_err(|e| e.of(&format!("`{name}`")).of_config())
}

/// Returns the profile made of `APICALL_URL` and `APICALL_KEY`; the URL alone is anonymous.
fn profile_of_environment(url: &str, flags: &Overrides, env: &Env) -> Result<Profile, Failure> {
    let key = env.filled("APICALL_KEY")?;
    // MAAS has no path that begins so.
    let is_gdn = |path: &String| key.is_none() && path.starts_with("/_");
    let service = match service(env)? {
        None if flags.path.as_ref().is_some_and(is_gdn) => Some(Service::Macrometa),
        said => said,
    };
    let found = candidates::offline(url, service, KeyHint::of(key))
        .map_err(|e| e.of("`APICALL_URL`").of_config())?;
    Ok(Profile {
        name: None,
        target: Target::new(found.service),
        address: found.address,
        key: key.map(|k| KeySource::Inline(Secret::new(k))),
        protected: false,
        settings: Settings::default(),
        unknown: Vec::new(),
    })
}

/// Returns the service that `APICALL_SERVICE` names.
pub fn service(env: &Env) -> Result<Option<Service>, Failure> {
    match variable(&setting::SERVICE, env)? {
        Some(Value::Text(word)) => Service::parse(word.expose()).map(Some),
        _ => Ok(None),
    }
}

/// Completes an address that a person wrote, in the environment or by hand into the file, as login
/// would have done it.
fn complete(profile: &mut Profile) {
    match profile.service() {
        Service::Maas => {
            if let Some(at) = profile.address.path.find("/api/2.0") {
                profile.address.path.truncate(at);
            }
            if profile.address.path.is_empty() {
                "/MAAS".clone_into(&mut profile.address.path);
            }
        }
        // In a file the host stays as it stands there: not every host of Macrometa is an account's.
        Service::Macrometa => {}
    }
}

/// Puts what flags and environment say over what the profile says.
pub fn override_profile(
    profile: &mut Profile,
    flags: &Overrides,
    env: &Env,
) -> Result<(), Failure> {
    if let Some(service) = service(env)?.filter(|service| *service != profile.service()) {
        profile.target = Target::new(service);
    }
    refuse_foreign(&flags.given, profile.service())?;
    profile.put(&given(&flags.given, env)?);
    settle(&mut profile.settings, flags, env)
}

/// Refuses flags that are for another service.
pub fn refuse_foreign(given: &Values, service: Service) -> Result<(), Failure> {
    for (setting, _) in given.iter() {
        if let Some(own) = setting.service.filter(|own| *own != service) {
            return Err(Failure::usage(format!(
                "`{}` is for {}; this profile is {}'s",
                setting.typed(),
                own.name(),
                service.name()
            )));
        }
    }
    Ok(())
}

/// Puts what flags and environment say over settings.
pub fn override_settings(
    settings: &mut Settings,
    flags: &Overrides,
    env: &Env,
) -> Result<(), Failure> {
    settings.put(&given(&flags.given, env)?);
    settle(settings, flags, env)
}

/// Settles what settings say together, once all of them are known.
fn settle(settings: &mut Settings, flags: &Overrides, env: &Env) -> Result<(), Failure> {
    let is_given = |setting| flags.given.get(setting).is_some();
    // A flag of a call goes before what the profile says of the same matter.
    if is_given(&setting::CA_FILE) && !is_given(&setting::PIN) {
        settings.pin = None;
    }
    settings.proxy_from_flag |= is_given(&setting::PROXY);
    let Settings {
        ca_file,
        client_cert,
        client_key,
        ..
    } = settings;
    if client_key.is_some() && client_cert.is_none() {
        // A key alone would never be shown.
        return Err(if is_given(&setting::CLIENT_KEY) {
            Failure::usage("`--client-key` needs `--client-cert`")
        } else {
            Failure::config("`client_key` needs `client_cert`")
        });
    }
    for path in [ca_file, client_cert, client_key].into_iter().flatten() {
        *path = env.expand_home(path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const FILE: &str = r#"
default = "lab"
[profiles.lab]
service = "maas"
url = "http://10.0.0.2:5240/MAAS"
key = "a:b:c"
timeout = "30s"
[profiles.play]
service = "macrometa"
url = "https://api-play.paas.macrometa.io"
fabric = "shop"
key_env = "PLAY"
"#;

    fn pick(flags: &Overrides, vars: &[(&str, &str)]) -> Result<Profile, Failure> {
        let env = Env::from_vars(vars.iter().copied());
        select(flags, &env, || Config::parse(FILE))
    }

    #[test]
    fn precedence_of_profiles() {
        let flag = |p: &str| Overrides {
            profile: Some(p.into()),
            ..Overrides::default()
        };
        let none = Overrides::default();
        let url = [("APICALL_URL", "http://ci/MAAS"), ("APICALL_KEY", "x:y:z")];
        for (flags, vars, want) in [
            (&none, &[][..], "lab"),
            (&none, &[("APICALL_PROFILE", "play")], "play"),
            (&flag("lab"), &[("APICALL_PROFILE", "play")], "lab"),
            (&none, &url, "$APICALL_URL"),
            (&flag("play"), &url, "play"),
            (&none, &[("APICALL_KEY", "x:y:z")], "lab"),
        ] {
            assert_eq!(pick(flags, vars).unwrap().label(), want);
        }
        assert!(pick(&none, &url[..1]).unwrap().key.is_none());
        let e = pick(&flag("nope"), &[]).unwrap_err();
        assert_eq!(e.exit, crate::error::Exit::Config);
    }

    #[test]
    fn precedence_of_settings() {
        let p = pick(&Overrides::default(), &[]).unwrap();
        assert_eq!(p.settings.timeout, Some(Duration::from_secs(30)));
        let p = pick(&Overrides::default(), &[("APICALL_TIMEOUT", "5s")]).unwrap();
        assert_eq!(p.settings.timeout, Some(Duration::from_secs(5)));
        let mut flags = Overrides::default();
        let second = Value::of_text(&setting::TIMEOUT, "1s").unwrap();
        flags.given.set(&setting::TIMEOUT, second);
        assert!(pick(&flags, &[("APICALL_TIMEOUT", "x")]).is_ok());
        let p = pick(&flags, &[("APICALL_TIMEOUT", "5s")]).unwrap();
        assert_eq!(p.settings.timeout, Some(Duration::from_secs(1)));
        let p = pick(&Overrides::default(), &[("APICALL_PROFILE", "play")]).unwrap();
        assert_eq!(p.target.fabric().unwrap(), "shop");
        let vars = [("APICALL_PROFILE", "play"), ("APICALL_FABRIC", "x")];
        let p = pick(&Overrides::default(), &vars).unwrap();
        assert_eq!(p.target.fabric().unwrap(), "x");
    }

    #[test]
    fn the_environment_alone() {
        for (url, key, service, address) in [
            (
                "http://h:5240",
                "a:b:c",
                Service::Maas,
                "http://h:5240/MAAS",
            ),
            (
                "http://h:5240/MAAS/api/2.0/",
                "a:b:c",
                Service::Maas,
                "http://h:5240/MAAS",
            ),
            ("http://h/MAAS/", "a:b:c", Service::Maas, "http://h/MAAS"),
            ("h", "a:b:c", Service::Maas, "http://h:5240/MAAS"),
            ("h:5240", "a:b:c", Service::Maas, "http://h:5240/MAAS"),
            ("h/MAAS", "a:b:c", Service::Maas, "http://h:5240/MAAS"),
            ("h:5443", "a:b:c", Service::Maas, "https://h:5443/MAAS"),
            (
                "play.paas.macrometa.io",
                "t.k.h",
                Service::Macrometa,
                "https://api-play.paas.macrometa.io",
            ),
            (
                "https://play.paas.macrometa.io",
                "t.k.h",
                Service::Macrometa,
                "https://api-play.paas.macrometa.io",
            ),
            (
                "http://127.0.0.1:9",
                "t.k.h",
                Service::Macrometa,
                "http://127.0.0.1:9",
            ),
        ] {
            let p = pick(
                &Overrides::default(),
                &[("APICALL_URL", url), ("APICALL_KEY", key)],
            );
            let p = p.unwrap();
            assert_eq!(
                (p.service(), p.address.to_string().as_str()),
                (service, address)
            );
        }
    }
}
