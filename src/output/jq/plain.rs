//! Recognizes filters that only pick members: they need no values.
//!
//! Plain are paths (`.a.b[0]`, `.["a b"]`, `.a?`), paths behind each other (`.a | .b`), beside each
//! other (`.a, .b`), and arrays and objects of such (`{a, b: .c.d}`, `[.a, .b]`). Reads the term of
//! the filter; what is not recognized is no fault: then the filter itself runs.

use crate::json::{Path, Step};

use super::lang::term::{Key, Kind, Piece, Term};

/// A filter that only picks members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// Where the values stand.
    pub paths: Vec<Path>,
    /// What is made of them: the results, in order.
    pub results: Vec<Shape>,
}

/// What a result is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The value at a path, by its number.
    Pick(usize),
    /// An array.
    Array(Vec<Shape>),
    /// An object: its keys as JSON strings, and their values.
    Object(Vec<(Vec<u8>, Shape)>),
}

impl Plain {
    /// Reads a filter; `None` where it is not plain.
    #[must_use]
    pub fn of(term: &Term) -> Option<Self> {
        Self::behind(Path::new(), term)
    }

    /// Reads what stands behind a path.
    fn behind(prefix: Path, term: &Term) -> Option<Self> {
        let mut reader = Reader {
            prefix,
            paths: Vec::new(),
        };
        let mut term = term;
        // A path in front of others begins each of them; the picker sees where it fails.
        while let Kind::Pipe(first, rest) = &term.kind {
            reader.prefix.extend(path(first)?);
            term = rest;
        }
        let results = reader.shapes(term)?;
        Some(Self {
            paths: reader.paths,
            results,
        })
    }
}

/// Reads a filter that goes through a list (`.[].a`, `.[] | {a, b}`), and gives what it does with
/// each element; `None` where that is not plain.
#[must_use]
pub fn of_elements(term: &Term) -> Option<Plain> {
    if let Kind::Pipe(first, rest) = &term.kind {
        return Plain::behind(behind_each(first)?, rest);
    }
    let only = behind_each(term)?;
    Some(Plain {
        paths: vec![only],
        results: vec![Shape::Pick(0)],
    })
}

/// The path behind a `.[]` that a term begins with.
fn behind_each(term: &Term) -> Option<Path> {
    match &term.kind {
        Kind::Each(inner) if inner.kind == Kind::Identity => Some(Path::new()),
        Kind::Index(inner, key) => {
            let mut path = behind_each(inner)?;
            path.push(step(key)?);
            Some(path)
        }
        // `?` changes what happens on a failure only; failures go the long way. Behind `.[]`
        // itself it would change what a value that is no list does.
        Kind::Optional(inner) | Kind::Try(inner, None) if !matches!(inner.kind, Kind::Each(_)) => {
            behind_each(inner)
        }
        _ => None,
    }
}

/// The path that a term is.
fn path(term: &Term) -> Option<Path> {
    match &term.kind {
        Kind::Identity => Some(Path::new()),
        Kind::Index(inner, key) => {
            let mut path = path(inner)?;
            path.push(step(key)?);
            Some(path)
        }
        Kind::Optional(inner) | Kind::Try(inner, None) => path(inner),
        _ => None,
    }
}

fn step(key: &Term) -> Option<Step> {
    if let Kind::Number(digits) = &key.kind {
        // Larger ones are no index of anything.
        let is_index = digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
        return Some(Step::Index(is_index.then(|| digits.parse().ok())??));
    }
    text(key).map(|key| Step::Key(key.into()))
}

/// The text of a term that is one, and that reads the same in a result.
fn text(term: &Term) -> Option<&str> {
    let Kind::Text(None, pieces) = &term.kind else {
        return None;
    };
    let text = match &pieces[..] {
        [] => "",
        [Piece::Text(text)] => text,
        _ => return None,
    };
    // Keys with broken surrogates read as U+FFFD, which the picker does not know.
    let is_odd = |c: char| matches!(c, '\\' | '"' | '\u{fffd}' | '\u{7f}') || c.is_control();
    (!text.contains(is_odd)).then_some(text)
}

struct Reader {
    /// The path that all paths begin with.
    prefix: Path,
    paths: Vec<Path>,
}

impl Reader {
    /// Reads shapes with commas between them.
    fn shapes(&mut self, term: &Term) -> Option<Vec<Shape>> {
        if let Kind::Comma(left, right) = &term.kind {
            let mut shapes = self.shapes(left)?;
            shapes.extend(self.shapes(right)?);
            return Some(shapes);
        }
        Some(vec![self.shape(term)?])
    }

    fn shape(&mut self, term: &Term) -> Option<Shape> {
        match &term.kind {
            Kind::List(Some(inner)) => Some(Shape::Array(self.shapes(inner)?)),
            Kind::Object(members) if !members.is_empty() => {
                let mut made: Vec<(Vec<u8>, Shape)> = Vec::new();
                for (key, value) in members {
                    let Key::Name(name) = key else {
                        return None;
                    };
                    let name = text(name)?;
                    let shape = match value {
                        Some(value) => self.shape(value)?,
                        None => self.pick(vec![Step::Key(name.into())]),
                    };
                    let key = serde_json::to_vec(name).ok()?;
                    if made.iter().any(|m| m.0 == key) {
                        return None;
                    }
                    made.push((key, shape));
                }
                Some(Shape::Object(made))
            }
            _ => path(term).map(|path| self.pick(path)),
        }
    }

