//! Defines the arguments of calls whose response goes into a file.
//!
//! Owns names, help and conflicts of flags; `commands::download` gives them their meaning.

use std::path::PathBuf;

use clap::Args;

// Where a body is saved.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct DownloadArgs {
    /// Write the body to this file, as it came; it appears when it is complete
    #[arg(long, value_name = "FILE")]
    pub download: Option<PathBuf>,
    /// The same, into a new file here, named by the response, else by the path
    #[arg(short = 'O', long, conflicts_with = "download")]
    pub remote_name: bool,
    /// Continue a download that broke off, where the server allows it
    #[arg(short, long = "continue")]
    pub continues: bool,
}

impl DownloadArgs {
    /// Returns whether the body goes into a file.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.download.is_some() || self.remote_name
    }
}
