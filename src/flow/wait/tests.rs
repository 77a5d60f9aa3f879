use super::*;
use crate::env::Env;
use crate::output::Filter;
use crate::service::Service;
use crate::service::maas::states::Goal;
use crate::session::script::{Reply, Script};

const A: &str = "GET /MAAS/api/2.0/machines/?id=a";
const BOTH: &str = "GET /MAAS/api/2.0/machines/?id=a&id=b";
const PATH: &str = "GET /MAAS/api/2.0/x/";

/// Machines by id, number and name of their status.
fn machines(of: &[(&str, u32, &str)]) -> Reply {
    let machine = |(id, status, name): &(&str, u32, &str)| {
        format!(r#"{{"system_id":"{id}","status":{status},"status_name":"{name}"}}"#)
    };
    let list: Vec<String> = of.iter().map(machine).collect();
    Reply::ok(format!("[{}]", list.join(",")))
}

/// What a test waits for.
struct Case {
    look: Look,
    ids: &'static [&'static str],
    trusts: bool,
    most: Duration,
}

impl Case {
    fn of(goal: Goal, ids: &'static [&'static str]) -> Self {
        Self {
            look: Look::machines(goal),
            ids,
            trusts: false,
            most: Duration::from_secs(60),
        }
    }

    /// Waits over these calls; gives what happened, in words.
    fn run(self, calls: Vec<(&str, Reply)>) -> Vec<String> {
        let (session, script) = Script::session(Service::Maas, calls);
        let task = Task {
            look: self.look,
            things: (self.ids.iter())
                .map(|id| ((*id).to_owned(), String::new()))
                .collect(),
            interval: Duration::from_millis(if self.most.as_secs() > 0 { 1 } else { 1000 }),
            deadline: Instant::now() + self.most,
            trusts: self.trusts,
        };
        let mut wait = Wait::new(&session, task);
        let mut found = Vec::new();
        loop {
            found.push(match wait.next(&mut |_| {}) {
                Ok(Some(WaitEvent::Idle)) => continue,
                Ok(Some(WaitEvent::Looked)) => "looked".to_owned(),
                Ok(Some(WaitEvent::Trouble(why))) => format!("trouble: {why}"),
                Ok(Some(WaitEvent::Back(_))) => "back".to_owned(),
                Ok(Some(WaitEvent::Change { thing, from })) => {
                    let thing = &wait.things()[thing];
                    let state = thing.state.as_deref().unwrap();
                    let from = from.unwrap_or_default();
                    format!("{}: {from}>{state} {:?}", thing.id, thing.verdict)
                }
                Ok(None) => break,
                Err(stopped) => {
                    found.push(match stopped {
                        Stopped::Broken(error) => format!("broken: {}", Failure::from(error)),
                        Stopped::Refused(response, _) => response.head.status_text(),
                        Stopped::Useless(error) => format!("useless: {error}"),
                        Stopped::TimedOut => "timed out".to_owned(),
                    });
                    break;
                }
            });
        }
        script.check();
        found
    }
}

#[test]
fn machines_reach_their_state_or_cannot() {
    let deploying = ("a", 9, "Deploying");
    let deployed = ("a", 6, "Deployed");
    let failed = ("a", 11, "Failed deployment");
    let ready = ("a", 4, "Ready");
    let first = ["a: >Deploying Pending", "looked"];
    for (what, goal, looks, want) in [
        (
            "deployed",
            Goal::Deployed,
            vec![deploying, deploying, deployed],
            vec!["a: Deploying>Deployed Reached"],
        ),
        (
            "failed",
            Goal::Deployed,
            vec![deploying, failed],
            vec!["a: Deploying>Failed deployment Failed"],
        ),
        // Called back: it was on its way, and rests elsewhere.
        (
            "aborted",
            Goal::Deployed,
            vec![deploying, ("a", 10, "Allocated")],
            vec!["a: Deploying>Allocated Failed"],
        ),
        // A release that was asked for while it deploys.
        (
            "released",
            Goal::Released,
            vec![deploying, ("a", 12, "Releasing"), ready],
            vec![
                "a: Deploying>Releasing Pending",
                "a: Releasing>Ready Reached",
            ],
        ),
        (
            "taken again",
            Goal::Released,
            vec![deploying, ("a", 12, "Releasing"), deployed],
            vec![
                "a: Deploying>Releasing Pending",
                "a: Releasing>Deployed Reached",
            ],
        ),
        (
            "not released",
            Goal::Released,
            vec![deploying, ("a", 13, "Releasing failed")],
            vec!["a: Deploying>Releasing failed Failed"],
        ),
    ] {
        let calls = looks.iter().map(|look| (A, machines(&[*look])));
        let found = Case::of(goal, &["a"]).run(calls.collect());
        assert_eq!(found, [&first[..], &want[..]].concat(), "{what}");
    }
}

