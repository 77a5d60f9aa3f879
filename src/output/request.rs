//! Formats requests as text, for `--dry-run` and `-v`.
//!
//! Headers come from `head`, a body is masked and bounded.

use std::borrow::Cow;

use crate::profile::Profile;
use crate::request::body::{Content, FormPart, Layout, Segment};
use crate::request::plan::BOUNDARY_SHAPE;
use crate::request::{Body, Plan};
use crate::secret::{MASK, is_sensitive};

use super::head::masked_pairs;
use super::{head, redact};

/// A request as text, with secrets masked.
#[derive(Debug)]
pub struct ShownRequest {
    /// The lines of its head.
    pub head: Vec<String>,
    /// Its body; files and other bytes stand in square brackets.
    pub body: Option<String>,
}

/// Shows a request as it would be sent.
#[must_use]
pub fn shown(plan: &Plan, profile: &Profile) -> ShownRequest {
    let layout = plan.body.as_ref().map(|b| b.layout(BOUNDARY_SHAPE));
    ShownRequest {
        head: head::request_lines(plan, profile, layout.as_ref()),
        body: layout.map(|l| body_text(plan.body.as_ref(), plan.header("content-type"), &l)),
    }
}

/// Shows the parts of a multipart body without their framing, as `name=x file=[./f, 3 bytes]`.
#[must_use]
pub fn parts(parts: &[FormPart]) -> String {
    let shown = parts.iter().map(|part| {
        let content = match &part.content {
            Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            content => content_text(content).into_owned(),
        };
        let is_secret = is_sensitive(&part.name, &content);
        format!("{}={}", part.name, if is_secret { MASK } else { &content })
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn body_text(body: Option<&Body>, declared: Option<&str>, layout: &Layout) -> String {
    let text: String = layout.segments.iter().map(segment_text).collect();
    if layout.content_type.starts_with(FORM) || declared.is_some_and(|t| t.starts_with(FORM)) {
        return masked_pairs(&text);
    }
    let may_be_json = matches!(
        body,
        Some(Body::Json(_) | Body::Raw(Content::Bytes(_) | Content::Stdin { more: false, .. }, _))
    );
    match may_be_json.then(|| redact::json(text.as_bytes())).flatten() {
        Some(masked) if memchr::memmem::find(&masked, MASK.as_bytes()).is_some() => {
            String::from_utf8_lossy(&masked).trim_end().to_owned()
        }
        _ => text,
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn segment_text(segment: &Segment) -> Cow<'_, str> {
    if segment.sensitive {
        return Cow::Borrowed(MASK);
    }
    content_text(&segment.content)
}

fn content_text(content: &Content) -> Cow<'_, str> {
    match content {
        Content::Bytes(bytes)
        | Content::Stdin {
            start: bytes,
            more: false,
        } => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(format!("[{} bytes]", bytes.len())),
        },
        Content::Chunk(bytes) => Cow::Owned(format!("[{} bytes]", bytes.len())),
        Content::File { path, len } => Cow::Owned(format!("[{}, {len} bytes]", path.display())),
        Content::Stdin { more: true, .. } => Cow::Borrowed("[standard input]"),
    }
}
