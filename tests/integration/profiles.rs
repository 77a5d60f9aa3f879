//! `profile`, `logout` and `whoami`: what is listed, chosen, renamed and forgotten.

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;

#[test]
fn profiles_are_listed_with_masked_keys() {
    let home = Home::empty();
    home.write_config(
        "default = \"lab\"\n\
         [profiles.play]\nservice = \"macrometa\"\nurl = \"https://api-play.paas.macrometa.io\"\nkey_command = \"pass show play\"\n\
         [profiles.lab]\nservice = \"maas\"\nurl = \"http://10.0.0.2:5240/MAAS\"\nkey = \"aa:bb:SECRET\"\n\
         [profiles.bad]\nurl = 3\n\
         [profiles.open]\nservice = \"maas\"\nurl = \"http://o/MAAS\"\n\
         [profiles.file]\nservice = \"maas\"\nurl = \"http://f/MAAS\"\nkey_file = \"~/k\"\n\
         [profiles.var]\nservice = \"maas\"\nurl = \"http://v/MAAS\"\nkey_env = \"LAB_KEY\"\n",
    );
    let ended = home.run(&["profile", "list"]).ok();
    assert_eq!(
        ended.stdout(),
        "   bad              profile `bad`: `url` is not a string\n\
         \u{20}  file  maas       http://f/MAAS                         key_file ~/k\n\
         *  lab   maas       http://10.0.0.2:5240/MAAS             key ***\n\
         \u{20}  open  maas       http://o/MAAS                         no key\n\
         \u{20}  play  macrometa  https://api-play.paas.macrometa.io    key_command pass show play\n\
         \u{20}  var   maas       http://v/MAAS                         key_env LAB_KEY\n"
    );
    let list = home.run(&["profile", "list", "-o", "json"]).ok().json();
    assert_eq!(
        list[2],
        serde_json::json!({"name": "lab", "default": true, "service": "maas", "url": "http://10.0.0.2:5240/MAAS", "key": "***"})
    );
    assert_eq!(
        list[0],
        serde_json::json!({"name": "bad", "default": false, "error": "profile `bad`: `url` is not a string"})
    );
    let shown = home.run(&["profile", "show"]).ok();
    assert_eq!(
        shown.stdout(),
        "name     lab\ndefault  true\nservice  maas\nurl      http://10.0.0.2:5240/MAAS\nkey      ***\n"
    );
    let shown = home.run(&["profile", "show", "play", "-o", "json"]).ok();
    assert_eq!(shown.json()["key_command"], "pass show play");
    assert_eq!(shown.json()["default"], false);
    home.run(&["profile", "show", "bad"])
        .fails(9, "profile `bad`: `url` is not a string");
}

#[test]
fn unknown_names_are_9_and_name_the_known() {
    let home = Home::empty();
    home.write_config(
        "[profiles.lab]\nurl = \"http://h/MAAS\"\n[profiles.two]\nurl = \"http://i/MAAS\"\n",
    );
    let before = home.config();
    for args in [
        &["profile", "show", "x"][..],
        &["profile", "use", "x"],
        &["profile", "rename", "x", "y"],
        &["profile", "remove", "x"],
        &["logout", "x"],
        &["logout", "-p", "x"],
        &["whoami", "-p", "x"],
        &["get", "/x/", "-p", "x"],
    ] {
        let ended = home.run(args).fails(9, "there is no profile `x`");
        assert!(
            ended
                .stderr
                .ends_with("hint: existing profiles: lab, two\n"),
            "{ended:#?}"
        );
    }
    home.run(&["logout"]).fails(9, "none is the default");
    home.run(&["profile", "show"])
        .fails(9, "none is the default");
    assert_eq!(home.config(), before);
    let empty = Home::empty();
    let ended = empty.run(&["logout", "x"]).fails(9, "no profile `x`");
    assert!(
        ended
            .stderr
            .ends_with("config.toml\nhint: it has none; `apicall login URL` creates one\n")
    );
    // Nothing was made by a command that had nothing to do.
    assert!(!empty.config_path().exists());
}

