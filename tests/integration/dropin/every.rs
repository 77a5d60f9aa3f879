//! Every action of a real description: method, path, query and decoded parts are those that the
//! `maas` command line sends.

use apicall::service::maas::describe::Description;

use super::{real_description, with_real_description};
use crate::sandbox::{Fault, Recorded, Response};
use crate::support::Home;

/// What reaches beyond its place where it is not encoded.
const VALUE: &str = "a/b ?é";

fn decoded(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment)
        .decode_utf8()
        .unwrap()
        .into_owned()
}

fn pairs(op: Option<&str>, data: &[(&str, &str)]) -> Vec<(String, String)> {
    let op = op.map(|op| ("op", op));
    op.into_iter()
        .chain(data.iter().copied())
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
}

/// Parts as name, type, file name and content.
fn parts(request: &Recorded) -> Vec<(String, Option<String>, Option<String>, String)> {
    let parts = request.multipart().unwrap();
    let text = |data: &[u8]| String::from_utf8(data.to_vec()).unwrap();
    parts
        .into_iter()
        .map(|p| (p.name, p.content_type, p.filename, text(&p.data)))
        .collect()
}

#[test]
fn requests_of_every_action() {
    let (Some((file, document)), Some(sandbox)) = (real_description(), with_real_description())
    else {
        return;
    };
    let home = Home::with_profiles(&sandbox);
    home.file("f.txt", "content of a file");
    home.run(&["maas", "lab", "users", "whoami"]).ok();
    sandbox.fault(Fault::instead(Response::text(200, "OK")).always());
    let description = Description::parse(&std::fs::read(file).unwrap()).unwrap();
    let commands = description.commands(true);
    let mut count = 0;
    let mut without_data = 0;
    for resource in document["resources"].as_array().unwrap() {
        let handler = match &resource["auth"] {
            serde_json::Value::Null => &resource["anon"],
            signed => signed,
        };
        let path = handler["path"].as_str().unwrap();
        let command = commands
            .iter()
            .find(|c| c.handler.path == path && c.handler.name == handler["name"])
            .unwrap();
        for ((name, known), action) in command
            .actions()
            .zip(handler["actions"].as_array().unwrap())
        {
            count += 1;
            let reported = format!("{} {name}", command.name);
            let (method, op) = (action["method"].as_str().unwrap(), action["op"].as_str());
            let takes_data = known.takes_data();
            without_data += usize::from(!takes_data);
            if reported == "boot-resources create" {
                continue;
            }
            let mut args = vec!["maas", "lab", &command.name, &name];
            args.extend(handler["params"].as_array().unwrap().iter().map(|_| VALUE));
            let is_import = reported == "sshkeys import";
            match takes_data {
                true if is_import => args.push("lp:me"),
                true => args.extend(["k=v", "k=w=é", "part@=f.txt"]),
                false => {}
            }
            sandbox.forget_requests();
            home.run(&args).ok();
            let [request] = &sandbox.requests()[..] else {
                panic!("{reported}: {:#?}", sandbox.requests());
            };
            assert_eq!(request.method, method, "{reported}");
            let sent: Vec<String> = request.path().split('/').map(decoded).collect();
            // A `/` in a value goes out raw: proxies refuse `%2F`.
            let want: Vec<&str> = path
                .split('/')
                .flat_map(|s| if s.starts_with('{') { VALUE } else { s }.split('/'))
                .collect();
            assert_eq!(sent, want, "{reported}");
            let in_query = matches!(method, "GET" | "DELETE");
            let data: &[(&str, &str)] = match (takes_data, in_query) {
                (true, true) => &[("k", "v"), ("k", "w=é"), ("part", "content of a file")],
                _ => &[],
            };
            assert_eq!(request.query_pairs(), pairs(op, data), "{reported}");
            if in_query || !takes_data {
                assert_eq!(request.body_length, 0, "{reported}");
                assert_eq!(request.header("content-type"), None, "{reported}");
                continue;
            }
            let text = |name: &str, value: &str| {
                let label = "text/plain; charset=\"utf-8\"".to_owned();
                (name.to_owned(), Some(label), None, value.to_owned())
            };
            let want = if is_import {
                vec![text("keysource", "lp:me")]
            } else {
                let file = (
                    "part".to_owned(),
                    Some("text/plain".to_owned()),
                    Some("part".to_owned()),
                    "content of a file".to_owned(),
                );
                vec![text("k", "v"), text("k", "w=é"), file]
            };
            assert_eq!(parts(request), want, "{reported}");
        }
    }
    assert_eq!((count, without_data), (359, 173));
}
