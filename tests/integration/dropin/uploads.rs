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
    let told: Vec<_> = requests
        .iter()
        .map(|r| (&*r.method, r.body_length))
        .collect();
    assert_eq!(
        told[1..],
        [("PUT", 4 << 20), ("PUT", 4 << 20), ("PUT", 1 << 20)]
    );
    let parts = requests[0].multipart().unwrap();
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
    maas(&home, LINE).ok();
    assert_eq!(sandbox.requests().len(), 1);
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
    assert_eq!(sandbox.requests().len(), 2);
}
