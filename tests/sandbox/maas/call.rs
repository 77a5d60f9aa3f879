//! One operation's input, put together as Django and MAAS do it.
//!
//! GET and DELETE read the query, POST and PUT read the body only: a parameter in a POST's query is silently ignored, and the
//! machine that gets allocated is another one.

use super::super::form;
use super::super::record::Recorded;
use super::super::response::Response;
use super::auth::Caller;
use super::route::Route;
use serde_json::{Map, Value};

/// A file that came as a part of a form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field.
    pub field: String,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// The input of one operation.
pub struct Call<'a> {
    /// The method.
    pub method: &'a str,
    /// The operation's name, from path, query or form.
    pub op: Option<String>,
    /// Who calls.
    pub caller: Caller,
    /// `http://127.0.0.1:PORT`, for absolute links.
    pub origin: &'a str,
    parameters: Vec<(String, String)>,
    uploads: Vec<Upload>,
}

impl<'a> Call<'a> {
    /// Reads a request.
    pub fn new(request: &'a Recorded, route: &Route, caller: Caller, origin: &'a str) -> Self {
        let query = request.query_pairs();
        let in_body = matches!(request.method.as_str(), "POST" | "PUT");
        let (mut parameters, mut uploads) = (Vec::new(), Vec::new());
        if !in_body {
            parameters.clone_from(&query);
        } else if let Some(parts) = request.multipart() {
            for part in parts {
                if part.filename.is_some() {
                    uploads.push(Upload {
                        field: part.name,
                        data: part.data,
                    });
                } else {
                    parameters.push((part.name, String::from_utf8_lossy(&part.data).into_owned()));
                }
            }
        } else if request.is_type("application/json") {
            parameters = json_parameters(&request.body);
        } else {
            parameters = request.form();
        }
        let named = |pairs: &[(String, String)]| {
            pairs
                .iter()
                .find(|(key, _)| key == "op")
                .map(|(_, value)| value.clone())
                .filter(|op| !op.is_empty())
        };
        let from_form = || {
            if request.method == "POST" {
                named(&parameters)
            } else {
                None
            }
        };
        let op = route
            .op
            .clone()
            .or_else(|| named(&query))
            .or_else(from_form);
        Self {
            method: &request.method,
            op,
            caller,
            origin,
            parameters,
            uploads,
        }
    }

    /// The method and operation to match on.
    pub fn what(&self) -> (&str, Option<&str>) {
        (self.method, self.op.as_deref())
    }

    /// The last value of a parameter, as Django takes it where one is wanted.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a parameter.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.parameters
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The names of all parameters, but `op` and `format`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters
            .iter()
            .map(|(key, _)| key.as_str())
            .filter(|key| !matches!(*key, "op" | "format"))
    }

    /// All parameters with their values, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The bytes of a file field.
    pub fn upload(&self, field: &str) -> Option<&[u8]> {
        self.uploads
            .iter()
            .find(|upload| upload.field == field)
            .map(|upload| upload.data.as_slice())
    }

    /// The user's name; empty for nobody.
    pub fn user(&self) -> &str {
        match &self.caller {
            Caller::User(name) => name,
            Caller::Nobody => "",
        }
    }

    /// Says which of the fields are missing, as Django's forms do.
    pub fn require(&self, fields: &[&str]) -> Result<(), Response> {
        let missing: Map<String, Value> = fields
            .iter()
            .filter(|field| {
                self.first(field).is_none_or(str::is_empty) && self.upload(field).is_none()
            })
            .map(|field| {
                (
                    (*field).to_owned(),
                    serde_json::json!(["This field is required."]),
                )
            })
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Response::json(400, &Value::Object(missing)))
        }
    }
}

/// What handlers that read JSON make of it: an object's members as parameters, lists as repeated keys.
fn json_parameters(body: &[u8]) -> Vec<(String, String)> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    members
        .iter()
        .flat_map(|(key, value)| match value {
            Value::Array(items) => items.iter().map(|item| (key.clone(), text(item))).collect(),
            other => vec![(key.clone(), text(other))],
        })
        .collect()
}

/// A single field's complaint.
pub fn invalid(field: &str, message: impl Into<String>) -> Response {
    let message: String = message.into();
    Response::json(400, &serde_json::json!({ field: [message] }))
}

/// What Django says where a lookup finds nothing.
pub fn not_found(what: &str) -> Response {
    Response::text(404, format!("No {what} matches the given query."))
}

/// What a plain user hears.
pub fn forbidden() -> Response {
    Response::text(403, "Forbidden")
}

/// A form's yes.
pub fn is_true(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "1" | "true" | "on" | "yes"
    )
}

/// Encodes a name for a link in a response.
pub fn encode(name: &str) -> String {
    name.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Encodes a name or value for a query, as Python's `urlencode` does.
pub fn encode_query(text: &str) -> String {
    encode(text).replace('/', "%2F").replace("%20", "+")
}

/// Shows that `form` is what decodes here, not only what encodes.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lists_are_repeated_keys() {
        let found = json_parameters(br#"{"a": [1, "x"], "b": true, "c": "d"}"#);
        assert_eq!(
            found,
            [("a", "1"), ("a", "x"), ("b", "true"), ("c", "d")]
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
        );
        assert_eq!(form::percent_decode(&encode("a b/ü"), false), "a b/ü");
    }
}
