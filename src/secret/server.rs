//! The secret that MAAS prints in a 401, known by the words before it.
//!
//! Nobody registers it; a text of any origin is searched for its places. A place is reported with
//! where its mark begins, so that a stream can hold back what may become one.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::MASK;
use super::spans::{SecretSpan, replaced};
use super::view::views;

/// MAAS's response to a wrong signature holds the right one in clear (`facts`: observed on MAAS 3.8):
/// `Invalid signature. Expected signature base string: &<secret>`. These are the words before it,
/// and what stands for blanks and colon where somebody puts them into a URL.
const MARK: [&[&[u8]]; 9] = [
    &[b"Expected"],
    BLANK,
    &[b"signature"],
    BLANK,
    &[b"base"],
    BLANK,
    &[b"string"],
    &[b":", b"%3A", b"%3a", b"%253A", b"%253a"],
    BLANK,
];
const BLANK: &[&[u8]] = &[b" ", b"+", b"%20", b"%2520", b"%2B", b"%2b"];

/// As long as the mark can be.
pub(super) const LONGEST_MARK: usize = 60;

/// What a text begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    /// No mark.
    Not,
    /// What a mark may begin with; the text ends inside it.
    Part,
    /// A mark of so many bytes.
    Mark { length: usize, in_url: bool },
}

/// Reads the mark at the start of a text.
fn mark(text: &[u8]) -> Begins {
    let mut rest = text;
    let mut in_url = false;
    for forms in MARK {
        if let Some(form) = forms.iter().find(|form| rest.starts_with(form)) {
            in_url |= form.starts_with(b"%") || *form == b"+";
            rest = &rest[form.len()..];
        } else if forms.iter().any(|form| form.starts_with(rest)) {
            return Begins::Part;
        } else {
            return Begins::Not;
        }
    }
    Begins::Mark {
        length: text.len() - rest.len(),
        in_url,
    }
}

/// Returns where the next mark begins, where it ends, and whether it stands in a URL.
fn find_mark(text: &[u8]) -> Option<(usize, usize, bool)> {
    // Made once: most bodies of a batch are shorter than what making it takes.
    static FIRST_WORD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(MARK[0][0]));
    let mut words = FIRST_WORD.find_iter(text);
    words.find_map(|at| match mark(&text[at..]) {
        Begins::Mark { length, in_url } => Some((at, at + length, in_url)),
        Begins::Part | Begins::Not => None,
    })
}

pub(super) fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<')
}

/// Returns the secrets that MAAS prints in a text.
pub(super) fn expected_signatures(text: &[u8]) -> Vec<SecretSpan> {
    let mut places = Vec::new();
    let mut from = 0;
    while let Some((at, end, in_url)) = find_mark(&text[from..]) {
        let start = from + end;
        let length = signature_end(&text[start..], in_url);
        let secret = start..length.map_or(text.len(), |length| start + length);
        places.push(SecretSpan {
            mark: from + at,
            open: length.is_none().then(|| secret.clone()),
            secret,
        });
        from = start;
    }
    places
}

/// Returns where the secret ends that a text begins with; `None` where the text ends first.
fn signature_end(text: &[u8], in_url: bool) -> Option<usize> {
    let from = ampersand(text);
    Some(from + secret_end(&text[from..], in_url)?)
}

/// Returns the length of the `&` that the secret begins with, as JSON may have it. In a URL it is
/// what ends a value, too.
fn ampersand(text: &[u8]) -> usize {
    match text {
        _ if text.starts_with(AMPERSAND) => AMPERSAND.len(),
        [b'&', ..] => 1,
        _ => 0,
    }
}

fn secret_end(text: &[u8], in_url: bool) -> Option<usize> {
    let ends = |b: &u8| ends_word(*b) || *b == b'\\' || (in_url && *b == b'&');
    text.iter().position(ends)
}

/// An `&` in JSON that is fit for HTML.
const AMPERSAND: &[u8] = b"\\u0026";

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

