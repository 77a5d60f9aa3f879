//! The members of a row that a template names, and what is wrong where they are not there. Pure.

use crate::error::Failure;
use crate::json::{Path, Picker, Step, replay};

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
pub struct Members<'a> {
    names: &'a [String],
    row: &'a [u8],
    /// The JSON of each; `None` where it is missing or null.
    values: std::rc::Rc<Vec<Option<String>>>,
    /// Where an empty text is refused.
    filled: Option<&'static str>,
}

impl<'a> Members<'a> {
    /// Finds the members of these names, which stand at these [`places`].
    pub fn of(row: &'a [u8], names: &'a [String], places: &[Path]) -> Result<Self, Failure> {
        let mut picker = Picker::new(places);
        replay(row, &mut picker).map_err(|e| Failure::usage(format!("not JSON: {e}")))?;
        let mut values = Vec::with_capacity(names.len());
        for number in 0..names.len() {
            let found = picker
                .get(2 * number)
                .or_else(|| picker.get(2 * number + 1));
            let found = found.filter(|text| *text != b"null");
            values.push(found.map(|text| String::from_utf8_lossy(text).into_owned()));
        }
        Ok(Self {
            names,
            row,
            values: values.into(),
            filled: None,
        })
    }

    /// The same members where an empty one is refused.
    pub fn filled(&self, place: &'static str) -> Self {
        Self {
            values: std::rc::Rc::clone(&self.values),
            filled: Some(place),
            ..*self
        }
    }

    /// The JSON of a member.
    pub fn json(&self, number: usize) -> Result<&str, Failure> {
        let value = self.values.get(number).and_then(Option::as_deref);
        value.ok_or_else(|| self.missing(&self.names[number]))
    }

    /// The text of a member; the JSON of what is no string.
    pub fn text(&self, number: usize) -> Result<String, Failure> {
        let json = self.json(number)?;
        let text = if json.starts_with('"') {
            serde_json::from_str(json).map_err(|_| {
                let name = &self.names[number];
                Failure::usage(format!("`{{{name}}}` has half a surrogate pair in it"))
            })?
        } else {
            json.to_owned()
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
        let object: Option<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_slice(self.row).ok();
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
