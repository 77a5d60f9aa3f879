//! Whose key it is and what it may do: the paths to ask, and what their responses say.
//!
//! Nothing here changes anything on the server. The responses may hold hashes of keys and addresses
//! of people; only what is named here is taken from them.

use serde_json::Value;

/// The fabrics a key can see; every key may ask. Below the profile's fabric, which the server
/// then confirms as well.
pub const FABRICS_PATH: &str = "database/user";

/// The path of all fabrics, below a fabric that always exists.
pub const ALL_FABRICS_PATH: &str = "/_fabric/_system/_api/database/user";

/// Where the server states its version.
pub const VERSION_PATH: &str = "/_api/version";

/// The header that names the region, on every response.
pub const REGION_HEADER: &str = "x-gdn-region";

/// What a key may be allowed to see, and a GET that shows whether it is: of each kind of right the
/// one without side effects.
pub const RIGHTS: [(&str, &str); 4] = [
    ("keys", "/_api/key"),
    ("users", "/_api/user"),
    ("fabrics", "/_fabric/_system/_api/database"),
    ("billing", "/_api/billing/account"),
];

/// Returns the tenant and the fabrics that a response to [`FABRICS_PATH`] names: a list of objects
/// with a name, or of names.
#[must_use]
pub fn tenant_and_fabrics(response: &Value) -> (Option<String>, Vec<String>) {
    let list = response["result"].as_array().map_or(&[][..], Vec::as_slice);
    let tenant = list.iter().find_map(|f| f["options"]["tenant"].as_str());
    let fabrics = list
        .iter()
        .filter_map(|f| f.as_str().or_else(|| f["name"].as_str()).map(str::to_owned));
    (tenant.map(str::to_owned), fabrics.collect())
}

/// Returns what the status of such a GET says: allowed, refused, or nothing.
#[must_use]
pub fn right(status: u16) -> Option<bool> {
    match status {
        200..300 => Some(true),
        401 | 403 => Some(false),
        _ => None,
    }
}

/// Returns whether an error means that the fabric is not there.
#[must_use]
pub fn is_missing_fabric(body: &[u8]) -> bool {
    serde_json::from_slice(body).is_ok_and(|body: Value| body["errorNum"] == 1228)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fabrics_are_objects_or_names() {
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        for (response, tenant, fabrics) in [
            (
                json!({"result": [{"name": "_system", "options": {"tenant": "t.io"}}, {"name": "a"}]}),
                Some("t.io"),
                names(&["_system", "a"]),
            ),
            (
                json!({"result": ["_system", "b"]}),
                None,
                names(&["_system", "b"]),
            ),
            (json!({"result": true}), None, names(&[])),
            (json!([]), None, names(&[])),
        ] {
            assert_eq!(
                tenant_and_fabrics(&response),
                (tenant.map(str::to_owned), fabrics)
            );
        }
    }

    #[test]
    fn only_a_refusal_denies() {
        for (status, want) in [
            (200, Some(true)),
            (401, Some(false)),
            (403, Some(false)),
            (404, None),
            (429, None),
            (502, None),
        ] {
            assert_eq!(right(status), want, "{status}");
        }
    }
}
