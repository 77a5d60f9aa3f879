//! Where documents come from: a file or standard input, perhaps in gzip, and in which format.
//!
//! Gzip is known by its first bytes and the format by flag, name or first bytes, so that nothing
//! has to be said of ordinary files. Must not know what a document is.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use flate2::bufread::MultiGzDecoder;
use serde_json::{Value, json};

use crate::error::{Exit, Failure};
use crate::json::{Ignored, Lexer};

/// What is read at once, and looked at to tell the format.
const BLOCK: usize = 64 * 1024;

/// How documents are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A JSON object on each line
    Ndjson,
    /// A JSON array, or the response of a call that holds one
    Json,
    /// Comma-separated values under a line of names
    Csv,
}

impl Format {
    /// The name, as flags and journals have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// An opened source.
pub struct Source {
    /// Its text, without gzip.
    pub text: Box<dyn BufRead>,
    /// Its format.
    pub format: Format,
    /// The bytes that were read so far, as they lie on the disk.
    pub read: Arc<AtomicU64>,
    /// The bytes there are, where it is known.
    pub total: Option<u64>,
    /// What tells this file from others and from its own later states; `None` for a stream.
    pub identity: Option<Value>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// Opens a file; `None` is standard input.
    pub fn open(path: Option<&Path>, format: Option<Format>) -> Result<Self, Failure> {
        let told = path.map_or_else(|| "standard input".to_owned(), |p| p.display().to_string());
        let fail = |e: &io::Error| Failure::new(Exit::Other, format!("{told}: {e}"));
        let read = Arc::new(AtomicU64::new(0));
        let (raw, total, identity): (Box<dyn Read>, _, _) = match path {
            None => (Box::new(io::stdin()), None, None),
            Some(path) => {
                let file = File::open(path).map_err(|e| fail(&e))?;
                let metadata = file.metadata().map_err(|e| fail(&e))?;
                if metadata.is_dir() {
                    return Err(Failure::new(Exit::Other, format!("{told}: is a folder")));
                }
                let regular = metadata.is_file();
                let identity = regular
                    .then(|| identity(path, &metadata))
                    .transpose()
                    .map_err(|e| fail(&e))?;
                (Box::new(file), regular.then_some(metadata.len()), identity)
            }
        };
        let counted = Counted {
            inner: raw,
            count: Arc::clone(&read),
        };
        let mut raw = BufReader::with_capacity(BLOCK, counted);
        let start = filled(&mut raw).map_err(|e| fail(&e))?;
        let mut text: Box<dyn BufRead> = if start.starts_with(&[0x1f, 0x8b]) {
            Box::new(BufReader::with_capacity(BLOCK, MultiGzDecoder::new(raw)))
        } else {
            Box::new(raw)
        };
        let start = filled(&mut text).map_err(|e| fail(&e))?;
        if start.starts_with(b"\xef\xbb\xbf") {
            text.consume(3);
        }
        let format = match format.or_else(|| path.and_then(of_name)) {
            Some(format) => format,
            None => {
                let start = filled(&mut text).map_err(|e| fail(&e))?;
                of_start(start, path.is_some_and(is_json_name)).ok_or_else(|| {
                    Failure::new(Exit::Other, format!("{told}: begins with no document"))
                        .hint("`--format` says what it is: ndjson, json or csv")
                })?
            }
        };
        Ok(Self {
            text,
            format,
            read,
            total,
            identity,
        })
    }
}

fn filled<R: BufRead + ?Sized>(reader: &mut R) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    reader.fill_buf()
}

/// The format by a file's name, where the name is unambiguous: `.json` is used for both kinds.
fn of_name(path: &Path) -> Option<Format> {
    match end_of(path)?.as_str() {
        "csv" => Some(Format::Csv),
        "ndjson" | "jsonl" => Some(Format::Ndjson),
        _ => None,
    }
}

/// What a name ends in, in lower case and before a `.gz`.
fn end_of(path: &Path) -> Option<String> {
    let mut name = PathBuf::from(path.file_name()?.to_ascii_lowercase());
    if name.extension().is_some_and(|e| e == "gz") {
        name.set_extension("");
    }
    Some(name.extension()?.to_str()?.to_owned())
}

/// Tells whether a name says that a file is JSON, of whatever form.
fn is_json_name(path: &Path) -> bool {
    end_of(path).is_some_and(|end| end == "json")
}

