//! Whose Macrometa key it is: tenant, fabrics, region, version, rights, and how it is written.

use serde_json::json;

use crate::login::{login, refused};
use crate::sandbox::{Fault, Options, Sandbox};
use crate::support::Home;
use crate::typed::words;

fn targets(sandbox: &Sandbox) -> Vec<String> {
    let targets = sandbox
        .requests()
        .iter()
        .map(|r| r.target.clone())
        .collect();
    sandbox.forget_requests();
    targets
}

#[test]
fn whoami_asks_for_rights_only_where_it_is_asked_to() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let plain = home.run(&["whoami", "-p", "play"]).ok();
    assert_eq!(plain.json().get("rights"), None);
    let asked = targets(&sandbox);
    assert_eq!(
        asked,
        ["/_fabric/_system/_api/database/user", "/_api/version"]
    );
    let reported = home.run(&["whoami", "-p", "play", "--rights"]).ok();
    assert_eq!(reported.stderr, "");
    let reported = reported.json();
    assert_eq!(
        reported["rights"],
        json!({"keys": true, "users": true, "fabrics": true, "billing": true})
    );
    assert_eq!(reported["grants"], json!({"_system": "rw", "shop": "rw"}));
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
    home.run(&["whoami", "--rights"])
        .fails(2, "`--rights` is for Macrometa");
}

#[test]
fn a_limited_key_learns_what_it_may_not_do() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let more = ["--service", "macrometa", "--key-stdin", "-p", "reader"];
    let ended = login(
        &home,
        &sandbox.url(),
        &more,
        sandbox.macrometa_limited_key(),
    )
    .code(0);
    assert!(
        ended.stderr.ends_with(
            "profile `reader` stored: tenant `demo_example.com`, fabrics _system, region \
             sandbox-eu-west, version 0.17.17\n\
             the key may not list: keys, users, fabrics, billing\n"
        ),
        "{ended:#?}"
    );
    let reported = home.run(&["whoami", "--rights"]).ok().json();
    assert_eq!(
        reported["rights"],
        json!({"keys": false, "users": false, "fabrics": false, "billing": false})
    );
    assert_eq!(reported["grants"], json!(null));
    assert_eq!(reported["key"], "reader");
    home.run(&["get", "collection", "--fabric", "shop"])
        .fails(4, "`apicall whoami --rights`");
}

/// What is asked beside the identity may fail as it likes.
#[test]
fn gaps_are_null() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for fault in [
        Fault::status(502),
        Fault::body(200, "text/html", "<html>"),
        Fault::status(404),
    ] {
        sandbox.fault(fault.path("/_api/version").always());
        let reported = home.run(&["whoami", "-p", "play"]).ok();
        assert_eq!(reported.json()["version"], json!(null));
        assert_eq!(reported.json()["tenant"], "demo_example.com");
        assert_eq!(reported.stderr, "");
        sandbox.clear_faults();
    }
    sandbox.fault(Fault::status(429).path("/_api/key").always());
    let reported = home.run(&["whoami", "-p", "play", "--rights"]).ok().json();
    assert_eq!(reported["rights"]["keys"], json!(null));
    assert_eq!(reported["rights"]["users"], json!(true));
}

