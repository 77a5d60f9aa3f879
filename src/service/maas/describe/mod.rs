//! MAAS's description of its own API: the response to `GET /describe/`.
//!
//! [`Description`] is that document without the half of it that says everything again; written out
//! it is read back by the same code, so a cache holds it as it is. `doc` reads the texts of the
//! actions, the only place where parameters are described, and [`Description::operations`] joins
//! both. `commands` sees the same as the `maas` command line names it. Pure: no disk, no network.

mod commands;
mod doc;
mod index;
mod verb;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::error::{Exit, Failure};
use crate::service::operation::Operation;

pub use commands::{Handled, find as find_handler};
pub use index::Index;

/// Where the description is, below the API root; it needs no key.
pub const PATH: &str = "/describe/";

/// The header of most responses that holds the hash of the description that counts; the description
/// itself comes without it (observed on 3.8).
pub const HASH_HEADER: &str = "X-MAAS-API-Hash";

/// The description of one MAAS.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Description {
    /// Changes with the API.
    pub hash: String,
    /// In the order of the document, which is that of their names.
    pub resources: Vec<Resource>,
}

/// What is at one place, with a key and without.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Resource {
    /// As `MachinesHandler`.
    pub name: String,
    /// With a key.
    pub auth: Option<Handler>,
    /// Without.
    pub anon: Option<Handler>,
}

/// The actions of one path.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Handler {
    /// As `AnonMachinesHandler`.
    pub name: String,
    /// From the host root, with `{name}` for what varies.
    pub path: String,
    /// The names of what varies, in order.
    #[serde(default)]
    pub params: Vec<String>,
    /// What it is for.
    #[serde(default)]
    pub doc: Option<String>,
    /// In the order of their names.
    #[serde(default)]
    pub actions: Vec<Action>,
}

/// An action of a handler.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Action {
    /// As `create` or `list_allocated`.
    pub name: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// The operation; `None` where the method says all.
    #[serde(default)]
    pub op: Option<String>,
    /// Title, text and parameters.
    #[serde(default)]
    pub doc: Option<String>,
}

/// An action with its path, and whether it needs a key.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    /// Its path and what it belongs to.
    pub handler: &'a Handler,
    /// The action.
    pub action: &'a Action,
    /// Whether calls with a key reach it. Where a resource has a handler for them, they do not
    /// reach the actions that only the anonymous one has (observed: 400).
    pub signed: bool,
    /// Whether calls without one do.
    pub anonymous: bool,
}

impl Description {
    /// Reads the document.
    ///
    /// A document in which an action's name and method contradict each other is not believed: it
    /// comes unsigned, and `read` must not become DELETE.
    pub fn parse(document: &[u8]) -> Result<Self, Failure> {
        let description: Self = serde_json::from_slice(document).map_err(|_| {
            Failure::new(Exit::Other, "the response is not the description of a MAAS")
                .hint("does the profile's address lead to a MAAS 2 or later?")
        })?;
        let doubtful = description
            .actions()
            .find(|offered| !verb::is_plausible(offered.action))
            .map(
                |Offered {
                     handler, action, ..
                 }| {
                    format!(
                        "the description is not to be trusted: `{}` of `{}` would be {}",
                        action.name.escape_debug(),
                        handler.name.escape_debug(),
                        action.method.escape_debug()
                    )
                },
            );
        match doubtful {
            None => Ok(description),
            Some(message) => Err(Failure::new(Exit::Other, message)
                .hint("is this the right server, and the way to it encrypted?")),
        }
    }

    /// Returns the description as a cache keeps it.
    #[must_use]
    pub fn document(&self) -> Vec<u8> {
        // Texts and lists of texts can always be written.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Returns every action of the document, in its order.
    pub fn actions(&self) -> impl Iterator<Item = Offered<'_>> {
        self.resources.iter().flat_map(|resource| {
            let is_public = resource.auth.is_none();
            let auth = resource.auth.iter().map(|handler| (handler, true, false));
            let anon = resource.anon.iter().map(move |h| (h, is_public, true));
            auth.chain(anon).flat_map(|(handler, signed, anonymous)| {
                handler.actions.iter().map(move |action| Offered {
                    handler,
                    action,
                    signed,
                    anonymous,
                })
            })
        })
    }

    /// Returns what can be asked, each method, path and op once. An action that is there with a key
    /// and without is described by the one with a key.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation> {
        let mut operations: Vec<Operation> = Vec::new();
        let mut known: HashMap<(&str, &str, Option<&str>), usize> = HashMap::new();
        for wanted in [false, true] {
            for offered in self.actions().filter(|o| o.anonymous == wanted) {
                let (handler, action) = (offered.handler, offered.action);
                let key = (&*action.method, &*handler.path, action.op.as_deref());
                if let Some(&at) = known.get(&key) {
                    operations[at].signed |= offered.signed;
                    operations[at].anonymous |= offered.anonymous;
                } else {
                    known.insert(key, operations.len());
                    operations.push(offered.operation());
                }
            }
        }
        operations.sort_by(|a, b| {
            let order = |o: &Operation| (o.path.clone(), method_order(&o.method), o.op.clone());
            order(a).cmp(&order(b))
        });
        operations
    }
}

