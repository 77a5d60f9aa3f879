//! Files that lie about: what 0.1.0 left behind, modes of unfinished files, names a server gives.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::sandbox::{Effect, Fault, Ranges, Sandbox};
use crate::support::{Home, mode, set_mode};
use crate::typed::words;

const TAG: &str = "\"v1\"";

fn body() -> Vec<u8> {
    (0..100_000u32).flat_map(u32::to_le_bytes).collect()
}

fn file() -> Fault {
    Fault::body(200, "application/octet-stream", body())
}

fn ranged() -> Fault {
    file().and(Effect::Ranges(Ranges::etag(TAG)))
}

fn sha256(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, bytes))
}

fn read(home: &Home, name: &str) -> Vec<u8> {
    fs::read(home.path().join(name)).unwrap()
}

/// All names in the home but the config's.
fn names(home: &Home) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(home.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n != ".config")
        .collect();
    names.sort();
    names
}

/// A config as 0.1.0 wrote it, with what its users added by hand.
#[test]
fn a_config_of_0_1_0_is_taken_over() {
    let sandbox = Sandbox::start();
    let home = Home::empty().var("KEY", sandbox.maas_key());
    let old = format!(
        "# mine\ndefault = \"lab\"\n\n[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{}\"\n\
         timeout = 30\nconnect_timeout = \"5s\"\nretries = 2\nprotected = true\n\n\
         [profiles.play]\nurl = \"{}\"\nservice = \"macrometa\"\nfabric = \"_system\"\nscheme = \"apikey\"\n\
         key = \"{}\"\ninsecure = false\nproxy = \"\"\n\n[profiles.play.headers]\nX-Team = \"dc\"\n\n\
         [profiles.guessed]\nurl = \"{}\"\nkey_env = \"KEY\"\n",
        sandbox.maas_url(),
        sandbox.maas_key(),
        sandbox.url(),
        sandbox.macrometa_key(),
        sandbox.maas_url(),
    );
    home.write_config(&old);
    home.run(&["get", "/users/", "--op", "whoami"]).ok();
    home.run(&["get", "collection", "-p", "play"]).ok();
    assert_eq!(sandbox.last().header("x-team"), Some("dc"));
    home.run(&["get", "/users/", "--op", "whoami", "-p", "guessed"])
        .ok();
    home.run(&["profile", "use", "play"]).code(0);
    let want = old.replace("default = \"lab\"", "default = \"play\"");
    assert_eq!(home.config(), want, "the rest stays as it was");
    assert_eq!(mode(&home.config_path()), 0o600);
    // 0.1.0 let everybody read headers; now they count as secrets.
    home.write_config(&old.replace("X-Team", "X-Api-Key"));
    set_mode(&home.config_path(), 0o644);
    let ended = home
        .run(&["profile", "list"])
        .fails(9, "everybody can read");
    let path = home.config_path().display().to_string();
    assert!(ended.stderr.contains(&path), "{ended:?}");
    assert!(
        ended
            .stderr
            .ends_with(&format!("hint: chmod 600 '{path}'\n")),
        "{ended:?}"
    );
}

/// An import of six documents by 0.1.0 that was killed: two are done, one of them refused; two
/// were not stored; two were sent, and nothing is known of them.
struct Killed {
    sandbox: Sandbox,
    home: Home,
}

impl Killed {
    fn new() -> Self {
        let sandbox = Sandbox::start();
        sandbox.create_collection("_system", "c");
        sandbox.create_collection("_system", "e");
        let sent = [4, 5].map(|n| json!({"_key": n.to_string(), "n": n}));
        sandbox.put_documents("_system", "c", sent);
        let home = Home::with_profiles(&sandbox);
        let text: String = (0..6)
            .map(|n| format!("{{\"_key\":\"{n}\",\"n\":{n}}}\n"))
            .collect();
        let source = home.file("d.ndjson", &text);
        let found = fs::metadata(&source).unwrap();
        let modified = found.modified().unwrap().duration_since(UNIX_EPOCH);
        let modified = modified.unwrap();
        let reject = "{\"line\":2,\"error\":\"unique constraint violated\",\"errorNum\":1210,\
                      \"document\":{\"_key\":\"1\",\"n\":1}}\n";
        set_mode(&home.file("r", reject), 0o644);
        let journal = format!(
            "{{\"apicall\":\"import\",\"version\":1,\"url\":\"{}\",\"fabric\":\"_system\",\
             \"collection\":\"c\",\"source\":{{\"size\":{},\"modified\":\"{}.{:09}\",\
             \"start_sha256\":\"{}\"}},\"format\":\"ndjson\",\"types\":[],\"guess_types\":false,\
             \"primary_key\":null,\"replace\":false,\"rejects\":\"r\"}}\n\
             {{\"begun\":[0,2]}}\n\
             {{\"done\":[0,2],\"how\":{{\"created\":1,\"failed\":{{\"1210\":1}},\"unread\":0,\
             \"others\":0,\"rejects\":{}}}}}\n\
             {{\"begun\":[2,2]}}\n{{\"undone\":[2,2]}}\n{{\"begun\":[4,2]}}\n{{\"done\":[4,",
            sandbox.url(),
            found.len(),
            modified.as_secs(),
            modified.subsec_nanos(),
            sha256(text.as_bytes()),
            reject.len(),
        );
        set_mode(&home.file("j", journal), 0o644);
        Self { sandbox, home }
    }
}

