//! Secrets that are known by where they stand: a password in a URL, the secret in MAAS's 401.
//!
//! Nobody registers them; a text of any origin is searched for their places. A place is reported with
//! where its mark begins, so that a stream can hold back what may become one.

use std::borrow::Cow;
use std::ops::Range;

use super::MASK;

/// MAAS answers a wrong signature with the right one in clear (`facts`: observed on MAAS 3.8):
/// `Invalid signature. Expected signature base string: &<secret>`.
pub(super) const EXPECTED_SIGNATURE: &[u8] = b"Expected signature base string: ";

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SecretSpan {
    /// Where what marks it begins: without that the secret would not be known.
    pub(super) mark: usize,
    /// The secret; empty where there is none if the text ends here.
    pub(super) secret: Range<usize>,
    /// Where the text ends before what ends a secret: what may turn out to be one.
    pub(super) open: Option<Range<usize>>,
}

fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<')
}

fn ends_url(byte: u8) -> bool {
    ends_word(byte) || matches!(byte, b'`' | b'>')
}

/// So many URLs are looked for in one word: one may be the path or the query of another.
const MOST_IN_A_WORD: usize = 16;

/// Returns the passwords of URLs in a text, with a scheme or without (`//user:password@host`). A URL
/// that the text's end may have cut is a place, too, where a password may be in it.
pub(super) fn url_passwords(text: &[u8]) -> Vec<SecretSpan> {
    let mut places = Vec::new();
    let mut end = 0;
    let mut in_word = 0;
    let mut from = 0;
    let mut is_open = false;
    while let Some(found) = memchr::memmem::find(&text[from..], b"//") {
        let slashes = from + found;
        let start = slashes + b"//".len();
        from = start;
        if start > end {
            let length = text[start..].iter().position(|b| ends_url(*b));
            is_open = length.is_none();
            end = length.map_or(text.len(), |length| start + length);
            in_word = 0;
        }
        let has_scheme = slashes > 0 && text[slashes - 1] == b':';
        let may_begin = has_scheme || slashes == 0 || is_start(text[slashes - 1]);
        if !may_begin {
            continue;
        }
        in_word += 1;
        if in_word > MOST_IN_A_WORD {
            from = end;
            continue;
        }
        let mark = slashes - usize::from(has_scheme);
        let url = &text[start..end];
        let found = if has_scheme {
            password(url)
        } else {
            plain_password(url)
        };
        let secret = found.map_or(start..start, |p| start + p.start..start + p.end);
        let open = is_open.then(|| {
            let colon = memchr::memchr(b':', url);
            colon.map_or(text.len(), |colon| start + colon + 1)..text.len()
        });
        if !secret.is_empty() || open.is_some() {
            places.push(SecretSpan { mark, secret, open });
        }
    }
    places
}

/// Tells whether an address without a scheme may begin behind a byte.
fn is_start(byte: u8) -> bool {
    ends_url(byte) || matches!(byte, b'(' | b'=' | b',' | b'[' | b'{')
}

/// Returns where the password of a URL stands, the scheme left out: between the first `:` and the
/// last `@` before the path.
fn password(url: &[u8]) -> Option<Range<usize>> {
    let authority = url.iter().position(|b| matches!(b, b'/' | b'?' | b'#'));
    let authority = &url[..authority.unwrap_or(url.len())];
    let range = |end| {
        let start = memchr::memchr(b':', &url[..end])? + 1;
        (start < end).then_some(start..end)
    };
    if let Some(end) = memchr::memrchr(b'@', authority) {
        return range(end);
    }
    // A password that was not percent-encoded can hold what ends a host; but most have a port.
    let port = memchr::memchr(b':', authority).map(|colon| &authority[colon + 1..]);
    let is_host =
        authority.starts_with(b"[") || port.is_none_or(|p| p.iter().all(u8::is_ascii_digit));
    if is_host {
        None
    } else {
        range(memchr::memrchr(b'@', url)?)
    }
}

/// Returns where the password stands in what may be an address: nothing but `user:password@` counts.
fn plain_password(url: &[u8]) -> Option<Range<usize>> {
    let authority = url.iter().position(|b| matches!(b, b'/' | b'?' | b'#'));
    let authority = &url[..authority.unwrap_or(url.len())];
    let end = memchr::memrchr(b'@', authority)?;
    let start = memchr::memchr(b':', &authority[..end])? + 1;
    (start < end).then_some(start..end)
}

/// Returns the secrets that MAAS prints in a text.
pub(super) fn expected_signatures(text: &[u8]) -> Vec<SecretSpan> {
    memchr::memmem::find_iter(text, EXPECTED_SIGNATURE)
        .map(|mark| {
            let start = mark + EXPECTED_SIGNATURE.len();
            let length = signature_end(&text[start..]);
            let secret = start..length.map_or(text.len(), |length| start + length);
            SecretSpan {
                mark,
                open: length.is_none().then(|| secret.clone()),
                secret,
            }
        })
        .collect()
}

/// Returns where the secret ends that a text begins with; `None` where the text ends first.
fn signature_end(text: &[u8]) -> Option<usize> {
    // The `&` before it, as JSON may have it.
    let from = if text.starts_with(b"\\u0026") { 6 } else { 0 };
    let ends = |b: &u8| ends_word(*b) || *b == b'\\';
    text[from..].iter().position(ends).map(|at| from + at)
}

/// Masks the secret that MAAS prints in a body, which need not be text.
#[must_use]
pub fn masked_body(body: Vec<u8>) -> Vec<u8> {
    let masked = match masked_bytes(&body) {
        Cow::Borrowed(_) => None,
        Cow::Owned(masked) => Some(masked),
    };
    masked.unwrap_or(body)
}

