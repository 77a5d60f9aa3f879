//! Errors and notes that know the description of the server.

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;

/// A home with the description in its cache.
fn described(sandbox: &Sandbox) -> Home {
    let home = Home::with_profiles(sandbox);
    home.run(&["ops"]).ok();
    sandbox.forget_requests();
    home
}

fn targets(sandbox: &Sandbox) -> Vec<String> {
    let requests = sandbox.requests();
    let targets = requests
        .iter()
        .map(|r| r.target.replace("/MAAS/api/2.0", ""));
    let targets = targets.collect();
    sandbox.forget_requests();
    targets
}

#[test]
fn an_operation_that_is_not_there() {
    let sandbox = Sandbox::start();
    let home = described(&sandbox);
    let reported = home.run(&["get", "/machines/", "--op", "list_alocated"]);
    let reported = reported.fails(4, "Unrecognised signature");
    assert!(
        reported
            .stderr
            .contains("hint: did you mean `list_allocated`? GET here: `"),
        "{reported:?}"
    );
    home.run(&["post", "/users/", "--op", "whoami"])
        .fails(4, "hint: `whoami` is there for GET");
    assert_eq!(targets(&sandbox).len(), 2, "nothing more is asked");
    // Without a description the hint says how to come by one.
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "/users/", "--op", "whoami"])
        .fails(4, "`apicall ops users` lists them");
    assert_eq!(targets(&sandbox).len(), 1);
}

#[test]
fn a_constraint_that_is_not_there() {
    let sandbox = Sandbox::start();
    let home = described(&sandbox);
    let reported = home
        .run(&["get", "/machines/", "hostnam=x"])
        .fails(4, "No such constraint");
    assert!(
        reported
            .stderr
            .contains("hint: did you mean `hostname`? valid filters: `hostname`"),
        "{reported:?}"
    );
}

#[test]
fn a_path_that_is_not_there() {
    let sandbox = Sandbox::start();
    let home = described(&sandbox);
    home.run(&["get", "/machine/"])
        .fails(4, "hint: did you mean `/machines/`?");
    home.run(&["get", "/nothing/like/this/at/all/"])
        .fails(4, "hint: no such path in MAAS");
}

#[test]
fn fields_that_were_refused_have_a_line_each() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let body = r#"{"architecture": ["This field is required."], "hostname": ["Bad.", "Long."], "__all__": ["No."]}"#;
    sandbox.fault(Fault::body(400, "application/json", body).always());
    let reported = home
        .run(&["post", "/machines/"])
        .fails(4, "400 Bad Request: 2 fields refused\n");
    let lines: Vec<&str> = reported.stderr.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "  architecture: This field is required.",
            "  hostname: Bad., Long.",
            "  No."
        ]
    );
    let one = r#"{"hostname": ["Bad."]}"#;
    sandbox.clear_faults();
    sandbox.fault(Fault::body(400, "application/json", one).always());
    home.run(&["post", "/machines/"])
        .fails(4, "400 Bad Request: hostname: Bad.\n");
}

#[test]
fn a_field_that_is_not_there_is_named_and_sent() {
    let sandbox = Sandbox::start();
    let home = described(&sandbox);
    let call = [
        "post",
        "/machines/4y3h7n/",
        "--op",
        "release",
        "comnent=x",
        "--dry-run",
    ];
    let reported = home.run(&call).code(0);
    assert!(
        reported.stderr.starts_with("apicall: note: lab: POST /MAAS/api/2.0/machines/4y3h7n/?op=release has no parameter `comnent`"),
        "{reported:?}"
    );
    assert!(
        reported.stderr.ends_with("did you mean `comment`?\n"),
        "{reported:?}"
    );
    assert!(reported.stdout().contains("comnent=x"));
    let sent = home.run(&call[..5]);
    assert!(sent.stderr.contains("`comnent`"), "{sent:?}");
    assert!(sandbox.last().body_text().contains("comnent=x"));
    // One that is there, and a call without a description, get no note.
    home.run(&[
        "post",
        "/machines/4y3h7n/",
        "--op",
        "release",
        "comment=x",
        "--dry-run",
    ])
    .ok();
    let other = Home::with_profiles(&sandbox);
    other.run(&call).ok();
}

