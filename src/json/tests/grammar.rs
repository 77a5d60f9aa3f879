//! What is JSON and what is not, and where it stops to be.

use super::*;

const VALUE: &str = "expected a value";
const ELEMENT: &str = "expected a value or `]`";
const KEY: &str = "expected a key";
const FIRST_KEY: &str = "expected a key or `}`";
const COLON: &str = "expected `:`";
const IN_ARRAY: &str = "expected `,` or `]`";
const IN_OBJECT: &str = "expected `,` or `}`";
const AFTER: &str = "text after the document";
const DIGIT: &str = "expected a digit";
const ZERO: &str = "number with a leading zero";
const WORD: &str = "expected `true`, `false` or `null`";
const ESCAPE: &str = "invalid escape in a string";
const CONTROL: &str = "control character inside a string";
const UTF_8: &str = "invalid UTF-8";
const MARK: &str = "incomplete byte order mark";
const END_STRING: &str = "unexpected end inside a string";
const END_NUMBER: &str = "unexpected end inside a number";
const END_WORD: &str = "unexpected end inside a literal";
const END_OBJECT: &str = "unexpected end inside an object";
const END_ARRAY: &str = "unexpected end inside an array";
const END: &str = "unexpected end";

/// Texts that are not JSON, with offset and reason.
#[rustfmt::skip]
pub(super) const REFUSED: &[(&[u8], u64, &str)] = &[
    // Structure.
    (b"[1 2]", 3, IN_ARRAY),
    (b"[1,]", 3, VALUE),
    (b"[,1]", 1, ELEMENT),
    (b"[1,,2]", 3, VALUE),
    (b"[1}", 2, IN_ARRAY),
    (b"[}", 1, ELEMENT),
    (b"[1:2]", 2, IN_ARRAY),
    (b"[\"a\": 1]", 4, IN_ARRAY),
    (b"[ ,", 2, ELEMENT),
    (b"]", 0, VALUE),
    (b"}", 0, VALUE),
    (b",", 0, VALUE),
    (b":", 0, VALUE),
    (b"{]", 1, FIRST_KEY),
    (b"{1:1}", 1, FIRST_KEY),
    (b"{a:1}", 1, FIRST_KEY),
    (b"{'a':1}", 1, FIRST_KEY),
    (b"{,}", 1, FIRST_KEY),
    (b"{\"a\":1,}", 7, KEY),
    (b"{\"a\":1,1}", 7, KEY),
    (b"{\"a\":1, ]", 8, KEY),
    (b"{\"a\"}", 4, COLON),
    (b"{\"a\" 1}", 5, COLON),
    (b"{\"a\",1}", 4, COLON),
    (b"{\"a\":}", 5, VALUE),
    (b"{\"a\":,", 5, VALUE),
    (b"{\"a\"::1}", 5, VALUE),
    (b"{\"a\":1]", 6, IN_OBJECT),
    (b"{\"a\":1 \"b\":2}", 7, IN_OBJECT),
    (b"{\"a\":[]]", 7, IN_OBJECT),
    (b"{{}}", 1, FIRST_KEY),
    // Only RFC 8259's blanks are blanks.
    (b"\x0b1", 0, VALUE),
    (b"[\x0c]", 1, ELEMENT),
    (b"[\xc2\xa0]", 1, ELEMENT),
    (b"[1\xe2\x80\xa8]", 2, IN_ARRAY),
    (b"[\0]", 1, ELEMENT),
    (b"\0", 0, VALUE),
    (b"[1]\0", 3, AFTER),
    (b"// x\n1", 0, VALUE),
    (b"[/*x*/]", 1, ELEMENT),
    (b"#", 0, VALUE),
    // After the document.
    (b"1 2", 2, AFTER),
    (b"1\n2", 2, AFTER),
    (b"{}{}", 2, AFTER),
    (b"[]\n[]", 3, AFTER),
    (b"\"a\"\"b\"", 3, AFTER),
    (b"[1]]", 3, AFTER),
    (b"[1],", 3, AFTER),
    (b"{}}", 2, AFTER),
    (b"1,", 1, AFTER),
    (b"1a", 1, AFTER),
    (b"1]", 1, AFTER),
    (b"truefalse", 4, AFTER),
    (b"nulll", 4, AFTER),
    (b"1\"", 1, AFTER),
    (b"[]\xef\xbb\xbf", 2, AFTER),
    // Numbers.
    (b"01", 1, ZERO),
    (b"-01", 2, ZERO),
    (b"[00]", 2, ZERO),
    (b"-", 1, END_NUMBER),
    (b"-]", 1, DIGIT),
    (b"--1", 1, DIGIT),
    (b"-a", 1, DIGIT),
    (b"- 1", 1, DIGIT),
    (b"+1", 0, VALUE),
    (b".5", 0, VALUE),
    (b"-.5", 1, DIGIT),
    (b"1.", 2, END_NUMBER),
    (b"[1.]", 3, DIGIT),
    (b"1..2", 2, DIGIT),
    (b"1.e1", 2, DIGIT),
    (b"1.2.3", 3, AFTER),
    (b"1e", 2, END_NUMBER),
    (b"1e+", 3, END_NUMBER),
    (b"[1e]", 3, DIGIT),
    (b"[1e+]", 4, DIGIT),
    (b"1e1.5", 3, AFTER),
    (b"1e1e1", 3, AFTER),
    (b"1e+-1", 3, DIGIT),
    (b"0x10", 1, AFTER),
    (b"[1_000]", 2, IN_ARRAY),
    (b"[1+2]", 2, IN_ARRAY),
    (b"\xef\xbc\x91", 1, MARK),
    // Literals.
    (b"True", 0, VALUE),
    (b"trUe", 2, WORD),
    (b"nul", 3, END_WORD),
    (b"t", 1, END_WORD),
    (b"[nul]", 4, WORD),
    (b"[fals,", 5, WORD),
    (b"nan", 1, WORD),
    (b"NaN", 0, VALUE),
    (b"Infinity", 0, VALUE),
    (b"-Infinity", 1, DIGIT),
    (b"undefined", 0, VALUE),
    // Strings.
    (b"'a'", 0, VALUE),
    (b"\"", 1, END_STRING),
    (b"\"a", 2, END_STRING),
    (b"\"\\", 2, END_STRING),
    (b"\"\\\"", 3, END_STRING),
    (b"\"\\u", 3, END_STRING),
    (b"\"\\u00", 5, END_STRING),
    (b"\"\\u0000", 7, END_STRING),
    (b"\"\\x\"", 2, ESCAPE),
    (b"\"\\a\"", 2, ESCAPE),
    (b"\"\\U0000\"", 2, ESCAPE),
    (b"\"\\'\"", 2, ESCAPE),
    (b"\"\\\n\"", 2, ESCAPE),
    (b"\"\\\xc3\xa9\"", 2, ESCAPE),
    (b"\"\\u\"", 3, ESCAPE),
    (b"\"\\u12g4\"", 5, ESCAPE),
    (b"\"\\u123\"", 6, ESCAPE),
    (b"\"\\u+123\"", 3, ESCAPE),
    (b"\"\\u{41}\"", 3, ESCAPE),
    (b"\"\\ud800\\\"", 9, END_STRING),
    (b"\"\\ud800\\u\"", 9, ESCAPE),
    (b"\"\n\"", 1, CONTROL),
    (b"\"a\tb\"", 2, CONTROL),
    (b"\"\0\"", 1, CONTROL),
    (b"\"\x1f\"", 1, CONTROL),
    (b"\"abc\x1b[31m\"", 4, CONTROL),
    (b"{\"a\nb\":1}", 3, CONTROL),
    (b"\"0123456789012345678901234567890123456789\x01\"", 41, CONTROL),
    // UTF-8 (RFC 3629).
    (b"\"\x80\"", 1, UTF_8),
    (b"\"\xbf\"", 1, UTF_8),
    (b"\"\xc0\x80\"", 1, UTF_8),
    (b"\"\xc1\xbf\"", 1, UTF_8),
    (b"\"\xc2\"", 2, UTF_8),
    (b"\"\xc2\xc2\"", 2, UTF_8),
    (b"\"\xc2\\u0041\"", 2, UTF_8),
    (b"\"\xe0\x9f\xbf\"", 2, UTF_8),
    (b"\"\xe0\x80\x80\"", 2, UTF_8),
    (b"\"\xe2\x82\"", 3, UTF_8),
    (b"\"\xed\xa0\x80\"", 2, UTF_8),
    (b"\"\xed\xbf\xbf\"", 2, UTF_8),
    (b"\"\xf0\x8f\xbf\xbf\"", 2, UTF_8),
    (b"\"\xf0\x9f\x98\"", 4, UTF_8),
    (b"\"\xf4\x90\x80\x80\"", 2, UTF_8),
    (b"\"\xf5\x80\x80\x80\"", 1, UTF_8),
    (b"\"\xfe\"", 1, UTF_8),
    (b"\"\xff\"", 1, UTF_8),
    (b"\"\xe9\"", 2, UTF_8),
    (b"{\"\xe9\":1}", 3, UTF_8),
    (b"\"a\xc2", 3, END_STRING),
    (b"\"a\xf0\x9f\x98", 5, END_STRING),
    (b"[\xff]", 1, ELEMENT),
    (b"\xff", 0, VALUE),
    (b"\xfe\xff\0[\0]", 0, VALUE),
    (b"[\0]\0", 1, ELEMENT),
    // Byte order mark.
    (b"\xef", 1, END),
    (b"\xef\xbb", 2, END),
    (b"\xef\xbb[1]", 2, MARK),
    (b"\xef[1]", 1, MARK),
    (b"\xef\xbb\xbf\xef\xbb\xbf1", 3, VALUE),
    (b" \xef\xbb\xbf1", 1, VALUE),
    (b"[\xef\xbb\xbf]", 1, ELEMENT),
    // Ends in every state.
    (b"[", 1, END_ARRAY),
    (b"[ ", 2, END_ARRAY),
    (b"[1", 2, END_ARRAY),
    (b"[-", 2, END_NUMBER),
    (b"[1,", 3, END_ARRAY),
    (b"[\"a\"", 4, END_ARRAY),
    (b"[\"a", 3, END_STRING),
    (b"[tru", 4, END_WORD),
    (b"[true", 5, END_ARRAY),
    (b"[[]", 3, END_ARRAY),
    (b"{", 1, END_OBJECT),
    (b"{\"a", 3, END_STRING),
    (b"{\"a\"", 4, END_OBJECT),
    (b"{\"a\":", 5, END_OBJECT),
    (b"{\"a\":1", 6, END_OBJECT),
    (b"{\"a\":1,", 7, END_OBJECT),
    (b"{\"a\":[]", 7, END_OBJECT),
    (b"[{}", 3, END_ARRAY),
    (b"[{", 2, END_OBJECT),
    (b"\xef\xbb\xbf[", 4, END_ARRAY),
];

