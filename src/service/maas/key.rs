//! Reads MAAS keys and makes the OAuth 1.0 header of them (RFC 5849 §3.4.4, §3.5.1).
//!
//! Nonce and time come in as values. Pure.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Failure;
use crate::secret::{Masks, Secret};
use crate::service::key::clean;

/// Everything but RFC 3986's unreserved characters, which is what RFC 5849 §3.6 has encoded.
const OAUTH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `consumer:token:secret`, as MAAS shows it under a user's preferences.
#[derive(Clone, Debug)]
pub struct MaasKey {
    consumer: Secret,
    token: Secret,
    secret: Secret,
    /// What follows nonce and time in the header, the same in all.
    rest: Secret,
}

impl MaasKey {
    /// Reads a pasted key.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = clean(text);
        // The word is Macrometa's, but people paste what their notes say.
        let text = match text.split_once(char::is_whitespace) {
            Some((word, rest)) if word.eq_ignore_ascii_case("apikey") => clean(rest),
            _ => text,
        };
        let hint = "a MAAS key is `consumer:token:secret`: three parts, from the user's \
                    preferences in MAAS or `maas apikey --username NAME`";
        let bad = |what: String| Err(Failure::config(format!("the key {what}")).hint(hint));
        if text.is_empty() {
            return bad("is empty".to_owned());
        }
        if text.contains(char::is_whitespace) {
            return bad("has a blank or line end inside it".to_owned());
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return bad("has a character that no key has".to_owned());
        }
        let parts: Vec<&str> = text.split(':').collect();
        let [consumer, token, secret] = parts[..] else {
            return bad(match parts.len() {
                1 => "has 1 part, not 3".to_owned(),
                n => format!("has {n} parts, not 3"),
            });
        };
        // The consumer's secret is always empty in MAAS, but none of these three ever is.
        for (name, part) in [("consumer", consumer), ("token", token), ("secret", secret)] {
            if part.is_empty() {
                return bad(format!("has an empty {name} part"));
            }
        }
        let encode = |text: &str| utf8_percent_encode(text, OAUTH).to_string();
        // The secret is encoded once as part of the signature (§3.4.4) and the signature once
        // more as a header value (§3.5.1).
        let signature = encode(&format!("&{}", encode(secret)));
        let rest = format!(
            "oauth_version=\"1.0\", oauth_signature_method=\"PLAINTEXT\", \
             oauth_consumer_key=\"{}\", oauth_token=\"{}\", oauth_signature=\"{signature}\"",
            encode(consumer),
            encode(token),
        );
        Ok(Self {
            consumer: Secret::new(consumer),
            token: Secret::new(token),
            secret: Secret::new(secret),
            rest: Secret::new(rest),
        })
    }

    /// Returns the header value, with the parameters and the order of MAAS's documented client. The
    /// signature is `&` and the token's secret, because the consumer has none.
    #[must_use]
    pub fn authorization(&self, nonce: &str, timestamp: u64) -> Secret {
        // Of exactly its length, as a request takes it without a copy.
        let parts = [
            "OAuth oauth_nonce=\"",
            nonce,
            "\", oauth_timestamp=\"",
            &timestamp.to_string(),
            "\", ",
            self.rest.expose(),
        ];
        Secret::new(parts.concat())
    }

    /// Returns the key as it is stored.
    #[must_use]
    pub fn stored(&self) -> Secret {
        Secret::new(format!(
            "{}:{}:{}",
            self.consumer.expose(),
            self.token.expose(),
            self.secret.expose()
        ))
    }

    /// Registers the key and its three parts for masking.
    pub fn mask(&self, masks: &mut Masks) {
        masks.add(self.stored().expose());
        for part in [&self.consumer, &self.token, &self.secret] {
            masks.add_part(part.expose());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_keys_are_understood() {
        for text in [
            "ck:tk:ts",
            "  ck:tk:ts\n",
            "\"ck:tk:ts\"",
            "'ck:tk:ts'\r\n",
            "apikey ck:tk:ts",
        ] {
            assert_eq!(
                MaasKey::parse(text).unwrap().stored().expose(),
                "ck:tk:ts",
                "{text:?}"
            );
        }
    }

    #[test]
    fn malformed_keys_are_explained_without_being_repeated() {
        for (text, want) in [
            ("", "the key is empty"),
            ("SUPERSECRET", "the key has 1 part, not 3"),
            ("aa:SUPERSECRET", "the key has 2 parts, not 3"),
            ("a:b:c:SUPERSECRET", "the key has 4 parts, not 3"),
            ("a::SUPERSECRET", "the key has an empty token part"),
            ("a:b:", "the key has an empty secret part"),
            (
                "a:b c:SUPERSECRET",
                "the key has a blank or line end inside it",
            ),
            ("a:b:SUPERSECRÉT", "the key has a character that no key has"),
        ] {
            let e = MaasKey::parse(text).unwrap_err();
            assert_eq!(e.to_string(), want);
            assert!(!e.hint.unwrap().contains("SUPERSECR"));
        }
    }

    #[test]
    fn the_header_is_rfc_5849_plaintext() {
        let key = MaasKey::parse("c%n:t~k:s&c").unwrap();
        assert_eq!(
            key.authorization("n-1", 17).expose(),
            "OAuth oauth_nonce=\"n-1\", oauth_timestamp=\"17\", oauth_version=\"1.0\", \
             oauth_signature_method=\"PLAINTEXT\", oauth_consumer_key=\"c%25n\", \
             oauth_token=\"t~k\", oauth_signature=\"%26s%2526c\""
        );
    }
}
