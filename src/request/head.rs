//! The head of a request, made once for sending, `-v`, `--dry-run` and `--as`.
//!
//! The profile's headers go behind the call's own and give way to them; which values are secret is
//! said here. The signature is no part of it: it is made anew for each attempt.

use std::borrow::Cow;
use std::fmt;

use crate::header::is_secret;
use crate::secret::{MASK, Secret};

use super::body::Layout;
use super::{Body, Plan};

/// A header of a request.
#[derive(Clone)]
pub struct Header<'a> {
    /// Its name, as it was typed.
    pub name: &'a str,
    value: &'a str,
    /// The value once more, where it is the same in many calls.
    constant: Option<&'static str>,
    is_of_profile: bool,
}

impl<'a> Header<'a> {
    /// Returns the value where it may be seen, but for what a run masks everywhere; `None` where it
    /// is secret, as all of a profile are.
    #[must_use]
    pub fn shown(&self) -> Option<&'a str> {
        let is_shown = !self.is_of_profile && !is_secret(self.name);
        is_shown.then_some(self.value)
    }

    /// The value itself, secret or not; only what sends needs it.
    #[must_use]
    pub const fn expose(&self) -> &'a str {
        self.value
    }

    /// Returns the value where it is one of ours, which need not be copied.
    #[must_use]
    pub const fn constant(&self) -> Option<&'static str> {
        self.constant
    }
}

impl fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.shown().unwrap_or(MASK))
    }
}

/// Returns the headers of a plan and those that its profile sends besides.
pub fn headers<'a>(
    plan: &'a Plan,
    own: &'a [(String, Secret)],
) -> impl Iterator<Item = Header<'a>> {
    let typed = plan.headers.iter().map(|(name, value)| Header {
        name,
        value,
        constant: match value {
            Cow::Borrowed(constant) => Some(constant),
            Cow::Owned(_) => None,
        },
        is_of_profile: false,
    });
    // An item of the call goes before a header of the profile, `Name:` too.
    let is_removed = move |name: &str| plan.removed.iter().any(|n| n.eq_ignore_ascii_case(name));
    let own = own
        .iter()
        .filter(move |(name, _)| plan.header(name).is_none() && !is_removed(name));
    let own = own.map(|(name, value)| Header {
        name,
        value: value.expose(),
        constant: None,
        is_of_profile: true,
    });
    typed.chain(own)
}

/// Returns the headers that say what the body is, as far as the plan's own do not.
#[must_use]
pub fn of_body(plan: &Plan, layout: Option<&Layout>) -> Vec<(&'static str, String)> {
    let Some(layout) = layout else {
        return if sends_length(&plan.method) {
            vec![("Content-Length", "0".to_owned())]
        } else {
            Vec::new()
        };
    };
    let mut headers = Vec::new();
    // The plan has the types of other bodies, unless an item took the header away.
    if matches!(plan.body, Some(Body::Multipart(_))) {
        headers.push(("Content-Type", layout.content_type.clone()));
    }
    headers.push(match layout.len() {
        Some(len) => ("Content-Length", len.to_string()),
        None => ("Transfer-Encoding", "chunked".to_owned()),
    });
    headers
}

/// Methods that say how long their body is, also where there is none.
#[must_use]
pub fn sends_length(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}
