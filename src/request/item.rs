//! The grammar of ITEM: `HTTPie`'s, and the `maas` command line's `k@=file`.
//!
//! The earliest separator splits, at one place the longest one; `\` escapes left of it; right of
//! it everything is the value. Files are only named here: reading them is the caller's work.

use std::path::PathBuf;

use crate::error::Failure;
use crate::header;
use crate::secret::{MASK, is_sensitive_name};
use crate::service::maas::undescribed::operation;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The value was typed.
    Text(String),
    /// A file's contents.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// Returns what follows an `@`: `-` is standard input, everything else a path.
    fn after_at(text: &str) -> Self {
        match text {
            "-" => Self::Stdin,
            path => Self::File(PathBuf::from(path)),
        }
    }
}

/// The name of a field. Brackets nest in JSON and are literal in forms and queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName {
    /// The name as it is sent in forms and queries.
    pub text: String,
    /// Byte positions in `text` of characters that were escaped, so that they do not nest.
    escaped: Vec<usize>,
    /// Whether brackets nest at all.
    nests: bool,
}

impl FieldName {
    /// Returns a name in which nothing has a meaning of its own.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            escaped: Vec::new(),
            nests: false,
        }
    }

    /// Returns whether the character at a byte position is a bracket that nests.
    #[must_use]
    pub fn is_bracket(&self, at: usize, bracket: u8) -> bool {
        self.nests && self.text.as_bytes().get(at) == Some(&bracket) && !self.is_escaped(at)
    }

    /// Returns whether the character at a byte position was escaped.
    #[must_use]
    pub fn is_escaped(&self, at: usize) -> bool {
        self.escaped.contains(&at)
    }
}

/// An item of a call, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `k=v`, `k=@file`: a field, or a query parameter where the method sends no body.
    Field(FieldName, Source),
    /// `k:=json`, `k:=@file`: a member of typed JSON.
    Json(FieldName, Source),
    /// `k=@@name`: a field whose value the server knows by a name.
    Named(FieldName, String),
    /// `k==v`: a query parameter on any method.
    Query(String, String),
    /// `Name:value`; without a value the header is not sent.
    Header(String, Option<String>),
    /// `k@file`, `k@=file`: a part of a multipart body, with what was said of it.
    Part(FieldName, Source, Labels),
    /// `@file`, `@-`, `-`: the whole body, with what was said of it.
    Body(Source, Labels),
}

/// What was said of a file: `;type=…` and `;filename=…` behind its path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Its media type.
    pub content_type: Option<String>,
    /// The name that the server is reported.
    pub filename: Option<String>,
}

impl Labels {
    /// Parts a path from what is said behind it, in any order.
    fn split(value: &str) -> (&str, Self) {
        let mut labels = Self::default();
        let mut path = value;
        loop {
            let at = |mark: &str| path.rfind(mark).map(|at| (at, at + mark.len()));
            let (of_type, of_name) = (at(";type="), at(";filename="));
            let (slot, found) = if of_type > of_name {
                (&mut labels.content_type, of_type)
            } else {
                (&mut labels.filename, of_name)
            };
            match found {
                Some((start, end)) if slot.is_none() => {
                    *slot = Some(path[end..].to_owned());
                    path = &path[..start];
                }
                _ => return (path, labels),
            }
        }
    }
}

/// The separators, longest first among those that begin alike.
const SEPARATORS: [&str; 8] = [":=@", "=@", ":=", "==", "@=", "=", ":", "@"];

/// What `\` escapes left of the separator.
const ESCAPABLE: &[u8] = b"=:@\\[]";

impl Item {
    /// Reads one item.
    pub fn parse(typed: &str) -> Result<Self, Failure> {
        if typed == "-" {
            return Ok(Self::Body(Source::Stdin, Labels::default()));
        }
        let Some((key, separator, value)) = split(typed) else {
            if let Some(name) = typed.strip_suffix(';').filter(|name| is_header_like(name)) {
                return empty_header(name);
            }
            let items = "items are `k=v`, `k:=json`, `k==v`, `Name:value`, `k=@file` and `k@file`";
            let hint = match operation(typed) {
                Some(op) => format!("an operation of MAAS is named by `--op {op}`; {items}"),
                None => items.to_owned(),
            };
            return Err(Failure::usage(format!("`{}` is not an item", shown(typed))).hint(hint));
        };
        if key.text.is_empty() {
            return match separator {
                "@" | "@=" => {
                    let (path, labels) = Labels::split(value);
                    Ok(Self::Body(file(path, separator)?, labels))
                }
                _ => Err(Failure::usage(format!(
                    "an item has no name before `{separator}`"
                ))),
            };
        }
        Ok(match separator {
            "=" => Self::Field(key, Source::Text(value.to_owned())),
            "=@" => match value.strip_prefix('@') {
                Some("") => {
                    return Err(Failure::usage(format!(
                        "`{}=@@` has no name after it",
                        shown(&key.text)
                    ))
                    .hint("is a variable unset?"));
                }
                Some(name) => Self::Named(key, name.to_owned()),
                None => Self::Field(key, file(value, separator)?),
            },
            ":=" => Self::Json(key, Source::Text(value.to_owned())),
            ":=@" => Self::Json(key, file(value, separator)?),
            "==" => Self::Query(key.text, value.to_owned()),
            ":" => return header_item(&key.text, value),
            _ => {
                let (path, labels) = Labels::split(value);
                Self::Part(key, file(path, separator)?, labels)
            }
        })
    }

