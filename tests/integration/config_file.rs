//! The config file on disk: where it is, who may read it, and what stays when it is changed.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Ended, Home, mode, set_mode};

fn login(home: &Home, name: &str) -> Ended {
    let key = "aaaaaaaaaaaaaaaaaa:bbbbbbbbbbbbbbbbbb:cccccccccccccccccccccccccccccccc";
    let args = [
        "login",
        "http://127.0.0.1:9/MAAS",
        "--no-verify",
        "--key-stdin",
        "-p",
        name,
    ];
    home.run_with(&args, key.as_bytes())
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0)
}

/// Gives a file a group that is not the user's alone, where that is possible.
fn give_to_a_group(path: &Path) -> bool {
    is_root() && std::os::unix::fs::chown(path, None, Some(65534)).is_ok()
}

/// Runs a command to its end, as another user where we are root, who may write everywhere.
fn as_nobody(mut command: Command) -> Ended {
    if is_root() {
        command.uid(65534).gid(65534);
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    Ended {
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

const PROFILE: &str = "[profiles.lab]\nservice = \"maas\"\nurl = \"http://127.0.0.1:9/MAAS\"\n";

#[test]
fn where_the_file_is() {
    let path = |home: &Home| home.run(&["profile", "path"]).ok().stdout().to_owned();
    let home = Home::empty();
    let at = home.config_path();
    assert_eq!(path(&home), format!("{}\n", at.display()));
    let home = Home::empty().var("XDG_CONFIG_HOME", "/x/y");
    assert_eq!(path(&home), "/x/y/apicall/config.toml\n");
    // The XDG specification has relative folders ignored, an empty variable is none.
    for ignored in ["relative", ""] {
        let home = Home::empty().var("XDG_CONFIG_HOME", ignored);
        assert_eq!(path(&home), format!("{}\n", home.config_path().display()));
    }
    let home = home
        .var("XDG_CONFIG_HOME", "/x")
        .var("APICALL_CONFIG", "/z/a.toml");
    assert_eq!(path(&home), "/z/a.toml\n");
    let home = Home::empty().var("APICALL_CONFIG", "~/b.toml");
    let b = home.path().join("b.toml");
    assert_eq!(path(&home), format!("{}\n", b.display()));
    login(&home, "lab").code(0);
    assert!(b.exists());
    assert_eq!(mode(&b), 0o600);
    assert!(!home.config_path().exists());
}

#[test]
fn without_any_home_there_is_no_config() {
    // Only a user without an entry in the list of users has no home.
    if !is_root() {
        return;
    }
    let home = Home::empty();
    let mut command = home.command(&["profile", "path"]);
    command.env_remove("HOME").uid(987_654).gid(987_654);
    let output = command.current_dir("/").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(9), "{stderr}");
    assert!(stderr.contains("there is no home folder"), "{stderr}");
    assert!(stderr.contains("hint: set APICALL_CONFIG"), "{stderr}");
}

#[test]
fn file_and_folder_are_private_from_the_start() {
    let home = Home::empty();
    let mut command = home.command(&[
        "login",
        "http://127.0.0.1:9/MAAS",
        "--no-verify",
        "--anonymous",
        "-p",
        "lab",
    ]);
    command.stdin(Stdio::null());
    // Whatever the user's mask lets through.
    let shell = format!(
        "umask 000; exec {} \"$@\"",
        command.get_program().to_str().unwrap()
    );
    let mut wrapped = Command::new("sh");
    wrapped
        .args(["-c", &shell, "sh"])
        .args(command.get_args())
        .env("HOME", home.path());
    assert!(wrapped.output().unwrap().status.success());
    let folder = home.config_path().parent().unwrap().to_owned();
    assert_eq!(mode(&home.config_path()), 0o600);
    assert_eq!(mode(&folder), 0o700);
    for entry in fs::read_dir(folder).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn permissions_that_are_refused_and_the_cure() {
    let home = Home::empty();
    let path = home.config_path();
    let keyed = format!("{PROFILE}key = \"c:t:s\"\n");
    let cure = format!("hint: chmod 600 '{}'\n", path.display());
    for bits in [0o620, 0o602, 0o666, 0o660, 0o777] {
        home.write_config(PROFILE);
        if !give_to_a_group(&path) && bits & 0o002 == 0 {
            continue;
        }
        set_mode(&path, bits);
        for args in [
            &["profile", "list"][..],
            &["whoami"],
            &["profile", "use", "lab"],
            &["logout"],
        ] {
            let ended = home.run(args).fails(9, "can be written by others");
            assert!(ended.stderr.ends_with(&cure), "{ended:#?}");
        }
        login(&home, "other").fails(9, "can be written by others");
        assert_eq!(home.config(), PROFILE);
        assert_eq!(mode(&path), bits);
    }
    for bits in [0o604, 0o644, 0o444] {
        home.write_config(&keyed);
        set_mode(&path, bits);
        for args in [&["profile", "list"][..], &["whoami"], &["logout"]] {
            let ended = home
                .run(args)
                .fails(9, "holds a key and everybody can read it");
            assert!(ended.stderr.ends_with(&cure), "{ended:#?}");
        }
        // Without a key in it there is nothing to hide.
        home.write_config(PROFILE);
        set_mode(&path, bits);
        home.run(&["profile", "list"]).ok();
    }
    home.write_config(&keyed);
    for bits in [0o600, 0o400, 0o700] {
        set_mode(&path, bits);
        home.run(&["profile", "list"]).ok();
    }
}

#[test]
fn readable_by_the_group_is_one_warning() {
    let home = Home::empty();
    let path = home.config_path();
    let keyed = format!("{PROFILE}key = \"c:t:s\"\n[profiles.b]\nurl = \"http://h/MAAS\"\n");
    for args in [
        &["profile", "list"][..],
        &["profile", "show", "lab"],
        &["profile", "use", "lab"],
        &["profile", "rename", "lab", "new"],
        &["profile", "remove", "lab"],
        &["logout", "lab"],
        &["get", "/x/", "--dry-run", "-p", "lab"],
    ] {
        home.write_config(&keyed);
        if !give_to_a_group(&path) {
            return;
        }
        set_mode(&path, 0o640);
        let ended = home.run(args).code(0);
        assert_eq!(
            ended
                .stderr
                .matches("its group can read it (chmod 600 '")
                .count(),
            1,
            "{ended:#?}"
        );
    }
    // What is written anew is private again.
    give_to_a_group(&path);
    assert_eq!(mode(&path), 0o640);
    home.run(&["profile", "use", "b"]).code(0);
    assert_eq!(mode(&path), 0o600);
    home.run(&["profile", "list"]).ok();
    home.write_config(&format!("default = \"lab\"\n{keyed}"));
    give_to_a_group(&path);
    set_mode(&path, 0o640);
    let ended = home.run(&["logout"]).code(0);
    assert_eq!(ended.stderr.matches("warning").count(), 1, "{ended:#?}");
}

#[test]
fn every_change_keeps_comments_order_and_unknown_members() {
    let home = Home::empty();
    let text = "# head\n\nfuture = { a = 1 }\ndefault = \"b\" # mine\n\n# beta\n[profiles.b]\nurl = \"http://h/MAAS\" # b's\n\
                later = [1,\n  2, # two\n]\n\n# alpha\n[profiles.a]\nservice   =   'maas'\nurl = \"http://i/MAAS\"\n\n[else]\nx = 1\n# foot\n";
    home.write_config(text);
    home.run(&["profile", "use", "a"]).code(0);
    let used = text.replace("default = \"b\" # mine", "default = \"a\" # mine");
    assert_eq!(home.config(), used);
    home.run(&["profile", "rename", "a", "c"]).code(0);
    let renamed = used
        .replace("default = \"a\"", "default = \"c\"")
        .replace("[profiles.a]", "[profiles.c]");
    assert_eq!(home.config(), renamed);
    login(&home, "d").code(0);
    let added = "\n[profiles.d]\nservice = \"maas\"\nurl = \"http://127.0.0.1:9/MAAS\"\n\
                 key = \"aaaaaaaaaaaaaaaaaa:bbbbbbbbbbbbbbbbbb:cccccccccccccccccccccccccccccccc\"\n";
    let config = home.config();
    assert_eq!(config.replacen(added, "", 1), renamed, "{config}");
    home.run(&["profile", "remove", "d"]).code(0);
    assert_eq!(home.config(), renamed);
    home.run(&["logout", "b"]).code(0);
    assert_eq!(
        home.config(),
        "# head\n\nfuture = { a = 1 }\ndefault = \"c\" # mine\n\n# beta\n\n# alpha\n[profiles.c]\nservice   =   'maas'\n\
         url = \"http://i/MAAS\"\n\n[else]\nx = 1\n# foot\n"
    );
    // A change that changes nothing does not touch the file.
    let before = fs::metadata(home.config_path()).unwrap().ino();
    home.run(&["profile", "use", "c"]).code(0);
    assert_eq!(fs::metadata(home.config_path()).unwrap().ino(), before);
}

#[test]
fn a_symlink_stays_and_its_target_is_replaced() {
    let home = Home::empty();
    let dotfiles = home.path().join("dotfiles");
    fs::create_dir_all(&dotfiles).unwrap();
    let target = dotfiles.join("apicall.toml");
    let link = home.config_path();
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    symlink("../../dotfiles/apicall.toml", &link).unwrap();
    // The target does not exist yet.
    login(&home, "lab").code(0);
    login(&home, "two").code(0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::read_link(&link).unwrap(),
        Path::new("../../dotfiles/apicall.toml")
    );
    assert!(!fs::symlink_metadata(&target).unwrap().is_symlink());
    assert_eq!(mode(&target), 0o600);
    let text = fs::read_to_string(&target).unwrap();
    assert!(text.contains("[profiles.lab]") && text.contains("[profiles.two]"));
    // Links that go in a circle lead nowhere.
    fs::remove_file(&target).unwrap();
    symlink(&link, &target).unwrap();
    login(&home, "lab").fails(9, "symbolic links");
}

#[test]
fn pipes_and_devices_are_read_and_never_replaced() {
    let home = Home::empty();
    let null = home.path().join("null");
    symlink("/dev/null", &null).unwrap();
    let home = home.var("APICALL_CONFIG", &null);
    home.run(&["profile", "list"]).code(0);
    login(&home, "lab").fails(9, "/dev/null is not a file that can be changed");
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    let home = Home::empty();
    let folder = home.path().to_owned();
    let home = home.var("APICALL_CONFIG", &folder);
    home.run(&["profile", "list"]).fails(9, "directory");
    login(&home, "lab").fails(9, "directory");
}

#[test]
fn a_folder_that_can_not_be_written_is_reported_before_a_key_is_wanted() {
    let home = Home::empty();
    let closed = home.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(closed.join("config.toml"), PROFILE).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let home = home.var("APICALL_CONFIG", closed.join("config.toml"));
    let args = ["login", "http://127.0.0.1:9/MAAS", "--no-verify", "-p", "x"];
    let ended = as_nobody(home.command(&args)).fails(1, "Permission denied");
    assert!(ended.stderr.contains("closed"), "{ended:#?}");
    as_nobody(home.command(&["profile", "list"])).ok();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_read_only_mount_is_read_whatever_its_modes() {
    let home = Home::empty();
    let keyed = format!("{PROFILE}key = \"c:t:s\"\n");
    home.write_config(&keyed);
    set_mode(&home.config_path(), 0o666);
    let folder = home.config_path().parent().unwrap().to_owned();
    let script = format!(
        "mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}' || exit 77\n\"$@\"",
        folder.display()
    );
    let run = |args: &[&str]| {
        let command = home.command(args);
        let output = Command::new("unshare")
            .args(["-m", "sh", "-c", &script, "sh"])
            .arg(command.get_program())
            .args(command.get_args())
            .env("HOME", home.path())
            .output();
        let output = output.ok()?;
        let may_not_mount = output.status.code() == Some(77)
            || String::from_utf8_lossy(&output.stderr).contains("unshare:");
        (!may_not_mount).then(|| Ended {
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap_or(-1),
        })
    };
    // Mounting needs rights that not everybody who tests has.
    let Some(listed) = run(&["profile", "list", "-o", "json"]) else {
        return;
    };
    assert_eq!(listed.ok().json()[0]["name"], "lab");
    let use_it = run(&["profile", "use", "lab"]).unwrap();
    use_it.fails(1, "Read-only file system");
    assert_eq!(home.config(), keyed);
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    let home = Home::empty();
    let mount = home.path().join("full");
    fs::create_dir(&mount).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=8k,mode=700 tmpfs '{0}' || exit 77\n\
         printf '%s' \"$TEXT\" > '{0}/c.toml'; chmod 600 '{0}/c.toml'\n\
         dd if=/dev/zero of='{0}/fill' bs=1k count=64 2>/dev/null\n\
         APICALL_CONFIG='{0}/c.toml' \"$@\"; code=$?; cat '{0}/c.toml'; ls -A '{0}' >&2; exit $code",
        mount.display()
    );
    let command = home.command(&["profile", "use", "lab"]);
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", &script, "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .env("TEXT", PROFILE)
        .output();
    let Ok(output) = output else { return };
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) || stderr.contains("unshare:") {
        return;
    }
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("No space left on device"), "{stderr}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), PROFILE);
    let left: Vec<&str> = stderr
        .lines()
        .filter(|line| line.starts_with(".c.toml-"))
        .collect();
    assert!(left.is_empty(), "{stderr}");
}

#[test]
fn broken_toml_is_named_by_its_line_and_never_by_its_text() {
    let home = Home::empty();
    for (text, line) in [
        ("default = \"x\"\n[profiles.a]\nkey = \"c:t:SECRET\n", 3),
        ("key = SECRET\n", 1),
        ("\n\n[profiles.a\nurl = \"SECRET\"\n", 3),
        (
            "[profiles.a]\nkey = \"c:t:SECRET\"\nkey = \"c:t:SECRET\"\n",
            3,
        ),
        ("SECRET\n", 1),
    ] {
        home.write_config(text);
        for args in [
            &["profile", "list"][..],
            &["get", "/x/", "-v"],
            &["logout", "a"],
        ] {
            let ended = home.run(args).fails(9, &format!("line {line} is not TOML"));
            assert!(!ended.stderr.contains("SECRET"), "{ended:#?}");
            assert!(ended.stderr.contains("config.toml: "), "{ended:#?}");
        }
        let ended = login(&home, "lab").fails(9, &format!("line {line}"));
        assert!(!ended.stderr.contains("SECRET"), "{ended:#?}");
        assert_eq!(home.config(), text);
    }
    for (text, why) in [
        ("default = 3\n", "`default` is not a string"),
        ("profiles = 3\n", "`profiles` is not a table"),
        ("[[profiles]]\nurl = 'x'\n", "`profiles` is not a table"),
    ] {
        home.write_config(text);
        home.run(&["profile", "list"]).fails(9, why);
    }
    home.write_config("");
    fs::write(home.config_path(), b"default = \"\xff\"\n").unwrap();
    home.run(&["profile", "list"]).fails(9, "UTF-8");
}

#[test]
fn an_empty_file_is_no_fault() {
    let home = Home::empty();
    for text in ["", "# nothing yet\n", "\u{feff}", "[profiles]\n"] {
        home.write_config(text);
        let ended = home.run(&["profile", "list"]).code(0);
        assert!(ended.stderr.contains("no profiles yet"), "{ended:#?}");
        assert_eq!(
            home.run(&["profile", "list", "-o", "json"]).ok().stdout(),
            "[]\n"
        );
        home.run(&["whoami"]).fails(9, "there is no profile in");
        login(&home, "lab").code(0);
        home.run(&["profile", "show", "lab"]).ok();
    }
}
