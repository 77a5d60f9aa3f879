//! `login`, `logout`, `list`, `refresh`, and profiles of the `maas` command line.

use super::maas;
use crate::import_maas::{data, database};
use crate::sandbox::{Authority, Fault, Sandbox, Subject, Tls};
use crate::support::Home;

#[test]
fn a_login_is_stored_and_used() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let (url, key) = (sandbox.maas_url(), sandbox.maas_key());
    let api = format!("{url}/api/2.0/");
    let ended = maas(&home, &format!("login lab {url} {key}")).ok();
    assert!(ended.stdout().contains(&api), "{ended:#?}");
    assert!(
        ended.stdout().contains("\n\n  apicall maas lab --help\n\n"),
        "{ended:#?}"
    );
    let paths: Vec<_> = sandbox
        .requests()
        .iter()
        .map(|r| r.target.clone())
        .collect();
    assert_eq!(
        paths,
        ["/MAAS/api/2.0/users/?op=whoami", "/MAAS/api/2.0/describe/"]
    );
    maas(&home, "lab users whoami").ok();
    home.run(&["whoami"]).ok();
    let list = maas(&home, "list").ok();
    assert_eq!(list.stdout(), format!("lab {api} ***\n"));
    let list = maas(&home, "list --show-keys").ok();
    assert_eq!(list.stdout(), format!("lab {api} {key}\n"));
    // Again, from standard input, without a key, with the API's own address.
    home.run_with(
        &["maas", "login", "lab", &api, "-"],
        format!("{key}\n").as_bytes(),
    )
    .ok();
    assert!(home.config().contains(key));
    home.run(&["maas", "login", "lab", &url, ""]).ok();
    assert!(!home.config().contains(key));
    assert_eq!(maas(&home, "list").ok().stdout(), format!("lab {api}\n"));
    maas(&home, "logout lab").ok();
    assert_eq!(maas(&home, "list").ok().stdout(), "");
    maas(&home, "logout lab").ok();
}

#[test]
fn without_tls_there_is_nothing_to_verify() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let (url, key) = (sandbox.maas_url(), sandbox.maas_key());
    maas(&home, &format!("login lab -k {url} {key}")).ok();
    maas(&home, "lab users whoami -k").ok();
}

#[test]
fn logins_that_are_refused() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let url = sandbox.maas_url();
    let key = sandbox.maas_key();
    for (line, code, reported) in [
        (format!("login lab {url} {key}x"), 1, "rejected the API key"),
        (format!("login lab {url} nonsense"), 2, "the key has 1 part"),
        (format!("login lab {url} -"), 2, "no key was given"),
        (format!("login lab {url}"), 2, "no key was given"),
        (
            format!("login lab {url} {key} more"),
            2,
            "too many arguments",
        ),
        ("login lab".to_owned(), 2, "too few arguments"),
        (format!("login a/b {url} {key}"), 2, "is not a name"),
        (
            format!("login lab -k --cacerts f {url} {key}"),
            1,
            "exclude",
        ),
        (
            format!("login lab --cacerts missing {url} {key}"),
            2,
            "missing",
        ),
        ("login lab 127.0.0.1:1 a:b:c".to_owned(), 2, "the address"),
    ] {
        let ended = maas(&home, &line).fails(code, reported);
        assert!(!ended.stderr.contains(key), "{ended:#?}");
    }
    sandbox.fault(Fault::status(500));
    maas(&home, &format!("login lab {url} {key}")).fails(1, "500");
    sandbox.fault(Fault::status(404));
    maas(&home, &format!("login lab {url} {}", "''")).code(2);
    assert!(!home.config().contains("lab"));
}

