//! Rows as a table for people: upper-case header, two blanks between columns, numbers to the
//! right, states in color.
//!
//! The widths come from the first rows, which are kept until then; further rows are written as
//! they come. On a terminal a table fits its width: columns that there is no room for are left out,
//! long cells are cut with `…`. In a pipe nothing is ever cut.

use std::io::{self, Write};

use serde_json::value::RawValue;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::cell::{CellText, cell_text};
use super::columns::{Cell, Column};
use super::fit::{Wish, fit};
use super::rows::RowWriter;
use super::state::Tone;
use super::visible::visible;
use crate::json::Step;

/// So many rows decide about the widths.
const SAMPLE: usize = 1000;

/// Fewer decide where they are so long, in bytes: they are kept in memory.
const SAMPLE_BYTES: usize = 2 * 1024 * 1024;

/// Pieces of this size are written.
const BLOCK: usize = 32 * 1024;

/// How a table looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// The width it has to fit.
    pub width: Option<usize>,
    /// Whether there is a header.
    pub header: bool,
    /// Whether there are colors.
    pub is_colored: bool,
}

/// Writes a table.
pub struct Table<W: Write> {
    out: io::BufWriter<W>,
    look: Look,
    heads: Vec<Head>,
    may_drop: bool,
    /// The first rows, while the widths are not known.
    rows: Vec<Vec<Shown>>,
    bytes: usize,
    /// The widths, once they are known; none of a column that is left out.
    widths: Option<Vec<Option<usize>>>,
}

struct Head {
    title: String,
    is_state: bool,
    /// Whether its cells are numbers, and stand to the right.
    is_number: bool,
}

/// What a cell shows.
struct Shown {
    text: String,
    width: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    /// `null`, or missing.
    Nothing,
    /// A time or an address: cut, it would be another one.
    Exact,
    /// A list, and the width that its first element needs.
    List(usize),
    Other,
}

impl Shown {
    fn of(cell: Option<&[u8]>) -> Self {
        let (text, kind) = match cell {
            None => (String::new(), Kind::Nothing),
            Some(json) => match json.first() {
                Some(b'n') => ("-".to_owned(), Kind::Nothing),
                Some(b'-' | b'0'..=b'9') => (cell_text(json).into_owned(), Kind::Number),
                Some(b'[') => list(json),
                _ => {
                    let text = one_line(&cell_text(json));
                    let kind = if is_exact(&text) {
                        Kind::Exact
                    } else {
                        Kind::Other
                    };
                    (text, kind)
                }
            },
        };
        Self {
            width: text.width(),
            text,
            kind,
        }
    }
}

/// A text that stays on its line and controls nothing.
fn one_line(text: &str) -> String {
    let mut line = visible(text).into_owned();
    if line.contains(['\n', '\t']) {
        line = line.replace('\n', "\\n").replace('\t', "\\t");
    }
    // Separators of lines and paragraphs, too, end a line in some terminals.
    if line.contains(['\u{2028}', '\u{2029}']) {
        line = line
            .replace('\u{2028}', "\\u{2028}")
            .replace('\u{2029}', "\\u{2029}");
    }
    line
}

/// The elements of a list with commas between them; what is nested in it stays JSON.
fn list(json: &[u8]) -> (String, Kind) {
    let Ok(elements) = serde_json::from_slice::<Vec<&RawValue>>(json) else {
        return (one_line(&cell_text(json)), Kind::Other);
    };
    let texts: Vec<String> = elements
        .iter()
        .map(|element| one_line(&cell_text(element.get().as_bytes())))
        .collect();
    let least = match texts.as_slice() {
        [first, rest @ ..] if is_exact(first) => {
            let more = if rest.is_empty() { "" } else { ",…" };
            first.width() + more.width()
        }
        _ => 0,
    };
    (texts.join(","), Kind::List(least))
}

/// Returns whether a text is a time, an address of a network or of hardware.
fn is_exact(text: &str) -> bool {
    // The longest: an IPv6 address with its prefix.
    if text.len() > 45 {
        return false;
    }
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_clock = |at: usize| is_digit(at - 2) && is_digit(at - 1) && is_digit(at + 1);
    let has_time = (2..bytes.len()).any(|at| bytes[at] == b':' && is_clock(at));
    let is_address = bytes.iter().any(|b| matches!(b, b'.' | b':'))
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes
            .iter()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':' | b'/'));
    has_time || is_address
}

/// The start of a list that fits a width: whole elements, where one does.
fn cut_list(text: &str, width: usize) -> (String, usize) {
    let (mut out, used) = cut(text, width);
    match out.rfind(',') {
        Some(comma) if used > 1 => {
            out.truncate(comma + 1);
            out.push('…');
            let used = out.width();
            (out, used)
        }
        _ => (out, used),
    }
}

