//! Redirects: followed inside the origin for GET and HEAD, signed again; nothing else leaves.

use crate::sandbox::{Authority, Fault, Sandbox, Subject, Tls};
use crate::support::Home;

#[test]
fn inside_the_origin_get_and_head_follow_signed_again() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for status in [301, 302, 303, 307, 308] {
        sandbox.forget_requests();
        sandbox.fault(Fault::redirect(status, "/MAAS/api/2.0/users/?op=whoami"));
        let ended = home.run(&["get", "/old/"]).ok();
        assert_eq!(ended.json()["username"], "admin");
        let seen = sandbox.requests();
        assert_eq!(seen[1].target, "/MAAS/api/2.0/users/?op=whoami");
        let signatures: Vec<_> = seen
            .iter()
            .map(|r| r.header("authorization").unwrap())
            .collect();
        assert_ne!(signatures[0], signatures[1], "signed again");
        assert_eq!(
            seen[0].connection, seen[1].connection,
            "on the same connection"
        );
    }
    sandbox.fault(Fault::redirect(302, "/MAAS/api/2.0/version/"));
    sandbox.forget_requests();
    home.run(&["head", "/old/"]);
    assert_eq!(sandbox.requests()[1].method, "HEAD");
}

#[test]
fn other_methods_and_origins_are_not_followed() {
    let sandbox = Sandbox::start();
    let other = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    for method in ["post", "put", "patch", "delete"] {
        sandbox.forget_requests();
        sandbox.fault(Fault::redirect(307, "/MAAS/api/2.0/tags/"));
        let ended = home.run(&[method, "/old/"]).fails(3, "307");
        assert!(
            ended
                .stderr
                .contains("hint: the server points to `/MAAS/api/2.0/tags/`"),
            "{ended:?}"
        );
        assert_eq!(sandbox.requests().len(), 1);
    }
    // Longer than MAAS's proxy bears.
    sandbox.forget_requests();
    sandbox.fault(Fault::redirect(302, format!("/MAAS/{}", "y".repeat(8200))));
    home.run(&["get", "/old/"]).fails(3, "302");
    assert_eq!(sandbox.requests().len(), 1);
    // Neither a path nor an address of this origin; `https:y` lacks its host.
    for location in [
        "mailto:a@b",
        "javascript:alert(1)",
        "data:text/plain,x",
        "urn:x:y",
        "https:y",
        "http:/MAAS/api/2.0/tags/",
    ] {
        sandbox.forget_requests();
        sandbox.fault(Fault::redirect(302, location));
        home.run(&["get", "/old/"]).fails(3, "302");
        assert_eq!(sandbox.requests().len(), 1, "{location}");
    }
    for location in [
        other.maas_url(),
        other.url().replace("http://", "//"),
        sandbox.url().replace("http://", "https://"),
        format!("{}@evil.example/", sandbox.url()),
    ] {
        sandbox.forget_requests();
        sandbox.fault(Fault::redirect(302, location.as_str()));
        let ended = home.run(&["get", "/old/"]).fails(3, "302");
        // A user or password in front of the host is not repeated.
        let host = location.rsplit('@').next().unwrap();
        assert!(ended.stderr.contains(host), "{ended:?}");
        assert_eq!(sandbox.requests().len(), 1);
    }
    assert!(
        other.requests().is_empty(),
        "no header of ours reaches another origin"
    );
}

#[test]
fn a_secret_in_a_location_is_masked() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for location in [
        "/a?x=1&password=hunter2",
        "http://elsewhere.example/a?x=1&api_key=hunter2#token=hunter2",
        "a#token=hunter2",
    ] {
        for (method, code) in [("get", 3), ("delete", 3)] {
            sandbox.fault(Fault::redirect(302, location).times(11));
            let ended = home.run(&[method, "/old/", "-v"]).code(code);
            sandbox.clear_faults();
            assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
            assert!(ended.stderr.contains("=***"), "{ended:?}");
        }
        // On stdout a head is what was asked for.
        sandbox.fault(Fault::redirect(302, location));
        let ended = home.run(&["delete", "/old/", "-i"]).code(3);
        assert!(ended.stdout().contains("=hunter2"), "{ended:?}");
    }
}

#[test]
fn loops_end() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::redirect(302, "/MAAS/api/2.0/old/").always());
    let home = Home::with_profiles(&sandbox);
    let ended = home.run(&["get", "/old/"]).fails(3, "302");
    assert!(
        ended.stderr.contains(
            "hint: ten redirects were followed; the server points to `/MAAS/api/2.0/old/`"
        ),
        "{ended:?}"
    );
    assert_eq!(sandbox.requests().len(), 11);
}

#[test]
fn calls_of_one_command_share_a_connection() {
    let ca = Authority::new("Lab CA");
    let tls = || Tls::new(ca.issue(&Subject::loopback()));
    for sandbox in [Sandbox::start(), Sandbox::start_tls(tls())] {
        let home = Home::with_profiles(&sandbox);
        let home = home.var("APICALL_CA_FILE", "ca.pem");
        home.file("ca.pem", &ca.certificate_pem);
        sandbox.fault(Fault::status(502).times(2));
        sandbox.fault(Fault::redirect(302, "/MAAS/api/2.0/tags/"));
        home.run(&["get", "/old/"]).code(0);
        assert_eq!(sandbox.requests().len(), 4);
        assert_eq!(sandbox.connections(), 1, "two repeats and a redirect");
        let url = sandbox.maas_url();
        let key = sandbox.maas_key().as_bytes();
        home.run_with(&["login", &url, "-p", "new", "--key-stdin"], key)
            .code(0);
        assert_eq!(
            sandbox.connections(),
            2,
            "a login's probe and its check of the key"
        );
        home.run(&["doctor"]).code(0);
        // One is made and closed to look at TCP alone.
        assert!(sandbox.connections() <= 4, "doctor");
    }
}
