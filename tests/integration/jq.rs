//! CONTRACT, Streams and output: `--jq FILTER` (`--arg`, `--argjson`), `-r`, `--each`.

use crate::sandbox::{Effect, Fault, Gzip, Sandbox};
use crate::support::{Ended, Home};

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

/// Runs `get x` with more words on a server that answers with the given fault.
fn get(fault: Fault, words: &[&str]) -> Ended {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(fault.always());
    let mut all = vec!["get", "x"];
    all.extend_from_slice(words);
    home.run(&all)
}

#[track_caller]
fn prints(body: &str, words: &[&str], want: &str) {
    let ended = get(Fault::body(200, JSON, body), words).ok();
    assert_eq!(ended.stdout(), want, "{words:?} of {body}");
}

const LIST: &str = r#"[{"n":1.10,"name":"a"},{"n":12345678901234567890123,"name":"b\n"}]"#;

#[test]
fn the_filter_gets_the_whole_answer() {
    for (words, want) in [
        (&["--jq", ".[].n"][..], "1.10\n12345678901234567890123\n"),
        (
            &["--jq", ".[0]"],
            "{\n  \"n\": 1.10,\n  \"name\": \"a\"\n}\n",
        ),
        (
            &["--jq", "map(.name)", "-o", "compact"],
            "[\"a\",\"b\\n\"]\n",
        ),
        (&["--jq", ".[].name", "-r"], "a\nb\n\n"),
        (&["--jq", ".[].name"], "\"a\"\n\"b\\n\"\n"),
        (&["--jq", "length"], "2\n"),
        (&["--jq", "empty"], ""),
        (
            &["--jq", "[.[]|{n}]", "-o", "ndjson"],
            "{\"n\":1.10}\n{\"n\":12345678901234567890123}\n",
        ),
        (
            &["--jq", ".[]|{n}", "-o", "ndjson"],
            "{\"n\":1.10}\n{\"n\":12345678901234567890123}\n",
        ),
        (&["--jq", "-1"], "-1\n"),
        (
            &[
                "--arg",
                "who",
                "a",
                "--argjson",
                "add",
                "-1",
                "--jq",
                ".[]|select(.name==$who)|.n+$add|round",
            ],
            "0\n",
        ),
        (
            &[
                "--jq",
                ".[]|select(.name==$ARGS.named.who)|.n, $more",
                "--arg",
                "who",
                "a",
                "--arg",
                "more",
                "--jq",
            ],
            "1.10\n\"--jq\"\n",
        ),
    ] {
        prints(LIST, words, want);
    }
}

#[test]
fn each_element_is_filtered_on_its_own() {
    let envelope = r#"{"result":[{"a":1},{"a":[2, 3]}],"hasMore":false}"#;
    for (body, words, want) in [
        (LIST, &["--each", "--jq", ".name", "-r"][..], "a\nb\n\n"),
        (
            LIST,
            &["--each", "--jq", ".n, length"],
            "1.10\n2\n12345678901234567890123\n2\n",
        ),
        (
            envelope,
            &["--each", "--jq", ".a", "-o", "compact"],
            "1\n[2,3]\n",
        ),
        (
            envelope,
            &["--each", "--jq", ".a", "-o", "ndjson"],
            "1\n[2,3]\n",
        ),
        (
            envelope,
            &["--each", "--jq", "select(.a == 1)", "-o", "compact"],
            "{\"a\":1}\n",
        ),
        (
            envelope,
            &["--each", "-o", "compact"],
            "{\"a\":1}\n{\"a\":[2,3]}\n",
        ),
        ("[\"a\",1]", &["--each", "-r"], "a\n1\n"),
        ("[1,[2]]", &["--each"], "1\n[\n  2\n]\n"),
        ("{\"a\":1}", &["--each", "--jq", ".a"], "1\n"),
        ("7", &["--each", "--jq", ".+1"], "8\n"),
        ("[]", &["--each", "--jq", "."], ""),
    ] {
        prints(body, words, want);
    }
}

