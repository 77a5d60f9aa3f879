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
    /// File with the documents, gzip'd or not; `-` or nothing for standard input
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Format of the documents; by name and first bytes where it is not given
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Documents")]
    pub format: Option<Format>,
    /// What stands between the cells of CSV, e.g. `;` or `\t`
    #[arg(long, value_name = "CHAR", help_heading = "Documents", value_parser = separator)]
    pub separator: Option<u8>,
    /// Types of CSV columns, as `age=number,active=bool`: text, number, bool, json
    #[arg(long, value_name = "NAME=TYPE", help_heading = "Documents")]
    pub types: Vec<String>,
    /// Make booleans, null and numbers of CSV cells whose spelling stays the same
    #[arg(long, help_heading = "Documents")]
    pub guess_types: bool,
    /// Member whose value becomes the document's key
    #[arg(long, value_name = "FIELD", help_heading = "Documents")]
    pub primary_key: Option<String>,
    /// Replace stored documents that have the same key
    #[arg(long, help_heading = "Documents")]
    pub replace: bool,
    /// The most documents of a call
    #[arg(long, value_name = "N", default_value_t = crate::service::macrometa::import::MOST)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=crate::service::macrometa::import::MOST))]
    pub batch_size: u64,
    /// Calls side by side
    #[arg(short, long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Write each document that is not stored to a file, with its line and the reason
    #[arg(long, value_name = "FILE", help_heading = "Safety")]
    pub rejects: Option<PathBuf>,
    /// Keep a journal, so that a run that breaks can be resumed
    #[arg(long, value_name = "FILE", help_heading = "Safety")]
    pub journal: Option<PathBuf>,
    /// Go on where the journal ends
    #[arg(long, requires = "journal", help_heading = "Safety")]
    pub resume: bool,
    /// Send documents without a key again although an earlier call may have stored them
    #[arg(long, help_heading = "Safety")]
    pub resend: bool,
    /// Do not ask before changing something on a protected profile
    #[arg(short, long)]
    pub yes: bool,
    /// Heads and timing on stderr; twice: bodies too
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}
