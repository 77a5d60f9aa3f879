//! Where a response's head and body end, and what makes that uncertain. Pure.
//!
//! A response that two readers could take for two different ones (RFC 9112 §11.1 and §11.2) is
//! refused by name, before ureq looks at it: ureq passes over some of these faults, and has no
//! sentence of its own for the others. [`read`] reads a complete head, [`of_head`] judges what it
//! says of the body, [`Chunks`] follows a chunked body through whatever pieces it arrives in.

use super::head::Head;
use super::heads;
use crate::header::{is_token, token_length};

/// The longest line with a chunk's size; ureq takes no longer one.
const LONGEST_SIZE: usize = 20;

/// All trailers together, in bytes.
const MOST_TRAILERS: usize = 64 * 1024;

/// What is wrong with a response, as a sentence.
pub type Fault = String;

/// Reads a complete head without its empty line.
pub fn read(raw: &[u8]) -> Result<Head, Fault> {
    check_lines(raw, 0)?;
    let has_control = has_control(raw);
    let text = heads::text(raw);
    let mut lines = heads::lines(&text);
    let mut head = Head::begin(lines.next().unwrap_or_default(), raw.len());
    let mut before = None;
    for line in lines {
        let (name, value) = header(line, before)?;
        if has_control && value.bytes().any(is_control) {
            return Err(format!(
                "the response's header `{name}` holds a control character"
            ));
        }
        head.push(name, value.trim());
        before = Some(name);
    }
    Ok(head)
}

/// Judges what a head says of the body. Gives a follower of it where it is chunked and can be one:
/// `is_bodiless` says that the request was a HEAD.
pub fn of_head(head: &Head, is_bodiless: bool) -> Result<Option<Chunks>, Fault> {
    let values = |name| head.all(name).flat_map(elements).collect::<Vec<_>>();
    check_length(head)?;
    if head.header("content-encoding").is_some() {
        check_codings(&values("content-encoding"))?;
    }
    if head.header("transfer-encoding").is_none() {
        return Ok(None);
    }
    let transfer = values("transfer-encoding");
    if !matches!(transfer[..], [one] if one.eq_ignore_ascii_case("chunked")) {
        return Err(format!(
            "the response's `Transfer-Encoding` is not `chunked` alone{}",
            quoted(&transfer)
        ));
    }
    if head.header("content-length").is_some() {
        return Err(
            "the response has both `Content-Length` and `Transfer-Encoding`: where it ends is not certain"
                .to_owned(),
        );
    }
    if head.version() == "HTTP/1.0" {
        return Err("the response is HTTP/1.0, which has no `Transfer-Encoding`".to_owned());
    }
    let has_body = !is_bodiless && !matches!(head.status, 100..=199 | 204 | 304);
    Ok(has_body.then(Chunks::default))
}

/// Refuses a head, complete or not, that has other ends of lines than CR LF. So many of its bytes
/// have been checked before.
pub fn check_lines(head: &[u8], checked: usize) -> Result<(), Fault> {
    let before = checked.checked_sub(1).map_or(b' ', |at| head[at]);
    let new = &head[checked..];
    let is_proper = |before: u8, byte: u8| (before == b'\r') == (byte == b'\n') && byte != 0;
    // Looked at to its end, whatever is found: many bytes at once.
    let pairs = new.iter().zip(new.get(1..).unwrap_or_default());
    let all = pairs.fold(true, |all, (a, b)| all & is_proper(*a, *b));
    if all && new.first().is_none_or(|byte| is_proper(before, *byte)) {
        return Ok(());
    }
    Err(line_fault(before, new).to_owned())
}

/// Names the first fault in the ends of lines.
fn line_fault(mut before: u8, bytes: &[u8]) -> &'static str {
    for &byte in bytes {
        match byte {
            b'\n' if before != b'\r' => return "a line of the response's headers ends in LF alone",
            0 => return "the response's headers hold a NUL",
            _ if before == b'\r' && byte != b'\n' => break,
            _ => {}
        }
        before = byte;
    }
    "the response's headers hold a CR alone"
}

