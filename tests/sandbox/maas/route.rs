//! MAAS's URL patterns and which operations each has, signed and anonymous.
//!
//! Django matches the decoded path; a collection has its final slash, `…/op-NAME` has none, and nothing redirects.

use super::super::answer::Answer;
use super::super::form;

/// A resource with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `machines/`
    Machines,
    /// `machines/{system_id}/`
    Machine(String),
    /// `nodes/`
    Nodes,
    /// `tags/`
    Tags,
    /// `tags/{name}/`
    Tag(String),
    /// `users/`
    Users,
    /// `users/{username}/`
    User(String),
    /// `account/`
    Account,
    /// `files/`
    Files,
    /// `files/{filename}/`
    File(String),
    /// `zones/`
    Zones,
    /// `zones/{name}/`
    Zone(String),
    /// `resourcepools/`
    Pools,
    /// `resourcepool/{id}/`
    Pool(String),
    /// `events/`
    Events,
    /// `subnets/`, `fabrics/`, `spaces/`, `domains/`, `devices/`, which are only read here
    List(&'static str),
    /// `subnets/{id}/` and the like
    Entry(&'static str, String),
    /// `fabrics/{fabric_id}/vlans/`
    Vlans(String),
    /// `fabrics/{fabric_id}/vlans/{vid}/`
    Vlan(String, String),
    /// `ipaddresses/`
    Addresses,
    /// `version/`
    Version,
}

/// A resource and the operation that its path named.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The resource.
    pub kind: Kind,
    /// The `NAME` of `…/op-NAME`.
    pub op: Option<String>,
}

/// One thing that can be done to a resource.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The method.
    pub method: &'static str,
    /// The `op`, where it has one.
    pub op: Option<&'static str>,
    /// Whether it works without a signature.
    pub anonymous: bool,
}

const fn plain(method: &'static str) -> Operation {
    Operation {
        method,
        op: None,
        anonymous: false,
    }
}

const fn op(method: &'static str, name: &'static str) -> Operation {
    Operation {
        method,
        op: Some(name),
        anonymous: false,
    }
}

const fn anonymous(operation: Operation) -> Operation {
    Operation {
        anonymous: true,
        ..operation
    }
}

static MACHINES: [Operation; 13] = [
    plain("GET"),
    anonymous(plain("POST")),
    op("GET", "list_allocated"),
    op("GET", "power_parameters"),
    anonymous(op("GET", "is_registered")),
    anonymous(op("GET", "is_action_in_progress")),
    op("POST", "allocate"),
    op("POST", "release"),
    anonymous(op("POST", "accept")),
    op("POST", "accept_all"),
    op("POST", "add_chassis"),
    op("POST", "clone"),
    op("POST", "set_zone"),
];
static MACHINE: [Operation; 21] = [
    plain("GET"),
    plain("PUT"),
    plain("DELETE"),
    op("GET", "power_parameters"),
    op("GET", "query_power_state"),
    op("GET", "details"),
    op("POST", "deploy"),
    op("POST", "release"),
    op("POST", "lock"),
    op("POST", "unlock"),
    op("POST", "power_on"),
    op("POST", "power_off"),
    op("POST", "abort"),
    op("POST", "commission"),
    op("POST", "mark_broken"),
    op("POST", "mark_fixed"),
    op("POST", "set_owner_data"),
    op("POST", "test"),
    op("POST", "rescue_mode"),
    op("POST", "exit_rescue_mode"),
    op("POST", "override_failed_testing"),
];
static NODES: [Operation; 4] = [
    plain("GET"),
    anonymous(op("GET", "is_registered")),
    anonymous(op("GET", "is_action_in_progress")),
    op("POST", "set_zone"),
];
static COLLECTION: [Operation; 2] = [plain("GET"), plain("POST")];
static ITEM: [Operation; 3] = [plain("GET"), plain("PUT"), plain("DELETE")];
static TAG: [Operation; 9] = [
    plain("GET"),
    plain("PUT"),
    plain("DELETE"),
    op("GET", "machines"),
    op("GET", "nodes"),
    op("GET", "devices"),
    op("GET", "rack_controllers"),
    op("POST", "update_nodes"),
    op("POST", "rebuild"),
];
static USERS: [Operation; 3] = [plain("GET"), plain("POST"), op("GET", "whoami")];
static USER: [Operation; 2] = [plain("GET"), plain("DELETE")];
static ACCOUNT: [Operation; 4] = [
    op("GET", "list_authorisation_tokens"),
    op("POST", "create_authorisation_token"),
    op("POST", "delete_authorisation_token"),
    op("POST", "update_token_name"),
];
static FILES: [Operation; 5] = [
    plain("GET"),
    plain("POST"),
    plain("DELETE"),
    op("GET", "get"),
    anonymous(op("GET", "get_by_key")),
];
static FILE: [Operation; 2] = [plain("GET"), plain("DELETE")];
static ADDRESSES: [Operation; 3] = [plain("GET"), op("POST", "reserve"), op("POST", "release")];
static EVENTS: [Operation; 1] = [op("GET", "query")];
static VERSION: [Operation; 1] = [anonymous(plain("GET"))];

