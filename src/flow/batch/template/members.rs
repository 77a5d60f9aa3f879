//! The members of a row that a template names, and what is wrong where they are not there. Pure.

use std::borrow::Cow;

use crate::error::Failure;
use crate::json::{Path, Picker, Step, replay};
use crate::service::members::members;

/// The places of members: one of that name goes before one inside another.
pub fn places(names: &[String]) -> Vec<Path> {
    let key = |text: &str| Step::Key(text.into());
    let of = |name: &String| match name.as_str() {
        "" => [Path::new(), Path::new()],
        name => [vec![key(name)], name.split('.').map(key).collect()],
    };
    names.iter().flat_map(of).collect()
}

/// The members of a row that a template names.
#[derive(Clone, Copy)]
pub struct Members<'a> {
    names: &'a [String],
    row: &'a [u8],
    found: Found<'a>,
    /// Where an empty text is refused.
    filled: Option<&'static str>,
}

/// The values of members.
#[derive(Clone, Copy)]
enum Found<'a> {
    /// The row has no members, and is the value without a name.
    Row,
    /// Two places for each name, the first of which goes before.
    Picked(&'a Picker),
}

impl<'a> Members<'a> {
    /// Finds the members of these names; the picker is one for their [`places`].
    pub fn of(row: &'a [u8], names: &'a [String], picker: &'a mut Picker) -> Result<Self, Failure> {
        let found = if matches!(row.first(), Some(b'{' | b'[')) {
            picker.clear();
            replay(row, picker).map_err(|e| Failure::usage(format!("not JSON: {e}")))?;
            Found::Picked(picker)
        } else {
            // Most rows of a long batch are lines.
            Found::Row
        };
        Ok(Self {
            names,
            row,
            found,
            filled: None,
        })
    }

    /// The same members where an empty one is refused.
    pub fn filled(self, place: &'static str) -> Self {
        Self {
            filled: Some(place),
            ..self
        }
    }

    /// The JSON of a member.
    pub fn json(&self, number: usize) -> Result<Cow<'a, str>, Failure> {
        let name = &self.names[number];
        let value = match self.found {
            Found::Row => Some(self.row).filter(|_| name.is_empty()),
            Found::Picked(picker) => {
                (picker.get(2 * number)).or_else(|| picker.get(2 * number + 1))
            }
        };
        value
            .filter(|json| *json != b"null")
            .map(String::from_utf8_lossy)
            .ok_or_else(|| self.missing(name))
    }

    /// The text of a member; the JSON of what is no string.
    pub fn text(&self, number: usize) -> Result<Cow<'a, str>, Failure> {
        let json = self.json(number)?;
        let text = if json.starts_with('"') {
            unquoted(json).map_err(|_| {
                let name = &self.names[number];
                Failure::usage(format!("`{{{name}}}` has half a surrogate pair in it"))
            })?
        } else {
            json
        };
        if text.is_empty()
            && let Some(place) = self.filled
        {
            let name = &self.names[number];
            return Err(Failure::usage(format!(
                "`{{{name}}}` is empty, and stands in {place}"
            )));
        }
        Ok(text)
    }

    fn missing(&self, name: &str) -> Failure {
        let object = members(self.row);
        let what = match name {
            "" => "the row is null".to_owned(),
            name => format!("`{name}` is missing or null"),
        };
        let failure = Failure::usage(what);
        match object {
            None => failure.hint(
                "the row has no members: `{}` is all of it, and `--from-format` says what it is",
            ),
            Some(object) => {
                let mut names: Vec<String> = object
                    .keys()
                    .take(12)
                    .map(|name| format!("`{name}`"))
                    .collect();
                if object.len() > names.len() {
                    names.push("…".to_owned());
                }
                failure.hint(format!("the row has {}", names.join(", ")))
            }
        }
    }
}

/// The text of a JSON string.
fn unquoted(json: Cow<'_, str>) -> Result<Cow<'_, str>, serde_json::Error> {
    match json {
        Cow::Borrowed(json) if !json.contains('\\') => Ok(Cow::Borrowed(&json[1..json.len() - 1])),
        json => serde_json::from_str(&json).map(Cow::Owned),
    }
}
