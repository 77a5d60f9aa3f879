//! Filters beside what they make of a text, quickly and slowly.

use proptest::prelude::*;

use std::rc::Rc;

use super::*;
use crate::error::Exit;
use crate::json::{Layout, Lexer, Style, Values as _};
use crate::output::values::{Output as _, Printed};

fn compile(text: &str) -> Result<Filter, Failure> {
    let env = Env::from_vars([
        ("HOME", "/home/me"),
        ("APICALL_KEY", "k"),
        ("DB_PASSWORD", "p"),
        ("EMPTY", ""),
    ]);
    Filter::compile("--jq", text, &[], &[], &env)
}

/// Runs a filter that goes through a list on one.
fn run_spread(filter: Filter, text: &str, step: usize) -> (String, Option<String>) {
    let mut out = Vec::new();
    let style = Style {
        layout: Layout::Compact,
        ..Style::default()
    };
    let error = {
        let results = Results::texts(Box::new(Printed::new(&mut out, style)));
        let mut spread = Spread::new(Rc::new(filter), results);
        let mut lexer = Lexer::new();
        let result = text
            .as_bytes()
            .chunks(step)
            .try_for_each(|chunk| lexer.feed(chunk, &mut spread))
            .and_then(|()| lexer.finish(&mut spread))
            .map_err(|e| e.to_string())
            .and_then(|()| spread.end_value().map_err(|e| e.to_string()))
            .and_then(|()| spread.flush().map_err(|e| e.to_string()));
        result.err()
    };
    (String::from_utf8(out).unwrap(), error)
}

/// Runs a filter on texts one after the other: results, and the error that ended it.
fn run(filter: Filter, texts: &[&str], step: usize) -> (String, Option<String>) {
    let mut out = Vec::new();
    let style = Style {
        layout: Layout::Compact,
        ..Style::default()
    };
    let mut error = None;
    {
        let results = Results::texts(Box::new(Printed::new(&mut out, style)));
        let mut filtered = Filtered::new(Rc::new(filter), results);
        for text in texts {
            let mut lexer = Lexer::new();
            let result = text
                .as_bytes()
                .chunks(step)
                .try_for_each(|chunk| lexer.feed(chunk, &mut filtered))
                .and_then(|()| lexer.finish(&mut filtered))
                .map_err(|e| e.to_string())
                .and_then(|()| filtered.end_value().map_err(|e| e.to_string()))
                .and_then(|()| filtered.flush().map_err(|e| e.to_string()));
            if let Err(message) = result {
                error = Some(message);
                break;
            }
        }
        let _ = filtered.flush();
    }
    (String::from_utf8(out).unwrap(), error)
}

/// The same, where the response pauses behind each byte.
fn run_halting(filter: Filter, texts: &[&str]) -> (String, Option<String>) {
    let mut out = Vec::new();
    let style = Style {
        layout: Layout::Compact,
        ..Style::default()
    };
    let result = {
        let results = Results::texts(Box::new(Printed::new(&mut out, style)));
        let mut filtered = Filtered::new(Rc::new(filter), results);
        let each = |text: &&str| {
            let mut lexer = Lexer::new();
            for byte in text.as_bytes() {
                lexer
                    .feed(&[*byte], &mut filtered)
                    .map_err(|e| e.to_string())?;
                filtered.flush().map_err(|e| e.to_string())?;
            }
            lexer.finish(&mut filtered).map_err(|e| e.to_string())?;
            filtered.end_value().map_err(|e| e.to_string())?;
            filtered.flush().map_err(|e| e.to_string())
        };
        texts.iter().try_for_each(each)
    };
    (String::from_utf8(out).unwrap(), result.err())
}

#[test]
fn a_response_may_pause_anywhere() {
    let texts = [
        r#"{"a":1,"b":{"c":"x\ny"}}"#,
        "[1]",
        r#"{"a":[1.10,2],"b":7}"#,
    ];
    for filter in [".a", "{a,d:.b.c}", ".a, .b?", "[.a]|length", ".", "map(.)"] {
        let want = run(compile(filter).unwrap(), &texts, 1 << 20);
        let got = run_halting(compile(filter).unwrap(), &texts);
        assert_eq!(got, want, "{filter}");
    }
}

