//! Puts a filter between a response and its output.

use std::io;
use std::rc::Rc;

use jaq_json::Val;

use crate::error::Failure;
use crate::json::{self, Container, Part, Picker, Scalar, Sink, Splitter, Values};
use crate::output::pipeline::wrapped;
use crate::output::values::Output;

use super::plain::{Plain, Shape};
use super::value::{self, Builder};
use super::{Filter, Flow};

/// Where results go.
pub enum Results<'a> {
    /// Each is a text.
    Texts(Box<dyn Output + 'a>),
    /// Each is taken apart like a response.
    Elements(Box<Splitter<Box<dyn Output + 'a>>>),
}

/// Runs a filter on each value that passes, or on an array of all, and gives on the results.
pub struct Filtered<'a> {
    filter: Rc<Filter>,
    way: Way,
    /// The values so far, where the filter gets all of them as one array.
    all: Option<Vec<Val>>,
    /// The filter wants a list of a value.
    is_element: bool,
    results: Results<'a>,
    halted: bool,
}

enum Way {
    /// Picks what the filter wants; the text is kept for the case that something is unusual.
    Plain {
        plain: Plain,
        picker: Box<Picker>,
        text: Vec<u8>,
    },
    Values(Builder),
}

impl Way {
    fn of(plain: Option<&Plain>) -> Self {
        match plain {
            Some(plain) => Self::Plain {
                plain: plain.clone(),
                picker: Box::new(Picker::new(&plain.paths).keeping_misfits()),
                text: Vec::new(),
            },
            None => Self::Values(Builder::default()),
        }
    }
}

impl<'a> Filtered<'a> {
    /// Makes one that runs the filter on each value.
    pub fn new(filter: Rc<Filter>, results: Results<'a>) -> Self {
        let way = Way::of(filter.plain.as_ref());
        Self {
            filter,
            way,
            all: None,
            is_element: false,
            results,
            halted: false,
        }
    }

    /// Makes one for the elements of a list that the filter itself goes through.
    pub fn of_elements(filter: Rc<Filter>, results: Results<'a>) -> Self {
        let way = Way::of(filter.of_elements.as_ref());
        Self {
            way,
            is_element: true,
            ..Self::new(filter, results)
        }
    }

    /// Runs the filter once, on an array of all values.
    #[must_use]
    pub fn on_all(mut self) -> Self {
        self.way = Way::Values(Builder::default());
        self.all = Some(Vec::new());
        self
    }

    fn run(&mut self, value: Val) -> io::Result<()> {
        let results = &mut self.results;
        let flow = self.filter.run(value, &mut |result| {
            value::tell(result, results)?;
            results.end_result()
        });
        match flow {
            Ok(flow) => {
                self.halted = flow == Flow::Halted;
                Ok(())
            }
            Err(error) => {
                // What came before stays.
                self.results.output().break_off()?;
                Err(match error.downcast::<Failure>() {
                    Ok(failure) => wrapped(failure.of("--jq")),
                    Err(error) => error.downcast().unwrap_or_else(io::Error::other),
                })
            }
        }
    }
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

/// Names the flag in a failure of the value that is filtered.
fn named(error: io::Error) -> io::Error {
    match error.downcast::<Failure>() {
        Ok(failure) => wrapped(failure.of("--jq")),
        Err(error) => error,
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
                results.key(key, Part::WHOLE)?;
                results.colon()?;
                give(item, picker, results)?;
            }
            results.end(Container::Object)
        }
    }
}

/// Tells a value as it is written, where the language would write it the same.
fn pick(text: &[u8], results: &mut Results<'_>) -> io::Result<()> {
    let inner = text.get(1..text.len() - 1).unwrap_or_default();
    let kind = match text[0] {
        b'"' if !inner.iter().any(|b| value::is_escaped(*b)) => Scalar::String,
        b'n' => Scalar::Null,
        b't' => Scalar::True,
        b'f' => Scalar::False,
        b'-' | b'0'..=b'9' => Scalar::Number,
        b'[' if !inner
            .iter()
            .any(|b| matches!(b, b'\\' | 0x7f | b'{' | b'[')) =>
        {
            return value::retell(text, results);
        }
        // Escapes may be written otherwise, keys may repeat.
        _ => {
            return match value::parse(text).map_err(named)? {
                Some(value) => value::tell(&value, results),
                None => Ok(()),
            };
        }
    };
    results.scalar(kind, text, Part::WHOLE)
}

