//! Names the service of a profile, with what only that service needs.
//!
//! A new service is one arm here, and the compiler lists the rest.

use super::{Service, macrometa};

/// A service, and what a profile says of it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// MAAS needs nothing but its address.
    Maas,
    /// Macrometa has fabrics, and a word before its keys.
    Macrometa(macrometa::Target),
}

impl Target {
    /// Returns the target of a service about which nothing else was said.
    #[must_use]
    pub fn new(service: Service) -> Self {
        match service {
            Service::Maas => Self::Maas,
            Service::Macrometa => Self::Macrometa(macrometa::Target::default()),
        }
    }

    /// Returns the service.
    #[must_use]
    pub fn service(&self) -> Service {
        match self {
            Self::Maas => Service::Maas,
            Self::Macrometa(_) => Service::Macrometa,
        }
    }

    /// Returns the fabric for paths without a leading slash; `None` where the service has none.
    #[must_use]
    pub fn fabric(&self) -> Option<&str> {
        match self {
            Self::Maas => None,
            Self::Macrometa(target) => Some(&target.fabric),
        }
    }

    /// Returns the word before the key, where the service has one and it is set.
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        match self {
            Self::Maas => None,
            Self::Macrometa(target) => target.scheme.as_deref(),
        }
    }

    /// Returns whether the service has a word before its keys, and nothing was said of it.
    #[must_use]
    pub fn has_usual_scheme(&self) -> bool {
        match self {
            Self::Maas => false,
            Self::Macrometa(target) => target.scheme.is_none(),
        }
    }

    /// Sets the word before the key where nothing was said of it.
    pub fn learn_scheme(&mut self, word: &str) {
        match self {
            Self::Maas => {}
            Self::Macrometa(target) => target.scheme = Some(word.to_owned()),
        }
    }
}
