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
    let told = home.run(&["get", "/machines/", "--op", "list_alocated"]);
    let told = told.fails(4, "Unrecognised signature");
    assert!(
        told.stderr
            .contains("hint: did you mean `list_allocated`? GET here: `"),
        "{told:?}"
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
    let told = home
        .run(&["get", "/machines/", "hostnam=x"])
        .fails(4, "No such constraint");
    assert!(
        told.stderr
            .contains("hint: did you mean `hostname`? there are `hostname`"),
        "{told:?}"
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
    let told = home
        .run(&["post", "/machines/"])
        .fails(4, "400 Bad Request: 2 fields refused\n");
    let lines: Vec<&str> = told.stderr.lines().skip(1).collect();
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
        "/machines/",
        "--op",
        "allocate",
        "nmae=x",
        "--dry-run",
    ];
    let told = home.run(&call).code(0);
    assert!(
        told.stderr.starts_with("apicall: note: lab: POST /MAAS/api/2.0/machines/?op=allocate is not described with `nmae`"),
        "{told:?}"
    );
    assert!(told.stderr.ends_with("did you mean `name`?\n"), "{told:?}");
    assert!(told.stdout().contains("nmae=x"));
    let sent = home.run(&call[..5]);
    assert!(sent.stderr.contains("`nmae`"), "{sent:?}");
    assert!(sandbox.last().body_text().contains("nmae=x"));
    // One that is there, and a call without a description, are told nothing.
    home.run(&[
        "post",
        "/machines/",
        "--op",
        "allocate",
        "name=x",
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