impl Values for Filtered<'_> {
    fn end_value(&mut self) -> io::Result<()> {
        if self.halted {
            return Ok(());
        }
        let value = match &mut self.way {
            Way::Plain {
                plain,
                picker,
                text,
            } => {
                if text.is_empty() {
                    return Ok(());
                }
                let done = plain.give(picker, &mut self.results);
                picker.clear();
                let value = match done {
                    Ok(true) => Ok(None),
                    Ok(false) => value::parse(text).map_err(named),
                    Err(error) => Err(error),
                };
                text.clear();
                value
            }
            Way::Values(builder) => Ok(builder.take()),
        };
        match (value, &mut self.all) {
            (Ok(None), _) => Ok(()),
            (Ok(Some(value)), Some(all)) => {
                all.push(value);
                Ok(())
            }
            (Ok(Some(value)), None) if self.is_element => self.run(Val::Arr(vec![value].into())),
            (Ok(Some(value)), None) => self.run(value),
            (Err(error), _) => {
                self.results.output().break_off()?;
                Err(error)
            }
        }
    }
}

impl Output for Filtered<'_> {
    fn flush(&mut self) -> io::Result<()> {
        self.results.output().flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some(all) = self.all.take() {
            self.run(Val::Arr(all.into()))?;
        }
        self.results.output().finish()
    }

    fn break_off(&mut self) -> io::Result<()> {
        self.results.output().break_off()
    }

    fn notes(&mut self) -> Vec<String> {
        self.results.output().notes()
    }
}

impl Sink for Filtered<'_> {
    #[inline]
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                text.push(match kind {
                    Container::Object => b'{',
                    Container::Array => b'[',
                });
                picker.begin(kind)
            }
            Way::Values(builder) => builder.begin(kind).map_err(named),
        }
    }

    #[inline]
    fn end(&mut self, kind: Container) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                text.push(match kind {
                    Container::Object => b'}',
                    Container::Array => b']',
                });
                picker.end(kind)
            }
            Way::Values(builder) => builder.end(kind),
        }
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], part: Part) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                text.extend_from_slice(bytes);
                picker.key(bytes, part)
            }
            Way::Values(builder) => builder.key(bytes, part),
        }
    }

    #[inline]
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: Part) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                text.extend_from_slice(bytes);
                picker.scalar(kind, bytes, part)
            }
            Way::Values(builder) => builder.scalar(kind, bytes, part),
        }
    }

    #[inline]
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                json::append(text, source, length + 1);
                picker.key_and_colon(source, length)
            }
            Way::Values(builder) => builder.key(&source[..length], Part::WHOLE),
        }
    }

    #[inline]
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                json::append(text, source, length);
                picker.scalar(kind, &source[..length], Part::WHOLE)
            }
            Way::Values(builder) => builder.scalar(kind, &source[..length], Part::WHOLE),
        }
    }

    #[inline]
    fn colon(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                text.push(b':');
                picker.colon()
            }
            Way::Values(_) => Ok(()),
        }
    }

    #[inline]
    fn comma(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::Plain { picker, text, .. } => {
                text.push(b',');
                picker.comma()
            }
            Way::Values(_) => Ok(()),
        }
    }
}

impl Results<'_> {
    /// Ends a result.
    pub(super) fn end_result(&mut self) -> io::Result<()> {
        match self {
            Self::Texts(output) => output.end_value(),
            Self::Elements(splitter) => splitter.end_text().map(drop),
        }
    }

    /// What writes them.
    pub(super) fn output(&mut self) -> &mut dyn Output {
        match self {
            Self::Texts(output) => &mut **output,
            Self::Elements(splitter) => &mut **splitter.values(),
        }
    }
}

impl Sink for Results<'_> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        match self {
            Self::Texts(output) => output.begin(kind),
            Self::Elements(splitter) => splitter.begin(kind),
        }
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        match self {
            Self::Texts(output) => output.end(kind),
            Self::Elements(splitter) => splitter.end(kind),
        }
    }

    fn key(&mut self, bytes: &[u8], part: Part) -> io::Result<()> {
        match self {
            Self::Texts(output) => output.key(bytes, part),
            Self::Elements(splitter) => splitter.key(bytes, part),
        }
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: Part) -> io::Result<()> {
        match self {
            Self::Texts(output) => output.scalar(kind, bytes, part),
            Self::Elements(splitter) => splitter.scalar(kind, bytes, part),
        }
    }

    fn colon(&mut self) -> io::Result<()> {
        match self {
            Self::Texts(output) => output.colon(),
            Self::Elements(splitter) => splitter.colon(),
        }
    }

    fn comma(&mut self) -> io::Result<()> {
        match self {
            Self::Texts(output) => output.comma(),
            Self::Elements(splitter) => splitter.comma(),
        }
    }
}