/// The same without the quick way.
fn run_slowly(mut filter: Filter, texts: &[&str]) -> (String, Option<String>) {
    filter.plain = None;
    run(filter, texts, 1 << 20)
}

#[track_caller]
fn gives(filter: &str, text: &str, want: &str) {
    let (out, error) = run(compile(filter).unwrap(), &[text], 3);
    assert_eq!(error, None, "{filter} of {text}");
    let out = out.trim_end().replace('\n', " ");
    assert_eq!(out, want, "{filter} of {text}");
    let filter = compile(filter).unwrap();
    let slow = run_slowly(filter, &[text]).0;
    assert_eq!(slow.trim_end().replace('\n', " "), want, "slowly");
}

#[test]
fn numbers_stay_as_they_are_written() {
    let text = "[1.10,1e400,12345678901234567890123,1600000000.5643985,-0,1E5,0.0,-1.50]";
    gives(".", text, text);
    gives(".[]", text, &text[1..text.len() - 1].replace(',', " "));
    gives("map(.)", text, text);
    gives("{a:.}", text, &format!("{{\"a\":{text}}}"));
    gives(
        "tojson|fromjson",
        text,
        "[1.10,1E+400,12345678901234567890123,1600000000.5643985,-0,1E+5,0.0,-1.50]",
    );
    let digits = "7".repeat(10_000);
    gives(".+0|type", &digits, "\"number\"");
    gives(".", &digits, &digits);
}

