//! Whether a download can be continued, and what a response to the attempt means. Pure.
//!
//! A part is only worth keeping where the server can be asked for the rest and made to say whether
//! the file is still the same: `Accept-Ranges` and a strong validator (RFC 9110 §13.1.5, §14.3).

use serde::{Deserialize, Serialize};

use crate::client::Head;

/// What has to be known to continue a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The mark of our own; those of 0.1.0 have none.
    #[serde(default)]
    pub apicall: Mark,
    /// A hash of the address, which may hold secrets: another file may have the same validator.
    pub address: String,
    /// A strong `ETag` or a date, as `If-Range` takes it.
    pub validator: String,
    /// The length of the whole, where the server gave it.
    pub total: Option<u64>,
}

/// What the record is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// That of a download.
    #[default]
    Download,
}

impl Record {
    /// Reads the text of a record; `None` where it is none.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// Returns whether a text is a record, and so ours to replace.
    #[must_use]
    pub fn is_ours(text: &[u8]) -> bool {
        Self::parse(text).is_some()
    }

    /// Returns the record as it is kept, its mark first.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        // Texts and numbers can always be written.
        let mut text = serde_json::to_vec(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// Reads the head of a whole response; `None` where it cannot be continued.
    #[must_use]
    pub fn of(head: &Head, address: &str) -> Option<Self> {
        let ranges = head.header("accept-ranges").unwrap_or_default();
        let is_plain = head
            .header("content-encoding")
            .is_none_or(|c| c.trim().eq_ignore_ascii_case("identity"));
        if head.status != 200 || !ranges.trim().eq_ignore_ascii_case("bytes") || !is_plain {
            return None;
        }
        Some(Self {
            apicall: Mark::default(),
            address: address.to_owned(),
            validator: validator(head)?,
            total: head.header("content-length").and_then(|l| l.parse().ok()),
        })
    }
}

/// Returns a strong `ETag`, else a date that was a second old when the response was made (RFC 9110
/// §8.8.2.2).
fn validator(head: &Head) -> Option<String> {
    if let Some(etag) = head.header("etag") {
        return (etag.len() > 1 && etag.starts_with('"') && etag.ends_with('"'))
            .then(|| etag.to_owned());
    }
    let modified = head.header("last-modified")?;
    let at = |date| httpdate::parse_http_date(date).ok();
    (at(modified)? < at(head.header("date")?)?).then(|| modified.to_owned())
}

/// What comes next, now that the rest was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The response is the rest.
    Append,
    /// The part is the whole.
    Complete,
    /// The response is the whole.
    Restart,
    /// The response is of no use: ask for the whole.
    AskAgain,
    /// The response is an error like any other.
    Failed,
}

/// Judges the response to a request for everything from `have` on.
#[must_use]
pub fn next(record: &Record, have: u64, head: &Head) -> Next {
    match head.status {
        206 if continues(record, have, head) => Next::Append,
        416 if record.total == Some(have) && unsatisfied_total(head) == Some(have) => {
            Next::Complete
        }
        206 | 416 => Next::AskAgain,
        200..=299 => Next::Restart,
        _ => Next::Failed,
    }
}

/// Returns whether a 206 continues where the part ends, and in the same file.
fn continues(record: &Record, have: u64, head: &Head) -> bool {
    let Some((start, end, total)) = head.header("content-range").and_then(content_range) else {
        return false;
    };
    let is_other_total = matches!((total, record.total), (Some(a), Some(b)) if a != b);
    // A server may send less than was asked for, which would end the file too early.
    let is_short = total.or(record.total).is_some_and(|total| end + 1 != total);
    let is_other_length = head
        .header("content-length")
        .is_some_and(|l| l.parse() != Ok(end - start + 1));
    let name = if record.validator.starts_with('"') {
        "etag"
    } else {
        "last-modified"
    };
    let is_other_file = head.header(name).is_some_and(|v| v != record.validator);
    let is_coded = head
        .header("content-encoding")
        .is_some_and(|c| !c.trim().eq_ignore_ascii_case("identity"));
    let is_other = is_other_total || is_other_length || is_other_file || is_coded;
    start == have && !is_short && !is_other
}

/// Returns the length that the file has once the range of a 206 has come.
#[must_use]
pub fn length_behind(head: &Head) -> Option<u64> {
    let (_, last, _) = head.header("content-range").and_then(content_range)?;
    Some(last + 1)
}

/// Reads `bytes 100-199/200`: first, last and, where known, the length of all.
fn content_range(value: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.trim().split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    let total = match total {
        "*" => None,
        n => Some(n.parse().ok()?),
    };
    (first <= last && last < u64::MAX && total.is_none_or(|t| last < t))
        .then_some((first, last, total))
}

