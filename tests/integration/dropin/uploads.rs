//! `boot-resources create`: announced, sent in pieces, silent.

use super::maas;
use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::Home;

const LINE: &str = "lab boot-resources create name=custom/a architecture=amd64/generic \
                    filetype=tgz filetype=ddraw size=1 sha256=x content@=image";

#[test]
fn pieces_follow_the_announcement() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let image = vec![7; 9 * 1024 * 1024];
    home.file("image", &image);
    maas(&home, "lab users whoami").ok();
    sandbox.forget_requests();
    assert_eq!(maas(&home, LINE).ok().stdout(), "");
    let requests = sandbox.requests();
    let reported: Vec<_> = requests
        .iter()
        .map(|r| (&*r.method, r.body_length))
        .collect();
    // The list and its two images, then what `maas` sends.
    assert_eq!(reported[..3], [("GET", 0); 3]);
    assert_eq!(
        reported[4..],
        [("PUT", 4 << 20), ("PUT", 4 << 20), ("PUT", 1 << 20)]
    );
    let parts = requests[3].multipart().unwrap();
    let names: Vec<_> = parts.iter().map(|p| &*p.name).collect();
    assert_eq!(
        names,
        ["architecture", "filetype", "name", "sha256", "size"]
    );
    assert_eq!(parts[1].data, b"ddraw");
    assert_eq!(parts[4].data, image.len().to_string().into_bytes());
    let sha256 = String::from_utf8(parts[3].data.clone()).unwrap();
    assert_eq!(sandbox.image_bytes(&sha256), image.len() as u64);
    // It is there already.
    sandbox.forget_requests();
    let ended = maas(&home, LINE).code(0);
    assert_eq!(ended.stderr, "apicall: lab: MAAS has this image already\n");
    assert_eq!(ended.stdout(), "");
    let lines: Vec<_> = sandbox
        .requests()
        .iter()
        .map(|r| r.method.clone())
        .collect();
    assert_eq!(lines, ["GET", "GET"]);
}

/// MAAS deletes content that comes again, under every image that has it.
#[test]
fn content_that_maas_has_is_not_sent() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("image", vec![7; 5 * 1024 * 1024]);
    maas(&home, LINE).ok();
    sandbox.forget_requests();
    for (from, to) in [("name=custom/a", "name=b"), ("amd64", "arm64")] {
        let ended = maas(&home, &LINE.replace(from, to)).fails(1, "MAAS has this content already");
        let hint = "hint: use that image, or: `apicall maas lab boot-resource delete 3` deletes";
        assert!(ended.stderr.contains(hint), "{ended:#?}");
    }
    sandbox.fault(Fault::status(500).path("/MAAS/api/2.0/boot-resources/1/"));
    maas(&home, &LINE.replace("custom/a", "c")).fails(2, "nothing was sent");
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
    assert_eq!(
        sandbox.image(3).unwrap()["sets"].as_object().unwrap().len(),
        1
    );
}

#[test]
fn an_upload_that_broke_off_goes_on() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let image: Vec<u8> = (0..9u32 << 18).flat_map(u32::to_le_bytes).collect();
    home.file("image", &image);
    sandbox.fault(Fault::status(404).method("PUT").after(1));
    maas(&home, LINE).code(2);
    sandbox.forget_requests();
    maas(&home, LINE).ok();
    let mut requests = sandbox.requests();
    requests.retain(|r| r.method != "GET");
    let sent: Vec<_> = requests
        .iter()
        .map(|r| (&*r.method, r.body_length))
        .collect();
    assert_eq!(sent, [("PUT", 4 << 20), ("PUT", 1 << 20)]);
    let file = sandbox.image(3).unwrap()["sets"].clone();
    let newest = file.as_object().unwrap().values().next().unwrap();
    assert_eq!(newest["complete"], true);
}

#[test]
fn what_can_not_be_uploaded() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("image", "");
    maas(&home, "lab users whoami").ok();
    sandbox.forget_requests();
    let missing = maas(&home, "lab boot-resources create name=a").code(2);
    assert_eq!(missing.stdout(), "Missing content.\n");
    maas(&home, "lab boot-resources create name=a content=b").fails(2, "`content`");
    maas(&home, "lab boot-resources create name=a content@=nope").fails(2, "nope");
    assert!(sandbox.requests().is_empty());
    let refused = maas(&home, "lab boot-resources create content@=image").code(2);
    assert!(refused.stdout().contains("required"), "{refused:#?}");
    maas(&home, LINE).ok();
    assert_eq!(
        sandbox.last().method,
        "POST",
        "nothing to send of an empty file"
    );
}

#[test]
fn a_piece_is_never_sent_again() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("image", vec![1; 5 * 1024 * 1024]);
    maas(&home, "lab users whoami").ok();
    sandbox.forget_requests();
    sandbox.fault(Fault::from(Effect::ResetBeforeAnswer).method("PUT"));
    let ended = maas(&home, LINE).fails(2, "connection");
    assert!(ended.stderr.contains("boot-resource delete"), "{ended:#?}");
    let requests = sandbox.requests();
    let pieces = requests.iter().filter(|r| r.method == "PUT");
    assert_eq!(pieces.count(), 1);
}
