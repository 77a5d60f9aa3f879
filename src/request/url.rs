//! A typed PATH joined with a profile's address.
//!
//! What is percent-encoded stays so, letters of other scripts are encoded, and everything that
//! could turn a call into another one is refused: an empty segment (an unset variable in a
//! script), a dot segment, a blank, another origin.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::address::{Address, Origin, has_scheme, split_url};
use crate::error::Failure;
use crate::secret::PARAMETER;
use crate::service::{Service, maas, macrometa};

/// RFC 3986 §3.3: what may not stand in a path as it is. `%` is handled apart.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Characters encoded in a query, where brackets are common and servers take them.
const QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Where a call goes: an origin, and the target as it stands in the request line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Scheme, host, port.
    pub origin: Origin,
    /// Path and query, encoded.
    pub target: String,
}

impl Url {
    /// Returns the path, encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.target[..self.path_length()]
    }

    /// Returns the query without its `?`, encoded; `None` where there is none.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        // Without a query nothing stands there, not even an end.
        self.target.get(self.path_length() + 1..)
    }

    fn path_length(&self) -> usize {
        let end = memchr::memchr(b'?', self.target.as_bytes());
        end.unwrap_or(self.target.len())
    }

    /// Returns the decoded parameters of the query, in order.
    pub fn parameters(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.query()
            .unwrap_or_default()
            .split('&')
            .filter(|p| !p.is_empty())
            .map(|p| {
                let (name, value) = p.split_once('=').unwrap_or((p, ""));
                (decode(name), decode(value))
            })
    }

    /// Returns where a `Location` leads, inside this origin; `None` where it leaves it or cannot
    /// be read.
    #[must_use]
    pub fn follow(&self, location: &str) -> Option<Self> {
        let location = location.split('#').next().unwrap_or_default().trim();
        if location.is_empty() {
            return None;
        }
        let rest = if names_scheme(location) {
            // Other schemes have no origin, and `https:y` is no address of ours written whole.
            let (origin, rest) = split_url(location).ok()?;
            if origin != self.origin {
                return None;
            }
            if rest.starts_with('/') {
                rest.to_owned()
            } else {
                format!("/{rest}")
            }
        } else if location.starts_with("//") {
            return self.follow(&format!("{}:{location}", self.origin.scheme.as_str()));
        } else if location.starts_with('/') {
            location.to_owned()
        } else if location.starts_with('?') {
            format!("{}{location}", self.path())
        } else {
            let folder = self.path().rfind('/').map_or("/", |at| &self.path()[..=at]);
            format!("{folder}{location}")
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest.as_str(), None),
        };
        let mut target = encode_rest(&without_dots(path), PATH).into_owned();
        if let Some(query) = query {
            target.push('?');
            target.push_str(&encode_rest(query, QUERY));
        }
        Some(Self {
            origin: self.origin.clone(),
            target,
        })
    }

    /// Adds a parameter to the query.
    pub fn add(&mut self, name: &str, value: &str) {
        let separator = match self.query() {
            None => "?",
            Some("") => "",
            Some(q) if q.ends_with('&') => "",
            Some(_) => "&",
        };
        let (name, value) = (encode(name), encode(value));
        self.target
            .reserve(separator.len() + name.len() + "=".len() + value.len());
        self.target.push_str(separator);
        self.target.push_str(&name);
        self.target.push('=');
        self.target.push_str(&value);
    }

    /// Gives a parameter of the query another value, or adds it; the others stay as written.
    pub fn set(&mut self, name: &str, value: &str) {
        if let Some(query) = self.query() {
            let others: Vec<&str> = query
                .split('&')
                .filter(|pair| decode(pair.split_once('=').map_or(*pair, |(n, _)| n)) != name)
                .collect();
            let others = others.join("&");
            self.target.truncate(self.path().len());
            if !others.is_empty() {
                self.target.push('?');
                self.target.push_str(&others);
            }
        }
        self.add(name, value);
    }
}

impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.origin, self.target)
    }
}

