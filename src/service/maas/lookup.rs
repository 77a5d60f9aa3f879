//! Names in values, where the API wants ids: `machines=@@node18`, `subnet=@@10.0.0.0/24`.
//!
//! Says what kind of thing a parameter names, which lists have the ids, and finds the value for
//! each name in them. Knows nothing of clients: `flow::lookup` asks, for any number of names at
//! once.

use serde_json::Value;

use crate::error::{Exit, Failure};

use super::name::{self, Name};

/// What a name is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThingKind {
    /// Found by host name, full name, MAC or IP address, or `system_id`.
    Machine,
    /// By CIDR or name.
    Subnet,
    /// By name or VID, `FABRIC/NAME` or `FABRIC/VID` where several have it.
    Vlan,
    /// By name.
    Fabric,
    /// By name.
    Space,
    /// By name, which is what parameters want of it.
    Pool,
    /// By name, which is what parameters want of it.
    Zone,
    /// By name, which is what parameters want of it.
    Domain,
}

/// A name whose value is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// What it is one of.
    pub kind: ThingKind,
    /// The name, without its `@@`.
    pub name: String,
}

/// The parameters that take names, and what they name.
const PARAMETERS: [(&str, ThingKind); 16] = [
    ("machines", ThingKind::Machine),
    ("machine", ThingKind::Machine),
    ("nodes", ThingKind::Machine),
    ("add", ThingKind::Machine),
    ("remove", ThingKind::Machine),
    ("system_id", ThingKind::Machine),
    ("subnet", ThingKind::Subnet),
    ("subnets", ThingKind::Subnet),
    ("vlan", ThingKind::Vlan),
    ("fabric", ThingKind::Fabric),
    ("space", ThingKind::Space),
    ("pool", ThingKind::Pool),
    ("resource_pool", ThingKind::Pool),
    ("zone", ThingKind::Zone),
    ("domain", ThingKind::Domain),
    ("domains", ThingKind::Domain),
];

impl ThingKind {
    /// Returns what a parameter of a path names; `None` where it takes no names. `id` is what the
    /// path's collection filters by.
    #[must_use]
    pub fn of(parameter: &str, path: &str) -> Option<Self> {
        if parameter == "id" {
            let path = path.split('?').next().unwrap_or_default();
            let collection = path.trim_end_matches('/').rsplit('/').next();
            return matches!(collection, Some("machines" | "nodes" | "events"))
                .then_some(Self::Machine);
        }
        let found = PARAMETERS.iter().find(|(name, _)| *name == parameter);
        found.map(|(_, kind)| *kind)
    }

    /// Returns the list that has all of them, in one response; machines are asked for by their
    /// names.
    #[must_use]
    pub fn list(self) -> &'static str {
        match self {
            Self::Machine => "/machines/",
            Self::Subnet => "/subnets/",
            // The VLANs of all fabrics are in no other list.
            Self::Vlan | Self::Fabric => "/fabrics/",
            Self::Space => "/spaces/",
            Self::Pool => "/resourcepools/",
            Self::Zone => "/zones/",
            Self::Domain => "/domains/",
        }
    }

    /// Returns what several are called.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Machine => "machines",
            Self::Subnet => "subnets",
            Self::Vlan => "VLANs",
            Self::Fabric => "fabrics",
            Self::Space => "spaces",
            Self::Pool => "pools",
            Self::Zone => "zones",
            Self::Domain => "domains",
        }
    }

    /// Returns the members that hold the names, and the one that parameters want.
    fn members(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Machine => (&["system_id"], "system_id"),
            Self::Subnet => (&["cidr", "name"], "id"),
            Self::Vlan => (&["name", "vid"], "id"),
            Self::Fabric | Self::Space => (&["name"], "id"),
            Self::Pool | Self::Zone | Self::Domain => (&["name"], "name"),
        }
    }

    /// Returns the member that holds a completed name.
    #[must_use]
    pub fn shown_by(self) -> &'static str {
        match self {
            Self::Machine => "hostname",
            other => other.members().0[0],
        }
    }
}

/// A thing that has a name that was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the parameter wants.
    pub value: String,
    /// What distinguishes it from others of the name.
    pub about: String,
}

impl Wanted {
    /// Returns the name as paths have it, for machines.
    #[must_use]
    pub fn machine(&self) -> Option<Name> {
        (self.kind == ThingKind::Machine)
            .then(|| Name::of_machine(&self.name))
            .flatten()
    }

