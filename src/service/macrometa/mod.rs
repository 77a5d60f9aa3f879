//! Knows Macrometa GDN: fabrics below `/_fabric/NAME/_api/`, an `apikey` header, JSON.
//!
//! Each file is one matter of the service. Values in, meanings and parts of plans out; never sends.

pub mod catalog;
pub mod columns;
pub mod explain;
pub mod export;
pub mod host;
pub mod identity;
pub mod import;
pub mod key;
pub mod near;
pub mod page;
pub mod partial;
pub mod path;
pub mod query;
mod rights;
pub mod target;
pub mod uncertain;

pub use target::Target;

/// The header on every response by which the service's support finds a call.
pub const REQUEST_HEADER: &str = "x-gdn-requestid";

/// The fabric that exists in every account.
pub const DEFAULT_FABRIC: &str = "_system";

/// Returns whether a call asks a cursor for its next page. The server forgets a page when it has sent
/// it, so a retried call would lose one.
#[must_use]
pub fn is_next_page(method: &str, path: &str) -> bool {
    method == "PUT" && (path.contains("/_api/cursor/") || path.contains("/_api/restql/fetch/"))
}

/// A path that every GDN serves; unsigned, it responds with a 401 of its own shape.
pub const PROBE_PATH: &str = identity::ALL_FABRICS_PATH;

/// Returns whether a response came from a GDN: by its own headers, which are on every response, or by
/// the shape of its errors.
#[must_use]
pub fn is_gdn(has_header: impl Fn(&str) -> bool, body: &[u8]) -> bool {
    if has_header("x-gdn-requestid") || has_header(identity::REGION_HEADER) {
        return true;
    }
    let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(body) else {
        return false;
    };
    members
        .get("error")
        .is_some_and(serde_json::Value::is_boolean)
        && members
            .get("code")
            .is_some_and(serde_json::Value::is_number)
}
