//! Turns elements into rows of cells: picks the values of the columns while an element passes.
//!
//! Where no columns are given, the first element decides: its members, or those that the resource
//! is known for. What a later element has besides is counted and reported once at the end. Knows
//! nothing of how a row looks: a [`RowWriter`] writes it.

use std::borrow::Cow;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use crate::error::Failure;
use crate::json::{Container, Picker, Scalar, Sink, Step, Text, TokenPart, Values, replay};

use super::cell::{CellText, cell_text};
use super::columns::{Cell, Column, SortKey};
use super::gather::Gather;
use super::jq::Filter;
use super::lost::Lost;
use super::nearest::missed;
use super::order::{SortValue, Sorter};
use super::shape::{Members, SHOWN, Shape};
use super::values::{Output, Report, wrapped};

/// Writes rows.
pub trait RowWriter {
    /// Takes the columns, before any row. `may_drop` says that nobody asked for them.
    fn begin(&mut self, columns: &[Column], may_drop: bool) -> io::Result<()>;

    /// Takes a row, which has a cell for each column.
    fn row(&mut self, cells: &[CellText<'_>]) -> io::Result<()>;

    /// The names of columns that there was no room for.
    fn left_out(&self) -> Vec<String> {
        Vec::new()
    }

    /// Writes what can be shown by now.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes the rest.
    fn finish(&mut self) -> io::Result<()>;
}

/// What the command line and the resource say about rows.
#[derive(Clone, Debug, Default)]
pub struct Tabular {
    /// `--columns`; without it the elements decide.
    pub columns: Option<Vec<Column>>,
    /// The filter of all columns that are no path: see [`exprs`].
    pub exprs: Option<Rc<Filter>>,
    /// `--sort`.
    pub sort: Vec<SortKey>,
    /// Whether what a table cannot keep is said.
    pub says_loss: bool,
    /// `--no-header`.
    pub no_header: bool,
    /// The column before those that the elements or the resource decide about.
    pub leads: Option<&'static str>,
    /// The columns that a table of this resource has.
    pub known: &'static [&'static str],
    /// Whether all elements have these columns, so that CSV and TSV have them, too.
    pub is_uniform: bool,
    /// The width that a table has to fit, in columns of a terminal.
    pub width: Option<usize>,
}

/// Takes elements and writes rows.
pub struct Rows<'a> {
    writer: Box<dyn RowWriter + 'a>,
    tabular: &'a Tabular,
    is_table: bool,
    /// Once they are known.
    columns: Option<Vec<Column>>,
    /// Values of the columns, then those of sort keys that are no column.
    picker: Picker,
    /// Where the picker has the value of each sort key.
    sort_places: Vec<usize>,
    /// Columns whose value may have to be gathered, and where the picker has the list of it.
    gathers: Vec<(usize, usize, Gather)>,
    sorter: Option<Sorter<Vec<Option<Vec<u8>>>>>,
    /// The element, while it decides about the columns, or where a filter is run on it.
    text: Text,
    keeps_text: bool,
    /// Looks for what the columns leave out, where the first element has chosen them.
    members: Option<Members>,
    /// Members of the first element that a table does not show: objects and lists.
    hidden: Vec<Arc<str>>,
    /// Whether a column or sort key has led to something in any element.
    met: Vec<bool>,
    /// The first element where names were typed, one of which it may have another for.
    first: Option<Text>,
    count: u64,
    begun: bool,
    lost: Option<Lost>,
}

impl<'a> Rows<'a> {
    /// Makes rows for a writer. `is_table` chooses fewer columns where none are given.
    #[must_use]
    pub fn new(writer: Box<dyn RowWriter + 'a>, tabular: &'a Tabular, is_table: bool) -> Self {
        let mut rows = Self {
            writer,
            tabular,
            is_table,
            columns: None,
            picker: Picker::default(),
            sort_places: Vec::new(),
            gathers: Vec::new(),
            sorter: (!tabular.sort.is_empty()).then(|| Sorter::new(&tabular.sort)),
            text: Text::default(),
            keeps_text: tabular.exprs.is_some(),
            members: None,
            hidden: Vec::new(),
            met: Vec::new(),
            first: (tabular.columns.is_some() || !tabular.sort.is_empty()).then(Text::default),
            count: 0,
            begun: false,
            lost: tabular.says_loss.then(Lost::default),
        };
        if let Some(columns) = &tabular.columns {
            rows.settle(columns.clone());
        }
        rows
    }

