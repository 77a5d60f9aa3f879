//! Defines the command line: what was typed, not what it means.
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

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, FromArgMatches as _, Subcommand, ValueEnum};

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

/// A command line, read.
#[derive(Debug)]
pub struct Cli {
    /// When to use color.
    pub color: Color,
    /// What to do.
    pub command: Command,
}

impl Cli {
    /// Reads a command line. Of all commands only the typed one is defined, as the others would cost
    /// each call some twenty page faults; whatever is wrong is reported by the complete definition.
    pub fn read(args: &[OsString]) -> Result<Self, clap::Error> {
        let typed = args.get(1).and_then(|word| word.to_str());
        if let Some(typed) = typed.and_then(Command::definition)
            && let Ok(cli) = Self::read_by(root().subcommand(typed), args)
        {
            return Ok(cli);
        }
        Self::read_by(Self::command(), args)
    }

    fn read_by(definition: clap::Command, args: &[OsString]) -> Result<Self, clap::Error> {
        let mut matches = definition.try_get_matches_from(args)?;
        let color = matches.remove_one("color").unwrap_or(Color::Auto);
        let command = Command::from_arg_matches_mut(&mut matches)?;
        Ok(Self { color, command })
    }

    /// Returns the complete definition, from which help, man pages and completions are drawn.
    #[must_use]
    pub fn command() -> clap::Command {
        root().after_long_help(help::MAIN).subcommands(
            Command::NAMES
                .iter()
                .copied()
                .filter_map(Command::definition),
        )
    }
}

fn root() -> clap::Command {
    clap::Command::new("apicall")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Call MAAS and Macrometa APIs with a saved profile")
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args_override_self(true)
        .max_term_width(80)
        .arg(
            Arg::new("color")
                .long("color")
                .global(true)
                .value_parser(clap::value_parser!(Color))
                .default_value("auto")
                .value_name("WHEN")
                .help("When to use color")
                .help_heading("Output"),
        )
}

/// Defines the commands: for each its help, its arguments, its name and the text below its options.
macro_rules! commands {
    ($(#[doc = $about:literal] $variant:ident($args:ty) as $name:literal, $help:path;)*) => {
        /// The commands.
        #[derive(Debug)]
        pub enum Command {
            $(#[doc = $about] $variant($args),)*
        }

        impl Command {
            const NAMES: &[&str] = &[$($name),*];

            /// Returns the definition of the command with this name.
            fn definition(name: &str) -> Option<clap::Command> {
                Some(match name {
                    $($name => clap::Command::new($name)
                        .about($about.trim_ascii())
                        .after_long_help($help)
                        .defer(<$args>::augment_args),)*
                    _ => return None,
                })
            }

            fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
                match matches.remove_subcommand() {
                    $(Some((name, mut matches)) if name == $name => {
                        <$args>::from_arg_matches_mut(&mut matches).map(Self::$variant)
                    })*
                    _ => Err(clap::Error::new(ErrorKind::MissingSubcommand)),
                }
            }
        }
    };
}

commands! {
    /// Detect the service, prompt for the key, verify it and save a profile
    Login(LoginArgs) as "login", help::LOGIN;
    /// Delete a profile and its key
    Logout(LogoutArgs) as "logout", help::LOGOUT;
    /// Manage profiles; keys are always masked
    Profile(ProfileArgs) as "profile", help::PROFILE;
    /// Ask the server whose key this is
    Whoami(WhoamiArgs) as "whoami", help::WHOAMI;
    /// Check config, network, TLS, clock and key, one line each
    Doctor(DoctorArgs) as "doctor", help::DOCTOR;
    /// Send a GET request; items are query parameters
    Get(CallArgs) as "get", help::GET;
    /// Send a POST request; items are form fields or JSON members
    Post(CallArgs) as "post", help::POST;
    /// Send a PUT request; items as in POST
    Put(CallArgs) as "put", help::PUT;
    /// Send a PATCH request; items as in POST
    Patch(CallArgs) as "patch", help::PATCH;
    /// Send a DELETE request; items are query parameters
    Delete(CallArgs) as "delete", help::DELETE;
    /// Send a HEAD request and print the response headers
    Head(CallArgs) as "head", help::HEAD;
    /// Send an OPTIONS request and print the allowed methods
    Options(CallArgs) as "options", help::OPTIONS;
    /// Send one signed call with any method
    Call(AnyCallArgs) as "call", help::CALL;
    /// Wait until a state is reached, or stop at a failure
    Wait(WaitArgs) as "wait", help::WAIT;
    /// Send one call per row of a file: parallel, journaled, resumable
    Batch(BatchArgs) as "batch", help::BATCH;
    /// Print an `Authorization` header for another tool
    AuthHeader(AuthHeaderArgs) as "auth-header", help::AUTH_HEADER;
    /// Find operations and their parameters
    Ops(OpsArgs) as "ops", help::OPS;
    /// Upload a boot image in chunks (MAAS)
    UploadImage(UploadImageArgs) as "upload-image", help::UPLOAD_IMAGE;
    /// Run a `maas` command line with the same output and exit codes
    Maas(MaasArgs) as "maas", help::MAAS;
    /// Show or follow the event log (MAAS)
    Events(EventsArgs) as "events", help::EVENTS;
    /// Run a query and print its rows (Macrometa)
    Query(QueryArgs) as "query", help::QUERY;
    /// Import documents in bulk (Macrometa)
    Import(ImportArgs) as "import", help::IMPORT;
    /// Print or save all documents of a collection (Macrometa)
    Export(ExportArgs) as "export", help::EXPORT;
    /// Print the completion script of a shell
    Completions(CompletionsArgs) as "completions", help::COMPLETIONS;
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
#[command(disable_help_flag = true)]
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