const RESUME: &str = "import c d.ndjson -p play --batch-size 2 --journal j --rejects r --resume";

#[test]
fn a_journal_of_0_1_0_is_resumed() {
    let Killed { sandbox, home } = Killed::new();
    let rejects = read(&home, "r");
    let ended = home.run(&words(RESUME)).code(11);
    let result = ended.json();
    assert_eq!(result["created"], 5, "{ended:#?}");
    assert_eq!(result["by_error"], json!({"1210": 1}), "{ended:#?}");
    assert_eq!(read(&home, "r"), rejects, "what was written there is kept");
    let mut keys: Vec<Value> = sandbox
        .documents("_system", "c")
        .iter()
        .map(|d| d["_key"].clone())
        .collect();
    keys.sort_by_key(ToString::to_string);
    assert_eq!(keys, ["2", "3", "4", "5"], "what is done is not sent again");
    sandbox.forget_requests();
    home.run(&words(RESUME)).code(11);
    let posts = sandbox.requests().iter().any(|r| r.method == "POST");
    assert!(!posts, "it is finished");
}

#[test]
fn a_journal_of_0_1_0_that_does_not_fit_is_refused_by_name() {
    for (line, prepare, code, text) in [
        (
            RESUME.replace("import c", "import e"),
            0o644,
            2,
            "the journal `j` belongs to another run: `collection` differs",
        ),
        (
            format!("{RESUME} --replace"),
            0o644,
            2,
            "the journal `j` belongs to another run: `replace` differs",
        ),
        (
            RESUME.to_owned(),
            0o666,
            9,
            "j: can be written by everybody",
        ),
    ] {
        let Killed { sandbox, home } = Killed::new();
        let sandbox = sandbox.may_stay_silent();
        let before = read(&home, "j");
        set_mode(&home.path().join("j"), prepare);
        let ended = home.run(&words(&line)).fails(code, text);
        assert!(ended.stderr.contains("hint: "), "{ended:?}");
        // But for a line without an end, which says nothing.
        let end = before.iter().rposition(|b| *b == b'\n').unwrap() + 1;
        assert!(read(&home, "j").starts_with(&before[..end]), "{line}");
        assert!(sandbox.requests().iter().all(|r| r.method != "POST"));
    }
}

/// A part of 150 kB and its record, as 0.1.0 left them; `more` stands in the record as well. The
/// address is hashed as it was sent, with the slash that MAAS wants.
fn old_part(sandbox: &Sandbox, home: &Home, path: &str, more: &str) {
    let address = format!("{}/api/2.0{path}/", sandbox.maas_url());
    home.file("x.bin.part", &body()[..150_000]);
    home.file(
        "x.bin.part.json",
        format!(
            "{{\"address\":\"{}\",\"validator\":\"\\\"v1\\\"\",\"total\":400000{more}}}\n",
            sha256(address.as_bytes())
        ),
    );
    for name in ["x.bin.part", "x.bin.part.json"] {
        set_mode(&home.path().join(name), 0o644);
    }
}

const CONTINUE: [&str; 5] = ["get", "/files/x", "--download", "x.bin", "-c"];