/// Returns whether there is a control character besides the ends of lines. Like them it is looked for
/// to the end.
fn has_control(head: &[u8]) -> bool {
    let is_end = |byte| matches!(byte, b'\r' | b'\n');
    let found = |found, byte: &u8| found | (is_control(*byte) && !is_end(*byte));
    head.iter().fold(false, found)
}

/// Returns whether a byte is a control character that no value has.
const fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

/// Reads a header's line; `before` is the name of the header above it.
fn header<'a>(line: &'a str, before: Option<&str>) -> Result<(&'a str, &'a str), Fault> {
    match line.split_at(token_length(line)) {
        (name, rest) if !name.is_empty() && rest.starts_with(':') => Ok((name, &rest[1..])),
        _ => Err(header_fault(line, before)),
    }
}

/// Names what is wrong with a header's line that does not begin with a name and a colon.
fn header_fault(line: &str, before: Option<&str>) -> Fault {
    const BLANKS: [char; 2] = [' ', '\t'];
    if line.starts_with(BLANKS) {
        return match before {
            Some(name) => format!("the response's header `{name}` is folded over two lines"),
            None => "the response's headers begin with a blank".to_owned(),
        };
    }
    let what = match line.split_once(':') {
        None => "a header of the response has no colon",
        Some((name, _)) if name.ends_with(BLANKS) => {
            "a header of the response has a blank before its colon"
        }
        Some(_) => "the name of a header of the response is not a word",
    };
    what.to_owned()
}

/// Returns the elements of a header that is a list.
fn elements(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim)
}

fn check_length(head: &Head) -> Result<(), Fault> {
    let mut known = None;
    for header in head.all("content-length") {
        for value in elements(header) {
            let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let Some(length) = value.parse::<u64>().ok().filter(|_| is_number) else {
                return Err("the response's `Content-Length` is not a length".to_owned());
            };
            if known.is_some_and(|known| known != length) {
                return Err("the response has two `Content-Length`s that differ".to_owned());
            }
            known = Some(length);
        }
    }
    Ok(())
}

/// Refuses several codings; a single one is checked where the body is decoded.
fn check_codings(values: &[&str]) -> Result<(), Fault> {
    let codings = values
        .iter()
        .filter(|v| !v.is_empty() && !v.eq_ignore_ascii_case("identity"));
    if codings.count() < 2 {
        return Ok(());
    }
    Err(format!(
        "the response's `Content-Encoding` is more than one{}",
        quoted(values)
    ))
}

/// Values as the server wrote them, where they are words.
fn quoted(values: &[&str]) -> String {
    let text = values.join(", ");
    if text.len() <= 60 && values.iter().all(|v| is_token(v)) {
        return format!(": `{text}`");
    }
    String::new()
}

/// Where in a chunked body the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Size,
    Data,
    DataEnd,
    Trailer,
    End,
}

/// Follows a chunked body (RFC 9112 §7.1).
#[derive(Debug, Default)]
pub struct Chunks {
    at: At,
    /// The present line, without its CR LF.
    line: Vec<u8>,
    has_cr: bool,
    /// What is left of the chunk.
    left: u64,
    trailers: usize,
}

impl Chunks {
    /// Returns whether the data are over, and trailers may follow.
    #[must_use]
    pub fn is_in_trailers(&self) -> bool {
        self.at == At::Trailer
    }

