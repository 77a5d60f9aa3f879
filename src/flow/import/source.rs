//! Where documents come from: a file or standard input, perhaps in gzip, and in which format.
//!
//! Gzip is known by its first bytes and the format by flag, name or first bytes, so that nothing
//! has to be said of ordinary files; what is no text of documents is refused by what it is. Must
//! not know what a document is.

mod format;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use flate2::bufread::MultiGzDecoder;
use serde_json::{Value, json};

use crate::error::{Exit, Failure};

pub use format::{Format, end_of, is_packed_name, separator};
use format::{is_json_name, of_name, of_start};

/// What is read at once, and looked at to know the format.
const BLOCK: usize = 64 * 1024;

/// How a text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The format.
    pub format: Format,
    /// What stands between two cells, where it was said.
    pub separator: Option<u8>,
    /// Whether the text began with a byte order mark.
    pub is_marked: bool,
}

impl From<Format> for Layout {
    fn from(format: Format) -> Self {
        Self {
            format,
            separator: None,
            is_marked: false,
        }
    }
}

/// What was said of a source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said {
    /// The format.
    pub format: Option<Format>,
    /// What stands between two cells.
    pub separator: Option<u8>,
    /// Whether rows of any kind are read: none at all are no error, and what neither its name nor
    /// its first byte shows is plain lines.
    pub are_rows: bool,
}

/// The flag that says the format of documents, or of the rows of a batch.
#[must_use]
pub fn format_flag(are_rows: bool) -> &'static str {
    if are_rows {
        "--from-format"
    } else {
        "--format"
    }
}

/// An opened source.
pub struct Source {
    /// Its text, without gzip.
    pub text: Box<dyn BufRead>,
    /// How it is to be read.
    pub layout: Layout,
    /// The bytes that were read so far, as they lie on the disk.
    pub read: Arc<AtomicU64>,
    /// The bytes there are, where it is known.
    pub total: Option<u64>,
    /// What distinguishes this file from others and from its own later states; `None` for a stream.
    pub identity: Option<Value>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// Opens a file; `None` is standard input.
    pub fn open(path: Option<&Path>, said: Said) -> Result<Self, Failure> {
        let name = path.map_or_else(|| "standard input".to_owned(), |p| p.display().to_string());
        let fail = |e: &io::Error| Failure::new(Exit::Other, format!("{name}: {e}"));
        let (raw, total, identity): (Box<dyn Read>, _, _) = match path {
            None => (Box::new(io::stdin()), None, None),
            Some(path) => {
                let file = crate::files::input(path).map_err(|e| fail(&e))?;
                let metadata = file.metadata().map_err(|e| fail(&e))?;
                if metadata.is_dir() {
                    return Err(Failure::new(Exit::Other, format!("{name}: is a folder")));
                }
                let regular = metadata.is_file();
                let identity = regular
                    .then(|| identity(path, &metadata))
                    .transpose()
                    .map_err(|e| fail(&e))?;
                (Box::new(file), regular.then_some(metadata.len()), identity)
            }
        };
        let opened = Opened {
            raw,
            path,
            name,
            total,
            identity,
        };
        opened.source(said)
    }

    /// Reads a file that is open, from its beginning; its path names the format, where it has one.
    pub fn of_file(mut file: File, path: Option<&Path>, said: Said) -> Result<Self, Failure> {
        let name = path.map_or_else(|| "standard input".to_owned(), |p| p.display().to_string());
        file.rewind()
            .map_err(|e| Failure::new(Exit::Other, format!("{name}: {e}")))?;
        let opened = Opened {
            total: file.metadata().ok().map(|found| found.len()),
            raw: Box::new(file),
            path,
            name,
            identity: None,
        };
        opened.source(said)
    }
}

/// What was opened, and is not yet known.
struct Opened<'a> {
    raw: Box<dyn Read>,
    path: Option<&'a Path>,
    /// What messages call it.
    name: String,
    total: Option<u64>,
    identity: Option<Value>,
}

