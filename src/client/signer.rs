//! What signs calls: asked for each attempt, because MAAS takes a nonce once.
//!
//! Everything that decides about a signature is here, so that a signer that is refused once, renews
//! its token and signs again is one more case.

use crate::request::{Auth, Plan};
use crate::secret::Secret;
use crate::service::Key;

use super::authorization;

/// What signs the calls of a client.
#[derive(Clone, Debug, Default)]
pub enum Signer {
    /// Nothing: calls go out unsigned.
    #[default]
    None,
    /// A key, the same for all attempts.
    Key(Key),
}

impl Signer {
    /// Returns the value of `Authorization` for one attempt; `None` where the plan or the signer has none.
    #[must_use]
    pub fn sign(&self, plan: &Plan) -> Option<Secret> {
        match (plan.auth, self) {
            (Auth::None, _) | (Auth::Profile, Self::None) => None,
            (Auth::Profile, Self::Key(key)) => Some(authorization(key)),
        }
    }

    /// Returns whether calls of this plan are signed.
    #[must_use]
    pub fn signs(&self, plan: &Plan) -> bool {
        match (plan.auth, self) {
            (Auth::None, _) | (Auth::Profile, Self::None) => false,
            (Auth::Profile, Self::Key(_)) => true,
        }
    }

    /// Returns the key, where one signs.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        match self {
            Self::None => None,
            Self::Key(key) => Some(key),
        }
    }
}
