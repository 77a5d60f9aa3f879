//! The way of a response's JSON from bytes to the format that was asked for.
//!
//! Bytes go through the lexer; elements are split off where the format or `--each` wants them; the
//! filter runs on each or on the whole; an [`Output`] writes. What a run does not need is not
//! built: a plain call lays its one text out and no more.
//!
//! ```text
//! bytes ─▶ Lexer ─▶ Splitter ─▶ filter of each ─▶ Output
//!   └▶ whole text ─▶ filter ─▶ Splitter (forms of elements) ─▶ Output
//! ```

use std::io::{self, Write};
use std::rc::Rc;

use crate::error::{Exit, Failure};
use crate::json::{
    self, Container, Fault, Layout, Lexer, Printer, Scalar, Sink, Splitter, Style, TokenPart,
    Values,
};

use super::bounded::Bounded;
use super::format::{Format, Notation};
use super::jq::{Filter, Filtered, Results, Spread};
use super::rows::{RowWriter, Rows};
use super::separated::{Csv, Tsv};
use super::shown::Shown;
use super::sorted::Sorted;
use super::table::{Look, Table};
use super::values::{Joined, Output, Printed, Report};
use super::yaml::Yaml;

/// What comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// One JSON text.
    Text,
    /// A JSON text on each line.
    Lines,
    /// Several texts whose elements belong together.
    Pages,
}

/// Turns JSON into its format.
pub struct Pipeline<'a> {
    chain: Chain<'a>,
    lexer: Lexer,
    source: Source,
    /// Bytes of the source that came before the present line or page.
    before: u64,
    seen: u64,
    /// Whether something of the present line has come.
    line: bool,
    fault: Option<Fault>,
    /// Whether the last result of the filter earns the exit code.
    judges: bool,
    /// Whether texts may follow one another without a mark: who takes elements takes those of all.
    joins: bool,
    /// How much the lexer has read.
    read: u64,
}