impl Opened<'_> {
    /// Unpacks the text, and detects its format.
    fn source(self, said: Said) -> Result<Source, Failure> {
        let Self { path, name, .. } = self;
        let fail = |e: &io::Error| Failure::new(Exit::Other, format!("{name}: {e}"));
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            inner: self.raw,
            count: Arc::clone(&read),
        };
        let raw = BufReader::with_capacity(BLOCK, counted);
        let (mut start, mut text) = begun(raw).map_err(|e| fail(&e))?;
        if start.starts_with(&[0x1f, 0x8b]) {
            let unpacked = BufReader::with_capacity(BLOCK, MultiGzDecoder::new(text));
            (start, text) = begun(unpacked).map_err(|e| fail(&e))?;
        }
        let is_blank = is_blank(&start);
        if let Some((what, hint)) = no_text(&start).filter(|_| !(is_blank && said.are_rows)) {
            let failure = Failure::new(Exit::Other, format!("{name}: {what}"));
            return Err(match hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            });
        }
        let is_marked = start.starts_with(MARK);
        if is_marked {
            text.consume(MARK.len());
            start.drain(..MARK.len());
        }
        let by_name = path.and_then(of_name);
        let chosen = said.format.or(by_name);
        // Who names a separator has rows.
        let chosen = chosen.or(said.separator.map(|_| Format::Csv));
        let looks = of_start(&start, path.is_some_and(is_json_name));
        let is_json = matches!(start.trim_ascii_start().first(), Some(b'{' | b'['));
        let format = match (chosen, looks) {
            _ if said.are_rows && is_blank => Format::Lines,
            (None, _) if said.are_rows && !is_json => Format::Lines,
            (Some(Format::Json), Some(Format::Ndjson)) => Format::Ndjson,
            (Some(chosen), _) => chosen,
            (None, Some(looks)) => looks,
            (None, None) => {
                let failure = Failure::new(Exit::Other, format!("{name}: begins with no document"));
                return Err(failure.hint("`--format` says what it is: ndjson, json, csv or tsv"));
            }
        };
        let first = start.trim_ascii_start().first();
        if format.is_table()
            && let Some(first @ (b'{' | b'[')) = first
        {
            let documents = looks.filter(|f| !f.is_table()).unwrap_or(Format::Ndjson);
            let message = format!(
                "{name}: no {}: it begins with `{}`, as JSON does",
                format.name().to_uppercase(),
                char::from(*first)
            );
            let flag = format_flag(said.are_rows);
            let hint = format!("`{flag} {}` reads it", documents.name());
            return Err(Failure::usage(message).hint(hint));
        }
        Ok(Source {
            text,
            layout: Layout {
                format,
                separator: said.separator,
                is_marked,
            },
            read,
            total: self.total,
            identity: self.identity,
        })
    }
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the start of a text, and gives it with a reader that begins with it again. What breaks
/// off behind the first bytes breaks off there once more.
fn begun<R: BufRead + 'static>(mut raw: R) -> io::Result<(Vec<u8>, Box<dyn BufRead>)> {
    let mut start = Vec::with_capacity(BLOCK);
    let mut broken = None;
    while start.len() < BLOCK {
        match raw.fill_buf() {
            Ok([]) => break,
            Ok(chunk) => {
                let n = chunk.len().min(BLOCK - start.len());
                start.extend_from_slice(&chunk[..n]);
                raw.consume(n);
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if start.is_empty() => return Err(e),
            Err(e) => {
                broken = Some(e);
                break;
            }
        }
    }
    let again = Cursor::new(start.clone());
    Ok((
        start,
        match broken {
            Some(error) => Box::new(again.chain(BufReader::new(Breaks(Some(error))))),
            None => Box::new(again.chain(raw)),
        },
    ))
}

/// Fails, and has ended then.
struct Breaks(Option<io::Error>);

