//! Filters that go through a list and only pick members, as `.[].a` or `.[] | {a}`: the list is
//! not built.
//!
//! What comes out is held back until the response has ended, as for every filter of a whole response:
//! a response that is broken gives nothing.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use crate::json::{Container, Scalar, Sink, TokenPart, Values};
use crate::output::values::{Output, Report};

use super::Filter;
use super::filtered::Filtered;
use super::results::Results;
use super::value::build::replay;

/// Takes one text and runs such a filter on it.
pub struct Spread<'a> {
    filter: Rc<Filter>,
    mode: Mode<'a>,
    depth: usize,
    /// What the filter failed with; nothing more is looked at.
    failed: Option<io::Error>,
}

enum Mode<'a> {
    /// Nothing has come.
    Start(Option<Results<'a>>),
    /// The elements of a list.
    Elements {
        each: Box<Filtered<'static>>,
        held: Rc<RefCell<Vec<u8>>>,
        results: Results<'a>,
    },
    /// Something else: the filter runs on the whole.
    Whole(Box<Filtered<'a>>),
}

impl<'a> Spread<'a> {
    /// Makes one for a filter that [`Filter::spreads`].
    pub fn new(filter: Rc<Filter>, results: Results<'a>) -> Self {
        Self {
            filter,
            mode: Mode::Start(Some(results)),
            depth: 0,
            failed: None,
        }
    }

    /// Decides by the first token.
    fn start(&mut self, is_list: bool) {
        let Mode::Start(results) = &mut self.mode else {
            return;
        };
        let Some(results) = results.take() else {
            return;
        };
        let filter = Rc::clone(&self.filter);
        self.mode = if is_list {
            let held = Rc::default();
            let output = Box::new(Held(Rc::clone(&held)));
            Mode::Elements {
                each: Box::new(Filtered::of_elements(filter, Results::texts(output))),
                held,
                results,
            }
        } else {
            Mode::Whole(Box::new(Filtered::new(filter, results)))
        };
    }

    /// What takes the next token, if anything.
    fn next(&mut self) -> Option<&mut dyn Output> {
        match &mut self.mode {
            Mode::Elements { each, .. } if self.depth > 0 && self.failed.is_none() => {
                Some(&mut **each)
            }
            Mode::Whole(whole) => Some(&mut **whole),
            _ => None,
        }
    }

    /// Ends an element, where one has ended.
    fn end_element(&mut self) {
        if let Mode::Elements { each, .. } = &mut self.mode
            && self.depth == 1
            && self.failed.is_none()
        {
            self.failed = each.end_value().err();
        }
    }
}

impl Sink for Spread<'_> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.start(kind == Container::Array);
        if let Some(next) = self.next() {
            next.begin(kind)?;
        }
        self.depth += 1;
        Ok(())
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        let is_list_end = self.depth == 1 && matches!(self.mode, Mode::Elements { .. });
        if !is_list_end && let Some(next) = self.next() {
            next.end(kind)?;
        }
        self.depth -= 1;
        self.end_element();
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.next().map_or(Ok(()), |next| next.key(bytes, part))
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.start(false);
        if let Some(next) = self.next() {
            next.scalar(kind, bytes, part)?;
        }
        if part.last {
            self.end_element();
        }
        Ok(())
    }

    fn colon(&mut self) -> io::Result<()> {
        self.next().map_or(Ok(()), Sink::colon)
    }

    fn comma(&mut self) -> io::Result<()> {
        if self.depth == 1 && matches!(self.mode, Mode::Elements { .. }) {
            return Ok(());
        }
        self.next().map_or(Ok(()), Sink::comma)
    }
}

impl Values for Spread<'_> {
    fn end_value(&mut self) -> io::Result<()> {
        match &mut self.mode {
            Mode::Start(_) => Ok(()),
            Mode::Whole(whole) => whole.end_value(),
            Mode::Elements { held, results, .. } => {
                let held = held.take();
                // No line end stands in a result: in strings it is escaped.
                for result in held.split(|b| *b == b'\n').filter(|r| !r.is_empty()) {
                    replay(result, results)?;
                    results.end_result()?;
                }
                match self.failed.take() {
                    None => Ok(()),
                    Some(error) => {
                        results.output().break_off()?;
                        Err(error)
                    }
                }
            }
        }
    }
}

impl Spread<'_> {
    /// What takes the results; nothing where they have been handed on and none has come.
    fn output(&mut self) -> Option<&mut dyn Output> {
        match &mut self.mode {
            Mode::Whole(whole) => Some(&mut **whole),
            Mode::Elements { results, .. } | Mode::Start(Some(results)) => Some(results.output()),
            Mode::Start(None) => None,
        }
    }
}

impl Output for Spread<'_> {
    fn flush(&mut self) -> io::Result<()> {
        self.output().map_or(Ok(()), Output::flush)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.output().map_or(Ok(()), Output::finish)
    }

    fn break_off(&mut self) -> io::Result<()> {
        self.output().map_or(Ok(()), Output::break_off)
    }

    fn report(&mut self) -> Report {
        match &mut self.mode {
            Mode::Whole(whole) => whole.report(),
            Mode::Elements { results, .. } | Mode::Start(Some(results)) => results.report(),
            Mode::Start(None) => Report::default(),
        }
    }
}

/// Keeps each value on a line.
struct Held(Rc<RefCell<Vec<u8>>>);

impl Held {
    fn put(&self, bytes: &[u8]) {
        self.0.borrow_mut().extend_from_slice(bytes);
    }
}

impl Sink for Held {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.put(match kind {
            Container::Object => b"{",
            Container::Array => b"[",
        });
        Ok(())
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.put(match kind {
            Container::Object => b"}",
            Container::Array => b"]",
        });
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], _: TokenPart) -> io::Result<()> {
        self.put(bytes);
        Ok(())
    }

    fn scalar(&mut self, _: Scalar, bytes: &[u8], _: TokenPart) -> io::Result<()> {
        self.put(bytes);
        Ok(())
    }

    fn colon(&mut self) -> io::Result<()> {
        self.put(b":");
        Ok(())
    }

    fn comma(&mut self) -> io::Result<()> {
        self.put(b",");
        Ok(())
    }
}

impl Values for Held {
    fn end_value(&mut self) -> io::Result<()> {
        self.put(b"\n");
        Ok(())
    }
}

impl Output for Held {
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