    fn settle(&mut self, columns: Vec<Column>) {
        let mut paths: Vec<Cow<'_, [Step]>> = columns
            .iter()
            .map(|column| match &column.cell {
                Cell::Path(path) | Cell::Gathered(path, _) => Cow::Borrowed(&path[..]),
                Cell::Expr(_) => Cow::default(),
            })
            .collect();
        self.sort_places.clear();
        let tabular = self.tabular;
        for key in &tabular.sort {
            let column = columns.iter().position(|c| *c.name == key.name);
            self.sort_places.push(column.unwrap_or(paths.len()));
            if column.is_none() {
                paths.push(Cow::Borrowed(key.path.as_deref().unwrap_or_default()));
            }
        }
        self.gathers = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            if let Cell::Gathered(_, gather) = &column.cell {
                self.gathers.push((at, paths.len(), gather.clone()));
                paths.push(Cow::Owned(gather.list()));
            }
        }
        self.picker = Picker::new(&paths);
        self.met = vec![false; paths.len()];
        self.columns = Some(columns);
    }

    /// The columns that a table of this resource has.
    fn known(&self) -> Vec<Column> {
        let known = self.tabular.leads.iter().chain(self.tabular.known);
        known.map(|text| Column::known(text)).collect()
    }

    /// Whether the columns are known before the first element.
    fn takes_known(&self) -> bool {
        (self.is_table || self.tabular.is_uniform) && !self.tabular.known.is_empty()
    }

    /// Chooses the columns by the first element.
    fn choose(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.text.0);
        let shape = Shape::of(&text)?;
        if self.takes_known() {
            self.settle(self.known());
            replay(&text, &mut self.picker)?;
            let columns = self.columns.as_ref().map_or(0, Vec::len);
            let own = usize::from(self.tabular.leads.is_some());
            if (own..columns).any(|at| self.picker.get(at).is_some()) {
                return Ok(());
            }
        }
        let columns = shape.columns(self.is_table, self.tabular.width.is_some());
        self.hidden = shape.beside(&columns);
        self.settle(columns);
        self.members = Some(shape.watch());
        replay(&text, &mut self.picker)
    }

    fn begin_rows(&mut self) -> io::Result<()> {
        if let (false, Some(columns)) = (self.begun, &self.columns) {
            self.begun = true;
            self.writer.begin(columns, self.tabular.columns.is_none())?;
        }
        Ok(())
    }

    fn row(&mut self) -> io::Result<()> {
        for (at, met) in self.met.iter_mut().enumerate() {
            *met = *met || self.picker.get(at).is_some();
        }
        let mut made = match &self.tabular.exprs {
            None => Vec::new(),
            Some(filter) => match run(filter, &self.text.0) {
                Ok(made) => made,
                Err(error) => {
                    // What came before stays.
                    self.break_off()?;
                    return Err(error);
                }
            },
        }
        .into_iter();
        let columns = self.columns.as_deref().unwrap_or_default();
        let mut row: Vec<CellText<'_>> = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            if matches!(column.cell, Cell::Expr(_)) {
                let cell = made.next().flatten();
                self.met[at] |= cell.as_deref().is_some_and(|cell| cell != b"null");
                row.push(cell.map(Cow::Owned));
            } else {
                let cell = self.picker.get(at).map(Cow::Borrowed);
                row.push(cell.or_else(|| self.gathered(at).map(Cow::Owned)));
            }
        }
        if let Some(lost) = &mut self.lost {
            lost.see(&row);
        }
        if let Some(sorter) = &mut self.sorter {
            let key = |at: &usize| match row.get(*at) {
                Some(cell) => SortValue::of(cell.as_deref()),
                None => SortValue::of(self.picker.get(*at)),
            };
            let keys = self.sort_places.iter().map(key).collect();
            let row = row.into_iter().map(|cell| cell.map(Cow::into_owned));
            let row: Vec<Option<Vec<u8>>> = row.collect();
            let size = row
                .iter()
                .map(|cell| 24 + cell.as_ref().map_or(0, Vec::len));
            let size = size.sum();
            sorter.add(keys, row, size)?;
        } else {
            self.writer.row(&row)?;
        }
        self.picker.clear();
        self.text.0.clear();
        Ok(())
    }

    /// The value of a column that the element has in other places only.
    fn gathered(&self, column: usize) -> Option<Vec<u8>> {
        let (_, place, gather) = self.gathers.iter().find(|(at, ..)| *at == column)?;
        gather.of(self.picker.get(*place)?)
    }

    fn write_sorted(&mut self) -> io::Result<()> {
        if let Some(sorter) = &mut self.sorter {
            for row in sorter.take() {
                let row: Vec<CellText<'_>> = row.into_iter().map(|c| c.map(Cow::Owned)).collect();
                self.writer.row(&row)?;
            }
        }
        Ok(())
    }
}

/// Passes a token on to whoever needs it.
macro_rules! pass {
    ($rows:ident, $method:ident($($argument:expr),*)) => {{
        if let Some(members) = &mut $rows.members {
            members.$method($($argument),*)?;
        }
        if let (Some(first), 0) = (&mut $rows.first, $rows.count) {
            first.$method($($argument),*)?;
        }
        if $rows.columns.is_some() {
            if $rows.keeps_text {
                $rows.text.$method($($argument),*)?;
            }
            $rows.picker.$method($($argument),*)
        } else {
            $rows.text.$method($($argument),*)
        }
    }};
}

