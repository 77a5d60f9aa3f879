//! CONTRACT, Streams and output: how the body of a successful response is printed.

use std::time::Duration;

use crate::sandbox::{Effect, Fault, Gzip, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

const JSON: &str = "application/json; charset=utf-8";

/// Runs a line on a server that answers it with the given fault.
fn response(fault: Fault, line: &str) -> Ended {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(fault.always());
    home.run(&words(line))
}

fn text(ended: &Ended) -> String {
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

#[test]
fn json_is_laid_out_and_keeps_what_carries_meaning() {
    let body = r#"{"z":1.10,"a":1e400,"z":[ ],"n":123456789012345678901234567890, "e":"\u00e9\/é","o":{},"l":[true,null,-0.0,{"x":1E5}]}"#;
    let pretty = r#"{
  "z": 1.10,
  "a": 1e400,
  "z": [],
  "n": 123456789012345678901234567890,
  "e": "\u00e9\/é",
  "o": {},
  "l": [
    true,
    null,
    -0.0,
    {
      "x": 1E5
    }
  ]
}
"#;
    let compact = format!(
        "{}\n",
        body.replace(", \"e\"", ",\"e\"").replace("[ ]", "[]")
    );
    for (flags, want) in [
        ("", pretty),
        (" -o json", pretty),
        (" -o compact", &compact),
        (" -o raw", body),
    ] {
        for profile in ["lab", "play"] {
            let line = format!("get x -p {profile}{flags}");
            let ended = response(Fault::body(200, JSON, body), &line).ok();
            assert_eq!(ended.stdout(), want, "{line}");
        }
    }
}

/// "by its Content-Type …; nothing is sniffed".
#[test]
fn the_label_shows_json() {
    let body = "{\"a\":  1}";
    let pretty = "{\n  \"a\": 1\n}\n";
    for (label, want) in [
        ("application/json", pretty),
        ("APPLICATION/JSON;charset=utf-8", pretty),
        ("application/problem+json", pretty),
        ("application/vnd.x+json; v=1", pretty),
        ("text/plain", body),
        ("text/html; charset=utf-8", body),
        ("application/jsonl", body),
        ("application/json-seq", body),
        ("", body),
    ] {
        let ended = response(Fault::body(200, label, body), "get x").ok();
        assert_eq!(ended.stdout(), want, "{label}");
    }
    let ended = response(Fault::body(200, "text/html", body), "get x -o json").ok();
    assert_eq!(ended.stdout(), pretty, "-o json says that it is JSON");
}

#[test]
fn anything_else_passes_byte_for_byte() {
    let mut all_bytes: Vec<u8> = (0..=255).collect();
    all_bytes.extend(b"\r\n\xef\xbb\xbf{");
    for label in ["text/plain", "application/bson", "text/html; charset=utf-8"] {
        let ended = response(Fault::body(200, label, all_bytes.clone()), "get x").ok();
        assert_eq!(ended.stdout, all_bytes, "{label}");
    }
    let ended = response(Fault::body(200, "text/plain", "OK"), "post x").ok();
    assert_eq!(ended.stdout, b"OK", "no line end is added");
}

#[test]
fn scalars_empty_bodies_and_byte_order_marks() {
    for (body, want) in [
        ("false", "false\n"),
        ("\"vm\"", "\"vm\"\n"),
        (" 1.10\r\n", "1.10\n"),
        ("", ""),
        ("\u{feff}[1]", "\u{feff}[\n  1\n]\n"),
    ] {
        let ended = response(Fault::body(200, JSON, body), "get x").ok();
        assert_eq!(ended.stdout(), want, "{body:?}");
    }
    let ended = response(Fault::status(204), "delete x").ok();
    assert_eq!(ended.stdout(), "");
}

/// "laid out up to the fault, untouched from there on, so every byte comes out; then one error
/// line with the byte offset, exit 1".
#[test]
fn invalid_json() {
    for (what, body, stdout, offset) in [
        (
            "a stray word",
            "{\"a\": nope, \"b\":  [1]}",
            "{\n  \"a\": nope, \"b\":  [1]}",
            7,
        ),
        (
            "text after the document",
            "{\"a\":1} {\"a\":2}",
            "{\n  \"a\": 1\n}\n{\"a\":2}",
            8,
        ),
        ("the end is missing", "[1,\n[2", "[\n  1,\n  [\n    2", 6),
        ("a page instead", "<html>\n</html>", "<html>\n</html>", 0),
        ("a comma too many", "[1,]", "[\n  1,\n  ]", 3),
        ("a comma missing", "[1 2]", "[\n  1 2]", 3),
        (
            "one between members",
            "{\"a\" :1 \"b\":2}",
            "{\n  \"a\": 1 \"b\":2}",
            8,
        ),
    ] {
        let ended = response(Fault::body(200, JSON, body), "get machines").code(1);
        let packed = |text: &str| -> String { text.split_whitespace().collect() };
        assert_eq!(
            packed(&text(&ended)),
            packed(body),
            "{what}: every byte comes out"
        );
        assert_eq!(text(&ended), stdout, "{what}");
        let offset = format!("byte {offset}");
        let start = "apicall: lab: GET /MAAS/api/2.0/machines/: the response is not valid JSON: ";
        assert!(ended.stderr.starts_with(start), "{what}: {ended:#?}");
        assert!(
            ended.stderr.contains(&offset),
            "{offset}: {what}: {ended:#?}"
        );
        let raw = response(Fault::body(200, JSON, body), "get x -o raw").ok();
        assert_eq!(raw.stdout(), body, "-o raw does not judge");
    }
    let not_utf8 = response(Fault::body(200, JSON, b"[\"\xff\"]"), "get x").code(1);
    assert!(not_utf8.stdout.contains(&0xff), "{not_utf8:#?}");
}

/// `-r` is about strings of JSON; what is labelled as something else passes as it is.
#[test]
fn raw_strings() {
    for (label, body, want) in [
        (JSON, "\"vm\"", "vm\n"),
        (JSON, "[\"vm\"]", "[\n  \"vm\"\n]\n"),
        ("text/plain", "OK", "OK"),
        ("text/plain", "\"vm\"", "\"vm\""),
        ("application/x-ndjson", "\"a\"\n1\n", "a\n1\n"),
    ] {
        let ended = response(Fault::body(200, label, body), "get x -r").ok();
        assert_eq!(ended.stdout(), want, "{label} {body}");
    }
}

/// Nobody asked for another protocol, so there is none to go on with.
#[test]
fn another_protocol_is_no_answer() {
    let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    let ended = response(Fault::raw(head), "get x").fails(7, "101 Switching Protocols");
    assert!(ended.stderr.contains("another protocol"), "{ended:#?}");
}

/// "A body cut short of its length or chunks: 7", with what came printed.
#[test]
fn a_body_that_is_cut_short() {
    let body = "{\"a\": [1, 2, \"xyz";
    for (what, fault) in [
        ("length", Fault::from(Effect::CutInBody(13))),
        ("length that is wrong", Effect::WrongLength(5).into()),
        (
            "chunks",
            Fault::from(Effect::Chunked(4)).and(Effect::CutInBody(13)),
        ),
        ("reset", Effect::ResetInAnswer(13).into()),
        (
            "reset of a body without a length",
            Fault::from(Effect::UntilClose).and(Effect::ResetInAnswer(13)),
        ),
    ] {
        for flags in ["", " -o compact", " -o raw"] {
            let fault = Fault::body(200, JSON, body).and_all(&fault);
            let ended = response(fault, &format!("get x{flags}")).code(7);
            assert!(ended.stderr.contains("cut short"), "{what}: {ended:#?}");
            let printed: String = text(&ended).split_whitespace().collect();
            assert!(printed.starts_with("{\"a\":[1,2,"), "{what}: {ended:#?}");
        }
    }
    let fault = Fault::body(200, "text/plain", "hello").and(Effect::WrongLength(1));
    assert_eq!(response(fault, "get x").code(7).stdout, b"hello");
    let whole = Fault::body(200, JSON, "[1]").and(Effect::UntilClose);
    assert_eq!(response(whole, "get x -o compact").ok().stdout(), "[1]\n");
}

#[test]
fn gzip() {
    let body = "[\n    1.10\n]";
    let with = |gzip| Fault::body(200, JSON, body).and(Effect::Gzip(gzip));
    assert_eq!(
        response(with(Gzip::Good), "get x").ok().stdout(),
        "[\n  1.10\n]\n"
    );
    assert_eq!(
        response(with(Gzip::Good), "get x -o raw").ok().stdout(),
        body
    );
    let chunked = with(Gzip::Good).and(Effect::Chunked(3));
    assert_eq!(response(chunked, "get x -o raw").ok().stdout(), body);
    for broken in [Gzip::Broken, Gzip::Lie, Gzip::Cut] {
        let ended = response(with(broken), "get x").code(1);
        assert!(ended.stderr.contains("gzip is broken"), "{ended:#?}");
        assert!(ended.stderr.contains("hint: `Accept-Encoding:identity`"));
    }
    let cut = with(Gzip::Good).and(Effect::CutInBody(20));
    response(cut, "get x").code(7);
    // A HEAD has the headers of a body without the body; an empty body is no fault.
    let ended = response(with(Gzip::Good), "head x").ok();
    assert!(
        ended.stdout().contains("\nContent-Encoding: gzip\n"),
        "{ended:#?}"
    );
    for effect in [Effect::Chunked(1), Effect::UntilClose] {
        let empty = Fault::body(200, JSON, "").with_header("Content-Encoding", "gzip");
        assert_eq!(response(empty.and(effect), "get x").ok().stdout(), "");
    }
    let unknown = Fault::body(200, JSON, body).with_header("Content-Encoding", "br");
    response(unknown, "get x").fails(1, "packed as `br`");
}

/// "with `-i`, and for `head`, the response head; for `options` `Allow` and body".
#[test]
fn heads() {
    let fault = || Fault::body(201, "text/plain", "ok").with_header("X-Odd", "é: 1");
    let ended = response(fault(), "get x -i").ok();
    let (head, body) = ended.stdout().split_once("\n\n").unwrap();
    assert_eq!(body, "ok");
    let lines: Vec<_> = head.lines().collect();
    assert_eq!(lines[0], "HTTP/1.1 201 Created");
    for line in [
        "Content-Type: text/plain",
        "X-Odd: é: 1",
        "Content-Length: 2",
    ] {
        assert!(lines.contains(&line), "{line}: {head}");
    }
    for line in ["head x", "head x -i"] {
        let ended = response(fault(), line).ok();
        assert!(ended.stdout().starts_with("HTTP/1.1 201 Created\n"));
        assert!(ended.stdout().contains("\nContent-Length: 2\n"), "{line}");
        assert!(!ended.stdout().contains("\n\n"), "{line}: {ended:#?}");
    }
    let ended = response(fault().with_header("Allow", "GET, POST"), "options x").ok();
    assert_eq!(ended.stdout(), "Allow: GET, POST\nok");
    let ended = response(Fault::status(404), "head x").code(4);
    assert!(ended.stdout().starts_with("HTTP/1.1 404 Not Found\n"));
    assert!(
        ended
            .stderr
            .starts_with("apicall: lab: HEAD /MAAS/api/2.0/x/: 404 Not Found")
    );
    let ended = response(Fault::status(404), "get x -i").code(4);
    assert!(ended.stdout().starts_with("HTTP/1.1 404 Not Found\n"));
    assert!(
        ended.stdout().ends_with("\n\n"),
        "an error's body is no response: {ended:#?}"
    );
    let sandbox = Sandbox::start();
    let ended = Home::with_profiles(&sandbox)
        .run(&["options", "machines"])
        .code(4);
    assert_eq!(
        ended.stdout(),
        "Allow: GET, POST\n",
        "what MAAS says to OPTIONS"
    );
}

/// "A closed pipe (`| head`) ends quietly with the status that the response earned."
#[test]
fn a_closed_pipe() {
    let long = format!("[{}1]", "\"some text\",\n".repeat(300_000));
    let failures =
        Fault::body(202, JSON, long.clone()).with_header("X-C8-Error-Codes", r#"{"1210":3}"#);
    for (what, fault, line, code) in [
        ("JSON", Fault::body(200, JSON, long.clone()), "get x", 0),
        (
            "raw",
            Fault::body(200, JSON, long.clone()),
            "get x -o raw",
            0,
        ),
        (
            "text",
            Fault::body(200, "text/plain", long.clone()),
            "get x -i",
            0,
        ),
        ("partly failed", failures, "post x -p play", 11),
    ] {
        let sandbox = Sandbox::start();
        sandbox.fault(fault.always());
        let home = Home::with_profiles(&sandbox);
        let mut child = home.spawn(&words(line));
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{what}");
        assert_eq!(output.status.code(), Some(code), "{what}");
    }
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::body(404, "text/plain", "no such thing").always());
    let home = Home::with_profiles(&sandbox);
    let mut child = home.spawn(&words("get x --error-body stdout"));
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(4));
}

/// "Printing starts with the first bytes", also where the server pauses.
#[test]
fn what_has_come_is_seen() {
    use std::io::Read as _;
    let sandbox = Sandbox::start();
    let fault = Fault::body(200, JSON, "[1,2,3]").and(Effect::StallInBody(4));
    sandbox.fault(fault);
    let home = Home::with_profiles(&sandbox);
    let mut child = home.spawn(&words("get x --timeout 20s"));
    let mut start = [0; 9];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"[\n  1,\n  ");
    std::thread::sleep(Duration::from_millis(10));
    assert!(child.try_wait().unwrap().is_none(), "it waits for the rest");
    child.kill().unwrap();
    child.wait().unwrap();
}
