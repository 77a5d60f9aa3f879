//! Whether an image stands in the way of a content that is about to be uploaded.
//!
//! MAAS stores a file once, by its SHA-256, for all images that have it, and a new version counts
//! its bytes from nothing. So a chunk of content that is there already is too much for the file,
//! and MAAS deletes that under every image that has it (observed, MAAS 3.8). Whatever this module
//! does not clear is not sent.

use serde_json::Value;

use super::{File, Image, Version, bare, stored_filetype};

/// An image that is to be uploaded.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What is announced of it.
    pub parameters: &'a [(String, String)],
    /// SHA-256 of its content, in lower-case hexadecimal.
    pub sha256: &'a str,
    /// Its size in bytes.
    pub size: u64,
}

impl<'a> Wanted<'a> {
    /// Returns the value of a parameter; empty where it is not announced.
    #[must_use]
    pub fn value(&self, name: &str) -> &'a str {
        self.said(name).unwrap_or_default()
    }

    fn said(&self, name: &str) -> Option<&'a str> {
        let mut found = self.parameters.iter().filter(|(n, _)| n == name);
        found.next().map(|(_, value)| value.as_str())
    }
}

/// Returns whether an element of a list has the name and architecture of an announcement.
#[must_use]
pub fn is_alike(entry: &Value, wanted: &Wanted<'_>) -> bool {
    let name = entry["name"].as_str().unwrap_or_default();
    entry["architecture"] == wanted.value("architecture")
        && bare(name) == bare(wanted.value("name"))
}

