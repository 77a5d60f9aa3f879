//! Shows the description as the `maas` command line does: handlers and actions under its names.
//!
//! Pure; the drop-in and completion use it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Action, Description, Handler};

/// A handler under the name that the `maas` command line gives it.
#[derive(Clone, Debug)]
pub struct Handled<'a> {
    /// As `machines` or `dnsresource-record`.
    pub name: String,
    /// Its path, parameters and actions.
    pub handler: &'a Handler,
}

impl<'a> Handled<'a> {
    /// Returns the actions under their names, as `list-allocated`.
    pub fn actions(&self) -> impl Iterator<Item = (String, &'a Action)> + use<'a> {
        self.handler.actions.iter().map(|a| (hyphened(&a.name), a))
    }

    /// Returns the action of that name.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&'a Action> {
        self.actions().find(|(n, _)| n == name).map(|(_, a)| a)
    }
}

impl Description {
    /// Returns the handlers that the `maas` command line has for a profile, by name.
    ///
    /// Without a key it shows the resources that have an anonymous handler, but with the actions
    /// of the signed one (maascli's `register_resources`), so what it can send is the same.
    #[must_use]
    pub fn commands(&self, has_key: bool) -> Vec<Handled<'_>> {
        let mut handlers: Vec<Handled<'_>> = self
            .resources
            .iter()
            .filter(|resource| has_key || resource.anon.is_some())
            .filter_map(|resource| {
                Some(Handled {
                    name: handler_name(&resource.name),
                    handler: resource.auth.as_ref().or(resource.anon.as_ref())?,
                })
            })
            .collect();
        handlers.sort_by(|a, b| a.name.cmp(&b.name));
        handlers
    }
}

/// Returns the hash of a document and one of its handlers, by the name and for the profiles that
/// [`Description::commands`] has it; the rest of the document is passed over, which costs a tenth
/// of reading it. `None` where there is no such handler or the document is none.
#[must_use]
pub fn find(document: &[u8], name: &str, has_key: bool) -> Option<(String, Handler)> {
    let outline: Outline<'_> = serde_json::from_str(std::str::from_utf8(document).ok()?).ok()?;
    let found = outline
        .resources
        .iter()
        .filter(|resource| has_key || resource.anon.is_some())
        .find(|resource| handler_name(&resource.name) == name)?;
    let handler: Handler = serde_json::from_str(found.auth.or(found.anon)?.get()).ok()?;
    let is_plausible = handler.actions.iter().all(super::verb::is_plausible);
    is_plausible.then_some((outline.hash, handler))
}

/// A document of which only the names are read.
#[derive(Deserialize)]
struct Outline<'a> {
    hash: String,
    #[serde(borrow)]
    resources: Vec<Unread<'a>>,
}

#[derive(Deserialize)]
struct Unread<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    auth: Option<&'a RawValue>,
    #[serde(borrow)]
    anon: Option<&'a RawValue>,
}

/// Names a handler as the `maas` command line does: `DNSResourceRecordHandler` as
/// `dnsresource-record`.
pub fn handler_name(name: &str) -> String {
    let parts = words(name).into_iter().map(str::to_ascii_lowercase);
    parts
        .filter(|part| part != "handler")
        .collect::<Vec<_>>()
        .join("-")
}

/// Writes `list_allocated` as `list-allocated`.
fn hyphened(name: &str) -> String {
    words(name).join("-")
}

/// Words as the `maas` command line splits them: capitals that follow each other, with the small
/// letters and digits behind them, are one word, so `SSHKeys` is.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = name;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        if rest.is_empty() {
            return words;
        }
        let small = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let end = small.trim_start_matches(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let (word, more) = rest.split_at(rest.len() - end.len());
        words.push(word);
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_handler_is_read_as_from_the_whole() {
        let text = include_bytes!("../../../../tests/fixtures/maas-describe.json");
        let whole = Description::parse(text).unwrap();
        for has_key in [false, true] {
            let commands = whole.commands(has_key);
            assert!(!commands.is_empty());
            for command in commands {
                let (hash, handler) = find(text, &command.name, has_key).unwrap();
                assert_eq!(hash, whole.hash);
                let names =
                    |h: &Handler| h.actions.iter().map(|a| a.name.clone()).collect::<Vec<_>>();
                assert_eq!(names(&handler), names(command.handler));
                assert_eq!(handler.path, command.handler.path);
            }
        }
        assert!(find(text, "nope", true).is_none());
        assert!(find(b"<html>", "machines", true).is_none());
    }

    #[test]
    fn names_of_the_maas_command_line() {
        for (name, want) in [
            ("MachinesHandler", "machines"),
            ("SSHKeysHandler", "sshkeys"),
            ("IPAddressesHandler", "ipaddresses"),
            ("DNSResourceRecordHandler", "dnsresource-record"),
            ("BcacheCacheSetHandler", "bcache-cache-set"),
            ("DHCPSnippetHandler", "dhcpsnippet"),
            ("", ""),
        ] {
            assert_eq!(handler_name(name), want);
        }
        for (name, want) in [
            ("read", "read"),
            ("list_allocated", "list-allocated"),
            ("set_boot_disk", "set-boot-disk"),
        ] {
            assert_eq!(hyphened(name), want);
        }
    }
}
