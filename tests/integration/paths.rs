//! CONTRACT, PATH: where a typed path goes, and what is refused before anything is sent.

use crate::sandbox::Sandbox;
use crate::support::Home;
use crate::typed::Desk;

#[test]
fn maas_paths() {
    let desk = Desk::new();
    let origin = desk.sandbox.url();
    for (sentence, line, want) in [
        (
            "below the API root",
            "get /machines/",
            "/MAAS/api/2.0/machines/",
        ),
        ("the same", "get machines", "/MAAS/api/2.0/machines/"),
        ("the same", "get machines/", "/MAAS/api/2.0/machines/"),
        (
            "a path without its trailing slash gets one",
            "get /machines",
            "/MAAS/api/2.0/machines/",
        ),
        (
            "a path without its trailing slash gets one",
            "get machines/4y3h7n",
            "/MAAS/api/2.0/machines/4y3h7n/",
        ),
        (
            "a resource_uri: as it is",
            "get /MAAS/api/2.0/machines/4y3h7n/",
            "/MAAS/api/2.0/machines/4y3h7n/",
        ),
        (
            "a resource_uri as Git Bash leaves it alone",
            "get MAAS/api/2.0/machines/4y3h7n/",
            "/MAAS/api/2.0/machines/4y3h7n/",
        ),
        (
            "a resource_uri gets its trailing slash, too",
            "get /MAAS/api/2.0/machines",
            "/MAAS/api/2.0/machines/",
        ),
        (
            "the path of the profile's URL: as it is",
            "get /MAAS/a/v3/zones",
            "/MAAS/a/v3/zones",
        ),
        (
            "a name that begins like the profile's path is below the API root",
            "get /MAASter",
            "/MAAS/api/2.0/MAASter/",
        ),
        (
            "a link from a response: as it is",
            "get ORIGIN/MAAS/api/2.0/events/?op=query&limit=1",
            "/MAAS/api/2.0/events/?op=query&limit=1",
        ),
        (
            "the query is kept",
            "get /machines/?hostname=a",
            "/MAAS/api/2.0/machines/?hostname=a",
        ),
        (
            "items are added to it",
            "get /machines/?hostname=a pool=lab",
            "/MAAS/api/2.0/machines/?hostname=a&pool=lab",
        ),
        (
            "--op is added to it",
            "get /machines?hostname=a --op list_allocated",
            "/MAAS/api/2.0/machines/?hostname=a&op=list_allocated",
        ),
        (
            "an empty query is one",
            "get /machines/? a=b",
            "/MAAS/api/2.0/machines/?a=b",
        ),
        (
            "the query is no path: dots and slashes in it are values",
            "get /files/?prefix=a//../b",
            "/MAAS/api/2.0/files/?prefix=a//../b",
        ),
        (
            "no slash is added to op-NAME",
            "post /machines/op-allocate",
            "/MAAS/api/2.0/machines/op-allocate",
        ),
        (
            "a slash that was typed stays",
            "post /machines/op-allocate/",
            "/MAAS/api/2.0/machines/op-allocate/",
        ),
        (
            "a slash that was typed stays",
            "get /scripts/x/",
            "/MAAS/api/2.0/scripts/x/",
        ),
        (
            "what is percent-encoded stays",
            "get /files/a%2Fb/",
            "/MAAS/api/2.0/files/a%2Fb/",
        ),
        (
            "what is percent-encoded stays",
            "get /files/a%2fb%20c",
            "/MAAS/api/2.0/files/a%2fb%20c/",
        ),
        (
            "a `%` that begins no escape is encoded",
            "get /tags/50%/",
            "/MAAS/api/2.0/tags/50%25/",
        ),
        (
            "letters of other scripts are encoded",
            "get /tags/größe-大/",
            "/MAAS/api/2.0/tags/gr%C3%B6%C3%9Fe-%E5%A4%A7/",
        ),
        (
            "letters of other scripts are encoded in a query, too",
            "get /machines/?pool=größe",
            "/MAAS/api/2.0/machines/?pool=gr%C3%B6%C3%9Fe",
        ),
        (
            "`#` becomes %23",
            "get /tags/a#b/",
            "/MAAS/api/2.0/tags/a%23b/",
        ),
        (
            "`#` becomes %23 in a query, too",
            "get /machines/?pool=a#b",
            "/MAAS/api/2.0/machines/?pool=a%23b",
        ),
    ] {
        let request = desk.sent(&line.replace("ORIGIN", &origin));
        assert_eq!(request.target, want, "{sentence}: {line}");
    }
}

