//! Defines the arguments of `batch`.
//!
//! Owns names, help and conflicts of flags; `commands::batch` gives them their meaning.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::flow::batch::MaxFail;
use crate::flow::batch::pace::rate;
use crate::flow::batch::rows::Shard;
use crate::flow::import::source::{Format, separator};

use super::{ConnectArgs, OutputArgs, RequestArgs, ShowFormat, help};

// `batch`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(mut_arg("wait", |arg| arg
    .help("After a long operation, wait for all machines (MAAS)")))]
#[command(mut_arg("dry_run", |arg| arg.help("Print the requests instead of sending them")))]
#[command(mut_arg("output", |arg| arg.help("Output format [default: ndjson]")))]
#[command(mut_arg("jq", |arg| arg.help("jq filter for each result")))]
#[command(mut_arg("each", |arg| arg.hide(true)))]
#[command(mut_arg("include", |arg| arg.hide(true)))]
#[command(mut_arg("error_body", |arg| arg.hide(true)))]
#[command(mut_arg("language", |arg| arg.hide(true)))]
#[command(mut_arg("all", |arg| arg.hide(true)))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct BatchArgs {
    /// Other actions
    #[command(subcommand)]
    pub command: Option<BatchCommand>,
    /// Method of all calls; if omitted, each row is a request
    #[arg(value_name = "METHOD", requires = "path")]
    pub method: Option<String>,
    /// Path; `{name}` is a field of the row
    #[arg(id = "path", value_name = "PATH")]
    pub path: Option<String>,
    /// Items; `{name}` in a value is a field of the row
    #[arg(value_name = "ITEM")]
    pub items: Vec<String>,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// File with the rows; `-` for standard input
    #[arg(long, value_name = "FILE", required = true, help_heading = "Rows")]
    pub from: Option<PathBuf>,
    /// Format of the rows [default: by name and first byte]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Rows")]
    pub from_format: Option<RowFormat>,
    /// CSV separator, e.g. `;` or `\t` [default: `,`]
    #[arg(long, value_name = "CHAR", help_heading = "Rows", value_parser = separator)]
    pub separator: Option<u8>,
    /// Take every N-th row from the K-th, the share of one of N hosts
    #[arg(long, value_name = "K/N", help_heading = "Rows", value_parser = Shard::parse)]
    pub shard: Option<Shard>,
    /// Parallel requests
    #[arg(
        short,
        long,
        value_name = "N",
        default_value_t = 4,
        help_heading = "Pace"
    )]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=250))]
    pub jobs: u8,
    /// Maximum rate of calls, e.g. `50/s`
    #[arg(long, value_name = "RATE", help_heading = "Pace", value_parser = rate)]
    pub rate: Option<f64>,
    /// Stop after N failures, or above P % from 10 rows on
    #[arg(long, value_name = "N|P%", help_heading = "Pace", value_parser = MaxFail::parse)]
    pub max_fail: Option<MaxFail>,
    /// Record each call before and after it is made
    #[arg(long, value_name = "FILE", help_heading = "Journal")]
    pub journal: Option<PathBuf>,
    /// Continue where the journal ends
    #[arg(long, requires = "journal", help_heading = "Journal")]
    pub resume: bool,
    /// Also send rows again that may have been carried out
    #[arg(long, requires = "resume", help_heading = "Journal")]
    pub resend: bool,
    /// Also send rows again that the server has rejected
    #[arg(long, requires = "resume", help_heading = "Journal")]
    pub retry_failed: bool,
    /// Print the results in the order of the rows
    #[arg(long, help_heading = "Output")]
    pub ordered: bool,
    /// What is sent besides items
    #[command(flatten)]
    pub request: RequestArgs,
    /// How the results are printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// Other actions of `batch`.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Merge journals and count done, failed, uncertain and missing rows
    #[command(after_long_help = help::BATCH_STATUS)]
    Status(BatchStatusArgs),
}

// `batch status`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct BatchStatusArgs {
    /// Journals of one batch, or of its shards
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Output format
    #[arg(short, long, value_enum, default_value_t = ShowFormat::Text, value_name = "FORMAT")]
    pub output: ShowFormat,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// A JSON array, or a response that contains one
    Json,
    /// JSON values one after another
    Ndjson,
    /// Comma-separated values with a header line
    Csv,
    /// Tab-separated values with a header line
    Tsv,
    /// Plain lines; `{}` is the line
    Lines,
}

impl From<RowFormat> for Format {
    fn from(format: RowFormat) -> Self {
        match format {
            RowFormat::Json => Self::Json,
            RowFormat::Ndjson => Self::Ndjson,
            RowFormat::Csv => Self::Csv,
            RowFormat::Tsv => Self::Tsv,
            RowFormat::Lines => Self::Lines,
        }
    }
}
