//! Defines the arguments of `import`.
//!
//! Owns names, help and conflicts of flags; `commands::import` gives them their meaning.

use std::path::PathBuf;

use clap::Args;

use super::ConnectArgs;
use crate::flow::import::source::{Format, separator};

// `import`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct ImportArgs {
    /// Collection that takes the documents
    #[arg(value_name = "COLLECTION")]
    pub collection: String,
    /// File with the documents, also gzip'd; `-` or omitted: standard input
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Format of the documents [default: by name and first bytes]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Documents")]
    pub format: Option<Format>,
    /// CSV separator, e.g. `;` or `\t` [default: `,`]
    #[arg(long, value_name = "CHAR", help_heading = "Documents", value_parser = separator)]
    pub separator: Option<u8>,
    /// Types of CSV columns, e.g. `age=number,ok=bool`: text, number, bool, json
    #[arg(long, value_name = "NAME=TYPE", help_heading = "Documents")]
    pub types: Vec<String>,
    /// Read CSV cells as booleans, null and numbers if no spelling changes
    #[arg(long, help_heading = "Documents")]
    pub guess_types: bool,
    /// Field whose value becomes the document's key
    #[arg(long, value_name = "FIELD", help_heading = "Documents")]
    pub primary_key: Option<String>,
    /// Replace stored documents that have the same key
    #[arg(long, help_heading = "Documents")]
    pub replace: bool,
    /// Maximum number of documents per request
    #[arg(long, value_name = "N", default_value_t = crate::service::macrometa::import::MOST)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=crate::service::macrometa::import::MOST))]
    pub batch_size: u64,
    /// Parallel requests
    #[arg(short, long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Write each rejected document to FILE, with its line and the reason
    #[arg(long, value_name = "FILE", help_heading = "Safety")]
    pub rejects: Option<PathBuf>,
    /// Keep a journal, so that an interrupted run can be resumed
    #[arg(long, value_name = "FILE", help_heading = "Safety")]
    pub journal: Option<PathBuf>,
    /// Continue where the journal ends
    #[arg(long, requires = "journal", help_heading = "Safety")]
    pub resume: bool,
    /// Resend documents without a key that may already be stored
    #[arg(long, help_heading = "Safety")]
    pub resend: bool,
    /// Do not prompt before a change on a protected profile
    #[arg(short, long)]
    pub yes: bool,
    /// Print headers and timing on stderr (-vv: bodies too)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}
