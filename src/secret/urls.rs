//! Passwords in URLs, known by where they stand.
//!
//! Nobody registers them; a text of any origin is searched for their places. Knows no other secret.

use std::ops::Range;

use super::server::ends_word;
use super::spans::SecretSpan;

fn ends_url(byte: u8) -> bool {
    ends_word(byte) || matches!(byte, b'`' | b'>')
}

/// So many URLs are looked for in one word: one may be the path or the query of another.
const MOST_IN_A_WORD: usize = 16;

/// Returns the passwords of URLs in a text, with a scheme or without (`//user:password@host`). A URL
/// that the text's end may have cut is a place, too, where a password may be in it.
pub(super) fn url_passwords(text: &[u8]) -> Vec<SecretSpan> {
    let mut places = Vec::new();
    let mut end = 0;
    let mut in_word = 0;
    let mut from = 0;
    let mut is_open = false;
    while let Some(found) = memchr::memmem::find(&text[from..], b"//") {
        let slashes = from + found;
        let start = slashes + b"//".len();
        from = start;
        if start > end {
            let length = text[start..].iter().position(|b| ends_url(*b));
            is_open = length.is_none();
            end = length.map_or(text.len(), |length| start + length);
            in_word = 0;
        }
        let has_scheme = slashes > 0 && text[slashes - 1] == b':';
        let may_begin = has_scheme || slashes == 0 || is_start(text[slashes - 1]);
        if !may_begin {
            continue;
        }
        in_word += 1;
        if in_word > MOST_IN_A_WORD {
            from = end;
            continue;
        }
        let mark = slashes - usize::from(has_scheme);
        let url = &text[start..end];
        let found = if has_scheme {
            password(url)
        } else {
            plain_password(url)
        };
        let secret = found.map_or(start..start, |p| start + p.start..start + p.end);
        let open = is_open.then(|| {
            let colon = memchr::memchr(b':', url);
            colon.map_or(text.len(), |colon| start + colon + 1)..text.len()
        });
        if !secret.is_empty() || open.is_some() {
            places.push(SecretSpan { mark, secret, open });
        }
    }
    places
}

/// Returns whether an address without a scheme may begin behind a byte.
fn is_start(byte: u8) -> bool {
    ends_url(byte) || matches!(byte, b'(' | b'=' | b',' | b'[' | b'{')
}

/// Returns where the password of a URL stands, the scheme left out: between the first `:` and the
/// last `@` before the path.
fn password(url: &[u8]) -> Option<Range<usize>> {
    let authority = url.iter().position(|b| matches!(b, b'/' | b'?' | b'#'));
    let authority = &url[..authority.unwrap_or(url.len())];
    let range = |end| {
        let start = memchr::memchr(b':', &url[..end])? + 1;
        (start < end).then_some(start..end)
    };
    if let Some(end) = memchr::memrchr(b'@', authority) {
        return range(end);
    }
    // A password that was not percent-encoded can hold what ends a host; but most have a port.
    let port = memchr::memchr(b':', authority).map(|colon| &authority[colon + 1..]);
    let is_host =
        authority.starts_with(b"[") || port.is_none_or(|p| p.iter().all(u8::is_ascii_digit));
    if is_host {
        None
    } else {
        range(memchr::memrchr(b'@', url)?)
    }
}

/// Returns where the password stands in what may be an address: nothing but `user:password@` counts.
fn plain_password(url: &[u8]) -> Option<Range<usize>> {
    let authority = url.iter().position(|b| matches!(b, b'/' | b'?' | b'#'));
    let authority = &url[..authority.unwrap_or(url.len())];
    let end = memchr::memrchr(b'@', authority)?;
    let start = memchr::memchr(b':', &authority[..end])? + 1;
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_in_a_text() {
        for (text, want) in [
            ("see http://u:pw@h/ and", &["pw"][..]),
            ("to //u:pw@h/x", &["pw"]),
            ("http://h:1/ftp://u:pw@h2", &["pw"]),
            ("http://a:b@h/?to=https://c:d@h2/", &["b", "d"]),
            ("a//u:pw@h //h:80/x@y // no: a@b", &[]),
            ("x=//:pw@h,//u:@h", &["pw"]),
        ] {
            let found: Vec<&str> = url_passwords(text.as_bytes())
                .into_iter()
                .filter(|place| !place.secret.is_empty())
                .map(|place| &text[place.secret])
                .collect();
            assert_eq!(found, want, "{text}");
        }
        let many = "://a:b@h".repeat(100_000);
        assert!(url_passwords(many.as_bytes()).len() <= MOST_IN_A_WORD);
    }

    #[test]
    fn passwords_in_urls() {
        for (url, want) in [
            ("u:pw@h", Some("pw")),
            ("u:p@w@h/", Some("p@w")),
            ("u:p/w@h/", Some("p/w")),
            ("u@h", None),
            ("u:@h", None),
            ("h:5240/x", None),
            ("h:5240/@x/y@z", None),
            ("[::1]:5240/@x", None),
        ] {
            let found = password(url.as_bytes()).map(|range| &url[range]);
            assert_eq!(found, want, "{url}");
        }
    }
}
