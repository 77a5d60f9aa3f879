//! `ops`, and the cache it works from.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::sandbox::{Fault, Options, Sandbox};
use crate::support::Home;
#[cfg(unix)]
use crate::support::mode;
use crate::typed::words;

/// The description of a real region, where it lies beside the package.
fn real() -> Option<PathBuf> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/maas-describe.json");
    file.exists().then_some(file)
}

/// The targets that were asked for since the last look.
fn asked(sandbox: &Sandbox) -> Vec<String> {
    let targets = sandbox
        .requests()
        .iter()
        .map(|r| r.target.clone())
        .collect();
    sandbox.forget_requests();
    targets
}

/// The one file of the cache.
fn cached(home: &Home) -> PathBuf {
    let folder = home.path().join(".cache/apicall/maas-describe-1");
    let files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().unwrap()
}

/// Makes the cache look as if it had been written hours ago.
fn age(home: &Home) {
    let file = fs::File::options().append(true).open(cached(home)).unwrap();
    let hours_ago = SystemTime::now() - Duration::from_secs(2 * 3600);
    file.set_modified(hours_ago).unwrap();
}

const DESCRIBE: &str = "/MAAS/api/2.0/describe/";
const VERSION: &str = "/MAAS/api/2.0/version/";

#[test]
fn the_description_is_asked_for_once_and_unsigned() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let first = home.run(&["ops", "deploy"]).ok();
    let request = sandbox.last();
    assert_eq!(request.target, DESCRIBE);
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    assert_eq!(asked(&sandbox).len(), 1);
    let second = home.run(&["ops", "deploy"]).ok();
    assert_eq!(second.stdout(), first.stdout());
    assert!(asked(&sandbox).is_empty());
    home.run(&["ops", "deploy", "--refresh"]).ok();
    assert_eq!(asked(&sandbox), [DESCRIBE]);
    // A plain call neither reads nor writes it.
    fs::remove_dir_all(home.path().join(".cache")).unwrap();
    home.run(&["get", "/tags/"]).ok();
    assert!(!home.path().join(".cache").exists());
}

#[test]
#[cfg(unix)]
fn the_cache_is_private_and_holds_no_name_or_key() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["ops"]).ok();
    let file = cached(&home);
    assert_eq!(mode(&file), 0o600);
    for folder in [".cache/apicall", ".cache/apicall/maas-describe-1"] {
        assert_eq!(mode(&home.path().join(folder)), 0o700, "{folder}");
    }
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("127.0.0.1-"), "{name}");
    let text = fs::read_to_string(&file).unwrap();
    for part in sandbox.maas_key().split(':') {
        assert!(!text.contains(part));
    }
}

#[test]
fn profiles_of_one_server_share_it() {
    let sandbox = Sandbox::start();
    let home = Home::empty().var("XDG_CACHE_HOME", "");
    let url = sandbox.maas_url();
    home.write_config(&format!(
        "default = \"a\"\n[profiles.a]\nservice = \"maas\"\nurl = \"{url}\"\n\
         [profiles.b]\nservice = \"maas\"\nurl = \"{url}/\"\nkey_command = \"touch ran; exit 1\"\n"
    ));
    home.run(&["ops"]).ok();
    home.run(&["ops", "-p", "b"]).ok();
    assert_eq!(asked(&sandbox), [DESCRIBE]);
    home.run(&["ops", "-p", "b", "--refresh"]).ok();
    assert!(!home.path().join("ran").exists(), "the key is not needed");
}

#[test]
fn another_hash_has_it_fetched_anew() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["ops"]).ok();
    asked(&sandbox);
    // The same hash: confirmed for another hour.
    age(&home);
    home.run(&["ops"]).ok();
    assert_eq!(asked(&sandbox), [VERSION]);
    home.run(&["ops"]).ok();
    assert!(asked(&sandbox).is_empty());
    let mut document = sandbox.description();
    document["hash"] = "0123".into();
    document["resources"] = serde_json::json!([{"name": "NewHandler", "anon": null, "auth": {
        "name": "NewHandler", "params": [], "doc": "", "path": "/MAAS/api/2.0/new/",
        "actions": [{"name": "read", "method": "GET", "op": null, "doc": "Something new"}]}}]);
    sandbox.set_description(document);
    home.run(&["ops", "machines"]).ok();
    assert!(
        asked(&sandbox).is_empty(),
        "what is found is good for an hour"
    );
    age(&home);
    home.run(&["ops", "machines"])
        .fails(1, "no operation matches");
    assert_eq!(asked(&sandbox), [VERSION, DESCRIBE]);
}

