use std::io::Write as _;

use super::*;
use crate::client::{FailureKind, Sent};
use crate::service::Service;
use crate::service::maas::image::CHUNK;
use crate::session::script::{Reply, Script};
use serde_json::{Value, json};

const LIST: &str = "GET /MAAS/api/2.0/boot-resources/";
const ANNOUNCE: &str = "POST /MAAS/api/2.0/boot-resources/";
const IMAGE: &str = "GET /MAAS/api/2.0/boot-resources/7/";
const REGIONS: &str = "GET /MAAS/api/2.0/regioncontrollers/";
const SENT: &str = "PUT /MAAS/api/2.0/boot-resources/7/upload/3/ image-abc";

/// The hint of every 403.
const FORBIDDEN: &str = "the key is known, but its user may not do this";

/// A file that is uploaded as `noble`.
struct Local {
    _file: tempfile::NamedTempFile,
    source: Source,
}

impl Local {
    #[expect(clippy::disallowed_methods, reason = "a file of the tests")]
    fn of(content: &[u8]) -> Self {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        let source = Source::measure(file.path(), &mut |_| {}).unwrap();
        Self {
            _file: file,
            source,
        }
    }

    /// An image of that name whose one version has so much of the file, in percent.
    fn image(&self, name: &str, progress: f64) -> Value {
        json!({
            "id": 7, "type": "Uploaded", "name": name, "architecture": "amd64/generic",
            "sets": {"20260101": {"files": {"root.tgz": {
                "filetype": "root-tgz", "sha256": self.source.sha256, "size": self.source.len,
                "complete": progress >= 100.0, "progress": progress,
                "upload_uri": "/MAAS/api/2.0/boot-resources/7/upload/3/",
            }}}},
        })
    }

    /// Uploads over these calls; gives what happened, in words.
    fn run(&self, calls: Vec<(&str, Reply)>) -> Vec<String> {
        let (session, script) = Script::session(Service::Maas, calls);
        let mut announcement = Plan::get("/boot-resources/", session.profile.place()).unwrap();
        "POST".clone_into(&mut announcement.method);
        let named = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let upload = Upload {
            session: &session,
            delete: "delete {id}".to_owned(),
            announcement,
            parameters: [("name", "noble"), ("architecture", "amd64/generic")]
                .map(named)
                .to_vec(),
            source: &self.source,
        };
        let mut found = Vec::new();
        let result = upload.run(&mut |event| {
            found.push(match event {
                UploadEvent::Notice(notice) => format!("{notice:?}"),
                UploadEvent::AlreadyThere(differs) => format!("there {differs:?}"),
                UploadEvent::Broken(text) => text.to_owned(),
                UploadEvent::Starts(offset) => format!("starts at {offset}"),
                UploadEvent::Begins(offset) => format!("begins at {offset}"),
                UploadEvent::Arrived(bytes) => format!("{bytes} arrived"),
                UploadEvent::Settled { arrived, .. } => format!("settled {arrived}"),
            });
        });
        found.push(match result {
            Ok(uploaded) => format!("image {} current {}", uploaded.id, uploaded.is_current),
            Err(failure) => {
                let hint = failure.hint.clone().unwrap_or_default();
                format!("{failure} [{hint}]")
            }
        });
        script.check();
        found
    }
}

fn list(images: &[&Value]) -> (&'static str, Reply) {
    (LIST, Reply::ok(json!(images).to_string()))
}

fn image(value: &Value) -> (&'static str, Reply) {
    (IMAGE, Reply::ok(value.to_string()))
}

fn announced(value: &Value) -> (&'static str, Reply) {
    (ANNOUNCE, Reply::ok(value.to_string()))
}

fn regions(count: usize) -> (&'static str, Reply) {
    (
        REGIONS,
        Reply::ok(Value::from(vec![json!({}); count]).to_string()),
    )
}

#[test]
fn content_goes_up_unless_the_server_has_it() {
    let local = Local::of(b"image-abc");
    let none = local.image("noble", 0.0);
    let full = local.image("noble", 100.0);
    let mut unknown = full.clone();
    unknown["sets"]["20260101"]["files"]["root.tgz"]["sha256"] = Value::Null;
    let sent = (SENT, Reply::ok(""));
    let unread = "nothing was sent, as it is not known whether MAAS has this content";
    for (what, calls, want) in [
        (
            "new",
            vec![list(&[]), announced(&none), sent.clone()],
            vec![
                "starts at 0".to_owned(),
                "begins at 0".into(),
                "9 arrived".into(),
                "image 7 current false".into(),
            ],
        ),
        (
            "begun",
            vec![list(&[&none]), sent],
            vec![
                "starts at 0".into(),
                "begins at 0".into(),
                "9 arrived".into(),
                "image 7 current false".into(),
            ],
        ),
        (
            "there",
            vec![list(&[&full])],
            vec!["there None".into(), "image 7 current true".into()],
        ),
        // The list leaves the versions out.
        (
            "there by its own page",
            vec![list(&[&json!({"id": 7})]), image(&full)],
            vec!["there None".into(), "image 7 current true".into()],
        ),
        (
            "there by the announcement",
            vec![list(&[]), announced(&full)],
            vec![
                "starts at 0".into(),
                "there None".into(),
                "image 7 current false".into(),
            ],
        ),
        (
            "there as another",
            vec![list(&[&local.image("jammy", 100.0)])],
            vec![
                "lab: MAAS has this content already, as version `20260101` of `jammy` \
             (amd64/generic, image 7); sent again, it would be deleted there [use that image, or: \
             `delete 7` deletes the image; then upload it again]"
                    .into(),
            ],
        ),
        (
            "there, perhaps",
            vec![list(&[&unknown])],
            vec![format!(
                "lab: the server does not report the SHA-256 of version `20260101` of `noble` \
             (amd64/generic, image 7); {unread} []",
            )],
        ),
        (
            "unread",
            vec![(LIST, Reply::status(403, "no"))],
            vec![format!(
                "lab: GET /MAAS/api/2.0/boot-resources/: 403 Forbidden: no; {unread} [{FORBIDDEN}]",
            )],
        ),
    ] {
        assert_eq!(local.run(calls), want, "{what}");
    }
}

