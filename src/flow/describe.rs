//! The description of a MAAS: from the cache where it is there, else from the server.
//!
//! Only what needs the description reads it; a plain call does not know that it exists. Staleness
//! is found where a response names another hash: [`Describer::heard`] for commands that call the
//! server anyway, [`Describer::current`] for those that do not, which ask once an hour, and
//! [`Describer::find`] for those that miss something in it, which ask then. All are silent, and a
//! server that cannot be asked leaves what is cached.

use std::time::Duration;

use crate::cache::Entry;
use crate::client::Head;
use crate::client::Response;
use crate::env::Env;
use crate::error::Failure;
use crate::output::decode::whole;
use crate::profile::{Place, Profile};
use crate::request::{Auth, Plan};
use crate::service::maas::describe::{Description, HASH_HEADER, Index, PATH};

/// Anything longer is no description; that of a MAAS 3.8 has 543 KB.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A description older than this is compared with the server's.
const GOOD_FOR: Duration = Duration::from_secs(3600);

/// The cheapest response that names the hash; it needs no key.
const VERSION_PATH: &str = "/version/";

/// How long a response is worth waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// As long as for any call: nothing can be done without the description.
    Usual,
    /// Moments, without retries: a cached description would do.
    Short,
}

/// Sends a plan; a response that is no success is an error.
pub type Send<'a> = &'a mut dyn FnMut(&Plan, Patience) -> anyhow::Result<Response>;

/// Where the description of one MAAS is had.
#[derive(Debug)]
pub struct Describer<'a> {
    label: &'a str,
    place: Place<'a>,
    entry: Entry,
    /// The cached index of its names, a small file of its own.
    index: Entry,
    most: u64,
}

impl<'a> Describer<'a> {
    /// Returns the describer of a profile's server.
    #[must_use]
    pub fn new(profile: &'a Profile, env: &Env) -> Self {
        Self {
            label: profile.label(),
            place: profile.place(),
            entry: Entry::new("maas-describe-1", &profile.address, env),
            index: Entry::new("maas-index-1", &profile.address, env),
            most: LONGEST,
        }
    }

    /// Treats a longer description as missing, for callers that cannot wait until it is read.
    #[must_use]
    pub fn at_most(mut self, bytes: u64) -> Self {
        self.most = bytes;
        self
    }

    /// Returns what the cache holds; the server is not asked.
    #[must_use]
    pub fn cached(&self) -> Option<Description> {
        let document = self.entry.read()?;
        if document.len() as u64 > self.most {
            return None;
        }
        Description::parse(&document).ok()
    }

    /// Returns the cached document as it is stored.
    #[must_use]
    pub fn document(&self) -> Option<Vec<u8>> {
        self.entry.read()
    }

    /// Returns how long ago the cached document was fetched or confirmed.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        self.entry.age()
    }

    /// Returns whether the cached document needs no comparison with the server's.
    #[must_use]
    pub fn is_young(&self) -> bool {
        self.age().is_some_and(|age| age < GOOD_FOR)
    }

    /// Returns whether there is one that does: the server could not be asked.
    #[must_use]
    pub fn is_old(&self) -> bool {
        self.age().is_some_and(|age| age >= GOOD_FOR)
    }

    /// Returns the names in what the cache holds: a small file that is cheap to read beside a call.
    #[must_use]
    pub fn index(&self) -> Option<Index> {
        Index::parse(String::from_utf8(self.index.read()?).ok()?)
    }

    /// Returns what the cache holds, else what the server says.
    pub fn load(&self, send: Send<'_>) -> anyhow::Result<Description> {
        match self.cached() {
            Some(description) => Ok(description),
            None => self.fetch(Patience::Usual, send),
        }
    }

    /// Returns the description, revalidated if older than one hour.
    pub fn current(&self, send: Send<'_>) -> anyhow::Result<Description> {
        self.find(&|_| Some(()), send)
            .map(|(description, _)| description)
    }

    /// Looks for something in the description. What is not in a cached one may be new: before it
    /// counts as missing, the cached one is compared with the server's, however young it is.
    pub fn find<T>(
        &self,
        find: &dyn Fn(&Description) -> Option<T>,
        send: Send<'_>,
    ) -> anyhow::Result<(Description, Option<T>)> {
        let description = match self.cached() {
            None => self.fetch(Patience::Usual, send)?,
            Some(cached) => {
                if self.is_young()
                    && let Some(found) = find(&cached)
                {
                    return Ok((cached, Some(found)));
                }
                self.compared(cached, send)
            }
        };
        let found = find(&description);
        Ok((description, found))
    }

    /// Returns the cached description, or the server's where that has another hash.
    fn compared(&self, cached: Description, send: Send<'_>) -> Description {
        let Ok(response) = self
            .plan(VERSION_PATH)
            .and_then(|plan| send(&plan, Patience::Short))
        else {
            return cached;
        };
        if response.head.header(HASH_HEADER) == Some(&cached.hash) {
            self.entry.confirm();
            return cached;
        }
        // The server is there, and the description takes it longer than its version.
        self.fetch(Patience::Usual, send).unwrap_or(cached)
    }

    /// Looks at the head of a response; the new description where it names another hash than the
    /// one that is known.
    pub fn heard(
        &self,
        head: &Head,
        known: &str,
        patience: Patience,
        send: Send<'_>,
    ) -> Option<Description> {
        let hash = head.header(HASH_HEADER)?;
        if hash == known {
            return None;
        }
        self.fetch(patience, send).ok()
    }

    /// Takes the description from the server, and keeps it.
    pub fn fetch(&self, patience: Patience, send: Send<'_>) -> anyhow::Result<Description> {
        let plan = self.plan(PATH)?;
        let response = send(&plan, patience)?;
        let description = read(response, self.most).map_err(|e| e.of(&plan.label(self.label)))?;
        self.entry.write(&description.document());
        let index = Index::new(&description.hash, &description.operations());
        self.index.write(index.text().as_bytes());
        Ok(description)
    }

    /// Returns an unsigned GET: what everybody may read needs no key to be found, asked for or
    /// sent.
    fn plan(&self, path: &str) -> anyhow::Result<Plan> {
        let mut plan = Plan::get(path, self.place)?;
        plan.auth = Auth::None;
        Ok(plan)
    }
}

fn read(response: Response, most: u64) -> Result<Description, Failure> {
    Description::parse(&whole(response, most)?)
}
