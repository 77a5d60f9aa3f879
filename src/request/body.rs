//! Bodies of requests, described and laid out.
//!
//! A [`Body`] says what will be sent; [`Body::layout`] turns it into segments of known length, so
//! that files stream from disk behind a true `Content-Length`. The multipart framing is done here
//! because ureq's `Form` neither escapes names nor ends when a file becomes shorter while it is
//! sent, and keeps its length to itself.

use std::path::PathBuf;
use std::sync::Arc;

use crate::request::url::{encode, encoded_length};
use crate::secret::{is_sensitive, is_sensitive_name};

/// Where content comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// Many bytes in memory, which copies of the plan share: a chunk of an image.
    Chunk(Arc<[u8]>),
    /// A regular file, with its length when the plan was made.
    File {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        len: u64,
    },
    /// Standard input, which is read once.
    Stdin {
        /// What has been read of it.
        start: Vec<u8>,
        /// Whether there is more; then its length is not known.
        more: bool,
    },
}

impl Content {
    /// Returns the length in bytes, where it is known.
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Chunk(bytes) => Some(bytes.len() as u64),
            Self::File { len, .. } => Some(*len),
            Self::Stdin { start, more } => (!more).then_some(start.len() as u64),
        }
    }

    /// Returns whether the content comes from standard input.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        matches!(self, Self::Stdin { .. })
    }

    /// Returns whether the length is known to be zero.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPart {
    /// The field's name.
    pub name: String,
    /// The name of the file, where the part is one.
    pub filename: Option<String>,
    /// The part's media type, where one is sent.
    pub content_type: Option<String>,
    /// What it holds.
    pub content: Content,
}

impl FormPart {
    fn head(&self) -> String {
        part_head(
            &self.name,
            self.filename.as_deref(),
            self.content_type.as_deref(),
        )
    }
}

/// What a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `application/x-www-form-urlencoded` fields.
    Form(Vec<(String, String)>),
    /// JSON text.
    Json(String),
    /// `multipart/form-data`.
    Multipart(Vec<FormPart>),
    /// Anything, with the media type it is sent as.
    Raw(Content, &'static str),
}

/// A chunk of a body, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The bytes, or where to read them.
    pub content: Content,
    /// Whether it is shown as `***`: the value of a field named like a secret.
    pub sensitive: bool,
}

impl Segment {
    fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            content: Content::Bytes(bytes.into()),
            sensitive: false,
        }
    }
}

/// A body ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The media type, with its boundary where it has one.
    pub content_type: String,
    /// The chunks.
    pub segments: Vec<Segment>,
}

impl Layout {
    /// Returns the length in bytes; `None` where standard input is part of it.
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        self.segments.iter().map(|s| s.content.len()).sum()
    }

    /// Returns whether it is one of many chunks, which go over one connection.
    #[must_use]
    pub fn is_chunk(&self) -> bool {
        let is_chunk = |s: &Segment| matches!(s.content, Content::Chunk(_));
        self.segments.iter().any(is_chunk)
    }

    /// Returns whether nothing would be sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Returns whether it is read while it is sent.
    #[must_use]
    pub fn is_streamed(&self) -> bool {
        let is_streamed =
            |s: &Segment| matches!(s.content, Content::File { .. } | Content::Stdin { .. });
        self.segments.iter().any(is_streamed)
    }

    /// Returns whether a file from disk is part of it.
    #[must_use]
    pub fn has_file(&self) -> bool {
        let is_file = |s: &Segment| matches!(s.content, Content::File { .. });
        self.segments.iter().any(is_file)
    }
}

