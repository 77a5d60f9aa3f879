//! CONTRACT: "Masked as `***` on stderr, in `--dry-run`, `--as`, journals and logs", in every form
//! in which a secret comes back, wherever a text is cut.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::sandbox::{Fault, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

const MIB: usize = 1024 * 1024;
const HEADER: &str = "s3cr3tpw";
const LANGUAGES: [&str; 6] = ["curl", "httpie", "fish", "python", "ruby", "javascript"];

fn home(sandbox: &Sandbox) -> Home {
    let home = Home::empty();
    home.write_config(&format!(
        "default = \"lab\"\n[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{}\"\n\
         headers = {{ X = \"{HEADER}\" }}\n",
        sandbox.maas_url(),
        sandbox.maas_key(),
    ));
    home
}

#[track_caller]
fn assert_hidden(what: &str, text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{what}: {secret} in {text}");
    }
}

/// One registry: what is secret in one way of output is in all.
#[test]
fn a_field_that_repeats_a_header_is_masked_in_every_way() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let call = format!("post /tags/ name={HEADER} comment=x{HEADER}y X-Other:{HEADER}");
    let mut ways: Vec<String> = LANGUAGES.iter().map(|l| format!("--as {l}")).collect();
    ways.extend(["--dry-run", "--dry-run -v", "-v", "-vv"].map(str::to_owned));
    for way in ways {
        let ended = home.run(&words(&format!("{call} {way}")));
        assert_hidden(&way, &ended.stderr, &[HEADER]);
        // What the server answers is data.
        if way.starts_with("--") {
            assert_eq!(ended.code, 0, "{way}: {ended:#?}");
            assert_hidden(&way, ended.stdout(), &[HEADER]);
        }
    }
    sandbox.fault(Fault::body(400, "text/plain", format!("no X {HEADER}")));
    let ended = home.run(&words("get /tags/ -v")).code(4);
    assert_hidden("an error", &ended.stderr, &[HEADER]);
}

