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
    // A MAC address is asked for as MAAS spells it.
    let dashes = mac(node18).replace(':', "-").to_uppercase();
    home.run(&["get", &format!("/machines/@{dashes}/")]).ok();
    let asked = mac(node18).replace(':', "%3A");
    assert!(
        targets(&sandbox).contains(&format!("GET /MAAS/api/2.0/machines/?mac_address={asked}")),
        "{dashes}"
    );
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
    let none = home.run(&["delete", "/machines/@node99/"]).fails(
        4,
        "lab: DELETE /machines/@node99/: none of the machines is called `node99`",
    );
    assert!(none.stderr.contains("hint: "), "{none:#?}");
    home.run(&[
        "post",
        "/tags/gpu/?x",
        "--op",
        "update_nodes",
        "add=@@nix",
        "--force",
    ])
    .fails(
        4,
        "lab: POST /tags/gpu/: none of the machines is called `nix`",
    );
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

/// The requests since the last look, without the API root.
fn asked(sandbox: &Sandbox) -> Vec<String> {
    let asked = targets(sandbox)
        .iter()
        .map(|t| t.replace("/MAAS/api/2.0", ""))
        .collect();
    sandbox.forget_requests();
    asked
}

#[test]
fn names_in_values_are_looked_up_together() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    // In any case, by an id; where all are found, nothing else is asked.
    home.run(&[
        "post",
        "/machines/",
        "--op",
        "release",
        "machines=@@node18",
        "machines=@@NODE19.maas",
        "machines=@@4y3h8q",
        "machines=w7c4tb",
    ]);
    assert_eq!(
        asked(&sandbox),
        [
            "GET /machines/?hostname=4y3h8q&hostname=NODE19&hostname=node18&hostname=node19",
            "POST /machines/?op=release",
        ]
    );
    // On every verb; in a query, too.
    let found = home.run(&["get", "/machines/", "id=@@node18"]).ok().json();
    assert_eq!(found[0]["system_id"], "4y3h8q");
    assert_eq!(
        asked(&sandbox),
        ["GET /machines/?hostname=node18", "GET /machines/?id=4y3h8q"]
    );
    // Different kinds; the path's own name after them.
    home.run(&[
        "put",
        "/machines/@node18/",
        "pool=@@DEFAULT",
        "zone=@@default",
        "--field",
        "comment=@@x",
    ]);
    let requests = sandbox.requests();
    let last = requests.last().unwrap();
    let body = String::from_utf8(last.body.clone()).unwrap();
    assert_eq!(body, "pool=default&zone=default&comment=%40%40x");
    assert_eq!(
        asked(&sandbox),
        [
            "GET /resourcepools/",
            "GET /zones/",
            "GET /machines/?hostname=node18",
            "PUT /machines/4y3h8q/"
        ]
    );
}

#[test]
fn many_names_are_few_requests() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let mut args = vec![
        "post".to_owned(),
        "/tags/gpu/".into(),
        "--op".into(),
        "update_nodes".into(),
    ];
    args.extend((0..1000).map(|n| format!("add=@@no-such-host-{n:04}")));
    let failed = home.run(&args).fails(4, "none of the machines is called");
    assert!(
        failed.stderr.contains("`no-such-host-0000`")
            && failed.stderr.contains("`no-such-host-0999`")
    );
    let asked = asked(&sandbox);
    assert_eq!(asked.len(), 4, "1000 names of 27 bytes in lines of 8 KB");
    assert!(
        asked
            .iter()
            .all(|t| t.starts_with("GET /machines/?hostname=") && t.len() <= 8192)
    );
}

#[test]
fn names_in_values_that_are_wrong_send_nothing() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let post = |items: &[&str]| {
        let mut args = vec!["post", "/machines/", "--op", "release"];
        args.extend(items);
        home.run(&args)
    };
    let failed = post(&["machines=@@nope", "machines=@@node18", "machines=@@never"])
        .fails(4, "none of the machines is called `nope`, `never`");
    assert!(failed.stderr.contains("hint: "), "{failed:?}");
    assert!(asked(&sandbox).iter().all(|t| t.starts_with("GET ")));
    let twice = |name: &str, id: &str| serde_json::json!({"system_id": id, "hostname": name, "fqdn": format!("{name}.{id}")});
    let list = serde_json::json!([
        twice("node18", "a"),
        twice("node18", "b"),
        twice("node19", "c")
    ]);
    sandbox.fault(Fault::body(200, "application/json", list.to_string()).method("GET"));
    post(&["machines=@@node18", "machines=@@node19"]).fails(
        2,
        "2 machines are called `node18`: `a` (node18.a), `b` (node18.b)",
    );
    asked(&sandbox);
    // Found before anybody is asked.
    post(&["machines=@@"]).fails(2, "has no name after it");
    post(&["comment=@@node18"]).fails(2, "it is not known what `comment` names");
    home.run(&["post", "-p", "play", "collection", "name=@@x"])
        .fails(2, "which is MAAS's");
    let dry = post(&["machines=@@node18", "--dry-run"]).code(0);
    assert!(dry.stderr.contains("becomes an id"), "{dry:?}");
    assert!(
        dry.stdout().contains("@@node18") || dry.stdout().contains("%40%40node18"),
        "{dry:?}"
    );
    post(&["machines=@@node18", "--as", "curl"]).fails(2, "`--as` asks nobody");
    let missing = post(&["machines=@node18"]).fails(1, "node18");
    assert!(missing.stderr.contains("machines=@@node18"), "{missing:?}");
    assert_eq!(asked(&sandbox), Vec::<String>::new());
}

#[test]
fn ids_and_other_spellings_in_paths() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for name in ["4y3h8q", "4Y3H8Q", "NODE18", "Node18.MAAS"] {
        let machine = home
            .run(&["get", &format!("/machines/@{name}/")])
            .ok()
            .json();
        assert_eq!(machine["system_id"], "4y3h8q", "{name}");
    }
    let fabrics = home.run(&["get", "/fabrics/"]).ok().json();
    let (fabric, vlan) = (&fabrics[0], &fabrics[0]["vlans"][0]);
    sandbox.forget_requests();
    let path = format!(
        "/fabrics/@{}/vlans/@{}/",
        fabric["name"].as_str().unwrap(),
        vlan["vid"]
    );
    let found = home.run(&["get", &path]).ok().json();
    assert_eq!(found["id"], vlan["id"]);
    // At the root there is no list of VLANs: those of all fabrics are looked through.
    let several = home.run(&["get", &format!("/vlans/@{}/", vlan["vid"])]);
    several.fails(2, "are called `0`: `5001` (VID 0 in fabric-0)");
    let named = home.run(&["get", "/vlans/@nothing/"]);
    named.fails(4, "none of the VLANs is called `nothing`");
    let found = home.run(&["get", "/vlans/@100/"]);
    assert_eq!(found.ok().json()["id"], fabrics[1]["vlans"][1]["id"]);
    let (name, vid) = (fabric["name"].as_str().unwrap(), &vlan["vid"]);
    home.run(&["get", "/subnets/", &format!("vlan=@@{name}/{vid}")]);
    let last = sandbox.requests().last().unwrap().target.clone();
    assert!(last.ends_with(&format!("?vlan={}", vlan["id"])), "{last}");
}
