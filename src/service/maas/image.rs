//! Boot resources: what their announcement takes, and what their description says.
//!
//! The server appends each chunk to the file that has the announced SHA-256, of whatever image that
//! is, and a chunk has no offset. `claim` judges whether an image has a content already, `offset`
//! how far a file is.

mod claim;
mod offset;

use serde_json::Value;

pub use claim::{Claim, Wanted, is_alike};
pub use offset::{Standing, resumes_at, standing};

/// How much of an image goes up in one call, as the `maas` command line has it.
pub const CHUNK: u64 = 4 * 1024 * 1024;

/// The path of the list, and of announcing.
pub const LIST: &str = "/boot-resources/";

/// The region controllers, whose number `progress` depends on.
pub const REGIONS: &str = "/regioncontrollers/";

/// What an announcement may say besides `size` and `sha256`.
pub const PARAMETERS: [&str; 5] = ["name", "architecture", "filetype", "title", "base_image"];

/// What MAAS calls the file types that an announcement names; the first one is the default.
const FILETYPES: [(&str, &str); 11] = [
    ("tgz", "root-tgz"),
    ("tbz", "root-tbz"),
    ("txz", "root-txz"),
    ("ddtgz", "root-dd"),
    ("ddtbz", "root-dd.tar.bz2"),
    ("ddtxz", "root-dd.tar.xz"),
    ("ddtar", "root-dd.tar"),
    ("ddbz2", "root-dd.bz2"),
    ("ddgz", "root-dd.gz"),
    ("ddxz", "root-dd.xz"),
    ("ddraw", "root-dd.raw"),
];

/// What an announcement says by itself.
pub const OWN: [&str; 3] = ["size", "sha256", "content"];

/// Returns the path of an image.
#[must_use]
pub fn path(id: u64) -> String {
    format!("{LIST}{id}/")
}

/// Returns the name without the `custom/` that MAAS takes off.
fn bare(name: &str) -> &str {
    name.strip_prefix("custom/").unwrap_or(name)
}

/// Returns what MAAS calls a file type that an announcement names.
fn stored_filetype(name: &str) -> Option<&'static str> {
    let mut found = FILETYPES.iter().filter(|(known, _)| *known == name);
    found.next().map(|(_, stored)| *stored)
}

/// A file of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// What kind of file it is, in the server's words.
    pub filetype: String,
    /// The file's SHA-256 in hexadecimal, where MAAS reports one.
    pub sha256: Option<String>,
    /// The file's size in bytes, where MAAS reports one.
    pub size: Option<u64>,
    /// Whether all regions have all of it.
    pub complete: bool,
    /// How much there is, in percent of all regions.
    pub progress: Option<f64>,
    /// Where its chunks go.
    pub upload_uri: Option<String>,
}

impl File {
    /// Returns whether it is to have this content.
    fn holds(&self, sha256: &str) -> bool {
        self.sha256.as_deref() == Some(sha256)
    }
}

/// A version of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The day, and a number where there are several.
    pub name: String,
    /// Its files.
    pub files: Vec<File>,
}

impl Version {
    /// Returns whether all its files are complete.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.files.iter().all(|f| f.complete)
    }
}

/// An image, as the server describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What it runs on.
    pub architecture: String,
    /// Whether a user uploaded it; an image server is where the others come from.
    pub is_uploaded: bool,
    /// Its versions, newest first.
    pub versions: Vec<Version>,
    /// What else was said when it was announced, as far as it is shown.
    said: Vec<(&'static str, String)>,
}