impl Body {
    /// Returns whether the body can be sent once only.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        match self {
            Self::Raw(content, _) => content.is_stdin(),
            Self::Multipart(parts) => parts.iter().any(|p| p.content.is_stdin()),
            Self::Form(_) | Self::Json(_) => false,
        }
    }

    /// Returns the values of all fields of that name that are texts in memory.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<String> {
        match self {
            Self::Form(fields) => {
                let of_name = fields.iter().filter(|(n, _)| n == name);
                of_name.map(|(_, value)| value.clone()).collect()
            }
            Self::Multipart(parts) => {
                let of_name = parts.iter().filter(|part| part.name == name);
                let values = of_name.filter_map(|part| match &part.content {
                    Content::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
                    Content::Chunk(_) | Content::Stdin { .. } | Content::File { .. } => None,
                });
                values.collect()
            }
            Self::Json(_) | Self::Raw(..) => self.field(name).into_iter().collect(),
        }
    }

    /// Returns the value of the first field or member of that name, where it is a text in memory.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        match self {
            Self::Form(fields) => fields
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone()),
            Self::Json(text) => {
                let value: serde_json::Value = serde_json::from_str(text).ok()?;
                value.get(name)?.as_str().map(str::to_owned)
            }
            Self::Multipart(parts) => {
                let part = parts
                    .iter()
                    .find(|p| p.name == name && p.filename.is_none())?;
                match &part.content {
                    Content::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
                    _ => None,
                }
            }
            Self::Raw(..) => None,
        }
    }

    /// Returns the media type; that of a multipart body gets its boundary when it is laid out.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self {
            Self::Form(_) => "application/x-www-form-urlencoded",
            Self::Json(_) => "application/json",
            Self::Multipart(_) => "multipart/form-data",
            Self::Raw(_, media_type) => media_type,
        }
    }

    /// Returns the length in bytes without copying content; `None` where standard input is part of
    /// the body. `boundary` counts for multipart only.
    #[must_use]
    pub fn length(&self, boundary: &str) -> Option<u64> {
        match self {
            Self::Form(fields) => Some(form_length(fields)),
            Self::Json(text) => Some(text.len() as u64),
            Self::Raw(content, _) => content.len(),
            Self::Multipart(parts) => {
                let delimiter = "--".len() + boundary.len() + "\r\n".len();
                let lengths = parts.iter().map(|part| {
                    let framing = delimiter + part.head().len();
                    Some(framing as u64 + part.content.len()?)
                });
                let last = delimiter + "--".len();
                lengths.chain([Some(last as u64)]).sum()
            }
        }
    }

    /// Lays the body out. `boundary` must not occur in any part; it is used by multipart only.
    #[must_use]
    pub fn layout(&self, boundary: &str) -> Layout {
        match self {
            Self::Form(fields) => Layout {
                content_type: self.media_type().to_owned(),
                segments: form_segments(fields),
            },
            Self::Json(text) => Layout {
                content_type: self.media_type().to_owned(),
                segments: vec![Segment::bytes(text.as_bytes())],
            },
            Self::Raw(content, _) => Layout {
                content_type: self.media_type().to_owned(),
                segments: vec![Segment {
                    content: content.clone(),
                    sensitive: false,
                }],
            },
            Self::Multipart(parts) => Layout {
                content_type: format!("multipart/form-data; boundary={boundary}"),
                segments: multipart_segments(parts, boundary),
            },
        }
    }
}

fn form_length(fields: &[(String, String)]) -> u64 {
    let pair =
        |(name, value): &(String, String)| encoded_length(name) + "=".len() + encoded_length(value);
    let pairs: usize = fields.iter().map(pair).sum();
    let separators = fields.len().saturating_sub(1);
    (pairs + separators) as u64
}

fn form_segments(fields: &[(String, String)]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut run = String::new();
    for (i, (name, value)) in fields.iter().enumerate() {
        if i > 0 {
            run.push('&');
        }
        run.push_str(&encode(name));
        run.push('=');
        if is_sensitive(name, value) {
            segments.push(Segment::bytes(std::mem::take(&mut run)));
            segments.push(Segment {
                content: Content::Bytes(encode(value).into_owned().into_bytes()),
                sensitive: true,
            });
        } else {
            run.push_str(&encode(value));
        }
    }
    if !run.is_empty() {
        segments.push(Segment::bytes(run));
    }
    segments
}

/// Returns the head of a part, from the end of its boundary to the blank line: RFC 7578 §4, names
/// escaped as browsers do it (HTML, "multipart form data").
#[must_use]
pub fn part_head(name: &str, filename: Option<&str>, content_type: Option<&str>) -> String {
    let escape = |s: &str| {
        s.replace('\r', "%0D")
            .replace('\n', "%0A")
            .replace('"', "%22")
    };
    let mut head = format!(
        "\r\nContent-Disposition: form-data; name=\"{}\"",
        escape(name)
    );
    if let Some(filename) = filename {
        head.push_str(&format!("; filename=\"{}\"", escape(filename)));
    }
    if let Some(content_type) = content_type {
        head.push_str(&format!("\r\nContent-Type: {content_type}"));
    }
    head.push_str("\r\n\r\n");
    head
}

