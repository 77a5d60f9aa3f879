//! What a column shows: `--columns` and `--sort` as typed, read into paths and filters.
//!
//! Pure. `pool.name`, `tags[0]` and `["odd key"]` are paths, whose values are picked while an
//! element passes; what else begins like a filter is one. The text typed is the header, unless a
//! name stands before it: `POOL=pool.name`.

use std::sync::Arc;

use super::gather::Gather;
use crate::error::Failure;
use crate::json::{Path, Step};

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: the header.
    pub name: Arc<str>,
    /// What its cells show.
    pub cell: Cell,
}

/// Where the value of a cell comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// From a place in the element.
    Path(Path),
    /// From a place, or where nothing is there, from the members of lists at another one.
    Gathered(Path, Gather),
    /// From a jq filter that is run on the element.
    Expr(String),
}

/// What rows are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The name of a column, or the path, as typed.
    pub name: String,
    /// The place in the element, where no column has that name.
    pub path: Option<Path>,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Column {
    /// Makes the column of the values at a path.
    #[must_use]
    pub fn of_path(name: impl Into<Arc<str>>, path: Path) -> Self {
        Self {
            name: name.into(),
            cell: Cell::Path(path),
        }
    }

    /// Reads one column that is written in the source: `pool.name`, `pool=pool.name`, `ip=ips.0`.
    ///
    /// `ips|nics.ip` are those of each of `nics` where `ips` is missing; `|nics.ip` always.
    #[must_use]
    pub fn known(text: &str) -> Self {
        let (path, other) = match text.split_once('|') {
            Some((path, other)) => (path, Some(other)),
            None => (text, None),
        };
        let (name, path) = path.split_once('=').unwrap_or((path, path));
        let path = path.split('.').map(|step| match step.parse() {
            Ok(index) => Step::Index(index),
            Err(_) => Step::Key(step.into()),
        });
        match other.and_then(Gather::new) {
            Some(gather) => Self {
                name: name.into(),
                cell: Cell::Gathered(path.collect(), gather),
            },
            None => Self::of_path(name, path.collect()),
        }
    }
}

/// Reads the values of `--columns`.
pub fn parse_columns(values: &[String]) -> Result<Vec<Column>, Failure> {
    let mut columns = Vec::new();
    for value in values {
        for (at, text) in split(value) {
            let column = parse_column(text).map_err(|why| {
                let place = value[..at].chars().count() + 1;
                Failure::usage(format!("`--columns {value}`: {why} (character {place})"))
                    .hint("columns are paths, e.g. `hostname,pool.name,tags[0]`, or `NAME=FILTER`")
            })?;
            columns.push(column);
        }
    }
    Ok(columns)
}

fn parse_column(text: &str) -> Result<Column, String> {
    if text.is_empty() {
        return Err("a column is empty".to_owned());
    }
    let (name, value) = named(text);
    let column = |cell| Column {
        // `.hostname` is the filter for what the path `hostname` is.
        name: match (&name, &cell) {
            (Some(name), _) => name.as_str().into(),
            (None, Cell::Path(_) | Cell::Gathered(..)) => text.trim_start_matches('.').into(),
            (None, Cell::Expr(_)) => text.into(),
        },
        cell,
    };
    if value.is_empty() {
        return Err(format!("nothing follows `{text}`"));
    }
    if let Some(path) = parse_path(value) {
        return Ok(column(Cell::Path(path)));
    }
    if value.starts_with(['.', '(', '[', '{', '"', '$']) || name.is_some() {
        return Ok(column(Cell::Expr(value.to_owned())));
    }
    Err(format!("`{text}` is not a path"))
}

/// Splits the name of a column from what it shows.
fn named(text: &str) -> (Option<String>, &str) {
    if text.starts_with(['.', '(', '[', '{', '$']) {
        return (None, text);
    }
    match Scan::new(text).find(|(_, c)| *c == '=') {
        Some((at, _)) if at > 0 && !text[at + 1..].starts_with('=') => {
            let name = text[..at].trim();
            let name = serde_json::from_str(name).unwrap_or_else(|_| name.to_owned());
            (Some(name), text[at + 1..].trim())
        }
        _ => (None, text),
    }
}

