//! Knows MAAS: API 2.0 below `…/MAAS/api/2.0/`, OAuth 1.0 PLAINTEXT, forms, operations named by
//! `op`.
//!
//! Each file is one matter of the service. Values in, meanings and parts of plans out; never sends.

pub mod advise;
pub mod columns;
pub mod describe;
pub mod event;
pub mod explain;
pub mod image;
pub mod key;
pub mod log;
pub mod lookup;
mod misplaced;
pub mod mistake;
pub mod name;
pub mod page;
pub mod path;
pub mod several;
pub mod states;
pub mod uncertain;
pub mod undescribed;

/// The path of the API below the profile's base path.
pub const API: &str = "/api/2.0/";

/// The longest request line that is sent, in bytes without its end of line.
///
/// A request line over 16 KB makes MAAS's proxy mark all its workers as down for ten seconds for
/// everybody (observed on 3.8), so half of that is refused.
pub const LONGEST_REQUEST_LINE: usize = 8 * 1024;

/// Returns whether a call sends a chunk of an image. The server appends chunks without an offset, so
/// a chunk must never be sent again blindly.
#[must_use]
pub fn is_image_chunk(method: &str, path: &str) -> bool {
    method == "PUT" && path.contains("/boot-resources/") && path.contains("/upload/")
}

/// Returns the version in a response to `GET /version/`, which needs no key; `None` where it is not
/// MAAS's.
#[must_use]
pub fn version_in(status: u16, body: &[u8]) -> Option<String> {
    if status != 200 {
        return None;
    }
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    value.get("version")?.as_str().map(str::to_owned)
}

/// The path that names a key's owner; the cheapest call that checks a key.
pub const WHOAMI_PATH: &str = "/users/?op=whoami";
