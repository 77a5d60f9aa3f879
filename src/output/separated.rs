//! Rows as comma-separated (RFC 4180) or tab-separated values.
//!
//! A string is its text, a number is written as it came, `null` and what is missing are empty, an
//! object or array is its JSON. Lines end with LF in both, as tools on Unix expect it; readers of
//! CSV take either. Tab-separated values escape tab, line ends and `\` as jq's `@tsv` does.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cell::{CellText, cell_text};
use super::columns::Column;
use super::rows::RowWriter;
use super::visible::visible;

/// Writes comma-separated values.
pub struct Csv<W: Write> {
    out: csv::Writer<W>,
    header: bool,
    is_terminal: bool,
}

/// Pieces of this size are written.
const BLOCK: usize = 32 * 1024;

impl<W: Write> Csv<W> {
    /// Makes one; on a terminal, control characters are made visible.
    pub fn new(out: W, header: bool, is_terminal: bool) -> Self {
        let mut builder = csv::WriterBuilder::new();
        builder.flexible(true).buffer_capacity(BLOCK);
        Self {
            out: builder.from_writer(out),
            header,
            is_terminal,
        }
    }
}

impl<W: Write> Separated for Csv<W> {
    fn record<'t>(&mut self, fields: impl Iterator<Item = Cow<'t, str>>) -> io::Result<()> {
        for field in fields {
            if self.is_terminal {
                self.out.write_field(visible(&field).as_bytes())
            } else {
                self.out.write_field(field.as_bytes())
            }
            .map_err(of_io)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(of_io)
    }

    fn has_header(&self) -> bool {
        self.header
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Returns the cause itself, so that a reader that went away is known as one.
fn of_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Writes tab-separated values.
pub struct Tsv<W: Write> {
    out: io::BufWriter<W>,
    header: bool,
    is_terminal: bool,
}

impl<W: Write> Tsv<W> {
    /// Makes one; on a terminal, control characters are made visible.
    pub fn new(out: W, header: bool, is_terminal: bool) -> Self {
        Self {
            out: io::BufWriter::with_capacity(BLOCK, out),
            header,
            is_terminal,
        }
    }
}

impl<W: Write> Separated for Tsv<W> {
    fn record<'t>(&mut self, fields: impl Iterator<Item = Cow<'t, str>>) -> io::Result<()> {
        for (i, field) in fields.enumerate() {
            if i > 0 {
                self.out.write_all(b"\t")?;
            }
            let field = escaped(&field);
            if self.is_terminal {
                self.out.write_all(visible(&field).as_bytes())?;
            } else {
                self.out.write_all(field.as_bytes())?;
            }
        }
        self.out.write_all(b"\n")
    }

    fn has_header(&self) -> bool {
        self.header
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Returns a text without characters that part rows and cells.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\t', '\n', '\r', '\\']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Writes a record of fields that are separated.
trait Separated {
    fn record<'t>(&mut self, fields: impl Iterator<Item = Cow<'t, str>>) -> io::Result<()>;

    fn has_header(&self) -> bool;

    fn flush(&mut self) -> io::Result<()>;
}

impl<S: Separated> RowWriter for S {
    fn begin(&mut self, columns: &[Column], _: bool) -> io::Result<()> {
        if self.has_header() {
            self.record(columns.iter().map(|c| Cow::Borrowed(&*c.name)))?;
        }
        Ok(())
    }

    fn row(&mut self, cells: &[CellText<'_>]) -> io::Result<()> {
        let cells = cells.iter();
        self.record(cells.map(|cell| cell_text(cell.as_deref().unwrap_or_default())))
    }

    fn flush(&mut self) -> io::Result<()> {
        Separated::flush(self)
    }

    fn finish(&mut self) -> io::Result<()> {
        Separated::flush(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_line_ends_stay_in_their_cell() {
        for (text, want) in [
            ("plain é", "plain é"),
            ("a\tb\nc\r\\d", "a\\tb\\nc\\r\\\\d"),
            (",\"'", ",\"'"),
        ] {
            assert_eq!(escaped(text), want);
        }
    }

    #[test]
    fn cells_are_the_text_of_values() {
        for (json, want) in [
            ("", ""),
            ("null", ""),
            (r#""a\"\u00e9""#, "a\"é"),
            ("1.10", "1.10"),
            ("1e400", "1e400"),
            ("true", "true"),
            (r#"{"a":[1,null]}"#, r#"{"a":[1,null]}"#),
        ] {
            assert_eq!(cell_text(json.as_bytes()), want, "{json}");
        }
    }
}