    /// Follows the next bytes.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        while let Some((&byte, rest)) = bytes.split_first() {
            match self.at {
                At::End => return Ok(()),
                At::Data => {
                    let most = usize::try_from(self.left).unwrap_or(usize::MAX);
                    let taken = most.min(bytes.len());
                    self.left -= taken as u64;
                    bytes = &bytes[taken..];
                    if self.left == 0 {
                        self.at = At::DataEnd;
                    }
                    continue;
                }
                At::Trailer => {
                    self.trailers += 1;
                    if self.trailers >= MOST_TRAILERS {
                        return Err("the response's trailers are longer than 64 KiB".to_owned());
                    }
                }
                At::Size | At::DataEnd => {}
            }
            bytes = rest;
            self.byte_of_line(byte)?;
        }
        Ok(())
    }

    fn byte_of_line(&mut self, byte: u8) -> Result<(), Fault> {
        match byte {
            b'\n' if self.has_cr => {
                self.has_cr = false;
                return self.end_line();
            }
            b'\n' => return Err("a line between the response's chunks ends in LF alone".to_owned()),
            _ if self.has_cr => {
                return Err("a line between the response's chunks holds a CR alone".to_owned());
            }
            b'\r' => {
                self.has_cr = true;
                return Ok(());
            }
            0 => return Err("a line between the response's chunks holds a NUL".to_owned()),
            _ => {}
        }
        match self.at {
            At::DataEnd => Err("a chunk of the response is longer than it says".to_owned()),
            At::Size if self.line.len() == LONGEST_SIZE => {
                Err("the size of a chunk of the response is a line of over 20 bytes".to_owned())
            }
            // What a trailer says nobody reads.
            At::Trailer if !self.line.is_empty() => Ok(()),
            At::Size | At::Trailer | At::Data | At::End => {
                self.line.push(byte);
                Ok(())
            }
        }
    }

    fn end_line(&mut self) -> Result<(), Fault> {
        let line = std::mem::take(&mut self.line);
        self.at = match self.at {
            At::Size => {
                self.left = size(&line)?;
                if self.left == 0 {
                    At::Trailer
                } else {
                    At::Data
                }
            }
            At::DataEnd => At::Size,
            At::Trailer if line.is_empty() => At::End,
            At::Trailer => At::Trailer,
            At::Data | At::End => self.at,
        };
        Ok(())
    }
}