/// "except the routes that have none": all of `facts/maas.md`.
#[test]
fn maas_routes_without_a_final_slash() {
    let desk = Desk::new();
    for route in [
        "commissioning-scripts/update-firmware",
        "scripts/update-firmware",
        "license-key/windows/win2012",
        "nodes/4y3h7n/blockdevices/3/partition/1",
        "virtual-machines/7",
        "vm-clusters/7",
        "openapi.yaml",
        "machines/4y3h7n/op-power_on",
    ] {
        for typed in [
            route.to_owned(),
            format!("/{route}"),
            format!("/MAAS/api/2.0/{route}"),
            format!("{}/MAAS/api/2.0/{route}", desk.sandbox.url()),
        ] {
            let request = desk.sent(&format!("get {typed}"));
            assert_eq!(request.target, format!("/MAAS/api/2.0/{route}"), "{typed}");
        }
    }
    for route in ["scripts", "commissioning-scripts", "nodes/a/blockdevices/1"] {
        let request = desk.sent(&format!("get {route}"));
        assert_eq!(request.target, format!("/MAAS/api/2.0/{route}/"));
    }
}

/// "the path of the profile's URL" is whatever the profile says.
#[test]
fn a_maas_behind_a_prefix() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}/cloud/MAAS\"\nkey = \"{}\"\n",
        sandbox.url(),
        sandbox.maas_key()
    ));
    let desk = Desk::with(sandbox, home);
    for (typed, want) in [
        ("machines", "/cloud/MAAS/api/2.0/machines/"),
        ("/machines/", "/cloud/MAAS/api/2.0/machines/"),
        ("/cloud/MAAS/api/2.0/zones", "/cloud/MAAS/api/2.0/zones/"),
        ("/MAAS/api/2.0/zones/", "/MAAS/api/2.0/zones/"),
    ] {
        assert_eq!(desk.sent(&format!("get {typed}")).target, want, "{typed}");
    }
}

#[test]
fn macrometa_paths() {
    let desk = Desk::new();
    let origin = desk.sandbox.url();
    for (sentence, line, want) in [
        ("from the host root", "get /_api/key", "/_api/key"),
        (
            "from the host root",
            "get /_fabric/x/_api/collection",
            "/_fabric/x/_api/collection",
        ),
        ("never rewritten", "get /_api/user/", "/_api/user/"),
        ("never rewritten", "get /MAAS/x", "/MAAS/x"),
        (
            "below the profile's fabric",
            "get collection",
            "/_fabric/_system/_api/collection",
        ),
        (
            "below the profile's fabric",
            "get _api/collection",
            "/_fabric/_system/_api/collection",
        ),
        (
            "--fabric goes before the profile's",
            "get collection --fabric shop",
            "/_fabric/shop/_api/collection",
        ),
        (
            "a fabric's name is encoded",
            "get collection --fabric größe",
            "/_fabric/gr%C3%B6%C3%9Fe/_api/collection",
        ),
        (
            "no slash is added",
            "get document/c/k",
            "/_fabric/_system/_api/document/c/k",
        ),
        (
            "a link from a response: as it is",
            "get ORIGIN/_tenant/t/_fabric/x/_api/document/c/k?rev=1",
            "/_tenant/t/_fabric/x/_api/document/c/k?rev=1",
        ),
        (
            "the query is kept, items are added to it",
            "get export/c?offset=0 limit=10",
            "/_fabric/_system/_api/export/c?offset=0&limit=10",
        ),
        (
            "what is percent-encoded stays, and so do a key's own characters",
            "get document/c/a%25b_-:.@()+,=;$!*",
            "/_fabric/_system/_api/document/c/a%25b_-:.@()+,=;$!*",
        ),
        (
            "letters of other scripts are encoded",
            "get document/c/é",
            "/_fabric/_system/_api/document/c/%C3%A9",
        ),
        (
            "`#` becomes %23",
            "get document/c/a#b",
            "/_fabric/_system/_api/document/c/a%23b",
        ),
    ] {
        let line = format!("{} -p play", line.replace("ORIGIN", &origin));
        assert_eq!(desk.sent(&line).target, want, "{sentence}: {line}");
    }
}