/// Reads the values of `--sort`.
pub fn parse_sort(values: &[String]) -> Result<Vec<SortKey>, Failure> {
    let mut keys = Vec::new();
    for value in values {
        for (_, text) in split(value) {
            let (name, descending) = match text.strip_prefix('-') {
                Some(name) => (name, true),
                None => (text, false),
            };
            if name.is_empty() {
                return Err(Failure::usage(format!(
                    "`--sort {value}`: the name of a column is empty"
                ))
                .hint("`--sort pool,-cpu_count` sorts by pool, then by the most cores"));
            }
            keys.push(SortKey {
                name: name.to_owned(),
                path: parse_path(name),
                descending,
            });
        }
    }
    Ok(keys)
}

/// Returns the parts between commas that stand outside quotes and brackets, with their places.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut start = 0;
    let ends = Scan::new(text).filter(|(_, c)| *c == ',').map(|(at, _)| at);
    for end in ends.chain([text.len()]) {
        let part = &text[start..end];
        let blanks = part.len() - part.trim_start().len();
        parts.push((start + blanks, part.trim()));
        start = end + 1;
    }
    parts
}

/// The characters outside quotes and brackets.
struct Scan<'a> {
    chars: std::str::CharIndices<'a>,
    depth: usize,
    quoted: bool,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            chars: text.char_indices(),
            depth: 0,
            quoted: false,
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (at, c) = self.chars.next()?;
            match c {
                '\\' if self.quoted => drop(self.chars.next()),
                '"' => self.quoted = !self.quoted,
                _ if self.quoted => {}
                '(' | '[' | '{' => self.depth += 1,
                ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                _ if self.depth == 0 => return Some((at, c)),
                _ => {}
            }
        }
    }
}

/// Reads a plain path: `a.b[0]`, `a["odd key"]`, `."odd key"`, each with a leading dot or without.
/// `None` where the text is none.
#[must_use]
pub fn parse_path(text: &str) -> Option<Path> {
    // Behind a dot the names are jq's: `.a-b` is a difference there.
    let is_filter = text.starts_with('.');
    let mut rest = text;
    let mut path = Path::new();
    if rest == "." {
        return Some(path);
    }
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, after) = parse_bracket(inner)?;
            path.push(step);
            rest = after;
            continue;
        }
        rest = match rest.strip_prefix('.') {
            // jq's `.[0]`.
            Some(after) if path.is_empty() && after.starts_with('[') => {
                rest = after;
                continue;
            }
            Some(after) => after,
            None if path.is_empty() => rest,
            None => return None,
        };
        let (key, after) = parse_key(rest, is_filter)?;
        path.push(Step::Key(key.into()));
        rest = after;
    }
    Some(path)
}

fn parse_bracket(text: &str) -> Option<(Step, &str)> {
    if text.starts_with('"') {
        let (key, after) = parse_quoted(text)?;
        return Some((Step::Key(key.into()), after.strip_prefix(']')?));
    }
    let (index, after) = text.split_once(']')?;
    let digits = !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit());
    Some((Step::Index(digits.then(|| index.parse().ok())??), after))
}

fn parse_key(text: &str, is_filter: bool) -> Option<(String, &str)> {
    if text.starts_with('"') {
        return parse_quoted(text);
    }
    let belongs = |c: char| {
        c == '_'
            || c.is_ascii_alphanumeric()
            || (!is_filter && (matches!(c, '-' | '@' | '/' | '+') || c.is_alphanumeric()))
    };
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    let key = &text[..end];
    let bad = key.is_empty() || (is_filter && key.starts_with(|c: char| c.is_ascii_digit()));
    (!bad).then(|| (key.to_owned(), &text[end..]))
}

