//! Checks of lexer and printer together: the grammar, offsets, chunks.

use std::io;

use super::*;

mod fuzz;
mod grammar;
mod properties;
mod reference;

const PRETTY: Style = Style {
    layout: Layout::Pretty,
    palette: None,
    visible: false,
};
const COMPACT: Style = Style {
    layout: Layout::Compact,
    ..PRETTY
};
const VISIBLE: Style = Style {
    visible: true,
    ..PRETTY
};
const COLORED: Style = Style {
    palette: Some(Palette {
        key: "<k>",
        string: "<s>",
        number: "<n>",
        literal: "<l>",
        punctuation: "<p>",
        reset: "</>",
    }),
    ..PRETTY
};

/// Prints chunks, and checks that the fault is the same at any time.
fn print<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, style: Style) -> (Vec<u8>, Option<Fault>) {
    let mut out = Vec::new();
    let mut printer = Printer::new(&mut out, style);
    let mut seen = 0;
    for chunk in chunks {
        printer.write(chunk).unwrap();
        seen += chunk.len() as u64;
        assert_eq!(printer.seen(), seen);
    }
    let fault = printer.finish().unwrap();
    assert_eq!(printer.finish().unwrap(), fault);
    (out, fault)
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// Keeps whole tokens, whatever parts they come in.
#[derive(Default)]
struct Tokens {
    all: Vec<(String, Vec<u8>)>,
    open: bool,
}

impl Tokens {
    fn of(text: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut tokens = Tokens::default();
        let mut lexer = Lexer::new();
        lexer.feed(text, &mut tokens).unwrap();
        lexer.finish(&mut tokens).unwrap();
        tokens.all
    }

    fn add(&mut self, kind: String, bytes: &[u8], part: TokenPart) {
        assert_ne!(self.open, part.first, "{kind}");
        assert!(part.last || !bytes.is_empty(), "{kind}");
        if part.first {
            self.all.push((kind, bytes.to_vec()));
        } else {
            let token = self.all.last_mut().unwrap();
            assert_eq!(token.0, kind);
            token.1.extend_from_slice(bytes);
        }
        self.open = !part.last;
    }
}

impl Sink for Tokens {
    fn byte_order_mark(&mut self, bytes: &[u8]) -> io::Result<()> {
        assert!(self.all.iter().all(|token| token.0 == "mark"));
        self.add("mark".into(), bytes, TokenPart::WHOLE);
        Ok(())
    }
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.add(format!("begin {kind:?}"), b"", TokenPart::WHOLE);
        Ok(())
    }
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.add(format!("end {kind:?}"), b"", TokenPart::WHOLE);
        Ok(())
    }
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.add("key".into(), bytes, part);
        Ok(())
    }
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.add(format!("{kind:?}"), bytes, part);
        Ok(())
    }
    fn colon(&mut self) -> io::Result<()> {
        self.add(":".into(), b"", TokenPart::WHOLE);
        Ok(())
    }
    fn comma(&mut self) -> io::Result<()> {
        self.add(",".into(), b"", TokenPart::WHOLE);
        Ok(())
    }
}

