//! What all requests to an origin have in common, in the form that a request has it.
//!
//! A client makes its calls to one origin: scheme, authority and the value of `Host` are read once,
//! and a request takes them without a copy. Knows no plan.

use std::borrow::Cow;
use std::sync::OnceLock;

use ureq::http::uri::{Authority, Parts, PathAndQuery, Scheme};
use ureq::http::{HeaderValue, Uri};

use crate::address::Origin;

/// The longest address that the library takes, in bytes.
const LONGEST: usize = u16::MAX as usize - 1;

/// Keeps what is read of the first origin.
#[derive(Clone, Debug, Default)]
pub struct Bases(OnceLock<Option<Base>>);

impl Bases {
    /// Returns what all requests to an origin have in common; `None` where it is too long or has a
    /// character that no URL has.
    pub fn of(&self, origin: &Origin) -> Option<Cow<'_, Base>> {
        let first = self.0.get_or_init(|| Base::of(origin));
        match first {
            Some(base) if base.origin == *origin => Some(Cow::Borrowed(base)),
            Some(_) | None => Base::of(origin).map(Cow::Owned),
        }
    }
}

/// What all requests to an origin have in common.
#[derive(Clone, Debug)]
pub struct Base {
    origin: Origin,
    /// The value of `Host`.
    pub host: HeaderValue,
    scheme: Scheme,
    authority: Authority,
    /// How long a target may be.
    most: usize,
}

impl Base {
    fn of(origin: &Origin) -> Option<Self> {
        let text = origin.to_string();
        let most = LONGEST.checked_sub(text.len())?;
        let parts = Uri::try_from(text).ok()?.into_parts();
        Some(Self {
            origin: origin.clone(),
            host: HeaderValue::try_from(origin.authority()).ok()?,
            scheme: parts.scheme?,
            authority: parts.authority?,
            most,
        })
    }

    /// Returns the address of a target, which begins with `/`; `None` where it is too long or has a
    /// character that no URL has.
    pub fn address(&self, target: &str) -> Option<Uri> {
        if !target.starts_with('/') || target.len() > self.most {
            return None;
        }
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
        Uri::from_parts(parts).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    #[test]
    fn an_address_is_what_its_text_says() {
        let long = "/".to_owned() + &"x".repeat(LONGEST);
        let other = Address::parse("http://h:81").unwrap().origin;
        for origin in [
            "http://h",
            "http://h:80",
            "http://h:81",
            "https://H.x:5240",
            "http://[::1]:80",
            "https://127.0.0.1",
        ] {
            let origin = Address::parse(origin).unwrap().origin;
            let bases = Bases::default();
            bases.of(&other).unwrap();
            let base = bases.of(&origin).unwrap();
            let room = LONGEST - origin.to_string().len();
            for target in [
                "/",
                "/a/?b=c&d",
                "/\u{e9}",
                "/a b",
                "/\u{1}",
                &long[..room],
                &long[..=room],
            ] {
                let text = format!("{origin}{target}");
                assert_eq!(base.address(target), Uri::try_from(&*text).ok(), "{text}");
            }
            assert_eq!(base.host, origin.authority());
            assert_eq!(bases.of(&other).unwrap().host, "h:81");
            assert_eq!(base.address("x"), None);
        }
    }
}
