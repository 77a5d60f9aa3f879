//! Defines what a profile is: address, service, key source and settings, resolved.
//!
//! Values alone: `select` makes one, `credential` fetches the key.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::address::Address;
use crate::env::Env;
use crate::error::Failure;
use crate::secret::{Masks, Secret, holds_key, url_password};
use crate::service::{Key, Service, Target};

use super::setting::{self, Setting, Unknown};
use super::values::{Value, Values};

/// Returns whether a text can be a variable's name, and not a key in its place.
pub(super) fn is_variable(name: &str) -> bool {
    // A longer one may be a key without separators.
    name.len() < 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Where a profile's key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// `key`: it stands in the config file, or came from `APICALL_KEY`.
    Inline(Secret),
    /// `key_file`: the contents of a file.
    File(PathBuf),
    /// `key_env`: an environment variable.
    Env(String),
    /// `key_command`: the output of a shell command.
    Command(String),
}

/// How to reach the server.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// PEM file of certificates to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Do not verify the server's certificate.
    pub insecure: bool,
    /// SHA-256 of the server's public key, as typed.
    pub pin: Option<String>,
    /// PEM file of a client certificate.
    pub client_cert: Option<PathBuf>,
    /// PEM file of its key.
    pub client_key: Option<PathBuf>,
    /// Proxy URL; it may hold a password. Empty means none.
    pub proxy: Option<Secret>,
    /// Whether `proxy` came from a flag, which goes before the environment.
    pub proxy_from_flag: bool,
    /// Total time for a call.
    pub timeout: Option<Duration>,
    /// Time for connecting.
    pub connect_timeout: Option<Duration>,
    /// How often a call may be retried.
    pub retries: Option<u32>,
    /// Headers sent with every call; their values count as secrets.
    pub headers: Vec<(String, Secret)>,
}

impl Settings {
    /// Takes over the values that are there.
    pub fn put(&mut self, values: &Values) {
        let file = |setting| values.file(setting).map(Path::to_owned);
        replace(&mut self.ca_file, file(&setting::CA_FILE));
        replace(&mut self.client_cert, file(&setting::CLIENT_CERT));
        replace(&mut self.client_key, file(&setting::CLIENT_KEY));
        self.insecure = values.switch(&setting::INSECURE).unwrap_or(self.insecure);
        replace(&mut self.pin, values.text(&setting::PIN).map(str::to_owned));
        replace(
            &mut self.proxy,
            values.text(&setting::PROXY).map(Secret::new),
        );
        replace(&mut self.timeout, values.time(&setting::TIMEOUT));
        replace(
            &mut self.connect_timeout,
            values.time(&setting::CONNECT_TIMEOUT),
        );
        replace(&mut self.retries, values.count(&setting::RETRIES));
        if let Some(headers) = values.headers(&setting::HEADERS) {
            let pairs = headers
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()));
            self.headers = pairs.collect();
        }
    }

    /// Returns the settings for a server of another origin, without those of the old one alone.
    #[must_use]
    pub fn of_another_origin(&self) -> Self {
        Self {
            proxy: self.proxy.clone(),
            proxy_from_flag: self.proxy_from_flag,
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            retries: self.retries,
            ..Self::default()
        }
    }
}

fn replace<T>(setting: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *setting = value;
    }
}

/// A profile, resolved.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name; `None` for the one made of `APICALL_URL`.
    pub name: Option<String>,
    /// The service, with what only that service needs.
    pub target: Target,
    /// Origin and base path.
    pub address: Address,
    /// The key's source; without one a MAAS is read anonymously.
    pub key: Option<KeySource>,
    /// Whether calls that change something want a confirmation.
    pub protected: bool,
    /// How to reach the server.
    pub settings: Settings,
    /// Members in the file that are no settings.
    pub unknown: Vec<Unknown>,
}

impl Profile {
    /// Returns the profile's service.
    #[must_use]
    pub fn service(&self) -> Service {
        self.target.service()
    }

    /// Returns the command that gives the profile another key; none where its key is kept
    /// elsewhere.
    #[must_use]
    pub fn renews_key(&self) -> Option<String> {
        let name = self.name.as_deref()?;
        matches!(self.key, Some(KeySource::Inline(_)))
            .then(|| format!("`apicall login --replace -p {name}`"))
    }

    /// Takes what values say of the profile's service and of how the server is reached.
    pub fn put(&mut self, values: &Values) {
        if let Target::Macrometa(target) = &mut self.target {
            let text = |setting| values.text(setting).map(str::to_owned);
            if let Some(fabric) = text(&setting::FABRIC) {
                target.fabric = fabric;
            }
            target.scheme = text(&setting::SCHEME).or(target.scheme.take());
        }
        self.settings.put(values);
    }

