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
    /// Save the body unchanged; FILE appears only when complete
    #[arg(long, value_name = "FILE")]
    pub download: Option<PathBuf>,
    /// Save to a new file here, named by the response (or the path)
    #[arg(short = 'O', long, conflicts_with = "download")]
    pub remote_name: bool,
    /// Resume an interrupted `--download`, if the server supports it
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
