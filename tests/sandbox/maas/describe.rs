//! `describe/`: what this MAAS says of itself, and its hash.
//!
//! Every worker's response names the hash; the description itself does not. A test can change it while the sandbox runs, or serve
//! another document. The `uri` members follow the Host header of the request, the `path` members do not.

use std::path::Path;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::super::lock;
use super::super::response::Response;

const DESCRIBE: &str = include_str!("../fixtures/describe.json");

/// The document that is served.
pub struct Describe(Mutex<Value>);

impl Describe {
    /// The fixture, or the document in a file.
    ///
    /// # Panics
    ///
    /// Where the file can not be read or is not JSON.
    pub fn new(file: Option<&Path>) -> Self {
        let text = match file {
            Some(path) => std::fs::read_to_string(path).expect("the description can be read"),
            None => DESCRIBE.to_owned(),
        };
        Self(Mutex::new(
            serde_json::from_str(&text).expect("the description is JSON"),
        ))
    }

    /// The hash that answers name.
    pub fn hash(&self) -> String {
        lock(&self.0)["hash"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// A copy of the document.
    pub fn document(&self) -> Value {
        lock(&self.0).clone()
    }

    /// Another document, with the hash that it holds.
    pub fn replace(&self, document: Value) {
        *lock(&self.0) = document;
    }

    /// The same document under another hash.
    pub fn set_hash(&self, hash: &str) {
        lock(&self.0)["hash"] = json!(hash);
    }

    /// The response to a request for `origin`, the scheme and the Host header.
    ///
    /// `handlers` repeats the halves of all resources, as the real one does for old clients.
    pub fn response(&self, origin: &str) -> Response {
        let mut document = self.document();
        let resources = document["resources"].as_array_mut();
        let mut handlers = Vec::new();
        for resource in resources.into_iter().flatten() {
            for half in ["anon", "auth"] {
                let half = &mut resource[half];
                if let Some(path) = half["path"].as_str() {
                    half["uri"] = json!(format!("{origin}{path}"));
                    handlers.push(half.clone());
                }
            }
        }
        document["handlers"] = Value::Array(handlers);
        Response::json_indented(200, &document)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::route;
    use super::*;

    #[test]
    fn the_fixture_describes_what_the_routes_do() {
        let document = Describe::new(None).document();
        for resource in document["resources"].as_array().unwrap() {
            for (half, signed) in [("auth", true), ("anon", false)] {
                let half = &resource[half];
                let Some(path) = half["path"].as_str() else {
                    continue;
                };
                let said: BTreeSet<(String, Option<String>)> = half["actions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|action| {
                        let text = |name: &str| action[name].as_str().map(str::to_owned);
                        (text("method").unwrap(), text("op"))
                    })
                    .collect();
                let filled = path.replace(['{', '}'], "");
                let done: BTreeSet<(String, Option<String>)> = route::find(&filled)
                    .unwrap_or_else(|_| panic!("no route for {path}"))
                    .operations()
                    .iter()
                    .filter(|operation| {
                        if signed {
                            operation.signed
                        } else {
                            operation.anonymous
                        }
                    })
                    .map(|operation| (operation.method.to_owned(), operation.op.map(str::to_owned)))
                    .collect();
                assert_eq!(said, done, "{path}");
            }
        }
    }
}