#[test]
fn another_hash_has_the_description_fetched_anew() {
    let sandbox = Sandbox::start();
    let home = described(&sandbox);
    let mut document = sandbox.description();
    document["hash"] = "0123".into();
    sandbox.set_description(document);
    home.run(&["post", "/tags/", "name=new"]).ok();
    assert_eq!(targets(&sandbox), ["/tags/", "/describe/"]);
    home.run(&["post", "/tags/", "name=newer"]).ok();
    assert_eq!(targets(&sandbox), ["/tags/"]);
    // A call without fields looks at nothing.
    let mut document = sandbox.description();
    document["hash"] = "4567".into();
    sandbox.set_description(document);
    home.run(&["get", "/tags/"]).ok();
    assert_eq!(targets(&sandbox), ["/tags/"]);
}

/// Every hint names the call that was meant, with the description and without it.
#[test]
fn the_likeliest_mistakes_have_the_call_that_was_meant() {
    let sandbox = Sandbox::start();
    let v3 = format!("{}/a/v3/zones", sandbox.maas_url());
    for home in [Home::with_profiles(&sandbox), described(&sandbox)] {
        for (line, code, hint) in [
            (
                "get /machines/node18/",
                4,
                "`apicall get /machines/@node18/`",
            ),
            ("get machines/web005", 4, "`apicall get /machines/@web005/`"),
            (
                "post /machines/@node18/deploy",
                4,
                "`apicall post /machines/@node18/ --op deploy`",
            ),
            (
                "get /machines/@node18/interfaces/",
                4,
                "`apicall get /nodes/@node18/interfaces/`",
            ),
            (
                "get /machines/list_allocated",
                4,
                "`apicall get /machines/ --op list_allocated`",
            ),
            ("get /events/", 4, "`apicall get /events/ --op query`"),
            ("get /resourcepools/7/", 4, "`apicall get /resourcepool/7/`"),
            ("get /pools/", 4, "`apicall get /resourcepools/`"),
            ("get /tags/nope/", 4, "`apicall get /tags/ -o table`"),
            ("get @node18", 4, "`apicall get /machines/@node18/`"),
            ("get /MAAS/machines/", 4, "`apicall get /machines/`"),
            ("post /machines/@node18/ deploy", 2, "`--op deploy`"),
            ("get /api/2.0/machines/", 4, "`apicall get /machines/`"),
            ("post /tags/gpu/ add=@web001", 1, "`add=@@web001`"),
            (
                "get /machines/ status=Broken",
                4,
                "`apicall get /machines/ status=broken`",
            ),
            (
                "post /users/ username=eve email=e@x password=p is_superuser=false",
                5,
                "`is_superuser=0`",
            ),
            ("get /nodes/ --op list", 4, "`apicall get /nodes/`"),
            (&format!("get {v3}"), 4, "API v3 accepts no API keys"),
            ("lab machines read", 2, "`apicall maas lab machines read`"),
            ("get /machines/null/", 2, "a filter that found nothing"),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            let reported = home.run(&words).code(code);
            let hints: Vec<&str> = reported
                .stderr
                .lines()
                .filter(|line| line.starts_with("hint: "))
                .collect();
            assert!(
                hints.len() == 1 && hints[0].contains(hint),
                "{line}: {reported:?}"
            );
        }
        // MAAS's own sentence says all of it.
        for path in ["/pods/", "/vm-hosts/", "/vm-clusters/"] {
            let reported = home
                .run(&["get", path])
                .fails(4, "VM host (KVM) support has been removed");
            assert!(!reported.stderr.contains("hint: "), "{reported:?}");
        }
        // The path that was typed is never suggested.
        sandbox.fault(Fault::body(404, "text/plain", "Unknown API endpoint: x."));
        let reported = home.run(&["get", "/machines/"]).code(4);
        assert!(
            !reported.stderr.contains("did you mean `/machines/`"),
            "{reported:?}"
        );
    }
    let home = Home::with_profiles(&sandbox);
    let user = [
        "post",
        "/users/",
        "username=eve",
        "email=e@x",
        "password=p",
        "is_superuser=0",
    ];
    home.run(&user).ok();
    home.run(&[&user[..], &["--retries", "0"]].concat()).fails(
        4,
        "hint: is the name taken? `apicall get /users/eve/` shows who has it",
    );
    sandbox.fault(Fault::status(503).path("/MAAS/api/2.0/describe/").always());
    home.run(&["ops", "deploy", "--retries", "0"])
        .fails(5, "hint: the region cannot describe itself now");
}

