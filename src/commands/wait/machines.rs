//! Determines which machines are meant: ids, names, lists from standard input.
//!
//! Names are looked up together, in one filtered request where the server has the filter.

use std::io::Read as _;

use crate::error::{Exit, Failure};
use crate::flow::lookup::look_up;
use crate::service::maas::lookup::{ThingKind, Wanted};
use crate::session::Session;
use crate::ui::Ui;

/// A machine as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By its id.
    Id(String),
    /// By something else, without the `@`.
    Name(String),
}

/// Reads the arguments, and standard input where one of them is `-`; none where only that names
/// machines, and holds no line.
pub fn read(typed: &[String]) -> Result<Vec<Named>, Failure> {
    let mut named = Vec::new();
    for word in typed {
        if word == "-" {
            for line in listed()? {
                named.push(parse(&line)?);
            }
        } else {
            named.push(parse(word)?);
        }
    }
    Ok(named)
}

/// Returns the lines of standard input that are not blank.
pub fn listed() -> Result<Vec<String>, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| Failure::new(Exit::Other, format!("standard input: {e}")))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

fn parse(word: &str) -> Result<Named, Failure> {
    if let Some(name) = word.strip_prefix('@').filter(|n| !n.is_empty()) {
        return Ok(Named::Name(name.to_owned()));
    }
    if let Some(id) = id_in(word) {
        return Ok(match id.strip_prefix('@') {
            Some(name) => Named::Name(name.to_owned()),
            None => Named::Id(id),
        });
    }
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if word.is_empty() {
        return Err(Failure::usage("the machine's id is empty").hint("is a variable unset?"));
    }
    if !word.chars().all(is_id) {
        return Err(Failure::usage(format!("`{word}` is not the id of a machine"))
            .hint("a name or an address is written with `@`, e.g. `@node18`; `-r` prints ids without quotes"));
    }
    Ok(Named::Id(word.to_owned()))
}

/// The id in the path of a machine, as in a `resource_uri`.
pub fn id_in(path: &str) -> Option<String> {
    let (_, rest) = path.rsplit_once("machines/")?;
    let id = rest.trim_end_matches('/');
    (!id.is_empty() && !id.contains(['/', '?'])).then(|| id.to_owned())
}

/// The ids of all machines, each once. Names are asked for together.
pub fn resolve(session: &Session, named: &[Named], ui: &mut Ui) -> anyhow::Result<Vec<String>> {
    let wanted: Vec<Wanted> = named
        .iter()
        .filter_map(|named| match named {
            Named::Id(_) => None,
            Named::Name(name) => Some(Wanted {
                kind: ThingKind::Machine,
                name: name.clone(),
            }),
        })
        .collect();
    let label = session.profile.label();
    let mut found = look_up(session, label, &wanted, &mut ui.hear())?.into_iter();
    let mut ids: Vec<String> = Vec::new();
    for named in named {
        let id = match named {
            Named::Id(id) => Some(id.clone()),
            Named::Name(_) => found.next(),
        };
        ids.extend(id.filter(|id| !ids.contains(id)));
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_name_machines() {
        let id = |id: &str| Named::Id(id.to_owned());
        let name = |name: &str| Named::Name(name.to_owned());
        for (word, named) in [
            ("4y3h7n", id("4y3h7n")),
            ("@node18", name("node18")),
            ("@52:54:00:aa:bb:cc", name("52:54:00:aa:bb:cc")),
            ("/machines/4y3h7n/", id("4y3h7n")),
            ("/MAAS/api/2.0/machines/4y3h7n/", id("4y3h7n")),
            ("machines/@node18", name("node18")),
        ] {
            assert_eq!(parse(word).unwrap(), named, "{word}");
        }
        for word in [
            "",
            "@",
            "\"4y3h7n\"",
            "node18.maas",
            "/machines/",
            "/machines/a/b/",
            "a b",
        ] {
            assert!(parse(word).is_err(), "{word}");
        }
    }
}
