//! Writes JSON as YAML 1.2 in block style, while it comes.
//!
//! Owns layout and quoting, and nothing else: numbers and literals are JSON's, which are YAML's
//! core schema, too. Strings are plain where a reader would read the string, quoted where it would
//! read something else: YAML 1.1 counts here, because the common parsers are of it (`no`, `12:30`,
//! `1_000`). Text of several lines is a literal block. A key or string is held until it has ended,
//! because its end decides how it is written; nothing else is.
//!
//! Several values are documents with `---` between them; the elements of pages are one sequence.

use std::io::{self, BufWriter, Write};

use crate::error::{Exit, Failure};
use crate::json::{Container, Palette, Scalar, Sink, TokenPart, Values};

use super::values::{Output, text_of};

/// The longest key or string that is held, in bytes of its JSON.
const LONGEST: usize = 64 * 1024 * 1024;

/// The longest key that may stand before its `:` (YAML 1.2.2 §8.2.2).
const LONGEST_KEY: usize = 1000;

/// The level from which on nothing is indented further, as in JSON: else 100 kB of brackets could
/// become gigabytes of blanks. Values below it go on in flow style, where blanks mean nothing.
const DEEPEST: usize = 512;

/// Takes values and writes them as YAML.
pub struct Yaml<W: Write> {
    out: BufWriter<W>,
    palette: Option<Palette>,
    /// Whether the elements of one sequence come, and no documents.
    joined: bool,
    /// Whether a text that is no list is a document all the same.
    or_single: bool,
    count: u64,
    open: Vec<Open>,
    place: Place,
    /// A key or string that has not ended.
    text: Vec<u8>,
}

/// A container whose end has not come.
struct Open {
    kind: Container,
    /// Whether it has something in it.
    any: bool,
}

/// Where the next value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start of a document.
    Top,
    /// Behind the `:` of a key.
    Key,
    /// Behind the `-` of an element, on its line.
    Dash,
    /// Behind a flow container's opening, comma or colon.
    Flow,
}

impl<W: Write> Yaml<W> {
    /// Makes one that writes each value as a document.
    pub fn new(out: W, palette: Option<Palette>) -> Self {
        Self {
            out: BufWriter::new(out),
            palette,
            joined: false,
            or_single: false,
            count: 0,
            open: Vec::new(),
            place: Place::Top,
            text: Vec::new(),
        }
    }

    /// Writes all values as the elements of one sequence.
    #[must_use]
    pub fn joined(mut self) -> Self {
        self.joined = true;
        self
    }

    /// Writes the one text that comes as a document where it is no list.
    #[must_use]
    pub fn or_single(mut self) -> Self {
        self.or_single = true;
        self
    }

    /// Returns the level of what stands in the innermost container.
    fn level(&self) -> usize {
        self.open.len() + usize::from(self.joined)
    }

    /// Returns whether what stands in the innermost container is in flow style.
    fn is_flow(&self) -> bool {
        self.open.len() > DEEPEST
    }

    fn indent(&mut self) -> io::Result<()> {
        let level = self.level().saturating_sub(1);
        write!(self.out, "{:1$}", "", 2 * level)
    }

    /// Writes what stands before a value that is no key: a document's mark, a dash, a comma.
    fn lead(&mut self) -> io::Result<()> {
        let Some(top) = self.open.last() else {
            self.count += 1;
            if self.joined {
                self.place = Place::Dash;
                return self.out.write_all(b"-");
            }
            self.place = Place::Top;
            return match self.count {
                1 => Ok(()),
                _ => self.out.write_all(b"---\n"),
            };
        };
        if top.kind == Container::Array {
            self.item(b"-")?;
            self.place = if self.is_flow() {
                Place::Flow
            } else {
                Place::Dash
            };
        }
        Ok(())
    }

    /// Begins a member or element of the innermost container.
    fn item(&mut self, mark: &[u8]) -> io::Result<()> {
        let is_flow = self.is_flow();
        let Some(top) = self.open.last_mut() else {
            return Ok(());
        };
        let (kind, is_first) = (top.kind, !std::mem::replace(&mut top.any, true));
        if is_flow {
            return self.out.write_all(match (kind, is_first) {
                (Container::Object, true) => b" {",
                (Container::Array, true) => b" [",
                (_, false) => b", ",
            });
        }
        match (is_first, self.place) {
            // The first one stands on the line of the dash.
            (true, Place::Dash) => self.out.write_all(b" ")?,
            (true, Place::Top) => {}
            (true, _) => {
                self.out.write_all(b"\n")?;
                self.indent()?;
            }
            (false, _) => self.indent()?,
        }
        self.out.write_all(mark)
    }