#[test]
fn lines_are_filtered_one_by_one() {
    for words in [&["--jq", ".a"][..], &["--each", "--jq", ".a"]] {
        let body = "{\"a\":1.0}\n\n{\"a\":2}";
        let ended = get(Fault::body(200, LINES, body), words).ok();
        assert_eq!(ended.stdout(), "1.0\n2\n");
        let body = "{\"a\":1}\n{\"a\"}\n{\"a\":3}\n";
        let ended = get(Fault::body(200, LINES, body), words).code(1);
        assert_eq!(ended.stdout(), "1\n");
        assert!(
            ended.stderr.contains("expected `:` at byte 12"),
            "{ended:?}"
        );
    }
}

#[test]
fn a_wrong_filter_is_refused_before_anything_is_sent() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    for (words, stderr) in [
        (
            &["--jq", ".[] | hostname"][..],
            "apicall: --jq: there is no function `hostname`\n  .[] | hostname\n        ^^^^^^^^\n\
             hint: a field is `.hostname`, a string `\"hostname\"`\n",
        ),
        (
            &["--jq", "\"é漢\"\n | (.a"],
            "apicall: --jq: line 2: `(` is not closed\n   | (.a\n     ^\n",
        ),
        (
            &["--jq", "\u{1b}[31m"],
            "apicall: --jq: nothing begins with `^[` here\n  ^[[31m\n  ^^\n",
        ),
        (
            &["--jq", ".", "--arg", "a b", "1"],
            "apicall: --arg: `a b` cannot name a variable\n\
             hint: letters, digits and `_`, as in `--arg pool lab --jq '.[] | select(.pool.name == $pool)'`\n",
        ),
        (
            &["--jq", ".", "--argjson", "a", "x"],
            "apicall: --argjson a: not JSON: expected a value at byte 0\n",
        ),
        (
            &["--jq", ".", "-o", "raw"],
            "apicall: `--jq` and `-o raw` do not go together\n\
             hint: `-r` prints strings without quotes, `-o compact` each result on a line\n",
        ),
    ] {
        let mut all = vec!["get", "x"];
        all.extend_from_slice(words);
        for more in [&[][..], &["--dry-run"]] {
            let mut all = all.clone();
            all.extend_from_slice(more);
            let ended = home.run(&all).code(2);
            assert_eq!(ended.stderr, stderr, "{words:?}");
            assert_eq!(ended.stdout(), "");
        }
    }
    home.run(&["get", "x", "--arg", "a", "b"]).fails(2, "--jq");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_filter_that_fails_keeps_what_was_printed() {
    let body = r#"[{"a":1},{"a":2},"secret\u001b",{"a":4}]"#;
    for words in [
        &["--jq", ".[].a"][..],
        &["--each", "--jq", ".a"],
        &["--each", "--jq", ".a|."],
    ] {
        let ended = get(Fault::body(200, JSON, body), words).code(1);
        assert_eq!(ended.stdout(), "1\n2\n", "{words:?}");
        assert_eq!(
            ended.stderr,
            "apicall: lab: GET /MAAS/api/2.0/x/: --jq: cannot index string with string (\"a\")\n",
            "{words:?}"
        );
    }
    let ended = get(Fault::body(200, JSON, LIST), &["--jq", ".name"]);
    assert_eq!(
        ended.code(1).stderr,
        "apicall: lab: GET /MAAS/api/2.0/x/: --jq: cannot index array with string (\"name\")\n\
         hint: the value is a list: `.[]` goes through its elements\n"
    );
    let ended = get(
        Fault::body(200, JSON, "{\"password\":\"hunter2\"}"),
        &["--jq", "error"],
    );
    let ended = ended.code(1);
    assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
}