/// What a call carries under the name of a secret, and the server gives back under another.
#[test]
fn a_secret_that_was_sent_is_masked_where_it_comes_back() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let sent = "s3nt-S3cr3t";
    for call in [
        "post /tags/ name=x password=SENT",
        "post /tags/ name=x comment:={\"api_key\":\"SENT\"}",
        "post /tags/ --multipart name=x token=SENT",
        "put /tags/x/ --json a:={\"b\":[{\"secret\":\"SENT\"}]}",
        "post /tags/ --json --body {\"password\":\"SENT\"}",
        "post /tags/ --json --body {\"n\":1e400,\"password\":\"SENT\"}",
        "post /tags/ --json --body {\"tokens\":[{\"a\":\"SENT\"}],\"b\":\"\\ud800\"}",
        "post /tags/ --form --body name=x&password=SENT",
        "get /tags/ password==SENT",
        "get /tags/ X-Api-Key:SENT",
        "get /tags/ Cookie:session=SENT",
        "query RETURN+@password -b password=SENT -p play",
        "wait /tags/ token==SENT --until .a",
    ] {
        let line = call.replace("SENT", sent);
        for (status, label, body) in [
            (400, "text/plain", format!("cannot take {sent}")),
            (
                400,
                "application/json",
                format!(r#"{{"body":"password={sent}&a=b"}}"#),
            ),
            (400, "application/json", format!(r#"{{"a":["{sent}"]}}"#)),
        ] {
            sandbox.fault(Fault::body(status, label, body));
            let ended = home.run(&words(&line)).code(4);
            assert_hidden(&line, &ended.stderr, &[sent]);
            assert!(ended.stderr.contains("***"), "{line}: {ended:#?}");
        }
        if call.starts_with("wait") || call.starts_with("query") {
            continue;
        }
        let echo = format!(r#"{{"body":"password={sent}&a=b"}}"#);
        sandbox.fault(Fault::body(200, "application/json", echo));
        let ended = home.run(&words(&format!("{line} -vv"))).code(0);
        assert_hidden(&line, &ended.stderr, &[sent]);
        assert!(ended.stdout().contains(sent), "stdout is data");
    }
    // Each row of a batch has its own.
    home.file("rows", format!("{sent}\n"));
    for call in [
        "batch post /tags/ name=x password={} --from rows",
        "batch post /tags/ X-Api-Key:{} --from rows",
        "batch post /tags/ name=x password={} --from rows -v",
    ] {
        let said = format!("cannot take {sent}");
        sandbox.fault(Fault::body(400, "text/plain", said).with_header("X-Note", sent));
        let ended = home.run(&words(call)).code(11);
        assert_hidden(call, &ended.stderr, &[sent]);
        assert!(
            ended
                .stdout()
                .contains("\"error\":\"400 Bad Request: cannot take ***\""),
            "{ended:#?}"
        );
    }
    // A word of every text is no secret.
    sandbox.fault(Fault::body(400, "text/plain", "it is true"));
    home.run(&words("post /tags/ name=x password=true"))
        .fails(4, "it is true");
}

/// A key as servers and proxies give it back.
fn forms(key: &str) -> Vec<String> {
    let upper = key.replace(':', "%3A");
    let json = key
        .bytes()
        .fold(String::new(), |all, b| all + &format!("\\u{b:04x}"));
    let mut forms = vec![
        key.to_owned(),
        upper.clone(),
        upper.to_lowercase().replace(&key.to_lowercase(), key),
        key.replace(':', "%3a"),
        upper.replace('%', "%25"),
        json,
    ];
    for before in ["", "u", "us", "user:"] {
        forms.push(STANDARD.encode(format!("{before}{key}")));
        forms.push(URL_SAFE_NO_PAD.encode(format!("{before}{key}")));
    }
    forms.extend(key.split(':').map(str::to_owned));
    forms
}

/// What must not be seen of them.
fn needles(key: &str) -> Vec<String> {
    let mut needles: Vec<String> = key.split(':').map(str::to_owned).collect();
    needles.push(forms(key)[5].clone());
    for before in ["", "u", "us"] {
        let whole = STANDARD.encode(format!("{before}{key}"));
        needles.push(whole[4..whole.len() - 4].to_owned());
    }
    needles
}

#[test]
fn every_form_of_a_key_is_masked_on_stderr_and_is_data_on_stdout() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let needles = needles(sandbox.maas_key());
    let needles: Vec<&str> = needles.iter().map(String::as_str).collect();
    for form in forms(sandbox.maas_key()) {
        for (status, label, body) in [
            (
                200,
                "application/json",
                format!("{{\"note\":\"it is {form}\"}}"),
            ),
            (200, "text/plain", format!("it is {form} ")),
            (400, "text/plain", format!("it is {form}")),
            (
                400,
                "application/json",
                format!("{{\"note\":[\"it is {form}\"]}}"),
            ),
            (500, "text/html", format!("<title>{form}</title><p>{form}")),
        ] {
            sandbox.fault(Fault::body(status, label, body.clone()));
            let ended = home.run(&words("get /tags/ -vv"));
            assert_hidden(&format!("{status} {label}"), &ended.stderr, &needles);
            if status == 200 {
                assert!(ended.stdout().contains(&form), "{form}: {ended:#?}");
            }
        }
    }
}

/// Masked first, cut afterwards.
#[test]
fn no_cut_shows_a_part_of_a_key() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let key = sandbox.maas_key();
    let parts: Vec<&str> = key.split(':').map(|part| &part[..8]).collect();
    for filler in (190..310).step_by(7) {
        let text = format!("{} {key} and on", "x".repeat(filler));
        sandbox.fault(Fault::body(400, "text/plain", text));
        let ended = home.run(&words("get /tags/")).code(4);
        assert_hidden(&format!("{filler}"), &ended.stderr, &parts);
    }
    for before in [3, 17, 40, key.len() - 1] {
        let filler = "- ".repeat((MIB - before) / 2);
        let text = format!("{filler}{key} and on");
        sandbox.fault(Fault::body(400, "text/plain", text));
        let ended = home.run(&words("get /tags/ -vv")).code(4);
        assert!(ended.stderr.len() > MIB / 2, "the body is shown");
        let start = &key[..before.min(6)];
        assert_hidden(&format!("{before}"), &ended.stderr, &[start]);
    }
}

/// Wherever the program's own blocks end.
#[test]
fn a_password_in_a_url_of_any_text_is_masked() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    for (label, quote) in [("text/plain", ""), ("application/json", "\"")] {
        let mut body = quote.to_owned();
        for number in 0..1500 {
            let scheme = ["http", "ftp", "postgres", "amqps"][number % 4];
            let slash = if quote.is_empty() { "/" } else { "\\/" };
            let filler = ".".repeat(number % 61);
            body.push_str(&format!(
                "{filler} {scheme}:{slash}{slash}me:PaSs{number}@host{slash}x"
            ));
        }
        body.push_str(quote);
        sandbox.fault(Fault::body(200, label, body));
        let ended = home.run(&words("get /tags/ -vv")).code(0);
        assert_hidden(label, &ended.stderr, &["PaSs"]);
        assert!(ended.stderr.matches("me:***@host").count() == 1500);
        assert!(ended.stdout().matches("PaSs").count() == 1500);
    }
}

