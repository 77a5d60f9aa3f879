//! Lists that turn names into ids.

use serde_json::Value;

use super::{oauth, request};
use crate::sandbox::Sandbox;

fn get(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let line = format!("GET /MAAS/api/2.0/{path}");
    let (status, body) = request(sandbox, &line, &oauth(sandbox.maas_key()), "");
    (
        status,
        serde_json::from_str(&body).unwrap_or(Value::String(body)),
    )
}

#[test]
fn each_list_has_entries_that_can_be_read_by_their_link() {
    let sandbox = Sandbox::start();
    for (list, name) in [
        ("subnets", "cidr"),
        ("fabrics", "name"),
        ("spaces", "name"),
        ("domains", "name"),
        ("devices", "hostname"),
        ("tags", "name"),
        ("zones", "name"),
        ("resourcepools", "name"),
        ("users", "username"),
        ("machines", "hostname"),
        ("fabrics/1/vlans", "vid"),
    ] {
        let (status, entries) = get(&sandbox, &format!("{list}/"));
        let entries = entries.as_array().unwrap();
        assert!(status == 200 && entries.len() > 1, "{list}");
        for entry in entries {
            assert!(!entry[name].is_null(), "{entry}");
            let uri = entry["resource_uri"].as_str().unwrap();
            let (status, one) = get(&sandbox, uri.strip_prefix("/MAAS/api/2.0/").unwrap());
            assert_eq!((status, &one), (200, entry), "{uri}");
        }
    }
    assert_eq!(get(&sandbox, "fabrics/1/vlans/100/").1["name"], "storage");
    for (path, text) in [
        ("subnets/99/", "No Subnet matches the given query."),
        ("fabrics/0/vlans/7/", "No VLAN matches the given query."),
        ("devices/4y3h7n/", "No Device matches the given query."),
    ] {
        assert_eq!(get(&sandbox, path), (404, Value::from(text)));
    }
}

#[test]
fn devices_and_addresses_are_filtered() {
    let sandbox = Sandbox::start();
    let names = |path: &str| -> Vec<Value> {
        let (_, list) = get(&sandbox, path);
        list.as_array()
            .unwrap_or_else(|| panic!("{path}: {list}"))
            .iter()
            .map(|entry| entry["hostname"].clone())
            .collect()
    };
    assert_eq!(names("devices/?hostname=printer"), ["printer"]);
    assert_eq!(names("devices/?mac_address=52:54:00:30:00:02"), ["switch1"]);
    assert_eq!(get(&sandbox, "devices/?x=1").0, 400);
    let address = |ip: &str| get(&sandbox, &format!("ipaddresses/?all=true&ip={ip}")).1;
    assert_eq!(
        address("10.20.0.18")[0]["interface_set"][0]["system_id"],
        "4y3h8q"
    );
    assert_eq!(address("10.20.0.99"), serde_json::json!([]));
    let line = "GET /MAAS/api/2.0/ipaddresses/?all=true";
    assert_eq!(
        request(&sandbox, line, &oauth(sandbox.maas_user_key()), "").0,
        403
    );
}
