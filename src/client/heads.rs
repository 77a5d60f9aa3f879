//! Finds the headers among the first bytes of a response: where they end, and which are interim.
//!
//! Looks at bytes and never reads. Pure; `incoming` reads and decides.

use std::borrow::Cow;

/// What ends a head.
pub const HEAD_END: &[u8; 4] = b"\r\n\r\n";

/// Returns where the first head ends, in front of its empty line.
///
/// Looks at each fourth byte, because one of them belongs to the end. A search by `memchr` would
/// ask the processor for its features first, which on a virtual machine takes longer than a small
/// call's head is looked at.
#[must_use]
pub fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let mut at = HEAD_END.len() - 1;
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'\r' | b'\n') {
            let start = at + 1 - HEAD_END.len();
            let found = (start..=at).find(|at| bytes[*at..].first_chunk() == Some(HEAD_END));
            if found.is_some() {
                return found;
            }
        }
        at += HEAD_END.len();
    }
    None
}

/// Returns a head as text: what is not UTF-8 is replaced.
#[must_use]
pub fn text(head: &[u8]) -> Cow<'_, str> {
    // Quick where all is ASCII, which is looked at a word at a time.
    str::from_utf8(head).map_or_else(|_| String::from_utf8_lossy(head), Cow::Borrowed)
}

/// Returns the lines of a head without their ends. A search by the standard library prepares itself
/// for long texts first.
pub fn lines(head: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(head);
    std::iter::from_fn(move || {
        let text = rest?;
        let (line, behind) = match text.bytes().position(|b| b == b'\n') {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        rest = behind;
        Some(line.strip_suffix('\r').unwrap_or(line))
    })
}

/// Returns whether a head is interim (1xx), and another one follows it. 101 is final: the server
/// switches to another protocol.
#[must_use]
pub fn is_interim(head: &[u8]) -> bool {
    has_status(head, |status| status.starts_with(b"1") && status != b"101")
}

/// Returns the length of the interim heads at the start that are not a bare `100 Continue`, which
/// ureq waits for; it refuses one with headers, as tinyproxy makes it.
#[must_use]
pub fn hints(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while is_interim(rest)
        && let Some(end) = end_of_head(rest)
    {
        let head = &rest[..end];
        let is_bare = !head.contains(&b'\n');
        if !is_interim(head) || (is_bare && has_status(head, |status| status == b"100")) {
            break;
        }
        rest = &rest[end + HEAD_END.len()..];
    }
    bytes.len() - rest.len()
}

/// Returns whether the start of a head may become that of a hint.
#[must_use]
pub fn may_be_hint(bytes: &[u8]) -> bool {
    let start = b"HTTP/1.";
    let is_http = bytes.starts_with(start) || start.starts_with(bytes);
    let status = bytes.get(9..bytes.len().min(12)).unwrap_or_default();
    let is_such = match status {
        [] => true,
        b"100" | b"101" => false,
        [first, ..] => *first == b'1',
    };
    !bytes.is_empty() && is_http && is_such
}

fn has_status(head: &[u8], is_such: impl Fn(&[u8]) -> bool) -> bool {
    head.get(9..12).is_some_and(is_such)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_end_is_found_wherever_it_is() {
        for before in [
            "",
            "\r",
            "\n",
            "\r\n",
            "\n\r\n",
            "ab\r\n\r",
            "HTTP/1.1 200 OK",
        ] {
            for shift in 0..9 {
                let start = "x".repeat(shift) + before;
                let bytes = start.clone() + "\r\n\r\nbody\r\n\r\n";
                let naive = bytes.find("\r\n\r\n");
                assert_eq!(end_of_head(bytes.as_bytes()), naive, "{bytes:?}");
                let cut = &bytes.as_bytes()[..naive.unwrap() + 3];
                assert_eq!(end_of_head(cut), None, "{cut:?}");
            }
        }
        assert_eq!(end_of_head(b""), None);
    }

    #[test]
    fn hints_are_distinguished_from_other_heads() {
        let hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        let other = "HTTP/1.1 100 Continue\r\n\r\n";
        for (text, want) in [
            (String::new(), 0),
            (hint.repeat(2) + other, 2 * hint.len()),
            (other.to_owned() + hint, 0),
            (hint.to_owned() + &hint[..20], hint.len()),
            ("HTTP/1.1 101 Switching\r\n\r\n".to_owned(), 0),
        ] {
            assert_eq!(hints(text.as_bytes()), want, "{text:?}");
        }
        for (start, want) in [
            ("", false),
            ("HT", true),
            ("HTTP/1.1 10", true),
            ("HTTP/1.1 102", true),
            ("HTTP/1.1 100", false),
            ("HTTP/1.1 101", false),
            ("HTTP/1.1 2", false),
            ("SSH", false),
        ] {
            assert_eq!(may_be_hint(start.as_bytes()), want, "{start:?}");
        }
    }
}
