//! `completions`: the completion script of a shell.
//!
//! clap draws the script from the command line's definition. It knows nothing of profiles, so
//! where an argument is one (its value is called `PROFILE`), the script is made to ask
//! `apicall profile list -o names`; that costs a call of the binary on the Tab key and nothing
//! else.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::{Cli, CompletionsArgs};
use crate::error::Exit;

use super::Context;

/// Prints the script.
pub fn run(args: &CompletionsArgs, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    match context.ui.stdout().write_all(script(args.shell).as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(Exit::Success),
    }
}

/// The script of a shell.
fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "apicall", &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        Shell::Bash => bash(&script),
        Shell::Zsh => zsh(&script),
        Shell::Fish => fish(&script),
        _ => script.into_owned(),
    }
}

/// Puts a function before clap's that knows where a profile stands.
fn bash(script: &str) -> String {
    script.to_owned() + include_str!("completions/profiles.bash")
}

/// Gives the arguments called `PROFILE` an action of their own.
fn zsh(script: &str) -> String {
    let mut zsh = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        if line.starts_with("if [ \"$funcstack[1]\" = ") {
            zsh.push_str(include_str!("completions/profiles.zsh"));
        }
        if line.contains(":PROFILE") {
            zsh.push_str(&line.replace(":_default'", ":_apicall_profiles'"));
        } else {
            zsh.push_str(line);
        }
    }
    zsh
}

/// Gives `--profile` its values, and the commands that take a profile theirs.
fn fish(script: &str) -> String {
    let mut fish = String::with_capacity(script.len());
    for line in script.lines() {
        fish.push_str(line);
        if line.contains(" -l profile ") && line.ends_with(" -r") {
            fish.push_str(" -f -a \"(__fish_apicall_profiles)\"");
        }
        fish.push('\n');
    }
    fish + include_str!("completions/profiles.fish")
}
