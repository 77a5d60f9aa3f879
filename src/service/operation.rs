//! What an operation of a service is: method, path, parameters and the words that explain them.
//!
//! Each service fills these out of its own description; what lists, completes or explains
//! operations knows this shape and no service.

use serde::Serialize;

/// An operation that a server offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// The method, in capitals.
    pub method: String,
    /// The path as `apicall` takes it; `{name}` stands for one segment.
    pub path: String,
    /// The MAAS operation that `--op` names.
    pub op: Option<String>,
    /// The service's short name for it, as `create` or `deploy`.
    pub name: String,
    /// What it belongs to, as the service names it: `machines`.
    pub group: String,
    /// A summary of one line, without a final period.
    pub summary: String,
    /// The rest of the text: paragraphs parted by a blank line; may be empty.
    pub help: String,
    /// Whether it is there with a key.
    pub signed: bool,
    /// Whether it is there without.
    pub anonymous: bool,
    /// The parameters: those of the path first, in their order there.
    pub parameters: Vec<Parameter>,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it is sent.
    pub place: ParameterPlace,
    /// Its type as the description calls it, in lower case; empty where it is not known.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether the call fails without it.
    pub required: bool,
    /// What counts where it is not given.
    pub default: Option<String>,
    /// What it means; paragraphs parted by a blank line; may be empty.
    pub help: String,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterPlace {
    /// As a segment of the path.
    Path,
    /// In the query.
    Query,
    /// As a field or member of the body.
    Body,
    /// As a file part of the body.
    File,
    /// As a header.
    Header,
    /// As the body itself, which has no members.
    Whole,
}

impl Operation {
    /// Returns whether a path, as typed and without its query, is one of this operation. A final
    /// slash does not count.
    #[must_use]
    pub fn has_path(&self, path: &str) -> bool {
        let mut typed = segments(path);
        let mut own = segments(&self.path);
        loop {
            match (own.next(), typed.next()) {
                (None, None) => return true,
                (Some(own), Some(typed)) if is_placeholder(own) || own == typed => {}
                _ => return false,
            }
        }
    }
}

/// Returns the segments of a path, without regard to slashes at its ends.
pub fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_matches('/').split('/')
}

/// Returns whether a segment stands for any: `{system_id}`.
#[must_use]
pub fn is_placeholder(segment: &str) -> bool {
    placeholder(segment).is_some()
}

/// Returns the name in `{system_id}`.
#[must_use]
pub fn placeholder(segment: &str) -> Option<&str> {
    segment
        .strip_prefix('{')?
        .strip_suffix('}')
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_their_template() {
        let operation = |path: &str| Operation {
            method: "GET".to_owned(),
            path: path.to_owned(),
            op: None,
            name: "read".to_owned(),
            group: String::new(),
            summary: String::new(),
            help: String::new(),
            signed: true,
            anonymous: false,
            parameters: Vec::new(),
        };
        for (own, typed, want) in [
            ("/machines/", "/machines/", true),
            ("/machines/", "machines", true),
            ("/machines/{system_id}/", "/machines/4y3h7n/", true),
            ("/machines/{system_id}/", "/machines/", false),
            ("/machines/", "/machines/4y3h7n", false),
            ("/scripts/{name}", "/scripts/a", true),
            ("/nodes/{a}/interfaces/{b}/", "/nodes/x/blocks/1/", false),
        ] {
            assert_eq!(operation(own).has_path(typed), want, "{own} {typed}");
        }
    }
}