#[test]
fn use_rename_and_remove() {
    let home = Home::empty();
    home.write_config(
        "default = \"a\"\n[profiles.a]\nurl = \"http://a/MAAS\"\n[profiles.b]\nurl = \"http://b/MAAS\"\n[profiles.c]\nurl = 3\n",
    );
    let default = |home: &Home| {
        let config: toml::Table = toml::from_str(&home.config()).unwrap();
        config
            .get("default")
            .map(|d| d.as_str().unwrap().to_owned())
    };
    let ended = home.run(&["profile", "use", "b"]).code(0);
    assert_eq!(
        (ended.stdout(), &*ended.stderr),
        ("", "`b` is now the default\n")
    );
    assert_eq!(default(&home).as_deref(), Some("b"));
    home.run(&["profile", "rename", "b", "d"]).code(0);
    assert_eq!(default(&home).as_deref(), Some("d"));
    let ended = home.run(&["profile", "rename", "d", "a"]);
    ended.fails(9, "profile `a` already exists");
    home.run(&["profile", "rename", "d", "a b"])
        .fails(2, "is not a name for a profile");
    home.run(&["profile", "rename", "d", "d"]).code(0);
    // What is broken can be renamed and forgotten all the same.
    home.run(&["profile", "rename", "c", "e"]).code(0);
    home.run(&["profile", "remove", "e"]).code(0);
    let ended = home.run(&["logout"]).code(0);
    assert_eq!(ended.stderr, "profile `d` deleted\n");
    assert_eq!(default(&home), None);
    assert_eq!(home.config(), "[profiles.a]\nurl = \"http://a/MAAS\"\n");
    // The only one needs no default.
    home.run(&["logout"]).code(0);
    home.run(&["logout"]).fails(9, "there is no profile in");
}

#[test]
fn forgetting_the_default_among_several_says_so() {
    let home = Home::empty();
    home.write_config(
        "default = \"a\"\n[profiles.a]\nurl = \"http://a/MAAS\"\n[profiles.b]\nurl = \"http://b/MAAS\"\n[profiles.c]\nurl = \"http://c/MAAS\"\n",
    );
    let ended = home.run(&["logout", "a"]).code(0);
    assert!(
        ended.stderr.contains("`apicall profile use NAME`"),
        "{ended:#?}"
    );
    home.run(&["get", "/x/"]).fails(9, "none is the default");
}

#[test]
fn whoami_asks_the_server() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let ended = home.run(&["whoami"]).ok();
    assert_eq!(ended.json()["username"], "admin");
    assert_eq!(sandbox.last().target, "/MAAS/api/2.0/users/?op=whoami");
    let ended = home.run(&["whoami", "-p", "play"]).ok();
    assert_eq!(
        ended.json(),
        serde_json::json!({
            "tenant": "demo_example.com",
            "fabrics": ["_system", "shop"],
            "confirmed": true,
            "key": "k1",
            "region": "sandbox-eu-west",
            "version": "0.17.17",
        })
    );
    assert!(ended.stdout().starts_with("{\n  \"tenant\": "));
    for form in ["compact", "raw"] {
        let ended = home.run(&["whoami", "-p", "play", "-o", form]).ok();
        assert!(
            ended
                .stdout()
                .starts_with("{\"tenant\":\"demo_example.com\","),
            "{ended:#?}"
        );
    }
    let ended = home.run(&["whoami", "-p", "play", "-v"]).code(0);
    assert!(
        ended
            .stderr
            .contains("> GET /_fabric/_system/_api/database/user ")
    );
    assert!(
        ended.stderr.contains("> Authorization: ***\n"),
        "{ended:#?}"
    );
}

#[test]
fn whoami_with_a_refused_key_is_4() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let config = home
        .config()
        .replace(sandbox.maas_key(), "no:such:key")
        .replace(sandbox.macrometa_key(), "no.such.key");
    home.write_config(&config);
    for profile in ["lab", "play"] {
        home.run(&["whoami", "-p", profile])
            .fails(4, "401 Unauthorized");
    }
    sandbox.fault(Fault::status(502).always());
    home.run(&["whoami", "--retries", "0"]).fails(5, "502");
    home.run(&["whoami", "-p", "play", "--retries", "0"])
        .fails(5, "502");
}
