//! The texts below the options in `--help`, and the tables that help and man pages share.
//!
//! A text is made of blocks, which [`layout`] reads and fits to the terminal's width; man pages are
//! drawn from the same blocks, so they hold nothing that `--help` does not say.

mod calls;
pub mod layout;
mod maas;
mod macrometa;
mod profiles;

pub(super) use calls::*;
pub(super) use maas::*;
pub(super) use macrometa::*;
pub(super) use profiles::*;

/// The environment variables that are read, with their meaning. An empty one counts as unset.
pub const VARIABLES: [(&str, &str); 15] = [
    ("APICALL_PROFILE", "profile to use, like `-p`"),
    (
        "APICALL_URL",
        "with APICALL_KEY: a profile without a file; alone: anonymous",
    ),
    (
        "APICALL_KEY",
        "the key; without APICALL_URL only `login` reads it",
    ),
    ("APICALL_SERVICE", "`maas` or `macrometa`"),
    ("APICALL_FABRIC", "like `--fabric`"),
    ("APICALL_CA_FILE", "like `--ca-file`"),
    ("APICALL_TIMEOUT", "like `--timeout`"),
    ("APICALL_CONFIG", "the config file"),
    (
        "XDG_CONFIG_HOME",
        "folder of `apicall/config.toml` if APICALL_CONFIG is not set",
    ),
    ("XDG_CACHE_HOME", "folder of `apicall/`, the cache"),
    ("NO_COLOR", "no color on a terminal"),
    ("CLICOLOR_FORCE", "color even without a terminal"),
    (
        "http_proxy, HTTPS_PROXY, ALL_PROXY",
        "proxies by scheme; loopback is always direct",
    ),
    ("NO_PROXY", "hosts without a proxy, as curl reads it"),
    (
        "SSL_CERT_FILE",
        "PEM file to trust instead of the system store",
    ),
];

/// The files that are read, with their content.
pub const FILES: [(&str, &str); 2] = [
    (
        "~/.config/apicall/config.toml",
        "the profiles and their keys; `apicall profile path` prints its location. Written 0600 in \
         a 0700 folder, and refused if others can write to it or read a key in it",
    ),
    (
        "~/.cache/apicall/",
        "cached API descriptions; safe to delete, contains no key",
    ),
];

/// The text below the options of `apicall --help`.
///
/// Written out, as joining the tables would cost every call 60,000 instructions; a test joins them.
pub(super) const MAIN: &str = "\
Examples:
  apicall login http://10.0.0.2:5240/MAAS
  apicall get /machines/ --op list_allocated
  apicall post '/machines/@node18/' --op deploy distro_series=noble --wait
  apicall get collection -p play
  apicall get /machines/ hostname=node18 --jq '.[].system_id' -r

`apicall COMMAND --help` explains a command, its items and its examples.

Exit codes:
  0    success (final status 2xx)
  1    anything else: file, filter, `--exit-status`, invalid JSON, broken gzip, bug
  2    usage error
  3    final status 3xx
  4    final status 4xx
  5    final status 5xx
  6    timeout, including connecting
  7    no connection, DNS, connection cut, not HTTP, proxy
  8    TLS
  9    config refused, no such profile, no default among several, no key, key command failed, key refused at login
  10   `wait`: something entered a failure state
  11   partial failure: some rows of a batch, some profiles, some documents inside a 2xx response
  129  SIGHUP
  130  Ctrl-C
  143  SIGTERM

Environment:
  APICALL_PROFILE  profile to use, like `-p`
  APICALL_URL      with APICALL_KEY: a profile without a file; alone: anonymous
  APICALL_KEY      the key; without APICALL_URL only `login` reads it
  APICALL_SERVICE  `maas` or `macrometa`
  APICALL_FABRIC   like `--fabric`
  APICALL_CA_FILE  like `--ca-file`
  APICALL_TIMEOUT  like `--timeout`
  APICALL_CONFIG   the config file
  XDG_CONFIG_HOME  folder of `apicall/config.toml` if APICALL_CONFIG is not set
  XDG_CACHE_HOME   folder of `apicall/`, the cache
  NO_COLOR         no color on a terminal
  CLICOLOR_FORCE   color even without a terminal
  http_proxy, HTTPS_PROXY, ALL_PROXY  proxies by scheme; loopback is always direct
  NO_PROXY         hosts without a proxy, as curl reads it
  SSL_CERT_FILE    PEM file to trust instead of the system store";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    #[test]
    fn the_main_text_holds_both_tables() {
        let mut text = String::from("\n\nExit codes:\n");
        for exit in Exit::ALL {
            text.push_str(&format!("  {:<3}  {}\n", exit.code(), exit.meaning()));
        }
        text.push_str("\nEnvironment:\n");
        for (name, meaning) in VARIABLES {
            text.push_str(&format!("  {name:<15}  {meaning}\n"));
        }
        let at = MAIN.find("\n\nExit codes:").unwrap();
        assert_eq!(MAIN[at..], *text.trim_end());
    }
}
