//! `logout`: forgets a profile and its key.

use crate::cli::LogoutArgs;
use crate::error::Exit;

use super::{Context, profile};

/// Takes a profile away; the default where none was named.
pub fn run(args: &LogoutArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let name = match args.name.as_ref().or(args.profile.as_ref()) {
        Some(name) => name.clone(),
        None => context.config()?.default_name()?.to_owned(),
    };
    profile::remove(&name, context)
}
