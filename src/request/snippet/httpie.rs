//! POSIX shell with HTTPie.
//!
//! HTTPie reads the value of a header from a file (`Name:@FILE`), so secrets come on descriptors
//! from here documents. Bodies go as they are (`--raw`, or standard input): its own items would
//! encode forms and write JSON anew.

use crate::error::Failure;

use super::outline::{Framed, Outline, Payload, Signature, SnippetPart};
use super::shell::{self, Needs, quoted, word};
use super::values::{Form, Piece, is_blank, push};
use super::{Language, is_hidden, refuse_pin, seconds};

/// An argument longer than this may not pass: Linux takes 128 KiB.
const LONGEST_ARGUMENT: usize = 100_000;

/// The descriptors that every shell can open.
const DESCRIPTORS: std::ops::RangeInclusive<usize> = 3..=9;

/// Writes the program.
pub fn program(outline: &Outline<'_>) -> Result<String, Failure> {
    refuse_pin(outline, "HTTPie")?;
    let is_signed = outline.signature != Signature::None;
    let mut needs = Needs::default();
    let url = outline.url();
    shell::needs_of(&url, &mut needs);
    let mut arguments = vec!["--check-status --ignore-netrc".to_owned()];
    arguments.extend(connection(outline));
    arguments.push(
        match outline.method {
            "HEAD" => "--headers",
            "OPTIONS" => "--print=hb",
            _ => "--body",
        }
        .to_owned(),
    );
    let form = form(outline);
    let Framed { body, headers, .. } = outline.framed();
    let body = body.filter(|_| form.is_none());
    let mut sent = Sent::of(body.as_deref());
    if form.is_some() {
        arguments.push("--multipart".to_owned());
        let reads = matches!(&outline.payload, Payload::Multipart(p) if p.iter().any(|p| p.content == Piece::Stdin));
        sent = if reads { Sent::Stdin } else { Sent::Nothing };
    }
    match &sent {
        Sent::Nothing => arguments.push("--ignore-stdin".to_owned()),
        Sent::Raw(piece) => {
            arguments.push(format!(
                "--ignore-stdin --raw={}",
                word(std::slice::from_ref(piece))
            ));
        }
        Sent::Stdin | Sent::File(_) | Sent::Piped(_) => {}
    }
    arguments.push(format!("{} {}", quoted(outline.method), word(&url)));
    let mut documents = Documents::default();
    if is_signed {
        arguments.push(documents.header("Authorization", "$authorization".to_owned())?);
    }
    for (name, value) in headers {
        let is_type = name == "Content-Type" && value.contains(&Piece::Boundary);
        if is_type && form.is_some() {
            continue;
        }
        if is_blank(&value) {
            // `Name:` would take it away.
            arguments.push(word(&[Piece::Text(format!("{name};"))]));
        } else if is_item(&value) {
            shell::needs_of(&value, &mut needs);
            let mut item = vec![Piece::Text(format!("{name}:"))];
            for piece in value {
                push(&mut item, piece);
            }
            arguments.push(word(&item));
        } else {
            arguments.push(documents.header(&name, document(&value))?);
        }
    }
    arguments.extend(outline.without.iter().map(|name| format!("{name}:")));
    arguments.extend(form.unwrap_or_default());
    if let Sent::Piped(pieces) = &sent {
        shell::needs_of(pieces, &mut needs);
    }
    let mut text = shell::start(outline, Language::Httpie, needs);
    if url.iter().any(|p| matches!(p, Piece::Variable(..))) {
        text.push_str(
            "\n# HTTPie takes the address as an argument only: others on this machine can see it.",
        );
    }
    text.push('\n');
    if let Sent::Piped(pieces) = &sent {
        text.push_str(&shell::pipe(pieces));
    }
    text.push_str(&shell::command("http", &arguments));
    if let Sent::File(path) = &sent {
        text.push_str(&format!(" <{}", quoted(path)));
    }
    text.push_str(&documents.written());
    Ok(text)
}

/// How the body gets to HTTPie.
enum Sent {
    Nothing,
    Raw(Piece),
    File(String),
    Stdin,
    Piped(Vec<Piece>),
}

impl Sent {
    fn of(body: Option<&[Piece]>) -> Self {
        match body {
            None | Some([]) => Self::Nothing,
            Some([piece @ Piece::Text(text)]) if text.len() < LONGEST_ARGUMENT => {
                Self::Raw(piece.clone())
            }
            Some([Piece::File(path)]) => Self::File(path.clone()),
            Some([Piece::Stdin]) => Self::Stdin,
            Some(pieces) => Self::Piped(pieces.to_owned()),
        }
    }
}

