//! Finds Macrometa's API host: the account's host with `api-` in front.
//!
//! Pure; asks no name server.

use std::net::IpAddr;

/// Returns the API host for a host that a user typed.
///
/// `play.paas.macrometa.io` becomes `api-play.paas.macrometa.io`; a host that has `api-` already,
/// an IP address, `localhost` and a name without a dot stay as they are.
#[must_use]
pub fn api_host(host: &str) -> String {
    let is_test_host = host.starts_with('[')
        || host.parse::<IpAddr>().is_ok()
        || !host.contains('.')
        || host.ends_with(".localhost");
    if is_test_host || host.starts_with("api-") {
        host.to_owned()
    } else {
        format!("api-{host}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_is_added_once() {
        for (typed, want) in [
            ("play.paas.macrometa.io", "api-play.paas.macrometa.io"),
            ("api-play.paas.macrometa.io", "api-play.paas.macrometa.io"),
            ("10.0.0.1", "10.0.0.1"),
            ("[::1]", "[::1]"),
            ("localhost", "localhost"),
            ("gdn", "gdn"),
            ("gdn.test", "api-gdn.test"),
        ] {
            assert_eq!(api_host(typed), want);
        }
    }
}