/// Checks what must hold for any input, at every split into two chunks and
/// for chunks of one to four bytes.
fn check_chunks(text: &[u8]) {
    for style in [PRETTY, COMPACT, VISIBLE, COLORED] {
        let whole = print([text], style);
        for size in 1..=text.len().min(4) {
            assert_eq!(
                print(text.chunks(size), style),
                whole,
                "{} in chunks of {size}",
                shown(text)
            );
        }
        for place in 0..=text.len() {
            let (head, tail) = text.split_at(place);
            assert_eq!(
                print([head, &[], tail], style),
                whole,
                "{} split at {place}",
                shown(text)
            );
        }
    }
    let (pretty, fault) = print([text], PRETTY);
    let (compact, _) = print([text], COMPACT);
    if let Some(fault) = fault {
        // All bytes come out; those from the fault on as they are, and the blanks before it.
        let good = usize::try_from(fault.offset).unwrap();
        let (head, tail) = text.split_at(good);
        for (printed, is_pretty) in [(&pretty, true), (&compact, false)] {
            let head_out = printed.strip_suffix(tail).unwrap();
            assert_eq!(without_blanks(head_out), without_blanks(head));
            let expected = reference::laid_out_to(text, good, is_pretty);
            assert_eq!(shown(printed), shown(&expected), "{}", shown(text));
        }
    } else {
        assert_eq!(Tokens::of(&pretty), Tokens::of(text));
        assert_eq!(Tokens::of(&compact), Tokens::of(text));
        assert_eq!(print([&pretty[..]], PRETTY), (pretty.clone(), None));
        assert_eq!(print([&compact[..]], PRETTY), (pretty.clone(), None));
        assert_eq!(print([&pretty[..]], COMPACT), (compact, None));
    }
    // Whatever comes, nothing in it controls a terminal.
    let (visible, _) = print([text], VISIBLE);
    let harmless = String::from_utf8_lossy(&visible);
    assert!(
        !harmless.contains(|c: char| (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')),
        "{harmless:?}"
    );
}

fn without_blanks(bytes: &[u8]) -> Vec<u8> {
    let blank = |byte: &u8| b" \n\r\t".contains(byte);
    bytes.iter().copied().filter(|byte| !blank(byte)).collect()
}

#[test]
fn lays_out() {
    let text = br#" {"a":[1,{"b":{}},[]],"c":null,"d":"x\/y","":[[2]]} "#;
    let pretty = r#"{
  "a": [
    1,
    {
      "b": {}
    },
    []
  ],
  "c": null,
  "d": "x\/y",
  "": [
    [
      2
    ]
  ]
}
"#;
    let compact = "{\"a\":[1,{\"b\":{}},[]],\"c\":null,\"d\":\"x\\/y\",\"\":[[2]]}\n";
    assert_eq!(print([&text[..]], PRETTY), (pretty.into(), None));
    assert_eq!(print([&text[..]], COMPACT), (compact.into(), None));
    let style = Style {
        layout: Layout::Compact,
        ..COLORED
    };
    for (text, style, expected) in [
        (
            r#"{"a":[1,"b",true]}"#,
            style,
            concat!(
                "<p>{</><k>\"a\"</><p>:</><p>[</><n>1</><p>,</><s>\"b\"</>",
                "<p>,</><l>true</><p>]</><p>}</>\n"
            ),
        ),
        (
            r#"{"a":[],"b":1}"#,
            COLORED,
            concat!(
                "<p>{</>\n  <k>\"a\"</><p>:</> <p>[</><p>]</><p>,</>\n  ",
                "<k>\"b\"</><p>:</> <n>1</>\n<p>}</>\n"
            ),
        ),
        // A fault within a token ends its color.
        ("[\"ab\u{1}\"]", COLORED, "<p>[</>\n  <s>\"ab</>\u{1}\"]"),
        ("\"ab", COLORED, "<s>\"ab</>"),
        ("[1x]", PRETTY, "[\n  1x]"),
        ("[1 ,]", PRETTY, "[\n  1,\n  ]"),
        // The blanks before a fault come out where the layout has put none.
        ("[ 1 2 ]", PRETTY, "[\n  1 2 ]"),
        ("[1 , 2\t\n3]", PRETTY, "[\n  1,\n  2\t\n3]"),
        ("[1 , 2 3]", COMPACT, "[1,2 3]"),
        ("{\"a\" 1 }", PRETTY, "{\n  \"a\" 1 }"),
        ("{\"a\" :1 \"b\":2}", PRETTY, "{\n  \"a\": 1 \"b\":2}"),
        ("{\"a\":  x}", PRETTY, "{\n  \"a\": x}"),
        ("{\"a\":  x}", COMPACT, "{\"a\":  x}"),
        ("[1,  x]", PRETTY, "[\n  1,\n  x]"),
        ("[1,  x]", COMPACT, "[1,  x]"),
        ("[  x]", PRETTY, "[  x]"),
        ("[1 2]", COLORED, "<p>[</>\n  <n>1</></> 2]"),
        ("\n <html>", PRETTY, "\n <html>"),
        ("[1\n", PRETTY, "[\n  1\n"),
        ("[\"a  \u{1} \"]", PRETTY, "[\n  \"a  \u{1} \"]"),
        ("[]  []", PRETTY, "[]\n[]"),
        ("[]  []", COMPACT, "[]\n[]"),
        ("1  ", PRETTY, "1\n"),
        ("[1", PRETTY, "[\n  1"),
        ("[", PRETTY, "["),
        ("", PRETTY, ""),
        (" \n", PRETTY, ""),
        ("\u{feff}\n", PRETTY, "\u{feff}"),
        ("\u{feff} 1", PRETTY, "\u{feff}1\n"),
        (
            "\"\u{7f}\u{9b}\u{202e}\u{e9}\"",
            PRETTY,
            "\"\u{7f}\u{9b}\u{202e}\u{e9}\"\n",
        ),
        (
            "{\"\u{9b}\":\"\u{7f}\u{202e}\u{e9}\"}",
            VISIBLE,
            "{\n  \"\\u009b\": \"\\u007f\\u202e\u{e9}\"\n}\n",
        ),
        (
            "[]\r\n\t\u{1b}[31m\0\u{9b}",
            VISIBLE,
            "[]\n\\u001b[31m\\u0000\\u009b",
        ),
        ("\"a\u{1b}]0;\u{7}\"", VISIBLE, "\"a\\u001b]0;\\u0007\""),
    ] {
        let (printed, _) = print([text.as_bytes()], style);
        assert_eq!(shown(&printed), shown(expected.as_bytes()), "{text:?}");
    }
    let (printed, fault) = print([&b"\"\xf0\x9b\x1b\x9b\""[..]], VISIBLE);
    assert_eq!(shown(&printed), r#"\"\xf0\\u009b\\u001b\\u009b\""#);
    assert_eq!(fault.map(|fault| fault.offset), Some(3));
}

#[test]
fn keeps_blanks_before_a_fault_up_to_a_bound() {
    for (count, kept) in [(1000, 1000), (1 << 20, 64 * 1024)] {
        let text = [b"[1" as &[u8], &vec![b' '; count], b"2]"].concat();
        for size in [text.len(), 1000, 32 * 1024] {
            let (printed, _) = print(text.chunks(size), PRETTY);
            let blanks = " ".repeat(kept);
            assert!(
                printed == format!("[\n  1{blanks}2]").into_bytes(),
                "{count} {size}"
            );
        }
    }
}

#[test]
fn indents_to_a_depth() {
    for (depth, spaces) in [
        (1, 2),
        (30, 60),
        (31, 62),
        (32, 64),
        (33, 66),
        (1000, 2000),
        (1024, 2048),
        (1025, 2048),
        (2000, 2048),
    ] {
        let text = "[".repeat(depth) + "1";
        let (printed, _) = print([text.as_bytes()], PRETTY);
        let last = printed.split(|&byte| byte == b'\n').next_back().unwrap();
        assert_eq!(last.len(), spaces + 1, "depth {depth}");
    }
}

#[test]
fn passes_on_an_error_of_the_writer() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let text = format!("[{}", "1,".repeat(100_000));
    let mut printer = Printer::new(Closed, PRETTY);
    let error = printer.write(text.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    for text in ["1 ", "x", ""] {
        let mut printer = Printer::new(Closed, PRETTY);
        printer.write(text.as_bytes()).unwrap();
        assert_eq!(printer.flush().is_err(), !text.is_empty());
    }
}

#[test]
fn reports_the_same_fault_again() {
    let mut lexer = Lexer::default();
    let mut tokens = Tokens::default();
    lexer.feed(b"[1", &mut tokens).unwrap();
    for _ in 0..2 {
        for outcome in [lexer.feed(b"x", &mut tokens), lexer.finish(&mut tokens)] {
            let error = outcome.unwrap_err();
            assert_eq!(error.to_string(), "expected `,` or `]` at byte 2");
        }
    }
}

/// Prints each element of a top-level array on a line of its own.
struct Elements<W> {
    each: Formatter<W>,
    depth: usize,
}

impl<W: io::Write> Sink for Elements<W> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.depth += 1;
        match self.depth {
            1 => Ok(()),
            _ => self.each.begin(kind),
        }
    }
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        match self.depth {
            0 => Ok(()),
            _ => self.each.end(kind),
        }
    }
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.each.key(bytes, part)
    }
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.each.scalar(kind, bytes, part)
    }
    fn colon(&mut self) -> io::Result<()> {
        self.each.colon()
    }
    fn comma(&mut self) -> io::Result<()> {
        match self.depth {
            1 => Ok(()),
            _ => self.each.comma(),
        }
    }
}

#[test]
fn lets_a_sink_split_a_stream_into_elements() {
    let text = br#"[ {"a": [1, {}]}, -12.50 , "x y", [], [[ 1 ], 2], null ]"#;
    let expected = "{\"a\":[1,{}]}\n-12.50\n\"x y\"\n[]\n[[1],2]\nnull\n";
    for size in 1..=text.len() {
        let mut out = Vec::new();
        let mut elements = Elements {
            each: Formatter::new(&mut out, COMPACT),
            depth: 0,
        };
        let mut lexer = Lexer::new();
        for chunk in text.chunks(size) {
            lexer.feed(chunk, &mut elements).unwrap();
        }
        lexer.finish(&mut elements).unwrap();
        elements.each.flush().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