/// What a hint says to type is a call of the same profile.
#[test]
fn commands_in_hints_name_the_profile_that_was_chosen() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (line, code, hint) in [
        (
            "get /machines/node18/ -p lab",
            4,
            "`apicall get /machines/@node18/ -p lab`",
        ),
        (
            "get /machines/ --profile lab status=Broken",
            4,
            "`apicall get /machines/ status=broken -p lab`",
        ),
        (
            "post /machines/ -p lab --op allocate hostname=a",
            2,
            "`apicall ops allocate --show -p lab`",
        ),
        (
            "get /machines/node18/",
            4,
            "`apicall get /machines/@node18/`",
        ),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        home.run(&words).fails(code, hint);
    }
}

/// `op-NAME` at the end of a path is an operation, and no id.
#[test]
fn an_operation_in_the_path_is_explained_as_one() {
    let sandbox = Sandbox::start();
    let home = described(&sandbox);
    home.run(&["post", "/machines/op-deploy"])
        .fails(4, "`apicall post /machines/@NAME/ --op deploy`");
    home.run(&["post", "/users/op-whoami"])
        .fails(4, "`apicall get /users/ --op whoami`");
}

#[test]
fn a_constraint_that_allocate_does_not_have_is_refused() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let call = ["post", "/machines/", "--op", "allocate", "hostname=node18"];
    // The description is had first, and nothing is allocated.
    home.run(&call).fails(
        2,
        "MAAS knows no constraint `hostname`, and would allocate some other machine",
    );
    assert_eq!(targets(&sandbox), ["/describe/"]);
    // In the path, in the form and in JSON, with the description in the cache.
    for line in [
        "post /machines/?op=allocate hostname=a",
        "post /machines/op-allocate hostname=a",
        "post /machines/ op=allocate hostname=a",
        "post /machines/ --op allocate hostname=a --multipart",
        "post /machines/ --op allocate hostname=a --json",
        "post /machines/ --op allocate hostname=a --dry-run",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        home.run(&words).fails(2, "no constraint `hostname`");
    }
    let asked = targets(&sandbox);
    assert!(asked.iter().all(|t| t == "/version/"), "{asked:?}");
    home.run(&["post", "/machines/", "--op", "allocate", "nmae=x"])
        .fails(
            2,
            "hint: did you mean `name=…`? `apicall ops allocate --show`",
        );
    sandbox.forget_requests();
    let forced = home.run(&[&call[..], &["--force"]].concat()).code(0);
    assert!(
        forced.stderr.contains("has no parameter `hostname`"),
        "{forced:?}"
    );
    home.run(&["post", "/machines/", "--op", "allocate", "name=node20"])
        .ok();
    // A description that lacks what the server has learned meanwhile is fetched anew.
    let mut document = sandbox.description();
    let text = document.to_string().replace(
        ":param name: Optional",
        ":param newer: Optional.\\n\\n:param name: Optional",
    );
    document = serde_json::from_str(&text).unwrap();
    document["hash"] = "0123".into();
    sandbox.set_description(document);
    sandbox.forget_requests();
    home.run(&["post", "/machines/", "--op", "allocate", "newer=x"]);
    assert!(
        targets(&sandbox)
            .iter()
            .any(|t| t == "/machines/?op=allocate"),
        "it was sent"
    );
    // Where none can be had, it is said.
    let other = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::status(503).path("/MAAS/api/2.0/describe/").always());
    let warned = other.run(&["post", "/machines/", "--op", "allocate", "name=node17"]);
    assert!(
        warned
            .stderr
            .starts_with("apicall: warning: lab: the server does not describe itself now"),
        "{warned:?}"
    );
    assert_eq!(sandbox.last().target, "/MAAS/api/2.0/machines/?op=allocate");
}

#[test]
fn what_maas_would_not_read_is_said() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("img", "x");
    for (line, note) in [
        (
            "post /machines/4y3h7n/ --op deploy user_data=#cloud-config --dry-run",
            "note: lab: MAAS takes `user_data` in base64",
        ),
        (
            "post /boot-resources/ name=x content@img --dry-run",
            "`apicall upload-image FILE name=… architecture=…`",
        ),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let reported = home.run(&words).code(0);
        assert!(reported.stderr.contains(note), "{reported:?}");
    }
    for words in [
        &["post", "/tags/", "--body", "name=x"][..],
        &["post", "/tags/", "--body", "@img"],
        &["post", "/tags/", "@img"],
        &["post", "/tags/", "-"],
    ] {
        home.run(words).fails(2, "nothing says what the body is");
    }
    assert!(sandbox.may_stay_silent().requests().is_empty());
}
