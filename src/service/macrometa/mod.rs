//! Macrometa GDN: fabrics below `/_fabric/NAME/_api/`, an `apikey` header, JSON.

pub mod explain;
pub mod host;
pub mod key;
pub mod partial;
pub mod path;

/// The fabric that exists in every account.
pub const DEFAULT_FABRIC: &str = "_system";

/// Tells whether a call asks a cursor for its next page. The server forgets a page when it has
/// given it out, so a repeated call would lose one.
#[must_use]
pub fn is_next_page(method: &str, path: &str) -> bool {
    method == "PUT" && (path.contains("/_api/cursor/") || path.contains("/_api/restql/fetch/"))
}
