//! The file name in a `Content-Disposition` (RFC 6266, RFC 8187). Pure.
//!
//! Whether the name may be used is not judged here. The crates for it take the first parameter they
//! find or leave `filename*` encoded, so the forty lines are our own.

use percent_encoding::percent_decode_str;

/// Returns the name that a header gives; `filename*` goes before `filename` (RFC 6266 §4.3).
#[must_use]
pub fn filename(header: &str) -> Option<String> {
    let parameters = parameters(header);
    let find = |name: &str| {
        let found = parameters
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    find("filename*")
        .and_then(extended)
        .or_else(|| find("filename").map(str::to_owned))
}

/// Decodes `utf-8'en'a%20b` (RFC 8187 §3.2.1); returns `None` for anything else.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let bytes = percent_decode_str(encoded);
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" => Some(bytes.decode_utf8().ok()?.into_owned()),
        "iso-8859-1" => Some(bytes.map(char::from).collect()),
        _ => None,
    }
}

/// Names and values behind the disposition's type.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Some((_, mut rest)) = header.split_once(';') else {
        return found;
    };
    while let Some((name, after)) = rest.split_once('=') {
        // What lies between two parameters and has no value is passed over.
        let name = name.rsplit(';').next().unwrap_or(name).trim().to_owned();
        let after = after.trim_start();
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted_string(quoted),
            None => {
                let (token, left) = after.split_once(';').unwrap_or((after, ""));
                (token.trim_end().to_owned(), left)
            }
        };
        found.push((name, value));
        rest = left;
    }
    found
}

/// Returns the text up to the closing quote, and what follows it.
fn quoted_string(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            _ => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (header, want) in [
            ("attachment", None),
            ("attachment; filename=a.bin", Some("a.bin")),
            ("attachment;filename = a.bin ; x=y", Some("a.bin")),
            ("attachment; FileName=\"a b.bin\"", Some("a b.bin")),
            ("attachment; filename=\"a;b=c.bin\"; x=y", Some("a;b=c.bin")),
            (r#"attachment; filename="a\"b""#, Some("a\"b")),
            (r#"attachment; filename="cut"#, Some("cut")),
            ("inline; filename=\"é.txt\"", Some("é.txt")),
            (
                "attachment; filename=\"e.txt\"; filename*=UTF-8''%C3%A9%20x.txt",
                Some("é x.txt"),
            ),
            (
                "attachment; filename*=utf-8'en'%e2%82%ac; filename=e",
                Some("€"),
            ),
            ("attachment; filename*=ISO-8859-1''%E9", Some("é")),
            ("attachment; filename*=koi8-r''%E9; filename=e", Some("e")),
            ("attachment; filename*=utf-8''%E9; filename=e", Some("e")),
            ("attachment; filename*=utf-8''..%2Fx", Some("../x")),
            ("attachment; x; filename=e", Some("e")),
            ("filename=e", None),
            ("", None),
        ] {
            assert_eq!(filename(header).as_deref(), want, "{header}");
        }
    }
}
