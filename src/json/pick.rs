//! Picks the values at a few paths out of a value, while its tokens pass.
//!
//! Serves columns and plain filters; builds no tree.

use std::io;

use super::held::{MOST_HELD, too_large};
use super::paths::{Step, Tree};
use super::sink::{Container, Scalar, Sink, TokenPart};

/// No path has a longer key; in pieces of a longer one none is found.
const LONGEST_KEY: usize = 1024 * 1024;

/// A buffer beyond this is given back after its value.
const LARGE: usize = 1024 * 1024;

/// Takes the tokens of values and keeps the text of what stands at its paths.
///
/// Where a key repeats, the last one counts. Values are kept as they are written, without blanks.
/// What no path leads to is passed by without being kept.
#[derive(Debug, Default)]
pub struct Picker {
    tree: Tree,
    picked: Vec<Picked>,
    /// The open containers, from the outermost.
    open: Vec<Open>,
    /// Containers that are open below a place that no path leads to.
    skipped: usize,
    /// What is picked, one value behind the other; a value inside of another is there once.
    texts: Vec<u8>,
    /// The paths whose value is being taken, with the number of containers open before it.
    taking: Vec<(usize, usize)>,
    /// The place in the tree that the next value stands at.
    next: Option<usize>,
    key: Vec<u8>,
    misfit: Option<Misfit>,
    /// Where the misfit's text begins.
    misfit_start: usize,
    keeps_misfits: bool,
}

/// A value that a path wanted to go into, and that has no such places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The step that could not be taken.
    pub step: Step,
    /// The text of the value.
    pub value: Vec<u8>,
}

/// Where the text of a path's value is, if it was found.
#[derive(Clone, Copy, Debug, Default)]
struct Picked {
    found: bool,
    start: usize,
    /// Behind the text; the end of all texts while it comes.
    end: usize,
}

#[derive(Debug)]
struct Open {
    /// The place in the tree that the container stands at.
    place: Option<usize>,
    /// The index of the next element of an array.
    index: usize,
    kind: Container,
}

impl Picker {
    /// Makes a picker for these paths.
    #[must_use]
    pub fn new<P: AsRef<[Step]>>(paths: &[P]) -> Self {
        Self {
            tree: Tree::new(paths),
            picked: vec![Picked::default(); paths.len()],
            next: Some(Tree::ROOT),
            ..Self::default()
        }
    }

    /// Also keeps, from here on, the first value of each kind that does not fit its path.
    #[must_use]
    pub fn keeping_misfits(mut self) -> Self {
        self.keeps_misfits = true;
        self
    }

    /// Returns the text of what stands at a path in the value that has passed; `None` where there
    /// is nothing.
    #[must_use]
    pub fn get(&self, path: usize) -> Option<&[u8]> {
        let picked = self.picked.get(path)?;
        let end = picked.end.min(self.texts.len());
        self.texts.get(picked.start..end).filter(|_| picked.found)
    }

    /// Returns the value that did not fit a path, where such are kept: the first.
    #[must_use]
    pub fn misfit(&self) -> Option<&Misfit> {
        self.misfit.as_ref()
    }

    /// Forgets the value that has passed, or what has come of one; the next one can come.
    pub fn clear(&mut self) {
        self.open.clear();
        self.taking.clear();
        self.skipped = 0;
        for picked in &mut self.picked {
            picked.found = false;
        }
        self.texts.clear();
        // One large value is no reason to keep its room.
        if self.texts.capacity() > LARGE {
            self.texts = Vec::new();
        }
        self.misfit = None;
        self.next = Some(Tree::ROOT);
    }

    fn is_taking(&self) -> bool {
        !self.taking.is_empty()
    }

    #[inline]
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_taking() {
            if self.texts.len() + bytes.len() > MOST_HELD {
                return Err(too_large("a row of the response"));
            }
            self.texts.extend_from_slice(bytes);
        }
        Ok(())
    }

    /// Begins to take the value at a place for the paths that end there. `kind` is that of a
    /// container.
    fn value_begins(&mut self, place: usize, kind: Option<Container>, is_null: bool) {
        let here = self.open.len();
        let begun = Picked {
            found: true,
            start: self.texts.len(),
            end: usize::MAX,
        };
        // Where a key repeats, what was found in its earlier value is no longer there.
        for path in self.tree.leading_through(place) {
            self.picked[*path].found = false;
        }
        for path in self.tree.ending(place) {
            self.picked[path] = begun;
            self.taking.push((path, here));
        }
        if self.keeps_misfits
            && !is_null
            && let Some(step) = self.tree.missing(place, kind)
            && self.misfit.is_none()
        {
            self.misfit = Some(Misfit {
                step,
                value: Vec::new(),
            });
            self.misfit_start = self.texts.len();
            // No path has this number: what is taken belongs to the misfit.
            self.taking.push((usize::MAX, here));
        }
    }

    fn value_ends(&mut self) {
        let here = self.open.len();
        let end = self.texts.len();
        while let Some((path, _)) = self.taking.pop_if(|(_, depth)| *depth == here) {
            match (self.picked.get_mut(path), &mut self.misfit) {
                (Some(picked), _) => picked.end = end,
                (None, Some(misfit)) => {
                    misfit.value = self.texts[self.misfit_start..end].to_vec();
                }
                (None, None) => {}
            }
        }
        self.expect_next();
    }

    /// Finds the place of the next element, where an array is open.
    fn expect_next(&mut self) {
        self.next = match self.open.last() {
            Some(Open {
                place: Some(place),
                index,
                kind: Container::Array,
            }) => self.tree.element(*place, *index),
            _ => None,
        };
    }
}

