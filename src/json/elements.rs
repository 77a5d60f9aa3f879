//! Splits a text into its elements while it streams.
//!
//! Knows the envelopes of both services by the names of their members, and what a stored document
//! looks like. Memory is that of what surrounds the elements.

use std::io;

use super::held::{ELEMENT, hold};
use super::sink::{Container, Ignored, Scalar, Sink, TokenPart};
use super::text::replay;

/// Takes values one after the other: the tokens of each as a [`Sink`], then its end.
pub trait Values: Sink {
    /// Takes the end of a value whose last token was just taken.
    fn end_value(&mut self) -> io::Result<()>;

    /// Hears that the value that comes is a text of its own, and no element of a list.
    fn begin_single(&mut self) {}
}

impl Values for Ignored {
    fn end_value(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Passes the elements of a text to [`Values`].
///
/// The elements are those of an array at the top, or of the first array under `result`, `events`
/// or `data` in an object at the top: the envelopes of both services. An object under `result` is
/// the one element; so is every other text. A stored document (an object with `_key`, `_id` or
/// `_rev`) is an element itself, whatever its members are called.
///
/// The other members of an envelope are what [`Splitter::end_text`] gives; they say how to go on.
/// Memory is that of them, or of a text that is its own one element.
#[derive(Debug)]
pub struct Splitter<V> {
    values: V,
    place: Place,
    /// Open containers.
    depth: usize,
    /// The most elements that are reported.
    most: u64,
    /// The depth at which elements begin, while they come.
    base: usize,
    count: u64,
    /// The object at the top without its elements and without blanks.
    rest: Vec<u8>,
    /// Where the last member of `rest` begins.
    member: usize,
    key: Vec<u8>,
    found: bool,
    is_single: bool,
    is_document: bool,
}

/// Where the next token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the text.
    Top,
    /// Among the elements; those are deeper than `base`, or scalars at it.
    Elements,
    /// In an object at the top, in a member that is no element.
    Object,
    /// Behind a key that may name the elements.
    Named,
    /// In the one element of an object: its members.
    Single,
    /// Among elements that are too many.
    Beyond,
}

/// The members of an envelope that hold elements.
const NAMES: [&[u8]; 3] = [b"\"result\"", b"\"events\"", b"\"data\""];

/// No name that is looked for is as long.
const LONGEST_NAME: usize = 64;

/// The members of a stored document.
const MARKS: [&[u8]; 3] = [b"\"_key\"", b"\"_id\"", b"\"_rev\""];

impl<V: Values> Splitter<V> {
    /// Makes a splitter for one text.
    pub fn new(values: V) -> Self {
        Self {
            values,
            place: Place::Top,
            depth: 0,
            most: u64::MAX,
            base: 0,
            count: 0,
            rest: Vec::new(),
            member: 0,
            key: Vec::new(),
            found: false,
            is_single: false,
            is_document: false,
        }
    }

    /// Sets how many elements are reported at most, of all texts; further ones are checked and dropped.
    pub fn limit(&mut self, most: u64) {
        self.most = most;
    }

    /// Returns whether the text is an envelope whose one element is the object under `result`.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.is_single
    }

    /// Ends a text, so that another can come, and gives what its envelope held besides elements:
    /// the text of an object, or nothing where there was no envelope.
    pub fn end_text(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut rest = None;
        if self.depth == 0 && !self.rest.is_empty() {
            if self.found {
                rest = Some(std::mem::take(&mut self.rest));
            } else if self.count < self.most {
                let text = std::mem::take(&mut self.rest);
                self.values.begin_single();
                replay(&text, &mut self.values)?;
                self.end_element()?;
            }
        }
        self.is_single = false;
        self.place = Place::Top;
        self.depth = 0;
        self.rest.clear();
        self.found = false;
        self.is_document = false;
        Ok(rest)
    }

    /// Returns the number of elements so far, of all texts.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns what takes the elements.
    pub fn values(&mut self) -> &mut V {
        &mut self.values
    }

    fn end_element(&mut self) -> io::Result<()> {
        self.count += 1;
        if self.count >= self.most && self.place == Place::Elements {
            self.place = Place::Beyond;
        }
        self.values.end_value()
    }

    fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        hold(&mut self.rest, bytes, ELEMENT)
    }

    /// Begins the elements; the key before them is no part of the rest.
    fn elements_begin(&mut self, place: Place) {
        self.rest.truncate(self.member);
        self.found = true;
        self.base = self.depth;
        self.place = if self.count < self.most {
            place
        } else {
            Place::Beyond
        };
    }
}

