//! Judges a file name that a server chose: whether it may be used, and how.
//!
//! Pure; refuses paths, devices and names that hide or control.

use percent_encoding::percent_decode_str;

use crate::error::{Exit, Failure};
use crate::output::visible::visible;

use super::content_disposition;

/// File systems take no longer names.
const LONGEST: usize = 255;

/// Room for what a part's and its record's names add.
const SUFFIXES: usize = ".part.json".len();

/// Returns the name for `-O`: that of the response's `Content-Disposition`; else the parameter
/// `filename` (`filename` here) of a path that ends with a slash, which names no file; else the
/// path's last segment. A name that could lead elsewhere, hide or be taken for a flag is refused.
pub fn remote_name(
    disposition: Option<&str>,
    path: &str,
    filename: Option<&str>,
) -> Result<String, Failure> {
    let given = disposition.and_then(content_disposition::filename);
    let asked = filename.filter(|name| path.ends_with('/') && !name.is_empty());
    let (name, origin) = match (given, asked) {
        (Some(name), _) => (name, "from the server"),
        (None, Some(name)) => (name.to_owned(), "from the parameter `filename`"),
        (None, None) => {
            let segment = path.trim_end_matches('/').rsplit('/').next();
            let name = percent_decode_str(segment.unwrap_or_default())
                .decode_utf8_lossy()
                .into_owned();
            (name, "from the path")
        }
    };
    match fault(&name) {
        None => Ok(name),
        Some(fault) => Err(Failure::new(
            Exit::Other,
            format!(
                "the file's name {origin}, `{}`, {fault}",
                name.chars().take(80).collect::<String>().escape_debug()
            ),
        )
        .hint("name it yourself: `--download FILE`")),
    }
}

/// What a shell interprets, should the name come onto a command line unquoted.
const IS_SPECIAL: [char; 17] = [
    '$', '`', '*', '?', '[', ']', '{', '}', ';', '&', '|', '<', '>', '\'', '"', '!', '#',
];

/// Characters that take no room or turn the direction of text: two names would look the same.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Returns what speaks against a name.
fn fault(name: &str) -> Option<&'static str> {
    let is_windows = cfg!(windows) && name.contains(['<', '>', ':', '"', '|', '?', '*']);
    if name.is_empty() {
        Some("is empty")
    } else if name.contains(['/', '\\']) {
        Some("is a path")
    } else if name.starts_with(['.', '-', '~']) {
        Some("begins with a character that is not for downloads")
    } else if name.contains(['\n', '\t', '\u{fffd}']) || visible(name) != name {
        Some("has control characters")
    } else if name.contains(IS_SPECIAL) || name.contains(is_unseen) {
        Some("has characters that a shell or a reader takes for something else")
    } else if name.ends_with(['.', ' ']) || is_device(name) || is_windows {
        Some("is not a file name on Windows")
    } else if name.len() > LONGEST - SUFFIXES {
        Some("is too long")
    } else {
        None
    }
}

/// Returns whether a name is a device on Windows, with any extension: `NUL`, `com1.txt`.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix)
            .is_some_and(|n: &str| n.len() == 1 && n != "0" && n.as_bytes()[0].is_ascii_digit())
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_used() {
        for (disposition, path, want) in [
            (Some("attachment; filename=a.bin"), "/x/", "a.bin"),
            (Some("inline"), "/x/b.bin", "b.bin"),
            (None, "/MAAS/api/2.0/files/", "files"),
            (None, "/a/b%20c%C3%A9", "b cé"),
            (None, "/a/console", "console"),
            (None, "/a/com10.x", "com10.x"),
        ] {
            assert_eq!(remote_name(disposition, path, None).unwrap(), want);
        }
        for (disposition, path, want) in [
            (None, "/MAAS/api/2.0/files/", "p.bin"),
            (None, "/files/a", "a"),
            (Some("attachment; filename=d.bin"), "/files/", "d.bin"),
        ] {
            assert_eq!(remote_name(disposition, path, Some("p.bin")).unwrap(), want);
        }
        let name = remote_name(None, "/files/", Some("")).unwrap();
        assert_eq!(name, "files", "an empty parameter names nothing");
    }

    #[test]
    fn names_that_are_refused() {
        let long = "x".repeat(256);
        for name in [
            "",
            "/",
            "../x",
            "a/b",
            "a\\b",
            "C:\\x",
            ".bashrc",
            "..",
            "-rf",
            "~root",
            "a\nb",
            "a\x1b[31m",
            "a\u{202e}b",
            "a\u{200f}b",
            "a\u{200b}b",
            "a$(id)",
            "a`id`",
            "a*",
            "a;b",
            "a&b",
            "a'b",
            "nul",
            "COM1.txt",
            "LPT9",
            "aux .x",
            "a.",
            "a ",
            &long,
        ] {
            let encoded = percent_encoding::percent_encode(
                name.as_bytes(),
                percent_encoding::NON_ALPHANUMERIC,
            );
            let header = format!("attachment; filename*=utf-8''{encoded}");
            let failure = remote_name(Some(&header), "/x", None).expect_err(name);
            assert_eq!(failure.exit, Exit::Other, "{name}");
        }
        for (disposition, path, filename, origin) in [
            (
                Some("attachment; filename=../x"),
                "/a",
                None,
                "from the server",
            ),
            (None, "/", None, "from the path"),
            (None, "/a/..%2fx", None, "from the path"),
            (None, "/a/", Some("../x"), "from the parameter `filename`"),
        ] {
            let failure = remote_name(disposition, path, filename).unwrap_err();
            assert!(failure.to_string().contains(origin), "{failure}");
        }
    }
}
