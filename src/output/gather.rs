//! The members that the elements of lists in an element have, as one list. Pure.

use serde_json::Value;

use crate::json::{Path, Step};

/// Where members are gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gather {
    list: String,
    members: Vec<String>,
}

impl Gather {
    /// Reads `nics.links.ip`: the `ip` of each of `links` of each of `nics`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut names = text.split('.').map(str::to_owned);
        Some(Self {
            list: names.next()?,
            members: names.collect(),
        })
    }

    /// The place of the outermost list.
    #[must_use]
    pub fn list(&self) -> Path {
        vec![Step::Key(self.list.as_str().into())]
    }

    /// The JSON list of the members, but for nulls, in the text of the outermost list.
    #[must_use]
    pub fn of(&self, list: &[u8]) -> Option<Vec<u8>> {
        let list: Value = serde_json::from_slice(list).ok()?;
        let mut found = Vec::new();
        gather(&list, &self.members, &mut found);
        serde_json::to_vec(&found).ok()
    }
}

fn gather<'v>(value: &'v Value, members: &[String], found: &mut Vec<&'v Value>) {
    match (value, members) {
        (Value::Array(elements), _) => {
            for element in elements {
                gather(element, members, found);
            }
        }
        (Value::Object(object), [name, rest @ ..]) => {
            if let Some(member) = object.get(name) {
                gather(member, rest, found);
            }
        }
        (Value::Null, _) | (_, [_, ..]) => {}
        (value, []) => found.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_lists_in_lists_are_gathered() {
        let gather = Gather::new("nics.links.ip").unwrap();
        for (list, want) in [
            (
                r#"[{"links":[{"ip":"a"},{"ip":null},{}]},{"links":[]},{},{"links":[{"ip":"b"}]}]"#,
                r#"["a","b"]"#,
            ),
            ("[]", "[]"),
            ("null", "[]"),
            (r#"["x"]"#, "[]"),
        ] {
            let found = gather.of(list.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(found).unwrap(), want, "{list}");
        }
    }
}
