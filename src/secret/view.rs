//! A text as it reads once its escapes are undone, with the way back to where each byte stood.
//!
//! Servers repeat a secret in the form that their message has: in JSON, in a URL, in HTML, or in
//! one of these inside another. All escapes are undone at once, and again, until none is left; a
//! secret is looked for in each of the readings. Nothing here knows what a secret is.

use std::borrow::Cow;
use std::ops::Range;

/// So many escapes may stand inside each other: JSON of a page of a URL that was encoded twice.
const MOST_LEVELS: usize = 4;

/// A reading of a text.
pub(super) struct View<'a> {
    text: Cow<'a, [u8]>,
    /// Where each byte of the reading begins in the text, and where the text ends.
    starts: Option<Vec<usize>>,
}

/// Returns all readings of a text, the text itself first.
pub(super) fn views(text: &[u8]) -> Vec<View<'_>> {
    let mut views = vec![View {
        text: Cow::Borrowed(text),
        starts: None,
    }];
    while views.len() <= MOST_LEVELS
        && let Some(next) = views.last().and_then(View::undone)
    {
        views.push(next);
    }
    views
}

impl<'a> View<'a> {
    /// Returns the bytes of the reading.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns where a byte of the reading begins in the text.
    pub(super) fn start(&self, at: usize) -> usize {
        self.starts.as_ref().map_or(at, |starts| starts[at])
    }

    /// Returns where a part of the reading stands in the text.
    pub(super) fn range(&self, range: &Range<usize>) -> Range<usize> {
        self.start(range.start)..self.start(range.end)
    }

    /// Returns the reading with one level of escapes undone; `None` where there are none.
    fn undone(&self) -> Option<View<'a>> {
        memchr::memchr3(b'%', b'\\', b'&', &self.text)?;
        let mut text = Vec::with_capacity(self.text.len());
        let mut starts = Vec::with_capacity(self.text.len() + 1);
        let mut found = false;
        let mut at = 0;
        while let Some(first) = self.text.get(at) {
            let escape = match first {
                b'%' | b'\\' | b'&' => Escape::read(&self.text[at..]),
                _ => None,
            };
            let start = self.start(at);
            if let Some(escape) = escape {
                found = true;
                let bytes = escape.bytes();
                text.extend_from_slice(bytes);
                starts.extend(std::iter::repeat_n(start, bytes.len()));
                at += escape.length;
            } else {
                text.push(*first);
                starts.push(start);
                at += 1;
            }
        }
        starts.push(self.start(at));
        found.then_some(View {
            text: Cow::Owned(text),
            starts: Some(starts),
        })
    }
}

/// An escape: what it stands for, and how long it is.
struct Escape {
    bytes: [u8; 4],
    count: usize,
    length: usize,
}

impl Escape {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.count]
    }

    fn byte(byte: u8, length: usize) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            count: 1,
            length,
        }
    }

    fn character(code: u32, length: usize) -> Option<Self> {
        let mut bytes = [0; 4];
        let count = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        Some(Self {
            bytes,
            count,
            length,
        })
    }

    /// Reads an escape at the start of a text.
    fn read(text: &[u8]) -> Option<Self> {
        match text {
            [b'%', ..] => Some(Self::byte(u8::try_from(hex(text.get(1..3)?)?).ok()?, 3)),
            [b'\\', b'x', ..] => Some(Self::byte(u8::try_from(hex(text.get(2..4)?)?).ok()?, 4)),
            [b'\\', b'u', b'{', rest @ ..] => {
                let end = rest.iter().take(7).position(|b| *b == b'}')?;
                Self::character(hex(&rest[..end])?, end + 4)
            }
            [b'\\', b'u', ..] => {
                let high = hex(text.get(2..6)?)?;
                let low = match text.get(6..12) {
                    Some([b'\\', b'u', low @ ..]) => hex(low),
                    _ => None,
                };
                match low {
                    Some(low @ 0xdc00..0xe000) if (0xd800..0xdc00).contains(&high) => {
                        let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                        Self::character(code, 12)
                    }
                    _ => Self::character(high, 6),
                }
            }
            [b'\\', letter, ..] => {
                let byte = match letter {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'b' => 8,
                    b'f' => 12,
                    b'0' => 0,
                    b'"' | b'\\' | b'/' | b'\'' | b'`' => *letter,
                    _ => return None,
                };
                Some(Self::byte(byte, 2))
            }
            [b'&', b'#', rest @ ..] => {
                let end = rest.iter().take(8).position(|b| *b == b';')?;
                let code = match &rest[..end] {
                    [b'x' | b'X', digits @ ..] => hex(digits)?,
                    digits => std::str::from_utf8(digits).ok()?.parse().ok()?,
                };
                Self::character(code, end + 3)
            }
            [b'&', ..] => [
                (&b"&amp;"[..], b'&'),
                (b"&lt;", b'<'),
                (b"&gt;", b'>'),
                (b"&quot;", b'"'),
                (b"&apos;", b'\''),
            ]
            .iter()
            .find(|(name, _)| text.starts_with(name))
            .map(|(name, byte)| Self::byte(*byte, name.len())),
            _ => None,
        }
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_level_by_level() {
        for (text, want) in [
            ("plain", &[][..]),
            ("a%2Fb%2fc", &["a/b/c"][..]),
            ("a%252Fb", &["a%2Fb", "a/b"]),
            (r#"\"a\\b\u0026\n"#, &["\"a\\b&\n", "\"a\u{8}&\n"]),
            (r"\ud83d\ude00 \u{e9} \x41", &["😀 é A"]),
            ("&amp;amp;&#38;&#x27;&quot;", &["&amp;&'\"", "&&'\""]),
            ("%zz % \\q & &no; %4", &[]),
        ] {
            let views = views(text.as_bytes());
            let read: Vec<&str> = views[1..]
                .iter()
                .map(|view| std::str::from_utf8(view.text()).unwrap())
                .collect();
            assert_eq!(read, want, "{text}");
        }
    }

    #[test]
    fn each_byte_knows_where_it_stood() {
        let views = views(b"a%2Fb&amp;c");
        let starts: Vec<usize> = (0..=5).map(|at| views[1].start(at)).collect();
        assert_eq!(starts, [0, 1, 4, 5, 10, 11]);
    }
}
