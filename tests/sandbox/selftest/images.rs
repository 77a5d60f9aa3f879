//! Images: announced, uploaded in pieces, cut, deleted.

use std::fmt::Write;

use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::{FORM, oauth, request};
use crate::sandbox::{Effect, Fault, Options, Sandbox};

const UPLOADS: &str = "/MAAS/api/2.0/boot-resources/";

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in digest(&SHA256, bytes).as_ref() {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

fn create(sandbox: &Sandbox, hash: &str, size: usize, more: &str) -> (u16, Value) {
    let form = format!("name=custom/a&architecture=amd64/generic&sha256={hash}&size={size}{more}");
    let (status, body) = request(
        sandbox,
        &format!("POST {UPLOADS}"),
        &format!("{}{FORM}", oauth(sandbox.maas_key())),
        &form,
    );
    (status, serde_json::from_str(&body).unwrap())
}

/// The only file of the newest set.
fn file(image: &Value) -> Value {
    let (_, set) = image["sets"].as_object().unwrap().iter().next().unwrap();
    set["files"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap()
        .clone()
}

fn read(sandbox: &Sandbox, image: &Value) -> Value {
    let line = format!("GET {}", image["resource_uri"].as_str().unwrap());
    let (_, body) = request(sandbox, &line, &oauth(sandbox.maas_key()), "");
    file(&serde_json::from_str(&body).unwrap())
}

fn put(sandbox: &Sandbox, uri: &Value, piece: &str) -> (u16, String) {
    let line = format!("PUT {}", uri.as_str().unwrap());
    request(sandbox, &line, &oauth(sandbox.maas_key()), piece)
}

#[test]
fn pieces_make_an_image() {
    let sandbox = Sandbox::start();
    let text = "0123456789".repeat(1000);
    let hash = sha256(text.as_bytes());
    let (status, image) = create(&sandbox, &hash, text.len(), "&title=A&filetype=ddgz");
    let made = file(&image);
    assert_eq!(
        (status, &image["type"], &image["title"]),
        (201, &"Uploaded".into(), &"A".into())
    );
    assert_eq!(
        (&made["filename"], &made["progress"]),
        (&"root-dd.gz".into(), &0.0.into())
    );
    let uri = &made["upload_uri"];
    assert_eq!(uri, "/MAAS/api/2.0/boot-resources/3/upload/3/");
    assert_eq!(put(&sandbox, uri, &text[..7500]), (200, "OK".to_owned()));
    assert_eq!(sandbox.last().body.len(), 4096);
    assert_eq!(sandbox.last().body_length, 7500);
    assert_eq!(read(&sandbox, &image)["progress"], 75.0);
    assert_eq!(put(&sandbox, uri, &text[7500..]).0, 200);
    let done = read(&sandbox, &image);
    assert_eq!(
        (&done["complete"], &done["upload_uri"], &done["progress"]),
        (&true.into(), &Value::Null, &Value::Null)
    );
    assert_eq!(
        put(&sandbox, uri, "x"),
        (400, "Cannot upload to a complete file.".to_owned())
    );
    // The same content again: a second version that knows of nothing.
    let (_, again) = create(&sandbox, &hash, text.len(), "");
    assert_eq!(
        (&again["id"], again["sets"].as_object().unwrap().len()),
        (&image["id"], 2)
    );
    assert_eq!(
        (&file(&again)["complete"], &file(&again)["progress"]),
        (&false.into(), &0.0.into())
    );
    let list = |kind: &str| {
        let line = format!("GET {UPLOADS}{kind}");
        request(&sandbox, &line, &oauth(sandbox.maas_key()), "")
    };
    assert_eq!(list("").1.matches("resource_uri").count(), 3);
    assert_eq!(list("?type=uploaded").1.matches("resource_uri").count(), 1);
    assert_eq!(list("?type=x").0, 400);
    assert_eq!(list("?op=is_importing").1, "false");
}

#[test]
fn what_is_cut_may_count_or_not() {
    let sandbox = Sandbox::start();
    let hash = sha256(b"aabbcc");
    let (_, image) = create(&sandbox, &hash, 6, "");
    let uri = &file(&image)["upload_uri"];
    let cases: [(Fault, u64); 5] = [
        (Effect::ResetInBody(1).into(), 0),
        (Fault::status(503), 0),
        (Effect::ResetBeforeAnswer.into(), 2),
        (Fault::lost(504), 4),
        (Effect::CutInHead.into(), 6),
    ];
    for (fault, bytes) in cases {
        let shown = format!("{fault:?}");
        sandbox.fault(fault.method("PUT").path(UPLOADS));
        let piece = ["aa", "bb", "cc"][usize::try_from(sandbox.image_bytes(&hash) / 2).unwrap()];
        let (status, _) = put(&sandbox, uri, piece);
        assert!(matches!(status, 0 | 200 | 503 | 504), "{shown}: {status}");
        assert_eq!(sandbox.image_bytes(&hash), bytes, "{shown}");
    }
    assert_eq!(read(&sandbox, &image)["complete"], true);
}

#[test]
fn a_piece_too_many_breaks_the_file_until_it_is_deleted() {
    let sandbox = Sandbox::start();
    let hash = sha256(b"aabb");
    let (_, image) = create(&sandbox, &hash, 4, "");
    let uri = file(&image)["upload_uri"].clone();
    put(&sandbox, &uri, "aa");
    // Repeated by mistake: the server appends it, and the whole is something else.
    assert_eq!(
        put(&sandbox, &uri, "aa"),
        (
            400,
            "Saved content does not match given SHA256 value.".to_owned()
        )
    );
    assert_eq!(read(&sandbox, &image)["progress"], 50.0);
    assert_eq!(
        put(&sandbox, &uri, "bb"),
        (400, "Too much data received.".to_owned())
    );
    assert_eq!(sandbox.image_bytes(&hash), 0);
    let line = format!("DELETE {}", image["resource_uri"].as_str().unwrap());
    assert_eq!(
        request(&sandbox, &line, &oauth(sandbox.maas_user_key()), "").0,
        403
    );
    assert_eq!(
        request(&sandbox, &line, &oauth(sandbox.maas_key()), "").0,
        204
    );
    assert_eq!(put(&sandbox, &uri, "aa").0, 404);
    let (_, image) = create(&sandbox, &hash, 4, "");
    let uri = file(&image)["upload_uri"].clone();
    assert_eq!(
        [put(&sandbox, &uri, "aa").0, put(&sandbox, &uri, "bb").0],
        [200, 200]
    );
    assert_eq!(read(&sandbox, &image)["complete"], true);
    assert_eq!(
        sandbox.image(image["id"].as_u64().unwrap()).unwrap()["name"],
        "custom/a"
    );
}

/// The file is one for all images that have this content.
#[test]
fn content_that_comes_again_is_lost() {
    let sandbox = Sandbox::start();
    let hash = sha256(b"aabb");
    let (_, image) = create(&sandbox, &hash, 4, "");
    put(&sandbox, &file(&image)["upload_uri"], "aabb");
    assert_eq!(read(&sandbox, &image)["complete"], true);
    let (_, other) = create(&sandbox, &hash, 4, "&name=other");
    assert_ne!(other["id"], image["id"]);
    assert_eq!(
        put(&sandbox, &file(&other)["upload_uri"], "a"),
        (400, "Too much data received.".to_owned())
    );
    assert_eq!(read(&sandbox, &image)["complete"], false);
    assert_eq!(read(&sandbox, &other)["complete"], false);
    assert_eq!(sandbox.image_bytes(&hash), 0);
}

#[test]
fn refusals() {
    let sandbox = Sandbox::start();
    let hash = sha256(b"a");
    for (hash, more, field) in [
        ("abc", "", "sha256"),
        (hash.as_str(), "&filetype=zip", "filetype"),
        (hash.as_str(), "&size=x", "size"),
        (hash.as_str(), "&architecture=vax", "architecture"),
        (hash.as_str(), "&name=", "name"),
    ] {
        let (status, body) = create(&sandbox, hash, 1, more);
        assert!(status == 400 && body[field].is_array(), "{field}: {body}");
    }
    let (_, image) = create(&sandbox, &hash, 1, "");
    let uri = file(&image)["upload_uri"].clone();
    let line = format!("PUT {}", uri.as_str().unwrap());
    assert_eq!(request(&sandbox, &line, "", "a").0, 401);
    assert_eq!(put(&sandbox, &uri, ""), (400, "Missing data.".to_owned()));
    let chunked = format!(
        "{}Transfer-Encoding: chunked\r\n",
        oauth(sandbox.maas_key())
    );
    let text = format!(
        "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{chunked}\r\n1\r\na\r\n0\r\n\r\n"
    );
    assert!(
        super::talk(&sandbox, text.as_bytes())
            .0
            .ends_with("Missing data.")
    );
    assert_eq!(
        put(
            &sandbox,
            &"/MAAS/api/2.0/boot-resources/1/upload/1/".into(),
            "a"
        )
        .0,
        403
    );
}

#[test]
fn several_regions_share_the_progress() {
    let sandbox = Sandbox::with(Options {
        maas_regions: 2,
        ..Options::default()
    });
    let (_, image) = create(&sandbox, &sha256(b"ab"), 2, "");
    let uri = file(&image)["upload_uri"].clone();
    put(&sandbox, &uri, "a");
    assert_eq!(read(&sandbox, &image)["progress"], 25.0);
    put(&sandbox, &uri, "b");
    let first = read(&sandbox, &image);
    assert_eq!(
        (&first["progress"], &first["complete"]),
        (&50.0.into(), &false.into())
    );
    assert_eq!(read(&sandbox, &image)["complete"], true);
}