/// A path that is no MAAS is an unexpected response: 1, as every status is that `maas` does not know.
#[test]
fn a_login_to_no_maas() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let (url, key) = (sandbox.url(), sandbox.maas_key());
    for path in [
        "/nope",
        "/nope/api/2.0/",
        "/a//b",
        "/_api",
        // What `apicall login` reads as the MAAS above it, `maas` does not.
        "/MAAS/r",
        "/MAAS/r/machines",
        "/MAAS/api/1.0/",
        "/MAAS/MAAS",
        "/MAAS/api/2.0/machines/",
    ] {
        for key in [key, ""] {
            let ended = home.run(&["maas", "login", "lab", &format!("{url}{path}"), key]);
            assert_eq!(ended.code, 1, "{path} {key}: {ended:#?}");
        }
    }
    for fault in [
        Fault::status(404),
        Fault::status(405),
        Fault::status(410),
        Fault::body(200, "text/html", "<html></html>"),
        Fault::instead(crate::sandbox::Response::new(302).header("Location", "http://a.example/")),
    ] {
        let shown = format!("{fault:?}");
        sandbox.fault(fault.always());
        for key in [key, ""] {
            let ended = home.run(&["maas", "login", "lab", &sandbox.maas_url(), key]);
            assert_eq!(ended.code, 1, "{shown}: {ended:#?}");
        }
        sandbox.clear_faults();
    }
    assert!(!home.config().contains("lab"));
}

#[test]
fn without_profiles() {
    let home = Home::empty();
    for line in ["list", "refresh", "logout nope"] {
        assert_eq!(maas(&home, line).ok().stdout(), "");
    }
}

#[test]
fn a_macrometa_profile_is_left_alone() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    let before = home.config();
    let url = sandbox.maas_url();
    let key = sandbox.maas_key();
    maas(&home, &format!("login play {url} {key}")).fails(2, "is Macrometa's");
    maas(&home, "logout play").fails(2, "is Macrometa's");
    assert_eq!(home.config(), before);
    assert!(!maas(&home, "list").ok().stdout().contains("play"));
}

#[test]
fn refresh_fetches_every_description_once() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let url = sandbox.maas_url();
    home.write_config(&format!(
        "{}[profiles.same]\nservice = \"maas\"\nurl = \"{url}\"\n",
        home.config()
    ));
    maas(&home, "refresh").ok();
    assert_eq!(sandbox.requests().len(), 1);
    sandbox.fault(Fault::status(404));
    maas(&home, "refresh").fails(1, "404");
}

#[test]
#[cfg(feature = "maascli")]
fn profiles_of_the_database_are_called_and_left() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let api = format!("{}/MAAS/api/2.0/", sandbox.url());
    let path = database(
        &home,
        &[
            ("their", data("their", &api, Some(sandbox.maas_key()), None)),
            ("my lab", data("my lab", &api, None, None)),
        ],
    );
    let before = std::fs::read(&path).unwrap();
    maas(&home, "their users whoami").ok();
    home.run(&["maas", "my lab", "version", "read"]).ok();
    let list = maas(&home, "list").ok();
    assert_eq!(list.stdout(), format!("their {api} ***\nmy lab {api}\n"));
    let left = maas(&home, "logout their").code(0);
    assert!(left.stderr.starts_with("apicall: warning: "), "{left:#?}");
    assert!(left.stderr.contains(".maascli.db"), "{left:#?}");
    // A login of the same name goes first from then on.
    let line = format!(
        "login their {} {}",
        sandbox.maas_url(),
        sandbox.maas_user_key()
    );
    maas(&home, &line).ok();
    let list = maas(&home, "list --show-keys").ok();
    assert!(list.stdout().contains(sandbox.maas_user_key()), "{list:#?}");
    assert!(!list.stdout().contains(sandbox.maas_key()), "{list:#?}");
    // Ours goes, theirs is seen again.
    let left = maas(&home, "logout their").code(0);
    assert!(left.stderr.contains("warning: "), "{left:#?}");
    assert!(!home.config().contains("their"), "{}", home.config());
    let list = maas(&home, "list --show-keys").ok();
    assert!(list.stdout().contains(sandbox.maas_key()), "{list:#?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

/// The description in the database is what a command works from: one request each, whatever the
/// server says of itself, and wherever the cache is.
#[test]
#[cfg(feature = "maascli")]
fn a_stored_description_is_enough() {
    for cache in ["", "read-only"] {
        let sandbox = Sandbox::start();
        let home = Home::empty();
        let api = format!("{}/MAAS/api/2.0/", sandbox.url());
        let mut description = sandbox.description();
        description["hash"] = "older".into();
        let mut their = data("their", &api, Some(sandbox.maas_key()), None);
        their["description"] = description.clone();
        let mut open = data("open", &api, None, None);
        open["description"] = description;
        database(&home, &[("their", their), ("open", open)]);
        for path in ["describe/", "version/"] {
            let path = format!("/MAAS/api/2.0/{path}");
            sandbox.fault(Fault::status(503).path(&path).always());
        }
        // A file where the folder would be: root can write into every folder.
        home.file("read-only", "");
        let run = |line: &str| {
            sandbox.forget_requests();
            let mut args = vec!["maas"];
            args.extend(line.split_whitespace());
            let mut command = home.command(&args);
            if !cache.is_empty() {
                command.env("XDG_CACHE_HOME", home.path().join(cache));
            }
            let output = command.stdin(std::process::Stdio::null()).output().unwrap();
            let code = output.status.code().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            (code, sandbox.requests().len(), stderr)
        };
        for line in [
            "their users whoami",
            "their machines read hostname=node2",
            "their tag read gpu",
            "their tags create name=new -k",
        ] {
            let (code, requests, stderr) = run(line);
            assert_eq!((code, requests, &*stderr), (0, 1, ""), "{line}");
        }
        for (line, want) in [
            ("their gizmos read", 2),
            ("their users nope", 2),
            ("open users whoami", 2),
            ("their --help", 0),
            ("their users -h", 0),
            ("their users whoami -h", 0),
        ] {
            let (code, requests, stderr) = run(line);
            assert_eq!((code, requests), (want, 0), "{line}: {stderr}");
        }
        assert_eq!(run("open version read").1, 1);
    }
}

/// A profile that was imported finds its description where it came from.
#[test]
#[cfg(feature = "maascli")]
fn an_imported_profile_works_from_the_same_description() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let api = format!("{}/MAAS/api/2.0/", sandbox.url());
    let mut their = data("their", &api, Some(sandbox.maas_key()), None);
    their["description"] = sandbox.description();
    database(&home, &[("their", their)]);
    home.run(&["profile", "import", "maas"]).code(0);
    sandbox.forget_requests();
    maas(&home, "their users whoami").ok();
    assert_eq!(sandbox.requests().len(), 1);
    // What `refresh` fetches is newer than the database.
    let mut new = sandbox.description();
    new["hash"] = "new".into();
    new["resources"]
        .as_array_mut()
        .unwrap()
        .retain(|r| r["name"] != "UsersHandler");
    sandbox.set_description(new);
    std::thread::sleep(std::time::Duration::from_millis(20));
    maas(&home, "refresh").ok();
    maas(&home, "their users whoami").fails(2, "there is no handler `users`");
}

