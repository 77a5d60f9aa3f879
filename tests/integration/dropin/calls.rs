//! Calls: requests, output, exit codes, help.

use serde_json::json;

use super::{maas, with_real_description};
use crate::sandbox::{Fault, Response, Sandbox};
use crate::support::Home;

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

#[test]
fn a_read_prints_the_bytes_of_the_server() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let ended = maas(&home, "lab users whoami").ok();
    let last = sandbox.last();
    assert_eq!(
        (&*last.method, &*last.target),
        ("GET", "/MAAS/api/2.0/users/?op=whoami")
    );
    assert!(last.header("authorization").unwrap().starts_with("OAuth "));
    assert!(ended.stdout().starts_with("{\n    \""), "{ended:#?}");
    assert!(!ended.stdout().ends_with('\n'));
    sandbox.forget_requests();
    maas(&home, "lab users whoami").ok();
    assert_eq!(sandbox.requests().len(), 1, "the description is cached");
}

#[test]
fn data_goes_where_maas_puts_it() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    home.file("names", "node18");
    maas(
        &home,
        "lab machines read hostname@=names hostname=node2 op=x",
    )
    .code(2);
    assert_eq!(
        sandbox.last().query_pairs(),
        pairs(&[("hostname", "node18"), ("hostname", "node2"), ("op", "x")])
    );
    maas(&home, "lab events query limit=3").ok();
    assert_eq!(sandbox.last().query(), "op=query&limit=3");
    maas(&home, "lab tags create name=a comment=b=c@=d").ok();
    let parts = sandbox.last().multipart().unwrap();
    let told: Vec<_> = parts
        .iter()
        .map(|p| {
            (
                &*p.name,
                &*p.data,
                p.content_type.as_deref(),
                p.filename.as_deref(),
            )
        })
        .collect();
    let text = Some("text/plain; charset=\"utf-8\"");
    assert_eq!(
        told,
        [
            ("name", b"a".as_slice(), text, None),
            ("comment", b"b=c@=d", text, None)
        ]
    );
    assert_eq!(sandbox.last().query(), "");
    maas(&home, "lab machines accept-all").ok();
    let last = sandbox.last();
    assert_eq!((last.query(), last.body_length), ("op=accept_all", 0));
    assert_eq!(last.header("content-type"), None);
    home.file("x.json", b"{\"a\": \xff}");
    maas(&home, "lab files create filename=f.bin file@=x.json").ok();
    let parts = sandbox.last().multipart().unwrap();
    let file = &parts[1];
    assert_eq!(file.filename.as_deref(), Some("file"));
    assert_eq!(file.content_type.as_deref(), Some("application/json"));
    assert_eq!(file.data, b"{\"a\": \xff}");
    maas(&home, "lab files get filename=f.bin").code(0);
    assert_eq!(sandbox.last().query(), "op=get&filename=f.bin");
}

#[test]
fn values_of_the_path_stay_in_their_place() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    home.run(&["maas", "lab", "tag", "read", "a/b?c#d e%2F"])
        .code(2);
    assert_eq!(
        sandbox.last().path(),
        "/MAAS/api/2.0/tags/a%2Fb%3Fc%23d%20e%252F/"
    );
    sandbox.forget_requests();
    for value in ["", "..", "."] {
        home.run(&["maas", "lab", "tag", "delete", value])
            .fails(2, "");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn exit_codes() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let long = "x".repeat(9000);
    maas(&home, "lab machines read").ok();
    for (line, code) in [
        ("lab machine read nope", 2),
        ("lab machines read hostname", 1),
        ("lab machines read hostname@=missing", 2),
        ("lab tags create name@=missing", 2),
        ("lab tags create name@=.", 2),
        ("lab machines nope", 2),
        ("lab nope read", 2),
        ("lab machines", 2),
        ("lab", 2),
        ("nope machines read", 2),
        ("play machines read", 2),
        ("", 2),
        ("lab machine read", 2),
        ("lab machine read a b=c", 2),
        ("lab users whoami a=b", 2),
        ("lab machines read hostname=a -d", 2),
        ("lab machines read -x", 2),
        ("lab machines read -- hostname=node2 -d", 1),
        ("lab machines read --deb --ins hostname=node2", 0),
        ("lab machines read -dk -- hostname=node2", 0),
        (&format!("lab machines read hostname={long}"), 2),
    ] {
        let ended = maas(&home, line).code(code);
        let told = ended.stderr.starts_with("apicall: ");
        assert!(
            code == 0 || told || line == "lab machine read nope",
            "{line}: {ended:#?}"
        );
    }
    let port = Sandbox::closed_port();
    home.write_config(&format!(
        "[profiles.off]\nservice = \"maas\"\nurl = \"http://127.0.0.1:{port}/MAAS\"\nretries = 0\n"
    ));
    maas(&home, "off version read").fails(2, "connection refused");
}