#[test]
fn the_secret_that_maas_prints_is_masked_in_any_status() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let text = "Expected signature base string: &sEcReT-of-another";
    for status in [200, 401, 500] {
        for (label, body) in [
            ("text/plain", format!("{}{text}\n", "-".repeat(4080))),
            ("application/json", format!("[\"{text}\", 1]")),
        ] {
            for flags in ["-o raw", "-vv", "--error-body stdout"] {
                sandbox.fault(Fault::body(status, label, body.clone()));
                let ended = home.run(&words(&format!("get /tags/ {flags}")));
                let all = format!("{}{}", ended.stdout(), ended.stderr);
                assert_hidden(&format!("{status} {label} {flags}"), &all, &["sEcReT"]);
                assert!(all.contains("***"), "{status} {label} {flags}: {ended:#?}");
            }
        }
    }
}

#[test]
fn a_very_short_secret_does_not_garble_our_words() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{}\"\n\
         headers = {{ X = \"a\", Y = \"GET\" }}\n",
        sandbox.maas_url(),
        sandbox.maas_key(),
    ));
    let ended = home.run(&words("get /nothing/ -v")).code(4);
    assert!(ended.stderr.contains("apicall: lab: GET "), "{ended:#?}");
    assert!(ended.stderr.contains("> X: ***\n> Y: ***\n"), "{ended:#?}");
}

/// A key is easily put in a wrong place.
#[test]
fn a_key_that_was_typed_is_not_said_again() {
    let sandbox = Sandbox::start();
    for key in [sandbox.maas_key(), sandbox.macrometa_key()] {
        let home = Home::with_profiles(&sandbox);
        let parts: Vec<&str> = key
            .split([':', '.'])
            .filter(|part| part.len() > 12)
            .collect();
        let item = format!("a=@{key}");
        let file = format!("--from={key}");
        for args in [
            &["get", "/tags/", "-p", key][..],
            &["get", key],
            &["profile", "use", key],
            &["profile", "show", key],
            &["profile", "remove", key],
            &["logout", key],
            &["post", "/tags/", &item],
            &["get", "/tags/", "-o", key],
            &["login", key],
            &["login", &sandbox.maas_url(), "--key-file", key],
            &["login", &sandbox.maas_url(), "--key-env", key],
            &["batch", "get", "/tags/", &file],
            &[key],
        ] {
            let ended: Ended = home.run(args);
            assert_ne!(ended.code, 0, "{args:?}: {ended:#?}");
            let all = format!("{}{}", ended.stdout(), ended.stderr);
            assert_hidden(&format!("{args:?}"), &all, &parts);
        }
        for setting in ["key_env", "key_file", "default_key"] {
            let home = Home::empty();
            home.write_config(&format!(
                "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\n{setting} = \"{key}\"\n",
                sandbox.maas_url(),
            ));
            for line in [
                "get /tags/ -vv",
                "doctor",
                "doctor -o json",
                "profile show lab",
                "maas list",
            ] {
                let ended = home.run(&words(line));
                let all = format!("{}{}", ended.stdout(), ended.stderr);
                assert_hidden(&format!("{setting}: {line}"), &all, &parts);
            }
        }
    }
}

