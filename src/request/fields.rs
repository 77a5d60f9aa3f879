//! Sorts items by where they go: query, headers, or the body they make.
//!
//! Pure; refuses what cannot be in one body.

use std::borrow::Cow;

use crate::error::Failure;
use crate::service::Service;

use super::body::{Body, Content, FormPart};
use super::item::FieldName;
use super::nested::{self, Node};

/// An item whose files have been read.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// A field with its text.
    Field(FieldName, String),
    /// A field with its JSON text, known to be valid.
    Json(FieldName, String),
    /// A field whose value is looked up by a name before it is sent.
    Named(FieldName, String),
    /// A query parameter.
    Query(String, String),
    /// A header, or its absence.
    Header(String, Option<String>),
    /// A part of a multipart body.
    Part(FormPart),
    /// The whole body.
    Body(Content),
    /// Says that a field's value was read from standard input: a body of it is never sent again.
    FromStdin,
}

/// Name and value of a header. Those of every call are ours, and are not copied for each.
pub type Header = (Cow<'static, str>, Cow<'static, str>);

/// How items become a body where the user said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// A JSON object.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
}

/// Returns whether fields go into the body.
pub(super) fn sends_items_in_body(method: &str, form: Option<BodyForm>) -> bool {
    form.is_some() || matches!(method, "POST" | "PUT" | "PATCH")
}

/// Items by where they go.
pub(super) struct Sorted {
    /// Query parameters, in order.
    pub query: Vec<(String, String)>,
    /// Headers, and those that are not to be sent.
    pub headers: Vec<(String, Option<String>)>,
    /// Whether a field of the body was read from standard input.
    pub from_stdin: bool,
    fields: Vec<(FieldName, Field)>,
    whole: Vec<Content>,
}

enum Field {
    Text(String),
    Json(String),
    Part(FormPart),
}

impl Sorted {
    /// Sorts items. A file part fails where no body is sent: it must not be lost silently.
    pub fn new(items: Vec<Loaded>, fields_in_body: bool) -> Result<Self, Failure> {
        let mut sorted = Self {
            query: Vec::new(),
            headers: Vec::new(),
            from_stdin: false,
            fields: Vec::new(),
            whole: Vec::new(),
        };
        for item in items {
            // Where nothing was looked up, it is shown as it was typed.
            let item = match item {
                Loaded::Named(key, name) => Loaded::Field(key, format!("@@{name}")),
                item => item,
            };
            match item {
                Loaded::Named(..) => {}
                Loaded::Query(name, value) => sorted.query.push((name, value)),
                Loaded::Header(name, value) => sorted.headers.push((name, value)),
                Loaded::Body(content) => sorted.whole.push(content),
                Loaded::FromStdin => sorted.from_stdin = fields_in_body,
                Loaded::Field(key, text) | Loaded::Json(key, text) if !fields_in_body => {
                    sorted.query.push((key.text, text));
                }
                Loaded::Field(key, text) => sorted.fields.push((key, Field::Text(text))),
                Loaded::Json(key, json) => sorted.fields.push((key, Field::Json(json))),
                Loaded::Part(part) if !fields_in_body => {
                    return Err(Failure::usage(format!(
                        "the file part `{}` needs a method with a body",
                        part.name
                    ))
                    .hint(
                        "`--multipart` sends a body all the same; `k=@file` is the file's text",
                    ));
                }
                Loaded::Part(part) => {
                    let key = FieldName::literal(part.name.clone());
                    sorted.fields.push((key, Field::Part(part)));
                }
            }
        }
        Ok(sorted)
    }

    /// Returns the body that the items make; `None` where they make none.
    pub fn body(
        &mut self,
        form: Option<BodyForm>,
        service: Service,
    ) -> Result<Option<Body>, Failure> {
        if self.whole.len() > 1 {
            return Err(Failure::usage("the body is given twice"));
        }
        if let Some(content) = self.whole.pop() {
            if !self.fields.is_empty() || form == Some(BodyForm::Multipart) {
                return Err(
                    Failure::usage("the body is given both complete and as items")
                        .hint("on a call with `--body`, `k==v` makes query parameters"),
                );
            }
            let says_type = self
                .headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            // A chunk of an image is never anything else.
            let is_chunk = matches!(content, Content::Chunk(_));
            let content_type = match (form, service) {
                (Some(BodyForm::Form), _) => "application/x-www-form-urlencoded",
                (Some(_), _) | (None, Service::Macrometa) => "application/json",
                (None, Service::Maas) if says_type || is_chunk => "application/octet-stream",
                // MAAS returns 200 to a body that it did not read (observed).
                (None, Service::Maas) => {
                    return Err(Failure::usage("nothing says what the body is").hint(
                        "`--json`, `--form` or `-H 'Content-Type: TYPE'` does; MAAS returns 200 to \
                         a body that it did not read",
                    ));
                }
            };
            return Ok(Some(Body::Raw(content, content_type)));
        }
        let has_part = self.fields.iter().any(|(_, f)| matches!(f, Field::Part(_)));
        let form = match form {
            Some(BodyForm::Json | BodyForm::Form) if has_part => {
                return Err(
                    Failure::usage("a file part (`k@file`) needs a multipart body").hint(
                        "leave out `--json` and `--form`, or write `k=@file` for the file's text",
                    ),
                );
            }
            Some(form) => form,
            None if self.fields.is_empty() => return Ok(None),
            None if has_part => BodyForm::Multipart,
            None => match service {
                Service::Maas => BodyForm::Form,
                Service::Macrometa => BodyForm::Json,
            },
        };
        let fields = std::mem::take(&mut self.fields);
        Ok(Some(match form {
            BodyForm::Json => Body::Json(json(fields)?),
            BodyForm::Form => Body::Form(
                fields
                    .into_iter()
                    .filter_map(|(key, field)| match field {
                        Field::Text(text) | Field::Json(text) => Some((key.text, text)),
                        Field::Part(_) => None,
                    })
                    .collect(),
            ),
            BodyForm::Multipart => Body::Multipart(
                fields
                    .into_iter()
                    .map(|(key, field)| match field {
                        Field::Text(text) | Field::Json(text) => FormPart {
                            name: key.text,
                            filename: None,
                            content_type: None,
                            content: Content::Bytes(text.into_bytes()),
                        },
                        Field::Part(part) => part,
                    })
                    .collect(),
            ),
        }))
    }
}

fn json(fields: Vec<(FieldName, Field)>) -> Result<String, Failure> {
    let mut root = None;
    for (key, field) in fields {
        let value = match field {
            Field::Text(text) => Node::string(&text),
            Field::Json(json) => Node::Text(json),
            Field::Part(_) => continue,
        };
        nested::insert(&mut root, &key, value)?;
    }
    let mut text = String::new();
    root.unwrap_or(Node::Object(Vec::new())).write(&mut text);
    Ok(text)
}
