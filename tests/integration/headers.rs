//! CONTRACT, ITEM: headers, and items that are refused before anything is sent.

use crate::typed::Desk;

#[test]
fn headers() {
    let desk = Desk::new();
    for (sentence, line, name, want) in [
        ("a header", "get x X-A:b", "x-a", &["b"][..]),
        (
            "everything right of the colon is the value",
            "get x 'X-A: b:c=d'",
            "x-a",
            &["b:c=d"],
        ),
        (
            "a capital makes a header",
            "get x Accept:text/x",
            "accept",
            &["text/x"],
        ),
        (
            "a hyphen makes a header",
            "get x if-match:1",
            "if-match",
            &["1"],
        ),
        ("no header", "get x Accept:", "accept", &[]),
        ("no header", "get x User-Agent:", "user-agent", &[]),
        (
            "no header",
            "get x Accept-Encoding:",
            "accept-encoding",
            &[],
        ),
        (
            "given twice, sent twice",
            "get x X-A:1 X-A:2",
            "x-a",
            &["1", "2"],
        ),
        (
            "-H may be in lower case",
            "get x -H 'accept: text/x'",
            "accept",
            &["text/x"],
        ),
        (
            "-H is always literal",
            r"get x -H 'X-A: a\:=@b'",
            "x-a",
            &[r"a\:=@b"],
        ),
        (
            "a header says otherwise",
            "post x a=1 Content-Type:text/x",
            "content-type",
            &["text/x"],
        ),
        (
            "letters of other scripts pass",
            "get x X-A:é",
            "x-a",
            &["é"],
        ),
        ("what is sent without items", "get x", "accept", &["*/*"]),
        (
            "what is sent without items",
            "get x",
            "accept-encoding",
            &["gzip"],
        ),
        (
            "what is sent without items",
            "get x",
            "user-agent",
            &[concat!("apicall/", env!("CARGO_PKG_VERSION"))],
        ),
        ("a GET has no length", "get x", "content-length", &[]),
        (
            "a POST without items says so",
            "post x",
            "content-length",
            &["0"],
        ),
        (
            "a PUT without items says so",
            "put x",
            "content-length",
            &["0"],
        ),
        ("and has no type", "post x", "content-type", &[]),
        (
            "no header, not even the body's type",
            "post x a=1 Content-Type:",
            "content-type",
            &[],
        ),
        (
            "no header, not even the body's type",
            "post x --body a -H content-type:",
            "content-type",
            &[],
        ),
    ] {
        for profile in ["lab", "play"] {
            let request = desk.sent(&format!("{line} -p {profile}"));
            assert_eq!(request.header_all(name), want, "{sentence}: {line}");
        }
    }
}

/// "A profile with a key never sends unsigned; `--anonymous` says so aloud."
#[test]
fn unsigned_only_where_it_is_said() {
    let desk = Desk::new();
    for profile in ["lab", "play"] {
        for method in ["get", "post", "delete"] {
            let request = desk.sent(&format!("{method} x -p {profile}"));
            let scheme = if profile == "lab" {
                "OAuth "
            } else {
                "apikey "
            };
            assert!(request.header("authorization").unwrap().starts_with(scheme));
            let line = [method, "x", "-p", profile, "--anonymous"];
            desk.home.run(&line).ok();
            assert_eq!(desk.sandbox.last().header("authorization"), None);
        }
    }
}

/// `headers` of a profile are sent with every call; an item goes before them.
#[test]
fn headers_of_a_profile() {
    let desk = Desk::new();
    let more = "headers = { X-Tenant = \"acme-secret\", X-Odd = \"1\" }\n";
    desk.home.write_config(&(desk.home.config() + more));
    let request = desk.sent("get x -p play X-Odd:2");
    assert_eq!(request.header_all("x-tenant"), ["acme-secret"]);
    assert_eq!(request.header_all("x-odd"), ["2"]);
    let request = desk.sent("get x -p play x-odd:");
    assert_eq!(request.header("x-odd"), None);
    assert_eq!(request.header_all("x-tenant"), ["acme-secret"]);
    let ended = desk
        .home
        .run(&["get", "x", "-p", "play", "X-Odd:", "--dry-run"]);
    let ended = ended.code(0);
    assert!(!ended.stdout().contains("X-Odd"), "{ended:#?}");
    for flag in ["-vv", "--dry-run"] {
        let ended = desk.home.run(&["get", "x", "-p", "play", flag]).code(0);
        let reported = format!("{}{}", ended.stdout(), ended.stderr);
        assert!(reported.contains("X-Tenant: ***"), "{ended:#?}");
        assert!(!reported.contains("acme-secret"), "{ended:#?}");
    }
}