/// Returns the header that names the file of a whole body (RFC 6266); what a quoted string cannot
/// hold is encoded (RFC 8187).
#[must_use]
pub fn disposition(filename: &str) -> String {
    let is_plain = |b: u8| (0x20..0x7f).contains(&b) && !matches!(b, b'"' | b'\\');
    if filename.bytes().all(is_plain) {
        return format!("attachment; filename=\"{filename}\"");
    }
    format!("attachment; filename*=UTF-8''{}", encode(filename))
}

fn is_secret_part(part: &FormPart) -> bool {
    match &part.content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).map_or_else(
            |_| is_sensitive_name(&part.name),
            |text| is_sensitive(&part.name, text),
        ),
        _ => is_sensitive_name(&part.name),
    }
}

fn multipart_segments(parts: &[FormPart], boundary: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut head = String::new();
    for part in parts {
        head.push_str(&format!("--{boundary}"));
        head.push_str(&part.head());
        segments.push(Segment::bytes(std::mem::take(&mut head)));
        segments.push(Segment {
            content: part.content.clone(),
            sensitive: is_secret_part(part),
        });
        head.push_str("\r\n");
    }
    head.push_str(&format!("--{boundary}--\r\n"));
    segments.push(Segment::bytes(head));
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(layout: &Layout) -> String {
        layout
            .segments
            .iter()
            .map(|s| match &s.content {
                Content::Bytes(b) => String::from_utf8(b.clone()).unwrap(),
                other => format!("<{other:?}>"),
            })
            .collect()
    }

    #[test]
    fn forms_repeat_and_mark_secrets() {
        let fields = [("a", "1 2"), ("a", "é&="), ("power_pass", "x"), ("b", "")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()));
        let layout = Body::Form(fields.to_vec()).layout("B");
        assert_eq!(text(&layout), "a=1%202&a=%C3%A9%26%3D&power_pass=x&b=");
        assert_eq!(layout.len(), Some(text(&layout).len() as u64));
        assert_eq!(Body::Form(fields.to_vec()).length("B"), layout.len());
        let secret: Vec<_> = layout.segments.iter().filter(|s| s.sensitive).collect();
        assert_eq!(secret.len(), 1);
    }

    fn stdin(more: bool) -> Content {
        Content::Stdin {
            start: b"ab".to_vec(),
            more,
        }
    }

    #[test]
    fn multipart_is_framed_and_escaped() {
        let part = |name: &str, content| FormPart {
            name: name.to_owned(),
            filename: None,
            content_type: None,
            content,
        };
        let file = FormPart {
            filename: Some("a\"b\r\n.bin".to_owned()),
            content_type: Some("text/x".to_owned()),
            ..part("f", Content::Bytes(b"DATA".to_vec()))
        };
        let body = Body::Multipart(vec![part("n\"", Content::Bytes(b"v".to_vec())), file]);
        let layout = body.layout("B");
        assert_eq!(layout.content_type, "multipart/form-data; boundary=B");
        assert_eq!(
            text(&layout),
            "--B\r\nContent-Disposition: form-data; name=\"n%22\"\r\n\r\nv\r\n\
             --B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a%22b%0D%0A.bin\"\r\n\
             Content-Type: text/x\r\n\r\nDATA\r\n--B--\r\n"
        );
        assert_eq!(body.length("B"), Some(text(&layout).len() as u64));
        let unknown = Body::Multipart(vec![part("f", stdin(true))]);
        assert_eq!(unknown.layout("B").len(), None);
        assert_eq!(unknown.length("B"), None);
        assert!(unknown.is_stdin());
        let whole = Body::Raw(stdin(false), "text/plain");
        assert_eq!(whole.layout("B").len(), Some(2));
        assert_eq!(whole.length("B"), Some(2));
        assert!(whole.is_stdin());
    }
}