/// The format by the first bytes; `None` where they are none of a document or of CSV.
fn of_start(start: &[u8], is_json: bool) -> Option<Format> {
    let text = start.trim_ascii_start();
    let mut lines = text.split(|b| *b == b'\n');
    let line = lines.next().unwrap_or_default();
    match text.first() {
        None => return Some(Format::Ndjson),
        Some(b'[') => return Some(Format::Json),
        Some(b'{') if is_object(line) => {
            // An object that ends with its line is one of several.
            let is_alone = lines.all(|line| line.trim_ascii().is_empty());
            let is_answer = is_alone && is_envelope(line);
            return Some(if is_answer {
                Format::Json
            } else {
                Format::Ndjson
            });
        }
        Some(b'{') => {
            // Laid out over lines, or a line that is broken or longer than what was read.
            let goes_on = Lexer::new().feed(text, &mut Ignored).is_ok();
            let is_laid_out = goes_on && (line.len() < text.len() || is_envelope(line));
            return Some(if is_laid_out {
                Format::Json
            } else {
                Format::Ndjson
            });
        }
        Some(_) => {}
    }
    // A first line that is no document stands among documents, or names the columns of rows.
    if lines.any(is_object) {
        Some(Format::Ndjson)
    } else if is_json || text.first() == Some(&b'<') {
        None
    } else {
        Some(Format::Csv)
    }
}

/// Tells whether a line is one JSON object.
fn is_object(line: &[u8]) -> bool {
    let mut lexer = Lexer::new();
    let line = line.trim_ascii();
    line.first() == Some(&b'{')
        && lexer.feed(line, &mut Ignored).is_ok()
        && lexer.finish(&mut Ignored).is_ok()
}

/// Tells whether an object looks like the response of a call with a list, not like a document.
fn is_envelope(line: &[u8]) -> bool {
    let holds = |name: &[u8]| memchr::memmem::find(line, name).is_some();
    let says_how_it_went = ["\"error\":", "\"code\":", "\"hasMore\":"];
    let is_answer = says_how_it_went.iter().any(|name| holds(name.as_bytes()));
    line.starts_with(b"{\"result\":[") || (holds(b"\"result\":[") && is_answer)
}

/// Size, time and beginning: enough to see that a file is not the one that was read before.
fn identity(path: &Path, metadata: &std::fs::Metadata) -> io::Result<Value> {
    let mut start = Vec::new();
    File::open(path)?
        .take(BLOCK as u64)
        .read_to_end(&mut start)?;
    let hash = ring::digest::digest(&ring::digest::SHA256, &start);
    let hash = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, hash);
    let modified = metadata
        .modified()
        .ok()
        .and_then(|t| t.duration_since(UNIX_EPOCH).ok())
        .map(|t| format!("{}.{:09}", t.as_secs(), t.subsec_nanos()));
    Ok(json!({
        "size": metadata.len(),
        "modified": modified,
        "start_sha256": hash,
    }))
}

/// Counts what is read.
struct Counted {
    inner: Box<dyn Read>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        for (name, want) in [
            ("a.csv", Some(Format::Csv)),
            ("a.CSV.gz", Some(Format::Csv)),
            ("a.ndjson", Some(Format::Ndjson)),
            ("a.jsonl.gz", Some(Format::Ndjson)),
            ("a.json", None),
            ("csv", None),
        ] {
            assert_eq!(of_name(Path::new(name)), want, "{name}");
        }
        for (start, want) in [
            (" [\n", Format::Json),
            ("{\"a\":1}\n{\"a\":2}", Format::Ndjson),
            ("{\"a\":1}", Format::Ndjson),
            ("{\n \"result\": [", Format::Json),
            ("{\"result\":[{}]}\n", Format::Json),
            ("{\"result\":[1]}\n{\"result\":[2]}\n", Format::Ndjson),
            ("{\"id\":1,\"result\":[1]}\n", Format::Ndjson),
            (
                "{\"error\":false,\"code\":200,\"result\":[{}]}\n",
                Format::Json,
            ),
            ("{\"result\":[\n {\"a\":1}\n]}", Format::Json),
            ("{\"a\"\n{\"a\":2}\n", Format::Ndjson),
            ("{\"a\":1,\n", Format::Json),
            ("oops\n{\"a\":2}\n", Format::Ndjson),
            ("# notes\n\n{\"a\":2}", Format::Ndjson),
            ("name,n\n", Format::Csv),
            ("name,n\n{,7\n", Format::Csv),
            ("", Format::Ndjson),
        ] {
            assert_eq!(of_start(start.as_bytes(), false), Some(want), "{start}");
        }
        for (start, is_json) in [
            ("<html>\na", false),
            ("<a>", true),
            ("name,n\n", true),
            ("7", true),
        ] {
            assert_eq!(of_start(start.as_bytes(), is_json), None, "{start}");
        }
        for (name, want) in [
            ("a.json", true),
            ("A.JSON.gz", true),
            ("json", false),
            ("a.csv", false),
        ] {
            assert_eq!(is_json_name(Path::new(name)), want, "{name}");
        }
    }
}
