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
    /// Columns of csv and tsv, as `_key,address.city`; those of the first documents where not given
    #[arg(long, value_name = "COLUMNS", allow_hyphen_values = true)]
    pub columns: Vec<String>,
    /// Write a file, packed where its name ends in `.gz`, which appears when it is complete
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How documents are fetched
    #[arg(long, value_enum, value_name = "WAY", default_value_t = ExportWay::Cursor)]
    pub by: ExportWay,
    /// Go on with a file that an export by offset left unfinished
    #[arg(long, requires = "to")]
    pub resume: bool,
    /// Documents of a page
    #[arg(long, value_name = "N", default_value_t = 1000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub page_size: u64,
    /// Heads and timing on stderr; twice: bodies too
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

/// How exported documents are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A document on each line
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
    /// By a query: one state of the collection, with `_id` and `_rev`
    Cursor,
    /// Page by page, without `_id` and `_rev`; can be resumed, but sees changes meanwhile
    Offset,
}
