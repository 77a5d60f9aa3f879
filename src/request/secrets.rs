//! Finds the secrets that a call itself carries: values of headers, parameters, fields and JSON
//! members that are named like one.
//!
//! By name they are masked where they are sent; a server that repeats one in another place, as an
//! error does, is caught by the value. Pure, and files are not read.

use serde_json::Value;

use crate::header::is_secret;
use crate::secret::{Masks, Secret, is_sensitive_name};

use super::body::Content;
use super::url::decode;
use super::{Body, Plan};

/// Longer JSON is not looked through.
const LONGEST_JSON: usize = 1024 * 1024;

/// Returns what masks the secrets of a call.
#[must_use]
pub fn masks(plan: &Plan) -> Masks {
    let mut masks = Masks::default();
    for secret in of(plan) {
        masks.add(secret.expose());
    }
    masks
}

/// Returns the secrets of a call.
#[must_use]
pub fn of(plan: &Plan) -> Vec<Secret> {
    let mut found = Vec::new();
    for (name, value) in plan.headers.iter().filter(|(name, _)| is_secret(name)) {
        note(value, &mut found);
        // A cookie's value is what others repeat of it.
        if name.eq_ignore_ascii_case("cookie") {
            let values = value.split(';').filter_map(|cookie| cookie.split_once('='));
            for (_, value) in values {
                note(value.trim(), &mut found);
            }
        }
    }
    for (name, value) in plan.url.parameters() {
        field(&name, &value, &mut found);
    }
    match &plan.body {
        None => {}
        Some(Body::Form(fields)) => {
            for (name, value) in fields {
                field(name, value, &mut found);
            }
        }
        Some(Body::Json(text)) => json(text.as_bytes(), &mut found),
        Some(Body::Multipart(parts)) => {
            for part in parts {
                if let Content::Bytes(bytes) = &part.content
                    && let Ok(text) = std::str::from_utf8(bytes)
                {
                    field(&part.name, text, &mut found);
                }
            }
        }
        Some(Body::Raw(content, _)) => match content {
            Content::Bytes(bytes) | Content::Stdin { start: bytes, .. } => raw(bytes, &mut found),
            Content::Chunk(_) | Content::File { .. } => {}
        },
    }
    found
}

/// A body that was typed as it is: JSON, or a form.
fn raw(bytes: &[u8], found: &mut Vec<Secret>) {
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"{") || text.starts_with(b"[") {
        return json(text, found);
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
        field(&decode(name), &decode(value), found);
    }
}

fn field(name: &str, value: &str, found: &mut Vec<Secret>) {
    if is_sensitive_name(name) {
        note(value, found);
    } else if value.starts_with(['{', '[']) {
        json(value.as_bytes(), found);
    }
}

fn json(text: &[u8], found: &mut Vec<Secret>) {
    if text.len() <= LONGEST_JSON
        && let Ok(value) = serde_json::from_slice(text)
    {
        members(&value, found);
    }
}

fn members(value: &Value, found: &mut Vec<Secret>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match value {
                    Value::String(text) if is_sensitive_name(name) => note(text, found),
                    _ => members(value, found),
                }
            }
        }
        Value::Array(list) => {
            for value in list {
                members(value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Notes a value, unless it is a word of every text.
fn note(value: &str, found: &mut Vec<Secret>) {
    if !matches!(value, "true" | "false" | "null" | "none") {
        found.push(Secret::new(value));
    }
}
