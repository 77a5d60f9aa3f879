//! The stand-in server for people: `cargo run --example sandbox`.
//!
//! Without arguments it stays up and prints its address, its keys and the `export` lines that point apicall at it. With arguments
//! it is to run that one call through the real code against itself; see [`call`].

#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

#[path = "mod.rs"]
mod sandbox;

// Here and not in the module, so that integration tests that include the module do not run it again.
#[cfg(test)]
mod selftest;

use std::process::ExitCode;
use std::time::Duration;

use apicall::env::Env;
use apicall::ui::Ui;
use sandbox::{Options, Pace, Sandbox};

/// The machine that shows what failing looks like.
const FAILING: &str = "xq2m6d";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] => stay(0),
        ["--port", port] => match port.parse() {
            Ok(port) => stay(port),
            Err(_) => usage(),
        },
        ["--port", ..] | ["--help" | "-h"] => usage(),
        _ => call(&Sandbox::start().may_stay_silent(), &arguments),
    }
}

fn usage() -> ExitCode {
    eprintln!(
        "usage: sandbox [--port N]      stay up, print address and keys\n       sandbox ARGUMENT…       run `apicall ARGUMENT…` against a fresh sandbox"
    );
    ExitCode::from(2)
}

/// Stays up until it is ended from outside.
fn stay(port: u16) -> ExitCode {
    let sandbox = Sandbox::with(Options {
        port,
        maas_pace: Pace::After(Duration::from_secs(5)),
        maas_events: 250,
        ..Options::default()
    })
    .may_stay_silent();
    sandbox.fail_machine(FAILING);
    println!(
        "# The sandbox is up at {}. Ctrl-C ends it.",
        sandbox.address()
    );
    println!(
        "# A step of a machine takes five seconds; {FAILING} (node20) fails whatever it does."
    );
    println!("# MAAS, as the administrator `admin`:");
    println!(
        "export APICALL_URL={} APICALL_KEY={}",
        sandbox.maas_url(),
        sandbox.maas_key()
    );
    println!("# Macrometa, as the tenant `demo_example.com`:");
    println!(
        "export APICALL_URL={} APICALL_KEY={}",
        sandbox.url(),
        sandbox.macrometa_key()
    );
    println!("# Then: apicall get /machines/ --op list_allocated");
    loop {
        std::thread::park();
    }
}

/// Runs one call through the real code, with a profile that lives as long as the call.
///
/// The profile is the environment's, so nothing is written; `-p` finds no config file either.
fn call(sandbox: &Sandbox, arguments: &[String]) -> ExitCode {
    let macrometa = arguments
        .iter()
        .any(|a| a.contains("_fabric/") || a.starts_with("/_"));
    let (url, key) = if macrometa {
        (sandbox.url(), sandbox.macrometa_key())
    } else {
        (sandbox.maas_url(), sandbox.maas_key())
    };
    let env = Env::from_vars([
        ("APICALL_URL", url.as_str()),
        ("APICALL_KEY", key),
        ("APICALL_CONFIG", "/nonexistent/apicall.toml"),
    ]);
    let args: Vec<_> = std::iter::once("apicall")
        .chain(arguments.iter().map(String::as_str))
        .map(Into::into)
        .collect();
    ExitCode::from(apicall::run(&args, &env, &mut Ui::from_process()).code())
}
