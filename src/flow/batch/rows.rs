//! The rows of a batch: where they come from, numbered over all of the input.
//!
//! An input is read twice, once to find what is wrong before the first call, and once to make the
//! calls; so it is a regular file, or what can be read once is kept in one that has no name. Memory
//! is that of one row.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Exit, Failure};
use crate::files;
use crate::flow::import::cells::Types;
use crate::flow::import::read::Reader;
use crate::flow::import::source::{Said, Source};

/// An opened input.
#[derive(Debug)]
pub struct Input {
    file: File,
    path: Option<PathBuf>,
    said: Said,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1, over all of the input.
    pub number: u64,
    /// Its JSON, without line ends.
    pub text: Vec<u8>,
}

/// The rows of one pass.
#[derive(Debug)]
pub struct Rows {
    reader: Reader,
    count: u64,
}

impl Input {
    /// Opens a file; `None` is standard input.
    pub fn open(path: Option<&Path>, said: Said) -> Result<Self, Failure> {
        let name = path.map_or_else(|| "standard input".to_owned(), |p| p.display().to_string());
        let fail = |e: &io::Error| Failure::new(Exit::Other, format!("{name}: {e}"));
        let file = match path {
            None => spooled(io::stdin().lock()),
            Some(path) => files::input(path).and_then(|file| {
                let found = file.metadata()?;
                if found.is_dir() {
                    return Err(io::ErrorKind::IsADirectory.into());
                }
                if found.is_file() {
                    Ok(file)
                } else {
                    spooled(file)
                }
            }),
        };
        Ok(Self {
            file: file.map_err(|e| fail(&e))?,
            path: path.map(Path::to_path_buf),
            said: Said {
                are_rows: true,
                ..said
            },
        })
    }

    /// Begins a pass; one at a time.
    pub fn rows(&self) -> Result<Rows, Failure> {
        let file = self.file.try_clone();
        let file = file.map_err(|e| Failure::new(Exit::Other, format!("the rows: {e}")))?;
        let source = Source::of_file(file, self.path.as_deref(), self.said)?;
        let reader = Reader::new(source.text, source.layout, &Types::default())?;
        Ok(Rows {
            reader: reader.of_values(),
            count: 0,
        })
    }
}

impl Rows {
    /// The next row. Fails where it cannot be read, with its number.
    pub fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        let number = self.count + 1;
        let record = self.reader.next_record();
        let Some(record) = record.map_err(|e| e.of(&format!("row {number}")))? else {
            return Ok(None);
        };
        self.count = number;
        match record.document {
            Ok(text) => Ok(Some(Row { number, text })),
            Err((reason, _)) => Err(Failure::usage(format!("line {}: {reason}", record.line))
                .of(&format!("row {number}"))
                .hint("nothing was sent")),
        }
    }
}

/// Keeps what can be read once in a file without a name.
fn spooled(mut from: impl io::Read) -> io::Result<File> {
    let mut file = files::spool()?;
    io::copy(&mut from, &mut file)?;
    file.flush()?;
    Ok(file)
}

