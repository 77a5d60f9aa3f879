//! What is known of MAAS's API without a description of it: the commonest operations, collections
//! and parts of machines.
//!
//! For hints to those who have fetched none; a description knows better.

/// Operations by the method that they have, for those who have no description.
const OPERATIONS: [(&str, &[&str]); 2] = [
    (
        "POST",
        &[
            "abort",
            "accept",
            "accept_all",
            "add_chassis",
            "allocate",
            "commission",
            "deploy",
            "exit_rescue_mode",
            "import",
            "link_subnet",
            "lock",
            "mark_broken",
            "mark_fixed",
            "override_failed_testing",
            "power_off",
            "power_on",
            "rebuild",
            "release",
            "rescue_mode",
            "restore_default_configuration",
            "restore_networking_configuration",
            "restore_storage_configuration",
            "set_config",
            "set_owner_data",
            "set_storage_layout",
            "set_workload_annotations",
            "set_zone",
            "stop_import",
            "test",
            "unlink_subnet",
            "unlock",
            "unmount",
            "update_nodes",
        ],
    ),
    (
        "GET",
        &[
            "details",
            "get_config",
            "get_curtin_config",
            "is_importing",
            "is_registered",
            "list_allocated",
            "power_parameters",
            "query_power_state",
            "statistics",
            "whoami",
        ],
    ),
];

/// Returns the operation that a word names: `power-on` is `power_on`, too.
#[must_use]
pub fn operation(word: &str) -> Option<String> {
    let name = word.replace('-', "_");
    method_of(&name).is_some().then_some(name)
}

/// Returns the method of an operation.
#[must_use]
pub fn method_of(op: &str) -> Option<&'static str> {
    OPERATIONS
        .iter()
        .find(|(_, names)| names.contains(&op))
        .map(|(method, _)| *method)
}

/// Collections that are typed in the singular, for those who have no description.
pub const COLLECTIONS: [&str; 14] = [
    "devices",
    "domains",
    "events",
    "fabrics",
    "files",
    "machines",
    "nodes",
    "spaces",
    "subnets",
    "tags",
    "users",
    "vlans",
    "zones",
    "boot-resources",
];

/// What lies below a machine in the API, but below `/nodes/`.
pub const PARTS: [&str; 13] = [
    "bcache",
    "bcache-cache-set",
    "bcache-cache-sets",
    "bcaches",
    "blockdevices",
    "interfaces",
    "raid",
    "raids",
    "results",
    "vmfs-datastore",
    "vmfs-datastores",
    "volume-group",
    "volume-groups",
];

/// Paths that have one operation for GET, and nothing else, for those who have no description.
pub const LONE: [(&str, &str); 3] = [
    ("/account/", "list_authorisation_tokens"),
    ("/events/", "query"),
    ("/maas/", "get_config"),
];
