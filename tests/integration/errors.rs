//! CONTRACT, Streams and output: an error is one line with profile, method, path and cause, then
//! the hint that helps. Every response of `facts/` that is no success.

use crate::sandbox::{Fault, Options, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::{Desk, words};

/// Checks the two lines on stderr: all of the first, and what the hint holds ("" for no hint).
#[track_caller]
fn assert_reported(ended: &Ended, line: &str, hint: &str) {
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines[0], line, "{ended:#?}");
    match hint {
        "" => assert_eq!(lines.len(), 1, "{ended:#?}"),
        hint => {
            assert!(lines[1].starts_with("hint: "), "{ended:#?}");
            assert!(lines[1].contains(hint), "{hint:?}: {ended:#?}");
        }
    }
    assert_eq!(ended.stdout(), "", "an error is never on stdout");
}

/// Each 401 of MAAS, by a profile that earns it.
#[test]
fn maas_401() {
    let sandbox = Sandbox::start();
    let key: Vec<_> = sandbox.maas_key().split(':').collect();
    for (what, key, cause, hint) in [
        (
            "consumer",
            format!("unknown:{}:{}", key[1], key[2]),
            "Authorization Error: Invalid API key.",
            "the key's first part (the consumer)",
        ),
        (
            "token",
            format!("{}:gone:{}", key[0], key[2]),
            "Authorization Error: 'Invalid access token: gone'",
            "the key's second part (the token)",
        ),
        (
            "secret",
            format!("{}:{}:wrong-one", key[0], key[1]),
            "Authorization Error: 'Invalid signature. Expected signature base string: ***'",
            "the key's last part (the secret) is wrong",
        ),
    ] {
        let home = Home::empty();
        home.write_config(&format!(
            "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{key}\"\n",
            sandbox.maas_url()
        ));
        println!("{what}");
        let ended = home.run(&["get", "machines"]).code(4);
        let start = "apicall: lab: GET /MAAS/api/2.0/machines/: 401 Unauthorized: ";
        assert_reported(&ended, &format!("{start}{cause}"), hint);
    }
    let home = Home::with_profiles(&sandbox);
    let start = "apicall: lab: GET /MAAS/api/2.0/users/: 401 Unauthorized: ";
    for (what, body, cause, hint) in [
        (
            "the header was taken away",
            "Forbidden",
            "Forbidden",
            "does a proxy take the Authorization header away?",
        ),
        (
            "nonce",
            "Authorization Error: 'Nonce already used: abc'",
            "Authorization Error: 'Nonce already used: abc'",
            "a proxy sent the request twice",
        ),
    ] {
        sandbox.fault(Fault::body(401, "text/html; charset=utf-8", body));
        println!("{what}");
        let ended = home.run(&["get", "users"]).code(4);
        assert_reported(&ended, &format!("{start}{cause}"), hint);
    }
    let ended = home.run(&["get", "users", "--anonymous"]).code(4);
    assert_reported(
        &ended,
        &format!("{start}Forbidden"),
        "this call was not signed",
    );
}

