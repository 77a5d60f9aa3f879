//! Reads `k=v` and `k@=file`: what they mean, and what they become in a query and in a body.
//!
//! Knows the `maas` command line's rules; reads the files it names.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::commands::items::file_content;
use crate::error::{Exit, Failure};
use crate::request::body::{Content, FormPart};
use crate::request::media_type;

/// One pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The field.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// The value of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// The contents of a file.
    File(PathBuf),
}

impl Pair {
    /// Reads `k=v` or `k@=file`; the first of `=` and `@=` parts them.
    pub fn read(word: &str) -> Result<Self, Failure> {
        let Some((name, value)) = word.split_once('=') else {
            return Err(Failure::new(
                Exit::Other,
                format!(
                    "`{}` is not a name=value or name@=filename pair",
                    word.escape_debug()
                ),
            ));
        };
        Ok(match name.strip_suffix('@') {
            Some(name) => Self {
                name: name.to_owned(),
                value: Value::File(value.into()),
            },
            None => Self::text(name, value),
        })
    }

    /// Returns a pair with a text.
    pub fn text(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: Value::Text(value.to_owned()),
        }
    }

    /// Returns the value as it stands in a query.
    pub fn in_query(self) -> anyhow::Result<(String, String)> {
        let text = match self.value {
            Value::Text(text) => text,
            Value::File(path) => {
                crate::files::read_input_text(&path).with_context(|| path.display().to_string())?
            }
        };
        Ok((self.name, text))
    }

    /// Returns the part of a multipart body, as the `maas` command line labels it: a file bears the
    /// name of its field, and its type is guessed from that name before the path.
    pub fn part(self) -> anyhow::Result<FormPart> {
        Ok(match self.value {
            Value::Text(text) => FormPart {
                filename: None,
                content_type: Some("text/plain; charset=\"utf-8\"".to_owned()),
                content: Content::Bytes(text.into_bytes()),
                name: self.name,
            },
            Value::File(path) => {
                let guess = guess(&self.name).or_else(|| guess(&path.to_string_lossy()));
                FormPart {
                    filename: Some(self.name.clone()),
                    content_type: Some(guess.unwrap_or("application/octet-stream").to_owned()),
                    content: file_content(&path).with_context(|| path.display().to_string())?,
                    name: self.name,
                }
            }
        })
    }
}

/// Returns the type that a name ends in. As in Python's `mimetypes` a compression is no type: what
/// is inside counts.
fn guess(name: &str) -> Option<&'static str> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let (stem, last) = name.rsplit_once('.')?;
    let name = match last {
        "gz" | "Z" | "bz2" | "xz" | "br" => stem,
        "tgz" | "taz" | "tz" | "tbz2" | "txz" => return Some("application/x-tar"),
        "svgz" => return Some("image/svg+xml"),
        _ => name,
    };
    media_type::of_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_parted_at_the_first_sign() {
        let file = |name: &str, path: &str| Pair {
            name: name.to_owned(),
            value: Value::File(path.into()),
        };
        for (word, want) in [
            ("a=b", Pair::text("a", "b")),
            ("a=b=c", Pair::text("a", "b=c")),
            ("a=b@=c", Pair::text("a", "b@=c")),
            ("a=", Pair::text("a", "")),
            ("=b", Pair::text("", "b")),
            ("mac=52:54:00", Pair::text("mac", "52:54:00")),
            ("a@=f", file("a", "f")),
            ("a@=f=g", file("a", "f=g")),
            ("a@b=c", Pair::text("a@b", "c")),
        ] {
            assert_eq!(Pair::read(word).unwrap(), want, "{word}");
        }
        assert_eq!(Pair::read("ab").unwrap_err().exit, Exit::Other);
    }

    #[test]
    fn types_are_guessed_as_python_does() {
        for (name, want) in [
            ("content", None),
            ("a.json", Some("application/json")),
            ("d.b/file", None),
            ("x.txt", Some("text/plain")),
            ("x.tar.gz", Some("application/x-tar")),
            ("x.tgz", Some("application/x-tar")),
            ("x.gz", None),
        ] {
            assert_eq!(guess(name), want, "{name}");
        }
    }
}