/// What the cache does not have may be new, however young the cache is.
#[test]
fn what_is_not_found_is_looked_for_in_a_newer_one() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["ops", "machines"]).ok();
    asked(&sandbox);
    home.run(&["ops", "gizmos"])
        .fails(1, "no operation matches");
    assert_eq!(asked(&sandbox), [VERSION], "once, and only its hash");
    let mut document = sandbox.description();
    document["hash"] = "0123".into();
    let gizmos = serde_json::json!({"name": "GizmosHandler", "anon": null, "auth": {
        "name": "GizmosHandler", "params": [], "doc": "", "path": "/MAAS/api/2.0/gizmos/",
        "actions": [{"name": "read", "method": "GET", "op": null, "doc": "Something new"}]}});
    document["resources"].as_array_mut().unwrap().push(gizmos);
    sandbox.set_description(document);
    home.run(&["get", "/tags/"]).ok();
    asked(&sandbox);
    let new = home.run(&["ops", "gizmos"]).ok();
    assert!(new.stdout().starts_with("GET /gizmos/\n"), "{new:?}");
    assert_eq!(asked(&sandbox), [VERSION, DESCRIBE]);
    home.run(&["ops", "gizmos"]).ok();
    assert!(asked(&sandbox).is_empty());
    // A server that is off is waited for no longer than for a moment.
    drop(sandbox);
    home.run(&["ops", "nonsense"])
        .fails(1, "no operation matches");
}

#[test]
fn without_the_server_it_works_from_the_cache() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let before = home.run(&["ops", "machines"]).ok();
    drop(sandbox);
    for aged in [false, true] {
        if aged {
            age(&home);
        }
        let after = home.run(&["ops", "machines"]).ok();
        assert_eq!(after.stdout(), before.stdout());
    }
    fs::remove_dir_all(home.path().join(".cache")).unwrap();
    home.run(&["ops", "machines", "--retries", "0"])
        .fails(7, "GET /MAAS/api/2.0/describe/");
}

#[test]
fn a_server_in_trouble_leaves_what_is_cached() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let before = home.run(&["ops"]).ok();
    for fault in [
        Fault::status(502),
        Fault::body(200, "application/json", "{\"version\": \"3.8.0\"}"),
    ] {
        age(&home);
        sandbox.fault(fault.always());
        assert_eq!(home.run(&["ops"]).ok().stdout(), before.stdout());
        sandbox.clear_faults();
    }
}

#[test]
fn a_broken_cache_is_fetched_anew() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let want = home.run(&["ops"]).ok();
    let file = cached(&home);
    let whole = fs::read(&file).unwrap();
    for broken in [&b""[..], b"{}", b"\xff\xfe", &whole[..whole.len() / 2]] {
        fs::write(&file, broken).unwrap();
        asked(&sandbox);
        assert_eq!(home.run(&["ops"]).ok().stdout(), want.stdout());
        assert_eq!(asked(&sandbox), [DESCRIBE]);
        assert_eq!(fs::read(&file).unwrap(), whole);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(home.run(&["ops"]).ok().stdout(), want.stdout());
}

#[test]
fn without_a_cache_folder_it_is_asked_each_time() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let file = home.file("no-folder", "");
    let home = home.var("XDG_CACHE_HOME", file);
    for _ in 0..2 {
        home.run(&["ops"]).ok();
        assert_eq!(asked(&sandbox), [DESCRIBE]);
    }
}

#[test]
fn what_is_no_description_is_an_error() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::body(200, "text/html", "<html>login").always());
    home.run(&["ops"]).fails(
        1,
        "lab: GET /MAAS/api/2.0/describe/: the response is not the description",
    );
    sandbox.clear_faults();
    sandbox.fault(Fault::status(404).always());
    home.run(&["ops"]).fails(4, "404 Not Found");
    assert!(!home.path().join(".cache").exists());
}