#[test]
fn a_protected_profile_is_protected_here_too() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let config = home
        .config()
        .replace("[profiles.play]", "protected = true\n\n[profiles.play]");
    home.write_config(&config);
    maas(&home, "lab machines read").ok();
    sandbox.forget_requests();
    maas(&home, "lab machine lock 4y3h7n").fails(2, "`lab` is protected");
    home.file("image", "x");
    maas(&home, "lab boot-resources create content@=image").fails(2, "`lab` is protected");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn errors_are_printed_as_they_came_but_for_the_secret() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let ended = maas(&home, "lab machine read nope").code(2);
    assert_eq!(ended.stdout(), "No Machine matches the given query.");
    assert_eq!(ended.stderr, "");
    let text = "Authorization Error: 'Invalid signature. Expected signature base string: &s3cr3t'";
    sandbox.fault(Fault::instead(Response::text(401, text)));
    let ended = maas(&home, "lab users whoami").code(2);
    assert!(ended.stdout().ends_with("base string: ***'"), "{ended:#?}");
    sandbox.fault(Fault::instead(Response::text(403, "")));
    assert!(maas(&home, "lab users whoami").code(2).stdout.is_empty());
}

#[test]
fn bytes_stay_as_they_are_in_a_pipe() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    maas(&home, "lab users whoami").ok();
    let bytes = b"\x1b[2J\xff\x9b\0".as_slice();
    for (status, code) in [(200, 0), (500, 2)] {
        sandbox.fault(Fault::body(status, "application/bson", bytes));
        assert_eq!(maas(&home, "lab users whoami").code(code).stdout, bytes);
    }
}

#[test]
fn a_redirect_that_is_not_followed_says_why() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    maas(&home, "lab users whoami").ok();
    let response = |location: &str| Response::new(302).header("Location", location);
    sandbox.fault(Fault::instead(response("/MAAS/api/2.0/users/?op=whoami")).always());
    let ended = maas(&home, "lab users whoami").code(2);
    assert_eq!(
        ended.stderr,
        "apicall: lab: GET /MAAS/api/2.0/users/?op=whoami: 302 Found\n\
         hint: ten redirects were followed; the server points to `/MAAS/api/2.0/users/?op=whoami`\n"
    );
    sandbox.clear_faults();
    sandbox.fault(Fault::instead(response("http://other.example/")));
    let ended = maas(&home, "lab users whoami").code(2);
    let told = "whoami: 302 Found\nhint: the server points to `http://other.example/`\n";
    assert!(ended.stderr.ends_with(told), "{ended:#?}");
}

#[test]
fn debug_tells_status_and_headers() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let ended = maas(&home, "lab users whoami -d").code(0);
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines[..2], ["200 OK", ""]);
    assert!(ended.stderr.contains("X-Maas-Api-Hash: "), "{ended:#?}");
    assert!(ended.stderr.contains("Status: 200\n"), "{ended:#?}");
    let columns: Vec<_> = lines[2..].iter().filter_map(|l| l.find(": ")).collect();
    assert!(columns.windows(2).all(|w| w[0] == w[1]), "{ended:#?}");
    assert!(ended.json().is_object());
}

#[test]
fn a_changed_description_is_fetched_in_silence() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    maas(&home, "lab users whoami").ok();
    sandbox.set_api_hash("new");
    sandbox.forget_requests();
    maas(&home, "lab users whoami").ok();
    let seen: Vec<_> = sandbox
        .requests()
        .iter()
        .map(|r| r.path().to_owned())
        .collect();
    assert_eq!(seen, ["/MAAS/api/2.0/users/", "/MAAS/api/2.0/describe/"]);
    sandbox.forget_requests();
    maas(&home, "lab users whoami").ok();
    assert_eq!(sandbox.requests().len(), 1);
}

