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
    let reported: Vec<_> = parts
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
        reported,
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
        "/MAAS/api/2.0/tags/a/b%3Fc%23d%20e%252F/"
    );
    // Proxies refuse an encoded slash.
    maas(&home, "lab subnet read 10.20.0.0/24").code(2);
    assert_eq!(sandbox.last().target, "/MAAS/api/2.0/subnets/10.20.0.0/24/");
    sandbox.forget_requests();
    for value in ["", "..", ".", "a/../b", "a/", "/a", "a//b", "../tags/a"] {
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
        ("lab machines read hostname=node2 -x", 2),
        ("lab machines read hostname=node2 -d hostname=node3", 2),
        ("lab machines read hostname=node2 -d -- hostname=node3", 2),
        ("lab machines read -x", 2),
        ("lab machines read -- hostname=node2 -d", 1),
        ("lab machines read --deb --ins hostname=node2", 0),
        ("lab machines read -dk -- hostname=node2", 0),
        (&format!("lab machines read hostname={long}"), 2),
    ] {
        let ended = maas(&home, line).code(code);
        let reported = ended.stderr.starts_with("apicall: ");
        assert!(
            code == 0 || reported || line == "lab machine read nope",
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
    let reported = "whoami: 302 Found\nhint: the server points to `http://other.example/`\n";
    assert!(ended.stderr.ends_with(reported), "{ended:#?}");
}

#[test]
fn debug_shows_status_and_headers() {
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

/// Options stand before the data or behind it, as in MAAS's documentation.
#[test]
fn options_stand_anywhere() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    maas(&home, "refresh").ok();
    for (at, (line, is_reported)) in [
        ("tags create -k name=NAME comment=a", false),
        ("tags create name=NAME comment=a -k", false),
        ("tags create name=NAME comment=a -d", true),
        ("tags create name=NAME comment=a -dk", true),
        ("tags create name=NAME comment=a -kd", true),
        ("tags create name=NAME comment=a --insecure", false),
        ("tags create name=NAME comment=a --debug --insecure", true),
        ("tags create name=NAME comment=a --deb --ins", true),
        ("tags create -d name=NAME comment=a -k", true),
        ("tags create name=NAME -- comment=a", false),
        ("tags create -k -- name=NAME comment=a", false),
        ("tags create name=NAME comment=a -k --", false),
    ]
    .into_iter()
    .enumerate()
    {
        sandbox.forget_requests();
        let line = format!("lab {}", line.replace("NAME", &format!("tag{at}")));
        let ended = maas(&home, &line).code(0);
        assert_eq!(!ended.stderr.is_empty(), is_reported, "{line}: {ended:#?}");
        let requests = sandbox.requests();
        assert_eq!(requests.len(), 1, "{line}");
        let parts = requests[0].multipart().unwrap();
        let reported: Vec<_> = parts.iter().map(|p| (&*p.name, p.data.clone())).collect();
        let name = format!("tag{at}").into_bytes();
        assert_eq!(
            reported,
            [("name", name), ("comment", b"a".to_vec())],
            "{line}"
        );
    }
    sandbox.forget_requests();
    for line in [
        "machine read 4y3h7n -k",
        "machine read -k 4y3h7n",
        "machine read -- 4y3h7n",
        "machines read -d",
    ] {
        maas(&home, &format!("lab {line}")).code(0);
    }
    assert_eq!(sandbox.requests().len(), 4);
    sandbox.forget_requests();
    for line in [
        "tags create name=x -k comment=a",
        "tags create name=x -dk comment=a",
        "tags create name=x --deb -- comment=a",
        "tags create name=x -k comment=a -d",
        "machine update 4y3h7n hostname=x -k zone=y",
        "tags create name=x --nope",
    ] {
        maas(&home, &format!("lab {line}")).fails(2, "");
    }
    assert!(sandbox.requests().is_empty());
}

/// What the description does not have costs nothing; `refresh` asks for a newer one.
#[test]
fn an_unknown_command_is_no_request() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    maas(&home, "lab users whoami").ok();
    sandbox.forget_requests();
    for line in [
        "lab gizmos read",
        "lab users list",
        "lab gizmos",
        "lab gizmos -h",
    ] {
        let ended = maas(&home, line).fails(2, "there is no ");
        assert!(ended.stderr.contains("`refresh` fetches"), "{ended:#?}");
    }
    assert!(sandbox.requests().is_empty());
    let mut new = sandbox.description();
    new["hash"] = "new".into();
    let resources = new["resources"].as_array_mut().unwrap();
    let users = resources.iter_mut().find(|r| r["name"] == "UsersHandler");
    let actions = users.unwrap()["auth"]["actions"].as_array_mut().unwrap();
    actions.push(json!({"name": "list", "method": "GET", "op": null, "doc": "New"}));
    sandbox.set_description(new);
    maas(&home, "refresh").ok();
    maas(&home, "lab users list").ok();
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
