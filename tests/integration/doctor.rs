//! `doctor`: a line for each stage, and the exit code of the first that fails.

use crate::sandbox::{Authority, Effect, Fault, Options, Sandbox, Subject, Tls, Validity};
use crate::support::{Home, set_mode};

/// There is a line for each, whatever fails.
const ALL: [&str; 10] = [
    "config",
    "permissions",
    "dns",
    "proxy",
    "tcp",
    "tls",
    "http",
    "clock",
    "service",
    "key",
];

fn statuses(ended: &crate::support::Ended) -> Vec<(String, String)> {
    let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
    ended
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (text(&c["check"]), text(&c["status"])))
        .collect()
}

#[test]
fn all_is_well() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for profile in ["lab", "play"] {
        let ended = home.run(&["doctor", "-p", profile]).ok();
        let names: Vec<&str> = ended
            .stdout()
            .lines()
            .map(|l| l.split_whitespace().nth(1).unwrap())
            .collect();
        assert_eq!(names, ALL);
        let ended = home.run(&["doctor", "-p", profile, "-o", "json"]).ok();
        for (check, status) in statuses(&ended) {
            let want = if ["proxy", "tls"].contains(&check.as_str()) {
                "skip"
            } else {
                "ok"
            };
            assert_eq!(status, want, "{check}");
        }
    }
}

#[test]
fn each_stage_can_fail() {
    let sandbox = Sandbox::start();
    let wrong_key = Home::with_profiles(&sandbox);
    let key = sandbox.maas_key();
    wrong_key.write_config(&wrong_key.config().replace(key, &format!("{key}x")));
    let open = Home::with_profiles(&sandbox);
    set_mode(&open.config_path(), 0o666);
    let environment = |url: String| {
        Home::empty()
            .var("APICALL_URL", url)
            .var("APICALL_KEY", key)
    };
    let closed = Sandbox::closed_port();
    let slow_clock = Sandbox::with(Options {
        clock_skew_seconds: 1000,
        ..Options::default()
    });
    let ca = Authority::new("Lab CA");
    let expired = ca.issue(&Subject::loopback().validity(Validity::Expired));
    let tls = Sandbox::start_tls(Tls::new(expired));
    let macrometa_only = Sandbox::with(Options {
        maas: false,
        ..Options::default()
    });
    for (home, stage, code) in [
        (Home::empty(), "config", 9),
        (open, "config", 9),
        (
            environment("http://no-such-host.invalid/MAAS".into()),
            "dns",
            7,
        ),
        (
            environment(format!("http://127.0.0.1:{closed}/MAAS")),
            "tcp",
            7,
        ),
        (environment(tls.maas_url()), "tls", 8),
        (environment(macrometa_only.maas_url()), "http", 4),
        (environment(slow_clock.maas_url()), "clock", 4),
        (wrong_key, "key", 4),
    ] {
        let ended = home.run(&["doctor", "-o", "json"]).code(code);
        let list = ended.json();
        let failed: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .filter(|c| c["status"] == "fail")
            .collect();
        assert_eq!(failed[0]["check"], stage, "{ended:?}");
        let names = list.as_array().unwrap().iter().map(|c| c["check"].as_str());
        for name in ALL {
            let lines = names.clone().filter(|n| *n == Some(name)).count();
            assert_eq!(lines, 1, "{name}: {ended:?}");
        }
        assert!(
            failed[0]["hint"].is_string(),
            "a cure for {stage}: {ended:?}"
        );
        let text = home.run(&["doctor"]).code(code);
        let line = text
            .stdout()
            .lines()
            .find(|l| l.starts_with("fail"))
            .unwrap()
            .to_owned();
        assert!(line.contains(stage), "{text:?}");
        assert!(text.stdout().contains("hint: "), "{text:?}");
        for part in key.split(':') {
            assert!(
                !text.stdout().contains(part) && !text.stderr.contains(part),
                "{text:?}"
            );
        }
    }
}

#[test]
fn a_mode_has_a_cure() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (mode, code, status) in [(0o640, 0, "warn"), (0o660, 9, "fail")] {
        set_mode(&home.config_path(), mode);
        let ended = home.run(&["doctor", "-o", "json"]).code(code);
        let list = ended.json();
        let line = list
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["check"] == "permissions");
        let line = line.unwrap();
        assert_eq!(line["status"], status, "{ended:?}");
        let hint = line["hint"].as_str().unwrap();
        assert!(hint.starts_with("`chmod 600 "), "{hint}");
    }
}

#[test]
fn a_proxy_that_can_be_none_is_the_proxys_fault() {
    let home = Home::empty()
        .var("APICALL_URL", "http://maas.invalid/MAAS")
        .var("http_proxy", "http://127.0.0.1:99999");
    let ended = home.run(&["doctor", "-o", "json"]).code(7);
    let failed: Vec<String> = (statuses(&ended).into_iter())
        .filter(|(_, status)| status == "fail")
        .map(|(name, _)| name)
        .collect();
    assert_eq!(failed, ["proxy"]);
    assert_eq!(statuses(&ended).len(), ALL.len());
}

/// Nobody waits ten minutes for what takes milliseconds.
#[test]
fn a_silent_server_is_not_waited_for() {
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::from(Effect::StallBeforeHead).always());
    let home = Home::with_profiles(&sandbox);
    let started = std::time::Instant::now();
    let ended = home.run(&["doctor"]).code(6);
    assert!(ended.stdout().contains("timed out"), "{ended:?}");
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn tls_is_described() {
    let ca = Authority::new("Lab CA");
    let sandbox = Sandbox::start_tls(Tls::new(ca.issue(&Subject::loopback())));
    let home = Home::empty()
        .var("APICALL_URL", sandbox.maas_url())
        .var("APICALL_KEY", sandbox.maas_key());
    let file = home.file("ca.pem", &ca.certificate_pem);
    let ended = home
        .run(&["doctor", "--ca-file", file.to_str().unwrap()])
        .ok();
    let line = ended
        .stdout()
        .lines()
        .find(|l| l.contains(" tls "))
        .unwrap()
        .to_owned();
    for text in [
        "CN=sandbox",
        "CN=Lab CA",
        "2089-01-01",
        "days",
        "trusted by",
        "ca.pem",
    ] {
        assert!(line.contains(text), "{text}: {line}");
    }
    let ended = home.run(&["doctor", "--insecure"]).code(0);
    assert!(ended.stdout().contains("not verified"), "{ended:?}");
}