impl Route {
    /// All that can be done here.
    pub fn operations(&self) -> &'static [Operation] {
        match self.kind {
            Kind::Machines => &MACHINES,
            Kind::Machine(_) => &MACHINE,
            Kind::Nodes => &NODES,
            Kind::Tags | Kind::Zones | Kind::Pools | Kind::List(_) | Kind::Vlans(_) => &COLLECTION,
            Kind::Tag(_) => &TAG,
            Kind::Zone(_) | Kind::Pool(_) | Kind::Entry(..) | Kind::Vlan(..) => &ITEM,
            Kind::Addresses => &ADDRESSES,
            Kind::Users => &USERS,
            Kind::User(_) => &USER,
            Kind::Account => &ACCOUNT,
            Kind::Files => &FILES,
            Kind::File(_) => &FILE,
            Kind::Events => &EVENTS,
            Kind::Version => &VERSION,
        }
    }

    /// Whether nobody's key is ever looked at.
    pub fn is_anonymous(&self) -> bool {
        self.kind == Kind::Version
    }

    /// Whether an unsigned call with this method gets past the door; its `op` is judged later.
    pub fn takes_anonymous(&self, method: &str) -> bool {
        self.is_anonymous()
            || self
                .operations()
                .iter()
                .any(|operation| operation.anonymous && operation.method == method)
    }
}

