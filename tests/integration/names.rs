//! Names for ids in paths: one filtered request, then the call itself.

use serde_json::Value;

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;

/// What the sandbox was asked, without the host.
fn targets(sandbox: &Sandbox) -> Vec<String> {
    sandbox
        .requests()
        .iter()
        .map(|r| format!("{} {}", r.method, r.target))
        .collect()
}

#[test]
fn names_become_ids() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (path, lookup) in [
        ("/machines/@node18/", "machines/?hostname=node18"),
        (
            "machines/@node18.maas",
            "machines/?hostname=node18&domain=maas",
        ),
        (
            "/MAAS/api/2.0/machines/@node18/",
            "machines/?hostname=node18",
        ),
    ] {
        let before = sandbox.requests().len();
        let machine = home.run(&["get", path]).ok().json();
        assert_eq!(machine["system_id"], "4y3h8q");
        assert_eq!(
            targets(&sandbox)[before..],
            [
                format!("GET /MAAS/api/2.0/{lookup}"),
                "GET /MAAS/api/2.0/machines/4y3h8q/".to_owned()
            ]
        );
    }
    let machine = home.run(&["get", "/machines/@node18/"]).ok().json();
    let mac = machine["boot_interface"]["mac_address"].as_str().unwrap();
    let by_mac = home.run(&["get", &format!("/machines/@{mac}/")]).ok();
    assert_eq!(by_mac.json()["system_id"], "4y3h8q");
    let machine = home.run(&["get", "/machines/@node19/"]).ok().json();
    let link = &machine["interface_set"][0]["links"][0];
    let ip = link["ip_address"].as_str().unwrap();
    let by_ip = home.run(&["get", &format!("/machines/@{ip}/")]).ok();
    assert_eq!(by_ip.json()["system_id"], "w7c4tb");
    let subnets = home.run(&["get", "/subnets/"]).ok().json();
    let cidr = subnets[0]["cidr"].as_str().unwrap();
    let subnet = home.run(&["get", &format!("/subnets/@{cidr}/")]).ok();
    assert_eq!(subnet.json()["id"], subnets[0]["id"]);
}

#[test]
fn a_change_goes_to_the_one_that_is_named() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/machines/@node19/", "--op", "lock", "comment=x"])
        .ok();
    let request = sandbox.last();
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/MAAS/api/2.0/machines/w7c4tb/?op=lock");
    assert_eq!(request.body, b"comment=x");
}

/// A server that ignores the filter lists everything, and only what is called so is meant.
#[test]
fn a_list_that_is_not_filtered_names_nobody_else() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let all = home.run(&["get", "/machines/"]).ok().json();
    let all = all.as_array().unwrap();
    let others = |names: &[&str]| -> Vec<Value> {
        let is_other = |m: &&Value| names.contains(&m["hostname"].as_str().unwrap());
        all.iter().filter(is_other).cloned().collect()
    };
    let ignoring = |list: &[Value], path: &str| {
        sandbox.forget_requests();
        let body = Value::from(list.to_vec()).to_string();
        sandbox.fault(Fault::body(200, "application/json", body).method("GET"));
        home.run(&["delete", path])
    };
    let mac = |m: &Value| {
        m["boot_interface"]["mac_address"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let node18 = &others(&["node18"])[0];
    // The wrong one alone, several others, none of them the one that is meant.
    for list in [others(&["node17"]), others(&["node17", "node19", "node20"])] {
        for name in ["node18", "NODE18.maas", &mac(node18)] {
            ignoring(&list, &format!("/machines/@{name}/"))
                .fails(4, &format!("none of the machines is called `{name}`"));
            assert_eq!(sandbox.requests().len(), 1, "{name}");
        }
    }
    // Among all of them it is found, in any spelling.
    let dashes = mac(node18).replace(':', "-").to_uppercase();
    for name in ["node18", "Node18", "node18.MAAS", &dashes] {
        ignoring(all, &format!("/machines/@{name}/"));
        let last = sandbox.last();
        assert_eq!(last.method, "DELETE", "{name}");
        assert_eq!(last.target, "/MAAS/api/2.0/machines/4y3h8q/", "{name}");
    }
}

#[test]
fn none_and_several_send_nothing_more() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let none = home
        .run(&["delete", "/machines/@node99/"])
        .fails(4, "lab: none of the machines is called `node99`");
    assert!(none.stderr.contains("hint: "), "{none:#?}");
    home.run(&["delete", "/resourcepool/@nopool/"])
        .fails(4, "there are `default`");
    assert!(targets(&sandbox).iter().all(|t| t.starts_with("GET ")));
    // What is wrong with the call itself is found before anybody is asked.
    let before = sandbox.requests().len();
    home.run(&["post", "/machines/@node17/", "a==b"])
        .fails(2, "ignores the query parameter");
    home.run(&["delete", "/machines/@/"])
        .fails(2, "the path has an empty name (`@`)");
    let dry = home
        .run(&["delete", "/machines/@node17/", "--dry-run"])
        .code(0);
    assert!(dry.stderr.contains("becomes an id"), "{dry:?}");
    assert!(
        dry.stdout()
            .starts_with("DELETE /MAAS/api/2.0/machines/@node17/")
    );
    assert_eq!(sandbox.requests().len(), before);
    // On Macrometa `@` is a letter of keys.
    home.run(&[
        "get",
        "/_fabric/_system/_api/document/addresses/@a1",
        "-p",
        "play",
    ])
    .fails(4, "");
    assert!(sandbox.last().target.ends_with("/@a1"));
}