impl Image {
    /// Reads a description; `None` where it is none, or says nothing of its versions.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let version = |(name, set): (&String, &Value)| {
            let files = set["files"].as_object()?.values().map(file).collect();
            let name = name.clone();
            Some(Version { name, files })
        };
        let sets = value["sets"].as_object()?.iter();
        let mut versions = sets.map(version).collect::<Option<Vec<_>>>()?;
        versions.sort_by_key(|version| std::cmp::Reverse(order(&version.name)));
        Some(Self {
            id: value["id"].as_u64()?,
            name: text("name"),
            architecture: text("architecture"),
            is_uploaded: text("type").eq_ignore_ascii_case("uploaded"),
            versions,
            said: ["title", "base_image"]
                .into_iter()
                .filter_map(|name| Some((name, value.get(name)?)))
                .map(|(name, said)| (name, said.as_str().unwrap_or_default().to_owned()))
                .collect(),
        })
    }

    /// Returns the file of the newest version that has this content.
    #[must_use]
    pub fn newest(&self, sha256: &str, size: u64) -> Option<&File> {
        let mut files = self.versions.first()?.files.iter();
        files.find(|f| f.holds(sha256) && f.size == Some(size))
    }

    /// Returns the file of the newest version that was announced with this content. The only file
    /// of a version is the one, also where the server does not say what content it has.
    #[must_use]
    pub fn announced(&self, sha256: &str, size: u64) -> Option<File> {
        if let Some(file) = self.newest(sha256, size) {
            return Some(file.clone());
        }
        let [only] = self.versions.first()?.files.as_slice() else {
            return None;
        };
        let may_be = only.sha256.as_ref().is_none_or(|own| own == sha256)
            && only.size.is_none_or(|own| own == size);
        may_be.then(|| File {
            sha256: Some(sha256.to_owned()),
            size: Some(size),
            ..only.clone()
        })
    }
}

/// Orders versions by their numbers: `20261122.10` comes after `20261122.9`.
fn order(version: &str) -> Vec<u64> {
    version.split('.').map(|n| n.parse().unwrap_or(0)).collect()
}

fn file(value: &Value) -> File {
    let uri = value["upload_uri"].as_str();
    File {
        filetype: value["filetype"].as_str().unwrap_or_default().to_owned(),
        sha256: value["sha256"].as_str().and_then(sha256),
        size: value["size"].as_u64(),
        complete: value["complete"].as_bool().unwrap_or_default(),
        progress: value["progress"].as_f64(),
        upload_uri: uri.map(str::to_owned),
    }
}

/// Returns a SHA-256 in lower case; everything else says nothing.
fn sha256(text: &str) -> Option<String> {
    let is_one = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_one.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn descriptions() {
        let file = |sha: &str, progress: f64| {
            json!({"root.tgz": {"sha256": sha.repeat(64), "size": 9, "complete": progress >= 100.0,
                "progress": progress, "upload_uri": "/u/"}})
        };
        let image = |sets: Value| Image::read(&json!({"id": 3, "sets": sets})).unwrap();
        let (ours, theirs) = ("A".repeat(64).to_lowercase(), "b".repeat(64));
        let both = image(json!({
            "20261122.9": {"files": file("b", 100.0)},
            "20261122.10": {"files": file("A", 50.0)},
        }));
        let uri = both.newest(&ours, 9).unwrap().upload_uri.clone();
        assert_eq!(uri.as_deref(), Some("/u/"));
        assert_eq!(both.newest(&ours, 8), None);
        assert_eq!(both.newest(&theirs, 9), None, "an older version");
        let names: Vec<&str> = both.versions.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, ["20261122.10", "20261122.9"]);
        assert!(both.versions[1].is_complete());
        assert_eq!(both.broken().map(|v| v.name.as_str()), Some("20261122.10"));
        for none in [
            json!([]),
            json!({"id": 3}),
            json!({"sets": {}}),
            json!({"id": 3, "sets": []}),
            json!({"id": 3, "sets": {"1": {}}}),
            json!({"id": 3, "sets": {"1": {"files": []}}}),
        ] {
            assert_eq!(Image::read(&none), None, "{none}");
        }
    }

    #[test]
    fn files_that_do_not_show_their_content() {
        let image = |files: Value| {
            let sets = json!({"2": {"files": files}, "1": {"files": {"x": {"complete": true}}}});
            Image::read(&json!({"id": 3, "sets": sets})).unwrap()
        };
        let ours = "a".repeat(64);
        let uri = json!({"upload_uri": "/u/", "complete": false});
        for (member, value, is_ours) in [
            ("filename", json!("x"), true),
            ("sha256", json!("A".repeat(64)), true),
            ("sha256", json!("b".repeat(64)), false),
            ("size", json!(9), true),
            ("size", json!(8), false),
        ] {
            let mut file = uri.clone();
            file[member] = value;
            let image = image(json!({"x": file}));
            let found = image.announced(&ours, 9);
            assert_eq!(found.is_some(), is_ours, "{file}");
            if let Some(found) = found {
                assert_eq!((found.sha256, found.size), (Some(ours.clone()), Some(9)));
                assert_eq!(found.upload_uri.as_deref(), Some("/u/"));
            }
        }
        let two = image(json!({"x": uri, "y": uri}));
        assert_eq!(two.announced(&ours, 9), None, "which of them?");
    }
}