impl Read for Breaks {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Returns what a start is that cannot be one of documents in UTF-8, and the cure.
fn no_text(start: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    const UTF_16: (&str, Option<&str>) = (
        "is UTF-16, and only UTF-8 is read",
        Some(
            "`iconv -f UTF-16 -t UTF-8 FILE` converts it; in PowerShell, `… | Out-File -Encoding utf8 FILE` writes what `>` should",
        ),
    );
    let text = start.strip_prefix(MARK).unwrap_or(start);
    let packed = |what| Some((what, Some("unpack it first; only gzip is read packed")));
    match text {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(UTF_16),
        // Written without a mark: each letter of ASCII has a NUL for its other half.
        [0, first, 0, _, ..] | [first, 0, _, 0, ..] if *first != 0 => Some(UTF_16),
        [0, ..] | [_, 0, ..] => Some(("begins with NULs, which are not text", None)),
        _ if text.starts_with(MARK) => Some((
            "begins with two byte order marks",
            Some("remove one: `tail -c +4 FILE`"),
        )),
        _ if text.starts_with(b"PK\x03\x04") => Some((
            "is a ZIP archive, as spreadsheets are",
            Some("save the table as CSV"),
        )),
        _ if text.starts_with(b"\x28\xb5\x2f\xfd") => packed("is packed by zstd"),
        _ if text.starts_with(b"\xfd7zXZ\0") => packed("is packed by xz"),
        _ if text.starts_with(b"BZh") && text.get(4..10) == Some(b"1AY&SY") => {
            packed("is packed by bzip2")
        }
        _ if is_blank(start) => Some(("is empty", None)),
        _ if memchr::memchr(0, text).is_some() => Some((
            "holds NULs, which are not text",
            Some("`tr -d '\\000' < FILE` removes them"),
        )),
        _ => None,
    }
}

/// Returns whether a start is all there is, and nothing but blanks.
fn is_blank(start: &[u8]) -> bool {
    let text = start.strip_prefix(MARK).unwrap_or(start);
    start.len() < BLOCK && text.trim_ascii().is_empty()
}

/// Identifies a file by size, time and beginning: enough to see that it is not the one read before.
fn identity(path: &Path, metadata: &std::fs::Metadata) -> io::Result<Value> {
    let mut start = Vec::new();
    crate::files::input(path)?
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
            ("a.tsv.gz", Some(Format::Tsv)),
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
            ("{\"a\":1,\n", Format::Ndjson),
            ("{\n  \"a\": 1\n}\n{\n  \"b\": 2\n}\n", Format::Ndjson),
            ("{\n  \"code\": 200,\n  \"result\": [\n", Format::Json),
            ("name\tn\n", Format::Tsv),
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

    #[test]
    fn what_is_no_text_is_named() {
        for (start, want) in [
            (&b"\xff\xfe{\0}\0"[..], "UTF-16"),
            (b"\xfe\xff\0{\0}", "UTF-16"),
            (b"{\0\"\0a\0", "UTF-16"),
            (b"\0{\0\"\0a", "UTF-16"),
            (b"\0\0\0\0\0\0", "NULs"),
            (b"\0", "NULs"),
            (b"\xef\xbb\xbf\xef\xbb\xbf{}", "two byte order marks"),
            (b"\xef\xbb\xbf", "is empty"),
            (b" \n\n", "is empty"),
            (b"", "is empty"),
            (b"PK\x03\x04xl", "ZIP"),
            (b"\x28\xb5\x2f\xfd\0", "zstd"),
            (b"BZh91AY&SY", "bzip2"),
        ] {
            let (what, _) = no_text(start).unwrap();
            assert!(what.contains(want), "{start:?} {what}");
        }
        for start in ["{}", "a", "\u{feff}{}", "n\0", "BZhivago,n\n"] {
            assert_eq!(
                no_text(start.as_bytes()).is_some(),
                start == "n\0",
                "{start}"
            );
        }
    }

    #[test]
    fn separators() {
        for (text, want) in [(";", b';'), ("\\t", b'\t'), ("\t", b'\t'), ("|", b'|')] {
            assert_eq!(separator(text), Ok(want), "{text}");
        }
        for text in ["", "\"", ";;", "é", "\n"] {
            assert!(separator(text).is_err(), "{text}");
        }
    }
}
