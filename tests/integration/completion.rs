//! What `__complete` offers to the completion scripts, and what it asks the server for.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::{Ended, Home};

/// What is offered for a line; the word being typed is the last.
fn complete(home: &Home, line: &str) -> Ended {
    let mut args = vec!["__complete", "--"];
    args.extend(line.split(' '));
    home.run(&args).ok()
}

/// The values alone.
fn values(home: &Home, line: &str) -> Vec<String> {
    let text = complete(home, line).stdout().to_owned();
    let value = |line: &str| line.split('\t').next().unwrap().to_owned();
    text.lines().map(value).collect()
}

/// The targets that were asked for since the last look.
fn asked(sandbox: &Sandbox) -> Vec<String> {
    let targets = sandbox
        .requests()
        .iter()
        .map(|r| r.target.replace("/MAAS/api/2.0", ""))
        .collect();
    sandbox.forget_requests();
    targets
}

/// Makes what servers said look as if it had been kept for minutes.
fn age(home: &Home) {
    for file in fs::read_dir(home.path().join(".cache/apicall/live-1")).unwrap() {
        let path = file.unwrap().path();
        let file = fs::File::options().append(true).open(path).unwrap();
        let minutes_ago = SystemTime::now() - Duration::from_secs(300);
        file.set_modified(minutes_ago).unwrap();
    }
}

#[test]
fn what_the_description_knows() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    assert_eq!(values(&home, "get /mach"), ["/machines/"]);
    assert_eq!(asked(&sandbox), ["/describe/"]);
    assert_eq!(values(&home, "-p lab get mach"), Vec::<String>::new());
    assert_eq!(values(&home, "get -p lab mach"), ["machines/"]);
    assert!(values(&home, "get /machines/ --op ").contains(&"list_allocated".to_owned()));
    assert_eq!(values(&home, "post /machines/x/ --op=dep"), ["deploy"]);
    let item = complete(&home, "post /machines/x/ --op deploy distro");
    assert!(item.stdout().starts_with("distro_series=\t"), "{item:?}");
    assert_eq!(values(&home, "post -p l"), ["lab"]);
    assert!(asked(&sandbox).is_empty(), "all this lies in the cache");
}

#[test]
fn ids_and_names_of_the_server_are_kept_for_a_minute() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    complete(&home, "get /");
    asked(&sandbox);
    let found = values(&home, "get /machines/");
    let id = found.iter().find(|v| !v.contains('@')).unwrap();
    assert!(
        found.iter().any(|v| v.starts_with("/machines/@")),
        "{found:?}"
    );
    let request = sandbox.last();
    assert!(
        request
            .header("authorization")
            .unwrap()
            .starts_with("OAuth ")
    );
    assert_eq!(asked(&sandbox), ["/machines/"]);
    let start = &id[..id.len() - 3];
    assert!(values(&home, &format!("get {start}")).contains(id));
    assert!(asked(&sandbox).is_empty(), "it was asked a moment ago");
    age(&home);
    assert_eq!(values(&home, "get /machines/"), found);
    assert_eq!(asked(&sandbox), ["/machines/"]);
    // Old values are better than none, and nobody waits for the server with each key.
    age(&home);
    sandbox.fault(Fault::status(500).always());
    for _ in 0..2 {
        assert_eq!(values(&home, "get /machines/"), found);
    }
    assert_eq!(asked(&sandbox), ["/machines/"]);
}

#[test]
fn what_is_kept_holds_no_more_than_names() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    values(&home, "get /machines/");
    let mut files = fs::read_dir(home.path().join(".cache/apicall/live-1")).unwrap();
    let file = files.next().unwrap().unwrap();
    let text = fs::read_to_string(file.path()).unwrap();
    assert!(
        text.contains("hostname") && !text.contains("power"),
        "{text}"
    );
    let key = sandbox.maas_key().to_owned();
    assert!(key.split(':').all(|part| !text.contains(part)));
    assert!(!file.file_name().to_str().unwrap().contains("lab"));
}

