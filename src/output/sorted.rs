//! Sorts values before they are written, for formats that have no columns.
//!
//! Keeps all values in memory; `order` compares them.

use std::io;

use crate::json::{Container, Path, Picker, Scalar, Sink, Text, TokenPart, Values, replay};

use super::columns::SortKey;
use super::nearest::missed;
use super::order::{SortValue, Sorter};
use super::values::{Output, Report};

/// Keeps all values and passes them on in order at the end. Memory is that of their texts.
pub struct Sorted<'a> {
    inner: Box<dyn Output + 'a>,
    keys: Vec<SortKey>,
    picker: Picker,
    text: Text,
    sorter: Sorter<Vec<u8>>,
    /// Whether a key has led to something in any value.
    met: Vec<bool>,
    /// The first value, whose names may be meant.
    first: Option<Vec<u8>>,
}

impl<'a> Sorted<'a> {
    /// Sorts what `inner` writes.
    pub fn new(inner: Box<dyn Output + 'a>, keys: &[SortKey]) -> Self {
        let paths: Vec<Path> = keys
            .iter()
            .map(|key| key.path.clone().unwrap_or_default())
            .collect();
        Self {
            inner,
            keys: keys.to_vec(),
            picker: Picker::new(&paths),
            text: Text::default(),
            sorter: Sorter::new(keys),
            met: vec![false; keys.len()],
            first: None,
        }
    }

    fn report(&mut self) -> io::Result<()> {
        for text in self.sorter.take() {
            replay(&text, &mut self.inner)?;
            self.inner.end_value()?;
        }
        Ok(())
    }
}

impl Sink for Sorted<'_> {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        self.picker.begin(kind)?;
        self.text.begin(kind)
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.picker.end(kind)?;
        self.text.end(kind)
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.picker.key(bytes, part)?;
        self.text.key(bytes, part)
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.picker.scalar(kind, bytes, part)?;
        self.text.scalar(kind, bytes, part)
    }

    fn colon(&mut self) -> io::Result<()> {
        self.picker.colon()?;
        self.text.colon()
    }

    fn comma(&mut self) -> io::Result<()> {
        self.picker.comma()?;
        self.text.comma()
    }
}

impl Values for Sorted<'_> {
    fn end_value(&mut self) -> io::Result<()> {
        let keys = (0..self.keys.len())
            .map(|at| {
                let text = self.picker.get(at);
                self.met[at] |= text.is_some();
                SortValue::of(text)
            })
            .collect();
        let text = std::mem::take(&mut self.text.0);
        self.first.get_or_insert_with(|| text.clone());
        let size = text.len();
        self.sorter.add(keys, text, size)?;
        self.picker.clear();
        Ok(())
    }
}

impl Output for Sorted<'_> {
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.report()?;
        self.inner.finish()
    }

    fn break_off(&mut self) -> io::Result<()> {
        self.report()?;
        self.inner.break_off()
    }

    fn report(&mut self) -> Report {
        let mut report = self.inner.report();
        if let Some(first) = &self.first {
            let keys = self.keys.iter().zip(&self.met);
            for (key, _) in keys.filter(|(_, met)| !**met) {
                report.notes.push(missed("--sort", &key.name, first));
            }
            report.is_wanting |= !self.met.contains(&true);
        }
        report
    }
}
