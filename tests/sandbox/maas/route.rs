//! MAAS's URL patterns.
//!
//! Django matches the decoded path; a collection has its trailing slash, `…/op-NAME` has none, and nothing redirects.

use super::super::form;
use super::super::response::Response;
use super::operations::{self, Operation};

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
    /// `scripts/`
    Scripts,
    /// `scripts/{name}`
    Script(String),
    /// `nodes/{system_id}/results/`
    Results(String),
    /// `nodes/{system_id}/results/{id}/`
    Result(String, String),
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
    /// `describe/`
    Describe,
    /// `boot-resources/`
    Images,
    /// `boot-resources/{id}/`
    Image(String),
    /// `boot-resources/{resource_id}/upload/{id}/`
    Upload(String, String),
}

/// A resource and the operation that its path named.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The resource.
    pub kind: Kind,
    /// The `NAME` of `…/op-NAME`.
    pub op: Option<String>,
}

impl Route {
    /// All that can be done here.
    pub fn operations(&self) -> &'static [Operation] {
        operations::of(&self.kind)
    }

    /// Whether nobody's key is ever looked at.
    pub fn is_anonymous(&self) -> bool {
        matches!(self.kind, Kind::Version | Kind::Describe)
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
pub fn find(raw: &str) -> Result<Route, Response> {
    let path = form::percent_decode(raw, false);
    let Some(below) = path.strip_prefix("/MAAS/api/2.0/") else {
        return Err(outside(&path));
    };
    let unknown = || Response::text(404, format!("Unknown API endpoint: {path}."));
    if let Some(name) = below
        .strip_prefix("scripts/")
        .filter(|name| !name.is_empty() && !name.contains('/'))
    {
        // Without a slash at its end, unlike all others.
        return Ok(Route {
            kind: Kind::Script(name.to_owned()),
            op: None,
        });
    }
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
    if matches!(
        resource.split('/').next(),
        Some("pods" | "pod" | "vm-hosts" | "vm-host" | "vm-clusters")
    ) {
        return Err(Response::text(
            410,
            "VM host (KVM) support has been removed",
        ));
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
        ["scripts"] => Kind::Scripts,
        ["nodes", id, "results"] if !id.is_empty() => Kind::Results(own(id)),
        ["nodes", id, "results", which] if !id.is_empty() && !which.is_empty() => {
            Kind::Result(own(id), own(which))
        }
        ["events"] => Kind::Events,
        ["boot-resources"] => Kind::Images,
        ["boot-resources", id] if !id.is_empty() => Kind::Image(own(id)),
        ["boot-resources", image, "upload", id] if !image.is_empty() && !id.is_empty() => {
            Kind::Upload(own(image), own(id))
        }
        ["describe"] => Kind::Describe,
        ["version"] => Kind::Version,
        _ => return Err(unknown()),
    };
    Ok(Route { kind, op })
}

/// The name of a list that is only read.
fn listed(name: &str) -> Option<&'static str> {
    let lists = [
        "subnets",
        "fabrics",
        "spaces",
        "domains",
        "devices",
        "regioncontrollers",
    ];
    lists.into_iter().find(|known| *known == name)
}

/// Paths that are no API 2.0.
fn outside(path: &str) -> Response {
    match path {
        "/" | "/MAAS" => Response::nginx(301).header("Location", "/MAAS/"),
        "/MAAS/" => Response::nginx(302).header("Location", "/MAAS/r/"),
        _ if path.starts_with("/MAAS/r/") => Response::with(
            200,
            "text/html",
            "<!doctype html><html><head><title>MAAS</title></head><body></body></html>",
        ),
        _ if path.starts_with("/MAAS/api/1.0/") => Response::text(
            410,
            "The 1.0 API is no longer available. Please use API version 2.0.",
        ),
        "/MAAS/api/2.0" => Response::text(404, format!("Unknown API endpoint: {path}.")),
        _ if path.starts_with("/MAAS/a/v3/") => Response::json(
            401,
            &serde_json::json!({"kind": "Error", "code": 401, "message": "Unauthorized", "details": null}),
        ),
        _ => Response::nginx(404),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let route =
            |path: &str| find(&format!("/MAAS/api/2.0/{path}")).map_err(|response| response.status);
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
        for gone in ["pods/", "vm-hosts/", "vm-clusters/", "vm-hosts/1/"] {
            assert_eq!(route(gone), Err(410), "{gone}");
        }
        assert_eq!(route("scripts/a"), plain(Kind::Script("a".to_owned())));
        assert_eq!(route("scripts/a/"), Err(404));
        assert_eq!(find("/MAAS/api/1.0/nodes/").unwrap_err().status, 410);
        let unknown = find("/MAAS/api/2.0/tags").unwrap_err();
        assert_eq!(
            String::from_utf8(unknown.body).unwrap(),
            "Unknown API endpoint: /MAAS/api/2.0/tags."
        );
    }
}
