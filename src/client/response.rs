//! Holds a response: its head, and a reader of the body.
//!
//! Decodes nothing and judges no status: content codings are `output::decode`'s, meanings the
//! services'.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::request::Url;

use super::failure::{FailureKind, SendError, Sent};
use super::head::Head;
use super::ledger::{self, Times};
use super::patience::Patience;

/// A longer body is not worth reading to keep a connection, nor one that comes slowly.
const MOST_DISCARDED: u64 = 64 * 1024;
const LONGEST_DISCARD: Duration = Duration::from_secs(2);

/// A final response.
pub struct Response {
    /// Its head.
    pub head: Head,
    /// Where it came from, where redirects led to it.
    pub redirected: Option<Url>,
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
    pub(super) fn new(head: Head, times: Times, body: ureq::Body) -> Self {
        Self {
            head,
            redirected: None,
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
    pub(crate) fn scripted(head: Head, body: String) -> Self {
        let body = ureq::Body::builder().data(body);
        Self::new(head, Times::default(), body)
    }

    /// Returns where it came from: the address that was called, or where redirects led.
    #[must_use]
    pub fn url<'u>(&'u self, called: &'u Url) -> &'u Url {
        self.redirected.as_ref().unwrap_or(called)
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
