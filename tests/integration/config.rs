//! Which profile, which key, which settings: what the config file and the environment decide.

use crate::sandbox::Sandbox;
use crate::support::{Home, set_mode};

/// The profile that a call uses, as `--dry-run` shows it by its host.
#[track_caller]
fn host(home: &Home, more: &[&str]) -> String {
    let mut args = vec!["get", "/x/", "--dry-run"];
    args.extend(more);
    let ended = home.run(&args).ok();
    let line = ended.stdout().lines().find(|l| l.starts_with("Host: "));
    line.unwrap()["Host: ".len()..].to_owned()
}

const TWO: &str = "[profiles.one]\nurl = \"http://one/MAAS\"\nkey = \"a:b:c\"\n\
                   [profiles.two]\nurl = \"http://two/MAAS\"\nkey = \"a:b:c\"\n";

#[test]
fn precedence_of_profiles() {
    let home = Home::empty()
        .var("APICALL_PROFILE", "two")
        .var("APICALL_URL", "http://ci/MAAS")
        .var("APICALL_KEY", "x:y:z");
    home.write_config(&format!("default = \"one\"\n{TWO}"));
    assert_eq!(host(&home, &["-p", "one"]), "one");
    assert_eq!(host(&home, &[]), "two");
    for (line, word) in [("profile show", "two"), ("logout", "two")] {
        let line: Vec<&str> = line.split(' ').collect();
        let ended = home.run(&line).code(0);
        let reported = format!("{}{}", ended.stdout(), ended.stderr);
        assert!(reported.contains(word), "{ended:?}");
    }
    assert!(
        !home.config().contains("[profiles.two]"),
        "{}",
        home.config()
    );
    home.write_config(&format!("default = \"one\"\n{TWO}"));
    let home = home.var("APICALL_PROFILE", "");
    assert_eq!(host(&home, &[]), "ci");
    // The key alone is nobody's profile.
    let home = home.without_var("APICALL_URL");
    assert_eq!(host(&home, &[]), "one");
    home.write_config(TWO);
    let ended = home.run(&["get", "/x/"]);
    let ended = ended.fails(9, "several profiles and none is the default: one, two");
    assert!(ended.stderr.contains("hint: select one with `-p NAME`"));
    home.write_config("[profiles.one]\nurl = \"http://one/MAAS\"\n");
    assert_eq!(host(&home, &[]), "one");
    home.write_config("");
    let file = home.config_path().display().to_string();
    let reported = format!("there is no profile in {file}");
    home.run(&["get", "/x/"]).fails(9, &reported);
    home.write_config(TWO);
    let ended = home.run(&["get", "/x/", "-p", "nope"]);
    let ended = ended.fails(9, &format!("there is no profile `nope` in {file}\n"));
    assert!(
        ended
            .stderr
            .ends_with("hint: existing profiles: one, two\n")
    );
    home.write_config(&format!("default = \"gone\"\n{TWO}"));
    home.run(&["get", "/x/"])
        .fails(9, "there is no profile `gone`");
}

#[test]
fn a_variable_that_is_set_but_empty_sends_nothing() {
    let sandbox = Sandbox::start().may_stay_silent();
    for (name, other, value) in [
        ("APICALL_KEY", "APICALL_URL", sandbox.maas_url()),
        ("APICALL_URL", "APICALL_KEY", sandbox.maas_key().to_owned()),
        ("APICALL_URL", "X", String::new()),
        ("APICALL_KEY", "X", String::new()),
    ] {
        let home = Home::with_profiles(&sandbox)
            .var(other, value)
            .var(name, "");
        for line in [
            &["get", "/version/"][..],
            &["whoami"],
            &["get", "/x/", "--dry-run"],
        ] {
            let ended = home
                .run(line)
                .fails(9, &format!("`{name}` is set but empty"));
            assert!(
                ended.stderr.contains(&format!("`unset {name}`")),
                "{ended:?}"
            );
        }
        home.run(&["login", "--no-verify", "--service", "maas", "--replace"])
            .code(9);
        assert!(sandbox.requests().is_empty());
        // A profile that was named needs neither.
        home.run(&["get", "/version/", "-p", "lab"]).ok();
        sandbox.forget_requests();
    }
}

