//! The settings of a profile: one list, from which everything else about a setting comes.
//!
//! The config file's members, the connection flags, `profile set` and `profile show`, completion and
//! the texts of help and man pages are drawn from [`ALL`]. A new setting is one entry here, and its
//! use: a field of [`super::Settings`]. Knows nothing of files, of clap or of the network.

use crate::address::{Address, check_proxy};
use crate::error::Failure;
use crate::service::{Service, macrometa};

use super::pin;

/// The type of a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A string.
    Text,
    /// A path; a relative one starts from the config file's folder.
    File,
    /// True or false.
    Switch,
    /// A number from 0.
    Count,
    /// A duration, e.g. `30s`; a bare number is seconds.
    Time,
    /// A table of header names and their values.
    Headers,
}

/// How a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The value as it is, except words that look like a key.
    Plain,
    /// A URL without its password.
    Url,
    /// Not at all.
    Masked,
}

/// The flag of a setting.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// The setting's name with hyphens.
    pub long: &'static str,
    /// Its short form.
    pub short: Option<char>,
    /// The name of its value in help.
    pub value: &'static str,
}

/// A setting of a profile.
#[derive(Debug)]
pub struct Setting {
    /// The member's name in the config file.
    pub name: &'static str,
    /// The type of its value.
    pub kind: SettingKind,
    /// What it does, as help says it.
    pub doc: &'static str,
    /// The flag for a single call.
    pub flag: Option<Flag>,
    /// The variable that overrides the profile.
    pub variable: Option<&'static str>,
    /// Checks a value; the message does not repeat it.
    pub check: fn(&str) -> Result<(), Failure>,
    /// How its value is shown.
    pub shown: Shown,
    /// The only service that it is for.
    pub service: Option<Service>,
    /// Whether it was said of one server, and is not carried to another.
    pub of_origin: bool,
}

impl Setting {
    const TEXT: Self = Self {
        name: "",
        kind: SettingKind::Text,
        doc: "",
        flag: None,
        variable: None,
        check: |_| Ok(()),
        shown: Shown::Plain,
        service: None,
        of_origin: false,
    };

    /// Returns the flag as it is typed: `--ca-file`.
    #[must_use]
    pub fn typed(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    /// Returns the setting of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|setting| setting.name == name)
    }

    /// Returns whether this is the source of a key, of which a profile has one.
    #[must_use]
    pub fn is_key_source(&self) -> bool {
        [&KEY, &KEY_FILE, &KEY_ENV, &KEY_COMMAND].contains(&self)
    }
}

/// Compares settings by name.
impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Setting {}

const fn flag(long: &'static str, value: &'static str) -> Flag {
    let short = None;
    Flag { long, short, value }
}

macro_rules! settings {
    ($($id:ident { name: $name:literal, doc: $doc:literal, $($rest:tt)* })*) => {
        $(
            #[doc = $doc]
            pub static $id: Setting = Setting { name: $name, doc: $doc, $($rest)* };
        )*
        /// Every setting, in the order in which a profile is written and shown.
        pub static ALL: &[&Setting] = &[$(&$id),*];
    };
}

