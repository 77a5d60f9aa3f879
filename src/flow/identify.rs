//! Whose key it is: the one cheap call that every key may make, and what its response says.
//!
//! MAAS names the user, Macrometa lists the fabrics that the key can see; the tenant stands in the
//! key itself, and the response confirms it. `login` verifies keys with it and `whoami` prints it.

use serde_json::Value;

use crate::client::{Limits, Response};
use crate::error::{Exit, Failure};
use crate::output::decode;
use crate::profile::Place;
use crate::request::Plan;
use crate::service::{Key, Service, maas, macrometa};
use crate::session::{Notices, Session};

/// A response beyond this is none to such a question.
const MOST: u64 = 16 * 1024 * 1024;

/// Whose key it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The user (MAAS) or the tenant (Macrometa).
    pub name: String,
    /// Whether a MAAS user is an administrator.
    pub is_admin: bool,
    /// The fabrics that the key can see (Macrometa).
    pub fabrics: Vec<String>,
    /// The tenant by the key alone, known without asking (Macrometa).
    pub tenant_of_key: Option<String>,
    /// The tenant by the server alone (Macrometa).
    pub tenant_of_server: Option<String>,
    /// The key's own name (Macrometa).
    pub key: Option<String>,
    /// The region that responded (Macrometa).
    pub region: Option<String>,
}

/// Returns the call that asks; MAAS responds in about 15 ms.
pub fn plan(place: Place<'_>) -> Result<Plan, Failure> {
    let path = match place.service {
        Service::Maas => maas::WHOAMI_PATH,
        Service::Macrometa => macrometa::identity::FABRICS_PATH,
    };
    Plan::get(path, place)
}

/// Asks the server whose key this is.
pub fn ask(session: &Session, notices: Notices<'_>) -> Result<Identity, Failure> {
    let plan = plan(session.profile.place())?;
    let response = session.call(&plan, &Limits::default(), notices)?;
    let identity = Identity::read(response, session.profile.service(), session.key());
    Ok(identity.map_err(|failure| session.useless(failure, &plan))?)
}

impl Identity {
    /// Reads a successful response to [`plan`].
    pub fn read(response: Response, service: Service, key: Option<&Key>) -> Result<Self, Failure> {
        let region = response
            .head
            .header(macrometa::identity::REGION_HEADER)
            .map(str::to_owned);
        let value = value(response)?;
        Ok(match service {
            Service::Maas => Self {
                name: match value["username"].as_str() {
                    Some(name) if !name.is_empty() => name.to_owned(),
                    _ => return Err(Failure::new(Exit::Other, "the response names no user")),
                },
                is_admin: value["is_superuser"].as_bool().unwrap_or_default(),
                ..Self::default()
            },
            Service::Macrometa => Self {
                region,
                ..Self::macrometa(&value, key)
            },
        })
    }

    /// Returns what a key says by itself, without asking.
    #[must_use]
    pub fn of_key(key: &Key) -> Self {
        match key {
            Key::Macrometa(key) => Self {
                name: key.tenant().unwrap_or_default().to_owned(),
                tenant_of_key: key.tenant().map(str::to_owned),
                key: key.id().map(str::to_owned),
                ..Self::default()
            },
            Key::Maas(_) => Self::default(),
        }
    }

    /// Returns both tenants where key and server name different ones.
    #[must_use]
    pub fn contradiction(&self) -> Option<(&str, &str)> {
        let (key, server) = (
            self.tenant_of_key.as_deref()?,
            self.tenant_of_server.as_deref()?,
        );
        (key != server && key != macrometa::key::UNNAMED).then_some((key, server))
    }

    /// Returns the tenant as the server names it, else as the key does; the fabrics as the server
    /// lists them.
    fn macrometa(value: &Value, key: Option<&Key>) -> Self {
        let by_key = key.map(Self::of_key).unwrap_or_default();
        let (tenant, fabrics) = macrometa::identity::tenant_and_fabrics(value);
        Self {
            name: tenant.clone().unwrap_or_else(|| by_key.name.clone()),
            fabrics,
            tenant_of_server: tenant,
            ..by_key
        }
    }
}

/// Returns the JSON of a response that is short.
pub fn value(response: Response) -> Result<Value, Failure> {
    decode::value(response, MOST)
}
