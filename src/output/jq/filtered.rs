//! Puts a filter between a response and its output.

use std::io;
use std::rc::Rc;

use crate::error::Failure;
use crate::json::{self, Container, Picker, Scalar, Sink, TokenPart, Values};
use crate::output::values::{Output, Report};

use super::plain::{Plain, Shape};
use super::results::Results;
use super::value::build::{Builder, replay};
use super::value::text::is_escaped;
use super::{Filter, Flow};

/// Values are given to the filter's thread once there is so much of them.
const CHUNK: usize = 1 << 16;

/// Runs a filter on each value that passes, or on an array of all, and gives on the results.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of where it stands"
)]
pub struct Filtered<'a> {
    filter: Rc<Filter>,
    /// Picks what a plain filter wants, instead of running it.
    plain: Option<(Plain, Box<Picker>)>,
    /// What was not yet given to the filter: compact texts with line ends.
    texts: Vec<u8>,
    /// How much of that is whole values.
    whole: usize,
    in_value: bool,
    /// Whether there was a value, where the filter gets all of them as one array.
    all: Option<bool>,
    /// The filter wants a list of a value.
    is_element: bool,
    /// Whether the filter has a part of the texts.
    has_begun: bool,
    /// A value that is no list takes the place of the array of all.
    takes_single: bool,
    results: Results<'a>,
    halted: bool,
}

impl<'a> Filtered<'a> {
    /// Makes one that runs the filter on each value.
    pub fn new(filter: Rc<Filter>, results: Results<'a>) -> Self {
        let plain = filter.plain.clone();
        Self {
            filter,
            plain: plain.map(with_picker),
            texts: Vec::new(),
            whole: 0,
            in_value: false,
            all: None,
            is_element: false,
            has_begun: false,
            takes_single: false,
            results,
            halted: false,
        }
    }

    /// Makes one for the elements of a list that the filter itself goes through.
    pub fn of_elements(filter: Rc<Filter>, results: Results<'a>) -> Self {
        let plain = filter.of_elements.clone().map(with_picker);
        Self {
            plain,
            is_element: true,
            ..Self::new(filter, results)
        }
    }

    /// Runs the filter once, on an array of all values.
    #[must_use]
    pub fn on_all(mut self) -> Self {
        self.plain = None;
        self.all = Some(false);
        self
    }

    /// Runs the filter on the one text that comes where it is no list.
    #[must_use]
    pub fn or_single(mut self) -> Self {
        self.takes_single = true;
        self
    }

    /// Returns whether values are built for the filter; a plain one picks from the text.
    #[must_use]
    pub fn builds_values(&self) -> bool {
        self.plain.is_none()
    }

    /// Gives the filter what there is for it, and takes the results.
    fn send(&mut self) -> io::Result<()> {
        if self.texts.is_empty() || self.halted {
            self.texts.clear();
            return Ok(());
        }
        let texts = std::mem::take(&mut self.texts);
        let is_start = !std::mem::replace(&mut self.has_begun, true);
        self.whole = 0;
        let results = &mut self.results;
        let ran = self.filter.feed(texts, is_start, &mut |result| {
            replay(result, results)?;
            results.end_result()
        });
        match ran {
            Ok(flow) => {
                self.halted = flow == Flow::Halted;
                Ok(())
            }
            Err(error) => {
                // What came before stays.
                self.results.output().break_off()?;
                Err(match error.downcast::<Failure>() {
                    Ok(failure) => named(io::Error::other(failure)),
                    Err(error) => error.downcast().unwrap_or_else(io::Error::other),
                })
            }
        }
    }

    /// Begins the text of a value, where none is begun.
    #[inline]
    fn begin_text(&mut self) {
        if self.in_value {
            return;
        }
        self.in_value = true;
        match &mut self.all {
            Some(any) => self.texts.push(if std::mem::replace(any, true) {
                b','
            } else {
                b'['
            }),
            None if self.is_element => self.texts.push(b'['),
            None => {}
        }
    }

    /// Makes room where there is much.
    #[inline]
    fn make_room(&mut self) -> io::Result<()> {
        if self.texts.len() >= CHUNK && self.plain.is_none() {
            return self.send();
        }
        Ok(())
    }
}

/// Names the flag in a failure of the filter.
fn named(error: io::Error) -> io::Error {
    match error.downcast::<Failure>() {
        Ok(failure) => io::Error::other(failure.of("--jq")),
        Err(error) => error,
    }
}

fn with_picker(plain: Plain) -> (Plain, Box<Picker>) {
    let picker = Picker::new(&plain.paths).keeping_misfits();
    (plain, Box::new(picker))
}

impl Plain {
    /// Gives the results; `false` where the filter itself has to be run.
    fn give(&self, picker: &Picker, results: &mut Results<'_>) -> io::Result<bool> {
        // What a path does on a value it does not fit, only the language says.
        if picker.misfit().is_some() {
            return Ok(false);
        }
        for shape in &self.results {
            give(shape, picker, results)?;
            results.end_result()?;
        }
        Ok(true)
    }
}