#[test]
fn the_address_in_the_environment_is_read_as_login_reads_it() {
    let sandbox = Sandbox::start();
    let host = sandbox.url().trim_start_matches("http://").to_owned();
    for url in [
        host.clone(),
        format!("{host}/"),
        format!("{host}/MAAS"),
        format!("{host}/MAAS/api/2.0/"),
        sandbox.url(),
        format!("{}/MAAS/r/machines", sandbox.url()),
        format!(" {} ", sandbox.maas_url()),
    ] {
        let home = Home::empty()
            .var("APICALL_URL", &url)
            .var("APICALL_KEY", sandbox.maas_key());
        home.run(&["get", "/machines/"]).ok();
        assert_eq!(sandbox.last().target, "/MAAS/api/2.0/machines/", "{url}");
    }
    let home = Home::empty()
        .var("APICALL_URL", "play.paas.macrometa.io")
        .var("APICALL_KEY", sandbox.macrometa_key());
    let ended = home.run(&["get", "collection", "--dry-run"]).ok();
    let reported =
        "GET /_fabric/_system/_api/collection HTTP/1.1\nHost: api-play.paas.macrometa.io\n";
    assert!(ended.stdout().starts_with(reported), "{ended:?}");
    let home = home.var("APICALL_URL", "u:hunter2@h");
    let ended = home
        .run(&["get", "/x"])
        .fails(9, "`APICALL_URL`: the address holds");
    assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
}

#[test]
fn the_environment_alone_is_a_profile_and_the_file_is_not_read() {
    let sandbox = Sandbox::start();
    let home = Home::empty()
        .var("APICALL_URL", sandbox.url())
        .var("APICALL_KEY", sandbox.maas_key());
    home.write_config("this is not TOML");
    home.run(&["get", "/machines/"]).ok();
    assert_eq!(sandbox.last().target, "/MAAS/api/2.0/machines/");
    let signed = |sandbox: &Sandbox| sandbox.last().header("authorization").is_some();
    assert!(signed(&sandbox));
    // The URL alone is anonymous.
    let home = home.without_var("APICALL_KEY");
    home.run(&["get", "/version/"]).ok();
    assert_eq!(sandbox.last().target, "/MAAS/api/2.0/version/");
    // Paths of Macrometa are none of MAAS's; it answers nobody without a key.
    home.run(&["get", "/_api/collection"]).fails(4, "401");
    assert!(!signed(&sandbox));
    home.run(&["post", "/_api/collection", "name=x"])
        .fails(9, "the profile has no key");
    let home = home.var("APICALL_URL", sandbox.maas_url());
    home.run(&["get", "/version/"]).ok();
    assert!(!signed(&sandbox));
    let ended = home.run(&["post", "/machines/", "--op", "allocate"]);
    ended.fails(9, "$APICALL_URL: the profile has no key");
    let home = home
        .var("APICALL_URL", sandbox.url())
        .var("APICALL_KEY", sandbox.macrometa_key());
    home.run(&["get", "collection"]).ok();
    assert_eq!(sandbox.last().target, "/_fabric/_system/_api/collection");
    let home = home
        .var("APICALL_FABRIC", "shop")
        .var("APICALL_SERVICE", "x");
    let ended = home.run(&["get", "collection"]);
    ended.fails(9, "`APICALL_SERVICE`: the service is neither");
    let home = home.var("APICALL_SERVICE", "macrometa");
    let ended = home.run(&["get", "collection", "--dry-run"]).ok();
    assert!(
        ended
            .stdout()
            .contains("GET /_fabric/shop/_api/collection ")
    );
    let home = home.var("APICALL_URL", "http://me:SECRET@h");
    let ended = home.run(&["get", "collection"]).fails(9, "`APICALL_URL`");
    assert!(!ended.stderr.contains("SECRET"));
}

#[test]
fn a_profile_without_a_key_reads_a_maas_and_writes_nothing() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "default = \"lab\"\n[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\n\
         [profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\n",
        sandbox.maas_url(),
        sandbox.url()
    ));
    home.run(&["get", "/version/"]).ok();
    assert_eq!(sandbox.last().header("authorization"), None);
    let seen = sandbox.requests().len();
    for args in [
        &["post", "/machines/", "hostname=x"][..],
        &["put", "/tags/gpu/", "comment=x"],
        &["delete", "/tags/gpu/"],
        &["whoami"],
        &["get", "collection", "-p", "play"],
        &["whoami", "-p", "play"],
    ] {
        let ended = home.run(args).fails(9, "the profile has no key");
        assert!(ended.stderr.contains("` stores one"));
    }
    assert_eq!(sandbox.requests().len(), seen);
    // Said aloud, it is sent unsigned.
    home.run(&["delete", "/tags/gpu/", "--anonymous"]).code(4);
    assert_eq!(sandbox.last().header("authorization"), None);
    home.run(&["get", "collection", "-p", "play", "--anonymous"])
        .code(4);
    assert_eq!(sandbox.last().header("authorization"), None);
}