/// "any other origin (scheme, host, port): refused, exit 2: a key never leaves its origin".
#[test]
fn other_origins_get_nothing() {
    let desk = Desk::new();
    let other = Sandbox::start().may_stay_silent();
    let own = desk.sandbox.address();
    for profile in ["lab", "play"] {
        for url in [
            format!("{}/MAAS/api/2.0/machines/", other.url()),
            format!("{}/_api/key", other.url()),
            format!("https://{own}/_api/key"),
            format!("http://localhost:{}/_api/key", own.port()),
            "http://127.0.0.1/_api/key".to_owned(),
        ] {
            let line = format!("get {url} -p {profile}");
            desk.refused(&line, "a key never leaves its origin", "`-p`");
        }
        let disguised = format!("http://{own}@{}/_api/key", other.address());
        desk.refused(&format!("get {disguised} -p {profile}"), "user name", "");
        let no_scheme = format!("//{}/_api/key", other.address());
        let line = format!("get {no_scheme} -p {profile}");
        desk.refused(&line, "empty segment", "");
    }
    assert_eq!(other.connections(), 0);
    desk.sent("get machines");
}

#[test]
fn refused_paths() {
    let desk = Desk::new();
    for profile in ["lab", "play"] {
        for (sentence, path, why, hint) in [
            ("an empty path", "", "the path is empty", "unset"),
            ("an empty path", "//", "the path is empty", "unset"),
            ("an empty path", "?a=b", "the path is empty", "unset"),
            (
                "`//`: the variable before a slash is unset",
                "/machines//",
                "empty segment",
                "unset",
            ),
            (
                "an empty segment",
                "document/c//x",
                "empty segment",
                "unset",
            ),
            ("an empty segment", "//machines/", "empty segment", "unset"),
            ("`.`", "/machines/./x/", "segment `.`", "write the path out"),
            (
                "`..`",
                "/machines/../users/",
                "segment `..`",
                "write the path out",
            ),
            ("`..` at the end", "/machines/..", "segment `..`", ""),
            (
                "`..` in disguise",
                "/machines/%2e%2E/users/",
                "segment `%2e%2E`",
                "",
            ),
            (
                "a raw quote",
                "/machines/\"4y3h7n\"/",
                "a quote",
                "is `-r` missing",
            ),
            ("a blank", "/machines/a b/", "a blank", "is `-r` missing"),
            (
                "a blank, in the query too",
                "/machines/?a=b c",
                "a blank",
                "`%20`",
            ),
            (
                "a line end between two ids",
                "/machines/a\nb/",
                "a control character",
                "is `-r` missing",
            ),
            (
                "a control character",
                "/machines/\u{1b}[31m/",
                "a control character",
                "",
            ),
            (
                "a path that Git Bash rewrote",
                "C:/Program Files/Git/machines/",
                "Git Bash",
                "MSYS_NO_PATHCONV=1",
            ),
            (
                "a path that Git Bash rewrote",
                "c:\\Users\\x",
                "Git Bash",
                "MSYS_NO_PATHCONV=1",
            ),
        ] {
            for method in ["get", "delete"] {
                let ended = desk.refused_words(&[method, path, "-p", profile], why, hint);
                assert!(!ended.stderr.contains('\u{1b}'), "{sentence}: {ended:?}");
            }
        }
    }
    desk.sent("get machines");
}
