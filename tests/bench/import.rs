//! Broken and large inputs of an import, each ten times the one before: time and memory grow with
//! the input, not with its square. Nothing of them is a document, so no server is asked.

use std::fs;
use std::io::Write as _;

use crate::clients;
use crate::measure::{MOST_GROWTH, growth, once};

/// Sizes in bytes; a row, line or document has at most 64 MiB.
const SIZES: [usize; 3] = [600_000, 6_000_000, 60_000_000];

/// A kind of input: its name, what it begins with, what repeats, what it ends with.
struct Kind {
    name: &'static str,
    file: &'static str,
    begins: &'static [u8],
    repeats: &'static [u8],
    ends: &'static [u8],
}

const KINDS: [Kind; 8] = [
    kind("a quote not closed", "d.csv", b"a,b\n\"", b"x,\ny", b""),
    kind(
        "a bad byte in a row",
        "d.csv",
        b"a,b\n1,",
        b"x y z",
        b"\xff\n",
    ),
    kind(
        "text behind a quote",
        "d.csv",
        b"a,b\n\"",
        b"x\"\"y",
        b"\"z\n",
    ),
    kind("short rows", "d.csv", b"a,b\n", b"x\n", b""),
    kind(
        "a bad byte in a line",
        "d.ndjson",
        b"{\"a\":\"",
        b"x y z",
        b"\xff\"}\n",
    ),
    kind("lines of brackets", "d.ndjson", b"{\"a\":\n", b"[\n", b""),
    kind("lines cut short", "d.ndjson", b"", b"{\"a\":\n", b""),
    kind("an array not closed", "d.json", b"[", b"7,\n", b""),
];

const fn kind(
    name: &'static str,
    file: &'static str,
    begins: &'static [u8],
    repeats: &'static [u8],
    ends: &'static [u8],
) -> Kind {
    Kind {
        name,
        file,
        begins,
        repeats,
        ends,
    }
}

/// Prints the time and memory of each, and how they grow.
pub fn run() {
    println!(
        "\nimport of broken input: CPU time at 0.6, 6 and 60 MB; at most {MOST_GROWTH} x each"
    );
    let home = tempfile::tempdir().unwrap();
    for kind in &KINDS {
        let path = home.path().join(kind.file);
        let costs = SIZES.map(|size| {
            let mut file = std::io::BufWriter::new(fs::File::create(&path).unwrap());
            file.write_all(kind.begins).unwrap();
            for _ in 0..size / kind.repeats.len() {
                file.write_all(kind.repeats).unwrap();
            }
            file.write_all(kind.ends).unwrap();
            file.into_inner().unwrap();
            let args = ["import", "c", &path.display().to_string()];
            let cost = once(&clients::apicall_macrometa(
                home.path(),
                "http://127.0.0.1:9",
                &args,
            ));
            assert!(!cost.succeeded, "{} is broken", kind.name);
            cost
        });
        growth("import", kind.name, &costs);
    }
}