settings! {
    SERVICE {
        name: "service",
        doc: "`maas` or `macrometa`",
        variable: Some("APICALL_SERVICE"),
        check: |text| Service::parse(text).map(drop),
        ..Setting::TEXT
    }
    URL {
        name: "url",
        doc: "Server address",
        check: |text| Address::parse(text).map(drop),
        shown: Shown::Url,
        ..Setting::TEXT
    }
    FABRIC {
        name: "fabric",
        doc: "Fabric for paths without a leading slash (Macrometa)",
        flag: Some(flag("fabric", "NAME")),
        variable: Some("APICALL_FABRIC"),
        check: macrometa::path::check_fabric,
        service: Some(Service::Macrometa),
        ..Setting::TEXT
    }
    KEY {
        name: "key",
        doc: "The key itself",
        shown: Shown::Masked,
        ..Setting::TEXT
    }
    KEY_FILE {
        name: "key_file",
        doc: "File that holds the key",
        kind: SettingKind::File,
        ..Setting::TEXT
    }
    KEY_ENV {
        name: "key_env",
        doc: "Variable that holds the key",
        ..Setting::TEXT
    }
    KEY_COMMAND {
        name: "key_command",
        doc: "Shell command that prints the key",
        ..Setting::TEXT
    }
    CA_FILE {
        name: "ca_file",
        doc: "Trust the certificates in this PEM file instead of the system store",
        kind: SettingKind::File,
        flag: Some(flag("ca-file", "FILE")),
        variable: Some("APICALL_CA_FILE"),
        of_origin: true,
        ..Setting::TEXT
    }
    PIN {
        name: "pin",
        doc: "Trust the server with this public key: `sha256//BASE64`, or 64 hex digits",
        flag: Some(flag("pin", "HASH")),
        check: pin::check,
        of_origin: true,
        ..Setting::TEXT
    }
    INSECURE {
        name: "insecure",
        doc: "Do not verify the server's certificate",
        kind: SettingKind::Switch,
        flag: Some(Flag { long: "insecure", short: Some('k'), value: "" }),
        of_origin: true,
        ..Setting::TEXT
    }
    CLIENT_CERT {
        name: "client_cert",
        doc: "Client certificate (PEM)",
        kind: SettingKind::File,
        flag: Some(flag("client-cert", "FILE")),
        of_origin: true,
        ..Setting::TEXT
    }
    CLIENT_KEY {
        name: "client_key",
        doc: "Private key of the client certificate (PEM)",
        kind: SettingKind::File,
        flag: Some(flag("client-key", "FILE")),
        of_origin: true,
        ..Setting::TEXT
    }
    PROXY {
        name: "proxy",
        doc: "Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none",
        flag: Some(flag("proxy", "URL")),
        check: |text| if text.is_empty() { Ok(()) } else { check_proxy(text) },
        shown: Shown::Url,
        ..Setting::TEXT
    }
    TIMEOUT {
        name: "timeout",
        doc: "Time limit for the complete call, e.g. `30s`, `10m`",
        kind: SettingKind::Time,
        flag: Some(flag("timeout", "TIME")),
        variable: Some("APICALL_TIMEOUT"),
        ..Setting::TEXT
    }
    CONNECT_TIMEOUT {
        name: "connect_timeout",
        doc: "Time limit for connecting [default: 10s]",
        kind: SettingKind::Time,
        flag: Some(flag("connect-timeout", "TIME")),
        ..Setting::TEXT
    }
    RETRIES {
        name: "retries",
        doc: "Maximum number of retries [default: 3]",
        kind: SettingKind::Count,
        flag: Some(flag("retries", "N")),
        ..Setting::TEXT
    }
    SCHEME {
        name: "scheme",
        doc: "Word before a Macrometa key: `apikey`, `bearer` or empty",
        flag: Some(flag("scheme", "WORD")),
        check: macrometa::key::check_scheme,
        service: Some(Service::Macrometa),
        ..Setting::TEXT
    }
    PROTECTED {
        name: "protected",
        doc: "Prompt before a call that changes something, or require `--yes`",
        kind: SettingKind::Switch,
        ..Setting::TEXT
    }
    HEADERS {
        name: "headers",
        doc: "Headers sent with every call",
        kind: SettingKind::Headers,
        shown: Shown::Masked,
        of_origin: true,
        ..Setting::TEXT
    }
}

/// A setting that is not known, and the known one whose name is nearest to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The name as it stands in the file; a key in the wrong place is not shown.
    pub name: String,
    /// The nearest name.
    pub nearest: Option<&'static str>,
}

impl Unknown {
    /// Looks for the known name that was meant.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let distance = |setting: &Setting| strsim::damerau_levenshtein(setting.name, name);
        let nearest = ALL.iter().copied().min_by_key(|setting| distance(setting));
        let is_near = |setting: &&Setting| distance(setting) <= name.len().div_ceil(3);
        Self {
            name: crate::secret::typed(name),
            nearest: nearest.filter(is_near).map(|setting| setting.name),
        }
    }
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is not a setting", self.name)?;
        match self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_every_setting_is_explained() {
        for (at, setting) in ALL.iter().enumerate() {
            assert!(!ALL[..at].contains(setting), "{}", setting.name);
            assert!(!setting.doc.is_empty(), "{}", setting.name);
            if let Some(flag) = setting.flag {
                assert_eq!(setting.typed(), format!("--{}", flag.long));
            }
        }
    }

    #[test]
    fn unknown_names_have_a_nearest() {
        for (typed, want) in [
            ("protcted", Some("protected")),
            ("Timeout", Some("timeout")),
            ("retires", Some("retries")),
            ("fabrick", Some("fabric")),
            ("header", Some("headers")),
            ("colour_of_the_sky", None),
        ] {
            assert_eq!(Unknown::new(typed).nearest, want, "{typed}");
        }
    }
}