#[test]
fn the_environment_without_secrets() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox)
        .var("APICALL_KEY", "a:b:c")
        .var("DB_PASSWORD", "p")
        .var("GITHUB_TOKEN", "t")
        .var("POOL", "lab");
    sandbox.fault(Fault::body(200, JSON, "{}").always());
    for filter in [
        "$ENV|keys|map(select(. != \"HOME\"))",
        "env|keys|map(select(. != \"HOME\"))",
    ] {
        let ended = home
            .run(&["get", "x", "--jq", filter, "-o", "compact"])
            .ok();
        assert_eq!(ended.stdout(), "[\"POOL\"]\n");
    }
    let ended = home
        .run(&["get", "x", "--jq", "$ENV.POOL, env.APICALL_KEY"])
        .ok();
    assert_eq!(ended.stdout(), "\"lab\"\nnull\n");
}

#[test]
fn answers_that_are_no_json() {
    let ended = get(Fault::body(200, "text/html", "<p>"), &["--jq", "."]);
    assert_eq!(
        ended.code(1).stderr,
        "apicall: lab: GET /MAAS/api/2.0/x/: --jq: the response is not JSON, but `text/html`\n"
    );
    let ended = get(Fault::body(200, "text/plain", "{\"a\":1}"), &["--jq", ".a"]).ok();
    assert_eq!(ended.stdout(), "1\n", "asked aloud");
    for words in [&["--jq", ".[]"][..], &["--jq", "map(.)"]] {
        let ended = get(Fault::body(200, JSON, "[1,2,x]"), words).code(1);
        assert_eq!(ended.stdout(), "", "a whole response or none");
        assert!(
            ended
                .stderr
                .contains("the response is not valid JSON: expected a value at byte 5"),
            "{ended:?}"
        );
    }
    let ended = get(Fault::body(200, JSON, "[1,2,x]"), &["--each", "--jq", "."]).code(1);
    assert_eq!(ended.stdout(), "1\n2\n");
}

#[test]
fn what_is_no_answer_to_filter() {
    for fault in [
        Fault::status(204),
        Fault::body(200, JSON, ""),
        Fault::body(200, JSON, "\u{feff}"),
    ] {
        for words in [
            &["--jq", "length"][..],
            &["--jq", "."],
            &["--each", "--jq", "."],
        ] {
            let ended = get(fault.clone(), words).ok();
            assert_eq!(ended.stdout(), "", "{words:?}");
        }
    }
    let error = Fault::body(404, JSON, r#"{"a":1}"#);
    let ended = get(error, &["--jq", ".a", "--error-body", "stdout"]).code(4);
    assert_eq!(
        ended.stdout(),
        "{\n  \"a\": 1\n}\n",
        "an error is not filtered"
    );
    let gzip = Fault::body(200, JSON, LIST).and(Effect::Gzip(Gzip::Good));
    assert_eq!(get(gzip, &["--jq", "length"]).ok().stdout(), "2\n");
    let ended = get(Fault::body(200, JSON, "[1]"), &["--jq", ".[]", "-i"]).ok();
    assert!(ended.stdout().starts_with("HTTP/1.1 200 OK\n"), "{ended:?}");
    assert!(ended.stdout().ends_with("\n\n1\n"), "{ended:?}");
}

#[test]
fn halt_ends_without_more() {
    prints(
        "[1,2,3]",
        &["--each", "--jq", "if . == 2 then halt else . end"],
        "1\n",
    );
    let ended = get(
        Fault::body(200, JSON, "[1]"),
        &["--jq", "\"no\\n\"|halt_error"],
    )
    .code(1);
    assert_eq!(
        ended.stderr,
        "apicall: lab: GET /MAAS/api/2.0/x/: --jq: no\n"
    );
}

#[test]
fn deep_answers_do_not_overflow_the_stack() {
    let body = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for words in [
        &["--jq", "."][..],
        &["--jq", "length"],
        &["--each", "--jq", "length"],
    ] {
        let ended = get(Fault::body(200, JSON, body.clone()), words);
        ended.fails(
            1,
            "--jq: values nested deeper than 10000 levels cannot be filtered",
        );
    }
}

#[test]
fn whoami_is_filtered() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let ended = home.run(&["whoami", "--jq", ".username", "-r"]).ok();
    assert_eq!(ended.stdout(), "admin\n");
    let ended = home
        .run(&["whoami", "-p", "play", "--jq", ".fabrics|type", "-r"])
        .ok();
    assert_eq!(ended.stdout(), "array\n");
}

