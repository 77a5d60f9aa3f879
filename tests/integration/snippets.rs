//! CONTRACT, Streams and output: `--as LANGUAGE` prints a call as a program.
//!
//! Each program is run, and what arrives is compared with what apicall itself sends for the same
//! line. A language whose interpreter is missing is skipped with a word.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::sandbox::{Recorded, Sandbox};
use crate::support::{Home, is_installed};
use crate::typed::Desk;

/// A language, what runs it, and what else it needs.
pub struct Language {
    pub name: &'static str,
    run: &'static [&'static str],
    needs: &'static [&'static str],
}

pub const CURL: Language = Language {
    name: "curl",
    run: &["sh"],
    needs: &["curl"],
};
pub const HTTPIE: Language = Language {
    name: "httpie",
    run: &["sh"],
    needs: &["http"],
};
pub const FISH: Language = Language {
    name: "fish",
    run: &["fish", "--no-config"],
    needs: &["fish", "curl"],
};
pub const PYTHON: Language = Language {
    name: "python",
    run: &["python3"],
    needs: &["python3"],
};
pub const RUBY: Language = Language {
    name: "ruby",
    run: &["ruby", "-W"],
    needs: &["ruby"],
};
pub const JAVASCRIPT: Language = Language {
    name: "javascript",
    run: &["node"],
    needs: &["node"],
};
pub const ALL: [&Language; 6] = [&CURL, &HTTPIE, &FISH, &PYTHON, &RUBY, &JAVASCRIPT];

impl Language {
    pub fn is_there(&self) -> bool {
        self.needs.iter().all(|program| is_installed(program))
    }

    /// The program of a line.
    #[track_caller]
    pub fn written(&self, home: &Home, line: &[&str], stdin: &[u8]) -> String {
        let line = [line, &["--as", self.name]].concat();
        home.run_with(&line, stdin).ok().stdout().to_owned()
    }

    /// Runs a program in a home, with a key and other variables.
    pub fn run(&self, home: &Home, program: &str, vars: &[(&str, &str)], stdin: &[u8]) -> Output {
        let file = home.file("program", program);
        let mut child = self.spawn(home, &file, vars);
        // One that does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap()
    }