#[test]
fn failures_are_silent() {
    // The server is gone, refuses, talks nonsense, is slow.
    let gone = Home::empty();
    let port = Sandbox::closed_port();
    gone.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"http://127.0.0.1:{port}/MAAS\"\nkey = \"a:b:c\"\n"
    ));
    assert_eq!(complete(&gone, "get /mach").stdout(), "");
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for fault in [
        Fault::status(401),
        Fault::garbage(),
        Fault::body(200, "text/html", "<html>"),
    ] {
        sandbox.fault(fault.always());
        assert_eq!(complete(&home, "get /mach").stdout(), "");
        sandbox.clear_faults();
    }
    for line in [
        "",
        "-",
        "--",
        "get",
        "no such",
        "get -p nobody /m",
        "get --op",
        "call",
        "get -p",
    ] {
        complete(&home, line);
    }
    let nothing = Home::empty();
    assert_eq!(complete(&nothing, "get /m").stdout(), "");
    nothing.write_config("nonsense");
    assert_eq!(complete(&nothing, "get -p x").stdout(), "");
    assert_eq!(nothing.run(&["__complete"]).ok().stdout(), "");
}

#[test]
fn a_slow_server_is_asked_once_and_not_waited_for() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    complete(&home, "get /");
    asked(&sandbox);
    let never = Fault::from(Effect::StallBeforeHead);
    sandbox.fault(never.path("/MAAS/api/2.0/machines").always());
    for _ in 0..3 {
        // Without a limit of its own this would not end.
        assert_eq!(values(&home, "get /machines/"), Vec::<String>::new());
    }
    assert_eq!(asked(&sandbox), ["/machines/"]);
}

#[test]
fn a_key_command_is_not_run() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey_command = \"touch ran; echo a:b:c\"\n",
        sandbox.maas_url()
    ));
    assert_eq!(values(&home, "get /mach"), ["/machines/"]);
    assert_eq!(values(&home, "get /machines/"), Vec::<String>::new());
    assert!(!home.path().join("ran").exists());
    assert_eq!(asked(&sandbox), ["/describe/"]);
}

#[test]
fn macrometa_by_its_catalog_and_live() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let found = values(&home, "get -p play coll");
    assert_eq!(found, ["collection", "collection/"]);
    let body = complete(&home, "post -p play collection na");
    assert!(body.stdout().starts_with("name="), "{body:?}");
    assert!(asked(&sandbox).is_empty(), "the catalog is in the binary");
    home.run(&["post", "-p", "play", "collection", "name=shoes"])
        .ok();
    sandbox.forget_requests();
    assert_eq!(
        values(&home, "get -p play collection/sho"),
        ["collection/shoes"]
    );
    assert_eq!(
        values(&home, "get -p play document/sho"),
        ["document/shoes/"]
    );
    assert_eq!(
        asked(&sandbox),
        ["/_fabric/_system/_api/collection"],
        "one list for both"
    );
    assert_eq!(values(&home, "query -p play -p "), ["lab", "play"]);
}

#[test]
fn fabrics_are_asked_for() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let found = values(&home, "get -p play collection --fabric ");
    assert!(found.contains(&"_system".to_owned()), "{found:?}");
    assert_eq!(asked(&sandbox), ["/_fabric/_system/_api/database/user"]);
}

/// A description that is longer than any, or of more names, is not read for long, nor again.
#[test]
fn a_description_too_large_to_choose_from_offers_nothing() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let handler = |n: usize, doc: &str| {
        format!(
            r#"{{"name":"XHandler","anon":null,"auth":{{"name":"XHandler","path":"/MAAS/api/2.0/x{n}/","params":[],
            "actions":[{{"name":"read","op":null,"method":"GET","doc":"{doc}"}}]}}}}"#
        )
    };
    let document = |handlers: &[String]| {
        format!(
            r#"{{"doc":"","hash":"0","resources":[{}]}}"#,
            handlers.join(",")
        )
    };
    let describing = |body: String| {
        sandbox.clear_faults();
        let fault = Fault::body(200, "application/json", body);
        sandbox.fault(fault.path("/MAAS/api/2.0/describe").always());
    };
    // More bytes than are read.
    describing(document(&[handler(0, &"x".repeat(5 << 20))]));
    for _ in 0..2 {
        assert_eq!(values(&home, "get /"), Vec::<String>::new());
    }
    assert_eq!(
        asked(&sandbox),
        ["/describe/"],
        "it is not asked for with each key"
    );
    // More names than anybody reads; some more letters, and there are few enough.
    let home = Home::with_profiles(&sandbox);
    let many: Vec<String> = (0..6000).map(|n| handler(n, "")).collect();
    describing(document(&many));
    let found = values(&home, "get /x");
    assert!(found.len() <= 4000, "{}", found.len());
    let found = values(&home, "get /x100");
    assert!((1..=11).contains(&found.len()), "{found:?}");
    let numbers: Vec<String> = (0..100_000).map(|n| n.to_string()).collect();
    // A text of many more parameters than any action has, in each style.
    for doc in [
        ":param a:\\n\\n".repeat(100_000),
        numbers.join(":\\n:param a"),
        "@description-title x\\n".repeat(100_000),
    ] {
        let home = Home::with_profiles(&sandbox);
        describing(document(&[handler(0, &doc)]));
        assert_eq!(values(&home, "get /x"), ["/x0/"]);
        assert!(values(&home, "get /x0/ ").len() <= 500);
    }
}

