//! Lays JSON out for people, or without blanks for programs.
//!
//! Every byte of a token comes out as it came in. Colors and visible control characters are added
//! around and in place of bytes, never in a pipe.

#![expect(
    clippy::inline_always,
    reason = "what the lexer's main loop calls for each token is part of it only where it is inlined"
)]

use std::io::{self, Write};

use super::block::Block;
use super::fault::{Before, Error, Fault};
use super::lexer::Lexer;
use super::sink::{Container, Scalar, Sink, TokenPart};
use super::visible::Visible;

/// Where a text gets blanks between its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// One member or element a line, indented by two spaces a level, as jq
    /// does; empty containers stay on their line.
    #[default]
    Pretty,
    /// Nowhere.
    Compact,
}

/// The terminal sequences that color each kind of token.
///
/// Each is written before a token and `reset` after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Before a member's key.
    pub key: &'static str,
    /// Before a string that is no key.
    pub string: &'static str,
    /// Before a number.
    pub number: &'static str,
    /// Before `true`, `false` and `null`.
    pub literal: &'static str,
    /// Before brackets, braces, colons and commas.
    pub punctuation: &'static str,
    /// After each of them.
    pub reset: &'static str,
}

/// How JSON is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The blanks between tokens.
    pub layout: Layout,
    /// The colors, if any.
    pub palette: Option<Palette>,
    /// Shows characters that control a terminal as `\u` escapes.
    pub visible: bool,
}

/// The deepest level that is indented further than the one around it.
///
/// Without a limit, a hostile text of 100 kB could print as 20 GB of spaces.
const DEEPEST: usize = 1024;

const SPACES: [u8; 2 * DEEPEST] = [b' '; 2 * DEEPEST];

/// The start of a line, from the end of the line before it.
const LINE: [u8; 64] = line(b"\n");
const COMMA_LINE: [u8; 64] = line(b",\n");

const fn line(start: &[u8]) -> [u8; 64] {
    let mut line = [b' '; 64];
    let mut at = 0;
    while at < start.len() {
        line[at] = start[at];
        at += 1;
    }
    line
}

/// The sink that prints the tokens it takes.
///
/// The bytes of a token come out as they are; only the blanks between them
/// are its own. After each complete text it writes a line feed, and is ready
/// for another. Output is collected and written in large blocks: what must be
/// seen now needs [`Formatter::flush`], and nothing is written on drop.
#[derive(Debug)]
pub struct Formatter<W> {
    block: Block<W>,
    style: Style,
    /// Tokens are copied and no more: neither colored nor made visible.
    plain: bool,
    depth: usize,
    /// Nothing has come since a container was opened.
    fresh: bool,
    visible: Visible,
}