    fn pick(&mut self, path: Path) -> Shape {
        let mut whole = self.prefix.clone();
        whole.extend(path);
        self.paths.push(whole);
        Shape::Pick(self.paths.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::jq::lang;

    fn plain(filter: &str) -> Option<Plain> {
        Plain::of(&lang::parse(filter).ok()?)
    }

    fn of_elements(filter: &str) -> Option<Plain> {
        super::of_elements(&lang::parse(filter).ok()?)
    }

    fn path(text: &str) -> Path {
        text.split('/')
            .filter(|s| !s.is_empty())
            .map(|s| match s.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key(s.into()),
            })
            .collect()
    }

    #[test]
    fn paths() {
        for (filter, paths) in [
            (".", &[""][..]),
            (" .\n", &[""]),
            (".a", &["a"]),
            (".a.b[0]", &["a/b/0"]),
            (".a[\"b c\"].d", &["a/b c/d"]),
            (".[\"a b\"]", &["a b"]),
            (".\"a\".\"é\"", &["a/é"]),
            (".[3][0]", &["3/0"]),
            (".a?", &["a"]),
            (".a?.b??[0]?", &["a/b/0"]),
            (".a , .b", &["a", "b"]),
            (".a | .b|.c", &["a/b/c"]),
            (".a | .", &["a"]),
            (".a | .b, .c", &["a/b", "a/c"]),
            (".a|{b}", &["a/b"]),
        ] {
            let plain = plain(filter).unwrap_or_else(|| panic!("{filter}"));
            let want: Vec<Path> = paths.iter().map(|p| path(p)).collect();
            assert_eq!(plain.paths, want, "{filter}");
        }
    }

    #[test]
    fn shapes() {
        let plain = plain("{a, \"b c\": [.c.d, .], e: {f: .g}}, .h").unwrap();
        let paths: Vec<Path> = ["a", "c/d", "", "g", "h"].map(path).into();
        assert_eq!(plain.paths, paths);
        let key = |k: &str| format!("\"{k}\"").into_bytes();
        assert_eq!(
            plain.results,
            [
                Shape::Object(vec![
                    (key("a"), Shape::Pick(0)),
                    (
                        key("b c"),
                        Shape::Array(vec![Shape::Pick(1), Shape::Pick(2)])
                    ),
                    (key("e"), Shape::Object(vec![(key("f"), Shape::Pick(3))])),
                ]),
                Shape::Pick(4)
            ]
        );
    }

    #[test]
    fn filters_of_elements() {
        for (filter, each) in [
            (".[]", "."),
            (" .[] ", "."),
            (".[].a", ".a"),
            (".[][0].a", ".[0].a"),
            (".[][\"a\"]", ".a"),
            (".[].\"a\" | {b}", ".a | {b}"),
            (".[] | .a, .b", ".a, .b"),
            (".[]|{a, b: .c.d}", "{a, b: .c.d}"),
            (".[].a?", ".a"),
        ] {
            assert_eq!(of_elements(filter), plain(each), "{filter}");
        }
        for filter in [
            ".",
            ".a",
            ".[]?",
            ".[].",
            ".[]..",
            ".[].a, .b",
            ".[], .a",
            ".[][]",
            ".[].a[]",
            ".[]|",
            ".[] | length",
            "[.[]]",
            ".[] as $x | 1",
            ".[] + 1",
            ".[].a | length",
        ] {
            assert_eq!(of_elements(filter), None, "{filter}");
        }
    }

    #[test]
    fn everything_else_is_not_plain() {
        for filter in [
            "",
            " ",
            "..",
            "..a",
            ".a b",
            ".a.",
            ".a..b",
            ".[",
            ".[]",
            ".a[]",
            ".[-1]",
            ".[1.0]",
            ".[0:1]",
            ".[.a]",
            ".[1234567890]",
            ".\"a\\n\"",
            ".\"\\(1)\"",
            "a",
            "length",
            ".a | length",
            ".a + 1",
            ".a // 1",
            "{}",
            "[]",
            ".a | []",
            ".a, .b | .c",
            "[.a] | .[0]",
            "{a}.a",
            "[.a][0]",
            "{a, a: .b}",
            "{(.a): 1}",
            "{$x}",
            "{a: 1}",
            "{a: .b | .c}",
            ".a as $x | .b",
            ".a::b",
            "[.a, .b",
            "{a",
            "{a: .b",
            ".a |",
            "| .a",
            ".a, ",
            ".é",
            "$x",
            "-.a",
            ".a-1",
            "@text",
            "{\"\u{fffd}\": .a}",
            "\"a\"",
            ".\"a\tb\"",
            "1",
            "null",
        ] {
            assert_eq!(plain(filter), None, "{filter:?}");
        }
    }
}
