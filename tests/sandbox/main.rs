//! The stand-in server for people: `cargo run --example sandbox`.
//!
//! Without a call it stays up and prints its address, its keys and the `export` lines that point apicall at it; with `--keys DIR`
//! it writes the keys to files and prints the commands that log in with them. With a call it is to run that one call through the real code against itself; see [`call`].

#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

#[path = "mod.rs"]
mod sandbox;

// Here and not in the module, so that integration tests that include the module do not run it again.
#[cfg(test)]
mod selftest;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use apicall::env::Env;
use apicall::ui::Ui;
use sandbox::{Options, Pace, Sandbox};

/// The machine that shows what failing looks like.
const FAILING: &str = "xq2m6d";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        None | Some("--port" | "--keys" | "--help" | "-h") => match Stay::parse(&arguments) {
            Some(stay) => stay.run(),
            None => usage(),
        },
        Some(_) => call(&Sandbox::start().may_stay_silent(), &arguments),
    }
}

fn usage() -> ExitCode {
    eprintln!(
        "usage: sandbox [--port N] [--keys DIR]   stay up; write DIR/lab.key and DIR/play.key\n       sandbox ARGUMENT…                 run `apicall ARGUMENT…` against a fresh sandbox"
    );
    ExitCode::from(2)
}

/// A sandbox that stays up, as it was asked for.
#[derive(Default)]
struct Stay {
    port: u16,
    /// Where the keys are written to.
    keys: Option<PathBuf>,
}

impl Stay {
    fn parse(arguments: &[String]) -> Option<Self> {
        let mut stay = Self::default();
        for pair in arguments.chunks(2) {
            match pair {
                [flag, port] if flag == "--port" => stay.port = port.parse().ok()?,
                [flag, folder] if flag == "--keys" => stay.keys = Some(folder.into()),
                _ => return None,
            }
        }
        Some(stay)
    }

    fn run(&self) -> ExitCode {
        let sandbox = up(self.port);
        let Some(folder) = &self.keys else {
            print_exports(&sandbox);
            wait();
        };
        match write_keys(&sandbox, folder) {
            Ok(()) => {
                let folder = folder.display();
                let host = sandbox.address();
                println!("apicall login {host} -p lab --key-file {folder}/lab.key");
                println!(
                    "apicall login http://{host} -p play --service macrometa --key-file {folder}/play.key"
                );
                println!("apicall get /machines/ --op list_allocated -o table");
                wait();
            }
            Err(error) => {
                eprintln!("{}: {error}", folder.display());
                ExitCode::FAILURE
            }
        }
    }
}

/// Writes both keys, readable by nobody else: a login refuses them otherwise.
fn write_keys(sandbox: &Sandbox, folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, key) in [
        ("lab.key", sandbox.maas_key()),
        ("play.key", sandbox.macrometa_key()),
    ] {
        let path = folder.join(name);
        let _ = std::fs::remove_file(&path);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        writeln!(options.open(path)?, "{key}")?;
    }
    Ok(())
}

fn wait() -> ! {
    loop {
        std::thread::park();
    }
}

/// Starts a sandbox that stays up until it is ended from outside.
fn up(port: u16) -> Sandbox {
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
    sandbox
}

/// Prints what points apicall at the sandbox without a profile.
fn print_exports(sandbox: &Sandbox) {
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
    println!("# Then: apicall get /machines/ --op list_allocated -o table");
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
