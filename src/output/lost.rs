//! What a table of separated values cannot keep of the documents in it.
//!
//! Looks at cells while they pass, and says once what reading the table back would not give
//! again. Must not know who writes the table, or which.

use super::cell::CellText;

/// What was seen that is lost.
#[derive(Debug, Default)]
pub struct Lost {
    empty: bool,
    typed: bool,
    nested: bool,
}

impl Lost {
    /// Looks at the cells of a row.
    pub fn see(&mut self, row: &[CellText<'_>]) {
        for cell in row {
            match cell.as_deref().and_then(<[u8]>::first) {
                None | Some(b'n') => self.empty = true,
                Some(b'"') => {}
                Some(b'{' | b'[') => self.nested = true,
                Some(_) => self.typed = true,
            }
        }
    }

    /// Returns what was lost, in one sentence.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let lost: Vec<&str> = [
            (
                self.typed,
                "numbers and booleans are text (`import --types` or `--guess-types` reads them)",
            ),
            (
                self.empty,
                "null and missing members are empty cells, as empty strings are",
            ),
            (
                self.nested,
                "lists and objects are their JSON (`import --types NAME=json` reads it)",
            ),
        ]
        .into_iter()
        .filter_map(|(is_lost, text)| is_lost.then_some(text))
        .collect();
        (!lost.is_empty()).then(|| {
            format!(
                "a table does not keep all that ndjson keeps: {}",
                lost.join("; ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_said_once() {
        for (cells, want) in [
            (&["\"a\"", "\"\""][..], &[][..]),
            (&["1", "true"], &["numbers and booleans"]),
            (&["null", "[]"], &["null and missing", "lists and objects"]),
            (&["", "{}", "-1"], &["numbers", "null", "lists"]),
        ] {
            let mut lost = Lost::default();
            let row: Vec<CellText<'_>> = (cells.iter())
                .map(|c| (!c.is_empty()).then_some(c.as_bytes().into()))
                .collect();
            lost.see(&row);
            lost.see(&row);
            let note = lost.note().unwrap_or_default();
            assert_eq!(note.is_empty(), want.is_empty(), "{note}");
            for want in want {
                assert_eq!(note.matches(want).count(), 1, "{note}");
            }
        }
    }
}
