//! `logout`: forgets a profile and its key.

use crate::cli::LogoutArgs;
use crate::error::Exit;

use super::{Context, profile};

/// Takes a profile away; the default where none was named.
pub fn run(args: &LogoutArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let name = args.name.as_deref().or(args.profile.as_deref());
    profile::remove(name, context)
}
