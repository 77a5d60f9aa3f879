//! POSIX shell with curl, and the arguments of curl, which `fish` has in common.
//!
//! Secrets reach curl in a config on a descriptor, never as arguments. It is standard input, or the
//! descriptor 3 where standard input is the body.

use crate::error::Failure;

use super::outline::{Framed, Outline, Payload, Signature, SnippetPart};
use super::shell::{self, Needs, word};
use super::values::{Piece, is_blank};
use super::{Language, is_hidden, seconds};

/// An argument longer than this may not pass: Linux takes 128 KiB.
const LONGEST_ARGUMENT: usize = 100_000;

/// How a shell writes the pieces of a word.
type Word = fn(&[Piece]) -> String;

/// The options of a curl command.
pub struct Curl {
    /// Its arguments, quoted; one that has a value is one line.
    pub arguments: Vec<String>,
    /// The lines of its config: an option, and the pieces of its value.
    pub config: Vec<(&'static str, Vec<Piece>)>,
    /// What is piped to it as the body.
    pub piped: Option<Vec<Piece>>,
    /// Whether standard input is the body.
    pub reads_stdin: bool,
    /// The file that is the body: curl sends nothing where it is missing, and says nothing.
    pub file: Option<String>,
    /// What curl calls that input.
    stdin: &'static str,
}

impl Curl {
    /// Returns curl's options without the signature. `stdin` is what it calls the input that is the
    /// body.
    pub fn new(outline: &Outline<'_>, word: Word, stdin: &'static str) -> Result<Self, Failure> {
        let mut curl = Self {
            arguments: vec![
                "--silent --show-error --fail-with-body --globoff".to_owned(),
                // A redirect is a response that is not the wanted one: curl ends with 47.
                "--location --max-redirs 0".to_owned(),
            ],
            config: Vec::new(),
            piped: None,
            reads_stdin: false,
            file: None,
            stdin,
        };
        curl.method(outline, word)?;
        curl.connection(outline, word);
        let is_form = curl.form(outline, word);
        let Framed { body, headers, .. } = outline.framed();
        for (name, value) in headers {
            let is_type = name == "Content-Type" && value.contains(&Piece::Boundary);
            // Those that curl sends by itself.
            let is_curls = name.eq_ignore_ascii_case("accept") && value == [text("*/*")];
            if !(is_curls || is_form && is_type) {
                curl.header(&name, value, word);
            }
        }
        for name in &outline.without {
            curl.flag("--header", &word(&[text(format!("{name}:"))]));
        }
        if outline.sends_empty_body() {
            curl.flag("--header", &word(&[text("Content-Length: 0")]));
        }
        if let Some(body) = body.filter(|_| !is_form) {
            curl.body(body, word);
        }
        let url = outline.url();
        if is_literal(&url) {
            curl.arguments.push(word(&url));
        } else {
            curl.config.push(("url", url));
        }
        Ok(curl)
    }

    fn flag(&mut self, name: &str, value: &str) {
        self.arguments.push(format!("{name} {value}"));
    }

    fn method(&mut self, outline: &Outline<'_>, word: Word) -> Result<(), Failure> {
        let has_body = !matches!(outline.payload, Payload::None);
        match outline.method {
            "GET" if !has_body => {}
            "HEAD" if has_body => {
                return Err(
                    Failure::usage("curl cannot send a HEAD with a body").hint("`--as python` can")
                );
            }
            // With `--request` it would wait for a body that never comes.
            "HEAD" => self.arguments.push("--head".to_owned()),
            method => self.flag("--request", &word(&[text(method)])),
        }
        if outline.method == "OPTIONS" {
            self.arguments.push("--include".to_owned());
        }
        Ok(())
    }

    fn connection(&mut self, outline: &Outline<'_>, word: Word) {
        let tls = &outline.tls;
        // A pin stands in the place of all other checks.
        if tls.insecure || tls.pin.is_some() {
            self.arguments.push("--insecure".to_owned());
        }
        if let Some(pin) = &tls.pin {
            self.flag("--pinnedpubkey", &word(&[text(pin)]));
        } else if let Some(file) = &tls.ca_file {
            self.flag("--cacert", &word(&[text(file)]));
        }
        if let Some((cert, key)) = &tls.client {
            self.flag(
                "--cert",
                &word(&[text(cert.replace('\\', "\\\\").replace(':', "\\:"))]),
            );
            self.flag("--key", &word(&[text(key)]));
        }
        if let Some(time) = outline.connect_timeout {
            self.flag("--connect-timeout", &seconds(time));
        }
        if let Some(time) = outline.timeout {
            self.flag("--max-time", &seconds(time));
        }
    }