impl<W: Write> Formatter<W> {
    /// Makes a formatter that writes to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Formatter {
            block: Block::new(out),
            style,
            plain: style.palette.is_none() && !style.visible,
            depth: 0,
            fresh: false,
            visible: Visible::default(),
        }
    }

    /// Writes all that was printed so far, and flushes the writer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.block.flush()
    }

    /// Writes the texts that are complete, and flushes the writer: what is begun waits for its end,
    /// as far as it has not been written for its length.
    pub fn flush_complete(&mut self) -> io::Result<()> {
        self.block.flush_complete()
    }

    /// Writes a text between two values as it is.
    pub fn text(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.block.put(bytes)?;
        self.block.mark();
        Ok(())
    }

    /// Stops laying out in the middle of a text. `blanks` are those just passed; they are printed
    /// where the layout has put none in their place.
    fn abandon(&mut self, before: Before, blanks: &[u8]) -> io::Result<()> {
        self.visible.end(&mut self.block)?;
        // The fault may be within a colored token.
        if let Some(palette) = self.style.palette {
            self.block.put(palette.reset.as_bytes())?;
        }
        match before {
            Before::Bare => self.pass(blanks),
            Before::Mark if self.style.layout == Layout::Compact => self.pass(blanks),
            Before::Mark | Before::End | Before::Token => Ok(()),
        }
    }

    /// Prints bytes that are no JSON.
    #[inline(never)]
    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.style.visible {
            self.visible.put(bytes, &mut self.block)
        } else {
            self.block.put(bytes)
        }
    }

    /// Starts a line for what comes first in a container.
    #[inline]
    fn lead(&mut self) -> io::Result<()> {
        if self.fresh {
            return self.first_line();
        }
        Ok(())
    }

    #[inline(never)]
    fn first_line(&mut self) -> io::Result<()> {
        self.fresh = false;
        self.line(&LINE, 1)
    }

    /// Prints the start of a line at the present depth; `length` is that of
    /// what stands before its spaces.
    #[inline]
    fn line(&mut self, line: &[u8; 64], length: usize) -> io::Result<()> {
        let full = length + 2 * self.depth;
        match self.style.layout {
            Layout::Compact => Ok(()),
            Layout::Pretty if full <= line.len() => self.block.put_start(line, full),
            Layout::Pretty => self.deep_line(&line[..length]),
        }
    }

    #[inline(never)]
    fn deep_line(&mut self, start: &[u8]) -> io::Result<()> {
        self.block.put(start)?;
        self.block.put(&SPACES[..2 * self.depth.min(DEEPEST)])
    }

    /// Prints a bracket or brace.
    #[inline]
    fn punctuation(&mut self, mark: u8) -> io::Result<()> {
        match self.style.palette {
            Some(palette) => self.painted(palette.punctuation, &[mark], TokenPart::WHOLE),
            None => self.block.put(&[mark]),
        }
    }

    /// Prints a key or scalar, or a part of it.
    #[inline]
    fn token(
        &mut self,
        color: fn(&Palette) -> &'static str,
        bytes: &[u8],
        part: TokenPart,
    ) -> io::Result<()> {
        if self.plain {
            return self.block.put(bytes);
        }
        match self.style.palette {
            Some(palette) => self.painted(color(&palette), bytes, part),
            None => self.pass(bytes),
        }
    }

    #[inline(never)]
    fn painted(&mut self, color: &str, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if part.first {
            self.block.put(color.as_bytes())?;
        }
        self.pass(bytes)?;
        if part.last
            && let Some(palette) = self.style.palette
        {
            self.block.put(palette.reset.as_bytes())?;
        }
        Ok(())
    }

    /// Ends the line of a text that is complete.
    #[inline]
    fn complete(&mut self) -> io::Result<()> {
        if self.depth == 0 {
            self.block.put(b"\n")?;
            self.block.mark();
        }
        Ok(())
    }
}

impl<W: Write> Sink for Formatter<W> {
    fn byte_order_mark(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pass(bytes)
    }

    #[inline]
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.lead()?;
        self.punctuation(match kind {
            Container::Object => b'{',
            Container::Array => b'[',
        })?;
        self.depth += 1;
        self.fresh = true;
        Ok(())
    }

    #[inline]
    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        if self.fresh {
            self.fresh = false;
        } else {
            self.line(&LINE, 1)?;
        }
        self.punctuation(match kind {
            Container::Object => b'}',
            Container::Array => b']',
        })?;
        self.complete()
    }

    #[inline]
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.lead()?;
        self.token(|palette| palette.key, bytes, part)
    }

    #[inline]
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.lead()?;
        match kind {
            Scalar::String => self.token(|palette| palette.string, bytes, part)?,
            Scalar::Number => self.token(|palette| palette.number, bytes, part)?,
            _ => self.token(|palette| palette.literal, bytes, part)?,
        }
        if part.last { self.complete() } else { Ok(()) }
    }

    #[inline]
    fn colon(&mut self) -> io::Result<()> {
        match (self.style.palette, self.style.layout) {
            (None, Layout::Pretty) => self.block.put(b": "),
            (_, Layout::Compact) => self.punctuation(b':'),
            (Some(_), Layout::Pretty) => {
                self.punctuation(b':')?;
                self.block.put(b" ")
            }
        }
    }

    #[inline(always)]
    fn comma(&mut self) -> io::Result<()> {
        if self.style.palette.is_none() && self.style.layout == Layout::Pretty {
            return self.line(&COMMA_LINE, 2);
        }
        self.punctuation(b',')?;
        self.line(&LINE, 1)
    }

    #[inline(always)]
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        if !self.plain {
            self.key(&source[..length], TokenPart::WHOLE)?;
            return self.colon();
        }
        self.lead()?;
        // The source's own colon.
        self.block.put_short(source, length + 1)?;
        match self.style.layout {
            Layout::Pretty => self.block.put(b" "),
            Layout::Compact => Ok(()),
        }
    }

    #[inline(always)]
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        if !self.plain {
            return self.scalar(kind, &source[..length], TokenPart::WHOLE);
        }
        self.lead()?;
        self.block.put_short(source, length)?;
        self.complete()
    }
}

