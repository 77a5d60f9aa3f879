//! The shape of the first element, which gives the columns where none are given, and what later
//! elements have besides. Pure.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use crate::json::{Container, Scalar, Sink, Step, TokenPart, replay};

use super::columns::Column;
use super::values::text_of;

/// What an element is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An object with these members.
    Object(Vec<Member>),
    /// An array of so many elements.
    Array(usize),
    /// Neither, or empty: shown whole.
    Scalar,
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it holds an object or array.
    pub is_nested: bool,
    /// The length of its value's text.
    pub length: usize,
}

/// Nested values that are shown where the columns choose themselves are no longer than this.
const SHORT: usize = 30;

impl Shape {
    /// Looks at the text of an element.
    pub fn of(text: &[u8]) -> io::Result<Self> {
        let mut look = Look::default();
        replay(text, &mut look)?;
        // Where a key repeats, the last one counts, also for the order.
        let mut later = HashSet::with_capacity(look.members.len());
        let repeats: Vec<bool> = look
            .members
            .iter()
            .rev()
            .map(|m| !later.insert(&*m.name))
            .collect();
        drop(later);
        let mut repeats = repeats.into_iter().rev();
        look.members.retain(|_| repeats.next() != Some(true));
        Ok(match text.first() {
            Some(b'{') if look.elements > 0 => Self::Object(look.members),
            Some(b'[') if look.elements > 0 => Self::Array(look.elements),
            _ => Self::Scalar,
        })
    }

    /// Returns the columns for elements of this shape: all, or for a table scalar members, and
    /// where they have to fit a width and so may be dropped, short nested ones behind them.
    #[must_use]
    pub fn columns(&self, is_table: bool, fits: bool) -> Vec<Column> {
        match self {
            Self::Scalar => vec![Column::of_path("value", Vec::new())],
            Self::Array(length) => (0..*length)
                .map(|i| Column::of_path((i + 1).to_string(), vec![Step::Index(i)]))
                .collect(),
            Self::Object(members) => {
                let column =
                    |m: &Member| Column::of_path(m.name.clone(), vec![Step::Key(m.name.clone())]);
                if !is_table {
                    return members.iter().map(column).collect();
                }
                let short = |m: &&Member| m.is_nested && m.length <= SHORT;
                let scalars = members.iter().filter(|m| !m.is_nested);
                let mut columns: Vec<_> = scalars.map(column).collect();
                if fits {
                    columns.extend(members.iter().filter(short).map(column));
                }
                if columns.is_empty() {
                    columns = members.iter().map(column).collect();
                }
                columns
            }
        }
    }

    /// Returns the members of this shape that no column shows.
    #[must_use]
    pub fn beside(&self, columns: &[Column]) -> Vec<Arc<str>> {
        let Self::Object(members) = self else {
            return Vec::new();
        };
        let shown: HashSet<&str> = columns.iter().map(|column| &*column.name).collect();
        let hidden = members.iter().filter(|m| !shown.contains(&*m.name));
        hidden.map(|m| m.name.clone()).collect()
    }

    /// Begins to look for what columns of this shape leave out.
    #[must_use]
    pub fn watch(mut self) -> Members {
        let first = match &mut self {
            // Their names are enough, and there may be many.
            Self::Object(members) => std::mem::take(members)
                .into_iter()
                .map(|m| m.name)
                .collect(),
            Self::Array(_) | Self::Scalar => Vec::new(),
        };
        Members {
            shape: self,
            first,
            shown: HashSet::new(),
            left_out: Vec::new(),
            more: false,
            longer: 0,
            misfits: 0,
            depth: 0,
            commas: 0,
            key: Vec::new(),
        }
    }
}

/// Collects the members of one object.
#[derive(Default)]
struct Look {
    members: Vec<Member>,
    depth: usize,
    elements: usize,
    key: Vec<u8>,
}

impl Look {
    fn value(&mut self, is_nested: bool) {
        if self.depth != 1 {
            return;
        }
        self.elements += 1;
        if self.key.is_empty() {
            return;
        }
        let name = text_of(&self.key).into();
        self.key.clear();
        self.members.push(Member {
            name,
            is_nested,
            length: 0,
        });
    }

    fn add(&mut self, length: usize) {
        if let Some(member) = self.members.last_mut() {
            member.length += length;
        }
    }
}

impl Sink for Look {
    fn begin(&mut self, _: Container) -> io::Result<()> {
        self.value(true);
        self.depth += 1;
        self.add(1);
        Ok(())
    }

    fn end(&mut self, _: Container) -> io::Result<()> {
        self.depth -= 1;
        self.add(1);
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.depth == 1 {
            if part.first {
                self.key.clear();
            }
            self.key.extend_from_slice(bytes);
            return Ok(());
        }
        self.add(bytes.len());
        Ok(())
    }

    fn scalar(&mut self, _: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if part.first {
            self.value(false);
        }
        self.add(bytes.len());
        Ok(())
    }

    fn comma(&mut self) -> io::Result<()> {
        if self.depth > 1 {
            self.add(1);
        }
        Ok(())
    }
}

/// Looks at elements for what the columns leave out.
#[derive(Debug)]
pub struct Members {
    shape: Shape,
    /// The names of the first element, until another one is compared with it.
    first: Vec<Arc<str>>,
    shown: HashSet<Arc<str>>,
    /// The first names of members that are not shown.
    left_out: Vec<String>,
    /// Whether there are more of them.
    more: bool,
    /// Arrays with more elements than there are columns.
    longer: u64,
    /// Elements of another shape, whose rows are empty.
    misfits: u64,
    depth: usize,
    commas: usize,
    key: Vec<u8>,
}

