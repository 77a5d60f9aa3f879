//! Puts values into an order before they are written, for forms that have no columns.

use std::io;

use crate::json::{Container, Part, Path, Picker, Scalar, Sink, Text, Values, replay};

use super::columns::SortKey;
use super::order::{Key, Sorter};
use super::values::Output;

/// Keeps all values and tells them in order at the end. Memory is that of their texts.
pub struct Sorted<'a> {
    inner: Box<dyn Output + 'a>,
    keys: Vec<SortKey>,
    picker: Picker,
    text: Text,
    sorter: Sorter<Vec<u8>>,
    /// Whether a key has led to something in any value.
    met: Vec<bool>,
    any: bool,
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
            any: false,
        }
    }

    fn tell(&mut self) -> io::Result<()> {
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

    fn key(&mut self, bytes: &[u8], part: Part) -> io::Result<()> {
        self.picker.key(bytes, part)?;
        self.text.key(bytes, part)
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: Part) -> io::Result<()> {
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
                Key::of(text)
            })
            .collect();
        self.sorter.add(keys, std::mem::take(&mut self.text.0));
        self.picker.clear();
        self.any = true;
        Ok(())
    }
}

impl Output for Sorted<'_> {
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.tell()?;
        self.inner.finish()
    }

    fn break_off(&mut self) -> io::Result<()> {
        self.tell()?;
        self.inner.break_off()
    }

    fn notes(&mut self) -> Vec<String> {
        let mut notes = self.inner.notes();
        if self.any {
            notes.extend(missed_keys(&self.keys, self.met.iter().copied()));
        }
        notes
    }
}

/// Tells of keys that no element has.
pub fn missed_keys(
    keys: &[SortKey],
    met: impl IntoIterator<Item = bool>,
) -> impl Iterator<Item = String> {
    let missed = keys.iter().zip(met).filter(|(_, met)| !*met);
    missed.map(|(key, _)| format!("`--sort`: no element has `{}`", key.name))
}
