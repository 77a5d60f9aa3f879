//! The description that the commands of a profile are read from.
//!
//! As in `maas` it is the one that came with the profile, so that a command is one request and a
//! word that is no command is none: for a profile of `~/.maascli.db` what stands there, for ours
//! what `login`, `refresh` or an earlier command left in the cache. The server is asked only where
//! there is neither.

use crate::commands::{Context, described};
use crate::flow::describe::Describer;
use crate::service::maas::describe::{Description, Handled, Handler, find_handler};

use super::profiles::{self, Known};

/// A description that is there without a request.
struct Stored {
    document: Vec<u8>,
    is_cached: bool,
}

/// What was found for a command.
pub struct Found {
    /// The handler; it may lack the action.
    pub handler: Handler,
    /// The hash of the cached description, which is compared with the server's; none of one that
    /// only `maas` itself refreshes.
    pub hash: Option<String>,
}

/// Returns the complete description, for lists of what there is.
pub fn whole(known: &Known, context: &mut Context<'_>) -> anyhow::Result<Description> {
    match stored(known, context) {
        Some(stored) if !stored.is_cached => Ok(Description::parse(&stored.document)?),
        _ => described::current(&known.profile, false, context),
    }
}

/// Returns the handler of a name. The rest of the description is read only where it has no such
/// handler; it is the error then.
pub fn find(
    known: &Known,
    name: &str,
    context: &mut Context<'_>,
) -> anyhow::Result<Result<Found, Description>> {
    let has_key = known.profile.key.is_some();
    if let Some(Stored {
        document,
        is_cached,
    }) = stored(known, context)
    {
        if let Some((hash, handler)) = find_handler(&document, name, has_key) {
            let hash = is_cached.then_some(hash);
            return Ok(Ok(Found { handler, hash }));
        }
        match Description::parse(&document) {
            Ok(description) => return Ok(Err(description)),
            Err(e) if !is_cached => return Err(e.into()),
            // A cache that is not to be believed is made anew.
            Err(_) => {}
        }
    }
    let description = described::current(&known.profile, false, context)?;
    let of_name = |command: &Handled<'_>| command.name == name;
    let commands = description.commands(has_key);
    let found = commands
        .into_iter()
        .find(of_name)
        .map(|c| c.handler.clone());
    Ok(match found {
        Some(handler) => Ok(Found {
            handler,
            hash: Some(description.hash),
        }),
        None => Err(description),
    })
}

/// Returns the description that is there. What `refresh` left in the cache counts where the
/// database is older.
fn stored(known: &Known, context: &mut Context<'_>) -> Option<Stored> {
    let describer = Describer::new(&known.profile, context.env);
    let cached = || {
        let document = describer.document().filter(|text| is_one(text))?;
        Some(Stored {
            document,
            is_cached: true,
        })
    };
    let own = known.description.as_ref();
    if own.is_none()
        && let Some(cached) = cached()
    {
        return Some(cached);
    }
    let database = own.cloned().or_else(|| profiles::stored(known, context))?;
    let is_newer = |age| database.age.is_some_and(|own| age < own);
    if describer.age().is_some_and(is_newer)
        && let Some(cached) = cached()
    {
        return Some(Stored {
            is_cached: false,
            ..cached
        });
    }
    is_one(&database.document).then_some(Stored {
        document: database.document,
        is_cached: false,
    })
}

/// Returns whether a document describes anything.
fn is_one(document: &[u8]) -> bool {
    // The first action of the first resource is enough; what is broken shows where it is read.
    memchr::memmem::find(document, b"\"actions\"").is_some()
}
