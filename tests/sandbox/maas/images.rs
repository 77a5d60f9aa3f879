//! `boot-resources/`: images, announced first and then uploaded in pieces without an offset.
//!
//! `progress` is a percentage of all regions, as MAAS counts it: with two regions a file that one of them has is half done, and it
//! is complete when the other one has fetched it, which here takes one reading. A piece that is refused leaves the count as it
//! was, though the disk may have changed; only deleting the image mends that.

use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::clock;
use super::super::record::Recorded;
use super::call::{Call, forbidden, invalid, not_found};
use super::image_store::{Appended, ImageStore};
use super::route::Kind;
use super::state::State;

/// File types that can be uploaded: what the call says, what the file then is, and its name.
const FILETYPES: [(&str, &str, &str); 11] = [
    ("tgz", "root-tgz", "root.tgz"),
    ("tbz", "root-tbz", "root.tbz"),
    ("txz", "root-txz", "root.txz"),
    ("ddtgz", "root-dd", "root-dd"),
    ("ddtbz", "root-dd.tar.bz2", "root-dd.tar.bz2"),
    ("ddtxz", "root-dd.tar.xz", "root-dd.tar.xz"),
    ("ddtar", "root-dd.tar", "root-dd.tar"),
    ("ddbz2", "root-dd.bz2", "root-dd.bz2"),
    ("ddgz", "root-dd.gz", "root-dd.gz"),
    ("ddxz", "root-dd.xz", "root-dd.xz"),
    ("ddraw", "root-dd.raw", "root-dd.raw"),
];
const ARCHITECTURES: [&str; 5] = [
    "amd64/generic",
    "arm64/generic",
    "armhf/generic",
    "ppc64el/generic",
    "s390x/generic",
];

/// A file of a set.
struct File {
    id: u64,
    filetype: &'static str,
    filename: &'static str,
    sha256: String,
    size: u64,
    /// What the region that took the pieces counts.
    received: u64,
    /// How many other regions have fetched it.
    fetched: u64,
}

/// One version of an image.
struct Set {
    version: String,
    label: &'static str,
    file: File,
}

/// An image.
struct Image {
    id: u64,
    uploaded: bool,
    name: String,
    architecture: String,
    extra: Map<String, Value>,
    /// Oldest first.
    sets: Vec<Set>,
}

/// All images of one MAAS.
pub struct Images {
    list: Vec<Image>,
    store: ImageStore,
    regions: u64,
    next: u64,
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
        }
    }

    /// How many regions there are to have each file.
    pub fn set_regions(&mut self, regions: u64) {
        self.regions = regions.max(1);
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

    fn image_json(&self, image: &Image, with_sets: bool) -> Value {
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
        shown["files"] = json!({ file.filename: entry });
        shown
    }
}

