//! Prints as `maas` does: bodies as they came, and on a terminal the lines around those of text.
//!
//! Control characters are made visible on a terminal. Owns the exit table of `maas`.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use crate::client::{Head, Response};
use crate::error::{Exit, Failure};
use crate::output::decode::decode;
use crate::output::head::masked_location;
use crate::output::visible::{VisibleWriter, visible};
use crate::output::{errors, read_failure};
use crate::secret::masked_body;
use crate::ui::Ui;

/// Pieces of this size are read and written.
const BLOCK: usize = 32 * 1024;

/// The longest body of an error that is searched for a secret, in bytes. What lies beyond is left
/// out.
const LONGEST_ERROR: u64 = 16 * 1024 * 1024;

/// Returns what a status earns: `maas` knows success and 2.
pub fn exit_of(head: &Head) -> Exit {
    if is_success(head) {
        Exit::Success
    } else {
        Exit::Usage
    }
}

/// Prints a response, whatever its status; with `debug` its head to stderr before.
pub fn response(response: Response, debug: bool, ui: &mut Ui) -> anyhow::Result<()> {
    let head = response.head.clone();
    if debug {
        summary(&head, ui);
    }
    let is_success = is_success(&head);
    let is_terminal = ui.stdout_is_terminal();
    let for_people = is_terminal && is_textual(&head);
    let out = ui.stdout();
    if for_people && is_success {
        out.write_all(b"Success.\nMachine-readable output follows:\n")?;
    }
    let mut body: Box<dyn Read> = Box::new(decode(response)?);
    if !is_success {
        let mut bytes = Vec::new();
        body.take(LONGEST_ERROR)
            .read_to_end(&mut bytes)
            .map_err(|e| read_failure(&e))?;
        if bytes.is_empty() && for_people {
            let status = head.status_text();
            let (code, reason) = status.split_once(' ').unwrap_or((&status, ""));
            bytes = format!("Request failed with code {code}: {reason}").into_bytes();
        }
        body = Box::new(io::Cursor::new(masked_body(bytes)));
    }
    // What is no text can drive a terminal as well.
    if is_terminal {
        let mut visible = VisibleWriter::new(&mut *out);
        copy(body, &mut visible)?;
        visible.finish()?;
    } else {
        copy(body, out)?;
    }
    if for_people {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// Passes a body on piece by piece, as it comes.
fn copy(mut body: impl Read, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut block = vec![0; BLOCK];
    loop {
        match body.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(n) => out.write_all(&block[..n])?,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(read_failure(&e).into()),
        }
    }
}

/// Prints text of our own or of a description, and ends well.
pub fn text(text: &str, ui: &mut Ui) -> anyhow::Result<Exit> {
    ui.stdout().write_all(visible(text).as_bytes())?;
    Ok(Exit::Success)
}

/// Prints status and headers to stderr, in the columns of `maas`.
fn summary(head: &Head, ui: &mut Ui) {
    ui.say(&head.status_text());
    ui.say("");
    let mut headers: Vec<(String, Cow<'_, str>)> = head
        .headers()
        .map(|(name, value)| {
            let value = match &*name.to_ascii_lowercase() {
                "set-cookie" => Cow::Borrowed(crate::secret::MASK),
                "location" | "content-location" => masked_location(value).into(),
                _ => Cow::Borrowed(value),
            };
            (capitalized(name), value)
        })
        .collect();
    headers.push(("Status".to_owned(), head.status.to_string().into()));
    headers.sort();
    let longest = headers.iter().map(|(name, _)| name.len()).max();
    let width = longest.unwrap_or_default() + 2;
    for (name, value) in headers {
        let blanks = " ".repeat(width.saturating_sub(name.len()));
        ui.say(&format!("{blanks}{name}: {value}"));
    }
    ui.say("");
}

/// Capitalizes a header's name: `x-maas-api-hash` as `X-Maas-Api-Hash`.
fn capitalized(name: &str) -> String {
    let word = |word: &str| {
        let word = word.to_ascii_lowercase();
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

fn is_success(head: &Head) -> bool {
    (200..300).contains(&head.status)
}

/// Returns whether a body is text by its label; without one it is: an empty 204 counts as text
/// (observed on 3.8).
fn is_textual(head: &Head) -> bool {
    let Some(label) = head.header("content-type") else {
        return true;
    };
    let media_type = label.split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    media_type.ends_with("/json") || media_type.starts_with("text/")
}

/// Returns the message about a redirect that was not followed, as it has no body as a rule.
pub fn redirect(label: &str, response: &Response) -> Option<Failure> {
    let head = &response.head;
    if !(300..400).contains(&head.status) {
        return None;
    }
    let failure = Failure::new(Exit::Usage, format!("{label}: {}", head.status_text()));
    Some(match errors::redirect_hint(response) {
        Some(hint) => failure.hint(hint),
        None => failure,
    })
}

/// Returns the failure of a response that was no success, for commands that print no body.
pub fn refused(what: &str, head: &Head) -> Failure {
    Failure::new(
        Exit::Other,
        format!("{what}: unexpected response {}", head.status_text()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(content_type: Option<&str>) -> Head {
        let label = content_type.map(|label| ("Content-Type", label));
        Head::new("HTTP/1.1", 200, "OK").with(label)
    }

    #[test]
    fn text_is_known_by_its_label() {
        for (label, want) in [
            (Some("application/json; charset=utf-8"), true),
            (Some("text/plain"), true),
            (Some("TEXT/html; charset=utf-8"), true),
            (Some("application/bson"), false),
            (Some("application/octet-stream"), false),
            (None, true),
        ] {
            assert_eq!(is_textual(&head(label)), want, "{label:?}");
        }
        assert_eq!(capitalized("X-MAAS-API-Hash"), "X-Maas-Api-Hash");
    }
}
