//! Names in paths, where the API wants ids: `/machines/@node18/`, `/subnets/@10.0.0.0/24/`.
//!
//! Finds the first name in a typed path, says which list has its id, and finds the id in that
//! list. Knows nothing of clients: whoever asks the server puts the id in and looks again.

mod collections;

use std::net::IpAddr;
use std::ops::Range;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::error::{Exit, Failure};

use collections::{FABRICS, IMAGES, Kind, NODES, kind_in, kind_of};
pub use collections::{is_looked_up, list_beside, members};

/// A name in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where it stands in the path, `@` included.
    pub range: Range<usize>,
    /// The name, decoded.
    pub text: String,
    kind: Kind,
}

/// Finds the first name in a path. A segment that begins with `@` in a collection that has no
/// names is left alone: files may be called so.
#[must_use]
pub fn find(path: &str) -> Option<Name> {
    if !path.contains('@') {
        return None;
    }
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let mut before = "";
    let mut at = 0;
    for segment in path[..end].split('/') {
        if let Some(typed) = segment.strip_prefix('@')
            && let Some(kind) = kind_in(&path[..at], before)
            && !typed.is_empty()
        {
            let mut stop = at + segment.len();
            match before {
                "subnets" => stop += prefix_length(&path[stop..end]),
                IMAGES if !typed.to_ascii_lowercase().contains("%2f") => {
                    stop += release_length(&path[stop..end]);
                }
                _ => {}
            }
            let typed = &path[at + 1..stop];
            return Some(Name {
                range: at..stop,
                text: percent_decode_str(typed).decode_utf8_lossy().into_owned(),
                kind,
            });
        }
        before = segment;
        at += segment.len() + 1;
    }
    None
}

/// Returns whether a name in a path is empty.
#[must_use]
pub fn has_empty(path: &str) -> bool {
    if !path.contains('@') {
        return false;
    }
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let segments: Vec<&str> = path[..end].split('/').collect();
    segments
        .windows(2)
        .any(|pair| pair[1] == "@" && kind_of(pair[0]).is_some())
}

/// How a machine is asked for by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// By host names: the one that was typed, and in small letters, as MAAS makes them.
    Host(Vec<String>),
    /// By a MAC address, spelled as MAAS does: small letters, with colons.
    Mac(String),
    /// By an IP address, which another list knows.
    Address(String),
}

/// Returns a text, and in small letters where that is another.
#[must_use]
pub fn spellings(text: &str) -> Vec<String> {
    let small = text.to_ascii_lowercase();
    let mut all = vec![text.to_owned()];
    if small != text {
        all.push(small);
    }
    all
}

/// Returns whether a name may be a `system_id`: six of the letters that MAAS makes them of.
#[must_use]
pub fn is_id(text: &str) -> bool {
    const LETTERS: &[u8] = b"34678abcdefghkmnpqrstwxy";
    text.len() == 6
        && text
            .bytes()
            .all(|b| LETTERS.contains(&b.to_ascii_lowercase()))
}

/// Returns the length of the `/24` of a network that was typed as it is written.
fn prefix_length(rest: &str) -> usize {
    let next = rest.strip_prefix('/').and_then(|r| r.split('/').next());
    match next.map(|next| (next.len(), next.parse::<u8>())) {
        Some((len, Ok(bits))) if bits <= 128 => 1 + len,
        _ => 0,
    }
}

/// Returns the length of the `/noble` of an image that was typed as it is called.
fn release_length(rest: &str) -> usize {
    let next = rest.strip_prefix('/').and_then(|r| r.split('/').next());
    let is_release =
        |next: &&str| !next.is_empty() && *next != "upload" && !next.starts_with("op-");
    next.filter(is_release).map_or(0, |next| 1 + next.len())
}

impl Name {
    /// The name, where it is that of a machine, which can be looked up with others.
    #[must_use]
    pub fn machine(&self) -> Option<&str> {
        (self.kind == Kind::Node("machines")).then_some(self.text.as_str())
    }