#[test]
fn names_in_values_and_of_machines() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for line in [
        "post /machines/ --op release machines=@@",
        "post /tags/gpu/ --op update_nodes add=@@",
        "get /machines/ id=@@",
    ] {
        let found = values(&home, line);
        let start = line.rsplit(' ').next().unwrap();
        assert!(
            found.contains(&format!("{start}node18")),
            "{line}: {found:?}"
        );
    }
    let subnets = home.run(&["get", "/subnets/"]).ok().json();
    let cidr = subnets[0]["cidr"].as_str().unwrap();
    let found = values(&home, "put /interfaces/x/ subnet=@@");
    assert!(found.contains(&format!("subnet=@@{cidr}")), "{found:?}");
    let found = values(&home, "put /machines/x/ pool=@@def");
    assert_eq!(found, ["pool=@@default"]);
    let none = values(&home, "put /machines/x/ comment=@@");
    assert_eq!(none, Vec::<String>::new());
    for command in ["wait", "events"] {
        let found = values(&home, &format!("{command} @node18"));
        assert_eq!(found, ["@node18"]);
        let found = values(&home, &format!("{command} "));
        assert!(found.contains(&"4y3h8q".to_owned()));
    }
    assert_eq!(values(&home, "wait /mach"), ["/machines/"]);
}

/// What a name stands for is asked for, and then the list below it.
#[test]
fn names_below_a_name() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let handlers: Vec<String> = [
        ("/fabrics/", ""),
        ("/fabrics/{fabric_id}/", r#""fabric_id""#),
        ("/fabrics/{fabric_id}/vlans/", r#""fabric_id""#),
        (
            "/fabrics/{fabric_id}/vlans/{vid}/",
            r#""fabric_id","vid""#,
        ),
    ]
    .iter()
    .map(|(path, params)| {
        format!(
            r#"{{"name":"XHandler","anon":null,"auth":{{"name":"XHandler","path":"/MAAS/api/2.0{path}","params":[{params}],
            "actions":[{{"name":"read","op":null,"method":"GET","doc":""}}]}}}}"#
        )
    })
    .collect();
    let document = format!(
        r#"{{"doc":"","hash":"0","resources":[{}]}}"#,
        handlers.join(",")
    );
    let fault = Fault::body(200, "application/json", document);
    sandbox.fault(fault.path("/MAAS/api/2.0/describe").always());
    let fabrics = home.run(&["get", "/fabrics/"]).ok().json();
    let fabric = fabrics[0]["name"].as_str().unwrap();
    let vlan = fabrics[0]["vlans"][0]["name"].as_str().unwrap();
    let wanted = format!("/fabrics/@{fabric}/vlans/@{vlan}/");
    sandbox.forget_requests();
    let found = values(&home, &format!("get /fabrics/@{fabric}/vlans/@"));
    assert!(found.contains(&wanted), "{found:?}");
    let list = format!("/fabrics/{}/vlans/", fabrics[0]["id"]);
    assert_eq!(asked(&sandbox), ["/describe/", "/fabrics/", &list]);
    // Of a name that is not there nothing is offered.
    let none = values(&home, "get /fabrics/@nope/vlans/@");
    assert_eq!(none, Vec::<String>::new());
}