#[test]
fn accepts_json() {
    let long_number = "1234567890".repeat(1000);
    let long_string = format!("\"{}\"", "long text, long text; ".repeat(1000));
    for text in [
        "0",
        "-0",
        "-0.0",
        "1.10",
        "1e400",
        "1E+2",
        "1e-2",
        "0e1",
        "0e+00",
        "-1.5e-10",
        "12345678901234567890123",
        "0.00000000000000000000000000000000000000000000000000001",
        &long_number,
        "true",
        "false",
        "null",
        r#""""#,
        r#""a""#,
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u0000\u001f\uAbCd\uD83D\uDE00""#,
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""\ud800abc""#,
        "\"\u{7f}\u{80}\u{9f}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{feff}\u{ffff}\u{10000}\u{10ffff}\"",
        "\"\u{2028}\u{2029}\u{202e}\"",
        &long_string,
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        r#"{"":[]}"#,
        r#"{"a":{}}"#,
        r#"{"a":1,"a":2}"#,
        r#"[1,-2,"x",true,false,null,{"a":[1.0,[]]}]"#,
        "\u{feff}[1]",
        "\u{feff} 1",
        " \n\r\t[ \n\r\t1 \n\r\t, \n\r\t2 \n\r\t] \n\r\t",
        "\t{ \"a\" : 1 , \"b\" : 2 } ",
        "{\n    \"a\": [\n        1,\n        2\n    ]\n}\n",
        // No text is no fault.
        "",
        " ",
        "\n\n\n\n\n\n\n\n\n\n",
        "\u{feff}",
        "\u{feff}\n",
    ] {
        let (_, fault) = print([text.as_bytes()], PRETTY);
        assert_eq!(fault, None, "{text:.100}");
        if text.len() < 1000 {
            check_chunks(text.as_bytes());
        } else {
            let whole = print([text.as_bytes()], PRETTY);
            for size in [1, 7, 1000] {
                assert_eq!(print(text.as_bytes().chunks(size), PRETTY), whole);
            }
        }
    }
}