    /// Reads `--query K=V`: always literal.
    pub fn literal_query(typed: &str) -> Result<Self, Failure> {
        let (key, value) = literal_pair("--query", typed)?;
        Ok(Self::Query(key.to_owned(), value.to_owned()))
    }

    /// Reads `-f/--field K=V`: always literal.
    pub fn literal_field(typed: &str) -> Result<Self, Failure> {
        let (key, value) = literal_pair("--field", typed)?;
        Ok(Self::Field(
            FieldName::literal(key),
            Source::Text(value.to_owned()),
        ))
    }

    /// Reads `-F/--json-field K=JSON`: always literal.
    pub fn literal_json(typed: &str) -> Result<Self, Failure> {
        let (key, value) = literal_pair("--json-field", typed)?;
        Ok(Self::Json(
            FieldName::literal(key),
            Source::Text(value.to_owned()),
        ))
    }

    /// Reads `-H/--header 'N: v'`: always literal; `N:` takes the header away, `N;` sends it empty.
    pub fn literal_header(typed: &str) -> Result<Self, Failure> {
        if let Some(name) = typed.strip_suffix(';').filter(|name| !name.contains(':')) {
            return empty_header(name.trim());
        }
        let (name, value) = typed.split_once(':').ok_or_else(|| {
            Failure::usage("`--header` has no `:` after the name")
                .hint("write it as `-H 'Name: value'`")
        })?;
        header(name.trim(), value)
    }
}

fn literal_pair<'a>(flag: &str, typed: &'a str) -> Result<(&'a str, &'a str), Failure> {
    typed
        .split_once('=')
        .filter(|(key, _)| !key.is_empty())
        .ok_or_else(|| Failure::usage(format!("`{flag}` needs `NAME=VALUE`")))
}

fn file(path: &str, separator: &str) -> Result<Source, Failure> {
    if path.is_empty() {
        return Err(Failure::usage(format!(
            "an item names no file after `{separator}`"
        )));
    }
    Ok(Source::after_at(path))
}

/// Splits at the earliest separator that is not escaped.
fn split(typed: &str) -> Option<(FieldName, &'static str, &str)> {
    let mut text = String::new();
    let mut escaped = Vec::new();
    let mut rest = typed;
    while let Some(c) = rest.chars().next() {
        if c == '\\'
            && let Some(next) = rest.as_bytes().get(1)
            && ESCAPABLE.contains(next)
        {
            escaped.push(text.len());
            text.push(char::from(*next));
            rest = &rest[2..];
            continue;
        }
        if let Some(separator) = SEPARATORS.iter().find(|s| rest.starts_with(**s)) {
            let key = FieldName {
                text,
                escaped,
                nests: true,
            };
            return Some((key, separator, &rest[separator.len()..]));
        }
        text.push(c);
        rest = &rest[c.len_utf8()..];
    }
    None
}

/// Returns whether a name is one of a header: others are fields whose `=` is a slip.
fn is_header_like(name: &str) -> bool {
    name.contains('-') || name.contains(|c: char| c.is_ascii_uppercase())
}

fn empty_header(name: &str) -> Result<Item, Failure> {
    header::check_name(name)?;
    Ok(Item::Header(name.to_owned(), Some(String::new())))
}

fn header_item(name: &str, value: &str) -> Result<Item, Failure> {
    if !is_header_like(name) {
        let value = if is_sensitive_name(name) { MASK } else { value };
        let typed = format!("{name}:{value}");
        return Err(Failure::usage(format!(
            "`{}` is not an item: a header's name has a capital or a hyphen",
            shown(&typed)
        ))
        .hint(format!(
            "did you mean `{}`?",
            shown(&format!("{name}={value}"))
        )));
    }
    header(name, value)
}

fn header(name: &str, value: &str) -> Result<Item, Failure> {
    header::check_name(name)?;
    let value = value.trim();
    header::check_value(name, value)?;
    let value = (!value.is_empty()).then(|| value.to_owned());
    Ok(Item::Header(name.to_owned(), value))
}

