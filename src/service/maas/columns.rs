//! The columns of a table of MAAS's resources. Pure.
//!
//! Each is a path in the element, `NAME=PATH` where the header is another one, and `PATH|OTHER`
//! where the members on another path, through lists, stand for one that is missing. The first three
//! say what a row is: a terminal that is narrow keeps them longest.

use super::API;

/// Some calls leave the list of addresses out; they stand at the links of the interfaces, too.
const ADDRESSES: &str = "ip_addresses|interface_set.links.ip_address";

const MACHINES: &[&str] = &[
    "system_id",
    "hostname",
    "status=status_name",
    "power=power_state",
    "owner",
    "pool=pool.name",
    "zone=zone.name",
    "tags=tag_names",
    "cpus=cpu_count",
    "memory",
    "os=distro_series",
    "arch=architecture",
    ADDRESSES,
    "fqdn",
];

const NODES: &[&str] = &[
    "system_id",
    "hostname",
    "type=node_type_name",
    "status=status_name",
    "power=power_state",
    "owner",
    "pool=pool.name",
    "zone=zone.name",
    "arch=architecture",
    ADDRESSES,
];

const DEVICES: &[&str] = &[
    "system_id",
    "hostname",
    "owner",
    "domain=domain.name",
    "zone=zone.name",
    "parent",
    ADDRESSES,
    "description",
];

const CONTROLLERS: &[&str] = &[
    "system_id",
    "hostname",
    "type=node_type_name",
    "version",
    "status=status_name",
    "zone=zone.name",
    "cpus=cpu_count",
    "memory",
    "os=distro_series",
    "arch=architecture",
    ADDRESSES,
];

const RAIDS: &[&str] = &[
    "id",
    "name",
    "level",
    "size=human_size",
    "devices=|devices.name",
    "spares=|spare_devices.name",
    "uuid",
];

const VMFS: &[&str] = &["id", "name", "size=human_size", "uuid"];

const VOLUME_GROUPS: &[&str] = &[
    "id",
    "name",
    "size=human_size",
    "used=human_used_size",
    "available=human_available_size",
    "volumes=|logical_volumes.name",
    "uuid",
];

/// The routes below the API root, where `*` is any segment. Each stands for a list and for one
/// element of it.
const ROUTES: &[(&str, &[&str])] = &[
    ("devices", DEVICES),
    ("machines", MACHINES),
    ("nodes", NODES),
    ("rackcontrollers", CONTROLLERS),
    ("regioncontrollers", CONTROLLERS),
    ("account/prefs/sshkeys", &["id", "keysource", "key"]),
    ("account/prefs/sslkeys", &["id", "key"]),
    (
        "boot-resources",
        &[
            "id",
            "name",
            "architecture",
            "type",
            "subarches",
            "base_image",
            "last_deployed",
        ],
    ),
    (
        "boot-sources",
        &["id", "url", "updated", "keyring_filename"],
    ),
    (
        "boot-sources/*/selections",
        &["id", "os", "release", "arches", "subarches", "labels"],
    ),
    (
        "dhcp-snippets",
        &[
            "id",
            "name",
            "enabled",
            "node=node.hostname",
            "subnet=subnet.cidr",
            "global=global_snippet",
        ],
    ),
    (
        "discovery",
        &[
            "ip",
            "mac_address",
            "hostname",
            "subnet=subnet.cidr",
            "observer=observer.hostname",
            "last_seen",
            "mac_organization",
        ],
    ),
    (
        "dnsresourcerecords",
        &["id", "fqdn", "ttl", "rrtype", "rrdata"],
    ),
    (
        "dnsresources",
        &["id", "fqdn", "address_ttl", "ip=ip_addresses.0.ip"],
    ),
    (
        "domains",
        &[
            "id",
            "name",
            "authoritative",
            "ttl",
            "records=resource_record_count",
            "is_default",
        ],
    ),
    (
        "events",
        &[
            "id",
            "created",
            "level",
            "hostname",
            "type",
            "description",
            "username",
        ],
    ),
    ("fabrics", &["id", "name", "class_type", "description"]),
    (
        "fabrics/*/vlans",
        &[
            "id",
            "vid",
            "name",
            "fabric",
            "space",
            "mtu",
            "dhcp=dhcp_on",
            "primary_rack",
        ],
    ),
    ("files", &["filename", "anon_resource_uri"]),
    ("groups", &["id", "name", "description"]),
    (
        "ipaddresses",
        &[
            "ip",
            "type=alloc_type_name",
            "owner=owner.username",
            "subnet=subnet.cidr",
            "created",
        ],
    ),
    (
        "ipranges",
        &[
            "id",
            "type",
            "start_ip",
            "end_ip",
            "subnet=subnet.cidr",
            "user=user.username",
            "comment",
        ],
    ),
    (
        "nodes/*/blockdevices",
        &[
            "id", "name", "type", "size", "used_for", "model", "serial", "id_path",
        ],
    ),
    (
        "nodes/*/blockdevices/*/partitions",
        &["id", "type", "size", "path", "bootable", "used_for"],
    ),
    (
        "nodes/*/interfaces",
        &[
            "id",
            "name",
            "type",
            "enabled",
            "mac_address",
            "vlan=vlan.vid",
            "fabric=vlan.fabric",
            "link_speed",
            "product",
        ],
    ),
    (
        "nodes/*/results",
        &[
            "id",
            "type=type_name",
            "status=status_name",
            "started",
            "ended",
        ],
    ),
    ("nodes/*/raids", RAIDS),
    ("nodes/*/raid", RAIDS),
    ("nodes/*/vmfs-datastores", VMFS),
    ("nodes/*/vmfs-datastore", VMFS),
    ("nodes/*/volume-groups", VOLUME_GROUPS),
    ("nodes/*/volume-group", VOLUME_GROUPS),
    (
        "notifications",
        &["id", "category", "ident", "message", "user", "admins"],
    ),
    (
        "package-repositories",
        &["id", "name", "url", "enabled", "arches", "components"],
    ),
    (
        "reservedips",
        &[
            "id",
            "ip",
            "mac_address",
            "subnet=subnet.cidr",
            "node=node_summary.hostname",
            "comment",
        ],
    ),
    ("resourcepool", &["id", "name", "description"]),
    ("resourcepools", &["id", "name", "description"]),
    (
        "scripts",
        &[
            "id",
            "name",
            "type=type_name",
            "title",
            "tags",
            "timeout",
            "destructive",
        ],
    ),
    ("spaces", &["id", "name", "subnet=subnets.0.cidr"]),
    (
        "static-routes",
        &[
            "id",
            "source=source.cidr",
            "destination=destination.cidr",
            "gateway_ip",
            "metric",
        ],
    ),
    (
        "subnets",
        &[
            "id",
            "cidr",
            "name",
            "vlan=vlan.vid",
            "fabric=vlan.fabric",
            "space",
            "gateway_ip",
            "dns_servers",
            "managed",
        ],
    ),
    ("tags", &["name", "comment", "definition", "kernel_opts"]),
    ("users", &["username", "email", "is_superuser", "is_local"]),
    (
        "vm-hosts",
        &[
            "id",
            "name",
            "type",
            "cores=total.cores",
            "used=used.cores",
            "memory=total.memory",
            "pool=pool.name",
            "zone=zone.name",
        ],
    ),
    ("zones", &["id", "name", "description"]),
];

