//! CONTRACT, ITEM: files, multipart, whole bodies and standard input.

use std::io::Write as _;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::sandbox::Recorded;
use crate::typed::{Desk, words};

const OCTETS: &str = "application/octet-stream";
const JSON: &str = "application/json";

/// A desk with files of all kinds in its home, which is the current folder.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.home.file("text", "a=1 & é\n");
    desk.home.file("doc.json", " {\"x\": [1.10, 1e400]}\n");
    desk.home.file("bytes.bin", b"\x00\xff\r\n--\x80");
    desk.home.file("no-text", b"\xff\xfe");
    desk.home.file("no-json", "{\"a\": }");
    desk.home.file("odd \"name\".png", "PNG");
    desk
}

fn typed_body(request: &Recorded) -> (&str, String) {
    let content_type = request.header("content-type").unwrap_or_default();
    (content_type, request.body_text())
}

#[test]
fn values_out_of_files() {
    let desk = desk();
    for (sentence, line, query, body) in [
        (
            "k=@file in a form",
            "post x k=@text",
            "",
            "k=a%3D1%20%26%20%C3%A9%0A",
        ),
        (
            "k=@file in a query",
            "get x k=@text",
            "k=a%3D1%20%26%20%C3%A9%0A",
            "",
        ),
        (
            "k=@file in JSON",
            "post x k=@text -p play",
            "",
            r#"{"k":"a=1 & é\n"}"#,
        ),
        (
            "k:=@file in JSON",
            "post x k:=@doc.json -p play",
            "",
            r#"{"k":{"x": [1.10, 1e400]}}"#,
        ),
        (
            "k:=@file in a form is its JSON text",
            "post x k:=@doc.json",
            "",
            "k=%7B%22x%22%3A%20%5B1.10%2C%201e400%5D%7D",
        ),
        (
            "`~/` is expanded",
            "post x k=@~/text -p play",
            "",
            r#"{"k":"a=1 & é\n"}"#,
        ),
        (
            "`~/` is expanded",
            "post x k:=@~/doc.json -p play",
            "",
            r#"{"k":{"x": [1.10, 1e400]}}"#,
        ),
    ] {
        let request = desk.sent(line);
        let got = (request.query(), request.body_text());
        assert_eq!(got, (query, body.to_owned()), "{sentence}: {line}");
    }
}

#[test]
fn files_that_can_not_be_used() {
    let desk = desk();
    for (line, code, text) in [
        ("post x k=@missing", 1, "missing: No such file"),
        ("post x k:=@missing", 1, "missing: No such file"),
        ("post x k@missing", 1, "missing: No such file"),
        ("post x --body @missing", 1, "missing: No such file"),
        ("post x k=@.", 1, "Is a directory"),
        ("post x k@.", 1, "is a folder"),
        ("post x k=@no-text", 1, "no-text: "),
        ("post x k:=@no-json", 2, "`k` is not JSON"),
    ] {
        desk.home.run(&words(line)).fails(code, text);
        assert!(desk.sandbox.requests().is_empty(), "{line}");
    }
    desk.sent("get x");
}

#[test]
fn multipart() {
    let desk = desk();
    for flags in ["", " -p play"] {
        for separator in ["@", "@="] {
            let line = format!("post files n=1 file{separator}bytes.bin 'j:=[1, 2]'{flags}");
            let request = desk.sent(&line);
            let length: u64 = request.header("content-length").unwrap().parse().unwrap();
            assert_eq!(length, request.body_length, "its length is known");
            assert_eq!(request.header("transfer-encoding"), None);
            let parts = request.multipart().unwrap();
            let got: Vec<_> = parts
                .iter()
                .map(|p| {
                    (
                        &*p.name,
                        p.filename.as_deref(),
                        p.content_type.as_deref(),
                        &*p.data,
                    )
                })
                .collect();
            assert_eq!(
                got,
                [
                    ("n", None, None, &b"1"[..]),
                    (
                        "file",
                        Some("bytes.bin"),
                        Some(OCTETS),
                        b"\x00\xff\r\n--\x80"
                    ),
                    ("j", None, None, b"[1, 2]"),
                ],
                "never base64: {line}"
            );
        }
    }
}

