//! The command line, as clap's derive has it: what was typed, not what it means.
//!
//! Help, man pages and completions are drawn from these definitions and nowhere else; the longer
//! texts are in [`help`].

pub mod help;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::output::Form;
use crate::profile::{Overrides, duration};
use crate::ui::Color;

/// Calls the APIs of MAAS and Macrometa with a saved profile, and prints the JSON.
#[derive(Debug, Parser)]
#[command(
    name = "apicall",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_long_help = help::MAIN,
)]
pub struct Cli {
    /// When to use colour
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
    /// Find out the service, ask for the key, verify it with the server, store the profile
    #[command(after_long_help = help::LOGIN)]
    Login(LoginArgs),
    /// Forget a profile and its key
    #[command(after_long_help = help::LOGOUT)]
    Logout(LogoutArgs),
    /// Manage profiles; keys are always masked
    #[command(subcommand, after_long_help = help::PROFILE)]
    Profile(ProfileCommand),
    /// Ask the server whose key this is
    #[command(after_long_help = help::WHOAMI)]
    Whoami(WhoamiArgs),
    /// Look at config, network, TLS, clock and key, one line each
    #[command(after_long_help = help::DOCTOR)]
    Doctor(DoctorArgs),
    /// Send a GET: items are query parameters
    #[command(after_long_help = help::GET)]
    Get(CallArgs),
    /// Send a POST: items are form fields (MAAS) or members of a JSON object (Macrometa)
    #[command(after_long_help = help::POST)]
    Post(CallArgs),
    /// Send a PUT: items go where POST puts them
    #[command(after_long_help = help::PUT)]
    Put(CallArgs),
    /// Send a PATCH: items go where POST puts them
    #[command(after_long_help = help::PATCH)]
    Patch(CallArgs),
    /// Send a DELETE: items are query parameters
    #[command(after_long_help = help::DELETE)]
    Delete(CallArgs),
    /// Send a HEAD and print the answer's head
    #[command(after_long_help = help::HEAD)]
    Head(CallArgs),
    /// Send an OPTIONS and print what is allowed
    #[command(after_long_help = help::OPTIONS)]
    Options(CallArgs),
    /// Send one signed call with any method
    #[command(after_long_help = help::CALL)]
    Call(AnyCallArgs),
    /// Print the completion script of a shell
    #[command(after_long_help = help::COMPLETIONS)]
    Completions(CompletionsArgs),
}

// How the server is reached; each setting goes before environment and profile.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Connection")]
pub struct ConnectArgs {
    /// Fabric for paths without a leading slash (Macrometa)
    #[arg(long, value_name = "NAME")]
    pub fabric: Option<String>,
    /// Trust the certificates of this PEM file instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Trust the server with this public key: `sha256//BASE64`, or 64 hex digits
    #[arg(long, value_name = "HASH")]
    pub pin: Option<String>,
    /// Do not verify the server's certificate
    #[arg(short = 'k', long)]
    pub insecure: bool,
    /// Client certificate, a PEM file
    #[arg(long, value_name = "FILE")]
    pub client_cert: Option<PathBuf>,
    /// Key of the client certificate, a PEM file
    #[arg(long, value_name = "FILE")]
    pub client_key: Option<PathBuf>,
    /// Proxy, as `http://host:3128` or `socks5://host:1080`; empty for none
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
    /// Limit for the whole call, as `30s` or `10m`
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,
    /// Limit for connecting (10 s)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub connect_timeout: Option<Duration>,
    /// How often a call may be repeated (3)
    #[arg(long, value_name = "N")]
    pub retries: Option<u32>,
    /// Word before a Macrometa key: `apikey`, `bearer` or empty
    #[arg(long, value_name = "WORD")]
    pub scheme: Option<String>,
}

impl ConnectArgs {
    /// The same as the profile's settings know it.
    #[must_use]
    pub fn overrides(&self, profile: Option<&str>) -> Overrides {
        Overrides {
            profile: profile.map(str::to_owned),
            fabric: self.fabric.clone(),
            ca_file: self.ca_file.clone(),
            insecure: self.insecure,
            pin: self.pin.clone(),
            client_cert: self.client_cert.clone(),
            client_key: self.client_key.clone(),
            proxy: self.proxy.clone(),
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            retries: self.retries,
            scheme: self.scheme.clone(),
        }
    }
}

// `login`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct LoginArgs {
    /// Address of the server; `$APICALL_URL` where it is not given
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// Name of the profile; the host names it where it is not given
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Read the key from standard input
    #[arg(long, group = "key_source", help_heading = "Key")]
    pub key_stdin: bool,
    /// Read the key from a file, and store it
    #[arg(long, value_name = "FILE", group = "key_source", help_heading = "Key")]
    pub key_file: Option<PathBuf>,
    /// Store the name of a variable; the key is read from it when it is needed
    #[arg(
        long,
        value_name = "VARIABLE",
        group = "key_source",
        help_heading = "Key"
    )]
    pub key_env: Option<String>,
    /// Store a shell command; the key is what it prints when it is needed
    #[arg(
        long,
        value_name = "COMMAND",
        group = "key_source",
        help_heading = "Key"
    )]
    pub key_command: Option<String>,
    /// Store a profile without a key
    #[arg(long, group = "key_source", help_heading = "Key")]
    pub anonymous: bool,
    /// Say which service it is instead of asking the server
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub service: Option<ServiceArg>,
    /// Store without asking the server, for one that is off
    #[arg(long)]
    pub no_verify: bool,
    /// Replace a profile of that name
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
    /// Name of the profile; the default where it is not given
    #[arg(id = "PROFILE", value_name = "PROFILE")]
    pub name: Option<String>,
    /// Name of the profile, as other commands take it
    #[arg(
        short,
        long = "profile",
        value_name = "PROFILE",
        conflicts_with = "PROFILE"
    )]
    pub profile: Option<String>,
}

