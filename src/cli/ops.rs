//! Defines the arguments of `ops`.
//!
//! Owns names, help and conflicts of flags; `commands::ops` gives them their meaning.

use clap::{Args, ValueEnum};

use super::ConnectArgs;

// `ops`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct OpsArgs {
    /// Word in the operation's name, path or description; all must occur
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// Print parameters and an example even of several matches
    #[arg(long)]
    pub show: bool,
    /// Output format
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = OpsForm::Text)]
    pub output: OpsForm,
    /// Fetch the description again
    #[arg(long)]
    pub refresh: bool,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

/// How operations are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OpsForm {
    /// One line per operation; a single match with its parameters
    Text,
    /// A table with a header row
    Table,
    /// JSON, with parameters and examples
    Json,
}
