//! Reads a page to its end: its bytes, and what the envelope says besides elements.
//!
//! Bounded in memory; judges no status.

use std::io::{self, Read as _};

use crate::client::Response;
use crate::error::{Exit, Failure};
use crate::files::LONGEST_VALUE;
use crate::json::{self, Ignored, Lexer, Splitter};
use crate::output::charset;
use crate::output::decode::{decode, too_large};
use crate::output::read_failure;
use crate::service::page::Tail;

/// Pieces of this size are read.
const BLOCK: usize = 64 * 1024;

/// A page in memory.
#[derive(Debug, Default)]
pub struct Read {
    /// Its JSON, without a content coding.
    pub bytes: Vec<u8>,
    /// What it says besides elements.
    pub tail: Tail,
    /// Whether it holds a list of elements; else it is one itself.
    pub is_list: bool,
}

/// Reads a response to its end, so that its connection is free. Fails where it is cut short or not
/// JSON.
pub fn read(response: Response) -> Result<Read, Failure> {
    let foreign = charset::foreign(&response.head);
    let mut body = decode(response)?;
    let mut lexer = Lexer::new();
    let mut splitter = Splitter::new(Ignored);
    let mut bytes = Vec::new();
    loop {
        let start = bytes.len();
        // Filled with zeros once for each block: growing by what comes would read tiny pieces.
        bytes.resize(start + BLOCK, 0);
        let n = match body.read(&mut bytes[start..]) {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {
                bytes.truncate(start);
                continue;
            }
            Err(e) => return Err(read_failure(&e)),
        };
        bytes.truncate(start + n);
        if n == 0 {
            break;
        }
        if bytes.len() as u64 > LONGEST_VALUE {
            return Err(too_large(LONGEST_VALUE));
        }
        // What is not ASCII would be read as another text.
        if let Some(foreign) = foreign.as_ref().filter(|_| !bytes[start..].is_ascii()) {
            return Err(charset::not_utf8(foreign));
        }
        lexer
            .feed(&bytes[start..], &mut splitter)
            .map_err(|e| not_json(&e, foreign.as_deref()))?;
    }
    lexer
        .finish(&mut splitter)
        .map_err(|e| not_json(&e, foreign.as_deref()))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::new(Exit::Other, "the page is empty"));
    }
    let is_single = splitter.is_single();
    let rest = splitter
        .end_text()
        .map_err(|e| Failure::new(Exit::Other, e.to_string()))?;
    let starts_with = |byte| bytes.trim_ascii_start().first() == Some(&byte);
    Ok(Read {
        is_list: !is_single && (rest.is_some() || starts_with(b'[')),
        tail: Tail::read(
            splitter.count(),
            // An error has no list: what it says is all it has.
            match &rest {
                Some(rest) => Some(rest),
                None if starts_with(b'{') => Some(&bytes),
                None => None,
            },
        ),
        bytes,
    })
}

fn not_json(error: &json::Error, foreign: Option<&str>) -> Failure {
    match error {
        json::Error::Fault(_) if foreign.is_some() => {
            charset::not_utf8(foreign.unwrap_or_default())
        }
        json::Error::Fault(fault) => {
            Failure::new(Exit::Other, format!("the page is not valid JSON: {fault}"))
        }
        json::Error::Sink(e) => Failure::new(Exit::Other, e.to_string()),
    }
}
