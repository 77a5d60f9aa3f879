//! Makes one attempt: a plan and its signature become ureq's request, its response ours.
//!
//! Knows no retries and no redirects, which are the client's.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderName, HeaderValue, Method, Request, header};
use ureq::{Agent, SendBody};

use crate::request::body::{Content, Layout};
use crate::request::plan::EXPECT_ABOVE;
use crate::request::{Plan, head};
use crate::secret::Secret;

use super::agent::OUTPUT;
use super::base::Bases;
use super::failure::{FailureKind, SendError, Sent};
use super::head::Head;
use super::ledger;
use super::response::Response;
use super::watch::{Pulse, Watch};

/// The output buffer for long lines, and for a large body, as large as curl's: fewer writes. ureq
/// gives such a request a connection of its own, which costs little beside the body; chunks of an
/// image share one.
const LARGE_OUTPUT: usize = 64 * 1024;

/// A plan, and what it is sent with.
pub struct Sending<'a> {
    /// What sends.
    pub agent: &'a Agent,
    /// What is known of its origin.
    pub bases: &'a Bases,
    /// The plan.
    pub plan: &'a Plan,
    /// The value of its `Authorization`.
    pub signature: Option<Secret>,
    /// The profile's own headers.
    pub headers: &'a [(String, Secret)],
    /// When it is over.
    pub deadline: Option<Instant>,
    /// The progress observer.
    pub watch: Option<&'a Watch>,
}

/// Sends a plan once.
pub fn send(sending: Sending<'_>) -> Result<Response, SendError> {
    let Sending {
        agent,
        bases,
        plan,
        signature,
        headers,
        deadline,
        watch,
    } = sending;
    let layout = plan.body.as_ref().map(|body| {
        let boundary = format!("apicall-{}", uuid::Uuid::new_v4().simple());
        body.layout(&boundary)
    });
    let mut request = request(bases, plan, layout.as_ref(), signature, headers)?;
    let remaining = deadline.map(|d| d.saturating_duration_since(Instant::now()));
    if remaining == Some(Duration::ZERO) {
        return Err(SendError::new(
            FailureKind::TimedOut,
            Sent::None,
            "timed out: the time limit of the complete call (`timeout`)",
        ));
    }
    // Chunks and batches, which are in memory, follow each other on one connection; one with buffers
    // of its own is not kept.
    let large = layout
        .as_ref()
        .is_some_and(|l| l.is_streamed() && l.len().is_none_or(|len| len > EXPECT_ABOVE));
    let is_long = longest_line(&request) > OUTPUT;
    if large || is_long || remaining.is_some() {
        let mut config = agent.configure_request(request);
        if large || is_long {
            config = config.output_buffer_size(LARGE_OUTPUT);
        }
        request = config.timeout_global(remaining).build();
    }
    let upload = layout
        .as_ref()
        .filter(|l| l.has_file() || l.is_chunk())
        .map(|l| ledger::Upload { total: l.len() });
    ledger::begin(ledger::Attempt {
        watch: watch.cloned(),
        upload,
        is_bodiless: plan.method == "HEAD",
    });
    let body = match layout {
        Some(layout) => SendBody::from_owned_reader(BodyReader::new(layout)),
        // With an empty body ureq sends `Content-Length: 0`, as POST, PUT and PATCH want it.
        None if head::sends_length(&plan.method) => SendBody::from_owned_reader(io::empty()),
        None => SendBody::none(),
    };
    let (parts, ()) = request.into_parts();
    let response = agent.run(Request::from_parts(parts, body));
    if let Some(watch) = watch {
        watch.report(Pulse::Over);
    }
    let response = response.map_err(|e| SendError::from_ureq(&e, ledger::sent()))?;
    let (parts, body) = response.into_parts();
    if parts.status == ureq::http::StatusCode::SWITCHING_PROTOCOLS {
        // What follows is not HTTP any more, and nobody asked for it.
        return Err(SendError::new(
            FailureKind::NoConnection,
            Sent::All,
            "the server went on to another protocol (101 Switching Protocols)",
        ));
    }
    let head = ledger::take_head().unwrap_or_else(|| Head::of_parts(&parts));
    Ok(Response::new(head, ledger::times(), body))
}

/// Returns how long the longest line of a request's head is at most.
fn longest_line(request: &Request<()>) -> usize {
    // The version, separators and the line's end.
    const REST: usize = 32;
    let uri = request.uri();
    let host = uri.authority().map_or(0, |host| host.as_str().len());
    let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
    let headers = request.headers().iter();
    let longest = headers.map(|(name, value)| name.as_str().len() + value.len());
    let line = request.method().as_str().len() + host + path;
    REST + longest.max().unwrap_or(0).max(line)
}