/// Returns whether a reference begins with a scheme (RFC 3986 §3.1, §4.1).
fn names_scheme(reference: &str) -> bool {
    let end = reference.find(['/', '?', '#']).unwrap_or(reference.len());
    reference[..end].split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

/// Encodes a text as one segment of a path.
#[must_use]
pub fn encode_segment(text: &str) -> Cow<'_, str> {
    encode(text)
}

/// Takes dot segments out of a path that a server gave (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => {
                if out.len() > 1 {
                    out.pop();
                }
            }
            other => out.push(other),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        out.push("");
    }
    out.join("/")
}

/// Encodes the name or value of a parameter.
#[must_use]
pub fn encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, PARAMETER).into()
}

/// Returns the length of a name or value of a parameter, encoded.
#[must_use]
pub fn encoded_length(text: &str) -> usize {
    utf8_percent_encode(text, PARAMETER).map(str::len).sum()
}

/// Decodes a name or value of a query or form; `+` is a blank.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains(['+', '%']) {
        return text.into();
    }
    percent_encoding::percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
        .into()
}

/// Joins a typed path with the address of a profile.
pub fn resolve(
    typed: &str,
    service: Service,
    address: &Address,
    fabric: &str,
) -> Result<Url, Failure> {
    refuse_git_bash(typed, service)?;
    refuse_characters(typed)?;
    let absolute = has_scheme(typed);
    let typed = if absolute {
        let (origin, rest) = split_url(typed)?;
        if origin != address.origin {
            return Err(Failure::usage(format!(
                "`{origin}` is not the profile's origin `{}`: a key never leaves its origin",
                address.origin
            ))
            .hint("select that server's profile with `-p`, or log in there"));
        }
        rest
    } else {
        typed
    };
    let (path, query) = match typed.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (typed, None),
    };
    refuse_segments(path)?;
    let path = encode_rest(path, PATH);
    let mut target = match service {
        Service::Maas if absolute => maas::path::with_final_slash(path.into_owned()),
        Service::Maas => maas::path::place(&path, &address.path),
        Service::Macrometa => macrometa::path::place(&path, &encode(fabric)),
    };
    if let Some(query) = query {
        target.push('?');
        target.push_str(&encode_rest(query, QUERY));
    }
    Ok(Url {
        origin: address.origin.clone(),
        target,
    })
}

/// Encodes what has to be, and a `%` that begins no escape; escapes stay as typed.
fn encode_rest<'a>(text: &'a str, set: &'static AsciiSet) -> Cow<'a, str> {
    // Mostly nothing has to be.
    if !text.contains('%') {
        return utf8_percent_encode(text, set).into();
    }
    let is_escape = |rest: &str| {
        let b = rest.as_bytes();
        b.len() > 2 && b[1].is_ascii_hexdigit() && b[2].is_ascii_hexdigit()
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.extend(utf8_percent_encode(&rest[..at], set));
        out.push_str(if is_escape(&rest[at..]) { "%" } else { "%25" });
        rest = &rest[at + 1..];
    }
    out.extend(utf8_percent_encode(rest, set));
    out.into()
}

/// Refuses what Git Bash on Windows makes of `/machines/`: `C:/Program Files/Git/machines/`.
fn refuse_git_bash(typed: &str, service: Service) -> Result<(), Failure> {
    let b = typed.as_bytes();
    let rewritten =
        b.len() > 2 && b[0].is_ascii_alphabetic() && b[1] == b':' && matches!(b[2], b'/' | b'\\');
    if !rewritten {
        return Ok(());
    }
    let cure = match service {
        Service::Maas => {
            "write the path without its leading slash (`machines/`), or set MSYS_NO_PATHCONV=1"
        }
        Service::Macrometa => "set MSYS_NO_PATHCONV=1 before the call",
    };
    Err(Failure::usage("the path was rewritten by Git Bash into a path of Windows").hint(cure))
}

