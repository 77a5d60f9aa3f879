//! The command line, as clap's derive has it: what was typed, not what it means.
//!
//! Help, man pages and completions are drawn from these definitions and nowhere else; the longer
//! texts are in [`help`].

mod batch;
mod call;
mod choices;
mod connect;
mod download;
mod events;
mod export;
pub mod help;
mod import;
mod ops;
mod paging;
mod query;
mod upload;
mod wait;
pub mod words;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::ui::Color;

pub use batch::{BatchArgs, BatchCommand, BatchStatusArgs, RowFormat};
pub use call::{AnyCallArgs, CallArgs, ErrorBodyArg, OutputArgs, RequestArgs};
pub use connect::ConnectArgs;
pub use download::DownloadArgs;
pub use events::{EventsArgs, SelectArgs};
pub use export::{ExportArgs, ExportFormat, ExportWay};
pub use import::ImportArgs;
pub use ops::{OpsArgs, OpsForm};
pub use paging::PagingArgs;
pub use query::{HowArgs, QueryArgs};
pub use upload::UploadImageArgs;
pub use wait::WaitArgs;

/// Call MAAS and Macrometa APIs with a saved profile
#[derive(Debug, Parser)]
#[command(
    name = "apicall",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    args_override_self = true,
    max_term_width = 80,
    after_long_help = help::MAIN,
)]
pub struct Cli {
    /// When to use color
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = Color::Auto,
        value_name = "WHEN",
        help_heading = "Output"
    )]
    pub color: Color,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Detect the service, prompt for the key, verify it and save a profile
    #[command(after_long_help = help::LOGIN)]
    Login(LoginArgs),
    /// Delete a profile and its key
    #[command(after_long_help = help::LOGOUT)]
    Logout(LogoutArgs),
    /// Manage profiles; keys are always masked
    #[command(after_long_help = help::PROFILE)]
    Profile(ProfileArgs),
    /// Ask the server whose key this is
    #[command(after_long_help = help::WHOAMI)]
    Whoami(WhoamiArgs),
    /// Check config, network, TLS, clock and key, one line each
    #[command(after_long_help = help::DOCTOR)]
    Doctor(DoctorArgs),
    /// Send a GET request; items are query parameters
    #[command(after_long_help = help::GET)]
    Get(CallArgs),
    /// Send a POST request; items are form fields or JSON members
    #[command(after_long_help = help::POST)]
    Post(CallArgs),
    /// Send a PUT request; items as in POST
    #[command(after_long_help = help::PUT)]
    Put(CallArgs),
    /// Send a PATCH request; items as in POST
    #[command(after_long_help = help::PATCH)]
    Patch(CallArgs),
    /// Send a DELETE request; items are query parameters
    #[command(after_long_help = help::DELETE)]
    Delete(CallArgs),
    /// Send a HEAD request and print the response headers
    #[command(after_long_help = help::HEAD)]
    Head(CallArgs),
    /// Send an OPTIONS request and print the allowed methods
    #[command(after_long_help = help::OPTIONS)]
    Options(CallArgs),
    /// Send one signed call with any method
    #[command(after_long_help = help::CALL)]
    Call(AnyCallArgs),
    /// Wait until a state is reached, or stop at a failure
    #[command(after_long_help = help::WAIT)]
    Wait(WaitArgs),
    /// Send one call per row of a file: parallel, journaled, resumable
    #[command(after_long_help = help::BATCH)]
    Batch(BatchArgs),
    /// Print an `Authorization` header for another tool
    #[command(after_long_help = help::AUTH_HEADER)]
    AuthHeader(AuthHeaderArgs),
    /// Find operations and their parameters
    #[command(after_long_help = help::OPS)]
    Ops(OpsArgs),
    /// Upload a boot image in chunks (MAAS)
    #[command(after_long_help = help::UPLOAD_IMAGE)]
    UploadImage(UploadImageArgs),
    /// Run a `maas` command line with the same output and exit codes
    #[command(disable_help_flag = true, after_long_help = help::MAAS)]
    Maas(MaasArgs),
    /// Show or follow the event log (MAAS)
    #[command(after_long_help = help::EVENTS)]
    Events(EventsArgs),
    /// Run a query and print its rows (Macrometa)
    #[command(after_long_help = help::QUERY)]
    Query(QueryArgs),
    /// Import documents in bulk (Macrometa)
    #[command(after_long_help = help::IMPORT)]
    Import(ImportArgs),
    /// Print or save all documents of a collection (Macrometa)
    #[command(after_long_help = help::EXPORT)]
    Export(ExportArgs),
    /// Print the completion script of a shell
    #[command(after_long_help = help::COMPLETIONS)]
    Completions(CompletionsArgs),
}

// `login`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct LoginArgs {
    /// Server address [default: `$APICALL_URL`]
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// Profile name [default: the host]
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Read the key from standard input
    #[arg(long, group = "key_source", help_heading = "Key")]
    pub key_stdin: bool,
    /// Read the key from a file and save it
    #[arg(long, value_name = "FILE", group = "key_source", help_heading = "Key")]
    pub key_file: Option<PathBuf>,
    /// Save the name of a variable that holds the key
    #[arg(
        long,
        value_name = "VARIABLE",
        group = "key_source",
        help_heading = "Key"
    )]
    pub key_env: Option<String>,
    /// Save a shell command that prints the key
    #[arg(
        long,
        value_name = "COMMAND",
        group = "key_source",
        help_heading = "Key"
    )]
    pub key_command: Option<String>,
    /// Save a profile without a key
    #[arg(long, group = "key_source", help_heading = "Key")]
    pub anonymous: bool,
    /// Service, instead of detecting it
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub service: Option<ServiceArg>,
    /// Save without contacting the server
    #[arg(long)]
    pub no_verify: bool,
    /// Replace an existing profile; without URL, only its key
    #[arg(long)]
    pub replace: bool,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

