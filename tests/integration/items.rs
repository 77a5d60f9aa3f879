//! CONTRACT, ITEM: what a typed item becomes, on every method and for both services.
//!
//! Files, multipart and whole bodies are in `bodies`.

use crate::typed::Desk;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A line, and what is sent: the query, the Content-Type ("" for no body) and the body.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn check(desk: &Desk, flags: &str, rows: &[Row]) {
    for (sentence, line, query, content_type, body) in rows {
        let request = desk.sent(&format!("{line}{flags}"));
        let got = (
            request.query(),
            request.header("content-type").unwrap_or_default(),
            request.body_text(),
        );
        let want = (*query, *content_type, (*body).to_owned());
        assert_eq!(got, want, "{sentence}: {line}");
    }
}

#[test]
fn fields_on_every_method_of_maas() {
    check(
        &Desk::new(),
        "",
        &[
            ("GET: query", "get machines a=1", "a=1", "", ""),
            ("HEAD: query", "head machines a=1", "a=1", "", ""),
            ("DELETE: query", "delete tags/x a=1", "a=1", "", ""),
            ("OPTIONS: query", "options machines a=1", "a=1", "", ""),
            ("other methods: query", "call SEARCH x a=1", "a=1", "", ""),
            ("POST: form", "post machines a=1", "", FORM, "a=1"),
            ("PUT: form", "put tags/x a=1", "", FORM, "a=1"),
            ("PATCH: form", "patch tags/x a=1", "", FORM, "a=1"),
            ("keys repeat", "get machines id=a id=b", "id=a&id=b", "", ""),
            (
                "keys repeat in a form, in order",
                "post machines tags=a x=y tags=b",
                "",
                FORM,
                "tags=a&x=y&tags=b",
            ),
            (
                "an empty value is one",
                "post tags comment=",
                "",
                FORM,
                "comment=",
            ),
            (
                "JSON in a form is its text",
                "post machines n:=1.10 'l:=[1, \"é\"]'",
                "",
                FORM,
                "n=1.10&l=%5B1%2C%20%22%C3%A9%22%5D",
            ),
            (
                "JSON in a query is its text",
                "get machines n:=1e400",
                "n=1e400",
                "",
                "",
            ),
            (
                "k==v: query, on any method",
                "put tags/x a==1 b=2",
                "a=1",
                FORM,
                "b=2",
            ),
            (
                "k==v: query, on any method",
                "get machines a==1 b=2",
                "a=1&b=2",
                "",
                "",
            ),
            (
                "brackets are literal in forms",
                "post machines 'a[b][]=v' 'a[b][]=w'",
                "",
                FORM,
                "a%5Bb%5D%5B%5D=v&a%5Bb%5D%5B%5D=w",
            ),
            (
                "brackets are literal in queries",
                "get machines 'a[b]=v'",
                "a%5Bb%5D=v",
                "",
                "",
            ),
            (
                "right of the separator everything is the value",
                "post machines mac=52:54:00:aa:bb:cc x=k=v:w",
                "",
                FORM,
                "mac=52%3A54%3A00%3Aaa%3Abb%3Acc&x=k%3Dv%3Aw",
            ),
            (
                "`\\` escapes left of the separator",
                r"post machines a\=b\:c\@d\\e=f\=g",
                "",
                FORM,
                r"a%3Db%3Ac%40d%5Ce=f%5C%3Dg",
            ),
            (
                "all but unreserved characters are encoded",
                "post machines 'k=a b+c&d~-._é'",
                "",
                FORM,
                "k=a%20b%2Bc%26d~-._%C3%A9",
            ),
            ("no items, no body", "delete tags/x", "", "", ""),
            ("--op on GET", "get machines --op x", "op=x", "", ""),
            (
                "--op on POST is a query parameter, too",
                "post machines --op accept_all name=x",
                "op=accept_all",
                FORM,
                "name=x",
            ),
            ("--op on PUT", "put tags/x --op y", "op=y", "", ""),
            ("--op on DELETE", "delete tags/x --op y", "op=y", "", ""),
            (
                "an operation in the path",
                "post machines/?op=accept_all name=x",
                "op=accept_all",
                FORM,
                "name=x",
            ),
            (
                "--force",
                "post machines/?name=x a==b --force",
                "name=x&a=b",
                "",
                "",
            ),
            (
                "--json, whatever the service",
                "post users --json a=1 b:=2",
                "",
                JSON,
                r#"{"a":"1","b":2}"#,
            ),
            (
                "--form, whatever the method",
                "delete tags/x --form a=1",
                "",
                FORM,
                "a=1",
            ),
            (
                "--query: always literal",
                r"get machines --query 'a\=b==@c'",
                "a%5C=b%3D%3D%40c",
                "",
                "",
            ),
            (
                "-f: always literal",
                r"post machines -f 'a[b]\=@c:=d' --field x==y",
                "",
                FORM,
                "a%5Bb%5D%5C=%40c%3A%3Dd&x=%3Dy",
            ),
        ],
    );
}