impl<V: Values> Sink for Splitter<V> {
    #[inline]
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        match self.place {
            Place::Elements | Place::Single => {
                self.depth += 1;
                return self.values.begin(kind);
            }
            Place::Beyond => {
                self.depth += 1;
                return Ok(());
            }
            Place::Top if kind == Container::Array => {
                self.depth = 1;
                self.elements_begin(Place::Elements);
                return Ok(());
            }
            Place::Top => {
                self.place = Place::Object;
                self.rest.push(b'{');
                self.depth = 1;
                return Ok(());
            }
            Place::Named if kind == Container::Array => {
                self.depth += 1;
                self.elements_begin(Place::Elements);
                return Ok(());
            }
            Place::Named if self.key == NAMES[0] => {
                self.is_single = true;
                self.elements_begin(Place::Single);
                self.depth += 1;
                if self.place == Place::Beyond {
                    // It ends with its own end, as elements do with that of their array.
                    self.base = self.depth;
                    return Ok(());
                }
                return self.values.begin(kind);
            }
            Place::Named | Place::Object => {}
        }
        self.place = Place::Object;
        self.depth += 1;
        self.keep(match kind {
            Container::Object => b"{",
            Container::Array => b"[",
        })
    }

    #[inline]
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        match self.place {
            Place::Elements | Place::Beyond if self.depth < self.base => {
                // The end of their array.
                self.place = Place::Object;
                Ok(())
            }
            Place::Beyond => Ok(()),
            Place::Elements => {
                self.values.end(kind)?;
                if self.depth == self.base {
                    self.end_element()?;
                }
                Ok(())
            }
            Place::Single => {
                self.values.end(kind)?;
                if self.depth == self.base {
                    self.place = Place::Object;
                    self.end_element()?;
                }
                Ok(())
            }
            _ => self.keep(match kind {
                Container::Object => b"}",
                Container::Array => b"]",
            }),
        }
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        match self.place {
            Place::Elements | Place::Single => return self.values.key(bytes, part),
            Place::Beyond => return Ok(()),
            _ => {}
        }
        if self.depth == 1 {
            if part.first {
                self.key.clear();
                self.member = self.rest.len();
                // Commas between members are put here, because a member may be left out.
                if self.rest.len() > 1 {
                    self.rest.push(b',');
                }
            }
            if self.key.len() < LONGEST_NAME {
                self.key
                    .extend_from_slice(&bytes[..bytes.len().min(LONGEST_NAME)]);
            }
        }
        self.keep(bytes)?;
        if part.last && self.depth == 1 {
            self.is_document |= MARKS.contains(&self.key.as_slice());
        }
        Ok(())
    }

    #[inline]
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        match self.place {
            Place::Elements | Place::Single => {
                self.values.scalar(kind, bytes, part)?;
                if part.last && self.depth == self.base {
                    self.end_element()?;
                }
                Ok(())
            }
            Place::Top if self.count >= self.most => Ok(()),
            Place::Top => {
                if part.first {
                    self.values.begin_single();
                }
                self.values.scalar(kind, bytes, part)?;
                if part.last {
                    self.end_element()?;
                }
                Ok(())
            }
            Place::Object | Place::Named => {
                self.place = Place::Object;
                self.keep(bytes)
            }
            Place::Beyond => Ok(()),
        }
    }

    #[inline]
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        if matches!(self.place, Place::Elements | Place::Single) {
            return self.values.key_and_colon(source, length);
        }
        self.key(&source[..length], TokenPart::WHOLE)?;
        self.colon()
    }

    #[inline]
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        if matches!(self.place, Place::Elements | Place::Single) {
            self.values.whole_scalar(kind, source, length)?;
            if self.depth == self.base {
                self.end_element()?;
            }
            return Ok(());
        }
        self.scalar(kind, &source[..length], TokenPart::WHOLE)
    }

    #[inline]
    fn colon(&mut self) -> io::Result<()> {
        match self.place {
            Place::Elements | Place::Single => return self.values.colon(),
            Place::Beyond => return Ok(()),
            _ => {}
        }
        self.rest.push(b':');
        if self.depth == 1
            && !self.found
            && !self.is_document
            && NAMES.contains(&self.key.as_slice())
        {
            self.place = Place::Named;
        }
        Ok(())
    }

    #[inline]
    fn comma(&mut self) -> io::Result<()> {
        match self.place {
            Place::Elements | Place::Single if self.depth > self.base => self.values.comma(),
            Place::Elements | Place::Single | Place::Beyond => Ok(()),
            // Those between the members at the top are put before their keys.
            _ if self.depth > 1 => {
                self.rest.push(b',');
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Lexer, Text};

    /// Each element on a line.
    impl Values for Text {
        fn end_value(&mut self) -> io::Result<()> {
            self.0.push(b'\n');
            Ok(())
        }
    }

    fn split(text: &str, step: usize) -> (String, Option<String>, u64) {
        split_at_most(u64::MAX, text, step)
    }

    fn split_at_most(most: u64, text: &str, step: usize) -> (String, Option<String>, u64) {
        let mut splitter = Splitter::new(Text::default());
        splitter.limit(most);
        let mut lexer = Lexer::new();
        for chunk in text.as_bytes().chunks(step) {
            lexer.feed(chunk, &mut splitter).unwrap();
        }
        lexer.finish(&mut splitter).unwrap();
        let rest = splitter.end_text().unwrap();
        (
            String::from_utf8(splitter.values.0.clone()).unwrap(),
            rest.map(|r| String::from_utf8(r).unwrap()),
            splitter.count(),
        )
    }

    #[test]
    fn elements_of_every_shape() {
        for (text, elements, rest) in [
            ("[]", "", None),
            (
                " [ 1 , [2, 3] , {\"a\" : [ ] } ] ",
                "1\n[2,3]\n{\"a\":[]}\n",
                None,
            ),
            ("null", "null\n", None),
            ("-1.50", "-1.50\n", None),
            ("{}", "{}\n", None),
            (
                r#"{"a": {"result": [1]}, "b": 2}"#,
                "{\"a\":{\"result\":[1]},\"b\":2}\n",
                None,
            ),
            (
                r#"{"error":false, "result": [1, {"result":[2]}], "hasMore": true, "id": "7"}"#,
                "1\n{\"result\":[2]}\n",
                Some(r#"{"error":false,"hasMore":true,"id":"7"}"#),
            ),
            (r#"{"result":[],"code":200}"#, "", Some(r#"{"code":200}"#)),
            (
                r#"{"count":1,"events":[{"id":1}],"next_uri":"/x","prev_uri":null}"#,
                "{\"id\":1}\n",
                Some(r#"{"count":1,"next_uri":"/x","prev_uri":null}"#),
            ),
            (
                r#"{"data":[1],"result":[2]}"#,
                "1\n",
                Some(r#"{"result":[2]}"#),
            ),
            (
                r#"{"result":{"a":1,"b":[2]},"error":false}"#,
                "{\"a\":1,\"b\":[2]}\n",
                Some(r#"{"error":false}"#),
            ),
            (
                r#"{"result":true,"code":200}"#,
                "{\"result\":true,\"code\":200}\n",
                None,
            ),
            (
                r#"{"data":{"a":1},"code":2}"#,
                "{\"data\":{\"a\":1},\"code\":2}\n",
                None,
            ),
            (
                r#"{"_key":"1","data":[1,2]}"#,
                "{\"_key\":\"1\",\"data\":[1,2]}\n",
                None,
            ),
            (
                r#"{"result":[[]],"x":[{"y":[1,2]}]}"#,
                "[]\n",
                Some(r#"{"x":[{"y":[1,2]}]}"#),
            ),
        ] {
            for step in [1, 2, 3, 7, 1000] {
                let (lines, kept, count) = split(text, step);
                assert_eq!(lines, elements, "{text} by {step}");
                assert_eq!(kept.as_deref(), rest, "{text} by {step}");
                assert_eq!(count, elements.lines().count() as u64, "{text}");
            }
        }
    }

    #[test]
    fn no_more_elements_than_asked_for() {
        for (most, text, elements, rest) in [
            (2, "[1,[2],{\"a\":[3]},4]", "1\n[2]\n", None),
            (2, "[1,2]", "1\n2\n", None),
            (0, "[[1],2]", "", None),
            (0, "7", "", None),
            (0, r#"{"a":1}"#, "", None),
            (
                1,
                r#"{"result":[{"a":[]},{"b":[{}]},3],"hasMore":true,"x":[1,{}]}"#,
                "{\"a\":[]}\n",
                Some(r#"{"hasMore":true,"x":[1,{}]}"#),
            ),
            (
                0,
                r#"{"a":0,"result":{"b":[1]},"c":{"d":2}}"#,
                "",
                Some(r#"{"a":0,"c":{"d":2}}"#),
            ),
        ] {
            for step in [1, 3, 1000] {
                let (lines, kept, count) = split_at_most(most, text, step);
                assert_eq!(lines, elements, "{text} by {step}");
                assert_eq!(kept.as_deref(), rest, "{text} by {step}");
                assert_eq!(count, elements.lines().count() as u64, "{text}");
            }
        }
    }
}
