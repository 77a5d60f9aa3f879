//! CONTRACT: "`-q/--quiet`: no body and no progress; warnings and errors stay", "`-e/--exit-status`:
//! exit 1 where the last result is `null` or `false`, or there is none", `--jq-file`, repeated flags.

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;
use crate::typed::words;

#[test]
fn quiet_prints_no_body() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for line in [
        "get /machines/ -q",
        "get /machines/ --quiet -o table",
        "get /machines/ -q --each --jq .hostname -r",
        "get /events/ --op query --paginate -q",
        "whoami -q",
        "whoami -q -p play",
        "events -q",
        "events -q -o csv",
        "query 'RETURN 1' -p play -q",
        "wait --for ready @node17 -q",
    ] {
        let ended = home.run(&words(line)).ok();
        assert_eq!(ended.stdout(), "", "{line}");
    }
    // The headers were asked for.
    let ended = home.run(&["get", "/machines/", "-i", "-q"]).ok();
    assert!(ended.stdout().starts_with("HTTP/1.1 200"), "{ended:?}");
    assert!(ended.stdout().ends_with("\n\n"), "{ended:?}");
    // So was the file.
    home.run(&words("get /version/ -q --download v.json")).ok();
    assert!(home.path().join("v.json").exists());
}

#[test]
fn quiet_hides_no_fault() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&words("get /machines/nothing/ -q"))
        .fails(4, "404");
    sandbox.fault(Fault::body(200, "application/json", "[1,"));
    home.run(&words("get /x/ -q")).fails(1, "not valid JSON");
    sandbox.fault(Fault::body(200, "application/json", "[{\"owner\":1}]"));
    home.run(&words("get /x/ -q --columns ownr"))
        .fails(1, "did you mean `owner`?");
    home.run(&words("get /machines/ -q --jq '.[0] | error(\"no\")'"))
        .fails(1, "no");
}

#[test]
fn the_last_result_is_the_exit_status() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (body, flags, stdout, code) in [
        ("[1]", "--jq .[0]", "1\n", 0),
        ("[null]", "--jq .[0]", "null\n", 1),
        ("[false]", "--jq .[0]", "false\n", 1),
        ("[0]", "--jq .[0]", "0\n", 0),
        ("[\"\"]", "--jq .[0] -r", "\n", 0),
        ("[]", "--jq .", "[]\n", 0),
        ("[]", "--jq .[]", "", 1),
        ("[1,null]", "--jq .[]", "1\nnull\n", 1),
        ("[null,1]", "--jq .[]", "null\n1\n", 0),
        ("[1,false]", "--each --jq .", "1\nfalse\n", 1),
        ("[false,1]", "--each --jq .", "false\n1\n", 0),
        ("[]", "--each --jq .", "", 1),
        ("[{\"a\":1}]", "--jq '[.[]|select(.a==2)]' -o csv", "", 0),
        ("[{\"a\":null}]", "--jq '.[].a'", "null\n", 1),
        ("{\"a\":null}", "--jq .a -q", "", 1),
        ("{\"a\":null}", "--jq .a -o yaml", "null\n", 1),
    ] {
        sandbox.fault(Fault::body(200, "application/json", body));
        let line = format!("get /x/ -e {flags}");
        let ended = home.run(&words(&line)).code(code);
        assert_eq!(ended.stdout(), stdout, "{line} of {body}");
        assert_eq!(ended.stderr, "", "{line} of {body}");
    }
    // Without `-e` nothing of it counts, and a response that is no success goes first.
    home.run(&words("get /machines/ --jq null")).ok();
    home.run(&words("get /machines/nothing/ -e --jq ."))
        .fails(4, "404");
    home.run(&words("get /machines/ -e --jq 'error(1)'"))
        .code(1);
    let paged = "get /machines/ --paginate --max-items 3 -e --jq";
    home.run(&words(&format!("{paged} 'length == 3'"))).ok();
    home.run(&words(&format!("{paged} 'length == 4'"))).code(1);
    home.run(&words("get /machines/ -e")).code(2);
}

