//! What is worth reporting while a call is made, as values.
//!
//! A session prints nothing: it hands notices to a callback, and whoever owns the terminal writes
//! their lines. A notice owns its texts, so that it can be sent from a thread over a channel.

use std::time::{Duration, Instant};

use crate::client::{Times, WireEvent};
use crate::output::amounts::{brief, retry};
use crate::output::{head, request};
use crate::profile::Profile;

/// Hears the notices of a call.
pub type Notices<'a> = &'a mut dyn FnMut(Notice);

/// Something worth reporting while a call is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something that is not safe, reported once in a run.
    Warning(String),
    /// The call is sent again after a wait.
    Retry {
        /// What the report begins with.
        label: String,
        /// Why: `503 Service Unavailable`, `connection reset`.
        why: String,
        /// How long it waits.
        wait: Duration,
        /// The number of the retry, from 1.
        number: u32,
        /// How many retries there are at most.
        most: u32,
    },
    /// Lines that `-v` wants: headers, redirects, times.
    Verbose(Vec<String>),
}

impl Notice {
    /// Translates an event of the client; `None` for one that is not reported. Events of more than
    /// a retry are for `-v`.
    pub(super) fn of(
        event: &WireEvent<'_>,
        label: &dyn Fn() -> String,
        profile: &Profile,
        verbose: u8,
    ) -> Option<Self> {
        let lines = match event {
            WireEvent::Retry {
                why,
                wait,
                number,
                most,
            } => {
                return Some(Self::Retry {
                    label: label(),
                    why: why.clone(),
                    wait: *wait,
                    number: *number,
                    most: *most,
                });
            }
            _ if verbose == 0 => return None,
            WireEvent::Request(plan) => {
                let shown = request::shown(plan, profile);
                let mut lines: Vec<String> =
                    shown.head.iter().map(|line| format!("> {line}")).collect();
                lines.push(">".to_owned());
                if let Some(body) = shown.body.filter(|_| verbose > 1) {
                    lines.extend(body.split('\n').map(str::to_owned));
                }
                lines
            }
            WireEvent::Head(head, _) => head::response_lines(head, true)
                .iter()
                .map(|line| format!("< {line}"))
                .chain(["<".to_owned()])
                .collect(),
            WireEvent::Redirect(target) => {
                vec![format!("* redirected to {}", head::masked_location(target))]
            }
        };
        Some(Self::Verbose(lines))
    }

    /// Returns the times of a call that is over.
    #[must_use]
    pub fn timing(times: Times, started: Instant) -> Self {
        let stages = [
            ("dns", times.resolved),
            ("connect", times.connected),
            ("tls", times.secured),
            ("first byte", times.first_byte),
            ("total", Some(started.elapsed())),
        ];
        let reached: Vec<String> = stages
            .into_iter()
            .filter_map(|(name, at)| Some(format!("{name} {}", brief(at?))))
            .collect();
        Self::Verbose(vec![format!("* {}", reached.join(", "))])
    }

    /// Its lines for stderr.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Warning(text) => vec![format!("apicall: warning: {text}")],
            Self::Retry {
                label,
                why,
                wait,
                number,
                most,
            } => vec![format!(
                "apicall: {label}: {why}; {}",
                retry(*number, *most, *wait)
            )],
            Self::Verbose(lines) => lines.clone(),
        }
    }
}
