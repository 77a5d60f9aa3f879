//! What a profile is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::address::{Address, check_proxy};
use crate::error::Failure;
use crate::header;
use crate::secret::{Masks, Secret, url_password};
use crate::service::{Key, Service, macrometa};

use super::duration;

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
    /// How often a call may be repeated.
    pub retries: Option<u32>,
    /// Headers sent with every call; their values count as secrets.
    pub headers: Vec<(String, Secret)>,
}

/// A profile, resolved.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name; `None` for the one made of `APICALL_URL`.
    pub name: Option<String>,
    /// The service.
    pub service: Service,
    /// Origin and base path.
    pub address: Address,
    /// The fabric for paths without a leading slash (Macrometa).
    pub fabric: String,
    /// The key's source; without one a MAAS is read anonymously.
    pub key: Option<KeySource>,
    /// The word before a Macrometa key.
    pub scheme: Option<String>,
    /// Whether calls that change something want a confirmation.
    pub protected: bool,
    /// How to reach the server.
    pub settings: Settings,
}

impl Profile {
    /// The profile's name for messages.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or("$APICALL_URL")
    }

    /// What must not show and may have been typed, into an item or a body: a key that stands in the
    /// config, and what else of the profile is secret. Other keys are not read for a call that is
    /// not made.
    #[must_use]
    pub fn masks(&self) -> Masks {
        let mut masks = Masks::default();
        if let Some(KeySource::Inline(key)) = &self.key
            && let Ok(key) = Key::parse(self.service, key.expose(), self.scheme.as_deref())
        {
            key.mask(&mut masks);
        }
        for (_, value) in &self.settings.headers {
            masks.add_part(value.expose());
        }
        let proxy = self.settings.proxy.as_ref();
        if let Some(password) = proxy.and_then(|p| url_password(p.expose())) {
            masks.add_part(password);
        }
        masks
    }

    /// What decides where a call goes.
    #[must_use]
    pub fn place(&self) -> crate::request::plan::Place<'_> {
        crate::request::plan::Place {
            service: self.service,
            address: &self.address,
            fabric: &self.fabric,
        }
    }
}

/// A profile as it stands in the file. Unknown members are left alone: a newer apicall may know
/// them.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Entry {
    /// `maas` or `macrometa`.
    pub service: Option<String>,
    /// The server's address.
    pub url: Option<String>,
    /// The fabric.
    pub fabric: Option<String>,
    /// The key itself.
    pub key: Option<String>,
    /// A file with the key.
    pub key_file: Option<PathBuf>,
    /// A variable with the key.
    pub key_env: Option<String>,
    /// A command that prints the key.
    pub key_command: Option<String>,
    /// See [`Settings`].
    pub ca_file: Option<PathBuf>,
    /// See [`Settings`].
    pub insecure: Option<bool>,
    /// See [`Settings`].
    pub pin: Option<String>,
    /// See [`Settings`].
    pub client_cert: Option<PathBuf>,
    /// See [`Settings`].
    pub client_key: Option<PathBuf>,
    /// See [`Settings`].
    pub proxy: Option<String>,
    /// A duration, or seconds as a number.
    pub timeout: Option<Time>,
    /// A duration, or seconds as a number.
    pub connect_timeout: Option<Time>,
    /// See [`Settings`].
    pub retries: Option<u32>,
    /// See [`Profile`].
    pub protected: Option<bool>,
    /// See [`Profile`].
    pub scheme: Option<String>,
    /// See [`Settings`].
    pub headers: Option<BTreeMap<String, String>>,
}

/// A duration in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Time {
    /// `"30s"`.
    Text(String),
    /// `30`.
    Seconds(u64),
}

impl Time {
    /// The duration as it was written.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Seconds(n) => n.to_string(),
        }
    }

    fn read(&self, member: &str) -> Result<Duration, Failure> {
        duration::parse(&self.shown()).map_err(|_| {
            Failure::config(wrong_type(member)).hint("write it as `\"30s\"` or `\"10m\"`")
        })
    }
}

/// What is wrong with a member that has a value of another type.
fn wrong_type(member: &str) -> String {
    let wanted = match member {
        "insecure" | "protected" => "is neither true nor false",
        "retries" => "is not a number",
        "timeout" | "connect_timeout" => "is not a duration",
        "headers" => "is not a table of texts",
        _ => "is not a text",
    };
    format!("`{member}` {wanted}")
}