#[test]
fn parts_name_their_type_and_file() {
    let desk = desk();
    for (sentence, line, name, filename, content_type) in [
        (
            "the name shows the type",
            "post files k@doc.json",
            "k",
            Some("doc.json"),
            Some(JSON),
        ),
        (
            "`;type=…` sets its type",
            "post files 'k@doc.json;type=text/x; charset=utf-8'",
            "k",
            Some("doc.json"),
            Some("text/x; charset=utf-8"),
        ),
        (
            "quotes in a name are escaped",
            "post files 'say \"k\"@~/odd \"name\".png'",
            "say \"k\"",
            Some("odd \"name\".png"),
            Some("image/png"),
        ),
        (
            "--multipart, whatever the method",
            "delete files --multipart k=v",
            "k",
            None,
            None,
        ),
        (
            "--multipart lets GET send a file",
            "get files --multipart k@text",
            "k",
            Some("text"),
            Some(OCTETS),
        ),
        (
            "brackets are literal",
            "post files 'a[b]@text'",
            "a[b]",
            Some("text"),
            Some(OCTETS),
        ),
    ] {
        let request = desk.sent(line);
        let parts = request.multipart().unwrap();
        let [part] = &parts[..] else {
            panic!("{sentence}: {parts:?}")
        };
        let name_of = |text: &Option<String>| text.as_ref().map(|t| t.replace("%22", "\""));
        assert_eq!(part.name.replace("%22", "\""), name, "{sentence}");
        assert_eq!(name_of(&part.filename).as_deref(), filename, "{sentence}");
        assert_eq!(part.content_type.as_deref(), content_type, "{sentence}");
    }
    let raw = desk.sent("post files 'k@odd \"name\".png'").body_text();
    assert!(raw.contains("filename=\"odd %22name%22.png\""), "{raw}");
    desk.refused(
        "post x 'k@text;type=nonsense'",
        "not a media type",
        "`;type=text/plain`",
    );
}

#[test]
fn whole_bodies() {
    let desk = desk();
    for (sentence, line, content_type, body) in [
        (
            "TEXT, MAAS",
            "post x --body 'a b' Content-Type:application/octet-stream",
            OCTETS,
            "a b",
        ),
        (
            "TEXT, Macrometa",
            "post x --body '[1, 1.10]' -p play",
            JSON,
            "[1, 1.10]",
        ),
        (
            "@FILE, MAAS",
            "put x --body @text Content-Type:application/octet-stream",
            OCTETS,
            "a=1 & é\n",
        ),
        (
            "@FILE, Macrometa",
            "put x --body @~/text -p play",
            JSON,
            "a=1 & é\n",
        ),
        (
            "@FILE as an item",
            "put x @text Content-Type:application/octet-stream",
            OCTETS,
            "a=1 & é\n",
        ),
        (
            "whatever the method",
            "get x --body '{}' -p play",
            JSON,
            "{}",
        ),
        (
            "whatever the method",
            "delete x --body '[\"k\"]' -p play",
            JSON,
            "[\"k\"]",
        ),
        (
            "text that begins with a hyphen",
            "post x --body -1 Content-Type:application/octet-stream",
            OCTETS,
            "-1",
        ),
        (
            "an empty body",
            "post x --body '' Content-Type:application/octet-stream",
            OCTETS,
            "",
        ),
        (
            "unless a header says otherwise",
            "post x --body '{}' Content-Type:application/json",
            JSON,
            "{}",
        ),
        (
            "unless -H says otherwise",
            "post x --body a -H 'content-type: text/x' -p play",
            "text/x",
            "a",
        ),
        (
            "with a query",
            "put x --body a k==v Content-Type:application/octet-stream",
            OCTETS,
            "a",
        ),
        (
            "--json says what it is",
            "post x --json --body '{}' -p lab",
            JSON,
            "{}",
        ),
        (
            "--form says what it is",
            "post x --form --body a=1 -p play",
            "application/x-www-form-urlencoded",
            "a=1",
        ),
    ] {
        let request = desk.sent(line);
        assert_eq!(
            typed_body(&request),
            (content_type, body.to_owned()),
            "{sentence}"
        );
        let length = body.len().to_string();
        assert_eq!(request.header("content-length"), Some(&*length), "{line}");
    }
    for line in [
        "post x --body a k=v",
        "post x --body a @text",
        "post x --body a --multipart",
    ] {
        desk.refused(line, "the body is given", "");
    }
}

