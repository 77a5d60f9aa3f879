//! Defines the arguments of calls: what is sent, how the server is reached, how the response is
//! printed.
//!
//! Owns names, help and conflicts of flags. What they mean is decided in `commands`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::output::Format;
use crate::profile::duration;
use crate::request::snippet::Language;

use super::connect::ConnectArgs;
use super::download::DownloadArgs;
use super::paging::PagingArgs;

// How a response is printed.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct OutputArgs {
    /// Output format [default: by Content-Type]
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub output: Option<Format>,
    /// jq filter for the response; with `--each`, for every element
    #[arg(
        long,
        value_name = "FILTER",
        group = "filter",
        allow_hyphen_values = true
    )]
    pub jq: Option<String>,
    /// Read the filter from a file
    #[arg(long, value_name = "FILE", group = "filter")]
    pub jq_file: Option<PathBuf>,
    /// Set `$NAME` in the filter to a string
    #[arg(long, num_args = 2, value_names = ["NAME", "VALUE"], requires = "filter", allow_hyphen_values = true)]
    pub arg: Vec<String>,
    /// Set `$NAME` in the filter to JSON
    #[arg(long, num_args = 2, value_names = ["NAME", "JSON"], requires = "filter", allow_hyphen_values = true)]
    pub argjson: Vec<String>,
    /// Exit with 1 if the filter's last result is null, false or missing
    #[arg(short, long, requires = "filter")]
    pub exit_status: bool,
    /// Print or filter list elements one by one as they arrive
    #[arg(long)]
    pub each: bool,
    /// Columns, e.g. `hostname,pool.name,N=.tags|length` (csv, tsv, table)
    #[arg(long, value_name = "COLUMNS", allow_hyphen_values = true)]
    pub columns: Vec<String>,
    /// Sort elements by columns; `-COLUMN` sorts descending
    #[arg(long, value_name = "COLUMNS", allow_hyphen_values = true)]
    pub sort: Vec<String>,
    /// Omit the header row (csv, tsv, table)
    #[arg(long)]
    pub no_header: bool,
    /// Print strings without quotes
    #[arg(short, long)]
    pub raw_output: bool,
    /// Also print the response headers
    #[arg(short, long)]
    pub include: bool,
    /// Print no body and no progress; warnings and errors stay
    #[arg(short, long)]
    pub quiet: bool,
    /// Print headers and timing on stderr (-vv: bodies too)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Where to print the body of an error response
    #[arg(long, value_enum, default_value_t = ErrorBodyArg::Stderr, value_name = "WHERE")]
    pub error_body: ErrorBodyArg,
}

impl OutputArgs {
    /// Returns whether flags for rows are given, which ask for a table where no format is.
    #[must_use]
    pub fn asks_for_rows(&self) -> bool {
        !self.columns.is_empty() || !self.sort.is_empty() || self.no_header
    }

    /// Returns whether a filter is given.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        self.jq.is_some() || self.jq_file.is_some()
    }
}

/// Where the body of an error response is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ErrorBodyArg {
    /// On stderr, if it says more than the error line
    #[default]
    Stderr,
    /// On stdout, always
    Stdout,
    /// Nowhere
    None,
}

// One call, but for its method.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug)]
pub struct CallArgs {
    /// MAAS: below the API root. Macrometa: from the host root with a leading `/`, else below the
    /// fabric
    #[arg(value_name = "PATH")]
    pub path: String,
    /// Field, parameter, header or file: `k=v`, `k:=json`, `k==v`, `Name:value`, `k@file`
    #[arg(value_name = "ITEM")]
    pub items: Vec<String>,
    /// Profile; `eu,us` or `'prod-*'` calls several and merges their responses
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// What is sent besides items
    #[command(flatten)]
    pub request: RequestArgs,
    /// How the response is printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// Where the response is saved
    #[command(flatten)]
    pub download: DownloadArgs,
    /// Which pages are wanted
    #[command(flatten)]
    pub paging: PagingArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// `call METHOD`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct AnyCallArgs {
    /// Method, e.g. `GET`
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// The call
    #[command(flatten)]
    pub call: CallArgs,
}

// What is sent.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Request")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct RequestArgs {
    /// Operation (MAAS): the query parameter `op`
    #[arg(long, value_name = "NAME")]
    pub op: Option<String>,
    /// Query parameter, taken literally
    #[arg(long, value_name = "K=V")]
    pub query: Vec<String>,
    /// Field, taken literally
    #[arg(short, long, value_name = "K=V")]
    pub field: Vec<String>,
    /// Field with typed JSON, taken literally
    #[arg(short = 'F', long, value_name = "K=JSON")]
    pub json_field: Vec<String>,
    /// Header, taken literally
    #[arg(short = 'H', long, value_name = "N: V")]
    pub header: Vec<String>,
    /// Complete body: text, `@FILE`, or `-` for standard input
    #[arg(long, value_name = "BODY", allow_hyphen_values = true)]
    pub body: Option<String>,
    /// Send items as a JSON body, whatever the method
    #[arg(long, group = "body_form")]
    pub json: bool,
    /// Send items as an urlencoded form, whatever the method
    #[arg(long, group = "body_form")]
    pub form: bool,
    /// Send items as a multipart form, whatever the method
    #[arg(long, group = "body_form")]
    pub multipart: bool,
    /// Allow what MAAS ignores: query parameters on a POST, unknown constraints of `allocate`
    #[arg(long, alias = "force-query")]
    pub force: bool,
    /// Send the request unsigned
    #[arg(long)]
    pub anonymous: bool,
    /// After a long operation, wait for the machine in the path, then print it (MAAS)
    #[arg(long)]
    pub wait: bool,
    /// Whether it is sent
    #[command(flatten)]
    pub send: SendArgs,
}

// Whether a call is sent, and to whom.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug, Default)]
pub struct SendArgs {
    /// Do not prompt before a change on a protected profile
    #[arg(short, long)]
    pub yes: bool,
    /// Allow a call that changes something to go to several profiles
    #[arg(long)]
    pub all: bool,
    /// Print the request instead of sending it
    #[arg(long)]
    pub dry_run: bool,
    /// Instead of sending, print a program that sends the request (key from `$APICALL_KEY`)
    #[arg(
        long = "as",
        value_enum,
        value_name = "LANGUAGE",
        conflicts_with = "dry_run"
    )]
    pub language: Option<Language>,
}

impl SendArgs {
    /// Returns whether the call is shown in the place of being sent.
    #[must_use]
    pub fn only_shows(&self) -> bool {
        self.dry_run || self.language.is_some()
    }
}

pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|e| e.to_string())
}