#[test]
fn what_values_look_like() {
    for (filter, text, want) in [
        (".", r#"{"b":1,"a":2,"b":3}"#, r#"{"b":3,"a":2}"#),
        (
            ".",
            r#""\u00e9\/\u0000\u007f\n\ud83d\ude00""#,
            "\"é/\\u0000\\u007f\\n😀\"",
        ),
        (".a", "{\"a\":\"x\u{7f}\"}", r#""x\u007f""#),
        (".", r#""\ud800x""#, "\"\u{fffd}x\""),
        (". == .", "[1]", "true"),
        (
            "nan, infinite, -infinite",
            "1",
            "null 1.7976931348623157e+308 -1.7976931348623157e+308",
        ),
        (
            "6/2, 7/2, 1.0, 0.1+0.2, 1e3*1",
            "null",
            "3 3.5 1.0 0.30000000000000004 1000",
        ),
        ("{(\"a\",\"b\"):1}", "null", r#"{"a":1} {"b":1}"#),
        ("\"é\"|@base64|@base64d", "null", "\"é\""),
    ] {
        gives(filter, text, want);
    }
}

#[test]
fn the_library() {
    for (filter, text, want) in [
        (
            "@csv",
            r#"["a\"b",1.10,null,true]"#,
            r#""\"a\"\"b\",1.10,,true""#,
        ),
        (
            "@tsv",
            r#"["a\tb\\",1,null,false]"#,
            r#""a\\tb\\\\\t1\t\tfalse""#,
        ),
        ("@sh", r#"["a'b"]"#, r#""'a'\\''b'""#),
        (
            "map(select(.a|test(\"^x\")))",
            r#"[{"a":"xy"},{"a":"y"}]"#,
            r#"[{"a":"xy"}]"#,
        ),
        (
            "group_by(.a)|map(length)",
            r#"[{"a":1},{"a":2},{"a":1}]"#,
            "[2,1]",
        ),
        ("[limit(2;.[])]", "[1,2,3]", "[1,2]"),
        ("first(.[]), last", "[1,2,3]", "1 3"),
        ("0|todate", "null", "\"1970-01-01T00:00:00Z\""),
        ("now|type", "null", "\"number\""),
        ("ascii_downcase", "\"AbÉ\"", "\"abÉ\""),
        ("to_entries", r#"{"a":1}"#, r#"[{"key":"a","value":1}]"#),
        ("sub(\"a\";\"b\")", "\"aa\"", "\"ba\""),
        ("IN(1,2)", "2", "true"),
        ("INDEX(.a)", r#"[{"a":"x"}]"#, r#"{"x":{"a":"x"}}"#),
        ("[inputs]", "1", "[]"),
        ("input_filename", "1", "null"),
        ("debug, stderr", "1", "1 1"),
        ("env.HOME, $ENV.HOME", "1", "\"/home/me\" \"/home/me\""),
        ("$ENV|keys", "1", "[\"EMPTY\",\"HOME\"]"),
        ("env|keys", "1", "[\"EMPTY\",\"HOME\"]"),
        ("$ARGS", "1", r#"{"positional":[],"named":{}}"#),
        ("1, halt, 2", "1", "1"),
        ("getpath([\"a\",\"b\"])", "{}", "null"),
        ("\"\\(.a) of \\(.b)\"", r#"{"a":1,"b":"c"}"#, "\"1 of c\""),
        ("try error(\"x\") catch .", "1", "\"x\""),
        ("reduce .[] as $x (0; . + $x)", "[1,2]", "3"),
        (
            "walk(if type == \"number\" then . + 1 else . end)",
            "[1,[2]]",
            "[2,[3]]",
        ),
        ("paths|join(\".\")", r#"{"a":{"b":1}}"#, "\"a\" \"a.b\""),
        ("splits(\", *\")", "\"a, b\"", "\"a\" \"b\""),
        ("ltrimstr(\"a\"), rtrimstr(\"b\")", "\"ab\"", "\"b\" \"a\""),
        ("tonumber + 1", "\"41\"", "42"),
        ("del(.a)", r#"{"a":1,"b":2}"#, r#"{"b":2}"#),
        ("with_entries(.value += 1)", r#"{"a":1}"#, r#"{"a":2}"#),
        (
            "unique, add, min, max, length, any, all",
            "[2,1,2]",
            "[1,2] 5 1 2 3 true true",
        ),
    ] {
        gives(filter, text, want);
    }
}

#[test]
fn failures_of_filters() {
    for (filter, text, out, message) in [
        (
            ".[] | .a",
            r#"[{"a":1},2]"#,
            "1\n",
            "--jq: cannot index number with string (\"a\")",
        ),
        (
            ".a",
            "[{\"a\":\"secret\"}]",
            "",
            "--jq: cannot index array with string (\"a\")",
        ),
        (
            ".a, .b.c",
            r#"{"a":1,"b":"x"}"#,
            "1\n",
            "--jq: cannot index string with string (\"c\")",
        ),
        ("error(\"not [this]\")", "1", "", "--jq: not [this]"),
        ("error", "null", "", "--jq: null"),
        ("error({a: 1})", "null", "", "--jq: {…}"),
        ("1, input", "1", "1\n", "--jq: there is no further input"),
        (
            "1, (\"\" | halt_error(3))",
            "1",
            "1\n",
            "--jq: halted with 3",
        ),
        ("\"gone\\n\" | halt_error", "1", "", "--jq: gone"),
        ("{a:1} | halt_error", "1", "", "--jq: {\"a\":1}"),
        (".[]", "1", "", "--jq: cannot iterate over number (1)"),
        (
            "@csv",
            "[[1]]",
            "",
            "--jq: array ([…]) is not valid in a csv row",
        ),
        (
            "fromjson",
            "\"{\"",
            "",
            "--jq: not valid JSON: unexpected end inside an object at byte 1 (while parsing '{')",
        ),
    ] {
        let filter = compile(filter).unwrap_or_else(|e| panic!("{filter}: {e}"));
        let (got, error) = run(filter, &[text], 2);
        assert_eq!((&*got, error.as_deref()), (out, Some(message)));
    }
}

#[test]
fn wrong_filters_are_shown_with_a_caret() {
    for (filter, want) in [
        ("", "expected a term, found the end\n  \n  ^"),
        (
            ".[] | ",
            "expected a term, found the end\n  .[] |\n       ^",
        ),
        (
            ".[] | hostname",
            "there is no function `hostname`\n  .[] | hostname\n        ^^^^^^^^",
        ),
        (
            "map(1;2)",
            "there is no function `map` with 2 arguments\n  map(1;2)\n  ^^^",
        ),
        (
            "\"é漢\" | $x",
            "there is no variable `$x`\n  \"é漢\" | $x\n          ^^",
        ),
        (".a | (.b", "`(` is not closed\n  .a | (.b\n       ^"),
        (
            ".a\n| foo",
            "line 2: there is no function `foo`\n  | foo\n    ^^^",
        ),
        (".a)", "nothing begins with `)` here\n  .a)\n    ^"),
        (
            "include \"x\"; .",
            "filters read no files\n  include \"x\"; .\n  ^^^^^^^",
        ),
        (
            "import \"x\" as $x; .",
            "filters read no files\n  import \"x\" as $x; .\n  ^^^^^^",
        ),
        ("\"\\(x)\"", "there is no function `x`\n  \"\\(x)\"\n     ^"),
        (
            "if . then 1",
            "expected `else`, `elif` or `end`, found the end\n  if . then 1\n             ^",
        ),
        (". & 1", "nothing begins with `&` here\n  . & 1\n    ^"),
        ("break $x", "there is no label `$x`\n  break $x\n  ^^^^^^^^"),
    ] {
        let failure = compile(filter).unwrap_err();
        let shown: Vec<String> = std::iter::once(failure.cause)
            .chain(failure.place)
            .collect();
        assert_eq!(shown.join("\n"), want, "{filter}");
        assert_eq!(failure.exit, Exit::Usage);
    }
}

#[test]
fn arguments() {
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let env = Env::from_vars::<&str, &str>([]);
    let filter = Filter::compile(
        "--jq",
        "[$a, $b, $ARGS.named.b.c]",
        &words(&["a", "1"]),
        &words(&["b", "{\"c\": 1.10}"]),
        &env,
    )
    .unwrap();
    let (out, error) = run(filter, &["null"], 9);
    assert_eq!((&*out, error), ("[\"1\",{\"c\":1.10},1.10]\n", None));
    for (args, json, message) in [
        (
            &["a b", "1"][..],
            &[][..],
            "--arg: `a b` cannot name a variable",
        ),
        (&["1a", "1"], &[], "--arg: `1a` cannot name a variable"),
        (&["a", "1"], &["a", "2"], "--argjson: `a` is given twice"),
        (
            &[],
            &["a", "{"],
            "--argjson a: not JSON: unexpected end inside an object at byte 1",
        ),
        (&[], &["a", ""], "--argjson a: there is not JSON"),
    ] {
        let failure = Filter::compile("--jq", ".", &words(args), &words(json), &env).unwrap_err();
        assert_eq!(failure.to_string(), message);
        assert_eq!(failure.exit, Exit::Usage);
    }
}

#[test]
fn deep_values_are_refused() {
    let deep = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    let (out, error) = run(
        compile("tojson|fromjson|[..]|length").unwrap(),
        &[&deep(value::build::DEEPEST)],
        100,
    );
    assert_eq!(
        (&*out, error),
        (&*format!("{}\n", value::build::DEEPEST + 1), None)
    );
    for filter in ["map(.)", "."] {
        let (_, error) = run(compile(filter).unwrap(), &[&deep(100_000)], 100_000);
        assert_eq!(
            error.as_deref(),
            Some("--jq: values nested deeper than 10000 levels cannot be filtered")
        );
    }
}

/// Texts with everything that could come out differently.
fn elements() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        Just("\"a\""),
        Just("\"b\""),
        Just("\"c\""),
        Just("\"\\u0061\""),
        Just("\"a b\""),
        Just("\"é\""),
        Just("\"\\u00e9\""),
        Just("\"x\\/\""),
    ];
    let scalar = prop_oneof![
        Just("null"),
        Just("true"),
        Just("false"),
        Just("1.10"),
        Just("-0"),
        Just("1e400"),
        Just("12345678901234567890123"),
        Just("\"x\""),
        Just("\"\\u0041\\/\""),
        Just("\"\\ud800\""),
        Just("\"\u{7f}é\""),
        Just("\"\""),
        Just("\"\\n\""),
    ]
    .prop_map(str::to_owned);
    scalar.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|v| format!("[{}]", v.join(", "))),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|members| {
                let members: Vec<String> =
                    members.iter().map(|(k, v)| format!("{k}: {v}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn plain_filters() -> impl Strategy<Value = String> {
    let first = prop_oneof![
        Just(".a"),
        Just(".b"),
        Just(".c"),
        Just(".[\"a b\"]"),
        Just(".\"é\""),
        Just(".[0]"),
        Just(".[1]"),
    ];
    let step = prop_oneof![
        Just(".a"),
        Just(".b"),
        Just("[\"a b\"]"),
        Just("[0]"),
        Just("[1]"),
        Just("?"),
        Just(".\"é\""),
    ];
    let path = prop_oneof![
        9 => (first, prop::collection::vec(step, 0..3))
            .prop_map(|(first, steps)| format!("{first}{}", steps.concat())),
        1 => Just(".".to_owned()),
    ];
    let shape = path.clone().boxed().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|v| format!("[{}]", v.join(", "))),
            (inner.clone(), inner).prop_map(|(x, y)| format!("{{a, x: {x}, \"y z\": {y}}}")),
        ]
    });
    (
        prop::collection::vec(path, 0..2),
        prop::collection::vec(shape, 1..3),
    )
        .prop_map(|(prefix, shapes)| {
            let mut all = prefix;
            all.push(shapes.join(" , "));
            all.join(" | ")
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_quick_way_gives_what_the_slow_one_gives(
        text in elements(),
        other in elements(),
        filter in plain_filters(),
        step in 1..9usize,
    ) {
        let quick = compile(&filter).unwrap();
        prop_assert!(quick.plain.is_some(), "{} is plain", filter);
        let slow = compile(&filter).unwrap();
        let texts = [&*text, &*other, &*text];
        prop_assert_eq!(run(quick, &texts, step), run_slowly(slow, &texts), "{}", filter);

        let filter = format!(".[] | {filter}");
        for text in [&*format!("[{text}, {other}, {text}]"), &*text] {
            let quick = compile(&filter).unwrap();
            prop_assert!(quick.spreads(), "{} goes through a list", filter);
            let slow = compile(&filter).unwrap();
            let slow = run_slowly(slow, &[text]);
            prop_assert_eq!(run_spread(quick, text, step), slow, "{} of {}", filter, text);
        }
    }
}

/// What the quick way knows, the language knows too.
#[test]
fn plain_filters_are_filters() {
    for filter in [
        ".and",
        ".if.then",
        "{if}",
        "{and: .or}",
        "{reduce, def: .def}",
        ".__loc__",
        "{__loc__}",
        ".a??",
        ".a|.b|.c",
        ".\"a\".\"b\"[\"c\"]",
        "[.,.]",
        "\t. \n",
        "{\"a\":.a}",
        "._a1",
        "{a:{b:.c}}",
        ".[000]",
    ] {
        let filter = compile(filter).unwrap();
        assert!(filter.plain.is_some(), "{}", filter.text);
        drop(filter.worker().unwrap());
    }
    for filter in [
        ".[]",
        ".[].a",
        ".[].if",
        ".[][0]",
        ".[][\"a\"]",
        ".[].\"a\"?.b",
        ".[]|{a}",
    ] {
        let filter = compile(filter).unwrap();
        assert!(filter.spreads(), "{}", filter.text);
        drop(filter.worker().unwrap());
    }
}

/// "Works after `--paginate` on all pages together."
#[test]
fn pages_are_one_array() {
    use crate::output::pipeline::{Pipeline, Source};
    use crate::output::{Format, Shown};

    for (filter, each, want) in [
        ("length", false, "4\n"),
        (".[3]", false, "{\"b\":[1.10]}\n"),
        (".", false, "[1,2,3,{\"b\":[1.10]}]\n"),
        (".", true, "1\n2\n3\n{\"b\":[1.10]}\n"),
    ] {
        let shown = Shown {
            format: Some(Format::Compact),
            filter: Some(Rc::new(compile(filter).unwrap())),
            each,
            ..Shown::default()
        };
        let mut out = Vec::new();
        {
            let mut pipeline = Pipeline::new(Source::Pages, &shown, &mut out);
            for page in [
                "[1, 2]",
                "[]",
                "{\"result\":[3],\"hasMore\":true}",
                "[{\"b\":[1.10]}]",
            ] {
                pipeline.write(page.as_bytes()).unwrap();
                pipeline.end_text().unwrap();
            }
            assert_eq!(pipeline.count(), 4);
            assert_eq!(pipeline.finish().unwrap(), None);
        }
        assert_eq!(String::from_utf8(out).unwrap(), want, "{filter}");
    }
}
