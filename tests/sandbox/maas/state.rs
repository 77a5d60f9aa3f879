//! What this MAAS knows: machines, tags, users, keys, files, zones, pools. Small, and fresh for every sandbox.
//!
//! A machine is kept as the JSON that it is answered with; the fixture's one complete machine is the mould of all others.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::clock;
use super::events::Event;
use super::image::Images;
use super::lifecycle::{Journeys, Pace};

const MOULD: &str = include_str!("../fixtures/machine.json");
const MACHINES: &str = include_str!("../fixtures/machines.json");

/// Statuses: number, `status_name`, and the word that filters take.
pub const STATUSES: [(u64, &str, &str); 23] = [
    (0, "New", "new"),
    (1, "Commissioning", "commissioning"),
    (2, "Failed commissioning", "failed_commissioning"),
    (3, "Missing", "missing"),
    (4, "Ready", "ready"),
    (5, "Reserved", "reserved"),
    (6, "Deployed", "deployed"),
    (7, "Retired", "retired"),
    (8, "Broken", "broken"),
    (9, "Deploying", "deploying"),
    (10, "Allocated", "allocated"),
    (11, "Failed deployment", "failed_deployment"),
    (12, "Releasing", "releasing"),
    (13, "Releasing failed", "failed_releasing"),
    (14, "Disk erasing", "disk_erasing"),
    (15, "Failed disk erasing", "failed_disk_erasing"),
    (16, "Rescue mode", "rescue_mode"),
    (17, "Entering rescue mode", "entering_rescue_mode"),
    (
        18,
        "Failed to enter rescue mode",
        "failed_entering_rescue_mode",
    ),
    (19, "Exiting rescue mode", "exiting_rescue_mode"),
    (
        20,
        "Failed to exit rescue mode",
        "failed_exiting_rescue_mode",
    ),
    (21, "Testing", "testing"),
    (22, "Failed testing", "failed_testing"),
];

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// The login name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Whether an administrator.
    pub superuser: bool,
}

/// An API key.
#[derive(Clone, Debug)]
pub struct Token {
    /// First part.
    pub consumer: String,
    /// Second part, the token's own key.
    pub key: String,
    /// Third part.
    pub secret: String,
    /// Whose.
    pub user: String,
    /// What the user called it.
    pub name: String,
}

impl Token {
    fn of(key: &str, user: &str) -> Self {
        let parts: Vec<&str> = key.split(':').collect();
        let part = |at: usize| parts.get(at).copied().unwrap_or_default().to_owned();
        Self {
            consumer: part(0),
            key: part(1),
            secret: part(2),
            user: user.to_owned(),
            name: "sandbox".to_owned(),
        }
    }

    /// A fresh one.
    pub fn fresh(user: &str, name: &str) -> Self {
        Self {
            consumer: clock::fresh_word(18),
            key: clock::fresh_word(18),
            secret: clock::fresh_word(32),
            user: user.to_owned(),
            name: name.to_owned(),
        }
    }
}

/// A tag; which machines carry it stands in their `tag_names`.
#[derive(Clone, Debug, Default)]
pub struct Tag {
    /// The name.
    pub name: String,
    /// An `XPath` expression, not evaluated here.
    pub definition: String,
    /// Words for people.
    pub comment: String,
    /// Kernel options.
    pub kernel_opts: String,
}

/// A zone or a resource pool.
#[derive(Clone, Debug)]
pub struct Place {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// Words for people.
    pub description: String,
}

/// All of it.
pub struct State {
    /// In the order of their creation.
    pub machines: Vec<Value>,
    /// By name.
    pub tags: Vec<Tag>,
    /// By name.
    pub users: Vec<User>,
    /// API keys.
    pub tokens: Vec<Token>,
    /// Used nonces with their tokens.
    pub nonces: HashSet<(String, String)>,
    /// Stored files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Zones.
    pub zones: Vec<Place>,
    /// Resource pools.
    pub pools: Vec<Place>,
    /// Subnets, fabrics, spaces, domains and devices, by the name of their list.
    pub network: Value,
    /// What was said of the power of machines, by their ids.
    pub power: BTreeMap<String, Map<String, Value>>,
    /// Scripts, by name.
    pub scripts: BTreeMap<String, Value>,
    /// Images to boot from.
    pub images: Images,
    /// Machines that are on their way to another state.
    pub journeys: Journeys,
    /// The event log, oldest first.
    pub events: Vec<Event>,
    /// The most events of a page, whatever `limit` says.
    pub events_page: usize,
}

