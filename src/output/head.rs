//! Formats the headers of requests and responses as text.
//!
//! The one place for `-i`, `-v` and `--dry-run`; masks what is secret by name.

use crate::client::Head;
use crate::header::is_secret;
use crate::profile::Profile;
use crate::request::body::Layout;
use crate::request::{Auth, Plan, head};
use crate::secret::{MASK, is_sensitive, mask_url_passwords};

/// Returns the lines of a request's head, as sent, with secrets masked.
#[must_use]
pub fn request_lines(plan: &Plan, profile: &Profile, layout: Option<&Layout>) -> Vec<String> {
    let mut lines = vec![
        format!("{} {} HTTP/1.1", plan.method, masked_target(plan)),
        format!("Host: {}", plan.url.origin.authority()),
    ];
    if plan.auth == Auth::Profile && profile.key.is_some() {
        lines.push(format!("Authorization: {MASK}"));
    }
    for header in head::headers(plan, &profile.settings.headers) {
        let value = header.shown().unwrap_or(MASK);
        lines.push(format!("{}: {value}", header.name));
    }
    let of_body = head::of_body(plan, layout);
    lines.extend(
        of_body
            .iter()
            .map(|(name, value)| format!("{name}: {value}")),
    );
    lines
}

/// Returns the target with the values of sensitive parameters masked.
#[must_use]
pub fn masked_target(plan: &Plan) -> String {
    // First, as in a location, which it may have been.
    let target = mask_url_passwords(&plan.url.target);
    match target.split_once('?') {
        None => target.into_owned(),
        Some((path, query)) => format!("{path}?{}", masked_pairs(query)),
    }
}

/// Masks the values of encoded parameters that are named like secrets.
#[must_use]
pub fn masked_pairs(pairs: &str) -> String {
    let pairs: Vec<String> = pairs
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) if is_sensitive(&decoded(name), &decoded(value)) => {
                format!("{name}={MASK}")
            }
            _ => pair.to_owned(),
        })
        .collect();
    pairs.join("&")
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_encoding::percent_decode_str(&text)
        .decode_utf8_lossy()
        .into_owned()
}

/// Returns where a server points to, with the values masked of parameters named like secrets.
#[must_use]
pub fn masked_location(location: &str) -> String {
    // First, because what is masked by name may be what marks another secret.
    let location = mask_url_passwords(location);
    // A fragment holds parameters, too, where one signs in through a browser.
    let parts = location.split_inclusive(['?', '#']).enumerate();
    parts
        .map(|(at, part)| {
            if at == 0 {
                return part.to_owned();
            }
            let (pairs, end) = match part.strip_suffix(['?', '#']) {
                Some(pairs) => (pairs, &part[pairs.len()..]),
                None => (part, ""),
            };
            masked_pairs(pairs) + end
        })
        .collect()
}

/// Returns the lines of a response's head. `mask` is for stderr; on stdout a head is what was asked
/// for.
#[must_use]
pub fn response_lines(head: &Head, mask: bool) -> Vec<String> {
    std::iter::once(head.status_line())
        .chain(head.headers().map(|(name, value)| {
            if !mask {
                return format!("{name}: {value}");
            }
            let is_location = ["location", "content-location"]
                .iter()
                .any(|n| name.eq_ignore_ascii_case(n));
            if is_location {
                return format!("{name}: {}", masked_location(value));
            }
            format!("{name}: {}", if is_secret(name) { MASK } else { value })
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_locations() {
        for (location, want) in [
            ("/a?password=foo", "/a?password=***"),
            (
                "/a?x=1&api_key=foo#token=foo&y=2",
                "/a?x=1&api_key=***#token=***&y=2",
            ),
            ("/a?b?password=foo", "/a?b?password=***"),
            ("#token=foo", "#token=***"),
            ("/password=foo/?x", "/password=foo/?x"),
            ("", ""),
            ("//u:foo@h/?password=foo", "//u:***@h/?password=***"),
            (
                "/?token=Expected signature base string: &foo",
                "/?token=***",
            ),
        ] {
            assert_eq!(masked_location(location), want);
        }
    }
}
