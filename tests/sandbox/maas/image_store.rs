//! What a region has on its disk of the images that are uploaded: a count and a hash for each, never the bytes.
//!
//! A file is found by its SHA-256, so two images that announce the same content append to the same file, as in MAAS. Pieces have
//! no offset: each goes to the end.

use std::collections::HashMap;
use std::fmt::Write;

use ring::digest::{Context, SHA256};

/// What became of a piece.
#[derive(Debug, PartialEq)]
pub enum Appended {
    /// It is stored and more is to come.
    More,
    /// It was the last one and the content is what was announced.
    Complete,
    /// It was the last one and the content is something else; the file stays.
    WrongHash,
    /// It would make the file too long; the file is gone.
    TooMuch,
}

struct Partial {
    length: u64,
    context: Context,
}

/// The files of one region.
#[derive(Default)]
pub struct ImageStore(HashMap<String, Partial>);

impl ImageStore {
    /// How many bytes of a file are there.
    pub fn length(&self, sha256: &str) -> u64 {
        self.0.get(sha256).map_or(0, |partial| partial.length)
    }

    /// Appends a piece to the file that is to have this hash and size.
    pub fn append(&mut self, sha256: &str, size: u64, piece: &[u8]) -> Appended {
        let partial = self.0.entry(sha256.to_owned()).or_insert_with(|| Partial {
            length: 0,
            context: Context::new(&SHA256),
        });
        if partial.length + piece.len() as u64 > size {
            self.remove(sha256);
            return Appended::TooMuch;
        }
        partial.length += piece.len() as u64;
        partial.context.update(piece);
        if partial.length < size {
            Appended::More
        } else if partial.hash() == sha256 {
            Appended::Complete
        } else {
            Appended::WrongHash
        }
    }

    /// Removes a file.
    pub fn remove(&mut self, sha256: &str) {
        self.0.remove(sha256);
    }
}

impl Partial {
    fn hash(&self) -> String {
        hex(self.context.clone().finish().as_ref())
    }
}

/// Bytes as lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_go_to_the_end() {
        const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let mut store = ImageStore::default();
        assert_eq!(store.append(ABC, 3, b"ab"), Appended::More);
        assert_eq!(store.append(ABC, 3, b"c"), Appended::Complete);
        assert_eq!(store.append(ABC, 3, b"d"), Appended::TooMuch);
        assert_eq!(store.length(ABC), 0);
        assert_eq!(store.append(ABC, 3, b"abd"), Appended::WrongHash);
        assert_eq!(store.length(ABC), 3);
    }
}