impl State {
    /// A fresh one with the fixture's machines.
    pub fn fixture() -> Self {
        let place = |id, name: &str, description: &str| Place {
            id,
            name: name.to_owned(),
            description: description.to_owned(),
        };
        let tag = |name: &str, comment: &str| Tag {
            name: name.to_owned(),
            comment: comment.to_owned(),
            ..Tag::default()
        };
        let user = |name: &str, superuser| User {
            name: name.to_owned(),
            email: format!("{name}@example.com"),
            superuser,
        };
        let mut state = Self {
            machines: Vec::new(),
            tags: vec![
                tag("gpu", "has an accelerator"),
                tag("ssd", "boots from flash"),
            ],
            users: vec![user("admin", true), user("ops", false)],
            tokens: vec![
                Token::of(super::ADMIN_KEY, "admin"),
                Token::of(super::USER_KEY, "ops"),
            ],
            nonces: HashSet::new(),
            files: BTreeMap::new(),
            zones: vec![place(1, "default", ""), place(2, "rack-b", "Second rack")],
            pools: vec![
                place(0, "default", "Default pool"),
                place(1, "lab", "Machines to break"),
            ],
            power: BTreeMap::new(),
            scripts: BTreeMap::new(),
            images: Images::fixture(),
            network: super::lists::fixture(),
            journeys: Journeys::new(Pace::Still),
            events: Vec::new(),
            events_page: usize::MAX,
        };
        let list: Vec<Value> = serde_json::from_str(MACHINES).expect("the fixture is JSON");
        for entry in &list {
            let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            let number = entry["number"].as_u64().unwrap_or_default();
            let mut machine = mould(&text("system_id"), &text("hostname"), number);
            set_status(&mut machine, &text("status"));
            machine["owner"] = match text("owner") {
                owner if owner.is_empty() => Value::Null,
                owner => json!(owner),
            };
            machine["power_state"] = json!(text("power_state"));
            machine["tag_names"] = entry["tags"].clone();
            if text("status") == "Deployed" {
                (machine["osystem"], machine["distro_series"]) = (json!("ubuntu"), json!("noble"));
            }
            state.put_in_pool(&mut machine, &text("pool"));
            state.put_in_zone(&mut machine, &text("zone"));
            state.machines.push(machine);
        }
        state
    }

    /// Adds so many machines, Ready, named `vm0001` and so on with the ids `vm0001` and so on.
    pub fn add_machines(&mut self, count: usize) {
        for number in 1..=count {
            let name = format!("vm{number:04}");
            self.machines
                .push(mould(&name, &name, 1000 + number as u64));
        }
    }

    /// A machine by its id.
    pub fn machine(&self, system_id: &str) -> Option<&Value> {
        self.machines
            .iter()
            .find(|machine| machine["system_id"] == system_id)
    }

    /// The same, to change it.
    pub fn machine_mut(&mut self, system_id: &str) -> Option<&mut Value> {
        self.machines
            .iter_mut()
            .find(|machine| machine["system_id"] == system_id)
    }

    /// Moves a machine; false where there is no such pool.
    pub fn put_in_pool(&self, machine: &mut Value, name: &str) -> bool {
        let Some(pool) = self.pools.iter().find(|pool| pool.name == name) else {
            return false;
        };
        machine["pool"] = pool_json(pool);
        true
    }

    /// Moves a machine; false where there is no such zone.
    pub fn put_in_zone(&self, machine: &mut Value, name: &str) -> bool {
        let Some(zone) = self.zones.iter().find(|zone| zone.name == name) else {
            return false;
        };
        machine["zone"] = zone_json(zone);
        true
    }

    /// Whether the user is an administrator.
    pub fn is_superuser(&self, name: &str) -> bool {
        self.users
            .iter()
            .any(|user| user.name == name && user.superuser)
    }
}

/// A pool as it is answered.
pub fn pool_json(pool: &Place) -> Value {
    json!({"name": pool.name, "description": pool.description, "id": pool.id, "resource_uri": format!("/MAAS/api/2.0/resourcepool/{}/", pool.id)})
}

/// A zone as it is answered.
pub fn zone_json(zone: &Place) -> Value {
    json!({"name": zone.name, "description": zone.description, "id": zone.id, "resource_uri": format!("/MAAS/api/2.0/zones/{}/", super::call::encode(&zone.name))})
}

/// A complete machine, Ready, with names and addresses of its own.
pub fn mould(system_id: &str, hostname: &str, number: u64) -> Value {
    let text = MOULD
        .replace(
            "52:54:00:20:00:17",
            &format!(
                "52:54:00:20:{:02x}:{:02x}",
                number / 100 % 256,
                number % 100 / 10 * 16 + number % 10
            ),
        )
        .replace(
            "10.20.0.17",
            &format!("10.20.{}.{}", number / 250 % 250, number % 250),
        )
        .replace("/interfaces/17/", &format!("/interfaces/{number}/"))
        .replace("0017", &format!("{number:04}"))
        // The names come last, lest a number in them is taken for the mould's.
        .replace("4y3h7n", system_id)
        .replace("node17", hostname);
    let mut machine: Value = serde_json::from_str(&text).expect("the fixture is JSON");
    for member in ["boot_interface", "interface_set"] {
        for interface in entries(&mut machine[member]) {
            interface["id"] = json!(number);
        }
    }
    machine
}

/// The value itself, or its elements where it is a list.
pub fn entries(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Array(items) => items.iter_mut().collect(),
        other => vec![other],
    }
}

/// Takes owner and system off a machine.
pub fn free(machine: &mut Value) {
    machine["owner"] = Value::Null;
    machine["osystem"] = json!("");
    machine["distro_series"] = json!("");
}

/// Whether a machine has been commissioned, as its results show it.
pub fn set_commissioned(machine: &mut Value, is_done: bool) {
    let (number, name) = if is_done {
        (2, "Passed")
    } else {
        (-1, "Unknown")
    };
    machine["commissioning_status"] = json!(number);
    machine["commissioning_status_name"] = json!(name);
}

/// Puts a machine into a state; false where there is none of that name.
pub fn set_status(machine: &mut Value, name: &str) -> bool {
    let Some((number, name, _)) = STATUSES.iter().find(|(_, known, _)| *known == name) else {
        return false;
    };
    machine["status"] = json!(number);
    machine["status_name"] = json!(name);
    machine["status_message"] = json!(name);
    true
}