    /// Starts a program with all streams piped.
    pub fn spawn(&self, home: &Home, file: &Path, vars: &[(&str, &str)]) -> Child {
        Command::new(self.run[0])
            .args(&self.run[1..])
            .arg(file)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", std::env::var_os("PATH").unwrap())
            // fish takes what is in the environment for Latin-1 elsewhere.
            .envs((self.name == "fish").then_some(("LC_ALL", "C.UTF-8")))
            .envs(vars.iter().copied())
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

/// Text that means something to some language.
const NASTY: &str = "it's \"q\" \\ \\n $HOME ${x} `id` $(id) !x #{1} %s {} [] <&> ~ ü€😀\t\u{1b}[31m\n-last\r\u{202e}";

/// A line, what is on standard input, and what variables hold in the places of secrets.
struct Row {
    line: Vec<&'static str>,
    stdin: &'static [u8],
    vars: &'static [(&'static str, &'static str)],
}

fn row(line: &[&'static str]) -> Row {
    Row {
        line: line.to_vec(),
        stdin: b"",
        vars: &[],
    }
}

fn rows() -> Vec<Row> {
    let nasty = |start: &str| -> &'static str { format!("{start}{NASTY}").leak() };
    let mut rows: Vec<Row> = [
        &["get", "machines"][..],
        &[
            "get",
            "machines",
            "hostname=node18",
            nasty("note="),
            "--op",
            "list_allocated",
        ],
        &["get", "/machines/?q='a'(b)[c]*!;,~@x&y=%2f%41{z}"],
        &["get", "document/c/k'ey%25(1)", "-p", "play"],
        &["post", "machines"],
        &["put", "x"],
        &[
            "post",
            "tags",
            "name=fast",
            nasty("comment="),
            "a=@notes",
            "empty=",
        ],
        &["post", "tags", "-f", "comment=@b=c", "-f", "x=-y"],
        &[
            "post",
            "files",
            "filename=a b",
            nasty("note="),
            "file@we \"ird' file.txt",
        ],
        &[
            "post",
            "files",
            "plain=1",
            "file@we \"ird' file.txt;type=text/x-a; charset=utf-8",
        ],
        &[
            "post",
            "files",
            "we\\=ird\"n\\:=v@=;",
            "--field=-x=1",
            "file@-dash,;.bin",
            "f\\@2@~tilde",
        ],
        &["put", "x", "--multipart", "a=@notes", "c==d"],
        &["put", "x", "--body", "@raw.bin", "Content-Type:a/b"],
        &["put", "x", "--body", "", "Content-Type:a/b"],
        &["put", "x", "--body", nasty("x"), "Content-Type:a/b"],
        &[
            "put",
            "x",
            "--body",
            nasty("-"),
            "Content-Type:text/plain; charset=utf-8",
        ],
        &["put", "x", "--body", "a=b", "Content-Type:"],
        &["get", "x", "X-Empty;"],
        &["post", "x", "big=@big.txt"],
        &["post", "x", "--multipart", "big=@big.txt", "nul=@nul"],
        &[
            "post",
            "document/c",
            "a=1",
            "n:=1.10",
            "deep[x][]:=1e400",
            nasty("s="),
            "-p",
            "play",
        ],
        &[
            "post",
            "document/c",
            "--body",
            "[1, {\"a\" : 2}]",
            "-p",
            "play",
        ],
        &["delete", "tags/gpu", "a=1"],
        &[
            "delete",
            "document/c",
            "--json",
            "[]=17",
            "[]=18",
            "-p",
            "play",
        ],
        &["get", "x", "--json", "a=1"],
        &["patch", "tags/gpu", "comment=x"],
        &[
            "patch",
            "document/c/1",
            "state=paid",
            "keepNull==0",
            "-p",
            "play",
        ],
        &["head", "machines", "a=1"],
        &["options", "machines"],
        &["call", "PROPFIND", "x"],
        &["get", "version", "--anonymous"],
        &["post", "machines", "a=1", "--anonymous"],
        &[
            "get",
            "machines",
            "X-Odd:  a \\ 'b' \"c\" $d `e` ü ",
            "X-Odd: 2",
            "Accept:text/plain",
        ],
        &[
            "get",
            "machines",
            "X-Eq:=1",
            "-H",
            "X-At: @file",
            "Accept:",
            "User-Agent:",
        ],
        &["get", "machines", "User-Agent:mine/1.0 (x)"],
    ]
    .into_iter()
    .map(row)
    .collect();
    let stdin = b"in \0\xff\r\n'\"$x";
    rows.push(Row {
        stdin,
        ..row(&["put", "x", "-", "Content-Type:a/b"])
    });
    rows.push(Row {
        stdin,
        ..row(&["put", "x", "-", "--anonymous", "Content-Type:a/b"])
    });
    rows.push(Row {
        stdin,
        ..row(&["post", "files", "a=1", "file@-;type=text/plain"])
    });
    // A pipe can be read once only, so what was in it is part of the program.
    for stdin in [&b"@file\n"[..], stdin] {
        rows.push(Row {
            stdin,
            ..row(&["put", "x", "--body", "@/dev/stdin", "Content-Type:a/b"])
        });
        rows.push(Row {
            stdin,
            ..row(&["post", "files", "file@/dev/stdin"])
        });
    }
    let secret = "s 3\\c'r\"e$t&\u{fc}";
    for (line, vars) in [
        (
            vec![
                "post",
                "x",
                "a=1",
                format!("power_pass={secret}").leak(),
                "b=2",
            ],
            &["POWER_PASS"][..],
        ),
        (
            vec![
                "post",
                "x",
                "--multipart",
                "a=1",
                format!("power_pass={secret}").leak(),
            ],
            &["POWER_PASS"],
        ),
        (vec!["get", "x", "X-Api-Token:s3cret", "-p", "play"], &[]),
        (
            vec!["get", "x", format!("token={secret}").leak(), "a=1"],
            &["TOKEN"],
        ),
        (
            vec![
                "post",
                "d/c",
                "a=1",
                format!("o[password]={secret}").leak(),
                "-p",
                "play",
            ],
            &["PASSWORD"],
        ),
    ] {
        let vars: Vec<(&'static str, &'static str)> = vars
            .iter()
            .map(|name| (&*format!("APICALL_SECRET_{name}").leak(), secret))
            .collect();
        let vars = if vars.is_empty() {
            &[("APICALL_SECRET_X_API_TOKEN", "s3cret")][..]
        } else {
            vars.leak()
        };
        rows.push(Row { vars, ..row(&line) });
    }
    rows.push(Row {
        vars: &[
            ("APICALL_SECRET_TOKENS", "[1,{\"x\":2}]"),
            ("APICALL_SECRET_TOKEN", "17"),
        ],
        ..row(&[
            "post",
            "d/c",
            "tokens:=[1,{\"x\":2}]",
            "token:=17",
            "n:=null",
            "-p",
            "play",
        ])
    });
    rows
}

fn with_files(home: &Home) {
    home.file("notes", "two\nlines'\n");
    home.file("we \"ird' file.txt", "FILE\r\n\0\u{ff}");
    home.file("-dash,;.bin", [0, 1, 0xff, b'\n']);
    home.file("~tilde", "tilde");
    home.file("raw.bin", [0u8, 0xff, b'\r', b'\n', b'%', b'\\']);
    home.file("big.txt", "0123456789 &'\"".repeat(20_000));
    home.file("nul", "a\0b");
}

/// What a request says, but for what is another's in each: nonce, time, boundary, and what belongs
/// to the connection.
#[derive(Debug, PartialEq)]
struct Said {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    authorization: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Vec<Vec<u8>>,
}

fn said(request: &Recorded) -> Said {
    assert!(request.complete, "{request:?}");
    let parts = request.multipart();
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in &request.headers {
        let name = name.to_lowercase();
        let is_connections = [
            "host",
            "connection",
            "accept-encoding",
            "content-length",
            "transfer-encoding",
            "expect",
            "authorization",
        ];
        let is_tools = name == "user-agent" && !value.starts_with("mine/");
        if is_connections.contains(&&*name) || is_tools {
            continue;
        }
        let value = match &parts {
            Some(_) if name == "content-type" => "multipart".to_owned(),
            _ => value.clone(),
        };
        match headers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = format!("{known}, {value}"),
            None => headers.push((name, value)),
        }
    }
    headers.sort();
    Said {
        method: request.method.clone(),
        path: decoded(request.path()),
        query: request.query_pairs(),
        authorization: authorization(request),
        headers,
        body: match parts {
            Some(parts) => parts
                .into_iter()
                .map(|part| format!("{part:?}").into_bytes())
                .collect(),
            None => vec![request.body.clone()],
        },
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .unwrap()
        .into_owned()
}

/// The parameters of MAAS's header without nonce and time, or the header.
fn authorization(request: &Recorded) -> Vec<(String, String)> {
    let all = request.header_all("authorization");
    assert!(all.len() < 2, "{all:?}");
    let Some(header) = all.first() else {
        return Vec::new();
    };
    let Some(list) = header.strip_prefix("OAuth ") else {
        return vec![(String::new(), (*header).to_owned())];
    };
    let mut parameters: Vec<(String, String)> = list
        .split(", ")
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            let value = value.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect();
    parameters.sort();
    assert_eq!(parameters.len(), 7, "{header}");
    parameters.retain(|(name, value)| match name.as_str() {
        "oauth_nonce" => {
            assert!((16..=255).contains(&value.len()), "{header}");
            false
        }
        "oauth_timestamp" => {
            let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
            assert!(now.abs_diff(value.parse().unwrap()) < 60, "{header}");
            false
        }
        _ => true,
    });
    parameters
}

const MAAS_KEY: &str = "cOn+sumer9:tok/en~12345:s3=cr&et%zZ";
const MACROMETA_KEY: &str = "demo_example.com.k1.Xw9Ht3PzKc7RbQ5Nm\\\"'$V";

fn desk() -> Desk {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "default = \"lab\"\n[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = '{MAAS_KEY}'\n\
         [profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\nkey = '''{MACROMETA_KEY}'''\n",
        sandbox.maas_url(),
        sandbox.url(),
    ));
    with_files(&home);
    Desk::with(sandbox, home)
}

fn key_of(line: &[&str]) -> &'static str {
    if line.contains(&"play") {
        MACROMETA_KEY
    } else {
        MAAS_KEY
    }
}