/// The two services as a flag's value.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ServiceArg {
    /// Canonical MAAS
    Maas,
    /// Macrometa GDN
    Macrometa,
}

impl From<ServiceArg> for crate::service::Service {
    fn from(arg: ServiceArg) -> Self {
        match arg {
            ServiceArg::Maas => Self::Maas,
            ServiceArg::Macrometa => Self::Macrometa,
        }
    }
}

// `logout`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct LogoutArgs {
    /// Profile name [default: `$APICALL_PROFILE`, else the default profile]
    #[arg(id = "PROFILE", value_name = "PROFILE")]
    pub name: Option<String>,
    /// Profile name, like other commands take it
    #[arg(
        short,
        long = "profile",
        value_name = "PROFILE",
        conflicts_with = "PROFILE"
    )]
    pub profile: Option<String>,
}

// `profile`. Subcommands that stand in the enum itself would be built for every call.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct ProfileArgs {
    /// What to do
    #[command(subcommand)]
    pub command: ProfileCommand,
}

// What `profile` does.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// List the profiles; `*` marks the default
    #[command(alias = "ls", after_long_help = help::PROFILE_LIST)]
    List {
        /// Output format
        #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = ListFormat::Text)]
        output: ListFormat,
    },
    /// Show one profile, its key masked
    #[command(after_long_help = help::PROFILE_SHOW)]
    Show {
        /// Profile name [default: `$APICALL_PROFILE`, else the default profile]
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        name: Option<String>,
        /// Output format
        #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = ShowFormat::Text)]
        output: ShowFormat,
    },
    /// Make a profile the default
    #[command(after_long_help = help::PROFILE_USE)]
    Use {
        /// Profile name
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        name: String,
    },
    /// Set, change or remove settings of a profile
    #[command(after_long_help = help::PROFILE_SET)]
    Set {
        /// Profile name
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        name: String,
        /// `KEY=VALUE`; `KEY=` removes it; a secret: `KEY`, `KEY=@FILE` or `KEY=-`
        #[arg(value_name = "SETTING", required = true)]
        settings: Vec<String>,
    },
    /// Give a profile another name
    #[command(after_long_help = help::PROFILE_RENAME)]
    Rename {
        /// Current name
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        from: String,
        /// New name
        #[arg(value_name = "NAME")]
        to: String,
    },
    /// Delete a profile and its key
    #[command(after_long_help = help::PROFILE_REMOVE)]
    Remove {
        /// Profile name
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        name: String,
    },
    /// Import profiles from another program
    #[cfg(feature = "maascli")]
    #[command(after_long_help = help::PROFILE_IMPORT)]
    Import {
        /// The program
        #[command(subcommand)]
        source: ImportSource,
    },
    /// Print the path of the config file
    #[command(after_long_help = help::PROFILE_PATH)]
    Path,
}

/// Programs whose profiles can be imported.
#[cfg(feature = "maascli")]
#[derive(Debug, Subcommand)]
pub enum ImportSource {
    /// Import profiles of the `maas` command line (`~/.maascli.db`)
    #[command(after_long_help = help::PROFILE_IMPORT)]
    Maas(ImportMaasArgs),
}

// `profile import maas`
#[cfg(feature = "maascli")]
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct ImportMaasArgs {
    /// Profiles to import [default: all]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Database to read [default: ~/.maascli.db]
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Replace profiles of the same name
    #[arg(long)]
    pub replace: bool,
    /// Print what would be imported
    #[arg(long)]
    pub dry_run: bool,
}

/// How a list of profiles is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Columns: default, name, service, URL, where the key comes from
    Text,
    /// JSON
    Json,
    /// One name per line
    Names,
}

/// How one profile is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// One line per setting
    Text,
    /// JSON
    Json,
}

// `whoami`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug)]
pub struct WhoamiArgs {
    /// Also print the key's rights and grants (some more requests; Macrometa)
    #[arg(long)]
    pub rights: bool,
    /// Profile; `eu,us` or `'prod-*'` asks several and merges their responses
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// How the response is printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// `doctor`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {
    /// Profile to check; `eu,us` or `'*'` checks several, one row each
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Output format
    #[arg(short, long, value_enum, default_value_t = ShowFormat::Text)]
    pub output: ShowFormat,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// `auth-header`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct AuthHeaderArgs {
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Word before a Macrometa key: `apikey`, `bearer` or empty
    #[arg(long, value_name = "WORD")]
    pub scheme: Option<String>,
}

// `maas`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct MaasArgs {
    /// `login`, `logout`, `list`, `refresh`, or PROFILE HANDLER ACTION
    #[arg(
        value_name = "ARG",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub args: Vec<OsString>,
}

// `completions`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// Shell to print the script for
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