/// Masks the secret that MAAS prints in a short text, in whatever escapes.
#[must_use]
pub fn masked_text(text: String) -> String {
    let mut secrets = Vec::new();
    for view in &views(text.as_bytes()) {
        let places = expected_signatures(view.text());
        secrets.extend(places.iter().map(|place| view.range(&place.secret)));
    }
    match replaced(text.as_bytes(), secrets) {
        // What is put in and taken out are letters.
        Some(masked) => String::from_utf8(masked).unwrap_or_default(),
        None => text,
    }
}

/// Masks the secret that MAAS prints in a body that comes in pieces. All other bytes pass.
#[derive(Clone, Debug, Default)]
pub struct Signatures {
    /// What may be the start of the mark.
    held: Vec<u8>,
    /// The secret goes on.
    inside: bool,
    /// It does so in a URL.
    in_url: bool,
    /// Something of it has come.
    begun: bool,
}

impl Signatures {
    /// Takes a piece and gives what can be passed on.
    pub fn feed<'a>(&mut self, piece: &'a [u8]) -> Cow<'a, [u8]> {
        let is_between = self.held.is_empty() && !self.inside;
        if is_between && find_mark(piece).is_none() && begun(piece) == 0 {
            return Cow::Borrowed(piece);
        }
        let mut text = std::mem::take(&mut self.held);
        text.extend_from_slice(piece);
        let mut out = Vec::with_capacity(text.len());
        let mut rest = &text[..];
        loop {
            if self.inside {
                if !self.begun {
                    // The escape of the `&` may not be there as a whole.
                    if rest.len() < AMPERSAND.len() && AMPERSAND.starts_with(rest) {
                        break;
                    }
                    rest = &rest[ampersand(rest)..];
                    self.begun = true;
                }
                match secret_end(rest, self.in_url) {
                    Some(end) => {
                        self.inside = false;
                        rest = &rest[end..];
                    }
                    None => return Cow::Owned(out),
                }
            }
            let Some((_, start, in_url)) = find_mark(rest) else {
                let keep = rest.len() - begun(rest);
                out.extend_from_slice(&rest[..keep]);
                rest = &rest[keep..];
                break;
            };
            out.extend_from_slice(&rest[..start]);
            out.extend_from_slice(MASK.as_bytes());
            self.inside = true;
            self.in_url = in_url;
            self.begun = false;
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
    let tail = &text[text.len().saturating_sub(LONGEST_MARK)..];
    let begins = |at: &usize| mark(&tail[*at..]) == Begins::Part;
    memchr::memchr_iter(b'E', tail)
        .find(begins)
        .map_or(0, |at| tail.len() - at)
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
                "/?a=Expected%20signature%20base%20string%3A%20%26s3cr3t&b=1",
                "/?a=Expected%20signature%20base%20string%3A%20***&b=1",
            ),
            (
                "a=Expected+signature+base+string%3a+&s3cr3t&b",
                "a=Expected+signature+base+string%3a+***&b",
            ),
            (
                "Expected%2520signature%2520base%2520string%253A%2520%2526s3cr3t ",
                "Expected%2520signature%2520base%2520string%253A%2520*** ",
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
    fn the_printed_secret_is_masked_in_any_escapes_of_a_short_text() {
        let text = "Expected signature base string: &s3cr3t'";
        let all = |form: &dyn Fn(u8) -> String| text.bytes().map(form).collect::<String>();
        for text in [
            text.to_owned(),
            all(&|b| format!("%{b:02x}")),
            all(&|b| format!("%25{b:02X}")),
            all(&|b| format!("\\u{b:04x}")),
            all(&|b| format!("&#{b};")),
        ] {
            let masked = masked_text(format!("Location: /?a={text}\nX: y"));
            assert!(masked.contains(MASK), "{masked}");
            for secret in [
                "s3cr3t",
                "%73%33",
                "%2573%2533",
                "\\u0073\\u0033",
                "&#115;&#51;",
            ] {
                assert!(!masked.contains(secret), "{masked}");
            }
        }
        let longest = |forms: &&[&[u8]]| forms.iter().map(|form| form.len()).max();
        assert!(MARK.iter().filter_map(longest).sum::<usize>() <= LONGEST_MARK);
    }
}
