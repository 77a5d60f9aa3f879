//! `boot-resources/`: images, announced first and then uploaded in pieces without an offset.
//!
//! A piece that is refused leaves the count as it was, though the disk may have changed; only deleting the image mends that.
//! Content that is there already must not come again: its new version counts from nothing, the first piece is too much for the
//! file, and the file is deleted under every image that has it.

use serde_json::{Map, json};

use super::super::clock;
use super::super::record::Recorded;
use super::super::response::Response;
use super::call::{Call, forbidden, invalid, not_found};
use super::image::{File, Image, Images, Set};
use super::image_store::Appended;
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

/// Carries an operation out.
pub fn response(state: &mut State, call: &Call, kind: &Kind, request: &Recorded) -> Response {
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

fn many(images: &mut Images, call: &Call) -> Result<Response, Response> {
    match call.what() {
        ("GET", None) => {
            let kind = call.first("type").unwrap_or("all");
            if !matches!(kind, "all" | "synced" | "uploaded") {
                return Err(Response::text(
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
            Ok(Response::json_indented(200, &list.collect()))
        }
        ("GET", Some(_)) => Ok(Response::json_indented(200, &json!(false))),
        ("POST", None) => create(images, call),
        ("POST", Some("import")) => Ok(Response::text(200, "Import of boot resources started")),
        _ => Ok(Response::text(
            200,
            "Import of boot resources is being stopped",
        )),
    }
}

/// Announces an image, or a new version of one that has this name and architecture.
fn create(images: &mut Images, call: &Call) -> Result<Response, Response> {
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
    // Of every new version the region counts from nothing, also where it has the content.
    let file = File {
        id: images.next,
        filetype,
        filename,
        sha256,
        size,
        received: 0,
        fetched: 0,
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
    Ok(Response::json_indented(
        201,
        &images.image_json(&images.list[at], true),
    ))
}

fn one(images: &mut Images, call: &Call, id: &str) -> Result<Response, Response> {
    let at = position(images, id)?;
    if call.method == "GET" {
        let shown = images.image_json(&images.list[at], true);
        // The other regions fetch what the first one has, one of them between two readings.
        for set in &mut images.list[at].sets {
            if set.file.received == set.file.size {
                set.file.fetched = set.file.fetched.saturating_add(1);
            }
        }
        return Ok(Response::json_indented(200, &shown));
    }
    let image = images.list.remove(at);
    for set in &image.sets {
        let sha256 = &set.file.sha256;
        let mut others = images.list.iter().flat_map(|image| &image.sets);
        if !others.any(|set| set.file.sha256 == *sha256) {
            images.store.remove(sha256);
        }
    }
    Ok(Response::new(204))
}

/// Appends a piece.
fn upload(
    images: &mut Images,
    request: &Recorded,
    image: &str,
    id: &str,
) -> Result<Response, Response> {
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
    let bad = |text: &str| Err(Response::text(400, text));
    if length == 0 {
        return bad("Missing data.");
    }
    if !uploaded {
        return Err(Response::text(
            403,
            "Cannot upload to a resource of type: 0.",
        ));
    }
    if file.received == file.size {
        return bad("Cannot upload to a complete file.");
    }
    match store.append(&file.sha256, file.size, &request.body) {
        Appended::More | Appended::Complete => {
            file.received = (file.received + length).min(file.size);
            Ok(Response::with(200, "text/plain; charset=utf-8", "OK"))
        }
        Appended::WrongHash => bad("Saved content does not match given SHA256 value."),
        Appended::TooMuch => {
            // The file is one for all images that have this content: they lost it, too.
            let sha256 = file.sha256.clone();
            images.lose(&sha256);
            bad("Too much data received.")
        }
    }
}

fn position(images: &Images, id: &str) -> Result<usize, Response> {
    images
        .list
        .iter()
        .position(|image| id.parse() == Ok(image.id))
        .ok_or_else(|| not_found("BootResource"))
}
