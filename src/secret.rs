//! Secrets: kept out of `Debug`, and masked in everything that is shown.
//!
//! [`Secret`] wraps a value that must not be printed by accident. [`Masks`] knows the secrets of a
//! run and replaces them with `***` in text on its way to stderr; [`is_sensitive_name`] knows the
//! names of fields, members and parameters whose values are masked whatever they hold.

mod masks;
mod server;
mod spans;
mod stream;
#[cfg(test)]
mod tests;
mod urls;
mod view;

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

pub use masks::Masks;
pub use server::{Signatures, masked_body, masked_bytes, masked_text};
pub use stream::Stream;

/// What parameters are encoded with: all but RFC 3986's unreserved characters.
pub const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// A value that `Debug` and `Display` do not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself; the word makes its uses easy to find.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value itself, without a copy.
    #[must_use]
    pub fn into_exposed(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Masks passwords in URLs, as `https://user:***@host/`, wherever a text holds one.
#[must_use]
pub fn mask_url_passwords(text: &str) -> Cow<'_, str> {
    Masks::default().apply(text)
}

/// The password in a URL: what stands between the first `:` behind the scheme and the last `@`
/// before the path.
#[must_use]
pub fn url_password(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    // A password that was not percent-encoded can hold any of these.
    let user = match authority.rsplit_once('@') {
        Some((user, _)) => user,
        None => rest.rsplit_once('@')?.0,
    };
    let password = user.split_once(':')?.1;
    (!password.is_empty()).then_some(password)
}

/// A URL with its password masked, and its query where that holds something secret.
#[must_use]
pub fn without_url_password(url: &str) -> String {
    let masked = match url_password(url) {
        Some(password) => url.replacen(&format!(":{password}@"), &format!(":{MASK}@"), 1),
        None => url.to_owned(),
    };
    match masked.split_once('?') {
        Some((path, query)) if query.split('&').any(is_sensitive_name) => {
            format!("{path}?{MASK}")
        }
        _ => masked,
    }
}

/// Returns whether a word has the form of a key and of nothing else: three parts with colons, each
/// longer than those of a time or a hardware address, or a last label that is longer than any
/// top-level domain (24).
#[must_use]
pub fn looks_like_key(word: &str) -> bool {
    let is_long =
        |part: &str, least| part.len() >= least && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_maas = word.split(':').count() == 3 && word.split(':').all(|part| is_long(part, 5));
    let is_macrometa = word
        .rsplit_once('.')
        .is_some_and(|(_, hash)| is_long(hash, 25));
    is_maas || is_macrometa
}

/// What was typed, as a message may repeat it: words that look like a key are masked, because a
/// key is easily put in a wrong place.
#[must_use]
pub fn typed(text: &str) -> String {
    let mut shown = text.to_owned();
    for word in text.split(|c: char| c.is_whitespace() || "'\"`=@,;/".contains(c)) {
        let word = word.trim_matches([':', '.', '(', ')']);
        if looks_like_key(word) {
            shown = shown.replace(word, MASK);
        }
    }
    shown
}

/// Returns whether a text holds a word that looks like a key.
#[must_use]
pub fn holds_key(text: &str) -> bool {
    typed(text) != text
}

/// Words that a secret has in its name, and names that are one.
const SECRET_WORDS: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "powerpass",
    "credential",
    "consumerkey",
];
const SECRET_NAMES: [&str; 3] = ["jwt", "pwd", "pass"];

/// Returns whether a field, member or parameter is named like a password, secret, token or API key.
#[must_use]
pub fn is_sensitive_name(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    SECRET_WORDS.iter().any(|word| plain.contains(word)) || SECRET_NAMES.contains(&&*plain)
}

/// Returns whether the value of a field or parameter is not to be seen: by its name, for a password in
/// a URL, or for a member of its JSON that is named so.
#[must_use]
pub fn is_sensitive(name: &str, value: &str) -> bool {
    is_sensitive_name(name)
        || (value.contains("://") && mask_url_passwords(value) != value)
        || (value.trim_start().starts_with(['{', '['])
            && serde_json::from_str(value).is_ok_and(|json| has_sensitive_member(&json)))
}

fn has_sensitive_member(json: &serde_json::Value) -> bool {
    use serde_json::Value;
    match json {
        Value::Object(members) => members.iter().any(|(name, value)| {
            (is_sensitive_name(name) && !value.is_null()) || has_sensitive_member(value)
        }),
        Value::Array(items) => items.iter().any(has_sensitive_member),
        _ => false,
    }
}
