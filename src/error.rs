//! What can end a run, and with which exit code.
//!
//! [`Exit`] is the one table of exit codes: help, man pages and README quote it. [`Failure`] is an
//! error whose exit code or hint differs from the plain "anything else"; every other error travels
//! as an ordinary `anyhow::Error` and ends as [`Exit::Other`]. Messages are in lower case, name
//! values in backticks and never hold a secret.

use std::fmt;

/// The exit codes, one for each reason a script may want to distinguish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The final status was 2xx, or a local command is done.
    Success,
    /// Anything without a code of its own: file, filter, invalid JSON, broken gzip, bug.
    Other,
    /// The command line is wrong; nothing was sent.
    Usage,
    /// The final status was 3xx.
    Redirect,
    /// The final status was 4xx.
    ClientError,
    /// The final status was 5xx.
    ServerError,
    /// A timeout, of the connection too.
    TimedOut,
    /// No connection, DNS, connection cut, not HTTP, proxy.
    NoConnection,
    /// TLS: certificate, handshake.
    Tls,
    /// Config refused, no such profile, no key, key refused at login.
    Config,
    /// What was waited for has failed.
    WaitFailed,
    /// Some parts failed inside a response that was a success as a whole.
    Partial,
    /// SIGHUP.
    HungUp,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

impl Exit {
    /// Every code, in the order of the table that documents it.
    pub const ALL: [Self; 15] = [
        Self::Success,
        Self::Other,
        Self::Usage,
        Self::Redirect,
        Self::ClientError,
        Self::ServerError,
        Self::TimedOut,
        Self::NoConnection,
        Self::Tls,
        Self::Config,
        Self::WaitFailed,
        Self::Partial,
        Self::HungUp,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// Returns the number given to the operating system.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Other => 1,
            Self::Usage => 2,
            Self::Redirect => 3,
            Self::ClientError => 4,
            Self::ServerError => 5,
            Self::TimedOut => 6,
            Self::NoConnection => 7,
            Self::Tls => 8,
            Self::Config => 9,
            Self::WaitFailed => 10,
            Self::Partial => 11,
            Self::HungUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// Returns what the code means, as help, man page and README say it.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Success => "success (final status 2xx)",
            Self::Other => {
                "anything else: file, filter, `--exit-status`, invalid JSON, broken gzip, bug"
            }
            Self::Usage => "usage error",
            Self::Redirect => "final status 3xx",
            Self::ClientError => "final status 4xx",
            Self::ServerError => "final status 5xx",
            Self::TimedOut => "timeout, including connecting",
            Self::NoConnection => "no connection, DNS, connection cut, not HTTP, proxy",
            Self::Tls => "TLS",
            Self::Config => {
                "config refused, no such profile, no default among several, no key, \
                 key command failed, key refused at login"
            }
            Self::WaitFailed => "`wait`: something entered a failure state",
            Self::Partial => {
                "partial failure: some rows of a batch, some profiles, some documents inside a 2xx \
                 response"
            }
            Self::HungUp => "SIGHUP",
            Self::Interrupted => "Ctrl-C",
            Self::Terminated => "SIGTERM",
        }
    }

    /// Returns the code that a final HTTP status earns. 1xx cannot be final and counts as success.
    #[must_use]
    pub const fn of_status(status: u16) -> Self {
        match status {
            300..=399 => Self::Redirect,
            400..=499 => Self::ClientError,
            500..=599 => Self::ServerError,
            // No status of HTTP.
            600.. => Self::Other,
            _ => Self::Success,
        }
    }
}

/// An error with its own exit code: where, what and why are fields, and [`fmt::Display`] puts them
/// into one line. Nothing reads or edits that line.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exit code it earns.
    pub exit: Exit,
    /// What it is about, the widest first: a call, a file, a flag.
    pub context: Vec<String>,
    /// Why: in lower case, without a final full stop.
    pub cause: String,
    /// What is known besides of what came of it, in the order of saying.
    pub also: Vec<String>,
    /// Lines that show the place in a text of the user's, below the error.
    pub place: Box<[String]>,
    /// What the user can do, one line.
    pub hint: Option<String>,
}

impl Failure {
    /// Makes a failure without a hint.
    pub fn new(exit: Exit, cause: impl Into<String>) -> Self {
        Self {
            exit,
            context: Vec::new(),
            cause: cause.into(),
            also: Vec::new(),
            place: Box::default(),
            hint: None,
        }
    }

    /// Makes a usage failure: the command line is wrong and nothing was sent.
    pub fn usage(cause: impl Into<String>) -> Self {
        Self::new(Exit::Usage, cause)
    }

    /// Makes a config failure: config, profile or key cannot be used.
    pub fn config(cause: impl Into<String>) -> Self {
        Self::new(Exit::Config, cause)
    }

    /// Says what the failure is about, around what was said before.
    #[must_use]
    pub fn of(mut self, what: &str) -> Self {
        self.context.insert(0, what.to_owned());
        self
    }

    /// Adds what came of it, behind the cause.
    #[must_use]
    pub fn also(mut self, what: impl Into<String>) -> Self {
        self.also.push(what.into());
        self
    }

    /// Shows the place in a text below the error.
    #[must_use]
    pub fn at(mut self, place: Vec<String>) -> Self {
        self.place = place.into();
        self
    }

    /// Blames the config for it.
    #[must_use]
    pub fn of_config(mut self) -> Self {
        self.exit = Exit::Config;
        self
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for what in &self.context {
            write!(f, "{what}: ")?;
        }
        f.write_str(&self.cause)?;
        for what in &self.also {
            write!(f, "; {what}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// Returns the exit code of an error: that of the first [`Failure`] in its chain.
#[must_use]
pub fn exit_of(error: &anyhow::Error) -> Exit {
    error
        .downcast_ref::<Failure>()
        .map_or(Exit::Other, |f| f.exit)
}

/// Returns whether an error is only a reader that went away (`| head`).
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_statuses_map() {
        let mut codes: Vec<u8> = Exit::ALL.iter().map(|e| e.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Exit::ALL.len());
        for (status, code) in [(200, 0), (204, 0), (304, 3), (404, 4), (503, 5), (599, 5)] {
            assert_eq!(Exit::of_status(status).code(), code, "{status}");
        }
    }

    #[test]
    fn fields_become_one_line() {
        let failure = Failure::new(Exit::Other, "broken")
            .also("3 came")
            .of("after 3 items")
            .of("lab: GET /x/")
            .hint("try again");
        assert_eq!(
            failure.to_string(),
            "lab: GET /x/: after 3 items: broken; 3 came"
        );
    }

    #[test]
    fn a_failure_is_found_below_context() {
        let error = anyhow::Error::from(Failure::config("no key")).context("lab");
        assert_eq!(exit_of(&error), Exit::Config);
        assert_eq!(exit_of(&anyhow::anyhow!("other")), Exit::Other);
    }
}