/// Returns what was typed, fit for a message.
fn shown(typed: &str) -> String {
    typed
        .escape_debug()
        .to_string()
        .replace("\\\\", "\\")
        .replace("\\'", "'")
        .replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(k: &str, v: &str) -> Item {
        let Item::Field(key, _) = Item::parse(&format!("{k}=")).unwrap() else {
            panic!("{k}")
        };
        Item::Field(key, Source::Text(v.to_owned()))
    }

    fn labels(content_type: &str, filename: &str) -> Labels {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Labels {
            content_type: given(content_type),
            filename: given(filename),
        }
    }

    fn none() -> Labels {
        Labels::default()
    }

    fn path(p: &str) -> Source {
        Source::File(PathBuf::from(p))
    }

    #[test]
    fn the_earliest_separator_splits_and_the_longest_there() {
        let key = |k| {
            Item::parse(&format!("{k}=")).map(|i| match i {
                Item::Field(key, _) => key,
                other => panic!("{other:?}"),
            })
        };
        let q = |k: &str, v: &str| Item::Query(k.to_owned(), v.to_owned());
        for (typed, want) in [
            ("mac=52:54:00:aa:bb:cc", field("mac", "52:54:00:aa:bb:cc")),
            ("x=k=v:w", field("x", "k=v:w")),
            ("a=", field("a", "")),
            ("a==b", q("a", "b")),
            ("a===b", q("a", "=b")),
            (
                "a:=1",
                Item::Json(key("a").unwrap(), Source::Text("1".into())),
            ),
            ("a:=@f.json", Item::Json(key("a").unwrap(), path("f.json"))),
            ("a=@f.txt", Item::Field(key("a").unwrap(), path("f.txt"))),
            ("a=@-", Item::Field(key("a").unwrap(), Source::Stdin)),
            (
                "a@f.bin",
                Item::Part(key("a").unwrap(), path("f.bin"), none()),
            ),
            (
                "a@=f.bin",
                Item::Part(key("a").unwrap(), path("f.bin"), none()),
            ),
            (
                "a@f;type=text/x",
                Item::Part(key("a").unwrap(), path("f"), labels("text/x", "")),
            ),
            (
                "a@f;type=text/x; charset=utf-8;filename=b c.txt",
                Item::Part(
                    key("a").unwrap(),
                    path("f"),
                    labels("text/x; charset=utf-8", "b c.txt"),
                ),
            ),
            (
                "a@f;filename=b.txt;type=text/x",
                Item::Part(key("a").unwrap(), path("f"), labels("text/x", "b.txt")),
            ),
            (
                "@f;type=text/x",
                Item::Body(path("f"), labels("text/x", "")),
            ),
            ("@-;filename=b", Item::Body(Source::Stdin, labels("", "b"))),
            ("X-A;", Item::Header("X-A".into(), Some(String::new()))),
            ("X-A:b:c", Item::Header("X-A".into(), Some("b:c".into()))),
            ("Accept:", Item::Header("Accept".into(), None)),
            ("@f", Item::Body(path("f"), none())),
            ("@-", Item::Body(Source::Stdin, none())),
            ("-", Item::Body(Source::Stdin, none())),
            (r"a\:b=c", field(r"a\:b", "c")),
            (r"C:\x=y", Item::Header("C".into(), Some(r"\x=y".into()))),
            ("ключ=значение", field("ключ", "значение")),
        ] {
            assert_eq!(Item::parse(typed).unwrap(), want, "{typed}");
        }
        assert_eq!(key(r"a\=b\:c\\d").unwrap().text, r"a=b:c\d");
        assert_eq!(key(r"a\b").unwrap().text, r"a\b");
    }

    #[test]
    fn refusals_say_what_was_meant() {
        for (typed, message, hint) in [
            (
                "hostname:x",
                "`hostname:x` is not an item",
                "did you mean `hostname=x`?",
            ),
            ("52:54", "`52:54` is not an item", "did you mean `52=54`?"),
            ("password:hunter2", "`password:***`", "password=***"),
            ("foo", "`foo` is not an item", "items are `k=v`"),
            ("power-on", "`power-on` is not an item", "`--op power_on`"),
            ("=v", "no name before `=`", ""),
            ("a@", "names no file", ""),
            ("a=@", "names no file", ""),
            ("@", "names no file", ""),
            ("Authorization:x", "cannot be set", "signs the call"),
            ("HOST:x", "cannot be set", "itself"),
            ("content-length:1", "cannot be set", ""),
            ("foo;", "`foo;` is not an item", ""),
            ("Host;", "cannot be set", "itself"),
            ("X-A:b\nc", "control character", ""),
            ("X A:b", "is not the name of a header", ""),
        ] {
            let e = Item::parse(typed).unwrap_err();
            assert!(e.to_string().contains(message), "{typed}: {e}");
            assert!(e.hint.unwrap_or_default().contains(hint), "{typed}");
        }
    }

    #[test]
    fn flags_are_literal() {
        let Item::Field(key, value) = Item::literal_field(r"a\[b]=@x:=y").unwrap() else {
            panic!()
        };
        assert_eq!(key.text, r"a\[b]");
        assert!(!key.is_bracket(2, b'['));
        assert_eq!(value, Source::Text("@x:=y".into()));
        assert_eq!(
            Item::literal_query("a==b").unwrap(),
            Item::Query("a".into(), "=b".into())
        );
        assert_eq!(
            Item::literal_header("accept: text/plain").unwrap(),
            Item::Header("accept".into(), Some("text/plain".into()))
        );
        assert_eq!(
            Item::literal_header("X-Empty;").unwrap(),
            Item::Header("X-Empty".into(), Some(String::new()))
        );
        for bad in ["", "a", "=b"] {
            assert!(Item::literal_field(bad).is_err());
        }
        assert!(Item::literal_header("authorization: x").is_err());
    }
}
