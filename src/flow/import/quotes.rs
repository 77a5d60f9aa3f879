//! Tells whether a CSV text ends inside quotes, which means that it was cut: readers of CSV take the
//! end for the closing quote.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Where the next byte stands (RFC 4180, and leniently as the csv crate reads it).
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Start,
    Plain,
    Quoted,
    /// Behind a quote that ends the quoted part, unless another one follows.
    Closed,
}

/// A text that is watched while it is read.
pub struct Watched {
    text: Box<dyn BufRead>,
    place: Place,
    ends_open: Rc<Cell<bool>>,
}

impl Watched {
    /// Watches `text`; `ends_open` is set when its end is read inside quotes.
    pub fn new(text: Box<dyn BufRead>, ends_open: Rc<Cell<bool>>) -> Self {
        Self {
            text,
            place: Place::Start,
            ends_open,
        }
    }
}

impl Place {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Closed,
            (Self::Start | Self::Closed, b'"') | (Self::Quoted, _) => Self::Quoted,
            (_, b',' | b'\n' | b'\r') => Self::Start,
            _ => Self::Plain,
        }
    }
}

impl Read for Watched {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.text.read(buf)?;
        self.place = buf[..n].iter().fold(self.place, |p, b| p.after(*b));
        if n == 0 && !buf.is_empty() {
            self.ends_open.set(self.place == Place::Quoted);
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_inside_quotes() {
        for (text, want) in [
            ("a,b\n", false),
            ("a,\"b", true),
            ("a,\"b\"", false),
            ("a,\"b\"\"", true),
            ("a,\"b\"\"\"", false),
            ("a,5\" disk", false),
            ("\"a\nb", true),
            ("", false),
        ] {
            let open = Rc::default();
            let cursor = Box::new(io::Cursor::new(text.to_owned()));
            let mut watched = Watched::new(cursor, Rc::clone(&open));
            io::copy(&mut watched, &mut io::sink()).unwrap();
            assert_eq!(open.get(), want, "{text}");
        }
    }
}
