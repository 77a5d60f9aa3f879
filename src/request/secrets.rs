//! Finds the secrets that a call itself carries: values of headers, parameters, fields and JSON
//! members that are named like one.
//!
//! By name they are masked where they are sent; a server that repeats one in another place, as an
//! error does, is caught by the value. Pure, and files are not read.

use std::io;

use crate::header::is_secret;
use crate::json::{Container, Scalar, Sink, TokenPart, replay};
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
    if text.len() <= LONGEST_JSON {
        let mut carried = Carried {
            found,
            token: Vec::new(),
            is_named: false,
            depth: 0,
            within: None,
        };
        // What is found before a fault has been found.
        let _ = replay(text, &mut carried);
    }
}

/// Takes the tokens of JSON, whose numbers need not fit any type.
struct Carried<'f> {
    found: &'f mut Vec<Secret>,
    token: Vec<u8>,
    /// Whether the next value has the name of a secret.
    is_named: bool,
    depth: usize,
    /// The depth of the container that has one.
    within: Option<usize>,
}

impl Carried<'_> {
    fn take(&mut self, bytes: &[u8], part: TokenPart) {
        if part.first {
            self.token.clear();
        }
        self.token.extend_from_slice(bytes);
    }

    fn string(&self) -> String {
        serde_json::from_slice(&self.token).unwrap_or_default()
    }
}

impl Sink for Carried<'_> {
    fn begin(&mut self, _: Container) -> io::Result<()> {
        self.depth += 1;
        if std::mem::take(&mut self.is_named) && self.within.is_none() {
            self.within = Some(self.depth);
        }
        Ok(())
    }

    fn end(&mut self, _: Container) -> io::Result<()> {
        if self.within == Some(self.depth) {
            self.within = None;
        }
        self.depth -= 1;
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.take(bytes, part);
        if part.last {
            self.is_named = is_sensitive_name(&self.string());
        }
        Ok(())
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.take(bytes, part);
        if !part.last || !(std::mem::take(&mut self.is_named) || self.within.is_some()) {
            return Ok(());
        }
        match kind {
            Scalar::String => note(&self.string(), self.found),
            Scalar::Number => note(&String::from_utf8_lossy(&self.token), self.found),
            Scalar::True | Scalar::False | Scalar::Null => {}
        }
        Ok(())
    }

    fn colon(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn comma(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Notes a value, unless it is a word of every text.
fn note(value: &str, found: &mut Vec<Secret>) {
    if !matches!(value, "true" | "false" | "null" | "none") {
        found.push(Secret::new(value));
    }
}