impl Sink for Rows<'_> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        pass!(self, begin(kind))
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        pass!(self, end(kind))
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        pass!(self, key(bytes, part))
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        pass!(self, scalar(kind, bytes, part))
    }

    fn colon(&mut self) -> io::Result<()> {
        pass!(self, colon())
    }

    fn comma(&mut self) -> io::Result<()> {
        pass!(self, comma())
    }
}

impl Values for Rows<'_> {
    fn end_value(&mut self) -> io::Result<()> {
        if self.columns.is_none() {
            self.choose()?;
        }
        self.begin_rows()?;
        self.count += 1;
        self.row()
    }
}

impl Output for Rows<'_> {
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.columns.is_none() && self.takes_known() {
            self.settle(self.known());
        }
        self.begin_rows()?;
        self.break_off()
    }

    fn break_off(&mut self) -> io::Result<()> {
        self.write_sorted()?;
        self.writer.finish()
    }

    fn report(&mut self) -> Report {
        let mut notes: Vec<String> = (self.lost.iter()).filter_map(Lost::note).collect();
        if !self.hidden.is_empty() {
            let more = if self.hidden.len() > SHOWN {
                ", …"
            } else {
                ""
            };
            let names: Vec<_> = self.hidden.iter().take(SHOWN).map(|n| &**n).collect();
            notes.push(format!(
                "fields that hold objects or lists were omitted: {}{more}; name them with `--columns`",
                names.join(", ")
            ));
        }
        if let Some(members) = &self.members {
            notes.extend(members.notes());
        }
        let left_out = self.writer.left_out();
        if !left_out.is_empty() {
            notes.push(format!(
                "columns that do not fit the terminal were omitted: {}; `--columns` selects others",
                left_out.join(", ")
            ));
        }
        let Some(first) = self.first.as_ref().filter(|_| self.count > 0) else {
            return Report {
                notes,
                ..Report::default()
            };
        };
        let asked = || self.tabular.columns.iter().flatten().zip(&self.met);
        for (column, met) in asked() {
            if !met && matches!(column.cell, Cell::Path(_)) {
                notes.push(missed("--columns", &path_text(column), &first.0));
            }
        }
        let sorted = || self.tabular.sort.iter().zip(&self.sort_places);
        let columns = self.tabular.columns.as_ref().map_or(0, Vec::len);
        for (key, at) in sorted() {
            // A column that is missing was named above.
            if !self.met[*at] && key.path.is_some() && *at >= columns {
                notes.push(missed("--sort", &key.name, &first.0));
            }
        }
        let has_any = match self.tabular.columns {
            Some(_) => asked().any(|(_, met)| *met),
            None => sorted().any(|(_, at)| self.met[*at]),
        };
        Report {
            notes,
            is_wanting: !has_any,
            holds: None,
        }
    }
}

/// Returns the one filter of columns that are no path: an element is handed to it once. For each
/// column it gives the number of its results, then these.
#[must_use]
pub fn exprs(columns: &[Column]) -> Option<String> {
    let exprs = columns.iter().filter_map(|column| match &column.cell {
        Cell::Expr(text) => Some(text),
        Cell::Path(_) | Cell::Gathered(..) => None,
    });
    // A comment in one ends with its line.
    let counted: Vec<String> = exprs
        .map(|text| format!("([{text}\n] | length, .[])"))
        .collect();
    (!counted.is_empty()).then(|| counted.join(", "))
}

/// Runs that filter on an element and gives each column's cell. Several results are one with commas
/// between them.
fn run(filter: &Filter, element: &[u8]) -> io::Result<Vec<Option<Vec<u8>>>> {
    let mut results: Vec<Vec<u8>> = Vec::new();
    filter
        .run(element, &mut |result| {
            results.push(result.to_vec());
            Ok(())
        })
        .map_err(|error| match error.downcast::<Failure>() {
            Ok(failure) => wrapped(failure.of("--columns")),
            Err(error) => error.downcast().unwrap_or_else(io::Error::other),
        })?;
    let mut cells = Vec::new();
    let mut results = results.into_iter();
    while let Some(count) = results.next() {
        let count: usize = serde_json::from_slice(&count)?;
        let mut those: Vec<Vec<u8>> = results.by_ref().take(count).collect();
        cells.push(if count < 2 {
            those.pop()
        } else {
            let texts: Vec<_> = those.iter().map(|json| cell_text(json)).collect();
            Some(serde_json::to_vec(&texts.join(","))?)
        });
    }
    Ok(cells)
}

fn path_text(column: &Column) -> String {
    let (Cell::Path(path) | Cell::Gathered(path, _)) = &column.cell else {
        return column.name.to_string();
    };
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.push_str(&format!(".{key}")),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}