#[test]
fn a_doctor_masks_in_both_forms() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let parts: Vec<&str> = sandbox.maas_key().split(':').collect();
    for line in ["doctor", "doctor -o json"] {
        let text = format!("no {} and {HEADER}", sandbox.maas_key());
        let fault = Fault::body(403, "text/plain", text);
        sandbox.fault(fault.path("/MAAS/api/2.0/users/").always());
        let ended = home.run(&words(line));
        let all = format!("{}{}", ended.stdout(), ended.stderr);
        assert_hidden(line, &all, &parts);
        assert_hidden(line, &all, &[HEADER]);
        assert!(all.contains("***"), "{ended:#?}");
    }
}

/// What is kept on disk of a run has no secret, and what a batch would send shows none.
#[test]
fn journals_and_rejects_hold_no_secret() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let (key, play) = (sandbox.maas_key(), sandbox.macrometa_key());
    home.write_config(&format!(
        "{}[profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\nfabric = \"_system\"\n\
         key = \"{play}\"\nheaders = {{ X = \"{HEADER}\" }}\n",
        home.config(),
        sandbox.url(),
    ));
    let part = key.split(':').nth(2).unwrap();
    let needles = [part, play, HEADER, &key.replace(':', "%3A")];
    home.file("rows.txt", format!("{key}\n{part}\n{HEADER}\n"));
    let batch = "batch post '/machines/{}/' --op release --from rows.txt --from-format lines";
    let ended = home.run(&words(&format!("{batch} --dry-run"))).code(0);
    assert_hidden("--dry-run", ended.stdout(), &needles);
    let ended = home.run(&words(&format!("{batch} --journal j"))).code(11);
    assert_hidden("stderr", &ended.stderr, &needles);
    let journal = std::fs::read_to_string(home.path().join("j")).unwrap();
    assert_eq!(journal.matches("\"began\"").count(), 3, "{journal}");
    assert_hidden("the journal", &journal, &needles);
    home.run(&words(&format!("{batch} --journal j --resume")))
        .code(11);

    home.file("d.ndjson", "{\"_key\":\"a\"}\n");
    let message = format!("no {play} nor {HEADER}");
    let body = format!(r#"{{"error":true,"errorNum":600,"errorMessage":"{message}"}}"#);
    sandbox.fault(Fault::body(400, "application/json", body).always());
    let import = "import c d.ndjson -p play --rejects bad --journal k";
    let ended = home.run(&words(import)).code(11);
    assert_hidden("import", &ended.stderr, &needles);
    for file in ["bad", "k"] {
        let text = std::fs::read_to_string(home.path().join(file)).unwrap();
        assert!(text.contains("***") || file == "k", "{text}");
        assert_hidden(file, &text, &needles);
    }
}

/// The secret that MAAS prints is on no stdout: neither in headers, pages nor results of a batch.
#[test]
fn what_maas_prints_is_masked_on_every_stdout() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let said = "Expected signature base string: &s3cr3tOfMaas";
    home.file("rows.txt", "a\n");
    for line in [
        "get /x/ -i",
        "head /x/",
        "get /events/ --op query --paginate",
        "batch get '/x/{}/' --from rows.txt",
        "get /x/ -p 'l*'",
    ] {
        let body = format!(r#"{{"count":1,"events":[{{"id":1,"text":"{said}"}}]}}"#);
        let fault = Fault::body(200, "application/json", body);
        sandbox.fault(fault.with_header("X-Note", said));
        let ended = home.run(&words(line));
        // A page without a link ends the list with an error; what came is printed.
        assert!([0, 1].contains(&ended.code), "{line}: {ended:#?}");
        let all = format!("{}{}", ended.stdout(), ended.stderr);
        assert_hidden(line, &all, &["s3cr3tOfMaas"]);
        assert!(all.contains("string: ***"), "{line}: {all}");
    }
    // A redirect whose parameter is named like a secret, and holds the mark of another.
    let to = format!("/MAAS/y/?token={}", said.replace(' ', "%20"));
    sandbox.fault(Fault::status(302).with_header("Location", &to).always());
    let ended = home.run(&words("get /x/ -v")).code(3);
    assert_hidden("a redirect", &ended.stderr, &["s3cr3tOfMaas"]);
}