/// `profile`
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// List the profiles; `*` marks the default
    #[command(after_long_help = help::PROFILE_LIST)]
    List {
        /// Form of the list
        #[arg(short, long, value_enum, value_name = "FORM", default_value_t = ListForm::Text)]
        output: ListForm,
    },
    /// Show one profile, its key masked
    #[command(after_long_help = help::PROFILE_SHOW)]
    Show {
        /// Name of the profile; the default where it is not given
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        name: Option<String>,
        /// Form of the profile
        #[arg(short, long, value_enum, value_name = "FORM", default_value_t = ShowForm::Text)]
        output: ShowForm,
    },
    /// Make a profile the default
    #[command(after_long_help = help::PROFILE_USE)]
    Use {
        /// Name of the profile
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        name: String,
    },
    /// Give a profile another name
    #[command(after_long_help = help::PROFILE_RENAME)]
    Rename {
        /// Its name
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        from: String,
        /// Its new name
        #[arg(value_name = "NAME")]
        to: String,
    },
    /// Forget a profile and its key
    #[command(after_long_help = help::PROFILE_REMOVE)]
    Remove {
        /// Name of the profile
        #[arg(id = "PROFILE", value_name = "PROFILE")]
        name: String,
    },
    /// Print the path of the config file
    #[command(after_long_help = help::PROFILE_PATH)]
    Path,
}

/// How a list of profiles is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListForm {
    /// Columns: default, name, service, URL, where the key comes from
    Text,
    /// JSON
    Json,
    /// One name a line
    Names,
}

/// How one profile is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowForm {
    /// A line each
    Text,
    /// JSON
    Json,
}

// `whoami`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct WhoamiArgs {
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// How the answer is printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// `doctor`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// Profile to look at
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Output form
    #[arg(short, long, value_enum, default_value_t = ListForm::Text)]
    pub output: ListForm,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// How an answer is printed.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Form of the body; by its Content-Type where it is not given
    #[arg(short, long, value_enum, value_name = "FORM")]
    pub output: Option<Form>,
    /// Print the answer's head, too
    #[arg(short, long)]
    pub include: bool,
    /// Heads and timing on stderr; twice: bodies too
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Where the body of an error goes
    #[arg(long, value_enum, default_value_t = ErrorBodyArg::Stderr, value_name = "WHERE")]
    pub error_body: ErrorBodyArg,
}

/// Where the body of an error goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ErrorBodyArg {
    /// To stderr, where it says more than the error's line
    #[default]
    Stderr,
    /// To stdout, always
    Stdout,
    /// Nowhere
    None,
}

// One call, but for its method.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct CallArgs {
    /// Below the API root (MAAS); from the host root, or below the fabric (Macrometa)
    #[arg(value_name = "PATH")]
    pub path: String,
    /// Field, parameter, header or file: `k=v`, `k:=json`, `k==v`, `Name:value`, `k@file`
    #[arg(value_name = "ITEM")]
    pub items: Vec<String>,
    /// Profile to use
    #[arg(short, long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// What is sent besides items
    #[command(flatten)]
    pub request: RequestArgs,
    /// How the answer is printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

// `call METHOD`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct AnyCallArgs {
    /// Method, as `GET`
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// The call
    #[command(flatten)]
    pub call: CallArgs,
}

// What is sent.
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Request")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct RequestArgs {
    /// Operation (MAAS): the query parameter `op`
    #[arg(long, value_name = "NAME")]
    pub op: Option<String>,
    /// Query parameter, taken literally
    #[arg(long, value_name = "K=V")]
    pub query: Vec<String>,
    /// Field, taken literally
    #[arg(short, long, value_name = "K=V")]
    pub field: Vec<String>,
    /// Field with typed JSON, taken literally
    #[arg(short = 'F', long, value_name = "K=JSON")]
    pub json_field: Vec<String>,
    /// Header, taken literally
    #[arg(short = 'H', long, value_name = "N: V")]
    pub header: Vec<String>,
    /// Whole body: a text, `@FILE`, or `-` for standard input
    #[arg(long, value_name = "BODY", allow_hyphen_values = true)]
    pub body: Option<String>,
    /// Send items as a JSON body, whatever the method
    #[arg(long, group = "body_form")]
    pub json: bool,
    /// Send items as an urlencoded form, whatever the method
    #[arg(long, group = "body_form")]
    pub form: bool,
    /// Send items as a multipart form, whatever the method
    #[arg(long, group = "body_form")]
    pub multipart: bool,
    /// Send query parameters on a MAAS POST, which ignores them
    #[arg(long)]
    pub force_query: bool,
    /// Do not sign
    #[arg(long)]
    pub anonymous: bool,
    /// Do not ask before changing something on a protected profile
    #[arg(short, long)]
    pub yes: bool,
    /// Print the request instead of sending it
    #[arg(long)]
    pub dry_run: bool,
}

// `completions`
#[expect(missing_docs, reason = "clap would take it for the command's help")]
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// Shell to complete in
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|e| e.message)
}