/// "stdin is read only for `-`, `@-`, `--body -`".
#[test]
fn standard_input() {
    let desk = desk();
    for (line, content_type, body) in [
        (
            "post x - Content-Type:application/octet-stream",
            OCTETS,
            "from\nstdin",
        ),
        (
            "post x @- Content-Type:application/octet-stream",
            OCTETS,
            "from\nstdin",
        ),
        (
            "post x --body - Content-Type:application/octet-stream",
            OCTETS,
            "from\nstdin",
        ),
        ("post x --body @- -p play", JSON, "from\nstdin"),
        ("post x k=@- -p play", JSON, r#"{"k":"from\nstdin"}"#),
    ] {
        let request = desk.sent_with(line, b"from\nstdin");
        assert_eq!(typed_body(&request), (content_type, body.into()), "{line}");
    }
    let request = desk.sent_with("post x k:=@- -p play", b"[1.10]\n");
    assert_eq!(request.body_text(), r#"{"k":[1.10]}"#);
    let request = desk.sent_with("post x k@-", b"\x00\xff");
    let parts = request.multipart().unwrap();
    assert_eq!((&*parts[0].name, &*parts[0].data), ("k", &b"\x00\xff"[..]));
    desk.refused("post x a=@- b=@-", "more than one item", "");
}

/// A script's `while read` loop must keep its input: a call without `-` neither reads nor waits.
#[test]
fn a_call_without_a_hyphen_leaves_standard_input_alone() {
    let desk = desk();
    for line in [
        "get x",
        "post x",
        "post x k=v",
        "put x --json --body a",
        "delete x",
    ] {
        let mut child = desk.home.spawn(&words(line));
        let mut stdin = child.stdin.take().unwrap();
        // The pipe stays open: a call that waited for its end would never end itself.
        stdin.write_all(b"not for you").unwrap();
        assert!(ends_soon(&mut child), "{line} waits for its input");
        assert!(child.wait().unwrap().success(), "{line}");
        let body = desk.sandbox.last().body_text();
        assert!(!body.contains("not for you"), "{line}: {body}");
    }
}

fn ends_soon(child: &mut Child) -> bool {
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    false
}

#[test]
fn a_byte_order_mark_of_a_json_file_is_no_part_of_its_value() {
    let sandbox = crate::sandbox::Sandbox::start();
    let home = crate::support::Home::with_profiles(&sandbox);
    home.file("bom.json", "\u{feff}{\"a\": 1}\n");
    home.run(&["post", "document/addresses", "k:=@bom.json", "-p", "play"])
        .code(0);
    assert_eq!(sandbox.last().body_text(), "{\"k\":{\"a\": 1}}");
}

#[test]
fn an_operation_is_given_once() {
    let sandbox = crate::sandbox::Sandbox::start().may_stay_silent();
    let home = crate::support::Home::with_profiles(&sandbox);
    for args in [
        &["get", "machines", "op=a", "--op", "b"][..],
        &["get", "machines", "op==a", "--op", "b"],
        &["get", "machines?op=a", "--op", "b"],
        &["get", "machines?op=a", "op=b"],
    ] {
        home.run(args).fails(2, "given twice");
    }
    assert!(sandbox.requests().is_empty());
}
