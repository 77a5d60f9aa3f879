//! The first thing anybody does.

use crate::sandbox::Sandbox;
use crate::support::Home;

#[test]
fn a_signed_get_prints_json() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let ended = home
        .run(&["get", "/machines/", "--op", "list_allocated"])
        .ok();
    assert_eq!(ended.json()[0]["hostname"], "node18");
    let request = sandbox.last();
    assert_eq!(request.method, "GET");
    assert_eq!(request.target, "/MAAS/api/2.0/machines/?op=list_allocated");
    assert!(
        request
            .header("authorization")
            .unwrap()
            .starts_with("OAuth ")
    );
}
