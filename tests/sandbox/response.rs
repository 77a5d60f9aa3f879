//! A response before it goes onto the wire: status, headers, body, and how its head is written.
//!
//! Services build it, faults bend it, `deliver` sends it. It adds no header that a service did not ask for; framing headers
//! (`Content-Length`, `Connection`) belong to `deliver`.

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

/// A response of a service or of a fault.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers without the framing ones.
    pub headers: Vec<(String, String)>,
    /// The body, before any coding.
    pub body: Vec<u8>,
    /// Whether the connection ends after it.
    pub close: bool,
}

impl Response {
    /// A response without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            close: false,
        }
    }

    /// A response of any type.
    pub fn with(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut response = Self::new(status).header("Content-Type", content_type);
        response.body = body.into();
        response
    }

    /// JSON on one line, as Macrometa and MAAS's errors have it.
    pub fn json(status: u16, value: &Value) -> Self {
        Self::with(status, "application/json; charset=utf-8", value.to_string())
    }

    /// JSON as MAAS prints its results: four spaces, no newline at the end.
    pub fn json_indented(status: u16, value: &Value) -> Self {
        Self::indented(status, value)
    }

    /// The same of anything that can be written as JSON, so that a long list need not be copied first.
    pub fn indented(status: u16, value: &impl Serialize) -> Self {
        let mut body = Vec::new();
        let layout = PrettyFormatter::with_indent(b"    ");
        value
            .serialize(&mut Serializer::with_formatter(&mut body, layout))
            .expect("values have string keys and memory does not fail");
        Self::with(status, "application/json; charset=utf-8", body)
    }

    /// Plain text.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self::with(status, "text/plain; charset=utf-8", text.into())
    }

    /// The page that nginx makes of a status, and the end of the connection where nginx ends it.
    pub fn nginx(status: u16) -> Self {
        let title = format!("{status} {}", reason(status));
        let page = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx/1.24.0 (Ubuntu)</center>\r\n</body>\r\n</html>\r\n"
        );
        let mut response = Self::with(status, "text/html", page);
        response.close = matches!(status, 400 | 413 | 414);
        response
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// The reason phrase of the statuses that occur here.
pub fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Large",
        416 => "Range Not Satisfiable",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    }
}