    /// Returns a machine's name that stands in no path; `None` where it is empty.
    #[must_use]
    pub fn of_machine(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self {
            range: 0..0,
            text: text.to_owned(),
            kind: Kind::Node(NODES[0]),
        })
    }

    /// Returns how a machine, or another node, is asked for by this name.
    #[must_use]
    pub fn filter(&self) -> Filter {
        if self.text.parse::<IpAddr>().is_ok() {
            return Filter::Address(self.text.clone());
        }
        if is_mac(&self.text) {
            return Filter::Mac(spelled(&self.text));
        }
        let host = self.text.split('.').next().unwrap_or_default();
        Filter::Host(spellings(host))
    }

    /// Returns the list that returns whether the name is the id of a machine, or another node; `None`
    /// where it cannot be one.
    #[must_use]
    pub fn list_by_id(&self, path: &str) -> Option<(String, Vec<(&'static str, String)>)> {
        let may_be = matches!(self.kind, Kind::Node(_)) && is_id(&self.text);
        may_be.then(|| {
            let folder = path[..self.range.start].to_owned();
            (folder, vec![("id", self.text.to_ascii_lowercase())])
        })
    }

    /// Returns the id that the name itself is, by the response to [`Name::list_by_id`].
    #[must_use]
    pub fn own_id(&self, list: &Value) -> Option<String> {
        let ids = list.as_array()?.iter().map(|item| text(&item["system_id"]));
        ids.into_iter()
            .find(|id| id.eq_ignore_ascii_case(&self.text))
    }

    /// Returns whether an element says itself that it has this name.
    #[must_use]
    pub fn is_shown_by(&self, item: &Value) -> bool {
        match self.text.parse::<IpAddr>() {
            Ok(address) => item["ip"].as_str().and_then(|ip| ip.parse().ok()) == Some(address),
            Err(_) => self.is_of(item) == Some(true),
        }
    }

    /// Returns the path of the list that holds the id, with the filter that the server knows;
    /// `None` where the name is the id. `path` is the one that the name was found in, with ids for
    /// all names before this one.
    #[must_use]
    pub fn list(&self, path: &str) -> Option<(String, Vec<(&'static str, String)>)> {
        // Where the collection is named, down to its slash.
        let folder = path[..self.range.start].to_owned();
        match self.kind {
            Kind::Itself => None,
            Kind::Listed(listed) => Some((listed.list_of(&folder), Vec::new())),
            Kind::Vlan => Some((FABRICS.to_owned(), Vec::new())),
            Kind::Node(_) => Some(match self.filter() {
                Filter::Address(ip) => (
                    "/ipaddresses/".to_owned(),
                    vec![("ip", ip), ("all", "true".to_owned())],
                ),
                Filter::Mac(mac) => (folder, vec![("mac_address", mac)]),
                Filter::Host(hosts) => {
                    let mut filter: Vec<_> = hosts.into_iter().map(|h| ("hostname", h)).collect();
                    if let Some((_, domain)) = self.text.split_once('.') {
                        filter.extend(spellings(domain).into_iter().map(|d| ("domain", d)));
                    }
                    (folder, filter)
                }
            }),
        }
    }

    /// Finds the id in the list's response. Several and none are failures that name the candidates.
    pub fn id(&self, list: &Value) -> Result<String, Failure> {
        let list = list.as_array().map_or(&[][..], Vec::as_slice);
        let mut found: Vec<(String, String)> = Vec::new();
        for item in list {
            for candidate in self.candidates(item) {
                // What has no id is none of them.
                if !candidate.0.is_empty() && !found.contains(&candidate) {
                    found.push(candidate);
                }
            }
        }
        match found.as_slice() {
            [(id, _)] => Ok(id.clone()),
            [] => Err(self.none(list)),
            several => {
                let names: Vec<_> = several
                    .iter()
                    .map(|(id, what)| format!("`{id}` ({what})"))
                    .collect();
                Err(Failure::usage(format!(
                    "{} are called `{}`: {}",
                    several.len(),
                    self.text,
                    brief(&names)
                ))
                .hint("choose one by its id"))
            }
        }
    }

    /// Returns whether a machine, or another node, has this host name, full name or MAC address;
    /// `None` where it does not name its own.
    #[must_use]
    pub fn is_of(&self, node: &Value) -> Option<bool> {
        let own = if is_mac(&self.text) {
            macs(node)
        } else {
            let names = ["hostname", "fqdn"].map(|member| text(&node[member]));
            names.into_iter().filter(|name| !name.is_empty()).collect()
        };
        let wanted = spelled(&self.text);
        (!own.is_empty()).then(|| own.iter().any(|name| spelled(name) == wanted))
    }

    /// Returns the ids of an item of the list that has this name, and what else distinguishes it.
    #[must_use]
    pub fn candidates(&self, item: &Value) -> Vec<(String, String)> {
        match self.kind {
            Kind::Itself => Vec::new(),
            Kind::Node(_) if self.text.parse::<IpAddr>().is_ok() => {
                // Two spellings of one address are the same.
                let address = |text: &str| text.parse::<IpAddr>().ok();
                let own = item["ip"].as_str().and_then(address);
                if own.is_some() && own != address(&self.text) {
                    return Vec::new();
                }
                let interfaces = item["interface_set"].as_array();
                interfaces
                    .into_iter()
                    .flatten()
                    .filter_map(node_of_interface)
                    .map(|id| (id, text(&item["ip"])))
                    .collect()
            }
            // The server has filtered, or has ignored the filter.
            Kind::Node(_) if self.is_of(item) == Some(false) => Vec::new(),
            Kind::Node(_) => vec![(text(&item["system_id"]), text(&item["fqdn"]))],
            Kind::Listed(listed) => {
                let has = |member: &str| text(&item[member]).eq_ignore_ascii_case(&self.text);
                if !listed.names.iter().any(|m| has(m)) {
                    return Vec::new();
                }
                let what = ["fqdn", "cidr", "architecture", "vlan", "name"]
                    .iter()
                    .map(|m| text(&item[*m]))
                    .find(|t| !t.is_empty())
                    .unwrap_or_default();
                vec![(text(&item[listed.id]), what)]
            }
            Kind::Vlan => vlans(item)
                .iter()
                .filter(|vlan| {
                    let mut own = ["name", "vid"].iter().map(|member| text(&vlan[*member]));
                    own.any(|own| own.eq_ignore_ascii_case(&self.text))
                })
                .map(|vlan| {
                    let (vid, fabric) = (text(&vlan["vid"]), text(&item["name"]));
                    (text(&vlan["id"]), format!("VID {vid} in {fabric}"))
                })
                .collect(),
        }
    }

    fn none(&self, list: &[Value]) -> Failure {
        let (what, hint) = match self.kind {
            Kind::Node(collection) => (
                collection,
                format!("`apicall get /{collection}/ -o table` lists them"),
            ),
            Kind::Itself => ("things", String::new()),
            Kind::Vlan => (
                "VLANs",
                "`apicall get /fabrics/` lists them; below a fabric its VID is enough: \
                 `/fabrics/@FABRIC/vlans/@VID/`"
                    .to_owned(),
            ),
            Kind::Listed(listed) => {
                let name = |item: &Value| {
                    let names = listed.names.iter().map(|member| text(&item[*member]));
                    names.into_iter().find(|name| !name.is_empty())
                };
                let names: Vec<_> = list
                    .iter()
                    .filter_map(name)
                    .map(|name| format!("`{name}`"))
                    .collect();
                let several = listed.list.unwrap_or(listed.collection);
                (several, format!("there are {}", brief(&names)))
            }
        };
        Failure::new(
            Exit::ClientError,
            format!("none of the {what} is called `{}`", self.text),
        )
        .hint(hint)
    }
}

/// Returns the VLANs of a fabric.
fn vlans(fabric: &Value) -> &[Value] {
    fabric["vlans"].as_array().map_or(&[], Vec::as_slice)
}

/// Returns the first few of many.
#[must_use]
pub fn brief(names: &[String]) -> String {
    const MOST: usize = 10;
    match names.len() {
        0 => "none".to_owned(),
        n if n <= MOST => names.join(", "),
        n => format!("{} and {} more", names[..MOST].join(", "), n - MOST),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Reads the machine of an interface from `…/nodes/4y3h7n/interfaces/12/`.
fn node_of_interface(interface: &Value) -> Option<String> {
    if let Some(id) = interface["system_id"].as_str() {
        return Some(id.to_owned());
    }
    let uri = interface["resource_uri"].as_str()?;
    let (_, rest) = uri.split_once("/nodes/")?;
    Some(rest.split('/').next()?.to_owned())
}

/// Returns the MAC addresses that a node lists.
fn macs(node: &Value) -> Vec<String> {
    let interfaces = node["interface_set"].as_array().into_iter().flatten();
    let all = interfaces.chain([&node["boot_interface"]]);
    all.filter_map(|interface| interface["mac_address"].as_str())
        .map(str::to_owned)
        .collect()
}

/// Returns the one spelling in which names are compared: small letters, and colons between the
/// parts of a MAC address.
#[must_use]
pub fn spelled(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    if is_mac(&name) {
        return name.replace('-', ":");
    }
    name
}

pub(super) fn is_mac(text: &str) -> bool {
    let parts: Vec<_> = text.split([':', '-']).collect();
    parts.len() == 6
        && parts
            .iter()
            .all(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_and_the_lists_that_know_them() {
        for (path, name, list) in [
            ("/machines/@node18/", "node18", "/machines/?hostname=node18"),
            (
                "machines/@node18.maas?op=x",
                "node18.maas",
                "machines/?hostname=node18&domain=maas",
            ),
            (
                "/nodes/@52:54:00:aa:bb:cc/",
                "52:54:00:aa:bb:cc",
                "/nodes/?mac_address=52:54:00:aa:bb:cc",
            ),
            (
                "/machines/@10.0.0.7/",
                "10.0.0.7",
                "/ipaddresses/?ip=10.0.0.7&all=true",
            ),
            ("/subnets/@10.0.0.0/24/", "10.0.0.0/24", "/subnets/?"),
            ("/subnets/@10.0.0.0%2F24/", "10.0.0.0/24", "/subnets/?"),
            ("/subnets/@lab", "lab", "/subnets/?"),
            ("/resourcepool/@lab/", "lab", "/resourcepools/?"),
            (
                "/MAAS/api/2.0/resourcepool/@lab/",
                "lab",
                "/MAAS/api/2.0/resourcepools/?",
            ),
            ("nodes/abc/raid/@md0", "md0", "nodes/abc/raids/?"),
            ("/dhcp-snippets/@a/", "a", "/dhcp-snippets/?"),
            ("/groups/@ops/", "ops", "/groups/?"),
            (
                "/boot-resources/@ubuntu/noble/",
                "ubuntu/noble",
                "/boot-resources/?",
            ),
            (
                "/boot-resources/@ubuntu%2Fnoble/upload/1/",
                "ubuntu/noble",
                "/boot-resources/?",
            ),
            ("/boot-resources/@custom", "custom", "/boot-resources/?"),
            (
                "/machines/@52-54-00-AA-BB-CC/",
                "52-54-00-AA-BB-CC",
                "/machines/?mac_address=52:54:00:aa:bb:cc",
            ),
            (
                "/nodes/abc/interfaces/@eth0/",
                "eth0",
                "/nodes/abc/interfaces/?",
            ),
            ("/fabrics/1/vlans/@100/", "100", "/fabrics/1/vlans/?"),
            ("/vlans/@100/", "100", "/fabrics/?"),
            ("/MAAS/api/2.0/vlans/@lab/", "lab", "/fabrics/?"),
            (
                "/MAAS/api/2.0/fabrics/@f%20a/vlans/@x/",
                "f a",
                "/MAAS/api/2.0/fabrics/?",
            ),
        ] {
            let found = find(path).unwrap();
            assert_eq!(found.text, name, "{path}");
            let (of, filter) = found.list(path).unwrap();
            let filter: Vec<_> = filter.iter().map(|(k, v)| format!("{k}={v}")).collect();
            assert_eq!(format!("{of}?{}", filter.join("&")), list, "{path}");
        }
        let tag = find("/tags/@gpu/").unwrap();
        assert_eq!((tag.text.as_str(), tag.list("/tags/@gpu/")), ("gpu", None));
        assert_eq!(
            find("/scripts/@smart").unwrap().list("/scripts/@smart"),
            None
        );
        for (path, list) in [
            ("/tags/gpu/", Some("/tags/")),
            ("/subnets/9/", Some("/subnets/")),
            ("/resourcepool/9/", Some("/resourcepools/")),
            ("/fabrics/1/vlans/9/", Some("/fabrics/1/vlans/")),
            ("/vlans/5001/", Some("/fabrics/")),
            ("/machines/4y3h7n/", None),
            ("/machines/", None),
            ("/files/a/", None),
        ] {
            assert_eq!(list_beside(path).as_deref(), list, "{path}");
        }
        for path in [
            "/machines/",
            "/files/@x/",
            "/machines/a@b/",
            "/machines/?x=/machines/@y/",
            "@x",
            "/machines/@/",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
        let range = find("/subnets/@10.0.0.0/24/ip").unwrap().range;
        assert_eq!(&"/subnets/@10.0.0.0/24/ip"[range], "@10.0.0.0/24");
        assert_eq!(find("/subnets/@lab/reserved").unwrap().text, "lab");
    }

    #[test]
    fn ids_in_lists() {
        let id = |path: &str, list: Value| find(path).unwrap().id(&list).map_err(|e| e.to_string());
        let subnets = json!([{"id": 1, "cidr": "10.0.0.0/24", "name": "a"}, {"id": 2, "cidr": "10.0.1.0/24", "name": "a"}]);
        assert_eq!(id("/subnets/@10.0.1.0/24/", subnets.clone()).unwrap(), "2");
        assert_eq!(
            id("/subnets/@a/", subnets.clone()).unwrap_err(),
            "2 are called `a`: `1` (10.0.0.0/24), `2` (10.0.1.0/24)"
        );
        assert_eq!(
            id("/subnets/@b/", subnets).unwrap_err(),
            "none of the subnets is called `b`"
        );
        let none = |path: &str, list: Value| {
            let failure = find(path).unwrap().id(&list).unwrap_err();
            format!("{failure}; {}", failure.hint.clone().unwrap_or_default())
        };
        assert_eq!(
            none("/resourcepool/@a/", json!([{"name": "b"}, {"id": 2}])),
            "none of the resourcepools is called `a`; there are `b`"
        );
        assert_eq!(
            none("/subnets/@a/", json!([{"name": "b"}])),
            "none of the subnets is called `a`; there are `b`"
        );
        let fabrics = json!([
            {"name": "fab-0", "vlans": [{"id": 5001, "vid": 0, "name": "untagged"}, {"id": 5002, "vid": 100, "name": "lab"}]},
            {"name": "fab-1", "vlans": [{"id": 5003, "vid": 0, "name": "untagged"}]},
            {"name": "fab-2"},
        ]);
        assert_eq!(id("/vlans/@100/", fabrics.clone()).unwrap(), "5002");
        assert_eq!(id("/vlans/@LAB/", fabrics.clone()).unwrap(), "5002");
        assert_eq!(
            id("/vlans/@0/", fabrics.clone()).unwrap_err(),
            "2 are called `0`: `5001` (VID 0 in fab-0), `5003` (VID 0 in fab-1)"
        );
        assert!(none("/vlans/@7/", fabrics).starts_with(
            "none of the VLANs is called `7`; `apicall get /fabrics/` lists them; below a fabric"
        ));
        let nameless = json!([{"cidr": "10.0.0.0/24", "name": "a", "id": null}]);
        assert_eq!(
            id("/subnets/@a/", nameless).unwrap_err(),
            "none of the subnets is called `a`"
        );
        let machine = json!([{"system_id": "4y3h8q", "hostname": "node18", "fqdn": "node18.maas"}]);
        assert_eq!(id("/machines/@node18/", machine).unwrap(), "4y3h8q");
        let address = |ip: &str, node: &str| {
            json!({"ip": ip, "interface_set": [
                {"resource_uri": format!("/MAAS/api/2.0/nodes/{node}/interfaces/1/")},
                {"resource_uri": format!("/MAAS/api/2.0/nodes/{node}/interfaces/2/")},
            ]})
        };
        let ours = address("10.0.0.7", "abc");
        assert_eq!(id("/machines/@10.0.0.7/", json!([ours])).unwrap(), "abc");
        let all = json!([address("10.0.0.8", "def"), address("fd00::7", "ghi"), ours]);
        assert_eq!(id("/machines/@10.0.0.7/", all.clone()).unwrap(), "abc");
        assert_eq!(id("/machines/@FD00:0::7/", all.clone()).unwrap(), "ghi");
        assert!(id("/machines/@10.0.0.9/", all).is_err());
    }

    #[test]
    fn nodes_by_what_they_show() {
        let node = json!({
            "system_id": "a", "hostname": "node18", "fqdn": "node18.maas",
            "boot_interface": {"mac_address": "52:54:00:aa:bb:01"},
            "interface_set": [{"mac_address": "52:54:00:aa:bb:02"}, {"name": "bond0"}],
        });
        for (name, node, want) in [
            ("node18", &node, Some(true)),
            ("NODE18.Maas", &node, Some(true)),
            ("node1", &node, Some(false)),
            ("node18.lab", &node, Some(false)),
            ("52:54:00:AA:BB:01", &node, Some(true)),
            ("52-54-00-aa-bb-02", &node, Some(true)),
            ("52:54:00:aa:bb:03", &node, Some(false)),
            ("node18", &json!({"hostname": "node18"}), Some(true)),
            ("node18", &json!({"system_id": "a"}), None),
            ("52:54:00:aa:bb:01", &json!({"hostname": "node18"}), None),
        ] {
            let name = find(&format!("/machines/@{name}/")).unwrap();
            assert_eq!(name.is_of(node), want, "{} {node}", name.text);
        }
        let id = |path: &str, list: Value| find(path).unwrap().id(&list).map_err(|e| e.to_string());
        let silent = json!([{"system_id": "a"}]);
        assert_eq!(id("/machines/@node18/", silent).unwrap(), "a");
    }
}