#[test]
fn a_part_of_0_1_0_is_continued() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    old_part(&sandbox, &home, "/files/x", "");
    sandbox.fault(ranged().and(Effect::CutInBody(50_000)));
    home.run(&CONTINUE).fails(7, "cut short");
    assert_eq!(sandbox.last().header("range"), Some("bytes=150000-"));
    assert_eq!(sandbox.last().header("if-range"), Some(TAG));
    sandbox.fault(ranged());
    home.run(&CONTINUE).ok();
    assert_eq!(sandbox.last().header("range"), Some("bytes=200000-"));
    assert_eq!(read(&home, "x.bin"), body());
    assert_eq!(names(&home), ["x.bin"]);
    // One that is begun anew has its record replaced.
    fs::remove_file(home.path().join("x.bin")).unwrap();
    old_part(&sandbox, &home, "/files/x", "");
    sandbox.fault(ranged().and(Effect::CutInBody(1000)));
    home.run(&CONTINUE[..4]).fails(7, "cut short");
    assert_eq!(read(&home, "x.bin.part"), body()[..1000]);
    assert!(read(&home, "x.bin.part.json").starts_with(b"{\"apicall\":"));
}

#[test]
fn a_part_of_0_1_0_that_does_not_fit_is_refused_by_name() {
    let sandbox = Sandbox::start();
    for (path, more, text, left) in [
        (
            "/files/y",
            "",
            "`x.bin.part` belongs to another download",
            &["x.bin"][..],
        ),
        (
            "/files/x",
            ",\"pieces\":[]",
            "`x.bin.part` has no record",
            &["x.bin", "x.bin.part", "x.bin.part.json"],
        ),
    ] {
        let home = Home::with_profiles(&sandbox);
        old_part(&sandbox, &home, path, more);
        sandbox.fault(ranged());
        let ended = home.run(&CONTINUE).code(0);
        assert!(ended.stderr.contains(text), "{ended:?}");
        assert_eq!(sandbox.last().header("range"), None);
        assert_eq!(read(&home, "x.bin"), body());
        assert_eq!(names(&home), left);
        // Another program's is not touched.
        if left.len() > 1 {
            assert_eq!(read(&home, "x.bin.part"), body()[..150_000]);
        }
    }
}

/// Starts a line with a umask.
fn start(home: &Home, umask: &str, line: &str) -> Child {
    let apicall = env!("CARGO_BIN_EXE_apicall");
    let script = format!("umask {umask}; exec {apicall} {line}");
    Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Returns the unfinished file beside `x.bin`. A part that can be continued has its own name, and a
/// record, which is written by way of a temporary file, too.
fn unfinished(home: &Home, is_part: bool) -> Option<PathBuf> {
    let is_it = |name: &String| {
        if is_part {
            name == "x.bin.part"
        } else {
            name.starts_with(".apicall-") && name.ends_with(".part")
        }
    };
    let name = names(home).into_iter().find(is_it)?;
    Some(home.path().join(name))
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.size())
}

/// The run stands still in its middle; what is on the disk then is looked at.
#[test]
fn an_unfinished_file_has_the_mode_of_the_file_it_becomes() {
    const DOWNLOAD: &str = "get /files/x --download x.bin";
    for (line, is_part, old) in [
        (DOWNLOAD, false, false),
        ("get /files/x --download x.bin ", true, false),
        ("get /files/x --download x.bin -c", true, true),
        ("export c -p play --to x.bin --page-size 10", false, false),
        (
            "export c -p play --by offset --to x.bin --page-size 10",
            true,
            false,
        ),
    ] {
        for (umask, target, want) in [
            ("022", None, 0o644),
            ("077", None, 0o600),
            ("022", Some(0o600), 0o600),
            ("077", Some(0o640), 0o640),
        ] {
            // A part that is taken up stays as it is where nothing is replaced.
            if old && target.is_none() {
                continue;
            }
            let sandbox = Sandbox::start();
            let home = Home::with_profiles(&sandbox);
            sandbox.fill_collection("_system", "c", 30);
            if let Some(mode) = target {
                set_mode(&home.file("x.bin", "before"), mode);
            }
            let mut had = 0;
            if old {
                old_part(&sandbox, &home, "/files/x", "");
                had = 150_000;
            }
            let is_download = line.starts_with("get");
            sandbox.fault(if line == DOWNLOAD {
                file().and(Effect::StallInBody(100_000))
            } else if is_download {
                ranged().and(Effect::StallInBody(100_000))
            } else {
                Fault::from(Effect::StallBeforeHead).after(1).always()
            });
            let child = start(&home, umask, line);
            let started = Instant::now();
            let path = loop {
                match unfinished(&home, is_part) {
                    Some(path) if is_download && length(&path) > had => break path,
                    Some(path) if !is_download && sandbox.requests().len() > 1 => break path,
                    _ => {}
                }
                assert!(
                    started.elapsed() < Duration::from_secs(20),
                    "{line}: no file: {:?} {:?}",
                    names(&home),
                    sandbox.requests().len()
                );
                std::thread::sleep(Duration::from_millis(1));
            };
            let found = mode(&path);
            let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
            kill_process(pid, Signal::TERM).unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(
                found, want,
                "{line}, umask {umask}, target {target:?}: {output:?}"
            );
            assert_eq!(output.status.code(), Some(143), "{output:?}");
        }
    }
}