fn size(line: &[u8]) -> Result<u64, Fault> {
    let digits = line.split(|b| *b == b';').next().unwrap_or_default();
    let digits = digits.trim_ascii_end();
    if digits.starts_with(b"-") {
        return Err("a chunk of the response has a negative size".to_owned());
    }
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    if !is_number {
        return Err("the size of a chunk of the response is not a hexadecimal number".to_owned());
    }
    let digits = String::from_utf8_lossy(digits);
    u64::from_str_radix(&digits, 16)
        .ok()
        .filter(|size| i64::try_from(*size).is_ok())
        .ok_or_else(|| "a chunk of the response is larger than any can be".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a head and judges it.
    fn judge(raw: &str, is_bodiless: bool) -> Result<Option<Chunks>, Fault> {
        of_head(&read(raw.as_bytes())?, is_bodiless)
    }

    #[test]
    fn heads_are_refused_by_name() {
        for (headers, want) in [
            ("Content-Length: 5", None),
            ("Content-Length: 5\r\nContent-Length: 5", None),
            ("Content-Length: 5, 5", None),
            ("Transfer-Encoding: chunked", None),
            ("Transfer-Encoding: Chunked", None),
            ("Content-Encoding: gzip", None),
            ("Content-Encoding: identity, gzip", None),
            ("X-Empty:\r\nX: \u{e9}\t1", None),
            ("X: a\r\n b", Some("header `X` is folded")),
            ("X: a\r\n\tb", Some("header `X` is folded")),
            (" X: a", Some("begin with a blank")),
            ("X: a\nY: b", Some("LF alone")),
            ("X: a\rb", Some("CR alone")),
            ("X: a\0b", Some("NUL")),
            ("X: a\u{7}b", Some("`X` holds a control character")),
            ("X : a", Some("blank before its colon")),
            ("X", Some("no colon")),
            (": a", Some("not a word")),
            ("X Y: a", Some("not a word")),
            (
                "Content-Length: 5\r\nContent-Length: 6",
                Some("that differ"),
            ),
            ("Content-Length: 5, 6", Some("that differ")),
            ("Content-Length: -5", Some("not a length")),
            ("Content-Length: +5", Some("not a length")),
            ("Content-Length: 0x5", Some("not a length")),
            ("Content-Length:", Some("not a length")),
            ("Content-Length: 99999999999999999999", Some("not a length")),
            (
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                Some("both `Content-Length` and"),
            ),
            (
                "Transfer-Encoding: gzip, chunked",
                Some("not `chunked` alone: `gzip, chunked`"),
            ),
            (
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                Some("alone: `chunked, chunked`"),
            ),
            ("Transfer-Encoding: identity", Some("alone: `identity`")),
            ("Transfer-Encoding: \u{b}chunked", Some("control")),
            (
                "Content-Encoding: gzip, gzip",
                Some("more than one: `gzip, gzip`"),
            ),
            (
                "Content-Encoding: gzip\r\nContent-Encoding: br",
                Some("more than one: `gzip, br`"),
            ),
        ] {
            let head = format!("HTTP/1.1 200 OK\r\n{headers}");
            let fault = judge(&head, false).err();
            match want {
                None => assert_eq!(fault, None, "{headers:?}"),
                Some(want) => assert!(
                    fault.as_ref().is_some_and(|f| f.contains(want)),
                    "{headers:?}: {fault:?}"
                ),
            }
        }
        let old = judge("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked", false);
        assert!(old.unwrap_err().contains("HTTP/1.0"));
    }

    #[test]
    fn a_body_is_followed_where_there_can_be_one() {
        for (status, is_head, want) in [
            ("200", false, true),
            ("404", false, true),
            ("200", true, false),
            ("204", false, false),
            ("304", false, false),
        ] {
            let head = format!("HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked");
            let found = judge(&head, is_head).unwrap();
            assert_eq!(found.is_some(), want, "{status}");
        }
        let plain = judge("HTTP/1.1 200 OK\r\nContent-Length: 1", false).unwrap();
        assert!(plain.is_none());
    }

    #[test]
    fn chunks_are_refused_by_name_in_any_pieces() {
        let long = format!("0\r\nX: {}\r\n\r\n", "x".repeat(70_000));
        let many = format!("0\r\n{}\r\n", "X: y\r\n".repeat(12_000));
        for (body, want) in [
            ("5\r\nhello\r\n0\r\n\r\n", None),
            ("5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\nmore", None),
            ("05 \r\nhello\r\n000\r\n\r\n", None),
            ("5\r\nh\nl\ro\r\n0\r\n\r\n", None),
            ("5\nhello\n0\n\n", Some("LF alone")),
            ("5\r\nhello\n0\r\n\r\n", Some("LF alone")),
            ("5\r\nhello\r\n0\n\n", Some("LF alone")),
            ("5\r\nhello\r\n0\r\nX: y\n\r\n", Some("LF alone")),
            ("5\rhello", Some("CR alone")),
            ("5\r\nhello!\r\n", Some("longer than it says")),
            ("-5\r\nhello", Some("negative size")),
            ("+5\r\nhello", Some("hexadecimal")),
            ("0x5\r\nhello", Some("hexadecimal")),
            ("\r\nhello", Some("hexadecimal")),
            ("5 5\r\nhello", Some("hexadecimal")),
            ("5;\0\r\nhello", Some("NUL")),
            ("ffffffffffffffff\r\n", Some("larger than any")),
            ("fffffffffffffffff\r\n", Some("larger than any")),
            ("5;name=a-long-extension\r\n", Some("over 20 bytes")),
            (&long, Some("64 KiB")),
            (&many, Some("64 KiB")),
        ] {
            for piece in [1, 3, body.len()] {
                let mut chunks = Chunks::default();
                let fault = body
                    .as_bytes()
                    .chunks(piece)
                    .find_map(|bytes| chunks.feed(bytes).err());
                match want {
                    None => {
                        assert_eq!(fault, None, "{body:?}");
                        assert_eq!(chunks.at, At::End, "{body:?}");
                    }
                    Some(want) => assert!(
                        fault.as_ref().is_some_and(|f| f.contains(want)),
                        "{want}: {fault:?}"
                    ),
                }
            }
        }
    }
}
