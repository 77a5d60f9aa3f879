//! `auth-header`: a fresh `Authorization` line for another tool.
//!
//! The one command that prints a key: it is what was asked for. Nothing is sent.

use crate::cli::AuthHeaderArgs;
use crate::client;
use crate::error::{Exit, Failure};
use crate::profile::{Overrides, setting};

use super::{Context, gate};

/// Reads the key and prints the line that signs one call with it.
pub fn run(args: &AuthHeaderArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let mut overrides = Overrides {
        profile: args.profile.clone(),
        ..Overrides::default()
    };
    if let Some(scheme) = &args.scheme {
        overrides.given.set_text(&setting::SCHEME, scheme);
    }
    let profile = context.select(&overrides)?;
    let Some(key) = context.key(&profile)? else {
        return Err(
            Failure::config(format!("{}: the profile has no key", profile.label()))
                .hint(gate::key_cure(&profile))
                .into(),
        );
    };
    let line = format!("Authorization: {}\n", client::authorization(&key).expose());
    match context.ui.stdout().write_all(line.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(Exit::Success),
    }
}