/// A part that is gone on with becomes a file that only its user reads.
#[test]
fn a_part_of_before_takes_the_mode_of_what_it_replaces() {
    let sandbox = Sandbox::start();
    sandbox.fill_collection("_system", "c", 30);
    let home = Home::with_profiles(&sandbox);
    let line = "export c -p play --by offset --to out --resume";
    home.run(&words(line)).code(0);
    let all = read(&home, "out");
    set_mode(&home.path().join("out"), 0o600);
    let first: Vec<&[u8]> = all.split_inclusive(|b| *b == b'\n').take(10).collect();
    set_mode(&home.file("out.part", first.concat()), 0o644);
    let url = sandbox.url();
    home.file(
        "out.part.json",
        format!("{{\"url\":\"{url}\",\"fabric\":\"_system\",\"collection\":\"c\"}}"),
    );
    home.run(&words(line)).code(0);
    assert_eq!(read(&home, "out"), all);
    assert_eq!(mode(&home.path().join("out")), 0o600);
}

/// Documents and keys are secrets, whatever the umask.
#[test]
fn what_may_hold_a_secret_is_the_user_s_alone() {
    let sandbox = Sandbox::start();
    sandbox.create_collection("_system", "c");
    let home = Home::with_profiles(&sandbox);
    home.file("d.ndjson", "{\"_key\":\"a\"}\nbad\n");
    for umask in ["000", "022"] {
        for (name, line) in [
            ("j", "import c d.ndjson -p play --journal j --rejects r"),
            (".cache/apicall/maas-describe-1", "ops -p lab"),
            (".config/apicall/config.toml", "profile use play"),
        ] {
            let output = start(&home, umask, line).wait_with_output().unwrap();
            let code = if name == "j" { 11 } else { 0 };
            assert_eq!(output.status.code(), Some(code), "{line}: {output:?}");
            let mut paths = vec![home.path().join(name)];
            if name == "j" {
                paths.push(home.path().join("r"));
            } else if paths[0].is_dir() {
                let files = fs::read_dir(&paths[0]).unwrap();
                paths = files.map(|e| e.unwrap().path()).collect();
            }
            for path in paths {
                assert_eq!(mode(&path), 0o600, "umask {umask}: {}", path.display());
                fs::remove_file(&path).unwrap();
            }
        }
        home.write_config(&Home::with_profiles(&sandbox).config());
    }
}

#[test]
fn a_name_that_a_shell_or_a_reader_mistakes_is_refused() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (name, encoded) in [
        ("a$(id).bin", "a%24%28id%29.bin"),
        ("$HOME", "%24HOME"),
        ("a`id`", "a%60id%60"),
        ("*", "%2A"),
        ("a*.bin", "a%2A.bin"),
        ("a;id", "a%3Bid"),
        ("-rf", "-rf"),
        ("--help", "--help"),
        ("a\u{202e}nib.exe", "a%E2%80%AEnib.exe"),
        ("a\u{2066}b", "a%E2%81%A6b"),
        ("a\u{200b}b", "a%E2%80%8Bb"),
        ("a\u{1b}[2J", "a%1B%5B2J"),
        (".bashrc", ".bashrc"),
    ] {
        let mut ways = vec![(
            format!("attachment; filename=x; filename*=UTF-8''{encoded}"),
            "/files/x".to_owned(),
        )];
        if name.is_ascii() && !name.contains('\u{1b}') {
            let quoted = format!("attachment; filename=\"{name}\"");
            ways.push((quoted, "/files/x".to_owned()));
        }
        ways.push(("attachment".to_owned(), format!("/files/{encoded}")));
        for (disposition, path) in ways {
            for fault in [file(), ranged()] {
                sandbox.fault(fault.with_header("Content-Disposition", &disposition));
                let what = format!("{disposition} {path}");
                let ended = home.run(&["get", &path, "-O"]).fails(1, "the file's name");
                let hint = "\nhint: name it yourself: `--download FILE`\n";
                assert!(ended.stderr.ends_with(hint), "{what}: {ended:?}");
                // The terminal is not asked to turn either.
                let is_plain = |c: char| c == '\n' || (' '..='~').contains(&c);
                assert!(ended.stderr.chars().all(is_plain), "{what}: {ended:?}");
                assert_eq!(names(&home), [""; 0], "{what}");
            }
        }
    }
}