#[test]
fn refused_items() {
    let desk = Desk::new();
    for (sentence, line, why, hint) in [
        (
            "a name without capital or hyphen",
            "get x hostname:y",
            "`hostname:y` is not an item",
            "did you mean `hostname=y`?",
        ),
        ("no separator", "get x foo", "`foo` is not an item", "`k=v`"),
        ("no name", "get x =v", "no name before `=`", ""),
        ("no name", "get x ==v", "no name before `==`", ""),
        ("no JSON", "post x n:=abc", "`n` is not JSON", "`n=…`"),
        ("no JSON", "post x n:=", "`n` is empty, not JSON", ""),
        ("no JSON", "post x 'n:=1 2'", "`n` is not JSON", ""),
        ("no JSON", "post x -F n=abc", "`n` is not JSON", ""),
        ("no file", "post x k@", "no file after `@`", ""),
        (
            "a control character in a header",
            "get x 'X-A:b\nc'",
            "control character",
            "",
        ),
        (
            "no header's name",
            "get x 'X A:b'",
            "`X A` is not the name of a header",
            "",
        ),
        (
            "Authorization",
            "get x Authorization:y",
            "`Authorization`",
            "`--anonymous`",
        ),
        (
            "Authorization:",
            "get x Authorization:",
            "`Authorization`",
            "",
        ),
        ("Host", "get x Host:y", "`Host`", "itself"),
        (
            "Content-Length",
            "get x Content-Length:1",
            "`Content-Length`",
            "",
        ),
        (
            "Transfer-Encoding",
            "get x transfer-encoding:chunked",
            "`transfer-encoding`",
            "",
        ),
        ("Connection", "get x Connection:close", "`Connection`", ""),
        (
            "-H, too",
            "get x -H 'authorization: y'",
            "`authorization`",
            "",
        ),
        ("-f without =", "post x -f a", "`--field` needs", ""),
        (
            "--query without =",
            "get x --query a",
            "`--query` needs",
            "",
        ),
        (
            "two forms of one body",
            "post x --json --form a=1",
            "cannot be used with",
            "",
        ),
        (
            "a file part in JSON",
            "post x --json k@/dev/null",
            "needs a multipart body",
            "`k=@file`",
        ),
        (
            "a file part on GET",
            "get x k@/dev/null",
            "needs a method with a body",
            "`--multipart`",
        ),
        (
            "a multipart body has a boundary that only its own header can name",
            "post x k@/dev/null Content-Type:multipart/mixed",
            "the header `Content-Type` of a multipart body",
            "leave it out",
        ),
        ("a body without a file", "post x @", "no file after `@`", ""),
        (
            "a body without a file",
            "post x --body @",
            "no file after `@`",
            "",
        ),
        ("a method that is none", "call 'A B' x", "the method", ""),
        ("a method that is none", "call '' x", "the method", ""),
        ("CONNECT", "call connect x", "`CONNECT`", ""),
    ] {
        for profile in ["lab", "play"] {
            println!("{sentence}: {line}");
            let ended = desk.refused(&format!("{line} -p {profile}"), why, hint);
            assert!(!ended.stderr.contains('\u{1b}'), "{ended:?}");
        }
    }
    for (sentence, line, why, hint) in [
        (
            "--op on a Macrometa profile",
            "get x --op y -p play",
            "`--op` is for MAAS",
            "",
        ),
        (
            "--op that is empty",
            "get x --op '' -p lab",
            "`--op` is empty",
            "unset",
        ),
        ("--op and op", "get x?op=a --op b -p lab", "given twice", ""),
        (
            "--op and an operation in the path",
            "get /machines/op-x --op list_allocated -p lab",
            "given twice",
            "`--op NAME`",
        ),
        (
            "op and an operation in the path",
            "get /machines/op-x op==list_allocated -p lab",
            "given twice",
            "`--op NAME`",
        ),
        (
            "--fabric on a MAAS profile",
            "get x --fabric shop -p lab",
            "`--fabric` is for Macrometa",
            "",
        ),
        (
            "a query on a MAAS POST",
            "post machines/?name=x --op allocate",
            "MAAS ignores the query parameter `name`",
            "`--force`",
        ),
        (
            "a query on a MAAS POST",
            "post machines name==x",
            "MAAS ignores the query parameter `name`",
            "`name=…`",
        ),
        (
            "a query on a MAAS POST",
            "post machines --query name=x",
            "MAAS ignores the query parameter `name`",
            "",
        ),
        (
            "two values of one member",
            "post x a=1 a=2 -p play",
            "`a` is given twice",
            "`a[]=…`",
        ),
        (
            "a value that is two things",
            "post x a=1 'a[b]=2' -p play",
            "contradicts",
            "",
        ),
        (
            "an open bracket",
            "post x 'a[b=2' -p play",
            "`[` without `]`",
            "",
        ),
    ] {
        println!("{sentence}: {line}");
        desk.refused(line, why, hint);
    }
    let long = format!("get machines id={}", "x".repeat(9000));
    desk.refused(&long, "the request line has", "split the list");
    // "over 8 KB": the line itself, without its end.
    let around = "GET /MAAS/api/2.0/machines/?id= HTTP/1.1".len();
    let fits = "x".repeat(8192 - around);
    desk.sent(&format!("get machines id={fits}"));
    desk.refused(
        &format!("get machines id={fits}x"),
        "the request line has 8193 bytes",
        "split the list",
    );
    let request = desk.sent(&format!("{long} -p play"));
    assert_eq!(request.query().len(), 9003);
}

/// "values of fields named like a password": not even an item that is refused shows them.
#[test]
fn a_refused_item_does_not_show_a_secret() {
    let desk = Desk::new();
    for line in ["post x password:hunter2", "post x -F password=hunter2"] {
        let ended = desk.refused(line, "password", "");
        assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
    }
    desk.sent("get x");
}
