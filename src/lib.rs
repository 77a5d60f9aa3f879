//! Calls the APIs of MAAS and Macrometa from the command line.
//!
//! A pure core turns typed arguments and a profile into the description of one HTTP call; a thin
//! rim sends it, streams the response out and picks the exit code:
//!
//! ```text
//! argv ─cli─▶ Cli ─profile─▶ Profile ─request─▶ Plan ─session─▶ Response ─output─▶ stdout
//!             typed          resolved           pure data       signed, sent,      as it comes
//!                                                               retried, explained └─▶ Exit
//! ```
//!
//! Each module knows only those above it in this list:
//!
//! - [`error`] (what failed, as fields), [`secret`] (what must not show), [`mod@env`], [`threads`],
//!   [`signals`], [`header`], [`address`], [`files`]: leaves.
//! - [`json`]: lexer, printer; no HTTP, files or terminals.
//! - [`service`]: what MAAS and Macrometa do on the wire. Pure.
//! - [`cache`]: files that a server's responses are kept in.
//! - [`profile`]: where a call goes and with which key; the only editor of the config file.
//! - [`request`]: PATH, ITEM, body, plan, and programs of plans. Pure.
//! - [`client`]: sends plans; the only place that names ureq.
//! - [`output`]: bodies to stdout, errors into words.
//! - [`session`]: a profile ready to be called; sends, explains, reports through a callback.
//! - [`flow`]: several calls that belong together; never prints.
//! - [`ui`]: streams. Every line on stderr passes one function, which masks it and keeps it one line.
//! - [`cli`], `usage`: clap's definitions, and its errors in our words.
//! - [`commands`]: one file per command.
//! - [`dropin`]: the `maas` command line once more; sessions and plans of ours, not [`cli`].
//!
//! `tests/integration/house.rs` fails where a module imports a later one.

pub mod address;
pub mod cache;
pub mod cli;
pub mod client;
pub mod commands;
pub mod dropin;
pub mod env;
pub mod error;
pub mod files;
pub mod flow;
pub mod header;
pub mod json;
pub mod output;
pub mod profile;
pub mod request;
pub mod secret;
pub mod service;
pub mod session;
pub mod signals;
pub mod threads;
pub mod ui;
mod usage;

use std::ffi::OsString;

use crate::cli::{Cli, Command};
use crate::commands::{Context, complete};
use crate::env::Env;
use crate::error::Exit;
use crate::ui::Ui;

/// Runs one command line and prints its errors; ending with the exit code is left to the caller.
pub fn run(args: &[OsString], env: &Env, ui: &mut Ui) -> Exit {
    // Not one of clap's commands: the scripts that ask for it would offer it.
    if args.get(1).is_some_and(|word| word == complete::NAME) {
        let context = &mut Context { env, ui };
        return match dropin::maas::complete::words(&args[2..]) {
            Some(words) => dropin::maas::complete::run(&words, context),
            None => complete::run(&args[2..], context),
        };
    }
    if let Some((program, args)) = dropin::maas::called(args) {
        return dropin::maas::run(program, args, &mut Context { env, ui });
    }
    let args = &usage::help_as_flag(args)[..];
    let cli = match Cli::read(args) {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error, args, env, ui),
    };
    ui.set_color(cli.color);
    // Flags of ours stood before it.
    if let Command::Maas(maas) = &cli.command {
        return dropin::maas::run("apicall maas", &maas.args, &mut Context { env, ui });
    }
    let context = &mut Context { env, ui };
    match commands::run(&cli, context) {
        Ok(exit) => exit,
        Err(error) => {
            context.mask_all();
            ui.error(&error);
            error::exit_of(&error)
        }
    }
}