impl Handler {
    /// Returns the path below the API root.
    #[must_use]
    pub fn route(&self) -> &str {
        match self.path.split_once(super::API) {
            // The slash that ends the root begins the route.
            Some((root, _)) => &self.path[root.len() + super::API.len() - 1..],
            None => &self.path,
        }
    }

    /// Returns title and text, as the `maas` command line splits them.
    #[must_use]
    pub fn help(&self) -> (String, String) {
        doc::split(self.doc.as_deref().unwrap_or_default())
    }
}

impl Action {
    /// Returns title and text, as the `maas` command line splits them.
    #[must_use]
    pub fn help(&self) -> (String, String) {
        doc::split(self.doc.as_deref().unwrap_or_default())
    }

    /// Returns whether the `maas` command line takes `k=v` here: where the text behind the title
    /// describes a parameter; in the style of MAAS's source, which `maas` never sees, anywhere.
    #[must_use]
    pub fn takes_data(&self) -> bool {
        let annotated = |doc: &String| doc.contains("@param (");
        self.help().1.contains(":param") || self.doc.as_ref().is_some_and(annotated)
    }
}

impl Offered<'_> {
    fn operation(&self) -> Operation {
        let (handler, action) = (self.handler, self.action);
        let read = doc::read(
            action.doc.as_deref().unwrap_or_default(),
            &handler.params,
            &action.method,
        );
        Operation {
            method: action.method.clone(),
            path: handler.route().to_owned(),
            op: action.op.clone(),
            name: action.name.clone(),
            group: commands::handler_name(&handler.name),
            summary: read.summary,
            help: read.help,
            signed: self.signed,
            anonymous: self.anonymous,
            parameters: read.parameters,
        }
    }
}