#[test]
fn fields_on_every_method_of_macrometa() {
    check(
        &Desk::new(),
        " -p play",
        &[
            ("GET: query", "get collection a=1", "a=1", "", ""),
            ("HEAD: query", "head collection a=1", "a=1", "", ""),
            ("DELETE: query", "delete collection/c a=1", "a=1", "", ""),
            (
                "POST: JSON string",
                "post collection name=1",
                "",
                JSON,
                r#"{"name":"1"}"#,
            ),
            ("PUT: JSON", "put document/c/k n:=1", "", JSON, r#"{"n":1}"#),
            (
                "PATCH: JSON",
                "patch document/c/k n:=null",
                "",
                JSON,
                r#"{"n":null}"#,
            ),
            (
                "typed JSON arrives as typed",
                "post document/c a:=1.10 b:=1e400 c:=123456789012345678901234567890 'd:={\"x\":1,\"x\":2}'",
                "",
                JSON,
                r#"{"a":1.10,"b":1e400,"c":123456789012345678901234567890,"d":{"x":1,"x":2}}"#,
            ),
            (
                "k==v: query, on any method",
                "patch document/c/k keepNull==0 a=b",
                "keepNull=0",
                JSON,
                r#"{"a":"b"}"#,
            ),
            (
                "query parameters on a POST are fine",
                "post document/c?silent=0 returnNew==1 a=b",
                "silent=0&returnNew=1",
                JSON,
                r#"{"a":"b"}"#,
            ),
            (
                "nested, in JSON",
                "post document/c 'a[b][]=v' 'a[b][]:=2' 'a[c]=w' 'l[1][x]=y'",
                "",
                JSON,
                r#"{"a":{"b":["v",2],"c":"w"},"l":[null,{"x":"y"}]}"#,
            ),
            (
                "a list at the top",
                "post document/c '[]=x' '[][a]=y'",
                "",
                JSON,
                r#"["x",{"a":"y"}]"#,
            ),
            (
                "escaped brackets do not nest",
                r"post document/c 'a\[b\]=v'",
                "",
                JSON,
                r#"{"a[b]":"v"}"#,
            ),
            (
                "text in JSON is escaped",
                "post document/c 'q=say \"é\"\\n'",
                "",
                JSON,
                r#"{"q":"say \"é\"\\n"}"#,
            ),
            (
                "--json on DELETE",
                "delete document/c --json '[]=17' '[]=18'",
                "",
                JSON,
                r#"["17","18"]"#,
            ),
            (
                "--json on GET, with a query",
                "get x --json a=1 b==2",
                "b=2",
                JSON,
                r#"{"a":"1"}"#,
            ),
            (
                "--json without items is an empty object",
                "post x --json",
                "",
                JSON,
                "{}",
            ),
            (
                "--form, whatever the service",
                "post x --form a=1 b:=2",
                "",
                FORM,
                "a=1&b=2",
            ),
            (
                "-f and -F: always literal",
                r"post x -f 'a[b]=@c' -F 'd[]=[1]'",
                "",
                JSON,
                r#"{"a[b]":"@c","d[]":[1]}"#,
            ),
        ],
    );
}

#[test]
fn methods_are_never_changed_by_the_data() {
    let desk = Desk::new();
    for (line, method) in [
        ("get x --json a=1", "GET"),
        ("delete x --form a=1", "DELETE"),
        ("head x a=1", "HEAD"),
        ("options x", "OPTIONS"),
        ("patch x", "PATCH"),
        ("call PUT x a=1", "PUT"),
        ("call delete x", "DELETE"),
        ("call PROPFIND x a=1", "PROPFIND"),
    ] {
        assert_eq!(desk.sent(line).method, method, "{line}");
    }
}
