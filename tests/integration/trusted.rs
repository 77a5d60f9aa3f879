//! Files that decide what is done: whose they are, who may write them, and what they are.

use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;
use crate::support::{Ended, Home, set_mode};

/// A user that is neither root nor us.
const OTHER: u32 = 65534;

fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: only root can give files away");
    }
    is_root
}

/// Runs a command to its end; one that hangs is ended and fails the test.
fn ended(mut command: Command) -> Ended {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it hangs: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    Ended {
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

fn run(home: &Home, args: &[&str]) -> Ended {
    ended(home.command(args))
}

/// The same as a user who is not root, whose home it is.
fn run_as(user: u32, home: &Home, args: &[&str]) -> Ended {
    let mut command = home.command(args);
    command.uid(user).gid(user);
    ended(command)
}

fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
}

fn folder_of_config(home: &Home) -> PathBuf {
    home.config_path().parent().unwrap().to_owned()
}

fn mkfifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

/// A config that would run a command, and what shows that it did.
fn armed() -> (Home, PathBuf) {
    let home = Home::empty();
    let ran = home.path().join("ran");
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"http://127.0.0.1:9/MAAS\"\n\
         key_command = \"touch '{}'; echo c:t:s\"\n",
        ran.display()
    ));
    (home, ran)
}

#[test]
fn a_config_of_another_user_runs_nothing() {
    if !is_root() {
        return;
    }
    let (home, ran) = armed();
    let path = home.config_path();
    give(&path, OTHER);
    let cure = format!("hint: chown root '{}'\n", path.display());
    for args in [
        &["whoami"][..],
        &["profile", "list"],
        &["profile", "use", "lab"],
        &["maas", "lab", "machines", "read"],
    ] {
        let ended = run(&home, args);
        // The `maas` command line has no other code.
        let code = if args[0] == "maas" { 2 } else { 9 };
        assert_eq!(ended.code, code, "{args:?}: {ended:?}");
        assert!(
            ended.stderr.contains("belongs to another user"),
            "{ended:?}"
        );
        assert!(ended.stderr.ends_with(&cure), "{ended:?}");
    }
    // The folder says who can exchange the file.
    give(&path, 0);
    let folder = folder_of_config(&home);
    give(&folder, OTHER);
    let ended = run(&home, &["whoami"]).fails(9, "the folder of");
    assert!(
        ended
            .stderr
            .ends_with(&format!("hint: chown root '{}'\n", folder.display())),
        "{ended:?}"
    );
    give(&folder, 0);
    set_mode(&folder, 0o777);
    let ended = run(&home, &["whoami"]).fails(9, "can be written by others");
    let cure = format!("hint: chmod go-w '{}'\n", folder.display());
    assert!(ended.stderr.ends_with(&cure), "{ended:?}");
    // Nor is a key put there.
    let args = [
        "login",
        "http://127.0.0.1:9/MAAS",
        "--no-verify",
        "-p",
        "x",
        "--key-stdin",
    ];
    run(&home, &args).fails(9, "can be written by others");
    // A sticky folder keeps one's own file.
    set_mode(&folder, 0o1777);
    run(&home, &["profile", "list"]).ok();
    assert!(!ran.exists());
}

#[test]
fn what_is_root_s_is_trusted_by_all() {
    if !is_root() {
        return;
    }
    let (home, _) = armed();
    for folder in [
        home.path(),
        &home.path().join(".config"),
        &folder_of_config(&home),
    ] {
        set_mode(folder, 0o755);
    }
    set_mode(&home.config_path(), 0o644);
    run_as(OTHER, &home, &["profile", "list"]).ok();
    // A sticky folder is no place for it: anybody may have been first.
    set_mode(&folder_of_config(&home), 0o1777);
    run_as(OTHER, &home, &["profile", "list"]).fails(9, "can be written by others");
    // A third user's is not.
    set_mode(&folder_of_config(&home), 0o755);
    give(&home.config_path(), 65533);
    run_as(OTHER, &home, &["profile", "list"]).fails(9, "belongs to another user (uid 65533)");
}

