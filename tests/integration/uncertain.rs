//! Writes whose response got lost: sent once, looked after once, and said what came of them.

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::Home;

/// How many requests of a method have arrived.
fn count(sandbox: &Sandbox, method: &str) -> usize {
    let all = sandbox.requests();
    all.iter().filter(|r| r.method == method).count()
}

#[test]
fn uncertain_writes_are_looked_after() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let deploy = ["post", "/machines/4y3h7n/", "--op", "deploy"];
    let tag = ["post", "/tags/", "name=fast"];
    let pool = ["post", "/resourcepools/", "name=spare"];
    let allocate = ["post", "/machines/", "--op", "allocate"];
    let lost = || Fault::lost(504).method("POST");
    let never = || Fault::status(502).method("POST");
    let cut = || Fault::from(Effect::ResetBeforeAnswer).method("POST");
    for (fault, args, code, said) in [
        (
            never(),
            &deploy[..],
            5,
            "node17 is Ready: not applied so far",
        ),
        (
            lost(),
            &deploy,
            5,
            "504 Gateway Timeout; node17 is Deploying now: applied",
        ),
        (
            never(),
            &tag,
            5,
            "there is no tag `fast`: not applied so far",
        ),
        (
            cut(),
            &tag,
            7,
            "there is a tag `fast` now: applied, unless it was there before",
        ),
        (
            never(),
            &pool,
            5,
            "there is no resource pool `spare`: not applied so far",
        ),
        (lost(), &pool, 5, "there is a resource pool `spare` now"),
        (
            lost(),
            &allocate,
            5,
            "whether it was applied is not known\nhint: MAAS's region is starting, stopping or overloaded; it was not retried; `apicall get /MAAS/api/2.0/machines/ --op list_allocated` shows",
        ),
    ] {
        sandbox.forget_requests();
        sandbox.fault(fault);
        home.run(args).fails(code, said);
        assert_eq!(count(&sandbox, "POST"), 1, "{args:?}");
        assert!(count(&sandbox, "GET") <= 1, "{args:?}");
    }
    // A timeout; and a look that fails as well.
    sandbox.fault(Fault::from(Effect::StallBeforeHead).method("POST"));
    let power = [
        "post",
        "/machines/4y3h8q/",
        "--op",
        "power_on",
        "--timeout",
        "1s",
    ];
    home.run(&power).fails(6, "; node18 is on now: applied");
    sandbox.fault(Fault::status(502).times(2));
    home.run(&deploy)
        .fails(5, "502 Bad Gateway; whether it was applied is not known");
}

#[test]
fn uncertain_documents_are_looked_after() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["post", "collection", "name=orders", "-p", "play"])
        .ok();
    for (fault, args, code, said) in [
        (
            Fault::status(502),
            &["_key=17", "n:=1"][..],
            5,
            "there is no document `orders/17`: not applied so far",
        ),
        (
            Fault::from(Effect::CloseBeforeAnswer),
            &["_key=17", "n:=1"],
            7,
            "there is a document `orders/17` now",
        ),
        (
            Fault::status(502),
            &["n:=1"],
            5,
            "whether it was applied is not known",
        ),
    ] {
        sandbox.fault(fault.method("POST"));
        let all = [&["post", "document/orders", "-p", "play"], args].concat();
        home.run(&all).fails(code, said);
    }
}