/// A part of a key does not look like one; those of the config are known all the same.
#[test]
fn a_part_of_a_key_that_was_typed_is_not_said_again() {
    let sandbox = Sandbox::start().may_stay_silent();
    let keys = [sandbox.maas_key(), sandbox.macrometa_key()];
    let parts = keys.iter().flat_map(|key| key.split([':', '.']));
    for part in parts.filter(|part| part.len() > 12) {
        let home = Home::with_profiles(&sandbox);
        let item = format!("a=@{part}");
        for args in [
            &["get", "/tags/", "-p", part][..],
            &["profile", "use", part],
            &["profile", "show", part],
            &["logout", part],
            &["post", "/tags/", &item],
            &["post", "/tags/", &item, "-p", "play"],
            &["login", &sandbox.maas_url(), "--key-file", part],
            &["batch", "get", "/tags/", "--from", part],
        ] {
            let ended: Ended = home.run(args);
            assert_ne!(ended.code, 0, "{args:?}: {ended:#?}");
            assert_hidden(&format!("{args:?}"), &ended.stderr, &[part]);
        }
    }
}

/// A login masks the key it was given before it is known whose it is.
#[test]
fn a_login_masks_its_key_in_what_the_probes_bring() {
    for status in [200, 400, 503] {
        let sandbox = Sandbox::start();
        for (key, url) in [
            (sandbox.maas_key(), sandbox.maas_url()),
            (sandbox.macrometa_key(), sandbox.url()),
        ] {
            let home = Home::empty();
            let said = format!("it was {key}");
            sandbox.fault(Fault::body(status, "text/plain", said).always());
            let file = home.file("key", key);
            crate::support::set_mode(&file, 0o600);
            let given = ["login", &url, "-p", "new", "--key-file", "key"];
            let ended = home.run(&given);
            assert_ne!(ended.code, 0, "{ended:#?}");
            let parts: Vec<&str> = key.split([':', '.']).filter(|p| p.len() > 12).collect();
            assert_hidden(&format!("{status} {url}"), &ended.stderr, &parts);
        }
    }
}

/// What MAAS prints may stand beside another secret, and in the escapes of a URL.
#[test]
fn secrets_side_by_side_and_in_a_url() {
    let sandbox = Sandbox::start();
    let home = home(&sandbox);
    let said = format!("Expected signature base string: &s3cr3tOfMaas{HEADER} {HEADER}");
    sandbox.fault(Fault::body(400, "text/plain", said));
    let ended = home.run(&words("get /x/ -vv")).code(4);
    assert_hidden("an error", &ended.stderr, &[HEADER, "s3cr3tOfMaas"]);
    for said in [
        "/?a=Expected%20signature%20base%20string%3A%20%26s3cr3tOfMaas",
        "/?a=Expected+signature+base+string%3A+%26s3cr3tOfMaas&b=c",
        "/?a=Expected%2520signature%2520base%2520string%253A%2520%2526s3cr3tOfMaas",
    ] {
        for line in ["head /x/", "get /x/ -i", "get /x/ -v", "get /x/ -o raw"] {
            sandbox.fault(
                Fault::body(200, "text/plain", format!("see {said} ")).with_header("X-Note", said),
            );
            let ended = home.run(&words(line)).code(0);
            let all = format!("{}{}", ended.stdout(), ended.stderr);
            assert_hidden(line, &all, &["s3cr3tOfMaas"]);
        }
    }
}

/// What one profile of several knows is masked for all: the key of a command, too.
#[test]
fn profiles_side_by_side_share_their_secrets() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    let key = sandbox.maas_key();
    home.write_config(&format!(
        "[profiles.a]\nservice = \"maas\"\nurl = \"{0}\"\nkey_command = \"echo {key}\"\n\
         [profiles.b]\nservice = \"maas\"\nurl = \"{0}\"\nkey = \"consumer:token:{HEADER}0123456789\"\n",
        sandbox.maas_url(),
    ));
    let said = format!("no {key} nor {HEADER}0123456789");
    sandbox.fault(Fault::body(403, "text/plain", said).always());
    let ended = home.run(&words("doctor -p a,b -o json")).code(11);
    let all = format!("{}{}", ended.stdout(), ended.stderr);
    let parts: Vec<&str> = key.split(':').collect();
    assert_hidden("doctor", ended.stdout(), &parts);
    assert_hidden("doctor", &all, &[HEADER]);
}