/// Finds the resource of a raw path.
pub fn find(raw: &str) -> Result<Route, Answer> {
    let path = form::percent_decode(raw, false);
    let Some(below) = path.strip_prefix("/MAAS/api/2.0/") else {
        return Err(outside(&path));
    };
    let unknown = || Answer::text(404, format!("Unknown API endpoint: {path}."));
    let (resource, op) = match below.rsplit_once("/op-") {
        Some((resource, op)) if !op.is_empty() && !op.contains('/') => {
            (resource, Some(op.to_owned()))
        }
        _ => (below.strip_suffix('/').ok_or_else(unknown)?, None),
    };
    if let Some(name) = resource
        .strip_prefix("files/")
        .filter(|name| !name.is_empty())
    {
        return Ok(Route {
            kind: Kind::File(name.to_owned()),
            op,
        });
    }
    let own = |text: &str| text.to_owned();
    let kind = match resource.split('/').collect::<Vec<_>>().as_slice() {
        ["machines"] => Kind::Machines,
        ["machines", id] if !id.is_empty() => Kind::Machine(own(id)),
        ["nodes"] => Kind::Nodes,
        ["tags"] => Kind::Tags,
        ["tags", name] if !name.is_empty() => Kind::Tag(own(name)),
        ["users"] => Kind::Users,
        ["users", name] if !name.is_empty() => Kind::User(own(name)),
        ["account"] => Kind::Account,
        ["files"] => Kind::Files,
        ["zones"] => Kind::Zones,
        ["zones", name] if !name.is_empty() => Kind::Zone(own(name)),
        ["resourcepools"] => Kind::Pools,
        ["resourcepool", id] if !id.is_empty() => Kind::Pool(own(id)),
        ["ipaddresses"] => Kind::Addresses,
        ["fabrics", id, "vlans"] if !id.is_empty() => Kind::Vlans(own(id)),
        ["fabrics", id, "vlans", vid] if !id.is_empty() && !vid.is_empty() => {
            Kind::Vlan(own(id), own(vid))
        }
        ["vlans", id] if !id.is_empty() => Kind::Entry("vlans", own(id)),
        [list] if listed(list).is_some() => Kind::List(listed(list).unwrap_or_default()),
        [list, id] if listed(list).is_some() && !id.is_empty() => {
            Kind::Entry(listed(list).unwrap_or_default(), own(id))
        }
        ["events"] => Kind::Events,
        ["version"] => Kind::Version,
        _ => return Err(unknown()),
    };
    Ok(Route { kind, op })
}

/// The name of a list that is only read.
fn listed(name: &str) -> Option<&'static str> {
    ["subnets", "fabrics", "spaces", "domains", "devices"]
        .into_iter()
        .find(|known| *known == name)
}

/// Paths that are no API 2.0.
fn outside(path: &str) -> Answer {
    match path {
        "/" | "/MAAS" => Answer::nginx(301).header("Location", "/MAAS/"),
        "/MAAS/" => Answer::nginx(302).header("Location", "/MAAS/r/"),
        _ if path.starts_with("/MAAS/r/") => Answer::with(
            200,
            "text/html",
            "<!doctype html><html><head><title>MAAS</title></head><body></body></html>",
        ),
        _ if path.starts_with("/MAAS/api/1.0/") => Answer::text(
            410,
            "The 1.0 API is no longer available. Please use API version 2.0.",
        ),
        "/MAAS/api/2.0" => Answer::text(404, format!("Unknown API endpoint: {path}.")),
        _ if path.starts_with("/MAAS/a/v3/") => Answer::json(
            401,
            &serde_json::json!({"kind": "Error", "code": 401, "message": "Unauthorized", "details": null}),
        ),
        _ => Answer::nginx(404),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let route =
            |path: &str| find(&format!("/MAAS/api/2.0/{path}")).map_err(|answer| answer.status);
        let plain = |kind| Ok(Route { kind, op: None });
        assert_eq!(route("machines/"), plain(Kind::Machines));
        assert_eq!(route("machines"), Err(404));
        assert_eq!(
            route("machines/4y3h7n/"),
            plain(Kind::Machine("4y3h7n".to_owned()))
        );
        assert_eq!(
            route("machines/op-allocate"),
            Ok(Route {
                kind: Kind::Machines,
                op: Some("allocate".to_owned())
            })
        );
        assert_eq!(
            route("machines/op-allocate/"),
            Ok(Route {
                kind: Kind::Machine("op-allocate".to_owned()),
                op: None
            })
        );
        assert_eq!(route("files/a%2Fb/"), plain(Kind::File("a/b".to_owned())));
        assert_eq!(route("files/a/b/"), plain(Kind::File("a/b".to_owned())));
        assert_eq!(route("tags/a%2Fb/"), Err(404));
        assert_eq!(find("/MAAS/api/1.0/nodes/").unwrap_err().status, 410);
        let unknown = find("/MAAS/api/2.0/tags").unwrap_err();
        assert_eq!(
            String::from_utf8(unknown.body).unwrap(),
            "Unknown API endpoint: /MAAS/api/2.0/tags."
        );
    }
}
