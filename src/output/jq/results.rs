//! The results of a filter on their way to the output, and what the last of them was.
//!
//! Texts are written each as they are, or taken apart as a response would be. Must not know the
//! filter.

use std::io;

use crate::json::{Container, Scalar, Sink, Splitter, TokenPart};
use crate::output::values::{Output, Report};

/// Where results go, and what the last one was.
pub struct Results<'a> {
    to: To<'a>,
    depth: usize,
    /// Whether the result that comes is something other than `null` and `false`.
    coming: bool,
    /// The same of the last result that has come.
    last: Option<bool>,
}

enum To<'a> {
    Texts(Box<dyn Output + 'a>),
    Elements(Box<Splitter<Box<dyn Output + 'a>>>),
}

impl<'a> Results<'a> {
    /// Results that are texts, each.
    #[must_use]
    pub fn texts(output: Box<dyn Output + 'a>) -> Self {
        Self::new(To::Texts(output))
    }

    /// Results that are taken apart like a response, each.
    #[must_use]
    pub fn elements(output: Box<dyn Output + 'a>) -> Self {
        Self::new(To::Elements(Box::new(Splitter::new(output))))
    }

    fn new(to: To<'a>) -> Self {
        Self {
            to,
            depth: 0,
            coming: false,
            last: None,
        }
    }
}

impl Results<'_> {
    /// Ends a result.
    pub(super) fn end_result(&mut self) -> io::Result<()> {
        self.last = Some(self.coming);
        match &mut self.to {
            To::Texts(output) => output.end_value(),
            To::Elements(splitter) => splitter.end_text().map(drop),
        }
    }

    /// What writes them.
    pub(super) fn output(&mut self) -> &mut dyn Output {
        match &mut self.to {
            To::Texts(output) => &mut **output,
            To::Elements(splitter) => &mut **splitter.values(),
        }
    }

    /// What there is to report of them.
    pub(super) fn report(&mut self) -> Report {
        Report {
            holds: self.last,
            ..self.output().report()
        }
    }
}

impl Sink for Results<'_> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.coming = true;
        self.depth += 1;
        match &mut self.to {
            To::Texts(output) => output.begin(kind),
            To::Elements(splitter) => splitter.begin(kind),
        }
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        match &mut self.to {
            To::Texts(output) => output.end(kind),
            To::Elements(splitter) => splitter.end(kind),
        }
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        match &mut self.to {
            To::Texts(output) => output.key(bytes, part),
            To::Elements(splitter) => splitter.key(bytes, part),
        }
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.depth == 0 {
            self.coming = !matches!(kind, Scalar::Null | Scalar::False);
        }
        match &mut self.to {
            To::Texts(output) => output.scalar(kind, bytes, part),
            To::Elements(splitter) => splitter.scalar(kind, bytes, part),
        }
    }

    fn colon(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Texts(output) => output.colon(),
            To::Elements(splitter) => splitter.colon(),
        }
    }

    fn comma(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Texts(output) => output.comma(),
            To::Elements(splitter) => splitter.comma(),
        }
    }
}
