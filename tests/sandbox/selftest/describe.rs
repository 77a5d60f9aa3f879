//! The description and its hash.

use std::io::Write;

use serde_json::Value;

use super::{oauth, request, talk};
use crate::sandbox::{Options, Sandbox};

fn head(sandbox: &Sandbox, target: &str, auth: &str) -> String {
    let text =
        format!("GET {target} HTTP/1.1\r\nHost: maas.test:5240\r\nConnection: close\r\n{auth}\r\n");
    let (response, _) = talk(sandbox, text.as_bytes());
    response.split("\r\n\r\n").next().unwrap().to_owned()
}

#[test]
fn structure_and_uris() {
    let sandbox = Sandbox::start();
    let (status, body) = request(&sandbox, "GET /MAAS/api/2.0/describe/", "", "");
    let document: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &document["doc"]), (200, &"MAAS API".into()));
    let resources = document["resources"].as_array().unwrap();
    let machine = resources
        .iter()
        .find(|resource| resource["name"] == "MachineHandler")
        .unwrap();
    assert!(machine["anon"].is_null());
    let auth = &machine["auth"];
    assert_eq!(auth["path"], "/MAAS/api/2.0/machines/{system_id}/");
    assert_eq!(
        auth["uri"],
        "http://sandbox/MAAS/api/2.0/machines/{system_id}/"
    );
    assert_eq!(auth["params"], serde_json::json!(["system_id"]));
    let deploy = auth["actions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|action| action["name"] == "deploy")
        .unwrap();
    assert_eq!(
        (&deploy["method"], &deploy["op"], &deploy["restful"]),
        (&"POST".into(), &"deploy".into(), &false.into())
    );
    assert!(
        deploy["doc"]
            .as_str()
            .unwrap()
            .contains(":param distro_series: Optional.")
    );
    assert!(body.contains("@param (string) \\\"name\\\" [required=true]"));
    let halves = |half: &str| resources.iter().filter(|r| !r[half].is_null()).count();
    assert_eq!(
        document["handlers"].as_array().unwrap().len(),
        halves("anon") + halves("auth")
    );
}

#[test]
fn the_hash_is_in_heads_and_changes() {
    let sandbox = Sandbox::start();
    let named = |target: &str, auth: &str| {
        head(&sandbox, target, auth)
            .lines()
            .find_map(|line| line.strip_prefix("X-MAAS-API-Hash: ").map(str::to_owned))
    };
    let version = "/MAAS/api/2.0/version/";
    let first = sandbox.api_hash();
    assert_eq!(named(version, ""), Some(first.clone()));
    assert_eq!(named("/MAAS/api/2.0/describe/", ""), None);
    assert_eq!(named("/MAAS/api/2.0/users/?op=whoami", ""), None);
    assert_eq!(named("/MAAS/api/2.0/nothing/", ""), None);
    let missing = "/MAAS/api/2.0/machines/none/";
    assert_eq!(
        named(missing, &oauth(sandbox.maas_key())),
        Some(first.clone())
    );

    sandbox.set_api_hash("0123");
    assert_eq!(named(version, ""), Some("0123".to_owned()));
    let mut document = sandbox.description();
    assert_eq!(document["hash"], "0123");
    document["resources"] = serde_json::json!([]);
    document["hash"] = "4567".into();
    sandbox.set_description(document);
    assert_eq!(named(version, ""), Some("4567".to_owned()));
    let body = request(&sandbox, "GET /MAAS/api/2.0/describe/", "", "").1;
    assert!(body.contains("\"resources\": []"), "{body}");
}

#[test]
fn another_document_from_a_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let text = r#"{"doc": "x", "hash": "abc", "resources": [{"name": "A", "anon": null, "auth":
        {"name": "A", "path": "/MAAS/api/2.0/a/", "uri": "http://old/MAAS/api/2.0/a/", "params": [], "actions": []}}]}"#;
    file.write_all(text.as_bytes()).unwrap();
    let sandbox = Sandbox::with(Options {
        maas_describe: Some(file.path().to_owned()),
        ..Options::default()
    });
    let (_, body) = request(&sandbox, "GET /MAAS/api/2.0/describe/", "", "");
    let document: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        document["resources"][0]["auth"]["uri"],
        "http://sandbox/MAAS/api/2.0/a/"
    );
    assert_eq!(sandbox.api_hash(), "abc");
}

#[test]
fn what_signed_calls_lack() {
    let sandbox = Sandbox::start();
    let line = "GET /MAAS/api/2.0/machines/?op=is_action_in_progress&mac_address=x";
    assert_eq!(request(&sandbox, line, "", "").1, "false");
    let (status, body) = request(&sandbox, line, &oauth(sandbox.maas_key()), "");
    assert_eq!(
        (status, body.as_str()),
        (
            400,
            "Unrecognised signature: method=GET op=is_action_in_progress"
        )
    );
}
