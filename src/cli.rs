//! The command line, as clap's derive has it: what was typed, not what it means.
//!
//! Help, man pages and completions are drawn from these definitions and nowhere else.

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
    after_long_help = MAIN_EXAMPLES,
)]
pub struct Cli {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", hide_possible_values = false, help_heading = "Output")]
    pub color: Color,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

const MAIN_EXAMPLES: &str = "\
Examples:
  apicall login http://10.0.0.2:5240/MAAS
  apicall get /machines/ --op list_allocated
  apicall post /machines/4y3h7n/ --op deploy distro_series=noble
  apicall get collection -p play
  apicall get /machines/ hostname=node18 -o compact | jq -r '.[].system_id'

`apicall COMMAND --help` explains a command, its items and its examples.";

/// The commands.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Find out the service, ask for the key, verify it with the server, store the profile
    #[command(after_long_help = LOGIN_EXAMPLES)]
    Login(LoginArgs),
    /// Forget a profile and its key
    #[command(after_long_help = LOGOUT_EXAMPLES)]
    Logout(LogoutArgs),
    /// Manage profiles; keys are always masked
    #[command(subcommand, after_long_help = PROFILE_EXAMPLES)]
    Profile(ProfileCommand),
    /// Ask the server whose key this is
    #[command(after_long_help = WHOAMI_EXAMPLES)]
    Whoami(WhoamiArgs),
    /// Look at config, network, TLS, clock and key, one line each
    #[command(after_long_help = DOCTOR_EXAMPLES)]
    Doctor(DoctorArgs),
    /// Send a GET: items are query parameters
    #[command(after_long_help = GET_EXAMPLES)]
    Get(CallArgs),
    /// Send a POST: items are form fields (MAAS) or members of a JSON object (Macrometa)
    #[command(after_long_help = POST_EXAMPLES)]
    Post(CallArgs),
    /// Send a PUT: items go where POST puts them
    #[command(after_long_help = PUT_EXAMPLES)]
    Put(CallArgs),
    /// Send a PATCH: items go where POST puts them
    #[command(after_long_help = PATCH_EXAMPLES)]
    Patch(CallArgs),
    /// Send a DELETE: items are query parameters
    #[command(after_long_help = DELETE_EXAMPLES)]
    Delete(CallArgs),
    /// Send a HEAD and print the answer's head
    #[command(after_long_help = HEAD_EXAMPLES)]
    Head(CallArgs),
    /// Send an OPTIONS and print what is allowed
    #[command(after_long_help = OPTIONS_EXAMPLES)]
    Options(CallArgs),
    /// Send one signed call with any method
    #[command(after_long_help = CALL_EXAMPLES)]
    Call(AnyCallArgs),
    /// Print the completion script of a shell
    #[command(after_long_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
}

const LOGIN_EXAMPLES: &str = "\
The address may be written as `host`, `host:5240`, `http://host:5240/MAAS`,
`http://host:5240/MAAS/api/2.0/`, `play.paas.macrometa.io` or `api-play…`. A key is never an
argument: it is asked for, or comes from a file, standard input, a variable or a command.

Examples:
  apicall login http://10.0.0.2:5240/MAAS
  maas apikey --username admin | apicall login 10.0.0.2 -p lab --key-stdin
  apicall login play.paas.macrometa.io -p play --key-file key.txt
  apicall login 10.0.0.2 -p lab --key-command 'pass show maas/lab' --replace";

const LOGOUT_EXAMPLES: &str = "\
Examples:
  apicall logout lab";

const PROFILE_EXAMPLES: &str = "\
Examples:
  apicall profile list
  apicall profile show lab -o json
  apicall profile use lab
  apicall profile rename 10.0.0.2 lab";

const WHOAMI_EXAMPLES: &str = "\
Prints the user of a MAAS key, or the tenant and the fabrics that a Macrometa key can see.

Examples:
  apicall whoami
  apicall whoami -p play";

const DOCTOR_EXAMPLES: &str = "\
Ends with the exit code of the first failure.

Examples:
  apicall doctor
  apicall doctor -p play -o json";

macro_rules! items_help {
    () => {
        "\
Items:
  k=v             GET, HEAD, DELETE: query. POST, PUT, PATCH: form field (MAAS) or JSON (Macrometa)
  k:=json         typed JSON; its text in forms and queries
  k==v            query parameter, on any method
  Name:value      header; `Name:` sends none
  k=@file         the value is a file's text; `k:=@file` a JSON file
  k@file          a file part (multipart), `;type=TYPE` sets its type
  'a[b][]=v'      nested, in JSON
  @file, -        the whole body, from a file or standard input
"
    };
}