/// "N and M give the clock difference".
#[test]
fn a_clock_that_is_behind() {
    let sandbox = Sandbox::with(Options {
        clock_skew_seconds: 5000,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    let ended = home.run(&["get", "machines"]).code(4);
    assert!(
        ended.stderr.contains("'Expired timestamp: given "),
        "{ended:#?}"
    );
    let reported = ["5000", "5001"].iter().any(|seconds| {
        let hint = format!("hint: this machine's clock is {seconds} s behind the server's");
        ended.stderr.contains(&hint)
    });
    assert!(reported, "{ended:#?}");
}

#[test]
fn maas_errors() {
    let desk = Desk::new();
    desk.sandbox.clear_faults();
    for (line, code, reported, hint) in [
        (
            "get machine",
            4,
            "GET /MAAS/api/2.0/machine/: 404 Not Found: Unknown API endpoint: /MAAS/api/2.0/machine/.",
            "paths are plural: `apicall get /machines/`",
        ),
        (
            "get machines/none",
            4,
            "GET /MAAS/api/2.0/machines/none/: 404 Not Found: No Machine matches the given query.",
            "`apicall get /machines/@none/`",
        ),
        (
            "delete machines",
            4,
            "DELETE /MAAS/api/2.0/machines/: 405 Method Not Allowed",
            "this path takes GET, POST",
        ),
        (
            "get machines --op whoami",
            4,
            "GET /MAAS/api/2.0/machines/?op=whoami: 400 Bad Request: Unrecognised signature: method=GET op=whoami",
            "`--op` names the operation",
        ),
        (
            "get machines limit=1",
            4,
            "GET /MAAS/api/2.0/machines/: 400 Bad Request: limit: No such constraint.",
            "does not know this filter",
        ),
        (
            "post machines --op allocate name=none",
            4,
            "POST /MAAS/api/2.0/machines/?op=allocate: 409 Conflict: No available machine matches constraints: [('name', ['none'])]",
            "",
        ),
        (
            "get /MAAS/api/1.0/nodes/",
            4,
            "GET /MAAS/api/1.0/nodes/: 410 Gone: The 1.0 API is no longer available. Please use API version 2.0.",
            "API 1.0 is gone",
        ),
        (
            "get /MAAS/nothing",
            4,
            "GET /MAAS/nothing: 404 Not Found",
            "taken from the host's root: `apicall get /nothing`",
        ),
    ] {
        let ended = desk.home.run(&words(line)).code(code);
        assert_reported(&ended, &format!("apicall: lab: {reported}"), hint);
    }
    for (status, body, label, reported, hint) in [
        (
            400,
            r#"{"name":["This field is required."],"__all__":["a","b"]}"#,
            "application/json",
            "400 Bad Request: name: This field is required.; a, b",
            "",
        ),
        (
            403,
            "",
            "text/html",
            "403 Forbidden",
            "its user may not do this",
        ),
        (
            413,
            "<html><head><title>413 Request Entity Too Large</title></html>",
            "text/html",
            "413 Request Entity Too Large",
            "10 MB",
        ),
        (
            500,
            "<h1>Internal\n Server Error</h1><html>",
            "text/html",
            "500 Internal Server Error: Internal Server Error",
            "",
        ),
        (
            503,
            "No rack controllers can access the BMC of node: node18",
            "text/plain",
            "503 Service Unavailable: No rack controllers can access the BMC of node: node18",
            "power control",
        ),
        (
            504,
            "",
            "text/html",
            "504 Gateway Timeout; whether it was applied is not known",
            "overloaded",
        ),
    ] {
        desk.sandbox.fault(Fault::body(status, label, body));
        let line = words("post machines hostname=a --retries 0");
        let ended = desk.home.run(&line).code(i32::from(status / 100));
        let start = "apicall: lab: POST /MAAS/api/2.0/machines/: ";
        assert_reported(&ended, &format!("{start}{reported}"), hint);
    }
    let busy = Fault::body(409, "text/plain", "Conflict error. Try again.");
    desk.sandbox.fault(busy.retry_after("0").times(2));
    let ended = desk.home.run(&["post", "machines"]).code(4);
    assert!(
        ended.stderr.contains("hint: MAAS's database was busy"),
        "{ended:#?}"
    );
}

/// A body over 1 MiB asks first, so that an early 413 is heard and not a broken connection.
#[test]
fn a_body_that_is_too_large() {
    let sandbox = Sandbox::with(Options {
        maas_body_limit: 2 << 20,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    home.file("image", vec![b'x'; 3 << 20]);
    let ended = home.run(&words("post files filename=x file@image")).code(4);
    assert!(
        ended.stderr.contains(": 413 Request Entity Too Large"),
        "{ended:#?}"
    );
    assert!(
        ended.stderr.contains("hint: MAAS accepts bodies of 10 MB"),
        "{ended:#?}"
    );
    let request = sandbox.last();
    assert_eq!(request.header("expect"), Some("100-continue"));
    assert_eq!(request.body_length, 0, "nothing of the body was sent");
}

#[test]
fn macrometa_errors() {
    let desk = Desk::new();
    desk.sandbox.clear_faults();
    desk.home
        .run(&words("post collection name=there -p play"))
        .ok();
    for (line, reported, number, hint) in [
        (
            "get document/addresses/none",
            "404 Not Found: document not found",
            1202,
            "`%25`",
        ),
        (
            "get document/none/x",
            "404 Not Found: collection or view not found",
            1203,
            "apicall get collection",
        ),
        (
            "post collection name=there",
            "409 Conflict: duplicate name",
            1207,
            "the name is taken",
        ),
        (
            "post document/addresses _key=a1",
            "409 Conflict: unique constraint violated",
            1210,
            "another document",
        ),
        (
            "get collection --fabric none",
            "404 Not Found: fabric not found",
            1228,
            "the key can see `_system`, `shop`: `--fabric` selects one",
        ),
        (
            "put cursor/4711",
            "404 Not Found: cursor not found",
            1600,
            "its ttl",
        ),
    ] {
        let ended = desk.home.run(&words(&format!("{line} -p play"))).code(4);
        let start = ended.stderr.lines().next().unwrap();
        let middle = format!(": {reported}");
        assert!(
            start.starts_with("apicall: play: ") && start.contains(&middle),
            "{ended:#?}"
        );
        let end = format!("(errorNum {number}, request ");
        assert!(start.contains(&end), "{end}: {ended:#?}");
        assert!(
            ended.stderr.contains("\nhint: ") && ended.stderr.contains(hint),
            "{ended:#?}"
        );
    }
    for (status, body, reported, hint) in [
        (
            400,
            r#"{"error":true,"code":400,"errorNum":1501,"errorMessage":"syntax error near 'FOO'"}"#,
            "syntax error near 'FOO' (errorNum 1501, request r-1)",
            "the place in the query",
        ),
        (
            400,
            r#"{"error":true,"code":400,"errorNum":1502,"errorMessage":"query is empty"}"#,
            "query is empty (errorNum 1502, request r-1)",
            "FOR d IN c RETURN d",
        ),
        (
            409,
            r#"{"error":true,"code":409,"errorNum":1601,"errorMessage":"cursor is busy"}"#,
            "cursor is busy (errorNum 1601, request r-1)",
            "another call",
        ),
        (
            401,
            r#"{"code":401,"error":true,"message":"Unauthorized","requestId":"q","serverId":"s"}"#,
            "Unauthorized (request r-1)",
            "a new fabric is not covered by older keys",
        ),
        (
            429,
            "",
            "429 Too Many Requests (request r-1)",
            "limit of calls",
        ),
        (
            502,
            "<html><head><title>502 Bad Gateway</title></head></html>",
            "502 Bad Gateway (request r-1)",
            "",
        ),
    ] {
        let fault = Fault::body(status, "application/json", body);
        desk.sandbox
            .fault(fault.with_header("x-gdn-requestid", "r-1"));
        let line = words("get x -p play --retries 0");
        let ended = desk.home.run(&line).code(i32::from(status / 100));
        let line = ended.stderr.lines().next().unwrap();
        assert!(
            line.ends_with(&format!(": {reported}")),
            "{reported}: {ended:#?}"
        );
        assert!(ended.stderr.contains(hint), "{hint}: {ended:#?}");
    }
}

/// A key that is older than the fabric.
#[test]
fn a_fabric_that_the_key_may_not_use() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\nfabric = \"shop\"\nkey = \"{}\"\n",
        sandbox.url(),
        sandbox.macrometa_limited_key()
    ));
    let ended = home.run(&["get", "collection"]).code(4);
    assert!(
        ended.stderr.contains(
            "hint: the key has no right to this, which needs `ro` on the fabric `shop`: `apicall whoami --rights` shows what it has"
        ),
        "{ended:#?}"
    );
}

/// "all else is exit 3 with the `Location` in the hint"; what is followed is in `redirects`.
#[test]
fn redirects_that_are_not_followed() {
    let sandbox = Sandbox::start();
    let other = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let inside = "/MAAS/api/2.0/zones/";
    let absolute = format!("{}{inside}", sandbox.url());
    let outside = format!("{}{inside}", other.url());
    for (line, location) in [
        ("post machines a=1", inside),
        ("put tags/x a=1", inside),
        ("delete tags/x", &*absolute),
        ("patch x -p play", inside),
        ("get machines", &outside),
        ("head machines", &outside),
        ("get collection -p play", &outside),
    ] {
        sandbox.forget_requests();
        sandbox.fault(Fault::redirect(307, location));
        let ended = home.run(&words(line)).code(3);
        let hint = format!("hint: the server points to `{location}`\n");
        assert!(
            ended.stderr.contains(": 307 Temporary Redirect"),
            "{ended:#?}"
        );
        assert!(ended.stderr.contains(&hint), "{ended:#?}");
        assert_eq!(sandbox.requests().len(), 1, "{line}");
    }
    // A 304 leads nowhere.
    sandbox.fault(Fault::status(304));
    let ended = home.run(&words("get machines If-None-Match:1")).code(3);
    let line = "apicall: lab: GET /MAAS/api/2.0/machines/: 304 Not Modified";
    assert_reported(&ended, line, "");
    assert_eq!(other.connections(), 0, "no other origin is called");
}