#[test]
fn the_tenant_is_the_servers_and_a_contradiction_is_reported() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let fabrics = |body: &str| {
        let fault = Fault::body(200, "application/json", body);
        sandbox.fault(fault.path("/_fabric/_system/_api/database/user").always());
    };
    fabrics(r#"{"result": [{"name": "_system", "options": {"tenant": "other.io"}}]}"#);
    let reported = home.run(&["whoami", "-p", "play"]).code(0);
    assert_eq!(reported.json()["tenant"], "other.io");
    assert!(
        reported
            .stderr
            .contains("the key names the tenant `demo_example.com`, the server `other.io`"),
        "{reported:?}"
    );
    sandbox.clear_faults();
    fabrics(r#"{"result": ["_system"]}"#);
    let reported = home.run(&["whoami", "-p", "play"]).ok().json();
    assert_eq!(reported["tenant"], "demo_example.com");
    assert_eq!(reported["confirmed"], false);
    // Without the server the key alone says it.
    let more = [
        "--service",
        "macrometa",
        "--no-verify",
        "--key-stdin",
        "-p",
        "off",
    ];
    let ended = login(&home, "gdn.test", &more, "a.b.io.k1.hash").code(0);
    assert!(
        ended
            .stderr
            .ends_with("`off` stored: not verified; the key names the tenant `a.b.io`\n"),
        "{ended:#?}"
    );
}

#[test]
fn a_fabric_that_is_not_there_is_answered_with_those_that_are() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let hint = "hint: no such fabric; the key can see `_system`, `shop`: `--fabric` selects one\n";
    for line in [
        &["get", "collection", "--fabric", "nope"][..],
        &["get", "/_fabric/nope/_api/collection"],
        &["post", "collection", "name=x", "--fabric", "nope"],
        &["whoami", "--fabric", "nope"],
    ] {
        let mut line = line.to_vec();
        line.extend(["-p", "play"]);
        targets(&sandbox);
        let ended = home.run(&line).code(4);
        assert!(ended.stderr.contains("errorNum 1228"), "{ended:?}");
        assert!(ended.stderr.contains(hint), "{ended:?}");
        assert_eq!(
            targets(&sandbox).last().unwrap(),
            "/_fabric/_system/_api/database/user"
        );
    }
    // Where the list is not to be had, the hint says where it is.
    let fault = Fault::status(503).path("/_fabric/_system/_api/database/user");
    sandbox.fault(fault.always());
    home.run(&["get", "collection", "-p", "play", "--fabric", "nope"])
        .fails(4, "hint: no such fabric: `apicall whoami -p play`");
    let more = [
        "--service",
        "macrometa",
        "--key-stdin",
        "--fabric",
        "nope",
        "-p",
        "x",
    ];
    sandbox.clear_faults();
    let other = Home::empty();
    let ended = login(&other, &sandbox.url(), &more, sandbox.macrometa_key());
    refused(&other, ended, 9, hint.trim_end());
}

#[test]
fn the_profiles_fabric_is_below_flag_and_variable() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let more = [
        "--service",
        "macrometa",
        "--key-stdin",
        "--fabric",
        "shop",
        "-p",
        "play",
    ];
    login(&home, &sandbox.url(), &more, sandbox.macrometa_key()).code(0);
    assert!(home.config().contains("fabric = \"shop\""));
    let sent = |home: &Home, line: &[&str]| {
        home.run(line).ok();
        targets(&sandbox).pop().unwrap()
    };
    assert_eq!(
        sent(&home, &["get", "collection"]),
        "/_fabric/shop/_api/collection"
    );
    assert_eq!(
        sent(&home, &["get", "_api/collection", "--fabric", "_system"]),
        "/_fabric/_system/_api/collection"
    );
    // A path from the root is never rewritten.
    assert_eq!(
        sent(&home, &["get", "/_api/user/", "--fabric", "_system"]),
        "/_api/user/"
    );
    let home = home.var("APICALL_FABRIC", "_system");
    assert_eq!(
        sent(&home, &["get", "collection"]),
        "/_fabric/_system/_api/collection"
    );
    assert_eq!(
        sent(&home, &["get", "collection", "--fabric", "shop"]),
        "/_fabric/shop/_api/collection"
    );
}

