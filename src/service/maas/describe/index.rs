//! The names in a description: each method, path and op with its parameters, small enough to be
//! read beside a call.
//!
//! Text, a line each: the hash first, then `METHOD PATH OP NAME…` with `-` where there is no op.
//! [`Index`] finds what explains a refused call, or what in a call the server would not look at.

use crate::service::operation::{Operation, ParameterPlace, segments};

/// The names of one MAAS's operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The hash of the description it was made of.
    pub hash: String,
    text: String,
}

/// A line of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The method.
    pub method: &'a str,
    /// The path below the API root, `{name}` for what varies.
    pub path: &'a str,
    /// The operation.
    pub op: Option<&'a str>,
    parameters: &'a str,
}

impl Index {
    /// Returns the index of operations.
    #[must_use]
    pub fn new(hash: &str, operations: &[Operation]) -> Self {
        let mut text = format!("{hash}\n");
        for operation in operations {
            let op = operation.op.as_deref().unwrap_or("-");
            text.push_str(&format!("{} {} {op}", operation.method, operation.path));
            for parameter in &operation.parameters {
                if parameter.place != ParameterPlace::Path
                    && !parameter.name.contains(char::is_whitespace)
                {
                    text.push(' ');
                    text.push_str(&parameter.name);
                }
            }
            text.push('\n');
        }
        Self {
            hash: hash.to_owned(),
            text,
        }
    }

    /// Reads what [`Self::text`] gave.
    #[must_use]
    pub fn parse(text: String) -> Option<Self> {
        let hash = text.split_once('\n')?.0.to_owned();
        (!hash.is_empty()).then_some(Self { hash, text })
    }

    /// Returns the index as a cache keeps it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its lines.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.text.lines().skip(1).filter_map(Entry::read)
    }

    /// Lists the operations of a path below the API root.
    pub fn of_path<'a>(&'a self, route: &'a str) -> impl Iterator<Item = Entry<'a>> {
        self.entries().filter(move |entry| entry.has_path(route))
    }

    /// Finds one operation.
    #[must_use]
    pub fn find(&self, method: &str, route: &str, op: Option<&str>) -> Option<Entry<'_>> {
        self.entries()
            .find(|e| e.method == method && e.op == op && e.has_path(route))
    }
}

impl<'a> Entry<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut words = line.splitn(4, ' ');
        Some(Self {
            method: words.next()?,
            path: words.next()?,
            op: words.next().filter(|op| *op != "-"),
            parameters: words.next().unwrap_or_default(),
        })
    }

    fn has_path(&self, route: &str) -> bool {
        let (mut own, mut typed) = (segments(self.path), segments(route));
        loop {
            match (own.next(), typed.next()) {
                (None, None) => return true,
                (Some(own), Some(typed)) if own.starts_with('{') || own == typed => {}
                _ => return false,
            }
        }
    }

    /// Returns the names of its parameters, without those of the path.
    pub fn parameters(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.parameters.split(' ').filter(|name| !name.is_empty())
    }

    /// Returns whether it is known to take none of that name. Power parameters are not described,
    /// where `key` is all that is described any name will do (`set_workload_annotations`), and what
    /// describes nothing may take anything.
    #[must_use]
    pub fn lacks(&self, name: &str) -> bool {
        !matches!(self.parameters, "" | "key")
            && !name.starts_with("power_parameters")
            && self.parameters().all(|own| own != name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Description;
    use super::*;

    fn index() -> Index {
        let fixture = include_bytes!("../../../../tests/fixtures/maas-describe.json");
        let description = Description::parse(fixture).unwrap();
        Index::new(&description.hash, &description.operations())
    }

    #[test]
    fn it_reads_what_it_wrote() {
        let index = index();
        assert_eq!(Index::parse(index.text().to_owned()), Some(index.clone()));
        for broken in ["", "\n", "abc"] {
            assert_eq!(Index::parse(broken.to_owned()), None, "{broken:?}");
        }
        let calls = index.entries().count();
        assert_eq!(calls, 6);
    }

    #[test]
    fn operations_and_their_parameters() {
        let index = index();
        let deploy = index
            .find("POST", "/machines/4y3h7n/", Some("deploy"))
            .unwrap();
        assert!(!deploy.lacks("distro_series"));
        assert!(deploy.lacks("distro") && deploy.lacks("system_id"));
        assert!(!deploy.lacks("power_parameters_power_user"));
        assert_eq!(index.find("GET", "/machines/4y3h7n/", Some("deploy")), None);
        let ops: Vec<_> = index.of_path("machines").map(|e| e.op).collect();
        assert_eq!(ops, [None, Some("is_registered"), None]);
        for open in ["POST /x/ set_workload_annotations key", "POST /x/ -"] {
            assert!(!Entry::read(open).unwrap().lacks("any"), "{open}");
        }
    }
}
