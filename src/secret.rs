//! Secrets: kept out of `Debug`, and masked in everything that is shown.
//!
//! [`Secret`] wraps a value that must not be printed by accident. [`Masks`] knows the secrets of a
//! run and replaces them with `***` in text on its way to stderr; [`is_sensitive_name`] tells the
//! names of fields, members and parameters whose values are masked whatever they hold.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What parameters are encoded with: all but RFC 3986's unreserved characters.
pub const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// Parts of a key shorter than this are words (`a`, `id`), and masking them would only garble
/// messages; the whole key is masked whatever its length.
const SHORTEST_PART: usize = 5;

/// Shorter parts may be words, too: they are masked where they stand as one, not inside others
/// (`token` in `list_authorisation_tokens`). Keys of the services have longer parts.
const SHORTEST_ANYWHERE: usize = 12;

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

/// The secrets of a run.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    /// Longest first, so that a key is replaced before its parts are looked for.
    needles: Vec<Needle>,
}

/// Tells whether a text ends in an escaped character, `%26`, `\u0026` or `\n`: its letters are no
/// part of the word behind it.
fn ends_in_escape(text: &str) -> bool {
    let is_hex = |digits: &str| digits.bytes().all(|b| b.is_ascii_hexdigit());
    let escape = |mark: &str, digits: usize| {
        let at = text.len().checked_sub(mark.len() + digits);
        at.and_then(|at| text.get(at..))
            .and_then(|end| end.strip_prefix(mark))
            .is_some_and(is_hex)
    };
    let mut ends = text.chars().rev();
    let is_letter = ends.next().is_some_and(|c| "bfnrt".contains(c)) && ends.next() == Some('\\');
    is_letter || escape("%", 2) || escape("\\u", 4)
}

/// A text to mask.
#[derive(Clone, Debug)]
struct Needle {
    text: Secret,
    /// Only where it stands as a word of its own.
    is_word: bool,
}

impl Needle {
    fn text(&self) -> &str {
        self.text.expose()
    }

    /// Where it is to be masked in a text. At an end of the text it counts as a word: more may
    /// follow.
    fn places(&self, text: &str) -> impl Iterator<Item = usize> {
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        text.match_indices(self.text())
            .map(|(at, _)| at)
            .filter(move |at| {
                let before = &text[..*at];
                let after = text[at + self.text().len()..].chars().next();
                !self.is_word
                    || (!after.is_some_and(joins)
                        && (!before.ends_with(joins) || ends_in_escape(before)))
            })
    }

    fn mask<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        let mut out = String::new();
        let mut rest = 0;
        for at in self.places(&text) {
            out.push_str(&text[rest..at]);
            out.push_str(MASK);
            rest = at + self.text().len();
        }
        if rest == 0 {
            return text;
        }
        out.push_str(&text[rest..]);
        Cow::Owned(out)
    }
}

impl Masks {
    /// Adds the secrets of another.
    pub fn merge(&mut self, other: &Self) {
        for needle in &other.needles {
            self.add_as_is(needle.text(), needle.is_word);
        }
    }

    /// Adds a whole secret.
    pub fn add(&mut self, secret: &str) {
        self.add_encoded(secret, false);
    }

    fn add_encoded(&mut self, secret: &str, is_word: bool) {
        self.add_as_is(secret, is_word);
        // As it stands in a URL or form.
        self.add_as_is(
            &utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            is_word,
        );
        self.add_as_is(&utf8_percent_encode(secret, PARAMETER).to_string(), is_word);
    }

    fn add_as_is(&mut self, secret: &str, is_word: bool) {
        if secret.is_empty() {
            return;
        }
        if let Some(known) = self.needles.iter_mut().find(|n| n.text() == secret) {
            known.is_word &= is_word;
            return;
        }
        self.needles.push(Needle {
            text: Secret::new(secret),
            is_word,
        });
        self.needles
            .sort_by_key(|n| std::cmp::Reverse(n.text().len()));
    }

    /// Adds a part of a secret, where it is long enough to tell something.
    pub fn add_part(&mut self, part: &str) {
        if part.len() >= SHORTEST_PART {
            self.add_encoded(part, part.len() < SHORTEST_ANYWHERE);
        }
    }