enum Chain<'a> {
    /// Lays a text out, whatever it is: the quick way.
    Laid(Box<Printer<&'a mut dyn Write>>),
    /// Writes texts.
    Texts(Box<dyn Output + 'a>),
    /// Writes elements.
    Elements(Box<Splitter<Box<dyn Output + 'a>>>),
    /// Filters elements.
    Filtered(Box<Splitter<Bounded<Filtered<'a>>>>),
}

impl<'a> Pipeline<'a> {
    /// Builds the way for a format. `Raw` has none.
    pub fn new(source: Source, shown: &'a Shown, out: &'a mut dyn Write) -> Self {
        let mut chain = chain(source, shown, out);
        match (&mut chain, shown.most) {
            (Chain::Elements(splitter), Some(most)) => splitter.limit(most),
            (Chain::Filtered(splitter), Some(most)) => splitter.limit(most),
            _ => {}
        }
        Self {
            chain,
            lexer: Lexer::new(),
            source,
            before: 0,
            seen: 0,
            line: false,
            fault: None,
            judges: shown.judges,
            joins: source == Source::Text
                && (shown.each
                    || (shown.filter.is_none()
                        && shown.format.is_some_and(Format::is_of_elements))),
            read: 0,
        }
    }

    /// Takes the next bytes.
    pub fn write(&mut self, chunk: &[u8]) -> anyhow::Result<()> {
        if let Chain::Laid(printer) = &mut self.chain {
            printer.write(chunk)?;
            return Ok(());
        }
        if self.fault.is_some() {
            return Ok(());
        }
        if self.joins {
            return self.feed_texts(chunk);
        }
        if self.source != Source::Lines {
            return self.feed(chunk);
        }
        let mut rest = chunk;
        while let Some(at) = memchr::memchr(b'\n', rest) {
            self.feed(&rest[..at])?;
            // The next line's offsets begin behind the line end.
            self.seen += 1;
            self.end_text()?;
            rest = &rest[at + 1..];
        }
        self.feed(rest)
    }

    /// Takes texts one after another, as lines of JSON that are labeled as one.
    fn feed_texts(&mut self, chunk: &[u8]) -> anyhow::Result<()> {
        let mut rest = chunk;
        loop {
            self.feed(rest)?;
            let Some(fault) = self.fault.filter(|_| self.lexer.is_behind_text()) else {
                self.read += rest.len() as u64;
                return Ok(());
            };
            // Offsets are within 64 bits of the input, and this one is within the chunk.
            let within = fault.offset.saturating_sub(self.before + self.read);
            let end = usize::try_from(within)
                .unwrap_or(rest.len())
                .min(rest.len());
            self.fault = None;
            self.seen = fault.offset;
            self.lexer = Lexer::new();
            self.read = 0;
            self.end_text()?;
            rest = &rest[end..];
        }
    }

    fn feed(&mut self, chunk: &[u8]) -> anyhow::Result<()> {
        if self.fault.is_some() || chunk.is_empty() {
            return Ok(());
        }
        self.seen += chunk.len() as u64;
        self.line |= chunk.iter().any(|b| !b.is_ascii_whitespace());
        let result = match &mut self.chain {
            Chain::Laid(_) => Ok(()),
            Chain::Texts(output) => self.lexer.feed(chunk, output),
            Chain::Elements(splitter) => self.lexer.feed(chunk, &mut **splitter),
            Chain::Filtered(splitter) => self.lexer.feed(chunk, &mut **splitter),
        };
        self.note(result)
    }

    fn note(&mut self, result: Result<(), json::Error>) -> anyhow::Result<()> {
        match result {
            Ok(()) => Ok(()),
            Err(json::Error::Sink(error)) => Err(unwrapped(error)),
            Err(json::Error::Fault(fault)) => {
                self.fault = Some(Fault {
                    offset: self.before + fault.offset,
                    ..fault
                });
                Ok(())
            }
        }
    }

    /// Ends a line or a page; gives what its envelope held besides elements.
    pub fn end_text(&mut self) -> anyhow::Result<()> {
        if self.fault.is_some() {
            return Ok(());
        }
        let mut lexer = std::mem::take(&mut self.lexer);
        let result = match &mut self.chain {
            Chain::Laid(_) => return Ok(()),
            Chain::Texts(output) => lexer.finish(output),
            Chain::Elements(splitter) => lexer.finish(&mut **splitter),
            Chain::Filtered(splitter) => lexer.finish(&mut **splitter),
        };
        self.note(result)?;
        if self.fault.is_none() && std::mem::take(&mut self.line) {
            match &mut self.chain {
                Chain::Texts(output) => output.end_value(),
                Chain::Elements(splitter) => splitter.end_text().map(drop),
                Chain::Filtered(splitter) => splitter.end_text().map(drop),
                Chain::Laid(_) => Ok(()),
            }
            .map_err(unwrapped)?;
        }
        self.before = self.seen;
        Ok(())
    }

    /// The number of elements so far, where elements are distinguished.
    #[must_use]
    pub fn count(&self) -> u64 {
        match &self.chain {
            Chain::Elements(splitter) => splitter.count(),
            Chain::Filtered(splitter) => splitter.count(),
            _ => 0,
        }
    }

    /// Writes what can be shown by now: the input pauses.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        match &mut self.chain {
            Chain::Laid(printer) => printer.flush(),
            Chain::Texts(output) => output.flush(),
            Chain::Elements(splitter) => splitter.values().flush(),
            Chain::Filtered(splitter) => splitter.values().flush(),
        }
        .map_err(unwrapped)
    }

    /// Writes what has come: the input broke off.
    pub fn break_off(&mut self) -> anyhow::Result<()> {
        match &mut self.chain {
            Chain::Laid(printer) => printer.flush(),
            Chain::Texts(output) => output.break_off(),
            Chain::Filtered(splitter) => splitter.values().break_off(),
            Chain::Elements(splitter) => splitter.values().break_off(),
        }
        .map_err(unwrapped)
    }

    /// What there is to report about what was written.
    pub fn report(&mut self) -> Report {
        let mut report = match &mut self.chain {
            Chain::Laid(_) => Report::default(),
            Chain::Texts(output) => output.report(),
            Chain::Filtered(splitter) => splitter.values().report(),
            Chain::Elements(splitter) => splitter.values().report(),
        };
        report.is_wanting |= self.judges && report.holds != Some(true);
        report
    }

    /// Ends the input and writes the rest. A fault of the input is reported after what came before it
    /// is written.
    pub fn finish(&mut self) -> anyhow::Result<Option<Fault>> {
        if let Chain::Laid(printer) = &mut self.chain {
            return Ok(printer.finish()?);
        }
        if self.source != Source::Pages {
            self.end_text()?;
        }
        if self.fault.is_some() {
            self.break_off()?;
            return Ok(self.fault);
        }
        match &mut self.chain {
            Chain::Laid(_) => Ok(()),
            Chain::Texts(output) => output.finish(),
            Chain::Elements(splitter) => splitter.values().finish(),
            Chain::Filtered(splitter) => splitter.values().finish(),
        }
        .map_err(unwrapped)?;
        Ok(None)
    }
}

/// Unwraps the failure in a sink's error: a sink can only fail with an I/O error.
fn unwrapped(error: io::Error) -> anyhow::Error {
    match error.downcast::<Failure>() {
        Ok(failure) => failure.into(),
        Err(error) => error.into(),
    }
}

fn chain<'a>(source: Source, shown: &'a Shown, out: &'a mut dyn Write) -> Chain<'a> {
    let style = style(shown);
    let format = shown.format.unwrap_or(Format::Json);
    if let Some(filter) = &shown.filter {
        return filtered(source, shown, filter, elements_or_texts(shown, style, out));
    }
    if format.is_of_elements() {
        return Chain::Elements(Box::new(Splitter::new(elements(format, shown, style, out))));
    }
    match source {
        Source::Text | Source::Pages if shown.each => {
            Chain::Elements(Box::new(Splitter::new(printed(shown, style, out))))
        }
        Source::Lines if shown.most.is_some() => {
            Chain::Elements(Box::new(Splitter::new(printed(shown, style, out))))
        }
        Source::Pages => Chain::Elements(Box::new(Splitter::new(joined(shown, style, out)))),
        // Who counts elements wants elements, in one array as those of pages are.
        Source::Text if shown.most.is_some() => {
            Chain::Elements(Box::new(Splitter::new(counted(shown, style, out))))
        }
        Source::Lines => Chain::Texts(printed(shown, style, out)),
        Source::Text if shown.raw_strings || notation(shown) != Notation::Json => {
            Chain::Texts(printed(shown, style, out))
        }
        Source::Text => Chain::Laid(Box::new(Printer::new(out, style))),
    }
}

/// The output behind a filter.
fn elements_or_texts<'a>(shown: &'a Shown, style: Style, out: &'a mut dyn Write) -> Results<'a> {
    match shown.format {
        Some(format) if format.is_of_elements() => {
            let output = elements(format, shown, style, out);
            // What comes of an element is one, too.
            if shown.each {
                return Results::texts(output);
            }
            Results::elements(output)
        }
        _ => Results::texts(printed(shown, style, out)),
    }
}

fn filtered<'a>(
    source: Source,
    shown: &Shown,
    filter: &Rc<Filter>,
    results: Results<'a>,
) -> Chain<'a> {
    let filter = Rc::clone(filter);
    let is_counted = shown.most.is_some();
    if source == Source::Text && !shown.each && !is_counted && filter.spreads() {
        return Chain::Texts(Box::new(Spread::new(filter, results)));
    }
    let filtered = Filtered::new(filter, results);
    let bounded = |filtered: Filtered<'a>, what| {
        let builds_values = filtered.builds_values();
        Bounded::new(filtered, what).of_memory(builds_values)
    };
    let each = |filtered| bounded(filtered, "an element of the response");
    let whole = |filtered| bounded(filtered, "the response that `--jq` filters as a whole");
    match source {
        Source::Text | Source::Pages if shown.each => {
            Chain::Filtered(Box::new(Splitter::new(each(filtered))))
        }
        Source::Lines if shown.most.is_some() => {
            Chain::Filtered(Box::new(Splitter::new(each(filtered))))
        }
        Source::Pages => {
            Chain::Filtered(Box::new(Splitter::new(whole(filtered.on_all()).in_total())))
        }
        Source::Text if is_counted => Chain::Filtered(Box::new(Splitter::new(
            whole(filtered.on_all().or_single()).in_total(),
        ))),
        Source::Text | Source::Lines => Chain::Texts(Box::new(whole(filtered))),
    }
}

