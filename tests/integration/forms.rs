//! CONTRACT: "`-o json · compact · raw · ndjson · csv · tsv · table`, `--columns`, `--sort`": every
//! form with every shape of response.

use proptest::prelude::*;

use crate::sandbox::{Fault, Sandbox};
use crate::support::{Ended, Home};
use crate::typed::words;

/// A user, and a server that gives one response after the other.
struct Desk {
    sandbox: Sandbox,
    home: Home,
}

impl Desk {
    fn new() -> Self {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        Self { sandbox, home }
    }

    /// Runs a GET whose response has this body.
    fn get(&self, body: &str, flags: &str) -> Ended {
        self.get_as("application/json", body, flags)
    }

    fn get_as(&self, content_type: &str, body: &str, flags: &str) -> Ended {
        self.sandbox
            .fault(Fault::body(200, content_type, body).times(1));
        self.home.run(&words(&format!("get /x -p play {flags}")))
    }
}

const EMPTY: &str = "[ ]";
const ONE: &str = r#"[ {"name": "a", "n": 1.10} ]"#;
const MANY: &str =
    r#"[{"b":true,"a":"x,\"y\"","n":null,"o":{"k":[1, 2]}},{"a":"t\tab","b":false,"n":-2}]"#;
const SCALARS: &str = r#"[1, "two", null, 1e400]"#;
const ARRAYS: &str = r#"[[1, "a"], ["b"]]"#;
const ENVELOPE: &str = r#"{"error": false, "result": [{"k": 1}, {"k": 2}], "hasMore": false}"#;
const DOCUMENT: &str = r#"{"_key": "1", "result": [5]}"#;

