//! CONTRACT: "Many profiles": `-p eu,us`, `-p 'prod-*'`: in parallel, merged in the profiles' order,
//! `_profile` first, one line for one that fails, exit 11.

use std::time::Duration;

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::Home;
use crate::typed::words;

/// A profile's part of the config file.
fn maas(name: &str, url: &str, sandbox: &Sandbox) -> String {
    format!(
        "[profiles.{name}]\nservice = \"maas\"\nurl = \"{url}\"\nkey = \"{}\"\nretries = 0\n\n",
        sandbox.maas_key()
    )
}

/// Two servers, and three profiles, of which the last stands first in the file.
struct Desk {
    eu: Sandbox,
    us: Sandbox,
    home: Home,
}

impl Desk {
    fn new() -> Self {
        let (eu, us) = (
            Sandbox::start().may_stay_silent(),
            Sandbox::start().may_stay_silent(),
        );
        let home = Home::empty();
        let gone = format!("http://127.0.0.1:{}/MAAS", Sandbox::closed_port());
        home.write_config(&format!(
            "default = \"prod-us\"\n\n{}{}{}",
            maas("prod-us", &us.maas_url(), &us),
            maas("prod-eu", &eu.maas_url(), &eu),
            maas("gone", &gone, &eu),
        ));
        Self { eu, us, home }
    }

    /// The next response of each.
    fn answer(&self, eu: &str, us: &str) {
        for (sandbox, body) in [(&self.eu, eu), (&self.us, us)] {
            sandbox.fault(Fault::body(200, "application/json", body).times(1));
        }
    }
}

#[test]
fn lists_are_merged_in_the_order_of_the_profiles() {
    let desk = Desk::new();
    for (profiles, flags, want) in [
        (
            "prod-eu,prod-us",
            "-o compact",
            "[{\"_profile\":\"prod-eu\",\"n\":1.10,\"n\":1e400},{\"_profile\":\"prod-us\",\"m\":12345678901234567890123}]\n",
        ),
        // A pattern has the order of the file.
        ("prod-*", "--each --jq ._profile -r", "prod-us\nprod-eu\n"),
        // A list or a pattern merges, also where one profile is meant.
        (
            "prod-e?",
            "-o ndjson",
            "{\"_profile\":\"prod-eu\",\"n\":1.10,\"n\":1e400}\n",
        ),
        (
            "prod-us,prod-*,prod-us",
            "--jq 'map(._profile)' -o compact",
            "[\"prod-us\",\"prod-eu\"]\n",
        ),
        (
            "prod-*",
            "-o csv --columns m",
            "_profile,m\nprod-us,12345678901234567890123\nprod-eu,\n",
        ),
        (
            "prod-*",
            "-o table --columns n --sort _profile",
            "_PROFILE      N\nprod-eu   1e400\nprod-us\n",
        ),
        ("prod-*", "-q", ""),
        (
            "prod-*",
            "--max-items 1 -o ndjson",
            "{\"_profile\":\"prod-us\",\"m\":12345678901234567890123}\n",
        ),
    ] {
        desk.answer(
            r#"[ {"n": 1.10, "n": 1e400} ]"#,
            r#"[{"m":12345678901234567890123}]"#,
        );
        let line = format!("get /x/ -p '{profiles}' {flags}");
        let ended = desk.home.run(&words(&line)).ok();
        assert_eq!(ended.stdout(), want, "{line}");
        desk.eu.clear_faults();
        desk.us.clear_faults();
    }
}