#[test]
#[cfg(feature = "maascli")]
fn a_database_without_profiles_has_none() {
    let home = Home::empty();
    let path = home.file(".maascli.db", "");
    for _ in 0..2 {
        assert_eq!(maas(&home, "list").ok().stdout(), "");
        maas(&home, "refresh").ok();
        maas(&home, "logout one").ok();
        maas(&home, "one users read").fails(2, "neither a command nor a MAAS profile");
        home.run(&["profile", "import", "maas"])
            .fails(1, "no profiles there");
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE IF NOT EXISTS other (id INTEGER)")
            .unwrap();
    }
}

#[test]
fn certificates_of_a_profile_are_its_trust() {
    let authority = Authority::new("Test CA");
    let tls = Tls::new(authority.issue(&Subject::loopback()));
    let sandbox = Sandbox::start_tls(tls);
    let home = Home::empty();
    let (url, key) = (sandbox.maas_url(), sandbox.maas_key());
    home.file("ca.pem", &authority.certificate_pem);
    maas(&home, &format!("login lab {url} {key}")).fails(1, "certificate");
    maas(&home, &format!("login lab --cacerts ca.pem {url} {key}")).ok();
    std::fs::remove_file(home.path().join("ca.pem")).unwrap();
    maas(&home, "lab users whoami").ok();
    let ended = maas(&home, &format!("login open -k {url} {key}")).code(0);
    assert_eq!(
        ended.stderr.matches("not verified").count(),
        1,
        "{ended:#?}"
    );
    maas(&home, "open users whoami").fails(1, "certificate");
    maas(&home, "open users whoami -k").code(0);
    #[cfg(feature = "maascli")]
    {
        let api = format!("{}/MAAS/api/2.0/", sandbox.url());
        let pem = &authority.certificate_pem;
        database(
            &home,
            &[("their", data("their", &api, Some(key), Some(pem)))],
        );
        maas(&home, "their users whoami").ok();
    }
}