#[test]
fn a_response_of_no_use_stops_the_upload() {
    let local = Local::of(b"image-abc");
    let unread = "nothing was sent, as it is not known whether MAAS has this content";
    let mut nowhere = local.image("noble", 0.0);
    nowhere["sets"]["20260101"]["files"]["root.tgz"]["upload_uri"] = Value::Null;
    for (what, calls, want) in [
        (
            "no list",
            vec![(LIST, Reply::ok("{}"))],
            vec![format!(
                "lab: the response is not a list of images; {unread} []",
            )],
        ),
        (
            "no place",
            vec![list(&[]), announced(&json!({"id": 7}))],
            vec![
            "starts at 0".into(),
            "lab: POST /MAAS/api/2.0/boot-resources/: the response has no place for this file []"
                .into(),
        ],
        ),
        (
            "no address",
            vec![list(&[]), announced(&nowhere)],
            vec![
                "starts at 0".into(),
                "lab: the server names no address for the chunks of the image []".into(),
            ],
        ),
    ] {
        assert_eq!(local.run(calls), want, "{what}");
    }
}

#[test]
fn an_upload_is_resumed_where_its_offset_is_certain() {
    let size = usize::try_from(CHUNK).unwrap() + 3;
    let mut content = vec![b'x'; size];
    content[size - 3..].copy_from_slice(b"end");
    let local = Local::of(&content);
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let chunk = 100.0 * CHUNK as f64 / size as f64;
    let rest = "PUT /MAAS/api/2.0/boot-resources/7/upload/3/ end";
    let doubt = "lab: an earlier upload of this content was interrupted, and it is not certain how \
                 much of it the server has; new chunks would be appended to that [`delete 7` deletes \
                 the image; then upload it again]";
    for (what, progress, count, want) in [
        ("a chunk", chunk, 1, None),
        ("two regions", chunk, 2, Some(doubt)),
        ("half a chunk", chunk / 2.0, 1, Some(doubt)),
        ("no number of bytes", chunk - 0.000_005, 1, Some(doubt)),
    ] {
        let mut calls = vec![list(&[&local.image("noble", progress)]), regions(count)];
        match want {
            Some(doubt) => assert_eq!(local.run(calls), [doubt], "{what}"),
            None => {
                calls.push((rest, Reply::ok("")));
                let want = [
                    "starts at 4194304",
                    "begins at 4194304",
                    "4194307 arrived",
                    "image 7 current false",
                ];
                assert_eq!(local.run(calls), want, "{what}");
            }
        }
    }
}

#[test]
fn a_chunk_is_never_sent_on_a_guess() {
    let local = Local::of(b"image-abc");
    let now = |progress| image(&local.image("noble", progress));
    let again = "the same command continues if it is certain what has arrived";
    let cure = "`delete 7` deletes the image; then upload it again";
    let call = "lab: PUT /MAAS/api/2.0/boot-resources/7/upload/3/";
    let refused = Reply::Failure(FailureKind::Refused, Sent::None);
    let arrived = ["settled true", "9 arrived", "image 7 current false"].map(str::to_owned);
    let sent_again = ["settled false", "9 arrived", "image 7 current false"].map(str::to_owned);
    let end = |text: String| vec![text];
    for (what, reply, then, want) in [
        (
            "arrived",
            Reply::reset(),
            vec![regions(1), now(100.0)],
            arrived.to_vec(),
        ),
        (
            "answered late",
            Reply::status(502, ""),
            vec![regions(1), now(100.0)],
            arrived.to_vec(),
        ),
        (
            "not arrived",
            refused,
            vec![
                regions(1),
                now(0.0),
                regions(1),
                now(0.0),
                (SENT, Reply::ok("")),
            ],
            sent_again.to_vec(),
        ),
        (
            "in part",
            Reply::reset(),
            vec![regions(1), now(50.0)],
            end(format!(
                "{call}: scripted failure; it is not certain whether the chunk arrived [{cure}]"
            )),
        ),
        (
            "unread",
            Reply::reset(),
            vec![(REGIONS, Reply::status(403, ""))],
            end(format!(
                "{call}: scripted failure; what the server has could not be read: lab: GET \
             /MAAS/api/2.0/regioncontrollers/: 403 Forbidden [{again}]"
            )),
        ),
        (
            "forbidden",
            Reply::status(403, "no"),
            vec![],
            end(format!("{call}: 403 Forbidden: no [{FORBIDDEN}]")),
        ),
        (
            "spoilt",
            Reply::status(400, "no"),
            vec![],
            end(format!("{call}: 400 Bad Request: no [{cure}]")),
        ),
        (
            "broken",
            Reply::status(500, "no"),
            vec![],
            end(format!("{call}: 500 Internal Server Error: no [{cure}]")),
        ),
    ] {
        let none = local.image("noble", 0.0);
        let mut calls = vec![list(&[]), announced(&none), (SENT, reply)];
        calls.extend(then);
        let begun = ["starts at 0", "begins at 0"].map(str::to_owned);
        assert_eq!(local.run(calls), [&begun[..], &want].concat(), "{what}");
    }
}
