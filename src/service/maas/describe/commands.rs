//! The description as the `maas` command line shows it: handlers and actions under its names.

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
    /// The actions under their names, as `list-allocated`.
    pub fn actions(&self) -> impl Iterator<Item = (String, &'a Action)> + use<'a> {
        self.handler.actions.iter().map(|a| (hyphened(&a.name), a))
    }

    /// The action of that name.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&'a Action> {
        self.actions().find(|(n, _)| n == name).map(|(_, a)| a)
    }
}

impl Description {
    /// The handlers that the `maas` command line has for a profile, by name.
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

/// `DNSResourceRecordHandler` as `dnsresource-record`.
pub fn handler_name(name: &str) -> String {
    let parts = words(name).into_iter().map(str::to_ascii_lowercase);
    parts
        .filter(|part| part != "handler")
        .collect::<Vec<_>>()
        .join("-")
}

/// `list_allocated` as `list-allocated`.
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
