//! Boot resources: what their announcement takes, and what their description says.
//!
//! The server appends each piece to the file that has the announced SHA-256, of whatever image that
//! is, and a piece has no offset. `offset` judges how far a file is.

mod offset;

use serde_json::Value;

pub use offset::{Standing, resumes_at, standing};

/// How much of an image goes up in one call, as the `maas` command line has it.
pub const PIECE: u64 = 4 * 1024 * 1024;

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

/// The path of an image.
#[must_use]
pub fn path(id: u64) -> String {
    format!("{LIST}{id}/")
}

/// Tells whether a description in a list is of this image. MAAS takes `custom/` off a name.
#[must_use]
pub fn is_named(image: &Value, name: &str, architecture: &str) -> bool {
    let bare = |name: &str| name.strip_prefix("custom/").unwrap_or(name).to_owned();
    image["architecture"] == architecture
        && image["name"].as_str().map(bare).as_deref() == Some(&bare(name))
}

/// A file of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// What kind of file it is, in the server's words.
    pub filetype: String,
    /// Its SHA-256 in hexadecimal, where it is told.
    pub sha256: Option<String>,
    /// Its size in bytes, where it is told.
    pub size: Option<u64>,
    /// Whether all regions have all of it.
    pub complete: bool,
    /// How much there is, in percent of all regions.
    pub progress: Option<f64>,
    /// Where its pieces go.
    pub upload_uri: Option<String>,
}

impl File {
    /// Tells whether it is to have this content.
    fn holds(&self, sha256: &str) -> bool {
        self.sha256.as_deref() == Some(sha256)
    }

    /// Tells whether a piece may have come, and not all of them.
    fn is_begun(&self) -> bool {
        !self.complete && self.progress != Some(0.0)
    }
}

/// An image, as the server describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Its number.
    pub id: u64,
    /// The files of each version, newest first.
    pub versions: Vec<Vec<File>>,
    /// What else was said when it was announced, as far as it is shown.
    said: Vec<(&'static str, String)>,
}

impl Image {
    /// Reads a description; `None` where it is none.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let mut sets: Vec<(&String, &Value)> = value["sets"].as_object()?.iter().collect();
        sets.sort_by_key(|(version, _)| std::cmp::Reverse(order(version)));
        let files = |set: &Value| {
            let files = set["files"].as_object();
            files.into_iter().flatten().map(|(_, f)| file(f)).collect()
        };
        Some(Self {
            id: value["id"].as_u64()?,
            versions: sets.into_iter().map(|(_, set)| files(set)).collect(),
            said: ["title", "base_image"]
                .into_iter()
                .filter_map(|name| Some((name, value.get(name)?)))
                .map(|(name, said)| (name, said.as_str().unwrap_or_default().to_owned()))
                .collect(),
        })
    }

    /// The file of the newest version that has this content.
    #[must_use]
    pub fn newest(&self, sha256: &str, size: u64) -> Option<&File> {
        let mut files = self.versions.first()?.iter();
        files.find(|f| f.holds(sha256) && f.size == Some(size))
    }

    /// The file of the newest version that was announced with this content. The only file of a
    /// version is the one, also where the server does not tell of what content it is.
    #[must_use]
    pub fn announced(&self, sha256: &str, size: u64) -> Option<File> {
        if let Some(file) = self.newest(sha256, size) {
            return Some(file.clone());
        }
        let [only] = self.versions.first()?.as_slice() else {
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

    /// The parameter in which a file and its image differ from an announcement, where one does.
    #[must_use]
    pub fn differs(&self, file: &File, announced: &[(String, String)]) -> Option<&'static str> {
        let value = |name: &str| {
            let mut found = announced.iter().filter(|(n, _)| n == name);
            found.next().map(|(_, value)| value.as_str())
        };
        let filetype = value("filetype").unwrap_or(FILETYPES[0].0);
        let stored = FILETYPES.iter().find(|(name, _)| *name == filetype);
        let is_known = FILETYPES.iter().any(|(_, name)| *name == file.filetype);
        if is_known && stored.is_some_and(|(_, name)| *name != file.filetype) {
            return Some("filetype");
        }
        let mut said = self.said.iter();
        said.find(|(name, said)| value(name).is_some_and(|value| value != said))
            .map(|(name, _)| *name)
    }

    /// Tells whether all of this content has come.
    #[must_use]
    pub fn has_all_of(&self, sha256: &str) -> bool {
        let mut files = self.versions.iter().flatten();
        files.any(|f| f.holds(sha256) && f.complete)
    }

    /// Tells whether some of this content has come, and not all.
    #[must_use]
    pub fn has_part_of(&self, sha256: &str) -> bool {
        let mut files = self.versions.iter().flatten();
        files.any(|f| f.holds(sha256) && f.is_begun())
    }

    /// Tells whether some of a content has come that the server does not tell.
    #[must_use]
    pub fn has_part_of_something(&self) -> bool {
        let mut files = self.versions.iter().flatten();
        files.any(|f| f.sha256.is_none() && f.is_begun())
    }

    /// What an earlier upload of this content has left.
    #[must_use]
    pub fn leftover(&self, sha256: &str, size: u64) -> Leftover {
        let all = self.versions.iter().flatten();
        let partial: Vec<&File> = all.filter(|f| f.holds(sha256) && !f.complete).collect();
        let touched = || partial.iter().filter(|f| f.is_begun());
        match self.newest(sha256, size) {
            _ if self.has_all_of(sha256) || partial.is_empty() => Leftover::Nothing,
            // Versions that were only announced have nothing on the disk.
            Some(newest) if touched().all(|f| std::ptr::eq(*f, newest)) => {
                Leftover::Newest(newest.clone())
            }
            _ if touched().next().is_none() => Leftover::Nothing,
            _ => Leftover::Older,
        }
    }
}

