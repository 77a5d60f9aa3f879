//! A ready request as it is written: what is wrong with it, and what of it is not shown. Pure.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::Failure;
use crate::header;
use crate::secret::MASK;

/// The members of a ready request.
const MEMBERS: [&str; 6] = ["method", "path", "op", "items", "body", "headers"];

const SHAPE: &str = "a row is `{\"method\":\"POST\",\"path\":\"/tags/\",\"items\":[\"name=a\"]}`; with METHOD and PATH on the command line it is data";

/// The members of a row as they are written: no number has to fit a type.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Reads a row. Fails where it is no ready request by its members' names.
    fn of(row: &'a [u8]) -> Result<Self, Failure> {
        let members: Self = serde_json::from_slice(row)
            .map_err(|_| Failure::usage("not a ready request: not an object").hint(SHAPE))?;
        for (at, (name, _)) in members.0.iter().enumerate() {
            if !MEMBERS.contains(&name.as_str()) {
                let message = format!("a ready request has no member `{name}`");
                let known = format!("its members are `{}`", MEMBERS.join("`, `"));
                return Err(Failure::usage(message).hint(known));
            }
            if members.0[..at].iter().any(|(before, _)| before == name) {
                return Err(Failure::usage(format!("`{name}` is there twice")));
            }
        }
        Ok(members)
    }

    /// The JSON of a member; `None` where it is missing or null.
    fn json(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, json)| json.get())
            .filter(|json| *json != "null")
    }

    /// The value of a member; `None` where it is missing or null. Fails where it is not `a_kind`.
    fn get<T: Deserialize<'a>>(&self, name: &str, a_kind: &str) -> Result<Option<T>, Failure> {
        let value = self.json(name).map(serde_json::from_str).transpose();
        value.map_err(|_| Failure::usage(format!("`{name}` is not {a_kind}")).hint(SHAPE))
    }

    /// A member that has to be there, and to say something.
    fn filled(&self, name: &str) -> Result<String, Failure> {
        match self.get::<String>(name, "a string")? {
            None => Err(Failure::usage(format!("`{name}` is missing or null")).hint(SHAPE)),
            Some(text) if text.is_empty() => Err(Failure::usage(format!("`{name}` is empty"))),
            Some(text) => Ok(text),
        }
    }

    fn headers(&self) -> Result<Option<Map<String, Value>>, Failure> {
        self.get("headers", "an object of strings")
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(MEMBERS.len());
                while let Some((name, json)) = map.next_entry::<String, _>()? {
                    members.push((name, json));
                }
                Ok(members)
            }
        }
        source.deserialize_map(All).map(Self)
    }
}

/// Says what is wrong with a row.
#[must_use]
pub fn fault(row: &[u8]) -> Failure {
    let find = || {
        let members = Members::of(row)?;
        members.filled("method")?;
        members.filled("path")?;
        members.get::<String>("op", "a string")?;
        members.get::<Vec<String>>("items", "a list of strings")?;
        members.headers()?;
        Ok(())
    };
    let found: Result<(), Failure> = find();
    found
        .err()
        .unwrap_or_else(|| Failure::usage("not a ready request").hint(SHAPE))
}

/// Masks the secrets in the headers of a row; `None` where it has none.
#[must_use]
pub fn masked(row: &[u8]) -> Option<Vec<u8>> {
    let members = Members::of(row).ok()?;
    let mut headers = members.headers().ok()??;
    let mut secret = headers
        .iter_mut()
        .filter(|(name, _)| header::is_secret(name))
        .peekable();
    secret.peek()?;
    secret.for_each(|(_, value)| *value = MASK.into());
    let json = members.json("headers")?;
    // The member is a part of the row.
    let begins = json.as_ptr().addr() - row.as_ptr().addr();
    let rest = row.get(begins + json.len()..)?;
    let mut shown = row.get(..begins)?.to_vec();
    serde_json::to_writer(&mut shown, &headers).ok()?;
    shown.extend_from_slice(rest);
    Some(shown)
}
