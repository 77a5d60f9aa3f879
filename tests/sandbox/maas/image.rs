//! Images as MAAS keeps them: sets of files, how far each is, and how that is shown.
//!
//! `progress` is a percentage of all regions, as MAAS counts it: with two regions a file that one of them has is half done, and it
//! is complete when the other one has fetched it, which here takes one reading.

use serde_json::{Map, Value, json};

use super::image_store::ImageStore;

/// A file of a set.
pub struct File {
    /// Its number.
    pub id: u64,
    /// What kind of file it is.
    pub filetype: &'static str,
    /// Its name.
    pub filename: &'static str,
    /// What its content is to hash to.
    pub sha256: String,
    /// How long it is to be.
    pub size: u64,
    /// What the region that took the pieces counts.
    pub received: u64,
    /// How many other regions have fetched it.
    pub fetched: u64,
}

/// One version of an image.
pub struct Set {
    /// The day, and a number where there are several.
    pub version: String,
    /// `stable` or `uploaded`.
    pub label: &'static str,
    /// Its only file.
    pub file: File,
}

/// An image.
pub struct Image {
    /// Its number.
    pub id: u64,
    /// Whether a user uploaded it.
    pub uploaded: bool,
    /// Its name.
    pub name: String,
    /// What it runs on.
    pub architecture: String,
    /// What else was said of it.
    pub extra: Map<String, Value>,
    /// Oldest first.
    pub sets: Vec<Set>,
}

/// All images of one MAAS.
pub struct Images {
    /// In the order of their creation.
    pub list: Vec<Image>,
    /// What the region that takes the pieces has.
    pub store: ImageStore,
    /// How many regions there are.
    pub regions: u64,
    /// The next free number.
    pub next: u64,
    /// Members that files do not have.
    without: &'static [&'static str],
}

impl Images {
    /// Two that were fetched from elsewhere.
    pub fn fixture() -> Self {
        let synced = |id: u64, name: &str, sha256: &str| Image {
            id,
            uploaded: false,
            name: name.to_owned(),
            architecture: "amd64/generic".to_owned(),
            extra: Map::from_iter([("subarches".to_owned(), json!("generic,hwe-p,hwe-q"))]),
            sets: vec![Set {
                version: "20260801".to_owned(),
                label: "stable",
                file: File {
                    id,
                    filetype: "squashfs",
                    filename: "squashfs",
                    sha256: sha256.repeat(64),
                    size: 268_435_456,
                    received: 268_435_456,
                    fetched: u64::MAX,
                },
            }],
        };
        Self {
            list: vec![
                synced(1, "ubuntu/jammy", "1"),
                synced(2, "ubuntu/noble", "2"),
            ],
            store: ImageStore::default(),
            regions: 1,
            next: 3,
            without: &[],
        }
    }

    /// How many regions there are to have each file.
    pub fn set_regions(&mut self, regions: u64) {
        self.regions = regions.max(1);
    }

    /// Lets files be described without some members.
    pub fn leave_out(&mut self, members: &'static [&'static str]) {
        self.without = members;
    }

    /// The image of this id as it is answered, with its sets; nothing is fetched by looking.
    pub fn shown(&self, id: u64) -> Option<Value> {
        let image = self.list.iter().find(|image| image.id == id)?;
        Some(self.image_json(image, true))
    }

    /// How many bytes of a file the region has on its disk, whatever it counts.
    pub fn on_disk(&self, sha256: &str) -> u64 {
        self.store.length(sha256)
    }

    /// Takes a content from all files that had the whole of it.
    pub fn lose(&mut self, sha256: &str) {
        let sets = self.list.iter_mut().flat_map(|image| &mut image.sets);
        for file in sets.map(|set| &mut set.file) {
            if file.sha256 == sha256 && file.received == file.size {
                (file.received, file.fetched) = (0, 0);
            }
        }
    }

    fn progress(&self, file: &File) -> f64 {
        let others = file.fetched.min(self.regions - 1) * file.size;
        let total = file.size * self.regions;
        // Sizes stay far below 2^53, where the conversion would begin to round.
        #[expect(clippy::cast_precision_loss)]
        if total == 0 {
            0.0
        } else {
            100.0 * (file.received + others) as f64 / total as f64
        }
    }

    fn is_complete(&self, file: &File) -> bool {
        file.size > 0 && file.received == file.size && file.fetched >= self.regions - 1
    }

    /// An image as it is answered.
    pub fn image_json(&self, image: &Image, with_sets: bool) -> Value {
        let mut shown = Map::from_iter(
            [
                ("id", json!(image.id)),
                (
                    "type",
                    json!(if image.uploaded { "Uploaded" } else { "Synced" }),
                ),
                ("name", json!(image.name)),
                ("architecture", json!(image.architecture)),
                (
                    "resource_uri",
                    json!(format!("/MAAS/api/2.0/boot-resources/{}/", image.id)),
                ),
                ("last_deployed", Value::Null),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        shown.extend(image.extra.clone());
        if with_sets {
            let newest_first = image.sets.iter().rev();
            let sets = newest_first.map(|set| (set.version.clone(), self.set_json(image, set)));
            shown.insert("sets".to_owned(), Value::Object(sets.collect()));
        }
        Value::Object(shown)
    }

    fn set_json(&self, image: &Image, set: &Set) -> Value {
        let file = &set.file;
        let complete = self.is_complete(file);
        let mut entry = json!({
            "filename": file.filename,
            "filetype": file.filetype,
            "sha256": file.sha256,
            "filename_on_disk": file.sha256.get(..12).unwrap_or(&file.sha256),
            "size": file.size,
            "complete": complete,
        });
        let mut shown = json!({
            "version": set.version,
            "label": set.label,
            "size": file.size,
            "complete": complete,
        });
        if !complete {
            entry["progress"] = json!(self.progress(file));
            shown["progress"] = entry["progress"].clone();
            if image.uploaded {
                let uri = format!(
                    "/MAAS/api/2.0/boot-resources/{}/upload/{}/",
                    image.id, file.id
                );
                entry["upload_uri"] = json!(uri);
            }
        }
        if let Some(entry) = entry.as_object_mut() {
            entry.retain(|name, _| !self.without.contains(&name.as_str()));
        }
        shown["files"] = json!({ file.filename: entry });
        shown
    }
}