    fn header(&mut self, name: &str, value: Vec<Piece>, word: Word) {
        // `Name:` would take it away.
        if is_blank(&value) {
            return self.flag("--header", &word(&[text(format!("{name};"))]));
        }
        let mut line = vec![text(format!("{name}: "))];
        for piece in value {
            super::values::push(&mut line, piece);
        }
        if line.iter().any(|p| matches!(p, Piece::Variable(..))) {
            self.config.push(("header", line));
        } else {
            self.flag("--header", &word(&line));
        }
    }

    /// Returns a multipart body in curl's own words, where they can say it.
    fn form(&mut self, outline: &Outline<'_>, word: Word) -> bool {
        let Payload::Multipart(parts) = &outline.payload else {
            return false;
        };
        if parts.is_empty() || !parts.iter().all(is_sayable) {
            return false;
        }
        for part in parts {
            let name = text(format!("{}=", part.name));
            let (source, named) = match &part.content {
                // curl names it by the last segment of the path, as apicall does.
                Piece::File(path) => (path.as_str(), ""),
                Piece::Stdin => {
                    self.reads_stdin = true;
                    (self.stdin, ";filename=\"-\"")
                }
                Piece::Variable(..) => {
                    let line = vec![name, part.content.clone()];
                    self.config.push(("form-string", line));
                    continue;
                }
                content => {
                    let mut line = vec![name];
                    super::values::push(&mut line, content.clone());
                    self.flag("--form-string", &word(&line));
                    continue;
                }
            };
            let source = source.replace('\\', "\\\\").replace('"', "\\\"");
            let kind = part.content_type.as_deref().unwrap_or_default();
            let value = format!("{}=@\"{source}\"{named};type={kind}", part.name);
            self.flag("--form", &word(&[text(value)]));
        }
        true
    }

    fn body(&mut self, body: Vec<Piece>, word: Word) {
        let stdin = word(&[text(format!("@{}", self.stdin))]);
        match &body[..] {
            [] => self.flag("--data-raw", &word(&[text("")])),
            [Piece::Text(text)] if text.len() < LONGEST_ARGUMENT => {
                self.flag("--data-raw", &word(&body));
            }
            [Piece::File(path)] => {
                self.file = Some(path.clone());
                self.flag("--data-binary", &word(&[text(format!("@{path}"))]));
            }
            [Piece::Stdin] => {
                self.reads_stdin = true;
                self.flag("--data-binary", &stdin);
            }
            _ => {
                self.reads_stdin = true;
                self.flag("--data-binary", &stdin);
                self.piped = Some(body);
            }
        }
    }
}

fn text(text: impl Into<String>) -> Piece {
    Piece::Text(text.into())
}

fn is_literal(pieces: &[Piece]) -> bool {
    pieces.iter().all(|p| matches!(p, Piece::Text(_)))
}

/// Returns whether `--form` can say a part as it is sent.
fn is_sayable(part: &SnippetPart) -> bool {
    let is_plain = |kind: &String| !kind.contains(['"', '\\', ',']);
    let has_type = part.content_type.as_ref().is_some_and(is_plain);
    !part.name.contains('=')
        && !part.name.contains(is_hidden)
        && match &part.content {
            Piece::Text(text) => {
                part.filename.is_none()
                    && part.content_type.is_none()
                    && text.len() < LONGEST_ARGUMENT
            }
            Piece::Variable(..) => part.filename.is_none() && part.content_type.is_none(),
            Piece::File(path) => has_type && !path.contains(is_hidden),
            Piece::Stdin => has_type,
            Piece::Bytes(_) | Piece::Boundary => false,
        }
}

/// Writes the program.
pub fn program(outline: &Outline<'_>) -> Result<String, Failure> {
    let mut curl = Curl::new(outline, word, "-")?;
    let mut needs = Needs::default();
    let is_signed = outline.signature != Signature::None;
    let has_config = is_signed || !curl.config.is_empty();
    needs.escaped = has_config;
    for (_, value) in &curl.config {
        shell::needs_of(value, &mut needs);
    }
    shell::needs_of(curl.piped.as_deref().unwrap_or_default(), &mut needs);
    let mut text = shell::start(outline, Language::Curl, needs);
    text.push('\n');
    if let Some(file) = &curl.file {
        text.push_str(&shell::readable(file));
    }
    if let Some(pieces) = &curl.piped {
        text.push_str(&shell::pipe(pieces));
    }
    if !has_config {
        text.push_str(&shell::command("curl", &curl.arguments));
        text.push('\n');
        return Ok(text);
    }
    let (source, descriptor) = if curl.reads_stdin {
        ("/dev/fd/3", "3")
    } else {
        ("-", "")
    };
    curl.flag("--config", source);
    text.push_str(&shell::command("curl", &curl.arguments));
    text.push_str(&format!(" {descriptor}<<END\n"));
    if is_signed {
        text.push_str("header = \"$(escaped \"Authorization: $authorization\")\"\n");
    }
    for (option, value) in &curl.config {
        text.push_str(&format!("{option} = \"$(escaped {})\"\n", word(value)));
    }
    text.push_str("END\n");
    Ok(text)
}
