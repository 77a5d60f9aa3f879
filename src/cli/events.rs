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
    /// Profile to use; `eu,us` or `'prod-*'` asks several and merges their events
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
    /// Go on with events as they come, until Ctrl-C
    #[arg(short, long)]
    pub follow: bool,
    /// How often the server is asked for new events
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "5s")]
    #[arg(requires = "follow")]
    pub interval: Duration,
    /// Events of this level and above (INFO); `audit` stands alone
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    #[arg(value_parser = PossibleValuesParser::new(event::LEVELS))]
    pub level: Option<String>,
    /// Events of the machine with this name
    #[arg(long, value_name = "NAME")]
    pub hostname: Vec<String>,
    /// Events of the last minutes, hours or days, as `30m` or `2d`; all of them
    #[arg(long, value_name = "TIME", value_parser = parse_duration, conflicts_with_all = ["after", "all"])]
    pub since: Option<Duration>,
    /// Print at most so many: the newest (100), or the first after `--after`
    #[arg(short = 'n', long, value_name = "N")]
    pub max_items: Option<u64>,
    /// Begin behind the event with this id
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    pub after: Option<u64>,
    /// End before the event with this id
    #[arg(long, value_name = "ID", conflicts_with_all = ["after", "all", "follow"])]
    pub before: Option<u64>,
    /// Begin with the oldest event there is
    #[arg(long)]
    pub all: bool,
    /// Lines for people, also where stdout is no terminal
    #[arg(long, conflicts_with_all = ["output", "jq", "columns", "sort", "no_header"])]
    pub text: bool,
}
