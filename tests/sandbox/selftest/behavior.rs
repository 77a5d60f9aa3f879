//! What a real region was seen to do, and clients get wrong.

use base64::Engine as _;
use serde_json::Value;

use super::{FORM, oauth, request};
use crate::sandbox::{Options, Pace, Sandbox};

const API: &str = "/MAAS/api/2.0";

/// A signed call: status, and body as JSON or text.
fn call(sandbox: &Sandbox, line: &str, form: &str) -> (u16, Value) {
    let (method, path) = line.split_once(' ').unwrap();
    let more = format!("{}{FORM}", oauth(sandbox.maas_key()));
    let (status, body) = request(sandbox, &format!("{method} {API}{path}"), &more, form);
    let text = || Value::String(body.clone());
    (
        status,
        serde_json::from_str(&body).unwrap_or_else(|_| text()),
    )
}

#[test]
fn what_is_refused() {
    let sandbox = Sandbox::start();
    let removed = "VM host (KVM) support has been removed";
    let user = "username=new&email=a@example.com&password=x&is_superuser=";
    for (line, form, status, text) in [
        ("GET /pods/", "", 410, removed),
        ("GET /vm-hosts/", "", 410, removed),
        ("GET /vm-clusters/", "", 410, removed),
        ("GET /vm-hosts/1/", "", 410, removed),
        (
            "GET /nodes/?op=list",
            "",
            400,
            "Unrecognised signature: method=GET op=list",
        ),
        (
            "GET /machines/?status=Broken",
            "",
            400,
            "'Broken' is not a valid",
        ),
        ("GET /machines/?status=broken", "", 200, "p9f3ke"),
        (
            "POST /users/",
            &format!("{user}false"),
            500,
            "invalid literal",
        ),
        ("POST /users/", &format!("{user}0"), 200, "\"new\""),
        (
            "POST /users/",
            &format!("{user}1"),
            409,
            "Try your request again",
        ),
    ] {
        let (found, body) = call(&sandbox, line, form);
        assert_eq!(found, status, "{line} {form}: {body}");
        assert!(body.to_string().contains(text), "{line} {form}: {body}");
    }
    let more = format!("{}{FORM}", oauth(sandbox.maas_key()));
    let form = format!("{user}0");
    let text = format!(
        "POST {API}/users/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let (head, _) = super::talk(&sandbox, text.as_bytes());
    assert!(head.contains("\r\nRetry-After: "), "{head}");
}

/// `hostname` is none of its constraints: some other machine is allocated.
#[test]
fn allocate_ignores_what_it_does_not_know() {
    let sandbox = Sandbox::start();
    let (status, machine) = call(
        &sandbox,
        "POST /machines/?op=allocate",
        "hostname=node20&nope=1",
    );
    assert_eq!((status, &machine["hostname"]), (200, &"node17".into()));
}

#[test]
fn machines_show_addresses_and_tags() {
    let sandbox = Sandbox::start();
    let (_, machines) = call(&sandbox, "GET /machines/", "");
    for machine in machines.as_array().unwrap() {
        let address = &machine["interface_set"][0]["links"][0]["ip_address"];
        assert_eq!(machine["ip_addresses"][0], *address, "{machine:#}");
        assert!(machine["tag_names"].is_array(), "{machine:#}");
    }
}

#[test]
fn a_machine_that_was_never_commissioned_is_released_to_new() {
    let sandbox = Sandbox::start();
    let form = "architecture=amd64/generic&mac_addresses=52:54:00:99:00:01&commission=false";
    let (_, machine) = call(&sandbox, "POST /machines/", form);
    assert_eq!(machine["status_name"], "New");
    let id = machine["system_id"].as_str().unwrap();
    let release = format!("POST /machines/{id}/?op=release");
    for power in ["off", "on"] {
        sandbox.set_machine_status(id, "Deployed");
        call(
            &sandbox,
            &format!("POST /machines/{id}/?op=power_{power}"),
            "",
        );
        assert_eq!(call(&sandbox, &release, "").0, 200);
        assert_eq!(
            sandbox.machine(id).unwrap()["status_name"],
            "New",
            "{power}"
        );
    }
    // One that was is Ready.
    sandbox.set_machine_status("4y3h7n", "Deployed");
    call(&sandbox, "POST /machines/4y3h7n/?op=release", "");
    assert_eq!(sandbox.machine("4y3h7n").unwrap()["status_name"], "Ready");
}

#[test]
fn a_machine_that_was_created_becomes_ready() {
    let sandbox = Sandbox::with(Options {
        maas_pace: Pace::Reads(1),
        ..Options::default()
    });
    let form = "architecture=amd64/generic&mac_addresses=52:54:00:99:00:01&power_type=ipmi\
                &power_parameters_power_address=10.9.9.9&power_parameters_power_pass=secret";
    let (_, machine) = call(&sandbox, "POST /machines/", form);
    assert_eq!(machine["status_name"], "Commissioning");
    let path = format!("/machines/{}/", machine["system_id"].as_str().unwrap());
    let read = || call(&sandbox, &format!("GET {path}"), "").1["status_name"].clone();
    let seen: Vec<Value> = (0..3).map(|_| read()).collect();
    assert_eq!(seen, ["Commissioning", "Testing", "Ready"]);
    // What was said of its power is kept.
    let power = || call(&sandbox, &format!("GET {path}?op=power_parameters"), "").1;
    assert_eq!(power()["power_address"], "10.9.9.9");
    let form = "power_parameters_power_address=10.9.9.8";
    assert_eq!(call(&sandbox, &format!("PUT {path}"), form).0, 200);
    assert_eq!(power()["power_address"], "10.9.9.8");
    assert_eq!(power()["power_pass"], "secret");
}

#[test]
fn scripts_are_kept() {
    let sandbox = Sandbox::start();
    let form = "name=a.sh&type=commissioning&tags=x,y&script=%23!/bin/sh";
    let (status, script) = call(&sandbox, "POST /scripts/", form);
    assert_eq!((status, &script["type"]), (200, &0.into()));
    assert_eq!(script["history"], Value::Null);
    assert_eq!(call(&sandbox, "POST /scripts/", form).0, 400);
    assert_eq!(call(&sandbox, "GET /scripts/a.sh/", "").0, 404);
    let (_, script) = call(&sandbox, "GET /scripts/a.sh?include_script=1", "");
    assert_eq!(script["history"][0]["data"], "IyEvYmluL3No");
    let (_, content) = call(&sandbox, "GET /scripts/a.sh?op=download", "");
    assert_eq!(content, "#!/bin/sh");
    assert_eq!(
        call(&sandbox, "PUT /scripts/a.sh", "title=T").1["title"],
        "T"
    );
    assert_eq!(call(&sandbox, "GET /scripts/", "").1[0]["title"], "T");
    assert_eq!(call(&sandbox, "DELETE /scripts/a.sh", "").0, 204);
    assert_eq!(call(&sandbox, "GET /scripts/a.sh", "").0, 404);
}

#[test]
fn results_have_logs() {
    let sandbox = Sandbox::start();
    for (status, kind, reason) in [
        ("Failed deployment", "installation", "curtin: "),
        ("Failed commissioning", "commissioning", "lshw: "),
        ("Failed testing", "testing", "FAILURE: "),
    ] {
        sandbox.set_machine_status("4y3h7n", status);
        let path = "/nodes/4y3h7n/results/";
        let line = format!("GET {path}?type={kind}&include_output=1");
        let (_, runs) = call(&sandbox, &line, "");
        assert_eq!(runs.as_array().unwrap().len(), 1, "{runs:#}");
        assert_eq!(runs[0]["status_name"], "Failed");
        let output = runs[0]["results"][0]["output"].as_str().unwrap();
        let engine = base64::engine::general_purpose::STANDARD;
        let output = String::from_utf8(engine.decode(output).unwrap()).unwrap();
        assert!(output.contains(reason), "{output}");
        let line = format!("GET {path}current-{kind}/?op=download&filetype=txt");
        assert_eq!(call(&sandbox, &line, "").1, output);
        let (_, bare) = call(&sandbox, &format!("GET {path}"), "");
        assert_eq!(bare[0]["results"][0]["output"], Value::Null);
    }
    assert_eq!(call(&sandbox, "GET /nodes/nope/results/", "").0, 404);
}

#[test]
fn the_log_shows_who_did_what() {
    let sandbox = Sandbox::start();
    call(&sandbox, "POST /machines/4y3h7n/?op=deploy", "");
    let (_, page) = call(&sandbox, "GET /events/?op=query&level=AUDIT", "");
    let event = &page["events"][0];
    assert_eq!(event["level"], "AUDIT");
    assert_eq!(event["username"], "admin");
    let text = event["description"].as_str().unwrap();
    assert!(text.starts_with("admin "), "{text}");
    let (_, page) = call(&sandbox, "GET /events/?op=query", "");
    assert!(!page.to_string().contains("AUDIT"), "{page:#}");
}