/// What an image has of a content.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// Nothing.
    Nothing,
    /// A version with a file whose content the server does not report.
    Unknown(String),
    /// It is the image itself: its newest version has all of it. The parameter in which it differs
    /// from the announcement, where there is one.
    Complete(Option<&'static str>),
    /// It is the image itself: its newest version is incomplete, and no other version has it.
    Begun(File),
    /// It is the image itself, incomplete, with another value of this parameter.
    Differs(&'static str),
    /// An older version of it, or another image.
    Other {
        /// Whether it is an older version of the image itself.
        is_own: bool,
        /// The version.
        version: String,
        /// Whether it is complete.
        complete: bool,
    },
}

impl Image {
    /// Returns whether an announcement is of this image. MAAS takes `custom/` off a name, and only
    /// what was uploaded gets new versions from users.
    #[must_use]
    pub fn is_named(&self, wanted: &Wanted<'_>) -> bool {
        self.is_uploaded
            && self.architecture == wanted.value("architecture")
            && bare(&self.name) == bare(wanted.value("name"))
    }

    /// Returns what the image has of a content.
    #[must_use]
    pub fn claim(&self, wanted: &Wanted<'_>) -> Claim {
        let has_it = |v: &&Version| v.files.iter().any(|f| f.holds(wanted.sha256));
        let is_unknown = |v: &&Version| v.files.iter().any(|f| f.sha256.is_none());
        if let Some(version) = self.versions.iter().find(is_unknown) {
            return Claim::Unknown(version.name.clone());
        }
        let mut holders = self.versions.iter().filter(has_it);
        let Some(first) = holders.next() else {
            return Claim::Nothing;
        };
        let is_own = self.is_named(wanted);
        let is_newest = self.versions.first() == Some(first);
        if is_own
            && is_newest
            && let Some(file) = self.newest(wanted.sha256, wanted.size)
        {
            let differs = self.differs(file, wanted);
            match (file.complete, differs) {
                (true, differs) => return Claim::Complete(differs),
                (false, Some(name)) => return Claim::Differs(name),
                (false, None) if holders.next().is_none() => return Claim::Begun(file.clone()),
                (false, None) => {}
            }
        }
        // The complete one is the one that would be lost.
        let mut holders = self.versions.iter().filter(has_it);
        let complete = |v: &&Version| v.is_complete();
        let found = holders
            .clone()
            .find(complete)
            .or_else(|| holders.next_back());
        let version = found.unwrap_or(first);
        Claim::Other {
            is_own,
            version: version.name.clone(),
            complete: version.is_complete(),
        }
    }

    /// Returns the newest version that another content left incomplete.
    #[must_use]
    pub fn broken(&self) -> Option<&Version> {
        self.versions.iter().find(|v| !v.is_complete())
    }

    /// Returns the parameter in which a file and its image differ from an announcement, where one
    /// does.
    fn differs(&self, file: &File, wanted: &Wanted<'_>) -> Option<&'static str> {
        let filetype = wanted.said("filetype").unwrap_or("tgz");
        let is_known = super::FILETYPES.iter().any(|(_, n)| *n == file.filetype);
        if is_known && stored_filetype(filetype).is_some_and(|name| name != file.filetype) {
            return Some("filetype");
        }
        let mut said = self.said.iter();
        said.find(|(name, said)| wanted.said(name).is_some_and(|value| value != said))
            .map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        of.iter().map(own).collect()
    }

    fn file(sha: &str, complete: bool) -> Value {
        json!({"root.tgz": {"filetype": "root-tgz", "sha256": sha.repeat(64), "size": 9,
            "complete": complete, "progress": 0.0}})
    }

    fn image(kind: &str, name: &str, sets: &Value) -> Image {
        Image::read(&json!({"id": 3, "type": kind, "name": name, "title": "A",
            "architecture": "amd64/generic", "sets": sets}))
        .unwrap()
    }

    #[test]
    fn what_an_image_has_of_a_content() {
        let sha256 = "a".repeat(64);
        let other = |is_own, version: &str, complete| Claim::Other {
            is_own,
            version: version.to_owned(),
            complete,
        };
        let versions = |of: &[(&str, &str, bool)]| {
            let set = |(name, sha, complete): &(&str, &str, bool)| {
                ((*name).to_owned(), json!({"files": file(sha, *complete)}))
            };
            Value::Object(of.iter().map(set).collect())
        };
        let own = "Uploaded";
        for (kind, name, sets, want) in [
            (own, "a", &[("1", "b", true)][..], Claim::Nothing),
            (own, "a", &[], Claim::Nothing),
            (own, "a", &[("1", "a", true)], Claim::Complete(None)),
            (own, "custom/a", &[("1", "A", true)], Claim::Complete(None)),
            (own, "b", &[("1", "a", true)], other(false, "1", true)),
            (own, "b", &[("1", "a", false)], other(false, "1", false)),
            ("Synced", "a", &[("1", "a", true)], other(false, "1", true)),
            (
                own,
                "a",
                &[("9", "a", true), ("10", "b", true)],
                other(true, "9", true),
            ),
            (
                own,
                "a",
                &[("9", "a", false), ("10", "b", true)],
                other(true, "9", false),
            ),
            // What a second upload by the `maas` command line leaves.
            (
                own,
                "a",
                &[("1", "a", true), ("2", "a", false)],
                other(true, "1", true),
            ),
            (
                own,
                "a",
                &[("1", "a", false), ("2", "a", false)],
                other(true, "1", false),
            ),
            (
                own,
                "a",
                &[("1", "a", false), ("2", "a", true)],
                Claim::Complete(None),
            ),
        ] {
            let parameters = pairs(&[("name", "a"), ("architecture", "amd64/generic")]);
            let wanted = Wanted {
                parameters: &parameters,
                sha256: &sha256,
                size: 9,
            };
            let found = image(kind, name, &versions(sets)).claim(&wanted);
            assert_eq!(found, want, "{kind} {name} {sets:?}");
        }
    }

    #[test]
    fn what_goes_on() {
        let sha256 = "a".repeat(64);
        let begun = image("Uploaded", "a", &json!({"1": {"files": file("a", false)}}));
        let done = image("Uploaded", "a", &json!({"1": {"files": file("a", true)}}));
        for (more, want) in [
            (&[][..], None),
            (&[("title", "A"), ("filetype", "tgz")], None),
            (&[("title", "B")], Some("title")),
            (&[("filetype", "ddgz")], Some("filetype")),
            // What is not shown cannot be compared.
            (&[("base_image", "x")], None),
            // Types that came later are the server's business.
            (&[("filetype", "zst")], None),
        ] {
            let mut parameters = pairs(&[("name", "a"), ("architecture", "amd64/generic")]);
            parameters.extend(pairs(more));
            let mut wanted = Wanted {
                parameters: &parameters,
                sha256: &sha256,
                size: 9,
            };
            match want {
                None => assert!(matches!(begun.claim(&wanted), Claim::Begun(_)), "{more:?}"),
                Some(name) => assert_eq!(begun.claim(&wanted), Claim::Differs(name)),
            }
            assert_eq!(done.claim(&wanted), Claim::Complete(want), "{more:?}");
            // One hash, two sizes: one of them is wrong.
            wanted.size = 8;
            assert!(matches!(
                done.claim(&wanted),
                Claim::Other { is_own: true, .. }
            ));
        }
    }

    #[test]
    fn a_file_that_is_not_described_may_be_this_one() {
        let parameters = pairs(&[]);
        let wanted = Wanted {
            parameters: &parameters,
            sha256: &"a".repeat(64),
            size: 9,
        };
        for sha256 in [Value::Null, json!(""), json!("abc"), json!(7)] {
            let files = json!({"x": {"sha256": sha256, "complete": true}});
            let sets = json!({"2": {"files": file("b", true)}, "1": {"files": files}});
            let found = image("Synced", "x", &sets).claim(&wanted);
            assert_eq!(found, Claim::Unknown("1".to_owned()));
        }
    }
}