/// The start of a text that fits a width, with a mark where something is cut off.
fn cut(text: &str, width: usize) -> (String, usize) {
    let mut out = String::new();
    let mut used = 0;
    for character in text.graphemes(true) {
        let next = character.width();
        if used + next + 1 > width {
            break;
        }
        out.push_str(character);
        used += next;
    }
    if width == 0 {
        return (out, used);
    }
    out.push('…');
    (out, used + 1)
}

impl<W: Write> Table<W> {
    /// Makes one.
    pub fn new(out: W, look: Look) -> Self {
        Self {
            out: io::BufWriter::with_capacity(BLOCK, out),
            look,
            heads: Vec::new(),
            may_drop: false,
            rows: Vec::new(),
            bytes: 0,
            widths: None,
        }
    }

    /// Decides about the widths and writes what has come.
    fn settle(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let mut wishes = Vec::new();
        for (at, head) in self.heads.iter_mut().enumerate() {
            let cells = || rows.iter().map(|row| &row[at]);
            head.is_number = cells().any(|cell| cell.kind == Kind::Number)
                && cells().all(|cell| matches!(cell.kind, Kind::Number | Kind::Nothing));
            let title = if self.look.header {
                head.title.width()
            } else {
                0
            };
            let least = |cell: &Shown| match cell.kind {
                Kind::Number | Kind::Exact => cell.width,
                Kind::List(least) => least,
                Kind::Nothing | Kind::Other => 0,
            };
            let may_cut = cells().any(|cell| cell.kind == Kind::Other);
            let least = cells().map(least).fold(0, usize::max);
            wishes.push(Wish {
                width: cells().map(|cell| cell.width).fold(title, usize::max),
                least: if may_cut { 0 } else { least },
            });
        }
        self.widths = Some(match self.look.width {
            Some(width) => fit(&wishes, width, self.may_drop),
            None => wishes.iter().map(|wish| Some(wish.width)).collect(),
        });
        if self.look.header && !self.heads.is_empty() {
            self.header()?;
        }
        for row in &rows {
            self.line(row)?;
        }
        Ok(())
    }

    fn header(&mut self) -> io::Result<()> {
        let titles = self.heads.iter().map(|head| Shown {
            text: head.title.clone(),
            width: head.title.width(),
            kind: Kind::Other,
        });
        let mut line = self.laid(&titles.collect::<Vec<_>>(), false);
        if self.look.is_colored {
            line = format!("\x1b[1m{line}\x1b[0m");
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }

    fn line(&mut self, row: &[Shown]) -> io::Result<()> {
        let mut line = self.laid(row, self.look.is_colored);
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }

    fn laid(&self, row: &[Shown], is_colored: bool) -> String {
        let widths = self.widths.as_deref().unwrap_or_default();
        let mut line = String::new();
        let last = widths.iter().rposition(Option::is_some);
        let mut is_first = true;
        for (at, ((cell, head), width)) in row.iter().zip(&self.heads).zip(widths).enumerate() {
            let Some(width) = width else {
                continue;
            };
            if !std::mem::take(&mut is_first) {
                line.push_str("  ");
            }
            let shortened = match (self.look.width, cell.kind) {
                (Some(_), Kind::List(_)) if cell.width > *width => {
                    Some(cut_list(&cell.text, *width))
                }
                (Some(_), _) if cell.width > *width => Some(cut(&cell.text, *width)),
                _ => None,
            };
            let (text, used) = match &shortened {
                Some((text, used)) => (text, *used),
                None => (&cell.text, cell.width),
            };
            let blanks = width.saturating_sub(used);
            if head.is_number {
                pad(&mut line, blanks);
            }
            match Tone::of(&cell.text).filter(|_| is_colored && head.is_state) {
                Some(tone) => line.push_str(&format!("{}{text}\x1b[0m", tone.sequence())),
                None => line.push_str(text),
            }
            if !head.is_number && Some(at) != last {
                pad(&mut line, blanks);
            }
        }
        // A row whose last cells are empty ends with its last text.
        line.truncate(line.trim_end_matches(' ').len());
        line
    }
}

fn pad(line: &mut String, blanks: usize) {
    line.extend(std::iter::repeat_n(' ', blanks));
}

/// Returns whether a column holds the state of something.
fn is_state(column: &Column) -> bool {
    let (Cell::Path(path) | Cell::Gathered(path, _)) = &column.cell else {
        return false;
    };
    match path.last() {
        Some(Step::Key(key)) => {
            matches!(&**key, "status" | "status_name" | "state" | "power_state")
                || key.ends_with("_status_name")
        }
        _ => false,
    }
}

impl<W: Write> RowWriter for Table<W> {
    fn begin(&mut self, columns: &[Column], may_drop: bool) -> io::Result<()> {
        self.heads = columns
            .iter()
            .map(|column| Head {
                title: one_line(&column.name).to_uppercase(),
                is_state: is_state(column),
                is_number: false,
            })
            .collect();
        self.may_drop = may_drop;
        Ok(())
    }

