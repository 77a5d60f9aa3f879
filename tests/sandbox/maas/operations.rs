//! Which operations each resource has: method, `op`, and whether they work with a signature, without one, or both.

use super::route::Kind;

/// One thing that can be done to a resource.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The method.
    pub method: &'static str,
    /// The `op`, where it has one.
    pub op: Option<&'static str>,
    /// Whether it works without a signature.
    pub anonymous: bool,
    /// Whether it works with one.
    pub signed: bool,
}

const fn plain(method: &'static str) -> Operation {
    Operation {
        method,
        op: None,
        anonymous: false,
        signed: true,
    }
}

const fn op(method: &'static str, name: &'static str) -> Operation {
    Operation {
        method,
        op: Some(name),
        anonymous: false,
        signed: true,
    }
}

const fn anonymous(operation: Operation) -> Operation {
    Operation {
        anonymous: true,
        ..operation
    }
}

/// What a signed call can not do: the handler for signed calls lacks it.
const fn unsigned_only(operation: Operation) -> Operation {
    Operation {
        anonymous: true,
        signed: false,
        ..operation
    }
}

static MACHINES: [Operation; 13] = [
    plain("GET"),
    anonymous(plain("POST")),
    op("GET", "list_allocated"),
    op("GET", "power_parameters"),
    anonymous(op("GET", "is_registered")),
    unsigned_only(op("GET", "is_action_in_progress")),
    op("POST", "allocate"),
    op("POST", "release"),
    anonymous(op("POST", "accept")),
    op("POST", "accept_all"),
    op("POST", "add_chassis"),
    op("POST", "clone"),
    op("POST", "set_zone"),
];
static MACHINE: [Operation; 22] = [
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
    op("POST", "set_workload_annotations"),
    op("POST", "test"),
    op("POST", "rescue_mode"),
    op("POST", "exit_rescue_mode"),
    op("POST", "override_failed_testing"),
];
static NODES: [Operation; 4] = [
    plain("GET"),
    anonymous(op("GET", "is_registered")),
    unsigned_only(op("GET", "is_action_in_progress")),
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
static READ: [Operation; 1] = [plain("GET")];
static SCRIPT: [Operation; 4] = [
    plain("GET"),
    plain("PUT"),
    plain("DELETE"),
    op("GET", "download"),
];
static RESULT: [Operation; 3] = [plain("GET"), plain("DELETE"), op("GET", "download")];
static EVENTS: [Operation; 1] = [op("GET", "query")];
static UNSIGNED: [Operation; 1] = [unsigned_only(plain("GET"))];
static IMAGES: [Operation; 5] = [
    plain("GET"),
    plain("POST"),
    op("POST", "import"),
    op("GET", "is_importing"),
    op("POST", "stop_import"),
];
static UPLOAD: [Operation; 1] = [plain("PUT")];

/// All that can be done to a resource.
pub fn of(kind: &Kind) -> &'static [Operation] {
    match kind {
        Kind::Machines => &MACHINES,
        Kind::Machine(_) => &MACHINE,
        Kind::Nodes => &NODES,
        Kind::Tags | Kind::Zones | Kind::Pools | Kind::List(_) | Kind::Vlans(_) | Kind::Scripts => {
            &COLLECTION
        }
        Kind::Tag(_) => &TAG,
        Kind::Zone(_) | Kind::Pool(_) | Kind::Entry(..) | Kind::Vlan(..) => &ITEM,
        Kind::Script(_) => &SCRIPT,
        Kind::Results(_) => &READ,
        Kind::Result(..) => &RESULT,
        Kind::Addresses => &ADDRESSES,
        Kind::Users => &USERS,
        Kind::User(_) | Kind::Image(_) => &USER,
        Kind::Images => &IMAGES,
        Kind::Upload(..) => &UPLOAD,
        Kind::Account => &ACCOUNT,
        Kind::Files => &FILES,
        Kind::File(_) => &FILE,
        Kind::Events => &EVENTS,
        Kind::Version | Kind::Describe => &UNSIGNED,
    }
}