/// What writes elements in a format of them.
fn elements<'a>(
    format: Format,
    shown: &'a Shown,
    style: Style,
    out: &'a mut dyn Write,
) -> Box<dyn Output + 'a> {
    let tabular = &shown.tabular;
    let header = !tabular.no_header;
    let writer: Box<dyn RowWriter> = match format {
        Format::Csv => Box::new(Csv::new(out, header, shown.is_terminal)),
        Format::Tsv => Box::new(Tsv::new(out, header, shown.is_terminal)),
        Format::Table => Box::new(Table::new(
            out,
            Look {
                width: tabular.width,
                header,
                is_colored: shown.palette.is_some(),
            },
        )),
        Format::Json | Format::Compact | Format::Raw | Format::Yaml | Format::Ndjson => {
            let output = printed(shown, style, out);
            if tabular.sort.is_empty() {
                return output;
            }
            return Box::new(Sorted::new(output, &tabular.sort));
        }
    };
    Box::new(Rows::new(writer, tabular, format == Format::Table))
}

/// What writes all elements as one list.
fn joined<'a>(shown: &Shown, style: Style, out: &'a mut dyn Write) -> Box<dyn Output + 'a> {
    match notation(shown) {
        Notation::Json => Box::new(Joined::new(out, style)),
        Notation::Yaml => Box::new(Yaml::new(out, style.palette).joined()),
    }
}

