//! `apicall maas …`, and this program under the name `maas`: the `maas` command line once more.
//!
//! Same arguments, requests, bytes on stdout and exit codes (observed on MAAS 3.8), over our own
//! profiles and transport. `arguments` reads words and options as Python's argparse does (pure),
//! `call` turns `PROFILE HANDLER ACTION …` into a plan, `description` finds what there is to call,
//! `data` turns pairs into fields and parts,
//! `print` is the printer, `account` has `login logout list refresh`, `profiles` ours and those of
//! `~/.maascli.db`, `upload` the one command that is more than a call, `region` what only a region
//! host's `maas` can do. It shares plans, client and sessions with the other commands, never their
//! arguments.

mod account;
mod arguments;
mod call;
pub mod complete;
mod confirm;
mod data;
mod description;
mod help;
mod print;
mod profiles;
mod region;
mod upload;

use std::ffi::OsString;
use std::path::Path;

use crate::commands::Context;
use crate::error::{Exit, Failure, is_closed_pipe};

use arguments::{Flag, leading};

/// Returns the arguments behind `apicall maas`, or behind the program's name where that is `maas`,
/// and how the program is called in messages; `None` for every other command line.
#[must_use]
pub fn called(args: &[OsString]) -> Option<(&'static str, &[OsString])> {
    let name = Path::new(args.first()?).file_name()?;
    if name == "maas" || name == "maas.exe" {
        return Some(("maas", &args[1..]));
    }
    // Before clap sees it: what follows is not ours to judge.
    if args.get(1)? == "maas" {
        return Some(("apicall maas", &args[2..]));
    }
    None
}

/// Runs one command line of `maas` and prints its errors.
pub fn run(program: &str, args: &[OsString], context: &mut Context<'_>) -> Exit {
    match dispatch(program, args, context) {
        Ok(exit) => exit,
        // Whoever reads has seen enough.
        Err(e) if is_closed_pipe(&e) => Exit::Success,
        Err(e) => {
            context.ui.error(&e);
            exit_of(&e)
        }
    }
}

/// Returns the exit table of `maas`: 1 where it raises a `CommandError` with a text, which it does
/// for a certificate too, and 2 for everything else. [`Exit::Other`] stands for the first.
fn exit_of(error: &anyhow::Error) -> Exit {
    match error.downcast_ref::<Failure>().map(|f| f.exit) {
        Some(Exit::Other | Exit::Tls) => Exit::Other,
        _ => Exit::Usage,
    }
}

fn dispatch(program: &str, args: &[OsString], context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let words = args
        .iter()
        .map(|arg| {
            arg.to_str()
                .map(str::to_owned)
                .ok_or_else(|| Failure::usage("an argument is not UTF-8"))
        })
        .collect::<Result<Vec<String>, _>>()?;
    let first = leading(&words, &[Flag::Help, Flag::Debug])?;
    if first.has(Flag::Help) {
        let profiles = profiles::all(context)?;
        return print::text(&help::top(program, &profiles), context.ui);
    }
    let Some(command) = first.word else {
        return Err(Failure::usage("no command was given")
            .hint(format!(
                "`{program} PROFILE HANDLER ACTION …` makes a call; `{program} --help` shows more"
            ))
            .into());
    };
    let rest = first.rest;
    match command {
        "login" => account::login(program, rest, context),
        "logout" => account::logout(program, rest, context),
        "list" => account::list(program, rest, context),
        "refresh" => account::refresh(program, rest, context),
        name => match profiles::find(name, context)? {
            Some(known) => call::run(program, &known, rest, context),
            None if region::has(name) => region::pass_on(name, args, context),
            None => Err(unknown(name, context).into()),
        },
    }
}

fn unknown(name: &str, context: &mut Context<'_>) -> Failure {
    let names: Vec<String> = profiles::all(context)
        .unwrap_or_default()
        .iter()
        .map(|known| format!("`{}`", known.profile.label()))
        .collect();
    Failure::usage(format!(
        "`{}` is neither a command nor a MAAS profile",
        name.escape_debug()
    ))
    .hint(if names.is_empty() {
        "`login NAME URL` creates a profile".to_owned()
    } else {
        format!("there are the profiles {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_is_called() {
        let called = |words: &[&str]| {
            let args: Vec<OsString> = words.iter().map(OsString::from).collect();
            called(&args).map(|(program, rest)| (program, rest.len()))
        };
        for (words, want) in [
            (
                &["apicall", "maas", "a", "b"][..],
                Some(("apicall maas", 2)),
            ),
            (&["/usr/bin/maas", "a"], Some(("maas", 1))),
            (&["maas"], Some(("maas", 0))),
            (&["maas.exe"], Some(("maas", 0))),
            (&["apicall", "get", "maas"], None),
            (&["apicall"], None),
            (&["maas.sh"], None),
            (&[], None),
        ] {
            assert_eq!(called(words), want, "{words:?}");
        }
    }

    #[test]
    fn exit_codes() {
        for (failure, want) in [
            (Failure::new(Exit::Other, ""), 1),
            (Failure::new(Exit::Tls, ""), 1),
            (Failure::usage(""), 2),
            (Failure::config(""), 2),
            (Failure::new(Exit::NoConnection, ""), 2),
            (Failure::new(Exit::TimedOut, ""), 2),
            (Failure::new(Exit::ClientError, ""), 2),
        ] {
            assert_eq!(exit_of(&failure.into()).code(), want);
        }
        assert_eq!(exit_of(&anyhow::anyhow!("no such file")).code(), 2);
    }
}
