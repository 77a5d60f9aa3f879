//! Recognises filters that only pick members: they need no values.
//!
//! Plain are paths (`.a.b[0]`, `.["a b"]`, `.a?`), paths behind each other (`.a | .b`), beside each
//! other (`.a, .b`), and arrays and objects of such (`{a, b: .c.d}`, `[.a, .b]`). What is not
//! recognised is no fault: the filter language has the last word. Must not know that language's
//! other parts, and accepts nothing that it would read differently.

use crate::json::{Path, Step};

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
    pub fn parse(filter: &str) -> Option<Self> {
        let mut reader = Reader {
            rest: filter,
            prefix: Path::new(),
            paths: Vec::new(),
        };
        loop {
            let results = reader.shapes(',')?;
            reader.blanks();
            if reader.rest.is_empty() {
                let paths = reader.paths;
                return Some(Self { paths, results });
            }
            reader.take('|')?;
            // A path in front of others begins each of them; the picker sees where it fails.
            let [Shape::Pick(0)] = results[..] else {
                return None;
            };
            reader.prefix = reader.paths.pop()?;
        }
    }
}

/// Reads a filter that goes through a list (`.[].a`, `.[] | {a, b}`), and gives what it does with
/// each element; `None` where that is not plain.
#[must_use]
pub fn of_elements(filter: &str) -> Option<Plain> {
    let rest = filter.trim_start().strip_prefix(".[]")?;
    let behind = rest.trim_start_matches([' ', '\t', '\n', '\r']);
    if behind.is_empty() {
        return Plain::parse(".");
    }
    if let Some(next) = behind.strip_prefix('|') {
        return Plain::parse(next);
    }
    let plain = match rest.as_bytes() {
        [b'[', ..] => Plain::parse(&format!(".{rest}")),
        [b'.', b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'"', ..] => Plain::parse(rest),
        _ => None,
    }?;
    // `.[].a, .b` is `.b` of the list.
    (plain.results.len() == 1).then_some(plain)
}

struct Reader<'a> {
    rest: &'a str,
    /// The path that all paths begin with.
    prefix: Path,
    paths: Vec<Path>,
}

impl<'a> Reader<'a> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, c: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(c)?;
        Some(())
    }

    /// Reads shapes with a separator between them.
    fn shapes(&mut self, separator: char) -> Option<Vec<Shape>> {
        let mut shapes = vec![self.shape()?];
        loop {
            self.blanks();
            if self.take(separator).is_none() {
                return Some(shapes);
            }
            shapes.push(self.shape()?);
        }
    }

    fn shape(&mut self) -> Option<Shape> {
        self.blanks();
        match self.rest.chars().next()? {
            '.' => self.path().map(|path| self.pick(path)),
            '[' => {
                self.take('[')?;
                let shapes = self.shapes(',')?;
                self.take(']')?;
                Some(Shape::Array(shapes))
            }
            '{' => self.object(),
            _ => None,
        }
    }

    fn pick(&mut self, path: Path) -> Shape {
        let mut whole = self.prefix.clone();
        whole.extend(path);
        self.paths.push(whole);
        Shape::Pick(self.paths.len() - 1)
    }

    fn object(&mut self) -> Option<Shape> {
        self.take('{')?;
        let mut members: Vec<(Vec<u8>, Shape)> = Vec::new();
        loop {
            self.blanks();
            let (key, is_word) = match self.string() {
                Some(key) => (key, false),
                None => (self.word()?, true),
            };
            self.blanks();
            let shape = if self.take(':').is_some() {
                self.shape()?
            } else if is_word {
                self.pick(vec![Step::Key(key.into())])
            } else {
                return None;
            };
            let key = serde_json::to_vec(key).ok()?;
            if members.iter().any(|m| m.0 == key) {
                return None;
            }
            members.push((key, shape));
            self.blanks();
            if self.take(',').is_none() {
                self.take('}')?;
                return Some(Shape::Object(members));
            }
        }
    }

    fn path(&mut self) -> Option<Path> {
        self.take('.')?;
        let mut path = Path::new();
        if let Some(key) = self.word().or_else(|| self.string()) {
            path.push(Step::Key(key.into()));
        } else if self.rest.starts_with('[') {
            path.push(self.bracket()?);
        } else {
            // `..` and the like are other things.
            return (!self.rest.starts_with(['.', '?'])).then_some(path);
        }
        loop {
            if self.rest.starts_with('[') {
                path.push(self.bracket()?);
            } else if self.take('.').is_some() {
                let key = self.word().or_else(|| self.string())?;
                path.push(Step::Key(key.into()));
            } else if self.take('?').is_none() {
                // `?` changes what happens on a failure only; failures go the long way.
                return Some(path);
            }
        }
    }

    fn bracket(&mut self) -> Option<Step> {
        self.take('[')?;
        let step = match self.string() {
            Some(key) => Step::Key(key.into()),
            None => {
                let digits = self.while_(|c| c.is_ascii_digit());
                // Larger ones are no index of anything.
                if digits.is_empty() || digits.len() > 9 {
                    return None;
                }
                Step::Index(digits.parse().ok()?)
            }
        };
        self.take(']')?;
        Some(step)
    }

    fn word(&mut self) -> Option<&'a str> {
        if !self
            .rest
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        {
            return None;
        }
        Some(self.while_(|c| c.is_ascii_alphanumeric() || c == '_'))
    }

    /// Reads a string that needs no escapes, in the filter or in the result.
    fn string(&mut self) -> Option<&'a str> {
        let (text, rest) = self.rest.strip_prefix('"')?.split_once('"')?;
        // Keys with broken surrogates read as U+FFFD, which the picker does not know.
        if text.contains(|c: char| c == '\\' || c == '\u{fffd}' || c.is_control()) {
            return None;
        }
        self.rest = rest;
        Some(text)
    }

    fn while_(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let plain = Plain::parse(filter).unwrap_or_else(|| panic!("{filter}"));
            let want: Vec<Path> = paths.iter().map(|p| path(p)).collect();
            assert_eq!(plain.paths, want, "{filter}");
        }
    }

    #[test]
    fn shapes() {
        let plain = Plain::parse("{a, \"b c\": [.c.d, .], e: {f: .g}}, .h").unwrap();
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
            assert_eq!(of_elements(filter), Plain::parse(each), "{filter}");
        }
        for filter in [
            ".",
            ".a",
            ".[]?",
            ".[].",
            ".[]..",
            ".[] .a",
            ".[].a, .b",
            ".[], .a",
            ".[][]",
            ".[].a[]",
            ".[]|",
            ".[] | length",
            "[.[]]",
            ".[] as $x | 1",
            ".[] + 1",
            ".[].[0]",
            ".[].a | .b, .c",
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
            ".?",
            ". .a",
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
            ".[ 0]",
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
            "{a,}",
            "{a, a: .b}",
            "{(.a): 1}",
            "{$x}",
            "{a: 1}",
            "{\"a\"}",
            "{a: .b | .c}",
            "{a: .b, }",
            ".a # b",
            "(.a)",
            ".a as $x | .b",
            ".a::b",
            "{a::b}",
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
            ".a.[0]",
            "{\"\u{fffd}\": .a}",
            "\"a\"",
            ".\"a\tb\"",
            "1",
            "null",
        ] {
            assert_eq!(Plain::parse(filter), None, "{filter:?}");
        }
    }
}
