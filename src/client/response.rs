//! Holds a response: the headers as the server wrote them, and a reader of the body.
//!
//! Decodes nothing and judges no status: content codings are `output::decode`'s, meanings the
//! services'.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::request::Url;

use super::failure::{FailureKind, SendError, Sent};
use super::heads;
use super::ledger::{self, Times};
use super::patience::Patience;

/// A longer body is not worth reading to keep a connection, nor one that comes slowly.
const MOST_DISCARDED: u64 = 64 * 1024;
const LONGEST_DISCARD: Duration = Duration::from_secs(2);

/// Status line and headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub version: String,
    /// The status.
    pub status: u16,
    /// The words behind it; may be empty.
    pub reason: String,
    /// The headers, in the order and spelling of the server.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// Reads the raw head without its empty line. `None` where there is none, as when it was too long
    /// to be kept.
    pub(super) fn read(raw: &[u8]) -> Option<Self> {
        let text = heads::text(raw);
        let mut lines = heads::lines(&text);
        let mut status_line = lines.next()?.splitn(3, ' ');
        Some(Self {
            version: status_line.next()?.to_owned(),
            status: status_line.next()?.parse().ok()?,
            reason: status_line.next().unwrap_or_default().to_owned(),
            headers: lines
                .filter_map(heads::split_header)
                .map(|(n, v)| (n.to_owned(), v.trim().to_owned()))
                .collect(),
        })
    }

    pub(super) fn of_parts(parts: &ureq::http::response::Parts) -> Self {
        Self {
            version: format!("{:?}", parts.version),
            status: parts.status.as_u16(),
            reason: parts
                .status
                .canonical_reason()
                .unwrap_or_default()
                .to_owned(),
            headers: parts
                .headers
                .iter()
                .map(|(n, v)| {
                    (
                        n.to_string(),
                        String::from_utf8_lossy(v.as_bytes()).into_owned(),
                    )
                })
                .collect(),
        }
    }

    /// Returns the first header of that name, without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.as_str())
    }

    /// Returns the reason that stands behind the status; the usual one where the server left it out.
    #[must_use]
    pub fn reason(&self) -> &str {
        if self.reason.is_empty() {
            ureq::http::StatusCode::from_u16(self.status)
                .ok()
                .and_then(|s| s.canonical_reason())
                .unwrap_or_default()
        } else {
            &self.reason
        }
    }

    /// Returns status and reason, e.g. `404 Not Found`.
    #[must_use]
    pub fn status_text(&self) -> String {
        format!("{} {}", self.status, self.reason())
            .trim_end()
            .to_owned()
    }

    /// Returns whether the body is JSON by its label.
    #[must_use]
    pub fn is_json(&self) -> bool {
        let media_type = self.media_type();
        media_type == "application/json" || media_type.ends_with("+json")
    }

    /// Returns whether the body is a JSON text on each line by its label; none of the names in use
    /// is registered.
    #[must_use]
    pub fn is_json_lines(&self) -> bool {
        matches!(
            self.media_type().as_str(),
            "application/x-ndjson"
                | "application/ndjson"
                | "application/jsonl"
                | "application/x-jsonlines"
                | "application/json-lines"
        )
    }

    /// Returns the charset that the body is labeled with.
    #[must_use]
    pub fn charset(&self) -> Option<String> {
        let parameters = self.header("content-type")?.split(';').skip(1);
        parameters
            .filter_map(|p| p.split_once('='))
            .find_map(|(name, value)| {
                let is_charset = name.trim().eq_ignore_ascii_case("charset");
                is_charset.then(|| value.trim().trim_matches('"').to_owned())
            })
    }

    fn media_type(&self) -> String {
        self.header("content-type")
            .and_then(|t| t.split(';').next())
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }
}

