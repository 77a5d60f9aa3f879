//! `profile set`: which settings it takes, from where, and what it refuses.

use apicall::profile::setting;

use crate::sandbox::Sandbox;
use crate::support::Home;

const LAB: &str = "# mine\n[profiles.lab] # room 3\n# where\nurl = \"http://127.0.0.1:9/MAAS\" # was\n\
                   key = \"a:b:SECRET\"\n# how long\ntimeout = \"1h\" # slow\n";

fn home(config: &str) -> Home {
    let home = Home::empty();
    home.write_config(config);
    home
}

fn set(home: &Home, words: &[&str]) -> crate::support::Ended {
    home.run(&[&["profile", "set", "lab"], words].concat())
}

fn member(home: &Home, name: &str) -> Option<String> {
    let config: toml::Table = toml::from_str(&home.config()).unwrap();
    config["profiles"]["lab"]
        .get(name)
        .map(|value| format!("{value:?}"))
}

#[test]
fn settings_are_set_and_removed_and_comments_stay() {
    let home = home(LAB);
    let ended = set(&home, &["timeout=30s", "protected=true", "retries=5"]).code(0);
    assert_eq!(ended.stdout(), "");
    assert_eq!(
        ended.stderr,
        "profile `lab` changed: `timeout`, `protected`, `retries`\n"
    );
    assert_eq!(
        home.config(),
        LAB.replace("\"1h\"", "\"30s\"") + "protected = true\nretries = 5\n"
    );
    set(&home, &["protected=", "retries="]).code(0);
    assert_eq!(home.config(), LAB.replace("\"1h\"", "\"30s\""));
    // Every setting of the list but the key, each with a value that it takes.
    for setting in setting::ALL.iter().filter(|s| **s != &setting::KEY) {
        let value = match setting.name {
            "service" => "maas",
            "url" => "http://127.0.0.1:9/x/MAAS",
            "fabric" | "scheme" | "headers" | "client_key" => continue,
            "pin" => "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "insecure" | "protected" => "true",
            "proxy" => "http://proxy:3128",
            "timeout" | "connect_timeout" => "10m",
            "retries" => "0",
            _ => "some/value",
        };
        set(&home, &[&format!("{}={value}", setting.name)]).code(0);
        assert!(member(&home, setting.name).is_some(), "{}", setting.name);
    }
    // A path means the same from any folder.
    let ca_file = member(&home, "ca_file").unwrap();
    assert!(ca_file.contains(&format!("{}/some/value", home.path().display())));
    set(&home, &["client_key=k.pem"]).code(0);
}

#[test]
fn a_profile_has_one_source_of_its_key() {
    let home = home(LAB);
    let ended = set(&home, &["key_env=LAB_KEY"]).code(0);
    assert!(ended.stderr.contains("`key` is removed"), "{ended:?}");
    assert_eq!(member(&home, "key"), None);
    assert_eq!(
        member(&home, "key_env").as_deref(),
        Some("String(\"LAB_KEY\")")
    );
    set(&home, &["key_command=cat key"]).code(0);
    assert_eq!(member(&home, "key_env"), None);
}

#[test]
fn what_can_not_be_is_refused_and_nothing_is_written() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = home(LAB);
    let key = sandbox.maas_key();
    let as_env = format!("key_env={key}");
    let as_command = format!("key_command=echo {key}");
    let as_key = format!("key={key}");
    for (words, why) in [
        (&["protcted=true"][..], "did you mean `protected`?"),
        (&["timeout=soon"], "`timeout`: `soon` is not a duration"),
        (
            &["timeout=1s", "retries=-1"],
            "`retries`: `-1` is not a number",
        ),
        (
            &["insecure=yes"],
            "`insecure`: `yes` is neither true nor false",
        ),
        (&["pin=zz"], "`pin`: this is not the hash of a key"),
        (&["proxy=ftp://x"], "`proxy`: the proxy's address"),
        (
            &["proxy=http://u:SECRET@x"],
            "a secret is never an argument",
        ),
        (&["headers.X-Team=SECRET"], "a secret is never an argument"),
        (&["headers.X-Team=@x"], "x: "),
        (&["headers=SECRET"], "`headers` is a table"),
        (&["headers.X-Team"], "no terminal to prompt"),
        (&["timeout"], "`timeout` has no value"),
        (&["fabric=shop"], "`fabric` is for Macrometa"),
        (&["scheme=bearer"], "`scheme` is for Macrometa"),
        (&["client_key=k.pem"], "`client_key` needs `client_cert`"),
        (&["key=SECRET"], "`key` is set by `login` only"),
        (&[&as_key], "`key` is set by `login` only"),
        (&[&as_env], "one of the arguments is a key"),
        (&[&as_command], "one of the arguments is a key"),
        (
            &["url=http://127.0.0.1:8/MAAS"],
            "`url` of a profile with a key",
        ),
        (
            &["url=https://127.0.0.1:9/MAAS"],
            "`url` of a profile with a key",
        ),
        (&["url=nonsense"], "`url`: the address has no `http://`"),
        (&["url="], "`url` is missing"),
        (&["headers."], "`` is not the name of a header"),
        (&["headers.a b=-"], "`a b` is not the name of a header"),
        (&["service=macrometa"], "`service` of a profile with a key"),
        (&["service=x"], "`service`: the service is neither"),
        (&[], "required"),
    ] {
        let ended = set(&home, words);
        assert!(ended.code != 0, "{words:?} {ended:?}");
        assert!(ended.stderr.contains(why), "{words:?} {ended:?}");
        assert!(!ended.stderr.contains("SECRET"), "{words:?} {ended:?}");
        assert!(!ended.stderr.contains(key), "{words:?} {ended:?}");
        assert_eq!(home.config(), LAB, "{words:?}");
    }
    set(&home, &["timeout=x"]).code(2);
    home.run(&["profile", "set", "none", "timeout=1s"])
        .fails(9, "there is no profile `none`");
}

