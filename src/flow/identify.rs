//! Whose key it is: the one cheap call that every key may make, and what its answer says.
//!
//! MAAS tells the user, Macrometa lists the fabrics that the key can see; the tenant stands in the
//! key itself. `login` verifies keys with it and `whoami` prints it.

use std::io::Read as _;

use serde_json::Value;

use crate::client::Answer;
use crate::error::{Exit, Failure};
use crate::output::decode::decode;
use crate::output::read_failure;
use crate::request::Plan;
use crate::request::plan::Place;
use crate::service::{Key, Service, maas, macrometa};

/// An answer beyond this is none to such a question.
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
}

/// The call that asks; MAAS answers it in about 15 ms.
pub fn plan(place: Place<'_>) -> Result<Plan, Failure> {
    let path = match place.service {
        Service::Maas => maas::WHOAMI_PATH,
        Service::Macrometa => macrometa::FABRICS_PATH,
    };
    Plan::get(path, place)
}

impl Identity {
    /// Reads a successful answer to [`plan`].
    pub fn read(answer: Answer, service: Service, key: Option<&Key>) -> Result<Self, Failure> {
        let mut body = Vec::new();
        decode(answer)?
            .take(MOST)
            .read_to_end(&mut body)
            .map_err(|e| read_failure(&e))?;
        let value: Value = serde_json::from_slice(&body)
            .map_err(|_| Failure::new(Exit::Other, "the answer is not valid JSON"))?;
        Ok(match service {
            Service::Maas => Self {
                name: value["username"].as_str().unwrap_or_default().to_owned(),
                is_admin: value["is_superuser"].as_bool().unwrap_or_default(),
                fabrics: Vec::new(),
            },
            Service::Macrometa => Self::macrometa(&value, key),
        })
    }

    /// The tenant as the server names it, else as the key does; the fabrics as the server lists
    /// them, as objects with a name or as names.
    fn macrometa(value: &Value, key: Option<&Key>) -> Self {
        let list = value["result"].as_array().map_or(&[][..], Vec::as_slice);
        let fabrics = list
            .iter()
            .filter_map(|f| f.as_str().or_else(|| f["name"].as_str()).map(str::to_owned))
            .collect();
        let confirmed = list.iter().find_map(|f| f["options"]["tenant"].as_str());
        let named = match key {
            Some(Key::Macrometa(key)) => key.tenant(),
            _ => None,
        };
        Self {
            name: confirmed.or(named).unwrap_or_default().to_owned(),
            is_admin: false,
            fabrics,
        }
    }
}