fn request(
    bases: &Bases,
    plan: &Plan,
    layout: Option<&Layout>,
    signature: Option<Secret>,
    own: &[(String, Secret)],
) -> Result<Request<()>, SendError> {
    let unusable = |what: &str| SendError::new(FailureKind::Local, Sent::None, what.to_owned());
    let no_address = || unusable("the address is too long or has a character no URL has");
    let base = bases.of(&plan.url.origin).ok_or_else(no_address)?;
    let uri = base.address(&plan.url.target).ok_or_else(no_address)?;
    let method = Method::from_bytes(plan.method.as_bytes())
        .map_err(|_| unusable("the method cannot be sent"))?;
    let mut request = Request::new(());
    *request.uri_mut() = uri;
    *request.method_mut() = method;
    let headers = request.headers_mut();
    // Where there is none, ureq makes one for each request.
    headers.append(header::HOST, base.host.clone());
    let mut add = |name: &str, value: Result<HeaderValue, _>| {
        let known = match name {
            // Each call has these; any other name is looked up in a list.
            "Authorization" => Ok(header::AUTHORIZATION),
            "User-Agent" => Ok(header::USER_AGENT),
            "Accept" => Ok(header::ACCEPT),
            "Accept-Encoding" => Ok(header::ACCEPT_ENCODING),
            _ => HeaderName::from_bytes(name.as_bytes()),
        };
        let (Ok(known), Ok(mut value)) = (known, value) else {
            return Err(unusable(&format!("the header `{name}` cannot be sent")));
        };
        // Nobody looks at what is sent, so it need not be asked which values are secret.
        value.set_sensitive(true);
        headers.append(known, value);
        Ok(())
    };
    if let Some(signature) = signature {
        let value = signature.into_exposed();
        add("Authorization", HeaderValue::try_from(value))?;
    }
    for header in head::headers(plan, own) {
        let value = match header.constant().filter(|text| is_plain(text)) {
            Some(text) => Ok(HeaderValue::from_static(text)),
            None => HeaderValue::from_bytes(header.expose().as_bytes()),
        };
        add(header.name, value)?;
    }
    for (name, value) in head::of_body(plan, layout) {
        add(name, HeaderValue::try_from(value))?;
    }
    Ok(request)
}

/// Returns whether the library takes a text as it is for a value, without a panic.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Reads a layout from end to end, files from disk, and refuses files that changed meanwhile.
struct BodyReader {
    segments: std::vec::IntoIter<crate::request::body::Segment>,
    current: Option<Current>,
}

enum Current {
    Bytes(io::Cursor<Vec<u8>>),
    Chunk(io::Cursor<Arc<[u8]>>),
    File { file: File, left: u64 },
    Stdin(io::Cursor<Vec<u8>>, bool),
}

impl BodyReader {
    fn new(layout: Layout) -> Self {
        Self {
            segments: layout.segments.into_iter(),
            current: None,
        }
    }

    fn open(content: Content) -> io::Result<Current> {
        Ok(match content {
            Content::Bytes(bytes) => Current::Bytes(io::Cursor::new(bytes)),
            Content::Chunk(bytes) => Current::Chunk(io::Cursor::new(bytes)),
            Content::Stdin { start, more } => Current::Stdin(io::Cursor::new(start), more),
            Content::File { path, len } => {
                let file = crate::files::input(&path)
                    .map_err(|e| local(format!("{}: {e}", path.display())))?;
                Current::File { file, left: len }
            }
        })
    }
}

impl Read for BodyReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = match &mut self.current {
                None => 0,
                Some(Current::Bytes(bytes)) => bytes.read(buf)?,
                Some(Current::Chunk(bytes)) => bytes.read(buf)?,
                Some(Current::Stdin(start, more)) => match start.read(buf)? {
                    0 if *more => {
                        ledger::note_stdin();
                        io::stdin()
                            .read(buf)
                            .map_err(|e| local(format!("standard input: {e}")))?
                    }
                    n => n,
                },
                Some(Current::File { file, left }) => {
                    let most = usize::try_from(*left).unwrap_or(usize::MAX).min(buf.len());
                    let n = file
                        .read(&mut buf[..most])
                        .map_err(|e| local(format!("a file could not be read: {e}")))?;
                    *left -= n as u64;
                    let grew = *left == 0 && n > 0 && file.read(&mut [0])? > 0;
                    if (n == 0 && *left > 0) || grew {
                        return Err(local("a file changed while it was sent".to_owned()));
                    }
                    n
                }
            };
            if n > 0 {
                return Ok(n);
            }
            match self.segments.next() {
                None => return Ok(0),
                Some(segment) => self.current = Some(Self::open(segment.content)?),
            }
        }
    }
}

fn local(message: String) -> io::Error {
    io::Error::other(SendError::new(FailureKind::Local, Sent::Some, message))
}