fn give(shape: &Shape, picker: &Picker, results: &mut Results<'_>) -> io::Result<()> {
    match shape {
        Shape::Pick(path) => pick(picker.get(*path).unwrap_or(b"null"), results),
        Shape::Array(items) => {
            results.begin(Container::Array)?;
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    results.comma()?;
                }
                give(item, picker, results)?;
            }
            results.end(Container::Array)
        }
        Shape::Object(members) => {
            results.begin(Container::Object)?;
            for (at, (key, item)) in members.iter().enumerate() {
                if at > 0 {
                    results.comma()?;
                }
                results.key(key, TokenPart::WHOLE)?;
                results.colon()?;
                give(item, picker, results)?;
            }
            results.end(Container::Object)
        }
    }
}

/// Passes on a value as it is written, where the language would write it the same.
fn pick(text: &[u8], results: &mut Results<'_>) -> io::Result<()> {
    let inner = text.get(1..text.len() - 1).unwrap_or_default();
    let kind = match text[0] {
        b'"' if !inner.iter().any(|b| is_escaped(*b)) => Scalar::String,
        b'n' => Scalar::Null,
        b't' => Scalar::True,
        b'f' => Scalar::False,
        b'-' | b'0'..=b'9' => Scalar::Number,
        b'[' if !inner
            .iter()
            .any(|b| matches!(b, b'\\' | 0x7f | b'{' | b'[')) =>
        {
            return replay(text, results);
        }
        // Escapes may be written otherwise, keys may repeat.
        _ => {
            let mut builder = Builder::default();
            replay(text, &mut builder)?;
            let mut line = String::new();
            if let Some(value) = builder.take() {
                // It is a part of the response: no longer than that.
                let _ = value.print(&mut line, usize::MAX);
            }
            return replay(line.as_bytes(), results);
        }
    };
    results.scalar(kind, text, TokenPart::WHOLE)
}

impl Values for Filtered<'_> {
    fn end_value(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.in_value) {
            return Ok(());
        }
        if self.halted {
            self.texts.clear();
            return Ok(());
        }
        if let Some((plain, picker)) = &mut self.plain {
            let done = plain.give(picker, &mut self.results);
            picker.clear();
            match done {
                Ok(true) => {
                    self.texts.clear();
                    return Ok(());
                }
                Ok(false) => {}
                Err(error) => {
                    self.texts.clear();
                    self.results.output().break_off()?;
                    return Err(named(error));
                }
            }
        }
        if self.all.is_some() {
            return self.make_room();
        }
        if self.is_element {
            self.texts.push(b']');
        }
        self.texts.push(b'\n');
        self.whole = self.texts.len();
        if self.plain.is_some() {
            return self.send();
        }
        self.make_room()
    }

    fn begin_single(&mut self) {
        if self.takes_single {
            self.all = None;
        }
    }
}

impl Output for Filtered<'_> {
    fn flush(&mut self) -> io::Result<()> {
        // A plain filter may still turn out to be run on the value that has begun, as a whole.
        if self.plain.is_none() {
            self.send()?;
        }
        self.results.output().flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some(any) = self.all.take() {
            self.texts
                .extend_from_slice(if any { b"]\n" } else { b"[]\n" });
        }
        self.send()?;
        self.results.output().finish()
    }

    fn break_off(&mut self) -> io::Result<()> {
        if self.all.is_none() {
            // The value that broke off is none.
            self.texts.truncate(self.whole);
            self.send()?;
        }
        self.results.output().break_off()
    }

    fn report(&mut self) -> Report {
        self.results.report()
    }
}

impl Sink for Filtered<'_> {
    #[inline]
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.begin_text();
        self.texts.push(match kind {
            Container::Object => b'{',
            Container::Array => b'[',
        });
        match &mut self.plain {
            Some((_, picker)) => picker.begin(kind),
            None => Ok(()),
        }
    }

    #[inline]
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.texts.push(match kind {
            Container::Object => b'}',
            Container::Array => b']',
        });
        match &mut self.plain {
            Some((_, picker)) => picker.end(kind),
            None => self.make_room(),
        }
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.texts.extend_from_slice(bytes);
        match &mut self.plain {
            Some((_, picker)) => picker.key(bytes, part),
            None => Ok(()),
        }
    }

    #[inline]
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.begin_text();
        self.texts.extend_from_slice(bytes);
        match &mut self.plain {
            Some((_, picker)) => picker.scalar(kind, bytes, part),
            None => self.make_room(),
        }
    }

    #[inline]
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        json::append(&mut self.texts, source, length + 1);
        match &mut self.plain {
            Some((_, picker)) => picker.key_and_colon(source, length),
            None => Ok(()),
        }
    }

    #[inline]
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        self.begin_text();
        json::append(&mut self.texts, source, length);
        match &mut self.plain {
            Some((_, picker)) => picker.scalar(kind, &source[..length], TokenPart::WHOLE),
            None => Ok(()),
        }
    }

    #[inline]
    fn colon(&mut self) -> io::Result<()> {
        self.texts.push(b':');
        match &mut self.plain {
            Some((_, picker)) => picker.colon(),
            None => Ok(()),
        }
    }

    #[inline]
    fn comma(&mut self) -> io::Result<()> {
        self.texts.push(b',');
        match &mut self.plain {
            Some((_, picker)) => picker.comma(),
            None => Ok(()),
        }
    }
}
