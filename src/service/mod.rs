//! The two services and their rules.
//!
//! [`Service`] is a closed set: everything that depends on it is a `match`, so that a third
//! service is one folder and the arms the compiler asks for. Below it each service is pure: keys,
//! signatures, paths and explanations go in and come out as values; nothing here sends, reads a
//! clock or draws a random number.

pub mod complete;
pub mod key;
pub mod maas;
pub mod macrometa;
pub mod members;
pub mod operation;
pub mod page;
pub mod target;
pub mod text;
pub mod uncertain;

use std::fmt;

use crate::error::Failure;

pub use key::Key;
pub use target::Target;

/// Which API a profile talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Canonical MAAS: OAuth 1.0 PLAINTEXT, forms, trailing slashes.
    Maas,
    /// Macrometa GDN: `Authorization: apikey KEY`, JSON, fabrics.
    Macrometa,
}

impl Service {
    /// Both, in the order help names them.
    pub const ALL: [Self; 2] = [Self::Maas, Self::Macrometa];

    /// Returns the word used in config, flags and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Maas => "maas",
            Self::Macrometa => "macrometa",
        }
    }

    /// Returns the service's own spelling of its name, for sentences.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Maas => "MAAS",
            Self::Macrometa => "Macrometa",
        }
    }

    /// Returns whether a 503 without `Retry-After` passes by itself. MAAS says 503 for power trouble,
    /// too, which does not.
    #[must_use]
    pub const fn retries_bare_503(self) -> bool {
        match self {
            Self::Maas => false,
            Self::Macrometa => true,
        }
    }

    /// Returns the longest request line that it takes, in bytes, where a longer one does harm.
    #[must_use]
    pub const fn longest_request_line(self) -> Option<usize> {
        match self {
            Self::Maas => Some(maas::LONGEST_REQUEST_LINE),
            Self::Macrometa => None,
        }
    }

    /// Returns whether its calls name an operation besides method and path.
    #[must_use]
    pub const fn has_operations(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether it has fabrics with collections.
    #[must_use]
    pub const fn has_fabrics(self) -> bool {
        match self {
            Self::Maas => false,
            Self::Macrometa => true,
        }
    }

    /// Returns whether it has machines, whose operations take their time.
    #[must_use]
    pub const fn has_machines(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Fails where a command is for another service.
    pub fn require(self, own: Self, command: &str) -> Result<(), Failure> {
        if self == own {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "`{command}` is for {}; this profile is {}'s",
            own.name(),
            self.name()
        )))
    }

    /// Returns whether the service responds to unsigned calls.
    #[must_use]
    pub const fn answers_without_key(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether `@@name` in a value is looked up; Macrometa's keys are names already.
    #[must_use]
    pub const fn looks_names_up(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether the server prints the secret of a key in its responses: MAAS does in a 401.
    #[must_use]
    pub const fn prints_secrets(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether it has images that are uploaded.
    #[must_use]
    pub const fn has_images(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether `maas`'s command line calls it.
    #[must_use]
    pub const fn has_maas_command(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether its servers are often reached over plain http.
    #[must_use]
    pub const fn is_often_plain(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether it refuses a signature for its age.
    #[must_use]
    pub const fn refuses_old_signatures(self) -> bool {
        match self {
            Self::Maas => true,
            Self::Macrometa => false,
        }
    }

    /// Returns whether it says by kind what a key may see.
    #[must_use]
    pub const fn lists_rights(self) -> bool {
        match self {
            Self::Maas => false,
            Self::Macrometa => true,
        }
    }

    /// Returns whether it ignores query parameters of this method besides the operation.
    #[must_use]
    pub fn ignores_query_of(self, method: &str) -> bool {
        match self {
            Self::Maas => method == "POST",
            Self::Macrometa => false,
        }
    }

    /// Returns the failures that the headers of a success count; `header` gives a header by its
    /// name.
    #[must_use]
    pub fn failures_in<'h>(
        self,
        header: impl Fn(&str) -> Option<&'h str>,
    ) -> Option<macrometa::partial::Failures> {
        match self {
            Self::Maas => None,
            Self::Macrometa => header(macrometa::partial::HEADER)
                .and_then(macrometa::partial::Failures::from_header),
        }
    }

    /// Returns whether the body of a success of this call counts failures (an import).
    #[must_use]
    pub fn counts_failures(self, method: &str, target: &str) -> bool {
        match self {
            Self::Maas => false,
            Self::Macrometa => macrometa::partial::is_import(method, target),
        }
    }

    /// Reads the word used in config, flags and environment.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Self::ALL
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or_else(|| {
                Failure::usage("the service is neither `maas` nor `macrometa`".to_owned())
            })
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a response that was not a success means, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The cause, one line.
    pub cause: String,
    /// What identifies the error for those who ask the service about it: `request 4f2a`.
    pub notes: Vec<String>,
    /// What the user can do.
    pub hint: Option<String>,
    /// Whether another key would help.
    pub key_is_wrong: bool,
    /// Whether the body says more than the cause does.
    pub body_says_more: bool,
    /// Where several fields were refused, each with what is said of it.
    pub fields: Vec<(String, String)>,
}

impl Explanation {
    /// Adds to what the user can do.
    pub fn add_hint(&mut self, more: &str) {
        let hint = self.hint.get_or_insert_default();
        if !hint.is_empty() {
            hint.push_str("; ");
        }
        hint.push_str(more);
    }

    /// Formats cause and notes behind what is known already, e.g. a status:
    /// `404 Not Found: no such document (errorNum 1202)`.
    #[must_use]
    pub fn after(&self, what: &str) -> String {
        let mut line = what.to_owned();
        if !self.cause.is_empty() {
            line.push_str(": ");
            line.push_str(&self.cause);
        }
        if !self.notes.is_empty() {
            line.push_str(&format!(" ({})", self.notes.join(", ")));
        }
        line
    }
}

/// The parts of a response that explaining it needs.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// The method that was sent.
    pub method: &'a str,
    /// The target that was sent: path and query.
    pub target: &'a str,
    /// The final status.
    pub status: u16,
    /// The reason behind it.
    pub reason: &'a str,
    /// The response's headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The start of the body, decoded.
    pub body: &'a [u8],
    /// Whether the call was signed.
    pub signed: bool,
}

impl Refused<'_> {
    /// Returns what the title of a page says besides the status, which many pages repeat there.
    #[must_use]
    pub fn beside_status(&self, title: String) -> String {
        match title.strip_prefix(&self.status.to_string()) {
            Some(rest) => {
                let rest = rest.trim_start();
                let rest = rest.strip_prefix(self.reason).unwrap_or(rest);
                rest.trim_start_matches(|c: char| !c.is_alphanumeric())
                    .to_owned()
            }
            None => title,
        }
    }

    /// Returns the path that was sent, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Returns the first header of that name, without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}

/// Returns the columns of a table of a call's response; none where they are not known.
#[must_use]
pub fn columns(service: Service, path: &str, op: Option<&str>) -> &'static [&'static str] {
    match service {
        Service::Maas => maas::columns::columns(path, op),
        Service::Macrometa => macrometa::columns::columns(path),
    }
}

/// Members of a response that are secret although their names do not say so.
#[must_use]
pub fn secrets(service: Service, path: &str) -> &'static [&'static str] {
    match service {
        Service::Maas => &[],
        Service::Macrometa => macrometa::key::secrets(path),
    }
}

/// Explains a response that was not a success.
#[must_use]
pub fn explain(service: Service, refused: &Refused<'_>) -> Explanation {
    match service {
        Service::Maas => maas::explain::explain(refused),
        Service::Macrometa => macrometa::explain::explain(refused),
    }
}
