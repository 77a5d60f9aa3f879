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
mod profiles;
mod query;
mod upload;
mod wait;
pub mod words;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, FromArgMatches as _};

use crate::ui::Color;

pub use batch::{BatchArgs, BatchCommand, BatchStatusArgs, RowFormat};
pub use call::{AnyCallArgs, CallArgs, ErrorBodyArg, OutputArgs, RequestArgs, SendArgs};
pub use connect::ConnectArgs;
pub use download::DownloadArgs;
pub use events::{EventsArgs, SelectArgs};
pub use export::{ExportArgs, ExportFormat, ExportWay};
pub use import::ImportArgs;
pub use ops::{OpsArgs, OpsForm};
pub use paging::PagingArgs;
pub use profiles::{
    DoctorArgs, ListFormat, LoginArgs, LogoutArgs, ProfileArgs, ProfileCommand, ServiceArg,
    ShowFormat, WhoamiArgs,
};
#[cfg(feature = "maascli")]
pub use profiles::{ImportMaasArgs, ImportSource};
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
        if args.len() == 2 && matches!(typed, Some("-V" | "--version")) {
            return Self::read_by(root(), args);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_name_the_profile_where_a_command_takes_one() {
        let takes_profile = |command: &&clap::Command| {
            let mut flags = command.get_arguments();
            flags.any(|arg| arg.get_id() == "profile") && !command.get_name().starts_with("log")
        };
        let mut command = Cli::command();
        command.build();
        let names: Vec<&str> = command
            .get_subcommands()
            .filter(takes_profile)
            .map(clap::Command::get_name)
            .collect();
        let mut listed = crate::ui::CALLS.to_vec();
        listed.sort_unstable();
        let mut names = names;
        names.sort_unstable();
        assert_eq!(names, listed);
    }
}