impl Entry {
    /// Reads a profile's table. A failure names the member that does not fit, never its value: it
    /// may be a key in the wrong place.
    pub fn read(found: &toml::Value) -> Result<Self, Failure> {
        let toml::Value::Table(members) = found else {
            return Err(Failure::config("it is not a table"));
        };
        Self::deserialize(members.clone()).map_err(|_| {
            let misfit = members.iter().find(|(member, value)| {
                let alone = toml::Table::from_iter([((*member).clone(), (*value).clone())]);
                Self::deserialize(alone).is_err()
            });
            let member = misfit.map_or("it", |(member, _)| member);
            Failure::config(wrong_type(member))
        })
    }

    /// The source of the key; more than one is refused, because nobody could tell which counts.
    pub fn key_source(&self) -> Result<Option<KeySource>, Failure> {
        let mut sources = Vec::new();
        sources.extend(self.key.as_ref().map(|k| KeySource::Inline(Secret::new(k))));
        sources.extend(self.key_file.clone().map(KeySource::File));
        sources.extend(self.key_env.clone().map(KeySource::Env));
        sources.extend(self.key_command.clone().map(KeySource::Command));
        if sources.len() > 1 {
            return Err(Failure::config(
                "more than one of `key`, `key_file`, `key_env` and `key_command`",
            )
            .hint("keep one of them"));
        }
        Ok(sources.pop())
    }

    /// Makes a profile of what stands in the file. Relative paths start from `folder`, so that they
    /// mean the same wherever a command is run.
    pub fn resolve(self, name: &str, folder: &Path) -> Result<Profile, Failure> {
        let rooted = |path: PathBuf| {
            if path.starts_with("~") {
                path
            } else {
                folder.join(path)
            }
        };
        let key = match self.key_source()? {
            Some(KeySource::File(path)) => Some(KeySource::File(rooted(path))),
            other => other,
        };
        let url = self.url.as_deref().ok_or_else(|| {
            Failure::config("`url` is missing").hint("`apicall login URL --replace` writes it anew")
        })?;
        let address =
            Address::parse(url).map_err(|e| Failure::config(format!("`url`: {}", e.message)))?;
        let service = match self.service.as_deref() {
            Some(word) => Service::parse(word)
                .map_err(|e| Failure::config(format!("`service`: {}", e.message)))?,
            None => service_of(
                &address,
                match &key {
                    None => KeyHint::None,
                    Some(KeySource::Inline(key)) => KeyHint::Text(key.expose()),
                    Some(_) => KeyHint::Elsewhere,
                },
            ),
        };
        let fabric = self
            .fabric
            .unwrap_or_else(|| macrometa::DEFAULT_FABRIC.to_owned());
        macrometa::path::check_fabric(&fabric).map_err(|e| e.of("`fabric`").of_config())?;
        if let Some(scheme) = &self.scheme {
            macrometa::key::check_scheme(scheme).map_err(|e| e.of("`scheme`").of_config())?;
        }
        if let Some(proxy) = self.proxy.as_deref().filter(|proxy| !proxy.is_empty()) {
            check_proxy(proxy).map_err(|e| e.of("`proxy`").of_config())?;
        }
        let time = |t: &Option<Time>, member| t.as_ref().map(|t| t.read(member)).transpose();
        Ok(Profile {
            name: Some(name.to_owned()),
            service,
            address,
            fabric,
            key,
            scheme: self.scheme,
            protected: self.protected.unwrap_or(false),
            settings: Settings {
                timeout: time(&self.timeout, "timeout")?,
                connect_timeout: time(&self.connect_timeout, "connect_timeout")?,
                ca_file: self.ca_file.map(rooted),
                insecure: self.insecure.unwrap_or(false),
                pin: self.pin,
                client_cert: self.client_cert.map(rooted),
                client_key: self.client_key.map(rooted),
                proxy: self.proxy.map(Secret::new),
                proxy_from_flag: false,
                retries: self.retries,
                headers: headers(self.headers.unwrap_or_default())?,
            },
        })
    }
}

/// Checks a profile's headers as items are checked, so that none can unmake a call.
fn headers(table: BTreeMap<String, String>) -> Result<Vec<(String, Secret)>, Failure> {
    let mut headers = Vec::new();
    for (name, value) in table {
        header::check_name(&name)
            .and_then(|()| header::check_value(&name, &value))
            .map_err(|e| e.of("`headers`").of_config())?;
        headers.push((name, Secret::new(value)));
    }
    Ok(headers)
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
    /// Of a key that is there, or is not.
    #[must_use]
    pub fn of(key: Option<&'a str>) -> Self {
        key.map_or(Self::None, Self::Text)
    }
}

/// Which service an address without `service` belongs to: a path that ends in `/MAAS`, a usual port
/// of MAAS or a key of three parts is MAAS's, a host of Macrometa Macrometa's. Without a key only a
/// MAAS answers.
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
