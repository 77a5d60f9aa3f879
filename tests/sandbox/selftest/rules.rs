//! The services' rules: order of judgement, parameters, limits, shapes of errors.

use std::time::Duration;

use serde_json::Value;

use super::{FORM, VERSION, oauth, request, talk};
use crate::sandbox::{Options, Sandbox};

#[test]
fn records_what_arrived() {
    let sandbox = Sandbox::start();
    let auth = oauth(sandbox.maas_key());
    let body = "name=a%20b&x=1&x=2";
    let (status, _) = request(
        &sandbox,
        "POST /MAAS/api/2.0/tags/?q=1%2B1&q=2",
        &format!("{auth}{FORM}X-MiXed: 1\r\n"),
        body,
    );
    assert_eq!(status, 400);
    let seen = sandbox.last();
    assert_eq!(
        (seen.method.as_str(), seen.path(), seen.target.as_str()),
        (
            "POST",
            "/MAAS/api/2.0/tags/",
            "/MAAS/api/2.0/tags/?q=1%2B1&q=2"
        )
    );
    assert_eq!(
        seen.query_pairs(),
        [("q", "1+1"), ("q", "2")].map(|(k, v)| (k.to_owned(), v.to_owned()))
    );
    assert_eq!(seen.form()[0], ("name".to_owned(), "a b".to_owned()));
    assert!(
        seen.complete
            && !seen.tls
            && seen
                .headers
                .contains(&("X-MiXed".to_owned(), "1".to_owned()))
    );
    let cut = talk(
        &sandbox,
        b"POST /MAAS/api/2.0/tags/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
    );
    assert_eq!(cut.0, "");
    drop(cut);
    let partly = sandbox.last();
    assert!(!partly.complete);
    assert_eq!((sandbox.requests().len(), sandbox.connections()), (2, 2));
}

#[test]
fn maas_judges_in_its_own_order() {
    let sandbox = Sandbox::start();
    let key = sandbox.maas_key();
    let parts: Vec<&str> = key.split(':').collect();
    let whoami = "GET /MAAS/api/2.0/users/?op=whoami";
    let cases = [
        (oauth(key), 200, "\"admin\""),
        (oauth(sandbox.maas_user_key()), 200, "\"ops\""),
        (
            oauth(&format!("x:{}:{}", parts[1], parts[2])),
            401,
            "Authorization Error: Invalid API key.",
        ),
        (
            oauth(&format!("{}:x:{}", parts[0], parts[2])),
            401,
            "Authorization Error: 'Invalid access token: x'",
        ),
        (
            oauth(&format!("{}:{}:x", parts[0], parts[1])),
            401,
            "Expected signature base string: &",
        ),
        (oauth(key).replace("OAuth ", "oauth "), 401, "Forbidden"),
        ("Authorization: Bearer x\r\n".to_owned(), 401, "Forbidden"),
        (String::new(), 401, "Forbidden"),
        (
            oauth(key).replace("oauth_timestamp=\"", "oauth_timestamp=\"x"),
            400,
            "",
        ),
        (
            oauth(key).replace("oauth_timestamp=\"1", "oauth_timestamp=\""),
            401,
            "has a greater difference than threshold 300'",
        ),
        (
            oauth(key).replace(
                "oauth_nonce=\"",
                &format!("oauth_nonce=\"{}", "n".repeat(256)),
            ),
            500,
            "",
        ),
        (
            oauth(key).replace('"', "").replace("%26", "&"),
            200,
            "\"admin\"",
        ),
    ];
    for (header, status, text) in cases {
        let response = request(&sandbox, whoami, &header, "");
        assert!(
            response.0 == status && response.1.contains(text),
            "{header}: {response:?}"
        );
    }
    // An unknown path is 404 for everybody; a used nonce is refused, also after a wrong signature.
    assert_eq!(request(&sandbox, "GET /MAAS/api/2.0/tags", "", "").0, 404);
    let wrong = oauth(&format!("{}:{}:x", parts[0], parts[1]));
    request(&sandbox, whoami, &wrong, "");
    assert!(
        request(
            &sandbox,
            whoami,
            &wrong.replace("%26x", &format!("%26{}", parts[2])),
            ""
        )
        .1
        .contains("Nonce already used")
    );
}

