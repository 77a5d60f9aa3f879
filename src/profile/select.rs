//! Which profile a call uses, and which setting counts.
//!
//! Top to bottom in [`select`]: `-p`, `APICALL_PROFILE`, `APICALL_URL` with `APICALL_KEY`, the
//! file's default. A single setting: flag, environment, profile, built-in.

use std::path::PathBuf;
use std::time::Duration;

use crate::address::{Address, check_proxy};
use crate::env::Env;
use crate::error::Failure;
use crate::secret::Secret;
use crate::service::{Service, macrometa};

use super::config::Config;
use super::duration;
use super::model::{KeyHint, KeySource, Profile, Settings, service_of};

/// What flags say about a profile, for one call.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `-p/--profile`.
    pub profile: Option<String>,
    /// `--fabric`.
    pub fabric: Option<String>,
    /// `--ca-file`.
    pub ca_file: Option<PathBuf>,
    /// `--insecure`.
    pub insecure: bool,
    /// `--pin`.
    pub pin: Option<String>,
    /// `--client-cert`.
    pub client_cert: Option<PathBuf>,
    /// `--client-key`.
    pub client_key: Option<PathBuf>,
    /// `--proxy`.
    pub proxy: Option<String>,
    /// `--timeout`.
    pub timeout: Option<Duration>,
    /// `--connect-timeout`.
    pub connect_timeout: Option<Duration>,
    /// `--retries`.
    pub retries: Option<u32>,
    /// `--scheme`.
    pub scheme: Option<String>,
    /// The path of the call, which may tell the service where nothing else does.
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
    } else if let Some(url) = env.text("APICALL_URL")? {
        of_environment(url, flags, env)?
    } else {
        config()?.default_profile()?
    };
    override_profile(&mut profile, flags, env)?;
    complete(&mut profile);
    Ok(profile)
}

/// The profile that a flag or else `APICALL_PROFILE` names.
pub fn named<'a>(flag: Option<&'a str>, env: &'a Env) -> Result<Option<&'a str>, Failure> {
    match flag {
        Some(name) => Ok(Some(name)),
        None => env.text("APICALL_PROFILE"),
    }
}

/// The fabric that a flag or else `APICALL_FABRIC` names.
pub fn fabric<'a>(flag: Option<&'a str>, env: &'a Env) -> Result<Option<&'a str>, Failure> {
    if let Some(name) = flag {
        macrometa::path::check_fabric(name)?;
        return Ok(Some(name));
    }
    let name = env.text("APICALL_FABRIC")?;
    if let Some(name) = name {
        macrometa::path::check_fabric(name).map_err(|e| e.of("`APICALL_FABRIC`").of_config())?;
    }
    Ok(name)
}

/// The profile made of `APICALL_URL` and `APICALL_KEY`; the URL alone is anonymous.
fn of_environment(url: &str, flags: &Overrides, env: &Env) -> Result<Profile, Failure> {
    let address = Address::parse(url)
        .map_err(|e| Failure::config(format!("`APICALL_URL`: {}", e.message)))?;
    let key = env.text("APICALL_KEY")?;
    // MAAS has no path that begins so.
    let is_gdn = |path: &String| key.is_none() && path.starts_with("/_");
    let service = match service(env)? {
        Some(service) => service,
        None if flags.path.as_ref().is_some_and(is_gdn) => Service::Macrometa,
        None => service_of(&address, KeyHint::of(key)),
    };
    Ok(Profile {
        name: None,
        service,
        address,
        fabric: macrometa::DEFAULT_FABRIC.to_owned(),
        key: key.map(|k| KeySource::Inline(Secret::new(k))),
        scheme: None,
        protected: false,
        settings: Settings::default(),
    })
}

/// The service that `APICALL_SERVICE` names.
pub fn service(env: &Env) -> Result<Option<Service>, Failure> {
    let Some(word) = env.text("APICALL_SERVICE")? else {
        return Ok(None);
    };
    Service::parse(word)
        .map(Some)
        .map_err(|e| Failure::config(format!("`APICALL_SERVICE`: {}", e.message)))
}

