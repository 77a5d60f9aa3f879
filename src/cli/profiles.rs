//! Defines the commands about profiles: `login`, `logout`, `profile`, `whoami` and `doctor`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConnectArgs, OutputArgs, help};

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
    /// Lines of text
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