/// Runs all rows in a language.
fn check(language: &Language) {
    if !language.is_there() {
        return;
    }
    let desk = desk();
    let mut failures = Vec::new();
    for Row { line, stdin, vars } in rows() {
        desk.sandbox.forget_requests();
        desk.home.run_with(&line, stdin).code(0);
        let want = said(&desk.sandbox.last());
        let program = language.written(&desk.home, &line, stdin);
        let key = key_of(&line);
        for secret in key.split([':', '.']).filter(|part| part.len() > 5) {
            assert!(!program.contains(secret), "{secret}: {program}");
        }
        for (_, secret) in vars.iter().filter(|(_, value)| value.len() > 4) {
            assert!(!program.contains(secret), "{secret}: {program}");
        }
        let hidden = |c: &char| c.is_control() && *c != '\n';
        assert!(!program.chars().any(|c| hidden(&c)), "{program}");
        desk.sandbox.forget_requests();
        let vars = [vars, &[("APICALL_KEY", key)]].concat();
        let output = language.run(&desk.home, &program, &vars, stdin);
        let requests = desk.sandbox.requests();
        let reported = format!(
            "{line:?}\n{}{}{}\n{program}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        if requests.len() != 1 {
            failures.push(format!("{} requests: {reported}", requests.len()));
            continue;
        }
        let mut found = said(&requests[0]);
        // It says nothing, and some tools say it by themselves.
        let is_default = |(name, value): &(String, String)| name == "accept" && value == "*/*";
        let mut want = want;
        want.headers.retain(|header| !is_default(header));
        found.headers.retain(|header| !is_default(header));
        if found != want || !output.status.success() || !output.stderr.is_empty() {
            failures.push(format!("{found:?}\n{want:?}\n{reported}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n=======\n"));
}

#[test]
fn curl_programs_send_the_same() {
    check(&CURL);
}

#[test]
fn httpie_programs_send_the_same() {
    check(&HTTPIE);
}

#[test]
fn fish_programs_send_the_same() {
    check(&FISH);
}

#[test]
fn fish_programs_keep_the_order_of_texts_and_files() {
    if !FISH.is_there() {
        return;
    }
    let desk = desk();
    desk.home.file("a.bin", "of the file\n");
    // curl's `--form` does not send such a name.
    let line = ["post", "/files/", "we\\=ird\"n=1", "file@a.bin", "last=2"];
    desk.home.run_with(&line, b"").code(0);
    let program = FISH.written(&desk.home, &line, b"");
    let body = program.split("function body\n").nth(1).unwrap();
    let body = body.split("\nend\n").next().unwrap();
    // As the program has it, but for what it sends to; busy machines showed another order.
    let alone = format!(
        "set boundary B\nfunction body\n{body}\nend\nfunction send\nbegin\ncat /dev/fd/3\nend 3<&0\nend\nbody | send\n"
    );
    let file = desk.home.file("alone", &alone);
    let runs: Vec<Child> = (0..24)
        .map(|_| FISH.spawn(&desk.home, &file, &[]))
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let at = |text: &str| {
            printed
                .find(text)
                .unwrap_or_else(|| panic!("{text}: {printed}"))
        };
        let order = [at("ird%22n"), at("of the file"), at("name=\"last\"")];
        assert!(order.is_sorted(), "{printed}\n{alone}");
    }
}

#[test]
fn python_programs_send_the_same() {
    check(&PYTHON);
}

#[test]
fn ruby_programs_send_the_same() {
    check(&RUBY);
}

#[test]
fn javascript_programs_send_the_same() {
    check(&JAVASCRIPT);
}