/// Completes an address that a person wrote, in the environment or by hand into the file, as login
/// would have done it.
fn complete(profile: &mut Profile) {
    match profile.service {
        Service::Maas => {
            if let Some(at) = profile.address.path.find("/api/2.0") {
                profile.address.path.truncate(at);
            }
            if profile.address.path.is_empty() {
                "/MAAS".clone_into(&mut profile.address.path);
            }
        }
        // In a file the host stays as it stands there: not every host of Macrometa is an account's.
        Service::Macrometa if profile.name.is_some() => {}
        Service::Macrometa => {
            profile.address.origin.host = macrometa::host::api_host(&profile.address.origin.host);
        }
    }
}

/// Puts what flags and environment say over what the profile says.
pub fn override_profile(
    profile: &mut Profile,
    flags: &Overrides,
    env: &Env,
) -> Result<(), Failure> {
    if let Some(service) = service(env)? {
        profile.service = service;
    }
    if let Some(fabric) = fabric(flags.fabric.as_deref(), env)? {
        fabric.clone_into(&mut profile.fabric);
    }
    if let Some(scheme) = &flags.scheme {
        macrometa::key::check_scheme(scheme)?;
    }
    replace(&mut profile.scheme, flags.scheme.clone());
    override_settings(&mut profile.settings, flags, env)
}

/// Puts what flags and environment say over settings.
pub fn override_settings(
    settings: &mut Settings,
    flags: &Overrides,
    env: &Env,
) -> Result<(), Failure> {
    // A flag of a call goes before what the profile says of the same matter.
    if flags.ca_file.is_some() {
        settings.pin = None;
    }
    let ca_file = env.var("APICALL_CA_FILE").map(PathBuf::from);
    replace(&mut settings.ca_file, flags.ca_file.clone().or(ca_file));
    replace(&mut settings.client_cert, flags.client_cert.clone());
    replace(&mut settings.client_key, flags.client_key.clone());
    let timeout = match flags.timeout {
        Some(timeout) => Some(timeout),
        None => timeout(env)?,
    };
    replace(&mut settings.timeout, timeout);
    replace(&mut settings.connect_timeout, flags.connect_timeout);
    replace(&mut settings.retries, flags.retries);
    replace(&mut settings.pin, flags.pin.clone());
    settings.insecure |= flags.insecure;
    if let Some(proxy) = &flags.proxy {
        if !proxy.is_empty() {
            check_proxy(proxy).map_err(|e| e.of("`--proxy`"))?;
        }
        settings.proxy = Some(Secret::new(proxy));
        settings.proxy_from_flag = true;
    }
    let Settings {
        ca_file,
        client_cert,
        client_key,
        ..
    } = settings;
    if client_key.is_some() && client_cert.is_none() {
        // A key alone would never be shown.
        return Err(if flags.client_key.is_some() {
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

fn timeout(env: &Env) -> Result<Option<Duration>, Failure> {
    let Some(text) = env.text("APICALL_TIMEOUT")? else {
        return Ok(None);
    };
    duration::parse(text)
        .map(Some)
        .map_err(|e| Failure::config(format!("`APICALL_TIMEOUT`: {}", e.message)))
}

fn replace<T>(setting: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *setting = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let flags = Overrides {
            timeout: Some(Duration::from_secs(1)),
            ..Overrides::default()
        };
        assert!(pick(&flags, &[("APICALL_TIMEOUT", "x")]).is_ok());
        let p = pick(&flags, &[("APICALL_TIMEOUT", "5s")]).unwrap();
        assert_eq!(p.settings.timeout, Some(Duration::from_secs(1)));
        let p = pick(&Overrides::default(), &[("APICALL_PROFILE", "play")]).unwrap();
        assert_eq!(p.fabric, "shop");
        let vars = [("APICALL_PROFILE", "play"), ("APICALL_FABRIC", "x")];
        assert_eq!(pick(&Overrides::default(), &vars).unwrap().fabric, "x");
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
            ("http://h/MAAS/", "", Service::Maas, "http://h/MAAS"),
            (
                "https://play.paas.macrometa.io",
                "t.k.h",
                Service::Macrometa,
                "https://api-play.paas.macrometa.io",
            ),
            ("http://h:5240", "", Service::Maas, "http://h:5240/MAAS"),
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
                (p.service, p.address.to_string().as_str()),
                (service, address)
            );
        }
    }
}