/// A handler or an action that the cache does not have may be new.
#[test]
fn what_is_not_there_is_looked_for_in_a_newer_description() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    maas(&home, "lab users whoami").ok();
    let targets = || -> Vec<String> {
        let requests = sandbox.requests();
        sandbox.forget_requests();
        requests.iter().map(|r| r.target.clone()).collect()
    };
    targets();
    let (version, describe) = ("/MAAS/api/2.0/version/", "/MAAS/api/2.0/describe/");
    for line in ["lab gizmos read", "lab users list"] {
        maas(&home, line).fails(2, "there is no ");
        assert_eq!(targets(), [version], "{line}");
    }
    let old = sandbox.description();
    let mut new = old.clone();
    new["hash"] = "new".into();
    let resources = new["resources"].as_array_mut().unwrap();
    let users = resources.iter_mut().find(|r| r["name"] == "UsersHandler");
    let actions = users.unwrap()["auth"]["actions"].as_array_mut().unwrap();
    actions.push(json!({"name": "list", "method": "GET", "op": null, "doc": "New"}));
    resources.push(json!({"name": "GizmosHandler", "anon": null, "auth": {
        "name": "GizmosHandler", "params": [], "doc": "", "path": "/MAAS/api/2.0/tags/",
        "actions": [{"name": "read", "method": "GET", "op": null, "doc": "Something new"}]}}));
    for (line, call) in [
        ("lab gizmos read", "/MAAS/api/2.0/tags/"),
        ("lab users list", "/MAAS/api/2.0/users/"),
    ] {
        sandbox.set_description(old.clone());
        maas(&home, "refresh").ok();
        targets();
        sandbox.set_description(new.clone());
        maas(&home, line).ok();
        assert_eq!(targets(), [version, describe, call], "{line}");
    }
}

#[test]
fn help_on_every_level() {
    let Some(sandbox) = with_real_description() else {
        return;
    };
    let home = Home::with_profiles(&sandbox);
    for (line, parts) in [
        (
            "--help",
            &[
                "usage: apicall maas [-h] COMMAND ...",
                "    lab     ",
                "    refresh ",
            ][..],
        ),
        ("-h", &["Interact with http://127.0.0.1"]),
        (
            "lab --help",
            &["usage: apicall maas lab [-h]", "    dnsresource-records\n"],
        ),
        (
            "lab machines -h",
            &[
                "Manage the collection of all the machines",
                "    list-allocated ",
            ],
        ),
        (
            "lab machine deploy --help",
            &[
                "usage: apicall maas lab machine deploy [--help] [-d] [-k] system_id [data ...]\n\nDeploy a machine\n",
                "Positional arguments:\n\tsystem_id\n",
                "name=value",
                ":param distro_series:",
                "Common command-line options:\n    --help, -h\n",
            ],
        ),
        (
            "lab users whoami -h",
            &["usage: apicall maas lab users whoami [--help] [-d] [-k]\n"],
        ),
        (
            "login --help",
            &["profile-name url [credentials]", "--cacerts"],
        ),
        ("logout --help", &["usage: apicall maas logout"]),
        ("list --help", &["--show-keys"]),
        ("refresh --help", &["usage: apicall maas refresh"]),
    ] {
        let ended = maas(&home, line).ok();
        for part in parts {
            assert!(
                ended.stdout().contains(part),
                "{line}: {part:?}: {ended:#?}"
            );
        }
    }
    let list = maas(&home, "lab -h").ok();
    assert!(
        list.stdout()
            .lines()
            .filter(|l| l.starts_with("    "))
            .count()
            > 80
    );
    home.write_config(&format!(
        "[profiles.anon]\nservice = \"maas\"\nurl = \"{}\"\n",
        sandbox.maas_url()
    ));
    let list = maas(&home, "anon -h").ok();
    let handlers = list
        .stdout()
        .lines()
        .filter(|l| l.starts_with("    ") && !l.starts_with("     "))
        .count();
    assert_eq!(handlers, 7, "{list:#?}");
    maas(&home, "anon users whoami").fails(2, "there is no handler `users`");
}
