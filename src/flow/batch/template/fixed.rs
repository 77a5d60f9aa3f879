//! What of an item no row fills in: its name, and the file that it names. Pure.

use crate::error::Failure;
use crate::request::item::{Item, Source};

use super::text::Text;

/// Refuses a place for a member where none is filled: in the name of an item, and of a file.
pub fn check(item: &Item) -> Result<(), Failure> {
    let has_place = |text: &str| {
        let mut names = Vec::new();
        Text::parse(text, &mut names).is_ok() && !names.is_empty()
    };
    let (name, source) = match item {
        Item::Field(key, source) | Item::Json(key, source) | Item::Part(key, source, _) => {
            (key.text.as_str(), Some(source))
        }
        Item::Named(key, _) => (key.text.as_str(), None),
        Item::Query(name, _) | Item::Header(name, _) => (name.as_str(), None),
        Item::Body(source, _) => ("", Some(source)),
    };
    if has_place(name) {
        return Err(Failure::usage(format!(
            "`{name}` is the name of an item, and only values are filled in"
        ))
        .hint("rows that are requests name their own: `{\"method\":…,\"path\":…,\"items\":[\"k=v\"]}`"));
    }
    match source {
        Some(Source::File(path)) if has_place(&path.to_string_lossy()) => {
            let path = path.display();
            Err(Failure::usage(format!("`@{path}`: a row names no file"))
                .hint("the value itself is a member of the row: `k={name}`"))
        }
        _ => Ok(()),
    }
}
