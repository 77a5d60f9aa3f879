//! Responses and descriptions, each ten times the one before: time grows with them, not with their
//! square.

use crate::clients;
use crate::measure::{MOST_GROWTH, growth, once};
use crate::server::{self, Response};

/// How many members, columns, lines or parameters there are.
const SIZES: [usize; 3] = [2_000, 20_000, 200_000];

/// A kind of input: its name, the call, and how the response is made for a size.
type Kind = (&'static str, &'static [&'static str], fn(usize) -> String);

const KINDS: [Kind; 5] = [
    ("members, csv", &["get", "/x", "-o", "csv"], members),
    ("members, table", &["get", "/x", "-o", "table"], members),
    ("elements, csv", &["get", "/x", "-o", "csv"], elements),
    ("lines of a text, ops", &["ops", "read"], lines),
    ("parameters, ops", &["ops", "read"], parameters),
];

fn members(size: usize) -> String {
    let members: Vec<String> = (0..size).map(|n| format!("\"m{n}\":{n}")).collect();
    format!("[{{{}}}]", members.join(","))
}

fn elements(size: usize) -> String {
    format!("[[{}]]", vec!["1"; size].join(","))
}

fn lines(size: usize) -> String {
    described("a line of the text\\n", size)
}

fn parameters(size: usize) -> String {
    described(
        ":param name: Required. The name.\\n:type name: String\\n\\n",
        size,
    )
}

fn described(repeats: &str, size: usize) -> String {
    format!(
        "{{\"hash\":\"x\",\"resources\":[{{\"name\":\"AHandler\",\"anon\":null,\"auth\":{{\"name\":\
         \"AHandler\",\"path\":\"/MAAS/api/2.0/a/\",\"params\":[],\"actions\":[{{\"name\":\"read\",\
         \"method\":\"GET\",\"op\":null,\"doc\":\"Read it.\\n\\n{}\"}}]}}}}]}}",
        repeats.repeat(size)
    )
}

/// Prints the time of each, and how it grows.
pub fn run() {
    println!("\ngrowth: CPU time at 2, 20 and 200 thousand; at most {MOST_GROWTH} x each");
    for (name, args, make) in KINDS {
        let costs = SIZES.map(|size| {
            let body: &'static str = make(size).leak();
            let address = server::start(Response::json(body.as_bytes()), None);
            // A cache of one size is not the next one's.
            let home = tempfile::tempdir().unwrap();
            let cost = once(&clients::apicall(
                home.path(),
                &format!("http://{address}/MAAS"),
                args,
            ));
            assert!(cost.succeeded, "{name}, {size}");
            cost
        });
        growth("growth", name, &costs);
    }
}