#[test]
fn a_filter_can_stand_in_a_file() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("names.jq", "\u{feff}# the names\n.[]\n| .hostname + $end\n");
    let line = "get /machines/ --jq-file names.jq --arg end ! -r";
    let ended = home.run(&words(line)).ok();
    assert_eq!(ended.stdout().lines().next(), Some("node17!"));
    let ended = home
        .run(&words("get /machines/ --jq-file ~/names.jq --arg end ? -r"))
        .ok();
    assert_eq!(ended.stdout().lines().next(), Some("node17?"));

    let silent = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&silent);
    home.file("wrong.jq", ".[");
    home.run(&words("get /x/ --jq-file wrong.jq"))
        .fails(2, "--jq-file");
    home.run(&words("get /x/ --jq-file nothing.jq"))
        .fails(1, "nothing.jq");
    home.run(&words("get /x/ --jq . --jq-file wrong.jq"))
        .fails(2, "cannot be used with");
    assert!(silent.requests().is_empty());
}

#[test]
fn the_last_of_a_repeated_flag_counts() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let ended = home
        .run(&words(
            "get /machines/ -p nowhere -p lab -o csv -o ndjson --jq .[0] --jq .[1].hostname",
        ))
        .ok();
    assert_eq!(ended.stdout(), "\"node18\"\n");
    let ended = home
        .run(&words("get /machines/ --timeout 1ms --timeout 30s -q -q"))
        .ok();
    assert_eq!(ended.stdout(), "");
    // Flags that take several keep them all.
    let ended = home
        .run(&words(
            "get /machines/ --jq '$a + $b' --arg a 1 --arg b 2 --query pool=lab --query zone=default",
        ))
        .ok();
    assert_eq!(ended.stdout(), "\"12\"\n");
    let requests = sandbox.requests();
    let target = &requests.last().unwrap().target;
    assert!(target.ends_with("?pool=lab&zone=default"), "{target}");
}

#[test]
fn flags_of_other_programs_have_near_tips() {
    let home = Home::empty();
    for (flag, hint) in [
        ("--pretty", "pretty-printed by default"),
        ("--silent", "`-q`"),
        ("-s", "`-q`"),
        ("--follow", "follow redirects by default"),
        ("-L", "follow redirects by default"),
        ("-X", "the method is a command"),
        ("-d", "fields are items"),
        ("--limit", "`--max-items N`"),
        ("--yaml", "`-o FORMAT`"),
        ("--ndjson", "`-o FORMAT`"),
        ("--compact", "`-o FORMAT`"),
        ("--indent", "`-o compact`"),
        ("--no-color", "`--color never`"),
        ("--jsonpath", "`--jq FILTER`"),
        ("--rawfile", "`--jq-file FILE`"),
        ("--watch", "apicall wait"),
        ("--offline", "`--dry-run`"),
        ("--output-file", "`--download FILE`"),
        ("--page-size", "`--paginate`"),
        ("--reverse", "`--sort -NAME`"),
        ("--compressed", "unpacked by default"),
        ("--cookie", "a header is an item"),
        ("--cacert", "`--ca-file FILE`"),
        ("--token", "`apicall login`"),
    ] {
        let ended = home
            .run(&["get", "/x/", flag])
            .fails(2, "unexpected argument");
        let hints: Vec<_> = ended.stderr.lines().filter(|l| l.contains(hint)).collect();
        assert_eq!(hints.len(), 1, "{flag}: {ended:?}");
        assert!(hints[0].starts_with("hint: "), "{flag}: {ended:?}");
        assert!(!ended.stderr.contains("tip:"), "{flag}: {ended:?}");
        let usage = "Usage: apicall get [OPTIONS] <PATH> [ITEM]...";
        assert!(ended.stderr.contains(usage), "{flag}: {ended:?}");
    }
    // What nobody knows has no tip at all, rather than one of a flag of another meaning.
    for flag in ["--adjust", "--refine", "--requests", "--dial"] {
        let ended = home
            .run(&["get", "/x/", flag])
            .fails(2, "unexpected argument");
        assert!(!ended.stderr.contains("tip:"), "{flag}: {ended:?}");
        assert!(ended.stderr.contains("get [OPTIONS] <PATH>"), "{ended:?}");
    }
    // What is only mistyped has clap's own.
    let ended = home
        .run(&["get", "/x/", "--exit-statu"])
        .fails(2, "unexpected argument");
    assert!(ended.stderr.contains("'--exit-status'"), "{ended:?}");
}
