//! Defines the arguments of `upload-image`.
//!
//! Owns names, help and conflicts of flags; `commands::upload_image` gives them their meaning.

use std::path::PathBuf;

use clap::Args;

use super::{ConnectArgs, OutputArgs};

// `upload-image`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct UploadImageArgs {
    /// Image file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Parameter of the image: `k=v`, or `k=@file` for a text file's content
    #[arg(value_name = "ITEM")]
    pub items: Vec<String>,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Parameter, taken literally
    #[arg(short, long, value_name = "K=V", help_heading = "Request")]
    pub field: Vec<String>,
    /// Do not prompt before a change on a protected profile
    #[arg(short, long, help_heading = "Request")]
    pub yes: bool,
    /// Print the announcement of the image instead of sending it
    #[arg(long, help_heading = "Request")]
    pub dry_run: bool,
    /// How the response is printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}
