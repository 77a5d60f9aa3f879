//! `batch --resume`: what a run before has done is not asked about again, and what it has taken away
//! is not missed.

use crate::sandbox::{Effect, Fault, Options, Pace, Sandbox};
use crate::support::Home;
use crate::typed::words;

/// `METHOD TARGET` of the requests since the last time.
fn wire(sandbox: &Sandbox, seen: &mut usize) -> Vec<String> {
    let all = sandbox.requests();
    let new = all[*seen..]
        .iter()
        .map(|r| format!("{} {}", r.method, r.target))
        .collect();
    *seen = all.len();
    new
}

/// The example of the help: a batch that renames by name takes the names away that it is given.
#[test]
fn names_that_a_run_has_used_up_are_not_asked_for() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file(
        "names.csv",
        "host,new\nnode17,alpha\nnode18,beta\nnode19,gamma\n",
    );
    let line = "batch put /machines/@{host}/ hostname={new} --from names.csv -j 1 --retries 0 --journal j.jsonl";
    let machine = |name: &str| {
        let line = format!("get /machines/ hostname={name} --jq .[].system_id -r");
        home.run(&words(&line)).ok().stdout().trim().to_owned()
    };
    let (beta, gamma) = (machine("node18"), machine("node19"));
    // The second is renamed, and nobody hears of it; the third is not sent.
    let lost: Fault = Effect::ResetBeforeAnswer.into();
    sandbox.fault(lost.method("PUT").after(1));
    home.run(&words(&format!("{line} --max-fail 1"))).code(11);
    let mut seen = sandbox.requests().len();
    home.run(&words(&format!("{line} --resume"))).code(0);
    let path = "/MAAS/api/2.0/machines/";
    assert_eq!(
        wire(&sandbox, &mut seen),
        [
            format!("GET {path}?hostname=node19"),
            format!("PUT {path}{beta}/"),
            format!("PUT {path}{gamma}/"),
        ]
    );
    assert_eq!([machine("beta"), machine("gamma")], [beta, gamma]);
    seen = sandbox.requests().len();
    home.run(&words(&format!("{line} --resume"))).code(0);
    assert!(wire(&sandbox, &mut seen).is_empty());
}

/// CONTRACT: a 404 to a repeated DELETE counts as done, whichever run repeats it.
#[test]
fn a_machine_that_a_run_has_deleted_is_done() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("names", "node17\nnode18\n");
    let line = "batch delete /machines/@{}/ --from names -j 1 --retries 0 --journal j.jsonl";
    let lost: Fault = Effect::ResetBeforeAnswer.into();
    sandbox.fault(lost.method("DELETE").times(2));
    home.run(&words(line)).code(11);
    let ended = home.run(&words(&format!("{line} --resume"))).code(0);
    assert_eq!(
        ended.stderr,
        "apicall: 2 rows: 404 to a repeated DELETE: an earlier attempt deleted it\n\
         apicall: lab: 2 rows: 2 done\n"
    );
    home.run(&words("batch status j.jsonl")).code(0);
    // One that was refused was not deleted by us.
    home.file("names", "zzz999\n");
    for status in [401, 403, 429] {
        sandbox.fault(Fault::status(status));
        let line = format!(
            "batch delete /machines/{{}}/ --from names --retries 0 --max-fail 1 --journal {status}.j"
        );
        home.run(&words(&line)).code(11);
        let ended = home.run(&words(&format!("{line} --resume"))).code(11);
        assert!(ended.stderr.contains("404 Not Found"), "{ended:#?}");
    }
    // One that was never sent is a 404 like any other.
    home.run(&words("batch delete /machines/{}/ --from names"))
        .code(11);
}

#[test]
fn questions_and_lists_are_of_what_is_left() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.write_config(
        &home
            .config()
            .replace("service = \"maas\"", "service = \"maas\"\nprotected = true"),
    );
    home.file("names", "a\nb\nc\n");
    sandbox.fault(Fault::status(403).after(1));
    let line = "batch post /tags/ name={} --from names -j 1 --journal j.jsonl";
    home.run(&words(&format!("{line} --yes"))).code(11);
    let mut seen = sandbox.requests().len();
    home.run(&words(&format!("{line} --resume")))
        .fails(2, "is protected, and 1 call would be made");
    let ended = home
        .run(&words(&format!("{line} --resume --dry-run")))
        .code(0);
    assert_eq!(ended.stdout().matches("POST ").count(), 1);
    assert!(ended.stdout().contains("name=b"), "{ended:?}");
    home.run(&words(&format!("{line} --resume --yes"))).code(0);
    assert_eq!(wire(&sandbox, &mut seen).len(), 1);
    // With nothing left nobody is asked.
    let ended = home.run(&words(&format!("{line} --resume"))).code(0);
    assert_eq!(
        ended.stderr,
        "apicall: lab: 3 rows: 0 done, 3 done before\n"
    );
}

