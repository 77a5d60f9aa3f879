//! Runs `logout`: removes a profile and its key.
//!
//! Asks no server; the key stays valid there.

use crate::cli::LogoutArgs;
use crate::error::Exit;
use crate::profile::select;

use super::{Context, profile};

/// Takes a profile away; where none was named, the one that other commands would use.
pub fn run(args: &LogoutArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let name = args.name.as_deref().or(args.profile.as_deref());
    let name = select::named(name, context.env)?.map(str::to_owned);
    profile::remove(name.as_deref(), context)
}
