//! Shows characters that control a terminal instead of sending them.
//!
//! Works on bytes in any split. Used where a person reads; a pipe gets the bytes as they came.

use std::io::{self, Write};
use std::str;

use super::block::Block;

/// Rewrites text so that it cannot control the terminal it is shown on.
///
/// Control characters other than tab and line feed, and those that reorder
/// text (U+202A to U+202E, U+2066 to U+2069), become `\u` and four digits,
/// which within a JSON string means the same. So do the bytes 0x80 to 0x9f
/// where they are no part of UTF-8; other bytes stay. Text may come in pieces
/// that split characters.
#[derive(Debug, Default)]
pub(super) struct Visible {
    /// The start of a character whose other bytes have not come.
    held: [u8; 4],
    count: usize,
}

impl Visible {
    /// Appends bytes in their visible form.
    pub(super) fn put<W: Write>(
        &mut self,
        mut bytes: &[u8],
        block: &mut Block<W>,
    ) -> io::Result<()> {
        // Nearly all there is; no early exit, so that it becomes vector code.
        let harmless = |all, byte: &u8| all & (0x20..0x7f).contains(byte);
        if self.count == 0 && bytes.iter().fold(true, harmless) {
            return block.put(bytes);
        }
        while self.count > 0 {
            let Some((&byte, rest)) = bytes.split_first() else {
                return Ok(());
            };
            self.held[self.count] = byte;
            match str::from_utf8(&self.held[..=self.count]) {
                Ok(text) => {
                    put_text(text, block)?;
                    self.count = 0;
                    bytes = rest;
                }
                Err(error) if error.error_len().is_none() => {
                    self.count += 1;
                    bytes = rest;
                }
                // This byte belongs to what comes next.
                Err(_) => self.end(block)?,
            }
        }
        loop {
            let error = match str::from_utf8(bytes) {
                Ok(text) => return put_text(text, block),
                Err(error) => error,
            };
            let (text, rest) = bytes.split_at(error.valid_up_to());
            put_text(str::from_utf8(text).unwrap_or_default(), block)?;
            let Some(length) = error.error_len() else {
                self.held[..rest.len()].copy_from_slice(rest);
                self.count = rest.len();
                return Ok(());
            };
            let (wrong, rest) = rest.split_at(length);
            put_bytes(wrong, block)?;
            bytes = rest;
        }
    }

    /// Appends the start of a character that will not be completed.
    pub(super) fn end<W: Write>(&mut self, block: &mut Block<W>) -> io::Result<()> {
        let count = std::mem::take(&mut self.count);
        put_bytes(&self.held[..count], block)
    }
}

fn put_text<W: Write>(text: &str, block: &mut Block<W>) -> io::Result<()> {
    let mut from = 0;
    for (at, char) in text.char_indices() {
        if matches!(char,
            '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            block.put(&text.as_bytes()[from..at])?;
            block.put(format!("\\u{:04x}", u32::from(char)).as_bytes())?;
            from = at + char.len_utf8();
        }
    }
    block.put(&text.as_bytes()[from..])
}

fn put_bytes<W: Write>(bytes: &[u8], block: &mut Block<W>) -> io::Result<()> {
    for &byte in bytes {
        if (0x80..=0x9f).contains(&byte) {
            block.put(format!("\\u{byte:04x}").as_bytes())?;
        } else {
            block.put(&[byte])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_controls_a_terminal() {
        for (bytes, expected) in [
            (
                &b"plain\n\ttext \xc3\xa9"[..],
                &b"plain\n\ttext \xc3\xa9"[..],
            ),
            (b"\x1b[31m\0\r\x07", b"\\u001b[31m\\u0000\\u000d\\u0007"),
            (b"a\x7fb", b"a\\u007fb"),
            (
                "\u{80}\u{9b}31m\u{9f}\u{a0}".as_bytes(),
                b"\\u0080\\u009b31m\\u009f\xc2\xa0",
            ),
            (
                "\u{2029}\u{202a}\u{202e}\u{202f}\u{2065}\u{2066}\u{2069}\u{206a}".as_bytes(),
                "\u{2029}\\u202a\\u202e\u{202f}\u{2065}\\u2066\\u2069\u{206a}".as_bytes(),
            ),
            ("\u{1f600}".as_bytes(), "\u{1f600}".as_bytes()),
            // Lone, overlong, cut short, above the last character.
            (b"\x9b31m", b"\\u009b31m"),
            (b"\xc0\x9b\xe0\x82\x9b", b"\xc0\\u009b\xe0\\u0082\\u009b"),
            (b"\xe2\x80", b"\xe2\\u0080"),
            (b"\xe2\x80\x1b", b"\xe2\\u0080\\u001b"),
            (b"\xe2\xc2\x9b", b"\xe2\\u009b"),
            (
                b"\xf0\x9f\x98\xc2\x9b\xff",
                b"\xf0\\u009f\\u0098\\u009b\xff",
            ),
            (
                b"\xed\xa0\x80\xf4\x90\x80\x80",
                b"\xed\xa0\\u0080\xf4\\u0090\\u0080\\u0080",
            ),
        ] {
            for size in 1..=bytes.len() {
                let mut out = Vec::new();
                let mut block = Block::new(&mut out);
                let mut visible = Visible::default();
                for piece in bytes.chunks(size) {
                    visible.put(piece, &mut block).unwrap();
                }
                visible.end(&mut block).unwrap();
                block.flush().unwrap();
                assert_eq!(
                    out.escape_ascii().to_string(),
                    expected.escape_ascii().to_string(),
                    "{} in pieces of {size}",
                    bytes.escape_ascii()
                );
            }
        }
    }
}