/// A final response.
pub struct Response {
    /// Its head.
    pub head: Head,
    /// Where it came from, after redirects.
    pub url: Url,
    /// When its stages were reached.
    pub times: Times,
    /// Whether this is a 404 to a retried DELETE whose first attempt may have been carried out.
    pub done_before: bool,
    /// How many redirects led to it.
    pub redirects: u32,
    /// Whether the last request said `Expect`.
    pub expected: bool,
    /// `host:port` of a proxy that may have made it.
    pub proxy: Option<String>,
    body: ureq::BodyReader<'static>,
    unwanted: Option<Unwanted>,
}

/// Limits what is still read of an unwanted body.
#[derive(Clone, Copy)]
struct Unwanted {
    until: Instant,
    bytes: u64,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl Response {
    pub(super) fn new(head: Head, url: Url, times: Times, body: ureq::Body) -> Self {
        Self {
            head,
            url,
            times,
            done_before: false,
            redirects: 0,
            expected: false,
            proxy: None,
            body: body.into_with_config().limit(u64::MAX).reader(),
            unwanted: None,
        }
    }

    /// Makes the response that a test's script has.
    #[cfg(test)]
    pub(crate) fn scripted(head: Head, url: Url, body: String) -> Self {
        let body = ureq::Body::builder().data(body);
        Self::new(head, url, Times::default(), body)
    }

    /// Says that this is the final response. The body of one that is no success ends after a while
    /// and a size, however much more the server would send.
    pub(super) fn settle(&mut self, patience: &Patience) {
        if !(200..300).contains(&self.head.status) {
            self.unwanted = Some(Unwanted {
                until: Instant::now() + patience.unwanted_time,
                bytes: patience.unwanted_bytes,
            });
        }
    }

    /// Reads the rest of a short, unwanted body, so that the connection can be kept.
    pub fn discard(mut self) {
        self.unwanted = Some(Unwanted {
            until: Instant::now() + LONGEST_DISCARD,
            bytes: MOST_DISCARDED,
        });
        // A body that breaks off takes its connection with it, which is as good.
        let _ = io::copy(&mut self, &mut io::sink());
    }

    /// Reads the body into memory, for callers that show something else where it is cut short.
    pub fn buffered(mut self) -> io::Result<Self> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        self.body = ureq::Body::builder().data(bytes).into_reader();
        Ok(self)
    }

    /// Returns the next address, where this is a redirect inside the origin.
    pub(super) fn redirect_within(&self, from: &Url) -> Option<Url> {
        if !matches!(self.head.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        from.follow(self.head.header("location")?)
    }
}

impl Read for Response {
    /// Reads the body as it came over the wire. A body cut short of its length or chunks is an
    /// error whose source is a [`SendError`].
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(unwanted) = self.unwanted else {
            return self.body.read(buf).map_err(|e| cut_short(&e));
        };
        let most = usize::try_from(unwanted.bytes).unwrap_or(usize::MAX);
        let most = most.min(buf.len());
        if most == 0 || Instant::now() >= unwanted.until {
            return Ok(0);
        }
        let read = || self.body.read(&mut buf[..most]);
        let count =
            match ledger::reading_until(Some(unwanted.until), read).map_err(|e| cut_short(&e)) {
                // What came is enough: the status has said already how the call ended.
                Err(e) if send_error_of(&e).is_some_and(|e| e.kind == FailureKind::TimedOut) => 0,
                result => result?,
            };
        self.unwanted = Some(Unwanted {
            bytes: unwanted.bytes - count as u64,
            ..unwanted
        });
        Ok(count)
    }
}

fn cut_short(error: &io::Error) -> io::Error {
    let mut cause = SendError::from_io(error, Sent::All);
    if cause.kind == FailureKind::Reset {
        "the response was cut short: the connection broke".clone_into(&mut cause.message);
    }
    io::Error::other(cause)
}

/// Finds the transport's error in an I/O error of reading a response.
#[must_use]
pub fn send_error_of(error: &io::Error) -> Option<SendError> {
    error.get_ref()?.downcast_ref::<SendError>().cloned()
}
