//! Writes whose response got lost: what to look at, and what it shows.
//!
//! A POST or PATCH that ended in a timeout, a cut connection, a 502 or a 504 may have been carried
//! out, or may still be; it is never retried. [`check`] names the one GET that can show it, and
//! [`Check::judge`] reads its response. Pure, and honest: what was so before proves nothing.

use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use crate::secret::PARAMETER;

use super::maas::states::Machine;
use super::{Service, maas, macrometa};

/// The write, as far as it decides what is looked at.
#[derive(Clone, Copy)]
pub struct Write<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its path, encoded, from the host root.
    pub path: &'a str,
    /// Its operation (MAAS).
    pub op: Option<&'a str>,
    /// Its fields by name.
    pub field: &'a dyn Fn(&str) -> Option<String>,
}

/// A look at what a write was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The path to get, encoded, from the host root.
    pub path: String,
    /// What is looked for there.
    pub subject: Subject,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A machine, after this operation.
    Machine(String),
    /// The thing that the path names, and what it is called: it is there or not.
    Named(&'static str, String),
    /// An element of a list by the value of a member.
    Listed(&'static str, &'static str, String),
}

/// Whether a write was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The call was applied: what is there now comes of it.
    Applied,
    /// The call was not applied, or not yet.
    NotApplied,
    /// Not known.
    Unknown,
}

/// The result of a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In a word.
    pub outcome: Outcome,
    /// In a sentence.
    pub sentence: String,
}

impl Finding {
    /// Returns the finding of a look that shows nothing.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            outcome: Outcome::Unknown,
            sentence: "whether it was applied is not known".to_owned(),
        }
    }
}

/// Returns what returns whether a write was carried out, where something does.
#[must_use]
pub fn check(service: Service, write: &Write<'_>) -> Option<Check> {
    match service {
        Service::Maas => maas::uncertain::check(write),
        Service::Macrometa => macrometa::uncertain::check(write),
    }
}

impl Check {
    /// Reads the response to the look.
    #[must_use]
    pub fn judge(&self, status: u16, body: &[u8]) -> Finding {
        match (&self.subject, status) {
            (Subject::Machine(op), 200) => match serde_json::from_slice::<Machine>(body) {
                Ok(machine) => machine_after(op, &machine),
                Err(_) => Finding::unknown(),
            },
            (Subject::Named(what, name), 200) => exists(what, name, true),
            (Subject::Named(what, name), 404) => exists(what, name, false),
            (Subject::Listed(what, member, name), 200) => {
                match serde_json::from_slice::<Vec<Value>>(body) {
                    Ok(list) => exists(what, name, list.iter().any(|i| i[*member] == **name)),
                    Err(_) => Finding::unknown(),
                }
            }
            _ => Finding::unknown(),
        }
    }
}

/// Returns a text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, PARAMETER).to_string()
}

fn exists(what: &str, name: &str, is_there: bool) -> Finding {
    if is_there {
        Finding {
            outcome: Outcome::Applied,
            sentence: format!(
                "there is a {what} `{name}` now: applied, unless it was there before"
            ),
        }
    } else {
        Finding {
            outcome: Outcome::NotApplied,
            sentence: format!("there is no {what} `{name}`: not applied so far"),
        }
    }
}

fn machine_after(op: &str, machine: &Machine) -> Finding {
    let (state, outcome) = maas::uncertain::judge(op, machine);
    let name = if machine.hostname.is_empty() {
        &machine.system_id
    } else {
        &machine.hostname
    };
    let sentence = match outcome {
        Outcome::Applied => format!("{name} is {state} now: applied"),
        Outcome::NotApplied => format!("{name} is {state}: not applied so far"),
        Outcome::Unknown => {
            format!("{name} is {state} now; whether it was applied is not known")
        }
    };
    Finding { outcome, sentence }
}
