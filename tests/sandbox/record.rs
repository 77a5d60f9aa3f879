//! A request as it arrived: what the services' rules read, and what tests look at afterwards.
//!
//! It keeps the wire's own order and spelling. Helpers decode on demand, so that a test can ask for the bytes as well as for
//! their meaning.

use std::time::Instant;

use serde_json::Value;

use super::form::{self, Part};

/// One request that reached the server, whole or not.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The method, as it was written.
    pub method: String,
    /// The request target, raw: still percent-encoded, with its query.
    pub target: String,
    /// Headers in wire order and spelling.
    pub headers: Vec<(String, String)>,
    /// The body without its transfer coding; its start only, where it is longer than [`Options::record_limit`](super::Options),
    /// and of an image's piece 4 KiB.
    pub body: Vec<u8>,
    /// How many bytes of the body arrived.
    pub body_length: u64,
    /// Whether the whole body arrived; false also where the server answered without reading it.
    pub complete: bool,
    /// The number of the connection it came over, from 0.
    pub connection: usize,
    /// Whether that connection was TLS.
    pub tls: bool,
    /// When its head was complete.
    pub at: Instant,
}

impl Recorded {
    /// A copy with no more than so many bytes of the body.
    pub fn shortened(&self, most: usize) -> Self {
        Self {
            body: self.body[..self.body.len().min(most)].to_vec(),
            method: self.method.clone(),
            target: self.target.clone(),
            headers: self.headers.clone(),
            ..*self
        }
    }

    /// The target without its query, still encoded.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query, still encoded, without the `?`.
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The query's pairs, decoded, in order, repeated keys kept.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form::pairs(self.query())
    }

    /// The first value of a query key, decoded.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query_pairs()
            .into_iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The first header of that name, in any spelling.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// All headers of that name, in any spelling.
    pub fn header_all(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// Whether the Content-Type is this one, parameters aside.
    pub fn is_type(&self, wanted: &str) -> bool {
        self.header("content-type").is_some_and(|value| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .eq_ignore_ascii_case(wanted)
        })
    }

    /// The pairs of an urlencoded body; empty where it is none.
    pub fn form(&self) -> Vec<(String, String)> {
        if self.is_type("application/x-www-form-urlencoded") {
            form::pairs(&self.body_text())
        } else {
            Vec::new()
        }
    }

    /// The parts of a multipart body; `None` where it is none or is broken.
    pub fn multipart(&self) -> Option<Vec<Part>> {
        form::multipart(self.header("content-type")?, &self.body)
    }

    /// The body as JSON, whatever it is labelled.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
