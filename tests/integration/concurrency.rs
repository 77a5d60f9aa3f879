//! Many logins at once, and logins that are killed: the config file is always whole.

use std::io::Write as _;
use std::process::Child;
use std::time::Duration;

use crate::sandbox::Sandbox;
use crate::support::{Home, mode};

/// Starts a login and gives it its key.
fn start(home: &Home, sandbox: &Sandbox, name: &str, verify: bool) -> Child {
    let url = sandbox.maas_url();
    let mut args = vec!["login", &url, "--key-stdin", "-p", name];
    if !verify {
        args.push("--no-verify");
    }
    let mut child = home.spawn(&args);
    let mut stdin = child.stdin.take().unwrap();
    // One that was killed already does not listen.
    let _ = stdin.write_all(sandbox.maas_key().as_bytes());
    child
}

fn profiles(text: &str) -> toml::Table {
    let config: toml::Table = toml::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    config["profiles"].as_table().unwrap().clone()
}

/// The files beside the config that a killed writer could have left.
fn left(home: &Home) -> Vec<String> {
    std::fs::read_dir(home.config_path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "config.toml" && name != ".config.toml.lock")
        .collect()
}

#[test]
fn two_hundred_logins_at_once_lose_none() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let running: Vec<Child> = (0..200)
        .map(|i| start(&home, &sandbox, &format!("p{i}"), true))
        .collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
    }
    let text = home.config();
    let stored = profiles(&text);
    for i in 0..200 {
        let profile = &stored[&format!("p{i}")];
        assert_eq!(profile["key"].as_str(), Some(sandbox.maas_key()));
        assert_eq!(profile["url"].as_str(), Some(&*sandbox.maas_url()));
    }
    assert_eq!(stored.len(), 200);
    assert_eq!(text.matches("default = ").count(), 1, "{text}");
    assert_eq!(mode(&home.config_path()), 0o600);
    assert_eq!(left(&home), [""; 0]);
}

#[test]
fn two_logins_for_one_name_do_not_replace_each_other() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let running: Vec<Child> = (0..8)
        .map(|_| start(&home, &sandbox, "lab", true))
        .collect();
    let codes: Vec<i32> = running
        .into_iter()
        .map(|child| child.wait_with_output().unwrap().status.code().unwrap())
        .collect();
    assert_eq!(codes.iter().filter(|c| **c == 0).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|c| **c == 2).count(), 7, "{codes:?}");
}

#[test]
fn a_killed_login_leaves_the_old_file_or_the_new_one() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::empty();
    // How long one takes, so that the kills fall on all of its moments.
    let began = std::time::Instant::now();
    let whole = start(&home, &sandbox, "first", false).wait_with_output();
    assert!(whole.unwrap().status.success());
    let usual = began.elapsed();
    let mut known = profiles(&home.config()).len();
    let (mut before, mut after) = (0, 0);
    for i in 0_u32..120 {
        let name = format!("k{i}");
        let old = home.config();
        let mut child = start(&home, &sandbox, &name, false);
        // A fixed order that visits every moment: steps of the golden ratio.
        let moment = f64::from(i) * 0.618_034 % 1.0;
        std::thread::sleep(Duration::from_secs_f64(usual.as_secs_f64() * 1.2 * moment));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(mode(&home.config_path()), 0o600);
        let new = home.config();
        if new == old {
            before += 1;
            continue;
        }
        after += 1;
        known += 1;
        let stored = profiles(&new);
        assert_eq!(stored.len(), known, "{new}");
        assert_eq!(
            stored[&name]["key"].as_str(),
            Some(sandbox.maas_key()),
            "{new}"
        );
    }
    assert!(before > 0 && after > 0, "{before} before, {after} after");
    // What the killed ones left behind goes with the next change, also what was planted here.
    let folder = home.config_path().parent().unwrap().to_owned();
    std::fs::write(folder.join(".config.toml-abcdef.tmp"), "stray").unwrap();
    let last = start(&home, &sandbox, "last", false).wait_with_output();
    assert!(last.unwrap().status.success());
    assert_eq!(left(&home), [""; 0]);
}