#[test]
fn refuses_what_is_not_json_and_says_where() {
    for &(text, offset, reason) in REFUSED {
        let (_, fault) = print([text], PRETTY);
        assert_eq!(fault, Some(Fault { offset, reason }), "{}", shown(text));
        check_chunks(text);
    }
}

#[test]
fn nests_without_limit() {
    const DEPTH: usize = 100_000;
    for (open, close) in [("[", "]"), ("{\"\":", "}"), ("[{\"a\":", "}]")] {
        let text = format!("{}0{}", open.repeat(DEPTH), close.repeat(DEPTH));
        let (printed, fault) = print(text.as_bytes().chunks(1000), COMPACT);
        assert_eq!(fault, None);
        assert_eq!(printed.trim_ascii_end(), text.as_bytes());

        // What closes the innermost level wrongly, and the outermost.
        let wrong = if close.starts_with(']') { "}" } else { "]" };
        let depth = text.len() - close.len() * DEPTH;
        for place in [depth, text.len() - 1] {
            let mut text = text.clone().into_bytes();
            let wrong = if text[place] == b']' { "}" } else { wrong };
            text[place] = wrong.as_bytes()[0];
            let (_, fault) = print([&text[..]], COMPACT);
            assert_eq!(fault.map(|fault| fault.offset), Some(place as u64));
        }
        let (_, fault) = print([&text.as_bytes()[..depth]], COMPACT);
        assert_eq!(fault.map(|fault| fault.offset), Some(depth as u64));
    }
}
