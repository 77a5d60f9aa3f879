//! Defines the arguments of `wait`.
//!
//! Owns names, help and conflicts of flags; `commands::wait` gives them their meaning.

use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgGroup, Args};

use crate::service::maas::states::Goal;

use super::call::parse_duration;
use super::{ConnectArgs, OutputArgs};

// `wait`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("goal").args(["until", "state"]).required(true))]
#[command(
    override_usage = "apicall wait [OPTIONS] --for <STATE> <MACHINE>...\n       \
    apicall wait [OPTIONS] --until <EXPR> <PATH> [ITEM]..."
)]
#[command(mut_arg("timeout", |arg| arg.help("Time limit for the complete wait, e.g. `10m`, `8h` [default: 2h]")))]
pub struct WaitArgs {
    /// With `--until`: paths and items. With `--for`: machines, each an id or `@name`. `-` reads a
    /// list of either from standard input
    #[arg(value_name = "PATH|ITEM|MACHINE", required = true)]
    pub what: Vec<String>,
    /// jq filter; done once it is true for the object at PATH
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Operation of each call (MAAS)
    #[arg(
        long,
        value_name = "NAME",
        requires = "until",
        conflicts_with = "state"
    )]
    pub op: Option<String>,
    /// jq filter; failed once it is true
    #[arg(
        long,
        value_name = "EXPR",
        allow_hyphen_values = true,
        requires = "until",
        conflicts_with = "state"
    )]
    pub fail_on: Option<String>,
    /// State that the machines should reach (MAAS)
    #[arg(
        id = "state",
        long = "for",
        value_name = "STATE",
        ignore_case = true,
        value_parser = PossibleValuesParser::new(Goal::ALL.map(Goal::name)).map(|name| goal(&name))
    )]
    pub state: Option<Goal>,
    /// Longest pause between polls (the first are shorter)
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = parse_duration)]
    pub interval: Duration,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// How what was waited for is printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

fn goal(name: &str) -> Goal {
    // The parser lets no other names pass.
    Goal::parse(name).unwrap_or(Goal::Deployed)
}