/// What writes the first elements of one text as a list, and a text that is no list as it is.
fn counted<'a>(shown: &Shown, style: Style, out: &'a mut dyn Write) -> Box<dyn Output + 'a> {
    match notation(shown) {
        Notation::Json => Box::new(Joined::new(out, style).or_single()),
        Notation::Yaml => Box::new(Yaml::new(out, style.palette).joined().or_single()),
    }
}

fn printed<'a>(shown: &Shown, style: Style, out: &'a mut dyn Write) -> Box<dyn Output + 'a> {
    match notation(shown) {
        Notation::Yaml => Box::new(Yaml::new(out, style.palette)),
        Notation::Json if shown.raw_strings => {
            Box::new(Printed::new(out, style).with_raw_strings(shown.is_terminal))
        }
        Notation::Json => Box::new(Printed::new(out, style)),
    }
}

fn notation(shown: &Shown) -> Notation {
    shown.format.map(Format::notation).unwrap_or_default()
}

fn style(shown: &Shown) -> Style {
    Style {
        layout: match shown.format {
            None | Some(Format::Json | Format::Raw) => Layout::Pretty,
            Some(
                Format::Compact
                | Format::Yaml
                | Format::Ndjson
                | Format::Csv
                | Format::Tsv
                | Format::Table,
            ) => Layout::Compact,
        },
        palette: shown.palette,
        visible: shown.is_terminal,
    }
}

/// The failure of a response that is not the JSON it should be.
#[must_use]
pub fn not_json(fault: Fault) -> Failure {
    Failure::new(
        Exit::Other,
        format!("the response is not valid JSON: {fault}"),
    )
    .hint("`-o raw` prints it unchecked")
}

impl Sink for Box<dyn Output + '_> {
    fn byte_order_mark(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).byte_order_mark(bytes)
    }
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        (**self).begin(kind)
    }
    fn end(&mut self, kind: Container) -> io::Result<()> {
        (**self).end(kind)
    }
    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        (**self).key(bytes, part)
    }
    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        (**self).scalar(kind, bytes, part)
    }
    fn colon(&mut self) -> io::Result<()> {
        (**self).colon()
    }
    fn comma(&mut self) -> io::Result<()> {
        (**self).comma()
    }
    fn key_and_colon(&mut self, source: &[u8], length: usize) -> io::Result<()> {
        (**self).key_and_colon(source, length)
    }
    fn whole_scalar(&mut self, kind: Scalar, source: &[u8], length: usize) -> io::Result<()> {
        (**self).whole_scalar(kind, source, length)
    }
}

impl Values for Box<dyn Output + '_> {
    fn end_value(&mut self) -> io::Result<()> {
        (**self).end_value()
    }
    fn begin_single(&mut self) {
        (**self).begin_single();
    }
}
