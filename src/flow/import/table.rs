//! Documents out of CSV and TSV: each row under a line of names is an object.

use std::io::BufRead;

use crate::error::{Exit, Failure};

use super::cells::{Column, Types, object};
use super::record::{Record, unreadable};
use super::rows::{Dialect, Quoting, Rows};
use super::source::{Format, Layout};

/// Rows under a line of names.
pub(super) struct Table {
    rows: Rows,
    columns: Vec<Column>,
}

impl Table {
    /// Reads the names; `types` are those of the columns.
    pub(super) fn new(
        mut text: Box<dyn BufRead>,
        layout: Layout,
        types: &Types,
    ) -> Result<Self, Failure> {
        let fail = |what: &str| Failure::new(Exit::Other, what);
        let dialect = dialect(&mut *text, layout)?;
        let mut rows = Rows::new(text, dialect);
        let mut header = rows.next_row()?.unwrap_or_default();
        if layout.separator.is_none()
            && let Some([separator]) = header.raw.strip_prefix(b"sep=")
        {
            // Excel reads this line, and so it is written for it.
            rows.set_dialect(Dialect {
                separator: *separator,
                quoting: Quoting::Quotes,
            });
            header = rows.next_row()?.unwrap_or_default();
        }
        let names =
            (rows.cells(&header)).map_err(|reason| fail(&format!("the header line: {reason}")))?;
        let mut columns: Vec<Column> = Vec::new();
        for name in &names {
            let name = std::str::from_utf8(name).map_err(|_| {
                fail("the header line is not UTF-8").hint(
                    "`iconv -f WINDOWS-1252 -t UTF-8 FILE` converts what older programs write",
                )
            })?;
            if name.is_empty() {
                return Err(fail(&format!("column {} has no name", columns.len() + 1))
                    .hint("the first line names the columns"));
            }
            if columns.iter().any(|column| column.name == name) {
                return Err(fail(&format!("two columns are named `{name}`")));
            }
            columns.push(Column::new(name, types.of(name)));
        }
        if let [Column { name, .. }] = &columns[..]
            && layout.separator != Some(b',')
            && let Some(other) =
                (name.bytes()).find(|b| *b != dialect.separator && b";\t,".contains(b))
        {
            let shown = if other == b'\t' {
                "\\t".to_owned()
            } else {
                char::from(other).to_string()
            };
            return Err(
                Failure::usage(format!("the only column is `{}`", name.escape_debug()))
                    .hint(format!("`--separator '{shown}'` makes several of it")),
            );
        }
        let is_missing = |name: &&str| !columns.iter().any(|column| column.name == *name);
        if let Some(unknown) = types.names().find(is_missing) {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            return Err(Failure::usage(format!("there is no column `{unknown}`"))
                .hint(format!("the columns are {}", names.join(", "))));
        }
        Ok(Self { rows, columns })
    }

    /// Returns the next row as an object.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Failure> {
        let Some(row) = self.rows.next_row()? else {
            return Ok(None);
        };
        let document = (self.rows.cells(&row)).and_then(|cells| object(&self.columns, &cells));
        Ok(Some(Record {
            line: row.line,
            document: document.map_err(|reason| (reason, row.raw)),
        }))
    }
}

/// Returns how a table sets its cells apart. Tabs stand between cells with escapes, as `-o tsv`
/// writes them, unless a spreadsheet wrote the text: by its byte order mark, CR and LF, or quoted
/// names.
fn dialect(text: &mut dyn BufRead, layout: Layout) -> Result<Dialect, Failure> {
    if layout.format == Format::Csv || layout.separator.is_some() {
        return Ok(Dialect {
            separator: layout.separator.unwrap_or(b','),
            quoting: Quoting::Quotes,
        });
    }
    let start = text.fill_buf().map_err(|e| unreadable(&e))?;
    let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
    let names = &start[..end];
    let has_quotes = layout.is_marked
        || names.last() == Some(&b'\r')
        || names
            .split(|b| *b == b'\t')
            .any(|name| name.first() == Some(&b'"'));
    Ok(Dialect {
        separator: b'\t',
        quoting: if has_quotes {
            Quoting::Quotes
        } else {
            Quoting::Escapes
        },
    })
}