/// Orders methods: reading comes first, deleting last.
fn method_order(method: &str) -> usize {
    let order = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    order
        .iter()
        .position(|m| *m == method)
        .unwrap_or(order.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::operation::ParameterPlace;

    const FIXTURE: &[u8] = include_bytes!("../../../../tests/fixtures/maas-describe.json");

    fn fixture() -> Description {
        Description::parse(FIXTURE).unwrap()
    }

    #[test]
    fn both_styles_of_doc_become_operations() {
        let operations = fixture().operations();
        let reported: Vec<String> = operations
            .iter()
            .map(|o| {
                let op = o.op.as_deref().unwrap_or("-");
                let parameters: Vec<String> = o
                    .parameters
                    .iter()
                    .map(|p| {
                        let mark = if p.required { "!" } else { "" };
                        format!("{}{mark}:{:?}:{}", p.name, p.place, p.kind)
                    })
                    .collect();
                format!("{} {} {op} [{}]", o.method, o.path, parameters.join(" "))
            })
            .collect();
        assert_eq!(
            reported,
            [
                "GET /machines/ - [hostname:Query:string]",
                "GET /machines/ is_registered [mac_address!:Query:url string]",
                "POST /machines/ - [architecture!:Body:string min_hwe_kernel:Body:]",
                "POST /machines/{system_id}/ deploy [system_id!:Path:string \
                 distro_series:Body:string bridge_fd:Body:int]",
                "DELETE /machines/{system_id}/ - [system_id!:Path:]",
                "GET /version/ - []",
            ]
        );
        assert_eq!(operations[3].summary, "Deploy a machine");
        assert_eq!(operations[3].parameters[2].default.as_deref(), Some("15"));
        let access: Vec<_> = operations.iter().map(|o| (o.signed, o.anonymous)).collect();
        let (key, either, none) = ((true, false), (true, true), (false, true));
        assert_eq!(access, [key, none, either, key, key, either]);
    }

    #[test]
    fn what_a_cache_keeps_reads_the_same() {
        let description = fixture();
        let kept = Description::parse(&description.document()).unwrap();
        assert_eq!(kept.operations(), description.operations());
        assert_eq!(kept.hash, description.hash);
        assert!(description.document().len() < FIXTURE.len());
    }

    #[test]
    fn another_document_is_refused() {
        for text in ["", "{}", "[]", "{\"hash\": 1, \"resources\": []}", "<html>"] {
            assert!(Description::parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    /// The description of a real region, where there is one beside the package.
    #[allow(clippy::disallowed_methods, reason = "a file of the tests")]
    fn real() -> Option<Description> {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/data/maas-describe.json");
        let document = std::fs::read(file).ok()?;
        Some(Description::parse(&document).unwrap())
    }

    #[test]
    fn nothing_of_a_real_description_is_lost() {
        let Some(description) = real() else { return };
        assert_eq!(description.resources.len(), 97);
        let all: Vec<_> = description.actions().collect();
        assert_eq!(all.len(), 372);
        assert_eq!(all.iter().filter(|o| o.anonymous).count(), 14);
        let restful = all.iter().filter(|o| o.action.op.is_none()).count();
        assert_eq!((restful, all.len() - restful), (214, 158));
        let operations = description.operations();
        for Offered {
            handler, action, ..
        } in &all
        {
            let found: Vec<&Operation> = operations
                .iter()
                .filter(|o| {
                    o.method == action.method && o.path == handler.route() && o.op == action.op
                })
                .collect();
            let [found] = found[..] else {
                panic!("{} {}: {} times", handler.name, action.name, found.len());
            };
            let doc = action.doc.as_deref().unwrap();
            assert!(
                !found.summary.is_empty(),
                "{} {}",
                handler.name,
                action.name
            );
            for line in doc.lines() {
                let Some(rest) = line.trim_start().strip_prefix(":param ") else {
                    continue;
                };
                let name = rest.split(':').next().unwrap();
                assert!(
                    found.parameters.iter().any(|p| p.name == name),
                    "{} {}: {name}",
                    handler.name,
                    action.name
                );
            }
            let path: Vec<_> = found
                .parameters
                .iter()
                .filter(|p| p.place == ParameterPlace::Path)
                .map(|p| &p.name)
                .collect();
            assert_eq!(path, handler.params.iter().collect::<Vec<_>>());
            for parameter in &found.parameters {
                let texts = [&parameter.help, &found.help];
                for marker in [":param", ":type", "Required.", "Optional."] {
                    assert!(texts.iter().all(|t| !t.contains(marker)), "{parameter:?}");
                }
            }
        }
    }

    #[test]
    fn spots_of_a_real_description() {
        let Some(description) = real() else { return };
        let operations = description.operations();
        let find = |method: &str, path: &str, op: Option<&str>| {
            operations
                .iter()
                .find(|o| o.method == method && o.path == path && o.op.as_deref() == op)
                .unwrap_or_else(|| panic!("{method} {path}"))
        };
        let parameter = |o: &Operation, name: &str| {
            o.parameters
                .iter()
                .rfind(|p| p.name == name)
                .cloned()
                .unwrap_or_else(|| panic!("{name}"))
        };
        let deploy = find("POST", "/machines/{system_id}/", Some("deploy"));
        assert_eq!(deploy.summary, "Deploy a machine");
        assert_eq!(
            parameter(deploy, "bridge_fd").default.as_deref(),
            Some("15")
        );
        // A parameter that is described for several kinds of interface, and a `:type` after lists.
        let update = find("PUT", "/nodes/{system_id}/interfaces/{id}/", None);
        let names = update.parameters.iter().filter(|p| p.name == "vlan");
        assert_eq!(names.count(), 1);
        assert!(parameter(update, "vlan").help.contains("(Bond interfaces)"));
        let chassis = find("POST", "/machines/", Some("add_chassis"));
        let kind = parameter(chassis, "chassis_type");
        assert!(kind.required && kind.help.contains("- ``ucsm``: Cisco"));
        let protocol = parameter(chassis, "protocol");
        assert_eq!(protocol.default.as_deref(), Some("https"));
        assert!(!protocol.help.contains("return"), "{}", protocol.help);
        // The names of configuration items are no parameters.
        let config = find("POST", "/maas/", Some("set_config"));
        assert_eq!(config.parameters.len(), 2);
        assert!(parameter(config, "name").help.contains("ntp_servers"));
        assert_eq!(parameter(config, "name").default, None);
        // The old style, with neither types nor `Required.`.
        let script = find("POST", "/commissioning-scripts/", None);
        assert_eq!(parameter(script, "content").place, ParameterPlace::File);
        assert!(script.help.contains("deprecated in favour of"));
        // One name in the path and in the body.
        let unlink = find(
            "POST",
            "/nodes/{system_id}/interfaces/{id}/",
            Some("unlink_subnet"),
        );
        assert_eq!(parameter(unlink, "id").place, ParameterPlace::Body);
        let key = find("DELETE", "/account/prefs/sshkeys/{id}/", None);
        assert_eq!(key.parameters.len(), 1);
        assert_eq!(key.parameters[0].help, "An SSH key ID.");
        let zones = find("GET", "/zones/", None);
        assert_eq!(zones.summary, "Get a listing of all zones");
    }

    #[test]
    fn commands_of_a_real_description() {
        let Some(description) = real() else { return };
        let signed = description.commands(true);
        let names: Vec<_> = signed.iter().map(|h| h.name.as_str()).collect();
        for name in [
            "sshkeys",
            "ipaddresses",
            "dnsresource-record",
            "vm-hosts",
            "machines",
            "commissioning-scripts",
            "maas",
        ] {
            let is_there = names.contains(&name);
            assert_eq!(is_there, name != "vm-hosts", "{name}");
        }
        assert!(names.is_sorted());
        let actions = || signed.iter().flat_map(Handled::actions);
        assert_eq!(actions().count(), 359);
        let without_data = actions().filter(|(_, a)| !a.takes_data()).count();
        assert_eq!(without_data, 173);
        assert!(actions().any(|(name, _)| name == "list-allocated"));
        let anonymous = description.commands(false);
        let names: Vec<_> = anonymous.iter().map(|h| h.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "devices",
                "files",
                "machines",
                "nodes",
                "rack-controllers",
                "region-controllers",
                "version"
            ]
        );
    }
}