#[test]
fn what_is_no_list_is_a_member_for_each() {
    let desk = Desk::new();
    for (flags, want) in [
        (
            "-o compact",
            "{\"prod-us\":{\"result\":[2]},\"prod-eu\":{\"result\":[{\"k\":1}]}}\n",
        ),
        (
            "-o ndjson",
            "{\"_profile\":\"prod-us\",\"value\":2}\n{\"_profile\":\"prod-eu\",\"k\":1}\n",
        ),
        ("--jq '.\"prod-us\".result[0]'", "2\n"),
    ] {
        desk.answer(r#"{"result":[{"k":1}]}"#, r#"{"result":[2]}"#);
        let line = format!("get /x/ -p 'prod-*' {flags}");
        let ended = desk.home.run(&words(&line)).ok();
        assert_eq!(ended.stdout(), want, "{line}");
    }
    for sandbox in [&desk.eu, &desk.us] {
        sandbox.fault(Fault::body(200, "text/plain", "OK \"x\"\n"));
    }
    let ended = desk
        .home
        .run(&words("get /x/ -p 'prod-*' --jq '.\"prod-eu\"' -r"))
        .ok();
    assert_eq!(ended.stdout(), "OK \"x\"\n\n");
    desk.answer("[]", "[]");
    let ended = desk.home.run(&words("head /x/ -p 'prod-*'")).ok();
    let text = ended.json()["prod-eu"].as_str().unwrap().to_owned();
    assert!(text.starts_with("HTTP/1.1 200 OK\n"), "{text}");
}

#[test]
fn one_slow_one_gone_one_fine() {
    let desk = Desk::new();
    let delay = Duration::from_secs(4);
    desk.eu.fault(Effect::Delay(delay));
    let ended = desk
        .home
        .run(&words(
            "get /tags/ -p prod-eu,gone,prod-us --each --jq ._profile -r",
        ))
        .code(11);
    assert_eq!(ended.stdout(), "prod-eu\nprod-eu\nprod-us\nprod-us\n");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    assert!(ended.stderr.starts_with("apicall: gone: GET "), "{ended:?}");
    // The last was asked before the first had answered.
    let (slow, fine) = (desk.eu.last().at, desk.us.last().at);
    assert!(fine < slow + delay);

    let ended = desk.home.run(&words("get /tags/ -p gone,")).code(2);
    assert_eq!(ended.stdout(), "");
    let ended = desk.home.run(&words("get /tags/ -p 'gon*'")).code(11);
    assert_eq!(ended.stdout(), "");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    // A response that is no success is one line, too.
    let ended = desk
        .home
        .run(&words(
            "get /machines/nothing/ -p 'prod-*' --error-body stdout",
        ))
        .code(11);
    assert_eq!(ended.stdout(), "");
    assert_eq!(ended.stderr.lines().count(), 2, "{ended:?}");
    assert_eq!(ended.stderr.matches(": 404 Not Found").count(), 2);
}

/// An error that no call has named is the profile's all the same.
#[test]
fn each_failure_names_its_profile() {
    let desk = Desk::new();
    let mut config = desk.home.config();
    config.push_str(
        "[profiles.mm]\nservice = \"macrometa\"\nurl = \"http://127.0.0.1:1\"\nkey = \"a.b.c\"\n",
    );
    desk.home.write_config(&config);
    for (line, want) in [
        (
            "query 'RETURN 1' -p prod-eu,mm --retries 0",
            "prod-eu: `query` is for Macrometa",
        ),
        ("get /x/ --op y -p prod-eu,mm", "mm: `--op` is for MAAS"),
    ] {
        let ended = desk.home.run(&words(line)).code(11);
        assert!(
            ended.stderr.contains(&format!("apicall: {want}")),
            "{ended:?}"
        );
    }
}

/// On one terminal a failure is no part of what the others print.
/// A string holds text: bytes that are none are not replaced in silence.
#[test]
fn what_is_no_text_is_not_merged() {
    let desk = Desk::new();
    for bytes in [&b"caf\xe9"[..], b"\xff\xfe\0"] {
        desk.eu
            .fault(Fault::body(200, "text/plain; charset=iso-8859-1", bytes).times(1));
        desk.us
            .fault(Fault::body(200, "text/plain", "caf\u{e9}\n").times(1));
        let ended = desk
            .home
            .run(&words("get /version/ -p prod-eu,prod-us -o compact"));
        assert_eq!(ended.code, 11, "{}", ended.stderr);
        assert_eq!(ended.stdout(), "{\"prod-us\":\"caf\u{e9}\\n\"}\n");
        let line = "apicall: prod-eu: the response is neither JSON nor text in UTF-8\n";
        assert!(ended.stderr.contains(line), "{}", ended.stderr);
    }
}

#[test]
fn a_failure_waits_for_the_end_of_a_line_of_the_terminal() {
    let desk = Desk::new();
    desk.us.fault(Effect::StallBeforeHead);
    let line = "get /users/ --op whoami -p prod-eu,prod-us --timeout 2s --color never";
    let command = desk.home.command(&words(line));
    let mut session = rexpect::session::spawn_command(command, Some(20_000)).unwrap();
    let text = session.exp_eof().unwrap();
    let at = text.find("apicall: prod-us: GET ").expect(&text);
    assert!(text[..at].ends_with("\r\n}\r\n"), "{text}");
}

/// Responses that wait are put into a file beyond a megabyte each, and nothing of it stays.
#[test]
fn large_responses_wait_on_the_disk() {
    let desk = Desk::new();
    let element = format!("{{\"text\":\"{}\"}}", "x".repeat(997));
    let large = format!("[{}]", vec![element; 5000].join(","));
    desk.answer(&large, &large);
    desk.eu.fault(Effect::Delay(Duration::from_millis(300)));
    let folder = desk.home.path().join("tmp");
    std::fs::create_dir(&folder).unwrap();
    let mut command = desk
        .home
        .command(&words("get /x/ -p prod-eu,prod-us -o ndjson"));
    let output = command.env("TMPDIR", &folder).output().unwrap();
    assert!(output.status.success());
    let lines = output.stdout.split(|b| *b == b'\n').count() - 1;
    assert_eq!(lines, 10_000);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_change_needs_all() {
    let desk = Desk::new();
    let create = "post /tags/ name=new -p 'prod-*'";
    desk.home.run(&words(create)).fails(2, "--all");
    assert!(desk.eu.requests().is_empty() && desk.us.requests().is_empty());
    let ended = desk.home.run(&words(&format!("{create} --all"))).ok();
    for name in ["prod-eu", "prod-us"] {
        assert_eq!(ended.json()[name]["name"], "new", "{ended:?}");
    }
    // Protected ones are asked for once, or named.
    let config = desk.home.config().replace(
        "[profiles.prod-eu]\n",
        "[profiles.prod-eu]\nprotected = true\n",
    );
    desk.home.write_config(&config);
    let delete = "delete /tags/new/ -p 'prod-*' --all";
    desk.home
        .run(&words(delete))
        .fails(2, "prod-eu is protected");
    desk.home.run(&words(&format!("{delete} --yes"))).ok();
    // What is only shown changes nothing, and is shown for each.
    let ended = desk
        .home
        .run(&words("delete /tags/gpu/ -p 'prod-*' --all --dry-run"))
        .ok();
    assert_eq!(ended.stdout().matches("DELETE /MAAS/api").count(), 2);
}

#[test]
fn wrong_names_and_flags_are_refused_before_anything_is_sent() {
    let desk = Desk::new();
    for (line, code, error) in [
        ("get /x/ -p 'test-*'", 9, "no profile matches `test-*`"),
        ("get /x/ -p prod-eu,nowhere", 9, "no profile `nowhere`"),
        ("get /x/ -p prod-eu,,prod-us", 2, "is empty"),
        ("get /x/ -p 'prod-*' -i", 2, "`-i`"),
        ("get /x/ -p 'prod-*' -o raw", 2, "`-o raw`"),
        ("get /x/ -p 'prod-*' --download f", 2, "download"),
        ("get /x/ -p 'prod-*' --jq '.['", 2, "--jq"),
        ("events -p 'prod-*' --follow", 2, "--follow"),
        (
            "wait --for ready @a -p 'prod-*'",
            9,
            "`prod-*` names several profiles",
        ),
    ] {
        desk.home.run(&words(line)).fails(code, error);
    }
    assert!(desk.eu.requests().is_empty() && desk.us.requests().is_empty());
}

#[test]
fn other_commands_ask_all_profiles() {
    let desk = Desk::new();
    let ended = desk.home.run(&words("whoami -p 'prod-*'")).ok();
    assert_eq!(ended.json()["prod-eu"]["username"], "admin");
    let ended = desk
        .home
        .run(&words("whoami -p 'prod-*' -o csv --columns username"));
    assert_eq!(
        ended.ok().stdout(),
        "_profile,username\nprod-us,admin\nprod-eu,admin\n"
    );
    let ended = desk.home.run(&words("doctor -p '*'")).code(11);
    let lines: Vec<_> = ended.stdout().lines().collect();
    assert_eq!(lines.len(), 4, "{ended:?}");
    assert!(lines[0].starts_with("_PROFILE  CONFIG"), "{ended:?}");
    assert!(
        lines[3].starts_with("gone") && lines[3].contains("fail"),
        "{ended:?}"
    );
    assert!(
        ended.stderr.starts_with("apicall: gone: tcp: "),
        "{ended:?}"
    );
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    let ended = desk.home.run(&words("doctor -p 'prod-*' -o json")).ok();
    assert_eq!(ended.json()[0]["_profile"], "prod-us");
    desk.home.run(&words("events -p 'prod-*' -o json")).ok();

    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.write_config(
        &home
            .config()
            .replace("[profiles.lab]", "[profiles.other]")
            .replace("\"lab\"", "\"play\""),
    );
    let ended = home
        .run(&words(
            "query 'FOR i IN 1..2 RETURN {i}' -p play, -o compact",
        ))
        .code(2);
    assert!(ended.stderr.contains("is empty"), "{ended:?}");
    let ended = home
        .run(&words(
            "query 'FOR i IN 1..2 RETURN {i}' -p 'pla?' -o compact",
        ))
        .ok();
    assert_eq!(
        ended.stdout(),
        "[{\"_profile\":\"play\",\"i\":1},{\"_profile\":\"play\",\"i\":2}]\n"
    );
    let insert = "query 'INSERT {_key: \"many\"} INTO addresses' -p 'pla?'";
    home.run(&words(insert)).fails(2, "--all");
    home.run(&words(&format!("{insert} --all"))).ok();
}