#[test]
fn a_profile_with_a_key_never_sends_unsigned() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::empty();
    for (source, why) in [
        ("key = \"\"", "lab: the key is empty"),
        ("key = \"a:b\"", "lab: the key has 2 parts, not 3"),
        ("key_file = \"missing\"", "lab: `key_file`"),
        (
            "key_env = \"NOWHERE\"",
            "lab: `key_env`: `NOWHERE` is not set",
        ),
        ("key_env = \"a:b:SECRET\"", "lab: `key_env` is not the name"),
        (
            "key_command = \"exit 7\"",
            "lab: the key command ended with status 7",
        ),
        ("key_command = \"\"", "lab: the key command printed nothing"),
        (
            "key_command = \"printf '\\\\377'\"",
            "printed something that is not text",
        ),
        ("key = \"a:b:c\"\nkey_env = \"X\"", "more than one of"),
        ("key_file = \"x\"\nkey_command = \"y\"", "more than one of"),
    ] {
        home.write_config(&format!(
            "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\n{source}\n",
            sandbox.maas_url()
        ));
        for args in [&["get", "/machines/"][..], &["whoami"]] {
            let ended = home.run(args).fails(9, why);
            assert!(!ended.stderr.contains("SECRET"), "{ended:#?}");
        }
    }
    assert_eq!(sandbox.requests().len(), 0);
    // What is not signed needs no key.
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"{}\"\nkey_command = \"touch ran; exit 1\"\n",
        sandbox.maas_url()
    ));
    home.run(&["get", "/version/", "--anonymous"]).ok();
    home.run(&["get", "/version/", "--dry-run"]).ok();
    assert!(!home.path().join("ran").exists());
}

#[test]
fn every_source_of_a_key() {
    let sandbox = Sandbox::start();
    let key = sandbox.maas_key();
    let home = Home::empty().var("LAB_KEY", key);
    let folder = home.config_path().parent().unwrap().to_owned();
    home.write_config("");
    std::fs::write(folder.join("beside"), format!("{key}\n")).unwrap();
    set_mode(&folder.join("beside"), 0o600);
    set_mode(&home.file("key", format!("\"{key}\"\r\n")), 0o600);
    home.file("notes", format!("\n  {key}\nlogin: admin\nsecond: line\n"));
    for source in [
        format!("key = \"{key}\""),
        format!("key = \" {key}\\n\""),
        "key_file = \"~/key\"".to_owned(),
        format!("key_file = \"{}\"", home.path().join("key").display()),
        // From the folder of the config, wherever the command is run.
        "key_file = \"beside\"".to_owned(),
        "key_env = \"LAB_KEY\"".to_owned(),
        "key_command = \"cat ~/notes\"".to_owned(),
        "key_command = \"echo noise >&2; cat ~/key | tr -d '\\\"'\"".to_owned(),
    ] {
        home.write_config(&format!(
            "[profiles.lab]\nurl = \"{}\"\n{source}\n",
            sandbox.maas_url()
        ));
        let ended = home.run(&["whoami"]).code(0);
        assert_eq!(ended.json()["username"], "admin", "{source}");
    }
}

#[test]
fn a_key_command_ends_with_its_own_process() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("key", sandbox.maas_key());
    // What it leaves behind holds the pipe open.
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"{}\"\nkey_command = \"sleep 60 2>/dev/null & cat key\"\n",
        sandbox.maas_url()
    ));
    let home = home.var("PATH", std::env::var_os("PATH").unwrap_or_default());
    let started = std::time::Instant::now();
    home.run(&["whoami", "--timeout", "50s"]).ok();
    assert!(started.elapsed().as_secs() < 50);
}

#[test]
fn a_key_command_is_part_of_the_time_of_a_call() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.run(&["get", "machines"]).ok();
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"{}\"\nkey_command = \"exec sleep 60\"\n",
        sandbox.maas_url()
    ));
    let home = home.var("PATH", std::env::var_os("PATH").unwrap_or_default());
    let started = std::time::Instant::now();
    home.run(&["get", "machines", "--timeout", "300ms"])
        .fails(6, "timed out: the key command");
    assert!(started.elapsed().as_secs() < 30);
}

#[test]
fn a_key_command_runs_once_and_leaves_the_input_alone() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.file("key", sandbox.maas_key());
    home.write_config(&format!(
        "[profiles.lab]\nurl = \"{}\"\nkey_command = \"cat >> swallowed; echo x >> runs; cat key\"\n",
        sandbox.maas_url()
    ));
    home.run_with(
        &["put", "/tags/gpu/", "--body", "-", "Content-Type:a/b"],
        b"the body",
    )
    .ok();
    assert_eq!(sandbox.last().body, b"the body");
    assert_eq!(std::fs::read(home.path().join("swallowed")).unwrap(), b"");
    let runs = std::fs::read_to_string(home.path().join("runs")).unwrap();
    assert_eq!(runs, "x\n");
}
