//! Text in other charsets than UTF-8, for people: on a terminal and in errors.
//!
//! The label of the body says the charset; nothing is guessed. Programs get the bytes as they came.

use std::borrow::Cow;
use std::io::{self, Write};

use encoding_rs::{Decoder, Encoding};

use crate::client::Head;
use crate::error::{Exit, Failure};

/// The charset that a body is labeled with, where it is another one than UTF-8.
#[must_use]
pub fn foreign(head: &Head) -> Option<String> {
    let label = head.charset()?;
    let is_utf8 = ["utf-8", "utf8", "us-ascii", "ascii"]
        .iter()
        .any(|own| label.eq_ignore_ascii_case(own));
    (!is_utf8).then(|| label.to_owned())
}

/// Returns the failure of JSON in another charset than its own.
#[must_use]
pub fn not_utf8(charset: &str) -> Failure {
    Failure::new(
        Exit::Other,
        format!("the response is JSON in `{charset}`, and JSON is UTF-8"),
    )
    .hint(format!(
        "`-o raw | iconv -f {charset} -t utf-8` converts it"
    ))
}

/// The encoding of such a charset; `None` where it is not known.
fn encoding(head: &Head) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(foreign(head)?.as_bytes())?;
    (encoding != encoding_rs::UTF_8).then_some(encoding)
}

/// The text of a body that is in memory; bytes of a charset that is not known stay as they are.
#[must_use]
pub fn decoded<'b>(head: &Head, body: &'b [u8]) -> Cow<'b, [u8]> {
    match encoding(head) {
        Some(encoding) => Cow::Owned(encoding.decode(body).0.into_owned().into_bytes()),
        None => Cow::Borrowed(body),
    }
}

/// Passes text on in UTF-8.
pub struct Decoding<W> {
    out: W,
    decoder: Option<Decoder>,
}

impl<W: Write> Decoding<W> {
    /// Passes on what a head labels.
    pub fn of(head: &Head, out: W) -> Self {
        Self {
            out,
            decoder: encoding(head).map(Encoding::new_decoder),
        }
    }

    /// Whether what comes is in another charset than UTF-8.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.decoder.is_some()
    }

    /// What takes the text.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Passes on the next bytes; `last` ends the text.
    pub fn pass(&mut self, bytes: &[u8], last: bool) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else {
            return self.out.write_all(bytes);
        };
        let most = decoder.max_utf8_buffer_length(bytes.len());
        let mut text = String::with_capacity(most.unwrap_or(bytes.len() * 4 + 16));
        // There is room for all of it.
        let _ = decoder.decode_to_string(bytes, &mut text, last);
        self.out.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(content_type: &str) -> Head {
        Head::default().with([("content-type", content_type)])
    }

    #[test]
    fn the_label_says_the_charset() {
        for (label, want) in [
            ("text/plain", None),
            ("text/plain; charset=UTF-8", None),
            ("text/plain;charset=us-ascii", None),
            ("text/plain; charset=\"ISO-8859-1\"", Some("ISO-8859-1")),
            ("application/json; x=y; Charset=utf-16", Some("utf-16")),
        ] {
            assert_eq!(foreign(&head(label)).as_deref(), want, "{label}");
        }
    }

    #[test]
    fn text_is_decoded_where_it_is_cut() {
        for (label, bytes, want) in [
            ("text/plain; charset=iso-8859-1", &b"caf\xe9"[..], "café"),
            ("text/plain; charset=utf-16le", b"a\0\xe9\0", "aé"),
            ("text/plain; charset=shift_jis", b"\x93\xfa\x96\x7b", "日本"),
            ("text/plain; charset=klingon", b"abc", "abc"),
            ("text/plain", "é".as_bytes(), "é"),
        ] {
            let head = head(label);
            assert_eq!(decoded(&head, bytes), want.as_bytes(), "{label}");
            let mut out = Vec::new();
            let mut decoding = Decoding::of(&head, &mut out);
            for byte in bytes {
                decoding.pass(&[*byte], false).unwrap();
            }
            decoding.pass(b"", true).unwrap();
            assert_eq!(out, want.as_bytes(), "{label}");
        }
    }
}