/// Prints one JSON text that comes in chunks.
///
/// Every byte that carries meaning comes out unchanged, and a complete text
/// ends with a line feed. An input that is not JSON is laid out up to the
/// fault; from there on all bytes come out as they are, to the end of the
/// input, with the blanks before it where nothing else parts it from the last
/// token. Output is collected: [`Printer::flush`] writes what has come so far.
#[derive(Debug)]
pub struct Printer<W> {
    lexer: Lexer,
    formatter: Formatter<W>,
    seen: u64,
    fault: Option<Fault>,
    /// The blanks that the input ends with so far.
    blanks: Vec<u8>,
}

/// No more blanks are kept in case that a fault follows; they carry no meaning, and a hostile text
/// can have any number of them.
const MOST_BLANKS: usize = 64 * 1024;

impl<W: Write> Printer<W> {
    /// Makes a printer that writes to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Printer {
            lexer: Lexer::new(),
            formatter: Formatter::new(out, style),
            seen: 0,
            fault: None,
            blanks: Vec::new(),
        }
    }

    /// Keeps the blanks at the end of what has been passed.
    fn keep_blanks(&mut self, passed: &[u8]) {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
        let blanks = match passed.iter().rposition(|byte| !is_blank(byte)) {
            Some(last) => {
                self.blanks.clear();
                &passed[last + 1..]
            }
            None => passed,
        };
        let room = MOST_BLANKS - self.blanks.len();
        self.blanks
            .extend_from_slice(&blanks[..blanks.len().min(room)]);
    }

    /// Stops laying out at a fault.
    fn abandon(&mut self, fault: Fault) -> io::Result<()> {
        self.fault = Some(fault);
        let before = self.lexer.before_fault();
        self.formatter.abandon(before, &self.blanks)
    }

    /// Prints the next chunk of the input.
    ///
    /// Only full blocks are written at once; see [`Printer::flush`]. An error
    /// is that of the writer, after which the printer is of no more use.
    pub fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        let before = self.seen;
        self.seen += chunk.len() as u64;
        if self.fault.is_some() {
            return self.formatter.pass(chunk);
        }
        match self.lexer.feed(chunk, &mut self.formatter) {
            Ok(()) => {
                self.keep_blanks(chunk);
                Ok(())
            }
            Err(Error::Sink(error)) => Err(error),
            Err(Error::Fault(fault)) => {
                let good = usize::try_from(fault.offset - before).unwrap_or(chunk.len());
                let (passed, rest) = chunk.split_at(good);
                self.keep_blanks(passed);
                self.abandon(fault)?;
                self.formatter.pass(rest)
            }
        }
    }

    /// Writes all that was printed so far, and flushes the writer.
    ///
    /// To be called when the input pauses, so that people see what has come.
    pub fn flush(&mut self) -> io::Result<()> {
        self.formatter.flush()
    }

    /// Ends the input, writes and flushes all output, and returns the fault
    /// if the input is not JSON.
    ///
    /// An input without a text (nothing, blanks, a byte order mark) is no fault.
    pub fn finish(&mut self) -> io::Result<Option<Fault>> {
        if self.fault.is_none() {
            match self.lexer.finish(&mut self.formatter) {
                Ok(()) => {}
                Err(Error::Sink(error)) => return Err(error),
                Err(Error::Fault(fault)) => self.abandon(fault)?,
            }
        }
        self.formatter.visible.end(&mut self.formatter.block)?;
        self.flush()?;
        Ok(self.fault)
    }

    /// Returns the number of bytes that came so far.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }
}
