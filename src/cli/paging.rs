//! Defines the arguments of calls whose lists come in pages.
//!
//! Owns names, help and conflicts of flags; `commands::pages` gives them their meaning.

use clap::Args;

// Which pages are wanted.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct PagingArgs {
    /// Fetch all pages of a list and print their elements as one
    #[arg(long, conflicts_with_all = ["download", "remote_name"])]
    pub paginate: bool,
    /// Stop after N elements, and fetch no further page
    #[arg(long, value_name = "N", conflicts_with_all = ["download", "remote_name"])]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    pub max_items: Option<u64>,
}