/// "`debug` and `stderr` write lines to stderr as they come": they are not lost where the filter
/// fails, nor kept where it never ends.
#[test]
fn what_a_filter_says_comes_at_once() {
    let body = r#"[{"a":"x\u001b[31m"},{"a":"apicall: y\nz"}]"#;
    for words in [
        &["--jq", ".[]|.a|stderr|debug(\"d\")|.."][..],
        &["--each", "--jq", ".a|stderr|debug(\"d\")|.."],
    ] {
        let ended = get(Fault::body(200, JSON, body), words).code(0);
        assert_eq!(
            ended.stderr,
            "x^[[31m\n[\"DEBUG:\",\"d\"]\n| apicall: y\nz\n[\"DEBUG:\",\"d\"]\n"
        );
        assert_eq!(ended.stdout(), "\"x\\u001b[31m\"\n\"apicall: y\\nz\"\n");
    }
    let words = ["--jq", ".[0]|debug|error(\"no\")"];
    let ended = get(Fault::body(200, JSON, body), &words).code(1);
    assert_eq!(
        ended.stderr,
        "[\"DEBUG:\",{\"a\":\"x\\u001b[31m\"}]\n\
         apicall: lab: GET /MAAS/api/2.0/x/: --jq: no\n"
    );
    let words = ["--jq", "debug(1)|repeat(empty)", "--timeout", "2s"];
    let ended = get(Fault::body(200, JSON, body), &words).code(6);
    assert!(ended.stderr.starts_with("[\"DEBUG:\",1]\n"), "{ended:?}");
    let words = ["--columns", "k=(.a|debug|length)", "-o", "csv"];
    let ended = get(Fault::body(200, JSON, body), &words).code(0);
    assert_eq!(ended.stderr.lines().count(), 2, "{ended:?}");
}

/// The key of the profile is masked in what a filter says, too.
#[test]
fn what_a_filter_says_is_masked() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(Fault::body(200, JSON, "[]").always());
    let key = sandbox.maas_key();
    let words = [
        "get",
        "x",
        "--jq",
        "$k|debug|stderr|length",
        "--arg",
        "k",
        key,
    ];
    let ended = home.run(&words).code(0);
    assert!(!ended.stderr.contains(key), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 2, "{ended:?}");
}

/// Values that are small each, but many: what they take together is bounded.
#[test]
fn what_a_filter_takes_of_memory_is_bounded() {
    for words in [
        &["--jq", "[range(1000) | \"x\" * 60000000] | length"][..],
        &["--columns", "n=([range(1000) | \"x\" * 60000000] | length)"],
    ] {
        let ended = get(Fault::body(200, JSON, "[1]"), words).code(1);
        assert!(
            ended
                .stderr
                .contains("it takes more than 1024 MiB of memory"),
            "{ended:?}"
        );
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
}

/// Columns that are filters go to the element together, and each keeps its own results.
#[test]
fn columns_that_are_filters_keep_apart() {
    let body = r#"[{"a":[1,2.50],"b":"x"},{"a":[],"b":null}]"#;
    let columns = "b,n=.a|length,all=(.a[], .b) # two,none=(.a|first(empty)),b2=.b";
    let words = ["--columns", columns, "-o", "csv"];
    let ended = get(Fault::body(200, JSON, body), &words).ok();
    assert_eq!(
        ended.stdout(),
        "b,n,all,none,b2\nx,2,\"1,2.50,x\",,x\n,0,,,\n"
    );
    let words = ["--columns", "n=.a|length,m=(.b|error(\"no\"))", "-o", "csv"];
    let ended = get(Fault::body(200, JSON, body), &words).code(1);
    assert!(ended.stderr.contains("--columns: no"), "{ended:?}");
    let words = ["--columns", "n=1)|(2,m=.b", "-o", "csv"];
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    home.run(&[&["get", "x"], &words[..]].concat())
        .fails(2, "--columns");
}