const GET_EXAMPLES: &str = concat!(
    items_help!(),
    "
Examples:
  apicall get /machines/ --op list_allocated
  apicall get /machines/ hostname=node18 hostname=node19
  apicall get '/machines/?pool=lab' -o compact
  apicall get collection -p play
  apicall get /_api/key -p play -i"
);
const POST_EXAMPLES: &str = concat!(
    items_help!(),
    "
Examples:
  apicall post /machines/ --op allocate pool=lab tags=gpu tags=nvme
  apicall post /machines/4y3h7n/ --op deploy distro_series=noble user_data=@cloud-init.b64
  apicall post /files/ filename=notes.txt 'file@notes.txt'
  apicall post collection name=orders 'keyOptions[type]=autoincrement' -p play
  apicall post document/orders --body '[{\"n\":1},{\"n\":2}]' -p play"
);
const PUT_EXAMPLES: &str = concat!(
    items_help!(),
    "
Examples:
  apicall put /tags/gpu/ comment='has a GPU'
  apicall put document/orders/17 n:=2 -p play"
);
const PATCH_EXAMPLES: &str = concat!(
    items_help!(),
    "
Examples:
  apicall patch document/orders/17 state=paid keepNull==0 -p play"
);
const DELETE_EXAMPLES: &str = concat!(
    items_help!(),
    "
Examples:
  apicall delete /tags/gpu/
  apicall delete document/orders --json '[]=17' '[]=18' -p play"
);
const HEAD_EXAMPLES: &str = "\
Examples:
  apicall head document/orders/17 -p play";
const OPTIONS_EXAMPLES: &str = "\
Examples:
  apicall options /machines/";
const CALL_EXAMPLES: &str = concat!(
    items_help!(),
    "
Examples:
  apicall call GET /machines/
  apicall call PROPFIND /_api/x -p play"
);
const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  apicall completions bash > ~/.local/share/bash-completion/completions/apicall
  apicall completions zsh > ~/.zfunc/_apicall
  apicall completions fish > ~/.config/fish/completions/apicall.fish";

/// How the server is reached; each setting goes before environment and profile.
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

/// `login`
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

/// `logout`
#[derive(Args, Debug)]
pub struct LogoutArgs {
    /// Name of the profile; the default where it is not given
    #[arg(value_name = "PROFILE")]
    pub name: Option<String>,
    /// The same as a flag
    #[arg(short, long = "profile", value_name = "NAME", conflicts_with = "name")]
    pub profile: Option<String>,
}

/// `profile`
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// List the profiles; `*` marks the default
    List {
        /// Output form
        #[arg(short, long, value_enum, default_value_t = ListForm::Text)]
        output: ListForm,
    },
    /// Show one profile, its key masked
    Show {
        /// Name of the profile; the default where it is not given
        name: Option<String>,
        /// Output form
        #[arg(short, long, value_enum, default_value_t = ListForm::Text)]
        output: ListForm,
    },
    /// Make a profile the default
    Use {
        /// Name of the profile
        name: String,
    },
    /// Give a profile another name
    Rename {
        /// Its name
        from: String,
        /// Its new name
        to: String,
    },
    /// Forget a profile and its key
    Remove {
        /// Name of the profile
        name: String,
    },
    /// Print the path of the config file
    Path,
}

/// How lists of profiles are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListForm {
    /// Columns
    Text,
    /// JSON
    Json,
}

/// `whoami`
#[derive(Args, Debug)]
pub struct WhoamiArgs {
    /// Profile to use
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,
    /// How the answer is printed
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the server is reached
    #[command(flatten)]
    pub connect: ConnectArgs,
}

/// `doctor`
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

/// How an answer is printed.
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

/// One call, but for its method.
#[derive(Args, Debug)]
pub struct CallArgs {
    /// Path: below the API root (MAAS), from the host root or below the fabric (Macrometa)
    #[arg(value_name = "PATH")]
    pub path: String,
    /// Fields, parameters, headers and files: `k=v`, `k:=json`, `k==v`, `Name:value`, `k@file`
    #[arg(value_name = "ITEM")]
    pub items: Vec<String>,
    /// Profile to use
    #[arg(short, long, value_name = "NAME")]
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

/// `call METHOD`
#[derive(Args, Debug)]
pub struct AnyCallArgs {
    /// Method, as `GET`
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// The call
    #[command(flatten)]
    pub call: CallArgs,
}

/// What is sent.
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

/// `completions`
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// Shell to complete in
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|e| e.message)
}
