//! Hands commands that only the `maas` of a region host has to the next `maas` on the path.
//!
//! Replaces the process; must not run its own program again.

use std::ffi::OsString;

use crate::commands::Context;
use crate::error::{Exit, Failure};

/// Commands that work on the region's own database, config and services.
const COMMANDS: [&str; 12] = [
    "apikey",
    "changepassword",
    "config",
    "config-tls",
    "config-vault",
    "configauth",
    "createadmin",
    "init",
    "migrate",
    "msm",
    "reconfigure-supervisord",
    "status",
];

/// Set for the program that takes over, so that a script that calls us as `maas` ends here and not
/// never.
#[cfg(unix)]
const PASSED_ON: &str = "APICALL_MAAS_PASSED_ON";

/// Returns whether it is such a command.
pub fn has(command: &str) -> bool {
    COMMANDS.contains(&command)
}

/// Becomes the next `maas` on the path that is not this program; returns only where there is none.
#[cfg(unix)]
pub fn pass_on(
    command: &str,
    args: &[OsString],
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    use std::os::unix::process::CommandExt as _;

    let Some(program) = next(context).filter(|_| context.env.var(PASSED_ON).is_none()) else {
        return Err(none(command).into());
    };
    let error = std::process::Command::new(&program)
        .args(args)
        .env(PASSED_ON, "1")
        .exec();
    Err(Failure::usage(format!("{}: {error}", program.display())).into())
}

/// Fails: where programs are not replaced by others there is no region's `maas` either.
#[cfg(not(unix))]
pub fn pass_on(command: &str, _: &[OsString], _: &mut Context<'_>) -> anyhow::Result<Exit> {
    Err(none(command).into())
}

fn none(command: &str) -> Failure {
    Failure::usage(format!(
        "`{command}` is a command of the region host's own `maas`, and there is none on the path"
    ))
    .hint("run it on the region host; profiles are called as `PROFILE HANDLER ACTION`")
}

#[cfg(unix)]
fn next(context: &Context<'_>) -> Option<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;

    let own = crate::env::own_program()?;
    let path = context.env.var("PATH")?;
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join("maas"))
        .find(|program| {
            let is_program = std::fs::metadata(program)
                .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0);
            is_program && std::fs::canonicalize(program).is_ok_and(|real| real != own)
        })
}
