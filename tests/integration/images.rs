//! `upload-image`: what is announced, which chunks go out, and what happens when one of them is
//! not answered.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::sandbox::{Effect, Fault, Options, Recorded, Sandbox};
use crate::support::{Ended, Home};

const IMAGES: &str = "/MAAS/api/2.0/boot-resources/";
const CHUNK: usize = 4 << 20;

/// Bytes of which no chunk is like another.
fn content(len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len + 8);
    for n in 0..len.div_ceil(8) as u64 {
        bytes.extend_from_slice(&n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in digest(&SHA256, bytes).as_ref() {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

/// A sandbox that keeps no bodies of chunks, and a home with the file `a.tgz` of two chunks and a
/// smaller third.
fn world() -> (Sandbox, Home, String) {
    world_with(Options::default())
}

fn world_with(options: Options) -> (Sandbox, Home, String) {
    let sandbox = Sandbox::with(Options {
        log_limit: 4096,
        ..options
    });
    let home = Home::with_profiles(&sandbox);
    let bytes = content(2 * CHUNK + 1000);
    home.file("a.tgz", &bytes);
    (sandbox, home, sha256(&bytes))
}

const UPLOAD: [&str; 4] = [
    "upload-image",
    "a.tgz",
    "name=a",
    "architecture=amd64/generic",
];

fn upload(home: &Home, more: &[&str]) -> Ended {
    home.run(&[&UPLOAD[..], more].concat())
}

/// What is reported before the first byte.
const STARTS: &str = "apicall: lab: uploading `a` (amd64/generic), 8.4 MB\n";

/// What was reported besides that.
#[track_caller]
fn besides(ended: &Ended) -> &str {
    ended.stderr.strip_prefix(STARTS).expect(STARTS)
}

/// An upload without an incident.
#[track_caller]
fn sent(ended: Ended) -> Ended {
    let ended = ended.code(0);
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    assert!(ended.stderr.starts_with("apicall: lab: uploading `"));
    ended
}

fn chunk(fault: impl Into<Fault>) -> Fault {
    fault.into().method("PUT").path(IMAGES)
}

fn chunks(sandbox: &Sandbox) -> Vec<Recorded> {
    let mut requests = sandbox.requests();
    requests.retain(|r| r.method == "PUT");
    requests
}

fn lengths(sandbox: &Sandbox) -> Vec<u64> {
    chunks(sandbox).iter().map(|r| r.body_length).collect()
}

/// The methods and paths below the API, in order.
fn calls(sandbox: &Sandbox) -> Vec<String> {
    let requests = sandbox.requests();
    let call = |r: &Recorded| format!("{} {}", r.method, r.target.replace("/MAAS/api/2.0", ""));
    requests.iter().map(call).collect()
}

/// The file of the newest version.
fn file(image: &Value) -> &Value {
    let set = image["sets"].as_object().unwrap().values().next().unwrap();
    set["files"].as_object().unwrap().values().next().unwrap()
}

#[track_caller]
fn is_complete(sandbox: &Sandbox, id: u64, sha256: &str) {
    let image = sandbox.image(id).expect("the image is there");
    let file = file(&image);
    assert_eq!(file["complete"], true, "{image:#}");
    assert_eq!(file["sha256"], sha256);
    assert_eq!(sandbox.image_bytes(sha256), file["size"].as_u64().unwrap());
}

#[test]
fn chunks_over_one_connection() {
    let (sandbox, home, sha256) = world();
    let parameters = ["filetype=ddgz", "title=A b", "base_image=ubuntu/noble"];
    let ended = upload(&home, &parameters).code(0);
    assert_eq!(ended.stderr, STARTS);
    assert_eq!(ended.json(), sandbox.image(3).unwrap());
    is_complete(&sandbox, 3, &sha256);
    assert_eq!(
        calls(&sandbox),
        [
            "GET /boot-resources/",
            "GET /boot-resources/1/",
            "GET /boot-resources/2/",
            "POST /boot-resources/",
            "PUT /boot-resources/3/upload/3/",
            "PUT /boot-resources/3/upload/3/",
            "PUT /boot-resources/3/upload/3/",
            "GET /boot-resources/3/",
        ]
    );
    let form = String::from_utf8(sandbox.requests()[3].body.clone()).unwrap();
    assert_eq!(
        form,
        format!(
            "name=a&architecture=amd64%2Fgeneric&filetype=ddgz&title=A%20b\
             &base_image=ubuntu%2Fnoble&size=8389608&sha256={sha256}"
        )
    );
    assert_eq!(lengths(&sandbox), [CHUNK as u64, CHUNK as u64, 1000]);
    let mut signatures = Vec::new();
    for chunk in chunks(&sandbox) {
        assert_eq!(
            chunk.header("content-type"),
            Some("application/octet-stream")
        );
        assert_eq!(
            chunk.header("content-length"),
            Some(chunk.body_length.to_string().as_str())
        );
        assert_eq!(chunk.header("transfer-encoding"), None);
        signatures.push(chunk.header("authorization").unwrap().to_owned());
    }
    signatures.dedup();
    assert_eq!(signatures.len(), 3, "each chunk is signed when it goes");
    assert_eq!(sandbox.connections(), 1);
}

#[test]
fn what_is_there_already() {
    let (sandbox, home, sha256) = world();
    sent(upload(&home, &["title=A"]));
    for (more, reported) in [
        (&["title=A"][..], ""),
        (
            &["title=B"],
            "apicall: warning: lab: its `title` is another one; it was not changed\n",
        ),
        (
            &["filetype=ddgz"],
            "apicall: warning: lab: its `filetype` is another one; it was not changed\n",
        ),
    ] {
        sandbox.forget_requests();
        let ended = upload(&home, &[more, &["-o", "compact"]].concat()).code(0);
        let there = "apicall: lab: MAAS has this image already\n";
        assert_eq!(ended.stderr, format!("{there}{reported}"));
        assert_eq!(ended.json(), sandbox.image(3).unwrap());
        assert_eq!(ended.stdout().lines().count(), 1);
        // The image of the same name is the first that is looked at.
        assert_eq!(
            calls(&sandbox),
            ["GET /boot-resources/", "GET /boot-resources/3/"]
        );
        is_complete(&sandbox, 3, &sha256);
    }
    let named = ["upload-image", "a.tgz", "name=custom/a"];
    home.run(&[&named[..], &["architecture=amd64/generic"]].concat())
        .code(0);
    is_complete(&sandbox, 3, &sha256);
}

/// Content comes to MAAS once: a second time it deletes the file under all images that have it.
#[test]
fn content_that_another_image_has_is_not_sent() {
    let (sandbox, home, sha256) = world();
    sent(upload(&home, &[]));
    for other in [
        [
            "upload-image",
            "a.tgz",
            "name=b",
            "architecture=amd64/generic",
        ],
        [
            "upload-image",
            "a.tgz",
            "name=a",
            "architecture=arm64/generic",
        ],
    ] {
        sandbox.forget_requests();
        let ended = home.run(&other).fails(1, "MAAS has this content already");
        let named = "of `a` (amd64/generic, image 3)";
        assert!(ended.stderr.contains(named), "{ended:?}");
        let hint = "hint: use that image, or: `apicall delete /boot-resources/3/ -p lab` deletes";
        assert!(ended.stderr.contains(hint), "{ended:?}");
        assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
        is_complete(&sandbox, 3, &sha256);
    }
    // A newer version has other content: the old one keeps its file.
    let next = content(CHUNK + 8);
    home.file("a.tgz", &next);
    upload(&home, &[]).code(0);
    home.file("a.tgz", content(2 * CHUNK + 1000));
    sandbox.forget_requests();
    let ended = upload(&home, &[]).fails(1, "MAAS has this content already, as version `");
    let hint =
        "`apicall delete /boot-resources/3/ -p lab` deletes the image with all its 2 versions;";
    assert!(ended.stderr.contains(hint), "{ended:?}");
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
    assert_eq!(sandbox.image_bytes(&sha256), (2 * CHUNK + 1000) as u64);
    assert_eq!(
        sandbox.image(3).unwrap()["sets"].as_object().unwrap().len(),
        2
    );
}

/// One that an image server brought is no reason to delete anything.
#[test]
fn content_that_was_synced_is_not_sent() {
    let (sandbox, home, sha256) = world();
    let image = format!(
        r#"{{"id":2,"type":"Synced","name":"ubuntu/noble","architecture":"amd64/generic","sets":
        {{"1":{{"files":{{"squashfs":{{"sha256":"{}","size":8389608,"complete":true}}}}}}}}}}"#,
        sha256.to_uppercase()
    );
    sandbox
        .fault(Fault::body(200, "application/json", image).path("/MAAS/api/2.0/boot-resources/2/"));
    let ended = upload(&home, &[]).fails(1, "of `ubuntu/noble` (amd64/generic, image 2)");
    assert!(ended.stderr.contains("hint: use that image as it is"));
    assert!(!ended.stderr.contains("delete "), "{ended:?}");
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
}

/// Whatever cannot be read may have this content.
#[test]
fn an_image_that_can_not_be_read_stops_the_upload() {
    let list = |body: &str| Fault::body(200, "application/json", body.to_owned()).path(IMAGES);
    let one = |body: &str| {
        let path = "/MAAS/api/2.0/boot-resources/2/";
        Fault::body(200, "application/json", body.to_owned()).path(path)
    };
    let at = |fault: Fault| fault.path("/MAAS/api/2.0/boot-resources/2/").method("GET");
    for (fault, code) in [
        (list("{}"), 1),
        (list("null"), 1),
        (list("[7]"), 1),
        (list(r#"[{"id":"2"}]"#), 1),
        (list("[{]"), 1),
        (list(""), 1),
        (one("{}"), 1),
        (one(r#"{"id":1,"sets":{}}"#), 1),
        (one(r#"{"id":2,"sets":null}"#), 1),
        (one(r#"{"id":2,"sets":[]}"#), 1),
        (one(r#"{"id":2,"sets":{"1":{"files":null}}}"#), 1),
        (one(r#"{"id":2,"sets":{"1":{"files":{"x":{}}}}}"#), 1),
        (
            one(r#"{"id":2,"sets":{"1":{"files":{"x":{"sha256":"abc"}}}}}"#),
            1,
        ),
        (at(Fault::status(404)), 4),
        (at(Fault::status(403)), 4),
        (at(Fault::status(500)), 5),
        (at(Effect::CutInBody(9).into()), 7),
        (at(Effect::CloseBeforeAnswer.into()).always(), 7),
        (
            at(Effect::Raw(b"garbage\r\n\r\n".to_vec()).into()).always(),
            7,
        ),
        (Fault::status(400).path(IMAGES), 4),
        (Fault::status(404).path(IMAGES), 4),
        (Fault::status(405).path(IMAGES), 4),
        (Fault::status(401).path(IMAGES), 4),
        (Fault::status(500).path(IMAGES), 5),
    ] {
        let (sandbox, home, _) = world();
        let shown = format!("{fault:?}");
        sandbox.fault(fault);
        let ended = upload(&home, &["--retries", "0"]);
        assert_eq!(ended.code, code, "{shown}: {ended:?}");
        assert!(
            ended.stderr.contains("; nothing was sent"),
            "{shown}: {ended:?}"
        );
        assert!(
            sandbox.requests().iter().all(|r| r.method == "GET"),
            "{shown}"
        );
    }
}

/// A list that names the versions needs no further calls.
#[test]
fn a_list_that_names_all_is_enough() {
    let (sandbox, home, sha256) = world();
    let list = format!(
        r#"[{{"id":7,"type":"Uploaded","name":"a","architecture":"amd64/generic","sets":
        {{"1":{{"files":{{"x":{{"sha256":"{sha256}","size":8389608,"complete":true}}}}}}}}}}]"#
    );
    sandbox.fault(Fault::body(200, "application/json", list).path(IMAGES));
    let ended = upload(&home, &["--jq", ".id"]).code(0);
    assert_eq!(ended.stdout(), "7\n");
    assert_eq!(calls(&sandbox), ["GET /boot-resources/"]);
}

/// What another upload left is named, with what deletes it.
#[test]
fn what_was_left_broken_is_named() {
    let (sandbox, home, _) = world();
    sandbox.fault(chunk(Fault::status(404)).after(1));
    upload(&home, &[]).fails(4, "404");
    let next = content(CHUNK + 8);
    home.file("a.tgz", &next);
    let ended = upload(&home, &[]).code(0);
    let only = "of `a` (amd64/generic, image 3) is incomplete, from an interrupted upload; \
                `apicall delete /boot-resources/3/ -p lab` deletes it and nothing else\n";
    assert!(ended.stderr.starts_with("apicall: warning: lab: version `"));
    assert!(ended.stderr.contains(only), "{ended:?}");
    is_complete(&sandbox, 3, &sha256(&next));
    home.file("a.tgz", content(9));
    let ended = upload(&home, &[]).code(0);
    let one_of = "MAAS deletes an image only with all its versions: \
                  `apicall delete /boot-resources/3/ -p lab`\n";
    assert!(ended.stderr.contains(one_of), "{ended:?}");
    is_complete(&sandbox, 3, &sha256(&content(9)));
}

#[test]
fn a_chunk_that_has_not_arrived_is_sent_again() {
    std::thread::scope(|scope| {
        for (fault, text) in [
            (Fault::from(Effect::ResetInBody(100_000)), "reset"),
            (Effect::ResetAfterHead.into(), "reset"),
            (Fault::status(502), "502 Bad Gateway"),
            (Fault::status(503), "503 Service Unavailable"),
        ] {
            for at in [0, 1, 2] {
                let fault = fault.clone();
                scope.spawn(move || {
                    let (sandbox, home, sha256) = world();
                    sandbox.fault(chunk(fault).after(at));
                    let ended = upload(&home, &[]).code(0);
                    is_complete(&sandbox, 3, &sha256);
                    let again = "the chunk had not arrived: sending it again";
                    assert!(ended.stderr.contains(text), "{ended:?}");
                    assert!(ended.stderr.contains(again), "{ended:?}");
                    assert_eq!(besides(&ended).lines().count(), 1, "{ended:?}");
                    assert_eq!(chunks(&sandbox).len(), 4);
                });
            }
        }
    });
}

#[test]
fn a_chunk_that_has_arrived_is_not_sent_again() {
    std::thread::scope(|scope| {
        for fault in [
            Fault::from(Effect::ResetBeforeAnswer),
            Effect::CloseBeforeAnswer.into(),
            Effect::CutInHead.into(),
            Fault::lost(502),
            Fault::lost(504),
        ] {
            for at in [0, 1, 2] {
                let fault = fault.clone();
                scope.spawn(move || {
                    let (sandbox, home, sha256) = world();
                    sandbox.fault(chunk(fault).after(at));
                    let ended = upload(&home, &[]).code(0);
                    is_complete(&sandbox, 3, &sha256);
                    let arrived = "the chunk had arrived: continuing after it";
                    assert!(ended.stderr.contains(arrived), "{ended:?}");
                    assert_eq!(chunks(&sandbox).len(), 3);
                });
            }
        }
    });
}

#[test]
fn a_time_out_is_looked_into() {
    let (sandbox, home, sha256) = world();
    // The chunk is carried out; its response is late.
    sandbox.fault(chunk(Effect::Delay(Duration::from_secs(4))).after(1));
    let ended = upload(&home, &["--timeout", "3s"]).code(0);
    assert!(ended.stderr.contains("timed out"), "{ended:?}");
    is_complete(&sandbox, 3, &sha256);
    assert_eq!(chunks(&sandbox).len(), 3);
}

#[test]
fn other_parameters_do_not_go_on() {
    for (now, differs) in [("filetype=ddgz", "filetype"), ("title=B", "title")] {
        for chunks_before in [0, 1] {
            let (sandbox, home, sha256) = world();
            sandbox.fault(chunk(Fault::status(404)).after(chunks_before));
            upload(&home, &["title=A"]).fails(4, "404");
            sandbox.forget_requests();
            let ended = upload(&home, &[now]).fails(1, "an earlier upload");
            let other = format!("another `{differs}`");
            assert!(ended.stderr.contains(&other), "{ended:?}");
            let cure = "`apicall delete /boot-resources/3/ -p lab`";
            assert!(ended.stderr.contains(cure), "{ended:?}");
            assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
            let bytes = chunks_before * CHUNK;
            assert_eq!(sandbox.image_bytes(&sha256), bytes as u64);
        }
    }
}

#[test]
fn another_image_of_the_same_content_is_in_the_way() {
    let (sandbox, home, sha256) = world();
    sandbox.fault(chunk(Fault::status(404)).after(1));
    upload(&home, &[]).fails(4, "404");
    sandbox.forget_requests();
    let other = [
        "upload-image",
        "a.tgz",
        "name=b",
        "architecture=amd64/generic",
    ];
    let ended = home
        .run(&other)
        .fails(1, "an upload of this content was interrupted");
    let cure = "`apicall delete /boot-resources/3/ -p lab` deletes the image; then upload";
    assert!(ended.stderr.contains(cure), "{ended:?}");
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
    home.run(&["delete", "/boot-resources/3/"]).ok();
    sent(home.run(&other));
    is_complete(&sandbox, 4, &sha256);
}

#[test]
fn in_doubt_it_stops() {
    // Of two regions half of the second chunk looks like the first one whole.
    for (fault, code, text) in [
        (Fault::lost(504), 5, "504 Gateway Timeout"),
        (Effect::ResetBeforeAnswer.into(), 7, "connection"),
        (Effect::ResetInBody(9).into(), 7, "connection"),
    ] {
        let (sandbox, home, sha256) = world_with(Options {
            maas_regions: 2,
            ..Options::default()
        });
        sandbox.fault(chunk(fault).after(1));
        let ended = upload(&home, &[]).fails(code, text);
        let reported = "it is not certain whether the chunk arrived\nhint: `apicall delete \
                    /boot-resources/3/ -p lab` deletes the image; then upload it again\n";
        assert!(ended.stderr.ends_with(reported), "{ended:?}");
        assert_eq!(chunks(&sandbox).len(), 2);
        // The same command does not make it worse.
        let ended = upload(&home, &[]).fails(1, "an earlier upload");
        assert!(
            ended
                .stderr
                .contains("`apicall delete /boot-resources/3/ -p lab`")
        );
        assert_eq!(chunks(&sandbox).len(), 2);
        // What the hint says helps.
        home.run(&["delete", "/boot-resources/3/", "-p", "lab"])
            .ok();
        sent(upload(&home, &[]));
        assert_eq!(sandbox.image_bytes(&sha256), (2 * CHUNK + 1000) as u64);
    }
}

#[test]
fn two_regions_without_a_fault() {
    let (sandbox, home, sha256) = world_with(Options {
        maas_regions: 2,
        ..Options::default()
    });
    let image = sent(upload(&home, &[])).json();
    assert_eq!(file(&image)["progress"], 50.0, "the other one fetches it");
    is_complete(&sandbox, 3, &sha256);
}

#[test]
fn a_server_that_is_gone_can_be_asked_later() {
    let (sandbox, home, sha256) = world();
    // The chunk, and what is asked about it.
    sandbox.fault(chunk(Effect::ResetBeforeAnswer).after(1));
    sandbox.fault(
        Fault::status(502)
            .path("/MAAS/api/2.0/regioncontrollers/")
            .times(4),
    );
    let ended = upload(&home, &[]).code(7);
    assert!(
        ended.stderr.contains("could not be read: lab: GET"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("hint: the same command continues"));
    assert_eq!(sandbox.image_bytes(&sha256), 2 * CHUNK as u64);
    sandbox.forget_requests();
    let ended = upload(&home, &[]).code(0);
    assert_eq!(
        ended.stderr,
        "apicall: lab: uploading `a` (amd64/generic), 8.4 MB; MAAS has 8.4 MB of it from an earlier upload: continuing from there\n"
    );
    assert_eq!(lengths(&sandbox), [1000]);
    is_complete(&sandbox, 3, &sha256);
}

#[test]
fn uncertain_chunks_are_counted() {
    let (sandbox, home, _) = world();
    sandbox.fault(chunk(Fault::status(503)).always());
    let ended = upload(&home, &["--retries", "1"]).code(5);
    assert!(
        ended.stderr.contains("503 Service Unavailable"),
        "{ended:?}"
    );
    assert!(
        ended.stderr.contains("hint: the same command continues"),
        "{ended:?}"
    );
    assert_eq!(chunks(&sandbox).len(), 2);
    sandbox.forget_requests();
    upload(&home, &["--retries", "0"]).fails(5, "503");
    assert_eq!(chunks(&sandbox).len(), 1);
    assert_eq!(
        calls(&sandbox).last().unwrap(),
        "PUT /boot-resources/3/upload/3/"
    );
}

#[test]
fn what_the_server_refuses() {
    for (fault, code, text, hint) in [
        (
            Fault::body(
                400,
                "text/plain",
                "Saved content does not match given SHA256 value.",
            ),
            4,
            "400 Bad Request: Saved content does not match given SHA256 value.",
            "`apicall delete /boot-resources/3/ -p lab` deletes the image",
        ),
        (
            Fault::status(500),
            5,
            "500",
            "`apicall delete /boot-resources/3/ -p lab`",
        ),
        (
            Fault::body(401, "text/plain", "Authorization Error: Invalid API key."),
            4,
            "401 Unauthorized",
            "hint: ",
        ),
        (Fault::status(404), 4, "404", "hint: "),
    ] {
        let (sandbox, home, _) = world();
        sandbox.fault(chunk(fault).after(2));
        let ended = upload(&home, &[]).fails(code, text);
        assert!(ended.stderr.contains(hint), "{ended:?}");
        assert_eq!(chunks(&sandbox).len(), 3);
    }
    let (sandbox, home, _) = world();
    let ended = upload(&home, &["filetype=iso"]).fails(4, "filetype: Select a valid choice.");
    assert!(!ended.stderr.contains("delete"));
    assert_eq!(chunks(&sandbox).len(), 0);
}

#[test]
fn versions_go_with_the_image() {
    let (sandbox, home, _) = world();
    sent(upload(&home, &[]));
    home.file("a.tgz", content(CHUNK + 8));
    sandbox.fault(chunk(Fault::status(500)).after(1));
    let ended = upload(&home, &[]).fails(5, "500");
    assert!(
        ended
            .stderr
            .contains("deletes the image with all its 2 versions;"),
        "{ended:?}"
    );
}

/// What the API's documentation does not promise is not needed, but the hashes of all files.
#[test]
fn a_server_that_says_little_is_enough() {
    let (sandbox, home, sha256) = world_with(Options {
        maas_image_files_without: &["progress", "filetype", "filename"],
        ..Options::default()
    });
    sent(upload(&home, &[]));
    assert_eq!(
        calls(&sandbox),
        [
            "GET /boot-resources/",
            "GET /boot-resources/1/",
            "GET /boot-resources/2/",
            "POST /boot-resources/",
            "PUT /boot-resources/3/upload/3/",
            "PUT /boot-resources/3/upload/3/",
            "PUT /boot-resources/3/upload/3/",
            "GET /boot-resources/3/",
        ]
    );
    assert_eq!(sandbox.image_bytes(&sha256), (2 * CHUNK + 1000) as u64);
    // A new version of the same name.
    let next = content(CHUNK + 8);
    home.file("a.tgz", &next);
    upload(&home, &[]).code(0);
    is_complete(&sandbox, 3, &self::sha256(&next));
    let (sandbox, home, _) = world_with(Options {
        maas_image_files_without: &["sha256"],
        ..Options::default()
    });
    upload(&home, &[]).fails(
        1,
        "the server does not report the SHA-256 of version `20260801`",
    );
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
}

/// Without `progress` nobody knows what has arrived, so that nothing is sent twice.
#[test]
fn without_progress_an_uncertain_chunk_is_the_end() {
    for without in [&["progress"][..], &["progress", "filetype"]] {
        let (sandbox, home, _) = world_with(Options {
            maas_image_files_without: without,
            ..Options::default()
        });
        sandbox.fault(chunk(Effect::ResetBeforeAnswer).after(1));
        let ended = upload(&home, &[]).fails(7, "it is not certain whether the chunk arrived");
        assert!(ended.stderr.contains("`apicall delete /boot-resources/3/"));
        sandbox.forget_requests();
        upload(&home, &[]).fails(1, "an earlier upload");
        assert_eq!(chunks(&sandbox).len(), 0, "{without:?}");
    }
}

/// MAAS's database says so of a conflict; how far the file is says the image itself.
#[test]
fn a_conflict_is_looked_into() {
    for status in [409, 503] {
        for at in [0, 2] {
            let (sandbox, home, sha256) = world();
            sandbox.fault(chunk(Fault::status(status).retry_after("1")).after(at));
            let ended = upload(&home, &[]).code(0);
            let again = "the chunk had not arrived: sending it again\n";
            assert!(ended.stderr.ends_with(again), "{ended:?}");
            assert_eq!(besides(&ended).lines().count(), 1, "{ended:?}");
            assert_eq!(chunks(&sandbox).len(), 4);
            is_complete(&sandbox, 3, &sha256);
        }
    }
    let (sandbox, home, _) = world();
    sandbox.fault(chunk(Fault::status(409)).after(1));
    upload(&home, &[]).fails(4, "409 Conflict");
    assert_eq!(chunks(&sandbox).len(), 2);
}

#[test]
fn a_last_look_that_fails_is_no_failure() {
    for fault in [
        Fault::status(500),
        Fault::status(403),
        Fault::from(Effect::CutInBody(40)),
        Effect::CloseBeforeAnswer.into(),
    ] {
        let (sandbox, home, sha256) = world();
        sandbox.fault(
            fault
                .path("/MAAS/api/2.0/boot-resources/3/")
                .method("GET")
                .always(),
        );
        let ended = upload(&home, &["--retries", "0"]).code(0);
        assert_eq!(file(&ended.json())["sha256"], sha256);
        assert_eq!(ended.json()["name"], "a");
        let warning = "apicall: warning: lab: GET /MAAS/api/2.0/boot-resources/3/: ";
        assert!(besides(&ended).starts_with(warning), "{ended:?}");
        assert!(ended.stderr.contains("the upload is complete"), "{ended:?}");
        assert_eq!(besides(&ended).lines().count(), 1, "{ended:?}");
        is_complete(&sandbox, 3, &sha256);
    }
    // Of one that went on from an earlier run there is no announcement.
    let (sandbox, home, sha256) = world();
    sandbox.fault(chunk(Fault::status(404)).after(1));
    upload(&home, &[]).fails(4, "404");
    let last = Fault::status(500).path("/MAAS/api/2.0/boot-resources/3/");
    sandbox.fault(last.method("GET").after(1).always());
    let ended = upload(&home, &["-o", "compact"]).code(0);
    assert_eq!(
        file(&ended.json())["complete"],
        false,
        "as it was seen last"
    );
    is_complete(&sandbox, 3, &sha256);
}

#[test]
fn another_origin_gets_nothing() {
    let (sandbox, home, sha256) = world();
    let body = format!(
        r#"{{"id":9,"sets":{{"1":{{"files":{{"x":{{"sha256":"{sha256}","size":8389608,
        "complete":false,"progress":0.0,"upload_uri":"http://192.0.2.1/boot-resources/upload/"}}}}}}}}}}"#
    );
    sandbox.fault(Fault::body(201, "application/json", body).method("POST"));
    upload(&home, &[]).fails(1, "a key never leaves its origin");
    assert_eq!(chunks(&sandbox).len(), 0);
}

#[test]
fn a_file_that_changes_is_not_finished() {
    let (sandbox, home, sha256) = world();
    sandbox.fault(chunk(Effect::Delay(Duration::from_millis(1500))).after(1));
    let child = home.spawn(&UPLOAD);
    while chunks(&sandbox).len() < 2 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let path = home.path().join("a.tgz");
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(b"more").unwrap();
    drop(file);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("`a.tgz`: changed while it was read"),
        "{stderr}"
    );
    assert_eq!(sandbox.image_bytes(&sha256), 2 * CHUNK as u64);
}

#[test]
fn what_is_no_image() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    home.file("empty", "");
    home.file("a.tgz", "x");
    let image = ["name=a", "architecture=amd64/generic"];
    for (file, more, code, text) in [
        (
            "a.tgz",
            &["size=1"][..],
            2,
            "`size` comes from the file itself",
        ),
        ("a.tgz", &["sha256=x"], 2, "`sha256` comes"),
        ("a.tgz", &["content@a.tgz"], 2, "parameters only"),
        ("a.tgz", &["Accept:x"], 2, "parameters only"),
        ("a.tgz", &["a==b"], 2, "parameters only"),
        ("a.tgz", &["name=b"], 2, "`name` is given twice"),
        ("a.tgz", &["-p", "play"], 2, "images are MAAS's"),
        (
            "a.tgz",
            &["--fabric", "x"],
            2,
            "`--fabric` is for Macrometa",
        ),
        ("-", &[], 2, "standard input"),
        ("empty", &[], 1, "`empty`: is empty"),
        ("missing", &[], 1, "`missing`: No such file"),
        (".", &[], 1, "`.`: is a folder"),
        ("/dev/null", &[], 1, "is not a regular file"),
    ] {
        let args = [&["upload-image", file][..], &image, more].concat();
        home.run(&args).fails(code, text);
    }
    for (items, text) in [
        (&["name=a"][..], "an image needs `architecture=…`"),
        (&["architecture=amd64/generic"], "an image needs `name=…`"),
        (&["name=", "architecture=x"], "`name` is empty"),
    ] {
        let args = [&["upload-image", "a.tgz"], items].concat();
        home.run(&args).fails(2, text);
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_parameter_that_is_not_known_is_sent_and_named() {
    let (sandbox, home, _) = world();
    let ended = upload(&home, &["fileype=ddgz"]).code(0);
    assert!(ended.stderr.starts_with("apicall: warning: "), "{ended:?}");
    assert!(ended.stderr.contains("`fileype`") && ended.stderr.ends_with(STARTS));
    let form = String::from_utf8(sandbox.requests()[3].body.clone()).unwrap();
    assert!(form.contains("&fileype=ddgz&"));
}

#[test]
fn a_dry_run_announces_what_it_would() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    home.file("a.tgz", "abc");
    let ended = upload(&home, &["--dry-run"]).code(0);
    assert_eq!(
        ended.stderr,
        "apicall: lab: would upload `a` (amd64/generic), 3 bytes in 1 chunk, where no image has \
         this content\n"
    );
    let text = ended.stdout();
    assert!(
        text.starts_with("POST /MAAS/api/2.0/boot-resources/ HTTP/1.1\n"),
        "{text}"
    );
    let fields = "name=a&architecture=amd64%2Fgeneric&size=3&sha256=\
                  ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n";
    assert!(text.ends_with(fields), "{text}");
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_log_gets_a_line_now_and_then() {
    let (sandbox, home, _) = world();
    sandbox.fault(chunk(Effect::Delay(Duration::from_secs(11))).after(1));
    let ended = upload(&home, &[]).code(0);
    assert_eq!(besides(&ended).lines().count(), 1, "{ended:?}");
    assert!(
        besides(&ended).starts_with("apicall: 4.2 MB of 8.4 MB, "),
        "{ended:?}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_upload_goes_on() {
    use rustix::process::{Pid, Signal, kill_process};
    let (sandbox, home, sha256) = world();
    sandbox.fault(chunk(Effect::StallBeforeHead).after(1));
    let child = home.spawn(&UPLOAD);
    while sandbox.image_bytes(&sha256) < 2 * CHUNK as u64 {
        std::thread::sleep(Duration::from_millis(20));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(
        stderr.contains("the upload of image 3 was interrupted"),
        "{stderr}"
    );
    assert!(
        stderr.contains("hint: the same command continues"),
        "{stderr}"
    );
    let ended = upload(&home, &[]).code(0);
    // What was on its way then has arrived.
    assert!(ended.stderr.contains("continuing from there"), "{ended:?}");
    assert_eq!(lengths(&sandbox), [CHUNK as u64, CHUNK as u64, 1000]);
    is_complete(&sandbox, 3, &sha256);
}

/// A large image with a cut in the middle; how large it gets in memory is printed and bounded.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat() {
    // In debug builds of both sides 300 MB take a while.
    let wanted = std::env::var_os("APICALL_LARGE_IMAGE").is_some();
    let len = if wanted { 300_000_000 } else { 64_000_000 };
    let small = peak(1 << 20, false);
    let large = peak(len, true);
    println!("peak memory: {small} KiB for 1 MiB, {large} KiB for {len} bytes");
    assert!(large < small + 8 * 1024, "{large} KiB against {small} KiB");
}

/// Uploads so many bytes; the peak of resident memory in KiB.
#[cfg(target_os = "linux")]
fn peak(len: usize, is_cut: bool) -> u64 {
    let sandbox = Sandbox::with(Options {
        log_limit: 4096,
        ..Options::default()
    });
    let home = Home::with_profiles(&sandbox);
    let sha256 = {
        let bytes = content(len);
        home.file("a.tgz", &bytes);
        sha256(&bytes)
    };
    if is_cut {
        let middle = len / CHUNK / 2;
        sandbox.fault(chunk(Effect::ResetInBody(1 << 20)).after(middle));
    }
    let (ended, peak) = home.run_watched(&UPLOAD);
    ended.code(0);
    is_complete(&sandbox, 3, &sha256);
    assert_eq!(
        chunks(&sandbox).len(),
        len.div_ceil(CHUNK) + usize::from(is_cut)
    );
    peak
}