    /// Writes a scalar, or an empty container, which ends the line in block style.
    fn end_scalar(&mut self, text: &str, color: Option<&str>) -> io::Result<()> {
        match self.place {
            Place::Top | Place::Flow => {}
            Place::Key | Place::Dash => self.out.write_all(b" ")?,
        }
        self.colored(text, color)?;
        if self.is_flow() {
            return Ok(());
        }
        self.out.write_all(b"\n")
    }

    fn colored(&mut self, text: &str, color: Option<&str>) -> io::Result<()> {
        match (color, self.palette) {
            (Some(color), Some(palette)) => write!(self.out, "{color}{text}{}", palette.reset),
            _ => self.out.write_all(text.as_bytes()),
        }
    }

    fn string(&mut self) -> io::Result<()> {
        let source = std::mem::take(&mut self.text);
        let color = self.palette.map(|p| p.string);
        let text = text_of(&source);
        if is_lone(&source, &text) {
            return self.end_scalar(&String::from_utf8_lossy(&source), color);
        }
        if is_plain(&text, self.is_flow()) {
            return self.end_scalar(&text, color);
        }
        let is_block = self.open.len() < DEEPEST;
        match block_header(&text).filter(|_| is_block) {
            Some(header) => self.block(header, &text, color),
            None => self.end_scalar(&quoted(&text), color),
        }
    }

    /// Writes a text of several lines as a literal block (YAML 1.2.2 §8.1.2).
    fn block(&mut self, header: &str, text: &str, color: Option<&str>) -> io::Result<()> {
        let level = self.level().max(1);
        if self.place != Place::Top {
            self.out.write_all(b" ")?;
        }
        self.out.write_all(header.as_bytes())?;
        self.out.write_all(b"\n")?;
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if !line.is_empty() {
                write!(self.out, "{:1$}", "", 2 * level)?;
                self.colored(line, color)?;
            }
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn write_key(&mut self) -> io::Result<()> {
        self.item(b"")?;
        let source = std::mem::take(&mut self.text);
        let text = text_of(&source);
        let key = if is_lone(&source, &text) {
            String::from_utf8_lossy(&source).into_owned()
        } else if is_plain(&text, self.is_flow()) {
            text
        } else {
            quoted(&text)
        };
        let color = self.palette.map(|p| p.key);
        if key.len() <= LONGEST_KEY {
            self.colored(&key, color)?;
            self.out.write_all(b":")?;
        } else {
            self.out.write_all(b"? ")?;
            self.colored(&key, color)?;
            if self.is_flow() {
                self.out.write_all(b" :")?;
            } else {
                self.out.write_all(b"\n")?;
                self.indent()?;
                self.out.write_all(b":")?;
            }
        }
        self.place = Place::Key;
        Ok(())
    }

    /// Keeps a part of a key or string.
    fn hold(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.text.len() + bytes.len() > LONGEST {
            let message = "`-o yaml`: a string is longer than 64 MiB";
            return Err(io::Error::other(
                Failure::new(Exit::Other, message).hint("`-o json` prints it"),
            ));
        }
        self.text.extend_from_slice(bytes);
        Ok(())
    }
}

impl<W: Write> Sink for Yaml<W> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.lead()?;
        self.open.push(Open { kind, any: false });
        Ok(())
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        let was_flow = self.is_flow();
        let any = self.open.pop().is_some_and(|open| open.any);
        if !any {
            let empty = match kind {
                Container::Object => "{}",
                Container::Array => "[]",
            };
            if was_flow && self.place == Place::Flow {
                self.out.write_all(b" ")?;
            }
            return self.end_scalar(empty, None);
        }
        if was_flow {
            self.out.write_all(match kind {
                Container::Object => b"}",
                Container::Array => b"]",
            })?;
            if !self.is_flow() {
                self.out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.hold(bytes)?;
        if part.last {
            return self.write_key();
        }
        Ok(())
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if part.first {
            self.lead()?;
        }
        self.hold(bytes)?;
        if !part.last {
            return Ok(());
        }
        if kind == Scalar::String {
            return self.string();
        }
        let source = std::mem::take(&mut self.text);
        let color = self.palette.map(|palette| match kind {
            Scalar::Number => palette.number,
            _ => palette.literal,
        });
        self.end_scalar(&String::from_utf8_lossy(&source), color)
    }
}

impl<W: Write> Values for Yaml<W> {
    fn end_value(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn begin_single(&mut self) {
        self.joined &= !self.or_single;
    }
}

impl<W: Write> Output for Yaml<W> {
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.joined && self.count == 0 {
            self.out.write_all(b"[]\n")?;
        }
        self.out.flush()
    }
}

/// Returns whether a reader of YAML 1.1 or 1.2 reads this text, written plain, as this string.
fn is_plain(text: &str, is_flow: bool) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let starts = match first {
        b'-' | b'?' | b':' => bytes.get(1).is_some_and(|b| !b" -,[]{}".contains(b)),
        b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
        | b'"' | b'%' | b'@' | b'`' | b' ' | b'=' | b'<' => false,
        _ => true,
    };
    let flow_mark = |b: &u8| is_flow && b",[]{}:".contains(b);
    starts
        && !matches!(last, b' ' | b':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !bytes.iter().any(flow_mark)
        && text.chars().all(|c| is_printable(c) && c != '\t')
        && !bytes.starts_with(b"...")
        && !is_other(text)
}

/// Returns whether a plain text may be read as null, a boolean, a number or a date.
fn is_other(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan",
    ];
    let lower = text.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) {
        return true;
    }
    let digits = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    let begins = digits.strip_prefix('.').unwrap_or(digits);
    // Whatever is made of digits and what numbers, times and dates have between them: no string of
    // a person is made ugly by quotes around it.
    digits == ".inf"
        || (begins.starts_with(|c: char| c.is_ascii_digit())
            && (digits
                .bytes()
                .all(|b| b.is_ascii_digit() || b"_.:-+ eztxo".contains(&b))
                || is_radix(digits)))
}

