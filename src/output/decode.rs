//! Decodes content codings.
//!
//! gzip is undone here, not in the transport, so that headers and lengths stay true. Owns the
//! errors of a body that is cut or broken.

use std::io::{self, BufRead as _, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::charset;
use crate::client::{Response, response::send_error_of};
use crate::error::{Exit, Failure};

/// The body of a response without its content coding.
pub enum Decoded<R: Read> {
    /// As it came.
    Plain(R),
    /// Unpacked while it is read; memory does not grow with what comes out.
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
    /// In a coding that is not undone here.
    Packed(BufReader<R>),
}

/// What unpacks a coding that was not asked for, and the package that has it.
const UNPACKERS: [(&str, &str, &str); 3] = [
    ("br", "brotli -d", "brotli"),
    ("zstd", "zstd -d", "zstd"),
    ("deflate", "pigz -dz", "pigz"),
];

/// Undoes the content coding that a head names.
///
/// Only gzip was asked for; a response in another coding is an error, because its bytes would be
/// taken for text.
pub fn decode(response: Response) -> Result<Decoded<Response>, Failure> {
    let Some(coding) = coding(&response) else {
        return Ok(Decoded::Plain(response));
    };
    match coded(response, &coding)? {
        Decoded::Packed(_) => Err(packed(&coding)),
        decoded => Ok(decoded),
    }
}

/// Returns the failure of a body in a coding that is not undone here.
fn packed(coding: &str) -> Failure {
    let known = UNPACKERS.iter().find(|(name, ..)| *name == coding);
    let unpacks = known.map_or("passes it unchanged".to_owned(), |(_, command, package)| {
        format!("`-o raw | {command}` unpacks it (package `{package}`), `--download FILE` saves it")
    });
    let hint = match known {
        Some(_) => unpacks,
        None => format!("`-o raw` {unpacks}"),
    };
    Failure::new(
        Exit::Other,
        format!("the response is packed as `{coding}`, which was not asked for"),
    )
    .hint(hint)
}

/// Returns the coding of a body, in lower case; `None` where it has none.
fn coding(response: &Response) -> Option<String> {
    let coding = response.head.header("content-encoding")?.trim();
    let is_none = coding.is_empty() || coding.eq_ignore_ascii_case("identity");
    (!is_none).then(|| coding.to_ascii_lowercase())
}

/// Undoes gzip; a body in another coding passes as it came.
pub fn as_it_came(response: Response) -> Result<Decoded<Response>, Failure> {
    match coding(&response) {
        Some(coding) => coded(response, &coding),
        None => Ok(Decoded::Plain(response)),
    }
}

/// Undoes gzip. A function of its own, because the decoder is made on the stack: a plain response
/// would also touch its pages.
#[inline(never)]
fn coded(response: Response, coding: &str) -> Result<Decoded<Response>, Failure> {
    let mut reader = BufReader::with_capacity(64 * 1024, response);
    // A response to HEAD has the headers of a body that is not there.
    if reader.fill_buf().map_err(|e| read_failure(&e))?.is_empty() {
        return Ok(Decoded::Plain(reader.into_inner()));
    }
    match coding {
        "gzip" | "x-gzip" => Ok(Decoded::Gzip(Box::new(MultiGzDecoder::new(reader)))),
        _ => Ok(Decoded::Packed(reader)),
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buf),
            Self::Packed(reader) => reader.read(buf),
            Self::Gzip(decoder) => decoder.read(buf).map_err(|e| match send_error_of(&e) {
                Some(_) => e,
                None => io::Error::other(BrokenGzip(e)),
            }),
        }
    }
}

/// Reads a body to its end; one of more than `most` bytes is an error that says so.
pub fn whole(response: Response, most: u64) -> Result<Vec<u8>, Failure> {
    let body = start(response, most.saturating_add(1))?;
    if body.len() as u64 > most {
        return Err(too_large(most));
    }
    Ok(body)
}

/// The most memory that is taken for a body because its head says so.
const MOST_FORESEEN: usize = 64 * 1024;

/// Reads a body to its end, or as far as `most` bytes, where its start says all.
pub fn start(response: Response, most: u64) -> Result<Vec<u8>, Failure> {
    let length = response.head.header("content-length");
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(MOST_FORESEEN.min(length));
    decode(response)?
        .take(most)
        .read_to_end(&mut body)
        .map_err(|e| read_failure(&e))?;
    Ok(body)
}

/// The failure of a response that is held whole and has more than so many bytes.
#[must_use]
pub fn too_large(most: u64) -> Failure {
    let reported = match most / (1024 * 1024) {
        0 => format!("{} KiB", most / 1024),
        mib => format!("{mib} MiB"),
    };
    Failure::new(
        Exit::Other,
        format!("the response is larger than {reported}"),
    )
}

/// There are at most so many values in one: half a gigabyte of the smallest objects.
const MOST_VALUES: usize = 2 * 1024 * 1024;

/// Returns the value that a body is; one of more than `most` bytes is none.
pub fn value(response: Response, most: u64) -> Result<serde_json::Value, Failure> {
    let foreign = charset::foreign(&response.head);
    let body = whole(response, most)?;
    if let Some(foreign) = foreign.filter(|_| !body.is_ascii()) {
        return Err(charset::not_utf8(&foreign));
    }
    parsed(&body)
}

/// Returns the value that a text is. One of too many values, each of which takes many times the
/// memory of its text, is none.
pub fn parsed(text: &[u8]) -> Result<serde_json::Value, Failure> {
    let marks = |mark| memchr::memchr_iter(mark, text).count();
    if text.len() > MOST_VALUES && marks(b',') + marks(b'[') + marks(b'{') > MOST_VALUES {
        let what = format!("the response has more than {MOST_VALUES} values");
        return Err(Failure::new(Exit::Other, what));
    }
    serde_json::from_slice(text)
        .map_err(|_| Failure::new(Exit::Other, "the response is not valid JSON"))
}

/// The body is not the gzip it says it is.
#[derive(Debug)]
pub struct BrokenGzip(io::Error);

impl std::fmt::Display for BrokenGzip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the response's gzip is broken: {}", self.0)
    }
}

impl std::error::Error for BrokenGzip {}

/// Returns the failure of reading a body: cut, timed out, or not what it says it is.
#[must_use]
pub fn read_failure(error: &io::Error) -> Failure {
    if let Some(cause) = send_error_of(error).or_else(|| {
        // The decoder wraps the transport's error once more.
        let inner = error.get_ref()?.downcast_ref::<io::Error>()?;
        send_error_of(inner)
    }) {
        return cause.into();
    }
    let hint = error
        .get_ref()
        .and_then(|e| e.downcast_ref::<BrokenGzip>())
        .is_some()
        .then(|| "`Accept-Encoding:identity` asks for it unpacked".to_owned());
    Failure {
        hint,
        ..Failure::new(Exit::Other, error.to_string())
    }
}