#[test]
fn secret_values_are_read_from_files_and_standard_input() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let key = sandbox.maas_key();
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"{}\"\nkey = \"{key}\"\n",
        sandbox.maas_url()
    ));
    home.file("team.txt", "ops-s3cr3t\n");
    set(&home, &["headers.X-Team=@team.txt"]).code(0);
    home.run(&["get", "/version/"]).ok();
    assert_eq!(sandbox.last().header("x-team"), Some("ops-s3cr3t"));
    let line = ["profile", "set", "lab", "headers.x-team=-"];
    home.run_with(&line, b"other-s3cr3t\r\n").code(0);
    home.run(&["get", "/version/"]).ok();
    assert_eq!(sandbox.last().header_all("x-team"), ["other-s3cr3t"]);
    let shown = home.run(&["profile", "show", "-o", "json"]).ok();
    assert_eq!(shown.json()["headers"]["X-Team"], "***");
    let line = ["profile", "set", "lab", "proxy=-"];
    home.run_with(&line, b"http://me:hunter2@proxy:3128")
        .code(0);
    let shown = home.run(&["profile", "show", "-o", "json"]).ok();
    assert_eq!(shown.json()["proxy"], "http://me:***@proxy:3128");
    // Headers are for their server, too.
    set(&home, &["headers.X-Team=", "proxy="]).code(0);
    assert_eq!(member(&home, "headers"), None);
    home.file("bad.txt", "s3cr3t\nX-Other: y");
    let ended = set(&home, &["headers.X-Team=@bad.txt"]);
    assert!(
        ended.code != 0 && !ended.stderr.contains("s3cr3t"),
        "{ended:?}"
    );
}

#[test]
fn an_address_without_a_key_may_change() {
    let open = "[profiles.lab]\nurl = \"http://127.0.0.1:9/MAAS\"\n";
    let home = home(open);
    set(&home, &["url=http://127.0.0.1:8/MAAS"]).code(0);
    home.write_config(&format!("{open}headers = {{ X-Team = \"s3cr3t\" }}\n"));
    set(&home, &["url=http://127.0.0.1:8/MAAS"]).code(2);
}

#[test]
fn settings_are_completed() {
    let home = home(LAB);
    let line = ["__complete", "--", "profile", "set", "lab", "time"];
    let ended = home.run(&line).ok();
    let first = ended.stdout().split('\t').next().unwrap_or_default();
    assert_eq!(first, "timeout=");
}

#[test]
fn help_and_reference_have_every_setting() {
    let home = Home::empty();
    let help = home.run(&["profile", "set", "--help"]).ok();
    let reference = include_str!("../cmd/config.md");
    for setting in setting::ALL.iter().filter(|s| **s != &setting::KEY) {
        let name = match setting.kind {
            setting::SettingKind::Headers => "headers.NAME",
            _ => setting.name,
        };
        let line = help
            .stdout()
            .lines()
            .find(|l| l.trim_start().starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("{name} is not in help"));
        let start: String = setting.doc.chars().take(30).collect();
        assert!(line.contains(&start), "{line}: {}", setting.doc);
        let flag = setting
            .flag
            .map_or(String::new(), |_| format!("`{}`", setting.typed()));
        let variable = setting.variable.map_or(String::new(), |v| format!("`{v}`"));
        let row = format!(
            "| `{}` | {flag} | {variable} | {} |",
            setting.name, setting.doc
        );
        assert!(
            reference.contains(&row),
            "tests/cmd/config.md has no row\n{row}"
        );
    }
}

#[test]
fn other_words_are_understood() {
    let home = home(LAB);
    let list = home.run(&["profile", "list"]).ok();
    assert_eq!(home.run(&["profile", "ls"]).ok().stdout(), list.stdout());
    let version = home.run(&["--version"]).ok();
    assert_eq!(home.run(&["version"]).ok().stdout(), version.stdout());
}

#[test]
fn a_key_in_a_wrong_place_is_not_shown_again() {
    let sandbox = Sandbox::start().may_stay_silent();
    for key in [
        sandbox.maas_key(),
        sandbox.macrometa_key(),
        "consumer:token:secret",
    ] {
        let home = home(LAB);
        let file = format!("a=@{key}");
        let json = format!("a:=@{key}");
        for line in [
            &["get", "/x/", "-p", key][..],
            &["profile", "use", key],
            &["profile", "show", key],
            &["profile", "remove", key],
            &["profile", "rename", "lab", key],
            &["profile", "set", key, "timeout=1s"],
            &["logout", key],
            &["login", "http://127.0.0.1:9/MAAS", "-p", key],
            &["post", "/x/", &file],
            &["post", "/x/", &json],
            &["get", "/x/", "-o", key],
            &["get", "/x/", "--timeout", key],
            &["get", "/x/", "--pin", key],
            &["get", "/x/", "--scheme", key],
            &["whoami", key],
            &[key],
        ] {
            let ended = home.run(line);
            assert!(ended.code != 0, "{line:?} {ended:?}");
            assert!(!ended.stderr.contains(key), "{line:?} {ended:?}");
        }
        let config = LAB.replace("key = \"a:b:SECRET\"", &format!("key_env = \"{key}\""));
        home.write_config(&config);
        for line in [
            &["get", "/x/"][..],
            &["profile", "show"],
            &["profile", "list"],
            &["profile", "list", "-o", "json"],
            &["doctor", "-o", "json"],
        ] {
            let ended = home.run(line);
            let shown = format!("{}{}", ended.stdout(), ended.stderr);
            assert!(!shown.contains(key), "{line:?} {shown}");
        }
    }
}