#[test]
fn every_form_has_every_shape() {
    let desk = Desk::new();
    for (form, body, want) in [
        ("json", EMPTY, "[]\n"),
        ("json", "null", "null\n"),
        (
            "json",
            ARRAYS,
            "[\n  [\n    1,\n    \"a\"\n  ],\n  [\n    \"b\"\n  ]\n]\n",
        ),
        ("compact", ONE, "[{\"name\":\"a\",\"n\":1.10}]\n"),
        (
            "compact",
            ENVELOPE,
            "{\"error\":false,\"result\":[{\"k\":1},{\"k\":2}],\"hasMore\":false}\n",
        ),
        ("raw", ONE, ONE),
        ("raw", EMPTY, EMPTY),
        ("ndjson", EMPTY, ""),
        ("ndjson", ONE, "{\"name\":\"a\",\"n\":1.10}\n"),
        ("ndjson", SCALARS, "1\n\"two\"\nnull\n1e400\n"),
        ("ndjson", ARRAYS, "[1,\"a\"]\n[\"b\"]\n"),
        ("ndjson", ENVELOPE, "{\"k\":1}\n{\"k\":2}\n"),
        ("ndjson", DOCUMENT, "{\"_key\":\"1\",\"result\":[5]}\n"),
        ("ndjson", "null", "null\n"),
        ("csv", EMPTY, ""),
        ("csv", ONE, "name,n\na,1.10\n"),
        (
            "csv",
            MANY,
            "b,a,n,o\ntrue,\"x,\"\"y\"\"\",,\"{\"\"k\"\":[1,2]}\"\nfalse,t\tab,-2,\n",
        ),
        ("csv", SCALARS, "value\n1\ntwo\n\"\"\n1e400\n"),
        ("csv", ARRAYS, "1,2\n1,a\nb,\n"),
        ("csv", ENVELOPE, "k\n1\n2\n"),
        ("csv", DOCUMENT, "_key,result\n1,[5]\n"),
        ("csv", "null", "value\n\"\"\n"),
        ("csv", "\"a\\nb\"", "value\n\"a\nb\"\n"),
        ("tsv", EMPTY, ""),
        ("tsv", ONE, "name\tn\na\t1.10\n"),
        (
            "tsv",
            MANY,
            "b\ta\tn\to\ntrue\tx,\"y\"\t\t{\"k\":[1,2]}\nfalse\tt\\tab\t-2\t\n",
        ),
        ("tsv", SCALARS, "value\n1\ntwo\n\n1e400\n"),
        ("tsv", ARRAYS, "1\t2\n1\ta\nb\t\n"),
        ("tsv", ENVELOPE, "k\n1\n2\n"),
        ("tsv", "\"a\\nb\"", "value\na\\nb\n"),
        ("table", EMPTY, ""),
        ("table", ONE, "NAME     N\na     1.10\n"),
        (
            "table",
            MANY,
            "B      A       N\ntrue   x,\"y\"   -\nfalse  t\\tab  -2\n",
        ),
        ("table", SCALARS, "VALUE\n1\ntwo\n-\n1e400\n"),
        ("table", ARRAYS, "1  2\n1  a\nb\n"),
        ("table", ENVELOPE, "K\n1\n2\n"),
        ("table", "null", "VALUE\n-\n"),
        ("table", r#"[{"o": {"k": 1}}]"#, "O\n{\"k\":1}\n"),
    ] {
        let ended = desk.get(body, &format!("-o {form}")).code(0);
        assert_eq!(ended.stdout(), want, "-o {form} of {body}");
        // The object in `o` is no column of a table, unless it is all there is.
        let says = form == "table" && body == MANY;
        let note = "apicall: note: play: GET /x: fields that hold objects or lists were omitted: \
                    o; name them with `--columns`\n";
        assert_eq!(ended.stderr, if says { note } else { "" }, "{form}");
    }
}

#[test]
fn columns_that_are_given_are_there_whatever_the_elements_have() {
    let desk = Desk::new();
    for (flags, body, want) in [
        ("-o csv --columns a,b", EMPTY, "a,b\n"),
        ("-o csv --columns a,b --no-header", EMPTY, ""),
        ("--columns a,b", EMPTY, "A  B\n"),
        (
            "-o csv --columns n,o.k[1],X=b",
            MANY,
            "n,o.k[1],X\n,2,true\n-2,,false\n",
        ),
        (
            "-o tsv --columns n --columns b --no-header",
            MANY,
            "\ttrue\n-2\tfalse\n",
        ),
        ("--columns n,o.k", MANY, " N  O.K\n -  1,2\n-2\n"),
        ("--columns n --no-header", MANY, " -\n-2\n"),
        ("-o csv --columns [1],[0]", ARRAYS, "[1],[0]\na,1\n,b\n"),
        (
            "-o csv --columns all=.",
            SCALARS,
            "all\n1\ntwo\n\"\"\n1e400\n",
        ),
        // Sorting: by what is shown or not, as jq orders, equal ones as they came.
        (
            "-o csv --columns a --sort n",
            MANY,
            "a\n\"x,\"\"y\"\"\"\nt\tab\n",
        ),
        (
            "-o csv --columns a --sort -n",
            MANY,
            "a\nt\tab\n\"x,\"\"y\"\"\"\n",
        ),
        (
            "-o tsv --no-header --sort value",
            "[10,9,\"a\",null,9.5]",
            "\n9\n9.5\n10\na\n",
        ),
        (
            "--no-header --sort -value",
            "[10,9,null,9.5]",
            " 10\n9.5\n  9\n  -\n",
        ),
        (
            "-o ndjson --sort a,-b",
            r#"[{"a":2,"b":1},{"a":1,"b":1},{"a":1, "b":2},{}]"#,
            "{}\n{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":1}\n{\"a\":2,\"b\":1}\n",
        ),
        ("-o ndjson --sort .", "[3,1,2]", "1\n2\n3\n"),
        // Filters: one result is the cell, none leaves it empty, several are put together.
        (
            "-o csv --columns k=.o.k|length,x=.o.k[]?,b=.b|not",
            MANY,
            "k,x,b\n2,\"1,2\",false\n0,,true\n",
        ),
        (
            "-o tsv --columns n=.n//0,a --sort -n",
            MANY,
            "n\ta\n0\tx,\"y\"\n-2\tt\\tab\n",
        ),
        ("--columns n=-(.n//0),b", MANY, "N  B\n0  true\n2  false\n"),
        // What a filter makes of the response has rows, too.
        (
            "-o csv --jq map({a,b})",
            MANY,
            "a,b\n\"x,\"\"y\"\"\",true\nt\tab,false\n",
        ),
        ("-o csv --each --jq .b", MANY, "value\ntrue\nfalse\n"),
        (
            "--columns a --sort a --each --jq {a:.b}",
            MANY,
            "A\nfalse\ntrue\n",
        ),
        ("-o ndjson --each -r --jq .a", MANY, "x,\"y\"\nt\tab\n"),
    ] {
        let ended = desk.get(body, flags).ok();
        assert_eq!(ended.stdout(), want, "{flags} of {body}");
    }
}

#[test]
fn what_columns_leave_out_is_reported_once() {
    let desk = Desk::new();
    for (flags, body, stdout, note, code) in [
        (
            "-o csv",
            r#"[{"a":1},{"b":2,"a":3},{"b":4,"c":5}]"#,
            "a\n1\n3\n\"\"\n",
            "fields that the first element does not have were omitted: b, c; name them with `--columns`",
            0,
        ),
        (
            "-o table",
            r#"[{"a":1},{"b":2,"a":3}]"#,
            "A\n1\n3\n",
            "fields that the first element does not have were omitted: b; name them with `--columns`",
            0,
        ),
        (
            "-o table",
            r#"[{"a":1,"n":{"x":1},"l":[1,2]},{"a":2,"l":[3]}]"#,
            "A\n1\n2\n",
            "fields that hold objects or lists were omitted: n, l; name them with `--columns`",
            0,
        ),
        (
            "-o tsv",
            r#"[{"a":1},7,[8]]"#,
            "a\n1\n\n\n",
            "2 elements are no object as the first one is, so their rows are empty",
            0,
        ),
        (
            "-o csv",
            "[[1],[2,3]]",
            "1\n1\n2\n",
            "1 element is longer than the first element and cut; name the columns with `--columns`",
            0,
        ),
        (
            "--columns a,typo.x",
            r#"[{"a":1}]"#,
            "A  TYPO.X\n1\n",
            "`--columns`: no element has `typo.x`",
            0,
        ),
        (
            "--columns a,pool.nam",
            r#"[{"a":1,"pool":{"name":"x"}}]"#,
            "A  POOL.NAM\n1\n",
            "`--columns`: no element has `pool.nam`; did you mean `pool.name`?",
            0,
        ),
        // Null is a value.
        (
            "-o csv --columns b,typo",
            r#"[{"b":null}]"#,
            "b,typo\n,\n",
            "`--columns`: no element has `typo`",
            0,
        ),
        // None of what was asked for is there.
        (
            "-o csv --columns ownr",
            r#"[{"owner":1},{"owner":2}]"#,
            "ownr\n\"\"\n\"\"\n",
            "`--columns`: no element has `ownr`; did you mean `owner`?",
            1,
        ),
        (
            "-o csv --sort a,typo",
            r#"[{"a":1}]"#,
            "a\n1\n",
            "`--sort`: no element has `typo`",
            0,
        ),
        (
            "-o csv --sort typo",
            r#"[{"a":1}]"#,
            "a\n1\n",
            "`--sort`: no element has `typo`",
            1,
        ),
        (
            "-o ndjson --sort nme",
            r#"[{"name":1}]"#,
            "{\"name\":1}\n",
            "`--sort`: no element has `nme`; did you mean `name`?",
            1,
        ),
    ] {
        let ended = desk.get(body, flags).code(code);
        assert_eq!(ended.stdout(), stdout, "{flags} of {body}");
        let want = format!("apicall: note: play: GET /x: {note}\n");
        assert_eq!(ended.stderr, want, "{flags} of {body}");
    }
}

/// A list without elements has no column, and nothing is wrong with that.
#[test]
fn an_empty_list_misses_no_column() {
    let desk = Desk::new();
    for flags in ["--columns typo", "-o csv --sort typo", "-o ndjson --sort x"] {
        desk.get(EMPTY, flags).ok();
    }
}

#[test]
fn lists_in_tables_are_joined_and_stay_json_for_programs() {
    let desk = Desk::new();
    let body =
        r#"[{"n":"a","l":["x","y z"],"m":[]},{"n":"b","l":[1.10,null,[2],{"k":1}],"m":[1]}]"#;
    let table = desk.get(body, "--columns n,l,m").ok();
    let want = "N  L                  M\na  x,y z\nb  1.10,,[2],{\"k\":1}  1\n";
    assert_eq!(table.stdout(), want);
    let csv = desk.get(body, "-o csv --columns l").ok();
    let want = "l\n\"[\"\"x\"\",\"\"y z\"\"]\"\n\"[1.10,null,[2],{\"\"k\"\":1}]\"\n";
    assert_eq!(csv.stdout(), want);
}

#[test]
fn addresses_come_from_the_links_where_the_list_is_missing() {
    let desk = Desk::new();
    let body = r#"[{"system_id":"a","interface_set":[{"links":[{"ip_address":"10.0.0.1"},{"mode":"auto"}]},{"links":[{"ip_address":"10.0.0.2"}]}]},{"system_id":"b","ip_addresses":["10.0.0.3"]}]"#;
    desk.sandbox
        .fault(Fault::body(200, "application/json", body).times(1));
    let table = desk.home.run(&["get", "/machines/", "-o", "table"]).ok();
    let mut lines = table.stdout().lines();
    assert!(lines.next().unwrap().ends_with("IP_ADDRESSES       FQDN"));
    assert!(lines.next().unwrap().ends_with("10.0.0.1,10.0.0.2"));
    assert!(lines.next().unwrap().ends_with("10.0.0.3"));
}

/// `--max-items` cuts a list of one response as it cuts pages, and leaves what is no list.
#[test]
fn the_first_elements_of_any_list() {
    let desk = Desk::new();
    for (flags, body, want) in [
        ("-o compact", "[1,2,3]", "[1,2]\n"),
        ("-o compact", "[1]", "[1]\n"),
        ("-o compact", EMPTY, "[]\n"),
        ("-o compact", r#"{"a":[1,2,3]}"#, "{\"a\":[1,2,3]}\n"),
        ("-o compact", "7", "7\n"),
        ("-o csv", r#"[{"a":1},{"a":2},{"a":3}]"#, "a\n1\n2\n"),
        ("-o ndjson", ENVELOPE, "{\"k\":1}\n{\"k\":2}\n"),
        ("-o yaml", "[1,2,3]", "- 1\n- 2\n"),
        ("-o yaml", "[]", "[]\n"),
        ("-o yaml", r#"{"a":[1,2,3]}"#, "a:\n  - 1\n  - 2\n  - 3\n"),
        ("-o yaml", "7", "7\n"),
        ("--jq length", "[1,2,3]", "2\n"),
        ("--jq .a", r#"{"a":1}"#, "1\n"),
        ("--jq .[]", "[1,2,3]", "1\n2\n"),
        ("--each", "[1,2,3]", "1\n2\n"),
    ] {
        let ended = desk.get(body, &format!("{flags} --max-items 2")).ok();
        assert_eq!(ended.stdout(), want, "{flags} of {body}");
    }
}

/// What came before the fault is printed, and the fault is loud.
#[test]
fn a_broken_answer_is_loud_in_every_form() {
    let desk = Desk::new();
    let broken = r#"[{"a":1},{"a":2},{"a":]"#;
    for (flags, want) in [
        ("-o compact", "[{\"a\":1},{\"a\":2},{\"a\":]"),
        ("-o ndjson", "{\"a\":1}\n{\"a\":2}\n"),
        ("-o ndjson --sort -a", "{\"a\":2}\n{\"a\":1}\n"),
        ("-o csv", "a\n1\n2\n"),
        ("-o tsv", "a\n1\n2\n"),
        ("-o table", "A\n1\n2\n"),
        ("--sort -a", "A\n2\n1\n"),
    ] {
        let ended = desk.get(broken, flags).code(1);
        assert_eq!(ended.stdout(), want, "{flags}");
        let error = "apicall: play: GET /x: the response is not valid JSON: ";
        assert!(ended.stderr.starts_with(error), "{flags}: {ended:?}");
    }
    for flags in ["-o csv", "-o table", "--columns a,b"] {
        desk.get("no JSON", flags).fails(1, "is not valid JSON");
    }
    // `-o raw` judges nothing.
    assert_eq!(desk.get(broken, "-o raw").ok().stdout(), broken);
}

#[test]
fn a_label_that_is_not_json_does_not_matter_to_a_form() {
    let desk = Desk::new();
    let csv = desk.get_as("text/plain", r#"[{"a":1}]"#, "-o csv").ok();
    assert_eq!(csv.stdout(), "a\n1\n");
    let lines = "{\"a\":1}\n\n{\"a\":2}\n";
    let table = desk.get_as("application/x-ndjson", lines, "-o table").ok();
    assert_eq!(table.stdout(), "A\n1\n2\n");
}

/// An error has no elements: its body is reported as ever.
#[test]
fn errors_are_not_rows() {
    let desk = Desk::new();
    for form in ["csv", "tsv", "table"] {
        let line = format!("get /_api/nothing -p play -o {form}");
        desk.home.run(&words(&line)).fails(4, "404");
        let line = format!("{line} --error-body stdout");
        let ended = desk.home.run(&words(&line)).code(4);
        assert_eq!(ended.json()["error"], true, "{form}");
    }
}

#[test]
fn wrong_flags_are_refused_before_anything_is_sent() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    for (flags, error) in [
        (
            "--columns a,,b",
            "`--columns a,,b`: a column is empty (character 3)",
        ),
        (
            "-o json --columns a",
            "`--columns` is for table, csv or tsv",
        ),
        (
            "-o ndjson --columns a",
            "`--columns` is for table, csv or tsv",
        ),
        (
            "-o compact --sort a",
            "`--sort` is for table, csv, tsv or ndjson",
        ),
        (
            "-o raw --no-header",
            "`--no-header` is for table, csv or tsv",
        ),
        ("--columns n=.a|lengthy", "--columns: "),
        ("--sort a,", "`--sort a,`: the name of a column is empty"),
        ("--sort a[", "`--sort`: `a[` is neither a column nor a path"),
    ] {
        for command in ["get x", "whoami", "delete tags/gpu --dry-run"] {
            let line = format!("{command} {flags}");
            let ended = home.run(&words(&line)).fails(2, error);
            assert!(ended.stderr.contains("\nhint: "), "{line}: {ended:?}");
        }
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_table_knows_resources() {
    let desk = Desk::new();
    for (line, header) in [
        (
            "get /machines/ -o table",
            "SYSTEM_ID HOSTNAME STATUS POWER OWNER POOL ZONE TAGS CPUS MEMORY OS ARCH IP_ADDRESSES FQDN",
        ),
        ("get /tags/ -o table", "NAME COMMENT DEFINITION KERNEL_OPTS"),
        ("whoami -o table", "USERNAME EMAIL IS_SUPERUSER IS_LOCAL"),
        (
            "get collection -p play -o table",
            "NAME TYPE MODEL STREAM SPOT LOCAL SYSTEM SEARCH ID",
        ),
    ] {
        let ended = desk.home.run(&words(line)).ok();
        let first = ended.stdout().lines().next().unwrap_or_default();
        let heads: Vec<_> = first.split_whitespace().collect();
        assert_eq!(heads.join(" "), header, "{line}");
        assert!(ended.stdout().lines().count() > 1, "{line}");
    }
    // An operation that answers with something else has the columns of that.
    let ended = desk
        .get_as("application/json", r#"[{"x":1}]"#, "-o table")
        .ok();
    assert_eq!(ended.stdout(), "X\n1\n");
    desk.sandbox
        .fault(Fault::body(200, "application/json", r#"{"power_user":"u"}"#).times(1));
    let line = "get /machines/4y3h7n/ --op power_parameters -o table";
    assert_eq!(desk.home.run(&words(line)).ok().stdout(), "POWER_USER\nu\n");
}

/// What controls a terminal is data in a pipe, but in a table, which is for people.
#[test]
fn control_characters_are_data_in_a_pipe() {
    let desk = Desk::new();
    let body = r#"[{"a":"\u001b[31m\r\u202ex"}]"#;
    for (form, want) in [
        ("csv", "a\n\"\u{1b}[31m\r\u{202e}x\"\n"),
        ("tsv", "a\n\u{1b}[31m\\r\u{202e}x\n"),
        ("table", "A\n^[[31m^M\\u{202e}x\n"),
    ] {
        let ended = desk.get(body, &format!("-o {form}")).ok();
        assert_eq!(ended.stdout(), want, "{form}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any text comes back from csv, and from tsv by its escapes.
    #[test]
    fn csv_and_tsv_can_be_read_back(
        rows in prop::collection::vec(prop::collection::vec(".*|[,\"\r\n\t\\\\ ]*", 3), 1..20)
    ) {
        let desk = Desk::new();
        let body = serde_json::to_string(&rows).unwrap();
        let ended = desk.get(&body, "-o csv").ok();
        let mut reader = csv::Reader::from_reader(ended.stdout.as_slice());
        let read: Vec<Vec<String>> = reader.deserialize().map(Result::unwrap).collect();
        prop_assert_eq!(&read, &rows);

        let ended = desk.get(&body, "-o tsv --no-header").ok();
        let unescaped = |cell: &str| {
            let mut text = String::new();
            let mut chars = cell.chars();
            while let Some(c) = chars.next() {
                text.push(match c {
                    '\\' => match chars.next() {
                        Some('t') => '\t',
                        Some('n') => '\n',
                        Some('r') => '\r',
                        other => other.unwrap(),
                    },
                    c => c,
                });
            }
            text
        };
        let lines = ended.stdout().split_terminator('\n');
        let read: Vec<Vec<String>> = lines
            .map(|line| line.split('\t').map(unescaped).collect())
            .collect();
        prop_assert_eq!(&read, &rows);
    }
}

/// Lines of JSON that are labeled as one text: who takes elements takes those of all.
#[test]
fn several_documents_are_read_where_elements_are_wanted() {
    let desk = Desk::new();
    for (body, flags, want) in [
        (
            "{\"a\":1}\n{\"a\":2}\n",
            "-o ndjson",
            "{\"a\":1}\n{\"a\":2}\n",
        ),
        ("{\"a\":1}\n{\"a\":2}\n", "--each --jq .a", "1\n2\n"),
        (
            "{\"a\":1}\n{\"a\":2}\n",
            "--each -o compact",
            "{\"a\":1}\n{\"a\":2}\n",
        ),
        ("{\"a\":1}{\"a\":2}", "-o csv", "a\n1\n2\n"),
        ("{\"a\":1}\n\n{\"a\":2}", "-o table", "A\n1\n2\n"),
        ("1 2\n3", "-o ndjson", "1\n2\n3\n"),
        ("[1,2]\n{\"result\":[3]}\n4\n", "-o ndjson", "1\n2\n3\n4\n"),
        ("1\n2\n3\n", "-o ndjson --max-items 2", "1\n2\n"),
    ] {
        assert_eq!(
            desk.get(body, flags).ok().stdout(),
            want,
            "{flags} of {body}"
        );
    }
    // The offset of a fault is that in the body.
    let ended = desk.get("{\"a\":1}\n{\"a\":}\n", "-o ndjson").code(1);
    assert_eq!(ended.stdout(), "{\"a\":1}\n");
    assert!(ended.stderr.contains("at byte 13"), "{ended:?}");
    for flags in ["", "-o json", "-o compact", "--jq ."] {
        let ended = desk.get("{\"a\":1}\n{\"a\":2}\n", flags).code(1);
        assert!(
            ended.stderr.contains("text after the document"),
            "{ended:?}"
        );
    }
}

#[test]
fn json_in_another_charset_names_it() {
    let desk = Desk::new();
    let latin = b"{\"city\":\"K\xf6ln\"}";
    for (label, body, is_named) in [
        ("application/json; charset=ISO-8859-1", &latin[..], true),
        ("application/json; charset=\"ISO-8859-1\"", &latin[..], true),
        // It would be read as another text.
        (
            "application/json;charset=ISO-8859-1",
            "{\"a\":\"Ã¶\"}".as_bytes(),
            true,
        ),
        ("application/json; charset=ISO-8859-1", b"{\"a\":1}", false),
        (
            "application/json; charset=us-ascii",
            "{\"a\":\"ö\"}".as_bytes(),
            false,
        ),
        (
            "application/json; charset=utf8",
            "{\"a\":\"ö\"}".as_bytes(),
            false,
        ),
    ] {
        for flags in ["", "-o csv", "--jq ."] {
            desk.sandbox.fault(Fault::body(200, label, body).times(1));
            let line = format!("get /x -p play {flags}");
            let ended = desk.home.run(&words(&line));
            if is_named {
                let ended = ended.code(1);
                assert!(
                    ended.stderr.contains("JSON in `ISO-8859-1`"),
                    "{label}: {ended:?}"
                );
            } else {
                ended.ok();
            }
        }
        desk.sandbox.fault(Fault::body(200, label, body).times(1));
        let raw = desk.home.run(&words("get /x -p play -o raw")).ok();
        assert_eq!(raw.stdout, body, "{label}");
    }
    let wide: Vec<u8> = "{\"a\":1}".bytes().flat_map(|b| [b, 0]).collect();
    desk.sandbox
        .fault(Fault::body(200, "application/json; charset=utf-16le", wide));
    let ended = desk.home.run(&words("get /x -p play")).code(1);
    assert!(ended.stderr.contains("`utf-16le`"), "{ended:?}");
    // A page is read as JSON, too, and what is asked of the server beside the call.
    for (line, label) in [
        ("get /x -p play --paginate", "ISO-8859-1"),
        ("query FOR -p play", "ISO-8859-1"),
        ("query FOR -p play -o csv", "utf-16le"),
        ("whoami", "ISO-8859-1"),
    ] {
        let body: &[u8] = match label {
            "utf-16le" => b"[\0]\0",
            _ => b"{\"result\":[\"\xe9\"],\"hasMore\":false}",
        };
        let content = format!("application/json; charset={label}");
        desk.sandbox
            .fault(Fault::body(200, &content, body).times(1));
        let ended = desk.home.run(&words(line)).code(1);
        assert!(
            ended.stderr.contains(&format!("JSON in `{label}`")),
            "{line}: {ended:?}"
        );
    }
}

#[test]
fn a_body_packed_otherwise_passes_or_is_named() {
    let desk = Desk::new();
    let packed = b"\x1b\x06\x00\x00packed\xff";
    for (coding, tool) in [
        ("br", "brotli -d"),
        ("zstd", "zstd -d"),
        ("deflate", "pigz -dz"),
        ("x-new", "-o raw"),
    ] {
        let fault = || {
            Fault::body(200, "application/json", packed.to_vec())
                .with_header("Content-Encoding", coding)
                .times(1)
        };
        desk.sandbox.fault(fault());
        let ended = desk.home.run(&words("get /x -p play")).code(1);
        assert!(
            ended.stderr.contains(&format!("packed as `{coding}`")),
            "{ended:?}"
        );
        assert!(ended.stderr.contains(tool), "{ended:?}");
        desk.sandbox.fault(fault());
        let raw = desk.home.run(&words("get /x -p play -o raw")).ok();
        assert_eq!(raw.stdout, packed);
        desk.sandbox.fault(fault());
        let line = format!("get /x -p play --download {coding}.bin -q");
        desk.home.run(&words(&line)).code(0);
        let saved = std::fs::read(desk.home.path().join(format!("{coding}.bin"))).unwrap();
        assert_eq!(saved, packed);
        // What the status says is not hidden.
        desk.sandbox.fault(
            Fault::body(403, "application/json", packed.to_vec())
                .with_header("Content-Encoding", coding)
                .times(1),
        );
        let ended = desk.home.run(&words("get /x -p play")).code(4);
        assert!(ended.stderr.contains("403 Forbidden"), "{ended:?}");
    }
    // An error's text in its own charset, also inside JSON, which has none but UTF-8.
    let latin = b"Gr\xfc\xdfe".to_vec();
    let json = b"{\"errorMessage\":\"Gr\xfc\xdfe\",\"errorNum\":1}".to_vec();
    let labeled_wrong = "{\"errorMessage\":\"Grüße\",\"errorNum\":1}"
        .as_bytes()
        .to_vec();
    for (media_type, body) in [
        ("text/plain; charset=iso-8859-1", latin),
        ("application/json; charset=iso-8859-1", json),
        ("application/json; charset=iso-8859-1", labeled_wrong),
    ] {
        desk.sandbox
            .fault(Fault::body(400, media_type, body).times(1));
        let ended = desk.home.run(&words("get /x -p play")).code(4);
        assert!(ended.stderr.contains("Grüße"), "{ended:?}");
    }
}