#[test]
fn maas_parameters_and_limits() {
    let sandbox = Sandbox::with(Options {
        maas_downtime: Duration::from_millis(200),
        ..Options::default()
    });
    let auth = || oauth(sandbox.maas_key());
    let post = |path: &str, body: &str| {
        request(
            &sandbox,
            &format!("POST /MAAS/api/2.0/{path}"),
            &format!("{}{FORM}", auth()),
            body,
        )
    };
    assert!(
        post("machines/?op=allocate&name=node20", "")
            .1
            .contains("\"hostname\": \"node17\"")
    );
    assert!(
        post("machines/", "op=allocate&name=node20")
            .1
            .contains("\"hostname\": \"node20\"")
    );
    assert_eq!(post("machines/?op=allocate", "tags=nope").0, 400);
    assert_eq!(post("machines/op-allocate", "name=node21").0, 409);
    assert_eq!(post("machines/w7c4tb/op-release", "").0, 200);
    assert_eq!(sandbox.machine("w7c4tb").unwrap()["status_name"], "Ready");
    assert!(
        request(
            &sandbox,
            "GET /MAAS/api/2.0/machines/?format=xml",
            &auth(),
            ""
        )
        .0 == 400
    );
    assert_eq!(
        request(&sandbox, "DELETE /MAAS/api/2.0/machines/", "", "").0,
        401
    );
    assert_eq!(
        request(&sandbox, "DELETE /MAAS/api/2.0/machines/", &auth(), "").0,
        405
    );
    let early = request(
        &sandbox,
        "POST /MAAS/api/2.0/files/",
        &format!(
            "{}Content-Length: 20000000\r\nExpect: 100-continue\r\n",
            auth()
        ),
        "",
    );
    assert_eq!(early.0, 413);
    let long = |length: usize| {
        request(
            &sandbox,
            &format!("{VERSION}?{}", "x".repeat(length)),
            "",
            "",
        )
        .0
    };
    assert_eq!(
        [long(40_000), long(10), long(17_000), long(10)],
        [414, 200, 502, 502]
    );
    std::thread::sleep(Duration::from_millis(250));
    assert_eq!(long(10), 200);
}

#[test]
fn clock_of_its_own() {
    let sandbox = Sandbox::with(Options {
        clock_skew_seconds: 1000,
        ..Options::default()
    });
    let (status, body) = request(
        &sandbox,
        "GET /MAAS/api/2.0/users/?op=whoami",
        &oauth(sandbox.maas_key()),
        "",
    );
    assert!(
        status == 401 && body.contains("Expired timestamp: given "),
        "{body}"
    );
}

#[test]
fn one_service_only() {
    let maas = Sandbox::with(Options {
        macrometa: false,
        ..Options::default()
    });
    assert!(
        request(&maas, "GET /_api/version", "", "")
            .1
            .contains("<h1>404 Not Found</h1>")
    );
    let macrometa = Sandbox::with(Options {
        maas: false,
        ..Options::default()
    });
    assert!(
        request(&macrometa, VERSION, "", "")
            .1
            .contains("\"message\":\"Unauthorized\"")
    );
    let key = format!("Authorization: apikey {}\r\n", macrometa.macrometa_key());
    assert!(
        request(&macrometa, VERSION, &key, "")
            .1
            .contains("unknown path")
    );
}

#[test]
fn macrometa_rights_and_shapes() {
    let sandbox = Sandbox::start();
    let limited = format!(
        "Authorization: apikey {}\r\n",
        sandbox.macrometa_limited_key()
    );
    assert!(
        request(&sandbox, "GET /_fabric/shop/_api/collection", &limited, "")
            .1
            .contains("\"errorNum\":11")
    );
    assert_eq!(
        request(&sandbox, "GET /_fabric/_system/collection", &limited, "").0,
        200
    );
    assert!(
        request(&sandbox, "POST /_api/key/validate", &limited, "{}")
            .1
            .contains("\"requestId\"")
    );
    let (status, body) = request(
        &sandbox,
        "POST /_fabric/_system/_api/document/addresses",
        &limited,
        r#"[{"_key":"a1"},{"_key":"b/"},3,{"_key":"new"}]"#,
    );
    let numbers: Vec<Value> = serde_json::from_str::<Vec<Value>>(&body)
        .unwrap()
        .iter()
        .map(|item| item["errorNum"].clone())
        .collect();
    assert_eq!(
        (status, numbers),
        (
            202,
            vec![1210.into(), 1221.into(), 1227.into(), Value::Null]
        )
    );
    assert_eq!(
        sandbox.document("_system", "addresses", "new").unwrap()["_id"],
        "addresses/new"
    );
}
