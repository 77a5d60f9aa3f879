//! Defines the arguments of `query`.
//!
//! Owns names, help and conflicts of flags; `commands::query` gives them their meaning.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::call::{SendArgs, parse_duration};
use super::{ConnectArgs, OutputArgs};

// `query`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug)]
pub struct QueryArgs {
    /// The query, in C8QL; `-` reads it from standard input
    #[arg(value_name = "QUERY", required_unless_present_any = ["file", "worker"])]
    #[arg(conflicts_with_all = ["file", "worker"])]
    pub query: Option<String>,
    /// Profile; `eu,us` or `'prod-*'` asks several and merges their rows
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// How it is run
    #[command(flatten)]
    pub how: HowArgs,
    /// How rows are printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// How a query is run.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Query")]
#[command(mut_arg("all", |arg| arg
    .help("Allow a query that changes something to go to several profiles")))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct HowArgs {
    /// Read the query from a file; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "worker")]
    pub file: Option<PathBuf>,
    /// Bind variable: `k=v`, `k:=json`, `k=@file`, `k:=@file`; `@c=NAME` for `@@c`
    #[arg(short, long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub bind: Vec<String>,
    /// The query is SQL
    #[arg(long, conflicts_with_all = ["worker", "explain", "validate"])]
    pub sql: bool,
    /// Run the query worker (RESTQL) of this name
    #[arg(long, value_name = "NAME")]
    #[arg(conflicts_with_all = ["ttl", "stream", "count", "full_count", "explain", "validate"])]
    pub worker: Option<String>,
    /// Print the execution plan
    #[arg(long, conflicts_with = "validate")]
    #[arg(conflicts_with_all = ["batch_size", "ttl", "stream", "count", "full_count", "max_items"])]
    pub explain: bool,
    /// Check the syntax, and print what the query uses
    #[arg(long)]
    #[arg(conflicts_with_all = ["bind", "batch_size", "ttl", "stream", "count", "full_count", "max_items"])]
    pub validate: bool,
    /// Rows per page [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub batch_size: Option<u64>,
    /// How long the server keeps the cursor between pages [default: 5m]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub ttl: Option<Duration>,
    /// Let the server produce rows on demand
    #[arg(long)]
    pub stream: bool,
    /// Report the row count on stderr
    #[arg(long)]
    pub count: bool,
    /// Report the row count before the last LIMIT
    #[arg(long)]
    pub full_count: bool,
    /// Stop after N rows, and fetch no further page
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_items: Option<u64>,
    /// Whether it is sent
    #[command(flatten)]
    pub send: SendArgs,
}
