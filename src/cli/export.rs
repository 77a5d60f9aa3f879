//! Defines the arguments of `export`.
//!
//! Owns names, help and conflicts of flags; `commands::export` gives them their meaning.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ConnectArgs;
use crate::output::Format;

// `export`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// Collection whose documents are printed
    #[arg(value_name = "COLLECTION")]
    pub collection: String,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Output format [default: by the name of `--to`, else ndjson]
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub output: Option<ExportFormat>,
    /// Columns of csv and tsv, e.g. `_key,address.city` [default: those of the first documents]
    #[arg(long, value_name = "COLUMNS", allow_hyphen_values = true)]
    pub columns: Vec<String>,
    /// Write FILE, which appears only when complete; `.gz` compresses
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How documents are fetched
    #[arg(long, value_enum, value_name = "WAY", default_value_t = ExportWay::Cursor)]
    pub by: ExportWay,
    /// Continue an interrupted `--by offset` export
    #[arg(long, requires = "to")]
    pub resume: bool,
    /// Documents per page
    #[arg(long, value_name = "N", default_value_t = 1000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub page_size: u64,
    /// Print headers and timing on stderr (-vv: bodies too)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

/// How exported documents are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One document per line
    Ndjson,
    /// One JSON array
    Json,
    /// Comma-separated values
    Csv,
    /// Tab-separated values; tab, newline and `\` are escaped
    Tsv,
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Ndjson => Self::Ndjson,
            ExportFormat::Json => Self::Json,
            ExportFormat::Csv => Self::Csv,
            ExportFormat::Tsv => Self::Tsv,
        }
    }
}

/// How documents are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportWay {
    /// With a query: one state of the collection, with `_id` and `_rev`
    Cursor,
    /// Page by page, without `_id` and `_rev`; resumable, but sees later changes
    Offset,
}
