//! Help of the commands for profiles, keys and the shell.

pub const LOGIN: &str = "\
The address can be `host`, `host:5240`, `http://host:5240/MAAS`,
`http://host:5240/MAAS/api/2.0/`, `play.paas.macrometa.io` or `api-play…`.
A key is never an argument: it is prompted for, or read from a file, standard
input, a variable or a command.

Examples:
  apicall login http://10.0.0.2:5240/MAAS
  maas apikey --username admin | apicall login 10.0.0.2 -p lab --key-stdin
  apicall login play.paas.macrometa.io -p play --key-file key.txt
  apicall login 10.0.0.2 -p lab --key-command 'pass show maas/lab' --replace
  apicall login --replace -p lab --key-file new.key";

pub const LOGOUT: &str = "\
Examples:
  apicall logout
  apicall logout lab";

pub const PROFILE: &str = "\
Examples:
  apicall profile list
  apicall profile show lab -o json
  apicall profile use lab
  apicall profile set lab timeout=30s
  apicall profile rename 10.0.0.2 lab";

pub const PROFILE_LIST: &str = "\
Examples:
  apicall profile list
  apicall profile list -o json | jq -r '.[].url'
  for p in $(apicall profile list -o names); do apicall whoami -p \"$p\"; done";

pub const PROFILE_SHOW: &str = "\
Examples:
  apicall profile show
  apicall profile show lab -o json";

pub const PROFILE_USE: &str = "\
Examples:
  apicall profile use lab";

pub const PROFILE_SET: &str = "\
The resulting profile is checked before anything is written; comments are kept.
Secret values (`headers.NAME`, a proxy with a password) are never arguments:
they are prompted for, or read. `login --replace` changes the key itself, and
the origin or service of a profile with a key.

Settings:
  service          `maas` or `macrometa`
  url              Server address
  fabric           Fabric for paths without a leading slash (Macrometa)
  key_file         File that holds the key
  key_env          Variable that holds the key
  key_command      Shell command that prints the key
  ca_file          Trust the certificates in this PEM file instead of the system store
  pin              Trust the server with this public key: `sha256//BASE64`, or 64 hex digits
  insecure         Do not verify the server's certificate
  client_cert      Client certificate (PEM)
  client_key       Private key of the client certificate (PEM)
  proxy            Proxy, e.g. `http://host:3128` or `socks5://host:1080`; empty for none
  timeout          Time limit for the complete call, e.g. `30s`, `10m`
  connect_timeout  Time limit for connecting [default: 10s]
  retries          Maximum number of retries [default: 3]
  scheme           Word before a Macrometa key: `apikey`, `bearer` or empty
  protected        Prompt before a call that changes something, or require `--yes`
  headers.NAME     Headers sent with every call

Examples:
  apicall profile set lab timeout=30s protected=true
  apicall profile set lab key_command='pass show maas/lab'
  apicall profile set lab 'headers.X-Team=@team.txt'
  apicall profile set lab timeout=";

pub const PROFILE_RENAME: &str = "\
Examples:
  apicall profile rename 10.0.0.2 lab";

pub const PROFILE_REMOVE: &str = "\
Examples:
  apicall profile remove lab";

#[cfg(feature = "maascli")]
pub const PROFILE_IMPORT: &str = "\
Imports addresses, keys and CA certificates; the source is not changed.

Examples:
  apicall profile import maas
  apicall profile import maas lab --replace
  apicall profile import maas --dry-run";

pub const PROFILE_PATH: &str = "\
Examples:
  \"$EDITOR\" \"$(apicall profile path)\"";

pub const WHOAMI: &str = "\
Prints the user of a MAAS key. For a Macrometa key: the tenant and whether the
server confirms it, the fabrics it can see, its name, the region that responds
and its version. `--rights` adds whether it may list keys, users, all fabrics
and the billing account (null if the server does not say), and what it was
granted in each fabric that it may inspect.

Examples:
  apicall whoami
  apicall whoami -p play
  apicall whoami -p play --rights --jq .rights";

pub const DOCTOR: &str = "\
Exits with the code of the first failure; with several profiles, with 11.

Examples:
  apicall doctor
  apicall doctor -p play -o json
  apicall doctor -p '*'";

pub const AUTH_HEADER: &str = "\
Nothing is sent. Whoever has this line has the key: it is printed unmasked, on
purpose, and does not belong in a log, a ticket or a screenshot. A MAAS header
contains a nonce and the time and works for one call within five minutes; a
Macrometa header does not expire. Send it to the profile's server only.

Passed as an argument, the header is visible in the process list while that
program runs; curl can read it from standard input instead.

Examples:
  apicall auth-header |
      curl -H @- 'http://10.0.0.2:5240/MAAS/api/2.0/users/?op=whoami'
  apicall auth-header -p play |
      curl -H @- https://api-play.paas.macrometa.io/_api/key";

pub const COMPLETIONS: &str = "\
In bash, zsh and fish the script completes profiles, paths, operations after
`--op`, items with their meaning, and ids and `@names` from the server. It uses
the cached API description; values from the server are kept for a minute, and a
lookup that takes longer than a second is skipped. A profile with a
`key_command` completes without ids and names: the command is never run for
them.

A link named `maas` is completed as well if the `maas` that the shell finds is
this program. bash and fish look for a script of that name, zsh needs a line
after compinit in ~/.zshrc:

  ln -s apicall ~/.local/share/bash-completion/completions/maas
  ln -s apicall.fish ~/.config/fish/completions/maas.fish
  compdef _apicall maas

Examples:
  apicall completions bash > ~/.local/share/bash-completion/completions/apicall
  apicall completions zsh > ~/.zfunc/_apicall
  apicall completions fish > ~/.config/fish/completions/apicall.fish";