/// A journal that cannot be used is found out before a server or a person is asked.
#[test]
fn a_journal_is_looked_at_first() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("names", "node17\n");
    let line = "batch post /machines/@{}/ --op abort --from names --journal j.jsonl";
    home.run(&words(line));
    let mut seen = sandbox.requests().len();
    home.run(&words(line))
        .fails(2, "the journal `j.jsonl` exists");
    for other in [
        "--resume --op lock",
        "--resume -p play",
        "--resume --shard 1/2",
    ] {
        let line = line
            .replace("--op abort", "")
            .replace("--journal", &format!("{other} --journal"));
        let line = line.replace(
            "/@{}/",
            if other.ends_with("play") {
                "/{}/"
            } else {
                "/@{}/"
            },
        );
        home.run(&words(&line)).fails(2, "belongs to another run");
        home.run(&words(&format!("{line} --dry-run")))
            .fails(2, "belongs to another run");
    }
    assert!(wire(&sandbox, &mut seen).is_empty());
}

#[test]
fn a_listed_request_says_that_names_become_ids() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    home.file("names", "node17\n");
    let note = "apicall: note: a name becomes an id when the call is sent\n";
    for (line, want) in [
        ("batch delete /machines/@{}/ --from names --dry-run", note),
        ("batch post /x/ machines=@@{} --from names --dry-run", note),
        ("batch delete /machines/{}/ --from names --dry-run", ""),
    ] {
        assert_eq!(home.run(&words(line)).code(0).stderr, want, "{line}");
    }
    assert!(sandbox.requests().is_empty());
}

/// The first result says nothing of the columns of the others.
#[test]
fn tables_and_files_of_results_have_a_column_for_errors() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("names", "virtual\nnone\n");
    for (format, first) in [
        (
            "csv",
            "row,input,method,path,status,ms,attempts,body,encoding,error,exit",
        ),
        (
            "tsv",
            "row\tinput\tmethod\tpath\tstatus\tms\tattempts\tbody\tencoding\terror\texit",
        ),
        ("table", "ROW INPUT STATUS METHOD PATH MS ATTEMPTS ERROR"),
    ] {
        let line = format!("batch get /tags/{{}}/ --from names --ordered -o {format}");
        let ended = home.run(&words(&line)).code(11);
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(ended.stdout().lines().next().unwrap()), words(first));
        assert!(
            ended
                .stdout()
                .lines()
                .last()
                .unwrap()
                .contains("404 Not Found"),
            "{ended:?}"
        );
        assert!(!ended.stderr.contains("omitted"), "{ended:?}");
    }
}

/// A call that may be sent twice is open after a kill, as `--resume` takes it.
#[cfg(unix)]
#[test]
fn a_kill_leaves_only_uncertain_what_must_not_be_repeated() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("names", "a\nb\n");
    for (method, state) in [
        ("get", "open"),
        ("put", "open"),
        ("delete", "open"),
        ("post", "uncertain"),
    ] {
        sandbox.fault(Fault::from(Effect::StallBeforeHead).times(2));
        let before = sandbox.requests().len();
        let line = format!("batch {method} /tags/{{}}/ --from names -j 2 --journal {method}.j");
        let mut child = home.spawn(&words(&line));
        while sandbox.requests().len() < before + 2 {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let ended = home
            .run(&words(&format!("batch status {method}.j -o json")))
            .code(11);
        assert_eq!(ended.json()[state], 2, "{method}: {ended:?}");
    }
}

/// CONTRACT: `--wait` waits for the machines of all rows, those that a run before has sent, too.
#[test]
fn a_resumed_wait_is_for_all_machines() {
    for (path, column) in [
        ("/machines/{}/", "vm0001\nvm0002\n"),
        ("/machines/@{}/", "vm0001\nvm0002\n"),
    ] {
        let sandbox = Sandbox::with(Options {
            maas_machines: 2,
            maas_pace: Pace::Reads(2),
            ..Options::default()
        });
        let home = Home::with_profiles(&sandbox);
        home.file("ids", column);
        let line = format!("batch post {path} --op commission --from ids -j 1 --journal j.jsonl");
        // The first is sent, the second refused for now; nobody waits.
        sandbox.fault(Fault::status(403).method("POST").after(1));
        home.run(&words(&line)).code(11);
        let ended = home.run(&words(&format!("{line} --resume --wait"))).code(0);
        for id in ["vm0001", "vm0002"] {
            let status = sandbox.machine(id).unwrap()["status_name"].clone();
            assert_eq!(status, "Ready", "{id}: {ended:?}");
        }
        assert!(ended.stderr.contains("1 done, 1 done before"), "{ended:?}");
        // With nothing left to send there may be something to wait for.
        let ended = home.run(&words(&format!("{line} --resume --wait"))).code(0);
        assert!(ended.stderr.contains("vm0001  Ready"), "{ended:?}");
    }
}