fn parse_quoted(text: &str) -> Option<(String, &str)> {
    let mut strings = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let key = strings.next()?.ok()?;
    Some((key, &text[strings.byte_offset()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Step {
        Step::Key(text.into())
    }

    #[test]
    fn paths_are_read() {
        for (text, want) in [
            ("hostname", Some(vec![key("hostname")])),
            (".hostname", Some(vec![key("hostname")])),
            ("pool.name", Some(vec![key("pool"), key("name")])),
            ("a.b[0]", Some(vec![key("a"), key("b"), Step::Index(0)])),
            ("[2]", Some(vec![Step::Index(2)])),
            (".[2]", Some(vec![Step::Index(2)])),
            (r#"["odd, key"].x"#, Some(vec![key("odd, key"), key("x")])),
            (
                r#"a."b c"["d"]"#,
                Some(vec![key("a"), key("b c"), key("d")]),
            ),
            (r#""a.b""#, Some(vec![key("a.b")])),
            ("X-Name", Some(vec![key("X-Name")])),
            ("größe", Some(vec![key("größe")])),
            (".", Some(vec![])),
            // Filters, or nothing.
            (".a-b", None),
            (".größe", None),
            (".0", None),
            ("a[-1]", None),
            ("a[]", None),
            ("a[99999999999999999999]", None),
            ("a..b", None),
            ("a.", None),
            ("a b", None),
            ("a[0]b", None),
            ("length(.a)", None),
            (r#"a["b"#, None),
        ] {
            assert_eq!(parse_path(text), want, "{text}");
        }
    }

    fn columns(values: &[&str]) -> Result<Vec<Column>, Failure> {
        let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        parse_columns(&values)
    }

    fn expr(name: &str, text: &str) -> Column {
        Column {
            name: name.into(),
            cell: Cell::Expr(text.to_owned()),
        }
    }

    #[test]
    fn columns_are_read() {
        let path = |name: &str, keys: &[&str]| {
            Column::of_path(name, keys.iter().map(|k| key(k)).collect())
        };
        for (values, want) in [
            (
                &["a, b.c"][..],
                vec![path("a", &["a"]), path("b.c", &["b", "c"])],
            ),
            (&["a", "b"], vec![path("a", &["a"]), path("b", &["b"])]),
            (&["POOL=pool.name"], vec![path("POOL", &["pool", "name"])]),
            (&[".a,x=.b"], vec![path("a", &["a"]), path("x", &["b"])]),
            (
                &["n=.tags|length,b"],
                vec![expr("n", ".tags|length"), path("b", &["b"])],
            ),
            (
                &[r#"n=(.a, .b) | join(", "),c"#],
                vec![expr("n", r#"(.a, .b) | join(", ")"#), path("c", &["c"])],
            ),
            (
                &[r#".a == "x,y",".x=1"="a""#],
                vec![
                    expr(r#".a == "x,y""#, r#".a == "x,y""#),
                    path(".x=1", &["a"]),
                ],
            ),
            (&[r#"["a,b"]"#], vec![path(r#"["a,b"]"#, &["a,b"])]),
        ] {
            assert_eq!(columns(values).unwrap(), want, "{values:?}");
        }
    }

    #[test]
    fn wrong_columns_are_refused_with_their_place() {
        for (value, why) in [
            ("", "a column is empty (character 1)"),
            ("a,,b", "a column is empty (character 3)"),
            ("a,b,", "a column is empty (character 5)"),
            ("ä, b c", "`b c` is not a path (character 4)"),
            ("a[-1]", "`a[-1]` is not a path (character 1)"),
            ("a,x=", "nothing follows `x=` (character 3)"),
        ] {
            let failure = columns(&[value]).unwrap_err();
            assert_eq!(failure.to_string(), format!("`--columns {value}`: {why}"));
        }
    }

    #[test]
    fn sort_keys_are_read() {
        let values = ["pool,-cpu_count".to_owned(), "-a.b".to_owned()];
        let keys: Vec<_> = parse_sort(&values)
            .unwrap()
            .into_iter()
            .map(|k| (k.name, k.path.map(|p| p.len()), k.descending))
            .collect();
        assert_eq!(
            keys,
            [
                ("pool".to_owned(), Some(1), false),
                ("cpu_count".to_owned(), Some(1), true),
                ("a.b".to_owned(), Some(2), true)
            ]
        );
        for wrong in ["", "-", "a,,b"] {
            assert!(parse_sort(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