#[test]
fn forms() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let list = home.run(&["ops"]).ok();
    let json = home.run(&["ops", "-o", "json"]).ok().json();
    let table = home.run(&["ops", "-o", "table"]).ok();
    let count = json.as_array().unwrap().len();
    assert_eq!(list.stdout().lines().count(), count);
    assert_eq!(table.stdout().lines().count(), count + 1);
    assert!(table.stdout().starts_with("METHOD  PATH"));
    let one = home.run(&["ops", "deploy", "-o", "json"]).ok().json();
    let deploy = &one[0];
    assert_eq!(deploy["op"], "deploy");
    assert_eq!(deploy["path"], "/machines/{system_id}/");
    assert_eq!(deploy["parameters"][0]["place"], "path");
    assert_eq!(
        deploy["example"],
        "apicall post /machines/SYSTEM_ID/ --op deploy"
    );
    home.run(&["ops", "no-such-thing"])
        .fails(1, "lab: no operation matches");
    assert_eq!(
        home.run(&["ops", "no-such-thing", "-o", "json"])
            .code(1)
            .stdout(),
        ""
    );
}

#[test]
fn what_is_only_there_without_a_key_is_shown_so() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let json = home.run(&["ops", "is_action_in_progress", "machines", "-o", "json"]);
    let json = json.ok().json();
    assert_eq!(
        (&json[0]["signed"], &json[0]["anonymous"]),
        (&false.into(), &true.into())
    );
    let example = words(json[0]["example"].as_str().unwrap());
    home.run(&example[1..]).ok();
    assert_eq!(sandbox.last().header("authorization"), None);
}

/// For every action of the real description the example is a call of that action.
#[test]
fn every_example_of_a_real_description_is_its_call() {
    let Some(file) = real() else { return };
    let document: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let sandbox = Sandbox::with(Options {
        maas_describe: Some(file),
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    home.file("FILE", "contents");
    let operations = home.run(&["ops", "-o", "json"]).ok().json();
    let operations = operations.as_array().unwrap();
    let pages = home.run(&["ops", "--show"]).ok();
    let mut first_lines = Vec::new();
    for operation in operations {
        let example = operation["example"].as_str().unwrap();
        assert!(
            pages.stdout().contains(&format!("\n  {example}\n")),
            "{example}"
        );
        let mut line = words(example);
        assert_eq!(line.remove(0), "apicall");
        line.push("--dry-run".to_owned());
        let printed = home.run(&line).ok();
        let mut lines = printed.stdout().lines();
        first_lines.push(lines.next().unwrap().to_owned());
        let required = |place: &'static str| {
            let parameters = operation["parameters"].as_array().unwrap();
            let of_place = parameters.iter().filter(move |p| p["place"] == place);
            of_place
                .filter(|p| p["required"] == true)
                .map(|p| p["name"].as_str().unwrap())
        };
        for name in required("body").chain(required("file")) {
            let urlencoded = format!("{name}=");
            let part = format!("name=\"{name}\"");
            assert!(
                printed.stdout().contains(&urlencoded) || printed.stdout().contains(&part),
                "{name}: {printed:?}"
            );
        }
        for name in required("query") {
            assert!(first_lines.last().unwrap().contains(&format!("{name}=")));
        }
    }
    let mut actions = 0;
    for resource in document["resources"].as_array().unwrap() {
        for handler in [&resource["auth"], &resource["anon"]] {
            for action in handler["actions"].as_array().into_iter().flatten() {
                let want = request_line(handler, action);
                let found = first_lines
                    .iter()
                    .filter(|line| is_call(line, &want))
                    .count();
                assert_eq!(found, 1, "{want}");
                actions += 1;
            }
        }
    }
    assert_eq!(actions, 372);
}

/// `POST /MAAS/api/2.0/machines/SYSTEM_ID/?op=deploy`, made of the document alone.
fn request_line(handler: &Value, action: &Value) -> String {
    let mut path = handler["path"].as_str().unwrap().to_owned();
    for name in handler["params"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        path = path.replace(&format!("{{{name}}}"), &name.to_uppercase());
    }
    let op = action["op"].as_str().map(|op| format!("?op={op}"));
    let method = action["method"].as_str().unwrap();
    format!("{method} {path}{}", op.unwrap_or_default())
}

/// Whether a request line is that call, with or without parameters behind it.
fn is_call(line: &str, want: &str) -> bool {
    let target = line.strip_suffix(" HTTP/1.1").unwrap();
    let Some(rest) = target.strip_prefix(want) else {
        return false;
    };
    let is_other_op = rest.starts_with("?op=");
    rest.is_empty() || rest.starts_with('&') || (rest.starts_with('?') && !is_other_op)
}
