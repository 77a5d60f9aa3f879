//! Defines the arguments of `events`.
//!
//! Owns names, help and conflicts of flags; `commands::events` gives them their meaning.

use std::time::Duration;

use clap::{Args, builder::PossibleValuesParser};

use super::call::parse_duration;
use super::{ConnectArgs, OutputArgs};
use crate::service::maas::event;

// `events`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug)]
pub struct EventsArgs {
    /// Filter, or machine: `hostname=node18`, `zone=default`, `@node18`, `@52:54:00:aa:bb:cc`
    #[arg(value_name = "ITEM")]
    pub items: Vec<String>,
    /// Profile; `eu,us` or `'prod-*'` asks several and merges their events
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// What is listed
    #[command(flatten)]
    pub select: SelectArgs,
    /// How events are printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// Which events are wanted, and for how long.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Events")]
pub struct SelectArgs {
    /// Keep printing new events until Ctrl-C
    #[arg(short, long)]
    pub follow: bool,
    /// Pause between polls for new events
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "5s")]
    #[arg(requires = "follow")]
    pub interval: Duration,
    /// Minimum level [default: INFO]; `audit` shows audit events only
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    #[arg(value_parser = PossibleValuesParser::new(event::LEVELS))]
    pub level: Option<String>,
    /// Events of the machine with this name
    #[arg(long, value_name = "NAME")]
    pub hostname: Vec<String>,
    /// All events of the last minutes, hours or days, e.g. `30m`, `2d`
    #[arg(long, value_name = "TIME", value_parser = parse_duration, conflicts_with_all = ["after", "all"])]
    pub since: Option<Duration>,
    /// Print at most N events: the newest [default: 100], or the first N after `--after`
    #[arg(short = 'n', long, value_name = "N")]
    pub max_items: Option<u64>,
    /// Start after the event with this id
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    pub after: Option<u64>,
    /// End before the event with this id
    #[arg(long, value_name = "ID", conflicts_with_all = ["after", "all", "follow"])]
    pub before: Option<u64>,
    /// Start with the oldest event
    #[arg(long)]
    pub all: bool,
    /// Human-readable lines even when stdout is not a terminal
    #[arg(long, conflicts_with_all = ["output", "jq", "columns", "sort", "no_header"])]
    pub text: bool,
}
