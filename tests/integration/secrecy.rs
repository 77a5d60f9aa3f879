//! No secret: whatever is run, however it ends, no key shows up where it was not asked for.
//!
//! Every command runs in every verbosity with success and failure, for both services; then
//! stdout, stderr, all files of the home folder and the arguments of all processes are searched
//! for the key and its parts, also in the forms that a header has them in.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::{Ended, Home, set_mode};

/// A key like the sandbox's own whose secret is another: MAAS answers it with the right one.
const WRONG_MAAS: &str = "Kd83hTgRw2LmPq9ZxB:vN4cYs7HkW1fQjE6Ub:Zq6WsT4yHn8RbK2mXc5VfJ9gLd3PuA7e";
const WRONG_MACROMETA: &str = "demo_example.com.k1.Xw9Ht3PzKc7RbQ5NmVd2JfLs8YgTa6EuWv4ZxCj1DrGk";
const HEADER: &str = "hdr-8Kq3ZtXw7Rb";
const COOKIE: &str = "session=Jd82mQpL5vTz";
const PASSWORD: &str = "pw-6YnC4sHf";

/// What must not be seen: keys, their parts, and what they look like in a header.
fn needles(sandbox: &Sandbox) -> Vec<String> {
    let mut list = Vec::new();
    for key in [
        sandbox.maas_key(),
        WRONG_MAAS,
        sandbox.macrometa_key(),
        WRONG_MACROMETA,
    ] {
        list.push(key.to_owned());
        if key.contains(':') {
            list.extend(key.split(':').map(str::to_owned));
        } else {
            list.extend(key.rsplit('.').next().map(str::to_owned));
        }
    }
    list.extend([HEADER, COOKIE, PASSWORD].map(str::to_owned));
    let engine = base64::engine::general_purpose::STANDARD_NO_PAD;
    let encoded: Vec<String> = list
        .iter()
        .flat_map(|n| [engine.encode(n), n.replace(':', "%3A")])
        .chain([engine.encode(format!("me:{PASSWORD}"))])
        .collect();
    list.extend(encoded);
    list
}

#[track_caller]
fn search(place: &str, text: &[u8], needles: &[String]) {
    for needle in needles {
        assert!(
            !text.windows(needle.len()).any(|w| w == needle.as_bytes()),
            "{needle:?} in {place}: {}",
            String::from_utf8_lossy(text)
        );
    }
}

#[track_caller]
fn search_run(args: &[&str], ended: &Ended, needles: &[String]) {
    search(&format!("stdout of {args:?}"), &ended.stdout, needles);
    search(
        &format!("stderr of {args:?}"),
        ended.stderr.as_bytes(),
        needles,
    );
}

/// Searches all files of the home, but for the config's own lines of secrets.
fn search_home(home: &Home, needles: &[String]) {
    fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, visit);
            } else {
                visit(&path);
            }
        }
    }
    walk(home.path(), &mut |path| {
        let text = fs::read(path).unwrap();
        let own = path == home.config_path();
        for line in text.split(|b| *b == b'\n') {
            let is_secret = [&b"key = "[..], b"headers = ", b"proxy = "]
                .iter()
                .any(|start| line.starts_with(start));
            if !(own && is_secret) {
                search(&path.display().to_string(), line, needles);
            }
        }
    });
}

struct Setting {
    name: &'static str,
    maas_url: String,
    macrometa_url: String,
    keys: [String; 2],
    code: i32,
}

fn settings(sandbox: &Sandbox) -> Vec<Setting> {
    let right = [sandbox.maas_key(), sandbox.macrometa_key()].map(str::to_owned);
    let wrong = [WRONG_MAAS, WRONG_MACROMETA].map(str::to_owned);
    let closed = format!("http://127.0.0.1:{}", Sandbox::closed_port());
    let not_tls = sandbox.url().replace("http:", "https:");
    let at = |name, origin: &str, keys: &[String; 2], code| Setting {
        name,
        maas_url: format!("{origin}/MAAS"),
        macrometa_url: origin.to_owned(),
        keys: keys.clone(),
        code,
    };
    let mut broken = right.clone();
    broken[0].push_str(":more");
    broken[1].push_str(" more");
    vec![
        at("right", &sandbox.url(), &right, 0),
        at("wrong", &sandbox.url(), &wrong, 4),
        at("refused", &closed, &right, 7),
        at("not TLS", &not_tls, &right, 8),
        at("malformed", &sandbox.url(), &broken, 9),
    ]
}