fn connection(outline: &Outline<'_>) -> Vec<String> {
    let tls = &outline.tls;
    let mut arguments = Vec::new();
    if tls.insecure {
        arguments.push("--verify=no".to_owned());
    } else if let Some(file) = &tls.ca_file {
        arguments.push(format!("--verify={}", quoted(file)));
    }
    if let Some((cert, key)) = &tls.client {
        arguments.push(format!(
            "--cert={} --cert-key={}",
            quoted(cert),
            quoted(key)
        ));
    }
    // A limit for each wait; that of connecting would cut a server short that thinks.
    if let Some(time) = outline.timeout {
        arguments.push(format!("--timeout={}", seconds(time)));
    }
    arguments
}

/// Returns whether HTTPie takes a header's value from an item as it is: `\` may escape, and `=` and
/// `@` would make another item of it.
fn is_item(value: &[Piece]) -> bool {
    value.iter().all(|piece| match piece {
        Piece::Text(text) => !text.contains('\\') && !text.starts_with(['=', '@']),
        Piece::Boundary => true,
        _ => false,
    })
}

/// Here documents on descriptors.
#[derive(Default)]
struct Documents(Vec<String>);

impl Documents {
    /// Adds an item whose value is in a document.
    fn header(&mut self, name: &str, document: String) -> Result<String, Failure> {
        let descriptor = DESCRIPTORS.start() + self.0.len();
        if !DESCRIPTORS.contains(&descriptor) {
            return Err(
                Failure::usage("HTTPie cannot be given so many secret headers")
                    .hint("`--as curl` and `--as python` can"),
            );
        }
        self.0.push(document);
        Ok(quoted(&format!("{name}:@/dev/fd/{descriptor}")))
    }

    fn written(&self) -> String {
        let numbered = || self.0.iter().zip(DESCRIPTORS);
        let starts: Vec<String> = numbered().map(|(_, n)| format!(" {n}<<END{n}")).collect();
        let texts: Vec<String> = numbered()
            .map(|(text, n)| format!("{text}\nEND{n}\n"))
            .collect();
        format!("{}\n{}", starts.concat(), texts.concat())
    }
}

/// Pieces as a line of a here document.
fn document(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text
                .replace('\\', "\\\\")
                .replace('$', "\\$")
                .replace('`', "\\`"),
            Piece::Variable(name, Form::Plain) => format!("${{{name}}}"),
            Piece::Variable(name, Form::Url) => format!("$(encode \"${name}\")"),
            Piece::Variable(name, Form::Json) => format!("\"$(escaped \"${name}\")\""),
            Piece::Boundary => "$boundary".to_owned(),
            Piece::Bytes(_) | Piece::File(_) | Piece::Stdin => String::new(),
        })
        .collect()
}

/// Returns a multipart body as items, where they can say it.
fn form(outline: &Outline<'_>) -> Option<Vec<String>> {
    let Payload::Multipart(parts) = &outline.payload else {
        return None;
    };
    if parts.is_empty() {
        return None;
    }
    parts.iter().map(item).collect()
}

fn item(part: &SnippetPart) -> Option<String> {
    let is_hard = |text: &str| text.contains('\\') || text.contains(is_hidden);
    if is_hard(&part.name) || part.name.starts_with('-') {
        return None;
    }
    let name: String = part
        .name
        .chars()
        .flat_map(|c| {
            let escape = ":=@;".contains(c).then_some('\\');
            escape.into_iter().chain([c])
        })
        .collect();
    match &part.content {
        Piece::Text(text) => {
            let is_field = part.filename.is_none() && part.content_type.is_none();
            let fits = is_field && !text.contains('\\') && text.len() < LONGEST_ARGUMENT;
            // A second `=` would make another item of it.
            let fits = fits && !text.starts_with(['=', '@', ':']);
            fits.then(|| quoted(&format!("{name}={text}")))
        }
        Piece::File(path) => {
            let kind = part.content_type.as_ref()?;
            let fits = !is_hard(path) && !path.contains(';') && !path.starts_with(['~', '=', '@']);
            let fits = fits && !kind.contains('\\');
            fits.then(|| quoted(&format!("{name}@{path};type={kind}")))
        }
        _ => None,
    }
}