/// Returns the length that a 416 gives, as `bytes */200`.
fn unsatisfied_total(head: &Head) -> Option<u64> {
    let value = head.header("content-range")?;
    value.trim().strip_prefix("bytes */")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

    fn head(status: u16, headers: &[(&str, &str)]) -> Head {
        Head::new("HTTP/1.1", status, "").with(headers.iter().copied())
    }

    #[test]
    fn what_can_be_continued() {
        let ranges = ("Accept-Ranges", "bytes");
        for (headers, want) in [
            (&[ranges, ("ETag", "\"a\"")][..], Some("\"a\"")),
            (&[ranges, ("ETag", "W/\"a\"")], None),
            (&[ranges, ("ETag", "\"")], None),
            (&[ranges], None),
            (&[("ETag", "\"a\"")], None),
            (&[("Accept-Ranges", "none"), ("ETag", "\"a\"")], None),
            (
                &[ranges, ("ETag", "\"a\""), ("Content-Encoding", "gzip")],
                None,
            ),
            (
                &[ranges, ("Last-Modified", DATE), ("Date", LATER)],
                Some(DATE),
            ),
            (&[ranges, ("Last-Modified", DATE), ("Date", DATE)], None),
            (&[ranges, ("Last-Modified", DATE)], None),
            (
                &[
                    ranges,
                    ("ETag", "W/\"a\""),
                    ("Last-Modified", DATE),
                    ("Date", LATER),
                ],
                None,
            ),
            (&[ranges, ("Last-Modified", "soon"), ("Date", LATER)], None),
        ] {
            let record = Record::of(&head(200, headers), "x");
            assert_eq!(record.map(|r| r.validator).as_deref(), want, "{headers:?}");
            assert_eq!(Record::of(&head(206, headers), "x"), None);
        }
    }

    #[test]
    fn what_an_answer_means() {
        let record = |validator: &str, total| Record {
            apicall: Mark::Download,
            address: "x".into(),
            validator: validator.into(),
            total,
        };
        let known = record("\"a\"", Some(200));
        let unknown = record("\"a\"", None);
        let dated = record(DATE, Some(200));
        let good = ("Content-Range", "bytes 100-199/200");
        for (record, status, headers, want) in [
            (&known, 206, &[good][..], Next::Append),
            (&known, 206, &[good, ("ETag", "\"a\"")], Next::Append),
            (&known, 206, &[good, ("ETag", "\"b\"")], Next::AskAgain),
            (
                &known,
                206,
                &[good, ("Content-Length", "100")],
                Next::Append,
            ),
            (
                &known,
                206,
                &[good, ("Content-Length", "99")],
                Next::AskAgain,
            ),
            (
                &known,
                206,
                &[good, ("Content-Encoding", "gzip")],
                Next::AskAgain,
            ),
            (&dated, 206, &[good, ("Last-Modified", DATE)], Next::Append),
            (
                &dated,
                206,
                &[good, ("Last-Modified", LATER)],
                Next::AskAgain,
            ),
            (&known, 206, &[], Next::AskAgain),
            (
                &known,
                206,
                &[("Content-Type", "multipart/byteranges")],
                Next::AskAgain,
            ),
            (
                &known,
                206,
                &[("Content-Range", "bytes 100-149/200")],
                Next::AskAgain,
            ),
            (
                &known,
                206,
                &[("Content-Range", "bytes 100-199/*")],
                Next::Append,
            ),
            (
                &known,
                206,
                &[("Content-Range", "bytes 99-199/200")],
                Next::AskAgain,
            ),
            (
                &known,
                206,
                &[("Content-Range", "bytes 100-199/201")],
                Next::AskAgain,
            ),
            (
                &known,
                206,
                &[("Content-Range", "bytes 100-149/*")],
                Next::AskAgain,
            ),
            (
                &unknown,
                206,
                &[("Content-Range", "bytes 100-200/201")],
                Next::Append,
            ),
            (
                &unknown,
                206,
                &[("Content-Range", "bytes 100-199/201")],
                Next::AskAgain,
            ),
            (
                &unknown,
                206,
                &[("Content-Range", "bytes 100-201/201")],
                Next::AskAgain,
            ),
            (
                &unknown,
                206,
                &[("Content-Range", "lines 100-199/200")],
                Next::AskAgain,
            ),
            (&known, 200, &[], Next::Restart),
            (
                &known,
                416,
                &[("Content-Range", "bytes */100")],
                Next::AskAgain,
            ),
            (&known, 416, &[], Next::AskAgain),
            (
                &record("\"a\"", Some(100)),
                416,
                &[("Content-Range", "bytes */100")],
                Next::Complete,
            ),
            (
                &unknown,
                416,
                &[("Content-Range", "bytes */100")],
                Next::AskAgain,
            ),
            (&known, 404, &[], Next::Failed),
            (&known, 302, &[], Next::Failed),
            (&known, 503, &[], Next::Failed),
        ] {
            assert_eq!(
                next(record, 100, &head(status, headers)),
                want,
                "{status} {headers:?}"
            );
        }
    }
}