fn is_radix(digits: &str) -> bool {
    digits
        .strip_prefix("0x")
        .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_'))
        || digits
            .strip_prefix("0b")
            .is_some_and(|bits| bits.bytes().all(|b| b"01_".contains(&b)))
}

/// Returns the characters that may stand in a plain text or a block as they are. Those that reorder
/// text may, too (YAML 1.2.2 §5.1), but are escaped, so that what is read is what is there.
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && !matches!(
            c,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// Returns the header of the literal block that stands for a text; `None` where it has to be
/// quoted.
fn block_header(text: &str) -> Option<&'static str> {
    let body = text.trim_end_matches('\n');
    let fits = body.contains('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && body.chars().all(|c| is_printable(c) || c == '\n');
    match text.len() - body.len() {
        _ if !fits => None,
        0 => Some("|-"),
        1 => Some("|"),
        _ => None,
    }
}

/// Returns whether a JSON string holds a lone surrogate: no character stands for it, so that the string
/// is passed on as it was written.
fn is_lone(source: &[u8], text: &str) -> bool {
    text.contains('\u{fffd}') && source.windows(3).any(|w| w.eq_ignore_ascii_case(b"\\ud"))
}

/// Returns a text in double quotes (YAML 1.2.2 §7.3.1).
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) <= 0xffff => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;
    use yaml_rust2::{Yaml as Node, YamlLoader};

    use super::*;
    use crate::json::replay;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        let mut yaml = Yaml::new(&mut out, None);
        replay(text.as_bytes(), &mut yaml).unwrap();
        yaml.finish().unwrap();
        drop(yaml);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn block_style_with_quotes_where_they_must_be() {
        for (json, yaml) in [
            ("{}", "{}\n"),
            ("[]", "[]\n"),
            ("1.10", "1.10\n"),
            ("null", "null\n"),
            (r#""""#, "\"\"\n"),
            (
                r#"{"a":1,"b":[true,null]}"#,
                "a: 1\nb:\n  - true\n  - null\n",
            ),
            (
                r#"[{"a":1,"b":{}},[],[1,[2]]]"#,
                "- a: 1\n  b: {}\n- []\n- - 1\n  - - 2\n",
            ),
            (
                r#"{"a":{"b":{"c":[{"d":"e"}]}}}"#,
                "a:\n  b:\n    c:\n      - d: e\n",
            ),
            (
                r#"{"no":"off","n":"1.10"}"#,
                "\"no\": \"off\"\n\"n\": \"1.10\"\n",
            ),
            (
                r#"["52:54:00:12:34:56","52:54:00:aa:bb:cc"]"#,
                "- \"52:54:00:12:34:56\"\n- 52:54:00:aa:bb:cc\n",
            ),
            (
                r##"["a: b","a:b","# c","a #c","a#c","-","-x","- x","/MAAS/"]"##,
                "- \"a: b\"\n- a:b\n- \"# c\"\n- \"a #c\"\n- a#c\n- \"-\"\n- -x\n- \"- x\"\n- /MAAS/\n",
            ),
            (
                r#"{"s":"one\ntwo\n","t":"one\n\ntwo","u":" one\ntwo","v":"a\n\n"}"#,
                "s: |\n  one\n  two\nt: |-\n  one\n\n  two\nu: \" one\\ntwo\"\nv: \"a\\n\\n\"\n",
            ),
            (
                r#"["\ud83d\ude00","\u0007","\u2028","\ud800x","\u202e"]"#,
                "- 😀\n- \"\\u0007\"\n- \"\\u2028\"\n- \"\\ud800x\"\n- \"\\u202e\"\n",
            ),
            (
                "[1e400,-0,23456789012345678901234]",
                "- 1e400\n- -0\n- 23456789012345678901234\n",
            ),
        ] {
            assert_eq!(written(json), yaml, "{json}");
        }
    }

    #[test]
    fn several_values_are_documents_or_one_sequence() {
        for (joined, want) in [
            (false, "a: 1\n---\n[]\n---\nx\n"),
            (true, "- a: 1\n- []\n- x\n"),
        ] {
            let mut out = Vec::new();
            let mut yaml = Yaml::new(&mut out, None);
            yaml.joined = joined;
            for value in [r#"{"a":1}"#, "[]", r#""x""#] {
                replay(value.as_bytes(), &mut yaml).unwrap();
                yaml.end_value().unwrap();
            }
            yaml.finish().unwrap();
            drop(yaml);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
        let mut out = Vec::new();
        Yaml::new(&mut out, None).joined().finish().unwrap();
        assert_eq!(out, b"[]\n");
    }

    #[test]
    fn long_keys_and_deep_values_can_be_read_back() {
        let long = format!(r#"{{"{}":[1,{{"b":2}}]}}"#, "k".repeat(2000));
        let read = YamlLoader::load_from_str(&written(&long)).unwrap();
        assert!(same(&serde_json::from_str(&long).unwrap(), &read[0]));
        let deep = DEEPEST / 2 + 10;
        let nested = format!(
            r#"{}{{"a":[{{}},[],"x,y",{{"z":1,"no":[2]}}]}}{}"#,
            r#"[{"k":"#.repeat(deep),
            "}]".repeat(deep)
        );
        let yaml = written(&nested);
        let mut node = &YamlLoader::load_from_str(&yaml).unwrap()[0];
        for _ in 0..deep {
            node = &node[0]["k"];
        }
        assert_eq!(node["a"][2].as_str(), Some("x,y"));
        assert_eq!(node["a"][3]["no"][0].as_i64(), Some(2));
    }

    /// Whether a parser of YAML has read the value.
    fn same(json: &Value, yaml: &Node) -> bool {
        match (json, yaml) {
            (Value::Null, Node::Null) => true,
            (Value::Bool(a), Node::Boolean(b)) => a == b,
            (Value::Number(a), Node::Integer(b)) => a.as_i64() == Some(*b),
            (Value::Number(a), Node::Real(b)) => a.as_f64() == b.parse().ok(),
            (Value::String(a), Node::String(b)) => a == b,
            (Value::Array(a), Node::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), Node::Hash(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(key, value)| {
                        b.get(&Node::String(key.clone()))
                            .is_some_and(|node| same(value, node))
                    })
            }
            _ => false,
        }
    }

    fn strings() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[-?:,\\[\\]{}#&*!|>'\"%@` a\n]{0,6}",
            "[-+0-9_.:exobinfaNULltrus~ ]{0,8}",
        ]
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            strings().prop_map(Value::String),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec((strings(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_parser_of_yaml_reads_what_was_written(value in values()) {
            let yaml = written(&value.to_string());
            let read = YamlLoader::load_from_str(&yaml);
            prop_assert!(read.is_ok(), "{yaml}\n{read:?}");
            prop_assert!(same(&value, &read.unwrap()[0]), "{value}\n{yaml}");
        }
    }
}