#[test]
fn a_link_is_followed_once_to_a_file_that_is_judged() {
    if !is_root() {
        return;
    }
    let (home, ran) = armed();
    let path = home.config_path();
    let folder = home.path().join("dotfiles");
    fs::create_dir(&folder).unwrap();
    let target = folder.join("c.toml");
    fs::rename(&path, &target).unwrap();
    symlink(&target, &path).unwrap();
    run(&home, &["profile", "list"]).ok();
    give(&target, OTHER);
    run(&home, &["whoami"]).fails(9, "belongs to another user");
    give(&target, 0);
    set_mode(&folder, 0o777);
    run(&home, &["whoami"]).fails(9, "can be written by others");
    set_mode(&folder, 0o755);
    set_mode(&folder_of_config(&home), 0o777);
    run(&home, &["whoami"]).fails(9, "can be written by others");
    assert!(!ran.exists());
}

#[test]
fn pipes_devices_and_endless_files_end_in_an_error() {
    let home = Home::empty();
    let fifo = home.path().join("fifo");
    mkfifo(&fifo);
    let huge = home.path().join("huge");
    fs::File::create(&huge).unwrap().set_len(1 << 40).unwrap();
    let profile = "[profiles.lab]\nservice = \"maas\"\nurl = \"http://127.0.0.1:9/MAAS\"\n";
    for odd in [fifo.as_path(), Path::new("/dev/zero"), &huge] {
        set_mode(&huge, 0o600);
        let mut command = home.command(&["profile", "list"]);
        command.env("APICALL_CONFIG", odd);
        ended(command).fails(9, &odd.display().to_string());
        home.write_config(&format!("{profile}key_file = \"{}\"\n", odd.display()));
        run(&home, &["whoami"]).fails(9, &odd.display().to_string());
        fs::remove_file(home.config_path()).unwrap();
        let database = home.path().join(".maascli.db");
        symlink(odd, &database).unwrap();
        run(&home, &["maas", "x", "machines", "read"]).fails(2, "is a symlink");
        fs::remove_file(&database).unwrap();
    }
    fs::rename(&fifo, home.path().join(".maascli.db")).unwrap();
    for (args, code) in [
        (&["profile", "import", "maas"][..], 9),
        (&["maas", "x", "machines", "read"], 2),
        // There is nothing of ours to forget; that theirs cannot be looked at is a warning.
        (&["maas", "logout", "x"], 0),
    ] {
        let ended = run(&home, args);
        assert_eq!(ended.code, code, "{args:?}: {ended:?}");
        assert!(ended.stderr.contains(".maascli.db"), "{args:?}: {ended:?}");
        assert!(ended.stderr.contains("a pipe or a device"), "{ended:?}");
    }
    for args in [&["maas", "list"][..], &["maas", "refresh"]] {
        run(&home, args);
    }
    // Nobody reads messages there; it must only not wait.
    let mut completes = home.command(&["--", "apicall", "maas", ""]);
    completes.env("COMPLETE", "bash");
    completes.env("_CLAP_COMPLETE_INDEX", "2");
    ended(completes);
}

#[test]
fn a_key_file_is_judged_like_the_config() {
    let home = Home::empty();
    let key = home.file("key", "c:t:s\n");
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"http://127.0.0.1:9/MAAS\"\nkey_file = \"{}\"\n",
        key.display()
    ));
    let auth = &["auth-header"];
    for (mode, what) in [
        (0o644, "holds a key and everybody can read it"),
        (0o602, "can be written by others"),
    ] {
        set_mode(&key, mode);
        let ended = run(&home, auth).fails(9, what);
        let cure = format!("hint: chmod 600 '{}'\n", key.display());
        assert!(ended.stderr.ends_with(&cure), "{ended:?}");
    }
    set_mode(&key, 0o600);
    run(&home, auth).ok();
    if is_root() {
        give(&key, OTHER);
        run(&home, auth).fails(9, "belongs to another user");
    }
}

