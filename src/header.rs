//! Checks headers that users may set, in items and in a profile's `headers`.
//!
//! Knows which ones are the connection's own, and which hold secrets. Pure.

use crate::error::Failure;
use crate::secret::is_sensitive_name;

/// Headers that belong to the connection or to the key. A length of one's own would make the
/// transport wait for a body that never comes.
const REFUSED: [&str; 6] = [
    "authorization",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "proxy-authorization",
];

/// Returns whether the value of a header is never shown.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
    ]
    .iter()
    .any(|secret| name.eq_ignore_ascii_case(secret))
        || is_sensitive_name(name)
}

/// Returns whether a text is a token, as names of headers and methods are (RFC 9110 §5.6.2).
#[must_use]
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && token_length(text) == text.len()
}

/// Returns how many bytes at the start of a text may stand in a token.
#[must_use]
pub fn token_length(text: &str) -> usize {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    text.bytes()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len())
}

/// Checks a header's name; the failure is a usage failure.
pub fn check_name(name: &str) -> Result<(), Failure> {
    if REFUSED.contains(&name.to_ascii_lowercase().as_str()) {
        let hint = if name.eq_ignore_ascii_case("authorization") {
            "the profile's key signs the call; `--anonymous` sends none"
        } else {
            "the client sets this header itself"
        };
        return Err(Failure::usage(format!("the header `{name}` cannot be set")).hint(hint));
    }
    if !is_token(name) {
        return Err(Failure::usage(format!(
            "`{}` is not the name of a header",
            name.escape_debug()
        )));
    }
    Ok(())
}

/// Checks a header's value, which is not shown: it may be a secret.
pub fn check_value(name: &str, value: &str) -> Result<(), Failure> {
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err(Failure::usage(format!(
            "the value of the header `{name}` has a control character"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values() {
        for name in ["X-A", "accept", "A.b"] {
            check_name(name).unwrap();
        }
        for name in [
            "",
            "a b",
            "é",
            "HOST",
            "Authorization",
            "content-length",
            "a:b",
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert_eq!(
            ["a-b: c", "", ":a", "a\u{e9}", "~"].map(token_length),
            [3, 0, 0, 1, 1]
        );
        check_value("A", "x\ty é").unwrap();
        assert!(check_value("A", "x\ny").is_err());
    }
}