/// A part of the rows: every so-manieth from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// Reads `K/N`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "write it as `1/4`: the first of four".to_owned();
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let of: u64 = of.parse().map_err(|_| wrong())?;
        match number {
            0 => Err("shards are counted from 1; add 1 to an index that begins with 0".to_owned()),
            _ if number > of => Err(format!("there is no shard {number} of {of}")),
            _ => Ok(Self { number, of }),
        }
    }

    /// Returns whether a row belongs to it.
    #[must_use]
    pub fn takes(self, row: u64) -> bool {
        (row.max(1) - 1) % self.of == self.number - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::import::source::Format;

    fn read(name: &str, text: &[u8], format: Option<Format>) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut file = files::own::create(&path, &files::Mode::Usual).unwrap();
        file.write_all(text).unwrap();
        let said = Said {
            format,
            ..Said::default()
        };
        let input = Input::open(Some(&path), said).unwrap();
        let mut passes = Vec::new();
        for _ in 0..2 {
            let mut rows = input.rows().map_err(|e| e.to_string())?;
            let mut all = Vec::new();
            while let Some(row) = rows.next_row().map_err(|e| e.to_string())? {
                all.push(format!(
                    "{} {}",
                    row.number,
                    String::from_utf8(row.text).unwrap()
                ));
            }
            passes.push(all);
        }
        assert_eq!(passes[0], passes[1]);
        Ok(passes.remove(0))
    }

    #[test]
    fn rows_in_every_format() {
        for (name, text, format, want) in [
            (
                "a.json",
                "[{\"a\":1},\n \"x\", 7.0]",
                None,
                &["1 {\"a\":1}", "2 \"x\"", "3 7.0"][..],
            ),
            (
                "a",
                "{\"a\": 1}\r\n\r\n{\"a\":2}",
                None,
                &["1 {\"a\": 1}", "2 {\"a\":2}"],
            ),
            (
                "a.ndjson",
                "\"x\"\n7\n[1]\n",
                None,
                &["1 \"x\"", "2 7", "3 [1]"],
            ),
            (
                "a.csv",
                "\u{feff}a,b\r\n1,\"x,\ny\"\r\n\r\n2,z\r\n",
                None,
                &[
                    "1 {\"a\":\"1\",\"b\":\"x,\\ny\"}",
                    "2 {\"a\":\"2\",\"b\":\"z\"}",
                ],
            ),
            (
                "a.tsv",
                "a\tb\n1\t2\n",
                None,
                &["1 {\"a\":\"1\",\"b\":\"2\"}"],
            ),
            ("a.txt", "x\r\n\n y z \n", None, &["1 \"x\"", "2 \" y z \""]),
            ("a", "x,y\n1,2\n", None, &["1 \"x,y\"", "2 \"1,2\""]),
            (
                "a",
                "x,y\n1,2\n",
                Some(Format::Csv),
                &["1 {\"x\":\"1\",\"y\":\"2\"}"],
            ),
            (
                "a",
                "{\"a\":1}\n",
                Some(Format::Lines),
                &["1 \"{\\\"a\\\":1}\""],
            ),
            (
                "a.json",
                "{\"result\":[{\"a\":1}],\"code\":200}",
                None,
                &["1 {\"a\":1}"],
            ),
            ("a.json", "[]", None, &[]),
            ("a.csv", "", None, &[]),
            ("a.csv", "a,b\n", None, &[]),
            ("a", "\n \n", None, &[]),
        ] {
            let want: Vec<String> = want.iter().map(|row| (*row).to_owned()).collect();
            assert_eq!(
                read(name, text.as_bytes(), format),
                Ok(want),
                "{name} {text:?}"
            );
        }
        for (name, text, want) in [
            ("a.ndjson", "{\"a\":1}\noops\n", "row 2: line 2: not JSON"),
            ("a.csv", "a,b\n1\n", "row 1: line 2: 1 cell under 2 names"),
            ("a.json", "[{\"a\":1},", "row 2: line 1: not JSON"),
        ] {
            let error = read(name, text.as_bytes(), None).unwrap_err();
            assert!(error.starts_with(want), "{error}");
        }
        assert!(
            read("a.txt", b"a\n\xff\n", None)
                .unwrap_err()
                .starts_with("row 2: line 2: not UTF-8")
        );
    }

    #[test]
    fn shards_take_each_row_once() {
        for of in 1..=5 {
            let shards: Vec<Shard> = (1..=of)
                .map(|n| Shard::parse(&format!("{n}/{of}")).unwrap())
                .collect();
            for row in 1..=23 {
                assert_eq!(shards.iter().filter(|s| s.takes(row)).count(), 1);
            }
        }
        assert!(Shard::parse("2/3").unwrap().takes(5));
        for wrong in ["0/3", "4/3", "1", "1/", "a/b", "1/0", "-1/2"] {
            assert!(Shard::parse(wrong).is_err(), "{wrong}");
        }
    }
}