#[test]
fn secret_headers_and_proxy_passwords_are_secrets() {
    let home = Home::empty();
    let profile = "[profiles.lab]\nservice = \"maas\"\nurl = \"http://127.0.0.1:9/MAAS\"\n";
    for (line, is_secret) in [
        ("headers = { X-Api-Key = \"s\" }", true),
        ("headers = { Cookie = \"s\" }", true),
        ("proxy = \"http://u:pass@127.0.0.1:3128\"", true),
        ("proxy = \"http://127.0.0.1:3128\"", false),
        ("headers = { X-Team = \"s\" }", false),
        ("key_env = \"KEY\"", false),
    ] {
        home.write_config(&format!("{profile}{line}\n"));
        set_mode(&home.config_path(), 0o644);
        let ended = run(&home, &["profile", "list"]);
        assert_eq!(
            ended.code,
            if is_secret { 9 } else { 0 },
            "{line}: {ended:?}"
        );
    }
}

/// umask 002 and a group of the user's own are common.
#[test]
fn a_private_group_counts_as_the_user() {
    if !is_root() {
        return;
    }
    let home = Home::empty();
    home.write_config(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"http://127.0.0.1:9/MAAS\"\nkey = \"c:t:s\"\n",
    );
    let path = home.config_path();
    set_mode(&path, 0o660);
    set_mode(&folder_of_config(&home), 0o775);
    run(&home, &["profile", "list"]).ok();
    chown(&path, None, Some(OTHER)).unwrap();
    run(&home, &["profile", "list"]).fails(9, "can be written by others");
    set_mode(&path, 0o640);
    let ended = run(&home, &["profile", "list"]).code(0);
    assert_eq!(ended.stderr.matches("its group can read it").count(), 1);
    set_mode(&path, 0o600);
    chown(folder_of_config(&home), None, Some(OTHER)).unwrap();
    run(&home, &["profile", "list"]).fails(9, "the folder of");
}

/// The one file of the cache, its `read` turned into something else.
fn turn(home: &Home) -> PathBuf {
    let folder = home.path().join(".cache/apicall/maas-describe-1");
    let file = fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(&file).unwrap();
    let turned = text.replace(
        "\"name\":\"read\",\"method\":\"GET\"",
        "\"name\":\"read\",\"method\":\"DELETE\"",
    );
    assert_ne!(text, turned);
    fs::write(&file, turned).unwrap();
    file
}

#[test]
fn a_cache_that_is_not_ours_or_contradicts_itself_is_made_anew() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let read = &["maas", "lab", "tag", "read", "virtual"];
    let folder = home.path().join(".cache/apicall/maas-describe-1");
    let prepare: [&dyn Fn(&Path); 6] = [
        &|_| {},
        &|file| give(file, OTHER),
        &|file| set_mode(file, 0o666),
        &|_| give(&folder, OTHER),
        &|_| set_mode(&folder, 0o777),
        &|file| {
            let aside = home.path().join("aside");
            fs::rename(file, &aside).unwrap();
            symlink(aside, file).unwrap();
        },
    ];
    for (at, prepare) in prepare.iter().enumerate() {
        if at > 0 && !rustix::process::geteuid().is_root() {
            continue;
        }
        let _ = fs::remove_dir_all(home.path().join(".cache"));
        run(&home, &["ops", "-p", "lab"]).code(0);
        let file = turn(&home);
        prepare(&file);
        sandbox.forget_requests();
        let ended = run(&home, read);
        let methods: Vec<String> = sandbox
            .requests()
            .iter()
            .map(|r| r.method.clone())
            .collect();
        assert!(!methods.iter().any(|m| m == "DELETE"), "{at}: {methods:?}");
        assert!(
            methods.len() > 1,
            "{at}: it was fetched: {methods:?} {ended:?}"
        );
    }
}