    /// Returns the things of this name in the response of its list.
    #[must_use]
    pub fn find(&self, list: &Value) -> Vec<Found> {
        let all = list.as_array().map_or(&[][..], Vec::as_slice);
        let mut found: Vec<Found> = Vec::new();
        let mut add = |one: Found| {
            if !found.contains(&one) {
                found.push(one);
            }
        };
        match self.kind {
            ThingKind::Machine => {
                let name = self.machine();
                for item in all {
                    let own = text(&item["system_id"]);
                    if own.eq_ignore_ascii_case(&self.name) {
                        add(Found {
                            value: own,
                            about: text(&item["fqdn"]),
                        });
                        continue;
                    }
                    // What does not name its own name is none of them: the list serves several.
                    let is_named = name.as_ref().is_some_and(|name| name.is_shown_by(item));
                    for (value, about) in name
                        .iter()
                        .filter(|_| is_named)
                        .flat_map(|n| n.candidates(item))
                    {
                        add(Found { value, about });
                    }
                }
            }
            ThingKind::Vlan => {
                let vlans = all.iter().flat_map(|fabric| {
                    let vlans = fabric["vlans"].as_array().map_or(&[][..], Vec::as_slice);
                    vlans.iter().map(|vlan| (text(&fabric["name"]), vlan))
                });
                let (fabric, own) = match self.name.rsplit_once('/') {
                    Some((fabric, own)) => (Some(fabric), own),
                    None => (None, self.name.as_str()),
                };
                for (of, vlan) in vlans {
                    if fabric.is_none_or(|fabric| fabric.eq_ignore_ascii_case(&of))
                        && self.has(vlan, own)
                    {
                        add(Found {
                            value: text(&vlan["id"]),
                            about: format!("VID {} in {of}", text(&vlan["vid"])),
                        });
                    }
                }
            }
            ThingKind::Subnet
            | ThingKind::Fabric
            | ThingKind::Space
            | ThingKind::Pool
            | ThingKind::Zone
            | ThingKind::Domain => {
                for item in all.iter().filter(|item| self.has(item, &self.name)) {
                    let about = ["cidr", "name"].map(|member| text(&item[member]));
                    add(Found {
                        value: text(&item[self.kind.members().1]),
                        about: about
                            .into_iter()
                            .find(|t| !t.is_empty())
                            .unwrap_or_default(),
                    });
                }
            }
        }
        found
    }