/// Carries an operation out.
pub fn answer(state: &mut State, call: &Call, kind: &Kind, request: &Recorded) -> Answer {
    if call.method != "GET" && !state.is_superuser(call.user()) {
        return forbidden();
    }
    let images = &mut state.images;
    let result = match kind {
        Kind::Image(id) => one(images, call, id),
        Kind::Upload(image, id) => upload(images, request, image, id),
        _ => many(images, call),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn many(images: &mut Images, call: &Call) -> Result<Answer, Answer> {
    match call.what() {
        ("GET", None) => {
            let kind = call.first("type").unwrap_or("all");
            if !matches!(kind, "all" | "synced" | "uploaded") {
                return Err(Answer::text(
                    400,
                    format!(
                        "'{kind}' is not a valid boot resource type. Available types: ['synced', 'uploaded']"
                    ),
                ));
            }
            let list = images
                .list
                .iter()
                .filter(|image| kind == "all" || image.uploaded == (kind == "uploaded"))
                .map(|image| images.image_json(image, false));
            Ok(Answer::json_indented(200, &list.collect()))
        }
        ("GET", Some(_)) => Ok(Answer::json_indented(200, &json!(false))),
        ("POST", None) => create(images, call),
        ("POST", Some("import")) => Ok(Answer::text(200, "Import of boot resources started")),
        _ => Ok(Answer::text(
            200,
            "Import of boot resources is being stopped",
        )),
    }
}

/// Announces an image, or a new version of one that has this name and architecture.
fn create(images: &mut Images, call: &Call) -> Result<Answer, Answer> {
    call.require(&["name", "architecture", "sha256", "size"])?;
    let text = |field: &str| call.first(field).unwrap_or_default().to_owned();
    let sha256 = text("sha256").to_ascii_lowercase();
    if sha256.len() != 64 {
        let bound = if sha256.len() < 64 { "least" } else { "most" };
        return Err(invalid(
            "sha256",
            format!(
                "Ensure this value has at {bound} 64 characters (it has {}).",
                sha256.len()
            ),
        ));
    }
    let Ok(size) = text("size").parse::<u64>() else {
        return Err(invalid("size", "Enter a whole number."));
    };
    let wanted = call.first("filetype").unwrap_or("tgz");
    let Some((_, filetype, filename)) = FILETYPES.iter().find(|(name, _, _)| *name == wanted)
    else {
        return Err(invalid(
            "filetype",
            format!("Select a valid choice. {wanted} is not one of the available choices."),
        ));
    };
    let (name, architecture) = (text("name"), text("architecture"));
    if !ARCHITECTURES.contains(&architecture.as_str()) {
        let known = ARCHITECTURES.map(|name| format!("'{name}'")).join(", ");
        return Err(invalid(
            "architecture",
            format!("'{architecture}' is not a valid architecture.  It should be one of: {known}."),
        ));
    }
    let mut extra = Map::new();
    for field in ["title", "base_image"] {
        if let Some(value) = call.first(field) {
            extra.insert(field.to_owned(), json!(value));
        }
    }
    let here = images.store.holds(&sha256, size);
    let file = File {
        id: images.next,
        filetype,
        filename,
        sha256,
        size,
        received: if here { size } else { 0 },
        fetched: if here { u64::MAX } else { 0 },
    };
    let at = images
        .list
        .iter()
        .position(|image| {
            image.uploaded && image.name == name && image.architecture == architecture
        })
        .unwrap_or_else(|| {
            images.list.push(Image {
                id: images.next,
                uploaded: true,
                name,
                architecture,
                extra: Map::new(),
                sets: Vec::new(),
            });
            images.list.len() - 1
        });
    images.next += 1;
    let image = &mut images.list[at];
    image.extra.extend(extra);
    let day = clock::compact_date(clock::unix_time(0));
    let version = match image
        .sets
        .iter()
        .filter(|set| set.version.starts_with(&day))
        .count()
    {
        0 => day,
        count => format!("{day}.{count}"),
    };
    image.sets.push(Set {
        version,
        label: "uploaded",
        file,
    });
    Ok(Answer::json_indented(
        201,
        &images.image_json(&images.list[at], true),
    ))
}

fn one(images: &mut Images, call: &Call, id: &str) -> Result<Answer, Answer> {
    let at = position(images, id)?;
    if call.method == "GET" {
        let shown = images.image_json(&images.list[at], true);
        // The other regions fetch what the first one has, one of them between two readings.
        for set in &mut images.list[at].sets {
            if set.file.received == set.file.size {
                set.file.fetched = set.file.fetched.saturating_add(1);
            }
        }
        return Ok(Answer::json_indented(200, &shown));
    }
    let image = images.list.remove(at);
    for set in &image.sets {
        let sha256 = &set.file.sha256;
        let mut others = images.list.iter().flat_map(|image| &image.sets);
        if !others.any(|set| set.file.sha256 == *sha256) {
            images.store.remove(sha256);
        }
    }
    Ok(Answer::new(204))
}

/// Appends a piece.
fn upload(
    images: &mut Images,
    request: &Recorded,
    image: &str,
    id: &str,
) -> Result<Answer, Answer> {
    let at = position(images, image)?;
    let Images { list, store, .. } = images;
    let image = &mut list[at];
    let uploaded = image.uploaded;
    let file = image
        .sets
        .iter_mut()
        .map(|set| &mut set.file)
        .find(|file| id.parse() == Ok(file.id))
        .ok_or_else(|| not_found("BootResourceFile"))?;
    // Without a length (in chunks) MAAS sees no data at all.
    let length: u64 = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or_default();
    let bad = |text: &str| Err(Answer::text(400, text));
    if length == 0 {
        return bad("Missing data.");
    }
    if !uploaded {
        return Err(Answer::text(403, "Cannot upload to a resource of type: 0."));
    }
    if file.received == file.size {
        return bad("Cannot upload to a complete file.");
    }
    match store.append(&file.sha256, file.size, &request.body) {
        Appended::More | Appended::Complete => {
            file.received = (file.received + length).min(file.size);
            Ok(Answer::with(200, "text/plain; charset=utf-8", "OK"))
        }
        Appended::WrongHash => bad("Saved content does not match given SHA256 value."),
        Appended::TooMuch => bad("Too much data received."),
    }
}

fn position(images: &Images, id: &str) -> Result<usize, Answer> {
    images
        .list
        .iter()
        .position(|image| id.parse() == Ok(image.id))
        .ok_or_else(|| not_found("BootResource"))
}
