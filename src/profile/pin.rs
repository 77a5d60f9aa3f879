//! Reads and checks the notation of a pinned public key.
//!
//! Its SHA-256, as curl writes it or in hex. Pure.

use crate::error::Failure;

/// Reads `sha256//BASE64` as curl has it, or 64 hex digits with or without colons.
#[must_use]
pub fn read(text: &str) -> Option<[u8; 32]> {
    use base64::Engine as _;
    let bytes = if let Some(base64) = text.trim().strip_prefix("sha256//") {
        base64::engine::general_purpose::STANDARD
            .decode(base64)
            .ok()?
    } else {
        let hex: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        if !hex.is_ascii() || hex.len() != 64 {
            return None;
        }
        (0..32)
            .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok())
            .collect::<Option<Vec<u8>>>()?
    };
    bytes.try_into().ok()
}

/// Fails where a text is not the hash of a key.
pub fn check(text: &str) -> Result<(), Failure> {
    read(text).map(drop).ok_or_else(|| {
        Failure::usage("this is not the hash of a key")
            .hint("write `sha256//BASE64`, as curl has it, or 64 hex digits")
    })
}
