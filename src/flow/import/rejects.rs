//! Writes the file of what was not stored, a JSON text on each line.
//!
//! Each line holds the document as it was sent, so that the file can be imported again.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::error::{Exit, Failure};
use crate::files::{Mode, own};
use crate::json::{Ignored, replay};
use crate::secret::Masks;

use super::batch::Reject;

/// An open file.
#[derive(Debug)]
pub struct Rejects {
    file: File,
    end: u64,
    masks: Masks,
}

impl Rejects {
    /// Makes the file. One that is there is another run's, or somebody's work.
    ///
    /// `masks` knows what must not be seen in a reason, which is the server's text.
    pub fn begin(path: &Path, masks: Masks) -> Result<Self, Failure> {
        match own::create(path, &Mode::Private) {
            Ok(file) => Ok(Self {
                file,
                end: 0,
                masks,
            }),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(occupied(path)),
            Err(e) => Err(failed(path, &e)),
        }
    }

    /// Opens the file that a journal names; what lies behind `keep` bytes is of batches that will
    /// be sent again.
    pub fn resume(path: &Path, keep: u64, masks: Masks) -> Result<Self, Failure> {
        if keep == 0 && path.symlink_metadata().is_err() {
            return Self::begin(path, masks);
        }
        let gone = || {
            let message = format!(
                "{}: what an earlier run has written there is gone",
                path.display()
            );
            Failure::new(Exit::Other, message)
                .hint("restore the file, or start again with another journal")
        };
        let mut file = own::open(path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => gone(),
            _ => failed(path, &e),
        })?;
        let len = file.metadata().map_err(|e| failed(path, &e))?.len();
        if len < keep {
            return Err(gone());
        }
        file.set_len(keep)
            .and_then(|()| file.seek(SeekFrom::Start(keep)))
            .map_err(|e| failed(path, &e))?;
        Ok(Self {
            file,
            end: keep,
            masks,
        })
    }

    /// Returns where the file ends.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Writes rejects, onto the disk where that has to be certain.
    pub fn write(&mut self, rejects: &[Reject], certain: bool) -> io::Result<()> {
        if rejects.is_empty() {
            return Ok(());
        }
        let mut text = Vec::new();
        for reject in rejects {
            line(reject, &self.masks, &mut text);
        }
        self.file.write_all(&text)?;
        self.end += text.len() as u64;
        if certain {
            self.file.sync_data()?;
        }
        Ok(())
    }
}

/// Returns the failure of a name that is taken.
#[must_use]
pub fn occupied(path: &Path) -> Failure {
    Failure::usage(format!("the rejects file `{}` exists", path.display()))
        .hint("name another; with `--journal`, `--resume` continues a run and its file")
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Other, format!("{}: {error}", path.display()))
}

/// Writes the line of a reject: a document as it was sent, anything else as a string, or as base64
/// where it is not UTF-8, so that each byte is kept.
fn line(reject: &Reject, masks: &Masks, out: &mut Vec<u8>) {
    let line = reject.line.map_or(Value::Null, Value::from);
    let reason = Value::from(masks.apply(&reject.reason));
    let mut text = format!("{{\"line\":{line},\"error\":{reason}");
    if let Some(number) = reject.number {
        text.push_str(&format!(",\"errorNum\":{number}"));
    }
    if let Some(request) = &reject.request {
        text.push_str(&format!(",\"request\":{}", json!(&**request)));
    }
    out.extend_from_slice(text.as_bytes());
    if !reject.text.is_empty() {
        let is_document = reject.text.first() == Some(&b'{')
            && replay(&reject.text, &mut Ignored).is_ok()
            && !reject.text.contains(&b'\n');
        if is_document {
            out.extend_from_slice(b",\"document\":");
            out.extend_from_slice(&reject.text);
        } else {
            let (name, text) = match std::str::from_utf8(&reject.text) {
                Ok(text) => ("document", json!(text)),
                Err(_) => ("base64", json!(BASE64_STANDARD.encode(&reject.text))),
            };
            out.extend_from_slice(format!(",\"{name}\":{text}").as_bytes());
        }
    }
    out.extend_from_slice(b"}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let mut masks = Masks::default();
        masks.add("hunter2hunter2");
        let cases: [(Option<u64>, &[u8], &str); 4] = [
            (
                Some(1210),
                b"{\"n\": 1.10}",
                r#"{"line":7,"error":"a \"b\" ***","errorNum":1210,"request":"7f","document":{"n": 1.10}}"#,
            ),
            (
                None,
                b"{\"n\": 1",
                r#"{"line":7,"error":"a \"b\" ***","document":"{\"n\": 1"}"#,
            ),
            (
                None,
                b"\xff,1",
                r#"{"line":7,"error":"a \"b\" ***","base64":"/ywx"}"#,
            ),
            (None, b"", r#"{"line":7,"error":"a \"b\" ***"}"#),
        ];
        for (number, text, want) in cases {
            let reject = Reject {
                place: None,
                line: Some(7),
                number,
                reason: "a \"b\" hunter2hunter2".to_owned(),
                text: text.to_vec(),
                sent: true,
                request: number.map(|_| "7f".into()),
            };
            let mut out = Vec::new();
            line(&reject, &masks, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("{want}\n"));
        }
    }
}