fn home_of(setting: &Setting) -> Home {
    let home = Home::empty();
    home.write_config(&format!(
        "default = \"lab\"\n[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{}\"\nretries = 0\n\
         headers = {{ X-Extra = \"{HEADER}\", Cookie = \"{COOKIE}\" }}\nproxy = \"http://me:{PASSWORD}@127.0.0.1:9\"\n\
         [profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\nkey = \"{}\"\nretries = 0\n\
         headers = {{ X-Extra = \"{HEADER}\", Cookie = \"{COOKIE}\" }}\n",
        setting.maas_url, setting.keys[0], setting.macrometa_url, setting.keys[1],
    ));
    home
}

const LOUDNESS: [&[&str]; 9] = [
    &[],
    &["-v"],
    &["-vv"],
    &["-i"],
    &["-vv", "-i", "-o", "raw"],
    &["-o", "json"],
    &["-o", "compact", "-v"],
    &["--error-body", "stdout"],
    &["-vv", "--error-body", "none"],
];

/// A call with flags that are added to it.
fn with<'a>(call: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [call, more].concat()
}

#[test]
fn no_call_shows_a_key() {
    let sandbox = Sandbox::start();
    let needles = needles(&sandbox);
    for setting in settings(&sandbox) {
        let home = home_of(&setting);
        let mut codes = Vec::new();
        for call in [
            &["get", "/machines/", "hostname=node18"][..],
            &["whoami"],
            &["whoami", "-p", "play"],
            &["get", "collection", "-p", "play"],
        ] {
            for loudness in LOUDNESS {
                let args = with(call, loudness);
                let ended = home.run(&args);
                search_run(&args, &ended, &needles);
                codes.push(ended.code);
            }
        }
        // It ended as it was meant to, so that each cause was seen.
        assert!(
            codes.iter().all(|code| *code == setting.code),
            "{}: {codes:?}",
            setting.name
        );
        for args in [
            &["post", "/tags/", "name=x", "-vv"][..],
            &["put", "/tags/gpu/", "comment=x", "-v"],
            &["delete", "/tags/none/", "-vv"],
            &["head", "/machines/", "-v"],
            &["options", "/machines/", "-vv"],
            &["call", "PROPFIND", "/machines/", "-v"],
            &["get", "/machines", "--op", "nope", "-vv"],
            &["get", "/nothing/", "-i"],
            &["get", "document/none/1", "-p", "play", "-vv"],
            &["post", "collection", "name=x", "-p", "play", "-vv"],
            &["profile", "list"],
            &["profile", "list", "-o", "json"],
            &["profile", "show", "lab"],
            &["profile", "show", "play", "-o", "json"],
            &["profile", "use", "play"],
            &["profile", "rename", "play", "new"],
            &["profile", "remove", "new"],
            &["profile", "path"],
            &["logout", "none"],
            &["logout", "lab"],
            &["profile", "list"],
        ] {
            search_run(args, &home.run(args), &needles);
        }
        search_home(&home, &needles);
        assert_eq!(home.config(), "");
    }
}

