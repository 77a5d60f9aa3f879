//! The value of one cell: JSON on its way through rows, plain text where it is written.

use std::borrow::Cow;

use super::values::text_of;

/// The JSON text of a cell; `None` where the element has no such value.
pub type CellText<'a> = Option<Cow<'a, [u8]>>;

/// Returns the text that a JSON value stands for; `null` is empty.
#[must_use]
pub fn cell_text(json: &[u8]) -> Cow<'_, str> {
    match json.first() {
        Some(b'n') | None => Cow::Borrowed(""),
        Some(b'"') => Cow::Owned(text_of(json)),
        Some(_) => String::from_utf8_lossy(json),
    }
}
