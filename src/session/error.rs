//! Describes why a call failed: label, cause and hint as fields.
//!
//! Nothing looks into a message; the line is put together once, where it is printed.

use crate::client::SendError;
use crate::error::{Exit, Failure};
use crate::output::errors::Failed;

/// A call that failed.
#[derive(Debug)]
pub struct CallError {
    /// The call: `lab: GET /MAAS/api/2.0/machines/`.
    pub label: String,
    /// What went wrong.
    pub cause: Cause,
    /// What the user can do.
    pub hint: Option<String>,
}

/// What went wrong with a call.
#[derive(Debug)]
pub enum Cause {
    /// No response came, or it broke off.
    Transport(Box<SendError>),
    /// The server refused; its response, read and explained.
    Refused(Box<Failed>),
    /// The response was a success, and of no use.
    Useless(Box<Failure>),
}

impl CallError {
    /// Makes an error; the hint that the cause came with becomes the call's.
    #[must_use]
    pub fn new(label: String, mut cause: Cause) -> Self {
        let hint = match &mut cause {
            Cause::Transport(error) => &mut error.hint,
            Cause::Refused(failed) => &mut failed.explanation.hint,
            Cause::Useless(failure) => &mut failure.hint,
        };
        Self {
            label,
            hint: hint.take(),
            cause,
        }
    }

    /// Returns the exit code that the cause earns.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match &self.cause {
            Cause::Transport(error) => error.exit(),
            Cause::Refused(failed) => Exit::of_status(failed.head.status),
            Cause::Useless(failure) => failure.exit,
        }
    }

    /// Returns the status of a server that refused.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        Some(self.refused()?.head.status)
    }

    /// Returns the response of a server that refused.
    #[must_use]
    pub fn refused(&self) -> Option<&Failed> {
        match &self.cause {
            Cause::Refused(failed) => Some(failed),
            Cause::Transport(_) | Cause::Useless(_) => None,
        }
    }

    /// Returns the failure without the call's label, for callers that print it themselves.
    #[must_use]
    pub fn bare(&self) -> Failure {
        let failure = match &self.cause {
            Cause::Transport(error) => (**error).clone().into(),
            Cause::Refused(failed) => failed.failure(),
            Cause::Useless(failure) => (**failure).clone(),
        };
        Failure {
            hint: self.hint.clone(),
            ..failure
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        error.bare().of(&error.label)
    }
}

impl From<CallError> for anyhow::Error {
    fn from(error: CallError) -> Self {
        Failure::from(error).into()
    }
}