impl Sink for Picker {
    #[inline]
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        let place = self.next.take();
        if place.is_none() && !self.is_taking() {
            self.skipped += 1;
            return Ok(());
        }
        if let Some(place) = place {
            self.value_begins(place, Some(kind), false);
        }
        self.take(match kind {
            Container::Object => b"{",
            Container::Array => b"[",
        })?;
        self.open.push(Open {
            place,
            index: 0,
            kind,
        });
        self.expect_next();
        Ok(())
    }

    #[inline]
    fn end(&mut self, kind: Container) -> io::Result<()> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        self.take(match kind {
            Container::Object => b"}",
            Container::Array => b"]",
        })?;
        self.open.pop();
        self.value_ends();
        Ok(())
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.is_taking() {
            self.take(bytes)?;
        }
        let Some(Open {
            place: Some(place), ..
        }) = self.open.last()
        else {
            return Ok(());
        };
        let place = *place;
        if part.first {
            self.key.clear();
        }
        if self.key.len() < LONGEST_KEY {
            self.key.extend_from_slice(bytes);
        }
        if part.last {
            self.next = self.tree.member(place, &self.key);
        }
        Ok(())
    }

    #[inline]
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.skipped > 0 {
            return Ok(());
        }
        if part.first
            && let Some(place) = self.next.take()
        {
            self.value_begins(place, None, kind == Scalar::Null);
        }
        if self.is_taking() {
            self.take(bytes)?;
            if part.last {
                self.value_ends();
            }
        }
        Ok(())
    }

    #[inline]
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.is_taking() {
            self.take(&source[..=length])?;
        }
        if let Some(Open {
            place: Some(place), ..
        }) = self.open.last()
        {
            // A key without escapes is written in one way only.
            let key = &source[..length];
            self.next = self.tree.plain_member(*place, key);
        }
        Ok(())
    }

    #[inline]
    fn colon(&mut self) -> io::Result<()> {
        if self.skipped == 0 && self.is_taking() {
            self.take(b":")?;
        }
        Ok(())
    }

    #[inline]
    fn comma(&mut self) -> io::Result<()> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.is_taking() {
            self.take(b",")?;
        }
        if let Some(open) = self.open.last_mut()
            && open.kind == Container::Array
        {
            open.index += 1;
            self.expect_next();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::paths::Path;
    use super::*;
    use crate::json::Lexer;

    fn path(text: &str) -> Path {
        text.split('.')
            .filter(|s| !s.is_empty())
            .map(|s| match s.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key(s.into()),
            })
            .collect()
    }

    fn pick(picker: &mut Picker, text: &str, step: usize, paths: usize) -> Vec<Option<String>> {
        let mut lexer = Lexer::new();
        for chunk in text.as_bytes().chunks(step) {
            lexer.feed(chunk, picker).unwrap();
        }
        lexer.finish(picker).unwrap();
        (0..paths)
            .map(|p| {
                picker
                    .get(p)
                    .map(|t| String::from_utf8(t.to_vec()).unwrap())
            })
            .collect()
    }

    #[test]
    fn values_at_paths() {
        for (paths, text, want) in [
            (&["a"][..], r#"{"a":1,"b":{"a":2}}"#, &[Some("1")][..]),
            (
                &["a"],
                r#"{"a":1,"a":{"x":[1, 2]}}"#,
                &[Some(r#"{"x":[1,2]}"#)],
            ),
            (
                &["a", "a.b", "a.b.1"],
                r#"{"a":{"b":[1, "x"]}}"#,
                &[Some(r#"{"b":[1,"x"]}"#), Some(r#"[1,"x"]"#), Some(r#""x""#)],
            ),
            (&["", "0"], "[ 1, 2]", &[Some("[1,2]"), Some("1")]),
            (
                &["1.x", "3"],
                r#"[{"x":1},{"y":[],"x":null},3]"#,
                &[Some("null"), None],
            ),
            (&["a.b"], r#"{"a":"b"}"#, &[None]),
            (&["a.b"], r#"{"a":{"b":1},"a":{"c":2}}"#, &[None]),
            (&["a.b"], r#"{"a":{"b":1},"a":null}"#, &[None]),
            (&["a", "a"], r#"{"a":true}"#, &[Some("true"), Some("true")]),
            (&["hé"], r#"{"h\u00e9":"1.10"}"#, &[Some(r#""1.10""#)]),
            (&["hé"], r#"{"hé":1.10}"#, &[Some("1.10")]),
            (
                &["c"],
                r#"{"a":[[[{"c":1}]]],"b":{"c":{"c":2}},"c":-0}"#,
                &[Some("-0")],
            ),
            (&[""], "7", &[Some("7")]),
        ] {
            let paths: Vec<Path> = paths.iter().map(|p| path(p)).collect();
            let mut picker = Picker::new(&paths);
            for step in [1, 2, 5, 1000] {
                picker.clear();
                let got = pick(&mut picker, text, step, paths.len());
                let got: Vec<Option<&str>> = got.iter().map(Option::as_deref).collect();
                assert_eq!(got, want, "{text} by {step}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_reported() {
        for (at, text, want) in [
            (
                "a.b",
                r#"{"a":[1, 2]}"#,
                Some((Step::Key("b".into()), "[1,2]")),
            ),
            ("a.b", r#"{"a":null}"#, None),
            ("a.b", r#"{"b":1}"#, None),
            ("a", "3", Some((Step::Key("a".into()), "3"))),
            ("0", r#"{"x":1}"#, Some((Step::Index(0), r#"{"x":1}"#))),
        ] {
            let mut picker = Picker::new(&[path(at)]).keeping_misfits();
            pick(&mut picker, text, 3, 1);
            let got = picker
                .misfit()
                .map(|m| (m.step.clone(), std::str::from_utf8(&m.value).unwrap()));
            assert_eq!(got, want, "{text}");
        }
    }
}