    fn has(&self, item: &Value, name: &str) -> bool {
        let names = self.kind.members().0.iter();
        names
            .map(|member| text(&item[*member]))
            .any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// Returns the values of names, in their order; what has none or several is one failure that names
/// them all. `found` is what was found for each.
pub fn values(wanted: &[Wanted], found: &[Vec<Found>]) -> Result<Vec<String>, Failure> {
    let mut values = Vec::new();
    let mut none: Vec<&Wanted> = Vec::new();
    let mut several = Vec::new();
    for (wanted, found) in wanted.iter().zip(found) {
        match found.as_slice() {
            // An empty value would be a call to everything, or to nothing.
            [one] if one.value.is_empty() => {
                let message = format!("the server lists `{}` without an id", wanted.name);
                return Err(Failure::new(Exit::Other, message));
            }
            [one] => values.push(one.value.clone()),
            [] if none.contains(&wanted) => {}
            [] => none.push(wanted),
            many => {
                let those: Vec<String> = many
                    .iter()
                    .map(|one| format!("`{}` ({})", one.value, one.about))
                    .collect();
                let missing = format!(
                    "{} {} are called `{}`: {}",
                    many.len(),
                    wanted.kind.plural(),
                    wanted.name,
                    name::brief(&those)
                );
                if !several.contains(&missing) {
                    several.push(missing);
                }
            }
        }
    }
    if none.is_empty() && several.is_empty() {
        return Ok(values);
    }
    let mut kinds: Vec<ThingKind> = Vec::new();
    for wanted in &none {
        if !kinds.contains(&wanted.kind) {
            kinds.push(wanted.kind);
        }
    }
    let mut missing: Vec<String> = kinds
        .iter()
        .map(|kind| {
            let those = none.iter().filter(|wanted| wanted.kind == *kind);
            let names: Vec<String> = those.map(|wanted| format!("`{}`", wanted.name)).collect();
            format!(
                "none of the {} is called {}",
                kind.plural(),
                names.join(", ")
            )
        })
        .collect();
    missing.append(&mut several);
    let message = missing.join("; ");
    Err(match kinds.first() {
        Some(kind) => Failure::new(Exit::ClientError, message).hint(format!(
            "`apicall get {} -o table` lists what there is",
            kind.list()
        )),
        None => Failure::usage(message).hint("choose one by its id"),
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wanted(kind: ThingKind, name: &str) -> Wanted {
        Wanted {
            kind,
            name: name.to_owned(),
        }
    }

    #[test]
    fn parameters_name_things() {
        for (parameter, path, want) in [
            ("machines", "/machines/", Some(ThingKind::Machine)),
            ("add", "/tags/gpu/", Some(ThingKind::Machine)),
            ("subnet", "/x/", Some(ThingKind::Subnet)),
            ("vlan", "/x/", Some(ThingKind::Vlan)),
            ("pool", "/machines/x/", Some(ThingKind::Pool)),
            ("id", "/MAAS/api/2.0/machines/", Some(ThingKind::Machine)),
            ("id", "machines?x=y", Some(ThingKind::Machine)),
            ("id", "/subnets/", None),
            ("comment", "/machines/", None),
        ] {
            assert_eq!(ThingKind::of(parameter, path), want, "{parameter} {path}");
        }
    }

    #[test]
    fn names_in_lists() {
        let machines = json!([
            {"system_id": "4y3h7n", "hostname": "node1", "fqdn": "node1.maas"},
            {"system_id": "4y3h8q", "hostname": "node2", "fqdn": "node2.maas"},
            {"system_id": "4y3h9q", "hostname": "node2", "fqdn": "node2.lab"},
        ]);
        let subnets = json!([{"id": 1, "cidr": "10.0.0.0/24", "name": "a"}, {"id": 2, "cidr": "10.0.1.0/24", "name": "a"}]);
        let fabrics = json!([
            {"id": 1, "name": "fab-0", "vlans": [{"id": 5001, "vid": 0, "name": "untagged"}, {"id": 5002, "vid": 100, "name": "lab"}]},
            {"id": 2, "name": "fab-1", "vlans": [{"id": 5003, "vid": 0, "name": "untagged"}]},
        ]);
        let zones = json!([{"id": 3, "name": "Rack1"}]);
        for (kind, list, name, want) in [
            (ThingKind::Machine, &machines, "NODE1", &["4y3h7n"][..]),
            (ThingKind::Machine, &machines, "4Y3H7N", &["4y3h7n"]),
            (
                ThingKind::Machine,
                &machines,
                "node2",
                &["4y3h8q", "4y3h9q"],
            ),
            (ThingKind::Machine, &machines, "node2.lab", &["4y3h9q"]),
            (ThingKind::Machine, &machines, "node3", &[]),
            (ThingKind::Subnet, &subnets, "10.0.1.0/24", &["2"]),
            (ThingKind::Subnet, &subnets, "a", &["1", "2"]),
            (ThingKind::Vlan, &fabrics, "100", &["5002"]),
            (ThingKind::Vlan, &fabrics, "untagged", &["5001", "5003"]),
            (ThingKind::Vlan, &fabrics, "fab-1/untagged", &["5003"]),
            (ThingKind::Fabric, &fabrics, "fab-1", &["2"]),
            (ThingKind::Zone, &zones, "rack1", &["Rack1"]),
        ] {
            let found = wanted(kind, name).find(list);
            let values: Vec<&str> = found.iter().map(|f| f.value.as_str()).collect();
            assert_eq!(values, want, "{kind:?} {name}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let one = |value: &str| Found {
            value: value.to_owned(),
            about: "x".to_owned(),
        };
        let all = [
            wanted(ThingKind::Machine, "a"),
            wanted(ThingKind::Machine, "b"),
            wanted(ThingKind::Machine, "c"),
            wanted(ThingKind::Zone, "d"),
        ];
        let found = [vec![one("1")], vec![], vec![one("2"), one("3")], vec![]];
        let failure = values(&all, &found).unwrap_err();
        assert_eq!(failure.exit, Exit::ClientError);
        assert_eq!(
            failure.cause,
            "none of the machines is called `b`; none of the zones is called `d`; \
             2 machines are called `c`: `2` (x), `3` (x)"
        );
        let failure = values(&all[2..3], &found[2..3]).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert_eq!(values(&all[..1], &found[..1]).unwrap(), ["1"]);
    }

    #[test]
    fn a_thing_without_an_id_has_no_value() {
        for (kind, id) in [(ThingKind::Machine, "system_id"), (ThingKind::Subnet, "id")] {
            let wanted = [wanted(kind, "node2")];
            for own in [json!(null), json!(""), json!(["a"])] {
                let list = json!([{"hostname": "node2", "name": "node2", id: own}]);
                let failure = values(&wanted, &[wanted[0].find(&list)]).unwrap_err();
                assert_eq!(
                    failure.to_string(),
                    "the server lists `node2` without an id"
                );
                assert_eq!(failure.exit, Exit::Other);
            }
        }
    }
}