#[test]
fn a_cache_that_is_a_pipe_is_replaced() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    run(&home, &["ops", "-p", "lab"]).code(0);
    let folder = home.path().join(".cache/apicall/maas-describe-1");
    let file = fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    fs::remove_file(&file).unwrap();
    mkfifo(&file);
    run(&home, &["ops", "-p", "lab"]).code(0);
    assert!(fs::symlink_metadata(&file).unwrap().is_file());
}

/// A server's own description is no better than a cache.
#[test]
fn a_description_in_which_read_deletes_is_refused() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let description = serde_json::json!({"doc": "", "hash": "x", "resources": [{
        "name": "TagHandler", "anon": null, "auth": {
            "name": "TagHandler", "path": "/MAAS/api/2.0/tags/{name}/", "params": ["name"],
            "uri": "", "doc": "", "actions": [
                {"name": "read", "method": "DELETE", "op": null, "restful": true, "doc": ""}]}}]});
    let fault = crate::sandbox::Fault::body(200, "application/json", description.to_string());
    sandbox.fault(fault.path("/MAAS/api/2.0/describe/"));
    run(&home, &["ops", "-p", "lab", "--refresh"]).fails(1, "`read`");
    run(&home, &["maas", "lab", "tag", "read", "virtual"]);
    assert!(sandbox.requests().iter().all(|r| r.method != "DELETE"));
}

/// A view can compute for ever.
#[test]
fn a_database_that_computes_is_refused() {
    let home = Home::empty();
    let database = home.path().join(".maascli.db");
    for sql in [
        "CREATE VIEW profiles AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) \
         SELECT id, 'x' AS name, '{}' AS data FROM n",
        "CREATE TABLE profiles (id INTEGER PRIMARY KEY, name TEXT, \
         data TEXT AS (hex(zeroblob(400000000))))",
    ] {
        let _ = fs::remove_file(&database);
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection.execute_batch(sql).unwrap();
        let insert = "INSERT INTO profiles (id, name) VALUES (1, 'x')";
        if !sql.contains("VIEW") {
            connection.execute_batch(insert).unwrap();
        }
        drop(connection);
        let ended = run(&home, &["profile", "import", "maas"]);
        assert_eq!(ended.code, 1, "{ended:?}");
        assert!(ended.stderr.contains(".maascli.db"), "{ended:?}");
        let ended = run(&home, &["maas", "x", "machines", "read"]);
        assert_ne!(ended.code, 0, "{ended:?}");
    }
}

#[test]
fn the_database_of_another_user_is_refused() {
    if !is_root() {
        return;
    }
    let home = Home::empty();
    let database = home.path().join(".maascli.db");
    rusqlite::Connection::open(&database)
        .unwrap()
        .execute_batch("CREATE TABLE profiles (id INTEGER PRIMARY KEY, name TEXT, data BLOB)")
        .unwrap();
    run(&home, &["profile", "import", "maas"]).fails(1, "no profiles there");
    give(&database, OTHER);
    run(&home, &["profile", "import", "maas"]).fails(9, "belongs to another user");
    give(&database, 0);
    set_mode(&database, 0o666);
    let ended = run(&home, &["profile", "import", "maas"]).fails(9, "can be written by others");
    let cure = format!("hint: chmod go-w '{}'\n", database.display());
    assert!(ended.stderr.ends_with(&cure), "{ended:?}");
}

#[test]
fn a_key_file_that_its_group_reads_is_reported_once() {
    if !is_root() {
        return;
    }
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let key = home.file("key", sandbox.maas_key());
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey_file = \"{}\"\n",
        sandbox.maas_url(),
        key.display()
    ));
    chown(&key, None, Some(OTHER)).unwrap();
    for (mode, warnings) in [(0o640, 1), (0o600, 0)] {
        set_mode(&key, mode);
        for args in [&["get", "/tags/"][..], &["whoami"], &["auth-header"]] {
            let ended = run(&home, args).code(0);
            let reported = ended.stderr.matches("its group can read it").count();
            assert_eq!(reported, warnings, "{args:?}: {ended:?}");
        }
    }
}