/// So many names are reported.
pub const SHOWN: usize = 12;

impl Members {
    /// Returns what a user has to know.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.left_out.is_empty() {
            let more = if self.more { ", …" } else { "" };
            notes.push(format!(
                "fields that the first element does not have were omitted: {}{more}; name them with `--columns`",
                self.left_out.join(", ")
            ));
        }
        if self.longer > 0 {
            notes.push(format!(
                "{} longer than the first element and cut; name the columns with `--columns`",
                were(self.longer)
            ));
        }
        if self.misfits > 0 {
            let kind = match self.shape {
                Shape::Object(_) => "object",
                _ => "array",
            };
            notes.push(format!(
                "{} no {kind} as the first one is, so their rows are empty",
                were(self.misfits)
            ));
        }
        notes
    }

    fn element(&mut self, kind: Option<Container>) {
        let fits = match self.shape {
            Shape::Object(_) => kind == Some(Container::Object),
            Shape::Array(_) => kind == Some(Container::Array),
            Shape::Scalar => true,
        };
        self.misfits += u64::from(!fits);
        self.commas = 0;
    }

    fn member(&mut self) {
        self.shown.extend(self.first.drain(..));
        let name = text_of(&self.key);
        if self.shown.contains(name.as_str()) {
            return;
        }
        if self.left_out.len() == SHOWN {
            self.more = true;
            return;
        }
        self.shown.insert(name.as_str().into());
        self.left_out.push(name);
    }
}

fn were(count: u64) -> String {
    match count {
        1 => "1 element is".to_owned(),
        n => format!("{n} elements are"),
    }
}

impl Sink for Members {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        if self.depth == 0 {
            self.element(Some(kind));
        }
        self.depth += 1;
        Ok(())
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        if let (0, Container::Array, Shape::Array(length)) = (self.depth, kind, &self.shape) {
            self.longer += u64::from(self.commas >= *length && self.commas > 0);
        }
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.depth != 1 || !matches!(self.shape, Shape::Object(_)) {
            return Ok(());
        }
        if part.first {
            self.key.clear();
        }
        self.key.extend_from_slice(bytes);
        if part.last {
            self.member();
        }
        Ok(())
    }

    fn scalar(&mut self, _: Scalar, _: &[u8], part: TokenPart) -> io::Result<()> {
        if part.first && self.depth == 0 {
            self.element(None);
        }
        Ok(())
    }

    fn comma(&mut self) -> io::Result<()> {
        self.commas += usize::from(self.depth == 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, is_table: bool, fits: bool) -> Vec<String> {
        let columns = Shape::of(text.as_bytes()).unwrap().columns(is_table, fits);
        columns
            .into_iter()
            .map(|column| column.name.to_string())
            .collect()
    }

    #[test]
    fn the_first_element_gives_the_columns() {
        let object =
            r#"{"b":1,"l":[1,2],"a":"x","o":{"k":"a text that makes it a long one"},"b":2}"#;
        for (text, is_table, fits, want) in [
            (object, false, false, &["l", "a", "o", "b"][..]),
            (object, true, false, &["a", "b"]),
            (object, true, true, &["a", "b", "l"]),
            (r#"{"l":[],"o":{}}"#, true, false, &["l", "o"]),
            (r#"{"a\n\u00e9":1}"#, false, false, &["a\né"]),
            (r#"[7,[8,9],{"a":1}]"#, true, true, &["1", "2", "3"]),
            ("1", true, true, &["value"]),
            ("null", false, false, &["value"]),
            ("[]", false, false, &["value"]),
            ("{}", false, false, &["value"]),
        ] {
            assert_eq!(names(text, is_table, fits), want, "{text}");
        }
    }

    #[test]
    fn what_columns_leave_out_is_reported() {
        for (first, others, want) in [
            (r#"{"a":1}"#, &[r#"{"a":2}"#, "{}"][..], &[][..]),
            (
                r#"{"a":1}"#,
                &[r#"{"b":{"c":1}}"#, r#"{"a":1,"d":2}"#, r#"{"b":3}"#],
                &[
                    "fields that the first element does not have were omitted: b, d; name them with `--columns`",
                ],
            ),
            (
                r#"{"a":1}"#,
                &["1", "[1]", "{}"],
                &["2 elements are no object as the first one is, so their rows are empty"],
            ),
            (
                "[1,2]",
                &["[3,4]", "[]", "[[1,2,3]]", "[1,2,3]"],
                &[
                    "1 element is longer than the first element and cut; name the columns with `--columns`",
                ],
            ),
            (
                "[1]",
                &["7"],
                &["1 element is no array as the first one is, so their rows are empty"],
            ),
            ("7", &["[1]", "{}"], &[]),
        ] {
            let mut members = Shape::of(first.as_bytes()).unwrap().watch();
            for text in others {
                replay(text.as_bytes(), &mut members).unwrap();
            }
            assert_eq!(members.notes(), want, "{first} {others:?}");
        }
    }

    #[test]
    fn not_all_names_are_reported() {
        let mut members = Shape::of(b"{\"a\":1}").unwrap().watch();
        for i in 0..100 {
            replay(format!("{{\"m{i}\":1}}").as_bytes(), &mut members).unwrap();
        }
        let note = members.notes().pop().unwrap();
        assert!(
            note.contains(": m0, m1, ") && note.contains(", m11, …;"),
            "{note}"
        );
    }
}
