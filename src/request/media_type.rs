//! Media types by the ends of file names. Pure.
//!
//! The table is a text, because a table of Rust strings holds pointers, and the loader would adjust
//! every one of them for each call: the usual crate's table alone was a quarter of that work. It has
//! what Python's `mimetypes` knows by itself, which is what the `maas` command line sends, and some
//! types that are common today.

/// A file name's end and its type on each line.
const TYPES: &str = include_str!("media_types.txt");

/// Returns the type that a name's end stands for; case does not count.
#[must_use]
pub fn of_name(name: &str) -> Option<&'static str> {
    let (_, end) = name.rsplit_once('.')?;
    TYPES
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(known, _)| known.eq_ignore_ascii_case(end))
        .map(|(_, media_type)| media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_types() {
        for (name, want) in [
            ("a.json", Some("application/json")),
            ("a.b.PNG", Some("image/png")),
            ("node.yaml", Some("application/yaml")),
            ("image.tar.gz", Some("application/gzip")),
            ("json", None),
            ("a.", None),
            ("a.nope", None),
        ] {
            assert_eq!(of_name(name), want, "{name}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_says_each_end_once() {
        let ends: Vec<&str> = TYPES
            .lines()
            .map(|l| l.split_once(' ').unwrap().0)
            .collect();
        assert!(ends.is_sorted_by(|a, b| a < b), "{ends:?}");
        for line in TYPES.lines() {
            let (end, media_type) = line.split_once(' ').unwrap();
            assert!(!end.is_empty() && media_type.contains('/'), "{line}");
        }
    }
}
