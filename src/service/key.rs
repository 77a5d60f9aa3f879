//! Keys as users paste them, and the `Authorization` value made of them.
//!
//! A key comes with blanks, line ends, quotes or the word `apikey` around it; [`Key::parse`]
//! understands those and explains what is malformed without repeating any of it.

use crate::error::Failure;
use crate::secret::{Masks, Secret};

use super::{Service, maas, macrometa};

/// The key of a profile.
#[derive(Clone, Debug)]
pub enum Key {
    /// Consumer, token and secret.
    Maas(maas::key::MaasKey),
    /// One opaque text with the scheme word before it.
    Macrometa(macrometa::key::MacrometaKey),
}

impl Key {
    /// Reads a key of the given service. `scheme` is the word before a Macrometa key, `apikey`
    /// where it is not given.
    pub fn parse(service: Service, text: &str, scheme: Option<&str>) -> Result<Self, Failure> {
        match service {
            Service::Maas => maas::key::MaasKey::parse(text).map(Self::Maas),
            Service::Macrometa => {
                macrometa::key::MacrometaKey::parse(text, scheme).map(Self::Macrometa)
            }
        }
    }

    /// Returns the value of the `Authorization` header for one attempt.
    ///
    /// `nonce` and `timestamp` (seconds since 1970) are used by MAAS only, and must be new for
    /// every attempt: MAAS refuses a used nonce with 401. The nonce has no character that would
    /// have to be encoded (RFC 5849 §3.6).
    #[must_use]
    pub fn authorization(&self, nonce: &str, timestamp: u64) -> Secret {
        match self {
            Self::Maas(key) => key.authorization(nonce, timestamp),
            Self::Macrometa(key) => key.authorization(),
        }
    }

    /// Returns the key as it is stored.
    #[must_use]
    pub fn stored(&self) -> Secret {
        match self {
            Self::Maas(key) => key.stored(),
            Self::Macrometa(key) => key.stored(),
        }
    }

    /// Registers the key and its secret parts for masking.
    pub fn mask(&self, masks: &mut Masks) {
        match self {
            Self::Maas(key) => key.mask(masks),
            Self::Macrometa(key) => key.mask(masks),
        }
    }
}

/// Takes away what comes along when a key is copied: blanks, line ends, a pair of quotes.
#[must_use]
pub fn clean(text: &str) -> &str {
    let mut text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    for quote in ['"', '\'', '`'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)) {
            text = inner.trim();
        }
    }
    text
}

/// Guesses the service of a pasted key: three parts with colons are MAAS's, dots Macrometa's.
#[must_use]
pub fn looks_like(text: &str) -> Option<Service> {
    let text = clean(text);
    if text.split(':').count() == 3 && !text.contains(char::is_whitespace) {
        return Some(Service::Maas);
    }
    let bare = text.rsplit(' ').next().unwrap_or(text);
    (bare.contains('.') && !bare.contains(':')).then_some(Service::Macrometa)
}
