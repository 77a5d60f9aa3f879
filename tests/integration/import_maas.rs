//! `profile import maas`: profiles of the `maas` command line, taken over, their source untouched.

use std::path::PathBuf;

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::support::Home;

/// Makes a database as the `maas` command line does it; each profile with a description, as there.
pub fn database(home: &Home, profiles: &[(&str, Value)]) -> PathBuf {
    let path = home.path().join(".maascli.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS profiles \
             (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, data BLOB)",
        )
        .unwrap();
    for (name, data) in profiles {
        connection
            .execute(
                "INSERT OR REPLACE INTO profiles (name, data) VALUES (?, ?)",
                params![name, data.to_string()],
            )
            .unwrap();
    }
    path
}

/// The data of one profile.
pub fn data(name: &str, url: &str, key: Option<&str>, cacerts: Option<&str>) -> Value {
    json!({
        "credentials": key.map(|k| k.split(':').collect::<Vec<_>>()),
        "description": { "resources": [], "hash": "0" },
        "name": name,
        "url": url,
        "cacerts": cacerts,
    })
}

#[test]
fn all_profiles_come_over_and_work() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let api = format!("{}/MAAS/api/2.0/", sandbox.url());
    let path = database(
        &home,
        &[
            ("lab", data("lab", &api, Some(sandbox.maas_key()), None)),
            ("my lab", data("my lab", &api, None, None)),
            (
                "tls",
                data(
                    "tls",
                    "https://m.example:5443/MAAS/api/2.0/",
                    Some("a:b:c"),
                    Some("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"),
                ),
            ),
        ],
    );
    let before = std::fs::read(&path).unwrap();
    let dry = home.run(&["profile", "import", "maas", "--dry-run"]).ok();
    assert_eq!(
        dry.stdout(),
        format!(
            "lab     {0}/MAAS  key ***\n\
             my-lab  {0}/MAAS  anonymous\n\
             tls     https://m.example:5443/MAAS  key ***, CA certificates\n",
            sandbox.url()
        )
    );
    assert!(!home.config_path().exists());
    let done = home.run(&["profile", "import", "maas"]).code(0);
    assert_eq!(done.stdout(), "");
    assert!(done.stderr.contains("3 profiles imported"), "{done:#?}");
    assert!(
        done.stderr.contains("`lab` is now the default"),
        "{done:#?}"
    );
    assert!(!done.stderr.contains(sandbox.maas_key()), "{done:#?}");
    home.run(&["get", "/users/", "--op", "whoami"]).ok();
    home.run(&["get", "/machines/", "-p", "my-lab"])
        .fails(4, "");
    let shown = home.run(&["profile", "show", "tls", "-o", "json"]).ok();
    let shown: Value = serde_json::from_str(shown.stdout()).unwrap();
    let ca_file = shown["ca_file"].as_str().unwrap();
    assert!(
        std::fs::read_to_string(ca_file)
            .unwrap()
            .starts_with("-----BEGIN")
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let beside: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.starts_with(".maascli"))
        .collect();
    assert_eq!(beside, [".maascli.db"]);
}

#[test]
fn what_is_there_already_is_kept() {
    let home = Home::empty();
    let lab = |key| data("lab", "http://10.0.0.2:5240/MAAS/api/2.0/", Some(key), None);
    let other = data("other", "http://10.0.0.3/MAAS/", None, None);
    database(&home, &[("lab", lab("a:b:c")), ("other", other)]);
    home.run(&["profile", "import", "maas", "nolab"])
        .fails(2, "no profile `nolab`");
    home.run(&["profile", "import", "maas", "lab"]).code(0);
    let again = home.run(&["profile", "import", "maas"]).code(0);
    assert!(again.stderr.contains("there already"), "{again:#?}");
    assert!(again.stderr.contains("1 profile imported"), "{again:#?}");
    let config = home.config();
    assert!(config.contains("\"http://10.0.0.3/MAAS\""), "{config}");
    database(&home, &[("lab", lab("x:y:z"))]);
    let refused = home
        .run(&["profile", "import", "maas"])
        .fails(9, "profile `lab` already exists");
    assert!(refused.stderr.contains("--replace"), "{refused:#?}");
    assert_eq!(home.config(), config);
    home.run(&["profile", "import", "maas", "lab", "--replace"])
        .code(0);
    let config = home.config();
    assert!(
        config.contains("x:y:z") && !config.contains("a:b:c"),
        "{config}"
    );
}

#[test]
fn sources_that_are_none() {
    let home = Home::empty();
    home.run(&["profile", "import", "maas"])
        .fails(1, "no profiles there");
    let file = home.path().join("x.db");
    std::fs::write(&file, "no database, but long enough to be looked at as one").unwrap();
    home.run(&[
        "profile",
        "import",
        "maas",
        "--file",
        file.to_str().unwrap(),
    ])
    .fails(1, "hint: this is not a database");
    database(
        &home,
        &[("lab", json!({ "credentials": ["a", "b", "s3cret"] }))],
    );
    let broken = home
        .run(&["profile", "import", "maas"])
        .fails(1, "the profile `lab` is broken");
    assert!(!broken.stderr.contains("s3cret"), "{broken:#?}");
    let good = data("good", "http://10.0.0.3/MAAS/", None, None);
    let nowhere = data("nowhere", "not a url", None, None);
    database(&home, &[("good", good), ("nowhere", nowhere)]);
    let some = home.run(&["profile", "import", "maas"]).code(1);
    for reported in [
        "the profile `lab` is broken",
        "`nowhere`",
        "1 profile imported",
    ] {
        assert!(some.stderr.contains(reported), "{some:?}");
    }
    assert!(home.config().contains("[profiles.good]"));
    home.run(&["profile", "import", "maas", "good"]).code(0);
    home.run(&["profile", "import", "maas", "lab"])
        .fails(1, "the profile `lab` is broken");
    let list = home.run(&["maas", "list"]).code(0);
    assert!(list.stdout().contains("good http://10.0.0.3/MAAS/api/2.0/"));
}
