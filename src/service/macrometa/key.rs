//! Reads Macrometa keys: `tenant.keyid.hash` behind a scheme word.
//!
//! Knows which part is secret. Pure.

use crate::error::Failure;
use crate::secret::{Masks, Secret};
use crate::service::key::clean;

use super::page::split;

/// The scheme word of an API key, in lower case as the service's own clients send it.
pub const DEFAULT_SCHEME: &str = "apikey";

/// Members of responses that hold a key or its last part: `POST /_api/key` returns a new one as
/// `key` (document of its API), a name that is harmless elsewhere.
#[must_use]
pub fn secrets(path: &str) -> &'static [&'static str] {
    match split(path).1[..] {
        ["key", ..] => &["key", "hash"],
        _ => &[],
    }
}

/// Refuses a word that no host of Macrometa takes before a key; none at all is one of them.
pub fn check_scheme(word: &str) -> Result<(), Failure> {
    let known = ["", DEFAULT_SCHEME, "bearer"];
    if known.iter().any(|k| word.eq_ignore_ascii_case(k)) {
        return Ok(());
    }
    // It is not repeated: it may be a key in the wrong place.
    Err(Failure::usage("this is not a key scheme")
        .hint("it is `apikey`, `bearer`, or `\"\"` where the host wants the key alone"))
}

/// The tenant of a key that names none. Older keys name none either, whatever their tenant is.
pub const UNNAMED: &str = "_mm";

/// A key and the word that goes before it.
#[derive(Clone, Debug)]
pub struct MacrometaKey {
    scheme: String,
    key: Secret,
}

impl MacrometaKey {
    /// Reads a pasted key, with or without a scheme word before it.
    ///
    /// `scheme` is the profile's setting; where it is not given, a pasted `bearer` is kept and
    /// everything else is `apikey`.
    pub fn parse(text: &str, scheme: Option<&str>) -> Result<Self, Failure> {
        let hint = "a Macrometa key is `tenant.keyid.hash`, from the console under API keys";
        let bad = |what: &str| Err(Failure::config(format!("the key {what}")).hint(hint));
        let text = clean(text);
        let text = text
            .strip_prefix("Authorization:")
            .map_or(text, str::trim_start);
        let (word, key) = match text.split_once(char::is_whitespace) {
            Some((word, rest))
                if word.eq_ignore_ascii_case("apikey") || word.eq_ignore_ascii_case("bearer") =>
            {
                (Some(word.to_ascii_lowercase()), clean(rest))
            }
            _ => (None, text),
        };
        if key.is_empty() || key.eq_ignore_ascii_case("apikey") {
            return bad("is empty");
        }
        if key.contains(char::is_whitespace) {
            return bad("has a blank or line end inside it");
        }
        if !key.bytes().all(|b| b.is_ascii_graphic()) {
            return bad("has a character that no key has");
        }
        let scheme = scheme.map_or_else(
            || word.unwrap_or_else(|| DEFAULT_SCHEME.to_owned()),
            str::to_ascii_lowercase,
        );
        if scheme == DEFAULT_SCHEME {
            if key.split(':').count() == 3 {
                return bad("has the form of a MAAS key");
            }
            if !key.contains('.') {
                return bad("has no `.` in it");
            }
        }
        Ok(Self {
            scheme,
            key: Secret::new(key),
        })
    }

    /// Returns the header value: scheme word, blank, key; the key alone where the word is empty.
    #[must_use]
    pub fn authorization(&self) -> Secret {
        if self.scheme.is_empty() {
            self.key.clone()
        } else {
            Secret::new(format!("{} {}", self.scheme, self.key.expose()))
        }
    }

    /// Returns the key as it is stored, without its scheme word.
    #[must_use]
    pub fn stored(&self) -> Secret {
        self.key.clone()
    }

    /// Returns the scheme word.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns the tenant the key names, known without asking.
    ///
    /// A tenant's name holds dots itself, so the last two labels are dropped from the right; where
    /// nothing is left the tenant is `_mm`. A token (`bearer`) names none.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        if self.scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut labels = self.key.expose().rsplitn(3, '.');
        let (_hash, _id) = (labels.next()?, labels.next()?);
        Some(labels.next().unwrap_or(UNNAMED))
    }

    /// Returns the key's own name within the tenant, which is no secret.
    ///
    /// Only a key of the usual form has one: a token or a key of another host is secret as a whole.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        if self.scheme != DEFAULT_SCHEME {
            return None;
        }
        self.key.expose().rsplit('.').nth(1)
    }

    /// Registers the key and its hash for masking. Tenant and key name are no secrets.
    pub fn mask(&self, masks: &mut Masks) {
        masks.add(self.key.expose());
        if let Some((_, hash)) = self.key.expose().rsplit_once('.') {
            masks.add_part(hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_keys_are_understood() {
        for (text, scheme, want) in [
            ("t.k.h", None, "apikey t.k.h"),
            ("apikey t.k.h\n", None, "apikey t.k.h"),
            ("APIKEY  t.k.h", None, "apikey t.k.h"),
            ("\"t.k.h\"", None, "apikey t.k.h"),
            ("Authorization: apikey t.k.h", None, "apikey t.k.h"),
            ("bearer eyJ0", None, "bearer eyJ0"),
            ("eyJ0", Some("bearer"), "bearer eyJ0"),
            ("bearer eyJ0", Some("bearer"), "bearer eyJ0"),
            ("plain", Some(""), "plain"),
        ] {
            let key = MacrometaKey::parse(text, scheme).unwrap();
            assert_eq!(key.authorization().expose(), want, "{text:?}");
        }
        for text in ["", "apikey", "apikey ", "a b.c", "nodots", "a:b:c.d"] {
            assert!(MacrometaKey::parse(text, None).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_tenant_is_all_but_the_last_two_labels() {
        for (key, want) in [
            ("demo_x.io.mykey.AbC", Some("demo_x.io")),
            ("acme.k.h", Some("acme")),
            ("k.h", Some("_mm")),
        ] {
            assert_eq!(MacrometaKey::parse(key, None).unwrap().tenant(), want);
        }
        assert_eq!(
            MacrometaKey::parse("a.b.c", Some("bearer"))
                .unwrap()
                .tenant(),
            None
        );
    }

    #[test]
    fn the_name_of_a_key_is_its_last_label_but_one() {
        for (key, scheme, want) in [
            ("demo_x.io.mykey.AbC", None, Some("mykey")),
            ("k.h", None, Some("k")),
            ("a.b.c", Some("bearer"), None),
            ("a.b.c", Some(""), None),
        ] {
            assert_eq!(
                MacrometaKey::parse(key, scheme).unwrap().id(),
                want,
                "{key}"
            );
        }
    }
}
