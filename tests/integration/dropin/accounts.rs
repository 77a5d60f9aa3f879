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
    for (line, code, told) in [
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
        let ended = maas(&home, &line).fails(code, told);
        assert!(!ended.stderr.contains(key), "{ended:#?}");
    }
    sandbox.fault(Fault::status(500));
    maas(&home, &format!("login lab {url} {key}")).fails(1, "500");
    sandbox.fault(Fault::status(404));
    maas(&home, &format!("login lab {url} {}", "''")).code(2);
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
