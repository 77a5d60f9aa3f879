//! Makes text harmless for a terminal: control characters become visible.
//!
//! For messages and text bodies; JSON has `json::visible`.

use std::borrow::Cow;
use std::io::{self, Write};

/// Shows control characters but line end and tab as `^[` or `\u{9b}`, and those that reorder text.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_controlling) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_controlling(c) {
            show(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Shows text as one line of a report: line ends, too, and marks that reorder text. What a server
/// says cannot begin a line of its own so.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unfit_for_a_line) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            c if is_unfit_for_a_line(c) => show(c, &mut out),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Returns the lines of a text that follows a report, as a response's body does, each fit to be
/// written. One that looks like a report of ours stands behind a bar.
pub fn lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split('\n').map(|text| {
        let shown = line(text.strip_suffix('\r').unwrap_or(text));
        let start = shown.trim_start();
        if ["apicall:", "hint:"]
            .iter()
            .any(|word| start.starts_with(word))
        {
            return Cow::Owned(format!("| {shown}"));
        }
        shown
    })
}

fn is_unfit_for_a_line(c: char) -> bool {
    is_controlling(c)
        || matches!(
            c,
            '\n' | '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}'
        )
}

fn show(c: char, out: &mut String) {
    match u32::from(c) {
        // Caret notation, as `cat -v` has it.
        n @ 0..=0x1f => {
            out.push('^');
            out.extend(char::from_u32(n + 0x40));
        }
        0x7f => out.push_str("^?"),
        n => out.push_str(&format!("\\u{{{n:x}}}")),
    }
}

fn is_controlling(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes text that comes in pieces through [`visible`]. Bytes that are no UTF-8 are shown as `�`.
#[derive(Debug)]
pub struct VisibleWriter<W> {
    out: W,
    /// The start of a character whose other bytes have not come.
    held: Vec<u8>,
}

impl<W: Write> VisibleWriter<W> {
    /// Wraps a writer.
    pub fn new(out: W) -> Self {
        Self {
            out,
            held: Vec::new(),
        }
    }

    /// Writes what is held back.
    pub fn finish(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        self.out
            .write_all(String::from_utf8_lossy(&held).as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Write for VisibleWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        let held = std::mem::take(&mut self.held);
        let end = match std::str::from_utf8(&held) {
            Ok(_) => held.len(),
            // A character may go on in the next piece; it has four bytes at most.
            Err(e) if e.error_len().is_none() => e.valid_up_to(),
            Err(_) => held.len().saturating_sub(3).max(1).min(held.len()),
        };
        let text = String::from_utf8_lossy(&held[..end]);
        self.out.write_all(visible(&text).as_bytes())?;
        self.held = held[end..].to_vec();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown() {
        for (text, want) in [
            ("plain\n\ttext é", "plain\n\ttext é"),
            ("\x1b[31mred\x07", "^[[31mred^G"),
            ("\u{9b}31m\x7f", "\\u{9b}31m^?"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\rb", "a^Mb"),
        ] {
            assert_eq!(visible(text), want);
        }
    }

    #[test]
    fn a_report_is_one_line() {
        for (text, want) in [
            ("plain\ttext é", "plain\ttext é"),
            ("a\nhint: run it", "a\\nhint: run it"),
            ("a\r\nb", "a^M\\nb"),
            ("a\u{2028}b\u{200f}c\u{85}", "a\\u{2028}b\\u{200f}c\\u{85}"),
        ] {
            assert_eq!(line(text), want);
        }
        let body: Vec<_> = lines("it says\r\nhint: run it\n  apicall: x").collect();
        assert_eq!(body, ["it says", "| hint: run it", "|   apicall: x"]);
    }

    #[test]
    fn characters_split_between_pieces_stay_whole() {
        let text = "é\x1bß\u{9b}€😀".as_bytes();
        for size in 1..text.len() {
            let mut out = Vec::new();
            let mut writer = VisibleWriter::new(&mut out);
            for piece in text.chunks(size) {
                writer.write_all(piece).unwrap();
            }
            writer.finish().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), "é^[ß\\u{9b}€😀", "{size}");
        }
    }
}