/// What would lead a call elsewhere, or make a head that no host of Macrometa takes.
#[test]
fn no_fabric_and_no_scheme() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for line in [
        "delete document/c/1 -p play --fabric",
        "query -p play 'RETURN 1' --fabric",
        "export c -p play --fabric",
        "import c x.ndjson -p play --fabric",
        "whoami -p play --fabric",
    ] {
        for (fabric, why) in [
            ("", "the fabric's name is empty"),
            (".", "`.` is not a fabric name"),
            ("..", "`..` is not a fabric name"),
        ] {
            let line = [words(line), vec![fabric.to_owned()]].concat();
            home.run(&line).fails(2, why);
        }
    }
    for scheme in ["basic", "a b", "é", "apikey\r\nX: y"] {
        home.run(&["get", "collection", "-p", "play", "--scheme", scheme])
            .fails(2, "this is not a key scheme");
    }
    for (member, why) in [
        ("fabric = \"\"", "`fabric`: the fabric's name is empty"),
        ("fabric = \"..\"", "`fabric`: `..` is not a fabric name"),
        ("scheme = \"basic\"", "`scheme`: this is not a key scheme"),
    ] {
        let config = home.config().replace("fabric = \"_system\"", member);
        let other = Home::empty();
        other.write_config(&config);
        other
            .run(&["get", "collection", "-p", "play"])
            .fails(9, why);
    }
    let other = Home::with_profiles(&sandbox).var("APICALL_FABRIC", "..");
    other
        .run(&["get", "collection", "-p", "play"])
        .fails(9, "`APICALL_FABRIC`: `..` is not a fabric name");
    assert_eq!(sandbox.requests().len(), 0);
    home.run(&["get", "collection", "-p", "play", "--scheme", "APIKEY"])
        .ok();
}

/// A host that wants the key with no scheme word, from login to call.
#[test]
fn a_bare_key_the_whole_way() {
    let sandbox = Sandbox::with(Options {
        macrometa_bare_key: true,
        ..Options::default()
    });
    let key = sandbox.macrometa_key();
    let home = Home::empty();
    let more = ["--service", "macrometa", "--key-stdin", "-p", "iq"];
    let ended = login(&home, &sandbox.url(), &more, key);
    assert!(!ended.stderr.contains(key));
    refused(&home, ended, 9, "a host of PhotonIQ wants `--scheme ''`");
    let more = [&more[..], &["--scheme", ""]].concat();
    login(&home, &sandbox.url(), &more, key).code(0);
    assert!(home.config().contains("scheme = \"\""), "{}", home.config());
    let reported = home.run(&["whoami"]).ok().json();
    assert_eq!(reported["tenant"], "demo_example.com");
    home.run(&["get", "collection"]).ok();
    assert_eq!(sandbox.last().header("authorization"), Some(key));
    // What is shown of it is no less masked.
    for line in [
        &["get", "collection", "-v"][..],
        &["get", "collection", "--dry-run"],
    ] {
        let ended = home.run(line).code(0);
        assert!(!ended.stdout().contains(key) && !ended.stderr.contains(key));
        let shown = format!("{}{}", ended.stdout(), ended.stderr);
        assert!(shown.contains("Authorization: ***\n"), "{shown}");
    }
    // The same profile for one call with another word: refused, as this host does.
    home.run(&["get", "collection", "--scheme", "apikey"])
        .fails(4, "401 Unauthorized");
    assert_eq!(
        sandbox.last().header("authorization"),
        Some(format!("apikey {key}").as_str())
    );
}

/// A token has no name and names no tenant: the server does.
#[test]
fn a_token_the_whole_way() {
    let sandbox = Sandbox::start();
    let home = Home::empty().var("APICALL_URL", sandbox.url());
    let line = [
        "post",
        "/_open/auth",
        "--anonymous",
        "email=demo@example.com",
        "password=correct-horse",
    ];
    let response = home.run(&line).ok().json();
    let token = response["jwt"].as_str().unwrap();
    let home = Home::empty();
    let more = [
        "--service",
        "macrometa",
        "--key-stdin",
        "--scheme",
        "bearer",
        "-p",
        "t",
    ];
    let ended = login(&home, &sandbox.url(), &more, token).code(0);
    assert!(
        ended.stderr.contains("stored: tenant `demo_example.com`,"),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains(token));
    let reported = home.run(&["whoami", "--rights"]).ok().json();
    assert_eq!(reported["tenant"], "demo_example.com");
    assert_eq!(
        (&reported["confirmed"], &reported["key"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(reported["grants"], json!(null));
    let want = format!("bearer {token}");
    for request in sandbox.requests().iter().rev().take(6) {
        assert_eq!(request.header("authorization"), Some(want.as_str()));
    }
}