/// Masks the secret that MAAS prints in bytes that are complete.
#[must_use]
pub fn masked_bytes(body: &[u8]) -> Cow<'_, [u8]> {
    let mut signatures = Signatures::default();
    let mut masked = signatures.feed(body);
    let end = signatures.end();
    if !end.is_empty() {
        masked.to_mut().extend(end);
    }
    masked
}

/// Masks the secret that MAAS prints in a text.
#[must_use]
pub fn masked_text(text: String) -> String {
    let masked = masked_body(text.into_bytes());
    // What is put in and taken out are letters.
    String::from_utf8(masked).unwrap_or_default()
}

/// Masks the secret that MAAS prints in a body that comes in pieces. All other bytes pass.
#[derive(Clone, Debug, Default)]
pub struct Signatures {
    /// What may be the start of the mark.
    held: Vec<u8>,
    /// The secret goes on.
    inside: bool,
}

impl Signatures {
    /// Takes a piece and gives what can be passed on.
    pub fn feed<'a>(&mut self, piece: &'a [u8]) -> Cow<'a, [u8]> {
        if self.held.is_empty() && !self.inside {
            let has_mark = memchr::memmem::find(piece, EXPECTED_SIGNATURE).is_some();
            if !has_mark && begun(piece) == 0 {
                return Cow::Borrowed(piece);
            }
        }
        let mut text = std::mem::take(&mut self.held);
        text.extend_from_slice(piece);
        let mut out = Vec::with_capacity(text.len());
        let mut rest = &text[..];
        loop {
            if self.inside {
                // The escape of the `&` may not be there as a whole.
                if rest.len() < 6 && b"\\u0026".starts_with(rest) {
                    break;
                }
                match signature_end(rest) {
                    Some(end) => {
                        self.inside = false;
                        rest = &rest[end..];
                    }
                    None => return Cow::Owned(out),
                }
            }
            let Some(at) = memchr::memmem::find(rest, EXPECTED_SIGNATURE) else {
                let keep = rest.len() - begun(rest);
                out.extend_from_slice(&rest[..keep]);
                rest = &rest[keep..];
                break;
            };
            let start = at + EXPECTED_SIGNATURE.len();
            out.extend_from_slice(&rest[..start]);
            out.extend_from_slice(MASK.as_bytes());
            self.inside = true;
            rest = &rest[start..];
        }
        self.held = rest.to_vec();
        Cow::Owned(out)
    }

    /// Gives what was held back once the body has ended.
    pub fn end(&mut self) -> Vec<u8> {
        let held = std::mem::take(&mut self.held);
        if self.inside { Vec::new() } else { held }
    }
}

/// Returns how many bytes at the end of a text may be the start of the mark.
fn begun(text: &[u8]) -> usize {
    let most = text.len().min(EXPECTED_SIGNATURE.len() - 1);
    let starts = |count: &usize| EXPECTED_SIGNATURE.starts_with(&text[text.len() - count..]);
    (1..=most).rev().find(starts).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_secret_is_masked_wherever_a_piece_ends() {
        for (text, want) in [
            (
                "no secret: Expected signature",
                "no secret: Expected signature",
            ),
            (
                "'Expected signature base string: &s3cr3t' and on",
                "'Expected signature base string: ***' and on",
            ),
            (
                r#"["Expected signature base string: \u0026s3\"cr",1]"#,
                r#"["Expected signature base string: ***\"cr",1]"#,
            ),
            (
                "Expected signature base string: &a Expected signature base string: &b",
                "Expected signature base string: *** Expected signature base string: ***",
            ),
            (
                "EExpected signature base string: ",
                "EExpected signature base string: ***",
            ),
        ] {
            for size in 1..=text.len() {
                let mut signatures = Signatures::default();
                let mut out = Vec::new();
                for piece in text.as_bytes().chunks(size) {
                    out.extend_from_slice(&signatures.feed(piece));
                }
                out.extend(signatures.end());
                assert_eq!(String::from_utf8(out).unwrap(), want, "{size}");
            }
            let body = masked_body([b"\xff", text.as_bytes()].concat());
            assert_eq!(body[1..], *want.as_bytes());
        }
    }

    #[test]
    fn urls_in_a_text() {
        for (text, want) in [
            ("see http://u:pw@h/ and", &["pw"][..]),
            ("to //u:pw@h/x", &["pw"]),
            ("http://h:1/ftp://u:pw@h2", &["pw"]),
            ("http://a:b@h/?to=https://c:d@h2/", &["b", "d"]),
            ("a//u:pw@h //h:80/x@y // no: a@b", &[]),
            ("x=//:pw@h,//u:@h", &["pw"]),
        ] {
            let found: Vec<&str> = url_passwords(text.as_bytes())
                .into_iter()
                .filter(|place| !place.secret.is_empty())
                .map(|place| &text[place.secret])
                .collect();
            assert_eq!(found, want, "{text}");
        }
        let many = "://a:b@h".repeat(100_000);
        assert!(url_passwords(many.as_bytes()).len() <= MOST_IN_A_WORD);
    }

    #[test]
    fn passwords_in_urls() {
        for (url, want) in [
            ("u:pw@h", Some("pw")),
            ("u:p@w@h/", Some("p@w")),
            ("u:p/w@h/", Some("p/w")),
            ("u@h", None),
            ("u:@h", None),
            ("h:5240/x", None),
            ("h:5240/@x/y@z", None),
            ("[::1]:5240/@x", None),
        ] {
            let found = password(url.as_bytes()).map(|range| &url[range]);
            assert_eq!(found, want, "{url}");
        }
    }
}