/// What an earlier upload has left.
#[derive(Clone, Debug, PartialEq)]
pub enum Leftover {
    /// Nothing that is in the way: no piece of this content, or all of it.
    Nothing,
    /// The newest version is incomplete; no older one has a piece.
    Newest(File),
    /// An older version, or several: new pieces would be appended to what they have.
    Older,
}

/// `20261122.10` lies behind `20261122.9`.
fn order(version: &str) -> Vec<u64> {
    version.split('.').map(|n| n.parse().unwrap_or(0)).collect()
}

fn file(value: &Value) -> File {
    let uri = value["upload_uri"].as_str();
    File {
        filetype: value["filetype"].as_str().unwrap_or_default().to_owned(),
        sha256: value["sha256"].as_str().map(str::to_ascii_lowercase),
        size: value["size"].as_u64(),
        complete: value["complete"].as_bool().unwrap_or_default(),
        progress: value["progress"].as_f64(),
        upload_uri: uri.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn partial(size: u64, progress: f64) -> File {
        File {
            filetype: "root-tgz".into(),
            sha256: Some("a".repeat(64)),
            size: Some(size),
            complete: false,
            progress: Some(progress),
            upload_uri: Some("/MAAS/api/2.0/boot-resources/3/upload/4/".into()),
        }
    }

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
        assert!(matches!(both.leftover(&ours, 9), Leftover::Newest(_)));
        assert_eq!(both.leftover(&theirs, 9), Leftover::Nothing);
        for (old, new, newer_is_ours, want) in [
            (50.0, 100.0, false, Leftover::Older),
            (50.0, 0.0, true, Leftover::Older),
            (50.0, 50.0, true, Leftover::Older),
            (0.0, 100.0, false, Leftover::Nothing),
            (50.0, 100.0, true, Leftover::Nothing),
        ] {
            let newer = file(if newer_is_ours { "a" } else { "b" }, new);
            let sets = json!({"1": {"files": file("a", old)}, "2": {"files": newer}});
            assert_eq!(image(sets).leftover(&ours, 9), want, "{old} {new}");
        }
        for new in [0.0, 50.0] {
            let sets = json!({"1": {"files": file("a", 0.0)}, "2": {"files": file("a", new)}});
            assert_eq!(image(sets.clone()).has_part_of(&ours), new > 0.0);
            let leftover = image(sets).leftover(&ours, 9);
            assert!(matches!(leftover, Leftover::Newest(f) if f.progress == Some(new)));
        }
        for none in [json!([]), json!({"id": 3}), json!({"sets": {}})] {
            assert_eq!(Image::read(&none), None);
        }
    }

    #[test]
    fn files_that_do_not_tell_their_content() {
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
            let is_told = file.get("sha256").is_some();
            assert_eq!(image.has_part_of_something(), !is_told, "{file}");
        }
        let two = image(json!({"x": uri, "y": uri}));
        assert_eq!(two.announced(&ours, 9), None, "which of them?");
    }

    #[test]
    fn other_parameters() {
        let image =
            |title: Value| Image::read(&json!({"id": 3, "title": title, "sets": {}})).unwrap();
        let announced = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(own).collect()
        };
        let tgz = partial(9, 0.0);
        let mut new = tgz.clone();
        new.filetype = "root-zst".into();
        for (file, title, pairs, want) in [
            (&tgz, json!("A"), &[][..], None),
            (
                &tgz,
                json!("A"),
                &[("title", "A"), ("filetype", "tgz")],
                None,
            ),
            (&tgz, json!("A"), &[("title", "B")], Some("title")),
            (&tgz, Value::Null, &[("title", "B")], Some("title")),
            // What is not shown can not be compared.
            (&tgz, json!("A"), &[("base_image", "x")], None),
            (&tgz, json!("A"), &[("filetype", "ddgz")], Some("filetype")),
            // Types that came later are the server's business.
            (&tgz, json!("A"), &[("filetype", "zst")], None),
            (&new, json!("A"), &[], None),
        ] {
            let found = image(title).differs(file, &announced(pairs));
            assert_eq!(found, want, "{pairs:?}");
        }
    }

    #[test]
    fn names() {
        let image = json!({"name": "a", "architecture": "amd64/generic"});
        assert!(is_named(&image, "custom/a", "amd64/generic"));
        assert!(is_named(&image, "a", "amd64/generic"));
        assert!(!is_named(&image, "b", "amd64/generic"));
        assert!(!is_named(&image, "a", "arm64/generic"));
        assert!(!is_named(&json!({}), "a", "amd64/generic"));
    }
}
