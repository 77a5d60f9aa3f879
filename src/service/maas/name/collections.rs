//! The collections whose paths take names, and where their ids are looked up.
//!
//! Tables and what follows from them alone; must not know what a name looks like.

/// What a name is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something with a `system_id`: found by host name, MAC or IP address.
    Node(&'static str),
    /// Something whose path holds the name itself.
    Itself,
    /// Something in a list.
    Listed(&'static Listed),
    /// A VLAN that stands below no fabric: `/vlans/` has no list, the fabrics have them all.
    Vlan,
}

/// A collection whose names are looked up in a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    /// The collection in the path.
    pub collection: &'static str,
    /// What the list is called beside the collection, where it is another.
    pub list: Option<&'static str>,
    /// The members that may hold the name.
    pub names: &'static [&'static str],
    /// The member that is the id.
    pub id: &'static str,
}

/// Collections of what has a `system_id`.
pub const NODES: [&str; 5] = [
    "machines",
    "nodes",
    "devices",
    "rackcontrollers",
    "regioncontrollers",
];

/// Collections whose paths hold names.
const ITSELF: [&str; 6] = [
    "tags",
    "zones",
    "users",
    "scripts",
    "commissioning-scripts",
    "networks",
];

/// Images are called `ubuntu/noble`, so that their names take two segments.
pub const IMAGES: &str = "boot-resources";

/// VLANs have their VID below a fabric, and an id of their own at the root.
const VLANS: &str = "vlans";

/// The list of fabrics, each with its VLANs.
pub const FABRICS: &str = "/fabrics/";

const LISTED: [Listed; 20] = [
    listed("subnets", &["cidr", "name"], "id"),
    listed("fabrics", &["name"], "id"),
    listed(VLANS, &["name", "vid"], "vid"),
    listed("spaces", &["name"], "id"),
    listed("domains", &["name"], "id"),
    beside("resourcepool", "resourcepools"),
    listed("interfaces", &["name", "mac_address"], "id"),
    listed("blockdevices", &["name", "path"], "id"),
    beside("raid", "raids"),
    beside("bcache", "bcaches"),
    beside("bcache-cache-set", "bcache-cache-sets"),
    beside("volume-group", "volume-groups"),
    beside("vmfs-datastore", "vmfs-datastores"),
    listed(IMAGES, &["name"], "id"),
    listed("dnsresources", &["fqdn"], "id"),
    listed("package-repositories", &["name"], "id"),
    listed("dhcp-snippets", &["name"], "id"),
    listed("groups", &["name"], "id"),
    listed("oidc-providers", &["name"], "id"),
    listed("reservedips", &["ip"], "id"),
];

const fn listed(
    collection: &'static str,
    names: &'static [&'static str],
    id: &'static str,
) -> Listed {
    Listed {
        collection,
        list: None,
        names,
        id,
    }
}

/// A collection of singular paths, `/resourcepool/7/`, whose list has the plural.
const fn beside(collection: &'static str, list: &'static str) -> Listed {
    Listed {
        list: Some(list),
        ..listed(collection, &["name"], "id")
    }
}

impl Listed {
    /// Returns the path of the list, given that of the collection, down to its slash.
    pub fn list_of(&self, folder: &str) -> String {
        match (
            self.list,
            folder.strip_suffix(&format!("{}/", self.collection)),
        ) {
            (Some(list), Some(root)) => format!("{root}{list}/"),
            _ => folder.to_owned(),
        }
    }
}

/// Returns the list of what a path names, e.g. `/tags/` for `/tags/gpu/`; none for machines and
/// other nodes, whose lists are long.
#[must_use]
pub fn list_beside(path: &str) -> Option<String> {
    let (folder, _) = path.trim_end_matches('/').rsplit_once('/')?;
    let collection = folder.rsplit('/').next()?;
    let folder = format!("{folder}/");
    match kind_in(&folder, collection)? {
        Kind::Node(_) => None,
        Kind::Itself => Some(folder),
        Kind::Listed(listed) => Some(listed.list_of(&folder)),
        Kind::Vlan => Some(FABRICS.to_owned()),
    }
}

/// Returns what names in a collection are, where its path begins so.
#[must_use]
pub fn kind_in(folder: &str, collection: &str) -> Option<Kind> {
    if collection == VLANS && !folder.contains("fabrics/") {
        return Some(Kind::Vlan);
    }
    kind_of(collection)
}

/// Returns what names in a collection are; `None` where it takes none.
#[must_use]
pub fn kind_of(collection: &str) -> Option<Kind> {
    if let Some(nodes) = NODES.iter().find(|n| **n == collection) {
        return Some(Kind::Node(nodes));
    }
    if ITSELF.contains(&collection) {
        return Some(Kind::Itself);
    }
    LISTED
        .iter()
        .find(|l| l.collection == collection)
        .map(Kind::Listed)
}

/// Returns whether paths below a collection hold ids, so that a name in one is looked up.
#[must_use]
pub fn is_looked_up(collection: &str) -> bool {
    match kind_of(collection) {
        Some(Kind::Node(_) | Kind::Listed(_) | Kind::Vlan) => true,
        Some(Kind::Itself) | None => false,
    }
}

/// Returns the members of an element of a collection that hold the names `@` takes; none where
/// names are ids already.
#[must_use]
pub fn members(collection: &str) -> &'static [&'static str] {
    match kind_of(collection) {
        Some(Kind::Node(_)) => &["hostname"],
        Some(Kind::Listed(listed)) => listed.names,
        Some(Kind::Itself | Kind::Vlan) | None => &[],
    }
}