    fn row(&mut self, cells: &[CellText<'_>]) -> io::Result<()> {
        let row: Vec<_> = cells
            .iter()
            .map(|cell| Shown::of(cell.as_deref()))
            .collect();
        if self.widths.is_some() {
            return self.line(&row);
        }
        self.bytes += row.iter().map(|cell| cell.text.len()).sum::<usize>();
        self.rows.push(row);
        if self.rows.len() == SAMPLE || self.bytes > SAMPLE_BYTES {
            self.settle()?;
        }
        Ok(())
    }

    fn left_out(&self) -> Vec<String> {
        let widths = self.widths.as_deref().unwrap_or_default();
        let heads = self.heads.iter().zip(widths);
        let left_out = heads.filter(|(_, width)| width.is_none());
        left_out.map(|(head, _)| head.title.clone()).collect()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.widths.is_none() {
            self.settle()?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn table(look: Look, columns: &[&str], rows: &[&[&str]]) -> String {
        let columns: Vec<_> = columns.iter().map(|text| Column::known(text)).collect();
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, look);
        table.begin(&columns, false).unwrap();
        for row in rows {
            let row: Vec<CellText<'_>> = row
                .iter()
                .map(|json| (!json.is_empty()).then_some(Cow::Borrowed(json.as_bytes())))
                .collect();
            table.row(&row).unwrap();
        }
        table.finish().unwrap();
        drop(table);
        String::from_utf8(out).unwrap()
    }

    const PLAIN: Look = Look {
        width: None,
        header: true,
        is_colored: false,
    };

    #[test]
    fn cells_stand_below_each_other_by_the_width_they_have() {
        let rows: &[&[&str]] = &[
            &[r#""日本語""#, "1", r#""x""#],
            &[r#""e\u0301""#, "-200", "null"],
            &[r#""👨‍👩‍👧""#, "", "true"],
            &[r#""""#, "1.50", ""],
            &[r#""a\tb\nc\u001b[31m\u202e""#, "null", r#"{"k":[1]}"#],
        ];
        assert_eq!(
            table(PLAIN, &["name", "n", "last.x"], rows),
            "NAME                      N  LAST.X\n\
             日本語                    1  x\n\
             e\u{301}                      -200  -\n\
             👨‍👩‍👧                           true\n\
             \u{20}                      1.50\n\
             a\\tb\\nc^[[31m\\u{202e}     -  {\"k\":[1]}\n"
        );
    }

    #[test]
    fn a_column_of_mixed_values_is_no_column_of_numbers() {
        let rows: &[&[&str]] = &[&["1", "1"], &["22", r#""22""#]];
        let text = table(
            Look {
                header: false,
                ..PLAIN
            },
            &["a", "b"],
            rows,
        );
        assert_eq!(text, " 1  1\n22  22\n");
    }

    #[test]
    fn a_terminal_is_not_left_behind() {
        let rows: &[&[&str]] = &[
            &[
                r#""node17.lab.example.com""#,
                "123456",
                r#""Failed deployment""#,
            ],
            &[r#""日本語日本語日本語""#, "1", r#""Ready""#],
        ];
        for width in [3, 10, 20, 30, 40, 80] {
            let look = Look {
                width: Some(width),
                ..PLAIN
            };
            let text = table(look, &["hostname", "n", "status"], rows);
            for line in text.lines() {
                assert!(line.width() <= width.max(7), "{width}:\n{text}");
            }
        }
        let look = Look {
            width: Some(30),
            ..PLAIN
        };
        assert_eq!(
            table(look, &["hostname", "n", "status"], rows),
            "HOSTNAME         N  STATUS\n\
             node17.la…  123456  Failed de…\n\
             日本語日…        1  Ready\n"
        );
    }

    #[test]
    fn states_are_colored() {
        let look = Look {
            is_colored: true,
            ..PLAIN
        };
        let rows: &[&[&str]] = &[&[r#""Ready""#, r#""Ready""#], &[r#""New""#, r#""x""#]];
        assert_eq!(
            table(look, &["s=status_name", "hostname"], rows),
            "\u{1b}[1mS      HOSTNAME\u{1b}[0m\n\u{1b}[32mReady\u{1b}[0m  Ready\nNew    x\n"
        );
    }

    #[test]
    fn rows_after_the_first_thousand_come_as_they_are() {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, PLAIN);
        let columns = [Column::known("a"), Column::known("b")];
        table.begin(&columns, false).unwrap();
        let cell = |text: &'static str| Some(Cow::Borrowed(text.as_bytes()));
        for _ in 0..SAMPLE {
            table.row(&[cell("1"), cell("2")]).unwrap();
        }
        assert!(table.rows.is_empty() && table.widths.is_some());
        table.row(&[cell("\"longer\""), cell("2")]).unwrap();
        table.finish().unwrap();
        drop(table);
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("1  2\nlonger  2\n"), "{text}");
        assert_eq!(text.lines().count(), SAMPLE + 2);
    }
}
