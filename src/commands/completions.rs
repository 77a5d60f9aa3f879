//! `completions`: the completion script of a shell.
//!
//! clap draws the script from the command line's definition. It knows nothing of profiles, paths
//! and operations, so where an argument is one, the script is made to ask `apicall __complete`,
//! which see. bash asks for every word and takes clap's response where there is none.

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

/// Returns the script of a shell.
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

/// Puts a function before clap's that asks first. Files are left to readline, which quotes them:
/// clap's own list of them would be put into the line as it is, and split at blanks.
fn bash(script: &str) -> String {
    let files = r#"COMPREPLY=($(compgen -f "${cur}"))"#;
    script.replace(files, "COMPREPLY=()") + include_str!("completions/words.bash")
}

/// Returns whether zsh's line is of an argument that is asked for.
fn is_asked_in_zsh(line: &str) -> bool {
    let values = [":PROFILE:", ":PATH:", ":COLLECTION:"];
    values.iter().any(|value| line.contains(value))
        || ["'--op=[", "'--fabric=["]
            .iter()
            .any(|flag| line.starts_with(flag))
        || POSITIONALS.iter().any(|name| {
            let name = name.to_lowercase();
            [
                format!("':{name} -- "),
                format!("'::{name} -- "),
                format!("'*::{name} -- "),
            ]
            .iter()
            .any(|start| line.to_lowercase().starts_with(start))
        })
}

/// Names of values that `__complete` knows.
const POSITIONALS: [&str; 8] = [
    "PROFILE",
    "PATH",
    "PATHS",
    "PATH|ITEM|MACHINE",
    "WHAT",
    "ITEM",
    "ITEMS",
    "COLLECTION",
];

/// Gives the arguments that are asked for an action of their own.
fn zsh(script: &str) -> String {
    let mut zsh = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        if line.starts_with("if [ \"$funcstack[1]\" = ") {
            zsh.push_str(include_str!("completions/words.zsh"));
        }
        if is_asked_in_zsh(line) {
            let line = line.replace(":_default'", ":_apicall_words'");
            // Two colons would hide the words before the first item.
            zsh.push_str(&match line.strip_prefix("'*::") {
                Some(rest) => format!("'*:{rest}"),
                None => line,
            });
        } else {
            zsh.push_str(line);
        }
        if line == "_apicall() {\n" {
            zsh.push_str(include_str!("completions/maas.zsh"));
        }
    }
    zsh
}

/// Gives flags their values, and the commands whose words are asked for theirs.
fn fish(script: &str) -> String {
    let mut fish = String::with_capacity(script.len());
    let flags = [" -l profile ", " -l op ", " -l fabric "];
    for line in script.lines() {
        fish.push_str(line);
        if line.ends_with(" -r") && flags.iter().any(|flag| line.contains(flag)) {
            fish.push_str(" -f -a \"(__fish_apicall_words)\"");
        }
        fish.push('\n');
    }
    fish.push_str(include_str!("completions/words.fish"));
    asked_in_fish(&Cli::command(), &mut Vec::new(), &mut fish);
    fish
}

/// Appends a line for each command that has a word to complete.
fn asked_in_fish(command: &clap::Command, above: &mut Vec<String>, fish: &mut String) {
    let mut command = command.clone();
    command.build();
    let asks = command.get_positionals().any(|arg| {
        let names = arg.get_value_names().unwrap_or_default();
        names
            .iter()
            .any(|name| POSITIONALS.contains(&name.as_str()))
    });
    if asks && let Some((first, below)) = above.split_first() {
        let mut condition = format!("__fish_apicall_using_subcommand {first}");
        if !below.is_empty() {
            condition.push_str(&format!(
                "; and __fish_seen_subcommand_from {}",
                below.join(" ")
            ));
        }
        fish.push_str(&format!(
            "complete -c apicall -n \"{condition}\" -f -a \"(__fish_apicall_words)\"\n"
        ));
    }
    for below in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        above.push(below.get_name().to_owned());
        asked_in_fish(below, above, fish);
        above.pop();
    }
}