    /// Replaces every secret in the text.
    #[must_use]
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for needle in &self.needles {
            text = needle.mask(text);
        }
        mask_url_passwords(mask_expected_signature(text))
    }

    /// How much of a text may be masked and written while more is to come: a secret, or the start
    /// of one, is not cut in two.
    #[must_use]
    pub fn safe_end(&self, text: &str) -> usize {
        let mut end = text.len().saturating_sub(self.longest());
        for needle in &self.needles {
            let needle = needle.text();
            for (at, _) in text.match_indices(needle) {
                if at < end && end < at + needle.len() {
                    end = at;
                }
            }
        }
        (0..=end)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    }

    /// The longest secret's length in bytes: how much of a stream must be held back so that no
    /// secret is cut in two.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.needles.first().map_or(0, |n| n.text().len())
    }
}

/// Masks passwords in URLs, as `https://user:***@host/`, wherever a text holds one.
#[must_use]
pub fn mask_url_passwords(text: Cow<'_, str>) -> Cow<'_, str> {
    let ends_url = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>');
    let mut out = String::new();
    let mut rest = &*text;
    while let Some(at) = rest.find("://") {
        let (before, url) = rest.split_at(at + "://".len());
        let url = &url[..url.find(ends_url).unwrap_or(url.len())];
        out.push_str(before);
        let authority = &url[..url.find(['/', '?', '#']).unwrap_or(url.len())];
        match url_password(authority) {
            Some(password) => {
                let start = url.find(password).unwrap_or(0);
                out.push_str(&url[..start]);
                out.push_str(MASK);
                out.push_str(&url[start + password.len()..]);
            }
            None => out.push_str(url),
        }
        rest = &rest[at + "://".len() + url.len()..];
    }
    if out.is_empty() {
        return text;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// MAAS answers a wrong signature with the right one in clear (`facts`: observed on MAAS 3.8):
/// `Invalid signature. Expected signature base string: &<secret>`.
const EXPECTED_SIGNATURE: &str = "Expected signature base string: ";

/// Masks the secret that MAAS prints in a 401.
#[must_use]
pub fn mask_expected_signature(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(EXPECTED_SIGNATURE) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find(EXPECTED_SIGNATURE) {
        let (before, after) = rest.split_at(at + EXPECTED_SIGNATURE.len());
        out.push_str(before);
        out.push_str(MASK);
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '<'))
            .unwrap_or(after.len());
        rest = &after[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Masks the secret that MAAS prints in a 401 in a body, which need not be text.
#[must_use]
pub fn masked_body(body: Vec<u8>) -> Vec<u8> {
    // Bytes that are no text are replaced only where there is a secret to mask among them.
    let masked = match mask_expected_signature(String::from_utf8_lossy(&body)) {
        Cow::Owned(masked) if masked.contains(EXPECTED_SIGNATURE) => Some(masked.into_bytes()),
        _ => None,
    };
    masked.unwrap_or(body)
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

/// Tells whether a word has the form of a key and of nothing else: three parts with colons, each
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

/// Tells whether a text holds a word that looks like a key.
#[must_use]
pub fn holds_key(text: &str) -> bool {
    typed(text) != text
}

/// Tells whether a field, member or parameter is named like a password, secret, token or API key.
#[must_use]
pub fn is_sensitive_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "apikey",
        "powerpass",
        "credential",
        "consumerkey",
    ]
    .iter()
    .any(|word| plain.contains(word))
        || ["jwt", "pwd", "pass"].contains(&plain.as_str())
}

/// Tells whether the value of a field or parameter is not to be seen: by its name, for a password in
/// a URL, or for a member of its JSON that is named so.
#[must_use]
pub fn is_sensitive(name: &str, value: &str) -> bool {
    is_sensitive_name(name)
        || (value.contains("://") && mask_url_passwords(Cow::Borrowed(value)) != value)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let s = Secret::new("hunter2");
        assert_eq!(format!("{s} {s:?}"), "*** ***");
    }

    #[test]
    fn keys_and_parts_are_masked() {
        let mut masks = Masks::default();
        masks.add("consumer1:token22:secret33");
        for part in ["consumer1", "token22", "secret33", "id"] {
            masks.add_part(part);
        }
        assert_eq!(
            masks.apply("consumer1:token22:secret33 and secret33, id"),
            "*** and ***, id"
        );
        masks.add_part("a-long-part-of-a-key");
        for (text, want) in [
            ("token22s or my_token22", "token22s or my_token22"),
            ("&token22=%26secret33 \"token22\"", "&***=%26*** \"***\""),
            (r"\u0026secret33\ntoken22\", r"\u0026***\n***\"),
            ("xa-long-part-of-a-keyx", "x***x"),
            ("token22", "***"),
        ] {
            assert_eq!(masks.apply(text), want);
        }
    }

    #[test]
    fn maas_prints_the_secret_and_it_is_masked() {
        let masks = Masks::default();
        for (text, want) in [
            (
                "Authorization Error: 'Invalid signature. Expected signature base string: &s3cr3t'",
                "Authorization Error: 'Invalid signature. Expected signature base string: ***'",
            ),
            (
                "Expected signature base string: %26s3cr3t",
                "Expected signature base string: ***",
            ),
        ] {
            assert_eq!(masks.apply(text), want);
        }
    }

    #[test]
    fn values_that_hold_secrets() {
        for (name, value, want) in [
            ("password", "x", true),
            ("value", "http://u:pw@proxy:3128", true),
            ("value", "http://proxy:3128", false),
            ("power_parameters", r#"{"power_pass":"x"}"#, true),
            ("b", r#" [{"a":{"token":"x"}}]"#, true),
            ("b", r#"{"a":1}"#, false),
            ("b", "{", false),
        ] {
            assert_eq!(is_sensitive(name, value), want, "{name}={value}");
        }
    }

    #[test]
    fn passwords_in_urls() {
        for (url, want) in [
            ("http://me:secret@proxy:3128", Some("secret")),
            ("socks5://me:se:c@ret@proxy/", Some("se:c@ret")),
            ("me:secret@proxy", Some("secret")),
            ("http://me:se/cret@proxy:3128", Some("se/cret")),
            ("http://me@proxy:3128", None),
            ("http://me:@proxy", None),
            ("http://proxy:3128/", None),
        ] {
            assert_eq!(url_password(url), want, "{url}");
        }
    }

    #[test]
    fn passwords_in_urls_are_masked_anywhere() {
        let masks = Masks::default();
        for (text, want) in [
            (
                "at https://u:pw@h/x?y, `http://a:b@c`",
                "at https://u:***@h/x?y, `http://a:***@c`",
            ),
            ("http://h:80/a@b", "http://h:80/a@b"),
            ("https://user@h/", "https://user@h/"),
            ("no url: a:b@c", "no url: a:b@c"),
        ] {
            assert_eq!(masks.apply(text), want);
        }
    }

    #[test]
    fn a_secret_is_not_cut_in_two() {
        let mut masks = Masks::default();
        masks.add("0123456789");
        for (text, want) in [
            ("aaaaaaaaaaaa", 2),
            ("aa0123456789aaa", 2),
            ("0123456789aaaaaaaaaa", 10),
            ("é", 0),
        ] {
            assert_eq!(masks.safe_end(text), want, "{text}");
        }
    }

    #[test]
    fn keys_are_told_from_addresses_files_and_names() {
        for key in [
            "Kd83hTgRw2LmPq9ZxB:vN4cYs7HkW1fQjE6Ub:r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6e",
            "consumer:token:secret",
            "demo_example.com.k1.7rJq2ZcVx9WmBt4LdHs8KfYp3NgQe6UaXv5RzTj1CwMb8GkP",
        ] {
            assert!(looks_like_key(key), "{key}");
            assert_eq!(typed(&format!("x=@{key} y")), "x=@*** y");
            assert_eq!(
                typed(&format!("apicall: {key}: no file")),
                "apicall: ***: no file"
            );
        }
        for other in [
            "http://10.0.0.2:5240/MAAS",
            "10.0.0.2:5240",
            "52:54:00:aa:bb:cc",
            "12:30:59",
            "api-play.paas.macrometa.io",
            "/run/secrets/maas.key",
            "MAAS_KEY",
            "host.xn--vermgensberatung-pwb",
        ] {
            assert!(!looks_like_key(other), "{other}");
            assert_eq!(typed(other), other);
        }
    }

    #[test]
    fn sensitive_names() {
        for name in [
            "password",
            "api_key",
            "apikey",
            "API-Key",
            "secret",
            "token_secret",
            "power_pass",
            "power_parameters_power_pass",
            "jwt",
            "clientSecret",
            "access_token",
        ] {
            assert!(is_sensitive_name(name), "{name}");
        }
        for name in [
            "key", "_key", "name", "passive", "hostname", "sshkey", "compass",
        ] {
            assert!(!is_sensitive_name(name), "{name}");
        }
    }
}