#[test]
fn what_is_there_is_not_asked_for_again() {
    let calls = vec![
        (
            BOTH,
            machines(&[("a", 9, "Deploying"), ("b", 6, "Deployed")]),
        ),
        (A, machines(&[("a", 6, "Deployed")])),
    ];
    let want = [
        "a: >Deploying Pending",
        "b: >Deployed Reached",
        "looked",
        "a: Deploying>Deployed Reached",
    ];
    assert_eq!(Case::of(Goal::Deployed, &["a", "b"]).run(calls), want);
}

#[test]
fn what_is_missing_was_never_there_or_is_gone() {
    let deploying = || machines(&[("a", 9, "Deploying")]);
    let want = ["useless: there is no machine `b`"];
    let found = Case::of(Goal::Deployed, &["a", "b"]).run(vec![(BOTH, deploying())]);
    assert_eq!(found, want);
    let want = [
        "a: >Deploying Pending",
        "looked",
        "a: Deploying>gone Failed",
    ];
    let calls = vec![(A, deploying()), (A, machines(&[]))];
    assert_eq!(Case::of(Goal::Deployed, &["a"]).run(calls), want);
}

#[test]
fn a_state_that_never_comes_ends_with_the_time() {
    let case = Case {
        most: Duration::from_millis(300),
        ..Case::of(Goal::Deployed, &["a"])
    };
    let want = ["a: >Deploying Pending", "looked", "timed out"];
    assert_eq!(
        case.run(vec![(A, machines(&[("a", 9, "Deploying")]))]),
        want
    );
}

#[test]
fn a_server_that_was_there_may_be_away() {
    let busy = || Reply::status(503, "");
    let deployed = || machines(&[("a", 6, "Deployed")]);
    let end = ["back", "a: >Deployed Reached", "looked"];
    for (what, trusts, first, want) in [
        ("refuses", false, busy(), Err("503 Service Unavailable")),
        (
            "refuses later",
            true,
            busy(),
            Ok("trouble: 503 Service Unavailable"),
        ),
        (
            "is locked later",
            true,
            Reply::status(409, ""),
            Ok("trouble: 409 Conflict"),
        ),
        (
            "forbids later",
            true,
            Reply::status(403, ""),
            Err("403 Forbidden"),
        ),
        (
            "breaks",
            false,
            Reply::reset(),
            Err("broken: lab: GET /MAAS/api/2.0/machines/: scripted failure"),
        ),
        (
            "breaks later",
            true,
            Reply::reset(),
            Ok("trouble: scripted failure"),
        ),
        (
            "gives no list",
            true,
            Reply::ok("{}"),
            Err("useless: the response is not a list of machines"),
        ),
    ] {
        let case = Case {
            trusts,
            ..Case::of(Goal::Deployed, &["a"])
        };
        match want {
            Err(end) => assert_eq!(case.run(vec![(A, first)]), [end], "{what}"),
            Ok(trouble) => {
                // More of the same is reported once.
                let calls = vec![(A, first.clone()), (A, first), (A, deployed())];
                assert_eq!(case.run(calls), [&[trouble][..], &end].concat(), "{what}");
            }
        }
    }
}

#[test]
fn a_path_is_judged_by_its_filters() {
    let filter =
        |flag, text| Box::new(Filter::compile(flag, text, &[], &[], &Env::default()).unwrap());
    for (last, want) in [
        (r#"{"s":"done","status_name":"D"}"#, "x/: pending>D Reached"),
        (r#"{"s":"bad"}"#, "x/: pending>failed Failed"),
    ] {
        let (session, _) = Script::session(Service::Maas, []);
        let case = Case {
            look: Look::Paths {
                plans: vec![Plan::get("x/", session.profile.place()).unwrap()],
                until: filter("--until", r#".s == "done""#),
                fail_on: Some(filter("--fail-on", r#".s == "bad""#)),
            },
            ..Case::of(Goal::Deployed, &["x/"])
        };
        let calls = vec![(PATH, Reply::ok(r#"{"s":""}"#)), (PATH, Reply::ok(last))];
        assert_eq!(case.run(calls), ["x/: >pending Pending", "looked", want]);
    }
}