/// Returns the columns for elements of what a path names; none where it is not known.
///
/// `path` is that of the request, encoded; `op` the operation.
#[must_use]
pub fn columns(path: &str, op: Option<&str>) -> &'static [&'static str] {
    let Some((_, route)) = path.split_once(API) else {
        return &[];
    };
    let segments: Vec<&str> = route.split('/').filter(|s| !s.is_empty()).collect();
    // What has a tag is asked for by the tag's operations.
    match (&segments[..], op) {
        (["tags", _], Some("machines")) => return MACHINES,
        (["tags", _], Some("nodes")) => return NODES,
        (["tags", _], Some("devices")) => return DEVICES,
        (["tags", _], Some("rack_controllers" | "region_controllers")) => return CONTROLLERS,
        _ => {}
    }
    ROUTES
        .iter()
        .find(|(route, _)| is_on(&segments, route))
        .map_or(&[], |(_, columns)| columns)
}

fn is_on(segments: &[&str], route: &str) -> bool {
    let parts = route.split('/').count();
    let fits = |(part, segment): (&str, &&str)| part == "*" || part == *segment;
    (segments.len() == parts || segments.len() == parts + 1)
        && route.split('/').zip(segments).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_have_columns() {
        for (path, op, first) in [
            ("/MAAS/api/2.0/machines/", None, Some("system_id")),
            (
                "/MAAS/api/2.0/machines/",
                Some("list_allocated"),
                Some("system_id"),
            ),
            (
                "/MAAS/api/2.0/machines/4y3h7n/",
                Some("deploy"),
                Some("system_id"),
            ),
            ("/MAAS/api/2.0/tags/", None, Some("name")),
            (
                "/MAAS/api/2.0/tags/gpu/",
                Some("machines"),
                Some("system_id"),
            ),
            ("/prefix/MAAS/api/2.0/events/", Some("query"), Some("id")),
            ("/MAAS/api/2.0/fabrics/0/vlans/", None, Some("id")),
            ("/MAAS/api/2.0/users/", Some("whoami"), Some("username")),
            ("/MAAS/api/2.0/nodes/4y3h7n/raids/", None, Some("id")),
            ("/MAAS/api/2.0/nodes/4y3h7n/raid/3/", None, Some("id")),
            (
                "/MAAS/api/2.0/nodes/4y3h7n/vmfs-datastores/",
                None,
                Some("id"),
            ),
            (
                "/MAAS/api/2.0/nodes/4y3h7n/volume-groups/",
                None,
                Some("id"),
            ),
            (
                "/MAAS/api/2.0/nodes/4y3h7n/volume-group/3/",
                None,
                Some("id"),
            ),
            ("/MAAS/api/2.0/reservedips/", None, Some("id")),
            ("/MAAS/api/2.0/groups/3/", None, Some("id")),
            ("/MAAS/api/2.0/version/", None, None),
            ("/MAAS/accounts/", None, None),
        ] {
            assert_eq!(columns(path, op).first().copied(), first, "{path}");
        }
        assert_eq!(columns("/MAAS/api/2.0/fabrics/0/vlans/", None)[1], "vid");
        assert_eq!(columns("/MAAS/api/2.0/fabrics/0/", None)[1], "name");
        assert_eq!(
            columns("/MAAS/api/2.0/nodes/x/interfaces/", None)[4],
            "mac_address"
        );
    }
}