/// The one command that is asked for the key: it stands in its line and nowhere else.
#[test]
fn only_auth_header_shows_a_key() {
    let sandbox = Sandbox::start().may_stay_silent();
    let needles = needles(&sandbox);
    for setting in settings(&sandbox) {
        let home = home_of(&setting);
        for profile in ["lab", "play"] {
            let ended = home.run(&["auth-header", "-p", profile]);
            if setting.code == 9 {
                search_run(&["auth-header"], &ended.code(9), &needles);
                continue;
            }
            let ended = ended.ok();
            let line = ended.stdout();
            assert!(line.starts_with("Authorization: "), "{line}");
            // What a profile sends besides the key is not part of it.
            for other in [HEADER, COOKIE, PASSWORD] {
                assert!(!line.contains(other), "{line}");
            }
        }
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn no_dry_run_shows_a_key_even_where_it_was_typed() {
    let sandbox = Sandbox::start().may_stay_silent();
    let needles = needles(&sandbox);
    let home = home_of(&settings(&sandbox)[0]);
    let key = sandbox.maas_key();
    let (field, query, header) = (
        format!("note=my key is {key}"),
        format!("q=={key}"),
        format!("X-Mine:{key}"),
    );
    for args in [
        &["get", "/machines/", "--dry-run"][..],
        &[
            "post", "/tags/", &field, &query, &header, "--force", "--as", "curl",
        ],
        &["get", "collection", "-p", "play", "--as", "python"],
        &["get", "collection", "-p", "play", "--dry-run", "-v"],
        &["post", "/tags/", &field, "--dry-run"],
        &["get", "/tags/", &query, "--dry-run"],
        &["get", "/tags/", &header, "--dry-run"],
        &["post", "/tags/", "Cookie:session=Jd82mQpL5vTz", "--dry-run"],
        &["post", "/users/", "password=pw-6YnC4sHf", "--dry-run"],
    ] {
        let ended = home.run(args).code(0);
        search_run(args, &ended, &needles);
        let shown = ["***", "$APICALL_", "variable("];
        assert!(
            shown.iter().any(|s| ended.stdout().contains(s)),
            "{ended:#?}"
        );
    }
}

#[test]
fn no_login_shows_a_key() {
    let sandbox = Sandbox::start();
    let needles = needles(&sandbox);
    for setting in settings(&sandbox) {
        for (url, key, service) in [
            (&setting.maas_url, &setting.keys[0], "maas"),
            (&setting.macrometa_url, &setting.keys[1], "macrometa"),
        ] {
            let home = Home::empty().var("A_KEY", key);
            let login = ["login", url, "--service", service, "-p", "it", "--replace"];
            for more in [
                &["--key-stdin"][..],
                &["--key-env", "A_KEY"],
                &["--key-command", "printf %s \"$A_KEY\""],
                &[
                    "--key-stdin",
                    "--proxy",
                    "http://me:pw-6YnC4sHf@127.0.0.1:9",
                ],
            ] {
                let args = with(&login, more);
                let ended = home.run_with(&args, key.as_bytes());
                let want = if setting.code == 4 { 9 } else { setting.code };
                assert_eq!(ended.code, want, "{args:?} {ended:#?}");
                search_run(&args, &ended, &needles);
                search_home(&home, &needles);
            }
        }
    }
}

#[test]
fn no_failure_of_the_server_shows_a_key() {
    let sandbox = Sandbox::start();
    let needles = needles(&sandbox);
    let home = home_of(&settings(&sandbox)[0]);
    // Servers and proxies like to repeat what they were sent.
    let echo = format!(
        "bad header Authorization: OAuth oauth_token=\"vN4cYs7HkW1fQjE6Ub\" {}",
        sandbox.maas_key()
    );
    for fault in [
        Fault::body(400, "text/plain", echo.as_bytes()),
        Fault::body(400, "text/html", format!("<h1>{echo}</h1>")),
        Fault::body(
            500,
            "application/json",
            format!("{{\"error\":true,\"errorMessage\":{echo:?}}}"),
        ),
        Fault::redirect(302, format!("http://elsewhere/?key={}", sandbox.maas_key())),
        Fault::status(200).with_header("Set-Cookie", COOKIE),
        Fault::from(Effect::CutInHead),
        Fault::from(Effect::CutInBody(3)),
        Fault::garbage(),
        Fault::raw(format!("{echo}\r\n\r\n")),
    ] {
        for loudness in [&[][..], &["-v"], &["-vv"]] {
            sandbox.fault(fault.clone());
            let args = with(&["get", "/machines/"], loudness);
            search_run(&args, &home.run(&args), &needles);
            sandbox.clear_faults();
        }
    }
}

#[test]
fn no_argument_of_any_process_holds_a_key() {
    let sandbox = Sandbox::start();
    let needles = needles(&sandbox);
    for source in [
        format!("key = \"{}\"", sandbox.maas_key()),
        "key_file = \"~/key\"".to_owned(),
        "key_env = \"A_KEY\"".to_owned(),
        "key_command = \"sleep 0.2; cat ~/key\"".to_owned(),
    ] {
        let home = Home::empty().var("A_KEY", sandbox.maas_key());
        set_mode(&home.file("key", sandbox.maas_key()), 0o600);
        home.write_config(&format!(
            "[profiles.lab]\nurl = \"{}\"\n{source}\n",
            sandbox.maas_url()
        ));
        sandbox.fault(Fault::from(Effect::Delay(Duration::from_millis(200))));
        let mut child = home.spawn(&["get", "/version/", "-v"]);
        let mut seen = 0;
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(started.elapsed() < Duration::from_secs(60));
            for pid in descendants(child.id()) {
                // One that ended in the meantime has no arguments any more.
                let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
                search("arguments", &arguments, &needles);
                seen += 1;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(child.wait().unwrap().success());
        assert!(seen > 5, "{seen} looks at {source}");
    }
}

/// A process and all below it.
pub fn descendants(of: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{of}/task/{of}/children"));
    let below = children
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .flat_map(descendants)
        .collect();
    [vec![of], below].concat()
}