    /// Returns the profile's name for messages.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or("$APICALL_URL")
    }

    /// Registers what is secret of the profile, for all that the run writes: its headers, its
    /// proxy's password, and a key that is known without reading a file or running a command.
    #[must_use]
    pub fn masks(&self, env: &Env) -> Masks {
        let mut masks = Masks::default();
        match &self.key {
            Some(KeySource::Inline(key)) => self.mask_key(key.expose(), &mut masks),
            Some(KeySource::Env(name)) => {
                // What stands there in place of a name may be the key itself.
                if holds_key(name) || !is_variable(name) {
                    masks.add_part(name);
                }
                if let Ok(Some(key)) = env.text(name) {
                    self.mask_key(key, &mut masks);
                }
            }
            Some(KeySource::File(_) | KeySource::Command(_)) | None => {}
        }
        for (_, value) in &self.settings.headers {
            masks.add(value.expose());
        }
        let proxy = self.settings.proxy.as_ref();
        if let Some(password) = proxy.and_then(|p| url_password(p.expose())) {
            masks.add(password);
        }
        masks
    }

    /// Registers a key as it stands in its source, whether or not it is one of the service's.
    fn mask_key(&self, text: &str, masks: &mut Masks) {
        match Key::parse(self.service(), text, self.target.scheme()) {
            Ok(key) => key.mask(masks),
            Err(_) => masks.add(text.trim()),
        }
    }

    /// Returns what decides where a call goes.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place {
            service: self.service(),
            address: &self.address,
            fabric: self.target.fabric().unwrap_or_default(),
        }
    }
}

/// What of a profile decides where a call goes.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The service.
    pub service: Service,
    /// The profile's address.
    pub address: &'a Address,
    /// The fabric (Macrometa).
    pub fabric: &'a str,
}

/// A profile as it stands in the file.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The settings that it has.
    pub values: Values,
    /// Members that are no settings: a typing error, or a newer apicall's.
    pub unknown: Vec<Unknown>,
}

impl Entry {
    /// Reads a profile's table. A failure names the member that does not fit, never its value: it
    /// may be a key in the wrong place.
    pub fn read(found: &toml::Value) -> Result<Self, Failure> {
        let toml::Value::Table(members) = found else {
            return Err(Failure::config("it is not a table"));
        };
        let mut entry = Self::default();
        for setting in setting::ALL {
            if let Some(found) = members.get(setting.name) {
                entry.values.set(setting, Value::of_toml(setting, found)?);
            }
        }
        let unknown = members.keys().filter(|n| Setting::named(n).is_none());
        entry.unknown = unknown.map(|name| Unknown::new(name)).collect();
        Ok(entry)
    }

    /// Makes a profile of what stands in the file. Relative paths start from `folder`.
    pub fn resolve(self, name: &str, folder: &Path) -> Result<Profile, Failure> {
        let values = self.values.rooted(folder);
        let key = key_source(&values)?;
        let url = values.text(&setting::URL).ok_or_else(|| {
            Failure::config("`url` is missing").hint(format!(
                "`apicall login URL -p {name} --replace` creates it again"
            ))
        })?;
        let address = Address::parse(url)?;
        let service = match values.text(&setting::SERVICE) {
            Some(word) => Service::parse(word)?,
            None => service_of(
                &address,
                match &key {
                    None => KeyHint::None,
                    Some(KeySource::Inline(key)) => KeyHint::Text(key.expose()),
                    Some(_) => KeyHint::Elsewhere,
                },
            ),
        };
        let mut profile = Profile {
            name: Some(name.to_owned()),
            target: Target::new(service),
            address,
            key,
            protected: values.switch(&setting::PROTECTED).unwrap_or(false),
            settings: Settings::default(),
            unknown: self.unknown,
        };
        profile.put(&values);
        Ok(profile)
    }
}

/// Returns the source of the key; more than one is refused, because nobody could know which counts.
pub fn key_source(values: &Values) -> Result<Option<KeySource>, Failure> {
    let mut sources = Vec::new();
    let text = |setting| values.text(setting);
    sources.extend(text(&setting::KEY).map(|k| KeySource::Inline(Secret::new(k))));
    let file = values.file(&setting::KEY_FILE);
    sources.extend(file.map(|path| KeySource::File(path.to_owned())));
    sources.extend(text(&setting::KEY_ENV).map(|name| KeySource::Env(name.to_owned())));
    sources.extend(text(&setting::KEY_COMMAND).map(|c| KeySource::Command(c.to_owned())));
    if sources.len() > 1 {
        return Err(Failure::config(
            "more than one of `key`, `key_file`, `key_env` and `key_command`",
        )
        .hint("keep one of them"));
    }
    Ok(sources.pop())
}

/// What is known of a key when its service is guessed.
#[derive(Clone, Copy, Debug)]
pub enum KeyHint<'a> {
    /// There is none.
    None,
    /// It is not read yet.
    Elsewhere,
    /// The key itself.
    Text(&'a str),
}

impl<'a> KeyHint<'a> {
    /// Hints at a service by a key, or by its absence.
    #[must_use]
    pub fn of(key: Option<&'a str>) -> Self {
        key.map_or(Self::None, Self::Text)
    }
}

/// Guesses the service of an address without `service`: a path that ends in `/MAAS`, a usual port
/// of MAAS or a key of three parts is MAAS's, a host of Macrometa Macrometa's. Without a key only a
/// MAAS responds.
#[must_use]
pub fn service_of(address: &Address, key: KeyHint<'_>) -> Service {
    let origin = &address.origin;
    if address.path.ends_with("/MAAS") {
        return Service::Maas;
    }
    let by_key = match key {
        KeyHint::Text(key) => crate::service::key::looks_like(key),
        KeyHint::None | KeyHint::Elsewhere => None,
    };
    by_key.unwrap_or_else(|| {
        let is_macrometa = origin.host.ends_with(".macrometa.io");
        let is_maas = matches!(origin.port, Some(5240 | 5443)) || matches!(key, KeyHint::None);
        if is_macrometa || (address.path.is_empty() && !is_maas) {
            Service::Macrometa
        } else {
            Service::Maas
        }
    })
}