fn refuse_characters(typed: &str) -> Result<(), Failure> {
    if typed.is_empty() {
        return Err(Failure::usage("the path is empty").hint("is a variable unset?"));
    }
    let what = typed.chars().find_map(|c| match c {
        '"' => Some("a quote"),
        c if c.is_control() => Some("a control character"),
        c if c.is_whitespace() => Some("a blank"),
        _ => None,
    });
    match what {
        None => Ok(()),
        Some(what) => Err(Failure::usage(format!("the path has {what} in it"))
            .hint("is `-r` missing where an id was taken from JSON? A blank itself is `%20`")),
    }
}

fn refuse_segments(path: &str) -> Result<(), Failure> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if path.is_empty() || (inner.is_empty() && path != "/") {
        return Err(Failure::usage("the path is empty").hint("is a variable unset?"));
    }
    for segment in inner.split('/') {
        if segment.is_empty() && path != "/" {
            return Err(Failure::usage("the path has an empty segment (`//`)")
                .hint("is a variable unset? The call would hit something else"));
        }
        // `--jq '.[0].id'` of an empty list.
        if segment == "null" {
            return Err(Failure::usage("the path has a segment `null`").hint(
                "is a variable of a filter that found nothing? What is called so is `%6Eull`",
            ));
        }
        let may_be_dots = segment.starts_with(['.', '%']);
        let dots = || segment.to_ascii_lowercase().replace("%2e", ".");
        if may_be_dots && matches!(dots().as_str(), "." | "..") {
            return Err(
                Failure::usage(format!("the path has a segment `{segment}`"))
                    .hint("write the path out: `.` and `..` mean nothing in an API"),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maas(typed: &str) -> Result<String, Failure> {
        let address = Address::parse("http://10.0.0.2:5240/MAAS").unwrap();
        resolve(typed, Service::Maas, &address, "").map(|u| u.target)
    }

    fn macrometa(typed: &str) -> Result<String, Failure> {
        let address = Address::parse("https://api-play.paas.macrometa.io").unwrap();
        resolve(typed, Service::Macrometa, &address, "shop").map(|u| u.target)
    }

    #[test]
    fn paths_are_joined() {
        for (typed, want) in [
            ("/machines/", "/MAAS/api/2.0/machines/"),
            ("machines", "/MAAS/api/2.0/machines/"),
            (
                "/machines/?hostname=a",
                "/MAAS/api/2.0/machines/?hostname=a",
            ),
            ("/machines?hostname=a", "/MAAS/api/2.0/machines/?hostname=a"),
            ("/", "/MAAS/api/2.0/"),
            ("/files/a%2Fb/", "/MAAS/api/2.0/files/a%2Fb/"),
            ("/files/a%2fb", "/MAAS/api/2.0/files/a%2fb/"),
            ("/tags/größe/", "/MAAS/api/2.0/tags/gr%C3%B6%C3%9Fe/"),
            ("/tags/a#b/", "/MAAS/api/2.0/tags/a%23b/"),
            ("/tags/50%/", "/MAAS/api/2.0/tags/50%25/"),
            ("/machines/?a[b]=c", "/MAAS/api/2.0/machines/?a[b]=c"),
            ("/machines/?q=a/../b", "/MAAS/api/2.0/machines/?q=a/../b"),
            (
                "http://10.0.0.2:5240/MAAS/api/2.0/events/?op=query&limit=1",
                "/MAAS/api/2.0/events/?op=query&limit=1",
            ),
            (
                "HTTP://10.0.0.2:5240/MAAS/api/2.0/zones/",
                "/MAAS/api/2.0/zones/",
            ),
        ] {
            assert_eq!(maas(typed).unwrap(), want, "{typed}");
        }
        for (typed, want) in [
            ("/_api/key", "/_api/key"),
            ("collection", "/_fabric/shop/_api/collection"),
            (
                "document/c/a:b@c%25+'",
                "/_fabric/shop/_api/document/c/a:b@c%25+'",
            ),
            (
                "https://api-play.paas.macrometa.io:443/_api/key",
                "/_api/key",
            ),
        ] {
            assert_eq!(macrometa(typed).unwrap(), want, "{typed}");
        }
    }

    #[test]
    fn refusals() {
        for (typed, message, hint) in [
            ("", "empty", "unset"),
            ("/machines//", "empty segment", "unset"),
            ("//", "empty", ""),
            ("//evil.example/x", "empty segment", ""),
            ("machines//x", "empty segment", ""),
            ("/machines/../users/", "segment `..`", ""),
            ("/machines/%2E%2e/users/", "segment `%2E%2e`", ""),
            ("/./machines/", "segment `.`", ""),
            ("/machines/\"4y3h7n\"/", "a quote", "-r"),
            ("/machines/a b/", "a blank", "-r"),
            ("/machines/a\n/", "a control character", "-r"),
            ("?a=b", "empty", ""),
            (
                "https://10.0.0.2:5240/MAAS/",
                "never leaves its origin",
                "-p",
            ),
            ("http://10.0.0.2/MAAS/", "never leaves its origin", ""),
            ("http://evil.example/", "never leaves its origin", ""),
            ("http://10.0.0.2:5240@evil.example/", "user name", ""),
            ("ftp://10.0.0.2/", "neither", ""),
            (
                "C:/Program Files/Git/machines/",
                "Git Bash",
                "MSYS_NO_PATHCONV",
            ),
        ] {
            let e = maas(typed).unwrap_err();
            assert!(e.to_string().contains(message), "{typed}: {e}");
            assert!(e.hint.unwrap_or_default().contains(hint), "{typed}");
        }
    }

    #[test]
    fn locations_are_followed_inside_the_origin() {
        let from = Url {
            origin: split_url("http://h:5240").unwrap().0,
            target: "/a/b?c=d".to_owned(),
        };
        for (location, want) in [
            ("/x?y=z", Some("/x?y=z")),
            ("x", Some("/a/x")),
            ("../x", Some("/x")),
            ("?y=z", Some("/a/b?y=z")),
            ("http://H:5240/x", Some("/x")),
            ("http://h:5240", Some("/")),
            ("//h:5240/x", Some("/x")),
            ("/x y#frag", Some("/x%20y")),
            ("https://h:5240/x", None),
            ("http://h/x", None),
            ("//evil.example/x", None),
            ("http://h:5240@evil.example/x", None),
            ("", None),
            ("ftp://h:5240/", None),
            ("mailto:a@b", None),
            ("javascript:alert(1)", None),
            ("data:text/plain,x", None),
            ("urn:x:y", None),
            ("https:y", None),
            ("http:/x", None),
            ("./a:b", Some("/a/a:b")),
            ("x/a:b", Some("/a/x/a:b")),
            ("?a:b", Some("/a/b?a:b")),
            ("8:b", Some("/a/8:b")),
        ] {
            let got = from.follow(location).map(|u| u.target);
            assert_eq!(got.as_deref(), want, "{location}");
        }
    }

    #[test]
    fn parameters_are_added_and_read() {
        let address = Address::parse("http://h/MAAS").unwrap();
        let mut url = resolve("/machines/?a=b+c", Service::Maas, &address, "").unwrap();
        url.add("mac address", "52:54&=é");
        assert_eq!(
            url.target,
            "/MAAS/api/2.0/machines/?a=b+c&mac%20address=52%3A54%26%3D%C3%A9"
        );
        for (target, want) in [
            ("/k", "/k?offset=7"),
            ("/k?", "/k?offset=7"),
            ("/k?offset=1&a=b+c", "/k?a=b+c&offset=7"),
            (
                "/k?a=%2f&off%73et=1&offsets=2&offset",
                "/k?a=%2f&offsets=2&offset=7",
            ),
        ] {
            let mut url = Url {
                target: target.to_owned(),
                ..url.clone()
            };
            url.set("offset", "7");
            assert_eq!(url.target, want);
        }
        let pairs: Vec<_> = url.parameters().collect();
        assert_eq!(pairs[0], ("a".into(), "b c".into()));
        assert_eq!(pairs[1], ("mac address".into(), "52:54&=é".into()));
    }
}
